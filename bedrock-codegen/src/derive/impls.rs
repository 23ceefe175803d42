//! Impls that structs and enums have alike.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// `Decode` and serde's `Deserialize`.
pub fn decode(name: &Ident, body: &TokenStream, more: Option<TokenStream>) -> TokenStream {
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

/// `From<&str>` and `From<String>`, where `make` makes the type of `text`.
pub fn froms(name: &Ident, make: &TokenStream) -> TokenStream {
    let from_str = from(name, &quote!(&__json::str), make);
    let from_string = from(name, &quote!(__json::String), make);
    quote!(#from_str #from_string)
}

pub fn from(name: &Ident, ty: &TokenStream, make: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl __json::From<#ty> for #name {
            fn from(text: #ty) -> Self {
                #make
            }
        }
    }
}
