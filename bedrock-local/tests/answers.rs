//! Answers fit the reply schema, are the same for the same request, and a stream says what the reply says.

mod common;

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use bedrock_local::{
    answer::{Answer, answer},
    catalog::{Bindings, Catalog},
    judge::{Judge, Kind},
};
use common::{CANVAS, CHAT, CLAUDE, COHERE, LLAMA, MISTRAL, MISTRAL_CHAT, NOVA, TITAN};
use serde_json::{Map, Value, json};

/// Answers a fitting request and holds up what goes for every answer.
fn ask(judge: &Judge, id: &str, body: &Value) -> Answer {
    let model = judge.catalog().identify(id, &Bindings::new()).unwrap_or_else(|_| judge.catalog().get(id).unwrap());
    let answered = answer(model, body);
    assert_eq!(answered, answer(model, body), "{id} answers {body} differently the second time");
    let findings = judge.judge_model(model, Kind::Response, &answered.body).unwrap();
    assert!(findings.is_empty(), "{id} answers {body} with {}: {findings:?}", answered.body);
    assert_eq!(answered.events.is_empty(), !model.streams(), "{id}");
    for event in &answered.events {
        let findings = judge.judge_model(model, Kind::StreamEvent, event).unwrap();
        assert!(findings.is_empty(), "{id} streams {event}: {findings:?}");
    }
    if model.streams() {
        let metrics = answered.events.last().and_then(|event| event.get("amazon-bedrock-invocationMetrics"));
        assert!(metrics.is_some(), "{id}: the last chunk has no metrics");
        if let Some(collected) = collect(model.shape(), &answered.events) {
            assert_eq!(collected, answered.body, "{id} streams something else than it replies to {body}");
        }
    }
    answered
}

fn fixture(id: &str, body: Value) -> Answer {
    let judge = common::judge();
    let findings = judge.judge(id, Kind::Request, &body).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    ask(&judge, id, &body)
}

/// What a client makes of a stream.
fn collect(shape: &str, events: &[Value]) -> Option<Value> {
    match shape {
        "anthropic/messages.json" => Some(collect_anthropic(events)),
        "amazon/nova-messages.json" => Some(collect_nova(events)),
        "shared/chat-completions.json" => Some(collect_chat(events, "finish_reason", "chat.completion")),
        "mistral/chat.json" => Some(collect_chat(events, "stop_reason", "")),
        "meta/llama.json" => {
            let text: String = events.iter().map(|event| event["generation"].as_str().unwrap()).collect();
            let last = events.last().unwrap();
            Some(json!({ "generation": text, "prompt_token_count": events[0]["prompt_token_count"],
                "generation_token_count": last["generation_token_count"], "stop_reason": last["stop_reason"] }))
        }
        "mistral/prompt.json" => {
            let text: String = events.iter().map(|event| event["outputs"][0]["text"].as_str().unwrap()).collect();
            let stop = &events.last().unwrap()["outputs"][0]["stop_reason"];
            Some(json!({ "outputs": [{ "text": text, "stop_reason": stop }] }))
        }
        _ => None,
    }
}

fn append(place: &mut Value, piece: &Value) {
    let text = format!("{}{}", place.as_str().unwrap_or_default(), piece.as_str().unwrap());
    *place = json!(text);
}

fn collect_anthropic(events: &[Value]) -> Value {
    let mut message = events[0]["message"].clone();
    let mut partial = String::new();
    for event in events {
        let index = event["index"].as_u64().unwrap_or_default() as usize;
        let delta = &event["delta"];
        match event["type"].as_str().unwrap() {
            "content_block_start" => message["content"].as_array_mut().unwrap().push(event["content_block"].clone()),
            "content_block_delta" => {
                let block = &mut message["content"][index];
                match delta["type"].as_str().unwrap() {
                    "text_delta" => append(&mut block["text"], &delta["text"]),
                    "thinking_delta" => append(&mut block["thinking"], &delta["thinking"]),
                    "signature_delta" => append(&mut block["signature"], &delta["signature"]),
                    "input_json_delta" => partial.push_str(delta["partial_json"].as_str().unwrap()),
                    other => panic!("{other}"),
                }
            }
            "content_block_stop" if !partial.is_empty() => {
                message["content"][index]["input"] = serde_json::from_str(&std::mem::take(&mut partial)).unwrap();
            }
            "message_delta" => {
                message["stop_reason"] = delta["stop_reason"].clone();
                message["stop_sequence"] = delta["stop_sequence"].clone();
                message["usage"]["output_tokens"] = event["usage"]["output_tokens"].clone();
            }
            _ => {}
        }
    }
    message
}

