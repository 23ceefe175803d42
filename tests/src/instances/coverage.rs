//! Which declared properties the accepted bodies of a model had.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::{Document, properties};

/// Every declared property of a schema and whether an accepted body had it.
#[derive(Debug)]
pub struct Coverage<'s> {
    document: Document<'s>,
    /// By address of the property's schema: its pointer, and whether it was seen. Never iterated over in this order.
    seen: BTreeMap<usize, (String, bool)>,
}

impl<'s> Coverage<'s> {
    /// Nothing is seen yet.
    #[must_use]
    pub fn new(schema: &'s Value) -> Self {
        let mut seen = BTreeMap::new();
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            declare(definition, name, &mut seen);
        }
        Self { document: Document::new(schema), seen }
    }

    /// Notes the properties of an accepted body.
    pub fn note(&mut self, entry: &str, body: &Value) {
        for place in self.document.places(entry, body) {
            let Some(value) = crate::schema::at(body, &place.path) else { continue };
            for (key, schema) in place.layers.iter().flat_map(|layer| properties(layer)) {
                if value.get(key).is_some()
                    && let Some((_, seen)) = self.seen.get_mut(&address(schema))
                {
                    *seen = true;
                }
            }
        }
    }

    /// Number of declared properties.
    #[must_use]
    pub fn declared(&self) -> usize {
        self.seen.len()
    }

    /// Declared properties that no accepted body had.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let mut missing: Vec<_> =
            self.seen.values().filter(|(_, seen)| !seen).map(|(pointer, _)| pointer.as_str()).collect();
        missing.sort_unstable();
        missing
    }
}

fn declare(schema: &Value, pointer: &str, seen: &mut BTreeMap<usize, (String, bool)>) {
    let Some(layer) = schema.as_object() else { return };
    for (key, property) in properties(layer).filter(|(_, property)| **property != Value::Bool(false)) {
        let pointer = format!("{pointer}/{key}");
        declare(property, &pointer, seen);
        seen.insert(address(property), (pointer, false));
    }
    // Narrowing under `allOf`, and questions under `if`, declare nothing of their own.
    for below in
        layer.get("items").into_iter().chain(layer.get("additionalProperties")).chain(crate::schema::arms(layer))
    {
        declare(below, pointer, seen);
    }
}

fn address(schema: &Value) -> usize {
    std::ptr::from_ref(schema) as usize
}
