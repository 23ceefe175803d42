//! Claude's words: `messages.0.content.0.text.txet: Extra inputs are not permitted`.
//!
//! Quoted in `anthropic.md` §13: the texts of [`special`] and `Extra inputs are not permitted`. The others are
//! pydantic's, which speaks there.

use serde_json::Value;

use super::{Refused, older, quoted};
use crate::{
    judge::{Finding, JsonKind, Rule},
    schema,
};

/// On the older stack Bedrock's own check sees the root first, and all that it finds; the model server then stops at
/// the first slip.
pub(super) fn refusal(refused: &Refused<'_>, older_root: bool) -> String {
    let of_the_root = |finding: &&Finding| {
        let depth = finding.pointer.matches('/').count();
        depth <= 1 && special(finding).is_none() && !matches!(finding.rule, Rule::Beyond { .. } | Rule::Base64)
    };
    let root: Vec<&Finding> =
        if older_root { refused.findings.iter().filter(of_the_root).collect() } else { Vec::new() };
    match refused.findings.iter().find(|finding| !older_root || !of_the_root(finding)) {
        _ if !root.is_empty() => older::refusal(root.into_iter(), ""),
        Some(finding) => special(finding).unwrap_or_else(|| sentence(refused, finding)),
        None => String::from("The request is not valid."),
    }
}

/// The texts of `anthropic.md` §13 that stand for one particular slip.
fn special(finding: &Finding) -> Option<String> {
    let pointer = finding.pointer.as_str();
    Some(match &finding.rule {
        Rule::ExclusiveKeys { keys } if keys.len() == 2 => {
            let both = quoted(keys, '`', " and ");
            format!("{both} cannot both be specified for this model. Please use only one.")
        }
        Rule::UnknownKey { key } if matches!(pointer, "/temperature" | "/top_p" | "/top_k") => {
            format!("`{key}` is deprecated for this model.")
        }
        Rule::Value { found, .. } if pointer == "/thinking/type" => match found.trim_matches('"') {
            "adaptive" => "adaptive thinking is not supported on this model".into(),
            "enabled" => {
                "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \
                          \"output_config.effort\" to control thinking behavior."
                    .into()
            }
            "disabled" => "\"thinking.type.disabled\" is not supported for this model.".into(),
            _ => return None,
        },
        Rule::Value { found, .. }
            if pointer == "/tool_choice/type" && ["\"tool\"", "\"any\""].contains(&found.as_str()) =>
        {
            "tool_choice: type \"tool\" and \"any\" are not supported for this model.".into()
        }
        Rule::Beyond { rule, .. } => match (rule.as_str(), pointer) {
            ("less-than", "/thinking/budget_tokens") => {
                "`max_tokens` must be greater than `thinking.budget_tokens`.".into()
            }
            ("first-item", _) => "messages: first message must use the \"user\" role".into(),
            ("last-item", _) => {
                "This model does not support assistant message prefill. The conversation must end with a \
                                 user message."
                    .into()
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// What pydantic says.
fn sentence(refused: &Refused<'_>, finding: &Finding) -> String {
    let at = location(refused, &finding.pointer);
    let says = |what: String| format!("{at}: {what}");
    match &finding.rule {
        Rule::UnknownKey { .. } => says("Extra inputs are not permitted".into()),
        Rule::MissingKey { key } if at.is_empty() => format!("{key}: Field required"),
        Rule::MissingKey { key } => {
            // The tag of the object that lacks the key belongs to the path.
            let inside = location(refused, &format!("{}/{key}", finding.pointer));
            format!("{inside}: Field required")
        }
        Rule::Kind { expected, .. } => {
            says(format!("Input should be a valid {}", expected.last().map_or("value", python)))
        }
        Rule::Value { found, tag: true } => {
            let at = at.rsplit_once('.').map_or(at.as_str(), |(parent, _)| parent);
            let found = found.trim_matches('"');
            let expected = quoted(&finding.allowed_names(), '\'', ", ");
            format!("{at}: Input tag '{found}' found using 'type' does not match any of the expected tags: {expected}")
        }
        Rule::Value { .. } => says(format!("Input should be {}", quoted(&finding.allowed_names(), '\'', " or "))),
        Rule::Minimum { limit, exclusive: false, .. } => {
            says(format!("Input should be greater than or equal to {limit}"))
        }
        Rule::Minimum { limit, exclusive: true, .. } => says(format!("Input should be greater than {limit}")),
        Rule::Maximum { limit, exclusive: false, .. } => says(format!("Input should be less than or equal to {limit}")),
        Rule::Maximum { limit, exclusive: true, .. } => says(format!("Input should be less than {limit}")),
        Rule::MultipleOf { of, .. } => says(format!("Input should be a multiple of {of}")),
        Rule::MinLength { limit, .. } => {
            says(format!("String should have at least {limit} character{}", plural(*limit)))
        }
        Rule::MaxLength { limit, .. } => {
            says(format!("String should have at most {limit} character{}", plural(*limit)))
        }
        Rule::MinItems { limit, found } => {
            says(format!("List should have at least {limit} item{} after validation, not {found}", plural(*limit)))
        }
        Rule::MaxItems { limit, found } => {
            says(format!("List should have at most {limit} item{} after validation, not {found}", plural(*limit)))
        }
        Rule::Pattern { pattern } => says(format!("String should match pattern '{pattern}'")),
        _ if at.is_empty() => finding.message.clone(),
        _ => says(finding.message.clone()),
    }
}

/// A pointer as pydantic writes it: with dots, and with the tag of each object that was chosen by it
/// (`tools.0.custom.eager_input_streaming`, `messages.0.content.0.image.source.base64.data`).
fn location(refused: &Refused<'_>, pointer: &str) -> String {
    let document = refused.model.document();
    let mut schemas: Vec<&Value> = document.definition("Request").into_iter().collect();
    let mut instance = refused.body;
    let mut parts: Vec<String> = Vec::new();
    for segment in schema::segments(pointer) {
        let layers = document.layers(&schemas, instance);
        let of_a_list = parts.last().is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        let of_a_union = layers.iter().any(|layer| layer.contains_key("oneOf") || layer.contains_key("anyOf"));
        if !parts.is_empty() && instance.is_object() && segment != "type" && (of_a_union || !of_a_list) {
            let tags = layers.iter().filter_map(|layer| schema::arms::constants(layer.get("properties")?.get("type")?));
            let known: Vec<String> = tags.flatten().collect();
            match instance.get("type").and_then(Value::as_str) {
                Some(tag) if known.iter().any(|known| known == tag) => parts.push(tag.to_owned()),
                // The arm that leaves its tag out.
                None => parts.extend(known.into_iter().next()),
                Some(_) => {}
            }
        }
        schemas = if instance.is_array() { document.items(&layers) } else { document.property(&layers, &segment) };
        instance = match instance {
            Value::Array(items) => {
                segment.parse::<usize>().ok().and_then(|index| items.get(index)).unwrap_or(&Value::Null)
            }
            other => other.get(&segment).unwrap_or(&Value::Null),
        };
        parts.push(segment);
    }
    parts.join(".")
}

fn python(kind: &JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "null",
        JsonKind::Boolean => "boolean",
        JsonKind::Integer => "integer",
        JsonKind::Number => "number",
        JsonKind::String => "string",
        JsonKind::Array => "list",
        JsonKind::Object => "dictionary",
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}
