//! A resolved schema as a document that one walks together with an instance.
//!
//! The verdict on an instance is the validator's, never this module's. What is found here serves to explain a verdict,
//! to read a request by the roles of its members, and to make an answer.

pub(crate) mod arms;
pub(crate) mod roles;

use serde_json::{Map, Value};

/// References and unions that may stand on top of each other at one place. Real schemas have three or four.
const DEPTH: usize = 32;

/// A self-contained schema: every reference in it is `#/$defs/Name`.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
}

/// A place in an instance, with every schema that applies to it.
pub(crate) struct Visit<'s, 'i> {
    pub pointer: &'s str,
    pub layers: &'s [&'s Map<String, Value>],
    pub instance: &'i Value,
}

impl Document {
    pub fn new(root: Value) -> Self {
        Self { root }
    }

    pub fn root(&self) -> &Value {
        &self.root
    }

    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    pub fn definitions(&self) -> Option<&Value> {
        self.root.get("$defs")
    }

    pub fn definition(&self, name: &str) -> Option<&Value> {
        self.definitions()?.get(name)
    }

    /// What a `$ref` of this schema points at.
    pub fn target<'a>(&'a self, schema: &'a Map<String, Value>) -> Option<&'a Value> {
        self.at(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
    }

    /// All schema objects that speak about this instance: the schema, what it refers to, the members of its `allOf`,
    /// and of each union the arms that the instance may mean.
    pub fn layers<'a>(&'a self, schemas: &[&'a Value], instance: &Value) -> Vec<&'a Map<String, Value>> {
        let mut layers = Vec::new();
        for schema in schemas {
            self.add_layers(schema, instance, DEPTH, &mut layers);
        }
        layers
    }

    fn add_layers<'a>(
        &'a self,
        schema: &'a Value,
        instance: &Value,
        depth: usize,
        layers: &mut Vec<&'a Map<String, Value>>,
    ) {
        let (Some(object), Some(depth)) = (schema.as_object(), depth.checked_sub(1)) else { return };
        layers.push(object);
        if let Some(target) = self.target(object) {
            self.add_layers(target, instance, depth, layers);
        }
        for part in object.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.add_layers(part, instance, depth, layers);
        }
        for union in ["oneOf", "anyOf"] {
            if let Some(arms) = object.get(union).and_then(Value::as_array) {
                for index in arms::fitting(self, arms, instance) {
                    self.add_layers(&arms[index], instance, depth, layers);
                }
            }
        }
    }

    /// The schemas of a member of an object.
    pub fn property<'a>(&self, layers: &[&'a Map<String, Value>], key: &str) -> Vec<&'a Value> {
        let mut schemas: Vec<_> = layers.iter().filter_map(|layer| layer.get("properties")?.get(key)).collect();
        if schemas.is_empty() {
            schemas = layers.iter().filter_map(|layer| layer.get("additionalProperties")).collect();
        }
        schemas
    }

    /// The schemas of the items of an array.
    pub fn items<'a>(&self, layers: &[&'a Map<String, Value>]) -> Vec<&'a Value> {
        layers.iter().filter_map(|layer| layer.get("items")).collect()
    }

    /// Visits an instance and all below it that the schemas speak about; free JSON is not entered.
    pub fn walk<'i>(&self, schemas: &[&Value], instance: &'i Value, visit: &mut dyn FnMut(&Visit<'_, 'i>)) {
        self.walk_at(&mut String::new(), schemas, instance, visit);
    }

    fn walk_at<'i>(
        &self,
        pointer: &mut String,
        schemas: &[&Value],
        instance: &'i Value,
        visit: &mut dyn FnMut(&Visit<'_, 'i>),
    ) {
        let layers = self.layers(schemas, instance);
        if layers.is_empty() {
            return;
        }
        visit(&Visit { pointer, layers: &layers, instance });
        let length = pointer.len();
        match instance {
            Value::Object(members) => {
                for (key, member) in members {
                    push(pointer, key);
                    self.walk_at(pointer, &self.property(&layers, key), member, visit);
                    pointer.truncate(length);
                }
            }
            Value::Array(items) => {
                let schemas = self.items(&layers);
                for (index, item) in items.iter().enumerate() {
                    push(pointer, &index.to_string());
                    self.walk_at(pointer, &schemas, item, visit);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }
}

/// Adds a segment to a JSON pointer.
pub(crate) fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
}

/// The segments of a JSON pointer, unescaped.
pub(crate) fn segments(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::Document;
    use serde_json::json;

    #[test]
    fn a_walk_follows_references_and_tags_and_leaves_free_json_alone() {
        let document = Document::new(json!({ "$defs": {
            "Request": { "properties": { "blocks": { "items": { "oneOf": [
                { "$ref": "#/$defs/Text" },
                { "properties": { "type": { "const": "tool" }, "input": { "type": "object" } } } ] } } } },
            "Text": { "properties": { "type": { "const": "text" }, "text": { "type": "string", "x-role": "text" } } } } }));
        let body = json!({ "blocks": [{ "type": "text", "text": "a" }, { "type": "tool", "input": { "text": "b" } }] });
        let mut seen = Vec::new();
        document.walk(&[document.definition("Request").unwrap()], &body, &mut |visit| {
            seen.push(visit.pointer.to_owned());
        });
        assert_eq!(
            seen,
            [
                "",
                "/blocks",
                "/blocks/0",
                "/blocks/0/text",
                "/blocks/0/type",
                "/blocks/1",
                "/blocks/1/input",
                "/blocks/1/type"
            ]
        );
    }
}
