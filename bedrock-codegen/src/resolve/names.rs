//! What things are called in the result: definitions by their own name, narrowed copies by that of what they narrow or
//! of their place.

use super::{Def, ENTRY_POINTS, Resolver};
use crate::diagnostic::{Diagnostic, Loc};
use crate::names::TypeName;
use crate::schema::{Document, Schema, Target};

/// A definition narrowed at one place of use.
pub(super) struct Clone_ {
    pub base: String,
    /// Parent and field.
    pub derived: String,
    pub schema: Schema,
}

/// Stands for the name of a clone until all names are known. No other reference to a root is left by then.
pub(super) fn placeholder(index: usize) -> Target {
    Target::Root(Some(index.to_string()))
}

impl Resolver<'_> {
    pub(super) fn claim(&mut self, name: &str, def: Def, loc: &Loc) {
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

    /// What a definition is called in the result.
    pub(super) fn name_of(&self, def: &Def) -> String {
        match self.documents.get(&def.0) {
            Some(document) if def.1.is_empty() => root_name(document),
            _ => def.1.clone(),
        }
    }

    /// Gives clones their names: that of the definition where nothing else has it, else that of their place.
    pub(super) fn name_clones(&mut self, defs: &mut Vec<(String, Schema)>) {
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
    pub(super) fn order(&self, document: &Document, defs: &mut [(String, Schema)]) {
        let shape = self.chain.last().and_then(|shape| self.documents.get(shape)).unwrap_or(document);
        let rank = |name: &String| {
            let entry = ENTRY_POINTS.iter().position(|entry| entry == name);
            let own = shape.defs.iter().position(|(def, _)| def == name);
            (entry.unwrap_or(usize::MAX), own.unwrap_or(usize::MAX), name.clone())
        };
        defs.sort_by_key(|(name, _)| rank(name));
    }
}

/// Name of a file's root schema: its title, or its stem.
pub(super) fn root_name(document: &Document) -> String {
    let stem = document.path.rsplit('/').next().unwrap_or_default();
    let stem = stem.strip_suffix(".json").unwrap_or(stem);
    document
        .title
        .as_deref()
        .and_then(TypeName::from_wire)
        .or_else(|| TypeName::from_wire(stem))
        .map_or_else(|| "Root".to_owned(), |name| name.as_str().to_owned())
}

pub(super) fn derived_name(parent: &str, child: &str) -> String {
    TypeName::from_wire(child).map_or_else(|| parent.to_owned(), |child| format!("{parent}{}", child.as_str()))
}
