//! One case per kind of mistake, named after the rule it breaks, each with the error as a user sees it.
//!
//! The message is the product: if it does not help, the case is wrong. `UPDATE_EXPECT=1 cargo test` writes the
//! snapshots anew; read them.

#[path = "mistakes/load.rs"]
mod load;
#[path = "mistakes/lower.rs"]
mod lower;
#[path = "mistakes/resolve.rs"]
mod resolve;
#[path = "mistakes/share.rs"]
mod share;

use bedrock_codegen::diagnostic::Diagnostics;
use bedrock_codegen::load::document;
use bedrock_codegen::program;
use expect_test::Expect;

/// What `load` says of the text of `a.json`.
fn check(schema: &str, expected: Expect) {
    check_file("a.json", schema, expected);
}

fn check_file(path: &str, schema: &str, expected: Expect) {
    let drawn = match document(path, schema) {
        Ok(_) => "no mistake found\n".to_owned(),
        Err(errors) => drawn(&errors, &[(path, schema)]),
    };
    expected.assert_eq(&drawn);
}

/// What the compiler says of these files, by path and text.
fn check_files(files: &[(&str, &str)], expected: Expect) {
    let sources = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let drawn = match program::compile(&sources, |_| {}) {
        Ok(_) => "no mistake found\n".to_owned(),
        Err(errors) => drawn(&errors, files),
    };
    expected.assert_eq(&drawn);
}

/// What the compiler says of an API of one shape whose definitions these are.
fn check_defs(defs: &str, expected: Expect) {
    check_files(&[("x/api.json", &format!("{{\"$defs\": {{{defs}}}}}"))], expected);
}

/// What the compiler says of a shape's definitions, and those of a model that narrows it.
fn check_model(shape: &str, model: &str, expected: Expect) {
    let shape = format!("{{\"$defs\": {{{shape}}}}}");
    let model = format!("{{\"x-model\": {FACTS}, \"$defs\": {{{model}}}}}");
    check_files(&[("x/api.json", &shape), ("x/models/m.json", &model)], expected);
}

/// The facts of a model `m`, those that must be known.
const FACTS: &str = r#"{"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []}"#;

/// Errors with the lines of the files they speak of.
fn drawn(errors: &Diagnostics, files: &[(&str, &str)]) -> String {
    let source = |path: &str| files.iter().find(|(file, _)| *file == path).map(|(_, text)| *text);
    errors.render(source, false) + "\n"
}
