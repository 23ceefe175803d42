//! Unions: by tag, by key, by kind. A union that is none of these can't be told apart without trying, and is an error.

use std::collections::BTreeSet;

use serde_json::Value;

use super::kinds::{has_null, is_struct, is_type, kind_name};
use super::{Lowerer, Place};
use crate::diagnostic::Diagnostic;
use crate::ir::{Direction, KeyArm, KeyUnion, KindArm, KindUnion, Shape, TaggedArm, TaggedUnion, Ty, TypeId};
use crate::names::TypeName;
use crate::schema::{Kind, Schema, Target};

impl Lowerer<'_> {
    /// Notes which definitions are arms of a union by tag, so that their optional tag is not a field.
    pub(super) fn tags(&mut self) {
        let mut tags = Vec::new();
        for (_, schema) in &self.resolved.defs {
            schema.walk(&mut |schema| {
                let Some(union) = &schema.union else { return };
                let Some(tag) = self.tag(&union.arms) else { return };
                for arm in &union.arms {
                    if let Some((Target::Local(name), _)) = &arm.reference {
                        tags.push((name.clone(), tag.clone()));
                    }
                }
            });
        }
        self.tags.extend(tags);
    }

    /// The property that tells the arms apart: constant or listed strings in every arm, no value twice, and required
    /// in all arms but one at most.
    fn tag(&self, arms: &[Schema]) -> Option<String> {
        let whole: Vec<&Schema> = arms.iter().map(|arm| self.follow(arm)).collect();
        if !whole.iter().all(|arm| is_struct(arm)) {
            return None;
        }
        let mut candidates: Vec<&str> = whole.first()?.properties.iter().map(|(key, _)| key.as_str()).collect();
        candidates.sort_by_key(|key| *key != "type");
        let found = candidates.into_iter().find(|key| {
            let mut seen = BTreeSet::new();
            let distinct = whole.iter().all(|arm| {
                self.tag_values(arm, key).is_some_and(|values| values.into_iter().all(|value| seen.insert(value)))
            });
            let optional = whole.iter().filter(|arm| !arm.required.iter().any(|(name, _)| name == key)).count();
            distinct && optional <= 1
        });
        found.map(str::to_owned)
    }

    fn tag_values(&self, arm: &Schema, key: &str) -> Option<Vec<String>> {
        let (_, property) = arm.properties.iter().find(|(known, _)| known == key)?;
        let property = self.follow(property);
        if let Some((constant, _)) = &property.constant {
            return Some(vec![constant.as_str()?.to_owned()]);
        }
        let (values, _) = property.enumeration.as_ref()?;
        values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
    }

    pub(super) fn union(&mut self, id: TypeId, name: &TypeName, direction: Direction, schema: &Schema) -> Shape {
        let Some(union) = &schema.union else { return Shape::Alias(Ty::Json) };
        self.union_annotations(id, schema);
        if union.arms.is_empty() {
            self.diagnostics.error(&union.loc, "the union has no variant left");
            return Shape::Alias(Ty::Json);
        }
        let odd = schema.condition.is_some()
            || !schema.exclusive.is_empty()
            || !schema.x.rules.is_empty()
            || !schema.properties.is_empty();
        if odd {
            self.diagnostics.push(
                Diagnostic::new(&schema.loc, "a union can't have properties, rules or conditions beside its variants")
                    .help("put them into the variants"),
            );
        }
        let shape = if let Some(tag) = self.tag(&union.arms) {
            self.tagged(name, direction, &union.arms, tag)
        } else if let Some(keys) = self.keys(&union.arms) {
            self.keyed(name, direction, &union.arms, &keys)
        } else if self.kinds_differ(&union.arms) {
            self.by_kind(name, direction, &union.arms)
        } else {
            self.diagnostics.push(
                Diagnostic::new(&union.loc, format!("the variants of `{name}` can't be told apart")).help(
                    "give every variant a constant property of the same name (a tag), one required property of its \
                     own, or a JSON type of its own",
                ),
            );
            return Shape::Alias(Ty::Json);
        };
        let names: Vec<&TypeName> = match &shape {
            Shape::TaggedUnion(shape) => shape.arms.iter().map(|arm| &arm.name).collect(),
            Shape::KeyUnion(shape) => shape.arms.iter().map(|arm| &arm.name).collect(),
            Shape::KindUnion(shape) => shape.arms.iter().map(|arm| &arm.name).collect(),
            Shape::Struct(_) | Shape::StringEnum(_) | Shape::Alias(_) => Vec::new(),
        };
        let mut seen = BTreeSet::new();
        for variant in names {
            if !seen.insert(variant) || matches!(variant.as_str(), "Unknown" | "Echo") {
                self.diagnostics.push(
                    Diagnostic::new(&union.loc, format!("the variant name `{variant}` of `{name}` is taken"))
                        .help("give the variant an `x-rust-name`"),
                );
            }
        }
        shape
    }

    fn tagged(&mut self, name: &TypeName, direction: Direction, arms: &[Schema], tag: String) -> Shape {
        let mut lowered = Vec::new();
        for arm in arms {
            let whole = self.follow(arm).clone();
            let tags = self.tag_values(&whole, &tag).unwrap_or_default();
            let default = !whole.required.iter().any(|(key, _)| *key == tag);
            let wanted = match self.rust_name(arm, &whole) {
                Some(name) => name,
                None if tags.len() == 1 => tags[0].clone(),
                None => arm_def(arm).or_else(|| tags.first().cloned()).unwrap_or_default(),
            };
            let Some(variant) = self.variant(&wanted, arm) else { continue };
            let place = Place { parent: name, field: variant.as_str(), direction };
            let ty = match &arm.reference {
                Some(_) => self.usage(place, arm).ty,
                None => self.derived(place, arm, Some(&tag)),
            };
            lowered.push(TaggedArm { name: variant.clone(), tags, default, ty, doc: self.doc(&whole, None) });
        }
        Shape::TaggedUnion(TaggedUnion { tag, arms: lowered, echo: None, text: None })
    }

    /// The one required property of each arm, all different.
    fn keys(&self, arms: &[Schema]) -> Option<Vec<String>> {
        let mut keys: Vec<String> = Vec::new();
        for arm in arms {
            let whole = self.follow(arm);
            let [(key, _)] = &whole.required[..] else { return None };
            if !is_struct(whole) || keys.contains(key) {
                return None;
            }
            keys.push(key.clone());
        }
        // The key of one variant beside that of another would leave open which one it is.
        let shared = arms
            .iter()
            .zip(&keys)
            .any(|(arm, own)| self.follow(arm).properties.iter().any(|(key, _)| key != own && keys.contains(key)));
        (!shared).then_some(keys)
    }

    fn keyed(&mut self, name: &TypeName, direction: Direction, arms: &[Schema], keys: &[String]) -> Shape {
        let mut lowered = Vec::new();
        for (arm, key) in arms.iter().zip(keys) {
            let whole = self.follow(arm).clone();
            let Some((_, property)) = whole.properties.iter().find(|(known, _)| known == key) else {
                let loc = whole.required.first().map_or(&whole.loc, |(_, loc)| loc);
                self.diagnostics.error(loc, format!("`{key}` is required but not among the properties"));
                continue;
            };
            let closed = whole.additional.as_ref().is_some_and(|a| a.boolean == Some(false));
            if direction == Direction::Request && !closed && arm.reference.is_none() {
                self.diagnostics.push(
                    Diagnostic::new(
                        &arm.loc,
                        format!("the variant `{key}` of `{name}` is part of a request and must be closed"),
                    )
                    .help("add `\"additionalProperties\": false`"),
                );
            }
            let wanted = self.rust_name(arm, &whole).unwrap_or_else(|| key.clone());
            let Some(variant) = self.variant(&wanted, arm) else { continue };
            let place = Place { parent: name, field: variant.as_str(), direction };
            // A reply may have unknown members beside the key: only an object has a place for them.
            let homeless = direction == Direction::Reply && !self.is_object(property);
            let beside = whole.properties.len() > 1 || homeless;
            let used = if beside {
                let mut arm = arm.clone();
                if arm.reference.is_none() && arm.description.is_none() {
                    arm.description.clone_from(&property.description);
                }
                self.usage(place, &arm)
            } else {
                self.usage(place, property)
            };
            let mut doc = self.doc(property, None);
            if doc.text.is_empty() {
                doc.text = self.doc(&whole, None).text;
            }
            lowered.push(KeyArm {
                name: variant.clone(),
                wire: key.clone(),
                ty: used.ty,
                whole: beside,
                limits: used.limits,
                doc,
                from_str: whole.x.from_str || arm.x.from_str || self.follow(property).x.from_str,
            });
        }
        Shape::KeyUnion(KeyUnion { arms: lowered, echo: None, text: None })
    }

    /// Whether the value is a struct, and never null.
    fn is_object(&self, schema: &Schema) -> bool {
        let target = self.follow(schema);
        is_struct(target) && !has_null(target)
    }

    fn arm_kinds(&self, arm: &Schema) -> Option<Vec<Kind>> {
        let whole = self.follow(arm);
        if let Some((kinds, _)) = &whole.kinds {
            return Some(kinds.clone());
        }
        if whole.union.is_some() || is_struct(whole) {
            return Some(vec![Kind::Object]);
        }
        let values = whole.enumeration.as_ref().map(|(values, _)| values.as_slice());
        let values = values.or_else(|| whole.constant.as_ref().map(|(value, _)| std::slice::from_ref(value)))?;
        values.iter().all(Value::is_string).then(|| vec![Kind::String])
    }

    fn kinds_differ(&self, arms: &[Schema]) -> bool {
        let mut seen: BTreeSet<Kind> = BTreeSet::new();
        arms.iter().all(|arm| match self.arm_kinds(arm).as_deref() {
            // Two arms of numbers can't be told apart by kind.
            Some([Kind::Integer]) => seen.insert(Kind::Number),
            Some([kind]) => seen.insert(*kind),
            _ => false,
        })
    }

    fn by_kind(&mut self, name: &TypeName, direction: Direction, arms: &[Schema]) -> Shape {
        let mut lowered = Vec::new();
        for arm in arms {
            let whole = self.follow(arm).clone();
            let kind = self.arm_kinds(arm).and_then(|kinds| kinds.first().copied()).unwrap_or(Kind::Null);
            let variant = match self.rust_name(arm, &whole) {
                Some(wanted) => self.variant(&wanted, arm),
                None => match arm_def(arm).filter(|_| is_type(&whole)) {
                    Some(def) => self.variant(&def, arm),
                    None => Some(kind_name(kind)),
                },
            };
            let Some(variant) = variant else { continue };
            let place = Place { parent: name, field: variant.as_str(), direction };
            let used = self.usage(place, arm);
            lowered.push(KindArm {
                name: variant.clone(),
                ty: used.ty,
                limits: used.limits,
                doc: self.doc(&whole, None),
            });
        }
        Shape::KindUnion(KindUnion { arms: lowered })
    }

    /// An `x-rust-name` of the arm itself; that of a definition names its type, unless the arm is inline.
    fn rust_name(&self, arm: &Schema, whole: &Schema) -> Option<String> {
        let own = arm.x.rust_name.as_ref();
        let inline = whole.x.rust_name.as_ref().filter(|_| arm.reference.is_none());
        own.or(inline).map(|(name, _)| name.clone())
    }

    fn variant(&mut self, wanted: &str, arm: &Schema) -> Option<TypeName> {
        let name = TypeName::from_wire(wanted);
        if name.is_none() {
            self.diagnostics.push(
                Diagnostic::new(&arm.loc, format!("no Rust name can be made of {wanted:?}"))
                    .help("give the variant an `x-rust-name`"),
            );
        }
        name
    }
}

/// The definition that an arm refers to.
fn arm_def(arm: &Schema) -> Option<String> {
    match &arm.reference {
        Some((Target::Local(name), _)) => Some(name.clone()),
        _ => None,
    }
}
