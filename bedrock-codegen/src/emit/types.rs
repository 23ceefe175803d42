//! One function per shape.

use proc_macro2::{Literal as Token, TokenStream};
use quote::{format_ident, quote};

use super::scope::Scope;
use super::{constructors, doc, limits, turn};
use crate::ir::{
    Direction, Field, Fixed, KeyUnion, KindUnion, Literal, Presence, Shape, StringEnum, Struct, TaggedUnion, Ty, Type,
};

/// A type with everything that belongs to it. `used` is the same type as each model has it.
pub(super) fn item(scope: &Scope, ty: &Type, used: &[&Type]) -> TokenStream {
    match &ty.shape {
        Shape::Struct(shape) => structure(scope, ty, shape, used),
        Shape::StringEnum(shape) => string_enum(scope, ty, shape, used),
        Shape::TaggedUnion(shape) => tagged_union(scope, ty, shape, used),
        Shape::KeyUnion(shape) => key_union(scope, ty, shape, used),
        Shape::KindUnion(shape) => kind_union(scope, ty, shape, used),
        Shape::Alias(target) => alias(scope, ty, target, used),
    }
}

fn structure(scope: &Scope, ty: &Type, shape: &Struct, used: &[&Type]) -> TokenStream {
    let name = ty.name.ident();
    let rules: Vec<_> = used.iter().filter_map(|ty| as_struct(ty)).map(|shape| &shape.limits).collect();
    let docs = type_docs(ty, used, limits::rules(&rules));
    let (json, extra) = (scope.runtime("Json"), scope.runtime("Extra"));
    let direction = direction(ty.direction);
    let fixed = constants("fixed", shape, |presence| match presence {
        Presence::Fixed(literal) => Some(literal),
        Presence::FixedOptional(_) | Presence::Required | Presence::Optional => None,
    });
    let fixed_optional = constants("fixed_optional", shape, |presence| match presence {
        Presence::FixedOptional(literal) => Some(literal),
        Presence::Fixed(_) | Presence::Required | Presence::Optional => None,
    });
    let from_str = shape.from_str.map(|_| quote!(, from_str));
    let fields = shape.fields.iter().filter(|field| is_field(field)).map(|field| self::field(scope, ty, field, used));
    let derive_build = match ty.direction {
        Direction::Request => {
            let build = scope.runtime("Build");
            Some(quote!(, #build))
        }
        Direction::Reply => None,
    };
    let build = build(scope, shape);
    let text = shape.text.as_ref().and_then(|steps| turn::text(scope, ty, steps));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, #json #derive_build)]
        #[json(#direction #fixed #fixed_optional #from_str)]
        #build
        pub struct #name {
            #(#fields)*
            #[doc(hidden)]
            pub extra: #extra,
        }
        #text
    }
}

