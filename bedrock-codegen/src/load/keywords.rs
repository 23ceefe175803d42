//! One schema: its keywords to the fields of [`Schema`].

use super::TOP;
use super::annotations::ANNOTATIONS;
use super::json::{Data, Member, Node, quoted};
use super::refused;
use super::values::{Reader, get};
use crate::diagnostic::{Diagnostic, Loc, nearest};
use crate::schema::{Condition, Kind, Number, Schema, Union};

/// Where a schema stands, as far as it matters for what it may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// The file itself.
    Root,
    /// Under `$defs`, by its name.
    Definition(&'a str),
    Inside,
}

/// For suggestions. Annotations have their own list.
pub(super) const KEYWORDS: [&str; 47] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "items",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "$ref",
    "$defs",
    "$dynamicRef",
    "$dynamicAnchor",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "default",
    "examples",
    "title",
    "description",
    "deprecated",
    "$comment",
    "contentEncoding",
    "contentMediaType",
    // Only at the top of a file.
    "$id",
    "$schema",
    "x-sources",
    "x-generations",
    "x-model",
];

pub(super) const KINDS: [(&str, Kind); 7] = [
    ("null", Kind::Null),
    ("boolean", Kind::Boolean),
    ("integer", Kind::Integer),
    ("number", Kind::Number),
    ("string", Kind::String),
    ("array", Kind::Array),
    ("object", Kind::Object),
];

const FORMATS: [&str; 4] = ["uri", "date", "date-time", "uuid"];

