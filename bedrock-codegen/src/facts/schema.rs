//! `schemas/model.schema.json`, made from the types beside it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::{Amount, Date, Facts};

/// The JSON Schema of model files, for editors: from the types that read `x-model`.
#[must_use]
pub fn model_schema() -> Value {
    const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
    let mut generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let facts = generator.subschema_for::<Facts>();
    let mut definitions = generator.take_definitions(true);
    let text = |description: &str| json!({ "type": "string", "description": description });
    let body = |description: &str| json!({ "$ref": DIALECT, "description": description });
    definitions.insert(
        "Bodies".to_owned(),
        json!({
            "type": "object",
            "description": "What the model takes and gives. Others that it narrows stand beside these three.",
            "required": ["Request", "Response"],
            "properties": {
                "Request": body("The body of InvokeModel, the `modelInput` of StartAsyncInvoke, or an event that goes in."),
                "Response": body("What the model answers with."),
                "StreamEvent": body("A piece of a streamed answer."),
            },
            "additionalProperties": { "$ref": DIALECT },
        }),
    );
    json!({
        "$schema": DIALECT,
        "$id": "model.schema.json",
        "title": "A model on Amazon Bedrock",
        "description": "Made by `cargo xtask regen` from the Rust types that read model files. schemas/README.md has the rest.",
        "type": "object",
        "required": ["$schema", "$id", "title", "x-model"],
        "properties": {
            "$schema": text("This file, relative to the model's: `../../model.schema.json`."),
            "$id": text("The path of the model's file below `schemas/`."),
            "title": text("The name that people use."),
            "description": text("What the model is for."),
            "$comment": text("A remark for those who edit the file."),
            "x-sources": {
                "type": "object",
                "description": "Keys that `x-source` may name, and their URLs.",
                "additionalProperties": { "type": "string" },
            },
            "x-model": facts,
            "$defs": { "$ref": "#/$defs/Bodies" },
        },
        "additionalProperties": false,
        "$defs": definitions,
    })
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            "description": "A day: `2024-03-13`.",
        })
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9]{1,19}([.][0-9]{1,19})?$",
            "description": "An exact amount of US dollars: `\"0.25\"`.",
        })
    }
}
