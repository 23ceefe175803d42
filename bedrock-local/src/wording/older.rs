//! The older check: `Malformed input request: #/path: …, please reformat your input and try again.`
//!
//! Quoted in the sheets: extraneous and required keys, `is not less or equal to`, `expected maxLength`, `expected
//! maximum item count` (`amazon.md` §13, `cohere.md` Errors, `meta.md` Known service errors, `mistral.md` Errors). The
//! others are the texts of the Java library that speaks there (everit's json-schema).

use crate::judge::{Finding, JsonKind, Rule};

/// All violations in one message. Several follow each other without a break (`cohere.md`, "wrong keys for embed"), or
/// each on a line of its own where `between` says so.
pub(super) fn refusal<'f>(findings: impl Iterator<Item = &'f Finding>, between: &str) -> String {
    let mut message = String::from("Malformed input request:");
    let lead = if between.is_empty() { " " } else { between };
    for (index, finding) in findings.enumerate() {
        message.push_str(if index == 0 { lead } else { between });
        message.push_str(&violation(finding));
    }
    message + TAIL
}

/// What every such message ends with.
const TAIL: &str = ", please reformat your input and try again.";

/// One violation: where, and what.
pub(super) fn violation(finding: &Finding) -> String {
    let at = format!("#{}", finding.pointer);
    let parent = at.rsplit_once('/').map_or(at.as_str(), |(parent, _)| parent);
    match &finding.rule {
        Rule::UnknownKey { key } => format!("{parent}: extraneous key [{key}] is not permitted"),
        Rule::MissingKey { key } => format!("{at}: required key [{key}] not found"),
        Rule::MissingOneOf { keys } => {
            format!("{at}: no subschema matched out of the total {} subschemas", keys.len())
        }
        Rule::ExclusiveKeys { keys } => {
            format!(
                "{at}: subject must not be valid against schema {{\"required\":[{}]}}",
                super::quoted(keys, '"', ",")
            )
        }
        Rule::Kind { expected, found } => {
            let expected: Vec<_> = expected.iter().map(|kind| java(*kind)).collect();
            format!("{at}: expected type: {}, found: {}", expected.join(" or "), java(*found))
        }
        Rule::Value { found, .. } => format!("{at}: {} is not a valid enum value", found.trim_matches('"')),
        Rule::Minimum { limit, found, exclusive: false } => format!("{at}: {found} is not greater or equal to {limit}"),
        Rule::Minimum { limit, found, exclusive: true } => format!("{at}: {found} is not greater than {limit}"),
        Rule::Maximum { limit, found, exclusive: false } => format!("{at}: {found} is not less or equal to {limit}"),
        Rule::Maximum { limit, found, exclusive: true } => format!("{at}: {found} is not less than {limit}"),
        Rule::MultipleOf { of, found } => format!("{at}: {found} is not a multiple of {of}"),
        Rule::MinLength { limit, found } => format!("{at}: expected minLength: {limit}, actual: {found}"),
        Rule::MaxLength { limit, found } => format!("{at}: expected maxLength: {limit}, actual: {found}"),
        Rule::MinItems { limit, found } => format!("{at}: expected minimum item count: {limit}, found: {found}"),
        Rule::MaxItems { limit, found } => format!("{at}: expected maximum item count: {limit}, found: {found}"),
        Rule::MinProperties { limit, found } => format!("{at}: minimum size: [{limit}], found: [{found}]"),
        Rule::MaxProperties { limit, found } => format!("{at}: maximum size: [{limit}], found: [{found}]"),
        Rule::UniqueItems => format!("{at}: array items are not unique"),
        Rule::Pattern { pattern } => format!("{at}: string does not match pattern {pattern}"),
        Rule::Union => format!("{at}: #: 0 subschemas matched instead of one"),
        _ => format!("{at}: {}", finding.message),
    }
}

/// The names that this library gives to JSON's kinds.
fn java(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "Null",
        JsonKind::Boolean => "Boolean",
        JsonKind::Integer => "Integer",
        JsonKind::Number => "Number",
        JsonKind::String => "String",
        JsonKind::Array => "JSONArray",
        JsonKind::Object => "JSONObject",
    }
}
