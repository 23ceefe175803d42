//! One value that is wrong by itself.

use serde_json::{Value, json};

use super::kind::Mistake;
use super::make::misspelt;
use crate::instances::{Merged, Random};

/// Longest text and list that are made too long.
const TEXT: usize = 20_000;
const ITEMS: usize = 400;

pub(super) fn wrong(random: &mut Random, mistake: Mistake, merged: &Merged<'_>, value: &Value) -> Option<Value> {
    match (mistake, value) {
        (Mistake::WrongValue, _) => not_listed(random, merged, value),
        (Mistake::TooLow | Mistake::TooHigh | Mistake::OutputCap | Mistake::NotAMultiple, Value::Number(_)) => {
            number(random, mistake, merged, value)
        }
        (Mistake::TooLong | Mistake::TooShort | Mistake::Pattern | Mistake::Base64, Value::String(text)) => {
            string(random, mistake, merged, text).map(Value::from)
        }
        (Mistake::TooManyItems | Mistake::TooFewItems | Mistake::ItemTwice, Value::Array(items)) => {
            list(mistake, merged, items.clone()).map(Value::Array)
        }
        _ => None,
    }
}

fn not_listed(random: &mut Random, merged: &Merged<'_>, value: &Value) -> Option<Value> {
    merged.values()?;
    Some(match value {
        Value::String(text) => match random.below(4) {
            0 => json!(misspelt(random, text)?),
            1 => json!(format!("{text} ")),
            2 => json!(""),
            _ => json!("no_such_value"),
        },
        Value::Number(number) => json!(number.as_i64()?.checked_add(1)?),
        Value::Bool(value) => json!(!value),
        _ => return None,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "limits of integers are whole")]
fn number(random: &mut Random, mistake: Mistake, merged: &Merged<'_>, value: &Value) -> Option<Value> {
    let whole = !merged.kinds().contains(&"number");
    let far = random.one_in(3);
    let cap = merged.text("x-role") == Some("max_output_tokens");
    let beyond = |limit: f64, sign: f64| {
        let step = if far {
            1000.0
        } else if whole {
            1.0
        } else {
            0.001
        };
        let beyond = limit + sign * step;
        if whole { json!(beyond as i64) } else { json!(beyond) }
    };
    match mistake {
        Mistake::TooLow => match merged.most("minimum") {
            Some(low) => Some(beyond(low, -1.0)),
            None => Some(json!(merged.most("exclusiveMinimum")? as i64)),
        },
        Mistake::TooHigh if !cap => match merged.least("maximum") {
            Some(high) => Some(beyond(high, 1.0)),
            None => Some(json!(merged.least("exclusiveMaximum")? as i64)),
        },
        Mistake::OutputCap if cap => Some(beyond(merged.least("maximum")?, 1.0)),
        Mistake::NotAMultiple => {
            let step = merged.most("multipleOf")?;
            let near = value.as_f64()?;
            Some(if whole { json!(near as i64 + 1) } else { json!(near + step / 2.0) })
        }
        _ => None,
    }
}

fn string(random: &mut Random, mistake: Mistake, merged: &Merged<'_>, text: &str) -> Option<String> {
    let (least, most) = merged.count("minLength", "maxLength");
    match mistake {
        Mistake::TooLong => {
            let missing = (most.filter(|most| *most <= TEXT)? + 1).saturating_sub(text.chars().count());
            // Lengths count characters, not bytes.
            let letter = *random.choose(&['x', 'ü']);
            Some(text.chars().chain(std::iter::repeat_n(letter, missing)).collect())
        }
        Mistake::TooShort => Some(text.chars().take(least.checked_sub(1)?).collect()),
        Mistake::Pattern => {
            merged.text("pattern")?;
            Some(match random.below(3) {
                0 => format!("!{text}"),
                1 => format!("{text}!"),
                _ => "?".to_owned(),
            })
        }
        Mistake::Base64 => {
            merged.layers.iter().find(|layer| layer.contains_key("contentEncoding"))?;
            Some(match random.below(6) {
                // No padding, another alphabet, a line break, bits after the end, no base64 at all, a data URL.
                0 => "QQ".to_owned(),
                1 => "_-_-".to_owned(),
                2 => format!("{text}\n"),
                3 => "QR==".to_owned(),
                4 => "not base64!".to_owned(),
                _ => format!("data:image/png;base64,{text}"),
            })
        }
        _ => None,
    }
}

fn list(mistake: Mistake, merged: &Merged<'_>, mut items: Vec<Value>) -> Option<Vec<Value>> {
    let (least, most) = merged.count("minItems", "maxItems");
    match mistake {
        Mistake::TooManyItems => {
            let most = most.filter(|most| *most <= ITEMS)?;
            let last = items.last()?.clone();
            while items.len() <= most {
                // Unique items stay unique where they can, so that the number alone is wrong.
                items.push(match &last {
                    Value::String(text) if merged.values().is_none() => json!(format!("{text}{}", items.len())),
                    other => other.clone(),
                });
            }
        }
        Mistake::TooFewItems => items.truncate(least.checked_sub(1)?),
        _ => {
            merged.has("uniqueItems", &Value::Bool(true)).then_some(())?;
            items.push(items.last()?.clone());
        }
    }
    Some(items)
}
