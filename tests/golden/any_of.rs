// What `any_of.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// `stop`.
    pub stop: Stop,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// One or many.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(request, kind)]
pub enum Stop {
    /// As a string.
    #[json(string)]
    Text(::std::string::String),
    /// As an array.
    #[json(array)]
    List(::std::vec::Vec<::std::string::String>),
}
