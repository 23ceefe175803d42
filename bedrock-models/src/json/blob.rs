//! Bytes: base64 in JSON, never shown.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::ops::Deref;
use std::path::Path;

use base64::DecodeError as Base64Error;
use base64::display::Base64Display;
use base64::engine::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;

use super::decode::refuse;
use super::error::Thousands;
use super::{Decode, Encode};

/// Bytes, such as an image or a document. In JSON they are base64; `Debug` shows their number only.
///
/// ```
/// use bedrock_models::json::Blob;
///
/// let image = Blob::from(vec![0; 12_345]);
/// assert_eq!(format!("{image:?}"), "<12,345 bytes>");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Blob(Vec<u8>);

impl Blob {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn read(path: impl AsRef<Path>) -> io::Result<Self> {
        std::fs::read(path).map(Self)
    }

    /// The bytes.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", Thousands(self.0.len()))
    }
}

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Blob {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Blob {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Blob {
    fn from(bytes: [u8; N]) -> Self {
        Self(bytes.to_vec())
    }
}

/// What `include_bytes!` gives.
impl<const N: usize> From<&[u8; N]> for Blob {
    fn from(bytes: &[u8; N]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<Cow<'_, [u8]>> for Blob {
    fn from(bytes: Cow<'_, [u8]>) -> Self {
        Self(bytes.into_owned())
    }
}

impl Encode for Blob {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(&self.0, &STANDARD))
    }
}

impl<'de> Decode<'de> for Blob {
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Base64;
        impl<'de> Visitor<'de> for Base64 {
            type Value = Blob;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64")
            }

            fn visit_str<E: Error>(self, v: &str) -> Result<Blob, E> {
                STANDARD.decode(v).map(Blob).map_err(|error| refused(v, &error))
            }

            refuse!(null bool number array object);
        }
        deserializer.deserialize_any(Base64)
    }
}

/// Says what is wrong with the text without showing any of it.
#[cold]
fn refused<E: Error>(text: &str, error: &Base64Error) -> E {
    let size = Thousands(text.len());
    if text.starts_with("data:") {
        return E::custom("expected base64, found a data URL: send only what is behind its comma");
    }
    match error {
        Base64Error::InvalidByte(at, _) => {
            E::custom(format_args!("expected base64, found a string of {size} bytes with another character at {at}"))
        }
        Base64Error::InvalidLength(_) | Base64Error::InvalidLastSymbol(..) => {
            E::custom(format_args!("expected base64, found a string of {size} bytes that is cut off"))
        }
        Base64Error::InvalidPadding => {
            E::custom(format_args!("expected base64, found a string of {size} bytes without the right padding (`=`)"))
        }
    }
}
