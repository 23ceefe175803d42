//! The rules that JSON Schema cannot say: `x-rules`, a closed list (see `schemas/README.md`).
//!
//! A rule is read once, when the schema is compiled, and then judges instances. It sees the document too, since one of
//! them counts keys "outside free JSON", and only the schema says where free JSON begins.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::finding::{plain as text, short};
use crate::schema::Document;

/// One rule of `x-rules`.
#[derive(Debug)]
pub(super) struct XRule {
    name: String,
    message: Option<String>,
    test: Test,
}

#[derive(Debug)]
enum Test {
    LessThan { left: String, right: String },
    AtMost { left: String, right: String },
    ProductAtMost { of: Vec<String>, maximum: f64 },
    RatioBetween { of: Vec<String>, minimum: f64, maximum: f64 },
    CountAtMost { key: String, maximum: u64 },
    EndItem { of: String, last: bool, property: String, allowed: Vec<Value> },
    TotalAtMost { of: Vec<String>, maximum: u64 },
}

/// What a test finds, before the rule's own message is added.
struct Slip {
    pointer: String,
    problem: String,
    allowed: Vec<Value>,
    limit: Value,
}

/// A broken rule: where, and what is wrong.
pub(super) struct Broken {
    /// Relative to the object that carries the rule.
    pub pointer: String,
    pub rule: String,
    pub message: String,
    pub allowed: Vec<Value>,
    /// The bound, where the rule has one.
    pub limit: Value,
}

impl XRule {
    /// Reads one member of `x-rules`.
    pub fn read(rule: &Value) -> Result<Self, String> {
        let text = |key: &str| {
            rule.get(key).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| format!("needs the string `{key}`"))
        };
        let texts = |key: &str| -> Result<Vec<String>, String> {
            let items = rule.get(key).and_then(Value::as_array).ok_or_else(|| format!("needs the array `{key}`"))?;
            Ok(items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
        };
        let number =
            |key: &str| rule.get(key).and_then(Value::as_f64).ok_or_else(|| format!("needs the number `{key}`"));
        let count =
            |key: &str| rule.get(key).and_then(Value::as_u64).ok_or_else(|| format!("needs the whole number `{key}`"));
        let name = text("rule")?;
        let test = match name.as_str() {
            "less-than" => Test::LessThan { left: text("left")?, right: text("right")? },
            "at-most" => Test::AtMost { left: text("left")?, right: text("right")? },
            "product-at-most" => Test::ProductAtMost { of: texts("of")?, maximum: number("maximum")? },
            "ratio-between" => {
                Test::RatioBetween { of: texts("of")?, minimum: number("minimum")?, maximum: number("maximum")? }
            }
            "count-at-most" => Test::CountAtMost { key: text("key")?, maximum: count("maximum")? },
            "first-item" | "last-item" => Test::EndItem {
                of: text("of")?,
                last: name == "last-item",
                property: text("property")?,
                allowed: rule.get("enum").and_then(Value::as_array).cloned().ok_or("needs the array `enum`")?,
            },
            "total-at-most" => Test::TotalAtMost { of: texts("of")?, maximum: count("maximum")? },
            _ => return Err(format!("`{name}` is not on the list of schemas/README.md")),
        };
        Ok(Self { name, message: rule.get("message").and_then(Value::as_str).map(str::to_owned), test })
    }

    /// Judges an instance. What a rule speaks of and is absent breaks nothing.
    pub fn judge(&self, document: &Document, schema: &Map<String, Value>, instance: &Value) -> Option<Broken> {
        let Slip { pointer, problem, allowed, limit } = self.test.judge(document, schema, instance)?;
        let message = match &self.message {
            Some(message) => format!("{problem}: {message}"),
            None => problem,
        };
        Some(Broken { pointer, rule: self.name.clone(), message, allowed, limit })
    }
}

