// What `any.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Any JSON.
    pub anything: ::bedrock_models::json::Value,
    /// `all`.
    pub all: ::core::option::Option<::bedrock_models::json::Value>,
    /// `empty`.
    pub empty: ::core::option::Option<::bedrock_models::json::Value>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
