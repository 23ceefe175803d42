//! Narrowing of unions: by the values of their tag, by key, by kind, or a property in every arm.

use serde_json::Value;

use super::{Resolver, with_nearest};
use crate::diagnostic::{Diagnostic, Loc, nearest};
use crate::schema::{Kind, Schema};

impl Resolver<'_> {
    /// The arm as a whole, for looking at only.
    fn arm(&mut self, arm: &Schema) -> Schema {
        if arm.reference.is_some() || !arm.all_of.is_empty() { self.materialise(arm.clone()) } else { arm.clone() }
    }

    /// The constant or the listed strings of a property.
    fn tag_values(&mut self, arm: &Schema, key: &str) -> Option<Vec<Value>> {
        let (_, property) = arm.properties.iter().find(|(known, _)| known == key)?;
        let property = self.arm(property);
        allowed_values(&property)
    }

    /// What an inline arm is called: its tag, its key, or its kind.
    pub(super) fn arm_name(&mut self, arm: &Schema) -> Option<String> {
        if let Some((name, _)) = &arm.x.rust_name {
            return Some(name.clone());
        }
        let arm = self.arm(arm);
        if let Some((name, _)) = &arm.x.rust_name {
            return Some(name.clone());
        }
        if let Some(tag) = arm.properties.iter().find_map(|(_, property)| property.constant.as_ref()?.0.as_str()) {
            return Some(tag.to_owned());
        }
        match (&arm.properties[..], &arm.kinds) {
            ([(key, _)], _) => Some(key.clone()),
            (_, Some((kinds, _))) => match kinds[..] {
                [Kind::String] => Some("Text".to_owned()),
                [Kind::Array] => Some("List".to_owned()),
                [Kind::Object] => Some("Object".to_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    /// `properties: {k: …}` beside a union: a filter where `k` is its tag, else a narrowing of every arm with `k`.
    pub(super) fn property_of_arms(&mut self, base: &mut Schema, key: &str, property: Schema) {
        let Some(mut union) = base.union.take() else { return };
        let whole: Vec<Schema> = union.arms.iter().map(|arm| self.arm(arm)).collect();
        let tags: Vec<Option<Vec<Value>>> = whole.iter().map(|arm| self.tag_values(arm, key)).collect();
        let allowed = allowed_values(&property);
        if let Some(allowed) = allowed.filter(|_| tags.iter().all(Option::is_some)) {
            let known: Vec<&Value> = tags.iter().flatten().flatten().collect();
            for value in allowed.iter().filter(|value| !known.contains(value)) {
                let diagnostic =
                    Diagnostic::new(&property.loc, format!("no variant of the union has the `{key}` {value}"))
                        .related("the union", &union.loc);
                let near = value.as_str().and_then(|v| nearest(v, known.iter().filter_map(|v| v.as_str())));
                self.diagnostics.push(with_nearest(diagnostic, near));
            }
            if known.iter().all(|value| allowed.contains(value)) {
                self.diagnostics.push(
                    Diagnostic::new(&property.loc, "this narrows nothing: every variant is still allowed")
                        .related("the union", &union.loc),
                );
            }
            let mut kept = Vec::new();
            for ((arm, whole), tags) in union.arms.into_iter().zip(&whole).zip(tags.into_iter().flatten()) {
                let of_arm = tags.iter().filter(|value| allowed.contains(value)).count();
                let optional = !whole.required.iter().any(|(required, _)| required == key);
                if of_arm == tags.len() {
                    kept.push(arm);
                } else if of_arm > 0 {
                    let values = tags.into_iter().filter(|value| allowed.contains(value)).collect();
                    let tag = Schema {
                        loc: property.loc.clone(),
                        enumeration: Some((values, property.loc.clone())),
                        ..Schema::default()
                    };
                    let over = Schema {
                        loc: property.loc.clone(),
                        properties: vec![(key.to_owned(), tag)],
                        ..Schema::default()
                    };
                    kept.push(self.narrow(arm, over, true));
                } else if optional {
                    // Absent, the tag would still be legal: the filter doesn't remove this arm.
                    self.diagnostics.push(
                        Diagnostic::new(
                            &property.loc,
                            format!("one variant may leave `{key}` out, so this does not remove it"),
                        )
                        .related("the variant", &whole.loc)
                        .help(format!("add `\"required\": [\"{key}\"]`, or list the variant's `{key}` too")),
                    );
                    kept.push(arm);
                }
            }
            union.arms = kept;
            base.union = Some(union);
            return;
        }
        let mut found = false;
        let mut kept = Vec::new();
        for (arm, whole) in union.arms.into_iter().zip(&whole) {
            if !whole.properties.iter().any(|(known, _)| known == key) {
                kept.push(arm);
                continue;
            }
            found = true;
            let sole = whole.required.iter().any(|(required, _)| required == key);
            if property.boolean == Some(false) && sole {
                // The arm of this key goes.
                continue;
            }
            let over = Schema {
                loc: property.loc.clone(),
                properties: vec![(key.to_owned(), property.clone())],
                ..Schema::default()
            };
            kept.push(self.narrow(arm, over, true));
        }
        if !found {
            let keys: Vec<String> =
                whole.iter().flat_map(|arm| arm.properties.iter().map(|(key, _)| key.clone())).collect();
            let diagnostic = Diagnostic::new(&property.loc, format!("no variant of the union has a property `{key}`"))
                .related("the union", &union.loc);
            self.diagnostics.push(with_nearest(diagnostic, nearest(key, keys.iter().map(String::as_str))));
        }
        union.arms = kept;
        base.union = Some(union);
    }

    /// `propertyNames: {enum}` beside a union by key. Where arms have other members too, those go that are not named.
    pub(super) fn keep_keys(&mut self, base: &mut Schema, allowed: &[&str], loc: &Loc) {
        let Some(mut union) = base.union.take() else { return };
        let whole: Vec<Schema> = union.arms.iter().map(|arm| self.arm(arm)).collect();
        let keys: Vec<&str> = whole.iter().flat_map(|arm| arm.properties.iter().map(|(key, _)| key.as_str())).collect();
        for key in allowed.iter().filter(|key| !keys.contains(key)) {
            let diagnostic = Diagnostic::new(loc, format!("no variant of the union has a property `{key}`"))
                .related("the union", &union.loc);
            self.diagnostics.push(with_nearest(diagnostic, nearest(key, keys.iter().copied())));
        }
        if keys.iter().all(|key| allowed.contains(key)) {
            self.diagnostics.push(
                Diagnostic::new(loc, "this narrows nothing: every variant is still allowed")
                    .related("the union", &union.loc),
            );
        }
        let mut kept = Vec::new();
        for (arm, whole) in union.arms.into_iter().zip(&whole) {
            if whole.required.iter().any(|(key, _)| !allowed.contains(&key.as_str())) {
                continue;
            }
            let gone = whole.properties.iter().filter(|(key, _)| !allowed.contains(&key.as_str()));
            let gone: Vec<(String, Schema)> = gone
                .map(|(key, _)| (key.clone(), Schema { loc: loc.clone(), boolean: Some(false), ..Schema::default() }))
                .collect();
            kept.push(if gone.is_empty() {
                arm
            } else {
                let over = Schema { loc: loc.clone(), properties: gone, ..Schema::default() };
                self.narrow(arm, over, true)
            });
        }
        union.arms = kept;
        base.union = Some(union);
    }

    /// `type` beside a union by kind.
    pub(super) fn keep_kinds(&mut self, base: &mut Schema, kinds: &[Kind], loc: &Loc) {
        let Some(mut union) = base.union.take() else { return };
        let whole: Vec<Schema> = union.arms.iter().map(|arm| self.arm(arm)).collect();
        let number = |kind: Kind| if kind == Kind::Integer { Kind::Number } else { kind };
        let among = |kinds: &[Kind], kind: Kind| kinds.iter().any(|known| number(*known) == number(kind));
        let passes = |arm: &Schema| match &arm.kinds {
            Some((of, _)) => of.iter().any(|kind| among(kinds, *kind)),
            // Values without a `type` have that of the values.
            None => arm.properties.is_empty() || kinds.contains(&Kind::Object),
        };
        let known: Vec<Kind> =
            whole.iter().flat_map(|arm| arm.kinds.iter().flat_map(|(kinds, _)| kinds.clone())).collect();
        let open = whole.iter().any(|arm| arm.kinds.is_none());
        for kind in kinds.iter().filter(|kind| !open && !among(&known, **kind)) {
            let message = format!("no variant of the union has the type \"{}\"", kind.name());
            self.diagnostics.push(Diagnostic::new(loc, message).related("the union", &union.loc));
        }
        let before = union.arms.len();
        let arms = union.arms.into_iter().zip(&whole).filter(|(_, whole)| passes(whole)).map(|(arm, _)| arm);
        union.arms = arms.collect();
        if union.arms.is_empty() {
            if open {
                self.diagnostics.push(
                    Diagnostic::new(loc, "no variant of the union has this type").related("the union", &union.loc),
                );
            }
        } else if union.arms.len() == before && kinds != [Kind::Object] {
            // Unions of objects may say `type: object` beside `oneOf`.
            self.diagnostics.push(
                Diagnostic::new(loc, "this narrows nothing: every variant is still allowed")
                    .related("the union", &union.loc),
            );
        }
        base.union = Some(union);
    }

    /// `required` beside a union: every arm that has the property requires it.
    pub(super) fn require_in_arms(&mut self, base: &mut Schema, key: &str, loc: &Loc) {
        let Some(mut union) = base.union.take() else { return };
        let mut kept = Vec::new();
        let mut changes = false;
        for arm in std::mem::take(&mut union.arms) {
            let whole = self.arm(&arm);
            let has = whole.properties.iter().any(|(known, _)| known == key);
            if !has {
                // Without the property the arm can't be.
                changes = true;
                continue;
            }
            if whole.required.iter().any(|(known, _)| known == key) {
                kept.push(arm);
                continue;
            }
            changes = true;
            let over = Schema { loc: loc.clone(), required: vec![(key.to_owned(), loc.clone())], ..Schema::default() };
            kept.push(self.narrow(arm, over, true));
        }
        if !changes {
            self.diagnostics.push(
                Diagnostic::new(loc, format!("this narrows nothing: every variant requires `{key}` already"))
                    .related("the union", &union.loc),
            );
        }
        if kept.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(loc, format!("no variant of the union has a property `{key}`"))
                    .related("the union", &union.loc),
            );
        }
        union.arms = kept;
        base.union = Some(union);
    }
}

fn allowed_values(property: &Schema) -> Option<Vec<Value>> {
    if let Some((constant, _)) = &property.constant {
        return Some(vec![constant.clone()]);
    }
    property.enumeration.as_ref().map(|(values, _)| values.clone())
}
