//! Numbers. With serde_json's `arbitrary_precision`, which any crate may turn on, a number comes as a map of one
//! special key to its digits.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Expected, MapAccess, Visitor};

use super::Decode;
use super::decode::{Text, refuse};
use super::error::{Found, mismatch};

/// serde_json's name for the digits of a number.
pub const TOKEN: &str = "$serde_json::private::Number";

/// A number as it was read.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    U64(u64),
    I64(i64),
    F64(f64),
}

impl Number {
    /// From the digits that JSON allows.
    pub fn parse(digits: &str) -> Option<Self> {
        if let Ok(v) = digits.parse() {
            return Some(Self::U64(v));
        }
        if let Ok(v) = digits.parse() {
            return Some(Self::I64(v));
        }
        digits.parse().ok().filter(|v: &f64| v.is_finite()).map(Self::F64)
    }

    /// `512.0` is the integer 512, as validators see it.
    pub fn integer(self) -> Option<i128> {
        match self {
            Self::U64(v) => Some(v.into()),
            Self::I64(v) => Some(v.into()),
            // 2^64 and more fits no type here, and -2^63 is the least that does.
            #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
            Self::F64(v) => (v.trunc() == v && (-9.3e18..1.9e19).contains(&v)).then_some(v as i128),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "what JSON says of integers that a float does not hold")]
    fn float(self) -> f64 {
        match self {
            Self::U64(v) => v as f64,
            Self::I64(v) => v as f64,
            Self::F64(v) => v,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::U64(v) => v.fmt(f),
            Self::I64(v) => v.fmt(f),
            Self::F64(v) => v.fmt(f),
        }
    }
}

/// A Rust type of numbers.
trait Numeric: Sized {
    const EXPECTED: &'static str;

    fn from_number(number: Number) -> Option<Self>;
}

struct NumberVisitor<T>(PhantomData<T>);

impl<T: Numeric> NumberVisitor<T> {
    #[inline]
    fn take<E: Error>(self, number: Number) -> Result<T, E> {
        T::from_number(number).ok_or_else(|| mismatch(&T::EXPECTED, Found::Number(&number)))
    }
}

impl<'de, T: Numeric> Visitor<'de> for NumberVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    #[inline]
    fn visit_u64<E: Error>(self, v: u64) -> Result<T, E> {
        self.take(Number::U64(v))
    }

    #[inline]
    fn visit_i64<E: Error>(self, v: i64) -> Result<T, E> {
        self.take(Number::I64(v))
    }

    #[inline]
    fn visit_f64<E: Error>(self, v: f64) -> Result<T, E> {
        self.take(Number::F64(v))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        match map.next_key_seed(Text)? {
            Some(key) if key == TOKEN => {
                let digits = map.next_value_seed(Text)?;
                match Number::parse(&digits) {
                    Some(number) => self.take(number),
                    None => Err(mismatch(&T::EXPECTED, Found::Number(&digits))),
                }
            }
            _ => Err(mismatch(&T::EXPECTED, Found::Object)),
        }
    }

    refuse!(null bool string array);
}

macro_rules! numbers {
    ($($ty:ident: $expected:literal, $from:expr;)*) => { $(
        impl Numeric for $ty {
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn from_number(number: Number) -> Option<Self> {
                let from: fn(Number) -> Option<Self> = $from;
                from(number)
            }
        }

        impl<'de> Decode<'de> for $ty {
            #[inline]
            fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(NumberVisitor(PhantomData))
            }
        }
    )* };
}

numbers! {
    u32: "an integer from 0 to 4294967295", |n| match n {
        Number::U64(v) => v.try_into().ok(),
        n => n.integer()?.try_into().ok(),
    };
    u64: "an integer from 0 to 18446744073709551615", |n| match n {
        Number::U64(v) => Some(v),
        n => n.integer()?.try_into().ok(),
    };
    i64: "an integer from -9223372036854775808 to 9223372036854775807", |n| n.integer()?.try_into().ok();
    f64: "a number", |n| Some(n.float());
}

/// The error for a map where none may be, which may be a number.
#[cold]
#[inline(never)]
pub fn refuse_map<'de, A: MapAccess<'de>>(expected: &dyn Expected, mut map: A) -> A::Error {
    match map.next_key_seed(Text) {
        Ok(Some(key)) if key == TOKEN => refuse_token(expected, map),
        Ok(_) => mismatch(expected, Found::Object),
        Err(error) => error,
    }
}

/// The error for a number where none may be; `map` stands behind [`TOKEN`].
#[cold]
#[inline(never)]
pub fn refuse_token<'de, A: MapAccess<'de>>(expected: &dyn Expected, mut map: A) -> A::Error {
    match map.next_value_seed(Text) {
        Ok(digits) => mismatch(expected, Found::Number(&digits)),
        Err(error) => error,
    }
}