/// Text goes together whatever its index (`amazon.md` §3.4).
fn collect_nova(events: &[Value]) -> Value {
    let mut content: Vec<Value> = Vec::new();
    let mut body = json!({});
    for event in events {
        let delta = &event["contentBlockDelta"]["delta"];
        if let Some(text) = delta.get("text") {
            match content.last_mut().and_then(|block| block.get_mut("text")) {
                Some(last) => append(last, text),
                None => content.push(json!({ "text": text })),
            }
        } else if let Some(text) = delta.pointer("/reasoningContent/reasoningText/text") {
            match content.last_mut().and_then(|block| block.pointer_mut("/reasoningContent/reasoningText/text")) {
                Some(last) => append(last, text),
                None => content.push(json!({ "reasoningContent": { "reasoningText": { "text": text } } })),
            }
        } else if let Some(input) = delta.pointer("/toolUse/input") {
            let input: Value = serde_json::from_str(input.as_str().unwrap()).unwrap();
            content.last_mut().unwrap()["toolUse"]["input"] = input;
        } else if let Some(start) = event.pointer("/contentBlockStart/start/toolUse") {
            content.push(json!({ "toolUse": start }));
        } else if let Some(stop) = event.pointer("/messageStop/stopReason") {
            body["stopReason"] = stop.clone();
        } else if let Some(usage) = event.pointer("/metadata/usage") {
            body["usage"] = usage.clone();
            let total = usage["inputTokens"].as_u64().unwrap() + usage["outputTokens"].as_u64().unwrap();
            body["usage"]["totalTokens"] = json!(total);
        }
    }
    body["output"] = json!({ "message": { "role": "assistant", "content": content } });
    body
}

fn collect_chat(events: &[Value], stop: &str, object: &str) -> Value {
    let mut choices: Vec<Value> = Vec::new();
    for choice in events.iter().flat_map(|event| event["choices"].as_array().unwrap()) {
        let index = choice["index"].as_u64().unwrap() as usize;
        if choices.len() <= index {
            choices.push(json!({ "index": index, "message": {}, stop: null }));
        }
        let place = &mut choices[index];
        for (key, value) in choice["delta"].as_object().unwrap() {
            let member = &mut place["message"][key];
            match key.as_str() {
                "content" if member.is_string() => append(member, value),
                "tool_calls" if member.is_array() => {
                    append(&mut member[0]["function"]["arguments"], &value[0]["function"]["arguments"]);
                }
                _ => *member = value.clone(),
            }
        }
        if let Some(call) = place.pointer_mut("/message/tool_calls/0").and_then(Value::as_object_mut) {
            call.remove("index");
        }
        place[stop] = choice[stop].clone();
    }
    let mut body: Map<String, Value> = events.last().unwrap().as_object().unwrap().clone();
    body.remove("amazon-bedrock-invocationMetrics");
    body.insert("choices".into(), json!(choices));
    if !object.is_empty() {
        body.insert("object".into(), json!(object));
    }
    Value::Object(body)
}

const TOOL_SCHEMA: &str = r##"{"type": "object", "required": ["city", "days"], "properties": {"city": {"type": "string", "minLength": 2},
    "days": {"type": "integer", "minimum": 1, "maximum": 7}, "unit": {"enum": ["C", "F"]}}}"##;

fn tool_schema() -> Value {
    serde_json::from_str(TOOL_SCHEMA).unwrap()
}

fn claude(max_tokens: u32, more: Value) -> Answer {
    let mut body = json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": max_tokens,
        "messages": [{ "role": "user", "content": "Why is the sky blue?" }] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    fixture(CLAUDE, body)
}

#[test]
fn claude_answers_in_words() {
    let reply = claude(256, json!({}));
    let text = reply.body["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("You asked: \"Why is the sky blue?\" This answer comes from a local stand-in"), "{text}");
    assert_eq!(reply.body["stop_reason"], "end_turn");
    assert_eq!(reply.body["model"], "claude-fixture-20250101");
    assert_eq!(reply.body["usage"]["output_tokens"], (text.chars().count() as u64).div_ceil(4));
    assert_eq!(reply.usage.output_tokens, reply.body["usage"]["output_tokens"]);
    let types: Vec<_> = reply.events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(types[..3], ["message_start", "content_block_start", "content_block_delta"]);
    assert_eq!(types[types.len() - 3..], ["content_block_stop", "message_delta", "message_stop"]);
    assert!(types.len() > 8);
}

