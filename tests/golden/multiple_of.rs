// What `multiple_of.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Of the image.
    ///
    /// From 64 to 512; a multiple of 64.
    pub width: u32,
    /// A step.
    ///
    /// A multiple of 0.5.
    pub step: ::core::option::Option<f64>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
