//! Where a key stands below a value, for the rule `count-at-most`. Free JSON is not entered: its keys are a user's own.

use super::super::Place;
use super::super::body::{Node, NodeKind, Object};
use super::Expander;
use crate::ir::{Field, Shape, Struct, Ty, TypeId};

impl Expander<'_> {
    /// The places of a key below an object, in the order written. `null` and expressions, which may be `None`, don't
    /// count.
    pub(super) fn places_of(&self, key: &str, shape: &Struct, object: &Object) -> Vec<Place> {
        let mut found = Vec::new();
        self.below_fields(key, shape, object, &mut found);
        found
    }

    fn below_fields(&self, key: &str, shape: &Struct, object: &Object, found: &mut Vec<Place>) {
        for member in &object.members {
            let Some(field) = shape.fields.iter().find(|field: &&Field| field.wire == member.key) else { continue };
            if member.key == key && !member.value.is_open() && !matches!(member.value.kind, NodeKind::Null) {
                found.push(member.into());
            }
            self.below(key, &field.ty, &member.value, found);
        }
    }

    fn below(&self, key: &str, ty: &Ty, node: &Node, found: &mut Vec<Place>) {
        match (ty, &node.kind) {
            (Ty::Nullable(inner) | Ty::Boxed(inner), _) => self.below(key, inner, node, found),
            (Ty::Vec(item), NodeKind::Array(items)) => {
                items.iter().for_each(|node| self.below(key, &item.ty, node, found));
            }
            (Ty::Map(item), NodeKind::Object(object)) => {
                object.members.iter().for_each(|member| self.below(key, &item.ty, &member.value, found));
            }
            (Ty::Named(id), _) => self.below_named(key, *id, node, found),
            _ => {}
        }
    }

    fn below_named(&self, key: &str, id: TypeId, node: &Node, found: &mut Vec<Place>) {
        match (&self.ty(id).shape, &node.kind) {
            (Shape::Struct(shape), NodeKind::Object(object)) => self.below_fields(key, shape, object, found),
            (Shape::Alias(inner), _) => self.below(key, inner, node, found),
            (Shape::KindUnion(shape), _) => {
                if let Some(arm) = self.arm_of_kind(shape, node) {
                    self.below(key, &arm.ty, node, found);
                }
            }
            (Shape::TaggedUnion(shape), NodeKind::Object(object)) => {
                let tag = object.members.iter().find(|member| member.key == shape.tag).map(|member| &member.value.kind);
                let arm = shape.arms.iter().find(|arm| match tag {
                    Some(NodeKind::Str(tag)) => arm.tags.contains(tag),
                    Some(_) => false,
                    None => arm.default,
                });
                if let Some(arm) = arm {
                    self.below(key, &arm.ty, node, found);
                }
            }
            (Shape::KeyUnion(shape), NodeKind::Object(object)) => {
                let arm = object
                    .members
                    .iter()
                    .find_map(|member| Some((member, shape.arms.iter().find(|arm| arm.wire == member.key)?)));
                match arm {
                    Some((_, arm)) if arm.whole => self.below(key, &arm.ty, node, found),
                    Some((member, arm)) => self.below(key, &arm.ty, &member.value, found),
                    None => {}
                }
            }
            _ => {}
        }
    }
}
