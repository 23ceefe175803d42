//! `x-rules` as a custom keyword: what JSON Schema cannot say (the list stands in `schemas/README.md`).
//!
//! Written from that page alone, not from the runtime's interpreter, so that the two can disagree.

use serde_json::{Map, Value};

use crate::schema::{Document, Layer};

/// All rules of one object.
pub(super) struct Rules {
    /// The resolved schema, which says where free JSON begins.
    source: &'static Value,
    carrier: Value,
    rules: Vec<Value>,
}

impl Rules {
    pub fn read(source: &'static Value, carrier: &Map<String, Value>, rules: &Value) -> Self {
        let rules = rules.as_array().cloned().unwrap_or_default();
        Self { source, carrier: Value::Object(carrier.clone()), rules }
    }

    fn holds(&self, rule: &Value, instance: &Value) -> bool {
        let number = |key: &str| instance.pointer(rule.get(key)?.as_str()?)?.as_f64();
        let of = || rule["of"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let numbers = || of().map(|pointer| instance.pointer(pointer)?.as_f64()).collect::<Option<Vec<f64>>>();
        let limit = |key: &str| rule[key].as_f64().unwrap_or_else(|| panic!("a rule without `{key}`: {rule}"));
        let both = number("left").zip(number("right"));
        match rule["rule"].as_str().unwrap_or_default() {
            "less-than" => both.is_none_or(|(left, right)| left < right),
            "at-most" => both.is_none_or(|(left, right)| left <= right),
            "product-at-most" => numbers().is_none_or(|all| all.iter().product::<f64>() <= limit("maximum")),
            "ratio-between" => numbers().is_none_or(|all| {
                let ratio = all[0] / all[1];
                limit("minimum") <= ratio && ratio <= limit("maximum")
            }),
            "count-at-most" => {
                let key = rule["key"].as_str().unwrap_or_default();
                u64_as_f64(self.count(key, instance)) <= limit("maximum")
            }
            "total-at-most" => {
                let lengths = of().filter_map(|pointer| instance.pointer(pointer)?.as_array().map(Vec::len));
                u64_as_f64(lengths.sum::<usize>() as u64) <= limit("maximum")
            }
            end @ ("first-item" | "last-item") => {
                let items = rule["of"].as_str().and_then(|pointer| instance.pointer(pointer)?.as_array());
                let item = items.and_then(|items| if end == "first-item" { items.first() } else { items.last() });
                let found = item.and_then(|item| item.get(rule["property"].as_str()?));
                let allowed = rule["enum"].as_array();
                found.is_none_or(|found| allowed.is_some_and(|allowed| allowed.contains(found)))
            }
            other => panic!("`{other}` is not on the list of rules"),
        }
    }

    /// How often a declared key stands below, not counting `null`.
    fn count(&self, key: &str, instance: &Value) -> u64 {
        fn below<'s>(document: Document<'s>, schemas: &[&'s Value], instance: &Value, key: &str) -> u64 {
            let layers: Vec<Layer<'s>> = document.layers(schemas, instance);
            match instance {
                Value::Object(members) => members
                    .iter()
                    .map(|(name, member)| {
                        let declared = layers
                            .iter()
                            .any(|layer| layer.get("properties").is_some_and(|own| own.get(name).is_some()));
                        let own = name == key && declared && !member.is_null();
                        u64::from(own) + below(document, &document.member(&layers, name), member, key)
                    })
                    .sum(),
                Value::Array(items) => {
                    let schemas: Vec<_> = layers.iter().filter_map(|layer| layer.get("items")).collect();
                    items.iter().map(|item| below(document, &schemas, item, key)).sum()
                }
                _ => 0,
            }
        }
        below(Document::new(self.source), &[&self.carrier], instance, key)
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of items are small")]
fn u64_as_f64(count: u64) -> f64 {
    count as f64
}

impl<'i> jsonschema::Keyword<'i> for Rules {
    fn validate(&self, instance: &'i Value) -> Result<(), jsonschema::ValidationError<'i>> {
        match self.rules.iter().find(|rule| !self.holds(rule, instance)) {
            Some(rule) => Err(jsonschema::ValidationError::custom(format!("breaks the rule {}", rule["rule"]))),
            None => Ok(()),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.rules.iter().all(|rule| self.holds(rule, instance))
    }
}
