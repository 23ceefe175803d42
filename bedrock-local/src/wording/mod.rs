//! How Bedrock words a refusal: findings in, the text of a `ValidationException` out.
//!
//! There is no single voice. Bedrock's own check before the model speaks of `#/path` and "extraneous key"; the newer
//! back ends let their model servers speak: pydantic for Claude, serde for the open-weight chat models, OpenAI's JSON
//! for GPT. Which one speaks depends on the API shape, see [`Dialect`]. Texts that the fact sheets quote are kept to the
//! letter; texts that no sheet has are those of the library that speaks, and are marked so.

mod chat;
mod newer;
mod older;
mod position;
mod service;

use serde_json::Value;

use crate::{catalog::Model, judge::Finding};
pub(crate) use service::*;

/// What is refused.
pub(crate) struct Refused<'a> {
    pub model: &'a Model,
    /// The body as it came, for texts that give line and column.
    pub raw: &'a [u8],
    pub body: &'a Value,
    pub findings: &'a [Finding],
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// Bedrock's check by JSON Schema (`amazon.md` §13, `meta.md`, `mistral.md`, `cohere.md`).
    Older,
    /// The same, one violation a line (`cohere.md`, Errors, "Command R wrong keys").
    OlderInLines,
    /// Claude. `older_root`: Bedrock's check comes before and sees the root (`anthropic.md` §1 "Two back ends", §13).
    Claude { older_root: bool },
    /// Rust's serde, of gpt-oss and its like (`openai-compatible.md` §6).
    Serde,
    /// OpenAI's own JSON error in a text (`openai-compatible.md` §6).
    OpenAi,
    /// Mistral's chat models say nothing more than "Validation Error" (`mistral.md`, Errors).
    Terse,
}

impl Dialect {
    fn of(model: &Model) -> Self {
        let id = model.id();
        match model.shape() {
            // IDs with a version belong to the older stack: `…-20250929-v1:0`, but `anthropic.claude-opus-4-7`.
            "anthropic/messages.json" => Self::Claude { older_root: versioned(id) },
            "cohere/command-r.json" => Self::OlderInLines,
            "mistral/chat.json" => Self::Terse,
            "shared/chat-completions.json" if id.starts_with("openai.") && !id.contains("gpt-oss") => Self::OpenAi,
            "shared/chat-completions.json" => Self::Serde,
            _ => Self::Older,
        }
    }
}

fn versioned(id: &str) -> bool {
    id.rsplit_once("-v").is_some_and(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit()))
}

/// The message of the `ValidationException` for a body with findings.
pub(crate) fn refusal(refused: &Refused<'_>) -> String {
    match Dialect::of(refused.model) {
        Dialect::Older => older::refusal(refused.findings.iter(), ""),
        Dialect::OlderInLines => older::refusal(refused.findings.iter(), "\n"),
        Dialect::Claude { older_root } => newer::refusal(refused, older_root),
        Dialect::Serde => chat::serde(refused),
        Dialect::OpenAi => chat::openai(refused),
        Dialect::Terse => format!("{MODEL_SAYS}Validation Error"),
    }
}

/// How a model server's own error is passed on.
const MODEL_SAYS: &str = "The model returned the following errors: ";

/// `'a', 'b' or 'c'`, as pydantic writes it.
fn quoted(values: &[String], quote: char, last: &str) -> String {
    let quoted: Vec<_> = values.iter().map(|value| format!("{quote}{value}{quote}")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{}{last}{end}", rest.join(", ")),
    }
}