impl Reader<'_> {
    /// What is wrong in a schema is left out of it; the errors keep it from being used.
    pub(super) fn schema(&mut self, node: &Node, place: Place<'_>) -> Schema {
        let mut schema = Schema::default();
        self.read(node, place, &mut schema);
        schema
    }

    /// Recursion goes through [`Self::read`] and [`Self::keyword`] alone. A [`Schema`] is large and a message has many
    /// temporaries, so both are kept off the stack: schemas are filled where they lie, messages made in functions of
    /// their own.
    fn read(&mut self, node: &Node, place: Place<'_>, schema: &mut Schema) {
        schema.loc.clone_from(&node.loc);
        match &node.data {
            Data::Bool(value) => schema.boolean = Some(*value),
            Data::Object(members) => {
                for member in members {
                    self.keyword(member, members, place, schema);
                }
            }
            Data::Null | Data::Number(_) | Data::String(_) | Data::Array(_) => self.no_schema(node),
        }
    }

    fn boxed(&mut self, node: &Node, place: &mut Option<Box<Schema>>) {
        self.read(node, Place::Inside, place.insert(Box::default()));
    }

    fn append(&mut self, nodes: &[Node], schemas: &mut Vec<Schema>) {
        for node in nodes {
            self.read(node, Place::Inside, added(schemas));
        }
    }

    fn keyword(&mut self, member: &Member, all: &[Member], place: Place<'_>, schema: &mut Schema) {
        let Member { key, value, .. } = member;
        match key.as_str() {
            "properties" => {
                for Member { key, value, .. } in self.object(key, value) {
                    self.read(value, Place::Inside, added_property(key, &mut schema.properties));
                }
            }
            "additionalProperties" => self.boxed(value, &mut schema.additional),
            "propertyNames" => {
                self.judge_names(value);
                self.boxed(value, &mut schema.property_names);
            }
            "items" => {
                if self.is_one_schema(value) {
                    self.boxed(value, &mut schema.items);
                }
            }
            "allOf" => {
                let arms = self.filled(key, value);
                self.append(arms, &mut schema.all_of);
            }
            "oneOf" | "anyOf" => {
                let arms = self.filled(key, value);
                let union = self.begin_union(member, schema);
                self.append(arms, &mut union.arms);
            }
            "if" => {
                let condition = self.begin_condition(member, all, schema);
                self.read(value, Place::Inside, &mut condition.test);
                if let (Some(node), Some(then)) = (get(all, "then"), &mut condition.then) {
                    self.read(node, Place::Inside, then);
                }
                if let (Some(node), Some(otherwise)) = (get(all, "else"), &mut condition.otherwise) {
                    self.read(node, Place::Inside, otherwise);
                }
            }
            _ => self.leaf(member, all, place, schema),
        }
    }

    /// Keywords that hold no schema.
    fn leaf(&mut self, member: &Member, all: &[Member], place: Place<'_>, schema: &mut Schema) {
        let Member { key, key_loc, value } = member;
        let name = key.as_str();
        match name {
            "$ref" => {
                if let Some(dynamic) = all.iter().find(|other| other.key == "$dynamicRef") {
                    self.errors.push(
                        Diagnostic::new(key_loc, "`$ref` and `$dynamicRef` stand side by side")
                            .related("the other", &dynamic.key_loc)
                            .help("a schema refers to one definition; put the second one under `allOf`"),
                    );
                }
                schema.reference = self.reference(value);
            }
            "$dynamicRef" => schema.reference = self.dynamic_reference(value),
            "$dynamicAnchor" => schema.dynamic_anchor = self.dynamic_anchor(member, place),
            "not" => schema.exclusive.extend(self.exclusive(member)),
            "then" | "else" => {
                if get(all, "if").is_none() {
                    self.error(key_loc, format!("`{name}` without `if` says nothing"));
                }
            }

            "type" => schema.kinds = self.kinds(value),
            "enum" => schema.enumeration = self.enumeration(value),
            "const" => schema.constant = Some((value.to_value(), value.loc.clone())),

            "minimum" => schema.minimum = self.number(name, value),
            "maximum" => schema.maximum = self.number(name, value),
            "exclusiveMinimum" => schema.exclusive_minimum = self.number(name, value),
            "exclusiveMaximum" => schema.exclusive_maximum = self.number(name, value),
            "multipleOf" => {
                schema.multiple_of = self.number(name, value);
                if let Some((number, loc)) = &schema.multiple_of
                    && *number <= Number::Int(0)
                {
                    self.error(loc, format!("`multipleOf` must be above 0, found {}", value.found()));
                }
            }

            "minLength" => schema.min_length = self.count(name, value),
            "maxLength" => schema.max_length = self.count(name, value),
            "pattern" => {
                schema.pattern = self.located(name, value);
                // The check that is generated uses this engine: what it can't read would pass in silence.
                if let Some((pattern, loc)) = &schema.pattern
                    && let Err(error) = regex_lite::Regex::new(pattern)
                {
                    let words = error.to_string();
                    let words = words.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                    self.errors.push(
                        Diagnostic::new(loc, format!("`pattern` can't be read: {words}"))
                            .help("write it without look-around, back references and Unicode classes"),
                    );
                }
            }
            "format" => schema.format = self.one_of(name, &FORMATS, value).map(|text| (text, value.loc.clone())),
            "contentEncoding" => {
                schema.base64 = self.one_of(name, &["base64"], value).map(|_| value.loc.clone());
            }
            "contentMediaType" => schema.content_media_type = self.string(name, value),

            "minItems" => schema.min_items = self.count(name, value),
            "maxItems" => schema.max_items = self.count(name, value),
            "uniqueItems" => schema.unique_items = self.boolean(name, value).map(|b| (b, value.loc.clone())),

            "required" => {
                if let Data::Bool(_) = value.data {
                    self.errors.push(
                        Diagnostic::new(&value.loc, "`required` must be an array of strings, found a boolean")
                            .help("the object lists its required properties: `\"required\": [\"prompt\"]`"),
                    );
                } else {
                    schema.required = self.names(name, value);
                }
            }
            "minProperties" => schema.min_properties = self.count(name, value),
            "maxProperties" => schema.max_properties = self.count(name, value),
            "dependentRequired" => {
                for Member { key, value, .. } in self.object(name, value) {
                    let names = self.names(&format!("{name}/{key}"), value).into_iter().map(|(name, _)| name).collect();
                    schema.dependent_required.push((key.clone(), names, value.loc.clone()));
                }
            }

            "title" => schema.title = self.string(name, value),
            "description" => schema.description = self.string(name, value),
            "default" => schema.default = Some((value.to_value(), value.loc.clone())),
            "examples" => {
                let examples = self.array(name, value).iter();
                schema.examples = examples.map(|example| (example.to_value(), example.loc.clone())).collect();
            }
            "deprecated" => schema.deprecated = self.boolean(name, value).unwrap_or_default(),
            "$comment" => _ = self.string(name, value),

            _ if place == Place::Root && (TOP.contains(&name) || name == "$defs") => {}
            "$id" | "$schema" | "x-sources" | "x-generations" | "x-model" => {
                self.error(key_loc, format!("`{name}` stands only at the top of a file"));
            }
            "$defs" => self.errors.push(
                Diagnostic::new(key_loc, "`$defs` stands only at the top of a file")
                    .help("move the definitions there; `#/$defs/Name` leads to them from everywhere"),
            ),
            _ if name.starts_with("x-") => self.annotation(member, &mut schema.x),
            _ => self.unknown(member, all),
        }
    }

    fn unknown(&mut self, member: &Member, all: &[Member]) {
        let Member { key, key_loc, value } = member;
        if let Some(help) = refused::instead(key) {
            self.errors.push(Diagnostic::new(key_loc, format!("`{key}` is not in the subset")).help(help));
            return;
        }
        let near = nearest(key, KEYWORDS.iter().chain(&ANNOTATIONS).copied());
        let help = if let Some(near) = near {
            Some(format!("did you mean `{near}`?"))
        } else if matches!(value.data, Data::Object(_) | Data::Bool(_)) && !key.starts_with(['x', '$']) {
            let verb = if get(all, "properties").is_some() { "move it into" } else { "put it under" };
            Some(format!("if {} is a property, {verb} `properties`", quoted(key)))
        } else {
            None
        };
        let mut error = Diagnostic::new(key_loc, format!("there is no keyword `{key}`"));
        error.help = help;
        self.errors.push(error);
    }

    fn dynamic_anchor(&mut self, member: &Member, place: Place<'_>) -> Option<(String, Loc)> {
        let (anchor, loc) = self.located("$dynamicAnchor", &member.value)?;
        match place {
            Place::Definition(name) if name == anchor => return Some((anchor, loc)),
            Place::Definition(name) => self.errors.push(
                Diagnostic::new(
                    &loc,
                    format!("the anchor {} stands on the definition {}", quoted(&anchor), quoted(name)),
                )
                .help(format!("`$dynamicAnchor` repeats the definition's name: \"{name}\"")),
            ),
            Place::Root | Place::Inside => self.errors.push(
                Diagnostic::new(&member.key_loc, "`$dynamicAnchor` stands only on a definition under `$defs`")
                    .help("give this schema a name under `$defs`"),
            ),
        }
        None
    }

    fn kinds(&mut self, node: &Node) -> Option<(Vec<Kind>, Loc)> {
        let expected = "the name of a type or an array of them";
        let items = match &node.data {
            Data::String(_) => std::slice::from_ref(node),
            Data::Array(_) => self.filled("type", node),
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Object(_) => {
                self.wrong("type", expected, node);
                return None;
            }
        };
        let names = KINDS.map(|(name, _)| name);
        let mut kinds: Vec<Kind> = Vec::with_capacity(items.len());
        for item in items {
            if !matches!(item.data, Data::String(_)) {
                self.wrong("type", expected, item);
                continue;
            }
            let Some(name) = self.one_of("type", &names, item) else { continue };
            let Some(&(_, kind)) = KINDS.iter().find(|(known, _)| *known == name) else { continue };
            if kinds.contains(&kind) {
                self.error(&item.loc, format!("\"{name}\" stands twice in `type`"));
            } else {
                kinds.push(kind);
            }
        }
        (!kinds.is_empty()).then(|| (kinds, node.loc.clone()))
    }

    fn enumeration(&mut self, node: &Node) -> Option<(Vec<serde_json::Value>, Loc)> {
        let mut values = Vec::new();
        let mut places: Vec<&Loc> = Vec::new();
        for item in self.filled("enum", node) {
            let value = item.to_value();
            match values.iter().position(|other| *other == value) {
                Some(first) => self.errors.push(
                    Diagnostic::new(&item.loc, format!("{} stands twice in `enum`", item.found()))
                        .label("second")
                        .related("first", places[first]),
                ),
                None => {
                    values.push(value);
                    places.push(&item.loc);
                }
            }
        }
        (!values.is_empty()).then(|| (values, node.loc.clone()))
    }

    /// `not` says one thing only: members that exclude each other.
    fn exclusive(&mut self, member: &Member) -> Option<(Vec<String>, Loc)> {
        let Member { key_loc, value, .. } = member;
        let form = "`\"not\": {\"required\": [\"a\", \"b\"]}`";
        let members: &[Member] = if let Data::Object(members) = &value.data { members } else { &[] };
        let required = get(members, "required");
        let Some(required) = required.filter(|_| members.iter().all(|m| matches!(&*m.key, "required" | "$comment")))
        else {
            self.errors.push(
                Diagnostic::new(key_loc, "`not` has one form in the subset")
                    .help(format!("{form} refuses `a` and `b` together; a property that may not stand is `\"a\": false` under `properties`")),
            );
            return None;
        };
        if let Some(comment) = get(members, "$comment") {
            self.string("$comment", comment);
        }
        let names: Vec<String> = self.names("required", required).into_iter().map(|(name, _)| name).collect();
        if names.len() < 2 && matches!(required.data, Data::Array(_)) {
            let mut error = Diagnostic::new(&required.loc, "`not` needs two properties that exclude each other");
            error.help = names.first().map(|name| {
                format!("to refuse {} always, write `{}: false` under `properties`", quoted(name), quoted(name))
            });
            self.errors.push(error);
            return None;
        }
        Some((names, value.loc.clone()))
    }

    fn no_schema(&mut self, node: &Node) {
        self.error(&node.loc, format!("a schema must be an object, true or false, found {}", node.found()));
    }

    fn is_one_schema(&mut self, node: &Node) -> bool {
        let one = !matches!(node.data, Data::Array(_));
        if !one {
            self.errors.push(
                Diagnostic::new(&node.loc, "`items` must be one schema, found an array")
                    .help("a list has one type of item; use an object for a tuple"),
            );
        }
        one
    }

    fn judge_names(&mut self, node: &Node) {
        let known = ["enum", "pattern", "maxLength", "type", "description", "$comment", "x-source", "x-uncertain"];
        match &node.data {
            Data::Object(members) => self.unknown_keys("`propertyNames`", &known, members),
            Data::Bool(_) => self.wrong("propertyNames", "an object", node),
            // No schema at all, which is said when it is read.
            Data::Null | Data::Number(_) | Data::String(_) | Data::Array(_) => {}
        }
    }

    fn begin_union<'s>(&mut self, member: &Member, schema: &'s mut Schema) -> &'s mut Union {
        if let Some(Union { loc, .. }) = &schema.union {
            self.errors.push(
                Diagnostic::new(&member.key_loc, "`oneOf` and `anyOf` stand side by side")
                    .related("the other", loc)
                    .help("write one list of arms"),
            );
        }
        let any = member.key == "anyOf";
        schema.union.insert(Union { arms: Vec::new(), any, loc: member.value.loc.clone() })
    }

    fn begin_condition<'s>(&mut self, member: &Member, all: &[Member], schema: &'s mut Schema) -> &'s mut Condition {
        let then = get(all, "then").map(|_| Schema::default());
        let otherwise = get(all, "else").map(|_| Schema::default());
        if then.is_none() && otherwise.is_none() {
            self.error(&member.key_loc, "`if` without `then` or `else` says nothing");
        }
        let loc = member.value.loc.clone();
        schema.condition.insert(Box::new(Condition { test: Schema::default(), then, otherwise, loc }))
    }
}

fn added(schemas: &mut Vec<Schema>) -> &mut Schema {
    schemas.push(Schema::default());
    schemas.last_mut().expect("one was pushed in the line above")
}

fn added_property<'s>(name: &str, properties: &'s mut Vec<(String, Schema)>) -> &'s mut Schema {
    properties.push((name.to_owned(), Schema::default()));
    &mut properties.last_mut().expect("one was pushed in the line above").1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suggestion_is_a_keyword() {
        for keyword in KEYWORDS.iter().chain(&ANNOTATIONS) {
            for value in ["null", "[1]", "{}"] {
                let text = format!("{{\"$defs\": {{\"A\": {{\"{keyword}\": {value}}}}}}}");
                let said = crate::load::document("a.json", &text).err().map(|errors| errors.to_string());
                assert!(!said.unwrap_or_default().contains("there is no"), "{keyword}");
            }
        }
    }
}
