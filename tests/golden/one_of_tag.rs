// What `one_of_tag.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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

/// Text or image.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(request, tag = "type")]
pub enum Block {
    /// A part.
    #[json("text")]
    Text(Text),
    /// A part.
    #[json("image")]
    Image(Image),
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
