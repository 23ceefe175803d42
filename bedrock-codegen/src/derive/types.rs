//! What a field's type says by its name. A derive cannot look further: `Option` is what ends in `Option`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

/// How a field's type is written.
pub enum Form<'a> {
    /// `Option<T>`.
    Option(&'a Type),
    /// `Maybe<T>`.
    Maybe(&'a Type),
    /// `Vec<T>`.
    Vec(&'a Type),
    /// `Box<T>`.
    Box(&'a Type),
    /// `Extra`.
    Extra,
    /// `String`.
    String,
    /// Numbers and `bool`, which must not go through `Into`: it would make an `i32` of every literal.
    Plain,
    /// Anything else.
    Other,
}

impl<'a> Form<'a> {
    pub fn of(ty: &'a Type) -> Self {
        let Type::Path(path) = ty else { return Self::Other };
        let Some(last) = path.path.segments.last() else { return Self::Other };
        let arguments = match &last.arguments {
            PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
            PathArguments::None | PathArguments::Parenthesized(_) => None,
        };
        let inner = match arguments.and_then(|arguments| arguments.first()) {
            Some(GenericArgument::Type(inner)) => Some(inner),
            _ => None,
        };
        match (last.ident.to_string().as_str(), inner) {
            ("Option", Some(inner)) => Self::Option(inner),
            ("Maybe", Some(inner)) => Self::Maybe(inner),
            ("Vec", Some(inner)) => Self::Vec(inner),
            ("Box", Some(inner)) => Self::Box(inner),
            ("Extra", None) => Self::Extra,
            ("String", None) => Self::String,
            ("u8" | "u16" | "u32" | "u64" | "u128" | "usize", None) => Self::Plain,
            ("i8" | "i16" | "i32" | "i64" | "i128" | "isize", None) => Self::Plain,
            ("f32" | "f64" | "bool", None) => Self::Plain,
            _ => Self::Other,
        }
    }
}

/// The type of an argument from which a value of `ty` is made, and the expression that makes it of `value`.
pub fn argument(ty: &Type, value: &TokenStream) -> (TokenStream, TokenStream) {
    match Form::of(ty) {
        Form::Plain => (quote!(#ty), value.clone()),
        Form::Vec(item) => (
            quote!(impl ::bedrock_models::json::IntoList<#item>),
            quote!(::bedrock_models::json::IntoList::into_list(#value)),
        ),
        Form::Box(inner) => (
            quote!(impl ::core::convert::Into<#inner>),
            quote!(::std::boxed::Box::new(::core::convert::Into::into(#value))),
        ),
        Form::Option(_) | Form::Maybe(_) | Form::Extra | Form::String | Form::Other => {
            (quote!(impl ::core::convert::Into<#ty>), quote!(::core::convert::Into::into(#value)))
        }
    }
}
