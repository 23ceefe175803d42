//! Bodies against an x-rule.

use serde_json::{Value, json};

use super::make::{Maker, Proposal, Target};
use super::write::{Token, pointer};
use crate::instances::Merged;
use crate::schema::{at, at_mut};

pub(super) fn rule<'m>(maker: &mut Maker<'m>, target: &Target<'_, 'm>) -> Proposal {
    let rules = target.merged.rules();
    let rule = (!rules.is_empty()).then(|| *maker.random.choose(&rules))?;
    let text = |key: &str| rule[key].as_str();
    let of = || rule["of"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let here = target.pointer();
    let mut body = target.body.clone();
    match text("rule")? {
        name @ ("less-than" | "at-most") => {
            let (left, right) = (text("left")?, text("right")?);
            let own = at_mut(&mut body, &target.place.path)?;
            let (low, high) = (own.pointer(left)?.as_i64()?, own.pointer(right)?.as_i64()?);
            if maker.random.one_in(2) {
                *own.pointer_mut(left)? = json!(high + i64::from(name == "at-most"));
            } else {
                *own.pointer_mut(right)? = json!(low - i64::from(name == "at-most"));
            }
            Some((body, values([left, right].into_iter(), &here)))
        }
        "product-at-most" => {
            for pointer in of() {
                set(maker, target, &mut body, pointer, true)?;
            }
            Some((body, values(of(), &here)))
        }
        "ratio-between" => {
            let up = maker.random.one_in(2);
            for (index, pointer) in of().enumerate() {
                set(maker, target, &mut body, pointer, up == (index == 0))?;
            }
            Some((body, values(of(), &here)))
        }
        end @ ("first-item" | "last-item") => {
            let property = text("property")?;
            let list = at(&body, &target.place.path)?.pointer(text("of")?)?.as_array()?;
            let index = if end == "first-item" { 0 } else { list.len().checked_sub(1)? };
            let path: Vec<String> = steps(target, &format!("{}/{index}/{property}", text("of")?));
            let place = target.places.iter().find(|place| place.path == path)?;
            let allowed = rule["enum"].as_array()?;
            let all = Merged { layers: place.layers.clone() }.values()?;
            let others: Vec<&Value> = all.into_iter().filter(|value| !allowed.contains(value)).collect();
            let other = (!others.is_empty()).then(|| (*maker.random.choose(&others)).clone())?;
            *at_mut(&mut body, &path)? = other;
            Some((body, vec![Token::Value(pointer(&path))]))
        }
        "total-at-most" => {
            let most = usize::try_from(rule["maximum"].as_u64()?).ok().filter(|most| *most <= 200)?;
            let length = |body: &Value, one: &str| at(body, &target.place.path)?.pointer(one)?.as_array().map(Vec::len);
            let lists: Vec<&str> = of().filter(|one| length(&body, one).is_some_and(|length| length > 0)).collect();
            let list = *(!lists.is_empty()).then(|| maker.random.choose(&lists))?;
            let others: usize = of().filter(|one| *one != list).filter_map(|one| length(&body, one)).sum();
            let items = at_mut(&mut body, &target.place.path)?.pointer_mut(list)?.as_array_mut()?;
            while items.len() + others <= most {
                items.push(items.last()?.clone());
            }
            Some((body, values(of(), &here)))
        }
        "count-at-most" => count(maker, target, text("key")?, usize::try_from(rule["maximum"].as_u64()?).ok()?),
        _ => None,
    }
}

/// Puts a key wherever it may stand, until there are too many.
fn count<'m>(maker: &mut Maker<'m>, target: &Target<'_, 'm>, key: &str, most: usize) -> Proposal {
    let mut body = target.body.clone();
    let mut free: Vec<(&Vec<String>, Vec<&'m Value>)> = Vec::new();
    for place in target.places.iter().filter(|place| place.path.starts_with(&target.place.path)) {
        let members = Merged { layers: place.layers.clone() }.members();
        if at(&body, &place.path)?.is_object()
            && let Some((_, schemas)) = members.into_iter().find(|(known, _)| *known == key)
        {
            free.push((&place.path, schemas));
        }
    }
    maker.random.shuffle(&mut free);
    for (path, schemas) in free.iter().take(most + 1) {
        let value = maker.generator.small(schemas);
        let value = if value.is_null() { maker.generator.small(schemas) } else { value };
        at_mut(&mut body, path)?.as_object_mut()?.insert(key.to_owned(), value);
    }
    let missing = (most + 1).saturating_sub(free.len());
    if missing > 0 {
        // An item that has the key, several times.
        let (path, _) = free.iter().find(|(path, _)| path.last().is_some_and(|step| step.parse::<usize>().is_ok()))?;
        let (_, above) = path.split_last()?;
        let item = at(&body, path)?.clone();
        at_mut(&mut body, above)?.as_array_mut()?.extend(std::iter::repeat_n(item, missing));
    }
    let mut guilty = Vec::new();
    keys(&body, key, &mut Vec::new(), &mut guilty);
    Some((body, guilty))
}

fn keys(value: &Value, key: &str, path: &mut Vec<String>, found: &mut Vec<Token>) {
    let mut below = |step: String, value: &Value| {
        path.push(step);
        if path.last().is_some_and(|last| last == key) {
            found.push(Token::Key(pointer(path)));
        }
        keys(value, key, path, found);
        path.pop();
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| below(name.clone(), member)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| below(index.to_string(), item)),
        _ => {}
    }
}

/// The largest or smallest number that a place allows.
#[expect(clippy::cast_possible_truncation, reason = "sizes are small")]
fn set<'m>(maker: &Maker<'m>, target: &Target<'_, 'm>, body: &mut Value, pointer: &str, up: bool) -> Option<()> {
    let path = steps(target, pointer);
    let (key, above) = path.split_last()?;
    let parent = target.places.iter().find(|place| place.path == above)?;
    let schemas = maker.document.member(&parent.layers, key);
    let layers = schemas.into_iter().flat_map(|schema| maker.document.plain_layers(schema)).collect();
    let merged = Merged { layers };
    let step = merged.most("multipleOf").unwrap_or(1.0);
    let limit = if up { merged.least("maximum") } else { merged.most("minimum") };
    let limit = limit.or_else(|| {
        let values = merged.values()?.into_iter().filter_map(Value::as_f64);
        values.reduce(if up { f64::max } else { f64::min })
    })?;
    let limit = if up { (limit / step).floor() } else { (limit / step).ceil() } * step;
    at_mut(body, above)?.as_object_mut()?.insert(key.clone(), json!(limit as i64));
    Some(())
}

fn values<'p>(pointers: impl Iterator<Item = &'p str>, here: &str) -> Vec<Token> {
    pointers.map(|pointer| Token::Value(format!("{here}{pointer}"))).collect()
}

/// A pointer of a rule, from the root.
fn steps(target: &Target<'_, '_>, pointer: &str) -> Vec<String> {
    let below = pointer.split('/').skip(1).map(str::to_owned);
    target.place.path.iter().cloned().chain(below).collect()
}
