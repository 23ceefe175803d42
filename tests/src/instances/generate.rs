//! A body that should fit a schema, and over many bodies every property, arm and value of it.
//!
//! Where there is a choice (an arm, an enum value, a member present or absent) the one taken least often so far is
//! preferred. A body has a budget of values; when it is spent, and below a certain depth, only what is required is made,
//! by the shortest way.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Random;
use super::merge::{Merged, compatible, passes};
use super::scalar;
use crate::schema::{Document, Layer, arms, array, properties, strings};

/// Definitions deeper than this can't be finished: the schema would want an infinite body.
const UNREACHABLE: u32 = 1000;

/// Makes bodies of one schema.
#[derive(Debug)]
pub struct Generator<'s> {
    document: Document<'s>,
    pub(super) random: Random,
    /// Unknown members, tags and values: what a reply may hold one day.
    open: bool,
    /// How often each choice was taken. The address of a schema node names the choice; it is never iterated over.
    taken: HashMap<(usize, usize), u32>,
    /// Levels that the smallest body of a definition needs.
    costs: HashMap<&'s str, u32>,
    /// Values that may still be made freely.
    budget: i32,
    /// Chance of an optional member, in percent.
    richness: usize,
}

impl<'s> Generator<'s> {
    /// `open`: replies, in which unknown things are legal.
    #[must_use]
    pub fn new(schema: &'s Value, random: Random, open: bool) -> Self {
        let document = Document::new(schema);
        let mut generator =
            Self { document, random, open, taken: HashMap::new(), costs: HashMap::new(), budget: 0, richness: 0 };
        generator.measure();
        generator
    }

    /// One body of a definition.
    pub fn body(&mut self, entry: &str) -> Value {
        self.budget = *self.random.choose(&[0, 12, 40, 40, 120]);
        self.richness = *self.random.choose(&[5, 15, 30, 60, 95]);
        match self.document.definition(entry) {
            Some(schema) => self.value(&[schema], 0),
            None => Value::Null,
        }
    }

