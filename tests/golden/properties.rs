// What `properties.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Must be given.
    pub needed: ::std::string::String,
    /// Must be given, too.
    pub also: bool,
    /// Renamed.
    #[json(rename = "camelCase")]
    pub camel_case: ::core::option::Option<::std::string::String>,
    /// Renamed.
    #[json(rename = "with-dash")]
    pub with_dash: ::core::option::Option<::std::string::String>,
    /// A word of Rust's.
    pub r#type: ::core::option::Option<::std::string::String>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