impl Test {
    fn judge(&self, document: &Document, schema: &Map<String, Value>, instance: &Value) -> Option<Slip> {
        let number = |pointer: &String| instance.pointer(pointer)?.as_f64();
        let plain = |problem: String, pointer: &str, limit: Value| {
            Some(Slip { pointer: pointer.to_owned(), problem, allowed: Vec::new(), limit })
        };
        match self {
            Self::LessThan { left, right } => {
                let (small, large) = (number(left)?, number(right)?);
                let problem = || format!("{small} is not less than `{}`, which is {large}", dotted(right));
                (small >= large).then(problem).and_then(|problem| plain(problem, left, figure(large)))
            }
            Self::AtMost { left, right } => {
                let (small, large) = (number(left)?, number(right)?);
                let problem = || format!("{small} is more than `{}`, which is {large}", dotted(right));
                (small > large).then(problem).and_then(|problem| plain(problem, left, figure(large)))
            }
            Self::ProductAtMost { of, maximum } => {
                let product: f64 = of.iter().map(number).collect::<Option<Vec<_>>>()?.into_iter().product();
                let problem = || format!("{} make {product}, at most {maximum} is allowed", names(of));
                (product > *maximum).then(problem).and_then(|problem| plain(problem, of.first()?, figure(*maximum)))
            }
            Self::RatioBetween { of, minimum, maximum } => {
                let [over, under] = of.as_slice() else { return None };
                let (over_value, under_value) = (number(over)?, number(under)?);
                let ratio = over_value / under_value;
                let problem = || format!("{} are as {ratio:.3} to 1, {minimum} to {maximum} is allowed", names(of));
                let limit = || json!({ "minimum": figure(*minimum), "maximum": figure(*maximum) });
                (!(*minimum..=*maximum).contains(&ratio))
                    .then(problem)
                    .and_then(|problem| plain(problem, over, limit()))
            }
            Self::CountAtMost { key, maximum } => {
                let found = count(document, schema, instance, key);
                let problem = || format!("`{key}` stands here {found} times, at most {maximum} are allowed");
                (found > *maximum).then(problem).and_then(|problem| plain(problem, "", json!(maximum)))
            }
            Self::EndItem { of, last, property, allowed } => {
                let items = instance.pointer(of)?.as_array()?;
                let index = if *last { items.len().checked_sub(1)? } else { 0 };
                let found = items.get(index)?.get(property)?;
                if allowed.contains(found) {
                    return None;
                }
                let which = if *last { "last" } else { "first" };
                let names: Vec<String> = allowed.iter().map(text).collect();
                let problem = format!(
                    "`{property}` of the {which} item must be {}, found {}",
                    names.join(" or "),
                    short(&text(found))
                );
                let pointer = format!("{of}/{index}/{property}");
                Some(Slip { pointer, problem, allowed: allowed.clone(), limit: Value::Null })
            }
            Self::TotalAtMost { of, maximum } => {
                let length = |pointer: &String| instance.pointer(pointer)?.as_array().map(Vec::len);
                let found: usize = of.iter().filter_map(length).sum();
                let problem = || format!("{} hold {found} items together, at most {maximum} are allowed", names(of));
                (found as u64 > *maximum).then(problem).and_then(|problem| plain(problem, of.first()?, json!(maximum)))
            }
        }
    }
}

/// A number as people write it: `4`, not `4.0`.
fn figure(number: f64) -> Value {
    // Up to 2^53 a float holds every whole number.
    let whole = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    if whole { json!(number as i64) } else { json!(number) }
}

/// How often a key stands below, not counting `null` and what lies in free JSON.
fn count(document: &Document, schema: &Map<String, Value>, instance: &Value, key: &str) -> u64 {
    let schema = Value::Object(schema.clone());
    let mut found = 0;
    document.walk(&[&schema], instance, &mut |visit| {
        let declared =
            visit.layers.iter().any(|layer| layer.get("properties").is_some_and(|own| own.get(key).is_some()));
        if declared && visit.instance.get(key).is_some_and(|value| !value.is_null()) {
            found += 1;
        }
    });
    found
}

fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

fn names(pointers: &[String]) -> String {
    super::finding::list(&pointers.iter().map(|pointer| dotted(pointer)).collect::<Vec<_>>())
}

/// All rules of one `x-rules`, as the validator's custom keyword. Its errors carry nothing but the number of the rule:
/// the words are found again by [`XRule::judge`] when the error is explained.
pub(super) struct XRules {
    pub rules: Vec<XRule>,
    pub document: Arc<Document>,
    pub schema: Map<String, Value>,
}

impl XRules {
    fn broken(&self, instance: &Value) -> impl Iterator<Item = usize> {
        let broken: Vec<_> = self
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.judge(&self.document, &self.schema, instance).is_some())
            .map(|(index, _)| index)
            .collect();
        broken.into_iter()
    }
}

impl<'i> jsonschema::Keyword<'i> for XRules {
    fn validate(&self, instance: &'i Value) -> Result<(), jsonschema::ValidationError<'i>> {
        match self.broken(instance).next() {
            Some(index) => Err(jsonschema::ValidationError::custom(index.to_string())),
            None => Ok(()),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.broken(instance).next().is_none()
    }

    fn iter_errors(&self, instance: &'i Value) -> Box<dyn Iterator<Item = jsonschema::ValidationError<'i>> + 'i> {
        let errors = self.broken(instance).map(|index| jsonschema::ValidationError::custom(index.to_string()));
        Box::new(errors.collect::<Vec<_>>().into_iter())
    }
}
