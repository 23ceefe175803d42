// What `type_null.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Sent as null.
    #[json(null)]
    pub always: ::core::option::Option<::std::string::String>,
    /// Absent, null or a number.
    pub sometimes: ::bedrock_models::json::Maybe<u64>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
