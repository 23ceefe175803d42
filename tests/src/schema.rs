//! A resolved schema read beside an instance: which schemas speak about which value.
//!
//! Used to make instances, to break them on purpose, and to count keys for the rule `count-at-most`. No verdict is
//! found here.

use serde_json::{Map, Value};

/// Keywords of one schema object.
pub type Layer<'s> = &'s Map<String, Value>;

/// References and unions that may stand on top of each other at one place. Real schemas have three or four.
const DEPTH: usize = 24;

/// A self-contained schema: every reference in it is `#/$defs/Name`.
#[derive(Debug, Clone, Copy)]
pub struct Document<'s> {
    root: &'s Value,
}

/// A value in an instance and all schema objects that speak about it.
#[derive(Debug)]
pub struct Place<'s> {
    /// JSON pointer, as its segments.
    pub path: Vec<String>,
    pub layers: Vec<Layer<'s>>,
}

impl<'s> Document<'s> {
    #[must_use]
    pub fn new(root: &'s Value) -> Self {
        Self { root }
    }

    #[must_use]
    pub fn definition(self, name: &str) -> Option<&'s Value> {
        self.root.get("$defs")?.get(name)
    }

    /// All definitions by name.
    #[must_use]
    pub fn definitions(self) -> Option<Layer<'s>> {
        self.root.get("$defs")?.as_object()
    }

    /// What a `$ref` points at.
    #[must_use]
    pub fn target(self, layer: Layer<'s>) -> Option<&'s Value> {
        self.definition(layer.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?)
    }

    /// The schema, what it refers to, its `allOf`, and of each union the arms that the instance may mean.
    #[must_use]
    pub fn layers(self, schemas: &[&'s Value], instance: &Value) -> Vec<Layer<'s>> {
        let mut layers = Vec::new();
        for schema in schemas {
            self.add(schema, Some(instance), DEPTH, &mut layers);
        }
        layers
    }

    /// Without an instance: the schema, what it refers to and its `allOf`, no arm of a union.
    #[must_use]
    pub fn plain_layers(self, schema: &'s Value) -> Vec<Layer<'s>> {
        let mut layers = Vec::new();
        self.add(schema, None, DEPTH, &mut layers);
        layers
    }

    fn add(self, schema: &'s Value, instance: Option<&Value>, depth: usize, layers: &mut Vec<Layer<'s>>) {
        let (Some(layer), Some(depth)) = (schema.as_object(), depth.checked_sub(1)) else { return };
        layers.push(layer);
        if let Some(target) = self.target(layer) {
            self.add(target, instance, depth, layers);
        }
        for part in array(layer, "allOf") {
            self.add(part, instance, depth, layers);
        }
        let Some(known) = instance else { return };
        for arm in arms(layer).filter(|arm| self.may_mean(arm, known)) {
            self.add(arm, instance, depth, layers);
        }
    }

    /// Whether an instance may mean this arm: kind, required keys of its own and constants agree.
    fn may_mean(self, arm: &'s Value, instance: &Value) -> bool {
        self.plain_layers(arm).into_iter().all(|layer| {
            let kind = layer.get("type").is_none_or(|kinds| names_kind(kinds, instance));
            let tags = properties(layer).all(|(key, schema)| match (instance.get(key), self.constants(schema)) {
                (Some(found), Some(allowed)) => allowed.contains(&found),
                _ => true,
            });
            let required = array(layer, "required").filter_map(Value::as_str).all(|key| {
                let tagged = properties(layer).any(|(_, schema)| self.constants(schema).is_some());
                tagged || !instance.is_object() || instance.get(key).is_some()
            });
            kind && tags && required
        })
    }

    /// The values of `const` or `enum`, be they of what the schema refers to.
    #[must_use]
    pub fn constants(self, schema: &'s Value) -> Option<Vec<&'s Value>> {
        let layers = self.plain_layers(schema).into_iter();
        layers
            .filter_map(|layer| match layer.get("const") {
                Some(constant) => Some(vec![constant]),
                None => Some(layer.get("enum")?.as_array()?.iter().collect()),
            })
            .next()
    }

    /// The schemas of a member.
    #[must_use]
    pub fn member(self, layers: &[Layer<'s>], key: &str) -> Vec<&'s Value> {
        let declared: Vec<_> = layers.iter().filter_map(|layer| layer.get("properties")?.get(key)).collect();
        if declared.is_empty() {
            return layers.iter().filter_map(|layer| layer.get("additionalProperties")).collect();
        }
        declared
    }

    /// Every value of an instance that the schema speaks about, from the top down. Free JSON is not entered.
    #[must_use]
    pub fn places(self, entry: &str, instance: &Value) -> Vec<Place<'s>> {
        let mut places = Vec::new();
        if let Some(schema) = self.definition(entry) {
            self.visit(&[schema], instance, &mut Vec::new(), &mut places);
        }
        places
    }

    fn visit(self, schemas: &[&'s Value], instance: &Value, path: &mut Vec<String>, places: &mut Vec<Place<'s>>) {
        let layers = self.layers(schemas, instance);
        if layers.is_empty() {
            return;
        }
        match instance {
            Value::Object(members) => {
                for (key, member) in members {
                    path.push(key.clone());
                    self.visit(&self.member(&layers, key), member, path, places);
                    path.pop();
                }
            }
            Value::Array(items) => {
                let schemas: Vec<_> = layers.iter().filter_map(|layer| layer.get("items")).collect();
                for (i, item) in items.iter().enumerate() {
                    path.push(i.to_string());
                    self.visit(&schemas, item, path, places);
                    path.pop();
                }
            }
            _ => {}
        }
        places.push(Place { path: path.clone(), layers });
    }
}

/// The value at a path.
#[must_use]
pub fn at<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        other => other.get(step.as_str()),
    })
}

/// The value at a path, to change it.
#[must_use]
pub fn at_mut<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        other => other.get_mut(step.as_str()),
    })
}

/// Arms of `oneOf` or `anyOf`.
pub fn arms(layer: Layer<'_>) -> impl Iterator<Item = &Value> {
    array(layer, "oneOf").chain(array(layer, "anyOf"))
}

/// Items of a keyword that is an array.
pub fn array<'s>(layer: Layer<'s>, keyword: &str) -> impl Iterator<Item = &'s Value> {
    layer.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

/// Strings of a keyword that is an array.
pub fn strings<'s>(layer: Layer<'s>, keyword: &str) -> impl Iterator<Item = &'s str> {
    array(layer, keyword).filter_map(Value::as_str)
}

/// Declared properties.
pub fn properties(layer: Layer<'_>) -> impl Iterator<Item = (&String, &Value)> {
    layer.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// The values of `const` or `enum`.
#[must_use]
pub fn constants(schema: &Value) -> Option<Vec<&Value>> {
    match schema.get("const") {
        Some(constant) => Some(vec![constant]),
        None => Some(schema.get("enum")?.as_array()?.iter().collect()),
    }
}

/// Whether `type` names the kind of a value.
#[must_use]
pub fn names_kind(kinds: &Value, value: &Value) -> bool {
    let is = |kind: &Value| match kind.as_str().unwrap_or_default() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => false,
    };
    kinds.as_array().map_or_else(|| is(kinds), |kinds| kinds.iter().any(is))
}
