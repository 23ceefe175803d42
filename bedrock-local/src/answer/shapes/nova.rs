//! Amazon Nova messages (`amazon.md` §3.3 and §3.4). In its streams every piece of text has an index of its own, and
//! text has no start event: both are kept, since clients stumble over them.

use serde_json::{Value, json};

use crate::answer::{
    Answer, Call, METRICS,
    ask::{Ask, Forced, Tool},
    compose::{Draft, Stop, compose, pieces},
};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    let draft = compose(call, &ask(call));
    let usage = call.usage(&draft);
    let mut content = Vec::new();
    if let Some(reasoning) = &draft.reasoning {
        content.push(json!({ "reasoningContent": { "reasoningText": { "text": reasoning } } }));
    }
    if !draft.text.is_empty() {
        content.push(json!({ "text": draft.text }));
    }
    if let Some(tool) = &draft.tool {
        content.push(json!({ "toolUse": { "toolUseId": tool.id, "name": tool.name, "input": tool.arguments } }));
    }
    let body = json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": stop_reason(&draft.stop),
        "usage": {
            "inputTokens": usage.input_tokens,
            "outputTokens": usage.output_tokens,
            "totalTokens": usage.input_tokens + usage.output_tokens,
            "cacheReadInputTokenCount": 0,
            "cacheWriteInputTokenCount": 0,
        },
    });
    let mut events = events(&draft);
    events.push(json!({
        "metadata": {
            "usage": {
                "inputTokens": usage.input_tokens,
                "outputTokens": usage.output_tokens,
                "cacheReadInputTokenCount": 0,
                "cacheWriteInputTokenCount": 0,
            },
            "metrics": {},
            "trace": {},
        },
        METRICS: usage.metrics(),
    }));
    Answer { body, events, usage }
}

fn ask(call: &Call<'_>) -> Ask {
    let mut ask = Ask::of(call);
    // The sheet leaves open where the key stands: both places are taken.
    let modes = ["/reasoningConfig/type", "/inferenceConfig/reasoningConfig/type"];
    ask.reasoning = modes.iter().any(|mode| call.body.pointer(mode).is_some_and(|mode| mode == "enabled"));
    let config = &call.body["toolConfig"];
    let tools = config["tools"].as_array().into_iter().flatten();
    let tools = tools.filter_map(|tool| {
        let schema = tool.pointer("/toolSpec/inputSchema/json").cloned().unwrap_or_default();
        Some(Tool { name: tool.pointer("/toolSpec/name")?.as_str()?.to_owned(), schema })
    });
    let choice = &config["toolChoice"];
    let named = choice.pointer("/tool/name").and_then(Value::as_str).map(|name| Forced::Named(name.to_owned()));
    ask.force(named.or(choice.get("any").map(|_| Forced::Any)), tools.collect());
    ask
}

fn stop_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::End => "end_turn",
        Stop::Length => "max_tokens",
        Stop::Sequence(_) => "stop_sequence",
        Stop::Tool => "tool_use",
    }
}

fn events(draft: &Draft) -> Vec<Value> {
    let mut events = vec![json!({ "messageStart": { "role": "assistant" } })];
    let mut index = 0;
    let mut block = |events: &mut Vec<Value>, delta: Value| {
        events.push(json!({ "contentBlockDelta": { "delta": delta, "contentBlockIndex": index } }));
        events.push(json!({ "contentBlockStop": { "contentBlockIndex": index } }));
        index += 1;
    };
    for piece in draft.reasoning.as_deref().map(pieces).unwrap_or_default() {
        block(&mut events, json!({ "reasoningContent": { "reasoningText": { "text": piece } } }));
    }
    for piece in draft.pieces() {
        block(&mut events, json!({ "text": piece }));
    }
    if let Some(tool) = &draft.tool {
        let start = json!({ "toolUse": { "toolUseId": tool.id, "name": tool.name } });
        events.push(json!({ "contentBlockStart": { "start": start, "contentBlockIndex": index } }));
        // The whole input comes in one piece.
        let input = tool.arguments.to_string();
        events.push(
            json!({ "contentBlockDelta": { "delta": { "toolUse": { "input": input } }, "contentBlockIndex": index } }),
        );
        events.push(json!({ "contentBlockStop": { "contentBlockIndex": index } }));
    }
    events.push(json!({ "messageStop": { "stopReason": stop_reason(&draft.stop) } }));
    events
}
