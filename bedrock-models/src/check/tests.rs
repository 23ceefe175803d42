//! One rule per test.

use serde_json::{Value, json};

use super::Below::{Free, Items, Kinds, Leaf, Members, Tagged, Values};
use super::Number::{Float, Int};
use super::{Kind, Literal, Node, Rule, Test, check};

/// The violations as text; empty where the value passes.
fn judge(node: &'static Node, value: Value) -> String {
    check(node, &value).map_or_else(|violations| violations.to_string(), |()| String::new())
}

/// A member `x` with one rule.
macro_rules! rule {
    ($rule:expr, $value:tt) => {{
        static X: Node = Node::new(&[$rule], Leaf);
        static ROOT: Node = Node::new(&[], Members(&[("x", &X)]));
        judge(&ROOT, json!({ "x": $value }))
    }};
}

/// The root with one rule.
macro_rules! object {
    ($rule:expr, $value:tt) => {{
        static ROOT: Node = Node::new(&[$rule], Leaf);
        judge(&ROOT, json!($value))
    }};
}

#[test]
fn minimum_and_maximum() {
    assert_eq!(rule!(Rule::Minimum(Int(1)), 1), "");
    assert_eq!(rule!(Rule::Minimum(Int(1)), 0), "`x` must be at least 1, found 0 (at /x)");
    assert_eq!(rule!(Rule::Maximum(Int(1)), 1.0), "");
    assert_eq!(rule!(Rule::Maximum(Int(1)), 1.5), "`x` must be at most 1, found 1.5 (at /x)");
    assert_eq!(rule!(Rule::Maximum(Int(128_000)), 200_000), "`x` must be at most 128,000, found 200,000 (at /x)");
}

#[test]
fn exclusive_bounds() {
    assert_eq!(rule!(Rule::ExclusiveMinimum(Int(0)), 0.001), "");
    assert_eq!(rule!(Rule::ExclusiveMinimum(Int(0)), 0.0), "`x` must be more than 0, found 0 (at /x)");
    assert_eq!(rule!(Rule::ExclusiveMaximum(Float(0.5)), 0.5), "`x` must be less than 0.5, found 0.5 (at /x)");
}

#[test]
fn bounds_are_exact_beyond_floats() {
    assert_eq!(rule!(Rule::Maximum(Float(9_007_199_254_740_992.0)), 9_007_199_254_740_992_u64), "");
    assert_ne!(rule!(Rule::Maximum(Float(9_007_199_254_740_992.0)), 9_007_199_254_740_993_u64), "");
    assert_ne!(rule!(Rule::Minimum(Int(i64::MAX as i128)), 9.2e18), "");
    assert_eq!(rule!(Rule::Maximum(Float(-0.5)), (-1)), "");
    assert_ne!(rule!(Rule::Minimum(Float(-0.5)), (-1)), "");
}

#[test]
fn a_multiple_is_one_in_decimals() {
    for value in [json!(0), json!(0.1), json!(0.3), json!(0.7), json!(1.1), json!(-0.2), json!(3), json!(1e20)] {
        assert_eq!(rule!(Rule::MultipleOf(Float(0.1)), (value)), "", "{value}");
    }
    for value in [json!(0.05), json!(0.15), json!(1e-9), json!(5e-324)] {
        assert_ne!(rule!(Rule::MultipleOf(Float(0.1)), (value)), "", "{value}");
    }
    assert_eq!(rule!(Rule::MultipleOf(Int(64)), 512.0), "");
    assert_eq!(rule!(Rule::MultipleOf(Int(64)), 500), "`x` must be a multiple of 64, found 500 (at /x)");
    assert_eq!(rule!(Rule::MultipleOf(Float(2.5)), 7.5), "");
    assert_ne!(rule!(Rule::MultipleOf(Int(2)), 3.5), "");
}

#[test]
fn lengths_count_code_points() {
    assert_eq!(rule!(Rule::MaxLength(2), "éé"), "");
    assert_eq!(rule!(Rule::MaxLength(2), "a secret"), "`x` must have at most 2 characters, found 8 (at /x)");
    assert_eq!(rule!(Rule::MinLength(2), "é"), "`x` must have at least 2 characters, found 1 (at /x)");
    assert_eq!(rule!(Rule::MinLength(1), ""), "`x` must not be empty (at /x)");
}

#[test]
fn a_pattern_matches_anywhere() {
    assert_eq!(rule!(Rule::Pattern("b+"), "abc"), "");
    assert_eq!(rule!(Rule::Pattern("^b"), "abc"), "`x` must match `^b`, found 3 characters that don't (at /x)");
    // The engine knows no look-ahead; a late refusal beats a false one.
    assert_eq!(rule!(Rule::Pattern("(?=b)"), "a"), "");
}

