// What `enumeration.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// `mode`.
    pub mode: Mode,
    /// Inline: named after its place.
    pub size: ::core::option::Option<RequestSize>,
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
    /// `very-slow`.
    #[json("very-slow")]
    VerySlow,
}

/// Inline: named after its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::bedrock_models::json::Json)]
#[json(request, strings)]
pub enum RequestSize {
    /// `256x256`.
    #[json("256x256")]
    V256x256,
    /// `1024x1024`.
    #[json("1024x1024")]
    V1024x1024,
}
