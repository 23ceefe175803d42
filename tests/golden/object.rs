// What `object.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Any object.
    pub input: ::bedrock_models::json::Map<
        ::std::string::String,
        ::bedrock_models::json::Value,
    >,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
