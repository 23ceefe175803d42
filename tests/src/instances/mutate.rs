//! One mistake in a body: what a user slips, a client gets wrong, or a service sends one day.

use serde_json::{Value, json};

use super::merge::Merged;
use super::{Generator, Random, scalar};
use crate::schema::{Document, Place, at, at_mut};

/// Tries before a body is given up on: most mistakes suit only some values.
const TRIES: usize = 40;

/// Breaks a body in one place and says how. `None` where no mistake could be made.
pub fn mutate<'s>(
    generator: &mut Generator<'s>,
    document: Document<'s>,
    entry: &str,
    body: &Value,
) -> Option<(&'static str, Value)> {
    let places = document.places(entry, body);
    if places.is_empty() {
        return None;
    }
    for _ in 0..TRIES {
        let place = &places[generator.random.below(places.len())];
        let mut broken = body.clone();
        let known = at(body, &place.path)?;
        let name = match known {
            Value::Object(_) => object(generator, document, place, &mut broken),
            Value::Array(_) => array(&mut generator.random, place, &mut broken),
            Value::String(_) => string(&mut generator.random, place, &mut broken),
            Value::Number(_) => number(&mut generator.random, place, &mut broken),
            Value::Null | Value::Bool(_) => None,
        };
        let name = match name {
            Some(name) if !generator.random.one_in(5) => name,
            _ => {
                broken = body.clone();
                kind(&mut generator.random, place, &mut broken)?
            }
        };
        if broken != *body {
            return Some((name, broken));
        }
    }
    None
}

/// A value of another kind.
fn kind(random: &mut Random, place: &Place<'_>, body: &mut Value) -> Option<&'static str> {
    let value = at_mut(body, &place.path)?;
    let (name, made) = match random.below(9) {
        0 | 1 => ("null", Value::Null),
        2 => ("wrong kind", json!(true)),
        3 => ("wrong kind", json!("7")),
        4 => ("wrong kind", json!(7)),
        5 => ("wrong kind", json!([])),
        6 => ("wrong kind", json!({})),
        7 => ("wrapped", json!([value])),
        _ => ("wrong kind", json!(0.5)),
    };
    *value = made;
    Some(name)
}

fn object<'s>(
    generator: &mut Generator<'s>,
    document: Document<'s>,
    place: &Place<'s>,
    body: &mut Value,
) -> Option<&'static str> {
    let merged = Merged { layers: place.layers.clone() };
    let members = at_mut(body, &place.path)?.as_object_mut()?;
    let keys: Vec<String> = members.keys().cloned().collect();
    match generator.random.below(12) {
        0 | 1 => {
            let required: Vec<&str> = merged.required().into_iter().filter(|key| members.contains_key(*key)).collect();
            let key = (!required.is_empty()).then(|| *generator.random.choose(&required))?;
            members.remove(key);
            Some("without a required member")
        }
        2 => {
            let key = (!keys.is_empty()).then(|| generator.random.choose(&keys))?;
            members.remove(key);
            Some("without a member")
        }
        3 => {
            members.insert("x_unknown".to_owned(), scalar::free(&mut generator.random, 2));
            Some("unknown member")
        }
        4 => {
            let key = (!keys.is_empty()).then(|| generator.random.choose(&keys))?;
            let value = members.remove(key)?;
            members.insert(misspelt(&mut generator.random, key), value);
            Some("misspelt member")
        }
        5 => {
            let key = (!keys.is_empty()).then(|| generator.random.choose(&keys))?;
            members.insert(key.clone(), Value::Null);
            Some("null member")
        }
        6 | 7 => {
            let partners: Vec<&str> =
                merged.exclusive().into_iter().flatten().filter(|key| !members.contains_key(*key)).collect();
            let declared = merged.members();
            let partners: Vec<_> = declared.iter().filter(|(key, _)| partners.contains(key)).collect();
            let (key, schemas) = (!partners.is_empty()).then(|| *generator.random.choose(&partners))?;
            let value = generator.small(schemas);
            members.insert((*key).to_owned(), value);
            Some("exclusive members together")
        }
        8 => {
            let declared = merged.members();
            let absent: Vec<_> = declared.iter().filter(|(key, _)| !members.contains_key(*key)).collect();
            let (key, schemas) = (!absent.is_empty()).then(|| *generator.random.choose(&absent))?;
            let value = generator.small(schemas);
            members.insert((*key).to_owned(), value);
            Some("one more member")
        }
        9 => {
            let tags: Vec<&String> = keys
                .iter()
                .filter(|key| {
                    document.member(&place.layers, key).into_iter().any(|schema| {
                        document.constants(schema).is_some_and(|all| all.iter().all(|one| one.is_string()))
                    })
                })
                .collect();
            let tag = (!tags.is_empty()).then(|| *generator.random.choose(&tags))?;
            let others = ["text", "tool_use", "image", "unknown", "", "enabled", "auto", "user", "json_schema"];
            members.insert(tag.clone(), json!(generator.random.choose(&others)));
            Some("other tag")
        }
        10 => {
            let key = (keys.len() > 1).then(|| generator.random.choose(&keys))?;
            let other = generator.random.choose(&keys).clone();
            let value = members.get(&other)?.clone();
            members.insert(key.clone(), value);
            Some("member of another key")
        }
        _ => {
            members.clear();
            Some("empty object")
        }
    }
}