#[test]
fn limits_and_stop_sequences_hold() {
    let short = claude(2, json!({}));
    assert_eq!(
        (&short.body["content"][0]["text"], &short.body["stop_reason"]),
        (&json!("You aske"), &json!("max_tokens"))
    );
    assert_eq!(short.usage.output_tokens, 2);
    let stopped = claude(256, json!({ "stop_sequences": ["sky"] }));
    assert_eq!(stopped.body["content"][0]["text"], "You asked: \"Why is the ");
    assert_eq!(
        (&stopped.body["stop_reason"], &stopped.body["stop_sequence"]),
        (&json!("stop_sequence"), &json!("sky"))
    );
}

#[test]
fn claude_thinks_and_calls_tools() {
    let thinking = claude(3000, json!({ "thinking": { "type": "enabled", "budget_tokens": 2000 } }));
    assert_eq!(thinking.body["content"][0]["type"], "thinking");
    assert_eq!(thinking.body["content"][1]["type"], "text");
    let tools = json!([{ "name": "time", "input_schema": {} }, { "name": "weather", "input_schema": tool_schema() }]);
    let named = claude(256, json!({ "tools": tools, "tool_choice": { "type": "tool", "name": "weather" } }));
    let call = &named.body["content"][0];
    assert_eq!((&call["type"], &call["name"]), (&json!("tool_use"), &json!("weather")));
    assert_eq!(call["input"], json!({ "city": "sample city", "days": 1, "unit": "C" }));
    assert_eq!(named.body["stop_reason"], "tool_use");
    let any = claude(256, json!({ "tools": tools, "tool_choice": { "type": "any" } }));
    assert_eq!(any.body["content"][0]["name"], "time");
    let auto = claude(256, json!({ "tools": tools, "tool_choice": { "type": "auto" } }));
    assert_eq!(auto.body["content"][0]["type"], "text");
}

#[test]
fn nova_and_the_chats_answer_and_call_tools() {
    let messages = json!([{ "role": "user", "content": [{ "text": "Hi" }] }]);
    let nova = fixture(NOVA, json!({ "messages": messages }));
    assert!(nova.body["output"]["message"]["content"][0]["text"].as_str().unwrap().starts_with("You asked: \"Hi\""));
    let tool = json!([{ "toolSpec": { "name": "weather", "inputSchema": { "json": tool_schema() } } }]);
    let nova =
        fixture(NOVA, json!({ "messages": messages, "toolConfig": { "tools": tool, "toolChoice": { "any": {} } } }));
    assert_eq!(nova.body.pointer("/output/message/content/0/toolUse/input/days"), Some(&json!(1)));

    let messages = json!([{ "role": "user", "content": "Hi" }]);
    let tools = json!([{ "type": "function", "function": { "name": "weather", "parameters": tool_schema() } }]);
    for (id, choice, stop) in [(CHAT, json!("required"), "finish_reason"), (MISTRAL_CHAT, json!("any"), "stop_reason")]
    {
        let reply = fixture(id, json!({ "messages": messages }));
        assert!(reply.body["choices"][0]["message"]["content"].as_str().unwrap().starts_with("You asked: \"Hi\""));
        let reply = fixture(id, json!({ "messages": messages, "tools": tools, "tool_choice": choice }));
        let call = &reply.body["choices"][0]["message"]["tool_calls"][0]["function"];
        let arguments: Value = serde_json::from_str(call["arguments"].as_str().unwrap()).unwrap();
        assert_eq!((&call["name"], &arguments["city"]), (&json!("weather"), &json!("sample city")));
        assert_eq!(reply.body["choices"][0][stop], "tool_calls");
    }
    let several = fixture(CHAT, json!({ "messages": messages, "n": 3 }));
    assert_eq!(several.body["choices"].as_array().unwrap().len(), 3);
}

