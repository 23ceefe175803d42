//! The tree of checks. Everything is `const`, so that a model's tree is a handful of statics which may point at each
//! other in a circle.

use std::fmt;

use serde_json::Value;

use super::number::Num;
use super::rules::Rule;

/// What must hold at one place of a body, and below it.
///
/// A place without rules has no node: subtrees that types enforce alone are never walked.
pub struct Node {
    pub(super) rules: &'static [Rule],
    pub(super) below: Below,
}

/// How to go on from a place.
pub enum Below {
    /// Nothing is checked further down.
    Leaf,
    /// By member, where it is present.
    Members(&'static [(&'static str, &'static Node)]),
    /// Every item of a list.
    Items(&'static Node),
    /// Every value of a map.
    Values(&'static Node),
    /// The arm that the member of this name chooses; the last part is for its absence. An unknown tag is left alone.
    Tagged(&'static str, &'static [(&'static str, &'static Node)], Option<&'static Node>),
    /// The arm whose key is there.
    Keyed(&'static [(&'static str, &'static Node)]),
    /// The arm that the kind of JSON chooses.
    Kinds(&'static [(Kind, &'static Node)]),
    /// Free JSON: what stands here is the caller's own, and no rule counts it.
    Free,
}

/// A kind of JSON, as `type` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction, such as `512` and `512.0`.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Node {
    /// Checks nothing.
    pub const NONE: Self = Self::new(&[], Below::Leaf);

    /// A place with its rules, and what comes below it.
    pub const fn new(rules: &'static [Rule], below: Below) -> Self {
        Self { rules, below }
    }

    /// Whether there is nothing to check here and below.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && matches!(self.below, Below::Leaf)
    }

    /// Whether the value chooses how to go on.
    pub(super) fn is_union(&self) -> bool {
        matches!(self.below, Below::Tagged(..) | Below::Keyed(_) | Below::Kinds(_))
    }

    /// The node of the union's arm that `value` is in; of anything else the node itself.
    pub(super) fn settle(&'static self, value: &Value) -> Option<&'static Self> {
        match &self.below {
            Below::Tagged(tag, arms, default) => match value.as_object()?.get(*tag) {
                Some(tag) => named(arms, tag.as_str()?),
                None => *default,
            },
            Below::Keyed(arms) => {
                let members = value.as_object()?;
                arms.iter().find(|(key, _)| members.contains_key(*key)).map(|(_, node)| *node)
            }
            Below::Kinds(arms) => arms.iter().find(|(kind, _)| kind.holds(value)).map(|(_, node)| *node),
            Below::Leaf | Below::Members(_) | Below::Items(_) | Below::Values(_) | Below::Free => Some(self),
        }
    }

    /// The node of a member, of a place that is no union.
    pub(super) fn member(&self, name: &str) -> Option<&'static Self> {
        match &self.below {
            Below::Members(members) => named(members, name),
            Below::Values(node) => Some(node),
            Below::Leaf | Below::Items(_) | Below::Tagged(..) | Below::Keyed(_) | Below::Kinds(_) | Below::Free => None,
        }
    }

    /// The node of the items, of a place that is no union.
    pub(super) fn item(&self) -> Option<&'static Self> {
        match &self.below {
            Below::Items(node) => Some(node),
            Below::Leaf
            | Below::Members(_)
            | Below::Values(_)
            | Below::Tagged(..)
            | Below::Keyed(_)
            | Below::Kinds(_)
            | Below::Free => None,
        }
    }
}

fn named(nodes: &'static [(&'static str, &'static Node)], name: &str) -> Option<&'static Node> {
    nodes.iter().find(|(known, _)| *known == name).map(|(_, node)| *node)
}

/// Not the tree: it may be endless.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl Kind {
    /// Whether `value` is of this kind.
    pub(super) fn holds(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::String, Value::String(_))
            | (Self::Array, Value::Array(_))
            | (Self::Object, Value::Object(_)) => true,
            (Self::Integer, Value::Number(number)) => Num::of(number).is_integer(),
            _ => false,
        }
    }

    /// With its article.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "a list",
            Self::Object => "an object",
        }
    }
}
