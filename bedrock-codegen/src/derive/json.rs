//! `#[derive(Json)]`: a table of names and calls into the runtime.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Data, DataEnum, DeriveInput, Error, Fields, LitStr, Result, Type, Variant};

use super::attributes::{Container, Direction, Errors, FieldAttributes, Fixed, Literal, Mode, VariantAttributes};
use super::types::Form;

pub fn expand(input: DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "`Json` takes types without generic parameters"));
    }
    let container = Container::of(&input.attrs)?;
    let Some(direction) = container.direction else {
        let message = "say `#[json(request)]` (unknown members are errors) or `#[json(reply)]` (they are kept)";
        return Err(Error::new_spanned(&input.ident, message));
    };
    let name = &input.ident;
    let body = match &input.data {
        Data::Struct(data) => structure(name, &data.fields, &container, direction)?,
        Data::Enum(data) => enumeration(&input, data, &container, direction)?,
        Data::Union(_) => return Err(Error::new_spanned(name, "`Json` takes structs and enums")),
    };
    let lints = lints(&input);
    Ok(quote! {
        #lints
        const _: () = {
            use ::bedrock_models::json::__private as __json;
            #body
            #[automatically_derived]
            impl __json::Serialize for #name {
                fn serialize<S: __json::Serializer>(&self, to: S) -> __json::Result<S::Ok, S::Error> {
                    __json::Encode::encode(self, to)
                }
            }
        };
    })
}

