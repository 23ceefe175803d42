//! Pictures of Nova Canvas and Titan Image (`amazon.md` §4, §10): gradients of the size that is asked for.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::png;
use crate::answer::{Answer, Call, Usage, seed::Seed};

/// What one gets who asks for no size.
const SIDE: u32 = 1024;
/// The longest side that the models make; whatever a request says, no more is painted.
const LONGEST: u32 = 4096;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    let config = &call.body["imageGenerationConfig"];
    let side = |key: &str| config[key].as_u64().and_then(|side| u32::try_from(side).ok());
    let (width, height) = match (side("width"), side("height"), source(call.body)) {
        // Painting into a picture, or taking its background off, keeps the picture's size.
        (None, None, Some(size)) => size,
        (width, height, _) => (width.unwrap_or(SIDE), height.unwrap_or(SIDE)),
    };
    let (width, height) = (width.clamp(1, LONGEST), height.clamp(1, LONGEST));
    let transparent = call.body["taskType"] == "BACKGROUND_REMOVAL";
    let count = config["numberOfImages"].as_u64().unwrap_or(1).clamp(1, 5);
    let mut seed = Seed::of(&format!("{} {}", call.body, config["seed"]));
    let images: Vec<String> =
        (0..count).map(|_| STANDARD.encode(png::gradient(width, height, transparent, seed.next()))).collect();
    let mut body = json!({ "images": images });
    if call.body.pointer("/virtualTryOnParams/returnMask") == Some(&Value::Bool(true)) {
        body["maskImage"] = json!(STANDARD.encode(png::gradient(width, height, false, 0)));
    }
    Answer { body, events: Vec::new(), usage: Usage { input_tokens: call.input_tokens, output_tokens: 0 } }
}

/// The size of the picture that came with a request, where the task works on one.
fn source(body: &Value) -> Option<(u32, u32)> {
    const SOURCES: [&str; 4] = [
        "/inPaintingParams/image",
        "/outPaintingParams/image",
        "/backgroundRemovalParams/image",
        "/virtualTryOnParams/sourceImage",
    ];
    let image = SOURCES.iter().find_map(|source| body.pointer(source)?.as_str())?;
    png::size(&STANDARD.decode(image).ok()?)
}
