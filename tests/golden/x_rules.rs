// What `x_rules.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

/// What is asked.
///
/// - `budget` must be less than `max_tokens`.
/// - `width` × `height` must be at most 4,096.
/// - `width` ÷ `height` must be from 0.25 to 4.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Request {
    /// In all.
    ///
    /// At least 1.
    pub max_tokens: u64,
    /// Of it.
    ///
    /// At least 1.
    pub budget: ::core::option::Option<u64>,
    /// Of the image.
    ///
    /// From 1 to 4,096.
    pub width: ::core::option::Option<u32>,
    /// Of the image.
    ///
    /// From 1 to 4,096.
    pub height: ::core::option::Option<u32>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
