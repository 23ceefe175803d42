// What `not_required.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

/// What is asked.
///
/// - `a` and `b` can't be set together.
/// - `a` and `c` can't be set together.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Request {
    /// One.
    pub a: ::core::option::Option<::std::string::String>,
    /// Another.
    pub b: ::core::option::Option<::std::string::String>,
    /// A third.
    pub c: ::core::option::Option<::std::string::String>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
