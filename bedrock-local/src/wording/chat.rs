//! The chat-completions servers: serde's errors for the open-weight models, OpenAI's JSON for GPT
//! (`openai-compatible.md` §6). Both stop at the first slip.

use serde_json::json;

use super::{MODEL_SAYS, Refused, position, quoted};
use crate::{
    judge::{Finding, JsonKind, Rule},
    schema,
};

/// `Failed to deserialize the JSON body into the target type: thinking: unknown field …`
pub(super) fn serde(refused: &Refused<'_>) -> String {
    let Some(finding) = refused.findings.first() else { return format!("{MODEL_SAYS}Bad request") };
    let (what, at) = match &finding.rule {
        Rule::UnknownKey { key } => {
            (format!("unknown field `{key}`, expected {}", expected(&finding.allowed_names())), position::After::Key)
        }
        Rule::MissingKey { key } => (format!("missing field `{key}`"), position::After::Value),
        Rule::Kind { expected, found } => {
            let kinds: Vec<_> = expected.iter().map(|kind| rust(*kind)).collect();
            (format!("invalid type: {}, expected {}", serde_name(*found), kinds.join(" or ")), position::After::Value)
        }
        Rule::Value { found, .. } => {
            let found = found.trim_matches('"');
            (
                format!("unknown variant `{found}`, expected {}", expected(&finding.allowed_names())),
                position::After::Value,
            )
        }
        // What serde would let pass: the text of the server behind it is not known.
        _ => return format!("{MODEL_SAYS}{}", plain(finding)),
    };
    let path = path(&finding.pointer);
    let path = if path.is_empty() { path } else { format!("{path}: ") };
    let (line, column) = position::of(refused.raw, &finding.pointer, at);
    format!(
        "{MODEL_SAYS}Failed to deserialize the JSON body into the target type: {path}{what} at line {line} column {column}"
    )
}

/// `{"error":{"code":"unknown_parameter",…}}`
pub(super) fn openai(refused: &Refused<'_>) -> String {
    let Some(finding) = refused.findings.first() else { return format!("{MODEL_SAYS}Bad request") };
    let mut param = path(&finding.pointer);
    let (code, message) = match &finding.rule {
        Rule::UnknownKey { .. } => ("unknown_parameter", format!("Unknown parameter: '{param}'.")),
        Rule::MissingKey { key } => {
            param = path(&format!("{}/{key}", finding.pointer));
            ("missing_required_parameter", format!("Missing required parameter: '{param}'."))
        }
        Rule::Kind { expected, found } => {
            let kinds: Vec<_> = expected.iter().map(|kind| kind.name()).collect();
            let kinds = kinds.join(" or ");
            ("invalid_type", format!("Invalid type for '{param}': expected {kinds}, but got {found} instead."))
        }
        Rule::Value { found, .. } => {
            let (found, allowed) = (found.trim_matches('"'), quoted(&finding.allowed_names(), '\'', ", and "));
            ("unsupported_value", format!("Invalid value: '{found}'. Supported values are: {allowed}."))
        }
        _ => ("invalid_value", plain(finding)),
    };
    let error = json!({ "code": code, "message": message, "param": param, "type": "invalid_request_error" });
    format!("{MODEL_SAYS}{}", json!({ "error": error }))
}

fn plain(finding: &Finding) -> String {
    match path(&finding.pointer) {
        path if path.is_empty() => finding.message.clone(),
        path => format!("{path}: {}", finding.message),
    }
}

/// `messages[0].content`
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for segment in schema::segments(pointer) {
        if segment.parse::<usize>().is_ok() {
            path.push_str(&format!("[{segment}]"));
        } else {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(&segment);
        }
    }
    path
}

fn expected(names: &[String]) -> String {
    match names {
        [] => "nothing".into(),
        [_] => quoted(names, '`', ""),
        [_, _] => quoted(names, '`', " or "),
        _ => format!("one of {}", quoted(names, '`', ", ")),
    }
}

fn rust(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "null",
        JsonKind::Boolean => "a boolean",
        JsonKind::Integer => "u32",
        JsonKind::Number => "f32",
        JsonKind::String => "a string",
        JsonKind::Array => "a sequence",
        JsonKind::Object => "a map",
    }
}

fn serde_name(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "null",
        JsonKind::Boolean => "boolean",
        JsonKind::Integer => "integer",
        JsonKind::Number => "floating point",
        JsonKind::String => "string",
        JsonKind::Array => "sequence",
        JsonKind::Object => "map",
    }
}
