//! A body as a user writes it in `request!`: one member a line, bare keys where they are identifiers.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

use serde_json::Value;

/// Rust tokens of a body, and where in them each value stands.
#[derive(Debug, Clone)]
pub struct Written {
    pub text: String,
    /// The same body as one string.
    pub string: String,
    /// By JSON pointer: the key, where it has one, and the value.
    places: HashMap<String, (Option<Range<usize>>, Range<usize>)>,
}

/// A token, or the tokens of one value, by JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Key(String),
    Value(String),
    /// What lacks something: its opening brace, or all of it.
    Object(String),
}

impl Token {
    /// As a message about a string says it.
    pub(super) fn named(&self) -> String {
        let (Self::Key(pointer) | Self::Value(pointer) | Self::Object(pointer)) = self;
        format!("\nat {pointer}{}line 1, column", if pointer.is_empty() { "" } else { ", " })
    }
}

impl Written {
    /// Writes a body.
    #[must_use]
    pub fn new(body: &Value) -> Self {
        let mut written = Self { text: String::new(), string: string(body), places: HashMap::new() };
        written.value(body, &mut String::new(), 1, None);
        written
    }

    /// Where a token stands; nowhere, where the body does not have it.
    #[must_use]
    pub fn ranges(&self, token: &Token) -> Vec<Range<usize>> {
        let (Token::Key(pointer) | Token::Value(pointer) | Token::Object(pointer)) = token;
        let Some((key, value)) = self.places.get(pointer) else { return Vec::new() };
        match token {
            Token::Key(_) => key.iter().cloned().collect(),
            Token::Value(_) => vec![value.clone()],
            Token::Object(_) => vec![value.start..value.start + 1, value.clone()],
        }
    }

    fn value(&mut self, value: &Value, pointer: &mut String, depth: usize, key: Option<Range<usize>>) {
        let start = self.text.len();
        match value {
            Value::Object(members) if !members.is_empty() => {
                self.text.push('{');
                for (name, member) in members {
                    self.line(depth);
                    let start = self.text.len();
                    self.text.push_str(&written_key(name));
                    let key = start..self.text.len();
                    self.text.push_str(": ");
                    self.below(name, member, pointer, depth, Some(key));
                    self.text.push(',');
                }
                self.line(depth - 1);
                self.text.push('}');
            }
            Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.line(depth);
                    self.below(&index.to_string(), item, pointer, depth, None);
                    self.text.push(',');
                }
                self.line(depth - 1);
                self.text.push(']');
            }
            Value::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.text.push_str(", ");
                    }
                    self.below(&index.to_string(), item, pointer, depth, None);
                }
                self.text.push(']');
            }
            Value::Object(_) => self.text.push_str("{}"),
            // Rust's escapes, not JSON's.
            Value::String(text) => self.text.push_str(&format!("{text:?}")),
            scalar => self.text.push_str(&scalar.to_string()),
        }
        self.places.insert(pointer.clone(), (key, start..self.text.len()));
    }

    fn below(&mut self, step: &str, value: &Value, pointer: &mut String, depth: usize, key: Option<Range<usize>>) {
        let length = pointer.len();
        // Writing to a string can't fail.
        let _ = write!(pointer, "/{}", escape(step));
        self.value(value, pointer, depth + 1, key);
        pointer.truncate(length);
    }

    fn line(&mut self, depth: usize) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("    ", depth));
    }
}

/// JSON with the escapes that Rust does not have, in a raw string.
fn string(body: &Value) -> String {
    let mut json = String::new();
    for c in body.to_string().chars() {
        if c.is_ascii() {
            json.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string can't fail.
                let _ = write!(json, "\\u{unit:04x}");
            }
        }
    }
    let mut hashes = String::from("#");
    while json.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{json}\"{hashes}")
}

/// A key as a segment of a JSON pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Segments as a JSON pointer.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().map(|step| format!("/{}", escape(step))).collect()
}

fn written_key(key: &str) -> String {
    let mut letters = key.chars();
    let first = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    // A lone `_` is no name.
    if first && key != "_" && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        key.to_owned()
    } else {
        format!("{key:?}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tokens_are_where_they_are_said_to_be() {
        let body = json!({ "a-b": [{ "type": "x\n" }, 1.5], "n": -7, "e": [1, 2] });
        let written = Written::new(&body);
        let text =
            |token: Token| written.ranges(&token).into_iter().map(|range| &written.text[range]).collect::<Vec<_>>();
        assert_eq!(text(Token::Key("/a-b".into())), ["\"a-b\""]);
        assert_eq!(text(Token::Key("/a-b/0/type".into())), ["type"]);
        assert_eq!(text(Token::Value("/a-b/0/type".into())), ["\"x\\n\""]);
        assert_eq!(text(Token::Value("/n".into())), ["-7"]);
        assert_eq!(text(Token::Value("/e/1".into())), ["2"]);
        assert_eq!(text(Token::Object(String::new()))[0], "{");
        assert!(text(Token::Key("/none".into())).is_empty());
    }
}
