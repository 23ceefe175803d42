// What `additional_properties_schema.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// By word.
    ///
    /// Values: at least 0.
    pub weights: ::std::collections::BTreeMap<::std::string::String, f64>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
