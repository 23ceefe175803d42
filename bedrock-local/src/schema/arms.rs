//! Which arm of a union an instance means: told by its JSON kind, its constant tag, or its single key.
//!
//! A validator only says that no arm fits. People mean one arm and slip inside it, so the arm is chosen by what names
//! it, and only then looked into.

use std::fmt;

use serde_json::{Map, Value};

use super::{DEPTH, Document};

/// The JSON kinds, with `integer` beside `number` as JSON Schema has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum JsonKind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl JsonKind {
    /// The kind of a value. `512.0` is an integer, as it is for JSON Schema.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// The name that JSON Schema gives the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    fn fits(self, wanted: Self) -> bool {
        self == wanted || (self == Self::Integer && wanted == Self::Number)
    }
}

impl fmt::Display for JsonKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What speaks against an arm, or for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Nothing speaks against it.
    Fits,
    /// The instance has another tag, or none, where the arm wants one of these.
    Tag { key: String, allowed: Vec<String> },
    /// The instance lacks the key that makes the arm.
    Key { key: String },
    /// The instance is of another JSON kind.
    Kind { wanted: Vec<JsonKind> },
}

/// The arms that the instance may mean: those that fit by name. Usually one.
pub(crate) fn fitting(document: &Document, arms: &[Value], instance: &Value) -> Vec<usize> {
    let fits = fits(document, arms, instance);
    (0..arms.len()).filter(|index| fits[*index] == Fit::Fits).collect()
}

/// How each arm fits the instance, judged by what names the arm alone.
pub(crate) fn fits(document: &Document, arms: &[Value], instance: &Value) -> Vec<Fit> {
    let facets: Vec<_> = arms.iter().map(|arm| Facet::of(document, arm, DEPTH)).collect();
    let tag = tag_key(&facets);
    facets
        .iter()
        .enumerate()
        .map(|(index, facet)| {
            // Keys that only this arm has name it where there is no tag.
            let own: Vec<&str> = facet
                .required
                .iter()
                .filter(|key| facet.has(key))
                .filter(|key| facets.iter().enumerate().all(|(other, facet)| other == index || !facet.has(key)))
                .copied()
                .collect();
            facet.fit(document, tag.as_deref(), &own, instance)
        })
        .collect()
}

/// What names an arm.
struct Facet<'a> {
    kinds: Vec<JsonKind>,
    properties: Vec<(&'a str, &'a Value)>,
    required: Vec<&'a str>,
    /// The arm is itself a union of these.
    arms: Option<&'a Vec<Value>>,
}

impl<'a> Facet<'a> {
    fn of(document: &'a Document, arm: &'a Value, depth: usize) -> Self {
        let mut facet = Self { kinds: Vec::new(), properties: Vec::new(), required: Vec::new(), arms: None };
        if let Some(arm) = arm.as_object() {
            facet.add(document, arm, depth);
        }
        if facet.kinds.is_empty() && !facet.properties.is_empty() {
            facet.kinds = vec![JsonKind::Object];
        }
        facet
    }

