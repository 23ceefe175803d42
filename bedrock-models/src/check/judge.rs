//! Whether one value keeps one rule. Where the value stands in the body is the interpreter's business.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::node::{Below, Node};
use super::number::{Num, Number};
use super::rules::{Literal, Rule};
use super::words::{alternatives, count, dotted, found, list, list_quoted, name, pointer, quoted, too_few, too_many};

/// A rule that a value breaks.
pub(super) struct Broken {
    pub rule: &'static str,
    /// Where, below the value; a JSON pointer.
    pub at: String,
    pub words: Words,
    pub allowed: Vec<String>,
}

/// A message, with or without its subject.
pub(super) enum Words {
    /// Goes after the name of the place: "must be at most 1".
    Predicate(String),
    Sentence(String),
}

impl Broken {
    fn value(rule: &'static str, words: String) -> Self {
        Self { rule, at: String::new(), words: Words::Predicate(words), allowed: Vec::new() }
    }

    fn object(rule: &'static str, words: String) -> Self {
        Self { rule, at: String::new(), words: Words::Sentence(words), allowed: Vec::new() }
    }

    fn at(mut self, pointer: impl Into<String>) -> Self {
        self.at = pointer.into();
        self
    }

    fn allowed(mut self, allowed: impl IntoIterator<Item = String>) -> Self {
        self.allowed.extend(allowed);
        self
    }
}

