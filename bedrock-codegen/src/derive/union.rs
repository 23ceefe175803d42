//! `#[derive(Json)]` on enums: how the variants are told apart, and what each is read from and written as.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{DataEnum, DeriveInput, Error, Fields, Result, Type, Variant};

use super::attributes::{Container, Direction, Errors, Mode, VariantAttributes};
use super::impls::{decode, from, froms};
use super::types::Form;

/// A variant with what its attributes say.
struct Arm<'a> {
    variant: &'a Variant,
    attributes: VariantAttributes,
    /// `None` for a unit variant.
    ty: Option<&'a Type>,
}

pub fn enumeration(
    input: &DeriveInput,
    data: &DataEnum,
    container: &Container,
    direction: Direction,
) -> Result<TokenStream> {
    let name = &input.ident;
    let Some(mode) = &container.mode else {
        let message = "say how the variants are told apart: `tag = \"type\"`, `key`, `kind` or `strings`";
        return Err(Error::new_spanned(name, message));
    };
    let mut errors = Errors::default();
    for fixed in &container.fixed {
        errors.at(&fixed.key, "fixed members are for structs; put it on the types of the variants");
    }
    if container.from_str {
        errors.at(name, "put `from_str` on the variant that a string becomes");
    }
    let arms = arms(data, mode, direction, &mut errors);
    errors.finish()?;
    Ok(match mode {
        Mode::Strings => strings(input, &arms),
        Mode::Tag(_) | Mode::Key | Mode::Kind => union(name, mode, &arms, direction),
    })
}

