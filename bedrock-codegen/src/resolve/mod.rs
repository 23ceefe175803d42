//! Documents → one self-contained schema per model.
//!
//! Follows `$ref` through model, generation and shape, binds each `$dynamicRef` to the outermost override, and merges
//! what stands beside a reference into what it refers to ([`merge`]). Whatever names something absent, widens, or
//! changes nothing is an error here: in JSON Schema it would be legal, and silent.

mod merge;
mod union;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Loc, nearest};
use crate::names::TypeName;
use crate::schema::{Document, Resolved, Schema, Target};

/// All files, by path below `schemas/`; made by [`documents`].
pub type Documents = BTreeMap<Arc<str>, Document>;

/// Collects documents and makes their references absolute, so that a schema means the same wherever it is merged.
pub fn documents(files: impl IntoIterator<Item = Document>) -> Documents {
    let absolute = |mut document: Document| {
        let file = document.path.clone();
        let schemas = document.defs.iter_mut().map(|(_, schema)| schema).chain(document.root.as_mut());
        for schema in schemas {
            schema.walk_mut(&mut |schema| {
                let Some((target, _)) = &mut schema.reference else { return };
                match target {
                    Target::Local(name) => *target = Target::File(file.to_string(), std::mem::take(name)),
                    Target::Root(root) => {
                        let file = root.take().unwrap_or_else(|| file.to_string());
                        *target = Target::File(file, String::new());
                    }
                    Target::File(..) | Target::Dynamic(_) => {}
                }
            });
        }
        (file, document)
    };
    files.into_iter().map(absolute).collect()
}

/// The definitions that a model, generation or shape is entered by.
pub const ENTRY_POINTS: [&str; 3] = ["Request", "Response", "StreamEvent"];

/// Resolves one file: a model, a generation, a shape, or a schema file of a user's.
///
/// # Errors
/// Every reference that leads nowhere and every narrowing that is none, with its place.
pub fn resolve(documents: &Documents, path: &str) -> Result<Resolved, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let Some(document) = documents.get(path) else {
        let loc = Loc { file: path.into(), pointer: "#".into(), line: 1, column: 1, start: 0, end: 0 };
        let near = nearest(path, documents.keys().map(AsRef::as_ref));
        diagnostics.push(with_nearest(Diagnostic::new(&loc, format!("there is no schema file {path:?}")), near));
        return diagnostics.finish(()).map(|()| unreachable!("an error was pushed"));
    };
    let mut resolver = Resolver {
        documents,
        chain: chain(documents, document),
        diagnostics,
        names: BTreeMap::new(),
        queue: Vec::new(),
        clones: Vec::new(),
        anchors_used: BTreeSet::new(),
        stack: Vec::new(),
    };
    let defs = resolver.run(document);
    let Resolver { chain, diagnostics, .. } = resolver;
    let shape = chain.last().expect("the chain holds at least the file itself").clone();
    let generation = (chain.len() > 1)
        .then(|| chain[chain.len() - 2].clone())
        .filter(|generation| documents[generation].model.is_none());
    let sources = chain.iter().flat_map(|file| documents[file].sources.clone()).collect();
    diagnostics.finish(Resolved {
        sources,
        path: document.path.clone(),
        shape,
        generation,
        title: document.title.clone(),
        description: document.description.clone(),
        model: document.model.clone(),
        defs,
    })
}

/// The files from the entry to the shape, as the entry points lead through them.
fn chain(documents: &Documents, document: &Document) -> Vec<Arc<str>> {
    let mut chain = vec![document.path.clone()];
    let mut current = document;
    loop {
        let next = ENTRY_POINTS.iter().find_map(|entry| {
            let (_, schema) = current.defs.iter().find(|(name, _)| name == entry)?;
            match &schema.reference {
                Some((Target::File(file, _), _)) => documents.get(file.as_str()),
                _ => None,
            }
        });
        match next {
            Some(next) if !chain.contains(&next.path) => {
                chain.push(next.path.clone());
                current = next;
            }
            _ => return chain,
        }
    }
}

/// A definition: file and name. An empty name is the root of the file.
type Def = (Arc<str>, String);

