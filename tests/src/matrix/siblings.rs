//! What other models of the same API take.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::corpus::{self, Model};
use crate::instances::{Generator, Random};
use crate::schema::{Document, Layer, properties};

/// By definition: members that other models have, each with a value, and strings that they list.
pub(super) struct Siblings {
    model: &'static Model,
    members: BTreeMap<String, Vec<(String, Value)>>,
    values: BTreeMap<String, Vec<String>>,
}

impl Siblings {
    pub fn of(model: &'static Model) -> Self {
        let mut found = Self { model, members: BTreeMap::new(), values: BTreeMap::new() };
        let others = corpus::models().iter().filter(|other| other.api == model.api && other.file != model.file);
        let own = Document::new(&model.schema);
        for other in others {
            let random = Random::new(&format!("matrix sibling {} {}", model.id, other.id));
            let mut generator = Generator::new(&other.schema, random, false);
            let document = Document::new(&other.schema);
            for (name, schema) in document.definitions().into_iter().flatten() {
                let Some(known) = own.definition(name) else { continue };
                let Some(layer) = schema.as_object() else { continue };
                let has = |key: &str| known["properties"].get(key).is_some_and(|schema| *schema != Value::Bool(false));
                let members = found.members.entry(name.clone()).or_default();
                for (key, schema) in
                    properties(layer).filter(|(key, schema)| !has(key) && **schema != Value::Bool(false))
                {
                    if members.iter().all(|(known, _)| known != key) {
                        members.push((key.clone(), generator.small(&[schema])));
                    }
                }
                let listed = |schema: &Value| -> Vec<String> {
                    let all = schema["enum"].as_array().into_iter().flatten();
                    all.filter_map(Value::as_str).map(str::to_owned).collect()
                };
                let known = listed(known);
                let values = found.values.entry(name.clone()).or_default();
                for value in listed(schema).into_iter().filter(|value| !known.contains(value)) {
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
            }
        }
        found
    }

    /// Members that definitions of this name have elsewhere.
    pub fn members(&self, layers: &[Layer<'_>]) -> Vec<(String, Value)> {
        let names = layers.iter().filter_map(|layer| self.name(layer));
        names.filter_map(|name| self.members.get(name)).flatten().cloned().collect()
    }

    /// Values that a definition of this name lists elsewhere.
    pub fn values(&self, layer: Option<Layer<'_>>) -> Vec<String> {
        layer.and_then(|layer| self.values.get(self.name(layer)?)).cloned().unwrap_or_default()
    }

    fn name(&self, layer: Layer<'_>) -> Option<&String> {
        let definitions = Document::new(&self.model.schema).definitions()?;
        let same = |schema: &Value| schema.as_object().is_some_and(|known| std::ptr::eq(known, layer));
        definitions.iter().find(|(_, schema)| same(schema)).map(|(name, _)| name)
    }
}
