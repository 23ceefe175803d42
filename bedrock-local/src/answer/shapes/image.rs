//! Pictures of Nova Canvas, Titan Image and Stability's models: gradients of the size that is asked for.

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

/// One picture, the seed that made it, and no reason to have refused it.
pub(super) fn stability(call: &Call<'_>) -> Answer {
    // About what a square of `SIDE` holds, in steps of 64.
    let (width, height) = match call.body["aspect_ratio"].as_str() {
        Some("16:9") => (1344, 768),
        Some("21:9") => (1536, 640),
        Some("3:2") => (1216, 832),
        Some("5:4") => (1152, 896),
        Some("4:5") => (896, 1152),
        Some("2:3") => (832, 1216),
        Some("9:16") => (768, 1344),
        Some("9:21") => (640, 1536),
        _ => {
            let image = call.body["image"].as_str().and_then(|image| STANDARD.decode(image).ok());
            image.and_then(|image| png::size(&image)).unwrap_or((SIDE, SIDE))
        }
    };
    let (width, height) = (width.clamp(1, LONGEST), height.clamp(1, LONGEST));
    let mut made = Seed::of(&format!("{}", call.body));
    // Zero asks for a seed of the model's own.
    let seed = call.body["seed"].as_u64().filter(|seed| *seed > 0).unwrap_or_else(|| made.next() % 4_294_967_294);
    let image = STANDARD.encode(png::gradient(width, height, false, made.next()));
    let body = json!({ "images": [image], "seeds": [seed], "finish_reasons": [null] });
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
