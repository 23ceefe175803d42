//! What rustc says, read from its JSON.

use serde_json::Value;

use super::marks::{Mark, Place};

/// A diagnostic of rustc.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where in the case; `None` where it is somewhere else.
    pub place: Option<Place>,
    /// `ERROR` or `WARNING`.
    pub level: String,
    /// The error code or the lint.
    pub code: Option<String>,
    /// The message alone.
    pub message: String,
    /// Message, labels and notes, on one line.
    pub text: String,
    /// As a user sees it.
    pub rendered: String,
}

/// The diagnostics in rustc's output, a line each, about `file`.
pub fn messages(output: &str, file: &str) -> Vec<Found> {
    output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| found(&message, file))
        .collect()
}

fn found(message: &Value, file: &str) -> Option<Found> {
    let level = match message["level"].as_str()? {
        "warning" => "WARNING",
        level if level.starts_with("error") => "ERROR",
        _ => return None,
    };
    let spans = message["spans"].as_array()?;
    let words = message["message"].as_str()?;
    // The count at the end.
    if spans.is_empty() && (words.contains("aborting due to") || words.contains("emitted")) {
        return None;
    }
    let labels = spans.iter().filter_map(|span| span["label"].as_str());
    let notes = message["children"].as_array()?.iter().filter_map(|child| child["message"].as_str());
    let text: Vec<&str> = std::iter::once(words).chain(labels).chain(notes).collect();
    Some(Found {
        place: spans.iter().find(|span| span["is_primary"] == true).and_then(|span| place(span, file)),
        level: level.to_owned(),
        code: message["code"]["code"].as_str().map(str::to_owned),
        message: words.to_owned(),
        text: one_line(&text.join(" ")),
        rendered: message["rendered"].as_str().unwrap_or(words).to_owned(),
    })
}

/// Of a span of many lines, what stands on its first.
fn place(span: &Value, file: &str) -> Option<Place> {
    if span["file_name"].as_str()? != file {
        return None;
    }
    let number = |key: &str| span[key].as_u64().and_then(|number| usize::try_from(number).ok());
    let (line, start) = (number("line_start")?, number("column_start")?);
    let end = if number("line_end")? == line {
        number("column_end")?
    } else {
        span["text"][0]["text"].as_str()?.chars().count() + 1
    };
    Some(Place { line, start, end })
}

/// Message text with its line breaks as spaces.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Found {
    /// Whether this is what a mark expects.
    pub fn is(&self, mark: &Mark) -> bool {
        let mut rest = self.text.as_str();
        self.place.as_ref() == Some(&mark.place)
            && self.level == mark.level
            && self.code == mark.code
            && mark.words.iter().all(|words| {
                let words = one_line(words);
                let at = rest.find(&words);
                at.inspect(|at| rest = &rest[at + words.len()..]).is_some()
            })
    }
}
