//! `#[derive(Json)]`: a table of names and calls into the runtime. Structs here, enums in `union`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Error, Fields, LitStr, Result, Type};

use super::attributes::{Container, Direction, Errors, FieldAttributes, Fixed, Literal};
use super::impls::{decode, froms};
use super::types::Form;
use super::union::enumeration;

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
    // A reply's value by key takes along what it does not know beside it. Requests are closed.
    let place = extra.filter(|_| open);
    let beside = place.map(|extra| {
        quote! {
            fn beside(&self) -> &__json::Extra {
                self.#extra.beside()
            }
        }
    });
    let keep = place.map(|extra| {
        quote! {
            fn keep_beside(&mut self, members: __json::Extra) {
                self.#extra.keep_beside(members);
            }
        }
    });
    let decode = decode(name, &quote!(__json::object(from, &SHAPE)), Some(quote!(#tagged #keep)));
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
            #beside
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
