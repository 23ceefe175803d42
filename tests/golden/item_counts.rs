// What `item_counts.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Some.
    ///
    /// 1 to 3 items; no item twice.
    pub words: ::std::vec::Vec<::std::string::String>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
