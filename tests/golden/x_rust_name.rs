// What `x_rust_name.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// A long name.
    #[json(rename = "amazon-bedrock-guardrailConfig")]
    pub guardrail: ::core::option::Option<::std::string::String>,
    /// `ratio`.
    pub ratio: ::core::option::Option<Ratio>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// Of the sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::bedrock_models::json::Json)]
#[json(request, strings)]
pub enum Ratio {
    /// `1:1`.
    #[json("1:1")]
    Square,
    /// `16:9`.
    #[json("16:9")]
    Wide,
}
