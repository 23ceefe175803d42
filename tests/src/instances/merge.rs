//! The schemas that speak about one value, as one set of wishes.

use serde_json::Value;

use crate::schema::{Document, Layer, array, constants, names_kind, properties, strings};

/// Kinds of JSON, as `type` names them.
pub(super) const KINDS: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

/// What all layers together want.
pub(crate) struct Merged<'s> {
    pub layers: Vec<Layer<'s>>,
}

impl<'s> Merged<'s> {
    /// Kinds that every layer allows; `integer` is a `number` too. All kinds, where nothing is said.
    pub fn kinds(&self) -> Vec<&'static str> {
        let mut kinds: Vec<&str> = KINDS.to_vec();
        for layer in &self.layers {
            let Some(named) = layer.get("type") else { continue };
            let names =
                |kind: &str| named == kind || named.as_array().is_some_and(|all| all.iter().any(|one| one == kind));
            kinds.retain(|kind| names(kind) || (*kind == "integer" && names("number")));
        }
        kinds
    }

    /// Whether nothing but annotations is said.
    pub fn is_free(&self) -> bool {
        const SAYING: [&str; 7] = ["type", "properties", "enum", "const", "items", "additionalProperties", "required"];
        !self.layers.iter().any(|layer| SAYING.iter().any(|keyword| layer.contains_key(*keyword)))
    }

    /// Values that every `enum` and `const` allows.
    pub fn values(&self) -> Option<Vec<&'s Value>> {
        let mut allowed: Option<Vec<&'s Value>> = None;
        for layer in &self.layers {
            let own = layer.get("const").map(|constant| vec![constant]);
            let own = own.or_else(|| layer.get("enum").and_then(Value::as_array).map(|all| all.iter().collect()));
            let Some(own) = own else { continue };
            allowed = Some(match allowed {
                Some(known) => known.into_iter().filter(|value| own.contains(value)).collect(),
                None => own,
            });
        }
        let mut allowed = allowed?;
        for layer in &self.layers {
            if let Some(kinds) = layer.get("type") {
                allowed.retain(|value| names_kind(kinds, value));
            }
        }
        Some(allowed)
    }

    /// The largest of a keyword that asks for at least.
    pub fn most(&self, keyword: &str) -> Option<f64> {
        self.numbers(keyword).fold(None, |most, number| Some(most.map_or(number, |most: f64| most.max(number))))
    }

    /// The smallest of a keyword that asks for at most.
    pub fn least(&self, keyword: &str) -> Option<f64> {
        self.numbers(keyword).fold(None, |least, number| Some(least.map_or(number, |least: f64| least.min(number))))
    }

    fn numbers(&self, keyword: &str) -> impl Iterator<Item = f64> {
        self.layers.iter().filter_map(move |layer| layer.get(keyword)?.as_f64())
    }

    /// A count: of characters, items, members.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small whole numbers")]
    pub fn count(&self, least: &str, most: &str) -> (usize, Option<usize>) {
        (self.most(least).unwrap_or(0.0) as usize, self.least(most).map(|most| most as usize))
    }

    /// The first text of a keyword.
    pub fn text(&self, keyword: &str) -> Option<&'s str> {
        self.layers.iter().find_map(|layer| layer.get(keyword)?.as_str())
    }

    pub fn has(&self, keyword: &str, value: &Value) -> bool {
        self.layers.iter().any(|layer| layer.get(keyword) == Some(value))
    }

    /// Schemas of the items.
    pub fn items(&self) -> Vec<&'s Value> {
        self.layers.iter().filter_map(|layer| layer.get("items")).collect()
    }

    /// Members that may be there: every key once, with all that is said about it.
    pub fn members(&self) -> Vec<(&'s str, Vec<&'s Value>)> {
        let mut members: Vec<(&'s str, Vec<&'s Value>)> = Vec::new();
        for (key, schema) in self.layers.iter().flat_map(|layer| properties(layer)) {
            match members.iter_mut().find(|(known, _)| known == key) {
                Some((_, schemas)) => schemas.push(schema),
                None => members.push((key, vec![schema])),
            }
        }
        let names: Vec<Layer<'s>> =
            self.layers.iter().filter_map(|layer| layer.get("propertyNames")?.as_object()).collect();
        members.retain(|(key, schemas)| {
            let allowed =
                names.iter().all(|layer| !layer.contains_key("enum") || strings(layer, "enum").any(|one| one == *key));
            allowed && !schemas.contains(&&Value::Bool(false))
        });
        members
    }

    pub fn required(&self) -> Vec<&'s str> {
        let mut required: Vec<&str> = self.layers.iter().flat_map(|layer| strings(layer, "required")).collect();
        required.dedup();
        required
    }

    /// `not: {required: […]}`.
    pub fn exclusive(&self) -> Vec<Vec<&'s str>> {
        let not = self.layers.iter().filter_map(|layer| layer.get("not")?.as_object());
        not.map(|not| strings(not, "required").collect()).collect()
    }

    /// `dependentRequired`: key and what it needs.
    pub fn dependent(&self) -> Vec<(&'s str, Vec<&'s str>)> {
        let lists = self.layers.iter().filter_map(|layer| layer.get("dependentRequired")?.as_object());
        let lists = lists.flat_map(|lists| lists.iter());
        lists
            .map(|(key, needs)| {
                (key.as_str(), needs.as_array().into_iter().flatten().filter_map(Value::as_str).collect())
            })
            .collect()
    }

    /// Layers with `if`.
    pub fn conditions(&self) -> impl Iterator<Item = Layer<'s>> {
        self.layers.iter().copied().filter(|layer| layer.contains_key("if"))
    }

    pub fn rules(&self) -> Vec<&'s Value> {
        self.layers.iter().flat_map(|layer| array(layer, "x-rules")).collect()
    }

    /// What members that are not declared must be: `None` where there may be none.
    pub fn additional(&self) -> Option<Vec<&'s Value>> {
        let additional: Vec<&Value> =
            self.layers.iter().filter_map(|layer| layer.get("additionalProperties")).collect();
        (!additional.contains(&&Value::Bool(false))).then_some(additional)
    }

    /// Schemas of the keys.
    pub fn names(&self) -> Vec<&'s Value> {
        self.layers.iter().filter_map(|layer| layer.get("propertyNames")).collect()
    }
}

