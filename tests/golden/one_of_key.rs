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