struct Resolver<'a> {
    documents: &'a Documents,
    /// Entry first, shape last: the order in which dynamic references are bound.
    chain: Vec<Arc<str>>,
    diagnostics: Diagnostics,
    /// Output name → definition.
    names: BTreeMap<String, Def>,
    queue: Vec<(String, Def)>,
    /// Narrowed copies of definitions, waiting for a name.
    clones: Vec<Clone_>,
    anchors_used: BTreeSet<String>,
    /// Definitions that are being merged, to find cycles that hold no type.
    stack: Vec<Def>,
}

/// A definition narrowed at one place of use.
struct Clone_ {
    base: String,
    /// Parent and field.
    derived: String,
    schema: Schema,
}

/// Stands for the name of a clone until all names are known.
fn placeholder(index: usize) -> String {
    format!("\u{1}{index}")
}

impl Resolver<'_> {
    fn run(&mut self, document: &Document) -> Vec<(String, Schema)> {
        let mut entries = 0;
        for entry in ENTRY_POINTS {
            if document.defs.iter().any(|(name, _)| name == entry) {
                let def = self.effective((document.path.clone(), entry.to_owned()));
                self.claim(entry, def, &document.loc);
                entries += 1;
            }
        }
        if let Some(root) = &document.root {
            let def = self.effective((document.path.clone(), String::new()));
            let name = root_name(document);
            self.claim(&name, def, &root.loc);
            entries += 1;
        }
        if entries == 0 {
            self.diagnostics.push(
                Diagnostic::new(&document.loc, "the file has no entry point")
                    .help("give `$defs` a `Request`, a `Response` or a `StreamEvent`, or make the file itself a schema"),
            );
        }
        let mut defs = Vec::new();
        while let Some((name, def)) = self.queue.pop() {
            if let Some(schema) = self.definition(&def) {
                let schema = self.materialise(schema);
                let schema = self.finish(schema, &name, &name);
                defs.push((name, schema));
            }
        }
        self.name_clones(&mut defs);
        self.order(document, &mut defs);
        self.unused(document);
        defs
    }

    /// Gives clones their names: that of the definition where nothing else has it, else that of their place.
    fn name_clones(&mut self, defs: &mut Vec<(String, Schema)>) {
        let clones = std::mem::take(&mut self.clones);
        let mut names: Vec<String> = Vec::new();
        for (i, clone) in clones.iter().enumerate() {
            let rivals = clones.iter().enumerate().any(|(j, other)| j != i && other.base == clone.base);
            let taken = |name: &str| defs.iter().any(|(known, _)| known == name) || names.iter().any(|n| n == name);
            let name = if !rivals && !taken(&clone.base) { clone.base.clone() } else { clone.derived.clone() };
            if taken(&name) {
                self.diagnostics.push(
                    Diagnostic::new(&clone.schema.loc, format!("two schemas claim the name `{name}`"))
                        .help("give this one a definition of its own under `$defs`"),
                );
            }
            names.push(name);
        }
        defs.extend(names.iter().cloned().zip(clones.into_iter().map(|clone| clone.schema)));
        for (_, schema) in defs {
            schema.walk_mut(&mut |schema| {
                if let Some((Target::Local(name), _)) = &mut schema.reference
                    && let Some(index) = name.strip_prefix('\u{1}').and_then(|index| index.parse::<usize>().ok())
                {
                    *name = names[index].clone();
                }
            });
        }
    }

    /// Definitions in the order of the shape, derived ones after them by name.
    fn order(&self, document: &Document, defs: &mut [(String, Schema)]) {
        let shape = self.chain.last().and_then(|shape| self.documents.get(shape)).unwrap_or(document);
        let rank = |name: &String| {
            let entry = ENTRY_POINTS.iter().position(|entry| entry == name);
            let own = shape.defs.iter().position(|(def, _)| def == name);
            (entry.unwrap_or(usize::MAX), own.unwrap_or(usize::MAX), name.clone())
        };
        defs.sort_by_key(|(name, _)| rank(name));
    }

    /// Definitions of the entry's own file that nothing reaches do nothing, in silence.
    fn unused(&mut self, document: &Document) {
        // With mistakes about, what looks unreached may only be misread.
        if !self.diagnostics.0.is_empty() {
            return;
        }
        for (name, schema) in &document.defs {
            let def = (document.path.clone(), name.clone());
            let reached = ENTRY_POINTS.contains(&name.as_str())
                || self.names.values().any(|known| *known == def)
                || schema.dynamic_anchor.as_ref().is_some_and(|(anchor, _)| self.anchors_used.contains(anchor));
            if !reached {
                self.diagnostics.push(match &schema.dynamic_anchor {
                    Some((anchor, loc)) if self.chain.len() > 1 => Diagnostic::new(
                        loc,
                        format!("no `$dynamicRef` leads to `#{anchor}`, so this override does nothing"),
                    )
                    .help("name an anchor of the shape that is reached from an entry point, or remove the override"),
                    _ => Diagnostic::new(&schema.loc, format!("the definition `{name}` is not used"))
                        .help("refer to it from an entry point, or remove it"),
                });
            }
        }
    }

    fn claim(&mut self, name: &str, def: Def, loc: &Loc) {
        match self.names.get(name) {
            Some(known) if *known == def => {}
            Some(known) => {
                let (mut first, mut second) = (known.clone(), def);
                // The override is the one that stands nearer to the model.
                let depth = |def: &Def| self.chain.iter().position(|file| *file == def.0);
                if depth(&second) < depth(&first) {
                    std::mem::swap(&mut first, &mut second);
                }
                let mut diagnostic =
                    Diagnostic::new(loc, format!("`{name}` means two definitions here: {} and {}", first.0, second.0));
                if let Some(schema) = self.schema_of(&first) {
                    diagnostic = diagnostic.related("one of them", &schema.loc);
                }
                self.diagnostics.push(
                    diagnostic
                        .help(format!("write `\"$dynamicRef\": \"#{name}\"`, so that the narrower one is meant everywhere")),
                );
            }
            None => {
                self.names.insert(name.to_owned(), def.clone());
                self.queue.push((name.to_owned(), def));
            }
        }
    }

    fn schema_of(&self, (file, name): &Def) -> Option<&Schema> {
        let document = self.documents.get(file)?;
        if name.is_empty() {
            return document.root.as_ref();
        }
        document.defs.iter().find(|(known, _)| known == name).map(|(_, schema)| schema)
    }

    fn definition(&self, def: &Def) -> Option<Schema> {
        self.schema_of(def).cloned()
    }

    /// Where a reference leads: the definition, past those that are nothing but a reference.
    fn target(&mut self, target: &Target, loc: &Loc) -> Option<Def> {
        let def = match target {
            Target::File(file, name) => (Arc::from(file.as_str()), name.clone()),
            Target::Dynamic(anchor) => {
                self.anchors_used.insert(anchor.clone());
                match self.bind(anchor, &loc.file) {
                    Some(def) => def,
                    None => {
                        let documents = self.documents;
                        let known = self.chain.iter().flat_map(|file| documents[file].defs.iter());
                        let known = known.filter_map(|(_, schema)| schema.dynamic_anchor.as_ref());
                        let near = nearest(anchor, known.map(|(anchor, _)| anchor.as_str()));
                        let diagnostic = Diagnostic::new(loc, format!("there is no `$dynamicAnchor` \"{anchor}\""));
                        self.diagnostics.push(with_nearest(diagnostic, near));
                        return None;
                    }
                }
            }
            Target::Local(_) | Target::Root(_) => unreachable!("references are made absolute when read"),
        };
        if self.schema_of(&def).is_none() {
            let diagnostic = match self.documents.get(&def.0) {
                None => with_nearest(
                    Diagnostic::new(loc, format!("there is no schema file {:?}", def.0)),
                    nearest(&def.0, self.documents.keys().map(AsRef::as_ref)),
                ),
                Some(_) if def.1.is_empty() => {
                    Diagnostic::new(loc, format!("{} is not a schema itself, only its `$defs` are", def.0))
                }
                Some(document) => with_nearest(
                    Diagnostic::new(loc, format!("{} has no definition `{}`", def.0, def.1)),
                    nearest(&def.1, document.defs.iter().map(|(name, _)| name.as_str())),
                ),
            };
            self.diagnostics.push(diagnostic);
            return None;
        }
        Some(self.effective(def))
    }

    /// The outermost definition with the anchor; the file of the reference comes last.
    fn bind(&self, anchor: &str, file: &Arc<str>) -> Option<Def> {
        self.chain.iter().chain([file]).find_map(|file| {
            let document = self.documents.get(file)?;
            let found = document
                .defs
                .iter()
                .find(|(_, schema)| schema.dynamic_anchor.as_ref().is_some_and(|(known, _)| known == anchor));
            found.map(|(name, _)| (document.path.clone(), name.clone()))
        })
    }

    /// Follows definitions that are nothing but a reference.
    fn effective(&mut self, def: Def) -> Def {
        let mut seen = vec![def.clone()];
        let mut current = def;
        loop {
            let Some(schema) = self.schema_of(&current) else { return current };
            if schema.reference.is_none() || has_siblings(schema) {
                return current;
            }
            let Some((target, loc)) = schema.reference.clone() else { return current };
            let next = match &target {
                Target::File(file, name) => Some((Arc::from(file.as_str()), name.clone())),
                Target::Dynamic(anchor) => self.bind(anchor, &loc.file),
                Target::Local(_) | Target::Root(_) => None,
            };
            match next {
                Some(next) if self.schema_of(&next).is_some() => {
                    if seen.contains(&next) {
                        self.diagnostics.error(&loc, "this reference leads back to itself and never to a type");
                        return next;
                    }
                    seen.push(next.clone());
                    current = next;
                }
                _ => {
                    // Said with its place, once.
                    self.target(&target, &loc);
                    return current;
                }
            }
        }
    }

    /// Whether an override takes the definition away (`"not": {}`).
    fn is_removed(&mut self, def: &Def) -> bool {
        if self.schema_of(def).is_none_or(|schema| schema.boolean != Some(false)) {
            return false;
        }
        let Some(schema) = self.definition(def) else { return false };
        self.materialise(schema).boolean == Some(false)
    }

    /// The schema without a reference at its top: what it refers to, narrowed by what stands beside the reference.
    fn materialise(&mut self, mut schema: Schema) -> Schema {
        let reference = schema.reference.take();
        // Reserved for `x-narrow: "value"` from here on.
        let members = std::mem::take(&mut schema.all_of);
        let mut result = match reference {
            None => schema,
            Some((target, loc)) => {
                let Some(def) = self.target(&target, &loc) else { return schema };
                if self.stack.contains(&def) {
                    self.diagnostics.error(&loc, "this reference leads back to itself and never to a type");
                    return schema;
                }
                let Some(base) = self.definition(&def) else { return schema };
                self.stack.push(def.clone());
                let mut base = self.materialise(base);
                self.stack.pop();
                base.dynamic_anchor = None;
                base.narrowed_from = Some(def.1);
                self.merge(base, schema, true)
            }
        };
        for member in members {
            let loc = member.loc.clone();
            let member = if member.reference.is_some() || !member.all_of.is_empty() {
                self.materialise(member)
            } else {
                member
            };
            result = self.merge(result, member, false);
            result.loc = if result.loc.file.is_empty() { loc } else { result.loc };
        }
        result
    }

    /// Turns the references of a materialised schema into local ones, hoists narrowed copies, and goes below.
    fn finish(&mut self, mut schema: Schema, parent: &str, place: &str) -> Schema {
        schema.narrowed_from = None;
        schema.dynamic_anchor = None;
        let mut properties = Vec::new();
        for (key, property) in std::mem::take(&mut schema.properties) {
            let derived = derived_name(parent, &key);
            let property = self.below(property, &derived);
            // An override can turn a definition into `false`: then the property goes, unless it is one of value.
            if property.boolean == Some(false) && !property.x.narrow_value {
                if let Some((_, loc)) = schema.required.iter().find(|(required, _)| *required == key) {
                    let diagnostic = Diagnostic::new(&property.loc, format!("`{key}` is removed here but required"));
                    self.diagnostics.push(diagnostic.related("required", loc));
                }
                continue;
            }
            properties.push((key, property));
        }
        schema.properties = properties;
        if let Some(items) = schema.items.take() {
            schema.items = Some(Box::new(self.below(*items, &format!("{place}Item"))));
        }
        if let Some(additional) = schema.additional.take() {
            schema.additional = Some(Box::new(self.below(*additional, &format!("{place}Value"))));
        }
        if let Some(mut union) = schema.union.take() {
            let arms = std::mem::take(&mut union.arms);
            for (i, arm) in arms.into_iter().enumerate() {
                let name = self.arm_name(&arm).unwrap_or_else(|| format!("Arm{i}"));
                let arm = self.below(arm, &derived_name(place, &name));
                if arm.boolean != Some(false) {
                    union.arms.push(arm);
                }
            }
            schema.union = Some(union);
        }
        schema
    }

    /// A schema below another: a plain reference stays one, with limits beside it; anything more is merged.
    fn below(&mut self, mut schema: Schema, derived: &str) -> Schema {
        if schema.x.narrow_value && !schema.all_of.is_empty() {
            // Narrowings by value stay beside the type.
            let narrowings = std::mem::take(&mut schema.all_of);
            let mut schema = self.below(schema, derived);
            schema.all_of = narrowings;
            schema.x.narrow_value = true;
            return schema;
        }
        if schema.narrowed_from.is_none() {
            match schema.reference.clone() {
                Some((target, loc)) if !is_structural(&schema) => {
                    let Some(def) = self.target(&target, &loc) else { return schema };
                    if self.is_removed(&def) {
                        schema.reference = None;
                        schema.boolean = Some(false);
                        return schema;
                    }
                    let name = if def.1.is_empty() { root_name(&self.documents[&def.0]) } else { def.1.clone() };
                    self.claim(&name, def, &loc);
                    schema.reference = Some((Target::Local(name), loc));
                    return schema;
                }
                Some(_) => schema = self.materialise(schema),
                None if !schema.all_of.is_empty() => schema = self.materialise(schema),
                None => {}
            }
        }
        match schema.narrowed_from.take() {
            Some(base) if is_named(&schema) => {
                let index = self.clones.len();
                let loc = schema.loc.clone();
                self.clones.push(Clone_ { base, derived: derived.to_owned(), schema: Schema::default() });
                let narrowed = self.finish(schema, derived, derived);
                // What the docs say at the place of use stays there too.
                let place = Schema {
                    loc: loc.clone(),
                    reference: Some((Target::Local(placeholder(index)), loc)),
                    description: narrowed.description.clone(),
                    default: narrowed.default.clone(),
                    x: crate::schema::Annotations { role: narrowed.x.role.clone(), ..Default::default() },
                    ..Schema::default()
                };
                self.clones[index].schema = narrowed;
                place
            }
            _ => self.finish(schema, derived, derived),
        }
    }
}

