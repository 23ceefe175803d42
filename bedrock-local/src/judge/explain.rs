//! Turns the validator's errors into findings, each at the guilty key.
//!
//! A validator says of a union that no arm fits, at the place of the union. People mean one arm and slip inside it, so
//! the arm is chosen by its tag, key or kind, and the errors of that arm are explained instead, as deep as it goes.

use std::sync::Arc;

use jsonschema::{ValidationError, error::TypeKind, error::ValidationErrorKind as Error};
use serde_json::{Map, Value};

use super::{
    finding::{Finding, JsonKind, Rule, plain, short},
    rules::XRule,
};
use crate::schema::{
    Document,
    arms::{self, Fit},
    push,
};

/// Explains all errors of a body, each slip once.
pub(super) fn findings<'e>(
    document: &Arc<Document>,
    body: &Value,
    errors: impl Iterator<Item = ValidationError<'e>>,
) -> Vec<Finding> {
    let mut explainer = Explainer { document, body, findings: Vec::new() };
    for error in errors {
        explainer.explain(&error);
    }
    if explainer.findings.is_empty() {
        // No finding means that a body fits, and this one does not.
        explainer.add(String::new(), Rule::Union, Vec::new());
    }
    explainer.findings.sort_by(|a, b| (a.rule.rank(), &a.pointer).cmp(&(b.rule.rank(), &b.pointer)));
    explainer.findings
}

struct Explainer<'a> {
    document: &'a Document,
    body: &'a Value,
    findings: Vec<Finding>,
}

impl<'a> Explainer<'a> {
    fn explain(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        let found = self.body.pointer(pointer).unwrap_or(&Value::Null);
        let limit = |limit: &Value| limit.to_string();
        let number = || found.to_string();
        let (rule, allowed) = match error.kind() {
            Error::AdditionalProperties { unexpected } => {
                let allowed = self.keys_beside(error.schema_path().as_str());
                for key in unexpected {
                    self.unknown_key(pointer, key, allowed.clone());
                }
                return;
            }
            Error::FalseSchema => {
                let (parent, key) = pointer.rsplit_once('/').unwrap_or(("", pointer));
                let key = key.replace("~1", "/").replace("~0", "~");
                let allowed = self.keys_around(error.schema_path().as_str());
                return self.unknown_key(parent, &key, allowed);
            }
            Error::PropertyNames { error } => {
                let key = error.instance().as_str().unwrap_or_default().to_owned();
                if let Error::Enum { options } = error.kind() {
                    return self.unknown_key(pointer, &key, values(options));
                }
                let mut at = pointer.to_owned();
                push(&mut at, &key);
                return self.add(at, Rule::Keyword { keyword: "propertyNames".into() }, Vec::new());
            }
            Error::OneOfNotValid { context } | Error::AnyOf { context } => {
                return self.union(pointer, error.schema_path().as_str(), found, context);
            }
            Error::OneOfMultipleValid { .. } => (Rule::Union, Vec::new()),
            Error::Required { property } => (Rule::MissingKey { key: plain(property) }, Vec::new()),
            Error::Not { schema } => match schema.get("required") {
                // `required` holds for what is no object, so `not` refuses it; that it is none is said already.
                Some(_) if !found.is_object() => return,
                Some(keys) => (Rule::ExclusiveKeys { keys: strings(keys) }, Vec::new()),
                None => (Rule::Keyword { keyword: "not".into() }, Vec::new()),
            },
            Error::Type { kind } => {
                let expected = match kind {
                    TypeKind::Single(kind) => JsonKind::named(kind.as_str()).into_iter().collect(),
                    TypeKind::Multiple(kinds) => kinds.iter().filter_map(|k| JsonKind::named(k.as_str())).collect(),
                };
                (Rule::Kind { expected, found: JsonKind::of(found) }, Vec::new())
            }
            Error::Enum { options } => return self.value(pointer, found, values(options)),
            Error::Constant { expected_value } => {
                return self.value(pointer, found, vec![Value::clone(expected_value)]);
            }
            Error::Minimum { limit: l } => {
                (Rule::Minimum { limit: limit(l), found: number(), exclusive: false }, vec![])
            }
            Error::ExclusiveMinimum { limit: l } => {
                (Rule::Minimum { limit: limit(l), found: number(), exclusive: true }, vec![])
            }
            Error::Maximum { limit: l } => {
                (Rule::Maximum { limit: limit(l), found: number(), exclusive: false }, vec![])
            }
            Error::ExclusiveMaximum { limit: l } => {
                (Rule::Maximum { limit: limit(l), found: number(), exclusive: true }, vec![])
            }
            Error::MultipleOf { multiple_of } => {
                (Rule::MultipleOf { of: multiple_of.to_string(), found: number() }, Vec::new())
            }
            Error::MinLength { limit } => (Rule::MinLength { limit: *limit, found: size(found) }, Vec::new()),
            Error::MaxLength { limit } => (Rule::MaxLength { limit: *limit, found: size(found) }, Vec::new()),
            Error::MinItems { limit } => (Rule::MinItems { limit: *limit, found: size(found) }, Vec::new()),
            Error::MaxItems { limit } => (Rule::MaxItems { limit: *limit, found: size(found) }, Vec::new()),
            Error::MinProperties { limit } => (Rule::MinProperties { limit: *limit, found: size(found) }, Vec::new()),
            Error::MaxProperties { limit } => (Rule::MaxProperties { limit: *limit, found: size(found) }, Vec::new()),
            Error::UniqueItems => (Rule::UniqueItems, Vec::new()),
            Error::Pattern { pattern } => (Rule::Pattern { pattern: pattern.clone() }, Vec::new()),
            Error::Custom { keyword, message } if keyword == "x-rules" => {
                return self.x_rule(pointer, error.schema_path().as_str(), found, message);
            }
            Error::Custom { keyword, .. } if keyword == "contentEncoding" => (Rule::Base64, Vec::new()),
            other => (Rule::Keyword { keyword: other.keyword().to_owned() }, Vec::new()),
        };
        self.add(pointer.to_owned(), rule, allowed);
    }

