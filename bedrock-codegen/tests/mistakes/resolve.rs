//! Mistakes of references and of narrowing.

use expect_test::{Expect, expect};

use super::{check_defs, check_files, check_model};

/// The shape that the cases narrow.
const SHAPE: &str = r##""Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
  "dependentRequired": {"top_p": ["top_k"]},
  "properties": {
    "prompt": {"type": "string", "maxLength": 100},
    "top_k": {"type": "integer", "minimum": 1, "maximum": 500},
    "top_p": {"type": "number", "minimum": 0, "maximum": 1},
    "mode": {"enum": ["fast", "exact"]},
    "stop": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "blocks": {"type": "array", "items": {"$dynamicRef": "#Block"}},
    "part": {"$dynamicRef": "#Part"},
    "cache": {"type": "integer", "minimum": 0, "maximum": 9, "x-narrow": "value"}}},
"Block": {"$dynamicAnchor": "Block", "oneOf": [{"$ref": "#/$defs/Text"}, {"$ref": "#/$defs/Image"}]},
"Text": {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"const": "text"}}},
"Image": {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"const": "image"}}},
"Part": {"$dynamicAnchor": "Part", "oneOf": [
  {"type": "object", "additionalProperties": false, "required": ["text"], "properties": {"text": {"type": "string"}}},
  {"type": "object", "additionalProperties": false, "required": ["image"], "properties": {"image": {"type": "string"}}}]},
"Response": {"type": "object"}"##;

/// A model with these siblings of the `$ref` to [`SHAPE`]'s request, and more definitions.
fn narrowed(siblings: &str, more: &str, expected: Expect) {
    let comma = |text: &str| if text.is_empty() { String::new() } else { format!(",\n{text}") };
    let model = format!(
        "\"Request\": {{\"$ref\": \"../api.json#/$defs/Request\"{}}},\n\"Response\": {{\"$ref\": \"../api.json#/$defs/Response\"}}{}",
        comma(siblings),
        comma(more)
    );
    check_model(SHAPE, &model, expected);
}

#[test]
fn a_reference_names_a_definition() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Massage"}}},
"Message": {"type": "string"}"##,
        expect![[r##"
            error: x/api.json has no definition `Massage`
             --> x/api.json:1:102
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Massage"}}},
              |                                                                                                      ^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a/$ref
              = help: did you mean `Message`?
        "##]],
    );
}

#[test]
fn a_dynamic_reference_names_an_anchor() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$dynamicRef": "#Mesage"}}},
"Message": {"$dynamicAnchor": "Message", "type": "string"}"##,
        expect![[r##"
            error: there is no `$dynamicAnchor` "Mesage" in x/api.json
             --> x/api.json:1:109
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$dynamicRef": "#Mesage"}}},
              |                                                                                                             ^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a/$dynamicRef
              = help: did you mean `Message`?
        "##]],
    );
}

#[test]
fn a_reference_names_a_file() {
    check_defs(
        r##""Request": {"$ref": "apj.json#/$defs/Request"}"##,
        expect![[r#"
        error: there is no schema file "x/apj.json"
         --> x/api.json:1:32
          |
        1 | {"$defs": {"Request": {"$ref": "apj.json#/$defs/Request"}}}
          |                                ^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: at #/$defs/Request/$ref
          = help: did you mean `x/api.json`?
    "#]],
    );
}

#[test]
fn references_lead_to_a_type() {
    check_defs(
        r##""Request": {"$ref": "#/$defs/A"},
"A": {"$ref": "#/$defs/B"},
"B": {"$ref": "#/$defs/A"}"##,
        expect![[r##"
            error: this reference leads back to itself and never to a type
             --> x/api.json:2:15
              |
            2 | "A": {"$ref": "#/$defs/B"},
              |               ^^^^^^^^^^^
              |
              = note: at #/$defs/A/$ref

            error: this reference leads back to itself and never to a type
             --> x/api.json:3:15
              |
            3 | "B": {"$ref": "#/$defs/A"}}}
              |               ^^^^^^^^^^^
              |
              = note: at #/$defs/B/$ref
        "##]],
    );
}

#[test]
fn a_narrowed_reference_leads_to_a_type() {
    check_defs(
        r##""Request": {"$ref": "#/$defs/A"},
"A": {"$ref": "#/$defs/A", "type": "object"}"##,
        expect![[r##"
            error: this reference leads back to itself and never to a type
             --> x/api.json:2:15
              |
            2 | "A": {"$ref": "#/$defs/A", "type": "object"}}}
              |               ^^^^^^^^^^^
              |
              = note: at #/$defs/A/$ref
        "##]],
    );
}

#[test]
fn a_narrowing_ends() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Node"}}},
"Node": {"type": "object", "additionalProperties": false, "properties": {"x": {"type": "string"},
  "child": {"$ref": "#/$defs/Node", "properties": {"child": {"required": ["x"]}}}}}"##,
        expect![[r##"
            error: this narrowing holds itself and never ends
             --> x/api.json:3:12
              |
            3 |   "child": {"$ref": "#/$defs/Node", "properties": {"child": {"required": ["x"]}}}}}}}
              |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Node/properties/child
              = help: give what it narrows a definition of its own under `$defs`
        "##]],
    );
}

