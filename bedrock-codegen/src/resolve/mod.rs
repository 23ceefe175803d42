//! Documents → one self-contained schema per model.
//!
//! Follows `$ref` through model, generation and shape, binds each `$dynamicRef` to the outermost override, and merges
//! what stands beside a reference into what it refers to (`merge`). Whatever names something absent, widens, or
//! changes nothing is an error here: in JSON Schema it would be legal, and silent.

mod merge;
mod union;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Loc, nearest};
use crate::names::TypeName;
use crate::schema::{Annotations, Document, Narrowed, Resolved, Schema, Target};

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
        places: BTreeMap::new(),
        open: BTreeSet::new(),
        visited: BTreeSet::new(),
        merging: Vec::new(),
        anchors_used: BTreeSet::new(),
        stack: Vec::new(),
    };
    let defs = resolver.run(document);
    let Resolver { chain, diagnostics, .. } = resolver;
    let shape = chain.last().expect("the chain holds at least the file itself").clone();
    let below = &chain[..chain.len() - 1];
    let generation = below.iter().find(|file| documents[*file].model.is_none()).cloned();
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
    /// What stands where a narrowed copy is used, by what stood there: so that a copy which holds its own place again
    /// is one type.
    places: BTreeMap<String, Schema>,
    /// Unnamed schemas that are being gone through, to find those that hold themselves.
    open: BTreeSet<String>,
    /// Definitions that a reference led to.
    visited: BTreeSet<Def>,
    /// Places that are being merged, each with that of what narrows it. A pair that meets itself would go on for ever.
    merging: Vec<(Loc, Loc)>,
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

