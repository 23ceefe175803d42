//! How messages name values and keys.

use super::super::judge;
use crate::ir::{Literal, Ty};
use crate::schema::Number;

pub(super) fn words(ty: &Ty) -> &'static str {
    match ty {
        Ty::String => "a string",
        Ty::Blob => "base64 in a string",
        Ty::Bool => "true or false",
        Ty::U32 | Ty::U64 | Ty::I64 => "a whole number",
        Ty::F64 => "a number",
        Ty::Vec(_) => "an array",
        Ty::Map(_) | Ty::JsonObject | Ty::Named(_) => "an object",
        Ty::Json => "JSON",
        Ty::Nullable(inner) | Ty::Boxed(inner) => words(inner),
    }
}

pub(super) fn list(values: &[String]) -> String {
    judge::alternatives(&values.iter().cloned().map(Literal::Str).collect::<Vec<_>>())
}

/// `a`, `b` or `c`, as keys.
pub(super) fn ticked(keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    match &keys[..] {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        keys => keys.concat(),
    }
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Str(value) => write!(f, "{value:?}"),
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
        }
    }
}
