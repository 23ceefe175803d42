//! A reply's schema as a tolerant reader sees it.
//!
//! The service adds values, variants and fields to its replies without asking, and a reader that fell over them would be
//! wrong. So what only lists or bounds is taken away, and what a reader builds on stays: JSON kinds, required members,
//! required constants, base64, and for integers the range of the type that holds them.

use serde_json::{Map, Value, json};

/// Keywords that are of no concern to a reader: what came is what there is.
const DROPPED: [&str; 20] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "dependentRequired",
    "enum",
    "not",
    "if",
    "allOf",
    "x-rules",
];

/// Opens a resolved schema, definitions and all.
pub(super) fn schema(schema: &Value) -> Value {
    let Some(layer) = schema.as_object() else { return schema.clone() };
    if let Some(arms) = layer.get("oneOf").or_else(|| layer.get("anyOf")).and_then(Value::as_array) {
        return union(arms);
    }
    if let Some(values) = layer.get("enum").and_then(Value::as_array)
        && values.iter().all(Value::is_string)
    {
        return json!({ "type": "string" });
    }
    // A union by kind, like any other.
    if let Some(Value::Array(kinds)) = layer.get("type")
        && kinds.iter().filter(|kind| *kind != "null").count() > 1
    {
        return Value::Bool(true);
    }
    let mut opened: Map<String, Value> = layer
        .iter()
        .filter(|(keyword, _)| !DROPPED.contains(&keyword.as_str()))
        .map(|(keyword, value)| {
            let value = match keyword.as_str() {
                "$defs" => each(value, |_, definition| self::schema(definition)),
                "properties" => each(value, |key, member| property(layer, key, member)),
                "items" | "additionalProperties" => self::schema(value),
                _ => value.clone(),
            };
            (keyword.clone(), value)
        })
        .collect();
    if let Some((low, high)) = integer_range(layer) {
        opened.insert("minimum".into(), low);
        opened.insert("maximum".into(), high);
    }
    Value::Object(opened)
}

fn each(members: &Value, open: impl Fn(&str, &Value) -> Value) -> Value {
    let members = members.as_object().into_iter().flatten();
    Value::Object(members.map(|(key, member)| (key.clone(), open(key, member))).collect())
}

/// An optional constant is an enum of one value, and as open as others.
fn property(layer: &Map<String, Value>, key: &str, member: &Value) -> Value {
    let required = layer.get("required").and_then(Value::as_array);
    let required = required.is_some_and(|keys| keys.iter().any(|required| required == key));
    if !required && member.get("const").is_some_and(Value::is_string) {
        return json!({ "type": "string" });
    }
    schema(member)
}

/// A union takes what none of its arms takes. With `null` beside a single arm it is no union, but a nullable value.
fn union(arms: &[Value]) -> Value {
    let is_null = |arm: &Value| arm.get("type").is_some_and(|kind| kind == "null");
    match arms {
        [value, absent] | [absent, value] if is_null(absent) && !is_null(value) => {
            json!({ "anyOf": [schema(value), absent] })
        }
        _ => Value::Bool(true),
    }
}

/// The range of the type that holds an integer, which its schema's range chooses (`schemas/README.md`).
fn integer_range(layer: &Map<String, Value>) -> Option<(Value, Value)> {
    let kinds = layer.get("type")?;
    let integer =
        kinds == "integer" || kinds.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "integer"));
    if !integer {
        return None;
    }
    let bound = |keyword: &str| layer.get(keyword).and_then(Value::as_f64);
    let signed = bound("minimum").is_none_or(|low| low < 0.0);
    Some(match bound("maximum") {
        _ if signed => (i64::MIN.into(), i64::MAX.into()),
        Some(high) if high <= f64::from(u32::MAX) => (0.into(), u32::MAX.into()),
        _ => (0.into(), u64::MAX.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::schema;
    use serde_json::json;

    #[test]
    fn lists_bounds_and_unions_are_opened_and_kinds_are_kept() {
        let opened = schema(
            &json!({ "$defs": { "Response": { "type": "object", "required": ["role", "stop"], "properties": {
            "role": { "const": "assistant" },
            "object": { "const": "list" },
            "stop": { "enum": ["end", "length"] },
            "count": { "type": "integer", "minimum": 0, "maximum": 9 },
            "score": { "type": "number", "minimum": 0, "maximum": 1 },
            "content": { "type": "array", "maxItems": 1, "items": { "oneOf": [{ "type": "string" }, { "type": "object" }] } },
            "usage": { "anyOf": [{ "type": "null" }, { "type": "object", "required": ["in"] }] }
        } } } }),
        );
        assert_eq!(
            opened,
            json!({ "$defs": { "Response": { "type": "object", "required": ["role", "stop"], "properties": {
                "role": { "const": "assistant" },
                "object": { "type": "string" },
                "stop": { "type": "string" },
                "count": { "type": "integer", "minimum": 0, "maximum": u32::MAX },
                "score": { "type": "number" },
                "content": { "type": "array", "items": true },
                "usage": { "anyOf": [{ "type": "object", "required": ["in"] }, { "type": "null" }] }
            } } } })
        );
    }
}