/// Stands for the name of a clone until all names are known. No other reference to a root is left by then.
fn placeholder(index: usize) -> Target {
    Target::Root(Some(index.to_string()))
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
                Diagnostic::new(&document.loc, "the file has no entry point").help(
                    "give `$defs` a `Request`, a `Response` or a `StreamEvent`, or make the file itself a schema",
                ),
            );
        }
        let mut defs = Vec::new();
        while let Some((name, def)) = self.queue.pop() {
            if let Some(schema) = self.definition(&def) {
                self.stack.push(def);
                let schema = self.materialise(schema);
                self.stack.pop();
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
                if let Some((target, _)) = &mut schema.reference
                    && let Target::Root(Some(index)) = target
                    && let Some(name) = index.parse().ok().and_then(|index: usize| names.get(index))
                {
                    *target = Target::Local(name.clone());
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
                || self.visited.contains(&def)
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
                self.diagnostics.push(diagnostic.help(format!(
                    "write `\"$dynamicRef\": \"#{name}\"`, so that the narrower one is meant everywhere"
                )));
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
                // JSON Schema asks for the anchor in the file of the reference, whatever stands further out.
                let own = self.documents.get(&loc.file);
                match self.bind(anchor, &loc.file).filter(|_| own.is_some_and(|own| anchored(own, anchor).is_some())) {
                    Some(def) => def,
                    None => {
                        let known = own.iter().flat_map(|own| &own.defs);
                        let known = known.filter_map(|(_, schema)| schema.dynamic_anchor.as_ref());
                        let near = nearest(anchor, known.map(|(anchor, _)| anchor.as_str()));
                        let message = format!("there is no `$dynamicAnchor` \"{anchor}\" in {}", loc.file);
                        self.diagnostics.push(with_nearest(Diagnostic::new(loc, message), near));
                        return None;
                    }
                }
            }
            // Made by this step and led to their definition then.
            Target::Local(_) | Target::Root(_) => return None,
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
            anchored(document, anchor).map(|name| (document.path.clone(), name.to_owned()))
        })
    }

    /// Follows definitions that are nothing but a reference.
    fn effective(&mut self, def: Def) -> Def {
        let mut seen = vec![def.clone()];
        let mut current = def;
        loop {
            self.visited.insert(current.clone());
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

    /// Whether the definition is `false`.
    fn is_removed(&mut self, def: &Def) -> bool {
        if self.schema_of(def).is_none_or(|schema| schema.boolean != Some(false)) {
            return false;
        }
        let Some(schema) = self.definition(def) else { return false };
        self.materialise(schema).boolean == Some(false)
    }

    /// Notes a merge until it is done. `false` where it is going on already.
    fn begin(&mut self, base: &Loc, over: &Loc) -> bool {
        let pair = (base.clone(), over.clone());
        let fresh = !self.merging.contains(&pair);
        if fresh {
            self.merging.push(pair);
        } else {
            self.diagnostics.push(
                Diagnostic::new(base, "this narrowing holds itself and never ends")
                    .help("give what it narrows a definition of its own under `$defs`"),
            );
        }
        fresh
    }

    /// The schema without a reference at its top: what it refers to, narrowed by what stands beside the reference.
    fn materialise(&mut self, schema: Schema) -> Schema {
        let place = schema.loc.clone();
        if schema.reference.is_none() && schema.all_of.is_empty() {
            return schema;
        }
        if let Some((target, loc)) = &schema.reference
            && let Some(def) = self.target(target, loc)
            && self.stack.contains(&def)
        {
            self.diagnostics.error(loc, "this reference leads back to itself and never to a type");
            return Schema { reference: None, ..schema };
        }
        if !self.begin(&place, &place) {
            return Schema { reference: None, all_of: Vec::new(), ..schema };
        }
        let whole = self.whole(schema);
        self.merging.pop();
        whole
    }

    fn whole(&mut self, mut schema: Schema) -> Schema {
        let reference = schema.reference.take();
        // Reserved for `x-narrow: "value"` from here on.
        let members = std::mem::take(&mut schema.all_of);
        let words = (!members.is_empty()).then(|| take_words(&mut schema.clone()));
        let mut result = match reference {
            None => schema,
            Some((target, loc)) => {
                let Some(def) = self.target(&target, &loc) else { return schema };
                let Some(base) = self.definition(&def) else { return schema };
                self.stack.push(def.clone());
                let mut base = self.materialise(base);
                self.stack.pop();
                base.dynamic_anchor = None;
                base.narrowed_from = Some(Box::new(Narrowed { def: self.name_of(&def), place: Schema::default() }));
                self.merge(base, schema, true)
            }
        };
        for member in members {
            let loc = member.loc.clone();
            let member =
                if member.reference.is_some() || !member.all_of.is_empty() { self.materialise(member) } else { member };
            let from = member.narrowed_from.clone();
            result = self.merge(result, member, false);
            result.narrowed_from = result.narrowed_from.or(from);
            result.loc = if result.loc.file.is_empty() { loc } else { result.loc };
        }
        match words {
            Some(words) => merge::annotate(result, words),
            None => result,
        }
    }

    /// Turns the references of a materialised schema into local ones, hoists narrowed copies, and goes below.
    fn finish(&mut self, mut schema: Schema, parent: &str, place: &str) -> Schema {
        schema.narrowed_from = None;
        schema.dynamic_anchor = None;
        let mut properties = Vec::new();
        let mut removed = Vec::new();
        for (key, property) in std::mem::take(&mut schema.properties) {
            let derived = derived_name(parent, &key);
            let property = self.below(property, &derived);
            // An override can turn a definition into `false`: then the property goes, unless it is one of value.
            if property.boolean == Some(false) && !property.x.narrow_value {
                if let Some((_, loc)) = schema.required.iter().find(|(required, _)| *required == key) {
                    let diagnostic = Diagnostic::new(&property.loc, format!("`{key}` is removed here but required"));
                    self.diagnostics.push(diagnostic.related("required", loc));
                }
                removed.push((key, property.loc));
                continue;
            }
            properties.push((key, property));
        }
        schema.properties = properties;
        removed.iter().for_each(|(key, loc)| self.forget(&mut schema, key, loc));
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
        let plain = schema.narrowed_from.is_none() && schema.reference.is_some() && !is_structural(&schema);
        let merges = !plain && (schema.reference.is_some() || !schema.all_of.is_empty());
        let key = merges.then(|| format!("{schema:?}"));
        if schema.narrowed_from.is_none() {
            match schema.reference.clone() {
                Some((target, loc)) if !is_structural(&schema) => {
                    let Some(def) = self.target(&target, &loc) else { return schema };
                    if self.is_removed(&def) {
                        schema.reference = None;
                        schema.boolean = Some(false);
                        return schema;
                    }
                    if has_limits(&schema) {
                        // They stay beside the reference; whether they narrow is seen on the whole.
                        self.materialise(schema.clone());
                    }
                    let name = self.name_of(&def);
                    self.claim(&name, def, &loc);
                    schema.reference = Some((Target::Local(name), loc));
                    return schema;
                }
                Some(_) => {
                    if let Some(place) = key.as_ref().and_then(|key| self.places.get(key)) {
                        return place.clone();
                    }
                    let place = take_words(&mut schema);
                    schema = self.materialise(schema);
                    if let Some(from) = &mut schema.narrowed_from {
                        from.place = place;
                    }
                }
                None if !schema.all_of.is_empty() => {
                    if let Some(place) = key.as_ref().and_then(|key| self.places.get(key)) {
                        return place.clone();
                    }
                    let place = take_words(&mut schema);
                    schema = self.materialise(schema);
                    match &mut schema.narrowed_from {
                        Some(from) => from.place = place,
                        None => schema = merge::annotate(schema, place),
                    }
                }
                None => {}
            }
        }
        match schema.narrowed_from.take() {
            Some(from) if is_named(&schema) => {
                let index = self.clones.len();
                let loc = schema.loc.clone();
                self.clones.push(Clone_ { base: from.def, derived: derived.to_owned(), schema: Schema::default() });
                // What the docs say at the place of use stays there.
                let place = Schema { loc: loc.clone(), reference: Some((placeholder(index), loc)), ..from.place };
                if let Some(key) = key {
                    self.places.insert(key, place.clone());
                }
                self.clones[index].schema = self.finish(schema, derived, derived);
                place
            }
            from => {
                if let Some(from) = from {
                    schema = merge::annotate(schema, from.place);
                }
                let Some(key) = key else { return self.finish(schema, derived, derived) };
                if !self.open.insert(key.clone()) {
                    self.diagnostics.push(
                        Diagnostic::new(&schema.loc, "this schema holds itself and never ends")
                            .help("refer to a definition with `$ref` alone"),
                    );
                    return schema;
                }
                let schema = self.finish(schema, derived, derived);
                self.open.remove(&key);
                schema
            }
        }
    }

    /// What a definition is called in the result.
    fn name_of(&self, def: &Def) -> String {
        match self.documents.get(&def.0) {
            Some(document) if def.1.is_empty() => root_name(document),
            _ => def.1.clone(),
        }
    }
}

/// The definition that carries the anchor.
fn anchored<'d>(document: &'d Document, anchor: &str) -> Option<&'d str> {
    let carries = |schema: &Schema| schema.dynamic_anchor.as_ref().is_some_and(|(known, _)| known == anchor);
    document.defs.iter().find(|(_, schema)| carries(schema)).map(|(name, _)| name.as_str())
}

/// Takes out what is said of the place rather than of the type: it stays there when the type is narrowed.
fn take_words(schema: &mut Schema) -> Schema {
    let x = &mut schema.x;
    Schema {
        title: schema.title.take(),
        description: schema.description.take(),
        default: schema.default.take(),
        deprecated: std::mem::take(&mut schema.deprecated),
        x: Annotations {
            source: std::mem::take(&mut x.source),
            uncertain: x.uncertain.take(),
            role: x.role.take(),
            rust_name: x.rust_name.take(),
            ..Annotations::default()
        },
        ..Schema::default()
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
    let x = &schema.x;
    let makes_code = !x.new.is_empty() || x.from_str || x.echo.is_some() || x.turn.is_some() || x.text.is_some();
    narrows(schema) || x.narrow_value || makes_code || x.rust_name.is_some() || !x.enum_names.is_empty()
}

/// Anything beside `$ref` that changes a verdict.
fn narrows(schema: &Schema) -> bool {
    is_structural(schema) || has_limits(schema)
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