#[test]
fn counts_of_items() {
    assert_eq!(rule!(Rule::MinItems(1), []), "`x` must not be empty (at /x)");
    assert_eq!(rule!(Rule::MaxItems(1), [1, 2]), "`x` must have at most 1 item, found 2 (at /x)");
    assert_eq!(rule!(Rule::MaxItems(2), [1, 2]), "");
}

#[test]
fn items_are_equal_as_json() {
    assert_eq!(rule!(Rule::UniqueItems, ["1", 1, true, null, [1], {"a": 1}]), "");
    assert_eq!(
        rule!(Rule::UniqueItems, [{"a": 1, "b": [2]}, 0, {"b": [2.0], "a": 1.0}]),
        "`x` must not repeat an item, but items 0 and 2 are equal (at /x)"
    );
    assert_ne!(rule!(Rule::UniqueItems, [0, -0.0]), "");
}

#[test]
fn counts_of_members() {
    assert_eq!(rule!(Rule::MinProperties(1), {}), "`x` must not be empty (at /x)");
    assert_eq!(rule!(Rule::MaxProperties(1), {"a": 1, "b": 2}), "`x` must have at most 1 member, found 2 (at /x)");
}

#[test]
fn keys_of_a_map() {
    assert_eq!(rule!(Rule::Keys(&["a", "b"]), {"a": 1, "c": 2}), "`x` takes no key `c`, only `a` and `b` (at /x)");
    assert_eq!(
        rule!(Rule::KeyPattern("^[a-z]$"), {"a b": 1}),
        "`x` must have keys that match `^[a-z]$`, found one of 3 characters (at /x)"
    );
    assert_eq!(
        rule!(Rule::KeyMaxLength(2), {"abc": 1}),
        "`x` must have keys of at most 2 characters, found one of 3 (at /x)"
    );
}