    /// None of a union's arms fits.
    fn union(&mut self, pointer: &str, schema: &str, found: &Value, context: &[Vec<ValidationError<'static>>]) {
        let Some(arms) = self.document.at(schema).and_then(Value::as_array) else {
            return self.add(pointer.to_owned(), Rule::Union, Vec::new());
        };
        let mut fits = arms::fits(self.document, arms, found);
        let candidates: Vec<&Vec<ValidationError<'static>>> =
            fits.iter().zip(context).filter(|(fit, _)| **fit == Fit::Fits).map(|(_, errors)| errors).collect();
        match candidates.as_slice() {
            [] => self.unnamed(pointer, found, arms::merge(&mut fits)),
            [errors] if errors.is_empty() => self.add(pointer.to_owned(), Rule::Union, Vec::new()),
            [errors] => errors.iter().for_each(|error| self.explain(error)),
            several => {
                if let Some(keys) = only_missing(several, pointer) {
                    return self.add(pointer.to_owned(), Rule::MissingOneOf { keys }, Vec::new());
                }
                // Nothing names the arm. The one that was got into deepest, with the fewest slips, was meant.
                let meant = several.iter().filter(|errors| !errors.is_empty()).min_by_key(|errors| {
                    let deepest = errors.iter().map(|error| error.instance_path().as_str().len()).max().unwrap_or(0);
                    (usize::MAX - deepest, errors.len())
                });
                match meant {
                    Some(errors) => errors.iter().for_each(|error| self.explain(error)),
                    None => self.add(pointer.to_owned(), Rule::Union, Vec::new()),
                }
            }
        }
    }

    /// No arm of a union is named.
    fn unnamed(&mut self, pointer: &str, found: &Value, fit: Fit) {
        match fit {
            Fit::Tag { key, allowed } => match found.get(&key) {
                None => self.add(pointer.to_owned(), Rule::MissingKey { key }, json_strings(&allowed)),
                Some(value) => {
                    let mut at = pointer.to_owned();
                    push(&mut at, &key);
                    self.add(at, Rule::Value { found: shown(value), tag: true }, json_strings(&allowed));
                }
            },
            Fit::Key { key } => {
                let keys: Vec<String> = key.split(", ").map(str::to_owned).collect();
                let unknown: Vec<String> = found.as_object().into_iter().flat_map(Map::keys).cloned().collect();
                if unknown.is_empty() {
                    return self.add(pointer.to_owned(), Rule::MissingOneOf { keys }, Vec::new());
                }
                for unknown in unknown {
                    self.unknown_key(pointer, &unknown, json_strings(&keys));
                }
            }
            Fit::Kind { wanted } => {
                let rule = Rule::Kind { expected: wanted, found: JsonKind::of(found) };
                self.add(pointer.to_owned(), rule, Vec::new());
            }
            Fit::Fits => self.add(pointer.to_owned(), Rule::Union, Vec::new()),
        }
    }

    fn x_rule(&mut self, pointer: &str, schema: &str, found: &Value, number: &str) {
        let carrier = schema.strip_suffix("/x-rules").and_then(|schema| self.document.at(schema)?.as_object());
        let broken = carrier.and_then(|carrier| {
            let rule = carrier.get("x-rules")?.get(number.parse::<usize>().ok()?)?;
            XRule::read(rule).ok()?.judge(self.document, carrier, found)
        });
        match broken {
            Some(broken) => self.push(Finding {
                pointer: format!("{pointer}{}", broken.pointer),
                rule: Rule::Beyond { rule: broken.rule, limit: broken.limit },
                message: broken.message,
                allowed: broken.allowed,
            }),
            None => {
                self.add(pointer.to_owned(), Rule::Beyond { rule: "x-rules".into(), limit: Value::Null }, Vec::new())
            }
        }
    }

    fn value(&mut self, pointer: &str, found: &Value, allowed: Vec<Value>) {
        self.add(pointer.to_owned(), Rule::Value { found: shown(found), tag: false }, allowed);
    }

    fn unknown_key(&mut self, parent: &str, key: &str, allowed: Vec<Value>) {
        let mut pointer = parent.to_owned();
        push(&mut pointer, key);
        self.add(pointer, Rule::UnknownKey { key: key.to_owned() }, allowed);
    }

    /// The keys declared by the schema object that holds this keyword.
    fn keys_beside(&self, keyword: &str) -> Vec<Value> {
        let schema = keyword.rsplit_once('/').and_then(|(schema, _)| self.document.at(schema));
        let properties = schema.and_then(|schema| schema.get("properties")?.as_object());
        let taken = properties.into_iter().flatten().filter(|(_, schema)| **schema != Value::Bool(false));
        taken.map(|(key, _)| key.as_str().into()).collect()
    }

    /// The keys beside the one that is refused by `false` under `properties`. A branch of an `if` names a few keys only,
    /// so they must be all: the object is closed.
    fn keys_around(&self, refused: &str) -> Vec<Value> {
        let Some((properties, _)) = refused.rsplit_once('/') else { return Vec::new() };
        let object = properties.strip_suffix("/properties").and_then(|object| self.document.at(object));
        let closed = object.is_some_and(|object| object.get("additionalProperties") == Some(&Value::Bool(false)));
        if closed { self.keys_beside(properties) } else { Vec::new() }
    }

    fn add(&mut self, pointer: String, rule: Rule, allowed: Vec<Value>) {
        let message = rule.message(&allowed);
        self.push(Finding { pointer, rule, message, allowed });
    }

    fn push(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// The keys that the arms miss, where missing keys are all that is wrong with any of them.
fn only_missing(arms: &[&Vec<ValidationError<'static>>], pointer: &str) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    for error in arms.iter().copied().flatten() {
        match error.kind() {
            Error::Required { property } if error.instance_path().as_str() == pointer => keys.push(plain(property)),
            _ => return None,
        }
    }
    (!keys.is_empty()).then_some(keys)
}

fn strings(values: &Value) -> Vec<String> {
    values.as_array().into_iter().flatten().map(plain).collect()
}

fn values(values: &Value) -> Vec<Value> {
    values.as_array().cloned().unwrap_or_default()
}

fn json_strings(texts: &[String]) -> Vec<Value> {
    texts.iter().map(|text| text.as_str().into()).collect()
}

/// A found value, as far as a message may show it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.chars().count() <= 40 => format!("{text:?}"),
        Value::String(text) => short(text),
        Value::Array(items) => format!("an array of {} items", items.len()),
        Value::Object(members) => format!("an object of {} keys", members.len()),
        other => other.to_string(),
    }
}

fn size(value: &Value) -> u64 {
    let size = match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    size as u64
}
