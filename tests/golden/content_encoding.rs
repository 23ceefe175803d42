// What `content_encoding.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// An image.
    ///
    /// Media type: `image/png`.
    pub image: ::bedrock_models::json::Blob,
    /// Images.
    pub more: ::core::option::Option<::std::vec::Vec<::bedrock_models::json::Blob>>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
