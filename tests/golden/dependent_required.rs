// What `dependent_required.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

/// What is asked.
///
/// - Where `choice` is set, `tools` is required.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Request {
    /// Needs the other.
    pub choice: ::core::option::Option<::std::string::String>,
    /// The other.
    pub tools: ::core::option::Option<::std::vec::Vec<::std::string::String>>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
