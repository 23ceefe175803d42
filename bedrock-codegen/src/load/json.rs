//! Text to a JSON tree in which every value and every key knows its place. Knows nothing about schemas.
//!
//! `jsonc-parser` does the reading, with everything beyond RFC 8259 turned off; [`guard`] refuses before it what
//! it would still let through, and nesting that would overflow a stack.

use std::collections::HashMap;
use std::sync::Arc;

use jsonc_parser::ast;
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Loc, Place, nearest};
use crate::schema::Number;

/// Deeper than any schema written by hand; shallow enough for the recursion of every step on a thread of 2 MiB,
/// also without optimisation.
const MAX_DEPTH: usize = 64;

/// A JSON value.
#[derive(Debug)]
pub(crate) struct Node {
    pub loc: Loc,
    pub data: Data,
}

#[derive(Debug)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// A key and its value. No key stands twice.
#[derive(Debug)]
pub(crate) struct Member {
    pub key: String,
    /// The key, with the pointer of its value.
    pub key_loc: Loc,
    pub value: Node,
}

impl Node {
    /// For `found …` in a message.
    pub(crate) fn found(&self) -> String {
        match &self.data {
            Data::Null => "null".to_owned(),
            Data::Bool(value) => value.to_string(),
            Data::Number(Number::Int(value)) => value.to_string(),
            Data::Number(Number::Float(value)) => value.to_string(),
            Data::String(text) => quoted(text),
            Data::Array(_) => "an array".to_owned(),
            Data::Object(_) => "an object".to_owned(),
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        match &self.data {
            Data::Null => Value::Null,
            Data::Bool(value) => Value::Bool(*value),
            Data::Number(number) => number.to_value(),
            Data::String(text) => Value::String(text.clone()),
            Data::Array(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Data::Object(members) => {
                Value::Object(members.iter().map(|member| (member.key.clone(), member.value.to_value())).collect())
            }
        }
    }
}

/// As JSON writes it, cut where it is long.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return Value::from(text).to_string();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{}…", Value::from(start).to_string().trim_end_matches('"'))
}

/// `None` where the text is no JSON; then there is at least one error.
pub(crate) fn parse(file: &Arc<str>, text: &str, errors: &mut Diagnostics) -> Option<Node> {
    let places = Places::new(file, text);
    if let Some(mistake) = guard(&places) {
        errors.push(mistake);
        return None;
    }
    let ast = read(&places, errors)?;
    Some(Converter { places: &places, errors }.node(&ast, "#"))
}

/// Byte offsets to lines and columns.
struct Places<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    line_starts: Vec<usize>,
    /// Bytes that continue a character: a column counts characters, also on a line of a megabyte.
    continuations: Vec<usize>,
}

impl<'a> Places<'a> {
    fn new(file: &'a Arc<str>, text: &'a str) -> Self {
        let offsets = |keep: fn(u8) -> bool| text.bytes().enumerate().filter(move |(_, b)| keep(*b)).map(|(i, _)| i);
        Self {
            file,
            text,
            line_starts: std::iter::once(0).chain(offsets(|b| b == b'\n').map(|i| i + 1)).collect(),
            continuations: offsets(|b| b & 0b1100_0000 == 0b1000_0000).collect(),
        }
    }

    fn loc(&self, start: usize, end: usize, pointer: &str) -> Loc {
        let line = self.line_starts.partition_point(|&line| line <= start);
        let line_start = self.line_starts[line - 1];
        let before = |offset: usize| self.continuations.partition_point(|&byte| byte < offset);
        let column = start - line_start - (before(start) - before(line_start)) + 1;
        let place = Place {
            file: Arc::clone(self.file),
            pointer: pointer.into(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            start,
            end,
        };
        place.into()
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&self.loc(start, end, "#"), message)
    }
}

