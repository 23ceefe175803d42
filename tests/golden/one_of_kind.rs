// What `one_of_kind.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// `content`.
    pub content: Content,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// A string, a list, or an object.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(request, kind)]
pub enum Content {
    /// As a string.
    #[json(string)]
    Text(::std::string::String),
    /// As an array.
    #[json(array)]
    List(::std::vec::Vec<::std::string::String>),
    /// A part.
    #[json(object)]
    Part(Part),
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
pub struct Part {
    /// A text.
    pub text: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
