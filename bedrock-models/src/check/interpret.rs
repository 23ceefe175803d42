//! Walks a body beside the tree of its checks.

use std::fmt::Write;

use serde_json::Value;

use super::judge::{Words, broken};
use super::node::{Below, Node};
use super::violation::{Violation, Violations};

/// Judges a body by the tree of a model: all mistakes at once.
pub fn check(node: &'static Node, body: &Value) -> Result<(), Violations> {
    let mut walk = Walk { path: Vec::new(), found: Vec::new() };
    walk.visit(node, body);
    Violations::finish(walk.found)
}

/// A step from a value to one below it.
#[derive(Clone, Copy)]
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

struct Walk<'a> {
    path: Vec<Step<'a>>,
    found: Vec<Violation>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, node: &'static Node, value: &'a Value) {
        for rule in node.rules {
            for broken in broken(rule, value, Some(node)) {
                let path = format!("{}{}", self.pointer(), broken.at);
                let message = match broken.words {
                    Words::Predicate(words) => format!("{} {words}", self.subject(&broken.at)),
                    Words::Sentence(words) => words,
                };
                self.found.push(Violation { path, rule: broken.rule, message, allowed: broken.allowed });
            }
        }
        match &node.below {
            Below::Leaf | Below::Free => {}
            Below::Members(nodes) => {
                let Some(members) = value.as_object() else { return };
                for (name, node) in *nodes {
                    if let Some(member) = members.get(*name) {
                        self.step(Step::Member(name), node, member);
                    }
                }
            }
            Below::Items(node) => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.step(Step::Item(i), node, item);
                }
            }
            Below::Values(node) => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    self.step(Step::Member(name), node, member);
                }
            }
            Below::Tagged(..) | Below::Keyed(_) | Below::Kinds(_) => {
                if let Some(arm) = node.settle(value) {
                    self.visit(arm, value);
                }
            }
        }
    }

    fn step(&mut self, step: Step<'a>, node: &'static Node, value: &'a Value) {
        self.path.push(step);
        self.visit(node, value);
        self.path.pop();
    }

    fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |mut pointer, step| {
            let written = match step {
                Step::Member(name) => write!(pointer, "/{}", name.replace('~', "~0").replace('/', "~1")),
                Step::Item(index) => write!(pointer, "/{index}"),
            };
            debug_assert!(written.is_ok(), "writing to a string succeeds");
            pointer
        })
    }

    /// What a sentence calls the place: "`temperature`", "item 3 of `stop_sequences`".
    fn subject(&self, below: &str) -> String {
        if let Some((_, last)) = below.rsplit_once('/') {
            // A rule between members names the whole way, as its other side does.
            let way = below.trim_start_matches('/').replace('/', ".");
            return if last.is_empty() { "the value".to_owned() } else { format!("`{way}`") };
        }
        let items = self.path.iter().rev().take_while(|step| matches!(step, Step::Item(_))).count();
        let (above, indices) = self.path.split_at(self.path.len() - items);
        let mut subject = match above.last() {
            Some(Step::Member(name)) => format!("`{name}`"),
            Some(Step::Item(_)) | None => "the request".to_owned(),
        };
        for step in indices {
            if let Step::Item(index) = step {
                subject = format!("item {index} of {subject}");
            }
        }
        subject
    }
}
