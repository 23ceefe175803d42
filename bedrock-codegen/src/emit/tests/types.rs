//! One shape per test.

use expect_test::{Expect, expect};

use super::*;
use crate::emit::local;
use crate::ir::{Constructor, Fixed, KeyArm, KeyUnion, KindArm, KindUnion, Step, TaggedUnion, Turn, TurnType};

/// The types as text. Full paths are cut to their last name: they would hide the rest.
fn emitted(all: impl Into<Vec<Type>>, expected: Expect) {
    let text = format::tokens(local(&types(all))).unwrap();
    let text = ["::bedrock_models::json::", "::std::string::", "::core::option::", "::core::convert::", "::std::vec::"]
        .iter()
        .fold(text, |text, path| text.replace(path, ""));
    expected.assert_eq(&text);
}

#[test]
fn a_struct_has_fields_by_presence() {
    let prompt =
        Field { limits: Limits { min_length: Some(1), ..Limits::default() }, ..required("prompt", Ty::String) };
    let top_k = Field { limits: range(0, 500), ..optional("topK", Ty::U32) };
    let shape = structure([
        constant("version", "v1"),
        prompt,
        required("user", Ty::Nullable(Box::new(Ty::String))),
        top_k,
        optional("type", Ty::Nullable(Box::new(Ty::F64))),
    ]);
    emitted(
        [request("Request", Shape::Struct(shape))],
        expect![[r#"
        /// A type.
        #[derive(
            Clone,
            Debug,
            PartialEq,
            Json,
            Build
        )]
        #[json(request, fixed("version" = "v1"))]
        pub struct Request {
            /// What it is.
            ///
            /// Not empty.
            pub prompt: String,
            /// What it is.
            #[json(null)]
            pub user: Option<String>,
            /// What it is.
            ///
            /// From 0 to 500.
            #[json(rename = "topK")]
            pub top_k: Option<u32>,
            /// What it is.
            pub r#type: Maybe<f64>,
            #[doc(hidden)]
            pub extra: Extra,
        }
    "#]],
    );
}

