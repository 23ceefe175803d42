// What `all_of.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

/// Merged.
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
    /// From 0 to 5.
    pub count: u64,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
