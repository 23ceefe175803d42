//! The independent verdict: the `jsonschema` crate on a resolved schema.
//!
//! Two keywords are asserted beyond Draft 2020-12: `contentEncoding: base64`, strictly (standard alphabet, padding, no
//! line breaks), and `x-rules`. `format` asserts nothing.
//!
//! Replies are read openly, so for them the schema is opened first (`open`): what the generated types promise to keep
//! is then what the validator accepts. Every body that the strict schema accepts, the opened one accepts too.

mod rules;

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as ErrorKind;
use serde_json::{Map, Value, json};

use crate::corpus::{Kind, Model};

/// Validators of one model.
#[derive(Debug)]
pub struct Judge {
    model: &'static Model,
    validators: Vec<(Kind, jsonschema::Validator)>,
}

impl Judge {
    /// Builds the validators of a model.
    ///
    /// # Panics
    /// When the validator refuses the schema itself.
    #[must_use]
    pub fn new(model: &'static Model) -> Self {
        let opened = open(&model.schema);
        let validators = model.kinds().map(|kind| {
            let schema = if kind == Kind::Request { &model.schema } else { &opened };
            (kind, compile(&model.file, schema, &model.schema, kind.definition()))
        });
        Self { model, validators: validators.collect() }
    }

    /// Whether a body fits.
    ///
    /// # Panics
    /// When the model has no such body.
    #[must_use]
    pub fn accepts(&self, kind: Kind, body: &Value) -> bool {
        self.validator(kind).is_valid(body)
    }

    /// Whether a value fits a definition that is no entry point.
    ///
    /// # Panics
    /// When the validator refuses the schema itself.
    #[must_use]
    pub fn accepts_definition(&self, name: &str, value: &Value) -> bool {
        compile(&self.model.file, &self.model.schema, &self.model.schema, name).is_valid(value)
    }

    /// What is wrong with a body: JSON pointer, keyword and words of every mistake, in unions that of the arm meant.
    ///
    /// # Panics
    /// When the model has no such body.
    #[must_use]
    pub fn mistakes(&self, kind: Kind, body: &Value) -> Vec<Mistake> {
        let mut found = Vec::new();
        self.validator(kind).iter_errors(body).for_each(|error| descend(&error, &mut found));
        found
    }

    fn validator(&self, kind: Kind) -> &jsonschema::Validator {
        let found = self.validators.iter().find(|(known, _)| *known == kind);
        &found.expect("only bodies that the model has are judged").1
    }
}

/// One mistake in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The guilty value; an unknown key is pointed at itself.
    pub pointer: String,
    /// The keyword broken.
    pub rule: String,
    pub words: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.pointer, self.rule, self.words)
    }
}

fn descend(error: &ValidationError<'_>, found: &mut Vec<Mistake>) {
    let pointer = error.instance_path().as_str();
    let mut add = |pointer: String| {
        let rule = match error.kind() {
            ErrorKind::Custom { keyword, .. } => keyword.clone(),
            kind => kind.keyword().to_owned(),
        };
        found.push(Mistake { pointer, rule, words: short(&error.to_string()) });
    };
    match error.kind() {
        ErrorKind::AdditionalProperties { unexpected } => {
            unexpected.iter().for_each(|key| add(format!("{pointer}/{key}")));
        }
        ErrorKind::PropertyNames { error } => {
            add(format!("{pointer}/{}", error.instance().as_str().unwrap_or_default()));
        }
        // The arm that was got into deepest, with the fewest mistakes, was meant.
        ErrorKind::OneOfNotValid { context } | ErrorKind::AnyOf { context } => {
            let deepest =
                |errors: &[ValidationError<'_>]| errors.iter().map(|error| error.instance_path().as_str().len()).max();
            let tag = |error: &ValidationError<'_>| {
                matches!(error.kind(), ErrorKind::Constant { .. } | ErrorKind::Type { .. })
            };
            let meant = context.iter().filter(|errors| !errors.is_empty()).min_by_key(|errors| {
                (
                    errors.iter().filter(|error| tag(error)).count(),
                    usize::MAX - deepest(errors).unwrap_or(0),
                    errors.len(),
                )
            });
            match meant {
                Some(errors) => errors.iter().for_each(|error| descend(error, found)),
                None => add(pointer.to_owned()),
            }
        }
        _ => add(pointer.to_owned()),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

pub(crate) fn compile(file: &str, schema: &Value, source: &'static Value, entry: &str) -> jsonschema::Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/$defs/{entry}"),
        "$defs": schema["$defs"],
    });
    let built = options()
        .with_keyword("x-rules", move |carrier, value, _| Ok(Box::new(rules::Rules::read(source, carrier, value))))
        .build(&schema);
    built.unwrap_or_else(|error| panic!("{file} is no schema for {entry}: {error}"))
}

