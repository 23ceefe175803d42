//! `cargo test --manifest-path tests/features/Cargo.toml` runs the JSON rules of `bedrock-models` with serde_json's
//! `arbitrary_precision` and `preserve_order`.
#![cfg(test)]

#[path = "../../bedrock-models/tests/json.rs"]
mod rules;

#[test]
fn the_features_are_on() {
    let value = serde_json::from_str::<serde_json::Value>(r#"{"b":1.50,"a":2}"#).expect("is JSON");
    assert_eq!(value.to_string(), r#"{"b":1.50,"a":2}"#);
}
