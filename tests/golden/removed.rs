// What `removed.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

/// A part.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Request {
    /// A text.
    pub text: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
