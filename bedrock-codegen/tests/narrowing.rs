//! What narrowing yields: the resolved schema of a model, and the types it shares with others.

use std::collections::BTreeMap;

use bedrock_codegen::ir::{Api, Fork, Home, Shape};
use bedrock_codegen::load::document;
use bedrock_codegen::program::{self, Program};
use bedrock_codegen::resolve;
use serde_json::{Value, json};

/// Ends the facts of a model after its ID.
const FACTS: &str = r#""name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
    "input_modalities": ["text"], "output_modalities": ["text"], "sources": []"#;

/// An API in which everything that narrowing speaks of stands once.
const SHAPE: &str = r##"{
    "x-generations": ["g-1", "g-2"],
    "$defs": {
        "Request": {
            "type": "object", "additionalProperties": false, "required": ["messages"],
            "not": { "required": ["top_k", "top_p"] },
            "dependentRequired": { "top_p": ["top_k"] },
            "properties": {
                "messages": { "type": "array", "items": { "$ref": "#/$defs/Message" } },
                "effort": { "$dynamicRef": "#Effort", "default": "high" },
                "limits": { "$ref": "#/$defs/Limits", "x-rust-name": "bounds", "description": "Of the request." },
                "top_k": { "type": "integer", "minimum": 1, "maximum": 500 },
                "top_p": { "type": "number", "minimum": 0, "maximum": 1 }
            }
        },
        "Message": {
            "type": "object", "additionalProperties": false, "required": ["content"],
            "properties": {
                "content": { "oneOf": [
                    { "type": "string" },
                    { "type": "array", "items": { "$dynamicRef": "#Block" } }
                ] },
                "part": { "$dynamicRef": "#Part" }
            }
        },
        "Block": {
            "$dynamicAnchor": "Block",
            "oneOf": [{ "$ref": "#/$defs/Text" }, { "$ref": "#/$defs/Image" }, { "$ref": "#/$defs/Result" }]
        },
        "Text": {
            "type": "object", "additionalProperties": false, "required": ["type", "text"],
            "properties": {
                "type": { "const": "text" },
                "text": { "type": "string", "maxLength": 100 },
                "cache": { "type": "integer", "minimum": 0, "maximum": 9, "x-narrow": "value" },
                "note": { "type": "string" }
            }
        },
        "Image": {
            "type": "object", "additionalProperties": false, "required": ["type"],
            "properties": { "type": { "const": "image" }, "note": { "type": "string" } }
        },
        "Result": {
            "type": "object", "additionalProperties": false, "required": ["type"],
            "properties": {
                "type": { "const": "result" },
                "content": { "type": "array", "items": { "$dynamicRef": "#Block" } },
                "first": { "$dynamicRef": "#Block" }
            }
        },
        "Part": {
            "$dynamicAnchor": "Part",
            "oneOf": [
                { "type": "object", "additionalProperties": false, "required": ["text"],
                  "properties": { "text": { "type": "string" } } },
                { "type": "object", "additionalProperties": false, "required": ["image"],
                  "properties": { "image": { "type": "string" } } }
            ]
        },
        "Effort": { "$dynamicAnchor": "Effort", "enum": ["low", "high", "max"] },
        "Limits": {
            "type": "object", "additionalProperties": false, "description": "Limits of anything.",
            "properties": { "tokens": { "type": "boolean" }, "seconds": { "type": "boolean" } }
        },
        "Response": { "type": "object", "properties": { "text": { "type": "string" } } }
    }
}"##;

/// A generation with these definitions beside the entry points.
fn generation(request: &str, defs: &str) -> String {
    format!(
        r##"{{"$defs": {{"Request": {{"$ref": "../api.json#/$defs/Request"{request}}},
            "Response": {{"$ref": "../api.json#/$defs/Response"}}{defs}}}}}"##
    )
}

/// A model of a generation (or of the shape) with these siblings and definitions.
fn model(id: &str, base: &str, request: &str, defs: &str) -> String {
    format!(
        r##"{{"x-model": {{"id": "{id}", {FACTS}}}, "$defs": {{"Request": {{"$ref": "{base}#/$defs/Request"{request}}},
            "Response": {{"$ref": "{base}#/$defs/Response"}}{defs}}}}}"##
    )
}

const ON_SHAPE: &str = "../api.json";
const ON_G1: &str = "../api/g-1.json";
const ON_G2: &str = "../api/g-2.json";