#[test]
fn structured_output_is_json() {
    let format = json!({ "type": "json_schema", "json_schema": { "name": "w", "schema": tool_schema() } });
    let reply = fixture(CHAT, json!({ "messages": [{ "role": "user", "content": "Hi" }], "response_format": format }));
    let content: Value =
        serde_json::from_str(reply.body["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(content["days"], 1);
}

#[test]
fn prompts_are_answered_from_examples_and_roles() {
    let prompt = "<|start_header_id|>user<|end_header_id|>\n\nName a colour<|eot_id|>";
    let llama = fixture(LLAMA, json!({ "prompt": prompt }));
    assert!(llama.body["generation"].as_str().unwrap().starts_with("You asked: \"Name a colour\""));
    assert_eq!(llama.events[1]["prompt_token_count"], Value::Null);
    let short = fixture(LLAMA, json!({ "prompt": prompt, "max_gen_len": 1 }));
    assert_eq!((&short.body["generation"], &short.body["stop_reason"]), (&json!("You "), &json!("length")));
    let mistral = fixture(MISTRAL, json!({ "prompt": "<s>[INST] Hi [/INST]", "stop": ["Hi"] }));
    assert_eq!(mistral.body, json!({ "outputs": [{ "text": "You asked: \"", "stop_reason": "stop" }] }));
}

#[test]
fn pictures_have_the_size_that_is_asked_for() {
    let size = |body: &Value, index: usize| {
        let file = STANDARD.decode(body["images"][index].as_str().unwrap()).unwrap();
        let info = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        (info.info().width, info.info().height, info.info().color_type)
    };
    let config = json!({ "width": 640, "height": 320, "numberOfImages": 2 });
    let reply = fixture(
        CANVAS,
        json!({ "taskType": "TEXT_IMAGE", "textToImageParams": { "text": "a kite" }, "imageGenerationConfig": config }),
    );
    assert_eq!(size(&reply.body, 1), (640, 320, png::ColorType::Rgb));
    assert_ne!(reply.body["images"][0], reply.body["images"][1]);
    let cut =
        json!({ "taskType": "BACKGROUND_REMOVAL", "backgroundRemovalParams": { "image": reply.body["images"][0] } });
    assert_eq!(size(&fixture(CANVAS, cut).body, 0), (640, 320, png::ColorType::Rgba));
}

#[test]
fn embeddings_are_unit_vectors_of_the_dimension_that_is_asked_for() {
    let floats =
        |value: &Value| -> Vec<f64> { value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect() };
    let length = |vector: &[f64]| vector.iter().map(|v| v * v).sum::<f64>().sqrt();
    let titan =
        fixture(TITAN, json!({ "inputText": "hello", "dimensions": 256, "embeddingTypes": ["float", "binary"] }));
    let vector = floats(&titan.body["embedding"]);
    assert_eq!(vector.len(), 256);
    assert!((length(&vector) - 1.0).abs() < 1e-9);
    assert_eq!(titan.body["embeddingsByType"]["binary"].as_array().unwrap().len(), 256);
    let plain = fixture(TITAN, json!({ "inputText": "hello", "normalize": false }));
    let vector = floats(&plain.body["embedding"]);
    assert_eq!(vector.len(), 1024);
    assert!(length(&vector) > 2.0);

    let cohere = fixture(COHERE, json!({ "input_type": "search_query", "texts": ["a", "b"] }));
    assert_eq!(floats(&cohere.body["embeddings"][1]).len(), 1536);
    assert_eq!(cohere.body["response_type"], "embeddings_floats");
    let typed = json!({ "input_type": "search_query", "texts": ["a"], "output_dimension": 256, "embedding_types": ["int8", "ubinary"] });
    let cohere = fixture(COHERE, typed);
    assert_eq!(cohere.body["embeddings"]["int8"][0].as_array().unwrap().len(), 256);
    assert_eq!(cohere.body["embeddings"]["ubinary"][0].as_array().unwrap().len(), 32);
}

#[test]
fn a_body_that_does_not_fit_gets_some_answer_and_no_panic() {
    let catalog = common::catalog();
    for model in catalog.models() {
        for body in [
            json!(null),
            json!([1]),
            json!({ "messages": 5, "tools": {}, "tool_choice": [], "n": -1 }),
            json!({ "prompt": {}, "max_gen_len": -1 }),
        ] {
            answer(model, &body);
        }
    }
}

/// Grows with the catalogue: all examples of all embedded models are answered. Whether the models take their examples
/// is another test's business.
#[test]
fn every_example_of_every_embedded_model_is_answered() {
    let judge = Judge::new(Arc::new(Catalog::embedded().unwrap()));
    for line in include_str!("../models.jsonl").lines().filter(|line| !line.is_empty()) {
        let document: Value = serde_json::from_str(line).unwrap();
        let examples = document.pointer("/$defs/Request/examples").and_then(Value::as_array);
        let id = document["x-model"]["id"].as_str().unwrap();
        for example in examples.into_iter().flatten() {
            if judge.judge(id, Kind::Request, example).unwrap().is_empty() {
                ask(&judge, id, example);
            }
        }
    }
}