/// What `value` breaks of one rule. `node` is where the rule stands, for those that look further down.
pub(super) fn broken(rule: &Rule, value: &Value, node: Option<&'static Node>) -> Vec<Broken> {
    match rule {
        Rule::Minimum(limit) => bound(value, "minimum", "at least", *limit, Ordering::is_ge),
        Rule::Maximum(limit) => bound(value, "maximum", "at most", *limit, Ordering::is_le),
        Rule::ExclusiveMinimum(limit) => bound(value, "exclusiveMinimum", "more than", *limit, Ordering::is_gt),
        Rule::ExclusiveMaximum(limit) => bound(value, "exclusiveMaximum", "less than", *limit, Ordering::is_lt),
        Rule::MultipleOf(divisor) => match value.as_number().map(Num::of) {
            Some(number) if !number.is_multiple_of(*divisor) => {
                one(Broken::value("multipleOf", format!("must be a multiple of {divisor}, found {}", number.number())))
            }
            Some(_) | None => Vec::new(),
        },
        Rule::MinLength(least) => {
            size(characters(value), "minLength", |n| n < *least, |n| too_few(*least, n, "character"))
        }
        Rule::MaxLength(most) => {
            size(characters(value), "maxLength", |n| n > *most, |n| too_many(*most, n, "character"))
        }
        Rule::Pattern(pattern) => match value {
            Value::String(text) if !matches(pattern, text) => {
                let size = count(text.chars().count() as u64, "character");
                one(Broken::value("pattern", format!("must match `{pattern}`, found {size} that don't")))
            }
            _ => Vec::new(),
        },
        Rule::MinItems(least) => size(items(value), "minItems", |n| n < *least, |n| too_few(*least, n, "item")),
        Rule::MaxItems(most) => size(items(value), "maxItems", |n| n > *most, |n| too_many(*most, n, "item")),
        Rule::UniqueItems => match value.as_array().and_then(|items| repeated(items)) {
            Some((first, second)) => {
                let words = format!("must not repeat an item, but items {first} and {second} are equal");
                one(Broken::value("uniqueItems", words))
            }
            None => Vec::new(),
        },
        Rule::MinProperties(least) => {
            size(members(value), "minProperties", |n| n < *least, |n| too_few(*least, n, "member"))
        }
        Rule::MaxProperties(most) => {
            size(members(value), "maxProperties", |n| n > *most, |n| too_many(*most, n, "member"))
        }
        Rule::OneOf(allowed) => {
            if allowed.iter().any(|literal| equals(literal, value)) {
                return Vec::new();
            }
            let words = format!("must be {}, found {}", alternatives(allowed), found(value));
            one(Broken::value("enum", words).allowed(allowed.iter().map(Literal::to_string)))
        }
        Rule::RefusedKinds(kinds) => kinds
            .iter()
            .filter(|kind| kind.holds(value))
            .map(|kind| Broken::value("type", format!("can't be {} with this model", kind.words())))
            .collect(),
        Rule::Keys(known) => keys(value, |key| {
            let words = || format!("takes no key {}, only {}", name(key), list(known, "and"));
            (!known.contains(&key))
                .then(|| Broken::value("propertyNames", words()).allowed(known.iter().map(|key| quoted(key))))
        }),
        Rule::KeyPattern(pattern) => keys(value, |key| {
            let words = || format!("must have keys that match `{pattern}`, found one {}", name(key));
            (!matches(pattern, key)).then(|| Broken::value("propertyNames", words()))
        }),
        Rule::KeyMaxLength(most) => keys(value, |key| {
            let length = key.chars().count() as u64;
            let words = || format!("must have keys of at most {}, found one of {length}", count(*most, "character"));
            (length > *most).then(|| Broken::value("propertyNames", words()))
        }),
        Rule::RefusedTags(tag, refused, kept) => match value.get(tag) {
            Some(Value::String(found)) if refused.contains(&found.as_str()) => {
                let words = format!("can't be {} with this model, only {}", quoted(found), list_quoted(kept, "or"));
                one(Broken::value("enum", words).at(pointer(tag)).allowed(kept.iter().map(|tag| quoted(tag))))
            }
            Some(_) | None => Vec::new(),
        },
        Rule::Refused(refused) => refused
            .iter()
            .filter(|name| has(value, name))
            .map(|name| {
                let words = format!("`{name}` can't be set with this model: leave it out");
                Broken::object("properties", words).at(pointer(name))
            })
            .collect(),
        Rule::Required(required) => required
            .iter()
            .filter(|name| value.is_object() && !has(value, name))
            .map(|name| Broken::object("required", format!("`{name}` is required by this model: set it")))
            .collect(),
        Rule::Exclusive(names) => {
            if !names.iter().all(|name| has(value, name)) {
                return Vec::new();
            }
            one(Broken::object("not", format!("{} can't be set together: leave one out", list(names, "and"))))
        }
        Rule::DependentRequired(name, required) => required
            .iter()
            .filter(|other| has(value, name) && !has(value, other))
            .map(|other| {
                Broken::object("dependentRequired", format!("`{other}` is required where `{name}` is set: set it"))
            })
            .collect(),
        Rule::When(test, then, otherwise) => {
            let (branch, word) = if test.holds(value) { (then, "where") } else { (otherwise, "unless") };
            let Some(branch) = branch else { return Vec::new() };
            let why = test.words().map_or_else(|| "in this combination".to_owned(), |words| format!("{word} {words}"));
            let mut found = Vec::new();
            branch.explain(value, "", &why, &mut found);
            found
        }
        Rule::LessThan(left, right) => relation(value, "less-than", "less than", left, right, Ordering::is_lt),
        Rule::AtMost(left, right) => relation(value, "at-most", "at most", left, right, Ordering::is_le),
        Rule::ProductAtMost(of, maximum) => product(value, of, *maximum),
        Rule::RatioBetween(first, second, minimum, maximum) => {
            let (Some(a), Some(b)) = (number(value, first), number(value, second)) else { return Vec::new() };
            let ratio = a.number().float() / b.number().float();
            if ratio >= minimum.float() && ratio <= maximum.float() {
                return Vec::new();
            }
            let names = format!("`{}` ÷ `{}`", dotted(first), dotted(second));
            let words = format!("{names} must be from {minimum} to {maximum}, found {} ÷ {}", a.number(), b.number());
            one(Broken::object("ratio-between", words))
        }
        Rule::CountAtMost(key, most) => {
            let found = occurrences(value, node, key);
            if found <= *most {
                return Vec::new();
            }
            one(Broken::object("count-at-most", format!("`{key}` may be set at most {most} times, found {found}")))
        }
        Rule::FirstItem(of, property, allowed) => item(value, "first-item", "first", of, property, allowed),
        Rule::LastItem(of, property, allowed) => item(value, "last-item", "last", of, property, allowed),
        Rule::TotalAtMost(of, most) => {
            let total = of.iter().filter_map(|at| items(value.pointer(at)?)).sum::<u64>();
            if total <= *most {
                return Vec::new();
            }
            let names: Vec<_> = of.iter().map(|at| dotted(at)).collect();
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            let words =
                format!("{} may have at most {} together, found {total}", list(&names, "and"), count(*most, "item"));
            one(Broken::object("total-at-most", words))
        }
        Rule::Said(message, rule) => {
            let mut found = broken(rule, value, node);
            found.truncate(1);
            for broken in &mut found {
                broken.words = Words::Sentence((*message).to_owned());
            }
            found
        }
    }
}

fn one(broken: Broken) -> Vec<Broken> {
    vec![broken]
}

fn bound(value: &Value, rule: &'static str, words: &str, limit: Number, kept: fn(Ordering) -> bool) -> Vec<Broken> {
    match value.as_number().map(Num::of) {
        Some(number) if !number.compare(limit).is_some_and(kept) => {
            one(Broken::value(rule, format!("must be {words} {limit}, found {}", number.number())))
        }
        Some(_) | None => Vec::new(),
    }
}

fn size(
    size: Option<u64>,
    rule: &'static str,
    breaks: impl Fn(u64) -> bool,
    words: impl Fn(u64) -> String,
) -> Vec<Broken> {
    size.filter(|size| breaks(*size)).map(|size| Broken::value(rule, words(size))).into_iter().collect()
}

fn characters(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}

fn items(value: &Value) -> Option<u64> {
    value.as_array().map(|items| items.len() as u64)
}

fn members(value: &Value) -> Option<u64> {
    value.as_object().map(|members| members.len() as u64)
}

