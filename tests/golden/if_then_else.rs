// What `if_then_else.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

/// What is asked.
///
/// - Where `mode` is `fast`, `limit` is required.
/// - Unless `mode` is `fast`, `limit` must be at most 2.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Request {
    /// `mode`.
    pub mode: Mode,
    /// How many.
    pub limit: ::core::option::Option<u64>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::bedrock_models::json::Json)]
#[json(request, strings)]
pub enum Mode {
    /// `fast`.
    #[json("fast")]
    Fast,
    /// `slow`.
    #[json("slow")]
    Slow,
}