    /// A value of a place's schemas, as small as may be or not.
    pub(crate) fn small(&mut self, schemas: &[&'s Value]) -> Value {
        self.budget = 4;
        self.richness = 20;
        self.value(schemas, 2)
    }

    /// Prefers what was taken least, but not always: some choices exclude others.
    fn pick(&mut self, node: usize, from: &[usize]) -> usize {
        let mut choice = *self.random.choose(from);
        if self.random.percent(60) {
            let count = |index: &usize| self.taken.get(&(node, *index)).copied().unwrap_or(0);
            choice = from.iter().copied().min_by_key(count).unwrap_or(choice);
        }
        *self.taken.entry((node, choice)).or_default() += 1;
        choice
    }

    fn value(&mut self, schemas: &[&'s Value], depth: usize) -> Value {
        self.budget -= 1;
        let scarce = self.budget < 0 || depth > 14;
        if self.open && !scarce && depth > 0 && self.random.one_in(150) {
            return scalar::free(&mut self.random, 2);
        }
        let mut layers = Vec::new();
        for schema in schemas {
            self.settle(schema, scarce, 0, &mut layers);
        }
        let merged = Merged { layers };
        if let Some(values) = merged.values() {
            return self.constant(&merged, &values);
        }
        if merged.is_free() && !merged.layers.iter().any(|layer| layer.contains_key("contentEncoding")) {
            return scalar::free(&mut self.random, 3);
        }
        let kinds = merged.kinds();
        let Some(kind) = self.kind(&merged, &kinds, scarce) else { return Value::Null };
        match kind {
            "null" => Value::Null,
            "boolean" => Value::Bool(self.random.one_in(2)),
            "integer" => scalar::integer(&mut self.random, &merged),
            "number" => scalar::number(&mut self.random, &merged),
            "string" => scalar::string(&mut self.random, &merged),
            "array" => self.array(&merged, depth, scarce),
            _ => self.object(&merged, depth, scarce),
        }
    }

    fn constant(&mut self, merged: &Merged<'s>, values: &[&'s Value]) -> Value {
        let Some(first) = values.first() else { return Value::Null };
        if self.open && first.is_string() && self.random.one_in(25) {
            return json!("a_value_of_next_year");
        }
        let node = merged.layers.first().map_or(0, |layer| address(layer));
        let all: Vec<usize> = (0..values.len()).collect();
        values[self.pick(node, &all)].clone()
    }

    fn kind(&mut self, merged: &Merged<'s>, kinds: &[&'static str], scarce: bool) -> Option<&'static str> {
        // `integer` is listed beside `number`, which includes it.
        let mut kinds: Vec<&str> = kinds.to_vec();
        if kinds.contains(&"number") && !kinds.contains(&"null") {
            kinds.retain(|kind| *kind != "integer");
        }
        if merged.layers.iter().all(|layer| !layer.contains_key("type")) {
            let says = |keyword: &str| merged.layers.iter().any(|layer| layer.contains_key(keyword));
            let implied = if says("properties") || says("required") {
                "object"
            } else if says("items") {
                "array"
            } else {
                "string"
            };
            return Some(implied);
        }
        if scarce && kinds.len() > 1 {
            kinds.retain(|kind| !matches!(*kind, "array" | "object"));
        }
        let node = merged.layers.first().map_or(0, |layer| address(layer)) + 1;
        let all: Vec<usize> = (0..kinds.len()).collect();
        (!all.is_empty()).then(|| kinds[self.pick(node, &all)])
    }

    /// The layers of a schema, with one arm of every union.
    fn settle(&mut self, schema: &'s Value, scarce: bool, depth: usize, layers: &mut Vec<Layer<'s>>) {
        let Some(layer) = schema.as_object().filter(|_| depth < 24) else { return };
        layers.push(layer);
        if let Some(target) = self.document.target(layer) {
            self.settle(target, scarce, depth + 1, layers);
        }
        for part in array(layer, "allOf") {
            self.settle(part, scarce, depth + 1, layers);
        }
        let arms: Vec<&Value> = arms(layer).collect();
        if arms.is_empty() {
            return;
        }
        let fits: Vec<usize> = (0..arms.len()).filter(|arm| compatible(self.document, arms[*arm], layers)).collect();
        let mut from = if fits.is_empty() { (0..arms.len()).collect() } else { fits };
        let cost = |arm: &usize| self.cost(arms[*arm], 0);
        let cheapest = from.iter().map(cost).min().unwrap_or(0);
        from.retain(|arm| cost(arm) < UNREACHABLE && (!scarce || cost(arm) == cheapest));
        if from.is_empty() {
            return;
        }
        let arm = self.pick(address(layer) + 2, &from);
        self.settle(arms[arm], scarce, depth + 1, layers);
    }

    fn array(&mut self, merged: &Merged<'s>, depth: usize, scarce: bool) -> Value {
        let (least, most) = merged.count("minItems", "maxItems");
        let room = most.unwrap_or(usize::MAX);
        let count = if scarce {
            least
        } else {
            match self.random.below(20) {
                0..4 => least,
                4..8 => least + 1,
                // The upper boundary, where it is near: bodies of a thousand items test nothing else.
                8 if room <= 24 => room,
                9 if room <= 1024 && merged.items().iter().all(|items| is_scalar(items)) => room,
                _ => least.max(1) + self.random.below(3),
            }
        };
        let schemas = merged.items();
        let unique = merged.has("uniqueItems", &Value::Bool(true));
        let mut items: Vec<Value> = Vec::new();
        for _ in 0..count.min(room) {
            let mut item =
                if schemas.is_empty() { scalar::free(&mut self.random, 2) } else { self.value(&schemas, depth + 1) };
            for _ in 0..8 {
                if !unique || !items.contains(&item) {
                    break;
                }
                item = self.value(&schemas, depth + 1);
            }
            if !unique || !items.contains(&item) {
                items.push(item);
            }
        }
        Value::Array(items)
    }

    fn object(&mut self, merged: &Merged<'s>, depth: usize, scarce: bool) -> Value {
        let declared = merged.members();
        let mut object = Map::new();
        if declared.is_empty() {
            self.map(merged, depth, scarce, &mut object);
            return Value::Object(object);
        }
        let present = self.present(merged, &declared, scarce);
        for (key, schemas) in declared.iter().filter(|(key, _)| present.contains(key)) {
            let value = self.value(schemas, depth + 1);
            object.insert((*key).to_owned(), value);
        }
        if self.open && merged.additional().is_some() && !scarce && self.random.one_in(6) {
            let key = *self.random.choose(&["x_next_year", "", "ключ", "a/b~c", "Type"]);
            object.insert(key.to_owned(), scalar::free(&mut self.random, 2));
        }
        let mut value = Value::Object(object);
        // Conditions may wait for each other; two rounds settle all that exist.
        for condition in merged.conditions().chain(merged.conditions()).collect::<Vec<_>>() {
            if self.random.percent(90) {
                self.heed(condition, &declared, depth, &mut value);
            }
        }
        for rule in merged.rules() {
            if self.random.percent(90) {
                self.obey(rule, &mut value);
            }
        }
        value
    }

    /// Which members an object gets.
    fn present(&mut self, merged: &Merged<'s>, declared: &[(&'s str, Vec<&'s Value>)], scarce: bool) -> Vec<&'s str> {
        let required = merged.required();
        let mut present: Vec<&str> = Vec::new();
        for (key, schemas) in declared {
            let wanted = required.contains(key)
                || !scarce && {
                    let node = schemas.first().map_or(0, |schema| std::ptr::from_ref(*schema) as usize) + 3;
                    let lucky = self.random.percent(self.richness);
                    if self.random.one_in(6) { self.pick(node, &[0, 1]) == 1 } else { lucky }
                };
            if wanted {
                present.push(key);
            }
        }
        let optional = |key: &&str| !required.contains(key);
        for names in merged.exclusive() {
            if names.iter().all(|key| present.contains(key)) && self.random.percent(95) {
                let loose: Vec<&str> = names.iter().copied().filter(|key| optional(key)).collect();
                if !loose.is_empty() {
                    let loser = *self.random.choose(&loose);
                    present.retain(|key| *key != loser);
                }
            }
        }
        for (key, needs) in merged.dependent() {
            if present.contains(&key) && self.random.percent(95) {
                present.extend(needs.iter().filter(|need| declared.iter().any(|(known, _)| known == *need)));
            }
        }
        let (least, most) = merged.count("minProperties", "maxProperties");
        for (key, _) in declared {
            if present.len() < least && !present.contains(key) {
                present.push(key);
            }
        }
        while most.is_some_and(|most| present.len() > most) {
            let Some(last) = present.iter().rposition(optional) else { break };
            present.remove(last);
        }
        present
    }

    /// An object without declared members: a map, or any JSON object.
    fn map(&mut self, merged: &Merged<'s>, depth: usize, scarce: bool, object: &mut Map<String, Value>) {
        let Some(schemas) = merged.additional() else { return };
        let (least, most) = merged.count("minProperties", "maxProperties");
        let wanted = if scarce { least } else { (least + self.random.below(4)).min(most.unwrap_or(usize::MAX)) };
        let names = merged.names();
        for _ in 0..wanted * 3 {
            if object.len() >= wanted {
                break;
            }
            let key = if names.is_empty() {
                scalar::key(&mut self.random)
            } else {
                let layers = names.iter().flat_map(|name| self.document.plain_layers(name)).collect();
                let names = Merged { layers };
                match names.values() {
                    Some(allowed) if !allowed.is_empty() => (*self.random.choose(&allowed)).clone(),
                    _ => scalar::string(&mut self.random, &names),
                }
                .as_str()
                .unwrap_or_default()
                .to_owned()
            };
            let value =
                if schemas.is_empty() { scalar::free(&mut self.random, 2) } else { self.value(&schemas, depth + 1) };
            object.insert(key, value);
        }
    }

    /// Makes an object keep a condition.
    fn heed(&mut self, layer: Layer<'s>, declared: &[(&'s str, Vec<&'s Value>)], depth: usize, value: &mut Value) {
        let branch = if layer.get("if").is_some_and(|test| passes(test, value)) { "then" } else { "else" };
        let Some(branch) = layer.get(branch) else { return };
        if passes(branch, value) {
            return;
        }
        let Some(branch) = branch.as_object() else { return };
        let missing = strings(branch, "required").filter(|key| value.get(*key).is_none()).map(|key| (key, None));
        let wrong =
            properties(branch).filter(|(key, test)| value.get(key.as_str()).is_some_and(|found| !passes(test, found)));
        let wrong = wrong.map(|(key, test)| (key.as_str(), Some(test)));
        let changes: Vec<(&str, Option<&Value>)> = missing.chain(wrong).collect();
        for (key, test) in changes {
            let made = declared.iter().find(|(known, _)| *known == key).and_then(|(_, schemas)| {
                let schemas: Vec<&Value> = schemas.iter().copied().chain(test).collect();
                (test != Some(&Value::Bool(false))).then(|| self.value(&schemas, depth + 1))
            });
            let Some(object) = value.as_object_mut() else { return };
            match made {
                Some(made) => object.insert(key.to_owned(), made),
                None => object.remove(key),
            };
        }
    }

    /// Makes an object keep a rule between members, often by a hair.
    fn obey(&mut self, rule: &Value, value: &mut Value) {
        let pointer = |key: &str| rule[key].as_str().unwrap_or_default();
        match rule["rule"].as_str().unwrap_or_default() {
            "less-than" | "at-most" => {
                let (left, right) = (pointer("left"), pointer("right"));
                let Some(low) = value.pointer(left).and_then(Value::as_i64) else { return };
                // Both have ranges of their own, so the right one is raised rather than the left one lowered.
                if value.pointer(right).and_then(Value::as_i64).is_some_and(|high| high <= low)
                    && let Some(high) = value.pointer_mut(right)
                {
                    *high = json!(low.saturating_add(i64::from(self.random.percent(80))));
                }
            }
            end @ ("first-item" | "last-item") => {
                let Some(items) = value.pointer_mut(pointer("of")).and_then(Value::as_array_mut) else { return };
                let item = if end == "first-item" { items.first_mut() } else { items.last_mut() };
                let allowed = rule["enum"].as_array().and_then(|allowed| allowed.first());
                if let (Some(found), Some(allowed)) = (item.and_then(|item| item.get_mut(pointer("property"))), allowed)
                {
                    *found = allowed.clone();
                }
            }
            _ => {}
        }
    }

    /// Levels that every definition needs at least, by rounds until nothing changes.
    fn measure(&mut self) {
        let Some(definitions) = self.document.definitions() else { return };
        loop {
            let before: Vec<u32> =
                definitions.keys().map(|name| self.costs.get(name.as_str()).copied().unwrap_or(UNREACHABLE)).collect();
            for (name, schema) in definitions {
                let cost = self.cost(schema, 0);
                self.costs.insert(name, cost);
            }
            if definitions.keys().zip(before).all(|(name, before)| self.costs[name.as_str()] == before) {
                break;
            }
        }
    }

    fn cost(&self, schema: &'s Value, depth: usize) -> u32 {
        let Some(layer) = schema.as_object() else { return 0 };
        let name = layer.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix("#/$defs/"));
        let target = name.map_or(0, |name| self.costs.get(name).copied().unwrap_or(UNREACHABLE));
        if depth > 16 {
            return target;
        }
        let cheapest = arms(layer).map(|arm| self.cost(arm, depth + 1)).min().unwrap_or(0);
        let required: Vec<&str> = strings(layer, "required").collect();
        let members = properties(layer).filter(|(key, _)| required.contains(&key.as_str()));
        let members = members.map(|(_, schema)| self.cost(schema, depth + 1) + 1).max().unwrap_or(0);
        let filled = layer.get("minItems").and_then(Value::as_u64).is_some_and(|least| least > 0);
        let items = layer.get("items").filter(|_| filled).map_or(0, |items| self.cost(items, depth + 1) + 1);
        target.max(cheapest).max(members).max(items).min(UNREACHABLE)
    }
}

fn address(layer: Layer<'_>) -> usize {
    std::ptr::from_ref(layer) as usize
}

fn is_scalar(schema: &Value) -> bool {
    !matches!(schema.get("type").and_then(Value::as_str), None | Some("object" | "array"))
}
