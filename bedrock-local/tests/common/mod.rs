//! What the tests share: the fixtures as a catalogue.
#![allow(dead_code)]

pub mod http;

use std::sync::Arc;

use bedrock_local::{Server, catalog::Catalog, judge::Judge};
use serde_json::Value;

pub const CLAUDE: &str = "anthropic.claude-fixture-20250101-v1:0";
pub const CLAUDE_NEW: &str = "anthropic.claude-fixture-new";
pub const LLAMA: &str = "us.meta.llama-fixture-v1:0";
pub const TITAN: &str = "amazon.titan-embed-fixture-v2:0";
pub const CANVAS: &str = "amazon.nova-canvas-fixture-v1:0";
pub const NOVA: &str = "amazon.nova-fixture-v1:0";
pub const MISTRAL: &str = "mistral.prompt-fixture-v0:2";
pub const MISTRAL_CHAT: &str = "mistral.chat-fixture-v1:0";
pub const CHAT: &str = "openai.gpt-oss-fixture-1:0";
pub const COHERE: &str = "cohere.embed-fixture-v4:0";

const FIXTURES: [&str; 9] = [
    include_str!("../fixtures/claude.json"),
    include_str!("../fixtures/llama.json"),
    include_str!("../fixtures/titan-embed.json"),
    include_str!("../fixtures/canvas.json"),
    include_str!("../fixtures/nova.json"),
    include_str!("../fixtures/mistral-prompt.json"),
    include_str!("../fixtures/mistral-chat.json"),
    include_str!("../fixtures/chat.json"),
    include_str!("../fixtures/cohere-embed.json"),
];

/// All fixtures, and a Claude of the newer stack that takes no temperature.
pub fn catalog() -> Catalog {
    let mut models: Vec<Value> = FIXTURES.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let mut newer = models[0].clone();
    newer["x-model"]["id"] = CLAUDE_NEW.into();
    newer["$defs"]["Request"]["properties"].as_object_mut().unwrap().remove("temperature");
    models.push(newer);
    let lines: Vec<String> = models.iter().map(Value::to_string).collect();
    Catalog::from_jsonl(&lines.join("\n")).unwrap()
}

pub fn judge() -> Judge {
    Judge::new(Arc::new(catalog()))
}

pub async fn server() -> Server {
    Server::builder().catalog(catalog()).start().await.unwrap()
}
