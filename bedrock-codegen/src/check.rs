//! The last look at the IR before code is made of it: what each step alone can't see.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Loc};
use crate::ir::{Api, Field, Limits, Presence, Shape, Ty};
use crate::schema::Number;

/// Checks all APIs.
///
/// # Errors
/// Names that clash between types, modules and models; ranges without a value; defaults that the range refuses.
pub fn check(apis: &[Api]) -> Result<(), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    for api in apis {
        modules(api, &mut diagnostics);
        for model in &api.models {
            if let Some(other) = ids.insert(&model.facts.id, &model.path) {
                let loc = Loc { file: model.path.clone(), pointer: "#/x-model/id".into(), ..Loc::default() };
                diagnostics.error(&loc, format!("the ID {:?} is that of {other} too", model.facts.id));
            }
            if let Some(ty) = model.local.types.iter().find(|ty| ty.name.as_str() == model.marker) {
                diagnostics.push(
                    Diagnostic::new(&ty.loc, format!("the type `{}` has the name of the model's marker", ty.name))
                        .help("give the definition an `x-rust-name`"),
                );
            }
            for ty in &model.local.types {
                limits(&ty.limits, &ty.loc, &mut diagnostics);
                match &ty.shape {
                    Shape::Struct(shape) => {
                        shape.fields.iter().for_each(|field| field_limits(field, &mut diagnostics));
                    }
                    Shape::KindUnion(shape) => {
                        shape.arms.iter().for_each(|arm| limits(&arm.limits, &ty.loc, &mut diagnostics));
                    }
                    Shape::KeyUnion(shape) => {
                        shape.arms.iter().for_each(|arm| limits(&arm.limits, &ty.loc, &mut diagnostics));
                    }
                    Shape::StringEnum(_) | Shape::TaggedUnion(_) | Shape::Alias(_) => {}
                }
            }
        }
    }
    diagnostics.finish(())
}

/// Generations and models of an API are siblings in Rust's name space, where the shape is the owner's.
fn modules(api: &Api, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (index, model) in api.models.iter().enumerate() {
        let loc = Loc { file: model.path.clone(), pointer: "#".into(), ..Loc::default() };
        // A model of the API's own name lives in the API's module, so it can't have other forms of the same names.
        let namesake = api.module == [model.owner.replace('-', "_"), model.module.clone()];
        if namesake && api.types.iter().any(|shared| shared.home == crate::ir::Home::Model(index)) {
            diagnostics.push(
                Diagnostic::new(&loc, format!("the module `{}` is that of {} too", model.module, api.path))
                    .help("rename the model's file or the shape's"),
            );
        }
        if let Some(other) = seen.insert((&model.owner, &model.module), &model.path) {
            diagnostics.push(
                Diagnostic::new(&loc, format!("the module `{}` is that of {other} too", model.module))
                    .help("rename one of the files"),
            );
        }
    }
}

fn field_limits(field: &Field, diagnostics: &mut Diagnostics) {
    limits(&field.limits, &field.loc, diagnostics);
    items(&field.ty, &field.loc, diagnostics);
    if matches!(field.presence, Presence::Fixed(_) | Presence::FixedOptional(_)) {
        return;
    }
    let Some(default) = field.doc.default.as_deref().and_then(|text| serde_json::from_str(text).ok()) else { return };
    let default: serde_json::Value = default;
    let mut ty = &field.ty;
    while let Ty::Nullable(inner) | Ty::Boxed(inner) = ty {
        if default.is_null() {
            return;
        }
        ty = inner;
    }
    let fits = match ty {
        Ty::U32 | Ty::U64 | Ty::I64 => default.is_i64() || default.is_u64(),
        Ty::F64 => default.is_number(),
        Ty::Bool => default.is_boolean(),
        Ty::String | Ty::Blob => default.is_string(),
        Ty::Vec(_) => default.is_array(),
        Ty::Map(_) | Ty::JsonObject => default.is_object(),
        Ty::Json | Ty::Named(_) | Ty::Nullable(_) | Ty::Boxed(_) => true,
    };
    let number = default.as_f64().map(Number::Float);
    let in_range = number.is_none_or(|number| {
        field.limits.minimum.is_none_or(|minimum| number >= minimum)
            && field.limits.maximum.is_none_or(|maximum| number <= maximum)
            && field.limits.exclusive_minimum.is_none_or(|minimum| number > minimum)
            && field.limits.exclusive_maximum.is_none_or(|maximum| number < maximum)
    });
    if !fits {
        diagnostics.error(&field.loc, format!("the default {default} is not of the type of `{}`", field.wire));
    } else if !in_range {
        diagnostics.error(&field.loc, format!("the default {default} is outside the range of `{}`", field.wire));
    }
}

/// Lists and maps hold values with limits of their own.
fn items(ty: &Ty, loc: &Loc, diagnostics: &mut Diagnostics) {
    match ty {
        Ty::Vec(item) | Ty::Map(item) => {
            limits(&item.limits, loc, diagnostics);
            items(&item.ty, loc, diagnostics);
        }
        Ty::Nullable(inner) | Ty::Boxed(inner) => items(inner, loc, diagnostics),
        _ => {}
    }
}

fn limits(limits: &Limits, loc: &Loc, diagnostics: &mut Diagnostics) {
    let mut pair = |low: Option<Number>, high: Option<Number>, words: &str| {
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            diagnostics.error(loc, format!("no value is left: {words}"));
        }
    };
    let count = |value: Option<u64>| value.map(|value| Number::Int(value.into()));
    pair(limits.minimum, limits.maximum, "`minimum` is above `maximum`");
    pair(limits.exclusive_minimum, limits.exclusive_maximum, "`exclusiveMinimum` is above `exclusiveMaximum`");
    pair(limits.minimum, limits.exclusive_maximum, "`minimum` is above `exclusiveMaximum`");
    pair(limits.exclusive_minimum, limits.maximum, "`exclusiveMinimum` is above `maximum`");
    pair(count(limits.min_length), count(limits.max_length), "`minLength` is above `maxLength`");
    pair(count(limits.min_items), count(limits.max_items), "`minItems` is above `maxItems`");
    pair(count(limits.min_properties), count(limits.max_properties), "`minProperties` is above `maxProperties`");
}
