// What `reference.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// `tree`.
    pub tree: Tree,
    /// `words`.
    pub words: ::core::option::Option<::std::vec::Vec<::std::string::String>>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// A part.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request)]
pub struct Tree {
    /// `left`.
    pub left: ::core::option::Option<::std::boxed::Box<Tree>>,
    /// `right`.
    pub right: ::core::option::Option<::std::boxed::Box<Tree>>,
    /// `children`.
    pub children: ::core::option::Option<::std::vec::Vec<Tree>>,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}
