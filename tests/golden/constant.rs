// What `constant.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

/// What is asked.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request, fixed("version" = "2023-05-31", "api_version" = 2))]
pub struct Request {
    /// May be absent.
    ///
    /// One of `true`.
    pub flag: ::core::option::Option<bool>,
    /// A text.
    pub text: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
