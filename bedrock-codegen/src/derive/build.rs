//! `#[derive(Build)]`: `new` takes the required fields, a setter each optional one.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, Ident, Lit, Meta, Result, Type};

use super::attributes::{Constructor, Errors, FieldAttributes};
use super::json::lints;
use super::types::{Form, argument};

pub fn expand(input: DeriveInput) -> Result<TokenStream> {
    let (name, vis) = (&input.ident, &input.vis);
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "`Build` takes types without generic parameters"));
    }
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            Fields::Unnamed(_) | Fields::Unit => {
                return Err(Error::new_spanned(name, "`Build` takes structs with named fields"));
            }
        },
        Data::Enum(_) | Data::Union(_) => return Err(Error::new_spanned(name, "`Build` takes structs")),
    };
    let mut errors = Errors::default();
    let parts: Vec<Part<'_>> = fields
        .iter()
        .map(|field| {
            let null = errors.take(FieldAttributes::of(&field.attrs)).null;
            Part::of(field, null)
        })
        .collect();
    let constructors = errors.take(Constructor::of(&input.attrs));
    for constructor in &constructors {
        for (field, _) in &constructor.given {
            if !parts.iter().any(|part| part.ident == field) {
                errors.at(field, format_args!("`{name}` has no field `{field}`"));
            }
        }
    }
    errors.finish()?;

    let mut functions = construct(vis, &quote!(new), &quote!(#[doc = "With the required members."]), &parts, &[]);
    for Constructor { name, given } in &constructors {
        functions.extend(construct(vis, &name.to_token_stream(), &given_doc(given), &parts, given));
    }
    for part in &parts {
        functions.extend(setter(vis, part));
    }
    let default = parts.iter().all(|part| !matches!(part.role, Role::Required)).then(|| {
        quote! {
            #[automatically_derived]
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let lints = lints(&input);
    Ok(quote! {
        #lints
        impl #name {
            #functions
        }
        #default
    })
}

/// A field and how it is built.
struct Part<'a> {
    field: &'a Field,
    ident: &'a Ident,
    role: Role<'a>,
}

enum Role<'a> {
    Required,
    /// `Option<T>`, with its `T`.
    Optional(&'a Type),
    /// `Maybe<T>`, with its `T`.
    Maybe(&'a Type),
    Extra,
}

impl<'a> Part<'a> {
    fn of(field: &'a Field, null: bool) -> Self {
        let ident = field.ident.as_ref().expect("fields are named");
        let role = match Form::of(&field.ty) {
            Form::Option(inner) if !null => Role::Optional(inner),
            Form::Maybe(inner) => Role::Maybe(inner),
            Form::Extra => Role::Extra,
            _ => Role::Required,
        };
        Self { field, ident, role }
    }
}

/// A function that takes the required fields that are not `given`.
fn construct(
    vis: &syn::Visibility,
    name: &TokenStream,
    doc: &TokenStream,
    parts: &[Part<'_>],
    given: &[(Ident, Expr)],
) -> TokenStream {
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for Part { field, ident, role } in parts {
        let given = given.iter().find(|(name, _)| name == *ident).map(|(_, value)| value.to_token_stream());
        let value = match (role, given) {
            (Role::Required, Some(value)) => argument(&field.ty, &value).1,
            (Role::Required, None) => {
                let (ty, value) = argument(&field.ty, &ident.to_token_stream());
                arguments.push(quote!(#ident: #ty));
                value
            }
            (Role::Optional(inner), Some(value)) => {
                let value = argument(inner, &value).1;
                quote!(::core::option::Option::Some(#value))
            }
            (Role::Maybe(inner), Some(value)) => {
                let value = argument(inner, &value).1;
                quote!(::bedrock_models::json::Maybe::Value(#value))
            }
            (Role::Optional(_), None) => quote!(::core::option::Option::None),
            (Role::Maybe(_), None) => quote!(::bedrock_models::json::Maybe::Absent),
            (Role::Extra, _) => quote!(::bedrock_models::json::Extra::new()),
        };
        values.push(quote!(#ident: #value));
    }
    // All of them are required: a builder would only hide that.
    let many = (arguments.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    quote! {
        #doc
        #many
        #vis fn #name(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

fn given_doc(given: &[(Ident, Expr)]) -> TokenStream {
    let list: Vec<String> = given
        .iter()
        .map(|(field, value)| {
            // Tokens are printed with spaces around `::`.
            let value = value.to_token_stream().to_string().replace(" :: ", "::");
            format!("`{}` is `{value}`", field.unraw())
        })
        .collect();
    let doc = format!("With the required members; {}.", list.join(", "));
    quote!(#[doc = #doc])
}

fn setter(vis: &syn::Visibility, part: &Part<'_>) -> Option<TokenStream> {
    let Part { field, ident, role } = part;
    let value = ident.to_token_stream();
    let (ty, value) = match role {
        Role::Optional(inner) => {
            let (ty, value) = argument(inner, &value);
            (ty, quote!(::core::option::Option::Some(#value)))
        }
        Role::Maybe(inner) => {
            let (ty, value) = argument(inner, &value);
            (ty, quote!(::bedrock_models::json::Maybe::Value(#value)))
        }
        Role::Required | Role::Extra => return None,
    };
    let doc = first_paragraph(&field.attrs).unwrap_or_else(|| {
        let doc = format!("Sets `{}`.", ident.unraw());
        quote!(#[doc = #doc])
    });
    let deprecated = field.attrs.iter().filter(|attribute| attribute.path().is_ident("deprecated"));
    Some(quote! {
        #doc
        #(#deprecated)*
        #[must_use]
        #vis fn #ident(mut self, #ident: #ty) -> Self {
            self.#ident = #value;
            self
        }
    })
}

/// The docs up to the first empty line.
fn first_paragraph(attributes: &[Attribute]) -> Option<TokenStream> {
    let mut lines = Vec::new();
    for attribute in attributes {
        let Meta::NameValue(meta) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value else { continue };
        if !meta.path.is_ident("doc") {
            continue;
        }
        let text = text.value();
        let paragraph = text.split("\n\n").next().unwrap_or_default();
        if paragraph.trim().is_empty() {
            break;
        }
        lines.push(paragraph.to_owned());
        if paragraph.len() < text.len() {
            break;
        }
    }
    (!lines.is_empty()).then(|| quote!(#(#[doc = #lines])*))
}
