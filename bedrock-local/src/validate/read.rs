//! Text → records. What cannot be read is said with its line and column.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Error, Value};

use super::report::{Finding, Report, Verdict};
use crate::judge::Kind;

/// One record of a JSON Lines file: `{"model_id": "…", "body": {…}}`, with `"kind": "response"` or `"stream_event"` where
/// it is no request. Other members are passed over.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Record {
    /// What a caller writes as model ID: an ID, an inference profile or an ARN.
    pub model_id: String,
    /// Which of the model's bodies it is.
    #[serde(default)]
    pub kind: Kind,
    /// The body.
    pub body: Value,
}

impl Record {
    /// Reads a record from its line.
    ///
    /// # Errors
    /// The report on the line, when it is no JSON or no record.
    pub fn from_json(line: &[u8]) -> Result<Self, Box<Report>> {
        let hint = |error: &Error| {
            if error.is_data() {
                "a record is {\"model_id\": \"…\", \"body\": {…}}; a file that is one body is judged with --model"
            } else if error.is_eof() {
                "a record stands on one line; a file that is one body is judged with --model"
            } else {
                ""
            }
        };
        let record = object(line).and_then(|()| serde_json::from_slice(line));
        record
            .and_then(|record| unique(line).map(|()| record))
            .map_err(|error| Box::new(Unreadable::new(&error, hint(&error)).report()))
    }
}

/// Refuses JSON that is no object: a derived reader takes an array for the members of a struct in their order.
fn object(line: &[u8]) -> Result<(), Error> {
    if line.trim_ascii_start().starts_with(b"{") {
        return Ok(());
    }
    serde_json::from_slice::<IgnoredAny>(line)?;
    Err(Error::custom("expected an object"))
}

/// The text without the mark that some editors write before UTF-8.
pub(super) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Reads the one JSON document that a text is.
pub(super) fn document(text: &[u8]) -> Result<Value, Unreadable> {
    let text = without_mark(text);
    let value = serde_json::from_slice(text).and_then(|value| unique(text).map(|()| value));
    value.map_err(|error: Error| {
        let second = error.is_syntax() && error.to_string().starts_with("trailing characters");
        let hint = "with --model a file is one body; leave it out for lines of {\"model_id\": \"…\", \"body\": {…}}";
        Unreadable::new(&error, if second { hint } else { "" })
    })
}

/// Why a text could not be read, and where.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub line: u64,
    pub column: u64,
    pub message: String,
}

impl Unreadable {
    fn new(error: &Error, hint: &str) -> Self {
        // An error that is ours has no place; it is about the whole.
        let (line, column) = (error.line().max(1), error.column().max(1));
        let message = error.to_string();
        let message = message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message);
        let between = if hint.is_empty() { "" } else { ": " };
        Self { line: line as u64, column: column as u64, message: format!("{message}{between}{hint}") }
    }

    pub fn report(self) -> Report {
        let finding =
            Finding { pointer: String::new(), rule: "json".into(), message: self.message, allowed: Value::Null };
        let (line, column) = (self.line, Some(self.column));
        let report = Report::of("", Kind::Request);
        Report { line, column, model: None, verdict: Verdict::Unreadable, findings: vec![finding], ..report }
    }
}

/// Refuses an object that holds a key twice. Parsers disagree on which of the two counts, so what was judged might not be
/// what is meant.
fn unique(text: &[u8]) -> Result<(), Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    Unique.deserialize(&mut deserializer)
}

struct Unique;

impl<'de> DeserializeSeed<'de> for Unique {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` stands twice in one object")));
            }
            seen.insert(key);
            members.next_value_seed(Self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
