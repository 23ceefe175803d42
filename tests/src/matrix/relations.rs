//! Members that don't go together: exclusive ones, needed ones, conditions, keys and number of the members.

use serde_json::Value;

use super::make::{Maker, Proposal, Target};
use super::write::{Token, pointer};
use crate::instances::Merged;
use crate::schema::{Layer, Place, array, at, at_mut, properties, strings};

/// Adds what must not stand beside what is there.
pub(super) fn exclusive<'m>(maker: &mut Maker<'m>, target: &Target<'_, 'm>) -> Proposal {
    let exclusive = target.merged.exclusive();
    let names = (!exclusive.is_empty()).then(|| maker.random.choose(&exclusive).clone())?;
    let mut body = target.body.clone();
    let declared = target.merged.members();
    let members = at_mut(&mut body, &target.place.path)?.as_object_mut()?;
    for name in &names {
        if !members.contains_key(*name) {
            let (_, schemas) = declared.iter().find(|(known, _)| known == name)?;
            members.insert((*name).to_owned(), maker.generator.small(schemas));
        }
    }
    Some((body, names.iter().map(|name| Token::Key(target.below(name))).collect()))
}

/// Takes away what another member needs, or adds what needs an absent one.
pub(super) fn needs_another<'m>(maker: &mut Maker<'m>, target: &Target<'_, 'm>) -> Proposal {
    let dependent = target.merged.dependent();
    let (key, needs) = (!dependent.is_empty()).then(|| maker.random.choose(&dependent).clone())?;
    let mut body = target.body.clone();
    let declared = target.merged.members();
    let members = at_mut(&mut body, &target.place.path)?.as_object_mut()?;
    if members.contains_key(key) {
        members.remove(*needs.first()?)?;
    } else {
        let (_, schemas) = declared.iter().find(|(known, _)| *known == key)?;
        members.insert(key.to_owned(), maker.generator.small(schemas));
    }
    Some((body, vec![Token::Key(target.below(key))]))
}

/// Too few or too many members of a map.
pub(super) fn member_count<'m>(maker: &mut Maker<'m>, target: &Target<'_, 'm>) -> Proposal {
    let (least, most) = target.merged.count("minProperties", "maxProperties");
    let mut body = target.body.clone();
    let members = at_mut(&mut body, &target.place.path)?.as_object_mut()?;
    if least > 0 && maker.random.one_in(2) {
        while members.len() >= least {
            let last = members.keys().next_back()?.clone();
            members.remove(&last);
        }
    } else {
        let value = members.values().next()?.clone();
        for number in 0..=most.filter(|most| *most <= 200)? {
            members.insert(format!("key{number}"), value.clone());
        }
    }
    // Its own braces, or those of what holds it.
    Some((body, vec![Token::Object(target.pointer())]))
}

/// A key that a map does not take.
pub(super) fn map_key<'m>(maker: &mut Maker<'m>, target: &Target<'_, 'm>) -> Proposal {
    let members = target.value.as_object()?;
    let names = target.merged.names();
    if names.is_empty() || !target.merged.members().is_empty() {
        return None;
    }
    let layers = names.iter().flat_map(|name| maker.document.plain_layers(name)).collect();
    let (_, most) = Merged { layers }.count("minLength", "maxLength");
    let key = match (maker.random.below(3), most) {
        (0, Some(most)) => "k".repeat(most + 1),
        (1, _) => "no such key!".to_owned(),
        _ => "!".to_owned(),
    };
    if members.contains_key(&key) {
        return None;
    }
    let value = members.values().next()?.clone();
    Some((target.with(&key, value)?, vec![Token::Key(target.below(&key))]))
}

/// Changes one of the members of which a condition speaks.
pub(super) fn condition<'m>(maker: &mut Maker<'m>, target: &Target<'_, 'm>) -> Proposal {
    let conditions: Vec<_> = target.merged.conditions().collect();
    let layer = (!conditions.is_empty()).then(|| *maker.random.choose(&conditions))?;
    let spoken = places(layer, target, target.value);
    let paths: Vec<&Vec<String>> =
        spoken.iter().map(|(path, _)| path).filter(|path| **path != target.place.path).collect();
    let path = (!paths.is_empty()).then(|| (*maker.random.choose(&paths)).clone())?;
    let (key, above) = path.split_last()?;
    let mut body = target.body.clone();
    let known = at(&body, &path).is_some();
    if known && maker.random.one_in(4) {
        at_mut(&mut body, above)?.as_object_mut()?.remove(key)?;
    } else {
        let parent: &Place<'m> = target.places.iter().find(|place| place.path == above)?;
        let members = Merged { layers: parent.layers.clone() }.members();
        let (_, schemas) = members.iter().find(|(known, _)| known == key)?;
        let value = maker.generator.small(schemas);
        at_mut(&mut body, above)?.as_object_mut()?.insert(key.clone(), value);
    }
    // With the new value, a condition may speak of other places, and another one may be broken.
    let value = at(&body, &target.place.path)?;
    let spoken: Vec<_> = conditions.iter().flat_map(|layer| places(layer, target, value)).collect();
    let mut guilty = Vec::new();
    for (path, needs) in &spoken {
        let at = pointer(path);
        if *path != target.place.path {
            guilty.extend([Token::Key(at.clone()), Token::Value(at.clone())]);
        }
        if *needs {
            guilty.push(Token::Object(at));
        }
    }
    Some((body, guilty))
}

/// The places of which a condition speaks, and whether it asks for members there.
fn places(layer: Layer<'_>, target: &Target<'_, '_>, value: &Value) -> Vec<(Vec<String>, bool)> {
    let mut spoken = Vec::new();
    for question in ["if", "then", "else"].into_iter().filter_map(|keyword| layer.get(keyword)) {
        speaks(question, value, &mut target.place.path.clone(), &mut spoken);
    }
    spoken
}

/// The same of a question: whether it asks for members there.
fn speaks(question: &Value, value: &Value, path: &mut Vec<String>, spoken: &mut Vec<(Vec<String>, bool)>) {
    let Some(layer) = question.as_object() else { return };
    let required: Vec<&str> = strings(layer, "required").collect();
    spoken.push((path.clone(), !required.is_empty()));
    for key in required {
        path.push(key.to_owned());
        spoken.push((path.clone(), false));
        path.pop();
    }
    for (key, question) in properties(layer) {
        path.push(key.clone());
        spoken.push((path.clone(), false));
        speaks(question, value.get(key).unwrap_or(&Value::Null), path, spoken);
        path.pop();
    }
    if let (Some(question), Value::Array(items)) = (layer.get("items"), value) {
        for (index, item) in items.iter().enumerate() {
            path.push(index.to_string());
            speaks(question, item, path, spoken);
            path.pop();
        }
    }
    let parts =
        ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|keyword| array(layer, keyword)).chain(layer.get("not"));
    for part in parts {
        speaks(part, value, path, spoken);
    }
}