#[test]
fn allowed_values() {
    const ALLOWED: Rule =
        Rule::OneOf(&[Literal::Str("5m"), Literal::Str("1h"), Literal::Null, Literal::Number(Int(1))]);
    assert_eq!(rule!(ALLOWED, "1h"), "");
    assert_eq!(rule!(ALLOWED, 1.0), "");
    assert_eq!(rule!(ALLOWED, null), "");
    assert_eq!(rule!(ALLOWED, "2h"), r#"`x` must be "5m", "1h", null or 1, found "2h" (at /x)"#);
    assert_eq!(
        rule!(ALLOWED, "my secret plan"),
        r#"`x` must be "5m", "1h", null or 1, found a string of 14 characters (at /x)"#
    );

    static X: Node = Node::new(&[ALLOWED], Leaf);
    let violations = check(&X, &json!(false)).unwrap_err();
    assert_eq!(violations.iter().next().unwrap().allowed, [r#""5m""#, r#""1h""#, "null", "1"]);
}

#[test]
fn refused_arms_by_tag() {
    const REFUSED: Rule = Rule::RefusedTags("type", &["document"], &["text", "image"]);
    assert_eq!(
        object!(REFUSED, {"type": "document"}),
        r#"`type` can't be "document" with this model, only "text" or "image" (at /type)"#
    );
    // An echoed block may have a tag of its own.
    assert_eq!(object!(REFUSED, {"type": "novel"}), "");
    assert_eq!(object!(REFUSED, {}), "");
}

#[test]
fn refused_arms_by_kind() {
    assert_eq!(rule!(Rule::RefusedKinds(&[Kind::String]), "text"), "`x` can't be a string with this model (at /x)");
    assert_eq!(rule!(Rule::RefusedKinds(&[Kind::String]), ["text"]), "");
}

#[test]
fn refused_and_required_members() {
    assert_eq!(
        object!(Rule::Refused(&["cache_control"]), {"cache_control": {}}),
        "`cache_control` can't be set with this model: leave it out (at /cache_control)"
    );
    assert_eq!(object!(Rule::Required(&["a", "b"]), {"a": null}), "`b` is required by this model: set it");
}

#[test]
fn exclusive_members() {
    assert_eq!(object!(Rule::Exclusive(&["a", "b"]), {"a": 1}), "");
    assert_eq!(
        object!(Rule::Exclusive(&["a", "b"]), {"a": 1, "b": null}),
        "`a` and `b` can't be set together: leave one out"
    );
}

#[test]
fn dependent_members() {
    assert_eq!(object!(Rule::DependentRequired("a", &["b"]), {}), "");
    assert_eq!(object!(Rule::DependentRequired("a", &["b"]), {"a": 1}), "`b` is required where `a` is set: set it");
}

#[test]
fn conditions_say_when() {
    const WHEN: Rule = Rule::When(
        Test::All(&[Test::Present(&["type"]), Test::Member("type", &Test::OneOf(&[Literal::Str("enabled")]))]),
        Some(Test::All(&[
            Test::Present(&["budget"]),
            Test::Member("top_k", &Test::Never),
            Test::Member("top_p", &Test::Rules(&[Rule::Minimum(Float(0.95))])),
        ])),
        Some(Test::Not(&Test::Present(&["budget"]))),
    );
    assert_eq!(object!(WHEN, {"type": "enabled", "budget": 1}), "");
    assert_eq!(
        object!(WHEN, {"type": "enabled", "top_k": 5, "top_p": 0.5}),
        "`budget` is required where `type` is \"enabled\": set it\n\
         `top_k` can't be set where `type` is \"enabled\": leave it out (at /top_k)\n\
         `top_p` must be at least 0.95, found 0.5 where `type` is \"enabled\" (at /top_p)"
    );
    assert_eq!(
        object!(WHEN, {"budget": 1}),
        "`budget` can't be set unless `type` is \"enabled\": leave it out (at /budget)"
    );
}

#[test]
fn tests_let_other_kinds_pass() {
    const WHEN: Rule =
        Rule::When(Test::Member("a", &Test::Items(&Test::Kinds(&[Kind::Integer]))), None, Some(Test::Never));
    assert_eq!(object!(WHEN, {"a": [1, 2.0]}), "");
    assert_eq!(object!(WHEN, {"a": "no list"}), "");
    assert_eq!(object!(WHEN, {"a": [1.5]}), "this is not allowed in this combination");
}

#[test]
fn relations_between_numbers() {
    const LESS: Rule = Rule::LessThan("/thinking/budget_tokens", "/max_tokens");
    assert_eq!(object!(LESS, {"max_tokens": 10}), "");
    assert_eq!(object!(LESS, {"max_tokens": 10, "thinking": {"budget_tokens": 9}}), "");
    assert_eq!(
        object!(LESS, {"max_tokens": 10, "thinking": {"budget_tokens": 10}}),
        "`thinking.budget_tokens` must be less than `max_tokens` (10), found 10 (at /thinking/budget_tokens)"
    );
    assert_eq!(object!(Rule::AtMost("/a", "/b"), {"a": 1, "b": 1}), "");
    assert_eq!(object!(Rule::AtMost("/a", "/b"), {"a": 2, "b": 1}), "`a` must be at most `b` (1), found 2 (at /a)");
}

#[test]
fn products_and_ratios() {
    const PRODUCT: Rule = Rule::ProductAtMost(&["/width", "/height"], Int(4_194_304));
    assert_eq!(object!(PRODUCT, {"width": 2048, "height": 2048}), "");
    assert_eq!(object!(PRODUCT, {"width": 4096}), "");
    assert_eq!(
        object!(PRODUCT, {"width": 4096, "height": 2048}),
        "`width` × `height` must be at most 4,194,304, found 8,388,608"
    );
    const RATIO: Rule = Rule::RatioBetween("/width", "/height", Float(0.25), Int(4));
    assert_eq!(object!(RATIO, {"width": 4, "height": 1}), "");
    assert_eq!(object!(RATIO, {"width": 5, "height": 1}), "`width` ÷ `height` must be from 0.25 to 4, found 5 ÷ 1");
}

#[test]
fn occurrences_are_counted_outside_free_json() {
    static FREE: Node = Node::new(&[], Free);
    static TOOL: Node = Node::new(&[], Members(&[("schema", &FREE)]));
    static TOOLS: Node = Node::new(&[], Items(&TOOL));
    static ROOT: Node = Node::new(&[Rule::CountAtMost("cache", 1)], Members(&[("tools", &TOOLS)]));
    assert_eq!(judge(&ROOT, json!({"cache": null, "tools": [{"cache": {}, "schema": {"cache": {}}}]})), "");
    assert_eq!(
        judge(&ROOT, json!({"tools": [{"cache": {}}, {"cache": {}}]})),
        "`cache` may be set at most 1 times, found 2"
    );
}

#[test]
fn first_and_last_item() {
    const FIRST: Rule = Rule::FirstItem("/messages", "role", &["user"]);
    assert_eq!(object!(FIRST, {"messages": []}), "");
    assert_eq!(object!(FIRST, {"messages": [{"role": "user"}, {"role": "assistant"}]}), "");
    assert_eq!(
        object!(FIRST, {"messages": [{"role": "assistant"}]}),
        "`role` of the first item of `messages` must be \"user\" (at /messages/0/role)"
    );
    assert_eq!(
        object!(Rule::LastItem("/messages", "role", &["user", "tool"]), {"messages": [{"role": "user"}, {"role": "assistant"}]}),
        "`role` of the last item of `messages` must be \"user\" or \"tool\" (at /messages/1/role)"
    );
}

#[test]
fn totals_of_lists() {
    const TOTAL: Rule = Rule::TotalAtMost(&["/texts", "/images"], 2);
    assert_eq!(object!(TOTAL, {"texts": [1, 2]}), "");
    assert_eq!(
        object!(TOTAL, {"texts": [1, 2], "images": [3]}),
        "`texts` and `images` may have at most 2 items together, found 3"
    );
}

#[test]
fn a_rule_may_bring_its_own_words() {
    const SAID: Rule = Rule::Said("leave room for the answer", &Rule::AtMost("/a", "/b"));
    assert_eq!(object!(SAID, {"a": 2, "b": 1}), "leave room for the answer (at /a)");
    assert_eq!(object!(SAID, {"a": 1, "b": 1}), "");
}

#[test]
fn the_tag_chooses_the_arm() {
    static SHORT: Node = Node::new(&[Rule::MaxLength(1)], Leaf);
    static TEXT: Node = Node::new(&[], Members(&[("text", &SHORT)]));
    static ROOT: Node = Node::new(&[], Tagged("type", &[("text", &TEXT)], Some(&TEXT)));
    assert_ne!(judge(&ROOT, json!({"type": "text", "text": "ab"})), "");
    assert_ne!(judge(&ROOT, json!({"text": "ab"})), "");
    assert_eq!(judge(&ROOT, json!({"type": "other", "text": "ab"})), "");
    assert_eq!(judge(&ROOT, json!("ab")), "");
}

#[test]
fn the_kind_chooses_the_arm() {
    static TEXT: Node = Node::new(&[Rule::MinLength(1)], Leaf);
    static LIST: Node = Node::new(&[Rule::MaxItems(1)], Items(&TEXT));
    static ROOT: Node = Node::new(&[], Kinds(&[(Kind::String, &TEXT), (Kind::Array, &LIST)]));
    assert_eq!(judge(&ROOT, json!("a")), "");
    assert_eq!(judge(&ROOT, json!("")), "the request must not be empty");
    assert_eq!(judge(&ROOT, json!([""])), "item 0 of the request must not be empty (at /0)");
    assert_eq!(judge(&ROOT, json!(5)), "");
}

#[test]
fn trees_may_be_circles() {
    static NAME: Node = Node::new(&[Rule::MaxLength(1)], Leaf);
    static TREE: Node = Node::new(&[], Members(&[("name", &NAME), ("below", &LIST)]));
    static LIST: Node = Node::new(&[], Items(&TREE));
    assert_eq!(
        judge(&TREE, json!({"below": [{"name": "a"}, {"below": [{"name": "ab"}]}]})),
        "`name` must have at most 1 character, found 2 (at /below/1/below/0/name)"
    );
    assert!(format!("{TREE:?}").starts_with("Node"));
}

#[test]
fn places_are_pointers() {
    static SHORT: Node = Node::new(&[Rule::MaxLength(1)], Leaf);
    static ROOT: Node = Node::new(&[], Values(&SHORT));
    assert_eq!(judge(&ROOT, json!({"a/b~c": "ab"})), "`a/b~c` must have at most 1 character, found 2 (at /a~1b~0c)");
}

#[test]
fn unknown_members_are_left_alone() {
    static ROOT: Node = Node::new(&[Rule::Required(&["a"])], Members(&[]));
    assert_eq!(judge(&ROOT, json!({"a": 1, "raw": {"anything": [1]}})), "");
}

#[test]
fn all_mistakes_are_told_at_once() {
    static A: Node = Node::new(&[Rule::Maximum(Int(1)), Rule::MultipleOf(Int(2))], Leaf);
    static ROOT: Node = Node::new(&[Rule::Exclusive(&["a", "b"])], Members(&[("a", &A), ("b", &A)]));
    assert_eq!(check(&ROOT, &json!({"a": 3, "b": 3})).unwrap_err().iter().count(), 5);
}
