//! JSON compared by value and spelt in many ways.

use serde_json::Value;

use crate::instances::Random;

/// Equal, numbers by value: `512` and `512.0` are one number.
#[must_use]
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (whole(a), whole(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a.as_f64() == b.as_f64(),
        },
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

fn whole(number: &serde_json::Number) -> Option<i128> {
    number.as_u64().map(i128::from).or_else(|| number.as_i64().map(i128::from))
}

/// Where two values differ first, as a JSON pointer.
#[must_use]
pub fn difference(a: &Value, b: &Value) -> Option<String> {
    if equal(a, b) {
        return None;
    }
    let below = match (a, b) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| difference(a, b).map(|at| format!("/{i}{at}")))
        }
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            keys.into_iter().find_map(|key| match (a.get(key), b.get(key)) {
                (Some(a), Some(b)) => difference(a, b).map(|at| format!("/{key}{at}")),
                _ => Some(format!("/{key}")),
            })
        }
        _ => None,
    };
    Some(below.unwrap_or_default())
}

/// Text of a value with the members of every object in another order: a tag may come last, or anywhere.
#[must_use]
pub fn spell(value: &Value, random: &mut Random) -> Vec<u8> {
    let mut text = Vec::new();
    write(value, random, &mut text);
    text
}

fn write(value: &Value, random: &mut Random, text: &mut Vec<u8>) {
    match value {
        Value::Array(items) => {
            text.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    text.push(b',');
                }
                write(item, random, text);
            }
            text.push(b']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            match random.below(3) {
                0 => {}
                // `type` sorts late, so reversed it comes early.
                1 => members.reverse(),
                _ => random.shuffle(&mut members),
            }
            text.extend_from_slice(if random.one_in(8) { b"{ " } else { b"{" });
            for (i, (key, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    text.push(b',');
                }
                write(&Value::from(key.as_str()), random, text);
                text.push(b':');
                write(member, random, text);
            }
            text.push(b'}');
        }
        scalar => text.extend_from_slice(scalar.to_string().as_bytes()),
    }
}
