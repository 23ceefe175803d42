//! Questions about a value: whether they hold, what is missing where they don't, and how a reader says them.

use serde_json::Value;

use super::judge::{Broken, Words, broken, equals};
use super::rules::{Literal, Rule, Test};
use super::words::{alternatives, found, list, pointer};

impl Test {
    pub(super) fn holds(&self, value: &Value) -> bool {
        match self {
            Self::All(tests) => tests.iter().all(|test| test.holds(value)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(value)),
            Self::Not(test) => !test.holds(value),
            Self::Present(names) => {
                value.as_object().is_none_or(|members| names.iter().all(|name| members.contains_key(*name)))
            }
            Self::Member(name, test) => {
                value.as_object().and_then(|members| members.get(*name)).is_none_or(|value| test.holds(value))
            }
            Self::Items(test) => value.as_array().is_none_or(|items| items.iter().all(|item| test.holds(item))),
            Self::OneOf(allowed) => allowed.iter().any(|literal| equals(literal, value)),
            Self::Rules(rules) => rules.iter().all(|rule| broken(rule, value, None).is_empty()),
            Self::Never => false,
            Self::Kinds(kinds) => kinds.iter().any(|kind| kind.holds(value)),
        }
    }

    /// The parts that do not hold of a `then` or an `else`; `why` ends each message.
    pub(super) fn explain(&self, value: &Value, at: &str, why: &str, broken_rules: &mut Vec<Broken>) {
        if self.holds(value) {
            return;
        }
        let mut say = |rule, words: Words, at: String| {
            broken_rules.push(Broken { rule, at, words, allowed: Vec::new() });
        };
        match self {
            Self::All(tests) => {
                for test in *tests {
                    test.explain(value, at, why, broken_rules);
                }
            }
            Self::Present(names) => {
                for name in names.iter().filter(|name| value.get(**name).is_none()) {
                    say("required", Words::Sentence(format!("`{name}` is required {why}: set it")), at.to_owned());
                }
            }
            Self::Member(name, test) => {
                let Some(member) = value.get(*name) else { return };
                let at = format!("{at}{}", pointer(name));
                match test {
                    Self::Never => {
                        say("properties", Words::Sentence(format!("`{name}` can't be set {why}: leave it out")), at);
                    }
                    _ => test.explain(member, &at, why, broken_rules),
                }
            }
            Self::Items(test) => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    test.explain(item, &format!("{at}/{i}"), why, broken_rules);
                }
            }
            Self::OneOf(allowed) => {
                let words = format!("must be {} {why}, found {}", alternatives(allowed), found(value));
                broken_rules.push(Broken {
                    rule: "enum",
                    at: at.to_owned(),
                    words: Words::Predicate(words),
                    allowed: allowed.iter().map(Literal::to_string).collect(),
                });
            }
            Self::Rules(rules) => {
                for rule in *rules {
                    for mut broken in broken(rule, value, None) {
                        broken.at.insert_str(0, at);
                        let (Words::Predicate(words) | Words::Sentence(words)) = &mut broken.words;
                        words.push(' ');
                        words.push_str(why);
                        broken_rules.push(broken);
                    }
                }
            }
            Self::Not(Self::Present([name])) => {
                say(
                    "not",
                    Words::Sentence(format!("`{name}` can't be set {why}: leave it out")),
                    format!("{at}{}", pointer(name)),
                );
            }
            Self::Not(Self::Present(names)) => {
                say(
                    "not",
                    Words::Sentence(format!("{} can't be set together {why}: leave one out", list(names, "and"))),
                    at.to_owned(),
                );
            }
            Self::Kinds(kinds) => {
                let kinds: Vec<_> = kinds.iter().map(|kind| kind.words()).collect();
                say("type", Words::Predicate(format!("must be {} {why}", kinds.join(" or "))), at.to_owned());
            }
            Self::Any(_) | Self::Not(_) | Self::Never => {
                let words = match self.words() {
                    Some(words) => format!("it must hold that {words}, {why}"),
                    None => format!("this is not allowed {why}"),
                };
                say("if", Words::Sentence(words), at.to_owned());
            }
        }
    }

    /// The test as a clause: "`type` is "auto"". `None` where it has no short form.
    pub(super) fn words(&self) -> Option<String> {
        match self {
            Self::All(tests) => {
                // `required` beside the member's own test adds nothing for a reader.
                let told =
                    |name: &str| tests.iter().any(|test| matches!(test, Self::Member(other, _) if *other == name));
                let told = |test: &Self| matches!(test, Self::Present(names) if names.iter().all(|name| told(name)));
                let words: Option<Vec<_>> = tests.iter().filter(|test| !told(test)).map(Self::words).collect();
                words.filter(|words| !words.is_empty()).map(|words| words.join(" and "))
            }
            Self::Any(tests) => {
                let words: Option<Vec<_>> = tests.iter().map(Self::words).collect();
                words.filter(|words| !words.is_empty()).map(|words| words.join(" or "))
            }
            Self::Not(Self::Present([name])) => Some(format!("`{name}` is not set")),
            Self::Present([name]) => Some(format!("`{name}` is set")),
            Self::Present(names) => Some(format!("{} are set", list(names, "and"))),
            Self::Member(name, Self::Never) => Some(format!("`{name}` is not set")),
            Self::Member(name, Self::OneOf(values)) => Some(format!("`{name}` is {}", alternatives(values))),
            Self::Member(name, Self::Not(Self::OneOf(values))) => {
                Some(format!("`{name}` is not {}", alternatives(values)))
            }
            Self::Member(name, Self::Kinds([kind])) => Some(format!("`{name}` is {}", kind.words())),
            Self::Member(name, Self::Rules([Rule::Minimum(limit)])) => Some(format!("`{name}` is at least {limit}")),
            Self::Member(name, Self::Rules([Rule::Maximum(limit)])) => Some(format!("`{name}` is at most {limit}")),
            Self::Member(name, Self::Rules([Rule::ExclusiveMinimum(limit)])) => {
                Some(format!("`{name}` is more than {limit}"))
            }
            Self::Member(name, Self::Rules([Rule::ExclusiveMaximum(limit)])) => {
                Some(format!("`{name}` is less than {limit}"))
            }
            Self::Member(..)
            | Self::Not(_)
            | Self::Items(_)
            | Self::OneOf(_)
            | Self::Rules(_)
            | Self::Never
            | Self::Kinds(_) => None,
        }
    }
}
