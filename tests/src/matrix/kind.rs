//! Kinds of mistakes, and what a schema without them would not say.

use std::fmt;

use crate::schema::Layer;

/// A kind of mistake that a user makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mistake {
    MisspeltKey,
    NonsenseKey,
    MissingKey,
    WrongType,
    WrongValue,
    TooLow,
    TooHigh,
    OutputCap,
    NotAMultiple,
    TooLong,
    TooShort,
    Pattern,
    TooManyItems,
    TooFewItems,
    ItemTwice,
    Exclusive,
    NeedsAnother,
    Condition,
    Rule,
    WrongTag,
    OtherVariant,
    Sibling,
    MapKey,
    MemberCount,
    Base64,
}

impl Mistake {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 25] = [
        Self::MisspeltKey,
        Self::NonsenseKey,
        Self::MissingKey,
        Self::WrongType,
        Self::WrongValue,
        Self::TooLow,
        Self::TooHigh,
        Self::OutputCap,
        Self::NotAMultiple,
        Self::TooLong,
        Self::TooShort,
        Self::Pattern,
        Self::TooManyItems,
        Self::TooFewItems,
        Self::ItemTwice,
        Self::Exclusive,
        Self::NeedsAnother,
        Self::Condition,
        Self::Rule,
        Self::WrongTag,
        Self::OtherVariant,
        Self::Sibling,
        Self::MapKey,
        Self::MemberCount,
        Self::Base64,
    ];

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MisspeltKey => "misspelt key",
            Self::NonsenseKey => "key that nobody knows",
            Self::MissingKey => "missing key",
            Self::WrongType => "wrong type",
            Self::WrongValue => "value not in enum",
            Self::TooLow => "below the range",
            Self::TooHigh => "above the range",
            Self::OutputCap => "above the output cap",
            Self::NotAMultiple => "not a multiple",
            Self::TooLong => "too long",
            Self::TooShort => "too short",
            Self::Pattern => "against the pattern",
            Self::TooManyItems => "too many items",
            Self::TooFewItems => "too few items",
            Self::ItemTwice => "item twice",
            Self::Exclusive => "exclusive parameters",
            Self::NeedsAnother => "needs another",
            Self::Condition => "against a condition",
            Self::Rule => "against an x-rule",
            Self::WrongTag => "wrong union tag",
            Self::OtherVariant => "field of another arm",
            Self::Sibling => "field of a sibling",
            Self::MapKey => "wrong key of a map",
            Self::MemberCount => "number of members",
            Self::Base64 => "bad base64",
        }
    }

    /// Whether it is made where one of its keywords stands. The others are made anywhere.
    pub(super) fn suits(self, layers: &[Layer<'_>]) -> bool {
        match self {
            Self::MisspeltKey
            | Self::NonsenseKey
            | Self::OtherVariant
            | Self::Sibling
            | Self::WrongType
            | Self::WrongTag => true,
            _ => layers.iter().any(|layer| self.keywords().iter().any(|keyword| layer.contains_key(*keyword))),
        }
    }

    /// The keywords that refuse it: without them the schema accepts the body, if there is no other mistake in it.
    pub(super) fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::MisspeltKey => &["additionalProperties", "propertyNames", "false", "required"],
            Self::NonsenseKey | Self::OtherVariant | Self::Sibling => {
                &["additionalProperties", "propertyNames", "false"]
            }
            Self::MissingKey => &["required"],
            Self::WrongType => &["type", "enum", "const"],
            Self::WrongValue | Self::WrongTag => &["enum", "const"],
            Self::TooLow => &["minimum", "exclusiveMinimum"],
            Self::TooHigh | Self::OutputCap => &["maximum", "exclusiveMaximum"],
            Self::NotAMultiple => &["multipleOf"],
            Self::TooLong => &["maxLength", "pattern"],
            Self::TooShort => &["minLength", "pattern"],
            Self::Pattern => &["pattern"],
            Self::TooManyItems => &["maxItems"],
            Self::TooFewItems => &["minItems"],
            Self::ItemTwice => &["uniqueItems"],
            Self::Exclusive => &["not"],
            Self::NeedsAnother => &["dependentRequired"],
            Self::Condition => &["if"],
            Self::Rule => &["x-rules"],
            Self::MapKey => &["propertyNames"],
            Self::MemberCount => &["minProperties", "maxProperties"],
            Self::Base64 => &["contentEncoding", "minLength", "maxLength"],
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
