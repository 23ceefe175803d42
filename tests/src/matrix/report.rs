//! What was tried and what came of it: per kind of mistake, per API, per model.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use serde_json::{Value, json};

use super::crates::{Judged, Outcome, What};
use super::kind::Mistake;
use super::write::Token;
use crate::corpus::Model;

/// Failures of one cause in a text report.
const SHOWN: usize = 60;

/// What may fail.
const FAILURES: [&str; 6] =
    ["missed", "inexact", "inexact as one string", "false alarm", "accepted at run time", "no path at run time"];

/// Numbers of calls.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Wrong calls.
    pub tried: usize,
    /// Those with an error.
    pub caught: usize,
    /// Those with an error on the guilty token.
    pub exact: usize,
    /// Those with an error somewhere else, too.
    pub stray: usize,
    /// Those that have an error naming the guilty place where the body is one string.
    pub string: usize,
    /// Those whose body the types refuse at run time, with a path to the guilty value.
    pub refused: usize,
    /// Valid calls.
    pub valid: usize,
    /// Those with an error, or refused at run time.
    pub false_alarms: usize,
}

impl Tally {
    /// Wrong calls that compile.
    #[must_use]
    pub fn missed(self) -> usize {
        self.tried - self.caught
    }

    fn add(&mut self, other: Self) {
        self.tried += other.tried;
        self.caught += other.caught;
        self.exact += other.exact;
        self.stray += other.stray;
        self.string += other.string;
        self.refused += other.refused;
        self.valid += other.valid;
        self.false_alarms += other.false_alarms;
    }

    fn json(self) -> Value {
        json!({
            "tried": self.tried, "caught": self.caught, "span_exact": self.exact, "missed": self.missed(),
            "also_elsewhere": self.stray, "as_one_string": self.string, "refused_at_run_time": self.refused,
            "valid": self.valid, "false_alarms": self.false_alarms,
        })
    }

    fn line(self, name: &str) -> String {
        format!(
            "{name:<42} {:>6} {:>6} {:>6} {:>6} {:>7} {:>9} {:>6} {:>6}",
            self.tried,
            self.caught,
            self.exact,
            self.missed(),
            self.string,
            self.refused,
            self.valid,
            self.false_alarms
        )
    }
}

/// A call that did not come out as it should.
#[derive(Debug, Clone)]
pub struct Failure {
    pub model: String,
    /// `missed`, `inexact`, `inexact as one string`, `false alarm`, `accepted at run time`, `no path at run time`.
    pub what: &'static str,
    /// The mistake made, and where.
    pub made: String,
    /// Crate and line.
    pub place: String,
    /// What rustc, the types and the validator say.
    pub said: Vec<String>,
}

/// What came of all calls.
#[derive(Debug, Default)]
pub struct Report {
    pub kinds: BTreeMap<Mistake, Tally>,
    pub apis: BTreeMap<String, Tally>,
    pub models: BTreeMap<String, Tally>,
    pub failures: Vec<Failure>,
    /// Models for which no types are generated yet.
    pub untyped: Vec<String>,
    pub crates: usize,
}

impl Report {
    pub(super) fn new(models: &[&'static Model]) -> Self {
        let mut report = Self::default();
        for model in models {
            report.apis.entry(model.api.clone()).or_default();
            report.models.entry(model.file.clone()).or_default();
        }
        report
    }

    pub(super) fn judged(&mut self, outcome: Outcome) {
        self.crates = outcome.crates;
        for judged in &outcome.judged {
            let tally = self.judge(judged);
            let model = judged.call.model;
            self.apis.entry(model.api.clone()).or_default().add(tally);
            self.models.entry(model.file.clone()).or_default().add(tally);
            if let What::Wrong(mistake) = judged.call.what {
                self.kinds.entry(mistake).or_default().add(tally);
            }
        }
        for error in outcome.elsewhere {
            let (model, made, place) = ("?".to_owned(), "an error in no call".to_owned(), String::new());
            self.failures.push(Failure { model, what: "false alarm", made, place, said: vec![error] });
        }
    }

    fn judge(&mut self, judged: &Judged) -> Tally {
        let call = &judged.call;
        let mut tally = Tally::default();
        let mut fail = |what, said: Vec<String>| {
            let made = match call.what {
                What::Valid => "valid".to_owned(),
                What::Wrong(mistake) => format!("{mistake} at {:?}", call.at),
            };
            self.failures.push(Failure {
                model: call.model.file.clone(),
                what,
                made,
                place: judged.place.clone(),
                said,
            });
        };
        let run_time: Vec<String> = call.refused.iter().map(|(words, paths)| format!("{words} {paths:?}")).collect();
        if call.what == What::Valid {
            tally.valid = 1;
            let alarmed = !judged.errors.is_empty() || !judged.string.is_empty() || call.refused.is_some();
            tally.false_alarms = usize::from(alarmed);
            if alarmed {
                fail("false alarm", judged.errors.iter().chain(&judged.string).cloned().chain(run_time).collect());
            }
            return tally;
        }
        tally.tried = 1;
        tally.caught = usize::from(!judged.errors.is_empty());
        tally.exact = usize::from(judged.exact);
        tally.stray = usize::from(judged.exact && judged.stray > 0);
        let validator = || vec![format!("validator: {}", call.said)];
        if judged.errors.is_empty() {
            fail("missed", validator());
        } else if !judged.exact {
            fail("inexact", judged.errors.iter().cloned().chain(validator()).collect());
        }
        tally.string = usize::from(judged.named);
        if !judged.named {
            fail("inexact as one string", judged.string.iter().cloned().chain(validator()).collect());
        }
        match &call.refused {
            None => fail("accepted at run time", validator()),
            Some((_, paths)) if !paths.iter().any(|path| points(path, &call.guilty) || *path == call.carrier) => {
                fail("no path at run time", run_time.into_iter().chain(validator()).collect());
            }
            Some(_) => tally.refused = 1,
        }
        tally
    }

    /// Everything together.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.models.values().for_each(|tally| total.add(*tally));
        total
    }