#[test]
fn replies_are_open_and_not_built() {
    let response = structure([required("stop", named(1))]);
    emitted(
        [reply("Response", Shape::Struct(response)), reply("Stop", strings(&["end_turn"]))],
        expect![[r#"
        /// A type.
        #[derive(Clone, Debug, PartialEq, Json)]
        #[json(reply)]
        pub struct Response {
            /// What it is.
            pub stop: Stop,
            #[doc(hidden)]
            pub extra: Extra,
        }

        /// A type.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Json)]
        #[json(reply, strings)]
        pub enum Stop {
            /// `end_turn`.
            #[json("end_turn")]
            EndTurn,
            /// What this version does not know, as it came.
            #[json(other)]
            Unknown(String),
        }
    "#]],
    );
}

#[test]
fn constructors_fix_members() {
    let user = Constructor {
        name: FieldName::from_wire("user").unwrap(),
        fixed: vec![(0, Fixed::Variant(TypeId(1), 0)), (1, Fixed::Literal(Literal::Int(-1)))],
    };
    let message = Struct {
        constructors: vec![user],
        from_str: Some(2),
        ..structure([required("role", named(1)), optional("n", Ty::I64), required("text", Ty::String)])
    };
    let text = local(&types([request("Message", Shape::Struct(message)), request("Role", strings(&["user"]))]));
    let text = format::tokens(text).unwrap();
    assert!(text.contains("#[json(request, from_str)]\n#[build(user(role = Role::User, n = -1))]\n"), "{text}");
}

#[test]
fn a_tagged_union_is_made_from_what_its_arms_require() {
    let text = Struct { from_str: Some(1), ..structure([constant("type", "text"), required("text", Ty::String)]) };
    let image = structure([constant("type", "image"), required("source", list(Ty::Blob)), required("size", Ty::U32)]);
    let custom = TaggedArm { tags: vec!["a".to_owned(), "b".to_owned()], default: true, ..arm("custom", named(3)) };
    let union = TaggedUnion {
        tag: "type".to_owned(),
        arms: vec![arm("text", named(1)), arm("image", Ty::Boxed(Box::new(named(2)))), custom],
        echo: Some(TypeId(3)),
        text: None,
    };
    let mut all = vec![request("Block", Shape::TaggedUnion(union))];
    all.push(request("TextBlock", Shape::Struct(text)));
    all.push(request("ImageBlock", Shape::Struct(image)));
    all.push(reply("ReplyBlock", Shape::Struct(structure([]))));
    let text = format::tokens(local(&types(all))).unwrap();
    let text = text.split("/// A type.").nth(1).unwrap().replace("::bedrock_models::json::", "");
    expect![[r#"

        #[derive(Clone, Debug, PartialEq, Json)]
        #[json(request, tag = "type")]
        pub enum Block {
            /// An arm.
            #[json("text", from_str)]
            Text(TextBlock),
            /// An arm.
            #[json("image")]
            Image(::std::boxed::Box<ImageBlock>),
            /// An arm.
            #[json("a", "b", default)]
            Custom(ReplyBlock),
            #[doc(hidden)]
            #[json(echo)]
            Echo(Echo<ReplyBlock>),
        }

        impl Block {
            /// [`Self::Text`] with its required members.
            pub fn text(text: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self::Text(TextBlock::new(text))
            }

            /// [`Self::Image`] with its required members.
            pub fn image(
                source: impl IntoList<Blob>,
                size: u32,
            ) -> Self {
                Self::Image(::std::boxed::Box::new(ImageBlock::new(source, size)))
            }
        }

    "#]]
    .assert_eq(&text);
}

#[test]
fn unions_by_key_and_by_kind() {
    let key = |wire: &str, ty| KeyArm {
        name: name(wire),
        wire: wire.to_owned(),
        ty,
        whole: false,
        limits: Limits::default(),
        doc: Doc::default(),
        from_str: wire == "text",
    };
    let keyed = KeyUnion { arms: vec![key("text", Ty::String), key("cachePoint", Ty::Json)], echo: None, text: None };
    let kind = |wire: &str, ty| KindArm { name: name(wire), ty, limits: Limits::default(), doc: Doc::default() };
    let kinds = KindUnion { arms: vec![kind("text", Ty::String), kind("list", list(named(0)))] };
    emitted(
        [request("Part", Shape::KeyUnion(keyed)), reply("Parts", Shape::KindUnion(kinds))],
        expect![[r#"
        /// A type.
        #[derive(Clone, Debug, PartialEq, Json)]
        #[json(request, key)]
        pub enum Part {
            /// `text`.
            #[json("text", from_str)]
            Text(String),
            /// `cachePoint`.
            #[json("cachePoint")]
            CachePoint(Value),
        }

        impl Part {
            /// [`Self::Text`] with its required members.
            pub fn text(value: impl Into<String>) -> Self {
                Self::Text(value.into())
            }

            /// [`Self::CachePoint`] with its required members.
            pub fn cache_point(
                value: impl Into<Value>,
            ) -> Self {
                Self::CachePoint(value.into())
            }
        }

        /// A type.
        #[derive(Clone, Debug, PartialEq, Json)]
        #[json(reply, kind)]
        pub enum Parts {
            /// As a string.
            #[json(string)]
            Text(String),
            /// As an array.
            #[json(array)]
            List(Vec<Part>),
            /// What this version does not know, as it came.
            #[json(other)]
            Unknown(Value),
        }
    "#]],
    );
}

#[test]
fn a_turn_echoes_what_was_answered() {
    let blocks = TaggedUnion { tag: "type".into(), arms: vec![arm("text", named(3))], echo: None, text: None };
    let message = structure([required("role", named(2)), required("content", list(named(4)))]);
    let turn = Turn::Build {
        into: TurnType { def: "Message".to_owned() },
        set: vec![("role".to_owned(), Literal::Str("assistant".to_owned()))],
        from: vec![("content".to_owned(), vec![Step::Field(0)])],
    };
    let response = Struct {
        turn: Some(turn),
        text: Some(vec![Step::Field(0), Step::Each, Step::Arm(0), Step::Field(1)]),
        ..structure([required("content", list(named(1)))])
    };
    let text = structure([constant("type", "text"), required("text", Ty::String)]);
    let content = TaggedUnion { tag: "type".into(), arms: Vec::new(), echo: Some(TypeId(1)), text: None };
    let all = types([
        reply("Response", Shape::Struct(response)),
        reply("ReplyBlock", Shape::TaggedUnion(blocks)),
        request("Role", strings(&["user", "assistant"])),
        reply("ReplyText", Shape::Struct(text)),
        request("Block", Shape::TaggedUnion(content)),
        request("Message", Shape::Struct(message)),
    ]);
    let text = format::tokens(local(&all)).unwrap();
    let blocks: Vec<_> = text.split("\n\n").filter(|block| block.contains("impl")).collect();
    expect![[r#"
        impl Response {
            /// The generated text; empty where there is none.
            pub fn text(&self) -> ::std::borrow::Cow<'_, str> {
                self.content
                    .iter()
                    .filter_map(|it| match it {
                        ReplyBlock::Text(it) => Some(it),
                        _ => None,
                    })
                    .map(|it| it.text.as_str())
                    .collect()
            }
        }

        /// The reply as a turn of the next request.
        impl ::core::convert::From<Response> for Message {
            fn from(reply: Response) -> Self {
                Self::new(
                    Role::Assistant,
                    reply.content.into_iter().map(Block::from).collect::<::std::vec::Vec<_>>(),
                )
            }
        }

        /// The reply as a turn of the next request.
        impl ::core::convert::From<&Response> for Message {
            fn from(reply: &Response) -> Self {
                reply.clone().into()
            }
        }
    "#]]
    .assert_eq(&blocks.join("\n\n"));
}

#[test]
fn a_turn_of_an_empty_reply_is_empty() {
    let turn = Turn::Whole {
        into: TurnType { def: "Message".to_owned() },
        from: vec![Step::Field(0), Step::Item(0), Step::Field(0)],
    };
    let response = Struct {
        turn: Some(turn),
        text: Some(vec![Step::Field(0), Step::Item(0), Step::Field(0), Step::Field(1)]),
        ..structure([required("choices", list(named(1)))])
    };
    let text = Ty::Nullable(Box::new(Ty::String));
    let answer = structure([constant("role", "assistant"), optional("content", text)]);
    let message = TaggedUnion { tag: "role".into(), arms: Vec::new(), echo: Some(TypeId(2)), text: None };
    let all = types([
        reply("Response", Shape::Struct(response)),
        reply("Choice", Shape::Struct(structure([required("message", named(2))]))),
        reply("Answer", Shape::Struct(answer)),
        request("Message", Shape::TaggedUnion(message)),
    ]);
    let text = format::tokens(local(&all)).unwrap().replace("::bedrock_models::json::", "");
    let blocks: Vec<_> = text.split("\n\n").filter(|block| block.contains("impl")).take(2).collect();
    expect![[r#"
        impl Response {
            /// The generated text; empty where there is none.
            pub fn text(&self) -> ::std::borrow::Cow<'_, str> {
                let Some(it) = self.choices.first() else {
                    return "".into();
                };
                let Maybe::Value(it) = &it.message.content else {
                    return "".into();
                };
                it.as_str().into()
            }
        }

        /// The reply as a turn of the next request.
        impl ::core::convert::From<Response> for Message {
            fn from(reply: Response) -> Self {
                let Some(it) = reply.choices.into_iter().next() else {
                    return Self::from(Answer {
                        content: Maybe::Absent,
                        extra: Extra::default(),
                    });
                };
                Self::from(it.message)
            }
        }"#]]
    .assert_eq(&blocks.join("\n\n"));
}

#[test]
fn text_of_a_schema_is_never_code() {
    let mut field = required("a", Ty::String);
    field.doc = Doc {
        text: "*/ } fn evil() {}\n\n```\npanic!()\n```\n# [x](y) <script>\" \\".to_owned(),
        default: Some("\"`\"".to_owned()),
        uncertain: Some("See https://example.com/a_b.".to_owned()),
        sources: vec!["https://example.com".to_owned(), "hear[say]".to_owned()],
        ..Doc::default()
    };
    emitted(
        [reply("Response", Shape::Struct(structure([field])))],
        expect![[r#"
        /// A type.
        #[derive(Clone, Debug, PartialEq, Json)]
        #[json(reply)]
        pub struct Response {
            /// */ } fn evil() {}
            ///
            /// `panic!()` # \[x\](y) \<script\>" \\
            ///
            /// Default: ``"`"``.
            ///
            /// Uncertain: See <https://example.com/a_b>.
            ///
            /// Source: <https://example.com>, hear\[say\]
            pub a: String,
            #[doc(hidden)]
            pub extra: Extra,
        }
    "#]],
    );
}