/// Reads and checks the variants.
fn arms<'a>(data: &'a DataEnum, mode: &Mode, direction: Direction, errors: &mut Errors) -> Vec<Arm<'a>> {
    let mut arms: Vec<Arm<'a>> = Vec::new();
    for variant in &data.variants {
        let attributes = errors.take(VariantAttributes::of(&variant.attrs));
        let ty = match &variant.fields {
            Fields::Unit => None,
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first().map(|field| &field.ty),
            Fields::Unnamed(_) | Fields::Named(_) => {
                errors.at(&variant.ident, "a variant holds one value: `Text(TextBlock)`");
                continue;
            }
        };
        let arm = Arm { variant, attributes, ty };
        if let Err(error) = judge(&arm, mode, direction) {
            errors.push(error);
        }
        for name in &arm.attributes.names {
            if arms.iter().flat_map(|arm| &arm.attributes.names).any(|other| other.value() == name.value()) {
                errors.at(name, format_args!("there are two variants \"{}\"", name.value()));
            }
        }
        if let Some(kind) = &arm.attributes.kind
            && arms.iter().any(|arm| arm.attributes.kind.as_ref() == Some(kind))
        {
            errors.at(kind, format_args!("there are two variants of kind `{kind}`"));
        }
        for (flag, word) in [(is_other as fn(&Arm<'_>) -> bool, "other"), (is_default, "default")] {
            if flag(&arm) && arms.iter().any(flag) {
                errors.at(&arm.variant.ident, format_args!("there are two `{word}` variants"));
            }
        }
        arms.push(arm);
    }
    arms
}

fn is_other(arm: &Arm<'_>) -> bool {
    arm.attributes.other
}

fn is_default(arm: &Arm<'_>) -> bool {
    arm.attributes.default
}

/// Whether a variant suits the enum.
fn judge(arm: &Arm<'_>, mode: &Mode, direction: Direction) -> Result<()> {
    let Arm { variant, attributes: VariantAttributes { names, kind, default, whole, from_str, echo, other }, ty } = arm;
    let wrong = |message: &str| Err(Error::new_spanned(&variant.ident, message));
    if *other {
        return match (direction, ty) {
            (Direction::Request, _) => wrong("requests are closed: `other` is for replies"),
            (Direction::Reply, None) => {
                wrong("`other` holds what was not known: `Unknown(Value)`, or `Unknown(String)` of strings")
            }
            (Direction::Reply, Some(_)) => Ok(()),
        };
    }
    if *echo {
        return match (direction, ty) {
            (Direction::Request, Some(ty)) if echoed(ty).is_some() => Ok(()),
            _ => wrong("`echo` is for requests and holds a part of a reply: `Echo(Echo<ResponseBlock>)`"),
        };
    }
    if *default && !matches!(mode, Mode::Tag(_)) {
        return wrong("`default` is for unions by tag");
    }
    if *whole && !matches!(mode, Mode::Key) {
        return wrong("`whole` is for unions by key");
    }
    if *from_str && ty.is_none() {
        return wrong("`from_str` needs a value");
    }
    match mode {
        Mode::Tag(_) if names.is_empty() => wrong("say the tag: `#[json(\"text\")]`"),
        Mode::Key if names.len() != 1 => wrong("say the one key: `#[json(\"text\")]`"),
        Mode::Tag(_) | Mode::Key if ty.is_none() => wrong("a variant holds one value: `Text(TextBlock)`"),
        Mode::Tag(_) | Mode::Key if kind.is_some() => wrong("kinds are for `#[json(kind)]`; put names in quotes"),
        Mode::Kind if kind.is_none() || !names.is_empty() => wrong("say the kind of JSON: `#[json(string)]`"),
        Mode::Kind if ty.is_none() != kind.as_ref().is_some_and(|kind| kind == "null") => {
            wrong("every kind holds one value, but `null` none")
        }
        Mode::Strings if names.len() != 1 || kind.is_some() => wrong("say the one value: `#[json(\"end_turn\")]`"),
        Mode::Strings if ty.is_some() => wrong("a value of `strings` holds nothing"),
        Mode::Tag(_) | Mode::Key | Mode::Kind | Mode::Strings => Ok(()),
    }
}

/// `T` of `Echo<T>`.
fn echoed(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Echo")?;
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

fn union(name: &Ident, mode: &Mode, arms: &[Arm<'_>], direction: Direction) -> TokenStream {
    let chosen: Vec<&Arm<'_>> = arms.iter().filter(|arm| !arm.attributes.echo && !arm.attributes.other).collect();
    let (table, read) = match mode {
        Mode::Tag(tag) => {
            let names = chosen
                .iter()
                .enumerate()
                .flat_map(|(index, arm)| arm.attributes.names.iter().map(move |name| quote!((#name, #index))));
            let default = match chosen.iter().position(|arm| is_default(arm)) {
                Some(index) => quote!(__json::Some(#index)),
                None => quote!(__json::None),
            };
            let table = quote! {
                static TABLE: __json::Tags = __json::Tags { tag: #tag, names: &[#(#names),*], default: #default };
            };
            (table, quote!(__json::tagged(from, &TABLE)))
        }
        Mode::Key => {
            let keys = chosen.iter().flat_map(|arm| {
                let whole = arm.attributes.whole;
                arm.attributes.names.iter().map(move |key| quote!((#key, #whole)))
            });
            let table = quote!(static TABLE: &[(&__json::str, __json::bool)] = &[#(#keys),*];);
            (table, quote!(__json::keyed(from, TABLE)))
        }
        Mode::Kind | Mode::Strings => {
            let kinds = chosen.iter().enumerate().map(|(index, arm)| {
                let kind = &arm.attributes.kind;
                quote!(#kind: __json::Some(#index),)
            });
            let rest = (chosen.len() < 7).then(|| quote!(..__json::Kinds::NONE));
            let table = quote! {
                static TABLE: __json::Kinds = __json::Kinds { #(#kinds)* #rest };
            };
            (table, quote!(__json::kinds(from, &TABLE)))
        }
    };
    let writes = arms.iter().map(|arm| {
        let ident = &arm.variant.ident;
        match (arm.ty, mode, arm.attributes.names.first()) {
            (None, ..) => quote!(Self::#ident => to.serialize_unit()),
            (Some(_), Mode::Key, Some(key)) if !arm.attributes.whole => {
                quote!(Self::#ident(value) => __json::single(to, #key, value))
            }
            (Some(_), ..) => quote!(Self::#ident(value) => __json::Encode::encode(value, to)),
        }
    });
    let reads = chosen.iter().enumerate().map(|(index, arm)| {
        let ident = &arm.variant.ident;
        match arm.ty {
            None => quote!(#index => __json::Ok(Self::#ident)),
            Some(_) => quote!(#index => from.read().map(Self::#ident)),
        }
    });
    let other = arms.iter().find(|arm| is_other(arm)).map(|arm| {
        let ident = &arm.variant.ident;
        quote!(const OTHER: __json::Option<fn(__json::Value) -> Self> = __json::Some(Self::#ident);)
    });
    let keep = matches!((mode, direction), (Mode::Key, Direction::Reply)).then(|| keep_beside(arms));
    let decode = decode(name, &read, None);
    let conversions = conversions(name, mode, arms);
    quote! {
        #table
        #[automatically_derived]
        impl __json::Encode for #name {
            fn encode<S: __json::Serializer>(&self, to: S) -> __json::Result<S::Ok, S::Error> {
                match self { #(#writes),* }
            }
        }
        #[automatically_derived]
        impl<'de> __json::Union<'de> for #name {
            #other
            #[inline]
            fn arm<S: __json::Source<'de>>(arm: __json::usize, from: S) -> __json::Result<Self, S::Error> {
                match arm {
                    #(#reads,)*
                    _ => __json::unreachable!(),
                }
            }
            #keep
        }
        #decode
        #conversions
    }
}

/// What stands beside the key goes into the value; a whole arm has read it already.
fn keep_beside(arms: &[Arm<'_>]) -> TokenStream {
    let keeps = arms.iter().map(|arm| {
        let ident = &arm.variant.ident;
        let none = arm.ty.is_none() || arm.attributes.whole || is_other(arm);
        match none {
            true => quote!(Self::#ident { .. } => {}),
            false => quote!(Self::#ident(value) => __json::Decode::<'de>::keep_beside(value, members)),
        }
    });
    quote! {
        fn keep_beside(&mut self, members: __json::Extra) {
            match self { #(#keeps),* }
        }
    }
}

/// `From` for every arm whose type no other arm has.
fn conversions(name: &Ident, mode: &Mode, arms: &[Arm<'_>]) -> TokenStream {
    let inner = |arm: &Arm<'_>| {
        arm.ty.filter(|_| !is_other(arm)).map(|ty| match Form::of(ty) {
            Form::Box(inner) => inner.to_token_stream().to_string(),
            _ => ty.to_token_stream().to_string(),
        })
    };
    let mut all = TokenStream::new();
    let mut strings = false;
    for arm in arms {
        let (Some(ty), Some(text)) = (arm.ty, inner(arm)) else { continue };
        let ident = &arm.variant.ident;
        if arm.attributes.echo {
            if let Some(reply) = echoed(ty) {
                let make = quote!(Self::#ident(__json::From::from(text)));
                all.extend(from(name, &quote!(#reply), &make));
                all.extend(from(name, &quote!(&#reply), &make));
            }
            continue;
        }
        let unique = arms.iter().filter(|other| inner(other).as_ref() == Some(&text)).count() == 1;
        let string = matches!(Form::of(ty), Form::String);
        let text_arm = arm.attributes.from_str || (string && matches!(mode, Mode::Kind));
        if text_arm && !strings {
            strings = true;
            all.extend(froms(name, &quote!(Self::#ident(__json::From::from(text)))));
        }
        if !unique || *name == text || (string && (text_arm || strings)) {
            continue;
        }
        match Form::of(ty) {
            Form::Box(inner) => all.extend(from(name, &quote!(#inner), &quote!(Self::#ident(__json::Box::new(text))))),
            _ => all.extend(from(name, &quote!(#ty), &quote!(Self::#ident(text)))),
        }
        if let (Form::Vec(item), Mode::Kind) = (Form::of(ty), mode) {
            all.extend(quote! {
                #[automatically_derived]
                impl<const N: __json::usize> __json::From<[#item; N]> for #name {
                    fn from(items: [#item; N]) -> Self {
                        Self::#ident(__json::From::from(items))
                    }
                }
            });
        }
    }
    all
}

fn strings(input: &DeriveInput, arms: &[Arm<'_>]) -> TokenStream {
    let (name, vis) = (&input.ident, &input.vis);
    let (names, idents): (Vec<_>, Vec<_>) =
        arms.iter().flat_map(|arm| arm.attributes.names.iter().map(|name| (name, &arm.variant.ident))).unzip();
    let indexes = 0..names.len();
    let other = arms.iter().find(|arm| is_other(arm)).map(|arm| &arm.variant.ident);
    let constant = other
        .map(|ident| quote!(const OTHER: __json::Option<fn(__json::String) -> Self> = __json::Some(Self::#ident);));
    let unknown = other.map(|ident| quote!(Self::#ident(value) => value.as_str(),));
    let signature = match other {
        Some(_) => quote!(#vis fn as_str(&self) -> &__json::str),
        None => quote!(#vis const fn as_str(&self) -> &'static __json::str),
    };
    let decode = decode(name, &quote!(__json::strings(from)), None);
    quote! {
        impl #name {
            /// The value as JSON has it.
            #signature {
                match self { #(Self::#idents => #names,)* #unknown }
            }
        }
        #[automatically_derived]
        impl __json::Display for #name {
            fn fmt(&self, to: &mut __json::Formatter<'_>) -> __json::FmtResult {
                to.write_str(self.as_str())
            }
        }
        #[automatically_derived]
        impl __json::Encode for #name {
            fn encode<S: __json::Serializer>(&self, to: S) -> __json::Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
        #[automatically_derived]
        impl __json::Strings for #name {
            const VALUES: &'static [&'static __json::str] = &[#(#names),*];
            #constant
            fn nth(index: __json::usize) -> Self {
                match index {
                    #(#indexes => Self::#idents,)*
                    _ => __json::unreachable!(),
                }
            }
        }
        #decode
    }
}
