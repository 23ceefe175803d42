//! Mistakes of an API as a whole: generations, models and their facts, names, ranges and defaults.

use expect_test::expect;

use super::check_files;

#[test]
fn a_listed_generation_has_a_file() {
    check_files(
        &[(
            "x/api.json",
            r##"{"x-generations": ["g-1"], "$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
        )],
        expect![[r#"
            error: there is no generation file "x/api/g-1.json"
             --> x/api.json:1:20
              |
            1 | {"x-generations": ["g-1"], "$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boole...
              |                    ^^^^^
              |
              = note: at #/x-generations/0
              = help: add the file, or take its name out of `x-generations`
        "#]],
    );
}

#[test]
fn a_generation_is_listed() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
            ),
            (
                "x/api/g-1.json",
                r##"{"$defs": {"Request": {"$ref": "../api.json#/$defs/Request", "properties": {"a": false}}}}"##,
            ),
        ],
        expect![[r#"
            error: the generation is not listed in x/api.json
             --> x/api/g-1.json:1:1
              |
            1 | {"$defs": {"Request": {"$ref": "../api.json#/$defs/Request", "properties": {"a": false}}}}
              | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = help: add its file name to `x-generations`, in the place of its release
        "#]],
    );
}

#[test]
fn a_model_has_an_id_of_its_own() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
            (
                "x/models/n.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: the ID "x.m" is that of x/models/m.json too
             --> x/models/n.json:1:20
              |
            1 | {"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
              |                    ^^^^^
              |
              = note: at #/x-model/id
        "#]],
    );
}

#[test]
fn a_module_has_a_name_of_its_own() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m-1.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
            (
                "x/models/m_1.json",
                r##"{"x-model": {"id": "x.n", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: the module `m_1` is that of x/models/m-1.json too
             --> x/models/m_1.json:1:1
              |
            1 | {"x-model": {"id": "x.n", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
              | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = help: rename one of the files
        "#]],
    );
}

#[test]
fn a_fact_is_spelt_right() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": [], "contex_tokens": 5},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: `x-model` has no fact `contex_tokens`
             --> x/models/m.json:1:13
              |
            1 | {"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
              |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/x-model
              = help: did you mean `context_tokens`?
        "#]],
    );
}

#[test]
fn a_fact_is_of_its_kind() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": [], "context_tokens": "200k", "on_demand": "yes"},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: `context_tokens` of `x-model` must be an integer of at least 0, or null
             --> x/models/m.json:1:13
              |
            1 | {"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
              |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/x-model

            error: `on_demand` of `x-model` must be true, false or null
             --> x/models/m.json:1:13
              |
            1 | {"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
              |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/x-model
        "#]],
    );
}

#[test]
fn a_fact_of_the_life_cycle_is_spelt_right() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": [], "lifecycle": {"eol": "2026-01-01"}},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: `lifecycle` of `x-model` has no fact `eol`
             --> x/models/m.json:1:13
              |
            1 | {"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
              |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/x-model
        "#]],
    );
}

#[test]
fn a_stream_has_its_operation() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}, "StreamEvent": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "StreamEvent": {"$ref": "../api.json#/$defs/StreamEvent"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: `StreamEvent` and `InvokeModelWithResponseStream` belong together
             --> x/models/m.json:1:13
              |
            1 | {"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
              |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/x-model
              = help: add the operation, or remove `StreamEvent`
        "#]],
    );
}

#[test]
fn a_streaming_operation_has_its_event() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel", "InvokeModelWithResponseStream"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: `StreamEvent` and `InvokeModelWithResponseStream` belong together
             --> x/models/m.json:1:13
              |
            1 | {"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel", "InvokeModelWithResponseStream"], "profiles": [],
              |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/x-model
              = help: give `$defs` a `StreamEvent`, or take the operation out
        "#]],
    );
}

#[test]
fn a_model_has_a_response() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "boolean"}}},
"Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}}}"##,
            ),
        ],
        expect![[r#"
            error: a model needs a `Request` and a `Response` under `$defs`
             --> x/models/m.json:1:13
              |
            1 | {"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
              |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/x-model
        "#]],
    );
}

#[test]
fn a_default_is_in_range() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "integer", "minimum": 1, "maximum": 5, "default": 6}}}, "Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: the default 6 is outside the range of `a`
             --> x/api.json:1:93
              |
            1 | ...ties": false, "properties": {"a": {"type": "integer", "minimum": 1, "maximum": 5, "default": 6}}}, "Response": {"type": "object"}}}
              |                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a
        "#]],
    );
}

#[test]
fn a_default_is_of_the_type() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "integer", "minimum": 1, "default": "1"}}}, "Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: the default "1" is not of the type of `a`
             --> x/api.json:1:93
              |
            1 | ...Properties": false, "properties": {"a": {"type": "integer", "minimum": 1, "default": "1"}}}, "Response": {"type": "object"}}}
              |                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a
        "#]],
    );
}

#[test]
fn a_minimum_is_not_above_the_maximum() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "integer", "minimum": 6, "maximum": 5}}}, "Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: no value is left: `minimum` is above `maximum`
             --> x/api.json:1:93
              |
            1 | ...lProperties": false, "properties": {"a": {"type": "integer", "minimum": 6, "maximum": 5}}}, "Response": {"type": "object"}}}
              |                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a
        "#]],
    );
}

#[test]
fn a_list_leaves_a_length() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "array", "items": {"type": "string", "minLength": 3, "maxLength": 2}}}}, "Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r#"
            error: no value is left: `minLength` is above `maxLength`
             --> x/api.json:1:93
              |
            1 | ...alse, "properties": {"a": {"type": "array", "items": {"type": "string", "minLength": 3, "maxLength": 2}}}}, "Response": {"type": "...
              |                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/Request/properties/a
        "#]],
    );
}

#[test]
fn a_type_is_not_called_like_the_model() {
    check_files(
        &[
            (
                "x/api.json",
                r##"{"$defs": {"Request": {"type": "object", "additionalProperties": false, "properties": {"a": {"$ref": "#/$defs/M"}}}, "M": {"enum": ["a", "b"]}, "Response": {"type": "object"}}}"##,
            ),
            (
                "x/models/m.json",
                r##"{"x-model": {"id": "x.m", "name": "M", "owner": "X", "operations": ["InvokeModel"], "profiles": [],
 "input_modalities": ["text"], "output_modalities": ["text"], "sources": []},
"$defs": {"Request": {"$ref": "../api.json#/$defs/Request"}, "Response": {"$ref": "../api.json#/$defs/Response"}}}"##,
            ),
        ],
        expect![[r##"
            error: the type `M` has the name of the model's marker
             --> x/api.json:1:123
              |
            1 | ...lse, "properties": {"a": {"$ref": "#/$defs/M"}}}, "M": {"enum": ["a", "b"]}, "Response": {"type": "object"}}}
              |                                                           ^^^^^^^^^^^^^^^^^^^^
              |
              = note: at #/$defs/M
              = help: give the definition an `x-rust-name`
        "##]],
    );
}
