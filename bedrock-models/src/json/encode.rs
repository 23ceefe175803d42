//! Writing: the trait and the types that JSON has by itself.

use std::collections::BTreeMap;

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};

use super::extra::NO_EXTRA;
use super::{Extra, trace};

/// A type that can be written as JSON. Derived by [`Json`](super::Json).
///
/// Use [`to_vec`](super::to_vec), which adds the path to errors.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written as JSON",
    note = "a type of your own derives it: `#[derive(bedrock_models::Json)]`"
)]
pub trait Encode {
    /// Writes the value.
    ///
    /// # Errors
    /// Where the value holds a number that JSON does not have, and where the serializer fails.
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// What stood beside the value in the object of a union by key.
    #[doc(hidden)]
    #[inline]
    fn beside(&self) -> &Extra {
        &NO_EXTRA
    }
}

/// Encodes a `T` where serde asks for a `Serialize`.
pub struct Encoded<'a, T: ?Sized>(pub &'a T);

impl<T: Encode + ?Sized> Serialize for Encoded<'_, T> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }
}

/// Types that serde writes as they should be.
macro_rules! as_serde {
    ($($ty:ty)*) => { $(
        impl Encode for $ty {
            #[inline]
            fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )* };
}

as_serde!(() bool u32 u64 i64 str String Value Map<String, Value>);

/// serde_json would write `null` for what is not a number.
impl Encode for f64 {
    #[inline]
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_finite() {
            return serializer.serialize_f64(*self);
        }
        Err(S::Error::custom(format_args!("{self} is not a number that JSON has")))
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    #[inline]
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::encode(self, serializer)
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    #[inline]
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::encode(self, serializer)
    }

    #[inline]
    fn beside(&self) -> &Extra {
        T::beside(self)
    }
}

/// A value or null.
impl<T: Encode> Encode for Option<T> {
    #[inline]
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.encode(serializer),
            None => serializer.serialize_unit(),
        }
    }
}

impl<T: Encode> Encode for [T] {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.len()))?;
        for (index, item) in self.iter().enumerate() {
            seq.serialize_element(&Encoded(item)).map_err(|error| trace::index(error, index))?;
        }
        seq.end()
    }
}

impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().encode(serializer)
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self {
            map.serialize_entry(key, &Encoded(value)).map_err(|error| trace::key(error, key))?;
        }
        map.end()
    }
}
