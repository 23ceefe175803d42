//! The generated types' verdict: decode, check where it is a request, encode again.

use bedrock_models::TYPED;
use bedrock_models::model::BodyError;
use serde_json::Value;

use crate::corpus::{Kind, Model};

/// Reads a body as a typed value and writes it again.
pub type Typed = fn(&[u8]) -> Result<Value, BodyError>;

/// The types of one of a model's bodies.
#[must_use]
pub fn find(model: &Model, kind: Kind) -> Option<Typed> {
    let typed = TYPED.iter().find(|typed| typed.info.schema == model.file)?;
    match kind {
        Kind::Request => Some(typed.request),
        Kind::Response => Some(typed.response),
        Kind::StreamEvent => typed.event,
    }
}
