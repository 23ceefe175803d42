//! What is wrong with a body, and where: one finding per slip.

use std::fmt;

use serde_json::{Value, json};

pub use crate::schema::arms::JsonKind;

/// One slip in a body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// JSON pointer to the guilty value. An unknown key is pointed at itself; a missing one at the object that lacks it.
    pub pointer: String,
    /// The rule broken, with its figures.
    pub rule: Rule,
    /// What is wrong and what is wanted, for people. Never holds a prompt or an image.
    pub message: String,
    /// The values or keys that would be accepted, where there are a few of them.
    pub allowed: Vec<Value>,
}

impl Finding {
    /// The rule's name: a keyword of JSON Schema, or the name of a rule of `x-rules`.
    pub fn rule_name(&self) -> &str {
        match &self.rule {
            Rule::Beyond { rule, .. } => rule,
            other => other.keyword(),
        }
    }

    /// What would be accepted, as JSON: the values, keys or types in an array, a bound, or `null` where neither says it.
    pub fn accepts(&self) -> Value {
        if self.allowed.is_empty() { self.rule.bound() } else { Value::from(self.allowed.clone()) }
    }

    /// [`allowed`](Self::allowed), strings without their quotes.
    pub(crate) fn allowed_names(&self) -> Vec<String> {
        self.allowed.iter().map(plain).collect()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "the body" } else { &self.pointer };
        write!(f, "{pointer}: {}", self.message)
    }
}

/// A rule that a body breaks. Figures are kept as they are written in the schema and in the body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Rule {
    /// The model takes no such key here.
    UnknownKey {
        key: String,
    },
    /// A required key is absent.
    MissingKey {
        key: String,
    },
    /// None of these keys is there, and one is required.
    MissingOneOf {
        keys: Vec<String>,
    },
    /// Keys that exclude each other stand together.
    ExclusiveKeys {
        keys: Vec<String>,
    },
    /// A value of another JSON kind.
    Kind {
        expected: Vec<JsonKind>,
        found: JsonKind,
    },
    /// A value that is not among the allowed ones. `tag`: the value chooses the form of the object around it.
    Value {
        found: String,
        tag: bool,
    },
    Minimum {
        limit: String,
        found: String,
        exclusive: bool,
    },
    Maximum {
        limit: String,
        found: String,
        exclusive: bool,
    },
    MultipleOf {
        of: String,
        found: String,
    },
    MinLength {
        limit: u64,
        found: u64,
    },
    MaxLength {
        limit: u64,
        found: u64,
    },
    MinItems {
        limit: u64,
        found: u64,
    },
    MaxItems {
        limit: u64,
        found: u64,
    },
    MinProperties {
        limit: u64,
        found: u64,
    },
    MaxProperties {
        limit: u64,
        found: u64,
    },
    /// Two items are equal.
    UniqueItems,
    Pattern {
        pattern: String,
    },
    /// Text that is not base64, or not in its one canonical spelling.
    Base64,
    /// A rule of `x-rules`, by its name there.
    Beyond {
        rule: String,
        /// Its bound, as JSON; `null` where it has none.
        limit: Value,
    },
    /// A union of which the body fits no arm, and nothing names the arm that was meant; or it fits several.
    Union,
    /// Any other keyword of JSON Schema.
    Keyword {
        keyword: String,
    },
}

impl Rule {
    /// The keyword of the schema that refuses.
    pub fn keyword(&self) -> &str {
        match self {
            Self::UnknownKey { .. } => "additionalProperties",
            Self::MissingKey { .. } | Self::MissingOneOf { .. } => "required",
            Self::ExclusiveKeys { .. } => "not",
            Self::Kind { .. } => "type",
            Self::Value { .. } => "enum",
            Self::Minimum { exclusive: false, .. } => "minimum",
            Self::Minimum { exclusive: true, .. } => "exclusiveMinimum",
            Self::Maximum { exclusive: false, .. } => "maximum",
            Self::Maximum { exclusive: true, .. } => "exclusiveMaximum",
            Self::MultipleOf { .. } => "multipleOf",
            Self::MinLength { .. } => "minLength",
            Self::MaxLength { .. } => "maxLength",
            Self::MinItems { .. } => "minItems",
            Self::MaxItems { .. } => "maxItems",
            Self::MinProperties { .. } => "minProperties",
            Self::MaxProperties { .. } => "maxProperties",
            Self::UniqueItems => "uniqueItems",
            Self::Pattern { .. } => "pattern",
            Self::Base64 => "contentEncoding",
            Self::Beyond { .. } => "x-rules",
            Self::Union => "oneOf",
            Self::Keyword { keyword } => keyword,
        }
    }

