//! Rankings of Amazon and Cohere (`amazon.md` §11, `cohere.md` §5): documents by the likeness of their embeddings.

use serde_json::{Value, json};

use super::embedding::embed;
use crate::answer::{Answer, Call, Usage};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    const DIMENSIONS: usize = 128;
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let query = embed(&text(&call.body["query"]), DIMENSIONS);
    let documents = call.body["documents"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut scores: Vec<(usize, f64)> = documents
        .iter()
        .map(|document| {
            let document = embed(&text(document), DIMENSIONS);
            let likeness: f64 = query.iter().zip(&document).map(|(a, b)| a * b).sum();
            (likeness.midpoint(1.0).clamp(0.0, 1.0) * 1e6).round() / 1e6
        })
        .enumerate()
        .collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let wanted = call.body["top_n"].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
    let results: Vec<Value> = scores
        .into_iter()
        .take(wanted)
        .map(|(index, score)| json!({ "index": index, "relevance_score": score }))
        .collect();
    let usage = Usage { input_tokens: call.input_tokens, output_tokens: 0 };
    Answer { body: json!({ "results": results }), events: Vec::new(), usage }
}
