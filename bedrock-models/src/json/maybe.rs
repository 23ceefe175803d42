//! Members for which absent and null are two things.

use serde::de::Deserializer;
use serde::ser::Serializer;

use super::{Decode, Encode};

/// A member that may be absent, null, or a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Maybe<T> {
    /// Nothing is sent.
    #[default]
    Absent,
    /// `null` is sent.
    Null,
    /// The value is sent.
    Value(T),
}

impl<T> Maybe<T> {
    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value by reference, if there is one.
    pub fn as_ref(&self) -> Maybe<&T> {
        match self {
            Self::Value(value) => Maybe::Value(value),
            Self::Null => Maybe::Null,
            Self::Absent => Maybe::Absent,
        }
    }

    /// Whether nothing is sent.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether `null` is sent.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// Absent is written as null: it is only by itself where it is not a member.
impl<T: Encode> Encode for Maybe<T> {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.encode(serializer),
            Self::Null | Self::Absent => serializer.serialize_unit(),
        }
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Maybe<T> {
    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::decode(deserializer)?.map_or(Self::Null, Self::Value))
    }
}
