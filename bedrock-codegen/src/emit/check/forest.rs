//! Places and how they hang together: those without a rule at or below them are dropped, equal ones joined, circles
//! included.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A place of a body.
#[derive(Default, Clone)]
pub(super) struct Place {
    pub rules: Vec<TokenStream>,
    pub below: Below,
    /// The type whose rules and members come on top. It may still be growing when a use of it is planted.
    pub base: Option<usize>,
}

impl Place {
    pub fn of(rules: Vec<TokenStream>, below: Below) -> Self {
        Self { rules, below, base: None }
    }
}

/// How to go on; targets are indices into the forest.
#[derive(Default, Clone)]
pub(super) enum Below {
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
pub(super) struct Forest {
    pub nodes: Vec<Place>,
    /// The node that stands for each.
    pub joined: Vec<usize>,
    /// Whether there is a rule at or below.
    alive: Vec<bool>,
}

impl Forest {
    pub fn add(&mut self, place: Place) -> usize {
        self.nodes.push(place);
        self.nodes.len() - 1
    }

    /// Drops what has no rule, joins what is equal.
    pub fn finish(&mut self) {
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
        self.alive =
            self.nodes.iter().map(|node| !node.rules.is_empty() || matches!(node.below, Below::Free)).collect();
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
    pub fn numbers(&self, roots: &[usize]) -> BTreeMap<usize, usize> {
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

    pub fn below(&self, node: usize, numbers: &BTreeMap<usize, usize>) -> TokenStream {
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

/// The name of a node.
pub(super) fn static_name(number: usize) -> Ident {
    format_ident!("N{number}")
}
