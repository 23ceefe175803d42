//! Whether what rules and conditions speak of is there: a path to nothing never holds, and would say so to nobody.
//!
//! Each file is asked for what it says itself. What a shape says of a member that a model does not have falls away in
//! that model.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Loc, nearest};
use crate::schema::{Resolved, RuleKind, Schema, Target};

pub(super) fn check(resolved: &Resolved, diagnostics: &mut Diagnostics) {
    let defs = resolved.defs.iter().map(|(name, schema)| (name.as_str(), schema)).collect();
    let mut checker = Checker { resolved, defs, diagnostics };
    for (_, schema) in &resolved.defs {
        schema.walk(&mut |schema| checker.schema(schema));
    }
}

struct Checker<'c> {
    resolved: &'c Resolved,
    defs: BTreeMap<&'c str, &'c Schema>,
    diagnostics: &'c mut Diagnostics,
}

/// What a key leads to.
enum Step<'c> {
    Known(Vec<&'c Schema>),
    /// Any key may stand here.
    Open,
    /// The keys that there are.
    Unknown(Vec<&'c str>),
}

impl<'c> Checker<'c> {
    fn schema(&mut self, schema: &'c Schema) {
        for (rule, loc) in schema.x.rules.iter().filter(|(_, loc)| loc.file == self.resolved.path) {
            match &rule.kind {
                RuleKind::LessThan { left, right } | RuleKind::AtMost { left, right } => {
                    [left, right].into_iter().for_each(|path| self.path(schema, path, loc));
                }
                RuleKind::ProductAtMost { of, .. } | RuleKind::TotalAtMost { of, .. } => {
                    of.iter().for_each(|path| self.path(schema, path, loc));
                }
                RuleKind::RatioBetween { of, .. } => of.iter().for_each(|path| self.path(schema, path, loc)),
                RuleKind::FirstItem { of, property, .. } | RuleKind::LastItem { of, property, .. } => {
                    self.path(schema, &format!("{of}/0/{property}"), loc);
                }
                RuleKind::CountAtMost { key, .. } => {
                    let mut known = false;
                    for def in self.defs.values() {
                        def.walk(&mut |schema| known |= schema.properties.iter().any(|(name, _)| name == key));
                    }
                    if !known {
                        self.diagnostics.error(loc, format!("`x-rules` counts `{key}`, which nothing here has"));
                    }
                }
            }
        }
        let conditions = schema.all_of.iter().chain([schema]).filter_map(|schema| schema.condition.as_deref());
        for condition in conditions.filter(|condition| condition.loc.file == self.resolved.path) {
            let parts = [Some(&condition.test), condition.then.as_ref(), condition.otherwise.as_ref()];
            parts.into_iter().flatten().for_each(|test| self.test(&[schema], test));
        }
    }

    /// A schema below `if`, `then` or `else`, and what it is asked of.
    fn test(&mut self, of: &[&'c Schema], test: &'c Schema) {
        for (key, property) in &test.properties {
            if let Some(below) = self.named(of, key, &property.loc, "the condition") {
                self.test(&below, property);
            }
        }
        for (key, loc) in &test.required {
            self.named(of, key, loc, "the condition");
        }
        if let Some(items) = &test.items {
            let below: Vec<_> = of.iter().flat_map(|schema| self.alternatives(schema)).collect();
            let below: Vec<_> = below.into_iter().filter_map(|schema| schema.items.as_deref()).collect();
            if !below.is_empty() {
                self.test(&below, items);
            }
        }
        let arms = test.union.iter().flat_map(|union| &union.arms);
        for below in test.all_of.iter().chain(arms) {
            self.test(of, below);
        }
    }

    fn path(&mut self, schema: &'c Schema, path: &str, loc: &Loc) {
        let mut at = vec![schema];
        for key in path.split('/').skip(1) {
            match self.named(&at, key, loc, &format!("`{path}` of `x-rules`")) {
                Some(below) => at = below,
                None => return,
            }
        }
    }

    /// `None` where the key is not there, which is said, or where nothing more is known.
    fn named(&mut self, of: &[&'c Schema], key: &str, loc: &Loc, speaker: &str) -> Option<Vec<&'c Schema>> {
        match self.step(of, key) {
            Step::Known(below) => Some(below),
            Step::Open => None,
            Step::Unknown(known) => {
                let error = Diagnostic::new(loc, format!("{speaker} speaks of `{key}`, which is not there"));
                let near = nearest(key, known.iter().copied());
                let help = near.map(|near| format!("did you mean `{near}`?"));
                let all = || {
                    format!("there is {}", known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "))
                };
                self.diagnostics.push(match help {
                    Some(help) => error.help(help),
                    None if known.is_empty() => error,
                    None => error.help(all()),
                });
                None
            }
        }
    }

    fn step(&self, of: &[&'c Schema], key: &str) -> Step<'c> {
        let mut below = Vec::new();
        let mut known = Vec::new();
        let mut open = false;
        for schema in of.iter().flat_map(|schema| self.alternatives(schema)) {
            if let (Some(items), true) = (&schema.items, key.parse::<u32>().is_ok()) {
                below.push(&**items);
                continue;
            }
            let property = schema.properties.iter().find(|(name, _)| name == key);
            below.extend(property.map(|(_, property)| property));
            known.extend(schema.properties.iter().map(|(name, _)| name.as_str()));
            let closed = schema.additional.as_ref().is_some_and(|schema| schema.boolean == Some(false));
            open |= !closed && schema.properties.is_empty() && schema.items.is_none() && schema.union.is_none();
        }
        match (below.is_empty(), open) {
            (false, _) => Step::Known(below),
            (true, true) => Step::Open,
            (true, false) => Step::Unknown(known),
        }
    }

    /// The schema that a reference leads to, or the arms of a union.
    fn alternatives(&self, schema: &'c Schema) -> Vec<&'c Schema> {
        let mut found = Vec::new();
        let mut queue = vec![schema];
        let mut seen: Vec<*const Schema> = Vec::new();
        while let Some(schema) = queue.pop() {
            if seen.contains(&std::ptr::from_ref(schema)) {
                continue;
            }
            seen.push(schema);
            if let Some((Target::Local(name), _)) = &schema.reference {
                queue.extend(self.defs.get(name.as_str()));
            }
            match &schema.union {
                Some(union) => queue.extend(&union.arms),
                None if schema.reference.is_none() => found.push(schema),
                None => {}
            }
        }
        found
    }
}