/// Present, be it as `null`.
fn has(value: &Value, name: &str) -> bool {
    value.get(name).is_some()
}

fn keys(value: &Value, judge: impl Fn(&str) -> Option<Broken>) -> Vec<Broken> {
    value.as_object().into_iter().flat_map(Map::keys).filter_map(|key| judge(key)).collect()
}

fn relation(
    value: &Value,
    rule: &'static str,
    words: &str,
    left: &str,
    right: &str,
    kept: fn(Ordering) -> bool,
) -> Vec<Broken> {
    let (Some(a), Some(b)) = (number(value, left), number(value, right)) else { return Vec::new() };
    if a.compare(b.number()).is_some_and(kept) {
        return Vec::new();
    }
    let words =
        format!("`{}` must be {words} `{}` ({}), found {}", dotted(left), dotted(right), b.number(), a.number());
    one(Broken::object(rule, words).at(left))
}

fn product(value: &Value, of: &[&str], maximum: Number) -> Vec<Broken> {
    let Some(factors) = of.iter().map(|at| number(value, at)).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let product = Num::product(&factors);
    if product.compare(maximum).is_some_and(Ordering::is_le) {
        return Vec::new();
    }
    let names: Vec<_> = of.iter().map(|at| format!("`{}`", dotted(at))).collect();
    let words = format!("{} must be at most {maximum}, found {}", names.join(" × "), product.number());
    one(Broken::object("product-at-most", words))
}

fn item(
    value: &Value,
    rule: &'static str,
    word: &str,
    of: &str,
    property: &str,
    allowed: &'static [&'static str],
) -> Vec<Broken> {
    let Some(Value::Array(items)) = value.pointer(of) else { return Vec::new() };
    let index = if word == "first" { 0 } else { items.len().saturating_sub(1) };
    let Some(Value::String(found)) = items.get(index).and_then(|item| item.get(property)) else {
        return Vec::new();
    };
    if allowed.contains(&found.as_str()) {
        return Vec::new();
    }
    let words = format!("`{property}` of the {word} item of `{}` must be {}", dotted(of), list_quoted(allowed, "or"));
    let at = format!("{of}/{index}{}", pointer(property));
    one(Broken::object(rule, words).at(at).allowed(allowed.iter().map(|value| quoted(value))))
}

fn number(value: &Value, at: &str) -> Option<Num> {
    value.pointer(at)?.as_number().map(Num::of)
}

/// JSON's equality; numbers by value.
pub(super) fn equals(literal: &Literal, value: &Value) -> bool {
    match (literal, value) {
        (Literal::Null, Value::Null) => true,
        (Literal::Bool(a), Value::Bool(b)) => a == b,
        (Literal::Number(a), Value::Number(b)) => Num::of(b).compare(*a).is_some_and(Ordering::is_eq),
        (Literal::Str(a), Value::String(b)) => a == b,
        _ => false,
    }
}

/// The first pair of equal items.
fn repeated(items: &[Value]) -> Option<(usize, usize)> {
    // A map from a text that equal values share keeps long lists linear.
    let mut seen = BTreeMap::<String, usize>::new();
    for (i, item) in items.iter().enumerate() {
        let mut text = String::new();
        canonical(item, &mut text);
        if let Some(first) = seen.insert(text, i) {
            return Some((first, i));
        }
    }
    None
}

/// A text that is the same for equal values only: members sorted, numbers by value.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
        Value::Number(number) => match Num::of(number).number() {
            Number::Int(int) => text.push_str(&int.to_string()),
            Number::Float(float) if float.fract() == 0.0 && float.abs() < 1e38 => {
                text.push_str(&(float as i128).to_string());
            }
            Number::Float(float) => text.push_str(&float.to_string()),
        },
        Value::Array(items) => {
            text.push('[');
            for item in items {
                canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().collect();
            text.push('{');
            for (key, value) in members {
                text.push_str(&quoted(key));
                text.push(':');
                canonical(value, text);
                text.push(',');
            }
            text.push('}');
        }
    }
}

/// How often `key` stands at and below `value`, outside free JSON.
fn occurrences(value: &Value, node: Option<&'static Node>, key: &str) -> u64 {
    if node.is_some_and(|node| matches!(node.below, Below::Free)) {
        return 0;
    }
    let mut node = node;
    while let Some(union) = node.filter(|node| node.is_union()) {
        node = union.settle(value);
    }
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let here = u64::from(name == key && !value.is_null());
                here + occurrences(value, node.and_then(|node| node.member(name)), key)
            })
            .sum(),
        Value::Array(items) => items.iter().map(|item| occurrences(item, node.and_then(Node::item), key)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Each pattern is compiled once for the process.
fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: Mutex<BTreeMap<&'static str, Option<Arc<Regex>>>> = Mutex::new(BTreeMap::new());
    let regex = {
        let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.entry(pattern).or_insert_with(|| Regex::new(pattern).ok().map(Arc::new)).clone()
    };
    regex.is_none_or(|regex| regex.is_match(text))
}
