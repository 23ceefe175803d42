//! Simple instances of a schema: arguments of a tool, structured output, and whatever a reply must have beside what an
//! adapter writes.

use serde_json::{Map, Value, json};

use crate::{
    judge::foreign,
    schema::{Document, arms},
};

/// How deep an instance goes before it takes the shortest way out of a recursive schema.
const DEPTH: usize = 12;

/// Arguments for a tool: an object that fits the tool's schema, as far as simple values can.
pub(super) fn arguments(schema: &Value) -> Value {
    match of_foreign(schema) {
        Value::Object(arguments) => Value::Object(arguments),
        _ => json!({}),
    }
}

/// An instance of a schema that came with a request. All properties are filled in, unless only fewer of them fit.
pub(super) fn of_foreign(schema: &Value) -> Value {
    let whole = Maker { root: schema, whole: true }.make(schema, "value", DEPTH);
    match foreign(schema) {
        Some(validator) if !validator.is_valid(&whole) => {
            let least = Maker { root: schema, whole: false }.make(schema, "value", DEPTH);
            if validator.is_valid(&least) { least } else { whole }
        }
        _ => whole,
    }
}

/// An instance of a definition of a model's own schema, with nothing that is not required.
pub(super) fn of_document(document: &Document, schema: &Value) -> Value {
    Maker { root: document.root(), whole: false }.make(schema, "value", DEPTH)
}

/// Adds what a schema requires and the value lacks.
pub(super) fn complete(document: &Document, schema: &Value, value: &mut Value) {
    complete_at(document, &[schema], value);
}

fn complete_at(document: &Document, schemas: &[&Value], value: &mut Value) {
    let layers = document.layers(schemas, value);
    match value {
        Value::Object(members) => {
            for key in layers.iter().filter_map(|layer| layer.get("required")?.as_array()).flatten() {
                let Some(key) = key.as_str().filter(|key| !members.contains_key(*key)) else { continue };
                let missing = document.property(&layers, key).first().map(|schema| of_document(document, schema));
                members.insert(key.to_owned(), missing.unwrap_or(Value::Null));
            }
            for (key, member) in members {
                complete_at(document, &document.property(&layers, key), member);
            }
        }
        Value::Array(items) => {
            let schemas = document.items(&layers);
            items.iter_mut().for_each(|item| complete_at(document, &schemas, item));
        }
        _ => {}
    }
}

struct Maker<'a> {
    root: &'a Value,
    /// Fill in optional properties too.
    whole: bool,
}

impl Maker<'_> {
    fn make(&self, schema: &Value, name: &str, depth: usize) -> Value {
        let Some(depth) = depth.checked_sub(1) else { return Value::Null };
        let Some(schema) = schema.as_object() else { return json!(format!("sample {name}")) };
        let schema = &self.flat(schema, DEPTH);
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(value) = schema.get("enum").and_then(|values| values.get(0)) {
            return value.clone();
        }
        for union in ["oneOf", "anyOf"] {
            let arms = schema.get(union).and_then(Value::as_array);
            // `null` is the dull way out of a union.
            let arm = arms.and_then(|arms| arms.iter().find(|arm| arm["type"] != "null").or(arms.first()));
            if let Some(arm) = arm.and_then(Value::as_object) {
                let mut merged = schema.clone();
                merged.remove(union);
                merge(&mut merged, &self.flat(arm, DEPTH));
                return self.make(&Value::Object(merged), name, depth);
            }
        }
        let kinds = arms::kinds(schema);
        let kind = kinds.iter().find(|kind| **kind != arms::JsonKind::Null).or(kinds.first()).copied();
        let kind = kind.unwrap_or_else(|| implied(schema));
        match kind {
            arms::JsonKind::Null => Value::Null,
            arms::JsonKind::Boolean => json!(true),
            arms::JsonKind::Integer => number(schema, true),
            arms::JsonKind::Number => number(schema, false),
            arms::JsonKind::String => json!(text(schema, name)),
            arms::JsonKind::Array => {
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(u64::from(self.whole));
                let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
                let items = schema.get("items").unwrap_or(&Value::Bool(true));
                let item = |index: u64| match (index, schema.get("uniqueItems")) {
                    (1.., Some(Value::Bool(true))) => self.make(items, &format!("{name} {}", index + 1), depth),
                    _ => self.make(items, name, depth),
                };
                Value::Array((0..least.min(most).min(64)).map(item).collect())
            }
            arms::JsonKind::Object => self.object(schema, depth),
        }
    }

    fn object(&self, schema: &Map<String, Value>, depth: usize) -> Value {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let mut members = Map::new();
        for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let wanted = required.contains(&key.as_str()) || (self.whole && depth > DEPTH / 2);
            if wanted && *property != Value::Bool(false) {
                members.insert(key.clone(), self.make(property, key, depth));
            }
        }
        for key in required {
            if !members.contains_key(key) {
                let free = schema.get("additionalProperties").unwrap_or(&Value::Bool(true));
                members.insert(key.to_owned(), self.make(free, key, depth));
            }
        }
        Value::Object(members)
    }

    /// A schema with its reference and its `allOf` merged in.
    fn flat(&self, schema: &Map<String, Value>, depth: usize) -> Map<String, Value> {
        let mut merged = schema.clone();
        let Some(depth) = depth.checked_sub(1) else { return merged };
        let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        let target = pointer.and_then(|pointer| self.root.pointer(pointer)?.as_object());
        merged.remove("$ref");
        let parts = merged.remove("allOf");
        let parts = parts.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
        for part in target.into_iter().chain(parts) {
            merge(&mut merged, &self.flat(part, depth));
        }
        merged
    }
}

