//! One schema narrowed by another: what stands beside a `$ref`, and the members of `allOf`.
//!
//! `strict` is for what stands beside a `$ref`: there a keyword that changes nothing is an error. Members of `allOf`
//! may repeat what is already said.

use serde_json::Value;

use super::{Resolver, with_nearest};
use crate::diagnostic::{Diagnostic, Loc, nearest};
use crate::schema::{Kind, Number, Schema};

/// Which way a bound narrows.
#[derive(Clone, Copy)]
enum Narrows {
    Up,
    Down,
}

impl Resolver<'_> {
    /// `base` has no reference at its top. The result says both.
    pub(super) fn merge(&mut self, mut base: Schema, over: Schema, strict: bool) -> Schema {
        let words = over.clone();
        if strict && base.x.narrow_value && super::has_siblings(&over) {
            // The type stays; the mistakes of the narrowing are found all the same.
            let mut trial = base.clone();
            trial.x.narrow_value = false;
            trial.all_of.clear();
            self.merge(trial, over.clone(), strict);
            base.all_of.push(only_limits(over));
            return annotate(base, words);
        }
        if over.boolean == Some(false) {
            return annotate(Schema { loc: base.loc, x: base.x, boolean: Some(false), ..Schema::default() }, words);
        }
        self.kinds(&mut base, &over);
        self.values(&mut base, &over, strict);
        self.bounds(&mut base, &over, strict);
        self.array(&mut base, &over, strict);
        self.object(&mut base, over, strict);
        annotate(base, words)
    }

    fn no_effect(&mut self, strict: bool, loc: &Loc, what: impl Into<String>, base: &Loc) {
        if strict {
            let diagnostic = Diagnostic::new(loc, format!("this narrows nothing: {}", what.into()));
            self.diagnostics.push(diagnostic.related("what it should narrow", base).help("remove it, or say less"));
        }
    }

    fn conflict(&mut self, loc: &Loc, message: impl Into<String>, base: &Loc) {
        self.diagnostics.push(Diagnostic::new(loc, message).related("contradicts this", base));
    }

    fn kinds(&mut self, base: &mut Schema, over: &Schema) {
        let Some((kinds, loc)) = &over.kinds else { return };
        if base.union.is_some() {
            self.keep_kinds(base, kinds, loc);
            return;
        }
        match &base.kinds {
            None => base.kinds = over.kinds.clone(),
            Some((known, base_loc)) => {
                let kept: Vec<Kind> = kinds
                    .iter()
                    .filter(|kind| {
                        known.contains(kind) || (**kind == Kind::Integer && known.contains(&Kind::Number))
                    })
                    .copied()
                    .collect();
                if kept.is_empty() {
                    let base_loc = base_loc.clone();
                    self.conflict(loc, "no value has both types", &base_loc);
                } else {
                    base.kinds = Some((kept, loc.clone()));
                }
            }
        }
    }

    fn values(&mut self, base: &mut Schema, over: &Schema, strict: bool) {
        if let Some((values, loc)) = &over.enumeration {
            match &base.enumeration {
                None => match &base.constant {
                    Some((constant, base_loc)) if values.contains(constant) => {
                        let base_loc = base_loc.clone();
                        self.no_effect(strict, loc, "there is only one value already", &base_loc);
                    }
                    Some((_, base_loc)) => {
                        let base_loc = base_loc.clone();
                        self.conflict(loc, "the constant is not one of these values", &base_loc);
                    }
                    None => base.enumeration = Some((values.clone(), loc.clone())),
                },
                Some((known, base_loc)) => {
                    let (known, base_loc) = (known.clone(), base_loc.clone());
                    for value in values.iter().filter(|value| !known.contains(value)) {
                        self.absent_value(value, &known, loc, &base_loc);
                    }
                    if known.iter().all(|value| values.contains(value)) {
                        self.no_effect(strict, loc, "every value is still allowed", &base_loc);
                    }
                    // In the order of the base, so that narrowing renames and reorders nothing.
                    let kept = known.into_iter().filter(|value| values.contains(value)).collect();
                    base.enumeration = Some((kept, loc.clone()));
                }
            }
        }
        if let Some((constant, loc)) = &over.constant {
            match (&base.enumeration, &base.constant) {
                (Some((known, base_loc)), _) if !known.contains(constant) => {
                    let (known, base_loc) = (known.clone(), base_loc.clone());
                    self.absent_value(constant, &known, loc, &base_loc);
                }
                (_, Some((known, base_loc))) => {
                    let base_loc = base_loc.clone();
                    if known == constant {
                        self.no_effect(strict, loc, "there is only one value already", &base_loc);
                    } else {
                        self.conflict(loc, "two different constants", &base_loc);
                    }
                }
                _ => {}
            }
            base.enumeration = None;
            base.constant = over.constant.clone();
        }
    }

    fn absent_value(&mut self, value: &Value, known: &[Value], loc: &Loc, base: &Loc) {
        let diagnostic = Diagnostic::new(loc, format!("{value} is not among the values that are narrowed"))
            .related("the values", base);
        let near = value.as_str().and_then(|value| nearest(value, known.iter().filter_map(Value::as_str)));
        self.diagnostics.push(with_nearest(diagnostic, near));
    }

    fn bounds(&mut self, base: &mut Schema, over: &Schema, strict: bool) {
        use Narrows::{Down, Up};
        let count = |value: &Option<(u64, Loc)>| value.clone().map(|(value, loc)| (Number::Int(value.into()), loc));
        macro_rules! number {
            ($($field:ident $name:literal $way:ident),* $(,)?) => { $(
                if self.bound($name, $way, base.$field.as_ref(), over.$field.as_ref(), strict) {
                    base.$field = over.$field.clone();
                }
            )* };
        }
        macro_rules! length {
            ($($field:ident $name:literal $way:ident),* $(,)?) => { $(
                if self.bound($name, $way, count(&base.$field).as_ref(), count(&over.$field).as_ref(), strict) {
                    base.$field = over.$field.clone();
                }
            )* };
        }
        number! {
            minimum "minimum" Up, maximum "maximum" Down,
            exclusive_minimum "exclusiveMinimum" Up, exclusive_maximum "exclusiveMaximum" Down,
        }
        length! {
            min_length "minLength" Up, max_length "maxLength" Down, min_items "minItems" Up, max_items "maxItems" Down,
            min_properties "minProperties" Up, max_properties "maxProperties" Down,
        }
        macro_rules! replace {
            ($($field:ident $name:literal),* $(,)?) => { $(
                if let Some((value, loc)) = &over.$field {
                    match &base.$field {
                        Some((known, base_loc)) if known == value => {
                            let base_loc = base_loc.clone();
                            self.no_effect(strict, loc, "it says the same", &base_loc);
                        }
                        Some((_, base_loc)) => {
                            let base_loc = base_loc.clone();
                            self.conflict(loc, concat!("two different values of `", $name, "`"), &base_loc);
                        }
                        None => base.$field = over.$field.clone(),
                    }
                }
            )* };
        }
        // A default that the narrower range shuts out is none any more.
        let default = base.default.as_ref().and_then(|(value, _)| value.as_f64()).map(Number::Float);
        let below = |(bound, _): &(Number, Loc)| default.is_some_and(|default| default < *bound);
        let above = |(bound, _): &(Number, Loc)| default.is_some_and(|default| default > *bound);
        if base.minimum.as_ref().is_some_and(below) || base.maximum.as_ref().is_some_and(above) {
            base.default = None;
        }
        replace! { multiple_of "multipleOf", pattern "pattern", format "format", unique_items "uniqueItems" }
        if over.base64.is_some() {
            base.base64.clone_from(&over.base64);
        }
        if over.content_media_type.is_some() {
            base.content_media_type.clone_from(&over.content_media_type);
        }
    }

    /// Whether the bound is to be taken over.
    fn bound(
        &mut self,
        name: &str,
        way: Narrows,
        base: Option<&(Number, Loc)>,
        over: Option<&(Number, Loc)>,
        strict: bool,
    ) -> bool {
        let Some((value, loc)) = over else { return false };
        let Some((known, base_loc)) = base else { return true };
        if value == known {
            self.no_effect(strict, loc, format!("`{name}` says the same"), base_loc);
            return false;
        }
        let narrower = match way {
            Narrows::Up => value > known,
            Narrows::Down => value < known,
        };
        if !narrower && strict {
            self.conflict(loc, format!("`{name}` is wider here than what it narrows"), base_loc);
        }
        narrower
    }

    fn array(&mut self, base: &mut Schema, over: &Schema, strict: bool) {
        let Some(items) = &over.items else { return };
        base.items = Some(match base.items.take() {
            None => items.clone(),
            Some(known) => Box::new(self.narrow(*known, (**items).clone(), strict)),
        });
    }

    /// Narrows a schema that may be a reference.
    pub(super) fn narrow(&mut self, base: Schema, over: Schema, strict: bool) -> Schema {
        let mut base = base;
        if base.x.narrow_value && strict {
            base.all_of.push(only_limits(over));
            return base;
        }
        if base.reference.is_some() && !super::is_structural(&over) && over.reference.is_none() {
            // Only limits or words: they stand beside the reference, where they are judged on use.
            let target = self.materialise(base.clone());
            let mut trial = over.clone();
            trial.x = crate::schema::Annotations::default();
            self.merge(target, trial, strict);
            let mut merged = base.clone();
            self.bounds(&mut merged, &over, false);
            return annotate(merged, over);
        }
        let named = base.reference.is_some();
        let mut base = if named || !base.all_of.is_empty() { self.materialise(base) } else { base };
        let from = base.narrowed_from.take();
        let over = if over.reference.is_some() || !over.all_of.is_empty() { self.materialise(over) } else { over };
        let mut merged = self.merge(base, over, strict);
        merged.narrowed_from = from;
        merged
    }

    fn object(&mut self, base: &mut Schema, over: Schema, strict: bool) {
        let base_loc = base.loc.clone();
        if let Some(names) = over.property_names {
            self.property_names(base, *names, strict);
        }
        for (key, property) in over.properties {
            self.property(base, &key, property, strict);
        }
        for (key, loc) in over.required {
            if let Some((_, known)) = base.required.iter().find(|(known, _)| *known == key) {
                let known = known.clone();
                self.no_effect(strict, &loc, format!("`{key}` is required already"), &known);
            } else if base.union.is_some() {
                self.require_in_arms(base, &key, &loc);
            } else if base.properties.iter().any(|(known, _)| *known == key) || !is_closed(base) {
                base.required.push((key, loc));
            } else {
                self.absent(base, &key, &loc, "required");
            }
        }
        if let Some(additional) = over.additional {
            match &base.additional {
                Some(known) if known.boolean == Some(false) => {
                    if additional.boolean == Some(false) {
                        let known = known.loc.clone();
                        self.no_effect(strict, &additional.loc, "the object is closed already", &known);
                    } else {
                        let known = known.loc.clone();
                        self.conflict(&additional.loc, "a closed object can't be opened", &known);
                    }
                }
                Some(known) => {
                    let known = (**known).clone();
                    base.additional = Some(Box::new(self.narrow(known, *additional, strict)));
                }
                None => base.additional = Some(additional),
            }
        }
        for (keys, loc) in over.exclusive {
            if base.exclusive.iter().any(|(known, _)| *known == keys) {
                self.no_effect(strict, &loc, "the same is said already", &base_loc);
                continue;
            }
            for key in &keys {
                if base.union.is_none() && is_closed(base) && !base.properties.iter().any(|(known, _)| known == key) {
                    self.absent(base, key, &loc, "exclusive");
                }
            }
            base.exclusive.push((keys, loc));
        }
        for (key, others, loc) in over.dependent_required {
            base.dependent_required.push((key, others, loc));
        }
        if let Some(condition) = over.condition {
            if base.condition.is_none() {
                base.condition = Some(condition);
            } else {
                let loc = condition.loc.clone();
                base.all_of.push(Schema { loc, condition: Some(condition), ..Schema::default() });
            }
        }
        base.all_of.extend(over.all_of);
        base.x.rules.extend(over.x.rules);
        if let Some(union) = over.union {
            if base.union.is_some() {
                self.conflict(&union.loc, "two unions can't be merged", &base_loc);
            } else {
                base.union = Some(union);
            }
        }
    }

    fn property(&mut self, base: &mut Schema, key: &str, property: Schema, strict: bool) {
        if base.union.is_some() {
            self.property_of_arms(base, key, property);
            return;
        }
        let Some(index) = base.properties.iter().position(|(known, _)| known == key) else {
            if is_closed(base) {
                self.absent(base, key, &property.loc, "narrowed");
            } else {
                base.properties.push((key.to_owned(), property));
            }
            return;
        };
        if property.boolean == Some(false) && !base.properties[index].1.x.narrow_value {
            if let Some((_, loc)) = base.required.iter().find(|(required, _)| required == key) {
                let loc = loc.clone();
                self.conflict(&property.loc, format!("`{key}` is removed here but required"), &loc);
            }
            base.properties.remove(index);
            base.exclusive.retain(|(keys, _)| !keys.iter().any(|known| known == key));
            return;
        }
        let known = std::mem::take(&mut base.properties[index].1);
        base.properties[index].1 = self.narrow(known, property, strict);
    }

    fn property_names(&mut self, base: &mut Schema, names: Schema, strict: bool) {
        let Some((allowed, loc)) = &names.enumeration else {
            base.property_names = Some(Box::new(names));
            return;
        };
        if base.properties.is_empty() && base.union.is_none() {
            base.property_names = Some(Box::new(names));
            return;
        }
        let allowed: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        if base.union.is_some() {
            self.keep_keys(base, &allowed, loc);
            return;
        }
        for key in &allowed {
            if !base.properties.iter().any(|(known, _)| known == key) {
                self.absent(base, key, loc, "allowed");
            }
        }
        if base.properties.iter().all(|(known, _)| allowed.contains(&known.as_str())) {
            let base_loc = base.loc.clone();
            self.no_effect(strict, loc, "every property is still allowed", &base_loc);
        }
        for (key, key_loc) in &base.required {
            if !allowed.contains(&key.as_str()) {
                self.diagnostics.push(
                    Diagnostic::new(loc, format!("`{key}` is not among the allowed names but required"))
                        .related("required", key_loc),
                );
            }
        }
        base.properties.retain(|(known, _)| allowed.contains(&known.as_str()));
        base.exclusive.retain(|(keys, _)| keys.iter().all(|key| allowed.contains(&key.as_str())));
        base.dependent_required.retain(|(key, _, _)| allowed.contains(&key.as_str()));
    }

    /// A narrowing names a property that is not there.
    pub(super) fn absent(&mut self, base: &Schema, key: &str, loc: &Loc, done: &str) {
        let diagnostic = Diagnostic::new(loc, format!("there is no property `{key}` that could be {done}"))
            .related("the object has none of that name", &base.loc);
        let near = nearest(key, base.properties.iter().map(|(known, _)| known.as_str()));
        self.diagnostics.push(with_nearest(diagnostic, near));
    }
}

