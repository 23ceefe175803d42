//! Mistakes of what no Rust type can say, and of annotations that make code.

use expect_test::expect;

use super::{check_defs, check_model};

#[test]
fn variants_can_be_told_apart() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Union"}}},
"Union": {"oneOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}]},
"A": {"type": "object", "additionalProperties": false, "properties": {"x": {"type": "string"}}},
"B": {"type": "object", "additionalProperties": false, "properties": {"y": {"type": "string"}}}"##,
        expect![[r##"
            error: the variants of `Union` can't be told apart
             --> x/api.json:2:20
              |
            2 | "Union": {"oneOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}]},
              |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Union/oneOf
              = help: give every variant a constant property of the same name (a tag), one required property of its own, or a JSON type of its own
        "##]],
    );
}

#[test]
fn a_key_tells_one_variant() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Union"}}},
"Union": {"oneOf": [
  {"type": "object", "additionalProperties": false, "required": ["x"], "properties": {"x": {"type": "string"}, "y": {"type": "string"}}},
  {"type": "object", "additionalProperties": false, "required": ["y"], "properties": {"y": {"type": "string"}}}]}"##,
        expect![[r#"
            error: the variants of `Union` can't be told apart
             --> x/api.json:2:20
              |
            2 | "Union": {"oneOf": [
              |                    ^
              |
              = note: at #/$defs/Union/oneOf
              = help: give every variant a constant property of the same name (a tag), one required property of its own, or a JSON type of its own
        "#]],
    );
}

#[test]
fn fields_have_names_of_their_own() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {
  "topK": {"type": "boolean"},
  "top_k": {"type": "boolean"}}}"##,
        expect![[r#"
            error: `topK` and `top_k` both become the field `top_k`
             --> x/api.json:3:12
              |
            3 |   "top_k": {"type": "boolean"}}}}}
              |            ^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/top_k
              = help: give one of them an `x-rust-name`
        "#]],
    );
}

#[test]
fn a_field_has_a_name() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"…": {"type": "boolean"}}}"##,
        expect![[r#"
            error: no Rust name can be made of "…"
             --> x/api.json:1:93
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"…": {"type": "boolean"}}}}}
              |                                                                                             ^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/…
              = help: give it an `x-rust-name`
        "#]],
    );
}

#[test]
fn values_have_names_of_their_own() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"size": {"enum": ["a-b", "a_b"]}}}"##,
        expect![[r#"
            error: "a-b" and "a_b" both become `AB`
             --> x/api.json:1:96
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"size": {"enum": ["a-b", "a_b"]}}}}}
              |                                                                                                ^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/size
              = help: name one of them in `x-enum-names`
        "#]],
    );
}

#[test]
fn a_value_has_a_name() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"size": {"enum": ["×", "b"]}}}"##,
        expect![[r#"
            error: no Rust name can be made of "×"
             --> x/api.json:1:96
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"size": {"enum": ["×", "b"]}}}}}
              |                                                                                                ^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/size
              = help: name it in `x-enum-names`
        "#]],
    );
}

#[test]
fn variants_have_names_of_their_own() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"oneOf": [
  {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"const": "a-b"}}},
  {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"const": "a_b"}}}]}}}"##,
        expect![[r#"
            error: the variant name `AB` of `RequestA` is taken
             --> x/api.json:1:103
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"oneOf": [
              |                                                                                                       ^
              |
              = note: at #/$defs/Request/properties/a/oneOf
              = help: give the variant an `x-rust-name`

            error: two schemas claim the type name `RequestAAb`
             --> x/api.json:3:3
              |
            2 |   {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"const": "a-b"}}},
              |   ----------------------------------------------------------------------------------------------------------------- the other one
            3 |   {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"const": "a_b"}}}]}}}}}
              |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a/oneOf/1
              = help: give one of them a definition of its own, or an `x-rust-name`
        "#]],
    );
}

