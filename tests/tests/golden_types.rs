//! The Rust of the goldens builds without a warning, and every example of their schemas comes out as it went in.

#![deny(warnings)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bedrock_models::json::{Decode, Encode, from_value, to_value};
use serde_json::Value;

/// A module per golden, and a round trip of the examples of its `Request`.
macro_rules! goldens {
    ($($name:ident),* $(,)?) => {
        $(
            mod $name {
                #[allow(dead_code, reason = "a golden shows more than the examples use")]
                pub mod types {
                    include!(concat!("../golden/", stringify!($name), ".rs"));
                }

                #[test]
                fn examples() {
                    super::round_trip::<types::Request>(stringify!($name), "Request");
                }
            }
        )*

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

goldens! {
    additional_properties_false, additional_properties_schema, all_of, any, any_of, constant, content_encoding,
    default, dependent_required, dynamic_ref, enumeration, format, if_then_else, item_counts, items, kinds,
    length, multiple_of, not_required, object, one_of_key, one_of_kind, one_of_tag, one_of_tag_default,
    properties, property_counts, property_names, range, reference, removed, type_null, type_several, words,
    x_echo, x_from_str, x_new, x_rules, x_rust_name,
}

#[test]
fn replies_keep_what_is_new() {
    round_trip::<additional_properties_false::types::Response>("additional_properties_false", "Response");
    round_trip::<one_of_key::types::Response>("one_of_key", "Response");
    round_trip::<x_echo::types::Response>("x_echo", "Response");
}

#[test]
fn every_golden_is_built() {
    let entries = fs::read_dir(folder()).expect("the folder of the goldens is there");
    let found: BTreeSet<String> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, NAMES.iter().map(|name| (*name).to_owned()).collect());
}

#[track_caller]
fn round_trip<T: for<'de> Decode<'de> + Encode>(name: &str, definition: &str) {
    let text = fs::read_to_string(folder().join(format!("{name}.json"))).expect("the schema is there");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    let examples = schema["$defs"][definition]["examples"].as_array().expect("the schema has examples");
    assert!(!examples.is_empty());
    for example in examples {
        match from_value::<T>(example) {
            Ok(value) => assert_eq!(&to_value(&value).expect("it can be written"), example),
            Err(error) => panic!("{example}: {error}"),
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}
