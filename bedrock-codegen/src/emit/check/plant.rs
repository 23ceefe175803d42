//! Every place of a model's request as a node.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::forest::{Below, Forest, Place};
use super::rules;
use crate::emit::types::is_field;
use crate::ir::{Limits, Local, Shape, Ty, Type, TypeId};
use crate::schema::{Number, RuleKind};

/// One model's trees while they are planted.
struct Planter<'a> {
    forest: &'a mut Forest,
    local: &'a Local,
    /// Free JSON matters only to rules that count.
    counts: bool,
    types: HashMap<TypeId, usize>,
}

impl Forest {
    /// The node of the request.
    pub(super) fn plant(&mut self, local: &Local) -> usize {
        let counts = local.types.iter().any(|ty| match &ty.shape {
            Shape::Struct(shape) => {
                shape.limits.rules.iter().any(|rule| matches!(rule.kind, RuleKind::CountAtMost { .. }))
            }
            Shape::StringEnum(_)
            | Shape::TaggedUnion(_)
            | Shape::KeyUnion(_)
            | Shape::KindUnion(_)
            | Shape::Alias(_) => false,
        });
        let mut planter = Planter { forest: self, local, counts, types: HashMap::new() };
        match local.request {
            Some(root) => planter.ty(root),
            None => self.add(Place::default()),
        }
    }
}