fn field(scope: &Scope, ty: &Type, field: &Field, used: &[&Type]) -> TokenStream {
    let name = field.name.ident();
    let same: Vec<_> = used
        .iter()
        .filter_map(|ty| as_struct(ty))
        .filter_map(|shape| Some((shape, shape.fields.iter().find(|other| other.wire == field.wire)?)))
        .collect();
    let each: Vec<_> = same.iter().map(|(_, field)| (&field.ty, &field.limits)).collect();
    let refused = same.iter().filter(|(_, field)| field.refused).count();
    let required = same.iter().filter(|(shape, field)| shape.limits.required.contains(&field.wire)).count();
    let mut sentences: Vec<_> = field.deprecated.then(|| "Deprecated.".to_owned()).into_iter().collect();
    sentences.extend(limits::sentences(&each));
    sentences.extend(limits::presence(refused, required, same.len()));
    let docs = doc::item(&field.doc, &field.wire, joined(sentences), Vec::new(), &ty.doc.sources);
    let wire = &field.wire;
    let rename = (*wire != name.to_string().trim_start_matches("r#")).then(|| quote!(rename = #wire));
    let null = (field.presence == Presence::Required && nullable(&field.ty)).then(|| quote!(null));
    let words: Vec<_> = rename.into_iter().chain(null).collect();
    let attribute = (!words.is_empty()).then(|| quote!(#[json(#(#words),*)]));
    let ty = field_ty(scope, field);
    quote! {
        #docs
        #attribute
        pub #name: #ty,
    }
}

/// With what the presence adds.
fn field_ty(scope: &Scope, field: &Field) -> TokenStream {
    match (&field.presence, &field.ty) {
        (Presence::Optional, Ty::Nullable(ty)) => {
            let (maybe, ty) = (scope.runtime("Maybe"), scope.ty(ty));
            quote!(#maybe<#ty>)
        }
        (Presence::Optional, ty) => {
            let (option, ty) = (scope.std("Option"), scope.ty(ty));
            quote!(#option<#ty>)
        }
        (Presence::Required | Presence::Fixed(_) | Presence::FixedOptional(_), ty) => scope.ty(ty),
    }
}

/// `fixed("type" = "text")`.
fn constants(word: &str, shape: &Struct, literal: impl Fn(&Presence) -> Option<&Literal>) -> Option<TokenStream> {
    let word = format_ident!("{word}");
    let constants: Vec<_> = shape
        .fields
        .iter()
        .filter_map(|field| {
            let (wire, value) = (&field.wire, self::literal(literal(&field.presence)?));
            Some(quote!(#wire = #value))
        })
        .collect();
    (!constants.is_empty()).then(|| quote!(, #word(#(#constants),*)))
}

/// `#[build(user(role = Role::User))]`.
fn build(scope: &Scope, shape: &Struct) -> Option<TokenStream> {
    let constructors: Vec<_> = shape
        .constructors
        .iter()
        .map(|constructor| {
            let name = constructor.name.ident();
            let fixed = constructor.fixed.iter().map(|(index, value)| {
                let field = shape.fields[*index].name.ident();
                let value = match value {
                    Fixed::Literal(value) => literal(value),
                    Fixed::Variant(id, variant) => variant_of(scope, *id, *variant),
                };
                quote!(#field = #value)
            });
            quote!(#name(#(#fixed),*))
        })
        .collect();
    (!constructors.is_empty()).then(|| quote!(#[build(#(#constructors),*)]))
}

fn variant_of(scope: &Scope, id: crate::ir::TypeId, variant: usize) -> TokenStream {
    let ty = scope.name(id);
    match &scope.get(id).shape {
        Shape::StringEnum(shape) => {
            let variant = shape.values[variant].name.ident();
            quote!(#ty::#variant)
        }
        Shape::Struct(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::KindUnion(_) | Shape::Alias(_) => ty,
    }
}

fn string_enum(scope: &Scope, ty: &Type, shape: &StringEnum, used: &[&Type]) -> TokenStream {
    let name = ty.name.ident();
    let docs = type_docs(ty, used, Vec::new());
    let json = scope.runtime("Json");
    let direction = direction(ty.direction);
    let variants = shape.values.iter().map(|value| {
        let docs = doc::variant(&value.doc, &format!("{}.", doc::code(&value.wire)), None);
        let (wire, name) = (&value.wire, value.name.ident());
        quote! { #docs #[json(#wire)] #name, }
    });
    let (copy, other) = match ty.direction {
        Direction::Request => (Some(quote!(Copy,)), None),
        Direction::Reply => {
            let string = scope.std("String");
            (None, Some(other(shape.values.iter().map(|value| value.name.as_str()), &string)))
        }
    };
    quote! {
        #docs
        #[derive(Clone, #copy Debug, PartialEq, Eq, Hash, #json)]
        #[json(#direction, strings)]
        pub enum #name {
            #(#variants)*
            #other
        }
    }
}

fn tagged_union(scope: &Scope, ty: &Type, shape: &TaggedUnion, used: &[&Type]) -> TokenStream {
    let name = ty.name.ident();
    let docs = type_docs(ty, used, Vec::new());
    let (json, tag) = (scope.runtime("Json"), &shape.tag);
    let direction = direction(ty.direction);
    let mut from_str = true;
    let arms = shape.arms.iter().map(|arm| {
        let tags = doc::codes(arm.tags.iter().map(String::as_str), "or");
        let docs = doc::variant(&arm.doc, &format!("{tags}."), None);
        let (name, tags, inner) = (arm.name.ident(), &arm.tags, scope.ty(&arm.ty));
        let default = arm.default.then(|| quote!(, default));
        // The first arm that takes a text is the one that a text becomes.
        let text = scope.as_struct(&arm.ty).is_some_and(|shape| shape.from_str.is_some()) && from_str;
        from_str &= !text;
        let text = text.then(|| quote!(, from_str));
        quote! { #docs #[json(#(#tags),* #default #text)] #name(#inner), }
    });
    let arms: Vec<_> = arms.collect();
    let last = last_arm(scope, ty, shape.arms.iter().map(|arm| arm.name.as_str()), shape.echo);
    let constructors = constructors::tagged(scope, ty, shape);
    let text = shape.text.as_ref().and_then(|steps| turn::text(scope, ty, steps));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, #json)]
        #[json(#direction, tag = #tag)]
        pub enum #name {
            #(#arms)*
            #last
        }
        #constructors
        #text
    }
}

fn key_union(scope: &Scope, ty: &Type, shape: &KeyUnion, used: &[&Type]) -> TokenStream {
    let name = ty.name.ident();
    let docs = type_docs(ty, used, Vec::new());
    let json = scope.runtime("Json");
    let direction = direction(ty.direction);
    let arms = shape.arms.iter().map(|arm| {
        let same = used.iter().filter_map(|ty| match &ty.shape {
            Shape::KeyUnion(shape) => shape.arms.iter().find(|other| other.wire == arm.wire),
            Shape::Struct(_) | Shape::StringEnum(_) | Shape::TaggedUnion(_) | Shape::KindUnion(_) | Shape::Alias(_) => {
                None
            }
        });
        let each: Vec<_> = same.map(|arm| (&arm.ty, &arm.limits)).collect();
        let fallback = format!("{}.", doc::code(&arm.wire));
        let docs = doc::variant(&arm.doc, &fallback, joined(limits::sentences(&each)));
        let (name, wire, inner) = (arm.name.ident(), &arm.wire, scope.ty(&arm.ty));
        let whole = arm.whole.then(|| quote!(, whole));
        let from_str = arm.from_str.then(|| quote!(, from_str));
        quote! { #docs #[json(#wire #whole #from_str)] #name(#inner), }
    });
    let arms: Vec<_> = arms.collect();
    let last = last_arm(scope, ty, shape.arms.iter().map(|arm| arm.name.as_str()), shape.echo);
    let constructors = constructors::keyed(scope, ty, shape);
    let text = shape.text.as_ref().and_then(|steps| turn::text(scope, ty, steps));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, #json)]
        #[json(#direction, key)]
        pub enum #name {
            #(#arms)*
            #last
        }
        #constructors
        #text
    }
}

fn kind_union(scope: &Scope, ty: &Type, shape: &KindUnion, used: &[&Type]) -> TokenStream {
    let name = ty.name.ident();
    let docs = type_docs(ty, used, Vec::new());
    let json = scope.runtime("Json");
    let direction = direction(ty.direction);
    let arms = shape.arms.iter().map(|arm| {
        let same = used.iter().filter_map(|ty| match &ty.shape {
            Shape::KindUnion(shape) => shape.arms.iter().find(|other| other.name == arm.name),
            Shape::Struct(_) | Shape::StringEnum(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::Alias(_) => {
                None
            }
        });
        let each: Vec<_> = same.map(|arm| (&arm.ty, &arm.limits)).collect();
        let kind = kind(scope, &arm.ty);
        let fallback = format!("As {} {kind}.", if kind.starts_with(['a', 'i', 'o']) { "an" } else { "a" });
        let docs = doc::variant(&arm.doc, &fallback, joined(limits::sentences(&each)));
        let kind = format_ident!("{kind}");
        let (name, inner) = (arm.name.ident(), scope.ty(&arm.ty));
        quote! { #docs #[json(#kind)] #name(#inner), }
    });
    let arms: Vec<_> = arms.collect();
    let last = last_arm(scope, ty, shape.arms.iter().map(|arm| arm.name.as_str()), None);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, #json)]
        #[json(#direction, kind)]
        pub enum #name {
            #(#arms)*
            #last
        }
    }
}

fn alias(scope: &Scope, ty: &Type, target: &Ty, used: &[&Type]) -> TokenStream {
    let name = ty.name.ident();
    let docs = type_docs(ty, used, Vec::new());
    let target = scope.ty(target);
    quote! {
        #docs
        pub type #name = #target;
    }
}

/// The arm that a schema does not list: what echoes a reply in a request, what is not known in a reply.
fn last_arm<'n>(
    scope: &Scope,
    ty: &Type,
    names: impl Iterator<Item = &'n str>,
    echo: Option<crate::ir::TypeId>,
) -> Option<TokenStream> {
    match (ty.direction, echo) {
        (Direction::Request, Some(reply)) => {
            let name = format_ident!("{}", free(names, "Echo"));
            let (echo, reply) = (scope.runtime("Echo"), scope.name(reply));
            Some(quote! { #[doc(hidden)] #[json(echo)] #name(#echo<#reply>), })
        }
        (Direction::Request, None) => None,
        (Direction::Reply, _) => Some(other(names, &scope.runtime("Value"))),
    }
}

fn other<'n>(names: impl Iterator<Item = &'n str>, inner: &TokenStream) -> TokenStream {
    let name = format_ident!("{}", free(names, "Unknown"));
    quote! {
        /// What this version does not know, as it came.
        #[json(other)]
        #name(#inner),
    }
}

/// A variant name that no other has.
pub(super) fn free<'n>(mut names: impl Iterator<Item = &'n str>, wanted: &str) -> String {
    if names.any(|name| name == wanted) { format!("{wanted}Value") } else { wanted.to_owned() }
}

fn type_docs(ty: &Type, used: &[&Type], rules: Vec<String>) -> TokenStream {
    let target = match &ty.shape {
        Shape::Alias(target) => target,
        Shape::Struct(_) | Shape::StringEnum(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::KindUnion(_) => {
            &Ty::Json
        }
    };
    let each: Vec<_> = used.iter().map(|ty| (target, &ty.limits)).collect();
    doc::item(&ty.doc, &ty.origin, joined(limits::sentences(&each)), rules, &[])
}

fn joined(sentences: Vec<String>) -> Option<String> {
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn direction(direction: Direction) -> TokenStream {
    match direction {
        Direction::Request => quote!(request),
        Direction::Reply => quote!(reply),
    }
}

pub(super) fn is_field(field: &Field) -> bool {
    match field.presence {
        Presence::Required | Presence::Optional => true,
        Presence::Fixed(_) | Presence::FixedOptional(_) => false,
    }
}

pub(super) fn nullable(ty: &Ty) -> bool {
    matches!(ty, Ty::Nullable(_))
}

fn as_struct<'a>(ty: &&'a Type) -> Option<&'a Struct> {
    match &ty.shape {
        Shape::Struct(shape) => Some(shape),
        Shape::StringEnum(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::KindUnion(_) | Shape::Alias(_) => {
            None
        }
    }
}

/// The kind of JSON that a type is written as.
pub(super) fn kind(scope: &Scope, ty: &Ty) -> &'static str {
    match ty {
        Ty::Named(id) => match &scope.get(*id).shape {
            Shape::StringEnum(_) => "string",
            Shape::Struct(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::KindUnion(_) => "object",
            Shape::Alias(ty) => kind(scope, ty),
        },
        Ty::String | Ty::Blob => "string",
        Ty::Bool => "boolean",
        Ty::U32 | Ty::U64 | Ty::I64 => "integer",
        Ty::F64 => "number",
        Ty::Json | Ty::JsonObject | Ty::Map(_) => "object",
        Ty::Vec(_) => "array",
        Ty::Nullable(ty) | Ty::Boxed(ty) => kind(scope, ty),
    }
}

/// A constant of the schema.
pub(super) fn literal(literal: &Literal) -> TokenStream {
    match literal {
        Literal::Null => quote!(null),
        Literal::Bool(value) => quote!(#value),
        Literal::Int(value) => {
            let digits = Token::u128_unsuffixed(value.unsigned_abs());
            if *value < 0 { quote!(-#digits) } else { quote!(#digits) }
        }
        Literal::Float(value) => {
            let digits = Token::f64_unsuffixed(value.abs());
            if *value < 0.0 { quote!(-#digits) } else { quote!(#digits) }
        }
        Literal::Str(value) => quote!(#value),
    }
}
