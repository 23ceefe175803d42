//! Chat completions (`openai-compatible.md` §3) and Mistral's chat, which is like it but for a few names
//! (`mistral.md` B).

use serde_json::{Value, json};

use crate::answer::{
    Answer, Call, METRICS, Usage,
    ask::{Ask, Forced, Tool},
    compose::{Draft, Stop, compose},
};

/// In what the two differ.
pub(super) struct Chat {
    /// The key of the stop reason.
    stop: &'static str,
    /// Whether the envelope (ID, model, usage) is there. Mistral's page has none.
    envelope: bool,
    /// Content beside a tool call: `null`, or the empty string.
    no_text: fn() -> Value,
    tool_id: fn(&str) -> String,
}

pub(super) const COMPLETIONS: Chat =
    Chat { stop: "finish_reason", envelope: true, no_text: || Value::Null, tool_id: |id| format!("call_{id}") };

pub(super) const MISTRAL: Chat = Chat {
    stop: "stop_reason",
    envelope: false,
    no_text: || json!(""),
    // Nine letters or digits (`errata.md`).
    tool_id: |id| id.chars().take(9).collect(),
};

pub(super) fn answer(call: &Call<'_>, chat: &Chat) -> Answer {
    let ask = ask(call);
    let draft = compose(call, &ask);
    let choices = call.body["n"].as_u64().unwrap_or(1).clamp(1, 16);
    let mut usage = call.usage(&draft);
    usage.output_tokens *= choices;
    let body = chat.body(call, &draft, choices, usage);
    let events = chat.events(call, &draft, choices, usage);
    Answer { body, events, usage }
}

fn ask(call: &Call<'_>) -> Ask {
    let mut ask = Ask::of(call);
    let format = &call.body["response_format"];
    ask.schema = match format["type"].as_str() {
        Some("json_schema") => format.pointer("/json_schema/schema").cloned(),
        Some("json_object") => Some(json!({ "type": "object", "properties": { "answer": { "type": "string" } } })),
        _ => None,
    };
    let tools = call.body["tools"].as_array().into_iter().flatten();
    let tools = tools.filter_map(|tool| {
        let function = tool.get("function")?;
        let schema = function.get("parameters").cloned().unwrap_or_default();
        Some(Tool { name: function["name"].as_str()?.to_owned(), schema })
    });
    let choice = &call.body["tool_choice"];
    let forced = match choice.as_str() {
        Some("required" | "any") => Some(Forced::Any),
        _ => choice.pointer("/function/name").and_then(Value::as_str).map(|name| Forced::Named(name.to_owned())),
    };
    ask.force(forced, tools.collect());
    ask
}

impl Chat {
    fn envelope(&self, call: &Call<'_>, object: &str) -> Value {
        if !self.envelope {
            return json!({});
        }
        json!({
            "id": format!("chatcmpl-{}", call.seed.id("completion", 24)),
            "object": object,
            // Some day in 2025: answers do not depend on the clock.
            "created": 1_760_000_000,
            "model": call.model.id(),
        })
    }

    fn usage(&self, usage: Usage) -> Value {
        json!({
            "prompt_tokens": usage.input_tokens,
            "completion_tokens": usage.output_tokens,
            "total_tokens": usage.input_tokens + usage.output_tokens,
        })
    }

    fn body(&self, call: &Call<'_>, draft: &Draft, choices: u64, usage: Usage) -> Value {
        let mut message = json!({ "role": "assistant", "content": draft.text });
        if let Some(tool) = &draft.tool {
            message["content"] = (self.no_text)();
            message["tool_calls"] = json!([{
                "id": (self.tool_id)(&tool.id),
                "type": "function",
                "function": { "name": tool.name, "arguments": tool.arguments.to_string() },
            }]);
        }
        let choice = |index: u64| json!({ "index": index, "message": message, self.stop: stop_reason(&draft.stop) });
        let mut body = self.envelope(call, "chat.completion");
        body["choices"] = (0..choices).map(choice).collect();
        if self.envelope {
            body["usage"] = self.usage(usage);
        }
        body
    }

    fn events(&self, call: &Call<'_>, draft: &Draft, choices: u64, usage: Usage) -> Vec<Value> {
        let mut events = Vec::new();
        let mut event = |index: u64, delta: Value, stop: Value| {
            let mut event = self.envelope(call, "chat.completion.chunk");
            event["choices"] = json!([{ "index": index, "delta": delta, self.stop: stop }]);
            events.push(event);
        };
        for index in 0..choices {
            let content = if draft.tool.is_some() { (self.no_text)() } else { json!("") };
            event(index, json!({ "role": "assistant", "content": content }), Value::Null);
            for piece in draft.pieces() {
                event(index, json!({ "content": piece }), Value::Null);
            }
            if let Some(tool) = &draft.tool {
                let start = json!({
                    "index": 0,
                    "id": (self.tool_id)(&tool.id),
                    "type": "function",
                    "function": { "name": tool.name, "arguments": "" },
                });
                event(index, json!({ "tool_calls": [start] }), Value::Null);
                let rest = json!({ "index": 0, "function": { "arguments": tool.arguments.to_string() } });
                event(index, json!({ "tool_calls": [rest] }), Value::Null);
            }
            event(index, json!({}), json!(stop_reason(&draft.stop)));
        }
        if let Some(last) = events.last_mut() {
            if self.envelope {
                last["usage"] = self.usage(usage);
            }
            last[METRICS] = usage.metrics();
        }
        events
    }
}

fn stop_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::End | Stop::Sequence(_) => "stop",
        Stop::Length => "length",
        Stop::Tool => "tool_calls",
    }
}
