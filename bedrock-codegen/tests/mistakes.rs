//! One case per kind of mistake, named after the rule it breaks, each with the error as a user sees it.
//!
//! The message is the product: if it does not help, the case is wrong. `UPDATE_EXPECT=1 cargo test` writes the
//! snapshots anew; read them.

#[path = "mistakes/load.rs"]
mod load;

use bedrock_codegen::diagnostic::Diagnostics;
use bedrock_codegen::load::document;
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

/// Errors with the lines of the files they speak of.
fn drawn(errors: &Diagnostics, files: &[(&str, &str)]) -> String {
    let source = |path: &str| files.iter().find(|(file, _)| *file == path).map(|(_, text)| *text);
    errors.render(source, false) + "\n"
}
