// What `x_echo.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

/// What is asked.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Request {
    /// Turns.
    pub messages: ::std::vec::Vec<Message>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply)]
pub struct Response {
    /// Blocks.
    pub content: ::std::vec::Vec<ResponseBlock>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

impl Response {
    /// The generated text; empty where there is none.
    pub fn text(&self) -> ::std::borrow::Cow<'_, str> {
        self.content
            .iter()
            .filter_map(|it| match it {
                ResponseBlock::Text(it) => Some(it),
                _ => None,
            })
            .map(|it| it.text.as_str())
            .collect()
    }
}

/// A part.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Message {
    /// `role`.
    pub role: Role,
    /// Blocks.
    pub content: ::std::vec::Vec<Block>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// Who.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::bedrock_models::json::Json)]
#[json(request, strings)]
pub enum Role {
    /// `user`.
    #[json("user")]
    User,
    /// `assistant`.
    #[json("assistant")]
    Assistant,
}

/// What may be said.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(request, tag = "type")]
pub enum Block {
    /// A part.
    #[json("text")]
    Text(Text),
    /// A part.
    #[json("image")]
    Image(Image),
    #[doc(hidden)]
    #[json(echo)]
    Echo(::bedrock_models::json::Echo<ResponseBlock>),
}

impl Block {
    /// [`Self::Text`] with its required members.
    pub fn text(text: impl ::core::convert::Into<::std::string::String>) -> Self {
        Self::Text(Text::new(text))
    }

    /// [`Self::Image`] with its required members.
    pub fn image(url: impl ::core::convert::Into<::std::string::String>) -> Self {
        Self::Image(Image::new(url))
    }
}

/// A part.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request, fixed("type" = "text"))]
pub struct Text {
    /// A text.
    pub text: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// A part.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request, fixed("type" = "image"))]
pub struct Image {
    /// Where it is.
    pub url: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply, tag = "type")]
pub enum ResponseBlock {
    /// Text.
    #[json("text")]
    Text(ResponseText),
    /// A thought.
    #[json("thought")]
    Thought(ResponseThought),
    /// What this version does not know, as it came.
    #[json(other)]
    Unknown(::bedrock_models::json::Value),
}

/// Text.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply, fixed("type" = "text"))]
pub struct ResponseText {
    /// The text.
    pub text: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// A thought.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply, fixed("type" = "thought"))]
pub struct ResponseThought {
    /// The thought.
    pub thought: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
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
