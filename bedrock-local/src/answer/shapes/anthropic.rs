//! Anthropic Messages (`anthropic.md` §10 and §11): content blocks, and a stream of typed events around them.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::answer::{
    Answer, Call, METRICS,
    ask::{Ask, Forced, Tool},
    compose::{Draft, Stop, compose, pieces},
};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    let draft = compose(call, &ask(call));
    let usage = call.usage(&draft);
    let body = json!({
        "id": format!("msg_bdrk_{}", call.seed.id("message", 22)),
        "type": "message",
        "role": "assistant",
        "model": model_name(call.model.id()),
        "content": blocks(call, &draft),
        "stop_reason": stop_reason(&draft.stop),
        "stop_sequence": match &draft.stop { Stop::Sequence(sequence) => json!(sequence), _ => Value::Null },
        "usage": { "input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens },
    });
    let events = events(&body, usage.metrics());
    Answer { body, events, usage }
}

fn ask(call: &Call<'_>) -> Ask {
    let mut ask = Ask::of(call);
    ask.reasoning = matches!(call.body["thinking"]["type"].as_str(), Some("enabled" | "adaptive"));
    ask.schema = call.body.pointer("/output_config/format/schema").cloned();
    let tools = call.body["tools"].as_array().into_iter().flatten();
    let tools = tools.filter_map(|tool| {
        Some(Tool {
            name: tool["name"].as_str()?.to_owned(),
            schema: tool.get("input_schema").cloned().unwrap_or_default(),
        })
    });
    let choice = &call.body["tool_choice"];
    let forced = match choice["type"].as_str() {
        Some("any") => Some(Forced::Any),
        Some("tool") => choice["name"].as_str().map(|name| Forced::Named(name.to_owned())),
        _ => None,
    };
    ask.force(forced, tools.collect());
    ask
}

/// The name that Anthropic gives the model: `claude-3-haiku-20240307` of `anthropic.claude-3-haiku-20240307-v1:0`.
fn model_name(id: &str) -> &str {
    let name = id.strip_prefix("anthropic.").unwrap_or(id);
    match name.rsplit_once("-v") {
        Some((name, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => name,
        _ => name,
    }
}

fn stop_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::End => "end_turn",
        Stop::Length => "max_tokens",
        Stop::Sequence(_) => "stop_sequence",
        Stop::Tool => "tool_use",
    }
}

fn blocks(call: &Call<'_>, draft: &Draft) -> Vec<Value> {
    let mut blocks = Vec::new();
    if let Some(reasoning) = &draft.reasoning {
        // What is omitted is signed all the same (`anthropic.md` §7).
        let shown = if call.body["thinking"]["display"] == "omitted" { "" } else { reasoning };
        let signature = STANDARD.encode(call.seed.id("signature", 48));
        blocks.push(json!({ "type": "thinking", "thinking": shown, "signature": signature }));
    }
    if !draft.text.is_empty() {
        blocks.push(json!({ "type": "text", "text": draft.text }));
    }
    if let Some(tool) = &draft.tool {
        let id = format!("toolu_bdrk_{}", tool.id);
        blocks.push(json!({ "type": "tool_use", "id": id, "name": tool.name, "input": tool.arguments }));
    }
    blocks
}

/// The events that bring this reply.
fn events(body: &Value, metrics: Value) -> Vec<Value> {
    let mut message = body.clone();
    message["content"] = json!([]);
    message["stop_reason"] = Value::Null;
    message["stop_sequence"] = Value::Null;
    message["usage"]["output_tokens"] = json!(1);
    let mut events = vec![json!({ "type": "message_start", "message": message })];
    for (index, block) in body["content"].as_array().into_iter().flatten().enumerate() {
        let (empty, deltas) = block_events(block);
        events.push(json!({ "type": "content_block_start", "index": index, "content_block": empty }));
        let deltas =
            deltas.into_iter().map(|delta| json!({ "type": "content_block_delta", "index": index, "delta": delta }));
        events.extend(deltas);
        events.push(json!({ "type": "content_block_stop", "index": index }));
    }
    events.push(json!({
        "type": "message_delta",
        "delta": { "stop_reason": body["stop_reason"], "stop_sequence": body["stop_sequence"] },
        "usage": { "output_tokens": body["usage"]["output_tokens"] },
    }));
    events.push(json!({ "type": "message_stop", METRICS: metrics }));
    events
}

/// A block as it starts, and what is added to it.
fn block_events(block: &Value) -> (Value, Vec<Value>) {
    let mut empty = block.clone();
    let text = |key: &str| block[key].as_str().unwrap_or_default().to_owned();
    let deltas = match block["type"].as_str() {
        Some("text") => {
            empty["text"] = json!("");
            pieces(&text("text")).into_iter().map(|piece| json!({ "type": "text_delta", "text": piece })).collect()
        }
        Some("thinking") => {
            empty["thinking"] = json!("");
            empty["signature"] = json!("");
            let thinking = text("thinking");
            let thinking =
                pieces(&thinking).into_iter().map(|piece| json!({ "type": "thinking_delta", "thinking": piece }));
            thinking.chain([json!({ "type": "signature_delta", "signature": block["signature"] })]).collect()
        }
        Some("tool_use") => {
            empty["input"] = json!({});
            let input = block["input"].to_string();
            let middle = input.char_indices().nth(input.chars().count() / 2).map_or(0, |(at, _)| at);
            let (first, second) = input.split_at(middle);
            // The first fragment is often empty.
            ["", first, second].map(|part| json!({ "type": "input_json_delta", "partial_json": part })).to_vec()
        }
        _ => Vec::new(),
    };
    (empty, deltas)
}