fn compile(files: &[(&str, &str)]) -> Program {
    let sources = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    program::compile(&sources, |_| {}).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// The shape, two generations and the models `a`, `b`, … on what they say.
fn api(g1: &str, g2: &str, models: &[String]) -> Program {
    let paths: Vec<String> =
        (b'a'..).map(|letter| format!("x/models/{}.json", char::from(letter))).take(models.len()).collect();
    let mut files = vec![("x/api.json", SHAPE), ("x/api/g-1.json", g1), ("x/api/g-2.json", g2)];
    files.extend(paths.iter().map(String::as_str).zip(models.iter().map(String::as_str)));
    compile(&files)
}

/// The resolved definitions of a model on the shape with these siblings of its request and these definitions.
fn narrowed(request: &str, defs: &str) -> Value {
    let plain = generation("", "");
    let program = api(&plain, &plain, &[model("x.a", ON_SHAPE, request, defs)]);
    program.models[0].to_json()["$defs"].take()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn an_override_reaches_every_dynamic_reference() {
    let defs = narrowed(
        "",
        r##", "Block": { "$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "properties": { "note": false } }"##,
    );
    assert_eq!(keys(&defs["Text"]["properties"]), ["cache", "text", "type"]);
    assert_eq!(keys(&defs["Image"]["properties"]), ["type"]);
    assert_eq!(defs["Message"]["properties"]["content"]["oneOf"][1]["items"], json!({ "$ref": "#/$defs/Block" }));
    assert_eq!(defs["Result"]["properties"]["content"]["items"], json!({ "$ref": "#/$defs/Block" }));
}

#[test]
fn the_outermost_override_wins() {
    let effort = |base: &str, values: &str| {
        format!(r##", "Effort": {{ "$dynamicAnchor": "Effort", "$ref": "{base}#/$defs/Effort", "enum": {values} }}"##)
    };
    let program = api(
        &generation("", &effort("../api.json", r#"["low", "high"]"#)),
        &generation("", ""),
        &[
            model("x.a", ON_G1, "", ""),
            model("x.b", ON_G1, "", &effort(ON_G1, r#"["low"]"#)),
            model("x.c", ON_G2, "", ""),
        ],
    );
    let values: Vec<Value> =
        program.models.iter().map(|model| model.to_json()["$defs"]["Effort"]["enum"].take()).collect();
    assert_eq!(values, [json!(["low", "high"]), json!(["low"]), json!(["low", "high", "max"])]);
}

#[test]
fn a_default_that_is_narrowed_away_is_no_longer_documented() {
    let defs = narrowed(r#", "properties": { "effort": { "enum": ["low", "max"] } }"#, "");
    assert_eq!(defs["Request"]["properties"]["effort"], json!({ "$ref": "#/$defs/Effort" }));
    assert_eq!(defs["Effort"], json!({ "enum": ["low", "max"] }));
}

#[test]
fn a_union_is_filtered_by_tag_by_key_and_by_kind() {
    let defs = narrowed(
        "",
        r##", "Block": { "$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block",
                         "properties": { "type": { "enum": ["text", "result"] } } },
              "Part": { "$dynamicAnchor": "Part", "$ref": "../api.json#/$defs/Part", "propertyNames": { "enum": ["image"] } }"##,
    );
    assert_eq!(defs["Block"]["oneOf"], json!([{ "$ref": "#/$defs/Text" }, { "$ref": "#/$defs/Result" }]));
    assert_eq!(defs["Part"]["oneOf"][0]["required"], json!(["image"]));
    assert_eq!(defs["Part"]["oneOf"].as_array().map(Vec::len), Some(1));
    assert!(defs.get("Image").is_none(), "nothing reaches it any more");

    let shape = r##"{ "$defs": {
        "Request": { "type": "object", "additionalProperties": false, "properties": { "stop": {
            "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] } } },
        "Response": { "type": "object" } } }"##;
    let model = model("x.a", ON_SHAPE, r#", "properties": { "stop": { "type": "array" } }"#, "");
    let program = compile(&[("x/api.json", shape), ("x/models/a.json", &model)]);
    let stop = &program.models[0].to_json()["$defs"]["Request"]["properties"]["stop"];
    assert_eq!(stop["oneOf"], json!([{ "type": "array", "items": { "type": "string" } }]));
}

#[test]
fn a_list_of_names_drops_the_others() {
    let defs = narrowed(r#", "propertyNames": { "enum": ["messages", "top_k"] }"#, "");
    assert_eq!(keys(&defs["Request"]["properties"]), ["messages", "top_k"]);
}

#[test]
fn what_was_said_of_a_removed_property_goes_with_it() {
    let defs = narrowed(r#", "properties": { "top_p": false }"#, "");
    assert!(defs["Request"].get("not").is_none());
    assert!(defs["Request"].get("dependentRequired").is_none());
}

#[test]
fn an_inline_narrowing_keeps_the_name_and_leaves_the_words_where_they_stand() {
    let defs = narrowed(r#", "properties": { "limits": { "properties": { "seconds": false } } }"#, "");
    assert_eq!(keys(&defs["Limits"]["properties"]), ["tokens"]);
    assert_eq!(defs["Limits"]["description"], "Limits of anything.");
    let place = json!({ "$ref": "#/$defs/Limits", "x-rust-name": "bounds", "description": "Of the request." });
    assert_eq!(defs["Request"]["properties"]["limits"], place);
}

#[test]
fn an_inline_narrowing_derives_a_name_where_the_definition_is_used_too() {
    let shape = r##"{ "$defs": {
        "Request": { "type": "object", "additionalProperties": false, "properties": {
            "a": { "$ref": "#/$defs/Limits" }, "b": { "$ref": "#/$defs/Limits", "properties": { "x": false } } } },
        "Limits": { "type": "object", "additionalProperties": false,
            "properties": { "x": { "type": "boolean" }, "y": { "type": "boolean" } } },
        "Response": { "type": "object" } } }"##;
    let program = compile(&[("x/api.json", shape), ("x/models/a.json", &model("x.a", ON_SHAPE, "", ""))]);
    let defs = program.models[0].to_json()["$defs"].take();
    assert_eq!(defs["Request"]["properties"]["b"], json!({ "$ref": "#/$defs/RequestB" }));
    assert_eq!(keys(&defs["RequestB"]["properties"]), ["y"]);
    assert_eq!(keys(&defs["Limits"]["properties"]), ["x", "y"]);
}

#[test]
fn a_narrowing_by_value_keeps_the_type() {
    let defs = narrowed(
        "",
        r##", "Block": { "$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block",
                         "properties": { "cache": { "maximum": 3 } } }"##,
    );
    let cache =
        json!({ "type": "integer", "minimum": 0, "maximum": 9, "x-narrow": "value", "allOf": [{ "maximum": 3 }] });
    assert_eq!(defs["Text"]["properties"]["cache"], cache);
}

#[test]
fn a_narrowing_by_value_refuses_and_forks_nothing() {
    let refuse = |narrowing: &str| {
        format!(
            r##", "Text": {{ "$ref": "../api.json#/$defs/Text", {narrowing} }},
                "Block": {{ "$dynamicAnchor": "Block", "oneOf": [{{ "$ref": "#/$defs/Text" }}] }}"##
        )
    };
    let plain = generation("", "");
    for narrowing in [r#""properties": { "cache": false }"#, r#""propertyNames": { "enum": ["type", "text", "note"] }"#]
    {
        let models = [model("x.a", ON_SHAPE, "", ""), model("x.b", ON_SHAPE, "", &refuse(narrowing))];
        let program = api(&plain, &plain, &models);
        let api = &program.apis[0];
        assert_eq!(api.types.iter().filter(|shared| shared.ty.name.as_str() == "Text").count(), 1, "{narrowing}");
        let text = api.models[1].local.types.iter().find(|ty| ty.name.as_str() == "Text").unwrap();
        let Shape::Struct(text) = &text.shape else { panic!("a struct") };
        let refused: Vec<&str> =
            text.fields.iter().filter(|field| field.refused).map(|field| field.wire.as_str()).collect();
        assert_eq!(refused, ["cache"], "{narrowing}");
    }
}

#[test]
fn the_narrower_of_two_limits_by_value_holds() {
    let cache = |base: &str, maximum: u32| {
        format!(
            r##", "Block": {{ "$dynamicAnchor": "Block", "$ref": "{base}#/$defs/Block",
                              "properties": {{ "cache": {{ "maximum": {maximum} }} }} }}"##
        )
    };
    let program = api(
        &generation("", &cache("../api.json", 3)),
        &generation("", ""),
        &[model("x.a", ON_G1, "", &cache(ON_G1, 5))],
    );
    let text = program.apis[0].models[0].local.types.iter().find(|ty| ty.name.as_str() == "Text").unwrap();
    let Shape::Struct(text) = &text.shape else { panic!("a struct") };
    let field = text.fields.iter().find(|field| field.wire == "cache").unwrap();
    assert_eq!(field.limits.maximum, Some(bedrock_codegen::schema::Number::Int(3)));
}

#[test]
fn members_of_all_of_are_merged() {
    let shape = r##"{ "$defs": {
        "Request": { "type": "object", "properties": { "n": { "allOf": [
            { "type": "number", "minimum": 1 }, { "type": "integer", "maximum": 9 }, { "enum": [1, 2, 3] }, { "enum": [2, 3, 4] } ] } },
            "additionalProperties": false, "allOf": [
                { "not": { "required": ["n", "o"] } },
                { "if": { "required": ["n"] }, "then": { "required": ["p"] } },
                { "if": { "required": ["o"] }, "then": { "required": ["p"] } } ],
            "$ref": "#/$defs/Base" },
        "Base": { "properties": { "o": { "type": "boolean" }, "p": { "type": "boolean" } } } } }"##;
    // `additionalProperties` sees only the properties beside it: that is a mistake here, shown in `mistakes`.
    let sources = BTreeMap::from([("x/api.json".to_owned(), shape.to_owned())]);
    assert!(program::compile(&sources, |_| {}).is_err());

    let shape = shape.replace(r##","$ref": "#/$defs/Base""##, "");
    let shape = shape.replace(
        r##",
            "$ref": "#/$defs/Base" },
        "Base": { "properties": { "o""##,
        r##" },
        "Response": { "properties": { "o""##,
    );
    let shape = shape.replace(
        r#""properties": { "n""#,
        r#""properties": { "o": { "type": "boolean" }, "p": { "type": "boolean" }, "n""#,
    );
    let program = compile(&[("x/api.json", &shape), ("x/models/a.json", &model("x.a", ON_SHAPE, "", ""))]);
    let defs = program.models[0].to_json()["$defs"].take();
    let n = json!({ "type": "integer", "minimum": 1, "maximum": 9, "enum": [2, 3] });
    assert_eq!(defs["Request"]["properties"]["n"], n);
    assert_eq!(defs["Request"]["not"], json!({ "required": ["n", "o"] }));
    let request = &program.apis[0].models[0].local.types[0];
    let Shape::Struct(request) = &request.shape else { panic!("a struct") };
    assert_eq!(request.limits.conditions.len(), 2);
}

#[test]
fn a_cycle_is_boxed() {
    let program = api(&generation("", ""), &generation("", ""), &[model("x.a", ON_SHAPE, "", "")]);
    let result = program.apis[0].types.iter().find(|shared| shared.ty.name.as_str() == "Result").unwrap();
    let Shape::Struct(result) = &result.ty.shape else { panic!("a struct") };
    let ty = |wire: &str| format!("{:?}", result.fields.iter().find(|field| field.wire == wire).unwrap().ty);
    assert!(ty("first").starts_with("Boxed"), "{}", ty("first"));
    assert!(!ty("content").contains("Boxed"), "a list is a box already: {}", ty("content"));
}

#[test]
fn a_narrowed_copy_that_holds_its_own_place_is_one_type() {
    let shape = r##"{ "$defs": {
        "Request": { "type": "object", "additionalProperties": false, "properties": { "a": { "$ref": "#/$defs/Node" } } },
        "Node": { "type": "object", "additionalProperties": false, "properties": {
            "x": { "type": "boolean" }, "child": { "$ref": "#/$defs/Node", "properties": { "x": false } } } },
        "Response": { "type": "object" } } }"##;
    let program = compile(&[("x/api.json", shape), ("x/models/a.json", &model("x.a", ON_SHAPE, "", ""))]);
    let defs = program.models[0].to_json()["$defs"].take();
    assert_eq!(keys(&defs), ["Node", "NodeChild", "Request", "Response"]);
    assert_eq!(defs["NodeChild"]["properties"], json!({ "child": { "$ref": "#/$defs/NodeChild" } }));
}

#[test]
fn conditions_on_a_member_are_asked_by_the_object() {
    let shape = r##"{ "$defs": {
        "Request": { "type": "object", "additionalProperties": false, "properties": {
            "n": { "type": "integer", "minimum": 1, "if": { "minimum": 3 }, "then": { "minimum": 9 } } } },
        "Response": { "type": "object" } } }"##;
    let program = compile(&[("x/api.json", shape), ("x/models/a.json", &model("x.a", ON_SHAPE, "", ""))]);
    let Shape::Struct(request) = &program.apis[0].models[0].local.types[0].shape else { panic!("a struct") };
    assert_eq!(request.limits.conditions.len(), 1);
}

/// Name, home and users of every type: what a change of the schemas may not move.
fn homes(api: &Api) -> BTreeMap<String, Vec<String>> {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for shared in &api.types {
        let home = match shared.home {
            Home::Shape => "shape".to_owned(),
            Home::Generation(index) => api.generations[index].stem.clone(),
            Home::Model(index) => api.models[index].stem.clone(),
        };
        homes.entry(shared.ty.name.to_string()).or_default().push(home);
    }
    homes
}

fn without_effort(base: &str, kept: &str) -> String {
    format!(r##", "Effort": {{ "$dynamicAnchor": "Effort", "$ref": "{base}#/$defs/Effort", "enum": {kept} }}"##)
}

fn two_generations(more: &[String]) -> Program {
    let mut models = vec![
        model("x.a", ON_G1, "", ""),
        model("x.b", ON_G2, "", ""),
        model("x.c", ON_G2, r#", "properties": { "top_k": { "maximum": 100 } }"#, ""),
        model("x.d", ON_G2, r#", "properties": { "top_k": false, "top_p": false }"#, ""),
    ];
    models.extend_from_slice(more);
    let g1 = generation("", &without_effort("../api.json", r#"["low"]"#));
    let g2 = generation("", &without_effort("../api.json", r#"["low", "high"]"#));
    api(&g1, &g2, &models)
}

#[test]
fn equal_forms_are_one_type_of_the_earliest_generation() {
    let program = two_generations(&[]);
    let homes = homes(&program.apis[0]);
    assert_eq!(homes["Message"], ["shape"]);
    assert_eq!(homes["Effort"], ["g-1", "g-2"]);
    // A narrower range is a difference of value: `c` shares the type of its generation. What lacks a field does not.
    assert_eq!(homes["Request"], ["g-1", "g-2", "d"]);
}

#[test]
fn a_fork_says_why() {
    let program = two_generations(&[]);
    let forks = |name: &str| {
        let types = program.apis[0].types.iter().filter(|shared| shared.ty.name.as_str() == name);
        types.map(|shared| shared.fork.clone()).collect::<Vec<_>>()
    };
    assert_eq!(forks("Effort"), [None, Some(Fork::Own("with high".to_owned()))]);
    let through = Some(Fork::Through("Effort".to_owned()));
    let without = Some(Fork::Own("without top_k?, top_p?".to_owned()));
    assert_eq!(forks("Request"), [None, through, without]);
}

#[test]
fn a_model_added_later_renames_nothing() {
    let before = homes(&two_generations(&[]).apis[0]);
    let added = [
        model("x.e", ON_G2, r#", "properties": { "top_k": false, "top_p": false }"#, ""),
        model("x.f", ON_G1, r#", "properties": { "limits": false }"#, ""),
    ];
    let mut after = homes(&two_generations(&added).apis[0]);
    let own = |homes: &mut Vec<String>| homes.retain(|home| !["e", "f"].contains(&home.as_str()));
    after.values_mut().for_each(own);
    assert_eq!(before, after);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let g1 = generation("", &without_effort("../api.json", r#"["low"]"#));
    let model = model("x.a", ON_G1, r#", "properties": { "limits": false }"#, "");
    let files = [("x/api.json", SHAPE), ("x/api/g-1.json", &g1), ("x/models/a.json", &model)];
    let text = |files: &[(&str, &str)]| {
        let documents = resolve::documents(files.iter().map(|(path, text)| document(path, text).unwrap()));
        resolve::resolve(&documents, "x/models/a.json").unwrap().to_text()
    };
    let mut reversed = files;
    reversed.reverse();
    assert_eq!(text(&files), text(&reversed));
}

#[test]
fn a_resolved_schema_resolves_to_itself() {
    for model in two_generations(&[]).models {
        let text = model.to_text();
        let documents = resolve::documents([document(&model.path, &text).unwrap()]);
        let again = resolve::resolve(&documents, &model.path).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
        assert_eq!(again.to_text(), text);
    }
}
