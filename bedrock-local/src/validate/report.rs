//! What is said about a record.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::judge::{self, JudgeError, Kind};

/// What came of one record. As JSON it is one object with these members.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The line, from 1, where the record stands; of an unreadable one, where reading it failed.
    pub line: u64,
    /// Where on that line reading failed, in bytes from 1; only of an unreadable record.
    pub column: Option<u64>,
    /// The model as the record names it; `None` of an unreadable record.
    pub model: Option<String>,
    /// Which of the model's bodies it is.
    pub kind: Kind,
    /// The verdict by the model's schema.
    pub verdict: Verdict,
    /// What is wrong, one for each slip; empty where the body was accepted.
    pub findings: Vec<Finding>,
    /// What the generated types say.
    pub typed: Typed,
    /// The two judges disagree: how, and what to do. A mistake of this project and not of the body.
    pub bug: Option<String>,
}

impl Report {
    /// A report with nothing in it yet.
    pub(super) fn of(model_id: &str, kind: Kind) -> Self {
        Self {
            line: 1,
            column: None,
            model: Some(model_id.to_owned()),
            kind,
            verdict: Verdict::Accepted,
            findings: Vec::new(),
            typed: Typed::None,
            bug: None,
        }
    }

    /// Whether there is nothing to say: accepted, and by both judges.
    pub fn is_clean(&self) -> bool {
        self.verdict == Verdict::Accepted && self.bug.is_none()
    }
}

/// One line for each thing that is wrong: `3: model: pointer: message [rule]`. Nothing where nothing is.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut place = self.line.to_string();
        if let Some(column) = self.column {
            place.push_str(&format!(":{column}"));
        }
        if let Some(model) = &self.model {
            place.push_str(&format!(": {}", visible(model)));
            if self.kind != Kind::Request {
                place.push_str(&format!(" ({})", self.kind.name()));
            }
        }
        let mut between = "";
        for finding in &self.findings {
            write!(f, "{between}{place}: {finding}")?;
            between = "\n";
        }
        if let Some(bug) = &self.bug {
            write!(f, "{between}{place}: {}", visible(bug))?;
        }
        Ok(())
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The body fits.
    Accepted,
    /// It does not; the findings say why.
    Refused,
    /// The body could not be judged: no such model is known, or there is no schema of its bodies.
    UnknownModel,
    /// It is no JSON, or no record.
    Unreadable,
}

/// What the generated types say about a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Typed {
    /// Decoded and encoded again it is the same JSON, numbers by value.
    Same,
    /// Decoded and encoded again it is other JSON.
    Differs,
    /// It cannot be decoded, or the model's check refuses it.
    Refused,
    /// The model has no types here, or the body was not judged at all.
    None,
}

/// One thing that is wrong with a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// JSON pointer to the guilty value in the body. An unknown key is pointed at itself, a missing one at the object
    /// that lacks it. Empty: the whole body.
    pub pointer: String,
    /// The keyword of JSON Schema that refuses, or the name of a rule of `x-rules`; of a record that was not judged
    /// `model`, `kind` or `json`.
    pub rule: String,
    /// What is wrong and what is wanted, for people, with the nearest name where there is one.
    pub message: String,
    /// What would be accepted: an array of values, keys or types, a bound, or `null`.
    pub allowed: Value,
}

impl Finding {
    /// What is wrong with a record that was not judged.
    pub(super) fn of_record(rule: &str, error: &JudgeError) -> Self {
        Self { pointer: String::new(), rule: rule.to_owned(), message: error.to_string(), allowed: Value::Null }
    }
}

impl From<judge::Finding> for Finding {
    fn from(finding: judge::Finding) -> Self {
        Self {
            rule: finding.rule_name().to_owned(),
            allowed: finding.accepts(),
            pointer: finding.pointer,
            message: finding.message,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let judged = !matches!(self.rule.as_str(), "model" | "kind" | "json");
        match self.pointer.as_str() {
            "" if judged => f.write_str("the body: ")?,
            "" => {}
            pointer => write!(f, "{}: ", visible(pointer))?,
        }
        write!(f, "{} [{}]", visible(&self.message), self.rule)
    }
}

/// Keys and IDs are somebody else's text: on a terminal, and on one line, they must stay text.
fn visible(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if c.is_control() {
            out.extend(c.escape_default())
        } else {
            out.push(c)
        }
        out
    })
}

/// How many records there were of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// All of them.
    pub records: u64,
    /// Those that fit.
    pub accepted: u64,
    /// Those that do not.
    pub refused: u64,
    /// Those of models that are not known.
    pub unknown: u64,
    /// Those that are no JSON, or no records.
    pub unreadable: u64,
    /// Those on which the two judges disagree; they are counted above too.
    pub bugs: u64,
}

impl Summary {
    /// Counts a record.
    pub fn add(&mut self, report: &Report) {
        self.records += 1;
        *match report.verdict {
            Verdict::Accepted => &mut self.accepted,
            Verdict::Refused => &mut self.refused,
            Verdict::UnknownModel => &mut self.unknown,
            Verdict::Unreadable => &mut self.unreadable,
        } += 1;
        self.bugs += u64::from(report.bug.is_some());
    }

    /// Whether all records were accepted, by both judges.
    pub fn is_clean(&self) -> bool {
        self.accepted == self.records && self.bugs == 0
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let records = if self.records == 1 { "1 record".to_owned() } else { format!("{} records", self.records) };
        write!(f, "{records}: {} accepted, {} refused, {} unknown", self.accepted, self.refused, self.unknown)?;
        if self.unreadable > 0 {
            write!(f, ", {} unreadable", self.unreadable)?;
        }
        if self.bugs > 0 {
            write!(f, "; the judges disagree on {}: please report it", self.bugs)?;
        }
        Ok(())
    }
}
