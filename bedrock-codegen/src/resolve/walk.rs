//! From the top of a definition down: what stands beside a reference is merged into what it refers to, and what is
//! narrowed in one place becomes a copy of its own there.

use super::keywords::{has_limits, is_named, is_structural, take_words};
use super::merge::annotate;
use super::names::{Clone_, derived_name, placeholder};
use super::{Def, Resolver};
use crate::diagnostic::{Diagnostic, Loc};
use crate::schema::{Narrowed, Schema, Target};

impl Resolver<'_> {
    /// The schema without a reference at its top: what it refers to, narrowed by what stands beside the reference.
    pub(super) fn materialise(&mut self, schema: Schema) -> Schema {
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

    /// Notes a merge until it is done. `false` where it is going on already.
    pub(super) fn begin(&mut self, base: &Loc, over: &Loc) -> bool {
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
            Some(words) => annotate(result, words),
            None => result,
        }
    }

    /// Turns the references of a materialised schema into local ones, hoists narrowed copies, and goes below.
    pub(super) fn finish(&mut self, mut schema: Schema, parent: &str, place: &str) -> Schema {
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
                        None => schema = annotate(schema, place),
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
                    schema = annotate(schema, from.place);
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

    /// Whether the definition is `false`.
    fn is_removed(&mut self, def: &Def) -> bool {
        if self.schema_of(def).is_none_or(|schema| schema.boolean != Some(false)) {
            return false;
        }
        let Some(schema) = self.definition(def) else { return false };
        self.materialise(schema).boolean == Some(false)
    }
}
