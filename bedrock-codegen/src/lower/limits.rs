//! Checks that no Rust type makes: ranges, lengths, patterns, what may stand together, and narrowings by value.

use serde_json::Value;

use super::Lowerer;
use super::kinds::literal;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::ir::{Condition, Limits, ObjectLimits, Shape, Test, Type};
use crate::schema::Schema;

/// The limits that a schema states on the value itself.
pub(super) fn of(schema: &Schema) -> Limits {
    let mut limits = Limits::default();
    tighten_numbers(&mut limits, schema);
    if let Some(names) = schema.property_names.as_deref() {
        if let Some((values, _)) = &names.enumeration {
            limits.keys = Some(values.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        }
        limits.key_pattern = names.pattern.as_ref().map(|(pattern, _)| pattern.clone());
        limits.key_max_length = names.max_length.as_ref().map(|(length, _)| *length);
    }
    limits
}

/// What a schema beside a reference, or a narrowing by value, adds.
pub(super) fn tighten(limits: &mut Limits, over: &Schema) {
    tighten_numbers(limits, over);
    let values: Option<Vec<_>> = match (&over.enumeration, &over.constant) {
        (Some((values, _)), _) => values.iter().map(literal).collect(),
        (None, Some((value, _))) => literal(value).map(|value| vec![value]),
        (None, None) => None,
    };
    limits.one_of = match (limits.one_of.take(), values) {
        (Some(known), Some(values)) => Some(known.into_iter().filter(|value| values.contains(value)).collect()),
        (known, values) => values.or(known),
    };
}

/// Two narrowings may stand beside each other: the narrower one holds.
fn tighten_numbers(limits: &mut Limits, schema: &Schema) {
    macro_rules! take {
        ($better:expr; $($field:ident)*) => { $(
            if let Some((value, _)) = &schema.$field
                && limits.$field.as_ref().is_none_or(|known| $better(value, known))
            {
                limits.$field = Some(value.clone());
            }
        )* };
    }
    take! { |value, known| value > known; minimum exclusive_minimum }
    take! { |value, known| value < known; maximum exclusive_maximum }
    take! { |value, known| value > known; min_length min_items min_properties }
    take! { |value, known| value < known; max_length max_items max_properties }
    // Two different ones are a mistake that `resolve` finds, but for a multiple of the multiple.
    take! { |_, _| true; multiple_of pattern }
    limits.unique_items |= matches!(schema.unique_items, Some((true, _)));
    // `minItems: 0` and its like say nothing.
    for field in [&mut limits.min_length, &mut limits.min_items, &mut limits.min_properties] {
        field.take_if(|minimum| *minimum == 0);
    }
}

/// What must hold between the members of an object.
pub(super) fn of_object(schema: &Schema, diagnostics: &mut Diagnostics) -> ObjectLimits {
    let mut limits = ObjectLimits::default();
    add_to_object(&mut limits, schema, diagnostics);
    limits
}

fn add_to_object(limits: &mut ObjectLimits, schema: &Schema, diagnostics: &mut Diagnostics) {
    limits.exclusive.extend(schema.exclusive.iter().map(|(keys, _)| keys.clone()));
    let dependent = schema.dependent_required.iter();
    limits.dependent_required.extend(dependent.map(|(key, others, _)| (key.clone(), others.clone())));
    limits.rules.extend(schema.x.rules.iter().map(|(rule, _)| rule.clone()));
    if let Some(condition) = &schema.condition {
        limits.conditions.push(Condition {
            test: test(&condition.test, diagnostics),
            then: condition.then.as_ref().map(|schema| test(schema, diagnostics)),
            otherwise: condition.otherwise.as_ref().map(|schema| test(schema, diagnostics)),
        });
    }
}

/// `if` on a member that is no object: the object around it asks.
pub(super) fn of_member(limits: &mut ObjectLimits, key: &str, schema: &Schema, diagnostics: &mut Diagnostics) {
    for condition in schema.all_of.iter().chain([schema]).filter_map(|schema| schema.condition.as_deref()) {
        let then = Some(Test::Member(key.to_owned(), Box::new(choice(condition, diagnostics))));
        limits.conditions.push(Condition { test: Test::All(Vec::new()), then, otherwise: None });
    }
}

/// `if`, `then` and `else` as one question: each branch holds, or its side of the `if` does not.
fn choice(condition: &crate::schema::Condition, diagnostics: &mut Diagnostics) -> Test {
    let asked = test(&condition.test, diagnostics);
    let then = condition.then.as_ref().map(|schema| test(schema, diagnostics));
    let otherwise = condition.otherwise.as_ref().map(|schema| test(schema, diagnostics));
    let branches = [
        then.map(|then| Test::Any(vec![Test::Not(Box::new(asked.clone())), then])),
        otherwise.map(|otherwise| Test::Any(vec![asked, otherwise])),
    ];
    Test::All(branches.into_iter().flatten().collect())
}

/// A schema below `if`, `then` or `else` as a question.
fn test(schema: &Schema, diagnostics: &mut Diagnostics) -> Test {
    if let Some((_, loc)) = &schema.reference {
        diagnostics.push(
            Diagnostic::new(loc, "references are not supported below `if`, `then` and `else`")
                .help("write the condition out"),
        );
    }
    let dropped = [
        (schema.additional.is_some(), "additionalProperties"),
        (!schema.dependent_required.is_empty(), "dependentRequired"),
        (!schema.x.rules.is_empty(), "x-rules"),
    ];
    for (_, keyword) in dropped.into_iter().filter(|(stands, _)| *stands) {
        diagnostics.push(
            Diagnostic::new(&schema.loc, format!("`{keyword}` is not supported below `if`, `then` and `else`"))
                .help("say it of the object itself"),
        );
    }
    match schema.boolean {
        Some(false) => return Test::Never,
        Some(true) => return Test::All(Vec::new()),
        None => {}
    }
    let mut tests = Vec::new();
    if let Some((kinds, _)) = &schema.kinds {
        tests.push(Test::Kinds(kinds.clone()));
    }
    let values: Option<Vec<_>> = match (&schema.enumeration, &schema.constant) {
        (Some((values, _)), _) => values.iter().map(literal).collect(),
        (None, Some((value, _))) => literal(value).map(|value| vec![value]),
        (None, None) => None,
    };
    if values.is_none() && (schema.enumeration.is_some() || schema.constant.is_some()) {
        diagnostics.error(&schema.loc, "only strings, numbers, booleans and null can be listed values");
    }
    tests.extend(values.map(Test::OneOf));
    let limits = of(schema);
    if limits != Limits::default() {
        tests.push(Test::Limits(Box::new(limits)));
    }
    if !schema.required.is_empty() {
        tests.push(Test::Present(schema.required.iter().map(|(key, _)| key.clone()).collect()));
    }
    for (keys, _) in &schema.exclusive {
        tests.push(Test::Not(Box::new(Test::Present(keys.clone()))));
    }
    for (key, property) in &schema.properties {
        tests.push(Test::Member(key.clone(), Box::new(test(property, diagnostics))));
    }
    if let Some(items) = &schema.items {
        tests.push(Test::Items(Box::new(test(items, diagnostics))));
    }
    tests.extend(schema.all_of.iter().map(|member| test(member, diagnostics)));
    if let Some(union) = &schema.union {
        tests.push(Test::Any(union.arms.iter().map(|arm| test(arm, diagnostics)).collect()));
    }
    if let Some(condition) = &schema.condition {
        tests.push(choice(condition, diagnostics));
    }
    if tests.len() == 1 { tests.remove(0) } else { Test::All(tests) }
}

impl Lowerer<'_> {
    /// A narrowing by value says nothing that the check of a field can't say.
    pub(super) fn only_limits(&mut self, over: &Schema) {
        let deep = !over.properties.is_empty()
            || !over.required.is_empty()
            || over.items.is_some()
            || over.kinds.is_some()
            || over.union.is_some()
            || over.additional.is_some()
            || over.property_names.is_some()
            || over.condition.is_some()
            || !over.all_of.is_empty()
            || !over.exclusive.is_empty()
            || !over.dependent_required.is_empty();
        if deep {
            self.diagnostics.push(
                Diagnostic::new(&over.loc, "this can't be narrowed by value from here")
                    .help("narrow the definition, or take `x-narrow` away"),
            );
        }
    }

    /// Applies a narrowing that keeps the type: the check refuses what the type still allows.
    pub(super) fn narrow_by_value(&mut self, ty: &mut Type, over: &Schema) {
        tighten(&mut ty.limits, over);
        let allowed = over.property_names.as_ref().and_then(|names| names.enumeration.as_ref());
        let allowed: Option<Vec<&str>> = allowed.map(|(values, _)| values.iter().filter_map(Value::as_str).collect());
        match &mut ty.shape {
            Shape::Struct(shape) => {
                add_to_object(&mut shape.limits, over, &mut self.diagnostics);
                shape.limits.required.extend(over.required.iter().map(|(key, _)| key.clone()));
                for (key, property) in &over.properties {
                    match shape.fields.iter_mut().find(|field| field.wire == *key) {
                        Some(field) => {
                            field.refused |= property.boolean == Some(false);
                            tighten(&mut field.limits, property);
                            self.only_limits(property);
                        }
                        None => {
                            let diagnostic =
                                Diagnostic::new(&property.loc, format!("there is no property `{key}` to narrow"));
                            let near = nearest(key, shape.fields.iter().map(|field| field.wire.as_str()));
                            self.diagnostics.push(crate::resolve::with_nearest(diagnostic, near));
                        }
                    }
                }
                if let Some(allowed) = allowed {
                    for field in &mut shape.fields {
                        field.refused |= !allowed.contains(&field.wire.as_str());
                    }
                }
            }
            Shape::TaggedUnion(shape) => {
                for (key, property) in &over.properties {
                    if *key != shape.tag {
                        self.diagnostics.error(
                            &property.loc,
                            format!("only the tag `{}` of a union can be narrowed by value", shape.tag),
                        );
                        continue;
                    }
                    let mut kept = Limits::default();
                    tighten(&mut kept, property);
                    let kept = kept.one_of.unwrap_or_default();
                    let tags = shape.arms.iter().flat_map(|arm| &arm.tags);
                    let gone = tags.filter(|tag| !kept.contains(&crate::ir::Literal::Str((*tag).clone())));
                    ty.limits.refused_arms.extend(gone.cloned());
                }
            }
            Shape::KeyUnion(shape) => {
                for arm in &shape.arms {
                    let off = over.properties.iter().any(|(key, p)| *key == arm.wire && p.boolean == Some(false));
                    if off || allowed.as_ref().is_some_and(|allowed| !allowed.contains(&arm.wire.as_str())) {
                        ty.limits.refused_arms.push(arm.wire.clone());
                    }
                }
            }
            Shape::StringEnum(_) | Shape::KindUnion(_) | Shape::Alias(_) => {}
        }
    }
}