    fn add(&mut self, document: &'a Document, schema: &'a Map<String, Value>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if self.kinds.is_empty() {
            self.kinds = kinds(schema);
        }
        self.properties.extend(
            schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .filter(|(_, property)| **property != Value::Bool(false))
                .map(|(key, property)| (key.as_str(), property)),
        );
        self.required
            .extend(schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
        self.arms = self.arms.or(["oneOf", "anyOf"].iter().find_map(|union| schema.get(*union)?.as_array()));
        let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        for part in document.target(schema).into_iter().chain(parts).filter_map(Value::as_object) {
            self.add(document, part, depth);
        }
    }

    /// The values that this arm allows for a key, where it is constant or an enumeration of strings.
    fn constants(&self, key: &str) -> Option<Vec<String>> {
        let constants: Vec<Vec<String>> = self
            .properties
            .iter()
            .filter(|(name, _)| *name == key)
            .filter_map(|(_, schema)| constants(schema))
            .collect();
        // Of several layers that speak of the key, the narrowest names the arm.
        constants.into_iter().min_by_key(Vec::len)
    }

    fn has(&self, key: &str) -> bool {
        self.properties.iter().any(|(name, _)| *name == key)
    }

    fn fit(&self, document: &Document, tag: Option<&str>, own: &[&str], instance: &Value) -> Fit {
        if let Some(arms) = self.arms {
            let mut inner = fits(document, arms, instance);
            return match inner.iter().position(|fit| *fit == Fit::Fits) {
                Some(_) => Fit::Fits,
                None if inner.is_empty() => Fit::Fits,
                None => merge(&mut inner),
            };
        }
        let found = JsonKind::of(instance);
        if !self.kinds.is_empty() && !self.kinds.iter().any(|wanted| found.fits(*wanted)) {
            return Fit::Kind { wanted: self.kinds.clone() };
        }
        let Some(members) = instance.as_object() else { return Fit::Fits };
        if let Some(tag) = tag {
            let Some(allowed) = self.constants(tag) else { return Fit::Fits };
            return match members.get(tag) {
                Some(Value::String(found)) if allowed.contains(found) => Fit::Fits,
                // A default arm leaves its tag optional, and some of them take `null` for absent.
                None | Some(Value::Null) if !self.required.contains(&tag) => Fit::Fits,
                _ => Fit::Tag { key: tag.to_owned(), allowed },
            };
        }
        match own.first() {
            Some(key) if !own.iter().any(|key| members.contains_key(*key)) => Fit::Key { key: (*key).to_owned() },
            _ => Fit::Fits,
        }
    }
}

/// What all arms of a union refuse together. The keys of several arms stand in one string, joined by a comma.
pub(crate) fn merge(fits: &mut [Fit]) -> Fit {
    let mut tags: Option<(String, Vec<String>)> = None;
    let mut kinds = Vec::new();
    let mut keys = Vec::new();
    for fit in fits.iter_mut() {
        match fit {
            Fit::Tag { key, allowed } => tags.get_or_insert_with(|| (key.clone(), Vec::new())).1.append(allowed),
            Fit::Kind { wanted } => kinds.append(wanted),
            Fit::Key { key } => keys.push(std::mem::take(key)),
            Fit::Fits => {}
        }
    }
    // A tag that nobody knows says more than "must be a string", and so does a missing key.
    match (tags, keys) {
        (Some((key, allowed)), _) => Fit::Tag { key, allowed },
        (None, keys) if !keys.is_empty() => Fit::Key { key: keys.join(", ") },
        _ => {
            kinds.sort_unstable();
            kinds.dedup();
            Fit::Kind { wanted: kinds }
        }
    }
}

/// The key whose constants tell all object arms apart.
fn tag_key(facets: &[Facet<'_>]) -> Option<String> {
    let objects: Vec<_> = facets.iter().filter(|facet| !facet.properties.is_empty() && facet.arms.is_none()).collect();
    let first = objects.first()?;
    first.properties.iter().map(|(key, _)| *key).find_map(|key| {
        let sets: Vec<_> = objects.iter().map(|facet| facet.constants(key)).collect::<Option<_>>()?;
        let apart = sets.iter().enumerate().all(|(index, set)| {
            sets[index + 1..].iter().all(|other: &Vec<String>| set.iter().all(|value| !other.contains(value)))
        });
        apart.then(|| key.to_owned())
    })
}

/// The strings of a `const` or `enum`.
pub(crate) fn constants(schema: &Value) -> Option<Vec<String>> {
    match schema.get("const") {
        Some(constant) => Some(vec![constant.as_str()?.to_owned()]),
        None => {
            let values = schema.get("enum")?.as_array()?;
            Some(values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect())
        }
    }
}

/// The kinds that a schema's own `type` allows, or that its other keywords imply.
pub(crate) fn kinds(schema: &Map<String, Value>) -> Vec<JsonKind> {
    match schema.get("type") {
        Some(Value::String(name)) => JsonKind::named(name).into_iter().collect(),
        Some(Value::Array(names)) => names.iter().filter_map(|name| JsonKind::named(name.as_str()?)).collect(),
        _ => match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
            (Some(constant), _) => vec![JsonKind::of(constant)],
            (None, Some(values)) => values.iter().map(JsonKind::of).collect(),
            (None, None) => Vec::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, Fit, JsonKind, fits, fitting, merge};
    use serde_json::{Value, json};

    fn fitting_arms(arms: Value, instance: Value) -> Vec<usize> {
        fitting(&Document::new(json!({})), arms.as_array().unwrap(), &instance)
    }

    #[test]
    fn by_kind() {
        let arms = json!([{ "type": "string" }, { "type": "array" }, { "type": "number" }]);
        assert_eq!(fitting_arms(arms.clone(), json!("a")), [0]);
        assert_eq!(fitting_arms(arms.clone(), json!([])), [1]);
        assert_eq!(fitting_arms(arms.clone(), json!(1)), [2]);
        assert_eq!(fitting_arms(arms, json!(true)), [0; 0]);
    }

    #[test]
    fn by_tag_with_a_default_arm() {
        let arms = json!([
            { "properties": { "type": { "const": "custom" }, "name": {} }, "required": ["name"] },
            { "properties": { "type": { "enum": ["bash_1", "bash_2"] } }, "required": ["type"] }
        ]);
        assert_eq!(fitting_arms(arms.clone(), json!({ "type": "bash_2" })), [1]);
        assert_eq!(fitting_arms(arms.clone(), json!({ "name": "a" })), [0]);
        assert_eq!(fitting_arms(arms.clone(), json!({ "type": null })), [0]);
        let mut refused = fits(&Document::new(json!({})), arms.as_array().unwrap(), &json!({ "type": "wash" }));
        let allowed = ["custom", "bash_1", "bash_2"].map(str::to_owned).to_vec();
        assert_eq!(merge(&mut refused), Fit::Tag { key: "type".into(), allowed });
    }

    #[test]
    fn by_key_and_nested() {
        let keys = json!([
            { "properties": { "text": {}, "cachePoint": {} }, "required": ["text"] },
            { "properties": { "image": {} }, "required": ["image"] }
        ]);
        assert_eq!(fitting_arms(keys.clone(), json!({ "image": 1 })), [1]);
        let nested = json!([{ "type": "string" }, { "oneOf": keys }]);
        assert_eq!(fitting_arms(nested.clone(), json!({ "text": 1 })), [1]);
        let mut refused = fits(&Document::new(json!({})), nested.as_array().unwrap(), &json!(1));
        assert_eq!(merge(&mut refused), Fit::Kind { wanted: vec![JsonKind::String, JsonKind::Object] });
    }
}
