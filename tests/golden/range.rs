// What `range.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Both ends.
    ///
    /// From 0 to 1.
    pub share: f64,
    /// Without its ends.
    ///
    /// More than 0; less than 10.
    pub scale: ::core::option::Option<f64>,
    /// Fits.
    ///
    /// From 1 to 4,096.
    pub count: ::core::option::Option<u32>,
    /// Does not fit in 32 bits.
    ///
    /// From 0 to 4,294,967,296.
    pub seed: ::core::option::Option<u64>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
