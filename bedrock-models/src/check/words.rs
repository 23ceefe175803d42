//! The words of messages. Text of the caller is shown only where it looks like a name; else its size is.

use std::fmt;

use serde_json::Value;

use super::number::{Num, Number};
use super::rules::Literal;

pub(super) fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// `/thinking/budget_tokens` as a reader says it: `thinking.budget_tokens`.
pub(super) fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~")
}

pub(super) fn too_few(least: u64, found: u64, of: &str) -> String {
    if least == 1 && found == 0 {
        return "must not be empty".to_owned();
    }
    format!("must have at least {}, found {found}", count(least, of))
}

pub(super) fn too_many(most: u64, found: u64, of: &str) -> String {
    format!("must have at most {}, found {}", count(most, of), Number::Int(found.into()))
}

pub(super) fn count(number: u64, of: &str) -> String {
    format!("{} {of}{}", Number::Int(number.into()), if number == 1 { "" } else { "s" })
}

pub(super) fn list(names: &[&str], word: &str) -> String {
    joined(names.iter().map(|name| format!("`{name}`")).collect(), word)
}

pub(super) fn list_quoted(values: &[&str], word: &str) -> String {
    joined(values.iter().map(|value| quoted(value)).collect(), word)
}

pub(super) fn alternatives(values: &[Literal]) -> String {
    joined(values.iter().map(Literal::to_string).collect(), "or")
}

pub(super) fn joined(mut names: Vec<String>, word: &str) -> String {
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} {word} {last}", names.join(", ")),
        Some(only) => only,
        None => "nothing".to_owned(),
    }
}

pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A key, unless it may be a text.
pub(super) fn name(key: &str) -> String {
    if is_token(key) { format!("`{key}`") } else { format!("of {}", count(key.chars().count() as u64, "character")) }
}

/// A value in a place that takes one of a few: shown where it looks like a name, else its size.
pub(super) fn found(value: &Value) -> String {
    match value {
        Value::String(text) if is_token(text) => quoted(text),
        Value::String(text) => format!("a string of {}", count(text.chars().count() as u64, "character")),
        Value::Array(items) => format!("a list of {}", count(items.len() as u64, "item")),
        Value::Object(_) => "an object".to_owned(),
        Value::Number(number) => Num::of(number).number().to_string(),
        Value::Null | Value::Bool(_) => value.to_string(),
    }
}

/// Short and without spaces: a prompt or an image is neither.
pub(super) fn is_token(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:/".contains(&byte))
}

/// As JSON.
impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(Number::Int(value)) => value.fmt(f),
            Self::Number(Number::Float(value)) => value.fmt(f),
            Self::Str(value) => f.write_str(&quoted(value)),
        }
    }
}
