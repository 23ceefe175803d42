//! Stream events to the reply they add up to.
//!
//! One fold per message *form*, none per model: the form is recognised from the events themselves, because some
//! models answer in more than one (Mistral Large in two, an imported model in three, after the form of the request).
//! The folds work on JSON values, not on generated types: what a type does not know is kept all the same, and the
//! assembled body is then decoded as any other reply. They know nothing of the AWS SDK.

mod anthropic;
mod chat;
mod cohere;
mod flat;
mod mistral;
mod nova;

use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The members that Bedrock itself adds to any chunk begin so; they go to the top of the assembled body.
const BEDROCK: &str = "amazon-bedrock-";
const GUARDRAIL_ACTION: &str = "amazon-bedrock-guardrailAction";
/// On the last chunk of every model: its presence means that the service has finished.
pub(crate) const METRICS: &str = "amazon-bedrock-invocationMetrics";

/// How a family of models cuts a reply into events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Claude: `message_start`, `content_block_delta`, …
    AnthropicMessages,
    /// Claude's older text completions: `completion`.
    AnthropicText,
    /// Nova: `messageStart`, `contentBlockDelta`, …
    NovaMessages,
    /// Llama and models imported in its form: `generation`.
    LlamaPrompt,
    /// Mistral's text completions: `outputs[].text`.
    MistralPrompt,
    /// Whatever has `choices[]`: chat completions, Mistral's and Jamba's chats, DeepSeek R1's texts.
    Choices,
    /// Titan Text: `outputText`.
    TitanText,
    /// Pegasus: `message`.
    Pegasus,
    /// Cohere Command and Command R: `event_type`, `is_finished`.
    Cohere,
}

/// A reply being put together.
trait Fold {
    /// Takes one event; the members of Bedrock's own are already gone from it.
    fn push(&mut self, event: Object);
    /// Whether the event that ends a reply has come.
    fn is_complete(&self) -> bool;
    /// An error that the model reported inside its events.
    fn error(&self) -> Option<&str> {
        None
    }
    /// The body as `InvokeModel` would have answered it.
    fn finish(self: Box<Self>) -> Object;
}

impl Form {
    /// The form of an event; `None` for events that tell nothing (`ping`) and for forms not known here.
    pub(crate) fn of(event: &Value) -> Option<Form> {
        let event = event.as_object()?;
        if let Some(kind) = event.get("type").and_then(Value::as_str)
            && anthropic::EVENTS.contains(&kind)
        {
            return Some(Form::AnthropicMessages);
        }
        if event.keys().any(|key| nova::EVENTS.contains(&key.as_str())) {
            return Some(Form::NovaMessages);
        }
        let is_string = |key| event.get(key).is_some_and(Value::is_string);
        let is_array = |key| event.get(key).is_some_and(Value::is_array);
        if is_array("choices") {
            Some(Form::Choices)
        } else if is_array("outputs") {
            Some(Form::MistralPrompt)
        } else if is_string("generation") {
            Some(Form::LlamaPrompt)
        } else if is_string("completion") {
            Some(Form::AnthropicText)
        } else if is_string("outputText") {
            Some(Form::TitanText)
        } else if is_string("event_type") || event.contains_key("is_finished") {
            Some(Form::Cohere)
        } else if is_string("message") {
            Some(Form::Pegasus)
        } else {
            None
        }
    }

    fn fold(self) -> Box<dyn Fold> {
        match self {
            Form::AnthropicMessages => Box::<anthropic::Messages>::default(),
            Form::AnthropicText => Box::new(flat::Flat::new(&flat::ANTHROPIC_TEXT)),
            Form::NovaMessages => Box::<nova::Messages>::default(),
            Form::LlamaPrompt => Box::new(flat::Flat::new(&flat::LLAMA)),
            Form::MistralPrompt => Box::<mistral::Outputs>::default(),
            Form::Choices => Box::<chat::Choices>::default(),
            Form::TitanText => Box::new(flat::Flat::new(&flat::TITAN)),
            Form::Pegasus => Box::new(flat::Flat::new(&flat::PEGASUS)),
            Form::Cohere => Box::<cohere::Command>::default(),
        }
    }

    /// The piece of answer text in an event: what a user wants to see at once. No thinking, no tool input; of several
    /// alternatives, the first.
    fn text(self, event: &Value) -> Option<&str> {
        let text = match self {
            Form::AnthropicMessages => &event["delta"]["text"],
            Form::AnthropicText => &event["completion"],
            Form::NovaMessages => &event["contentBlockDelta"]["delta"]["text"],
            Form::LlamaPrompt => &event["generation"],
            Form::MistralPrompt => &event["outputs"][0]["text"],
            Form::Choices => chat::text(event),
            Form::TitanText => &event["outputText"],
            Form::Pegasus => &event["message"],
            Form::Cohere => cohere::text(event),
        };
        text.as_str().filter(|text| !text.is_empty())
    }
}

