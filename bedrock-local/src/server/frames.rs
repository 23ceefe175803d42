//! Frames of `application/vnd.amazon.eventstream` (`runtime-operations.md` §2, `catalog.md` "Streaming events").
//!
//! A chunk is an event whose payload holds the model's JSON as base64, and padding. Exceptions in the middle of a stream
//! would be frames with `:message-type: exception` and `:exception-type`: they belong here when there is a cause for
//! them.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use serde_json::{Value, json};

/// One chunk of a model's answer.
pub(super) fn chunk(event: &Value) -> Result<Bytes, aws_smithy_eventstream::error::Error> {
    // Bedrock pads chunks with a piece of this alphabet, so that their length does not give the text away.
    const PADDING: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let event = event.to_string();
    let padding = &PADDING[..1 + event.len() % PADDING.len()];
    let payload = json!({ "bytes": STANDARD.encode(&event), "p": padding }).to_string();
    let header = |name: &'static str, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let message = Message::new(payload)
        .add_header(header(":event-type", "chunk"))
        .add_header(header(":content-type", "application/json"))
        .add_header(header(":message-type", "event"));
    let mut frame = BytesMut::new();
    write_message_to(&message, &mut frame)?;
    Ok(frame.freeze())
}
