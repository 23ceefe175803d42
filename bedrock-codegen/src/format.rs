//! Tokens to the text of a file, as one would write it by hand.
//!
//! Each item is formatted on its own by prettyplease and they are joined here, since it leaves no blank lines between
//! items.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::{Attribute, File, ImplItem, Item, ItemImpl, parse_quote};

use crate::emit::{Layout, Module};

/// The text of a generated file.
///
/// # Errors
/// The tokens are no items. Emit makes none such.
pub fn module(module: &Module) -> syn::Result<String> {
    let body = match module.layout {
        Layout::Items => tokens(module.tokens.clone())?,
        Layout::Lines => lines(module.tokens.clone())?,
    };
    Ok(format!("{}\n\n{body}", module.header))
}

/// The text of items.
///
/// # Errors
/// The tokens are no items.
pub fn tokens(tokens: TokenStream) -> syn::Result<String> {
    let File { attrs, items, .. } = syn::parse2(tokens)?;
    let mut blocks = head(attrs);
    let mut previous: Option<Item> = None;
    for item in items {
        let text = self::item(&item);
        match (blocks.last_mut(), &previous) {
            (Some(block), Some(previous)) if is_listed(previous, &item) => block.push_str(&text),
            _ => blocks.push(text),
        }
        previous = Some(item);
    }
    Ok(blocks.join("\n"))
}

/// Inner docs and attributes.
fn head(attrs: Vec<Attribute>) -> Vec<String> {
    let (docs, attributes): (Vec<_>, Vec<_>) =
        attrs.into_iter().partition(|attribute| attribute.path().is_ident("doc"));
    [docs, attributes]
        .into_iter()
        .filter(|attrs| !attrs.is_empty())
        .map(|attrs| unparse(File { shebang: None, frontmatter: None, attrs, items: Vec::new() }))
        .collect()
}

/// Neighbours of one kind without docs stand in a list.
fn is_listed(a: &Item, b: &Item) -> bool {
    match (a, b) {
        (Item::Use(a), Item::Use(b)) => a.vis == b.vis && a.attrs == b.attrs,
        (Item::Mod(a), Item::Mod(b)) => a.vis == b.vis,
        _ => false,
    }
}

fn item(item: &Item) -> String {
    match item {
        Item::Impl(block) if block.items.len() > 1 => implementation(block),
        item => one(item.clone()),
    }
}

/// Methods stand apart, constants and types of a trait do not.
fn implementation(block: &ItemImpl) -> String {
    let empty = one(Item::Impl(ItemImpl { items: Vec::new(), ..block.clone() }));
    let Some(opening) = empty.trim_end().strip_suffix('}') else {
        // The empty block ends with its brace; should that change, the block is still right, only dense.
        return one(Item::Impl(block.clone()));
    };
    let mut text = format!("{}\n", opening.trim_end());
    let mut previous: Option<&ImplItem> = None;
    for item in &block.items {
        let inner: ItemImpl = ItemImpl { items: vec![item.clone()], ..parse_quote!(impl X {}) };
        let inner = one(Item::Impl(inner));
        let apart = previous.is_some_and(|previous| {
            matches!(item, ImplItem::Fn(_)) || std::mem::discriminant(previous) != std::mem::discriminant(item)
        });
        if apart {
            text.push('\n');
        }
        let lines: Vec<_> = inner.lines().collect();
        for line in &lines[1..lines.len().saturating_sub(1)] {
            text.push_str(line);
            text.push('\n');
        }
        previous = Some(item);
    }
    text.push_str("}\n");
    text
}

fn one(item: Item) -> String {
    unparse(File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] })
}

fn unparse(file: File) -> String {
    prettyplease::unparse(&file)
}

/// Each item on a line of its own, however long.
fn lines(tokens: TokenStream) -> syn::Result<String> {
    let File { attrs, items, .. } = syn::parse2(tokens)?;
    let mut text = head(attrs).join("\n");
    let mut previous: Option<&Item> = None;
    for item in &items {
        let same = previous.is_some_and(|previous| std::mem::discriminant(previous) == std::mem::discriminant(item));
        if !same && !text.is_empty() {
            text.push('\n');
        }
        line(quote::quote!(#item), &mut text);
        text.push('\n');
        previous = Some(item);
    }
    Ok(text)
}

/// Tokens with the spaces that one writes.
fn line(tokens: TokenStream, text: &mut String) {
    let mut before: Option<TokenTree> = None;
    // What came before takes no space after it.
    let mut glued = true;
    for token in tokens {
        let punct = match &token {
            TokenTree::Punct(punct) => Some(punct.as_char()),
            TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => None,
        };
        let call = match (&before, &token) {
            (Some(TokenTree::Ident(_)), TokenTree::Group(group)) => group.delimiter() != Delimiter::Brace,
            _ => false,
        };
        if !glued && !call && !matches!(punct, Some(',' | ';' | ':')) {
            text.push(' ');
        }
        match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                line(group.stream(), text);
                text.push_str(close);
            }
            token => text.push_str(&token.to_string()),
        }
        let joint = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
        glued = joint(&token)
            || matches!(punct, Some('&' | '-'))
            || (punct == Some(':') && before.as_ref().is_some_and(joint));
        before = Some(token);
    }
}
