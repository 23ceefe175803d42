//! Enums of strings.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Visitor};

use super::decode::refuse;
use super::error::Brief;
use super::suggest::{OneOf, Suggest};

/// An enum whose values are strings.
pub trait Strings: Sized {
    /// All known values; the index of a value is that of its variant.
    const VALUES: &'static [&'static str];
    /// The `other` variant.
    const OTHER: Option<fn(String) -> Self> = None;

    /// A variant by index.
    fn nth(index: usize) -> Self;
}

/// Reads an enum of strings.
#[inline]
pub fn strings<'de, T: Strings, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(StringsVisitor(PhantomData))
}

struct StringsVisitor<T>(PhantomData<T>);

impl<'de, T: Strings> Visitor<'de> for StringsVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every string will do where there is an `other` variant.
        match (T::VALUES, T::OTHER) {
            ([_, ..], None) => fmt::Display::fmt(&OneOf(T::VALUES), f),
            _ => f.write_str("a string"),
        }
    }

    #[inline]
    fn visit_str<E: Error>(self, v: &str) -> Result<T, E> {
        match (T::VALUES.iter().position(|known| *known == v), T::OTHER) {
            (Some(index), _) => Ok(T::nth(index)),
            (None, Some(other)) => Ok(other(v.to_owned())),
            (None, None) => {
                Err(E::custom(format_args!("unknown value {}{}", Brief(v), Suggest(v, T::VALUES.to_vec()))))
            }
        }
    }

    refuse!(null bool number array object);
}
