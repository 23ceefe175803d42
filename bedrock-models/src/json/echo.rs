//! What a model answered, on its way back into the next request.

use std::ops::Deref;

use serde::ser::Serializer;

use super::Encode;

/// A part of a reply that stands in a request as it was received: unmodified, signatures and unknown members included.
///
/// It is made from a reply only. Decoding a request never yields it, and checks leave it alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Echo<T>(Box<T>);

impl<T> Echo<T> {
    /// The part of the reply.
    pub fn into_inner(self) -> T {
        *self.0
    }
}

impl<T> Deref for Echo<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Echo<T> {
    fn from(reply: T) -> Self {
        Self(Box::new(reply))
    }
}

impl<T: Clone> From<&T> for Echo<T> {
    fn from(reply: &T) -> Self {
        Self(Box::new(reply.clone()))
    }
}

impl<T: Encode> Encode for Echo<T> {
    #[inline]
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }
}
