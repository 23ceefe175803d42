// What `type_several.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// A word, or whether at all.
    pub stop: RequestStop,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// A word, or whether at all.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(request, kind)]
pub enum RequestStop {
    /// As a string.
    #[json(string)]
    Text(::std::string::String),
    /// As a boolean.
    #[json(boolean)]
    Bool(bool),
}
