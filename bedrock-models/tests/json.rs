//! The rules of the JSON runtime and its derives, one test each.
//!
//! `tests/features` runs the same cases with serde_json's `arbitrary_precision` and `preserve_order`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Debug;

use bedrock_models::json::{
    self, Blob, Build, Decode, DecodeError, Echo, Encode, Extra, IntoList, Json, Map, Maybe, Value,
};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed("version" = "2023", "format" = 2))]
#[build(short(max_tokens = 16, note = "short"))]
struct Request {
    /// How many tokens.
    max_tokens: u32,
    messages: Vec<Message>,
    /// How bold.
    ///
    /// Not in the setter's docs.
    temperature: Option<f64>,
    #[json(rename = "amazon-bedrock-guardrailConfig")]
    guardrail_config: Option<Box<Guardrail>>,
    stop: Option<Vec<String>>,
    citations: Maybe<Vec<String>>,
    #[json(null)]
    user: Option<String>,
    note: Option<String>,
    r#type: Option<Role>,
    metadata: Option<BTreeMap<String, u64>>,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request)]
struct Guardrail {
    stream: Option<bool>,
    depth: Option<i64>,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request)]
#[build(user(role = Role::User), assistant(role = Role::Assistant))]
struct Message {
    role: Role,
    content: Content,
    extra: Extra,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
#[json(request, strings)]
enum Role {
    #[json("user")]
    User,
    #[json("assistant")]
    Assistant,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(request, kind)]
enum Content {
    #[json(string)]
    Text(String),
    #[json(array)]
    Blocks(Vec<Block>),
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(request, tag = "type")]
enum Block {
    #[json("text", from_str)]
    Text(TextBlock),
    #[json("image")]
    Image(ImageBlock),
    #[json("tool_result")]
    Result(Box<ResultBlock>),
    #[json("computer_1", "computer_2")]
    Computer(Computer),
    #[json("custom", default)]
    Custom(Custom),
    #[json(echo)]
    Echo(Echo<ReplyBlock>),
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed("type" = "none"))]
struct Nothing {
    extra: Extra,
}

/// No place for raw members.
#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(reply, fixed("type" = "bare"))]
struct Bare {
    id: Option<u32>,
}

/// One arm, no default.
#[derive(Clone, Debug, PartialEq, Json)]
#[json(request, tag = "type")]
enum OnlyText {
    #[json("text")]
    Text(TextBlock),
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed("type" = "text"), from_str)]
struct TextBlock {
    text: String,
    cache: Option<bool>,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed("type" = "image"))]
struct ImageBlock {
    data: Blob,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed("type" = "tool_result"))]
struct ResultBlock {
    id: String,
    content: Option<Content>,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request)]
struct Computer {
    r#type: ComputerVersion,
    width: u32,
    extra: Extra,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
#[json(request, strings)]
enum ComputerVersion {
    #[json("computer_1")]
    One,
    #[json("computer_2")]
    Two,
}

#[derive(Clone, Debug, PartialEq, Json, Build)]
#[json(request, fixed_optional("type" = "custom"))]
struct Custom {
    name: String,
    schema: Option<Map<String, Value>>,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(request, key)]
enum Part {
    #[json("text", from_str)]
    Text(String),
    #[json("size")]
    Size(Size),
}

/// Arms with more members than the one that names them.
#[derive(Clone, Debug, PartialEq, Json)]
#[json(request, key)]
enum Shape {
    #[json("width", whole)]
    Size(Size),
    #[json("text")]
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(request)]
struct Size {
    width: u32,
    height: u32,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(request, kind)]
enum Any {
    #[json(string)]
    String(String),
    #[json(array)]
    Array(Vec<f64>),
    #[json(object)]
    Object(Size),
    #[json(number)]
    Number(f64),
    #[json(integer)]
    Integer(i64),
    #[json(boolean)]
    Boolean(bool),
    #[json(null)]
    Null,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply)]
struct Reply {
    id: String,
    content: Vec<ReplyBlock>,
    #[json(null)]
    stop_reason: Option<StopReason>,
    parts: Option<Vec<ReplyPart>>,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply, strings)]
enum StopReason {
    #[json("end_turn")]
    EndTurn,
    #[json("max_tokens")]
    MaxTokens,
    #[json(other)]
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply, tag = "type")]
enum ReplyBlock {
    #[json("text")]
    Text(ReplyText),
    #[json("nested")]
    Nested(ReplyNested),
    #[json(other)]
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply, fixed("type" = "text"))]
struct ReplyText {
    text: String,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply, fixed("type" = "nested"))]
struct ReplyNested {
    blocks: Vec<ReplyBlock>,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply, key)]
