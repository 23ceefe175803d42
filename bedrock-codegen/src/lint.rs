//! Where everything is known from: what `cargo xtask lint` asks of schemas beyond what compiles.
//!
//! Only requests are asked for sources and ranges: they are what this project refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Loc};
use crate::program::Program;
use crate::schema::{Document, Kind, Resolved, Schema, Target, Unbounded};

/// What an API's requests rest on, over all of its models.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Path of the shape.
    pub api: String,
    pub models: usize,
    /// Members of request objects, each counted once for the API.
    pub properties: usize,
    /// Those of them that are documented as uncertain and not enforced.
    pub uncertain: usize,
}

/// Judges all schemas.
///
/// The mistakes are those of a careless author: properties without a source or a description, numbers without a range
/// or the word that there is none, models without dates, sources or a grade of confidence.
pub fn lint(program: &Program) -> (Vec<Coverage>, Diagnostics) {
    let mut linter = Linter { sources: BTreeMap::new(), seen: BTreeSet::new(), diagnostics: Diagnostics::default() };
    for document in program.documents.values() {
        linter.facts(document);
    }
    let mut apis: BTreeMap<Arc<str>, (usize, BTreeMap<String, bool>)> = BTreeMap::new();
    // A shape that no model uses is judged by itself.
    for resolved in &program.models {
        let (models, properties) = apis.entry(resolved.shape.clone()).or_default();
        *models += 1;
        linter.requests(resolved, properties);
    }
    let coverage = apis.into_iter().map(|(api, (models, properties))| Coverage {
        api: api.to_string(),
        models,
        uncertain: properties.values().filter(|uncertain| **uncertain).count(),
        properties: properties.len(),
    });
    (coverage.collect(), linter.diagnostics)
}

struct Linter {
    /// Keys of `x-sources` that the file being judged may name.
    sources: BTreeMap<String, String>,
    /// What was found before, through another model: file, pointer and words.
    seen: BTreeSet<(Arc<str>, Arc<str>, String)>,
    diagnostics: Diagnostics,
}

/// Whether somebody above has said where this is known from.
#[derive(Clone, Copy)]
struct Above {
    sourced: bool,
}

impl Linter {
    fn found(&mut self, loc: &Loc, message: String, help: &str) {
        if self.seen.insert((loc.file.clone(), loc.pointer.to_string().into(), message.clone())) {
            self.diagnostics.push(Diagnostic::new(loc, message).help(help));
        }
    }

    fn facts(&mut self, document: &Document) {
        let Some(model) = &document.model else { return };
        let written = |path: &[&str]| path.iter().try_fold(&model.json, |at, key| at.get(key)).is_some();
        let dates =
            [&["released"][..], &["lifecycle", "status"], &["lifecycle", "legacy_date"], &["lifecycle", "eol_date"]];
        for path in dates.into_iter().filter(|path| !written(path)) {
            let message = format!("the model does not say `{}`", path.join("/"));
            self.found(&model.loc, message, "give the date and its source, or `null` where none is known");
        }
        if model.facts.sources.is_empty() {
            self.found(&model.loc, "the model has no `sources`".to_owned(), "say where its facts come from");
        }
        if model.facts.confidence.is_none() {
            let help = "`high`, `medium` or `low`; see schemas/README.md";
            self.found(&model.loc, "the model has no `confidence`".to_owned(), help);
        }
        let price = model.facts.price.as_ref().filter(|price| price.source.is_none());
        if price.is_some() {
            self.found(&model.loc, "the `price` has no `source`".to_owned(), "say where the amounts come from");
        }
    }

    fn requests(&mut self, resolved: &Resolved, properties: &mut BTreeMap<String, bool>) {
        self.sources.clone_from(&resolved.sources);
        let defs: BTreeMap<&str, &Schema> =
            resolved.defs.iter().map(|(name, schema)| (name.as_str(), schema)).collect();
        let mut queue = vec!["Request"];
        let mut visited = BTreeSet::new();
        while let Some(name) = queue.pop() {
            let Some(schema) = defs.get(name).filter(|_| visited.insert(name)) else { continue };
            let above = Above { sourced: self.sourced(schema) };
            self.schema(schema, name, above, &defs, properties);
            schema.walk(&mut |below| {
                if let Some((Target::Local(target), _)) = &below.reference {
                    queue.push(target);
                }
            });
        }
    }

    /// Whether the schema names a source; a name that leads nowhere is said.
    fn sourced(&mut self, schema: &Schema) -> bool {
        for source in &schema.x.source {
            if !source.contains("://") && !self.sources.contains_key(source) {
                let message = format!("`x-source` names {source:?}, which `x-sources` of the file does not have");
                self.found(&schema.loc, message, "add the key with its URL, or name one that is there");
            }
        }
        !schema.x.source.is_empty()
    }

    /// `at`: the definition and the members on the way.
    fn schema(
        &mut self,
        schema: &Schema,
        at: &str,
        above: Above,
        defs: &BTreeMap<&str, &Schema>,
        properties: &mut BTreeMap<String, bool>,
    ) {
        self.number(schema);
        for (key, property) in &schema.properties {
            if property.boolean == Some(false) {
                continue;
            }
            let path = format!("{at}/{key}");
            let target = match &property.reference {
                Some((Target::Local(target), _)) => defs.get(target.as_str()).copied(),
                _ => None,
            };
            let described = |schema: &Schema| schema.description.is_some() || schema.title.is_some();
            if !described(property) && !target.is_some_and(described) {
                let help = "say what it means, its unit, and what happens without it";
                self.found(&property.loc, format!("`{key}` has no description"), help);
            }
            let sourced =
                self.sourced(property) || above.sourced || target.is_some_and(|target| !target.x.source.is_empty());
            if !sourced {
                let help = "put `x-source` on it or on its definition: a key of `x-sources`, or a URL";
                self.found(&property.loc, format!("`{key}` does not say where it is known from"), help);
            }
            let uncertain = property.x.uncertain.is_some();
            *properties.entry(path.clone()).or_default() |= uncertain;
            self.schema(property, &path, Above { sourced }, defs, properties);
        }
        let below = [&schema.items, &schema.additional].into_iter().flatten().map(AsRef::as_ref);
        for below in below.chain(schema.union.iter().flat_map(|union| &union.arms)) {
            let above = Above { sourced: self.sourced(below) || above.sourced };
            self.schema(below, at, above, defs, properties);
        }
    }

    fn number(&mut self, schema: &Schema) {
        let Some((kinds, _)) = &schema.kinds else { return };
        let is_number = kinds.contains(&Kind::Integer) || kinds.contains(&Kind::Number);
        if !is_number || schema.enumeration.is_some() || schema.constant.is_some() {
            return;
        }
        let unbounded = schema.x.unbounded;
        let below = schema.minimum.is_some() || schema.exclusive_minimum.is_some();
        let above = schema.maximum.is_some() || schema.exclusive_maximum.is_some();
        let said = |side| unbounded == Some(side) || unbounded == Some(Unbounded::Both);
        for (bounded, side, keyword) in [(below, Unbounded::Below, "minimum"), (above, Unbounded::Above, "maximum")] {
            if !bounded && !said(side) {
                let help =
                    format!("write what a source states, or `\"x-unbounded\": \"{}\"` where none does", side.as_str());
                self.found(&schema.loc, format!("a number without `{keyword}`"), &help);
            }
        }
    }
}
