// What `one_of_key.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// `block`.
    pub block: Block,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply)]
pub struct Response {
    /// Blocks.
    pub blocks: ::std::vec::Vec<ResponseBlock>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

impl Response {
    /// The generated text; empty where there is none.
    pub fn text(&self) -> ::std::borrow::Cow<'_, str> {
        self.blocks
            .iter()
            .filter_map(|it| match it {
                ResponseBlock::Text(it) => Some(it),
                _ => None,
            })
            .map(|it| it.text.as_str())
            .collect()
    }
}

/// Text or image.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(request, key)]
pub enum Block {
    /// A text.
    #[json("text")]
    Text(::std::string::String),
    /// `image`.
    #[json("image")]
    Image(Image),
}

impl Block {
    /// [`Self::Text`] with its required members.
    pub fn text(value: impl ::core::convert::Into<::std::string::String>) -> Self {
        Self::Text(value.into())
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
#[json(request)]
pub struct Image {
    /// Where it is.
    pub url: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// Text or image.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply, key)]
pub enum ResponseBlock {
    /// The text.
    #[json("text", whole)]
    Text(ResponseBlockText),
    /// `image`.
    #[json("image")]
    Image(ResponseImage),
    /// What this version does not know, as it came.
    #[json(other)]
    Unknown(::bedrock_models::json::Value),
}

/// An image.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply)]
pub struct ResponseImage {
    /// Where it is.
    pub url: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// The text.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply)]
pub struct ResponseBlockText {
    /// The text.
    pub text: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