    /// Failures of one kind, in words.
    #[must_use]
    pub fn failed(&self, what: &str) -> String {
        let failed: Vec<String> =
            self.failures.iter().filter(|failure| failure.what == what).map(ToString::to_string).collect();
        failed.join("\n")
    }

    /// All of it, models and failures included.
    #[must_use]
    pub fn json(&self) -> Value {
        let named = |tallies: &BTreeMap<String, Tally>| -> Value {
            tallies.iter().map(|(name, tally)| (name.clone(), tally.json())).collect()
        };
        let kinds: Value = self.kinds.iter().map(|(kind, tally)| (kind.name().to_owned(), tally.json())).collect();
        let failures: Vec<Value> = self
            .failures
            .iter()
            .map(|failure| {
                json!({
                    "model": failure.model, "what": failure.what, "made": failure.made, "place": failure.place,
                    "said": failure.said,
                })
            })
            .collect();
        json!({
            "kinds": kinds, "apis": named(&self.apis), "models": named(&self.models), "failures": failures,
            "untyped": self.untyped, "crates": self.crates, "total": self.total().json(),
        })
    }
}

/// Whether a path leads to a guilty value, to what holds it, or to what is in it.
fn points(path: &str, guilty: &[Token]) -> bool {
    guilty.iter().any(|token| {
        let (Token::Key(pointer) | Token::Value(pointer) | Token::Object(pointer)) = token;
        let holder = pointer.rsplit_once('/').map_or("", |(holder, _)| holder);
        path == pointer || path == holder || path.starts_with(&format!("{pointer}/"))
    })
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {} ({})", self.what, self.model, self.made, self.place)?;
        self.said.iter().try_for_each(|said| write!(f, "\n    {}", said.replace('\n', "\n    ")))
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = |name: &str| {
            format!(
                "{name:<42} {:>6} {:>6} {:>6} {:>6} {:>7} {:>9} {:>6} {:>6}",
                "tried", "caught", "exact", "missed", "string", "run time", "valid", "false"
            )
        };
        for what in FAILURES {
            let failed: Vec<&Failure> = self.failures.iter().filter(|failure| failure.what == what).collect();
            failed.iter().take(SHOWN).try_for_each(|failure| writeln!(f, "{failure}"))?;
            if failed.len() > SHOWN {
                writeln!(f, "… and {} more {what}", failed.len() - SHOWN)?;
            }
        }
        writeln!(f, "{}", head("mistake"))?;
        self.kinds.iter().try_for_each(|(kind, tally)| writeln!(f, "{}", tally.line(kind.name())))?;
        writeln!(f, "\n{}", head("API"))?;
        self.apis.iter().try_for_each(|(api, tally)| writeln!(f, "{}", tally.line(api)))?;
        if !self.untyped.is_empty() {
            writeln!(f, "\nwithout types, run `cargo xtask regen`: {}", self.untyped.join(", "))?;
        }
        let total = self.total();
        let percent = |part: usize| 100.0 * part as f64 / total.tried.max(1) as f64;
        writeln!(f, "\n{}", total.line(&format!("{} models, {} crates", self.models.len(), self.crates)))?;
        write!(
            f,
            "{:.1} % caught, {:.1} % on the guilty token ({} also elsewhere), {:.1} % named in a string, {:.1} % refused at \
             run time with a path; {} false alarms",
            percent(total.caught),
            percent(total.exact),
            total.stray,
            percent(total.string),
            percent(total.refused),
            total.false_alarms
        )
    }
}
