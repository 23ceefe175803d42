//! Reading and writing bodies: our derive beside what a user would write with serde's, and beside `Value`.
//!
//! `cargo bench -p bedrock-models --no-default-features --bench json`: the best of many runs, in nanoseconds.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bedrock_models::json::{self, Decode, Encode, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The types, once by our derive and once by serde's.
mod ours {
    use bedrock_models::json::{Extra, Json, Map, Value};

    #[derive(Json)]
    #[json(reply, tag = "type")]
    pub enum Event {
        #[json("message_start")]
        Start(MessageStart),
        #[json("content_block_delta")]
        Delta(BlockDelta),
        #[json("message_stop")]
        Stop(MessageStop),
        #[json(other)]
        Unknown(Value),
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "message_start"))]
    pub struct MessageStart {
        pub message: Response,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "content_block_delta"))]
    pub struct BlockDelta {
        pub index: u32,
        pub delta: Delta,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "message_stop"))]
    pub struct MessageStop {
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply, tag = "type")]
    pub enum Delta {
        #[json("text_delta")]
        Text(TextDelta),
        #[json("input_json_delta")]
        InputJson(InputJsonDelta),
        #[json(other)]
        Unknown(Value),
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "text_delta"))]
    pub struct TextDelta {
        pub text: String,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "input_json_delta"))]
    pub struct InputJsonDelta {
        pub partial_json: String,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "message"))]
    pub struct Response {
        pub id: String,
        pub role: String,
        pub model: String,
        pub content: Vec<Block>,
        #[json(null)]
        pub stop_reason: Option<String>,
        #[json(null)]
        pub stop_sequence: Option<String>,
        pub usage: Usage,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply)]
    pub struct Usage {
        pub input_tokens: u32,
        pub output_tokens: u32,
        pub cache_read_input_tokens: Option<u32>,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply, tag = "type")]
    pub enum Block {
        #[json("text")]
        Text(Text),
        #[json("tool_use")]
        ToolUse(ToolUse),
        #[json("tool_result")]
        ToolResult(ToolResult),
        #[json(other)]
        Unknown(Value),
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "text"))]
    pub struct Text {
        pub text: String,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "tool_use"))]
    pub struct ToolUse {
        pub id: String,
        pub name: String,
        pub input: Map<String, Value>,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(reply, fixed("type" = "tool_result"))]
    pub struct ToolResult {
        pub tool_use_id: String,
        pub content: String,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(request, fixed("anthropic_version" = "bedrock-2023-05-31"))]
    pub struct Request {
        pub max_tokens: u32,
        pub messages: Vec<Message>,
        pub system: Option<String>,
        pub temperature: Option<f64>,
        pub top_p: Option<f64>,
        pub top_k: Option<u32>,
        pub stop_sequences: Option<Vec<String>>,
        pub tools: Option<Vec<Tool>>,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(request)]
    pub struct Message {
        pub role: Role,
        pub content: Content,
        pub extra: Extra,
    }

    #[derive(Json)]
    #[json(request, strings)]
    pub enum Role {
        #[json("user")]
        User,
        #[json("assistant")]
        Assistant,
    }

    #[derive(Json)]
    #[json(request, kind)]
    pub enum Content {
        #[json(string)]
        Text(String),
        #[json(array)]
        Blocks(Vec<Block>),
    }

    #[derive(Json)]
    #[json(request)]
    pub struct Tool {
        pub name: String,
        pub description: Option<String>,
        pub input_schema: Map<String, Value>,
        pub extra: Extra,
    }
}

mod serdes {
    use serde::{Deserialize, Serialize};
    use serde_json::{Map, Value};

