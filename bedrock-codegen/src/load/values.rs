//! The kinds of value that keywords take, each with its error: "`minimum` must be a number, found "0"".

use std::sync::Arc;

use super::json::{Data, Member, Node, quoted};
use crate::diagnostic::{Diagnostic, Diagnostics, Loc, nearest};
use crate::schema::Number;

/// Reads parts of one file. Each method pushes an error and gives nothing where the value is of the wrong kind.
pub(super) struct Reader<'a> {
    pub path: &'a Arc<str>,
    pub errors: &'a mut Diagnostics,
}

impl Reader<'_> {
    pub(super) fn error(&mut self, loc: &Loc, message: impl Into<String>) {
        self.errors.error(loc, message);
    }

    pub(super) fn wrong(&mut self, keyword: &str, expected: &str, node: &Node) {
        self.error(&node.loc, format!("`{keyword}` must be {expected}, found {}", node.found()));
    }

    pub(super) fn string(&mut self, keyword: &str, node: &Node) -> Option<String> {
        if let Data::String(text) = &node.data {
            return Some(text.clone());
        }
        self.wrong(keyword, "a string", node);
        None
    }

    /// With its place.
    pub(super) fn located(&mut self, keyword: &str, node: &Node) -> Option<(String, Loc)> {
        Some((self.string(keyword, node)?, node.loc.clone()))
    }

    pub(super) fn boolean(&mut self, keyword: &str, node: &Node) -> Option<bool> {
        if let Data::Bool(value) = node.data {
            return Some(value);
        }
        self.wrong(keyword, "true or false", node);
        None
    }

    pub(super) fn number(&mut self, keyword: &str, node: &Node) -> Option<(Number, Loc)> {
        if let Data::Number(number) = node.data {
            return Some((number, node.loc.clone()));
        }
        self.wrong(keyword, "a number", node);
        None
    }

    pub(super) fn count(&mut self, keyword: &str, node: &Node) -> Option<(u64, Loc)> {
        if let Data::Number(Number::Int(int)) = node.data
            && let Ok(count) = u64::try_from(int)
        {
            return Some((count, node.loc.clone()));
        }
        self.wrong(keyword, "an integer of at least 0", node);
        None
    }

    /// Empty where it is none.
    pub(super) fn object<'n>(&mut self, keyword: &str, node: &'n Node) -> &'n [Member] {
        if let Data::Object(members) = &node.data {
            return members;
        }
        self.wrong(keyword, "an object", node);
        &[]
    }

    /// Empty where it is none.
    pub(super) fn array<'n>(&mut self, keyword: &str, node: &'n Node) -> &'n [Node] {
        if let Data::Array(items) = &node.data {
            return items;
        }
        self.wrong(keyword, "an array", node);
        &[]
    }

    /// An array that says nothing where it is empty.
    pub(super) fn filled<'n>(&mut self, keyword: &str, node: &'n Node) -> &'n [Node] {
        let items = self.array(keyword, node);
        if items.is_empty() && matches!(node.data, Data::Array(_)) {
            self.error(&node.loc, format!("`{keyword}` must not be empty"));
        }
        items
    }

    /// An array of strings, none twice.
    pub(super) fn names(&mut self, keyword: &str, node: &Node) -> Vec<(String, Loc)> {
        let expected = "an array of strings";
        let Data::Array(items) = &node.data else {
            self.wrong(keyword, expected, node);
            return Vec::new();
        };
        let mut names: Vec<(String, Loc)> = Vec::with_capacity(items.len());
        for item in items {
            let Data::String(name) = &item.data else {
                self.wrong(keyword, expected, item);
                continue;
            };
            match names.iter().find(|(other, _)| other == name) {
                Some((_, first)) => self.errors.push(
                    Diagnostic::new(&item.loc, format!("{} stands twice in `{keyword}`", quoted(name)))
                        .label("second")
                        .related("first", first),
                ),
                None => names.push((name.clone(), item.loc.clone())),
            }
        }
        names
    }

    /// A string of a closed list.
    pub(super) fn one_of(&mut self, keyword: &str, known: &[&str], node: &Node) -> Option<String> {
        let all: Vec<String> = known.iter().map(|name| format!("\"{name}\"")).collect();
        let text = match (&node.data, known) {
            (Data::String(text), _) if known.contains(&text.as_str()) => return Some(text.clone()),
            (_, [_]) => {
                self.wrong(keyword, &all[0], node);
                return None;
            }
            (Data::String(text), _) => text,
            (Data::Null | Data::Bool(_) | Data::Number(_) | Data::Array(_) | Data::Object(_), _) => {
                self.wrong(keyword, "a string", node);
                return None;
            }
        };
        let help = match nearest(text, known.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("one of {}", all.join(", ")),
        };
        self.errors.push(Diagnostic::new(&node.loc, format!("`{keyword}` can't be {}", quoted(text))).help(help));
        None
    }

    /// Keys that are not among `known`.
    pub(super) fn unknown_keys(&mut self, of: &str, known: &[&str], members: &[Member]) {
        for Member { key, key_loc, .. } in members {
            if known.contains(&key.as_str()) {
                continue;
            }
            let mut error = Diagnostic::new(key_loc, format!("{of} has no key `{key}`"));
            error.help = Some(match nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    format!("it has {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
                }
            });
            self.errors.push(error);
        }
    }
}

/// The value of a key.
pub(super) fn get<'n>(members: &'n [Member], key: &str) -> Option<&'n Node> {
    members.iter().find(|member| member.key == key).map(|member| &member.value)
}
