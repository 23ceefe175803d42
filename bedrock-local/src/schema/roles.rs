//! Finds the members of a body by their meaning (`x-role` in the schemas) instead of by their names.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Document;

/// The members of a body by role. Where a role stands in several places, the first counts.
#[derive(Debug, Default)]
pub(crate) struct Roles<'i> {
    values: BTreeMap<String, &'i Value>,
}

impl<'i> Roles<'i> {
    /// Reads a body by the definition that describes it.
    pub fn of(document: &Document, definition: &str, body: &'i Value) -> Self {
        let mut values = BTreeMap::new();
        let Some(schema) = document.definition(definition) else { return Self::default() };
        document.walk(&[schema], body, &mut |visit| {
            for role in visit.layers.iter().filter_map(|layer| layer.get("x-role")?.as_str()) {
                values.entry(role.to_owned()).or_insert(visit.instance);
            }
        });
        Self { values }
    }

    pub fn get(&self, role: &str) -> Option<&'i Value> {
        self.values.get(role).copied()
    }

    /// A string, or the strings of an array.
    pub fn strings(&self, role: &str) -> Vec<String> {
        match self.get(role) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }
    }
}

/// A whole number, also when it was written `512.0`.
pub(crate) fn integer(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64))
}