#[test]
fn types_have_names_of_their_own() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"mode": {"enum": ["a", "b"]}, "other": {"$ref": "#/$defs/RequestMode"}}},
"RequestMode": {"enum": ["c", "d"]}"##,
        expect![[r#"
            error: two schemas claim the type name `RequestMode`
             --> x/api.json:1:96
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"mode": {"enum": ["a", "b"]}, "other": {"$ref"...
              |                                                                                                ^^^^^^^^^^^^^^^^^^^^
            2 | "RequestMode": {"enum": ["c", "d"]}}}
              |                -------------------- the other one
              |
              = note: at #/$defs/Request/properties/mode
              = help: give one of them a definition of its own, or an `x-rust-name`
        "#]],
    );
}

#[test]
fn a_request_is_closed() {
    check_defs(
        r##""Request": {"type": "object", "properties": {"a": {"type": "string"}}}"##,
        expect![[r#"
        error: `Request` is part of a request and must be closed
         --> x/api.json:1:23
          |
        1 | {"$defs": {"Request": {"type": "object", "properties": {"a": {"type": "string"}}}}}
          |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: at #/$defs/Request
          = help: add `"additionalProperties": false`
    "#]],
    );
}

#[test]
fn a_variant_of_a_request_is_closed() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"oneOf": [
  {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}},
  {"type": "object", "additionalProperties": false, "required": ["y"], "properties": {"y": {"type": "string"}}}]}}}"##,
        expect![[r#"
            error: the variant `x` of `RequestA` is part of a request and must be closed
             --> x/api.json:2:3
              |
            2 |   {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}},
              |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a/oneOf/0
              = help: add `"additionalProperties": false`
        "#]],
    );
}

#[test]
fn a_definition_is_of_the_request_or_of_the_reply() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Block"}}},
"Block": {"type": "object", "additionalProperties": false, "properties": {"x": {"type": "string"}}},
"Response": {"type": "object", "properties": {"a": {"$ref": "#/$defs/Block"}}}"##,
        expect![[r#"
            error: `Block` is reached from the request and from a reply
             --> x/api.json:2:10
              |
            2 | "Block": {"type": "object", "additionalProperties": false, "properties": {"x": {"type": "string"}}},
              |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Block
              = help: give the reply a definition of its own: requests are closed, replies are open
        "#]],
    );
}