/// The first thing that must be refused before parsing.
fn guard(places: &Places<'_>) -> Option<Diagnostic> {
    let text = places.text;
    if text.starts_with('\u{feff}') {
        return Some(
            places
                .error(0, '\u{feff}'.len_utf8(), "the file begins with a byte order mark")
                .help("save it as UTF-8 without BOM"),
        );
    }
    if text.trim().is_empty() {
        return Some(places.error(0, 0, "the file is empty").help("a schema file holds one JSON object"));
    }
    let mut depth = 0_usize;
    let mut string = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if let Some(start) = string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => string = None,
                '\n' | '\r' => {
                    return Some(
                        places
                            .error(start, at, "this string is not closed on its line")
                            .help("close it with `\"`; a line break in a string is written `\\n`"),
                    );
                }
                '\0'..='\u{1f}' => {
                    return Some(
                        places
                            .error(at, end, format!("a string holds the control character U+{:04X}", u32::from(c)))
                            .help(format!("write it as `\\u{:04x}`", u32::from(c))),
                    );
                }
                _ => {}
            }
            continue;
        }
        match c {
            '"' => string = Some(at),
            '{' | '[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(
                        places
                            .error(at, end, format!("nested more than {MAX_DEPTH} levels deep"))
                            .help("give the inner parts names under `$defs`"),
                    );
                }
            }
            '}' | ']' => depth = depth.saturating_sub(1),
            ' ' | '\t' | '\n' | '\r' => {}
            // The parser takes Unicode's white space for white space; JSON does not.
            _ if c.is_whitespace() || c.is_control() => {
                return Some(
                    places
                        .error(at, end, format!("the character U+{:04X} is not white space in JSON", u32::from(c)))
                        .help("replace it with a space"),
                );
            }
            _ => {}
        }
    }
    None
}

fn read<'a>(places: &Places<'a>, errors: &mut Diagnostics) -> Option<ast::Value<'a>> {
    let options = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let mistake = match jsonc_parser::parse_to_ast(places.text, &CollectOptions::default(), &options) {
        Ok(parsed) => match parsed.value {
            Some(value) => return Some(value),
            None => places.error(0, places.text.len(), "the file holds no JSON value"),
        },
        Err(error) => syntax_error(places, error.range(), error.kind()),
    };
    errors.push(mistake);
    None
}

fn syntax_error(places: &Places<'_>, range: Range, kind: &ParseErrorKind) -> Diagnostic {
    let text = places.text;
    // The parser's ranges lie on characters; text that is not ours must not rest on that.
    let start = text.floor_char_boundary(range.start);
    let end = text.floor_char_boundary(range.end).max(start);
    let error = |words: &str| places.error(start, end, format!("not valid JSON: {words}"));
    let words = kind.to_string();
    let mut chars = words.chars();
    let words: String = chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect();
    match kind {
        ParseErrorKind::ExpectedComma => {
            let digit = |c: char| c.is_ascii_digit();
            if text[..start].ends_with('0') && text[start..].starts_with(digit) {
                return error("a number has no leading zero");
            }
            error("expected a comma before this")
        }
        ParseErrorKind::UnexpectedWord | ParseErrorKind::UnexpectedToken => {
            let rest = &text[start..];
            let word = &rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())];
            if word.is_empty() {
                return error(&words);
            }
            let mut error = places.error(start, start + word.len(), format!("not valid JSON: `{word}` is no value"));
            error.help = Some(match nearest(word, ["true", "false", "null"]) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "a value is a string, number, array, object, true, false or null".to_owned(),
            });
            error
        }
        ParseErrorKind::String(_) => error(&words).help("a backslash itself is written `\\\\`"),
        ParseErrorKind::CommentsNotAllowed => error(&words).help("a comment goes into `\"$comment\"`"),
        ParseErrorKind::TrailingCommasNotAllowed => error(&words).help("remove the last comma"),
        ParseErrorKind::ExpectedStringObjectProperty => error(&words).help("keys stand in double quotes"),
        ParseErrorKind::SingleQuotedStringsNotAllowed => error(&words).help("use double quotes"),
        ParseErrorKind::MultipleRootJsonValues => error(&words).help("remove what follows the first value"),
        // Not our enum; every other kind speaks for itself.
        _ => error(&words),
    }
}

struct Converter<'a> {
    places: &'a Places<'a>,
    errors: &'a mut Diagnostics,
}

