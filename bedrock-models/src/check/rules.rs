//! The rules, as data.

use super::node::Kind;
use super::number::Number;

/// What must hold of a value. As in JSON Schema a rule is about one kind of JSON and lets other kinds pass.
#[derive(Debug)]
pub enum Rule {
    /// At least this.
    Minimum(Number),
    /// At most this.
    Maximum(Number),
    /// More than this.
    ExclusiveMinimum(Number),
    /// Less than this.
    ExclusiveMaximum(Number),
    /// A multiple of this, in decimals.
    MultipleOf(Number),
    /// Code points of a string.
    MinLength(u64),
    /// Code points of a string.
    MaxLength(u64),
    /// A regular expression that matches somewhere in a string. One that the engine does not know passes.
    Pattern(&'static str),
    /// Length of a list.
    MinItems(u64),
    /// Length of a list.
    MaxItems(u64),
    /// No two items are equal.
    UniqueItems,
    /// Members of an object.
    MinProperties(u64),
    /// Members of an object.
    MaxProperties(u64),
    /// Keys that a map takes.
    Keys(&'static [&'static str]),
    /// A pattern of the keys of a map.
    KeyPattern(&'static str),
    /// Code points of the keys of a map.
    KeyMaxLength(u64),
    /// The values allowed.
    OneOf(&'static [Literal]),
    /// Arms of a union by this tag that are refused; then those that are not.
    RefusedTags(&'static str, &'static [&'static str], &'static [&'static str]),
    /// Arms of a union by kind that are refused.
    RefusedKinds(&'static [Kind]),
    /// Members that the model does not take although the type has them.
    Refused(&'static [&'static str]),
    /// Members that the model asks for although the type has them optional.
    Required(&'static [&'static str]),
    /// Members that may not all be present.
    Exclusive(&'static [&'static str]),
    /// Where the first is present, the others must be.
    DependentRequired(&'static str, &'static [&'static str]),
    /// `if`, `then`, `else`.
    When(Test, Option<Test>, Option<Test>),
    /// Left is less than right, where both are present.
    LessThan(&'static str, &'static str),
    /// Left is at most right, where both are present.
    AtMost(&'static str, &'static str),
    /// The product, where all are present.
    ProductAtMost(&'static [&'static str], Number),
    /// The first divided by the second, where both are present.
    RatioBetween(&'static str, &'static str, Number, Number),
    /// How often the key stands anywhere below with a value other than `null`, outside free JSON.
    CountAtMost(&'static str, u64),
    /// The first item of a list: its member is one of these.
    FirstItem(&'static str, &'static str, &'static [&'static str]),
    /// The last item of a list: its member is one of these.
    LastItem(&'static str, &'static str, &'static [&'static str]),
    /// Items of all the lists together.
    TotalAtMost(&'static [&'static str], u64),
    /// A rule with words of its own.
    Said(&'static str, &'static Rule),
}

/// A constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Str(&'static str),
}

/// A question about a value, from `if`, `then` and `else`.
#[derive(Debug)]
pub enum Test {
    /// Every part holds.
    All(&'static [Test]),
    /// Some part holds.
    Any(&'static [Test]),
    /// It does not hold.
    Not(&'static Test),
    /// The members are present.
    Present(&'static [&'static str]),
    /// The member is absent, or its value passes.
    Member(&'static str, &'static Test),
    /// Every item passes.
    Items(&'static Test),
    /// The values allowed.
    OneOf(&'static [Literal]),
    /// Rules about the value itself.
    Rules(&'static [Rule]),
    /// Nothing passes.
    Never,
    /// One of these kinds.
    Kinds(&'static [Kind]),
}