/// Adds another schema's keywords. Properties and required keys add up; of anything else the first stays.
fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key == "properties" => {
                for (name, property) in more {
                    known.entry(name).or_insert_with(|| property.clone());
                }
            }
            (Some(Value::Array(known)), Value::Array(more)) if key == "required" => known.extend(more.iter().cloned()),
            (Some(_), _) => {}
            (None, _) => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The kind that keywords other than `type` speak of.
fn implied(schema: &Map<String, Value>) -> arms::JsonKind {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
    if has(&["properties", "required", "additionalProperties"]) {
        arms::JsonKind::Object
    } else if has(&["items", "minItems"]) {
        arms::JsonKind::Array
    } else if has(&["minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"]) {
        arms::JsonKind::Number
    } else {
        arms::JsonKind::String
    }
}

fn number(schema: &Map<String, Value>, whole: bool) -> Value {
    let of = |key: &str| schema.get(key).and_then(Value::as_f64);
    let step = of("multipleOf").filter(|step| *step > 0.0).unwrap_or(1.0);
    let least = of("minimum").or_else(|| of("exclusiveMinimum"));
    let most = of("maximum").or_else(|| of("exclusiveMaximum"));
    let start = match (least, most) {
        (Some(least), _) => least,
        (None, Some(most)) => (most - step).min(0.0),
        (None, None) => 0.0,
    };
    // The first multiple that fits; between bounds closer than that, the middle.
    let mut value = (start / step).ceil() * step;
    if of("exclusiveMinimum").is_some_and(|bound| value <= bound) {
        value += step;
    }
    let too_much = most.is_some_and(|most| value > most) || of("exclusiveMaximum").is_some_and(|most| value >= most);
    if too_much && !whole && of("multipleOf").is_none() {
        value = (start + most.unwrap_or(start)) / 2.0;
    }
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}

fn text(schema: &Map<String, Value>, name: &str) -> String {
    let of = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let known = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => Some("2025-01-01T00:00:00Z"),
        Some("date") => Some("2025-01-01"),
        Some("time") => Some("00:00:00Z"),
        Some("email") => Some("someone@example.com"),
        Some("uri" | "url") => Some("https://example.com/"),
        Some("uuid") => Some("00000000-0000-4000-8000-000000000000"),
        _ => None,
    };
    if let Some(encoding) = schema.get("contentEncoding") {
        return if encoding == "base64" { "AAAA".into() } else { String::new() };
    }
    let mut text = known.map_or_else(|| format!("sample {}", name.replace('_', " ")), str::to_owned);
    if let Some(pattern) = schema.get("pattern") {
        // Whoever wants a pattern gets the first of some common forms that fits it.
        const FORMS: [&str; 9] = ["sample", "a", "A", "1", "12345", "a1", "2025-01-01", "00:00", "AB-123"];
        let validator = foreign(&json!({ "pattern": pattern }));
        let fits = |form: &&&str| validator.as_ref().is_some_and(|validator| validator.is_valid(&json!(form)));
        if let Some(form) = FORMS.iter().find(fits) {
            text = (*form).to_owned();
        }
    }
    let length = text.chars().count();
    if let Some(least) = of("minLength").filter(|least| *least > length) {
        text.push_str(&"x".repeat((least - length).min(4096)));
    }
    if let Some((end, _)) = of("maxLength").and_then(|most| text.char_indices().nth(most)) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::of_foreign;
    use crate::judge::foreign;
    use serde_json::{Value, json};

    #[test]
    fn instances_fit_their_schemas() {
        let schemas: Vec<Value> = vec![
            json!({ "type": "object", "properties": { "city": { "type": "string" }, "days": { "type": "integer", "minimum": 2 } } }),
            json!({ "type": "object", "required": ["free"] }),
            json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 }),
            json!({ "type": "number", "minimum": 0.2, "maximum": 0.4 }),
            json!({ "type": "integer", "maximum": -5 }),
            json!({ "type": "integer", "minimum": 3, "multipleOf": 4 }),
            json!({ "type": "string", "minLength": 20, "maxLength": 21 }),
            json!({ "type": "string", "pattern": "^[0-9]{5}$" }),
            json!({ "type": ["null", "boolean"] }),
            json!({ "type": "array", "minItems": 3, "uniqueItems": true, "items": { "type": "string" } }),
            json!({ "anyOf": [{ "type": "null" }, { "enum": ["b", "c"] }] }),
            json!({ "allOf": [{ "properties": { "a": { "const": 1 } }, "required": ["a"] }, { "required": ["b"] }] }),
            json!({ "$ref": "#/$defs/Node", "$defs": { "Node": { "type": "object", "required": ["value"], "properties": {
                "value": { "type": "integer" }, "next": { "$ref": "#/$defs/Node" } } } } }),
            json!({ "type": "object", "properties": { "a": {}, "b": {} }, "maxProperties": 1 }),
            json!(true),
        ];
        for schema in schemas {
            let instance = of_foreign(&schema);
            assert!(foreign(&schema).unwrap().is_valid(&instance), "{schema} gave {instance}");
        }
    }
}
