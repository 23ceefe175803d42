//! `include_schema!`: a schema file of a user's → types, with the compiler's messages at the file's lines.

use std::fs;
use std::path::{Component, Path};

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::{emit, file};

/// Expands `include_schema!("schemas/mine.json")`; the path is relative to `folder`, that of the user's `Cargo.toml`.
pub fn expand(input: TokenStream, folder: &Path) -> TokenStream {
    let tokens: Vec<TokenTree> = input.into_iter().collect();
    let (path, span) = match &tokens[..] {
        [TokenTree::Literal(literal)] => match string(literal) {
            Some(path) => (path, literal.span()),
            None => return mistake(literal.span(), "expected the path of a schema file, in double quotes"),
        },
        [] => return mistake(Span::call_site(), "expected the path of a schema file"),
        [first, ..] => return mistake(first.span(), "expected the path of a schema file and nothing else"),
    };
    let full = folder.join(&path);
    if let Err(error) = fs::metadata(&full) {
        let message =
            format!("can't read {}: {error}\nthe path is relative to the folder of Cargo.toml", full.display());
        return mistake(span, &message);
    }
    // Mistakes name files as the user did. What lies outside of the package is named by itself.
    let outside = Path::new(&path).components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
    let (parent, name) = match (outside, full.parent(), full.file_name()) {
        (true, Some(parent), Some(name)) => (parent, name.to_string_lossy().into_owned()),
        _ => (folder, path.replace('\\', "/").trim_start_matches("./").to_owned()),
    };
    match file::compile(&name, |name| fs::read_to_string(parent.join(name)).ok()) {
        Ok(compiled) => {
            let types = emit::local(&compiled.local);
            // Makes the compiler watch the files.
            let files = compiled.sources.keys().map(|name| parent.join(name).to_string_lossy().into_owned());
            quote! {
                #types
                #(const _: &[u8] = ::core::include_bytes!(#files);)*
            }
        }
        Err(failed) => {
            let errors = failed.diagnostics.0.iter().map(|diagnostic| {
                let message = diagnostic.to_string();
                let message = message.strip_prefix("error: ").unwrap_or(&message);
                quote_spanned!(span=> ::core::compile_error!(#message);)
            });
            // Watched too, so that the mended file is seen.
            let files = failed.sources.keys().map(|name| parent.join(name).to_string_lossy().into_owned());
            quote! {
                #(#errors)*
                #(const _: &[u8] = ::core::include_bytes!(#files);)*
            }
        }
    }
}

fn string(literal: &Literal) -> Option<String> {
    match syn::parse_str::<syn::Lit>(&literal.to_string()) {
        Ok(syn::Lit::Str(text)) => Some(text.value()),
        _ => None,
    }
}

fn mistake(span: Span, message: &str) -> TokenStream {
    quote_spanned!(span=> ::core::compile_error!(#message);)
}