fn is_closed(schema: &Schema) -> bool {
    schema.additional.as_ref().is_some_and(|additional| additional.boolean == Some(false))
}

/// A narrowing by value keeps its constraints and loses its words.
fn only_limits(mut schema: Schema) -> Schema {
    schema.reference = None;
    schema.dynamic_anchor = None;
    schema.title = None;
    schema.description = None;
    schema.x = crate::schema::Annotations { rules: schema.x.rules, ..Default::default() };
    schema
}

/// The outer one's words win.
fn annotate(mut base: Schema, over: Schema) -> Schema {
    macro_rules! take {
        ($($field:ident)*) => { $( if over.$field.is_some() { base.$field = over.$field; } )* };
    }
    take!(title description default);
    if !over.examples.is_empty() {
        base.examples = over.examples;
    }
    base.deprecated |= over.deprecated;
    let (x, o) = (&mut base.x, over.x);
    if !o.source.is_empty() {
        x.source = o.source;
    }
    if !o.new.is_empty() {
        x.new = o.new;
    }
    macro_rules! take_x {
        ($($field:ident)*) => { $( if o.$field.is_some() { x.$field = o.$field; } )* };
    }
    take_x!(uncertain role rust_name echo turn text);
    x.enum_names.extend(o.enum_names);
    x.from_str |= o.from_str;
    x.narrow_value |= o.narrow_value;
    base
}