#[test]
fn a_required_property_is_a_property() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "required": ["promt"], "properties": {"prompt": {"type": "string"}}}"##,
        expect![[r#"
            error: `promt` is required but not among the properties
             --> x/api.json:1:86
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "required": ["promt"], "properties": {"prompt": {"type": "str...
              |                                                                                      ^^^^^^^
              |
              = note: at #/$defs/Request/required/0
              = help: did you mean `prompt`?
        "#]],
    );
}

#[test]
fn an_exclusive_property_is_a_property() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "not": {"required": ["top_k", "top_q"]},
  "properties": {"top_k": {"type": "boolean"}, "top_p": {"type": "boolean"}}}"##,
        expect![[r#"
            error: `top_q` is exclusive but not among the properties
             --> x/api.json:1:80
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "not": {"required": ["top_k", "top_q"]},
              |                                                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/not
              = help: did you mean `top_k`?
        "#]],
    );
}

#[test]
fn a_needed_property_is_a_property() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "dependentRequired": {"a": ["c"]},
  "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}}}"##,
        expect![[r#"
            error: `c` is required but not among the properties
             --> x/api.json:1:100
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "dependentRequired": {"a": ["c"]},
              |                                                                                                    ^^^^^
              |
              = note: at #/$defs/Request/dependentRequired/a
              = help: did you mean `a`?
        "#]],
    );
}

#[test]
fn an_object_with_properties_is_no_map() {
    check_defs(
        r##""Response": {"type": "object", "additionalProperties": {"type": "string"}, "properties": {"a": {"type": "string"}}}"##,
        expect![[r#"
            error: an object with `properties` can't have a schema for other members
             --> x/api.json:1:67
              |
            1 | {"$defs": {"Response": {"type": "object", "additionalProperties": {"type": "string"}, "properties": {"a": {"type": "string"}}}}}
              |                                                                   ^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Response/additionalProperties
              = help: use a map (no `properties`), or `"additionalProperties": false`
        "#]],
    );
}

#[test]
fn a_type_does_not_hold_only_itself() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/List"}}},
"List": {"type": "array", "items": {"$ref": "#/$defs/List"}}"##,
        expect![[r##"
            error: `List` holds itself and has no Rust type
             --> x/api.json:2:45
              |
            2 | "List": {"type": "array", "items": {"$ref": "#/$defs/List"}}}}
              |                                             ^^^^^^^^^^^^^^
              |
              = note: at #/$defs/List/items/$ref
              = help: put it into an object's property
        "##]],
    );
}

#[test]
fn an_entry_point_does_not_hold_only_itself() {
    check_defs(
        r##""Request": {"type": "array", "items": {"$ref": "#/$defs/Request"}}"##,
        expect![[r##"
        error: `Request` holds itself and has no Rust type
         --> x/api.json:1:23
          |
        1 | {"$defs": {"Request": {"type": "array", "items": {"$ref": "#/$defs/Request"}}}}
          |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: at #/$defs/Request
          = help: put it into an object's property
    "##]],
    );
}

#[test]
fn a_value_in_a_list_is_of_the_type() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string", "enum": [1, 2]}}}"##,
        expect![[r#"
            error: 1 is not of the type "string"
             --> x/api.json:1:93
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string", "enum": [1, 2]}}}}}
              |                                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a
              = help: list values of the type only
        "#]],
    );
}

#[test]
fn false_removes_properties_only() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "array", "items": false}}}"##,
        expect![[r#"
            error: nothing can stand here
             --> x/api.json:1:120
              |
            1 | {"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "array", "items": false}}}}}
              |                                                                                                                        ^^^^^
              |
              = note: at #/$defs/Request/properties/a/items
              = help: `false` removes a property, nothing else
        "#]],
    );
}

#[test]
fn a_condition_is_written_out() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/A"}},
  "if": {"properties": {"a": {"$ref": "#/$defs/A"}}}, "then": {"required": ["a"]}},
"A": {"enum": ["x", "y"]}"##,
        expect![[r##"
            error: references are not supported below `if`, `then` and `else`
             --> x/api.json:2:39
              |
            2 |   "if": {"properties": {"a": {"$ref": "#/$defs/A"}}}, "then": {"required": ["a"]}},
              |                                       ^^^^^^^^^^^
              |
              = note: at #/$defs/Request/if/properties/a/$ref
              = help: write the condition out
        "##]],
    );
}

#[test]
fn a_condition_says_only_what_is_judged() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}},
  "if": {"required": ["a"]},
  "then": {"dependentRequired": {"a": ["b"]}}}"##,
        expect![[r#"
            error: `dependentRequired` is not supported below `if`, `then` and `else`
             --> x/api.json:3:11
              |
            3 |   "then": {"dependentRequired": {"a": ["b"]}}}}}
              |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/then
              = help: say it of the object itself
        "#]],
    );
}

#[test]
fn a_union_has_nothing_beside_its_variants() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"not": {"required": ["x", "y"]}, "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}}}"##,
        expect![[r#"
            error: a union can't have properties, rules or conditions beside its variants
             --> x/api.json:1:93
              |
            1 | ...": {"a": {"not": {"required": ["x", "y"]}, "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}}}}}
              |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a
              = help: put them into the variants
        "#]],
    );
}