enum ReplyPart {
    #[json("text")]
    Text(String),
    #[json("tokens")]
    Tokens(u32),
    #[json("size")]
    Size(Box<ReplySize>),
    #[json("note", whole)]
    Note(ReplyNote),
    #[json(other)]
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply)]
struct ReplySize {
    width: u32,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply)]
struct ReplyNote {
    note: String,
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Json)]
#[json(reply, kind)]
enum Detail {
    #[json(string)]
    Text(String),
    #[json(other)]
    Unknown(Value),
}

/// Reads a type from JSON, in text and as a tree, in the order given and with the members turned around.
fn read<T: for<'de> Decode<'de> + PartialEq + Debug>(value: &Value) -> Result<T, DecodeError> {
    let read = json::from_slice::<T>(value.to_string().as_bytes());
    match (&read, json::from_value::<T>(value)) {
        (Ok(a), Ok(b)) => assert_eq!(*a, b, "text and tree of {value}"),
        (Err(a), Err(b)) => assert_eq!((a.message(), a.path()), (b.message(), b.path()), "text and tree of {value}"),
        (a, b) => panic!("text and tree of {value} differ: {a:?}, {b:?}"),
    }
    match (&read, json::from_str::<T>(&turned(value))) {
        (Ok(a), Ok(b)) => assert_eq!(*a, b, "{value} turned around"),
        (Err(_), Err(_)) => {}
        (a, b) => panic!("{value} turned around differs: {a:?}, {b:?}"),
    }
    read
}

