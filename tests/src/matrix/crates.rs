//! Calls as crates, rustc's errors back to the calls.

use std::fs;
use std::ops::Range;
use std::path::Path;

use super::kind::Mistake;
use super::write::{Token, Written};
use super::{owner, parallel};
use crate::compile::{Compiler, Found};
use crate::corpus::Model;

/// Calls in one crate: rustc's own start is then a small part of the time.
const CALLS: usize = 250;

/// A call of `request!`.
#[derive(Debug)]
pub(super) struct Call {
    pub model: &'static Model,
    /// Of the marker.
    pub path: String,
    pub what: What,
    pub written: Written,
    pub guilty: Vec<Token>,
    pub at: String,
    /// Pointer of the object in which the mistake was made: what breaks a rule between values may be said there.
    pub carrier: String,
    /// What the types say at run time, and where; `None` where they accept.
    pub refused: Option<(String, Vec<String>)>,
    /// What the validator says.
    pub said: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Valid,
    Wrong(Mistake),
}

/// What rustc says of a call.
#[derive(Debug)]
pub(super) struct Judged {
    pub call: Call,
    /// An error lies on a guilty token.
    pub exact: bool,
    /// All errors: line and columns in the crate, and the message.
    pub errors: Vec<String>,
    /// Errors beside the guilty tokens.
    pub stray: usize,
    /// What is said of the same body in one string.
    pub string: Vec<String>,
    /// An error there names the guilty place.
    pub named: bool,
    /// The crate and the line of the call in it.
    pub place: String,
}

/// Compiles all calls. Valid ones have crates of their own: where a macro reports an error, rustc looks less closely at
/// the types of the others.
pub(super) fn compile(calls: Vec<Call>, folder: &Path) -> Result<Outcome, String> {
    let compiler = Compiler::new()?;
    let mut crates: Vec<(String, Vec<Call>)> = Vec::new();
    for call in calls {
        let name = format!("{}-{}", owner(call.model), if call.what == What::Valid { "valid" } else { "wrong" });
        let same = |(known, calls): &(String, Vec<Call>)| {
            calls.len() < CALLS && known.rsplit_once('-').is_some_and(|(known, _)| known == name)
        };
        match crates.iter().position(same) {
            Some(index) => crates[index].1.push(call),
            None => {
                let number = crates.iter().filter(|(known, _)| known.starts_with(&name)).count();
                crates.push((format!("{name}-{number}"), vec![call]));
            }
        }
    }
    // What an earlier run left would be read as part of this one.
    if folder.is_dir() {
        fs::remove_dir_all(folder).map_err(|error| format!("can't remove {}: {error}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|error| format!("can't make {}: {error}", folder.display()))?;
    let texts: Vec<(String, Source)> =
        crates.iter().map(|(name, calls)| (format!("{name}.rs"), Source::new(calls))).collect();
    for (file, source) in &texts {
        let path = folder.join(file);
        fs::write(&path, &source.text).map_err(|error| format!("can't write {}: {error}", path.display()))?;
    }
    let found = parallel(&texts, |(file, _)| compiler.compile(folder, file));
    let mut outcome = Outcome { crates: crates.len(), judged: Vec::new(), elsewhere: Vec::new() };
    for (((_, calls), (file, source)), found) in crates.into_iter().zip(&texts).zip(found) {
        source.judge(file, calls, &found?, &mut outcome);
    }
    Ok(outcome)
}

/// What came of all crates.
#[derive(Debug)]
pub(super) struct Outcome {
    pub crates: usize,
    pub judged: Vec<Judged>,
    /// Errors in no call.
    pub elsewhere: Vec<String>,
}

/// The text of a crate.
struct Source {
    text: String,
    /// Where each body begins.
    bodies: Vec<usize>,
    /// Where each string begins.
    strings: Vec<usize>,
    /// The lines of each call, from 1.
    lines: Vec<Range<usize>>,
    starts: Vec<usize>,
}

impl Source {
    fn new(calls: &[Call]) -> Self {
        let mut text = String::from("#![allow(deprecated)]\n\nuse bedrock_models::request;\n\nfn main() {}\n");
        let (mut bodies, mut strings, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        let mut line = text.lines().count() + 1;
        for (number, call) in calls.iter().enumerate() {
            let head = match call.what {
                What::Valid => format!("\n// {}: valid\n", call.model.file),
                What::Wrong(mistake) => format!("\n// {}: {mistake} at {:?}\n", call.model.file, call.at),
            };
            let begin = text.len();
            text += &head;
            text += &format!("fn call_{number}() {{\n    let _ = request!({} ", call.path);
            bodies.push(text.len());
            text += &call.written.text;
            text += &format!(");\n    let _ = request!({} ", call.path);
            strings.push(text.len());
            text += &call.written.string;
            text += ");\n}\n";
            let count = text[begin..].matches('\n').count();
            lines.push(line..line + count);
            line += count;
        }
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, bodies, strings, lines, starts }
    }

    /// Line, and the columns there, in characters from 1, as the compiler's messages have them: of many lines, the first.
    fn place(&self, range: &Range<usize>) -> (usize, usize, usize) {
        let line = self.starts.partition_point(|start| *start <= range.start);
        let start = self.starts[line - 1];
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        let column = |at: usize| self.text[start..at].chars().count() + 1;
        (line, column(range.start), column(range.end.min(end)))
    }

    fn judge(&self, file: &str, calls: Vec<Call>, found: &[Found], outcome: &mut Outcome) {
        let errors: Vec<&Found> = found.iter().filter(|found| found.level == "ERROR").collect();
        let mut taken = vec![false; errors.len()];
        for (index, call) in calls.into_iter().enumerate() {
            let allowed: Vec<_> = call
                .guilty
                .iter()
                .flat_map(|token| call.written.ranges(token))
                .map(|range| self.place(&(range.start + self.bodies[index]..range.end + self.bodies[index])))
                .collect();
            let (mut exact, mut stray, mut own) = (false, 0, Vec::new());
            let (mut named, mut string) = (false, Vec::new());
            let (second, start, _) = self.place(&(self.strings[index]..self.strings[index] + 1));
            let pointers: Vec<String> = call.guilty.iter().map(Token::named).collect();
            for (number, error) in errors.iter().enumerate() {
                let Some(place) = error.place.as_ref().filter(|place| self.lines[index].contains(&place.line)) else {
                    continue;
                };
                taken[number] = true;
                if place.line == second {
                    named |= place.start == start && pointers.iter().any(|pointer| error.message.contains(pointer));
                    string.push(error.message.clone());
                    continue;
                }
                let hit = allowed.contains(&(place.line, place.start, place.end));
                exact |= hit;
                stray += usize::from(!hit);
                own.push(format!("{}:{}-{}: {}", place.line, place.start, place.end, error.message));
            }
            let place = format!("{file}:{}", self.lines[index].start + 1);
            outcome.judged.push(Judged { call, exact, errors: own, stray, string, named, place });
        }
        let left = errors.iter().zip(taken).filter(|(_, taken)| !taken);
        outcome.elsewhere.extend(left.map(|(error, _)| format!("{file}: {}", error.rendered.trim_end())));
    }
}
