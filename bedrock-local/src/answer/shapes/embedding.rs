//! Embeddings of Titan, Nova and Cohere (`amazon.md` §7 and §9, `cohere.md` §3 and §4).
//!
//! A text's vector is the sum of its words' vectors, brought to length 1: the same text has the same vector in every
//! request, and texts that share words are near each other.

use std::f64::consts::SQRT_2;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::answer::{Answer, Call, Usage, ask::tokens, seed::Seed};

/// A unit vector for a text.
pub(super) fn embed(text: &str, dimensions: usize) -> Vec<f64> {
    let mut sum = vec![0.0; dimensions];
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    for word in words.chain([String::new()]) {
        // The empty word keeps the sum from being nothing, and counts for little.
        let weight = if word.is_empty() { 0.1 } else { 1.0 };
        let mut seed = Seed::of(&word);
        sum.iter_mut().for_each(|value| *value += weight * seed.unit());
    }
    let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    sum.iter().map(|value| value / length).collect()
}

/// Titan: text, or text and a picture, or a picture.
pub(super) fn titan(call: &Call<'_>) -> Answer {
    let dimensions = call.body["dimensions"]
        .as_u64()
        .or_else(|| call.body.pointer("/embeddingConfig/outputEmbeddingLength")?.as_u64())
        .or_else(|| call.default("dimensions"))
        .unwrap_or(if call.model.shape() == "amazon/titan-embed-text.json" { 1536 } else { 1024 });
    let parts = [&call.body["inputText"], &call.body["inputImage"]];
    let said: Vec<&str> = parts.iter().filter_map(|part| part.as_str()).collect();
    let mut vector = embed(&said.join(" "), size(dimensions));
    if call.body["normalize"] == false {
        // Any length but 1.
        vector.iter_mut().for_each(|value| *value *= 8.0 * SQRT_2);
    }
    let mut body = json!({ "inputTextTokenCount": call.input_tokens });
    let asked = strings(&call.body["embeddingTypes"]);
    if call.model.shape() == "amazon/titan-embed-text-v2.json" {
        // `embeddingsByType` is there even when nobody asked (`amazon.md` §9).
        let types = if asked.is_empty() { vec!["float"] } else { asked };
        let by_type = types.iter().filter_map(|kind| Some(((*kind).to_owned(), titan_form(kind, &vector)?)));
        body["embeddingsByType"] = Value::Object(by_type.collect());
        if types.contains(&"float") {
            body["embedding"] = json!(vector);
        }
    } else {
        body["embedding"] = json!(vector);
    }
    done(call, body)
}

fn titan_form(kind: &str, vector: &[f64]) -> Option<Value> {
    match kind {
        "float" => Some(json!(vector)),
        "binary" => Some(json!(vector.iter().map(|value| u8::from(*value > 0.0)).collect::<Vec<_>>())),
        _ => None,
    }
}

/// Nova's multimodal embeddings, in their synchronous form.
pub(super) fn nova(call: &Call<'_>) -> Answer {
    let params = &call.body["singleEmbeddingParams"];
    let dimensions = params["embeddingDimension"].as_u64().unwrap_or(3072);
    let kinds = [("text", "TEXT"), ("image", "IMAGE"), ("video", "AUDIO_VIDEO_COMBINED"), ("audio", "AUDIO")];
    let (key, kind) = kinds.into_iter().find(|(key, _)| params.get(key).is_some()).unwrap_or(kinds[0]);
    let vector = embed(&params[key].to_string(), size(dimensions));
    done(call, json!({ "embeddings": [{ "embeddingType": kind, "embedding": vector }] }))
}

/// Cohere: a list of texts, pictures or mixed inputs, in the number formats that are asked for.
pub(super) fn cohere(call: &Call<'_>) -> Answer {
    let default = || call.default("output_dimension").unwrap_or(1024);
    let dimensions = size(call.body["output_dimension"].as_u64().unwrap_or_else(default));
    let list = |key: &str| call.body[key].as_array().into_iter().flatten();
    let text = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    let inputs = list("texts").chain(list("images")).chain(list("inputs"));
    let vectors: Vec<Vec<f64>> = inputs.map(|input| embed(&text(input), dimensions)).collect();
    let types = strings(&call.body["embedding_types"]);
    let embeddings = if types.is_empty() {
        json!(vectors)
    } else {
        let by_type = types.iter().map(|kind| {
            ((*kind).to_owned(), Value::Array(vectors.iter().map(|vector| cohere_form(kind, vector)).collect()))
        });
        Value::Object(by_type.collect())
    };
    let body = json!({
        "id": call.seed.id("embeddings", 22),
        "response_type": if types.is_empty() { "embeddings_floats" } else { "embeddings_by_type" },
        "embeddings": embeddings,
        "texts": call.body.get("texts").cloned().unwrap_or_else(|| json!([])),
    });
    done(call, body)
}

fn cohere_form(kind: &str, vector: &[f64]) -> Value {
    let bits = || {
        vector.chunks(8).map(|chunk| {
            chunk.iter().enumerate().fold(0u8, |byte, (bit, value)| byte | u8::from(*value > 0.0) << (7 - bit))
        })
    };
    // Components of a unit vector are small: scaled so that usual ones fill the byte.
    let scaled = |value: &f64| (value * (vector.len() as f64).sqrt() * 48.0).round().clamp(-128.0, 127.0);
    match kind {
        "int8" => json!(vector.iter().map(|value| scaled(value) as i8).collect::<Vec<_>>()),
        "uint8" => json!(vector.iter().map(|value| (scaled(value) + 128.0) as u8).collect::<Vec<_>>()),
        "ubinary" => json!(bits().collect::<Vec<_>>()),
        "binary" => json!(bits().map(|byte| i16::from(byte) - 128).collect::<Vec<_>>()),
        "base64" => {
            let bytes: Vec<u8> = vector.iter().flat_map(|value| (*value as f32).to_le_bytes()).collect();
            json!(STANDARD.encode(bytes))
        }
        _ => json!(vector),
    }
}

fn done(call: &Call<'_>, body: Value) -> Answer {
    Answer {
        body,
        events: Vec::new(),
        usage: Usage { input_tokens: call.input_tokens.max(tokens(0)), output_tokens: 0 },
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// No model has more dimensions than this; whatever a request says, no more are made.
fn size(dimensions: u64) -> usize {
    usize::try_from(dimensions.clamp(1, 8192)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::embed;

    #[test]
    fn vectors_have_length_one_and_likeness() {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (cat, cats, tax) = (embed("a red cat", 256), embed("The red cat", 256), embed("income tax law", 256));
        assert!((dot(&cat, &cat) - 1.0).abs() < 1e-9);
        assert!(dot(&cat, &cats) > dot(&cat, &tax) + 0.3);
        assert!((dot(&embed("", 8), &embed("", 8)) - 1.0).abs() < 1e-9);
    }
}
