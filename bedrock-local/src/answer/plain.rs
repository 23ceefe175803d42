//! The answer of an API that needs no adapter: an example of the schema, with text, counts and stop reason put where the
//! roles say.
//!
//! A stream is made when its chunks are flat objects with a piece of text each; the last one ends it.

use serde_json::{Value, json};

use super::{
    Answer, Call, METRICS,
    ask::{Ask, tokens},
    compose::{Draft, Stop, compose},
    instance,
};
use crate::schema::{Document, push};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    let draft = compose(call, &Ask::of(call));
    let usage = call.usage(&draft);
    let document = call.model.document();
    let fill = Fill {
        text: &draft.text,
        input: Some(usage.input_tokens),
        output: usage.output_tokens,
        stop: Some(&draft.stop),
    };
    let body = fill.put(document, "Response", skeleton(document, "Response", End::First));
    Answer { body, events: events(call, &draft), usage }
}

fn events(call: &Call<'_>, draft: &Draft) -> Vec<Value> {
    let document = call.model.document();
    if document.definition("StreamEvent").is_none() {
        return Vec::new();
    }
    let usage = call.usage(draft);
    let mut written = 0;
    let mut events = Vec::new();
    for (index, piece) in draft.pieces().into_iter().enumerate() {
        written += piece.chars().count();
        let input = (index == 0).then_some(usage.input_tokens);
        let fill = Fill { text: piece, input, output: tokens(written), stop: None };
        let mut event = skeleton(document, "StreamEvent", End::First);
        if let Some(event) = event.as_object_mut() {
            event.remove(METRICS);
        }
        events.push(fill.put(document, "StreamEvent", event));
    }
    let input = events.is_empty().then_some(usage.input_tokens);
    let fill = Fill { text: "", input, output: usage.output_tokens, stop: Some(&draft.stop) };
    let mut last = fill.put(document, "StreamEvent", skeleton(document, "StreamEvent", End::Last));
    if last.is_object() {
        last[METRICS] = usage.metrics();
    }
    events.push(last);
    events
}

/// Which example is the skeleton.
enum End {
    First,
    Last,
}

fn skeleton(document: &Document, definition: &str, end: End) -> Value {
    let Some(schema) = document.definition(definition) else { return json!({}) };
    let layers = document.layers(&[schema], &json!({}));
    let examples = layers.iter().find_map(|layer| layer.get("examples")?.as_array());
    let example = examples.and_then(|examples| match end {
        End::First => examples.first(),
        End::Last => examples.last(),
    });
    example.cloned().unwrap_or_else(|| instance::of_document(document, schema))
}

/// What is put where the roles say.
struct Fill<'a> {
    text: &'a str,
    /// `None`: was said before.
    input: Option<u64>,
    output: u64,
    /// `None`: there is more to come.
    stop: Option<&'a Stop>,
}

impl Fill<'_> {
    fn put(&self, document: &Document, definition: &str, mut skeleton: Value) -> Value {
        let Some(schema) = document.definition(definition) else { return skeleton };
        let mut places: Vec<(String, Value)> = Vec::new();
        document.walk(&[schema], &skeleton, &mut |visit| {
            // Bedrock's own counts carry the same roles.
            if visit.pointer.contains(METRICS) {
                return;
            }
            let role = visit.layers.iter().find_map(|layer| layer.get("x-role")?.as_str());
            let value = match role {
                Some("text") => json!(self.text),
                Some("input_tokens") => json!(self.input),
                Some("output_tokens") => json!(self.output),
                Some("cache_read_tokens" | "cache_write_tokens") => json!(0),
                Some("stop_reason") => {
                    let mut known: Vec<String> = Vec::new();
                    for layer in visit.layers {
                        known.extend(
                            crate::schema::arms::constants(&Value::Object((*layer).clone())).unwrap_or_default(),
                        );
                    }
                    match self.stop {
                        Some(stop) => json!(stop_reason(stop, &known, visit.instance.as_str())),
                        // Most say null until the end; what can't be null is left as the example has it.
                        None if visit.layers.iter().any(|layer| layer.get("type") == Some(&json!("string"))) => {
                            visit.instance.clone()
                        }
                        None => Value::Null,
                    }
                }
                _ => return,
            };
            places.push((visit.pointer.to_owned(), value));
        });
        if !places.iter().any(|(_, value)| *value == json!(self.text)) {
            places.extend(text_path(schema, &skeleton).map(|pointer| (pointer, json!(self.text))));
        }
        for (pointer, value) in places {
            if let Some(place) = skeleton.pointer_mut(&pointer) {
                *place = value;
            }
        }
        skeleton
    }
}

/// The place that `x-text` names: `/outputs/*/text` is the first output's.
fn text_path(schema: &Value, instance: &Value) -> Option<String> {
    let mut pointer = String::new();
    for segment in crate::schema::segments(schema.get("x-text")?.as_str()?) {
        match segment.as_str() {
            "*" => push(&mut pointer, "0"),
            arm if arm.starts_with('(') => {}
            key => push(&mut pointer, key),
        }
    }
    instance.pointer(&pointer).is_some_and(|place| place.is_string() || place.is_null()).then_some(pointer)
}

/// The word for the end of an answer, of the words that this API knows. APIs have one set of words each.
fn stop_reason(stop: &Stop, known: &[String], example: Option<&str>) -> String {
    const WORDS: [[&str; 4]; 6] = [
        // end, length, stop sequence, tool
        ["end_turn", "max_tokens", "stop_sequence", "tool_use"],
        ["stop", "length", "stop", "tool_calls"],
        ["endoftext", "length", "endoftext", "endoftext"],
        ["COMPLETE", "MAX_TOKENS", "COMPLETE", "COMPLETE"],
        ["FINISH", "LENGTH", "STOP_CRITERIA_MET", "FINISH"],
        ["FINISHED", "LENGTH", "STOP_CRITERIA_MET", "FINISHED"],
    ];
    let column = match stop {
        Stop::End => 0,
        Stop::Length => 1,
        Stop::Sequence(_) => 2,
        Stop::Tool => 3,
    };
    let is_known = |word: &str| known.iter().any(|known| known == word);
    let of_schema = WORDS.iter().find(|words| is_known(words[0]) && is_known(words[column]));
    let of_example = || WORDS.iter().find(|words| words.iter().any(|word| Some(*word) == example));
    let word = of_schema.or_else(of_example).map(|words| words[column]);
    // An API may lack a word for this end.
    let word = word.filter(|word| known.is_empty() || is_known(word));
    let example = example.filter(|word| known.is_empty() || is_known(word));
    word.or(example).or(known.first().map(String::as_str)).unwrap_or("stop").to_owned()
}
