// What `default.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// A share.
    ///
    /// Default: `0.5`.
    pub share: ::core::option::Option<f64>,
    /// How.
    ///
    /// Default: `"fast"`.
    pub mode: ::core::option::Option<::std::string::String>,
    /// Some.
    ///
    /// Default: `[]`.
    pub words: ::core::option::Option<::std::vec::Vec<::std::string::String>>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