#[test]
fn a_file_has_an_entry_point() {
    check_defs(
        r##""Message": {"type": "object"}"##,
        expect![[r#"
        error: the file has no entry point
         --> x/api.json:1:1
          |
        1 | {"$defs": {"Message": {"type": "object"}}}
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: give `$defs` a `Request`, a `Response` or a `StreamEvent`, or make the file itself a schema
    "#]],
    );
}

#[test]
fn a_definition_is_used() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false},
"Message": {"type": "string"}"##,
        expect![[r#"
            error: the definition `Message` is not used
             --> x/api.json:2:12
              |
            2 | "Message": {"type": "string"}}}
              |            ^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Message
              = help: refer to it from an entry point, or remove it
        "#]],
    );
}

#[test]
fn the_anchor_stands_in_the_file_of_the_reference() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$dynamicRef": "#A"}}}}}"##,
            ),
            (
                "x/api/g.json",
                r##"{"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "A": {"$dynamicAnchor": "A", "type": "string"}}}"##,
            ),
        ],
        expect![[r##"
            error: there is no `$dynamicAnchor` "A" in x/api.json
             --> x/api.json:1:109
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$dynamicRef": "#A"}}}}}
              |                                                                                                             ^^^^
              |
              = note: at #/$defs/Request/properties/a/$dynamicRef
        "##]],
    );
}

#[test]
fn a_static_reference_beside_an_override_means_another_definition() {
    check_model(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {
  "a": {"$dynamicRef": "#Effort"},
  "b": {"$ref": "#/$defs/Effort"}}},
"Effort": {"$dynamicAnchor": "Effort", "enum": ["low", "high"]},
"Response": {"type": "object"}"##,
        r##""Request": {"$ref": "../api.json#/$defs/Request"},
"Effort": {"$dynamicAnchor": "Effort", "$ref": "../api.json#/$defs/Effort", "enum": ["low"]},
"Response": {"$ref": "../api.json#/$defs/Response"}"##,
        expect![[r##"
            error: `Effort` means two definitions here: x/models/m.json and x/api.json
             --> x/api.json:3:17
              |
            3 |   "b": {"$ref": "#/$defs/Effort"}}},
              |                 ^^^^^^^^^^^^^^^^
              |
             ::: x/models/m.json:3:11
              |
            3 | "Effort": {"$dynamicAnchor": "Effort", "$ref": "../api.json#/$defs/Effort", "enum": ["low"]},
              |           ---------------------------------------------------------------------------------- one of them
              |
              = note: at #/$defs/Request/properties/b/$ref
              = help: write `"$dynamicRef": "#Effort"`, so that the narrower one is meant everywhere
        "##]],
    );
}

