// What `items.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Strings.
    pub words: ::std::vec::Vec<::std::string::String>,
    /// Lists of lists.
    pub table: ::core::option::Option<::std::vec::Vec<::std::vec::Vec<f64>>>,
    /// Objects.
    pub parts: ::core::option::Option<::std::vec::Vec<Part>>,
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
    pub text: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
