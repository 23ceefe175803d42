//! The derives of `bedrock-models`: from the definition of a type to lean impls over the runtime in
//! `bedrock_models::json`.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | `attributes` | `#[json(…)]` and `#[build(…)]` | plain data, or errors with spans |
//! | `types` | a field's type | how it is written, judged by its last path segment alone |
//! | `json` | a type | `Encode`, `Decode`, serde's two traits, `From` |
//! | `build` | a struct | `new`, setters, `Default` |
//!
//! A derive sees no other type than its own. What it emits names everything by absolute paths, so that it compiles
//! where the user has shadowed `Result`, and is short: what every type needs is in the runtime.

mod attributes;
mod build;
mod json;
mod types;

use proc_macro2::TokenStream;

/// `#[derive(Json)]`.
pub fn json(input: TokenStream) -> TokenStream {
    finish(syn::parse2(input).and_then(json::expand))
}

/// `#[derive(Build)]`.
pub fn build(input: TokenStream) -> TokenStream {
    finish(syn::parse2(input).and_then(build::expand))
}

fn finish(result: syn::Result<TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.into_compile_error())
}
