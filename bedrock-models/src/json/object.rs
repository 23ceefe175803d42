//! Structs: the table of their keys, the loop that reads them, the chain that writes them.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::buffer::Resumed;
use super::decode::{Seed, duplicate, refuse};
use super::encode::Encoded;
use super::error::{Found, Name, mismatch};
use super::number::{Number, TOKEN, refuse_token};
use super::suggest::Suggest;
use super::trace::{self, Guilty};
use super::{Decode, Encode, Extra, Maybe};

/// What a derived struct says of itself.
pub struct Shape {
    /// Keys of the fields, in order.
    pub keys: &'static [&'static str],
    /// Members that are no fields.
    pub fixed: &'static [Fixed],
    /// Unknown members are kept.
    pub open: bool,
}

/// A member with one value.
pub struct Fixed {
    /// Its name.
    pub key: &'static str,
    /// Its one value.
    pub value: Literal,
    /// It may be absent, and is not written unless it was read.
    pub optional: bool,
}

/// A constant.
#[allow(missing_docs, reason = "named like what they hold")]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(&'static str),
}

impl Literal {
    /// Numbers by value, whatever their spelling.
    fn matches(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(a), Value::Bool(b)) => a == b,
            (Self::Str(a), Value::String(b)) => a == b,
            (Self::Int(a), Value::Number(b)) => {
                Number::parse(&b.to_string()).and_then(Number::integer) == Some(i128::from(*a))
            }
            (Self::Float(a), Value::Number(b)) => b.as_f64() == Some(*a),
            _ => false,
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(v) => Value::from(*v),
            Self::Int(v) => Value::from(*v),
            Self::Float(v) => Value::from(*v),
            Self::Str(v) => Value::from(*v),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(v) => v.fmt(f),
            Self::Int(v) => v.fmt(f),
            Self::Float(v) => v.fmt(f),
            Self::Str(v) => write!(f, "{v:?}"),
        }
    }
}

/// A struct that can be read, member by member.
pub trait Object<'de>: Sized {
    /// Takes all members and makes the struct of them.
    fn read<A: MapAccess<'de>>(members: &mut Members<'de, A>) -> Result<Self, A::Error>;
}

/// Reads a struct.
#[inline]
pub fn object<'de, T: Object<'de>, D: Deserializer<'de>>(
    deserializer: D,
    shape: &'static Shape,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(ObjectVisitor { shape, result: PhantomData })
}

/// Reads the rest of a struct behind its tag.
#[inline]
pub fn object_behind<'de, T: Object<'de>, A: MapAccess<'de>>(
    tag: &'static str,
    name: &'static str,
    rest: A,
    shape: &'static Shape,
) -> Result<T, A::Error> {
    let fixed = |fixed: &Fixed| fixed.key == tag && matches!(fixed.value, Literal::Str(value) if value == name);
    match shape.fixed {
        [first, ..] if !first.optional && fixed(first) => T::read(&mut Members::new(rest, shape, 1)),
        // The tag is a field, or is written back.
        _ => {
            let members = Resumed { key: Some(Cow::Borrowed(tag)), value: Some(name), rest };
            T::read(&mut Members::new(members, shape, 0))
        }
    }
}

struct ObjectVisitor<T> {
    shape: &'static Shape,
    result: PhantomData<T>,
}

impl<'de, T: Object<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(&mut Members::new(map, self.shape, 0))
    }

    refuse!(null bool number string array);
}