/// Text with the members of every object in reverse order.
fn turned(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut members: Vec<String> =
                map.iter().map(|(key, value)| format!("{}:{}", json!(key), turned(value))).collect();
            members.reverse();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(turned).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// Reads and writes again; nothing may change.
fn round<T: for<'de> Decode<'de> + Encode + PartialEq + Debug>(value: &Value) -> T {
    let read = read::<T>(value).unwrap_or_else(|error| panic!("{error} in {value}"));
    assert_eq!(json::to_value(&read).expect("encodes"), *value);
    assert_eq!(json::from_slice::<Value>(&json::to_vec(&read).expect("encodes")).expect("is JSON"), *value);
    read
}

/// The error of a body that must be refused.
fn refuse<T: for<'de> Decode<'de> + PartialEq + Debug>(value: &Value) -> String {
    match read::<T>(value) {
        Ok(value) => panic!("accepted as {value:?}"),
        Err(error) if error.path().is_empty() => error.message().to_owned(),
        Err(error) => format!("{} at {}", error.message(), error.path()),
    }
}

fn request(change: impl FnOnce(&mut Map<String, Value>)) -> Value {
    let mut value = json!({
        "version": "2023", "format": 2, "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}], "user": null
    });
    change(value.as_object_mut().expect("is an object"));
    value
}

fn with(key: &str, value: Value) -> Value {
    request(|request| {
        request.insert(key.to_owned(), value);
    })
}

fn without(key: &str) -> Value {
    request(|request| {
        request.remove(key);
    })
}

// Presence.

#[test]
fn required_members_must_be_there() {
    round::<Request>(&request(|_| {}));
    assert_eq!(refuse::<Request>(&without("max_tokens")), "missing field `max_tokens`");
    let nested = with("messages", json!([{"role": "user"}]));
    assert_eq!(refuse::<Request>(&nested), "missing field `content` at /messages/0");
}

#[test]
fn optional_members_are_absent_or_values_but_not_null() {
    assert_eq!(round::<Request>(&request(|_| {})).temperature, None);
    assert_eq!(round::<Request>(&with("temperature", json!(0.5))).temperature, Some(0.5));
    let null = with("temperature", Value::Null);
    assert_eq!(refuse::<Request>(&null), "expected a number, found null at /temperature");
}

#[test]
fn required_and_nullable_members_are_sent_as_null() {
    assert_eq!(round::<Request>(&request(|_| {})).user, None);
    assert_eq!(round::<Request>(&with("user", json!("me"))).user.as_deref(), Some("me"));
    assert_eq!(refuse::<Request>(&without("user")), "missing field `user`");
}

#[test]
fn maybe_tells_absent_and_null_apart() {
    assert_eq!(round::<Request>(&request(|_| {})).citations, Maybe::Absent);
    assert_eq!(round::<Request>(&with("citations", Value::Null)).citations, Maybe::Null);
    assert_eq!(round::<Request>(&with("citations", json!([]))).citations, Maybe::Value(vec![]));
}

#[test]
fn fixed_members_are_written_and_compared() {
    assert_eq!(refuse::<Request>(&without("version")), "missing field `version`, which is always \"2023\"");
    assert_eq!(refuse::<Request>(&with("version", json!("2024"))), "expected \"2023\", found \"2024\" at /version");
    assert_eq!(refuse::<Request>(&with("version", json!(2023))), "expected \"2023\", found 2023 at /version");
    assert_eq!(refuse::<Request>(&with("format", json!(3))), "expected 2, found 3 at /format");
    read::<Request>(&with("format", json!(2.0))).expect("numbers are compared by value");
}

#[test]
fn a_fixed_member_that_may_be_absent_keeps_its_spelling() {
    let absent: Custom = round(&json!({"name": "x"}));
    let present: Custom = round(&json!({"name": "x", "type": "custom"}));
    assert_ne!(absent, present);
    assert_eq!(json::to_string(&Custom::new("x")).expect("encodes"), r#"{"name":"x"}"#);
}

#[test]
fn a_struct_may_have_no_fields() {
    assert_eq!(round::<Nothing>(&json!({"type": "none"})), Nothing::default());
    assert_eq!(refuse::<Nothing>(&json!({})), "missing field `type`, which is always \"none\"");
    assert_eq!(refuse::<Nothing>(&json!({"type": "none", "a": 1})), "unknown field `a`, expected `type` at /a");
    assert_eq!(round::<Bare>(&json!({"type": "bare", "id": 1})), Bare::new().id(1));
    assert_eq!(read::<Bare>(&json!({"type": "bare", "new": 1})).expect("is open"), Bare::new());
    assert_eq!(refuse::<Bare>(&json!({})), "missing field `type`, which is always \"bare\"");
}

#[test]
fn members_may_have_other_names_in_json() {
    let value = with("amazon-bedrock-guardrailConfig", json!({"stream": true}));
    assert_eq!(round::<Request>(&value).guardrail_config.and_then(|config| config.stream), Some(true));
    let value = with("type", json!("user"));
    assert_eq!(round::<Request>(&value).r#type, Some(Role::User));
}

// Unknown members.

#[test]
fn requests_refuse_unknown_members() {
    assert_eq!(
        refuse::<Request>(&with("max_tokns", json!(1))),
        "unknown field `max_tokns`, did you mean `max_tokens`? at /max_tokns"
    );
    assert_eq!(
        refuse::<Request>(&with("messages", json!([{"role": "user", "content": "", "weather": 1}]))),
        "unknown field `weather`, expected one of `role`, `content` at /messages/0/weather"
    );
}

#[test]
fn replies_keep_unknown_members() {
    let reply: Reply = round(&json!({
        "id": "1", "content": [{"type": "text", "text": "a", "signature": [1, 2.5, "x", null, true, {"a": {}}]}],
        "stop_reason": null, "new": {"deep": [1]}
    }));
    assert_eq!(reply.extra.get("new"), Some(&json!({"deep": [1]})));
}

#[test]
fn raw_members_are_written_last_and_take_the_place_of_fields() {
    let mut request = Guardrail::new().stream(true).depth(2);
    request.extra.insert("new", 1);
    request.extra.insert("stream", "partly");
    assert_eq!(json::to_value(&request).expect("encodes"), json!({"depth": 2, "new": 1, "stream": "partly"}));
    assert!(json::to_string(&request).expect("encodes").starts_with(r#"{"depth":2,"#));
}

#[test]
fn equal_keys_are_an_error() {
    for (text, path, column) in [
        (r#"{"stream": true, "stream": true}"#, "/stream", 18),
        (r#"{"stream": true, "depth": 1, "depth": 1}"#, "/depth", 30),
    ] {
        let error = json::from_str::<Guardrail>(text).expect_err("has equal keys");
        assert_eq!(error.message(), format!("duplicate field `{}`", &path[1..]));
        assert_eq!((error.path(), error.line(), error.column()), (path, Some(1), Some(column)));
    }
    for text in [
        r#"{"type": "text", "text": "a", "type": "text"}"#,
        r#"{"text": "a", "type": "text", "text": "a"}"#,
        r#"{"text": "a", "text": "a", "type": "text"}"#,
        r#"{"id": "a", "content": [{"text": "", "text": "", "type": "text"}], "type": "tool_result"}"#,
    ] {
        let error = json::from_str::<Block>(text).expect_err("has equal keys");
        assert!(error.message().starts_with("duplicate field"), "{error} in {text}");
    }
    let twice = r#"{"id": "", "content": [], "stop_reason": null, "new": 1, "new": 1}"#;
    assert_eq!(json::from_str::<Reply>(twice).expect_err("has equal keys").message(), "duplicate field `new`");
    let map = json::from_str::<BTreeMap<String, u64>>(r#"{"a": 1, "a": 1}"#).expect_err("has equal keys");
    assert_eq!(map.message(), "duplicate field `a`");
}

// Unions.

#[test]
fn the_tag_chooses_the_arm_wherever_it_stands() {
    let expected = Block::Text(TextBlock::new("a").cache(true));
    for text in [
        r#"{"type": "text", "text": "a", "cache": true}"#,
        r#"{"text": "a", "type": "text", "cache": true}"#,
        r#"{"text": "a", "cache": true, "type": "text"}"#,
        r#"{"text": "\u0061", "cache": true, "\u0074ype": "te\u0078t"}"#,
    ] {
        assert_eq!(json::from_str::<Block>(text).expect(text), expected);
    }
    let text = json::to_string(&expected).expect("encodes");
    assert_eq!(text, r#"{"type":"text","text":"a","cache":true}"#, "the tag is written first");
}

#[test]
fn unknown_and_missing_tags_say_what_is_allowed() {
    assert_eq!(
        refuse::<Block>(&json!({"type": "txt", "text": "a"})),
        "unknown value \"txt\" of `type`, did you mean `text`? at /type"
    );
    assert_eq!(refuse::<OnlyText>(&json!({"text": "a"})), "missing field `type`, expected `text`");
    assert_eq!(refuse::<OnlyText>(&json!({"type": 5})), "expected a string, expected `text` at /type");
    for value in [json!(null), json!(true), json!(1), json!("x")] {
        assert_eq!(refuse::<Block>(&value), format!("expected an object with a `type`, found {value}"));
    }
    assert_eq!(refuse::<Block>(&json!([])), "expected an object with a `type`, found an array");
}

#[test]
fn several_tags_may_name_one_arm() {
    let block: Block = round(&json!({"type": "computer_2", "width": 5}));
    assert_eq!(block, Block::Computer(Computer::new(ComputerVersion::Two, 5)));
    round::<Block>(&json!({"type": "computer_1", "width": 5}));
}

#[test]
fn the_default_arm_needs_no_tag() {
    assert_eq!(round::<Block>(&json!({"name": "x"})), Block::Custom(Custom::new("x")));
    round::<Block>(&json!({"type": "custom", "name": "x", "schema": {"b": 1, "a": [1.5]}}));
    assert_eq!(refuse::<Block>(&json!({})), "missing field `name`");
}

#[test]
fn the_one_key_chooses_the_arm() {
    assert_eq!(round::<Part>(&json!({"text": "a"})), Part::Text("a".to_owned()));
    round::<Part>(&json!({"size": {"width": 1, "height": 2}}));
    assert_eq!(refuse::<Part>(&json!({"sise": {}})), "unknown field `sise`, did you mean `size`? at /sise");
    let expected = "expected an object with one member: `text` or `size`";
    assert_eq!(refuse::<Part>(&json!({})), format!("{expected}, found an empty object"));
    assert_eq!(refuse::<Part>(&json!("a")), format!("{expected}, found \"a\""));
    assert_eq!(refuse::<Part>(&json!(5)), format!("{expected}, found 5"));
    let both = json::from_str::<Part>(r#"{"text": "a", "size": {"width": 1, "height": 2}}"#).expect_err("has two");
    assert_eq!(both.to_string(), "`text` and `size` exclude each other at /size (line 1, column 15)");
    assert_eq!(
        refuse::<Part>(&json!({"size": {"width": 1, "height": "2"}})),
        "expected an integer from 0 to 4294967295, found \"2\" at /size/height"
    );
}

#[test]
fn an_arm_by_key_may_hold_the_whole_object() {
    round::<Shape>(&json!({"height": 2, "width": 1}));
    round::<Shape>(&json!({"text": "a"}));
    assert_eq!(
        refuse::<Shape>(&json!({"height": 2})),
        "unknown field `height`, expected one of `width`, `text` at /height"
    );
    assert_eq!(
        refuse::<Shape>(&json!({"height": "2", "width": 1})),
        "expected an integer from 0 to 4294967295, found \"2\" at /height"
    );
}

#[test]
fn the_kind_chooses_the_arm() {
    assert_eq!(round::<Any>(&json!("a")), Any::String("a".to_owned()));
    assert_eq!(round::<Any>(&json!([1.5])), Any::Array(vec![1.5]));
    assert_eq!(round::<Any>(&json!(1.5)), Any::Number(1.5));
    assert_eq!(round::<Any>(&json!(-7)), Any::Integer(-7));
    assert_eq!(round::<Any>(&json!(7)), Any::Integer(7));
    assert_eq!(read::<Any>(&json!(7.0)).expect("is whole"), Any::Integer(7));
    assert_eq!(round::<Any>(&json!(true)), Any::Boolean(true));
    assert_eq!(round::<Any>(&json!(null)), Any::Null);
    round::<Any>(&json!({"width": 1, "height": 2}));
    for value in [json!(1), json!(1.5), json!(true), json!(null)] {
        assert_eq!(refuse::<Content>(&value), format!("expected a string or an array, found {value}"));
    }
    assert_eq!(refuse::<Content>(&json!({"a": 1})), "expected a string or an array, found an object");
}

#[test]
fn enums_of_strings_are_closed_in_requests() {
    assert_eq!(round::<Role>(&json!("user")), Role::User);
    assert_eq!((Role::Assistant.as_str(), Role::User.to_string().as_str()), ("assistant", "user"));
    assert_eq!(refuse::<Role>(&json!("uesr")), "unknown value \"uesr\", did you mean `user`?");
    assert_eq!(refuse::<Role>(&json!("system")), "unknown value \"system\", expected one of `user`, `assistant`");
    assert_eq!(refuse::<Role>(&json!(1)), "expected one of `user`, `assistant`, found 1");
}

#[test]
fn unknown_arms_of_replies_round_trip() {
    for value in [
        json!({"type": "hologram", "points": [[1, 2.5]], "deep": {"type": "text"}}),
        json!({"no_type": 1}),
        json!({"type": 5}),
        json!({}),
        json!([1]),
        json!(1.5),
        json!(-3),
        json!(null),
        json!(true),
        json!("text"),
    ] {
        assert_eq!(round::<ReplyBlock>(&value), ReplyBlock::Unknown(value.clone()));
        assert_eq!(round::<ReplyPart>(&value), ReplyPart::Unknown(value.clone()));
        if !value.is_string() {
            assert_eq!(round::<Detail>(&value), Detail::Unknown(value));
        }
    }
    assert_eq!(round::<StopReason>(&json!("paused")), StopReason::Unknown("paused".to_owned()));
    assert_eq!(StopReason::Unknown("paused".to_owned()).as_str(), "paused");
}

#[test]
fn a_known_arm_that_is_not_understood_is_kept_as_unknown() {
    let odd = json!({"type": "text", "text": {"parts": ["a"]}});
    let reply: Reply = round(&json!({
        "id": "1",
        "content": [{"type": "nested", "blocks": [odd, {"type": "text", "text": "ok"}]}, {"type": "text", "text": "a"}],
        "stop_reason": "end_turn",
        "parts": [{"text": "a"}, {"text": 5}, {"text": "a", "tokens": 1}],
    }));
    let [ReplyBlock::Nested(nested), ReplyBlock::Text(_)] = reply.content.as_slice() else { panic!("{reply:?}") };
    assert!(matches!(nested.blocks.as_slice(), [ReplyBlock::Unknown(_), ReplyBlock::Text(_)]), "only the innermost");
    // What lies outside of open unions still fails, and says so.
    let wrong = json!({"id": "1", "content": [odd], "stop_reason": 5});
    assert_eq!(refuse::<Reply>(&wrong), "expected a string, found 5 at /stop_reason");
}

#[test]
fn what_stands_beside_the_key_of_a_reply_is_kept_with_its_value() {
    let value = json!({"new": [1], "size": {"width": 1, "newer": {}}, "newest": {"size": 2}});
    let ReplyPart::Size(size) = round(&value) else { panic!("is a size") };
    assert_eq!((size.extra.len(), size.extra.get("newer")), (1, Some(&json!({}))));
    let beside = size.extra.beside();
    assert_eq!(
        (beside.len(), beside.get("new"), beside.get("newest")),
        (2, Some(&json!([1])), Some(&json!({"size": 2})))
    );
    assert_eq!(
        json::to_value(&size).expect("encodes"),
        json!({"width": 1, "newer": {}}),
        "it belongs to the object around"
    );
    assert_ne!(size, Box::new(json::from_str(r#"{"width": 1, "newer": {}}"#).expect("is a size")));
    // A variant that holds the whole object has them among its own.
    let ReplyPart::Note(note) = round(&json!({"new": [1], "note": "a", "newer": {}})) else { panic!("is a note") };
    assert_eq!((note.extra.len(), note.extra.beside().len()), (2, 0));
    // A string has no place for them.
    let part = json::from_str::<ReplyPart>(r#"{"new": [1], "text": "a", "newer": {}}"#).expect("is text");
    assert_eq!(part, ReplyPart::Text("a".to_owned()));
}

#[test]
fn two_keys_of_a_reply_choose_no_variant() {
    for value in [
        json!({"size": {"width": 1}, "tokens": 1}),
        json!({"note": "a", "tokens": 1}),
        json!({"note": "a", "size": {"width": 1}}),
    ] {
        assert_eq!(round::<ReplyPart>(&value), ReplyPart::Unknown(value.clone()));
    }
    let twice = r#"{"size": {"width": 1}, "new": 1, "new": 2}"#;
    assert!(matches!(json::from_str(twice).expect("is read"), ReplyPart::Unknown(_)), "as after every equal key");
}

#[test]
fn replies_go_back_into_requests_unchanged() {
    let value = json!({"type": "text", "text": "a", "signature": "x"});
    let reply: ReplyBlock = read(&value).expect("is a reply");
    let block = Block::from(&reply);
    assert_eq!(json::to_value(&block).expect("encodes"), value);
    assert_eq!(block, Block::from(reply));
    // Reading a request never gives an echo.
    assert_eq!(
        refuse::<Block>(&value),
        "unknown field `signature`, expected one of `text`, `cache`, `type` at /signature"
    );
}

// Numbers, strings, bytes.

#[test]
fn integral_floats_are_integers() {
    for (text, value) in [("512", 512), ("512.0", 512), ("5.12e2", 512), ("0", 0), ("-0", 0), ("4294967295", u32::MAX)]
    {
        assert_eq!(json::from_str::<u32>(text).expect(text), value, "{text}");
    }
    for text in ["512.5", "-1", "4294967296", "1e300", "-1.0"] {
        let error = json::from_str::<u32>(text).expect_err(text);
        assert!(error.message().starts_with("expected an integer from 0 to 4294967295, found"), "{error}");
    }
    assert_eq!(json::from_str::<u64>("18446744073709551615").expect("fits"), u64::MAX);
    json::from_str::<u64>("18446744073709551616").expect_err("does not fit");
    assert_eq!(json::from_str::<i64>("-9223372036854775808").expect("fits"), i64::MIN);
    json::from_str::<i64>("9223372036854775808").expect_err("does not fit");
    json::from_str::<i64>("-9223372036854777856.0").expect_err("does not fit");
    assert_eq!(json::from_str::<f64>("5").expect("is a number"), 5.0);
}

#[test]
fn what_is_no_number_is_not_written() {
    let request = Request::new(5, [Message::user("Hi")], None).temperature(f64::NAN);
    let error = json::to_vec(&request).expect_err("is not a number");
    assert_eq!(error.to_string(), "NaN is not a number that JSON has at /temperature");
    assert_eq!(json::to_value(&vec![0.0, f64::INFINITY]).expect_err("is infinite").path(), "/1");
    json::from_str::<f64>("1e999").expect_err("is infinite");
    json::from_str::<f64>("NaN").expect_err("is no JSON");
}

#[test]
fn bytes_are_base64_and_never_shown() {
    let block: Block = round(&json!({"type": "image", "data": "AAEC/w=="}));
    assert_eq!(block, Block::Image(ImageBlock::new([0, 1, 2, 255])));
    assert!(format!("{block:?}").contains("<4 bytes>"));
    assert_eq!(format!("{:?}", Blob::from(vec![0; 12_345])), "<12,345 bytes>");
    for (data, message) in [
        ("AAEC/w", "expected base64, found a string of 6 bytes without the right padding (`=`)"),
        ("AAEC_w==", "expected base64, found a string of 8 bytes with another character at 4"),
        ("AAEC\n/w==", "expected base64, found a string of 9 bytes with another character at 4"),
        ("data:image/png;base64,AAEC", "expected base64, found a data URL: send only what is behind its comma"),
    ] {
        assert_eq!(refuse::<Block>(&json!({"type": "image", "data": data})), format!("{message} at /data"));
    }
    assert_eq!(Blob::read("no such file").expect_err("is not there").kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn errors_do_not_show_long_strings() {
    let prompt = "a secret plan ".repeat(100);
    let bodies = [
        with("max_tokens", json!(prompt)),
        with("messages", json!(prompt)),
        with("version", json!(prompt)),
        with("format", json!(prompt)),
        with("type", json!(prompt)),
        with("temperature", json!(prompt)),
        with("amazon-bedrock-guardrailConfig", json!({"stream": prompt})),
        with("messages", json!([{"role": "user", "content": [{"type": prompt}]}])),
        with("messages", json!([{"role": "user", "content": [{"type": "image", "data": prompt}]}])),
        with("metadata", json!(prompt)),
        with("metadata", json!({"a": prompt})),
    ];
    for body in bodies {
        let error = read::<Request>(&body).expect_err("is wrong").to_string();
        assert!(!error.contains("secret"), "{error}");
        assert!(error.contains("a string of 1,400 bytes"), "{error}");
    }
}

// Places.

#[test]
fn errors_inside_unions_name_the_place() {
    let text = r#"{
  "version": "2023", "format": 2, "max_tokens": 5, "user": null,
  "messages": [
    {"role": "user", "content": "é"},
    {"role": "user", "content": [
      {"type": "text", "text": "ok"},
      {"id": "1", "content": [{"text": "ä", "cachee": true, "type": "text"}], "type": "tool_result"}
    ]}
  ]
}"#;
    let error = json::from_str::<Request>(text).expect_err("has a misspelt key");
    assert_eq!(
        error.to_string(),
        "unknown field `cachee`, did you mean `cache`? at /messages/1/content/1/content/0/cachee (line 7, column 45)"
    );
    let text = text.replace(r#"cachee": true"#, r#"cache": 12.5"#);
    let expected = "expected a boolean, found 12.5 at /messages/1/content/1/content/0/cache (line 7, column ";
    let error = json::from_str::<Request>(&text).expect_err("has a wrong type");
    assert_eq!(error.to_string(), format!("{expected}54)"));
    // With the tag in front nothing is kept aside; the place is the same.
    let text =
        text.replace(r#"{"id""#, r#"{"type": "tool_result", "id""#).replace(r#"], "type": "tool_result"}"#, "]}");
    let error = json::from_str::<Request>(&text).expect_err("has a wrong type");
    assert_eq!(error.to_string(), format!("{expected}77)"));
}

#[test]
fn paths_are_json_pointers() {
    let error = json::from_str::<BTreeMap<String, Vec<u32>>>(r#"{"a/b~c": [1, "x"]}"#).expect_err("is wrong");
    assert_eq!((error.path(), error.column()), ("/a~1b~0c/1", Some(15)));
}

#[test]
fn text_that_is_no_json_is_told_apart() {
    let error = json::from_str::<Request>("{\n  \"max_tokens\": 5,\n  \"messages\": [}").expect_err("is no JSON");
    assert!(error.is_syntax());
    assert_eq!((error.line(), error.column(), error.path()), (Some(3), Some(16), "/messages/0"));
    let error = json::from_str::<Guardrail>("{} {}").expect_err("goes on");
    assert!(error.is_syntax() && error.message().contains("trailing"), "{error}");
    let error = json::from_str::<Guardrail>("{\"stream\": tr").expect_err("ends early");
    assert!(error.is_syntax(), "{error}");
    assert!(!json::from_str::<Guardrail>("[]").expect_err("is no object").is_syntax());
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let mut text = r#"{"type": "tool_result", "id": "", "content": "x"}"#.to_owned();
    for i in 0..200 {
        text = match i % 2 {
            0 => format!(r#"{{"type": "tool_result", "id": "", "content": [{text}]}}"#),
            _ => format!(r#"{{"id": "", "content": [{text}], "type": "tool_result"}}"#),
        };
    }
    let error = json::from_str::<Block>(&text).expect_err("is deep");
    assert!(error.message().contains("recursion limit"), "{error}");
    let nested = text.replace("tool_result", "nested").replace(r#""id": "", "content": ["#, r#""blocks": ["#);
    json::from_str::<ReplyBlock>(&nested).expect_err("is deep");
    json::from_str::<Value>(&"[".repeat(100_000)).expect_err("is deep");

    let mut value = json!({"type": "text", "text": "x"});
    for _ in 0..60 {
        value = json!({"id": "", "content": [value], "type": "tool_result"});
    }
    round::<Block>(&value);
    for _ in 0..10 {
        value = json!({"id": "", "content": [value], "type": "tool_result"});
    }
    assert!(json::from_value::<Block>(&value).expect_err("is deep").message().contains("128 levels"));
}

// Other ways in and out.

#[test]
fn serde_sees_the_same() {
    let value = request(|_| {});
    let read: Request = serde_json::from_value(value.clone()).expect("is a request");
    assert_eq!(serde_json::to_value(&read).expect("serializes"), value);
    let error = serde_json::from_value::<Request>(with("max_tokens", json!("5"))).expect_err("is wrong");
    assert_eq!(error.to_string(), "expected an integer from 0 to 4294967295, found \"5\"");
    let read: Request = serde_json::from_reader(value.to_string().as_bytes()).expect("reads from a stream");
    assert_eq!(json::to_value(&read).expect("encodes"), value);
}

#[test]
fn raw_json_keeps_its_numbers() {
    for text in [r#"{"name":"x","schema":{"a":1,"b":1.5,"c":-1,"d":[1e3]}}"#, r#"{"name":"x","schema":{}}"#] {
        let custom: Custom = json::from_str(text).expect("is a tool");
        let again: Value = serde_json::from_str(&json::to_string(&custom).expect("encodes")).expect("is JSON");
        assert_eq!(again, serde_json::from_str::<Value>(text).expect("is JSON"));
    }
    assert_eq!(refuse::<Custom>(&json!({"name": "x", "schema": 5})), "expected an object, found 5 at /schema");
}

#[test]
fn numbers_are_no_objects() {
    // With `arbitrary_precision` they come as a map; see `number.rs`.
    for number in [json!(7), json!(7.5), json!(-7)] {
        assert_eq!(refuse::<Guardrail>(&number), format!("expected an object, found {number}"));
        assert_eq!(refuse::<OnlyText>(&number), format!("expected an object with a `type`, found {number}"));
        assert_eq!(refuse::<String>(&number), format!("expected a string, found {number}"));
        assert_eq!(refuse::<BTreeMap<String, u64>>(&number), format!("expected an object, found {number}"));
    }
}

// `Build`.

#[test]
fn new_takes_what_is_required_and_setters_the_rest() {
    let request = Request::new(512, vec![Message::user("Hi")], Some("me".to_owned()))
        .temperature(0.3)
        .guardrail_config(Guardrail::new().stream(true))
        .stop(["Human:", "User:"])
        .citations(["a"])
        .note("x")
        .r#type(Role::User)
        .metadata([("a".to_owned(), 1)]);
    let expected = Request {
        max_tokens: 512,
        messages: vec![Message { role: Role::User, content: Content::Text("Hi".to_owned()), extra: Extra::new() }],
        temperature: Some(0.3),
        guardrail_config: Some(Box::new(Guardrail { stream: Some(true), depth: None, extra: Extra::new() })),
        stop: Some(vec!["Human:".to_owned(), "User:".to_owned()]),
        citations: Maybe::Value(vec!["a".to_owned()]),
        user: Some("me".to_owned()),
        note: Some("x".to_owned()),
        r#type: Some(Role::User),
        metadata: Some(BTreeMap::from([("a".to_owned(), 1)])),
        extra: Extra::new(),
    };
    assert_eq!(request, expected);
}

#[test]
fn constructors_give_some_fields() {
    let request = Request::short([Message::assistant([Block::from("a")])], None);
    assert_eq!((request.max_tokens, request.note.as_deref()), (16, Some("short")));
    assert_eq!(request.messages[0], Message::new(Role::Assistant, vec![Block::Text("a".into())]));
}

#[test]
fn a_struct_without_required_fields_has_a_default() {
    assert_eq!(Guardrail::default(), Guardrail::new());
    assert_eq!(json::to_string(&Guardrail::default()).expect("encodes"), "{}");
}

#[test]
fn arms_are_made_from_what_they_hold() {
    assert_eq!(Block::from("a"), Block::from(TextBlock::new("a")));
    assert_eq!(Block::from("a".to_owned()), Block::Text("a".into()));
    assert_eq!(Block::from(ResultBlock::new("1")), Block::Result(Box::new(ResultBlock::new("1"))));
    assert_eq!(Part::from("a"), Part::Text("a".to_owned()));
    assert_eq!(Content::from("a"), Content::Text("a".to_owned()));
    assert_eq!(Content::from([Block::from("a")]), Content::from(vec![Block::from("a")]));
    assert_eq!(Any::from(1.5), Any::Number(1.5));
}

#[test]
fn lists_are_made_of_what_is_at_hand() {
    fn blocks(list: impl IntoList<Block>) -> Vec<Block> {
        list.into_list()
    }
    fn numbers(list: impl IntoList<u64>) -> Vec<u64> {
        list.into_list()
    }
    let one = vec![Block::from("a")];
    assert_eq!(blocks("a"), one);
    assert_eq!(blocks("a".to_owned()), one);
    assert_eq!(blocks([Block::from("a")]), one);
    assert_eq!(blocks(&one), one);
    assert_eq!(blocks(one.as_slice()), one);
    assert_eq!(numbers([1, 2]), numbers(vec![1, 2]));
}

#[test]
fn the_derives_compile_where_names_are_shadowed() -> Result<(), Box<dyn Error>> {
    let value = json!({"a": "x", "b": 1, "list": ["y"], "boxed": null});
    assert_eq!(json::to_value(&json::from_value::<shadowed::Thing>(&value)?)?, value);
    let thing = shadowed::Thing::new("x").choice(shadowed::Choice::Yes).b(1);
    assert_eq!(json::to_value(&thing)?, json!({"a": "x", "choice": "yes", "b": 1}));
    Ok(())
}

/// Everything that a derive could name by accident.
#[allow(dead_code, non_camel_case_types)]
mod shadowed {
    use ::bedrock_models::json::{Build, Json};

    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Result;
    pub struct Ok;
    pub struct Err;
    pub struct String;
    pub struct Box;
    pub struct Vec;
    pub struct str;
    pub struct usize;
    pub trait From {}
    pub trait Into {}
    pub trait Default {}
    pub trait Clone {}
    pub trait Encode {}
    pub trait Decode {}
    pub trait Serialize {}
    pub trait Deserialize {}
    pub mod core {}
    pub mod std {}
    pub mod bedrock_models {}

    #[derive(Json, Build)]
    #[json(request)]
    pub struct Thing {
        a: ::std::string::String,
        choice: ::core::option::Option<Choice>,
        b: ::core::option::Option<u32>,
        list: ::core::option::Option<::std::vec::Vec<::std::string::String>>,
        boxed: ::core::option::Option<::std::boxed::Box<Union>>,
        extra: ::bedrock_models::json::Extra,
    }

    #[derive(Json)]
    #[json(reply, strings)]
    pub enum Choice {
        #[json("yes")]
        Yes,
        #[json(other)]
        Unknown(::std::string::String),
    }

    #[derive(Json)]
    #[json(reply, kind)]
    pub enum Union {
        #[json(string)]
        Text(::std::string::String),
        #[json(array)]
        List(::std::vec::Vec<u32>),
        #[json(null)]
        Nothing,
        #[json(other)]
        Unknown(::bedrock_models::json::Value),
    }
}