fn array(random: &mut Random, place: &Place<'_>, body: &mut Value) -> Option<&'static str> {
    let merged = Merged { layers: place.layers.clone() };
    let (least, most) = merged.count("minItems", "maxItems");
    let items = at_mut(body, &place.path)?.as_array_mut()?;
    match random.below(6) {
        0 => {
            items.clear();
            Some("empty array")
        }
        1 | 2 if most.is_some_and(|most| most <= 2000) => {
            let last = items.last()?.clone();
            while items.len() <= most? {
                // Unique items stay unique where they can, so that the number alone is wrong.
                let next = match &last {
                    Value::String(text) => Value::from(format!("{text}{}", items.len())),
                    other => other.clone(),
                };
                items.push(next);
            }
            Some("too many items")
        }
        3 if least > 0 => {
            items.truncate(least - 1);
            Some("too few items")
        }
        4 => {
            let last = items.last()?.clone();
            items.push(last);
            Some("item twice")
        }
        5 => {
            items.push(Value::Null);
            Some("null item")
        }
        _ => {
            items.pop()?;
            Some("one item less")
        }
    }
}

fn string(random: &mut Random, place: &Place<'_>, body: &mut Value) -> Option<&'static str> {
    let merged = Merged { layers: place.layers.clone() };
    let (least, most) = merged.count("minLength", "maxLength");
    let encoded = merged.layers.iter().any(|layer| layer.contains_key("contentEncoding"));
    let Value::String(text) = at_mut(body, &place.path)? else { return None };
    if merged.values().is_some() {
        let wrong = match random.below(4) {
            0 => text.to_uppercase(),
            1 => format!("{text} "),
            2 => String::new(),
            _ => "no_such_value".to_owned(),
        };
        *text = wrong;
        return Some("wrong value");
    }
    if encoded && random.below(3) < 2 {
        let wrong = match random.below(6) {
            // No padding, another alphabet, a line break, bits after the end, no base64 at all, a data URL.
            0 => "QQ".to_owned(),
            1 => "_-_-".to_owned(),
            2 => format!("{text}\n"),
            3 => "QR==".to_owned(),
            4 => "not base64!".to_owned(),
            _ => format!("data:image/png;base64,{text}"),
        };
        *text = wrong;
        return Some("wrong base64");
    }
    match random.below(5) {
        0 => {
            text.clear();
            Some("empty string")
        }
        1 | 2 if most.is_some_and(|most| most <= 20_000) => {
            let letter = *random.choose(&['x', 'ü']);
            let missing = (most? + 1).saturating_sub(text.chars().count());
            text.extend(std::iter::repeat_n(letter, missing));
            Some("too long")
        }
        3 if least > 0 => {
            *text = text.chars().take(least - 1).collect();
            Some("too short")
        }
        4 if merged.text("pattern").is_some() => {
            text.insert(random.below(2).min(text.len()), '!');
            Some("against the pattern")
        }
        _ => {
            text.push('\n');
            Some("line break at the end")
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "limits of integers are whole")]
fn number(random: &mut Random, place: &Place<'_>, body: &mut Value) -> Option<&'static str> {
    let merged = Merged { layers: place.layers.clone() };
    let value = at_mut(body, &place.path)?;
    let whole = !merged.kinds().contains(&"number");
    let below =
        merged.most("minimum").map(|low| if whole { json!((low as i64).saturating_sub(1)) } else { json!(low - 1e-6) });
    let above = merged
        .least("maximum")
        .map(|high| if whole { json!((high as i64).saturating_add(1)) } else { json!(high + 1e-6) });
    let (name, made) = match random.below(8) {
        0 | 1 => ("below the minimum", below.or(merged.most("exclusiveMinimum").map(|low| json!(low)))?),
        2 | 3 => ("above the maximum", above.or(merged.least("exclusiveMaximum").map(|high| json!(high)))?),
        // Above, a fraction is lost, and what is left may be more than 64 bits: no fair question (schemas/README.md).
        4 => ("fraction", json!(value.as_f64().filter(|number| number.abs() < 1e15)?.trunc() + 0.5)),
        5 => ("negative", json!(-1)),
        6 => ("one more", json!(value.as_i64()?.checked_add(1)?)),
        _ => ("number as a string", json!(value.to_string())),
    };
    *value = made;
    Some(name)
}

fn misspelt(random: &mut Random, key: &str) -> String {
    match random.below(3) {
        0 => format!("{key}s"),
        1 => key.to_uppercase(),
        _ => key.chars().skip(1).collect(),
    }
}
