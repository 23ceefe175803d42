//! Where references lead: across files, past definitions that are nothing but a reference, and for `$dynamicRef` to the
//! outermost override.

use std::sync::Arc;

use super::keywords::has_siblings;
use super::{Def, ENTRY_POINTS, Resolver, with_nearest};
use crate::diagnostic::{Diagnostic, Loc, nearest};
use crate::schema::{Document, Schema, Target};

impl Resolver<'_> {
    pub(super) fn schema_of(&self, (file, name): &Def) -> Option<&Schema> {
        let document = self.documents.get(file)?;
        if name.is_empty() {
            return document.root.as_ref();
        }
        document.defs.iter().find(|(known, _)| known == name).map(|(_, schema)| schema)
    }

    pub(super) fn definition(&self, def: &Def) -> Option<Schema> {
        self.schema_of(def).cloned()
    }

    /// Where a reference leads: the definition, past those that are nothing but a reference.
    pub(super) fn target(&mut self, target: &Target, loc: &Loc) -> Option<Def> {
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
    pub(super) fn effective(&mut self, def: Def) -> Def {
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

    /// Definitions of the entry's own file that nothing reaches do nothing, in silence.
    pub(super) fn unused(&mut self, document: &Document) {
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
}

/// The definition that carries the anchor.
fn anchored<'d>(document: &'d Document, anchor: &str) -> Option<&'d str> {
    let carries = |schema: &Schema| schema.dynamic_anchor.as_ref().is_some_and(|(known, _)| known == anchor);
    document.defs.iter().find(|(_, schema)| carries(schema)).map(|(name, _)| name.as_str())
}