#[test]
fn x_from_str_needs_one_string() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "x-from-str": true, "required": ["a"], "properties": {"a": {"type": "boolean"}}}"##,
        expect![[r#"
            error: `x-from-str` needs exactly one required property, a string
             --> x/api.json:1:23
              |
            1 | ...": {"type": "object", "additionalProperties": false, "x-from-str": true, "required": ["a"], "properties": {"a": {"type": "boolean"}}}}}
              |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request
              = help: remove the annotation
        "#]],
    );
}

#[test]
fn x_from_str_belongs_on_an_object() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Mode"}}},
"Mode": {"enum": ["a", "b"], "x-from-str": true}"##,
        expect![[r#"
            error: `x-from-str` belongs on an object
             --> x/api.json:2:9
              |
            2 | "Mode": {"enum": ["a", "b"], "x-from-str": true}}}
              |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Mode
              = help: remove the annotation
        "#]],
    );
}

#[test]
fn x_echo_names_a_definition() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Block"}}},
"Block": {"oneOf": [{"$ref": "#/$defs/Text"}], "x-echo": "ResponseBlok"},
"Text": {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"const": "text"}}},
"Response": {"type": "object", "properties": {"b": {"$ref": "#/$defs/ResponseBlock"}}},
"ResponseBlock": {"type": "object", "properties": {"x": {"type": "string"}}}"##,
        expect![[r##"
            error: `x-echo` names `ResponseBlok`, which no reply reaches
             --> x/api.json:2:58
              |
            2 | "Block": {"oneOf": [{"$ref": "#/$defs/Text"}], "x-echo": "ResponseBlok"},
              |                                                          ^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Block/x-echo
              = help: did you mean `ResponseBlock`?
        "##]],
    );
}

#[test]
fn x_echo_names_part_of_a_reply() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Block"}}},
"Block": {"oneOf": [{"$ref": "#/$defs/Text"}], "x-echo": "Text"},
"Text": {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {"type": {"const": "text"}}},
"Response": {"type": "object", "properties": {"b": {"$ref": "#/$defs/ResponseBlock"}}},
"ResponseBlock": {"type": "object", "properties": {"x": {"type": "string"}}}"##,
        expect![[r##"
            error: `x-echo` names `Text`, which is not part of a reply
             --> x/api.json:2:58
              |
            2 | "Block": {"oneOf": [{"$ref": "#/$defs/Text"}], "x-echo": "Text"},
              |                                                          ^^^^^^
              |
              = note: at #/$defs/Block/x-echo
        "##]],
    );
}

