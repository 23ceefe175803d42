// What `additional_properties_false.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// `part`.
    pub part: ::core::option::Option<Part>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// Open.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(reply)]
pub struct Response {
    /// A text.
    pub text: ::core::option::Option<::std::string::String>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// A part.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Part {
    /// A text.
    pub text: ::core::option::Option<::std::string::String>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
