//! Reading: the trait and the types that JSON has by itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Extra;
use super::buffer::Resumed;
use super::error::{Found, Name, mismatch};
use super::trace::{self, Guilty};

/// A type that can be read from JSON. Derived by [`Json`](super::Json).
///
/// Use [`from_slice`](super::from_slice), which adds the path to errors.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read as JSON",
    note = "a type of your own derives it: `#[derive(bedrock_models::Json)]`"
)]
pub trait Decode<'de>: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// Where the input is not this type's.
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Reads the rest of an object whose first member, a tag, has been read. Structs that know their tag need not see
    /// it again.
    #[doc(hidden)]
    #[inline]
    fn decode_behind<A: MapAccess<'de>>(tag: &'static str, name: &'static str, rest: A) -> Result<Self, A::Error> {
        Self::decode(MapAccessDeserializer::new(Resumed { key: Some(Cow::Borrowed(tag)), value: Some(name), rest }))
    }

    /// Takes what stands beside the value in the object of a union by key, where it has a place for it.
    #[doc(hidden)]
    fn keep_beside(&mut self, _: Extra) {}
}

/// Decodes a `T` where serde asks for a seed.
pub struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    #[inline]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::decode(deserializer)
    }
}

/// Visitor methods that refuse kinds of JSON. serde's own would print a whole prompt.
macro_rules! refuse {
    ($($kind:ident)*) => { $(refuse!(@$kind);)* };
    (@null) => {
        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Err($crate::json::error::mismatch(&self, $crate::json::error::Found::Null))
        }
    };
    (@bool) => {
        fn visit_bool<E: serde::de::Error>(self, v: bool) -> Result<Self::Value, E> {
            Err($crate::json::error::mismatch(&self, $crate::json::error::Found::Bool(v)))
        }
    };
    (@number) => {
        fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<Self::Value, E> {
            Err($crate::json::error::mismatch(&self, $crate::json::error::Found::Number(&v)))
        }
        fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<Self::Value, E> {
            Err($crate::json::error::mismatch(&self, $crate::json::error::Found::Number(&v)))
        }
        fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Self::Value, E> {
            Err($crate::json::error::mismatch(&self, $crate::json::error::Found::Number(&v)))
        }
    };
    (@string) => {
        fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Self::Value, E> {
            Err($crate::json::error::mismatch(&self, $crate::json::error::Found::Str(v)))
        }
    };
    (@array) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err($crate::json::error::mismatch(&self, $crate::json::error::Found::Array))
        }
    };
    (@object) => {
        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            Err($crate::json::number::refuse_map(&self, map))
        }
    };
}
pub(super) use refuse;

/// A string that borrows from the text where it can.
pub struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    #[inline]
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(v))
    }

    #[inline]
    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(v.to_owned()))
    }

    #[inline]
    fn visit_string<E>(self, v: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(v))
    }

    refuse!(null bool number array object);
}

impl<'de> Decode<'de> for String {
    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Text.deserialize(deserializer)?.into_owned())
    }
}

impl<'de> Decode<'de> for bool {
    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bool;
        impl<'de> Visitor<'de> for Bool {
            type Value = bool;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean")
            }

            #[inline]
            fn visit_bool<E>(self, v: bool) -> Result<bool, E> {
                Ok(v)
            }

            refuse!(null number string array object);
        }
        deserializer.deserialize_any(Bool)
    }
}

/// Null or a value.
impl<'de, T: Decode<'de>> Decode<'de> for Option<T> {
    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Nullable<T>(PhantomData<T>);
        impl<'de, T: Decode<'de>> Visitor<'de> for Nullable<T> {
            type Value = Option<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }

            #[inline]
            fn visit_unit<E>(self) -> Result<Option<T>, E> {
                Ok(None)
            }

            #[inline]
            fn visit_none<E>(self) -> Result<Option<T>, E> {
                Ok(None)
            }

            #[inline]
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
                T::decode(deserializer).map(Some)
            }
        }
        deserializer.deserialize_option(Nullable(PhantomData))
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Decode<'de>> Visitor<'de> for Items<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut items = Vec::new();
                loop {
                    match seq.next_element_seed(Seed::<T>::new()) {
                        Ok(Some(item)) => items.push(item),
                        Ok(None) => return Ok(items),
                        Err(error) => return Err(trace::index(error, items.len())),
                    }
                }
            }

            refuse!(null bool number string object);
        }
        deserializer.deserialize_any(Items(PhantomData))
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for BTreeMap<String, T> {
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Decode<'de>> Visitor<'de> for Entries<T> {
            type Value = BTreeMap<String, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some(key) = map.next_key_seed(Text)? {
                    if key == super::number::TOKEN {
                        return Err(super::number::refuse_token(&self, map));
                    }
                    if entries.contains_key(&*key) {
                        return Err(duplicate(&key));
                    }
                    let value = map.next_value_seed(Seed::new()).map_err(|error| trace::key(error, &key))?;
                    entries.insert(key.into_owned(), value);
                }
                Ok(entries)
            }

            refuse!(null bool number string array);
        }
        deserializer.deserialize_any(Entries(PhantomData))
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Box<T> {
    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::decode(deserializer).map(Box::new)
    }

    #[inline]
    fn decode_behind<A: MapAccess<'de>>(tag: &'static str, name: &'static str, rest: A) -> Result<Self, A::Error> {
        T::decode_behind(tag, name, rest).map(Box::new)
    }

    fn keep_beside(&mut self, members: Extra) {
        T::keep_beside(self, members);
    }
}

/// Any JSON. Of equal keys the last one counts, as everywhere in serde_json.
impl<'de> Decode<'de> for Value {
    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

impl<'de> Decode<'de> for Map<String, Value> {
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::decode(deserializer)? {
            Value::Object(map) => Ok(map),
            other => Err(mismatch(&"an object", Found::of(&other))),
        }
    }
}

/// The same member twice.
#[cold]
#[inline(never)]
pub fn duplicate<E: Error>(key: &str) -> E {
    trace::guilty_key(E::custom(format_args!("duplicate field {}", Name(key))), key, Guilty::SecondKey)
}
