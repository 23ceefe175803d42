//! What a schema says by itself, without looking at others: which kinds of JSON it takes, whether it may be null, whether
//! Rust has a type for it.

use serde_json::Value;

use crate::ir::{Literal, Ty};
use crate::names::TypeName;
use crate::schema::{Kind, Number, Schema, Union};

/// Whether Rust gets a type for it, rather than a use of another.
pub(super) fn is_type(schema: &Schema) -> bool {
    is_struct(schema) || is_string_enum(schema) || (schema.union.is_some() && or_null(schema).is_none())
}

pub(super) fn is_struct(schema: &Schema) -> bool {
    let closed = schema.additional.as_ref().is_some_and(|a| a.boolean == Some(false));
    schema.union.is_none() && (!schema.properties.is_empty() || (closed && has_kind(schema, Kind::Object)))
}

pub(super) fn is_string_enum(schema: &Schema) -> bool {
    match (&schema.enumeration, &schema.constant) {
        (Some((values, _)), _) => {
            values.iter().any(Value::is_string) && values.iter().all(|v| v.is_string() || v.is_null())
        }
        (None, Some((value, _))) => value.is_string(),
        (None, None) => false,
    }
}

fn has_kind(schema: &Schema, kind: Kind) -> bool {
    schema.kinds.as_ref().is_some_and(|(kinds, _)| kinds.contains(&kind))
}

/// The other arm of `oneOf: [X, {type: null}]`.
pub(super) fn or_null(schema: &Schema) -> Option<&Schema> {
    let union = schema.union.as_ref()?;
    match &union.arms[..] {
        [other, null] | [null, other] if is_null(null) && !is_null(other) => Some(other),
        _ => None,
    }
}

/// The union of the other arms, where one of several is `null`.
pub(super) fn without_null(schema: &Schema) -> Option<Schema> {
    let union = schema.union.as_ref().filter(|union| union.arms.len() > 2 && union.arms.iter().any(is_null))?;
    let mut rest = schema.clone();
    rest.union =
        Some(Union { arms: union.arms.iter().filter(|arm| !is_null(arm)).cloned().collect(), ..union.clone() });
    Some(rest)
}

fn is_null(arm: &Schema) -> bool {
    arm.kinds.as_ref().is_some_and(|(kinds, _)| kinds[..] == [Kind::Null])
}

pub(super) fn kind_name(kind: Kind) -> TypeName {
    let name = match kind {
        Kind::Null => "Null",
        Kind::Boolean => "Bool",
        Kind::Integer => "Integer",
        Kind::Number => "Number",
        Kind::String => "Text",
        Kind::Array => "List",
        Kind::Object => "Object",
    };
    TypeName::from_wire(name).expect("a word makes a name")
}

/// Kinds that no single Rust type holds.
pub(super) fn mixed_kinds(schema: &Schema) -> Option<Vec<Kind>> {
    let (kinds, _) = schema.kinds.as_ref()?;
    let kinds: Vec<Kind> = kinds.iter().filter(|kind| **kind != Kind::Null).copied().collect();
    (kinds.len() > 1 && schema.enumeration.is_none() && schema.constant.is_none()).then_some(kinds)
}

pub(super) fn has_null(schema: &Schema) -> bool {
    let kinds = schema.kinds.as_ref().map(|(kinds, _)| kinds.contains(&Kind::Null));
    let values = schema.enumeration.as_ref().map(|(values, _)| values.iter().any(Value::is_null));
    match (kinds, values) {
        (Some(kinds), Some(values)) => kinds && values,
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => false,
    }
}

pub(super) fn number(value: &Value) -> Option<Number> {
    match literal(value)? {
        Literal::Int(value) => Some(Number::Int(value)),
        Literal::Float(value) => Some(Number::Float(value)),
        Literal::Null | Literal::Bool(_) | Literal::Str(_) => None,
    }
}

pub(super) fn literal(value: &Value) -> Option<Literal> {
    Some(match value {
        Value::Null => Literal::Null,
        Value::Bool(value) => Literal::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Literal::Int(value.into()),
            (None, Some(value)) => Literal::Int(value.into()),
            (None, None) => Literal::Float(number.as_f64()?),
        },
        Value::String(value) => Literal::Str(value.clone()),
        Value::Array(_) | Value::Object(_) => return None,
    })
}

pub(super) fn literal_type(literal: &Literal) -> Ty {
    match literal {
        Literal::Null => Ty::Json,
        Literal::Bool(_) => Ty::Bool,
        Literal::Int(_) => Ty::I64,
        Literal::Float(_) => Ty::F64,
        Literal::Str(_) => Ty::String,
    }
}

pub(super) fn kind_of_values(values: &[&Value]) -> Option<Kind> {
    let kind = |value: &Value| match value {
        Value::String(_) => Kind::String,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) if number.is_f64() => Kind::Number,
        Value::Number(_) => Kind::Integer,
        Value::Null => Kind::Null,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    };
    let first = kind(values.first()?);
    if values.iter().all(|value| value.is_number()) && values.iter().any(|value| value.is_f64()) {
        return Some(Kind::Number);
    }
    values.iter().all(|value| kind(value) == first).then_some(first)
}

/// Keywords of one kind imply it only for reading: without `type` other kinds stay legal, so nothing is implied
/// but what `contentEncoding` and `items` make plain.
pub(super) fn implied_kind(schema: &Schema) -> Option<Kind> {
    if schema.base64.is_some() {
        Some(Kind::String)
    } else if schema.items.is_some() {
        Some(Kind::Array)
    } else {
        None
    }
}
