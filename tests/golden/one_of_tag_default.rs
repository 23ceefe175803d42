// What `one_of_tag_default.json` becomes. Written by `UPDATE_GOLDENS=1 cargo test -p bedrock-tests --test goldens`; do not edit.

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
    /// `tool`.
    pub tool: Tool,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// A tool.
#[derive(Clone, Debug, PartialEq, ::bedrock_models::json::Json)]
#[json(request, tag = "type")]
pub enum Tool {
    /// A part.
    #[json("custom", default)]
    Custom(Custom),
    /// A part.
    #[json("bash_1", "bash_2")]
    Bash(Bash),
}

impl Tool {
    /// [`Self::Custom`] with its required members.
    pub fn custom(name: impl ::core::convert::Into<::std::string::String>) -> Self {
        Self::Custom(Custom::new(name))
    }

    /// [`Self::Bash`] with its required members.
    pub fn bash(r#type: impl ::core::convert::Into<BashType>) -> Self {
        Self::Bash(Bash::new(r#type))
    }
}

/// A part.
#[derive(
    Clone,
    Debug,
    PartialEq,
    ::bedrock_models::json::Json,
    ::bedrock_models::json::Build
)]
#[json(request, fixed_optional("type" = "custom"))]
pub struct Custom {
    /// Its name.
    pub name: ::std::string::String,
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
pub struct Bash {
    /// `type`.
    pub r#type: BashType,
    #[doc(hidden)]
    pub extra: ::bedrock_models::json::Extra,
}

/// `Bash.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::bedrock_models::json::Json)]
#[json(request, strings)]
pub enum BashType {
    /// `bash_1`.
    #[json("bash_1")]
    Bash1,
    /// `bash_2`.
    #[json("bash_2")]
    Bash2,
}
