// What `kinds.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    pub text: ::std::string::String,
    /// How many.
    ///
    /// From 0 to 100.
    pub count: ::core::option::Option<u32>,
    /// Without a maximum.
    pub big: ::core::option::Option<u64>,
    /// May be negative.
    ///
    /// At least -5.
    pub signed: ::core::option::Option<i64>,
    /// A share.
    pub share: ::core::option::Option<f64>,
    /// Whether loud.
    pub loud: ::core::option::Option<bool>,
    /// Some words.
    pub words: ::core::option::Option<::std::vec::Vec<::std::string::String>>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