    /// Findings are told in this order: what is missing, what is too much, what is wrong. So does the service.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::MissingKey { .. } | Self::MissingOneOf { .. } => 0,
            Self::UnknownKey { .. } => 1,
            _ => 2,
        }
    }

    /// The bound, types or keys that the rule itself names.
    fn bound(&self) -> Value {
        // Figures are kept as they are written, and they are written as JSON.
        let number = |figure: &String| figure.parse().unwrap_or(Value::Null);
        match self {
            Self::MissingOneOf { keys } | Self::ExclusiveKeys { keys } => json!(keys),
            Self::Kind { expected, .. } => expected.iter().map(|kind| kind.name()).collect(),
            Self::Minimum { limit, .. } | Self::Maximum { limit, .. } => number(limit),
            Self::MultipleOf { of, .. } => number(of),
            Self::MinLength { limit, .. }
            | Self::MaxLength { limit, .. }
            | Self::MinItems { limit, .. }
            | Self::MaxItems { limit, .. }
            | Self::MinProperties { limit, .. }
            | Self::MaxProperties { limit, .. } => json!(limit),
            Self::Pattern { pattern } => json!(pattern),
            Self::Base64 => json!("base64"),
            Self::Beyond { limit, .. } => limit.clone(),
            Self::UnknownKey { .. }
            | Self::MissingKey { .. }
            | Self::Value { .. }
            | Self::UniqueItems
            | Self::Union
            | Self::Keyword { .. } => Value::Null,
        }
    }

    /// What is wrong, in words.
    pub(super) fn message(&self, allowed: &[Value]) -> String {
        let allowed: &[String] = &allowed.iter().map(plain).collect::<Vec<_>>();
        let only = |what: &str| if allowed.is_empty() { String::new() } else { format!("{what}{}", list(allowed)) };
        match self {
            Self::UnknownKey { key } => match nearest(key, allowed) {
                Some(near) => {
                    format!("this model takes no `{}` here; did you mean `{near}`?{}", short(key), only(" It takes "))
                }
                None => format!("this model takes no `{}` here{}", short(key), only("; it takes ")),
            },
            Self::MissingKey { key } if allowed.is_empty() => format!("`{key}` is required"),
            Self::MissingKey { key } => format!("`{key}` is required: {}", one_of(allowed)),
            Self::MissingOneOf { keys } => format!("one of {} is required", list(keys)),
            Self::ExclusiveKeys { keys } => format!("{} exclude each other: give one of them", list(keys)),
            Self::Kind { expected, found } => {
                let expected: Vec<_> = expected.iter().map(|kind| kind.name()).collect();
                format!("must be of type {}, found {found}", expected.join(" or "))
            }
            Self::Value { found, .. } if allowed.is_empty() => format!("{found} is not allowed here"),
            Self::Value { found, .. } => {
                let near = nearest(found, allowed).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                format!("must be {}, found {found}{near}", one_of(allowed))
            }
            Self::Minimum { limit, found, exclusive: false } => format!("must be at least {limit}, found {found}"),
            Self::Minimum { limit, found, exclusive: true } => format!("must be more than {limit}, found {found}"),
            Self::Maximum { limit, found, exclusive: false } => format!("must be at most {limit}, found {found}"),
            Self::Maximum { limit, found, exclusive: true } => format!("must be less than {limit}, found {found}"),
            Self::MultipleOf { of, found } => format!("must be a multiple of {of}, found {found}"),
            Self::MinLength { limit, found } => format!("must have at least {limit} characters, found {found}"),
            Self::MaxLength { limit, found } => format!("must have at most {limit} characters, found {found}"),
            Self::MinItems { limit, found } => format!("must have at least {limit} items, found {found}"),
            Self::MaxItems { limit, found } => format!("must have at most {limit} items, found {found}"),
            Self::MinProperties { limit, found } => format!("must have at least {limit} keys, found {found}"),
            Self::MaxProperties { limit, found } => format!("must have at most {limit} keys, found {found}"),
            Self::UniqueItems => "must not hold the same item twice".into(),
            Self::Pattern { pattern } => format!("must match the pattern `{pattern}`"),
            Self::Base64 => "must be base64 in the standard alphabet, with padding and without line breaks".into(),
            Self::Beyond { rule, .. } => format!("breaks the rule `{rule}`"),
            Self::Union => "fits none of the allowed forms, or several at once".into(),
            Self::Keyword { keyword } => format!("is refused by `{keyword}`"),
        }
    }
}

