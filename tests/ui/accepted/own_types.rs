//! A user's own types, where the names of the prelude mean something else.

#![allow(dead_code)]

use bedrock_models::json::{Build, Extra, Json, from_str};
use serde_json::json;

use super::is;

struct Result;
struct Option;
struct String;
struct Vec;
struct Box;
struct Some;
struct None;
struct Ok;
struct Err;
trait Into {}
trait From {}
trait Default {}
trait Iterator {}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed("api_version" = 2))]
#[build(brief(limit = 16u32))]
struct Request {
    prompt: ::std::string::String,
    #[json(rename = "max-words")]
    limit: ::core::option::Option<u32>,
    blocks: ::core::option::Option<::std::vec::Vec<Block>>,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(request, tag = "type")]
enum Block {
    #[json("text", from_str)]
    Text(TextBlock),
    #[json("more")]
    More(More),
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed("type" = "text"), from_str)]
struct TextBlock {
    text: ::std::string::String,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed("type" = "more"))]
struct More {
    mode: Mode,
    text: Either,
}

#[derive(Clone, Copy, Debug, PartialEq, Json)]
#[json(request, strings)]
enum Mode {
    #[json("fast")]
    Fast,
    #[json("slow")]
    Slow,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(request, kind)]
enum Either {
    #[json(string)]
    One(::std::string::String),
    #[json(array)]
    Many(::std::vec::Vec<::std::string::String>),
}

#[test]
fn derives_stand_by_themselves() {
    let request = Request::brief("Hello")
        .blocks([Block::from("a"), More::new(Mode::Slow, ["b", "c"].map(::std::borrow::ToOwned::to_owned)).into()]);
    let body = json!({
        "api_version": 2,
        "prompt": "Hello",
        "max-words": 16,
        "blocks": [{ "type": "text", "text": "a" }, { "type": "more", "mode": "slow", "text": ["b", "c"] }]
    });
    is(&request, &body);
    assert_eq!(from_str::<Request>(&body.to_string()).ok(), ::core::option::Option::Some(request));
}

/// `request!` names everything by absolute paths, too.
#[test]
fn so_do_bodies() {
    use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
    let ask = bedrock_models::request!(ClaudeHaiku4_5 {
        max_tokens: 64,
        temperature: 0.5,
        system: "Be brief.",
        stop_sequences: ["END"],
        metadata: { user_id: "me" },
        messages: [{ role: "user", content: [{ type: "text", text: "Hello", cache_control: { type: "ephemeral" } }] }],
    });
    is(
        &ask,
        &json!({
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 64,
            "temperature": 0.5,
            "system": "Be brief.",
            "stop_sequences": ["END"],
            "metadata": { "user_id": "me" },
            "messages": [{ "role": "user", "content": [
                { "type": "text", "text": "Hello", "cache_control": { "type": "ephemeral" } }
            ] }]
        }),
    );
}

mod from_a_file {
    bedrock_models::include_schema!("ui/schemas/mine.json");
}

#[test]
fn a_schema_of_ones_own() {
    let ask = from_a_file::Request::new("Hello").temperature(0.5);
    is(&ask, &json!({ "prompt": "Hello", "temperature": 0.5 }));
}
