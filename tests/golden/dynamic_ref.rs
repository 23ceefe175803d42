// What `dynamic_ref.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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

/// A part.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Block {
    /// A text.
    pub text: ::std::string::String,
    /// `more`.
    pub more: ::core::option::Option<::std::vec::Vec<Block>>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