/// The answer text in one raw event, if it has any.
pub(crate) fn text(event: &[u8]) -> Option<String> {
    let event: Value = serde_json::from_slice(event).ok()?;
    Form::of(&event)?.text(&event).map(str::to_owned)
}

/// What a sequence of events adds up to.
pub(crate) struct Assembly {
    /// The reply, as far as it has come.
    pub(crate) body: Value,
    /// Whether it has come to its end.
    pub(crate) complete: bool,
    /// `false` where no event had a form known here: there is no body then.
    pub(crate) recognised: bool,
    /// An error that the model reported inside its events.
    pub(crate) error: Option<String>,
}

/// Puts raw events together. Events that are not JSON, or of another form, are left out; they stay in the raw events.
pub(crate) fn assemble<'a>(events: impl IntoIterator<Item = &'a [u8]>) -> Assembly {
    let mut fold: Option<Box<dyn Fold>> = None;
    let mut bedrock = Object::new();
    for event in events {
        let Ok(event) = serde_json::from_slice::<Value>(event) else { continue };
        if fold.is_none() {
            fold = Form::of(&event).map(Form::fold);
        }
        let Value::Object(mut event) = event else { continue };
        take_bedrock(&mut event, &mut bedrock);
        if let Some(fold) = &mut fold {
            fold.push(event);
        }
    }
    let recognised = fold.is_some();
    let (mut body, complete, error) = match fold {
        Some(fold) => {
            let (complete, error) = (fold.is_complete(), fold.error().map(str::to_owned));
            (fold.finish(), complete, error)
        }
        None => (Object::new(), false, None),
    };
    let complete = error.is_none() && (complete || bedrock.contains_key(METRICS));
    body.extend(bedrock);
    Assembly { body: Value::Object(body), complete, recognised, error }
}

/// Moves Bedrock's own members out of an event. One chunk on which the guardrail stepped in is enough.
fn take_bedrock(event: &mut Object, bedrock: &mut Object) {
    let keys: Vec<String> = event.keys().filter(|key| key.starts_with(BEDROCK)).cloned().collect();
    for key in keys {
        let Some(value) = event.remove(&key) else { continue };
        let settled = key == GUARDRAIL_ACTION && bedrock.get(&key).is_some_and(|action| action == "INTERVENED");
        if !settled {
            bedrock.insert(key, value);
        }
    }
}

/// Sets the members that say something; a null only where there was nothing.
fn set_all(into: &mut Object, from: Object) {
    for (key, value) in from {
        set(into, key, value);
    }
}

fn set(into: &mut Object, key: String, value: Value) {
    if !value.is_null() || !into.contains_key(&key) {
        into.insert(key, value);
    }
}

/// Adds a string to the end of a string member, which may be missing or null.
fn append(into: &mut Object, key: &str, more: &str) {
    match into.get_mut(key) {
        Some(Value::String(text)) => text.push_str(more),
        _ => {
            into.insert(key.to_owned(), more.into());
        }
    }
}

/// Adds items to the end of an array member, which may be missing or null.
fn extend(into: &mut Object, key: &str, more: impl IntoIterator<Item = Value>) {
    match into.get_mut(key) {
        Some(Value::Array(items)) => items.extend(more),
        _ => {
            into.insert(key.to_owned(), more.into_iter().collect());
        }
    }
}

/// Folds a part whose meaning is not known: strings and arrays go on, objects likewise inside, the rest is replaced.
fn fold_unknown(into: &mut Object, from: Object) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::String(text)), Value::String(more)) => text.push_str(&more),
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
            (Some(Value::Object(inner)), Value::Object(more)) => fold_unknown(inner, more),
            (_, value) => set(into, key, value),
        }
    }
}

/// What the pieces of a tool's input add up to. Nothing at all means no arguments; a text that was cut off, and so is
/// not JSON, is handed on as the string it is rather than lost.
fn tool_input(json: &str) -> Value {
    if json.trim().is_empty() {
        return Value::Object(Object::new());
    }
    serde_json::from_str(json).unwrap_or_else(|_| Value::String(json.to_owned()))
}

fn into_object(value: Option<Value>) -> Object {
    match value {
        Some(Value::Object(object)) => object,
        _ => Object::new(),
    }
}

fn take_string(object: &mut Object, key: &str) -> Option<String> {
    match object.remove(key) {
        Some(Value::String(text)) => Some(text),
        Some(other) => {
            object.insert(key.to_owned(), other);
            None
        }
        None => None,
    }
}

#[cfg(test)]
mod tests;
