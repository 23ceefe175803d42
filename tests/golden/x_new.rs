// What `x_new.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// Turns.
    pub messages: ::std::vec::Vec<Message>,
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
#[build(user(role = Role::User), assistant(role = Role::Assistant))]
pub struct Message {
    /// `role`.
    pub role: Role,
    /// What is said.
    pub content: ::std::string::String,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// Who.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::bedrock_models::json::Json)]
#[json(request, strings)]
pub enum Role {
    /// `user`.
    #[json("user")]
    User,
    /// `assistant`.
    #[json("assistant")]
    Assistant,
}
