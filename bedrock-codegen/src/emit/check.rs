//! The checks of an API's models as statics: what their types do not enforce, each tree once however many models have
//! it.
//!
//! First every place of every model becomes a node; nodes without a rule at or below them are dropped; equal ones are
//! joined, circles included; what is left is numbered in the order in which the models reach it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::types::{is_field, literal};
use super::{Layout, Module, doc, model};
use crate::ir::{Api, Condition, Limits, Literal, Local, ObjectLimits, Shape, Struct, Test, Ty, Type, TypeId};
use crate::schema::{Kind, Number, Rule, RuleKind};

/// `checks.rs` of an API.
pub(super) fn module(api: &Api) -> Module {
    let mut forest = Forest::default();
    let roots: Vec<usize> = api.models.iter().map(|model| forest.plant(&model.local)).collect();
    forest.finish();
    let numbers = forest.numbers(&roots);
    let statics = numbers.iter().map(|(node, number)| {
        let name = static_name(*number);
        let (rules, below) = (&forest.nodes[*node].rules, forest.below(*node, &numbers));
        quote! { static #name: Node = Node::new(&[#(#rules),*], #below); }
    });
    let statics: Vec<_> = statics.collect();
    let roots = api.models.iter().zip(&roots).map(|(model, root)| {
        let name = model::constant(model);
        let node = match numbers.get(&forest.joined[*root]) {
            Some(number) => {
                let node = static_name(*number);
                quote!(&#node)
            }
            None => quote!(&Node::NONE),
        };
        quote! { pub const #name: &Node = #node; }
    });
    let roots: Vec<_> = roots.collect();
    let body = quote! { #(#roots)* #(#statics)* };
    let uses = uses(&body);
    let docs = doc::module("What models ask of a request beyond its type", "");
    // Models of owners that are switched off leave theirs unused.
    let allow = (api.module.len() == 1).then(|| quote! { #![allow(dead_code)] });
    Module {
        path: api.module.iter().cloned().chain(["checks".to_owned()]).collect(),
        parent: false,
        header: super::header(&api.path),
        layout: Layout::Lines,
        tokens: quote! { #docs #allow #uses #body },
    }
}

fn static_name(number: usize) -> Ident {
    format_ident!("N{number}")
}

/// A place of a body.
#[derive(Default, Clone)]
struct Place {
    rules: Vec<TokenStream>,
    below: Below,
    /// The type whose rules and members come on top. It may still be growing when a use of it is planted.
    base: Option<usize>,
}

impl Place {
    fn of(rules: Vec<TokenStream>, below: Below) -> Self {
        Self { rules, below, base: None }
    }
}

/// How to go on; targets are indices into the forest.
#[derive(Default, Clone)]
enum Below {
    #[default]
    Leaf,
    Members(Vec<(String, usize)>),
    Items(usize),
    Values(usize),
    Tagged(String, Vec<(String, usize)>, Option<usize>),
    Keyed(Vec<(String, usize)>),
    Kinds(Vec<(&'static str, usize)>),
    Free,
}

#[derive(Default)]
struct Forest {
    nodes: Vec<Place>,
    /// The node that stands for each.
    joined: Vec<usize>,
    /// Whether there is a rule at or below.
    alive: Vec<bool>,
}

/// One model's trees while they are planted.
struct Planter<'a> {
    forest: &'a mut Forest,
    local: &'a Local,
    /// Free JSON matters only to rules that count.
    counts: bool,
    types: HashMap<TypeId, usize>,
}

impl Forest {
    fn add(&mut self, place: Place) -> usize {
        self.nodes.push(place);
        self.nodes.len() - 1
    }

    fn plant(&mut self, local: &Local) -> usize {
        let counts = local.types.iter().any(|ty| match &ty.shape {
            Shape::Struct(shape) => {
                shape.limits.rules.iter().any(|rule| matches!(rule.kind, RuleKind::CountAtMost { .. }))
            }
            Shape::StringEnum(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::KindUnion(_) | Shape::Alias(_) => {
                false
            }
        });
        let mut planter = Planter { forest: self, local, counts, types: HashMap::new() };
        match local.request {
            Some(root) => planter.ty(root),
            None => self.add(Place::default()),
        }
    }

    /// Drops what has no rule, joins what is equal.
    fn finish(&mut self) {
        for node in 0..self.nodes.len() {
            let mut seen = BTreeSet::from([node]);
            while let Some(base) = self.nodes[node].base.take() {
                // An alias of itself has nothing to add.
                if !seen.insert(base) {
                    break;
                }
                let Place { rules, below, base } = self.nodes[base].clone();
                let place = &mut self.nodes[node];
                place.rules.extend(rules);
                place.below = below;
                place.base = base;
            }
        }
        // A place lives where it has a rule, or something below it does. Circles without a rule never come alive.
        self.alive = self.nodes.iter().map(|node| !node.rules.is_empty() || matches!(node.below, Below::Free)).collect();
        loop {
            let reborn: Vec<bool> = (0..self.nodes.len())
                .map(|node| self.alive[node] || self.nodes[node].below.targets().any(|below| self.alive[below]))
                .collect();
            if reborn == self.alive {
                break;
            }
            self.alive = reborn;
        }
        // Equal so far; refined by what is below until nothing changes.
        let mut classes: Vec<usize> = vec![0; self.nodes.len()];
        let mut count = 0;
        loop {
            let mut known: BTreeMap<String, usize> = BTreeMap::new();
            let next: Vec<usize> = (0..self.nodes.len())
                .map(|node| {
                    let fresh = known.len();
                    *known.entry(self.form(node, &classes)).or_insert(fresh)
                })
                .collect();
            let refined = known.len();
            classes = next;
            if refined == count {
                break;
            }
            count = refined;
        }
        let mut first: HashMap<usize, usize> = HashMap::new();
        self.joined = classes.iter().enumerate().map(|(node, class)| *first.entry(*class).or_insert(node)).collect();
    }

    /// What two equal nodes have in common.
    fn form(&self, node: usize, classes: &[usize]) -> String {
        let place = &self.nodes[node];
        let rules: Vec<_> = place.rules.iter().map(TokenStream::to_string).collect();
        let named = |nodes: &[(String, usize)]| -> Vec<_> {
            self.living(nodes).map(|(name, node)| (name.clone(), classes[node])).collect()
        };
        let one = |node: usize| self.alive[node].then(|| classes[node]);
        let below = match &place.below {
            Below::Leaf => "leaf".to_owned(),
            Below::Members(nodes) => format!("members {:?}", named(nodes)),
            Below::Items(node) => format!("items {:?}", one(*node)),
            Below::Values(node) => format!("values {:?}", one(*node)),
            Below::Tagged(tag, nodes, default) => format!("{tag:?} {:?} {:?}", named(nodes), default.map(one)),
            Below::Keyed(nodes) => format!("keyed {:?}", named(nodes)),
            Below::Kinds(nodes) => {
                let nodes: Vec<_> = self.living(nodes).map(|(kind, node)| (*kind, classes[node])).collect();
                format!("kinds {nodes:?}")
            }
            Below::Free => "free".to_owned(),
        };
        format!("{rules:?} {below}")
    }

    fn living<'n, T>(&'n self, nodes: &'n [(T, usize)]) -> impl Iterator<Item = (&'n T, usize)> {
        nodes.iter().filter(|(_, node)| self.alive[*node]).map(|(name, node)| (name, *node))
    }

    /// Numbers of the nodes that are reached, by node.
    fn numbers(&self, roots: &[usize]) -> BTreeMap<usize, usize> {
        let mut numbers = BTreeMap::new();
        let mut stack: Vec<usize> = roots.iter().rev().copied().collect();
        while let Some(node) = stack.pop() {
            let node = self.joined[node];
            if !self.alive[node] || numbers.contains_key(&node) {
                continue;
            }
            numbers.insert(node, numbers.len());
            let targets: Vec<_> = self.nodes[node].below.targets().collect();
            stack.extend(targets.into_iter().rev());
        }
        numbers
    }

    fn below(&self, node: usize, numbers: &BTreeMap<usize, usize>) -> TokenStream {
        let reference = |node: usize| {
            let number = numbers.get(&self.joined[node])?;
            let name = static_name(*number);
            Some(quote!(&#name))
        };
        let named = |nodes: &[(String, usize)]| -> Vec<_> {
            let living = self.living(nodes);
            living.filter_map(|(name, node)| reference(node).map(|node| quote!((#name, #node)))).collect()
        };
        match &self.nodes[node].below {
            Below::Members(nodes) => {
                let nodes = named(nodes);
                if nodes.is_empty() { quote!(Leaf) } else { quote!(Members(&[#(#nodes),*])) }
            }
            Below::Items(node) => reference(*node).map_or_else(|| quote!(Leaf), |node| quote!(Items(#node))),
            Below::Values(node) => reference(*node).map_or_else(|| quote!(Leaf), |node| quote!(Values(#node))),
            Below::Tagged(tag, nodes, default) => {
                let nodes = named(nodes);
                let default = match default.and_then(reference) {
                    Some(node) => quote!(Some(#node)),
                    None => quote!(None),
                };
                if nodes.is_empty() { quote!(Leaf) } else { quote!(Tagged(#tag, &[#(#nodes),*], #default)) }
            }
            Below::Keyed(nodes) => {
                let nodes = named(nodes);
                if nodes.is_empty() { quote!(Leaf) } else { quote!(Keyed(&[#(#nodes),*])) }
            }
            Below::Kinds(nodes) => {
                let living = self.living(nodes);
                let nodes: Vec<_> = living
                    .filter_map(|(kind, node)| {
                        let (kind, node) = (format_ident!("{kind}"), reference(node)?);
                        Some(quote!((Kind::#kind, #node)))
                    })
                    .collect();
                if nodes.is_empty() { quote!(Leaf) } else { quote!(Kinds(&[#(#nodes),*])) }
            }
            Below::Leaf => quote!(Leaf),
            Below::Free => quote!(Free),
        }
    }
}

impl Below {
    fn targets(&self) -> impl Iterator<Item = usize> {
        let targets: Vec<usize> = match self {
            Self::Leaf | Self::Free => Vec::new(),
            Self::Members(nodes) | Self::Keyed(nodes) => nodes.iter().map(|(_, node)| *node).collect(),
            Self::Items(node) | Self::Values(node) => vec![*node],
            Self::Tagged(_, nodes, default) => nodes.iter().map(|(_, node)| *node).chain(*default).collect(),
            Self::Kinds(nodes) => nodes.iter().map(|(_, node)| *node).collect(),
        };
        targets.into_iter()
    }
}

impl Planter<'_> {
    fn get(&self, id: TypeId) -> &Type {
        &self.local.types[id.0 as usize]
    }

    /// The node of a type; one per type, so that circles close.
    fn ty(&mut self, id: TypeId) -> usize {
        if let Some(node) = self.types.get(&id) {
            return *node;
        }
        let node = self.forest.add(Place::default());
        self.types.insert(id, node);
        let place = self.place(id);
        self.forest.nodes[node] = place;
        node
    }

    fn place(&mut self, id: TypeId) -> Place {
        let local = self.local;
        let ty = &local.types[id.0 as usize];
        let own = self.rules(&ty.limits, &Ty::Named(id));
        let mut place = match &ty.shape {
            Shape::Struct(shape) => {
                let fields = shape.fields.iter().filter(|field| is_field(field));
                let members = fields.map(|field| (field.wire.clone(), self.used(&field.limits, &field.ty)));
                let members = members.collect();
                Place::of(object(&shape.limits, shape), Below::Members(members))
            }
            Shape::StringEnum(_) => Place::default(),
            Shape::TaggedUnion(shape) => {
                let arms: Vec<_> = shape.arms.iter().map(|arm| (arm, self.used(&Limits::default(), &arm.ty))).collect();
                let default = arms.iter().find(|(arm, _)| arm.default).map(|(_, node)| *node);
                let tags = arms.iter().flat_map(|(arm, node)| arm.tags.iter().map(|tag| (tag.clone(), *node)));
                Place::of(Vec::new(), Below::Tagged(shape.tag.clone(), tags.collect(), default))
            }
            Shape::KeyUnion(shape) => {
                let arms = shape.arms.iter().map(|arm| (arm.wire.clone(), self.used(&arm.limits, &arm.ty)));
                let arms: Vec<_> = arms.collect();
                if !shape.arms.iter().any(|arm| arm.whole) {
                    Place::of(Vec::new(), Below::Members(arms))
                } else {
                    let arms = shape.arms.iter().zip(arms).map(|(arm, (key, node))| {
                        let member = || Below::Members(vec![(key.clone(), node)]);
                        let node = if arm.whole { node } else { self.forest.add(Place::of(Vec::new(), member())) };
                        (key, node)
                    });
                    let arms = arms.collect();
                    Place::of(Vec::new(), Below::Keyed(arms))
                }
            }
            Shape::KindUnion(shape) => {
                let arms = shape.arms.iter().map(|arm| (self.kind(&arm.ty), self.used(&arm.limits, &arm.ty)));
                let arms = arms.collect();
                Place::of(Vec::new(), Below::Kinds(arms))
            }
            Shape::Alias(ty) => self.inner(ty),
        };
        place.rules.splice(0..0, own);
        place
    }

    /// The node of a use of a type, with the limits of the use.
    fn used(&mut self, limits: &Limits, ty: &Ty) -> usize {
        let rules = self.rules(limits, ty);
        if let (true, Ty::Named(id)) = (rules.is_empty(), bare(ty)) {
            return self.ty(*id);
        }
        let node = self.forest.add(Place::default());
        let mut place = self.inner(ty);
        place.rules.splice(0..0, rules);
        self.forest.nodes[node] = place;
        node
    }

    /// A type without a name of its own, or what stands on one that has.
    fn inner(&mut self, ty: &Ty) -> Place {
        let below = match bare(ty) {
            Ty::Named(id) => return Place { base: Some(self.ty(*id)), ..Place::default() },
            Ty::Vec(item) => Below::Items(self.used(&item.limits, &item.ty)),
            Ty::Map(item) => Below::Values(self.used(&item.limits, &item.ty)),
            Ty::Json | Ty::JsonObject if self.counts => Below::Free,
            Ty::String
            | Ty::Bool
            | Ty::U32
            | Ty::U64
            | Ty::I64
            | Ty::F64
            | Ty::Blob
            | Ty::Json
            | Ty::JsonObject
            | Ty::Nullable(_)
            | Ty::Boxed(_) => Below::Leaf,
        };
        Place::of(Vec::new(), below)
    }

    /// The limits that the type does not enforce.
    fn rules(&self, limits: &Limits, ty: &Ty) -> Vec<TokenStream> {
        let ty = bare(ty);
        let says = |limit: &Number, low: bool| match (ty, low) {
            (Ty::U32 | Ty::U64, true) => *limit <= Number::Int(0),
            (Ty::U32, false) => matches!(limit, Number::Int(limit) if *limit >= u32::MAX.into()),
            (Ty::U64, false) => matches!(limit, Number::Int(limit) if *limit >= u64::MAX.into()),
            (Ty::I64, true) => matches!(limit, Number::Int(limit) if *limit <= i64::MIN.into()),
            (Ty::I64, false) => matches!(limit, Number::Int(limit) if *limit >= i64::MAX.into()),
            _ => false,
        };
        let minimum = limits.minimum.filter(|limit| !says(limit, true));
        let maximum = limits.maximum.filter(|limit| !says(limit, false));
        let mut rules = value_rules(&Limits { minimum, maximum, refused_arms: Vec::new(), ..limits.clone() });
        rules.extend(self.refused(&limits.refused_arms, ty));
        rules
    }

    /// Arms of a union that this model refuses.
    fn refused(&self, refused: &[String], ty: &Ty) -> Option<TokenStream> {
        let Ty::Named(id) = ty else { return None };
        if refused.is_empty() {
            return None;
        }
        match &self.get(*id).shape {
            Shape::TaggedUnion(shape) => {
                let tag = &shape.tag;
                let kept = shape.arms.iter().flat_map(|arm| &arm.tags).filter(|tag| !refused.contains(tag));
                Some(quote!(RefusedTags(#tag, &[#(#refused),*], &[#(#kept),*])))
            }
            Shape::KeyUnion(_) => Some(quote!(Refused(&[#(#refused),*]))),
            Shape::KindUnion(shape) => {
                let kinds = shape.arms.iter().map(|arm| self.kind(&arm.ty));
                let kinds = kinds.filter(|kind| refused.iter().any(|refused| refused.eq_ignore_ascii_case(kind)));
                let kinds = kinds.map(|kind| format_ident!("{kind}"));
                Some(quote!(RefusedKinds(&[#(Kind::#kinds),*])))
            }
            Shape::Struct(_) | Shape::StringEnum(_) => None,
            Shape::Alias(ty) => self.refused(refused, bare(ty)),
        }
    }

    fn kind(&self, ty: &Ty) -> &'static str {
        match bare(ty) {
            Ty::Named(id) => match &self.get(*id).shape {
                Shape::StringEnum(_) => "String",
                Shape::Struct(_) | Shape::TaggedUnion(_) | Shape::KeyUnion(_) | Shape::KindUnion(_) => "Object",
                Shape::Alias(ty) => self.kind(ty),
            },
            Ty::String | Ty::Blob => "String",
            Ty::Bool => "Boolean",
            Ty::U32 | Ty::U64 | Ty::I64 => "Integer",
            Ty::F64 => "Number",
            Ty::Vec(_) => "Array",
            Ty::Json | Ty::JsonObject | Ty::Map(_) | Ty::Nullable(_) | Ty::Boxed(_) => "Object",
        }
    }
}

fn bare(ty: &Ty) -> &Ty {
    match ty {
        Ty::Nullable(ty) | Ty::Boxed(ty) => bare(ty),
        ty => ty,
    }
}

fn value_rules(limits: &Limits) -> Vec<TokenStream> {
    let Limits {
        minimum,
        maximum,
        exclusive_minimum,
        exclusive_maximum,
        multiple_of,
        min_length,
        max_length,
        pattern,
        min_items,
        max_items,
        unique_items,
        min_properties,
        max_properties,
        keys,
        key_pattern,
        key_max_length,
        one_of,
        // What it means depends on the union.
        refused_arms: _,
    } = limits;
    let mut rules = Vec::new();
    let numbers = [
        ("Minimum", minimum),
        ("Maximum", maximum),
        ("ExclusiveMinimum", exclusive_minimum),
        ("ExclusiveMaximum", exclusive_maximum),
        ("MultipleOf", multiple_of),
    ];
    for (rule, limit) in numbers {
        if let Some(limit) = limit {
            let (rule, limit) = (format_ident!("{rule}"), number(limit));
            rules.push(quote!(#rule(#limit)));
        }
    }
    let counts = [
        ("MinLength", min_length.filter(|least| *least > 0)),
        ("MaxLength", *max_length),
        ("MinItems", min_items.filter(|least| *least > 0)),
        ("MaxItems", *max_items),
        ("MinProperties", min_properties.filter(|least| *least > 0)),
        ("MaxProperties", *max_properties),
        ("KeyMaxLength", *key_max_length),
    ];
    for (rule, limit) in counts {
        if let Some(limit) = limit {
            let (rule, limit) = (format_ident!("{rule}"), proc_macro2::Literal::u64_unsuffixed(limit));
            rules.push(quote!(#rule(#limit)));
        }
    }
    if *unique_items {
        rules.push(quote!(UniqueItems));
    }
    rules.extend(pattern.as_ref().map(|pattern| quote!(Pattern(#pattern))));
    rules.extend(keys.as_ref().map(|keys| quote!(Keys(&[#(#keys),*]))));
    rules.extend(key_pattern.as_ref().map(|pattern| quote!(KeyPattern(#pattern))));
    rules.extend(one_of.as_ref().map(|values| {
        let values = values.iter().map(constant);
        quote!(OneOf(&[#(#values),*]))
    }));
    rules
}

fn object(limits: &ObjectLimits, shape: &Struct) -> Vec<TokenStream> {
    let ObjectLimits { exclusive, dependent_required, conditions, rules: said, required } = limits;
    let refused: Vec<_> = shape.fields.iter().filter(|field| field.refused).map(|field| &field.wire).collect();
    let mut rules = Vec::new();
    if !refused.is_empty() {
        rules.push(quote!(Refused(&[#(#refused),*])));
    }
    if !required.is_empty() {
        rules.push(quote!(Required(&[#(#required),*])));
    }
    rules.extend(exclusive.iter().map(|names| quote!(Exclusive(&[#(#names),*]))));
    rules.extend(dependent_required.iter().map(|(name, names)| quote!(DependentRequired(#name, &[#(#names),*]))));
    rules.extend(conditions.iter().map(condition));
    rules.extend(said.iter().map(rule));
    rules
}

fn condition(condition: &Condition) -> TokenStream {
    let branch = |branch: &Option<Test>| match branch {
        Some(branch) => {
            let branch = test(branch);
            quote!(Some(#branch))
        }
        None => quote!(None),
    };
    let (question, then, otherwise) = (test(&condition.test), branch(&condition.then), branch(&condition.otherwise));
    quote!(When(#question, #then, #otherwise))
}

fn test(question: &Test) -> TokenStream {
    let all = |tests: &[Test]| tests.iter().map(test).collect::<Vec<_>>();
    match question {
        Test::All(tests) => {
            let tests = all(tests);
            quote!(Test::All(&[#(#tests),*]))
        }
        Test::Any(tests) => {
            let tests = all(tests);
            quote!(Test::Any(&[#(#tests),*]))
        }
        Test::Not(inner) => {
            let inner = test(inner);
            quote!(Test::Not(&#inner))
        }
        Test::Present(names) => quote!(Test::Present(&[#(#names),*])),
        Test::Member(name, inner) => {
            let inner = test(inner);
            quote!(Test::Member(#name, &#inner))
        }
        Test::Items(inner) => {
            let inner = test(inner);
            quote!(Test::Items(&#inner))
        }
        Test::OneOf(values) => {
            let values = values.iter().map(constant);
            quote!(Test::OneOf(&[#(#values),*]))
        }
        Test::Limits(limits) => {
            let rules = value_rules(limits);
            quote!(Test::Rules(&[#(#rules),*]))
        }
        Test::Never => quote!(Test::Never),
        Test::Kinds(kinds) => {
            let kinds = kinds.iter().map(|kind| match kind {
                Kind::Null => quote!(Kind::Null),
                Kind::Boolean => quote!(Kind::Boolean),
                Kind::Integer => quote!(Kind::Integer),
                Kind::Number => quote!(Kind::Number),
                Kind::String => quote!(Kind::String),
                Kind::Array => quote!(Kind::Array),
                Kind::Object => quote!(Kind::Object),
            });
            quote!(Test::Kinds(&[#(#kinds),*]))
        }
    }
}

fn rule(rule: &Rule) -> TokenStream {
    let tokens = match &rule.kind {
        RuleKind::LessThan { left, right } => quote!(LessThan(#left, #right)),
        RuleKind::AtMost { left, right } => quote!(AtMost(#left, #right)),
        RuleKind::ProductAtMost { of, maximum } => {
            let maximum = number(maximum);
            quote!(ProductAtMost(&[#(#of),*], #maximum))
        }
        RuleKind::RatioBetween { of: [first, second], minimum, maximum } => {
            let (minimum, maximum) = (number(minimum), number(maximum));
            quote!(RatioBetween(#first, #second, #minimum, #maximum))
        }
        RuleKind::CountAtMost { key, maximum } => {
            let maximum = proc_macro2::Literal::u64_unsuffixed(*maximum);
            quote!(CountAtMost(#key, #maximum))
        }
        RuleKind::FirstItem { of, property, one_of } => quote!(FirstItem(#of, #property, &[#(#one_of),*])),
        RuleKind::LastItem { of, property, one_of } => quote!(LastItem(#of, #property, &[#(#one_of),*])),
        RuleKind::TotalAtMost { of, maximum } => {
            let maximum = proc_macro2::Literal::u64_unsuffixed(*maximum);
            quote!(TotalAtMost(&[#(#of),*], #maximum))
        }
    };
    match &rule.message {
        Some(message) => quote!(Said(#message, &#tokens)),
        None => tokens,
    }
}

fn number(number: &Number) -> TokenStream {
    match number {
        Number::Int(int) => {
            let int = literal(&Literal::Int(*int));
            quote!(Int(#int))
        }
        Number::Float(float) => {
            let float = literal(&Literal::Float(*float));
            quote!(Float(#float))
        }
    }
}

fn constant(value: &Literal) -> TokenStream {
    match value {
        Literal::Null => quote!(Literal::Null),
        Literal::Bool(value) => quote!(Literal::Bool(#value)),
        Literal::Int(value) => {
            let value = number(&Number::Int(*value));
            quote!(Literal::Number(#value))
        }
        Literal::Float(value) => {
            let value = number(&Number::Float(*value));
            quote!(Literal::Number(#value))
        }
        Literal::Str(value) => quote!(Literal::Str(#value)),
    }
}

/// The imports that the statics need, and no others.
fn uses(body: &TokenStream) -> TokenStream {
    let mut idents = BTreeSet::new();
    collect(body.clone(), &mut idents);
    let groups = [("", OTHERS), ("Below", BELOW), ("Number", NUMBERS), ("Rule", RULES)];
    let uses = groups.into_iter().filter_map(|(ty, names)| {
        let names = names.iter().filter(|name| idents.contains(**name)).map(|name| format_ident!("{name}"));
        let names: Vec<_> = names.collect();
        let ty = (!ty.is_empty()).then(|| format_ident!("{ty}")).into_iter();
        (!names.is_empty()).then(|| quote! { use crate::check::#(#ty::)*{#(#names),*}; })
    });
    quote! { #(#uses)* }
}

const OTHERS: &[&str] = &["Kind", "Literal", "Node", "Test"];

/// The variants of the runtime's `Below`.
const BELOW: &[&str] = &["Free", "Items", "Keyed", "Kinds", "Leaf", "Members", "Tagged", "Values"];

const NUMBERS: &[&str] = &["Float", "Int"];

/// The variants of the runtime's `Rule`.
const RULES: &[&str] = &[
    "AtMost",
    "CountAtMost",
    "DependentRequired",
    "Exclusive",
    "ExclusiveMaximum",
    "ExclusiveMinimum",
    "FirstItem",
    "KeyMaxLength",
    "KeyPattern",
    "Keys",
    "LastItem",
    "LessThan",
    "MaxItems",
    "MaxLength",
    "MaxProperties",
    "Maximum",
    "MinItems",
    "MinLength",
    "MinProperties",
    "Minimum",
    "MultipleOf",
    "OneOf",
    "Pattern",
    "ProductAtMost",
    "RatioBetween",
    "Refused",
    "RefusedKinds",
    "RefusedTags",
    "Required",
    "Said",
    "TotalAtMost",
    "UniqueItems",
    "When",
];

fn collect(tokens: TokenStream, idents: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(ident) => {
                idents.insert(ident.to_string());
            }
            proc_macro2::TokenTree::Group(group) => collect(group.stream(), idents),
            proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => {}
        }
    }
}