impl Converter<'_> {
    fn node(&mut self, value: &ast::Value<'_>, pointer: &str) -> Node {
        let loc = self.places.loc(value.start(), value.end(), pointer);
        let data = match value {
            ast::Value::NullKeyword(_) => Data::Null,
            ast::Value::BooleanLit(literal) => Data::Bool(literal.value),
            ast::Value::StringLit(literal) => Data::String(literal.value.clone().into_owned()),
            ast::Value::NumberLit(literal) => Data::Number(Number::parse(literal.value).unwrap_or_else(|| {
                self.errors.error(&loc, format!("the number {} is too large", literal.value));
                Number::Int(0)
            })),
            ast::Value::Array(array) => {
                let items = array.elements.iter().enumerate();
                Data::Array(items.map(|(i, item)| self.node(item, &format!("{pointer}/{i}"))).collect())
            }
            ast::Value::Object(object) => Data::Object(self.members(object, pointer)),
        };
        Node { loc, data }
    }

    fn members(&mut self, object: &ast::Object<'_>, pointer: &str) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::with_capacity(object.properties.len());
        let mut seen: HashMap<String, usize> = HashMap::with_capacity(object.properties.len());
        for property in &object.properties {
            let key = property.name.as_str().to_owned();
            let pointer = format!("{pointer}/{}", escape(&key));
            let key_loc = self.places.loc(property.name.start(), property.name.end(), &pointer);
            let value = self.node(&property.value, &pointer);
            if let Some(&first) = seen.get(&key) {
                self.errors.push(
                    Diagnostic::new(&key_loc, format!("the key {} stands twice in this object", quoted(&key)))
                        .label("second")
                        .related("first", &members[first].key_loc),
                );
                continue;
            }
            seen.insert(key.clone(), members.len());
            members.push(Member { key, key_loc, value });
        }
        members
    }
}

/// A key as a segment of a JSON pointer.
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl Number {
    /// `None` for what no 64-bit float holds. Integral values are integers, however they are written, so that
    /// `1`, `1.0` and `1e0` are one number, as in JSON Schema.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // Beyond 64 bits only a float can hold the value in every JSON library.
        const RANGE: std::ops::RangeInclusive<i128> = i64::MIN as i128..=u64::MAX as i128;
        if let Some(int) = text.parse().ok().filter(|int| RANGE.contains(int)) {
            return Some(Self::Int(int));
        }
        let float: f64 = text.parse().ok().filter(|float: &f64| float.is_finite())?;
        // Up to 2^53 every integer has a float of its own, so nothing is made up here.
        if float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 {
            return Some(Self::Int(float as i128));
        }
        Some(Self::Float(float))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Without duplicate keys, which `serde_json` lets through.
    fn accepted(text: &str) -> bool {
        let mut errors = Diagnostics::default();
        let node = parse(&"a.json".into(), text, &mut errors);
        node.is_some() && errors.0.iter().all(|error| error.message.contains("stands twice"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn what_is_json_is_what_serde_json_reads(
            parts in prop::collection::vec(prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\\", "\\u00e9", "\\ud83d", "\\ude00", "\\n", "\\x41", "'", "//", "/*",
                "0", "-", "1", ".", "5", "e", "+", "1e999", "0x1", "NaN", "true", "null", " ", "\n", "\t", "\u{b}", "\u{a0}",
                "\u{feff}", "é", "日", "\u{0}", "\u{7f}", "\u{2028}",
            ]), 0..12),
            frame in prop::sample::select(vec![("", ""), ("[", "]"), ("{\"k\":", "}"), ("[\"", "\"]"), ("[1", "]")]),
        ) {
            let text = format!("{}{}{}", frame.0, parts.concat(), frame.1);
            prop_assert_eq!(accepted(&text), serde_json::from_str::<Value>(&text).is_ok(), "{:?}", text);
        }
    }

    #[test]
    fn integral_numbers_are_integers() {
        let number = |text| Number::parse(text).unwrap().to_value().to_string();
        assert_eq!(number("1.0"), "1");
        assert_eq!(number("-0.0"), "0");
        assert_eq!(number("25e-1"), "2.5");
        assert_eq!(number("1e3"), "1000");
        assert_eq!(number("18446744073709551615"), "18446744073709551615");
        assert_eq!(number("18446744073709551616"), "1.8446744073709552e+19");
        assert_eq!(Number::parse("1e999"), None);
    }
}
