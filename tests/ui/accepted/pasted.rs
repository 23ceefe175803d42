//! JSON as pages and logs have it.

use bedrock_models::amazon::nova_lite::NovaLite;
use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;
use serde_json::{Value, json};

use super::is;

#[test]
fn null_nesting_and_trailing_commas() {
    let ask = request!(ClaudeHaiku4_5 {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 1024,
        "system": [
            { "type": "text", "text": "You are a \"helpful\" assistant.\n", "cache_control": null, },
        ],
        "tools": [
            {
                "name": "get_weather",
                "description": "Get the current weather in a given location",
                "input_schema": {
                    "type": "object",
                    "properties": {
                        "location": { "type": "string", "default": null },
                        "unit": { "type": "string", "enum": ["celsius", "fahrenheit", null] },
                        "limits": [[1, -2.5e3], [], {}, true, false,],
                    },
                    "required": ["location"],
                },
            },
        ],
        "messages": [
            { "role": "user", "content": [{ "type": "text", "text": "What's the weather?", },], },
        ],
    });
    is(
        &ask,
        &json!({
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 1024,
            "system": [{ "type": "text", "text": "You are a \"helpful\" assistant.\n", "cache_control": null }],
            "tools": [{
                "name": "get_weather",
                "description": "Get the current weather in a given location",
                "input_schema": {
                    "type": "object",
                    "properties": {
                        "location": { "type": "string", "default": null },
                        "unit": { "type": "string", "enum": ["celsius", "fahrenheit", null] },
                        "limits": [[1, -2.5e3], [], {}, true, false]
                    },
                    "required": ["location"]
                }
            }],
            "messages": [{ "role": "user", "content": [{ "type": "text", "text": "What's the weather?" }] }]
        }),
    );
}

/// One text, as the macro reads it and as a JSON parser does.
macro_rules! both {
    ($model:ident $text:literal) => {
        is(&request!($model $text), &$text.parse::<Value>().expect("it is JSON"))
    };
}

#[test]
fn one_string_for_what_is_no_rust() {
    both!(ClaudeHaiku4_5 r#"{
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 512,
        "temperature": 0.5,
        "metadata": { "user_id": null },
        "messages": [{ "role": "user", "content": "caf\u00e9 \/ \ud83d\ude00 \b\f 'quoted'" }]
    }"#);
    both!(NovaLite "{ \"messages\": [{ \"role\": \"user\", \"content\": [{ \"text\": \"\\u00fc\" }] }] }");
    both!(NovaLite r##"{
        "messages": [{ "role": "user", "content": [{ "text": "\"#\"" }] }],
        "toolConfig": { "tools": [{ "toolSpec": {
            "name": "t", "inputSchema": { "json": { "type": "object", "d": [null, 25e-1, -0.5, {}], "$defs": {} } }
        } }] }
    }"##);
}
