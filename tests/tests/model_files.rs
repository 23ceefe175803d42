//! `schemas/model.schema.json` and the reader of `x-model` say the same of every fact: what an editor underlines is what
//! `cargo xtask regen` refuses.

use std::fs;

use bedrock_codegen::{artifacts, load};
use bedrock_tests::agreement::say;
use bedrock_tests::corpus;
use serde_json::{Value, json};

#[test]
fn editors_and_the_compiler_agree_on_facts() {
    let root = corpus::root();
    let schema = fs::read_to_string(root.join(artifacts::MODEL_SCHEMA)).expect("`cargo xtask regen` wrote the schema");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let facts = json!({ "$schema": schema["$schema"], "$ref": "#/$defs/Facts", "$defs": schema["$defs"] });
    let whole = jsonschema::validator_for(&schema).expect("the schema of model files is one");
    let facts = jsonschema::validator_for(&facts).expect("the schema of facts is one");
    let (mut files, mut accepted, mut refused, mut differ) = (0, 0, 0, Vec::new());
    for (path, text) in xtask::workspace::schemas(&root).expect("the schemas can be read") {
        let file: Value = serde_json::from_str(&text).expect("a schema file is JSON");
        let Some(model) = file.get("x-model") else { continue };
        files += 1;
        let refusals: Vec<String> = whole.iter_errors(&file).map(|error| format!("{path}: {error}")).collect();
        assert!(refusals.is_empty(), "{}", refusals.join("\n"));
        for (what, mutant) in mutants(model) {
            let text = json!({ "x-model": mutant }).to_string();
            let compiler = load::document(&path, &text).is_ok();
            match (facts.is_valid(&mutant), compiler) {
                (true, true) => accepted += 1,
                (false, false) => refused += 1,
                (_, compiler) => differ.push(format!("{path}: {what}: the compiler accepts: {compiler}")),
            }
        }
    }
    say(format!(
        "model files: {files}; facts changed: {accepted} accepted, {refused} refused, {} differ",
        differ.len()
    ));
    assert!(accepted > 0 && refused > 0);
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ[..differ.len().min(20)].join("\n"));
}

/// The facts as they are, and with one of them taken out, made null, of another kind, misspelt or out of its list.
fn mutants(model: &Value) -> Vec<(String, Value)> {
    let mut mutants = vec![("unchanged".to_owned(), model.clone())];
    let mut places = Vec::new();
    members(model, String::new(), &mut places);
    for place in places {
        let (parent, key) = place.rsplit_once('/').expect("a pointer to a member");
        let mut change = |what: &str, change: &dyn Fn(&mut Value)| {
            let mut mutant = model.clone();
            change(mutant.pointer_mut(parent).expect("the parent is there"));
            mutants.push((format!("{place}: {what}"), mutant));
        };
        let set = |parent: &mut Value, value: Value| match parent {
            Value::Object(members) => _ = members.insert(key.to_owned(), value),
            Value::Array(items) => items[key.parse::<usize>().expect("an index")] = value,
            _ => unreachable!("only objects and arrays have members"),
        };
        change("null", &|parent| set(parent, Value::Null));
        change("true", &|parent| set(parent, json!(true)));
        change("a number", &|parent| set(parent, json!(-1.5)));
        change("an integer", &|parent| set(parent, json!(7)));
        change("a string", &|parent| set(parent, json!("nonsense")));
        change("empty", &|parent| set(parent, json!({})));
        change("a list", &|parent| set(parent, json!(["nonsense"])));
        if model.pointer(parent).is_some_and(Value::is_object) {
            change("absent", &|parent| _ = parent.as_object_mut().expect("an object").remove(key));
            change("misspelt", &|parent| {
                let members = parent.as_object_mut().expect("an object");
                let value = members.remove(key).expect("the member is there");
                members.insert(format!("{key}x"), value);
            });
        }
    }
    mutants
}

fn members(value: &Value, at: String, places: &mut Vec<String>) {
    let keys: Vec<String> = match value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
        _ => return,
    };
    for key in keys {
        let below = format!("{at}/{key}");
        let member = value.pointer(&format!("/{key}")).expect("the member is there");
        members(member, below.clone(), places);
        places.push(below);
    }
}
