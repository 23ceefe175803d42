//! Numbers at their boundaries, strings at their lengths, and JSON that no schema speaks about.

use base64::{Engine, engine::general_purpose::STANDARD};
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

use super::Random;
use super::merge::Merged;

/// Whole numbers that a float carries exactly.
const EXACT: i128 = 1 << 53;

/// Texts that have hurt somebody: empty, several bytes a character, escapes.
const TEXTS: [&str; 10] = [
    "",
    "a",
    "Hello, world.",
    "Grüße aus Köln",
    "👋🏽 \u{1F468}\u{200D}\u{1F469}",
    "\"quoted\\\"",
    "line\nline\ttab\r",
    "\u{0}\u{1f}",
    " ",
    "null",
];

#[expect(clippy::cast_possible_truncation, reason = "limits of integers are whole")]
pub(super) fn integer(random: &mut Random, merged: &Merged<'_>) -> Value {
    // Without a maximum it is a 64-bit integer (schemas/README.md); what is larger is no fair question.
    let low = merged.most("minimum").map(|low| low.ceil() as i128);
    let low = low.max(merged.most("exclusiveMinimum").map(|low| low.floor() as i128 + 1));
    let high = [
        merged.least("maximum").map(|high| high.floor() as i128),
        merged.least("exclusiveMaximum").map(|high| high.ceil() as i128 - 1),
    ];
    let high = high.into_iter().flatten().min();
    let (low, high) =
        (low.unwrap_or_else(|| high.map_or(-1000, |high| high - 1000)), high.unwrap_or(i128::from(i64::MAX)));
    if low > high {
        return json!(i64::try_from(low).unwrap_or(0));
    }
    let near = high.min(low + 1000);
    let mut number = match random.below(10) {
        0 | 1 => low,
        2 | 3 => high,
        4 => (low + 1).min(high),
        5 => (high - 1).max(low),
        6..9 => random.between(low, near),
        _ => random.between(low, high),
    };
    if let Some(step) = merged.most("multipleOf").map(|step| step as i128).filter(|step| *step > 0) {
        number -= number.rem_euclid(step);
        if number < low {
            number += step;
        }
    }
    // The same number, spelt as a float.
    if number.abs() < EXACT && random.one_in(8) {
        #[expect(clippy::cast_precision_loss, reason = "it is exact below 2^53")]
        return json!(number as f64);
    }
    i64::try_from(number).map_or(Value::Null, Value::from)
}

pub(super) fn number(random: &mut Random, merged: &Merged<'_>) -> Value {
    let tiny = 1e-6;
    let low = merged.most("minimum");
    let low = low.or_else(|| merged.most("exclusiveMinimum").map(|low| low + tiny));
    let high = merged.least("maximum").or_else(|| merged.least("exclusiveMaximum").map(|high| high - tiny));
    let (low, high) = match (low, high) {
        (Some(low), Some(high)) => (low, high),
        (Some(low), None) => (low, low + 1e9),
        (None, Some(high)) => (high - 1e9, high),
        (None, None) => (-1e9, 1e9),
    };
    let number = match random.below(8) {
        0 | 1 => low,
        2 | 3 => high,
        4 => (low + (high - low) * 1e-9).min(high),
        5 => low + (high - low) / 2.0,
        6 => (low + (high - low) * random.fraction()).round().clamp(low, high),
        _ => low + (high - low) * random.fraction(),
    };
    let number = match merged.most("multipleOf") {
        Some(step) if step > 0.0 => (number / step).floor() * step,
        _ => number,
    };
    // A whole number may be spelt without its point.
    if number.fract() == 0.0 && number.abs() < 1e15 && random.one_in(2) {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
        return json!(number as i64);
    }
    json!(number)
}

pub(super) fn string(random: &mut Random, merged: &Merged<'_>) -> Value {
    let (least, most) = merged.count("minLength", "maxLength");
    let room = most.unwrap_or(usize::MAX);
    if let Some(pattern) = merged.text("pattern") {
        return Value::from(matching(random, pattern, least, room));
    }
    if merged.layers.iter().any(|layer| layer.contains_key("contentEncoding")) {
        // Four characters for three bytes.
        let bytes = (least.div_ceil(4) * 3 + random.below(40)).min(room.saturating_mul(3) / 4);
        let bytes: Vec<u8> = (0..bytes).map(|_| random.draw().to_le_bytes()[0]).collect();
        return Value::from(STANDARD.encode(bytes));
    }
    let text = match merged.text("format") {
        Some("uri") => "https://example.com/a?b=c",
        Some("date") => "2026-11-22",
        Some("date-time") => "2026-11-22T17:53:10Z",
        Some("uuid") => "123e4567-e89b-12d3-a456-426614174000",
        _ => random.choose(&TEXTS),
    };
    let mut text = text.to_owned();
    if random.one_in(12) && room <= 20_000 {
        // Lengths count characters, not bytes.
        let letter = *random.choose(&['a', 'ß', '🌍']);
        text = std::iter::repeat_n(letter, room).collect();
    }
    let missing = least.saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('é', missing));
    Value::from(text.chars().take(room).collect::<String>())
}

/// A name of a member that nobody declared.
pub(super) fn key(random: &mut Random) -> String {
    (*random.choose(&["a", "city", "Größe", "a/b~c", "type", "x y", "0"])).to_owned()
}

/// JSON that no schema speaks about.
pub(super) fn free(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 7 } else { 10 }) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => json!(u64::MAX),
        3 => json!(-7),
        4 => json!(0.25),
        5 | 6 => Value::from(*random.choose(&TEXTS)),
        7 => (0..random.below(3)).map(|_| free(random, depth - 1)).collect(),
        _ => {
            let members = (0..random.below(3)).map(|_| (key(random), free(random, depth - 1)));
            Value::Object(members.collect::<Map<String, Value>>())
        }
    }
}

/// A text that a pattern matches, within lengths where the pattern leaves room.
fn matching(random: &mut Random, pattern: &str, least: usize, most: usize) -> String {
    let parsed = regex_syntax::parse(pattern).unwrap_or_else(|error| panic!("`pattern` of a schema: {error}"));
    let mut text = String::new();
    for _ in 0..20 {
        text.clear();
        write(random, &parsed, &mut text);
        let open = !pattern.ends_with('$');
        if open {
            text.push_str("bucket/key");
        }
        let length = text.chars().count();
        if (least..=most).contains(&length) {
            break;
        }
    }
    text
}

fn write(random: &mut Random, pattern: &Hir, text: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            if let Some(range) = class.ranges().get(random.below(class.ranges().len())) {
                let code = random.between(i128::from(u32::from(range.start())), i128::from(u32::from(range.end())));
                text.push(u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(range.start()));
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            if let Some(range) = class.ranges().first() {
                text.push(char::from(range.start()));
            }
        }
        HirKind::Repetition(repetition) => {
            let least = repetition.min;
            let most = repetition.max.unwrap_or(least + 6);
            let count = match random.below(3) {
                0 => least,
                1 => most,
                _ => least.max(1).min(most),
            };
            for _ in 0..count {
                write(random, &repetition.sub, text);
            }
        }
        HirKind::Capture(capture) => write(random, &capture.sub, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(random, part, text)),
        HirKind::Alternation(arms) => {
            let arm = random.below(arms.len());
            write(random, &arms[arm], text);
        }
    }
}