#[test]
fn x_echo_belongs_on_a_union() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Text"}}},
"Text": {"type": "object", "additionalProperties": false, "required": ["b"], "x-echo": "ResponseText", "properties": {"b": {"type": "string"}}},
"Response": {"type": "object", "properties": {"b": {"$ref": "#/$defs/ResponseText"}}},
"ResponseText": {"type": "object", "properties": {"b": {"type": "string"}}}"##,
        expect![[r#"
            error: `x-echo` belongs on a union by tag or key
             --> x/api.json:2:88
              |
            2 | "Text": {"type": "object", "additionalProperties": false, "required": ["b"], "x-echo": "ResponseText", "properties": {"b": {"type": "...
              |                                                                                        ^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Text/x-echo
              = help: put it on a `oneOf` by tag or key that has the object as a variant, or let `x-turn` build the object
        "#]],
    );
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/Mode"}}},
"Mode": {"type": "string", "enum": ["a"], "x-echo": "ResponseText"},
"Response": {"type": "object", "properties": {"b": {"$ref": "#/$defs/ResponseText"}}},
"ResponseText": {"type": "object", "properties": {"b": {"type": "string"}}}"##,
        expect![[r#"
            error: `x-echo` belongs on a union by tag or key
             --> x/api.json:2:53
              |
            2 | "Mode": {"type": "string", "enum": ["a"], "x-echo": "ResponseText"},
              |                                                     ^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Mode/x-echo
              = help: remove the annotation
        "#]],
    );
}

#[test]
fn x_turn_names_a_definition() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"m": {"$ref": "#/$defs/Message"}}},
"Message": {"type": "object", "additionalProperties": false, "properties": {"role": {"type": "string"}, "content": {"type": "string"}}},
"Response": {"type": "object", "properties": {"content": {"type": "string"}, "parts": {"type": "array", "items": {"type": "boolean"}}}, "x-turn": {"into": "Mesage", "from": "/content"}}"##,
        expect![[r#"
            error: `x-turn` names `Mesage`, which no request reaches
             --> x/api.json:3:147
              |
            3 | ...y", "items": {"type": "boolean"}}}, "x-turn": {"into": "Mesage", "from": "/content"}}}}
              |                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Response/x-turn
              = help: did you mean `Message`?
        "#]],
    );
}

#[test]
fn x_turn_sets_properties() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"m": {"$ref": "#/$defs/Message"}}},
"Message": {"type": "object", "additionalProperties": false, "properties": {"role": {"type": "string"}, "content": {"type": "string"}}},
"Response": {"type": "object", "properties": {"content": {"type": "string"}, "parts": {"type": "array", "items": {"type": "boolean"}}}, "x-turn": {"into": "Message", "set": {"rolle": "assistant"}, "from": {"content": "/content"}}}"##,
        expect![[r#"
            error: `Message` has no property `rolle`
             --> x/api.json:3:147
              |
            3 | ...boolean"}}}, "x-turn": {"into": "Message", "set": {"rolle": "assistant"}, "from": {"content": "/content"}}}}}
              |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Response/x-turn
              = help: did you mean `role`?
        "#]],
    );
}

#[test]
fn x_turn_leads_somewhere() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"m": {"$ref": "#/$defs/Message"}}},
"Message": {"type": "object", "additionalProperties": false, "properties": {"role": {"type": "string"}, "content": {"type": "string"}}},
"Response": {"type": "object", "properties": {"content": {"type": "string"}, "parts": {"type": "array", "items": {"type": "boolean"}}}, "x-turn": {"into": "Message", "from": {"content": "/contents"}}}"##,
        expect![[r#"
            error: the path "/contents" leads nowhere at "contents"
             --> x/api.json:3:147
              |
            3 | ...ms": {"type": "boolean"}}}, "x-turn": {"into": "Message", "from": {"content": "/contents"}}}}}
              |                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Response/x-turn
        "#]],
    );
}

