//! Rust where a value stands.

use bedrock_models::anthropic::claude_haiku_4_5::{ClaudeHaiku4_5 as M, ContentBlock, Message, Role, TextBlock};
use bedrock_models::json::Blob;
use bedrock_models::request;
use serde_json::json;

use super::is;

#[test]
fn arithmetic_and_parsing() {
    let from_a_form = "0.25";
    let ask = request!(M {
        max_tokens: 4 * 1024,
        temperature: from_a_form.parse().unwrap_or(0.5),
        top_k: "40".parse().unwrap_or(3),
        messages: [{ role: "user", content: "Hello" }],
    });
    assert_eq!((ask.max_tokens, ask.temperature, ask.top_k), (4096, Some(0.25), Some(40)));
    let ask = request!(M {
        max_tokens: "many".parse().unwrap_or(3),
        top_k: 2 + 3,
        messages: [{ role: "user", content: "Hello" }],
    });
    assert_eq!((ask.max_tokens, ask.top_k), (3, Some(5)));
}

#[test]
fn optional_members_take_options() {
    let (temperature, none): (Option<f64>, Option<f64>) = (Some(0.5), None);
    let system: Option<String> = Some("Be brief.".to_owned());
    let words: Option<Vec<String>> = None;
    let ask = request!(M {
        max_tokens: 64,
        temperature,
        top_p: none,
        system,
        stop_sequences: words,
        messages: [{ role: "user", content: "Hello" }],
    });
    is(
        &ask,
        &json!({
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 64,
            "messages": [{ "role": "user", "content": "Hello" }],
            "system": "Be brief.",
            "temperature": 0.5
        }),
    );
}

#[test]
fn texts_and_lists_of_any_kind() {
    let owned = String::from("Hello");
    let (one, two) = ("END", String::from("STOP"));
    let ask = request!(M {
        max_tokens: 64,
        system: &*owned,
        stop_sequences: [one, two],
        messages: vec![Message::user(owned.clone()), Message::assistant("Hi")],
    });
    assert_eq!(ask.stop_sequences.as_deref(), Some(&["END".to_owned(), "STOP".to_owned()][..]));
    let ends = ["END", "STOP"];
    let again = request!(M { stop_sequences: ends, ..ask.clone() });
    assert_eq!(again.stop_sequences, ask.stop_sequences);
    let again = request!(M { stop_sequences: ends.map(str::to_owned).to_vec(), ..ask.clone() });
    assert_eq!(again.stop_sequences, ask.stop_sequences);
    let again = request!(M { stop_sequences: Some(vec!["END", "STOP"]), ..ask.clone() });
    assert_eq!(again.stop_sequences, ask.stop_sequences);
}

#[test]
fn parts_made_elsewhere() {
    let hello: ContentBlock = TextBlock::new("Hello").into();
    let turn = Message::new(Role::Assistant, "Hi");
    let image = Blob::from(*b"hello");
    let ask = request!(M {
        max_tokens: 64,
        messages: [
            { role: Role::User, content: [hello, { type: "image", source: { type: "base64", media_type: "image/png", data: image } }] },
            turn,
            { role: "user", content: format!("And {}?", 5) },
        ],
    });
    is(
        &ask,
        &json!({
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 64,
            "messages": [
                { "role": "user", "content": [
                    { "type": "text", "text": "Hello" },
                    { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "aGVsbG8=" } }
                ] },
                { "role": "assistant", "content": "Hi" },
                { "role": "user", "content": "And 5?" }
            ]
        }),
    );
}

#[test]
fn blocks_and_conditions() {
    let thorough = true;
    let ask = request!(M {
        max_tokens: if thorough { 4096 } else { 256 },
        temperature: { let whole = 1.0; whole / 2.0 },
        top_k: match thorough { true => 5, false => 50 },
        messages: [{ role: "user", content: "Hello" }],
    });
    assert_eq!((ask.max_tokens, ask.temperature, ask.top_k), (4096, Some(0.5), Some(5)));
}

/// The macro can be called by another, with values that come through it.
#[test]
fn inside_another_macro() {
    macro_rules! ask {
        ($limit:expr, $text:literal) => {
            request!(M { max_tokens: $limit, messages: [{ role: "user", content: $text }] })
        };
    }
    assert_eq!(ask!(5 + 5, "Hello").max_tokens, 10);
    assert_eq!(ask!(5, "Hello").max_tokens, 5);
}