    #[derive(Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Event {
        MessageStart { message: Response },
        ContentBlockDelta { index: u32, delta: Delta },
        MessageStop {},
    }

    #[derive(Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    #[allow(clippy::enum_variant_names, reason = "the service's names")]
    pub enum Delta {
        TextDelta { text: String },
        InputJsonDelta { partial_json: String },
    }

    #[derive(Serialize, Deserialize)]
    pub struct Response {
        pub r#type: String,
        pub id: String,
        pub role: String,
        pub model: String,
        pub content: Vec<Block>,
        pub stop_reason: Option<String>,
        pub stop_sequence: Option<String>,
        pub usage: Usage,
    }

    #[derive(Serialize, Deserialize)]
    pub struct Usage {
        pub input_tokens: u32,
        pub output_tokens: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub cache_read_input_tokens: Option<u32>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Block {
        Text { text: String },
        ToolUse { id: String, name: String, input: Map<String, Value> },
        ToolResult { tool_use_id: String, content: String },
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Request {
        pub anthropic_version: String,
        pub max_tokens: u32,
        pub messages: Vec<Message>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub system: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub temperature: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub top_p: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub top_k: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub stop_sequences: Option<Vec<String>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub tools: Option<Vec<Tool>>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Message {
        pub role: Role,
        pub content: Content,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Role {
        User,
        Assistant,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    pub enum Content {
        Text(String),
        Blocks(Vec<Block>),
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Tool {
        pub name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        pub input_schema: Map<String, Value>,
    }
}

const EVENT: &str = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" is scattered"}}"#;
const EVENT_TAG_LAST: &str =
    r#"{"delta":{"text":" is scattered","type":"text_delta"},"index":0,"type":"content_block_delta"}"#;

fn response() -> String {
    let text = "Sunlight is scattered by the molecules of the air, and blue light more than red.\n\"Why?\" ".repeat(9);
    let block = serde_json::json!({"type": "text", "text": text});
    let tool = serde_json::json!({
        "type": "tool_use", "id": "toolu_01", "name": "weather", "input": {"city": "Paris", "days": 3, "units": ["C"]}
    });
    let mut response: Value = serde_json::from_str(
        r#"{"type":"message","id":"msg_01","role":"assistant","model":"claude","stop_reason":"end_turn",
            "stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":512}}"#,
    )
    .expect("is JSON");
    response["content"] = [block.clone(), tool.clone(), block.clone(), tool, block.clone(), block].into();
    tag_first(&response)
}

fn request() -> String {
    let text = "Tell me why the sky is blue, in the words of a sailor who has seen it from every sea. ".repeat(4);
    let turn = |role: &str, content: Value| serde_json::json!({"role": role, "content": content});
    let blocks = serde_json::json!([
        {"type": "text", "text": text},
        {"type": "tool_use", "id": "toolu_01", "name": "weather", "input": {"city": "Paris", "days": 3}},
    ]);
    let results = serde_json::json!([{"type": "tool_result", "tool_use_id": "toolu_01", "content": text}]);
    let schema = serde_json::json!({
        "type": "object", "required": ["city"],
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1, "maximum": 14}},
    });
    let tool = |name: &str| serde_json::json!({"name": name, "description": "What the sky will be like.", "input_schema": schema});
    tag_first(&serde_json::json!({
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 512, "temperature": 0.3, "system": text,
        "messages": [
            turn("user", text.as_str().into()),
            turn("assistant", blocks.clone()),
            turn("user", results.clone()),
            turn("assistant", blocks),
            turn("user", results),
            turn("user", text.as_str().into()),
        ],
        "tools": [tool("weather"), tool("climate"), tool("tides")],
    }))
}

/// Text with tags first, as services write them.
fn tag_first(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by_key(|(key, _)| *key != "type");
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), tag_first(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(tag_first).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// The best run, in nanoseconds a call.
fn best<R>(mut f: impl FnMut() -> R) -> f64 {
    let start = Instant::now();
    let mut calls = 1_u32;
    let mut best = f64::INFINITY;
    // Runs of about a millisecond, for a second.
    while start.elapsed() < Duration::from_secs(1) {
        let run = Instant::now();
        for _ in 0..calls {
            black_box(f());
        }
        let took = run.elapsed();
        if took < Duration::from_millis(1) {
            calls *= 2;
        } else {
            best = best.min(took.as_secs_f64() * 1e9 / f64::from(calls));
        }
    }
    best
}

fn compare<O, S>(name: &str, text: &str)
where
    O: for<'de> Decode<'de> + Encode,
    S: Serialize + DeserializeOwned,
{
    let bytes = text.as_bytes();
    let ours: O = json::from_slice(bytes).expect("ours reads it");
    let serdes: S = serde_json::from_slice(bytes).expect("serde reads it");
    let value: Value = serde_json::from_slice(bytes).expect("is JSON");
    assert_eq!(json::to_value(&ours).expect("ours writes it"), value);

    let row = |what: &str, ours: f64, serdes: f64, value: f64| {
        let (by_serde, by_value) = (serdes / ours, value / ours);
        println!(
            "{name:<24} {what:<6} {:>6} {ours:>8.0} {serdes:>8.0} {value:>8.0} {by_serde:>9.2} {by_value:>9.2}",
            bytes.len()
        );
    };
    row(
        "decode",
        best(|| json::from_slice::<O>(black_box(bytes))),
        best(|| serde_json::from_slice::<S>(black_box(bytes))),
        best(|| serde_json::from_slice::<Value>(black_box(bytes))),
    );
    row(
        "encode",
        best(|| json::to_vec(black_box(&ours))),
        best(|| serde_json::to_vec(black_box(&serdes))),
        best(|| serde_json::to_vec(black_box(&value))),
    );
}

fn main() {
    println!(
        "{:<24} {:<6} {:>6} {:>8} {:>8} {:>8} {:>9} {:>9}",
        "body", "", "bytes", "ours", "serde", "Value", "x serde", "x Value"
    );
    compare::<ours::Event, serdes::Event>("stream event", EVENT);
    compare::<ours::Event, serdes::Event>("stream event, tag last", EVENT_TAG_LAST);
    compare::<ours::Response, serdes::Response>("response", &response());
    compare::<ours::Request, serdes::Request>("request", &request());
}