#[test]
fn a_removed_property_exists() {
    narrowed(
        r##""properties": {"top_kk": false}"##,
        r##""##,
        expect![[r#"
        error: there is no property `top_kk` that could be narrowed
         --> x/models/m.json:3:26
          |
        3 | "properties": {"top_kk": false}},
          |                          ^^^^^
          |
         ::: x/api.json:1:23
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                       ------------------------------------------------------------------------- the object has none of that name
          |
          = note: at #/$defs/Request/properties/top_kk
          = help: did you mean `top_k`?
    "#]],
    );
}

#[test]
fn a_narrowed_property_exists() {
    narrowed(
        r##""properties": {"promt": {"maxLength": 5}}"##,
        r##""##,
        expect![[r#"
        error: there is no property `promt` that could be narrowed
         --> x/models/m.json:3:25
          |
        3 | "properties": {"promt": {"maxLength": 5}}},
          |                         ^^^^^^^^^^^^^^^^
          |
         ::: x/api.json:1:23
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                       ------------------------------------------------------------------------- the object has none of that name
          |
          = note: at #/$defs/Request/properties/promt
          = help: did you mean `prompt`?
    "#]],
    );
}

#[test]
fn an_allowed_property_exists() {
    narrowed(
        r##""propertyNames": {"enum": ["prompt", "topk"]}"##,
        r##""##,
        expect![[r#"
        error: there is no property `topk` that could be allowed
         --> x/models/m.json:3:27
          |
        3 | "propertyNames": {"enum": ["prompt", "topk"]}},
          |                           ^^^^^^^^^^^^^^^^^^
          |
         ::: x/api.json:1:23
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                       ------------------------------------------------------------------------- the object has none of that name
          |
          = note: at #/$defs/Request/propertyNames/enum
          = help: did you mean `top_k`?
    "#]],
    );
}

#[test]
fn a_required_property_exists() {
    narrowed(
        r##""required": ["top_q"]"##,
        r##""##,
        expect![[r#"
        error: there is no property `top_q` that could be required
         --> x/models/m.json:3:14
          |
        3 | "required": ["top_q"]},
          |              ^^^^^^^
          |
         ::: x/api.json:1:23
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                       ------------------------------------------------------------------------- the object has none of that name
          |
          = note: at #/$defs/Request/required/0
          = help: did you mean `top_k`?
    "#]],
    );
}

#[test]
fn an_exclusive_property_exists() {
    narrowed(
        r##""not": {"required": ["top_k", "top_q"]}"##,
        r##""##,
        expect![[r#"
        error: there is no property `top_q` that could be exclusive
         --> x/models/m.json:3:8
          |
        3 | "not": {"required": ["top_k", "top_q"]}},
          |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
         ::: x/api.json:1:23
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                       ------------------------------------------------------------------------- the object has none of that name
          |
          = note: at #/$defs/Request/not
          = help: did you mean `top_k`?
    "#]],
    );
}

#[test]
fn a_condition_asks_about_a_property_that_exists() {
    narrowed(
        r##""if": {"required": ["top_q"]}, "then": {"required": ["top_k"]}"##,
        r##""##,
        expect![[r#"
        error: there is no property `top_q` that could be required
         --> x/models/m.json:3:7
          |
        3 | "if": {"required": ["top_q"]}, "then": {"required": ["top_k"]}},
          |       ^^^^^^^^^^^^^^^^^^^^^^^
          |
         ::: x/api.json:1:23
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                       ------------------------------------------------------------------------- the object has none of that name
          |
          = note: at #/$defs/Request/if
          = help: did you mean `top_k`?
    "#]],
    );
}

#[test]
fn a_kept_enum_value_exists() {
    narrowed(
        r##""properties": {"mode": {"enum": ["fsat"]}}"##,
        r##""##,
        expect![[r#"
        error: "fsat" is not among the values that are narrowed
         --> x/models/m.json:3:33
          |
        3 | "properties": {"mode": {"enum": ["fsat"]}}},
          |                                 ^^^^^^^^
          |
         ::: x/api.json:7:22
          |
        7 |     "mode": {"enum": ["fast", "exact"]},
          |                      ----------------- the values
          |
          = note: at #/$defs/Request/properties/mode/enum
          = help: did you mean `fast`?
    "#]],
    );
}

#[test]
fn a_constant_is_among_the_values() {
    narrowed(
        r##""properties": {"mode": {"const": "fsat"}}"##,
        r##""##,
        expect![[r#"
        error: "fsat" is not among the values that are narrowed
         --> x/models/m.json:3:34
          |
        3 | "properties": {"mode": {"const": "fsat"}}},
          |                                  ^^^^^^
          |
         ::: x/api.json:7:22
          |
        7 |     "mode": {"enum": ["fast", "exact"]},
          |                      ----------------- the values
          |
          = note: at #/$defs/Request/properties/mode/const
          = help: did you mean `fast`?
    "#]],
    );
}

#[test]
fn a_maximum_does_not_widen() {
    narrowed(
        r##""properties": {"top_k": {"maximum": 501}}"##,
        r##""##,
        expect![[r#"
        error: `maximum` is wider here than what it narrows
         --> x/models/m.json:3:37
          |
        3 | "properties": {"top_k": {"maximum": 501}}},
          |                                     ^^^
          |
         ::: x/api.json:5:59
          |
        5 |     "top_k": {"type": "integer", "minimum": 1, "maximum": 500},
          |                                                           --- contradicts this
          |
          = note: at #/$defs/Request/properties/top_k/maximum
    "#]],
    );
}

#[test]
fn a_minimum_does_not_widen() {
    narrowed(
        r##""properties": {"top_k": {"minimum": 0}}"##,
        r##""##,
        expect![[r#"
        error: `minimum` is wider here than what it narrows
         --> x/models/m.json:3:37
          |
        3 | "properties": {"top_k": {"minimum": 0}}},
          |                                     ^
          |
         ::: x/api.json:5:45
          |
        5 |     "top_k": {"type": "integer", "minimum": 1, "maximum": 500},
          |                                             - contradicts this
          |
          = note: at #/$defs/Request/properties/top_k/minimum
    "#]],
    );
}

#[test]
fn a_length_does_not_widen() {
    narrowed(
        r##""properties": {"prompt": {"maxLength": 101}}"##,
        r##""##,
        expect![[r#"
        error: `maxLength` is wider here than what it narrows
         --> x/models/m.json:3:40
          |
        3 | "properties": {"prompt": {"maxLength": 101}}},
          |                                        ^^^
          |
         ::: x/api.json:4:47
          |
        4 |     "prompt": {"type": "string", "maxLength": 100},
          |                                               --- contradicts this
          |
          = note: at #/$defs/Request/properties/prompt/maxLength
    "#]],
    );
}

#[test]
fn a_type_does_not_widen() {
    narrowed(
        r##""properties": {"prompt": {"type": ["string", "null"]}}"##,
        r##""##,
        expect![[r#"
        error: the type "null" is not among those that are narrowed
         --> x/models/m.json:3:35
          |
        3 | "properties": {"prompt": {"type": ["string", "null"]}}},
          |                                   ^^^^^^^^^^^^^^^^^^
          |
         ::: x/api.json:4:24
          |
        4 |     "prompt": {"type": "string", "maxLength": 100},
          |                        -------- the types
          |
          = note: at #/$defs/Request/properties/prompt/type
    "#]],
    );
}

#[test]
fn a_narrowing_by_value_does_not_widen() {
    narrowed(
        r##""properties": {"cache": {"maximum": 10}}"##,
        r##""##,
        expect![[r#"
        error: `maximum` is wider here than what it narrows
          --> x/models/m.json:3:37
           |
         3 | "properties": {"cache": {"maximum": 10}}},
           |                                     ^^
           |
          ::: x/api.json:11:59
           |
        11 |     "cache": {"type": "integer", "minimum": 0, "maximum": 9, "x-narrow": "value"}}},
           |                                                           - contradicts this
           |
           = note: at #/$defs/Request/properties/cache/maximum
    "#]],
    );
}

#[test]
fn the_same_maximum_narrows_nothing() {
    narrowed(
        r##""properties": {"top_k": {"maximum": 500}}"##,
        r##""##,
        expect![[r#"
        error: this narrows nothing: `maximum` says the same
         --> x/models/m.json:3:37
          |
        3 | "properties": {"top_k": {"maximum": 500}}},
          |                                     ^^^
          |
         ::: x/api.json:5:59
          |
        5 |     "top_k": {"type": "integer", "minimum": 1, "maximum": 500},
          |                                                           --- what it should narrow
          |
          = note: at #/$defs/Request/properties/top_k/maximum
          = help: remove it, or allow less
    "#]],
    );
}

#[test]
fn the_same_type_narrows_nothing() {
    narrowed(
        r##""properties": {"top_k": {"type": "integer"}}"##,
        r##""##,
        expect![[r#"
        error: this narrows nothing: it says the same type
         --> x/models/m.json:3:34
          |
        3 | "properties": {"top_k": {"type": "integer"}}},
          |                                  ^^^^^^^^^
          |
         ::: x/api.json:5:23
          |
        5 |     "top_k": {"type": "integer", "minimum": 1, "maximum": 500},
          |                       --------- what it should narrow
          |
          = note: at #/$defs/Request/properties/top_k/type
          = help: remove it, or allow less
    "#]],
    );
}

#[test]
fn the_same_values_narrow_nothing() {
    narrowed(
        r##""properties": {"mode": {"enum": ["exact", "fast"]}}"##,
        r##""##,
        expect![[r#"
        error: this narrows nothing: every value is still allowed
         --> x/models/m.json:3:33
          |
        3 | "properties": {"mode": {"enum": ["exact", "fast"]}}},
          |                                 ^^^^^^^^^^^^^^^^^
          |
         ::: x/api.json:7:22
          |
        7 |     "mode": {"enum": ["fast", "exact"]},
          |                      ----------------- what it should narrow
          |
          = note: at #/$defs/Request/properties/mode/enum
          = help: remove it, or allow less
    "#]],
    );
}

#[test]
fn a_property_required_already_narrows_nothing() {
    narrowed(
        r##""required": ["prompt"]"##,
        r##""##,
        expect![[r#"
        error: this narrows nothing: `prompt` is required already
         --> x/models/m.json:3:14
          |
        3 | "required": ["prompt"]},
          |              ^^^^^^^^
          |
         ::: x/api.json:1:86
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                                                                                      -------- what it should narrow
          |
          = note: at #/$defs/Request/required/0
          = help: remove it, or allow less
    "#]],
    );
}

#[test]
fn an_object_closed_already_narrows_nothing() {
    narrowed(
        r##""additionalProperties": false"##,
        r##""##,
        expect![[r#"
        error: this narrows nothing: the object is closed already
         --> x/models/m.json:3:25
          |
        3 | "additionalProperties": false},
          |                         ^^^^^
          |
         ::: x/api.json:1:66
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                                                                  ----- what it should narrow
          |
          = note: at #/$defs/Request/additionalProperties
          = help: remove it, or allow less
    "#]],
    );
}

#[test]
fn a_full_list_of_names_narrows_nothing() {
    narrowed(
        r##""propertyNames": {"enum": ["prompt", "top_k", "top_p", "mode", "stop", "blocks", "part", "cache"]}"##,
        r##""##,
        expect![[r#"
            error: this narrows nothing: every property is still allowed
             --> x/models/m.json:3:27
              |
            3 | "propertyNames": {"enum": ["prompt", "top_k", "top_p", "mode", "stop", "blocks", "part", "cache"]}},
              |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
             ::: x/api.json:1:23
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
              |                       ------------------------------------------------------------------------- what it should narrow
              |
              = note: at #/$defs/Request/propertyNames/enum
              = help: remove it, or allow less
        "#]],
    );
}

#[test]
fn all_kinds_narrow_nothing() {
    narrowed(
        r##""properties": {"stop": {"type": ["string", "array"]}}"##,
        r##""##,
        expect![[r#"
        error: this narrows nothing: every variant is still allowed
         --> x/models/m.json:3:33
          |
        3 | "properties": {"stop": {"type": ["string", "array"]}}},
          |                                 ^^^^^^^^^^^^^^^^^^^
          |
         ::: x/api.json:8:23
          |
        8 |     "stop": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
          |                       -------------------------------------------------------------------- the union
          |
          = note: at #/$defs/Request/properties/stop/type
    "#]],
    );
}

#[test]
fn a_kept_kind_exists() {
    narrowed(
        r##""properties": {"stop": {"type": ["string", "boolean"]}}"##,
        r##""##,
        expect![[r#"
        error: no variant of the union has the type "boolean"
         --> x/models/m.json:3:33
          |
        3 | "properties": {"stop": {"type": ["string", "boolean"]}}},
          |                                 ^^^^^^^^^^^^^^^^^^^^^
          |
         ::: x/api.json:8:23
          |
        8 |     "stop": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
          |                       -------------------------------------------------------------------- the union
          |
          = note: at #/$defs/Request/properties/stop/type
    "#]],
    );
}

#[test]
fn a_closed_object_stays_closed() {
    narrowed(
        r##""additionalProperties": true"##,
        r##""##,
        expect![[r#"
        error: a closed object can't be opened
         --> x/models/m.json:3:25
          |
        3 | "additionalProperties": true},
          |                         ^^^^
          |
         ::: x/api.json:1:66
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                                                                  ----- contradicts this
          |
          = note: at #/$defs/Request/additionalProperties
    "#]],
    );
}

#[test]
fn a_required_property_is_not_removed() {
    narrowed(
        r##""properties": {"prompt": false}"##,
        r##""##,
        expect![[r#"
        error: `prompt` is removed here but required
         --> x/models/m.json:3:26
          |
        3 | "properties": {"prompt": false}},
          |                          ^^^^^
          |
         ::: x/api.json:1:86
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                                                                                      -------- contradicts this
          |
          = note: at #/$defs/Request/properties/prompt
    "#]],
    );
}

#[test]
fn a_required_property_is_among_the_names() {
    narrowed(
        r##""propertyNames": {"enum": ["top_k"]}"##,
        r##""##,
        expect![[r#"
        error: `prompt` is not among the allowed names but required
         --> x/models/m.json:3:27
          |
        3 | "propertyNames": {"enum": ["top_k"]}},
          |                           ^^^^^^^^^
          |
         ::: x/api.json:1:86
          |
        1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["prompt"],
          |                                                                                      -------- required
          |
          = note: at #/$defs/Request/propertyNames/enum
    "#]],
    );
}

#[test]
fn a_property_that_another_needs_is_not_removed() {
    narrowed(
        r##""properties": {"top_k": false}"##,
        r##""##,
        expect![[r#"
        error: `top_k` is removed here, but `top_p` can't stand without it
         --> x/models/m.json:3:25
          |
        3 | "properties": {"top_k": false}},
          |                         ^^^^^
          |
         ::: x/api.json:2:34
          |
        2 |   "dependentRequired": {"top_p": ["top_k"]},
          |                                  --------- needed here
          |
          = note: at #/$defs/Request/properties/top_k
          = help: remove `top_p` too
    "#]],
    );
}

#[test]
fn types_agree() {
    narrowed(
        r##""properties": {"prompt": {"type": "integer"}}"##,
        r##""##,
        expect![[r#"
        error: no value has both types
         --> x/models/m.json:3:35
          |
        3 | "properties": {"prompt": {"type": "integer"}}},
          |                                   ^^^^^^^^^
          |
         ::: x/api.json:4:24
          |
        4 |     "prompt": {"type": "string", "maxLength": 100},
          |                        -------- contradicts this
          |
          = note: at #/$defs/Request/properties/prompt/type
    "#]],
    );
}

#[test]
fn a_value_is_of_the_type() {
    narrowed(
        r##""properties": {"prompt": {"const": 5}}"##,
        r##""##,
        expect![[r#"
        error: 5 is not of the type
         --> x/models/m.json:3:36
          |
        3 | "properties": {"prompt": {"const": 5}}},
          |                                    ^
          |
         ::: x/api.json:4:24
          |
        4 |     "prompt": {"type": "string", "maxLength": 100},
          |                        -------- contradicts this
          |
          = note: at #/$defs/Request/properties/prompt/const
    "#]],
    );
}

#[test]
fn a_kept_tag_exists() {
    narrowed(
        r##""##,
        r##""Block": {"$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "properties": {"type": {"enum": ["txt"]}}}"##,
        expect![[r##"
            error: no variant of the union has the `type` "txt"
              --> x/models/m.json:4:97
               |
             4 | "Block": {"$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "properties": {"type": {"enum": ["txt"]}}}}}
               |                                                                                                 ^^^^^^^^^^^^^^^^^
               |
              ::: x/api.json:12:47
               |
            12 | "Block": {"$dynamicAnchor": "Block", "oneOf": [{"$ref": "#/$defs/Text"}, {"$ref": "#/$defs/Image"}]},
               |                                               ----------------------------------------------------- the union
               |
               = note: at #/$defs/Block/properties/type
               = help: did you mean `text`?
        "##]],
    );
}

#[test]
fn all_tags_narrow_nothing() {
    narrowed(
        r##""##,
        r##""Block": {"$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "properties": {"type": {"enum": ["text", "image"]}}}"##,
        expect![[r##"
            error: this narrows nothing: every variant is still allowed
              --> x/models/m.json:4:97
               |
             4 | "Block": {"$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "properties": {"type": {"enum": ["text", "image"]}}}}}
               |                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^
               |
              ::: x/api.json:12:47
               |
            12 | "Block": {"$dynamicAnchor": "Block", "oneOf": [{"$ref": "#/$defs/Text"}, {"$ref": "#/$defs/Image"}]},
               |                                               ----------------------------------------------------- the union
               |
               = note: at #/$defs/Block/properties/type
        "##]],
    );
}

#[test]
fn a_property_of_variants_exists() {
    narrowed(
        r##""##,
        r##""Block": {"$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "properties": {"cache": false}}"##,
        expect![[r##"
            error: no variant of the union has a property `cache`
              --> x/models/m.json:4:98
               |
             4 | "Block": {"$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "properties": {"cache": false}}}}
               |                                                                                                  ^^^^^
               |
              ::: x/api.json:12:47
               |
            12 | "Block": {"$dynamicAnchor": "Block", "oneOf": [{"$ref": "#/$defs/Text"}, {"$ref": "#/$defs/Image"}]},
               |                                               ----------------------------------------------------- the union
               |
               = note: at #/$defs/Block/properties/cache
        "##]],
    );
}

#[test]
fn a_kept_key_exists() {
    narrowed(
        r##""##,
        r##""Part": {"$dynamicAnchor": "Part", "$ref": "../api.json#/$defs/Part", "propertyNames": {"enum": ["txt"]}}"##,
        expect![[r#"
            error: no variant of the union has a property `txt`
              --> x/models/m.json:4:97
               |
             4 | "Part": {"$dynamicAnchor": "Part", "$ref": "../api.json#/$defs/Part", "propertyNames": {"enum": ["txt"]}}}}
               |                                                                                                 ^^^^^^^
               |
              ::: x/api.json:15:45
               |
            15 | "Part": {"$dynamicAnchor": "Part", "oneOf": [
               |                                             - the union
               |
               = note: at #/$defs/Part/propertyNames/enum
               = help: did you mean `text`?
        "#]],
    );
}

#[test]
fn all_keys_narrow_nothing() {
    narrowed(
        r##""##,
        r##""Part": {"$dynamicAnchor": "Part", "$ref": "../api.json#/$defs/Part", "propertyNames": {"enum": ["text", "image"]}}"##,
        expect![[r#"
            error: this narrows nothing: every variant is still allowed
              --> x/models/m.json:4:97
               |
             4 | "Part": {"$dynamicAnchor": "Part", "$ref": "../api.json#/$defs/Part", "propertyNames": {"enum": ["text", "image"]}}}}
               |                                                                                                 ^^^^^^^^^^^^^^^^^
               |
              ::: x/api.json:15:45
               |
            15 | "Part": {"$dynamicAnchor": "Part", "oneOf": [
               |                                             - the union
               |
               = note: at #/$defs/Part/propertyNames/enum
        "#]],
    );
}

#[test]
fn an_override_is_referred_to() {
    narrowed(
        r##""##,
        r##""Blok": {"$dynamicAnchor": "Blok", "type": "string"}"##,
        expect![[r#"
        error: no `$dynamicRef` leads to `#Blok`, so this override does nothing
         --> x/models/m.json:4:28
          |
        4 | "Blok": {"$dynamicAnchor": "Blok", "type": "string"}}}
          |                            ^^^^^^
          |
          = note: at #/$defs/Blok/$dynamicAnchor
          = help: name an anchor of the shape that is reached from an entry point, or remove the override
    "#]],
    );
}

#[test]
fn every_variant_requires_its_tag_already() {
    narrowed(
        r##""##,
        r##""Block": {"$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "required": ["type"]}"##,
        expect![[r##"
            error: this narrows nothing: every variant requires `type` already
              --> x/models/m.json:4:87
               |
             4 | "Block": {"$dynamicAnchor": "Block", "$ref": "../api.json#/$defs/Block", "required": ["type"]}}}
               |                                                                                       ^^^^^^
               |
              ::: x/api.json:12:47
               |
            12 | "Block": {"$dynamicAnchor": "Block", "oneOf": [{"$ref": "#/$defs/Text"}, {"$ref": "#/$defs/Image"}]},
               |                                               ----------------------------------------------------- the union
               |
               = note: at #/$defs/Block/required/0
        "##]],
    );
}

#[test]
fn constants_agree() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"allOf": [{"const": "a"},
  {"const": "b"}]}}}"##,
        expect![[r#"
            error: two different constants
             --> x/api.json:2:13
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"allOf": [{"const": "a"},
              |                                                                                                                  --- contradicts this
            2 |   {"const": "b"}]}}}}}
              |             ^^^
              |
              = note: at #/$defs/Request/properties/a/allOf/1/const
        "#]],
    );
}

#[test]
fn lists_of_values_agree() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"allOf": [{"enum": ["a", "b"]},
  {"enum": ["c"]}]}}}"##,
        expect![[r#"
            error: no value is in both lists
             --> x/api.json:2:12
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"allOf": [{"enum": ["a", "b"]},
              |                                                                                                                 ---------- contradicts this
            2 |   {"enum": ["c"]}]}}}}}
              |            ^^^^^
              |
              = note: at #/$defs/Request/properties/a/allOf/1/enum
        "#]],
    );
}

#[test]
fn types_of_all_of_agree() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"allOf": [{"type": "string"},
  {"type": "array"}]}}}"##,
        expect![[r#"
            error: no value has both types
             --> x/api.json:2:12
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"allOf": [{"type": "string"},
              |                                                                                                                 -------- contradicts this
            2 |   {"type": "array"}]}}}}}
              |            ^^^^^^^
              |
              = note: at #/$defs/Request/properties/a/allOf/1/type
        "#]],
    );
}

#[test]
fn two_unions_are_not_merged() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"allOf": [{"oneOf": [{"type": "string"}, {"type": "array"}]},
  {"oneOf": [{"type": "string"}, {"type": "object"}]}]}}}"##,
        expect![[r#"
            error: two unions can't be merged
             --> x/api.json:2:13
              |
            1 | ... {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"allOf": [{"oneOf": [{"type": "string"}, {"type": "array"}]},
              |                                                                                       -------------------------------------------------------------- contradicts this
            2 | ...": [{"type": "string"}, {"type": "object"}]}]}}}}}
              |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a/allOf/1/oneOf
        "#]],
    );
}

#[test]
fn a_limit_beside_a_reference_does_not_widen() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Count", "maximum": 20}}},
"Count": {"type": "integer", "minimum": 0, "maximum": 10}"##,
        expect![[r##"
            error: `maximum` is wider here than what it narrows
             --> x/api.json:1:130
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Count", "maximum": 20}}},
              |                                                                                                                                  ^^
            2 | "Count": {"type": "integer", "minimum": 0, "maximum": 10}}}
              |                                                       -- contradicts this
              |
              = note: at #/$defs/Request/properties/a/maximum
        "##]],
    );
}

#[test]
fn an_object_is_closed_where_its_properties_are() {
    check_defs(
        r##""Request": {"$ref": "#/$defs/Base", "additionalProperties": false},
"Base": {"type": "object", "properties": {"a": {"type": "string"}}}"##,
        expect![[r##"
            error: `additionalProperties` sees only the properties beside it, and so refuses `a`
             --> x/api.json:1:72
              |
            1 | {"$defs": {"Request": {"$ref": "#/$defs/Base", "additionalProperties": false},
              |                                                                        ^^^^^
            2 | "Base": {"type": "object", "properties": {"a": {"type": "string"}}}}}
              |                                                ------------------ the property
              |
              = note: at #/$defs/Request/additionalProperties
              = help: put it where the properties are
        "##]],
    );
}
