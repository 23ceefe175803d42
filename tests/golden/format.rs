// What `format.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// A link.
    ///
    /// Format: `uri`.
    pub link: ::std::string::String,
    /// A day.
    ///
    /// Format: `date`.
    pub day: ::core::option::Option<::std::string::String>,
    /// An ID.
    ///
    /// Format: `uuid`.
    pub id: ::core::option::Option<::std::string::String>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
