//! The independent validator's word: a valid body is accepted, a mutant refused, and for the mistake made alone.

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::kind::Mistake;
use crate::corpus::{Kind, Model};
use crate::judge::{self, Judge};

/// Validators of the requests of one model.
pub(super) struct Confirm {
    model: &'static Model,
    judge: Judge,
    /// By kind of mistake: the schema that does not mind it.
    lenient: HashMap<&'static [&'static str], Validator>,
}

impl Confirm {
    pub fn new(model: &'static Model) -> Self {
        Self { model, judge: Judge::new(model), lenient: HashMap::new() }
    }

    pub fn accepts(&self, body: &Value) -> bool {
        self.judge.accepts(Kind::Request, body)
    }

    /// Whether a body is refused, and only for this mistake.
    pub fn has_only(&mut self, mistake: Mistake, body: &Value) -> bool {
        let keywords = mistake.keywords();
        let model = self.model;
        let lenient = self.lenient.entry(keywords).or_insert_with(|| {
            let lenient = without(&model.schema, keywords);
            judge::compile(&model.file, &lenient, &model.schema, Kind::Request.definition())
        });
        !self.judge.accepts(Kind::Request, body) && lenient.is_valid(body)
    }

    pub fn mistakes(&self, body: &Value) -> String {
        let all: Vec<String> = self.judge.mistakes(Kind::Request, body).iter().map(ToString::to_string).collect();
        all.join("; ")
    }
}

/// A schema without some keywords. `"false"` stands for members that must be absent.
///
/// Questions (`if`, `not`) stay whole: without a keyword they would ask something else.
fn without(schema: &Value, keywords: &[&str]) -> Value {
    let Value::Object(layer) = schema else { return schema.clone() };
    let all = |schemas: &Value| match schemas {
        Value::Array(schemas) => schemas.iter().map(|schema| without(schema, keywords)).collect(),
        schema => without(schema, keywords),
    };
    let mut kept = Map::new();
    for (keyword, value) in layer.iter().filter(|(keyword, _)| !keywords.contains(&keyword.as_str())) {
        let value = match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(members)) => {
                let member = |(key, schema): (&String, &Value)| {
                    let absent = *schema == Value::Bool(false) && keywords.contains(&"false");
                    (key.clone(), if absent { Value::Bool(true) } else { without(schema, keywords) })
                };
                Value::Object(members.iter().map(member).collect())
            }
            ("items" | "additionalProperties" | "allOf" | "oneOf" | "anyOf", value) => all(value),
            (_, value) => value.clone(),
        };
        // Arms that are told apart by what is left out may both fit.
        let keyword = if keyword == "oneOf" && !layer.contains_key("anyOf") { "anyOf" } else { keyword };
        kept.insert(keyword.to_owned(), value);
    }
    Value::Object(kept)
}
