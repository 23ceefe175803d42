// What `words.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// A text.
    ///
    /// In `two` paragraphs, with */ and "quotes".
    pub text: ::std::string::String,
    /// Use `text`.
    ///
    /// Deprecated.
    pub old: ::core::option::Option<::std::string::String>,
    /// With examples.
    pub sample: ::core::option::Option<::std::string::String>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