/// Deprecated members are part of the type all the same.
pub fn lints(input: &DeriveInput) -> TokenStream {
    let deprecated =
        |attributes: &[Attribute]| attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"));
    let inside = match &input.data {
        Data::Struct(data) => data.fields.iter().any(|field| deprecated(&field.attrs)),
        Data::Enum(data) => data.variants.iter().any(|variant| deprecated(&variant.attrs)),
        Data::Union(_) => false,
    };
    if inside || deprecated(&input.attrs) { quote!(#[allow(deprecated)]) } else { TokenStream::new() }
}

/// A field as JSON sees it.
struct Member<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    wire: String,
    presence: Presence,
}

enum Presence {
    Required,
    /// Required, and `None` is null.
    Nullable,
    Optional,
    Maybe,
}

fn structure(name: &Ident, fields: &Fields, container: &Container, direction: Direction) -> Result<TokenStream> {
    let Fields::Named(fields) = fields else {
        return Err(Error::new_spanned(name, "`Json` takes structs with named fields"));
    };
    let mut errors = Errors::default();
    if container.mode.is_some() {
        errors.at(name, "`tag`, `key`, `kind` and `strings` are for enums");
    }
    let mut members = Vec::new();
    let mut extra = None;
    for field in &fields.named {
        let ident = field.ident.as_ref().expect("fields are named");
        let attributes = errors.take(FieldAttributes::of(&field.attrs));
        let presence = match (Form::of(&field.ty), attributes.null) {
            (Form::Extra, _) => {
                extra = Some(ident);
                continue;
            }
            (Form::Option(_), true) => Presence::Nullable,
            (_, true) => {
                errors.at(&field.ty, "`null` is for `Option<T>`: a required member that may be null");
                continue;
            }
            (Form::Option(_), false) => Presence::Optional,
            (Form::Maybe(_), false) => Presence::Maybe,
            _ => Presence::Required,
        };
        let wire = attributes.rename.as_ref().map_or_else(|| ident.unraw().to_string(), LitStr::value);
        let taken = members.iter().any(|member: &Member<'_>| member.wire == wire);
        if taken || container.fixed.iter().any(|fixed| fixed.key.value() == wire) {
            errors.at(ident, format_args!("there are two members `{wire}`"));
        }
        members.push(Member { ident, ty: &field.ty, wire, presence });
    }
    if container.fixed.len() > 64 {
        errors.at(name, "more than 64 fixed members");
    }
    let from_str = if container.from_str { errors.take(from_str(name, &members, extra).map(Some)) } else { None };
    errors.finish()?;

    let keys = members.iter().map(|member| &member.wire);
    let fixed = container.fixed.iter().map(fixed);
    let open = direction == Direction::Reply;
    // Fixed members come first: a reader finds the tag without looking.
    let constants = container.fixed.iter().filter(|fixed| !fixed.optional).map(|Fixed { key, value, .. }| {
        let value = match value {
            Literal::Null => quote!(&()),
            Literal::Bool(value) => quote!(&#value),
            Literal::Int(value) => quote!(&#value),
            Literal::Float(value) => quote!(&#value),
            Literal::Str(value) => quote!(#value),
        };
        quote!(.put(#key, #value))
    });
    let writes = members.iter().map(|Member { ident, wire, presence, .. }| match presence {
        Presence::Required | Presence::Nullable => quote!(.put(#wire, &self.#ident)),
        Presence::Optional => quote!(.opt(#wire, &self.#ident)),
        Presence::Maybe => quote!(.maybe(#wire, &self.#ident)),
    });
    let writes: Vec<_> = constants.chain(writes).collect();
    let writes = if writes.is_empty() { None } else { Some(quote!(to #(#writes)*;)) };
    let raw = extra.map_or_else(|| quote!(&__json::NO_EXTRA), |extra| quote!(&self.#extra));
    let slots: Vec<Ident> = (0..members.len()).map(|i| Ident::new(&format!("f{i}"), Span::mixed_site())).collect();
    let indexes = 0..members.len();
    let takes =
        members.iter().zip(&slots).enumerate().map(|(index, (Member { ident, presence, .. }, slot))| match presence {
            Presence::Required | Presence::Nullable => quote!(#ident: from.required(#slot, #index)?),
            Presence::Optional => quote!(#ident: #slot),
            Presence::Maybe => quote!(#ident: #slot.unwrap_or_default()),
        });
    let end = match extra {
        Some(extra) => quote!(#extra: from.end()?),
        None => TokenStream::new(),
    };
    // Without a place for unknown members there is still the check of the fixed ones.
    let check = if extra.is_none() { Some(quote!(from.end()?;)) } else { None };
    let tagged = container.fixed.first().filter(|fixed| matches!(fixed.value, Literal::Str(_))).map(|_| {
        quote! {
            fn decode_behind<A: __json::MapAccess<'de>>(
                tag: &'static __json::str, name: &'static __json::str, from: A,
            ) -> __json::Result<Self, A::Error> {
                __json::object_behind(tag, name, from, &SHAPE)
            }
        }
    });
    let decode = decode(name, &quote!(__json::object(from, &SHAPE)), tagged);
    Ok(quote! {
        static SHAPE: __json::Shape =
            __json::Shape { keys: &[#(#keys),*], fixed: &[#(#fixed),*], open: #open };
        #[automatically_derived]
        impl __json::Encode for #name {
            fn encode<S: __json::Serializer>(&self, to: S) -> __json::Result<S::Ok, S::Error> {
                let mut to = __json::Writer::new(to, #raw);
                #writes
                to.end()
            }
        }
        #[automatically_derived]
        impl<'de> __json::Object<'de> for #name {
            fn read<A: __json::MapAccess<'de>>(from: &mut __json::Members<'de, A>) -> __json::Result<Self, A::Error> {
                #(let mut #slots = __json::None;)*
                while let __json::Some(field) = from.field()? {
                    match field {
                        #(#indexes => from.value(&mut #slots)?,)*
                        _ => __json::unreachable!(),
                    }
                }
                #check
                __json::Ok(Self { #(#takes,)* #end })
            }
        }
        #decode
        #from_str
    })
}

/// `Decode` and serde's `Deserialize`.
fn decode(name: &Ident, body: &TokenStream, more: Option<TokenStream>) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl<'de> __json::Decode<'de> for #name {
            fn decode<D: __json::Deserializer<'de>>(from: D) -> __json::Result<Self, D::Error> {
                #body
            }
            #more
        }
        #[automatically_derived]
        impl<'de> __json::Deserialize<'de> for #name {
            fn deserialize<D: __json::Deserializer<'de>>(from: D) -> __json::Result<Self, D::Error> {
                __json::Decode::decode(from)
            }
        }
    }
}

fn fixed(fixed: &Fixed) -> TokenStream {
    let Fixed { key, value, optional } = fixed;
    let value = match value {
        Literal::Null => quote!(Null),
        Literal::Bool(value) => quote!(Bool(#value)),
        Literal::Int(value) => quote!(Int(#value)),
        Literal::Float(value) => quote!(Float(#value)),
        Literal::Str(value) => quote!(Str(#value)),
    };
    quote!(__json::Fixed { key: #key, value: __json::Literal::#value, optional: #optional })
}

/// `From<&str>` and `From<String>` of a struct with one required string.
fn from_str(name: &Ident, members: &[Member<'_>], extra: Option<&Ident>) -> Result<TokenStream> {
    let message = "`from_str` is for structs with one required field, a `String`";
    let mut text = None;
    let mut rest = Vec::new();
    for Member { ident, ty, presence, .. } in members {
        match (presence, Form::of(ty)) {
            (Presence::Required, Form::String) if text.is_none() => text = Some(*ident),
            (Presence::Required | Presence::Nullable, _) => return Err(Error::new_spanned(ident, message)),
            (Presence::Optional | Presence::Maybe, _) => rest.push(*ident),
        }
    }
    let text = text.ok_or_else(|| Error::new_spanned(name, message))?;
    rest.extend(extra);
    let make = quote!(Self { #text: __json::From::from(text) #(, #rest: __json::Default::default())* });
    Ok(froms(name, &make))
}

/// `From<&str>` and `From<String>`, where `make` makes the type of `text`.
fn froms(name: &Ident, make: &TokenStream) -> TokenStream {
    let from_str = from(name, &quote!(&__json::str), make);
    let from_string = from(name, &quote!(__json::String), make);
    quote!(#from_str #from_string)
}

fn from(name: &Ident, ty: &TokenStream, make: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl __json::From<#ty> for #name {
            fn from(text: #ty) -> Self {
                #make
            }
        }
    }
}

/// A variant with what its attributes say.
struct Arm<'a> {
    variant: &'a Variant,
    attributes: VariantAttributes,
    /// `None` for a unit variant.
    ty: Option<&'a Type>,
}

fn enumeration(
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
        Mode::Tag(_) | Mode::Key | Mode::Kind => union(name, mode, &arms),
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

fn union(name: &Ident, mode: &Mode, arms: &[Arm<'_>]) -> TokenStream {
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
        }
        #decode
        #conversions
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