/// The standard's keywords, and base64 asserted.
#[must_use]
pub fn options<'s>() -> jsonschema::ValidationOptions<'s> {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(false)
        .with_keyword("contentEncoding", |_, value, _| Ok(Box::new(Base64 { asserted: value == "base64" })))
}

/// `contentEncoding`, which 2020-12 leaves to others to assert.
struct Base64 {
    asserted: bool,
}

impl<'i> jsonschema::Keyword<'i> for Base64 {
    fn validate(&self, instance: &'i Value) -> Result<(), jsonschema::ValidationError<'i>> {
        if self.is_valid(instance) { Ok(()) } else { Err(jsonschema::ValidationError::custom("not base64")) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        !self.asserted || instance.as_str().is_none_or(|text| STANDARD.decode(text).is_ok())
    }
}

/// Keywords that only `Model::check` asserts. A reply is never checked: what came is what there is.
const CHECKED: [&str; 15] = [
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
    "not",
    "if",
    "x-rules",
    "allOf",
];

/// A schema as a tolerant reader sees it:
///
/// - a string may have values that are not listed;
/// - a union takes what none of its arms takes, since its `Unknown` arm keeps it;
/// - numbers are held to their Rust type, not to their range; no other value is checked.
///
/// Kinds, required members, constants and base64 stay asserted: there the type has no room for anything else.
fn open(schema: &Value) -> Value {
    match schema {
        Value::Object(layer) => {
            if layer.get("oneOf").or_else(|| layer.get("anyOf")).is_some_and(|arms| arms.is_array()) {
                return open_union(layer);
            }
            let of_strings = |values: &Value| values.as_array().is_some_and(|all| all.iter().all(Value::is_string));
            if layer.get("enum").is_some_and(of_strings) {
                return json!({ "type": "string" });
            }
            if let Some(Value::Array(kinds)) = layer.get("type")
                && kinds.iter().filter(|kind| *kind != "null").count() > 1
            {
                return Value::Bool(true);
            }
            let mut opened = Map::new();
            for (key, value) in layer {
                let known = match key.as_str() {
                    "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "enum" => continue,
                    checked if CHECKED.contains(&checked) => continue,
                    "$defs" => {
                        let members = value.as_object().into_iter().flatten();
                        Value::Object(members.map(|(name, schema)| (name.clone(), open(schema))).collect())
                    }
                    "properties" => {
                        let required = layer.get("required").and_then(Value::as_array);
                        let members = value.as_object().into_iter().flatten().map(|(name, schema)| {
                            let needed = required.is_some_and(|all| all.iter().any(|key| key == name));
                            // An optional constant is an enum of one value, and open as enums are.
                            let one = !needed && schema.get("const").is_some_and(Value::is_string);
                            (name.clone(), if one { json!({ "type": "string" }) } else { open(schema) })
                        });
                        Value::Object(members.collect())
                    }
                    "items" | "additionalProperties" => open(value),
                    _ => value.clone(),
                };
                opened.insert(key.clone(), known);
            }
            if let Some((low, high)) = integer_bounds(layer) {
                opened.insert("minimum".into(), low);
                opened.insert("maximum".into(), high);
            }
            Value::Object(opened)
        }
        other => other.clone(),
    }
}

fn open_union(layer: &Map<String, Value>) -> Value {
    let arms = layer.get("oneOf").or_else(|| layer.get("anyOf")).and_then(Value::as_array);
    let is_null = |arm: &&Value| arm.get("type").is_some_and(|kind| kind == "null");
    match arms.map(Vec::as_slice) {
        // Not a union, but an optional value.
        Some([other, absent]) | Some([absent, other]) if is_null(&absent) && !is_null(&other) => {
            json!({ "anyOf": [open(other), absent] })
        }
        _ => Value::Bool(true),
    }
}

/// The range of the Rust type of an integer: its schema's range chooses the type.
fn integer_bounds(layer: &Map<String, Value>) -> Option<(Value, Value)> {
    let kinds = layer.get("type")?;
    let integer =
        kinds == "integer" || kinds.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "integer"));
    if !integer {
        return None;
    }
    let low = layer.get("minimum").and_then(Value::as_f64).unwrap_or(f64::MIN);
    let high = layer.get("maximum").and_then(Value::as_u64);
    Some(match high {
        _ if low < 0.0 => (i64::MIN.into(), i64::MAX.into()),
        Some(high) if u32::try_from(high).is_ok() => (0.into(), u32::MAX.into()),
        _ => (0.into(), u64::MAX.into()),
    })
}