/// The members of an object while they are read.
pub struct Members<'de, A> {
    map: A,
    shape: &'static Shape,
    /// Behind the field that was read last: members mostly come in order.
    next: usize,
    /// Bits of the fixed members that were there.
    seen: u64,
    extra: Extra,
    lifetime: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> Members<'de, A> {
    #[inline]
    fn new(map: A, shape: &'static Shape, seen: u64) -> Self {
        Self { map, shape, next: 0, seen, extra: Extra::new(), lifetime: PhantomData }
    }

    /// Index of the next field. Fixed and unknown members are dealt with on the way.
    #[inline]
    pub fn field(&mut self) -> Result<Option<usize>, A::Error> {
        loop {
            match self.map.next_key_seed(KeySeed { shape: self.shape, next: self.next })? {
                None => return Ok(None),
                Some(Key::Field(index)) => {
                    self.next = index + 1;
                    return Ok(Some(index));
                }
                Some(Key::Fixed(index)) => self.fixed(index)?,
                Some(Key::Other(key)) => self.other(key)?,
            }
        }
    }

    /// Reads the value of the field that [`field`](Self::field) gave.
    #[inline]
    pub fn value<T: Decode<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(duplicate(self.shape.keys[self.next - 1]));
        }
        match self.map.next_value_seed(Seed::<T>::new()) {
            Ok(value) => {
                *slot = Some(value);
                Ok(())
            }
            Err(error) => Err(trace::key(error, self.shape.keys[self.next - 1])),
        }
    }

    /// The value of a field that must be there.
    #[inline]
    pub fn required<T>(&self, slot: Option<T>, index: usize) -> Result<T, A::Error> {
        slot.ok_or_else(|| missing(self.shape.keys[index]))
    }

    /// Checks that the fixed members were there, and gives the rest.
    #[inline]
    pub fn end(&mut self) -> Result<Extra, A::Error> {
        for (index, fixed) in self.shape.fixed.iter().enumerate() {
            if !fixed.optional && self.seen & (1 << index) == 0 {
                return Err(missing_fixed(fixed));
            }
        }
        Ok(std::mem::take(&mut self.extra))
    }

    #[inline]
    fn fixed(&mut self, index: usize) -> Result<(), A::Error> {
        let fixed = &self.shape.fixed[index];
        if self.seen & (1 << index) != 0 {
            return Err(duplicate(fixed.key));
        }
        self.seen |= 1 << index;
        self.map.next_value_seed(LiteralSeed(&fixed.value)).map_err(|error| trace::key(error, fixed.key))?;
        if fixed.optional {
            // Written back, since it might as well have been absent.
            self.extra.insert(fixed.key, fixed.value.to_value());
        }
        Ok(())
    }

    #[cold]
    fn other(&mut self, key: String) -> Result<(), A::Error> {
        if key == TOKEN {
            return Err(refuse_token(&"an object", &mut self.map));
        }
        if !self.shape.open {
            return Err(unknown_field(&key, self.shape));
        }
        if self.extra.contains_key(&key) {
            return Err(duplicate(&key));
        }
        let value = self.map.next_value_seed(Seed::<Value>::new()).map_err(|error| trace::key(error, &key))?;
        self.extra.insert(key, value);
        Ok(())
    }
}

#[cold]
#[inline(never)]
fn missing<E: Error>(key: &str) -> E {
    E::custom(format_args!("missing field {}", Name(key)))
}

#[cold]
#[inline(never)]
fn missing_fixed<E: Error>(fixed: &Fixed) -> E {
    E::custom(format_args!("missing field {}, which is always {}", Name(fixed.key), fixed.value))
}

#[cold]
#[inline(never)]
fn unknown_field<E: Error>(key: &str, shape: &Shape) -> E {
    let known = shape.keys.iter().copied().chain(shape.fixed.iter().map(|fixed| fixed.key)).collect();
    unknown_key(key, known)
}

/// A key that has no business there.
#[cold]
#[inline(never)]
pub fn unknown_key<E: Error>(key: &str, known: Vec<&str>) -> E {
    let error = E::custom(format_args!("unknown field {}{}", Name(key), Suggest(key, known)));
    trace::guilty_key(error, key, Guilty::Key)
}

enum Key {
    Field(usize),
    Fixed(usize),
    Other(String),
}

struct KeySeed {
    shape: &'static Shape,
    next: usize,
}

