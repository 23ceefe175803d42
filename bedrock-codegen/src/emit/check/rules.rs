//! Limits as the runtime's rules.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::types::literal;
use crate::ir::{Condition, Limits, Literal, ObjectLimits, Struct, Test};
use crate::schema::{Kind, Number, Rule, RuleKind};

/// About one value.
pub(super) fn of_value(limits: &Limits) -> Vec<TokenStream> {
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

/// Between the members of an object.
pub(super) fn of_object(limits: &ObjectLimits, shape: &Struct) -> Vec<TokenStream> {
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
            let rules = of_value(limits);
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