/// Whether a value passes the question of an `if`. Only what such questions are made of is understood.
pub(super) fn passes(test: &Value, value: &Value) -> bool {
    let Some(test) = test.as_object() else { return test != &Value::Bool(false) };
    let required = strings(test, "required").all(|key| !value.is_object() || value.get(key).is_some());
    let members = properties(test).all(|(key, test)| value.get(key).is_none_or(|member| passes(test, member)));
    let object = Value::Object(test.clone());
    let values = constants(&object).is_none_or(|allowed| allowed.contains(&value));
    let bound = |keyword: &str, keeps: fn(f64, f64) -> bool| {
        let limit = test.get(keyword).and_then(Value::as_f64);
        limit.zip(value.as_f64()).is_none_or(|(limit, number)| keeps(number, limit))
    };
    let kind = test.get("type").is_none_or(|kinds| names_kind(kinds, value));
    let any = |keyword: &str| !test.contains_key(keyword) || array(test, keyword).any(|test| passes(test, value));
    required
        && members
        && values
        && kind
        && bound("minimum", |number, limit| number >= limit)
        && bound("maximum", |number, limit| number <= limit)
        && any("anyOf")
        && any("oneOf")
        && array(test, "allOf").all(|test| passes(test, value))
        && test.get("not").is_none_or(|test| !passes(test, value))
}

/// Whether an arm of a union can be what a schema beside the union asks for, judging by constants.
pub(super) fn compatible<'s>(document: Document<'s>, arm: &'s Value, beside: &[Layer<'s>]) -> bool {
    document.plain_layers(arm).into_iter().flat_map(properties).all(|(key, schema)| {
        let Some(own) = document.constants(schema) else { return true };
        let asked = beside.iter().filter_map(|layer| document.constants(layer.get("properties")?.get(key)?));
        asked.into_iter().all(|asked| own.iter().any(|value| asked.contains(value)))
    })
}