/// Name of a file's root schema: its title, or its stem.
pub(crate) fn root_name(document: &Document) -> String {
    let stem = document.path.rsplit('/').next().unwrap_or_default();
    let stem = stem.strip_suffix(".json").unwrap_or(stem);
    document
        .title
        .as_deref()
        .and_then(TypeName::from_wire)
        .or_else(|| TypeName::from_wire(stem))
        .map_or_else(|| "Root".to_owned(), |name| name.as_str().to_owned())
}

fn derived_name(parent: &str, child: &str) -> String {
    TypeName::from_wire(child).map_or_else(|| parent.to_owned(), |child| format!("{parent}{}", child.as_str()))
}

pub(crate) fn with_nearest(diagnostic: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// Anything beside `$ref` that says more than words.
fn has_siblings(schema: &Schema) -> bool {
    is_structural(schema) || has_limits(schema) || schema.x.narrow_value
}

/// Keywords that change the Rust type.
fn is_structural(schema: &Schema) -> bool {
    schema.boolean.is_some()
        || !schema.all_of.is_empty()
        || schema.union.is_some()
        || !schema.exclusive.is_empty()
        || schema.condition.is_some()
        || schema.kinds.is_some()
        || schema.enumeration.is_some()
        || schema.constant.is_some()
        || schema.items.is_some()
        || !schema.properties.is_empty()
        || !schema.required.is_empty()
        || schema.additional.is_some()
        || schema.property_names.is_some()
        || !schema.dependent_required.is_empty()
        || !schema.x.rules.is_empty()
}

fn has_limits(schema: &Schema) -> bool {
    schema.minimum.is_some()
        || schema.maximum.is_some()
        || schema.exclusive_minimum.is_some()
        || schema.exclusive_maximum.is_some()
        || schema.multiple_of.is_some()
        || schema.min_length.is_some()
        || schema.max_length.is_some()
        || schema.pattern.is_some()
        || schema.format.is_some()
        || schema.min_items.is_some()
        || schema.max_items.is_some()
        || schema.unique_items.is_some()
        || schema.min_properties.is_some()
        || schema.max_properties.is_some()
}

/// Whether Rust has a name for it.
fn is_named(schema: &Schema) -> bool {
    !schema.properties.is_empty() || schema.union.is_some() || schema.enumeration.is_some()
}
