// What `length.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Some.
    ///
    /// 1 to 8 characters.
    pub text: ::std::string::String,
    /// An identifier.
    ///
    /// Must match `^[a-z]+$`.
    pub name: ::core::option::Option<::std::string::String>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