impl Planter<'_> {
    fn get(&self, id: TypeId) -> &Type {
        &self.local.types[id.0 as usize]
    }

    /// The node of a type; one per type, so that circles close.
    fn ty(&mut self, id: TypeId) -> usize {
        if let Some(node) = self.types.get(&id) {
            return *node;
        }
        let node = self.forest.add(Place::default());
        self.types.insert(id, node);
        let place = self.place(id);
        self.forest.nodes[node] = place;
        node
    }

    fn place(&mut self, id: TypeId) -> Place {
        let local = self.local;
        let ty = &local.types[id.0 as usize];
        let own = self.rules(&ty.limits, &Ty::Named(id));
        let mut place = match &ty.shape {
            Shape::Struct(shape) => {
                let fields = shape.fields.iter().filter(|field| is_field(field));
                let members = fields.map(|field| (field.wire.clone(), self.used(&field.limits, &field.ty)));
                let members = members.collect();
                Place::of(rules::of_object(&shape.limits, shape), Below::Members(members))
            }
            Shape::StringEnum(_) => Place::default(),
            Shape::TaggedUnion(shape) => {
                let arms: Vec<_> = shape.arms.iter().map(|arm| (arm, self.used(&Limits::default(), &arm.ty))).collect();
                let default = arms.iter().find(|(arm, _)| arm.default).map(|(_, node)| *node);
                let tags = arms.iter().flat_map(|(arm, node)| arm.tags.iter().map(|tag| (tag.clone(), *node)));
                Place::of(Vec::new(), Below::Tagged(shape.tag.clone(), tags.collect(), default))
            }
            Shape::KeyUnion(shape) => {
                let arms = shape.arms.iter().map(|arm| (arm.wire.clone(), self.used(&arm.limits, &arm.ty)));
                let arms: Vec<_> = arms.collect();
                if !shape.arms.iter().any(|arm| arm.whole) {
                    Place::of(Vec::new(), Below::Members(arms))
                } else {
                    let arms = shape.arms.iter().zip(arms).map(|(arm, (key, node))| {
                        let member = || Below::Members(vec![(key.clone(), node)]);
                        let node = if arm.whole { node } else { self.forest.add(Place::of(Vec::new(), member())) };
                        (key, node)
                    });
                    let arms = arms.collect();
                    Place::of(Vec::new(), Below::Keyed(arms))
                }
            }
            Shape::KindUnion(shape) => {
                let arms = shape.arms.iter().map(|arm| (self.kind(&arm.ty), self.used(&arm.limits, &arm.ty)));
                let arms = arms.collect();
                Place::of(Vec::new(), Below::Kinds(arms))
            }
            Shape::Alias(ty) => self.inner(ty),
        };
        place.rules.splice(0..0, own);
        place
    }

    /// The node of a use of a type, with the limits of the use.
    fn used(&mut self, limits: &Limits, ty: &Ty) -> usize {
        let rules = self.rules(limits, ty);
        if let (true, Ty::Named(id)) = (rules.is_empty(), bare(ty)) {
            return self.ty(*id);
        }
        let node = self.forest.add(Place::default());
        let mut place = self.inner(ty);
        place.rules.splice(0..0, rules);
        self.forest.nodes[node] = place;
        node
    }

    /// A type without a name of its own, or what stands on one that has.
    fn inner(&mut self, ty: &Ty) -> Place {
        let below = match bare(ty) {
            Ty::Named(id) => return Place { base: Some(self.ty(*id)), ..Place::default() },
            Ty::Vec(item) => Below::Items(self.used(&item.limits, &item.ty)),
            Ty::Map(item) => Below::Values(self.used(&item.limits, &item.ty)),
            Ty::Json | Ty::JsonObject if self.counts => Below::Free,
            Ty::String
            | Ty::Bool
            | Ty::U32
            | Ty::U64
            | Ty::I64
            | Ty::F64
            | Ty::Blob
            | Ty::Json
            | Ty::JsonObject
            | Ty::Nullable(_)
            | Ty::Boxed(_) => Below::Leaf,
        };
        Place::of(Vec::new(), below)
    }

    /// The limits that the type does not enforce.
    fn rules(&self, limits: &Limits, ty: &Ty) -> Vec<TokenStream> {
        let ty = bare(ty);
        let says = |limit: &Number, low: bool| match (ty, low) {
            (Ty::U32 | Ty::U64, true) => *limit <= Number::Int(0),
            (Ty::U32, false) => matches!(limit, Number::Int(limit) if *limit >= u32::MAX.into()),
            (Ty::U64, false) => matches!(limit, Number::Int(limit) if *limit >= u64::MAX.into()),
            (Ty::I64, true) => matches!(limit, Number::Int(limit) if *limit <= i64::MIN.into()),
            (Ty::I64, false) => matches!(limit, Number::Int(limit) if *limit >= i64::MAX.into()),
            _ => false,
        };
        let minimum = limits.minimum.filter(|limit| !says(limit, true));
        let maximum = limits.maximum.filter(|limit| !says(limit, false));
        let mut found = rules::of_value(&Limits { minimum, maximum, refused_arms: Vec::new(), ..limits.clone() });
        found.extend(self.refused(&limits.refused_arms, ty));
        found
    }

    /// Arms of a union that this model refuses.
    fn refused(&self, refused: &[String], ty: &Ty) -> Option<TokenStream> {
        let Ty::Named(id) = ty else { return None };
        if refused.is_empty() {
            return None;
        }
        match &self.get(*id).shape {
            Shape::TaggedUnion(shape) => {
                let tag = &shape.tag;
                let kept = shape.arms.iter().flat_map(|arm| &arm.tags).filter(|tag| !refused.contains(tag));
                Some(quote!(RefusedTags(#tag, &[#(#refused),*], &[#(#kept),*])))
            }
            Shape::KeyUnion(_) => Some(quote!(Refused(&[#(#refused),*]))),
            Shape::KindUnion(shape) => {
                let kinds = shape.arms.iter().map(|arm| self.kind(&arm.ty));
                let kinds = kinds.filter(|kind| refused.iter().any(|refused| refused.eq_ignore_ascii_case(kind)));
                let kinds = kinds.map(|kind| format_ident!("{kind}"));
                Some(quote!(RefusedKinds(&[#(Kind::#kinds),*])))
            }
            Shape::Struct(_) | Shape::StringEnum(_) => None,
            Shape::Alias(ty) => self.refused(refused, bare(ty)),
        }
    }

    fn kind(&self, ty: &Ty) -> &'static str {
        match bare(ty) {
            Ty::Named(id) => match &self.get(*id).shape {
                Shape::StringEnum(_) => "String",
                Shape::Struct(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::KindUnion(_) => "Object",
                Shape::Alias(ty) => self.kind(ty),
            },
            Ty::String | Ty::Blob => "String",
            Ty::Bool => "Boolean",
            Ty::U32 | Ty::U64 | Ty::I64 => "Integer",
            Ty::F64 => "Number",
            Ty::Vec(_) => "Array",
            Ty::Json | Ty::JsonObject | Ty::Map(_) | Ty::Nullable(_) | Ty::Boxed(_) => "Object",
        }
    }
}

fn bare(ty: &Ty) -> &Ty {
    match ty {
        Ty::Nullable(ty) | Ty::Boxed(ty) => bare(ty),
        ty => ty,
    }
}
