//! The body along the types: each value becomes the Rust that makes it, each mistake lands on its token.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::body::{Member, Node, NodeKind, Object};
use super::{Known, Mistakes, Place, Wanted, judge};
use crate::diagnostic::nearest;
use crate::ir::{Field, KeyUnion, KindUnion, Limits, Literal, Presence, Shape, Struct, TaggedUnion, Ty, Type, TypeId};
use crate::schema::{Kind, Number};

/// Writes the request.
pub(super) fn expand(
    model: &Known,
    module: &TokenStream,
    body: &Group,
    object: Object,
    mistakes: &mut Mistakes,
    takers: &dyn Fn(&Wanted<'_>) -> Vec<String>,
) -> TokenStream {
    let Some(request) = model.local.request else {
        mistakes.push(body.span(), "the schema has no `Request`");
        return quote!(::core::unimplemented!());
    };
    let span = body.span_open();
    let node = Node { span, end: span, kind: NodeKind::Object(object) };
    let mut expander = Expander { model, module, mistakes, takers, root: request };
    expander.named(request, &node)
}

struct Expander<'e> {
    model: &'e Known,
    module: &'e TokenStream,
    mistakes: &'e mut Mistakes,
    takers: &'e dyn Fn(&Wanted<'_>) -> Vec<String>,
    root: TypeId,
}

/// How a value stands in its field.
#[derive(Clone, Copy, PartialEq)]
enum Slot {
    Required,
    Optional,
}