#[test]
fn x_text_leads_somewhere() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"m": {"$ref": "#/$defs/Message"}}},
"Message": {"type": "object", "additionalProperties": false, "properties": {"role": {"type": "string"}, "content": {"type": "string"}}},
"Response": {"type": "object", "properties": {"content": {"type": "string"}, "parts": {"type": "array", "items": {"type": "boolean"}}}, "x-text": "/parts/*/text"}"##,
        expect![[r#"
            error: the path "/parts/*/text" leads nowhere at "text"
             --> x/api.json:3:147
              |
            3 | ...ype": "array", "items": {"type": "boolean"}}}, "x-text": "/parts/*/text"}}}
              |                                                             ^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Response/x-text
        "#]],
    );
}

#[test]
fn x_text_ends_at_a_string() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"m": {"$ref": "#/$defs/Message"}}},
"Message": {"type": "object", "additionalProperties": false, "properties": {"role": {"type": "string"}, "content": {"type": "string"}}},
"Response": {"type": "object", "properties": {"content": {"type": "string"}, "parts": {"type": "array", "items": {"type": "boolean"}}}, "x-text": "/parts/*"}"##,
        expect![[r#"
            error: the path "/parts/*" does not end at a string
             --> x/api.json:3:147
              |
            3 | ...{"type": "array", "items": {"type": "boolean"}}}, "x-text": "/parts/*"}}}
              |                                                                ^^^^^^^^^^
              |
              = note: at #/$defs/Response/x-text
        "#]],
    );
}

#[test]
fn x_new_fixes_properties() {
    check_defs(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"role": {"enum": ["user"]}},
  "x-new": {"user": {"rolle": "user"}, "tool": {"role": "tool"}}}"##,
        expect![[r#"
            error: there is no property `rolle` to be fixed
             --> x/api.json:2:21
              |
            2 |   "x-new": {"user": {"rolle": "user"}, "tool": {"role": "tool"}}}}}
              |                     ^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/x-new/user
              = help: did you mean `role`?

            error: `role` can't be fixed to "tool"
             --> x/api.json:2:48
              |
            2 |   "x-new": {"user": {"rolle": "user"}, "tool": {"role": "tool"}}}}}
              |                                                ^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/x-new/tool
        "#]],
    );
}

#[test]
fn a_narrowing_by_value_says_what_is_judged() {
    check_model(
        r##""Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/A", "x-narrow": "value"}, "b": {"$ref": "#/$defs/A"}}},
"A": {"type": "object", "additionalProperties": false, "properties": {"x": {"type": "string"}}},
"Response": {"type": "object"}"##,
        r##""Request": {"$ref": "../api.json#/$defs/Request", "properties": {"a": {"properties": {"x": false}}}},
"Response": {"$ref": "../api.json#/$defs/Response"}"##,
        expect![[r#"
            error: this can't be narrowed by value from here
             --> x/models/m.json:2:159
              |
            2 | ... "../api.json#/$defs/Request", "properties": {"a": {"properties": {"x": false}}}},
              |                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a
              = help: narrow the definition, or take `x-narrow` away
        "#]],
    );
}

#[test]
fn a_rule_speaks_of_what_is_there() {
    check_defs(
        r#""Request": {"type": "object", "additionalProperties": false,
 "properties": {"max_tokens": {"type": "integer", "minimum": 1}, "thinking": {"type": "object", "additionalProperties": false,
  "properties": {"budget": {"type": "integer", "minimum": 1}}}},
 "x-rules": [{"rule": "less-than", "left": "/thinking/buget", "right": "/max_tokens"},
  {"rule": "count-at-most", "key": "cache_control", "maximum": 4}]},
"Response": {"type": "object"}"#,
        expect![[r#"
            error: `/thinking/buget` of `x-rules` speaks of `buget`, which is not there
             --> x/api.json:4:14
              |
            4 |  "x-rules": [{"rule": "less-than", "left": "/thinking/buget", "right": "/max_tokens"},
              |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/x-rules/0
              = help: did you mean `budget`?

            error: `x-rules` counts `cache_control`, which nothing here has
             --> x/api.json:5:3
              |
            5 |   {"rule": "count-at-most", "key": "cache_control", "maximum": 4}]},
              |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/x-rules/1
        "#]],
    );
}

#[test]
fn a_condition_speaks_of_what_is_there() {
    check_defs(
        r#""Request": {"type": "object", "additionalProperties": false,
 "properties": {"kind": {"type": "string"}, "size": {"type": "integer", "minimum": 1}},
 "if": {"properties": {"kinds": {"const": "big"}}, "required": ["kind"]}, "then": {"required": ["sizes"]}},
"Response": {"type": "object"}"#,
        expect![[r#"
            error: the condition speaks of `kinds`, which is not there
             --> x/api.json:3:33
              |
            3 |  "if": {"properties": {"kinds": {"const": "big"}}, "required": ["kind"]}, "then": {"required": ["sizes"]}},
              |                                 ^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/if/properties/kinds
              = help: did you mean `kind`?

            error: the condition speaks of `sizes`, which is not there
             --> x/api.json:3:97
              |
            3 |  "if": {"properties": {"kinds": {"const": "big"}}, "required": ["kind"]}, "then": {"required": ["sizes"]}},
              |                                                                                                 ^^^^^^^
              |
              = note: at #/$defs/Request/then/required/0
              = help: did you mean `size`?
        "#]],
    );
}