impl KeySeed {
    #[inline]
    fn find(&self, key: &str) -> Option<Key> {
        let (before, behind) = self.shape.keys.split_at(self.next);
        if let Some(index) = behind.iter().position(|known| *known == key) {
            return Some(Key::Field(self.next + index));
        }
        if let Some(index) = self.shape.fixed.iter().position(|fixed| fixed.key == key) {
            return Some(Key::Fixed(index));
        }
        before.iter().position(|known| *known == key).map(Key::Field)
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_str<E>(self, v: &str) -> Result<Key, E> {
        Ok(self.find(v).unwrap_or_else(|| Key::Other(v.to_owned())))
    }

    refuse!(null bool number array object);
}

/// Reads a fixed value and compares it.
struct LiteralSeed(&'static Literal);

impl<'de> DeserializeSeed<'de> for LiteralSeed {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // Tags, the common case, need not be kept to be compared.
        if let Literal::Str(expected) = self.0 {
            return deserializer.deserialize_any(Expect(expected));
        }
        let found = Value::decode(deserializer)?;
        if self.0.matches(&found) { Ok(()) } else { Err(mismatch(&self.0.to_string().as_str(), Found::of(&found))) }
    }
}

/// A string that is known beforehand.
struct Expect(&'static str);

impl<'de> Visitor<'de> for Expect {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }

    #[inline]
    fn visit_str<E: Error>(self, v: &str) -> Result<(), E> {
        if v == self.0 { Ok(()) } else { Err(mismatch(&self, Found::Str(v))) }
    }

    refuse!(null bool number array object);
}

/// Writes an object. The first error stops it and is given at the end.
pub struct Writer<'a, S: Serializer> {
    map: Result<S::SerializeMap, S::Error>,
    extra: &'a Extra,
}

impl<'a, S: Serializer> Writer<'a, S> {
    /// Begins an object.
    #[inline]
    pub fn new(serializer: S, extra: &'a Extra) -> Self {
        Self { map: serializer.serialize_map(None), extra }
    }

    /// Writes a member, unless a raw one takes its place.
    #[inline]
    pub fn put<T: Encode + ?Sized>(&mut self, key: &'static str, value: &T) -> &mut Self {
        if let Ok(map) = &mut self.map
            && (self.extra.is_empty() || !replaced(self.extra, key))
            && let Err(error) = map.serialize_entry(key, &Encoded(value))
        {
            self.map = Err(trace::key(error, key));
        }
        self
    }

    /// Writes a member that may be absent.
    #[inline]
    pub fn opt<T: Encode>(&mut self, key: &'static str, value: &Option<T>) -> &mut Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    /// Writes a member that may be absent or null.
    #[inline]
    pub fn maybe<T: Encode>(&mut self, key: &'static str, value: &Maybe<T>) -> &mut Self {
        match value {
            Maybe::Value(value) => self.put(key, value),
            Maybe::Null => self.put(key, &()),
            Maybe::Absent => self,
        }
    }

    /// Writes the raw members.
    #[inline]
    pub fn end(self) -> Result<S::Ok, S::Error> {
        let mut map = self.map?;
        if !self.extra.is_empty() {
            raw(&mut map, self.extra)?;
        }
        map.end()
    }
}

#[cold]
#[inline(never)]
fn replaced(extra: &Extra, key: &str) -> bool {
    extra.contains_key(key)
}

/// Rare, so kept out of the way of what is not.
#[cold]
#[inline(never)]
fn raw<M: SerializeMap>(map: &mut M, extra: &Extra) -> Result<(), M::Error> {
    extra.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))
}

/// Writes an object with one member, and what stood beside it when it was read.
#[inline]
pub fn single<S: Serializer, T: Encode + ?Sized>(
    serializer: S,
    key: &'static str,
    value: &T,
) -> Result<S::Ok, S::Error> {
    let beside = value.beside();
    let mut map = serializer.serialize_map(Some(1 + beside.len()))?;
    map.serialize_entry(key, &Encoded(value)).map_err(|error| trace::key(error, key))?;
    if !beside.is_empty() {
        raw(&mut map, beside)?;
    }
    map.end()
}