impl Expander<'_> {
    fn ty(&self, id: TypeId) -> &Type {
        &self.model.local.types[id.0 as usize]
    }

    fn path(&self, id: TypeId, span: Span) -> TokenStream {
        let module = self.module;
        let mut name = self.ty(id).name.ident();
        name.set_span(span);
        quote!(#module::#name)
    }

    /// A type as Rust writes it, as far as messages need it.
    fn rust(&self, ty: &Ty) -> TokenStream {
        match ty {
            Ty::Named(id) => match &self.ty(*id).shape {
                Shape::Alias(inner) => self.rust(inner),
                _ => self.path(*id, Span::call_site()),
            },
            Ty::String => quote!(::std::string::String),
            Ty::Blob => quote!(::bedrock_models::json::Blob),
            Ty::Json => quote!(::bedrock_models::json::Value),
            _ => quote!(_),
        }
    }

    /// Stands where a mistake was: of any type, so that nothing else is reported.
    fn hole(&mut self, place: impl Into<Place>, message: impl Into<String>) -> TokenStream {
        self.mistakes.push(place, message);
        any()
    }

    /// Reports the limit that a literal breaks.
    fn limits(&mut self, node: &Node, limits: &Limits) -> bool {
        match judge::limits(node, limits) {
            Some(wrong) => {
                let message = wrong.of(&self.model.title).to_string();
                self.mistakes.push(node, message);
                false
            }
            None => true,
        }
    }

    fn field(&mut self, field: &Field, node: &Node, slot: Slot) -> TokenStream {
        let span = node.span;
        if matches!(node.kind, NodeKind::Wrong) {
            return any();
        }
        if let (Ty::Nullable(inner), kind) = (&field.ty, &node.kind) {
            return match (slot, kind) {
                (Slot::Required, NodeKind::Null) => quote!(::core::option::Option::None),
                (Slot::Optional, NodeKind::Null) => quote!(::bedrock_models::json::Maybe::Null),
                (_, NodeKind::Expr(tokens)) => {
                    let tokens = spanned(tokens);
                    quote_spanned!(span=> ::core::convert::Into::into(#tokens))
                }
                (Slot::Required, _) => {
                    let value = self.value(inner, &field.limits, node);
                    quote!(::core::option::Option::Some(#value))
                }
                (Slot::Optional, _) => {
                    let value = self.value(inner, &field.limits, node);
                    quote!(::bedrock_models::json::Maybe::Value(#value))
                }
            };
        }
        match (slot, &node.kind) {
            (Slot::Required, _) => self.value(&field.ty, &field.limits, node),
            (Slot::Optional, NodeKind::Expr(tokens)) => {
                let tokens = spanned(tokens);
                // Numbers and booleans go through an exact pair: `Into` would lose the literal's type.
                let exact = match field.ty {
                    Ty::Bool => Some(quote!(bool)),
                    Ty::U32 => Some(quote!(u32)),
                    Ty::U64 => Some(quote!(u64)),
                    Ty::I64 => Some(quote!(i64)),
                    Ty::F64 => Some(quote!(f64)),
                    _ => None,
                };
                let function = match (exact, &field.ty) {
                    (Some(ty), _) => quote!(optional_exact::<::core::primitive::#ty>),
                    (None, Ty::Vec(item)) => {
                        let item = self.rust(&item.ty);
                        quote!(optional_list::<#item, _>)
                    }
                    (None, _) => quote!(optional),
                };
                quote_spanned!(span=> ::bedrock_models::__private::#function(#tokens))
            }
            (Slot::Optional, NodeKind::Null) => {
                let message = format!("`{}` can't be null; leave it out instead", field.wire);
                self.hole(node, message)
            }
            (Slot::Optional, _) => {
                let value = self.value(&field.ty, &field.limits, node);
                quote!(::core::option::Option::Some(#value))
            }
        }
    }

    fn value(&mut self, ty: &Ty, limits: &Limits, node: &Node) -> TokenStream {
        let span = node.span;
        if matches!(node.kind, NodeKind::Wrong) {
            return any();
        }
        if let NodeKind::Expr(tokens) = &node.kind {
            let tokens = spanned(tokens);
            return match ty {
                Ty::Bool | Ty::U32 | Ty::U64 | Ty::I64 | Ty::F64 => tokens,
                Ty::Json | Ty::JsonObject => quote_spanned!(span=> ::core::convert::Into::into(#tokens)),
                Ty::Vec(item) => {
                    let item = self.rust(&item.ty);
                    quote_spanned!(span=> ::bedrock_models::json::IntoList::<#item>::into_list(#tokens))
                }
                _ => quote_spanned!(span=> ::core::convert::Into::into(#tokens)),
            };
        }
        if !matches!(ty, Ty::Named(_)) && kind_suits(ty, node) && !self.limits(node, limits) {
            return any();
        }
        match (ty, &node.kind) {
            (Ty::Named(id), _) => {
                self.limits(node, limits);
                self.named(*id, node)
            }
            (Ty::Boxed(inner), _) => {
                let value = self.value(inner, limits, node);
                quote!(::std::boxed::Box::new(#value))
            }
            (Ty::Nullable(_), NodeKind::Null) => quote!(::core::option::Option::None),
            (Ty::Nullable(inner), _) => {
                let value = self.value(inner, limits, node);
                quote!(::core::option::Option::Some(#value))
            }
            (Ty::String, NodeKind::Str(text)) => quote!(::std::string::String::from(#text)),
            (Ty::Bool, NodeKind::Bool(value)) => quote!(#value),
            (Ty::F64, NodeKind::Int(value)) => number(span, &format!("{value}f64")),
            (Ty::F64, NodeKind::Float(value)) => number(span, &format!("{value:?}f64")),
            (Ty::U32 | Ty::U64 | Ty::I64, NodeKind::Int(_) | NodeKind::Float(_)) => self.integer(ty, node),
            (Ty::Blob, NodeKind::Str(text)) => {
                if is_base64(text) {
                    quote!(::bedrock_models::__private::blob(#text))
                } else {
                    self.hole(
                        node,
                        "must be base64 with padding; to send bytes, write an expression such as `Blob::read(path)?`",
                    )
                }
            }
            (Ty::Vec(item), NodeKind::Array(items)) => {
                let items: Vec<TokenStream> =
                    items.iter().map(|node| self.value(&item.ty, &item.limits, node)).collect();
                quote!(::std::vec![#(#items),*])
            }
            (Ty::Map(item), NodeKind::Object(object)) => {
                let entries: Vec<TokenStream> = object
                    .members
                    .iter()
                    .map(|member| {
                        if let Some(keys) = &limits.keys
                            && !keys.contains(&member.key)
                        {
                            self.mistakes.push(member.span, format!("must be one of {}", list(keys)));
                        }
                        let key = &member.key;
                        let value = self.value(&item.ty, &item.limits, &member.value);
                        quote!((::std::string::String::from(#key), #value))
                    })
                    .collect();
                quote!(::std::collections::BTreeMap::from([#(#entries),*]))
            }
            (Ty::JsonObject, NodeKind::Object(object)) => json_object(object),
            (Ty::Json, _) => json(node),
            (ty, _) => {
                let message = format!("expected {}, found {}", words(ty), node.found());
                self.hole(node, message)
            }
        }
    }

    fn integer(&mut self, ty: &Ty, node: &Node) -> TokenStream {
        let span = node.span;
        let value = match node.kind {
            NodeKind::Int(value) => Some(value),
            // `512.0` is the integer 512, in JSON Schema and here.
            #[expect(clippy::cast_possible_truncation, reason = "integral and in range")]
            NodeKind::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(value as i128),
            _ => None,
        };
        let (low, high, suffix) = match ty {
            Ty::U32 => (0, i128::from(u32::MAX), "u32"),
            Ty::U64 => (0, i128::from(u64::MAX), "u64"),
            _ => (i128::from(i64::MIN), i128::from(i64::MAX), "i64"),
        };
        match value {
            Some(value) if (low..=high).contains(&value) => number(span, &format!("{value}{suffix}")),
            Some(value) => self.hole(node, format!("must be from {low} to {high}, found {value}")),
            None => self.hole(node, format!("expected a whole number, found {}", node.found())),
        }
    }

    fn named(&mut self, id: TypeId, node: &Node) -> TokenStream {
        let model = self.model;
        let ty = &model.local.types[id.0 as usize];
        match &ty.shape {
            Shape::Struct(shape) => match &node.kind {
                NodeKind::Object(object) => {
                    self.limits(node, &ty.limits);
                    self.structure(id, shape, object, node, None)
                }
                _ => self.hole(node, format!("expected an object (`{}`), found {}", ty.name, node.found())),
            },
            Shape::StringEnum(shape) => match &node.kind {
                NodeKind::Str(text) => match shape.values.iter().find(|value| value.wire == *text) {
                    Some(value) => {
                        let path = self.path(id, node.span);
                        let mut variant = value.name.ident();
                        variant.set_span(node.span);
                        quote!(#path::#variant)
                    }
                    None => {
                        let values: Vec<String> = shape.values.iter().map(|value| value.wire.clone()).collect();
                        let near = nearest(text, values.iter().map(String::as_str));
                        let hint = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
                        self.hole(node, format!("must be {}, found {text:?}{hint}", list(&values)))
                    }
                },
                _ => {
                    let values: Vec<String> = shape.values.iter().map(|value| value.wire.clone()).collect();
                    self.hole(node, format!("must be {}, found {}", list(&values), node.found()))
                }
            },
            Shape::TaggedUnion(shape) => self.tagged(id, ty, shape, node),
            Shape::KeyUnion(shape) => self.keyed(id, ty, shape, node),
            Shape::KindUnion(shape) => self.by_kind(id, shape, node),
            Shape::Alias(inner) => self.value(inner, &ty.limits, node),
        }
    }

    /// `union`: where the object is an arm of one, chosen by its tag.
    fn structure(
        &mut self,
        id: TypeId,
        shape: &Struct,
        object: &Object,
        node: &Node,
        union: Option<&TaggedUnion>,
    ) -> TokenStream {
        let tag = union.map(|union| union.tag.as_str());
        let mut fields = Vec::new();
        let mut extra = Vec::new();
        for member in &object.members {
            let Some(field) = shape.fields.iter().find(|field| field.wire == member.key) else {
                if tag != Some(member.key.as_str()) {
                    let message = self.unknown(id, shape, member, union);
                    self.mistakes.push(member.span, message);
                }
                continue;
            };
            if field.refused {
                let message = format!("{} takes no `{}` here", self.model.title, member.key);
                self.mistakes.push(member.span, message);
            }
            match &field.presence {
                Presence::Fixed(constant) | Presence::FixedOptional(constant) => {
                    self.constant(constant, &member.value);
                    if matches!(field.presence, Presence::FixedOptional(_)) {
                        let (key, value) = (&member.key, json(&member.value));
                        extra.push(quote!((#key, #value)));
                    }
                }
                Presence::Required | Presence::Optional => {
                    let slot = if field.presence == Presence::Required { Slot::Required } else { Slot::Optional };
                    let value = self.field(field, &member.value, slot);
                    let name = ident(field, member.span);
                    fields.push(quote!(#name: #value));
                }
            }
        }
        self.missing(id, shape, object, node, tag);
        self.rules(shape, object, node);
        let path = self.path(id, node.span);
        let rest = match &object.base {
            Some(base) => quote!(..#base),
            None => {
                for field in &shape.fields {
                    if object.members.iter().any(|member| member.key == field.wire) {
                        continue;
                    }
                    let name = field.name.ident();
                    match (&field.presence, &field.ty) {
                        (Presence::Required, _) => {
                            let any = any();
                            fields.push(quote!(#name: #any));
                        }
                        (Presence::Optional, Ty::Nullable(_)) => {
                            fields.push(quote!(#name: ::bedrock_models::json::Maybe::Absent));
                        }
                        (Presence::Optional, _) => fields.push(quote!(#name: ::core::option::Option::None)),
                        (Presence::Fixed(_) | Presence::FixedOptional(_), _) => {}
                    }
                }
                fields.push(quote!(extra: ::bedrock_models::__private::extra([#(#extra),*])));
                quote!()
            }
        };
        quote!(#path { #(#fields,)* #rest })
    }

    /// A member that the object does not have: the nearest that it has, and who takes it.
    fn unknown(&self, id: TypeId, shape: &Struct, member: &Member, union: Option<&TaggedUnion>) -> String {
        let known: Vec<&str> = shape.fields.iter().map(|field| field.wire.as_str()).collect();
        let ty = self.ty(id);
        let mut message = if id == self.root {
            format!("{} takes no `{}`", self.model.title, member.key)
        } else {
            format!("`{}` of {} has no `{}`", ty.name, self.model.title, member.key)
        };
        if let Some(near) = nearest(&member.key, known.iter().copied()) {
            message.push_str(&format!("; did you mean `{near}`?"));
            return message;
        }
        let arms = union.map_or(&[][..], |union| &union.arms);
        let tags: Vec<String> = arms
            .iter()
            .filter(|arm| self.struct_of(&arm.ty).is_some_and(|shape| has(shape, &member.key)))
            .filter_map(|arm| arm.tags.first().cloned())
            .collect();
        if let (Some(union), false) = (union, tags.is_empty()) {
            message.push_str(&format!("; that goes with `{}` {}", union.tag, list(&tags)));
        } else {
            message.push_str(&self.others(&ty.origin, &member.key, None));
        }
        let keys: Vec<String> = known
            .iter()
            .filter(|key| union.is_none_or(|union| union.tag != **key))
            .map(|key| format!("`{key}`"))
            .collect();
        message.push_str(&format!("\nit takes {}", keys.join(", ")));
        message
    }

    /// Which other models take what this one does not: `; Claude Haiku 4.5 does`.
    fn others(&self, def: &str, key: &str, tag: Option<&str>) -> String {
        let takers = (self.takers)(&Wanted { def, key, tag });
        match &takers[..] {
            [] => String::new(),
            [one] => format!("; {one} does"),
            [first, second] => format!("; {first} and {second} do"),
            [first, second, third] => format!("; {first}, {second} and {third} do"),
            [first, second, rest @ ..] => format!("; {first}, {second} and {} other models do", rest.len()),
        }
    }

    fn struct_of(&self, ty: &Ty) -> Option<&Struct> {
        match ty {
            Ty::Boxed(inner) => self.struct_of(inner),
            Ty::Named(id) => match &self.ty(*id).shape {
                Shape::Struct(shape) => Some(shape),
                _ => None,
            },
            _ => None,
        }
    }

    fn constant(&mut self, constant: &Literal, node: &Node) {
        let value = match &node.kind {
            NodeKind::Expr(_) => {
                self.mistakes.push(node, format!("must be written out: {constant}"));
                return;
            }
            _ => judge::known(node),
        };
        let limits = Limits { one_of: Some(vec![constant.clone()]), ..Limits::default() };
        if value.is_none() || judge::limits(node, &limits).is_some() {
            self.mistakes.push(node, format!("must be {constant}, found {}", node.found()));
        }
    }

    fn missing(&mut self, id: TypeId, shape: &Struct, object: &Object, node: &Node, tag: Option<&str>) {
        if object.base.is_some() {
            return;
        }
        let absent = |key: &str| tag != Some(key) && !object.members.iter().any(|member| member.key == key);
        let required = shape.fields.iter().filter(|field| field.presence == Presence::Required);
        // A constant that is always sent need not be written.
        let required = required.map(|field| field.wire.as_str());
        let missing: Vec<String> = required
            .chain(shape.limits.required.iter().map(String::as_str))
            .filter(|key| absent(key))
            .map(|key| format!("`{key}`"))
            .collect();
        if !missing.is_empty() {
            let what = if id == self.root { self.model.title.clone() } else { format!("`{}`", self.ty(id).name) };
            self.mistakes.push(node, format!("{what} needs {}", missing.join(", ")));
        }
    }

    fn rules(&mut self, shape: &Struct, object: &Object, node: &Node) {
        let span =
            |key: &str| object.members.iter().find(|member| member.key == key).map_or(node.span, |member| member.span);
        for keys in &shape.limits.exclusive {
            if keys.iter().all(|key| judge::present(object, key) == Some(true)) {
                let names: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
                let last = keys.iter().max_by_key(|key| object.members.iter().position(|member| member.key == **key));
                let message = format!("{} can't be given together for {}", names.join(" and "), self.model.title);
                self.mistakes.push(span(last.map_or("", String::as_str)), message);
            }
        }
        for (key, others) in &shape.limits.dependent_required {
            for other in others {
                if judge::present(object, key) == Some(true) && judge::present(object, other) == Some(false) {
                    self.mistakes.push(span(key), format!("`{key}` needs `{other}` too"));
                }
            }
        }
        for condition in &shape.limits.conditions {
            for (place, message) in judge::condition(node, condition) {
                self.mistakes.push(place, message);
            }
        }
        for rule in &shape.limits.rules {
            if let Some(found) = judge::rule(node, &rule.kind) {
                let message = match &rule.message {
                    Some(words) => format!("{found}: {words}"),
                    None => found,
                };
                let place = judge::rule_place(node, &rule.kind);
                self.mistakes.push(place, message);
            }
        }
    }

    fn tagged(&mut self, id: TypeId, ty: &Type, shape: &TaggedUnion, node: &Node) -> TokenStream {
        let NodeKind::Object(object) = &node.kind else {
            return self.hole(node, format!("expected an object with a `{}`, found {}", shape.tag, node.found()));
        };
        let tags = || shape.arms.iter().flat_map(|arm| arm.tags.iter().cloned()).collect::<Vec<String>>();
        let member = object.members.iter().find(|member| member.key == shape.tag);
        let arm = match member.map(|member| (&member.value.kind, &member.value)) {
            Some((NodeKind::Str(tag), value)) => {
                match shape.arms.iter().find(|arm| arm.tags.iter().any(|known| known == tag)) {
                    Some(arm) => {
                        if ty.limits.refused_arms.contains(tag) {
                            let message = format!("{} takes no {tag:?} here", self.model.title);
                            self.mistakes.push(value, message);
                        }
                        arm
                    }
                    None => {
                        let tags = tags();
                        let near = nearest(tag, tags.iter().map(String::as_str));
                        let hint = match near {
                            Some(near) => format!("; did you mean {near:?}?"),
                            None => self.others(&ty.origin, &shape.tag, Some(tag)),
                        };
                        let message = format!(
                            "`{}` of {} has no {} {tag:?}{hint}\nit is {}",
                            ty.name,
                            self.model.title,
                            shape.tag,
                            list(&tags)
                        );
                        return self.hole(value, message);
                    }
                }
            }
            Some((_, value)) => {
                let message = format!("`{}` chooses the variant and must be written out: {}", shape.tag, list(&tags()));
                return self.hole(value, message);
            }
            None => match shape.arms.iter().find(|arm| arm.default) {
                Some(arm) => arm,
                None => {
                    let message =
                        format!("`{}` needs `{}`{}: {}", ty.name, shape.tag, self.guess(shape, object), list(&tags()));
                    return self.hole(node, message);
                }
            },
        };
        let span = member.map_or(node.span, |member| member.value.span);
        let mut variant = arm.name.ident();
        variant.set_span(span);
        let path = self.path(id, node.span);
        let inner = self.arm(&arm.ty, object, node, shape);
        quote!(#path::#variant(#inner))
    }

    /// The one arm that has the members that are written.
    fn guess(&self, union: &TaggedUnion, object: &Object) -> String {
        let suits = |shape: &Struct| object.members.iter().all(|member| has(shape, &member.key));
        let mut suiting = union.arms.iter().filter(|arm| self.struct_of(&arm.ty).is_some_and(suits));
        match (suiting.next().and_then(|arm| arm.tags.first()), suiting.next()) {
            (Some(tag), None) if !object.members.is_empty() => format!(", here {tag:?}"),
            _ => String::new(),
        }
    }

    fn arm(&mut self, ty: &Ty, object: &Object, node: &Node, union: &TaggedUnion) -> TokenStream {
        let model = self.model;
        match ty {
            Ty::Boxed(inner) => {
                let inner = self.arm(inner, object, node, union);
                quote!(::std::boxed::Box::new(#inner))
            }
            Ty::Named(id) => match &model.local.types[id.0 as usize].shape {
                Shape::Struct(shape) => self.structure(*id, shape, object, node, Some(union)),
                _ => self.named(*id, node),
            },
            _ => self.value(ty, &Limits::default(), node),
        }
    }

    fn keyed(&mut self, id: TypeId, ty: &Type, shape: &KeyUnion, node: &Node) -> TokenStream {
        let keys = || shape.arms.iter().map(|arm| arm.wire.clone()).collect::<Vec<_>>();
        let NodeKind::Object(object) = &node.kind else {
            let message = format!("expected an object with {}, found {}", ticked(&keys()), node.found());
            return self.hole(node, message);
        };
        let found = object
            .members
            .iter()
            .find_map(|member| Some((member, shape.arms.iter().find(|arm| arm.wire == member.key)?)));
        let Some((member, arm)) = found else {
            let keys = keys();
            let title = &self.model.title;
            let (place, message): (Place, String) = match object.members.first() {
                Some(member) => {
                    let hint = match nearest(&member.key, keys.iter().map(String::as_str)) {
                        Some(near) => format!("; did you mean `{near}`?"),
                        None => self.others(&ty.origin, &member.key, None),
                    };
                    let message =
                        format!("`{}` of {title} has no `{}`{hint}\nit is {}", ty.name, member.key, ticked(&keys));
                    (member.span.into(), message)
                }
                None => (node.into(), format!("`{}` of {title} needs {}", ty.name, ticked(&keys))),
            };
            return self.hole(place, message);
        };
        if ty.limits.refused_arms.contains(&arm.wire) {
            self.mistakes.push(member.span, format!("{} takes no `{}` here", self.model.title, arm.wire));
        }
        let mut variant = arm.name.ident();
        variant.set_span(member.span);
        let path = self.path(id, node.span);
        if arm.whole {
            let inner = self.value(&arm.ty, &arm.limits, node);
            return quote!(#path::#variant(#inner));
        }
        for other in object.members.iter().filter(|other| other.key != arm.wire) {
            self.mistakes.push(other.span, format!("`{}` can't stand beside `{}`", other.key, arm.wire));
        }
        let inner = self.value(&arm.ty, &arm.limits, &member.value);
        quote!(#path::#variant(#inner))
    }

    fn by_kind(&mut self, id: TypeId, shape: &KindUnion, node: &Node) -> TokenStream {
        let kind = match &node.kind {
            NodeKind::Object(_) => Kind::Object,
            NodeKind::Array(_) => Kind::Array,
            NodeKind::Str(_) => Kind::String,
            NodeKind::Int(_) => Kind::Integer,
            NodeKind::Float(_) => Kind::Number,
            NodeKind::Bool(_) => Kind::Boolean,
            NodeKind::Null => Kind::Null,
            NodeKind::Expr(_) => return self.hole(node, "an expression can't choose the variant here"),
            NodeKind::Wrong => return any(),
        };
        let exact = shape.arms.iter().find(|arm| self.kind_of(&arm.ty) == Some(kind));
        // Whole numbers are numbers, and integral floats are integers.
        let close = || {
            let numeric = |kind| matches!(kind, Some(Kind::Integer | Kind::Number));
            shape.arms.iter().find(|arm| numeric(Some(kind)) && numeric(self.kind_of(&arm.ty)))
        };
        let Some(arm) = exact.or_else(close) else {
            let kinds: Vec<String> = shape.arms.iter().map(|arm| words(&arm.ty).to_owned()).collect();
            return self.hole(node, format!("expected {}, found {}", kinds.join(" or "), node.found()));
        };
        let variant = arm.name.ident();
        let path = self.path(id, node.span);
        let inner = self.value(&arm.ty, &arm.limits, node);
        quote!(#path::#variant(#inner))
    }

    fn kind_of(&self, ty: &Ty) -> Option<Kind> {
        Some(match ty {
            Ty::String | Ty::Blob => Kind::String,
            Ty::Bool => Kind::Boolean,
            Ty::U32 | Ty::U64 | Ty::I64 => Kind::Integer,
            Ty::F64 => Kind::Number,
            Ty::Vec(_) => Kind::Array,
            Ty::Map(_) | Ty::JsonObject => Kind::Object,
            Ty::Json => return None,
            Ty::Nullable(inner) | Ty::Boxed(inner) => return self.kind_of(inner),
            Ty::Named(id) => match &self.ty(*id).shape {
                Shape::StringEnum(_) => Kind::String,
                Shape::Struct(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) => Kind::Object,
                Shape::Alias(inner) => return self.kind_of(inner),
                Shape::KindUnion(_) => return None,
            },
        })
    }
}

/// A value of any type, where a mistake is reported.
fn any() -> TokenStream {
    quote!(::bedrock_models::__private::mistake())
}

/// Field names carry the key's span, so that hover and go-to-definition work on bare and quoted keys.
fn ident(field: &Field, span: Span) -> Ident {
    let mut ident = field.name.ident();
    ident.set_span(span);
    ident
}

/// An expression keeps its own spans.
fn spanned(tokens: &TokenStream) -> TokenStream {
    tokens.clone()
}

fn number(span: Span, text: &str) -> TokenStream {
    let negative = text.starts_with('-');
    let literal: Result<proc_macro2::Literal, _> = text.trim_start_matches('-').parse();
    match literal {
        Ok(mut literal) => {
            literal.set_span(span);
            if negative { quote!(-#literal) } else { quote!(#literal) }
        }
        // Digits with a suffix always are a literal.
        Err(_) => quote!(::core::unreachable!()),
    }
}

fn words(ty: &Ty) -> &'static str {
    match ty {
        Ty::String => "a string",
        Ty::Blob => "base64 in a string",
        Ty::Bool => "true or false",
        Ty::U32 | Ty::U64 | Ty::I64 => "a whole number",
        Ty::F64 => "a number",
        Ty::Vec(_) => "an array",
        Ty::Map(_) | Ty::JsonObject | Ty::Named(_) => "an object",
        Ty::Json => "JSON",
        Ty::Nullable(inner) | Ty::Boxed(inner) => words(inner),
    }
}

fn list(values: &[String]) -> String {
    judge::alternatives(&values.iter().cloned().map(Literal::Str).collect::<Vec<_>>())
}

/// `a`, `b` or `c`, as keys.
fn ticked(keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    match &keys[..] {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        keys => keys.concat(),
    }
}

fn has(shape: &Struct, key: &str) -> bool {
    shape.fields.iter().any(|field| field.wire == key)
}

/// Whether a literal is of the kind that its limits speak of: what is of another kind is reported as such.
fn kind_suits(ty: &Ty, node: &Node) -> bool {
    match (ty, &node.kind) {
        (Ty::Nullable(inner) | Ty::Boxed(inner), _) => kind_suits(inner, node),
        (Ty::String | Ty::Blob, kind) => matches!(kind, NodeKind::Str(_)),
        (Ty::U32 | Ty::U64 | Ty::I64, NodeKind::Float(value)) => value.fract() == 0.0,
        (Ty::U32 | Ty::U64 | Ty::I64 | Ty::F64, kind) => matches!(kind, NodeKind::Int(_) | NodeKind::Float(_)),
        (Ty::Vec(_), kind) => matches!(kind, NodeKind::Array(_)),
        (Ty::Map(_) | Ty::JsonObject, kind) => matches!(kind, NodeKind::Object(_)),
        (Ty::Bool | Ty::Json | Ty::Named(_), _) => true,
    }
}

/// The alphabet, the padding, and no stray bits: what strict decoders take.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let digit = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Option<Vec<u8>> = body.bytes().map(digit).collect();
    let Some(digits) = digits else { return false };
    let stray = match padding {
        0 => 0,
        1 => digits.last().map_or(1, |last| last & 0b11),
        2 => digits.last().map_or(1, |last| last & 0b1111),
        _ => 1,
    };
    text.len().is_multiple_of(4) && stray == 0
}

/// Free JSON with expressions in it.
fn json(node: &Node) -> TokenStream {
    let span = node.span;
    match &node.kind {
        NodeKind::Object(object) => {
            let object = json_object(object);
            quote!(::bedrock_models::json::Value::Object(#object))
        }
        NodeKind::Array(items) => {
            let items = items.iter().map(json);
            quote!(::bedrock_models::json::Value::Array(::std::vec![#(#items),*]))
        }
        NodeKind::Str(text) => quote!(::bedrock_models::json::Value::from(#text)),
        NodeKind::Int(value) => {
            let literal = number(
                span,
                &match i64::try_from(*value) {
                    Ok(value) => format!("{value}i64"),
                    Err(_) => format!("{}u64", u64::try_from(*value).unwrap_or(u64::MAX)),
                },
            );
            quote!(::bedrock_models::json::Value::from(#literal))
        }
        NodeKind::Float(value) => {
            let literal = number(span, &format!("{value:?}f64"));
            quote!(::bedrock_models::json::Value::from(#literal))
        }
        NodeKind::Bool(value) => quote!(::bedrock_models::json::Value::Bool(#value)),
        NodeKind::Null => quote!(::bedrock_models::json::Value::Null),
        NodeKind::Expr(tokens) => quote_spanned!(span=> ::bedrock_models::json::Value::from(#tokens)),
        NodeKind::Wrong => any(),
    }
}

fn json_object(object: &Object) -> TokenStream {
    let entries = object.members.iter().map(|member| {
        let (key, value) = (&member.key, json(&member.value));
        quote!((#key, #value))
    });
    let base = object.base.iter();
    quote!(::bedrock_models::__private::json_object([#(#entries),*] #(, #base)*))
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Str(value) => write!(f, "{value:?}"),
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
        }
    }
}
