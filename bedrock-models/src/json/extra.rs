//! Raw members beside the typed ones.

use std::fmt;
use std::iter::Flatten;
use std::option;

use serde_json::map::IntoIter;
use serde_json::{Map, Value};

/// Members that a type does not know. In a reply: what the service sent beyond the schema. In a request: the way past a
/// stale type. They are written behind the fields, and a field of the same name is left out in their favour.
///
/// ```
/// use bedrock_models::json::Extra;
///
/// let mut extra = Extra::new();
/// extra.insert("new_parameter", 0.5);
/// assert_eq!(extra.get("new_parameter"), Some(&0.5.into()));
/// ```
// Boxed, so that the many types that have none pay one word.
#[derive(Clone, Default)]
pub struct Extra(Option<Box<Raw>>);

#[derive(Clone, Default)]
struct Raw {
    members: Map<String, Value>,
    beside: Extra,
}

/// For types without a place for raw members.
pub static NO_EXTRA: Extra = Extra::new();

impl Extra {
    /// No members.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Adds a member; gives the one that it replaces.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0.get_or_insert_default().members.insert(key.into(), value.into())
    }

    /// A member by its name.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.as_ref()?.members.get(key)
    }

    /// Takes a member out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.as_mut()?.members.remove(key)
    }

    /// Whether there is a member of this name.
    #[inline]
    pub fn contains_key(&self, key: &str) -> bool {
        self.0.as_ref().is_some_and(|raw| raw.members.contains_key(key))
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|raw| raw.members.is_empty())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |raw| raw.members.len())
    }

    /// All members.
    pub fn iter(&self) -> Iter<'_> {
        self.0.as_deref().map(|raw| &raw.members).into_iter().flatten()
    }

    /// Members that stand beside this object rather than in it: of a reply's part by key, such as
    /// `{"toolUse": {…}, "new": 1}`, what its variant does not know. They are written back there.
    pub fn beside(&self) -> &Self {
        self.0.as_ref().map_or(&NO_EXTRA, |raw| &raw.beside)
    }

    #[doc(hidden)]
    pub fn keep_beside(&mut self, members: Self) {
        self.0.get_or_insert_default().beside = members;
    }
}

/// Iterator over the members of an [`Extra`].
type Iter<'a> = Flatten<option::IntoIter<&'a Map<String, Value>>>;

/// None is the same as an empty map.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Self, b: &Self| a.len() == b.len() && a.iter().all(|(key, value)| b.get(key) == Some(value));
        same(self, other) && same(self.beside(), other.beside())
    }
}

/// Names only: values may be long.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().chain(self.beside()).map(|(key, _)| key)).finish()
    }
}

impl<K: Into<String>, V: Into<Value>> Extend<(K, V)> for Extra {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        for (key, value) in members {
            self.insert(key, value);
        }
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Extra {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut extra = Self::new();
        extra.extend(members);
        extra
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(map: Map<String, Value>) -> Self {
        if map.is_empty() { Self(None) } else { Self(Some(Box::new(Raw { members: map, beside: Self::new() }))) }
    }
}

impl<'a> IntoIterator for &'a Extra {
    type Item = (&'a String, &'a Value);
    type IntoIter = Iter<'a>;

    #[inline]
    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl IntoIterator for Extra {
    type Item = (String, Value);
    type IntoIter = IntoIter;

    fn into_iter(self) -> IntoIter {
        self.0.map_or_else(Map::new, |raw| raw.members).into_iter()
    }
}