/// A string without its quotes, anything else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `a`, `b` and `c`.
pub(crate) fn list(names: &[String]) -> String {
    join(names, " and ")
}

fn one_of(values: &[String]) -> String {
    join(values, " or ")
}

fn join(names: &[String], last: &str) -> String {
    const SHOWN: usize = 24;
    let quoted: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some(_) if names.len() > SHOWN => format!("{} and {} more", quoted.join(", "), names.len() - SHOWN),
        Some((end, rest)) => format!("{}{last}{end}", rest.join(", ")),
    }
}

/// What a message may show of somebody's text: little.
pub(crate) fn short(text: &str) -> String {
    const SHOWN: usize = 40;
    if text.chars().count() <= SHOWN {
        text.to_owned()
    } else {
        format!("a text of {} characters", text.chars().count())
    }
}

/// The name that somebody may have meant: at most a third of it wrong.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    nearest_of(name, known.iter().map(String::as_str), 3)
}

/// The name that somebody may have meant: at most one letter in so many wrong.
pub(crate) fn nearest_of<'a>(name: &str, known: impl Iterator<Item = &'a str>, one_in: usize) -> Option<&'a str> {
    let name = plain_letters(name.trim_matches('"'));
    let (letters, mut nearest) = (name.chars().count(), None);
    for candidate in known {
        let plain = plain_letters(candidate);
        let most = candidate.chars().count().max(one_in) / one_in;
        // Names that differ in length by more differ by more.
        if plain.chars().count().abs_diff(letters) > most {
            continue;
        }
        // Edits between two names, a swap of neighbours being one.
        let distance = strsim::osa_distance(&name, &plain);
        if distance <= most && nearest.is_none_or(|(nearest, _)| distance < nearest) {
            nearest = Some((distance, candidate));
        }
    }
    nearest.map(|(_, candidate)| candidate)
}

/// Letter case, `_` and `-` count for nothing, so that `maxTokens` is near to `max_tokens`.
fn plain_letters(text: &str) -> String {
    text.chars().filter(|c| *c != '_' && *c != '-').take(64).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{Rule, short};

    #[test]
    fn a_misspelt_key_gets_the_name_that_was_meant() {
        let known = ["top_k".into(), "max_tokens".into()];
        let say = |key: &str| Rule::UnknownKey { key: key.into() }.message(&known);
        assert_eq!(
            say("top_kk"),
            "this model takes no `top_kk` here; did you mean `top_k`? It takes `top_k` and `max_tokens`"
        );
        assert!(say("maxTokens").starts_with("this model takes no `maxTokens` here; did you mean `max_tokens`?"));
        assert_eq!(say("stream"), "this model takes no `stream` here; it takes `top_k` and `max_tokens`");
    }

    #[test]
    fn long_texts_are_not_shown() {
        assert_eq!(short(&"secret ".repeat(10)), "a text of 70 characters");
    }
}
