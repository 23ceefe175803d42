use super::super::samples::{HAIKU, sample};
use super::super::{LongContext, usd};
use super::*;

const SONNET: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";

fn cost(model: &str, usage: Usage) -> Option<String> {
    usage.cost(sample(model)).map(|cost| cost.to_string())
}

fn tokens(input_tokens: u64, output_tokens: u64) -> Usage {
    Usage { input_tokens, output_tokens, ..Usage::default() }
}

#[test]
fn tokens_cost_what_they_cost_per_million() {
    assert_eq!(cost(HAIKU, tokens(1_000_000, 1_000_000)).as_deref(), Some("$6"));
    assert_eq!(cost(HAIKU, tokens(1, 0)).as_deref(), Some("$0.000001"));
    assert_eq!(cost(HAIKU, tokens(230, 200)).as_deref(), Some("$0.00123"));
    assert_eq!(cost(HAIKU, tokens(0, 0)).as_deref(), Some("$0"));
    let cached =
        Usage { cache_read_tokens: 10_000, cache_write_tokens: 1_000, cache_write_1h_tokens: 100, ..tokens(10, 1) };
    assert_eq!(cost(HAIKU, cached).as_deref(), Some("$0.002465"));
}

#[test]
fn other_units_have_their_own_prices() {
    let embedded = Usage { images: 3, video_seconds: 10, audio_seconds: 100, ..tokens(1_000, 0) };
    assert_eq!(cost("amazon.nova-2-multimodal-embeddings-v1:0", embedded).as_deref(), Some("$0.021315"));
    let ranked = Usage { queries: 7, ..Usage::default() };
    assert_eq!(cost("cohere.rerank-v3-5:0", ranked).as_deref(), Some("$0.014"));
    let drawn = Usage { images: 2, ..Usage::default() };
    assert_eq!(cost("stability.sd3-5-large-v1:0", drawn).as_deref(), Some("$0.16"));
    let spoken = Usage { audio_input_tokens: 1_000, audio_output_tokens: 500, ..tokens(100, 10) };
    assert_eq!(cost("amazon.nova-2-sonic-v1:0", spoken).as_deref(), Some("$0.0090605"));
}

#[test]
fn tiers_have_their_own_prices() {
    let usage = tokens(1_000_000, 2_000_000);
    let model = "openai.gpt-oss-20b-1:0";
    assert_eq!(cost(model, usage).as_deref(), Some("$0.67"));
    assert_eq!(cost(model, usage.tier(Tier::Flex)).as_deref(), Some("$0.335"));
    assert_eq!(cost(model, usage.tier(Tier::Priority)).as_deref(), Some("$1.1725"));
    assert_eq!(cost(model, usage.batch()), None);
    assert_eq!(cost(HAIKU, usage.batch()).as_deref(), Some("$5.5"));
    assert_eq!(usage.batch().tier(Tier::OnDemand), usage);
}

#[test]
fn what_has_no_known_price_makes_the_whole_unknown() {
    let model = "mistral.mistral-large-3-675b-instruct";
    assert_eq!(cost(model, tokens(10, 10).tier(Tier::Flex)), None);
    assert_eq!(cost(model, tokens(10, 0).tier(Tier::Flex)).as_deref(), Some("$0.0000025"));
    // A cache is not known to cost the same in a batch.
    assert_eq!(cost(HAIKU, Usage { cache_read_tokens: 1, ..tokens(1, 1) }.batch()), None);
    // What is used is asked for, counter by counter.
    let model = sample("xai.grok-4.7");
    assert_eq!(Usage::default().cost(model), Some(Cost::ZERO));
    let one = Usage::default();
    for usage in [
        Usage { input_tokens: 1, ..one },
        Usage { output_tokens: 1, ..one },
        Usage { cache_read_tokens: 1, ..one },
        Usage { cache_write_tokens: 1, ..one },
        Usage { cache_write_1h_tokens: 1, ..one },
        Usage { audio_input_tokens: 1, ..one },
        Usage { audio_output_tokens: 1, ..one },
        Usage { images: 1, ..one },
        Usage { queries: 1, ..one },
        Usage { video_seconds: 1, ..one },
        Usage { audio_seconds: 1, ..one },
    ] {
        for tier in [Tier::OnDemand, Tier::Batch, Tier::Flex, Tier::Priority] {
            assert_eq!(usage.tier(tier).cost(model), None, "{usage:?}");
        }
    }
}

#[test]
fn long_requests_cost_more_from_the_next_token_on() {
    assert_eq!(cost(SONNET, tokens(200_000, 1_000)).as_deref(), Some("$0.615"));
    assert_eq!(cost(SONNET, tokens(200_001, 1_000)).as_deref(), Some("$1.222506"));
    // Cached tokens make a request long, and are not known to cost the same then.
    let cached = Usage { cache_read_tokens: 1_000, ..tokens(199_000, 0) };
    assert_eq!(cost(SONNET, cached).as_deref(), Some("$0.5973"));
    assert_eq!(cost(SONNET, Usage { cache_read_tokens: 1_001, ..cached }), None);
    assert_eq!(cost(SONNET, tokens(200_000, 0).batch()).as_deref(), Some("$0.3"));
    assert_eq!(cost(SONNET, tokens(200_001, 0).batch()), None);
}

/// Against arithmetic of another kind: integers of a smallest unit.
#[test]
fn costs_are_exact() {
    // A small generator, so that a failure comes again.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..2_000 {
        // Prices in units of 10^-8 dollars for a million tokens: a token costs that many units of 10^-14.
        let (input, output, read) = (random(1 << 30), random(1 << 30), random(1 << 30));
        let price = Price {
            input: Some(Decimal::new(input as i64, 8)),
            output: Some(Decimal::new(output as i64, 8)),
            cache_read: Some(Decimal::new(read as i64, 8)),
            ..Price::UNKNOWN
        };
        let usage = Usage { cache_read_tokens: random(1 << 30), ..tokens(random(1 << 30), random(1 << 30)) };
        let units = u128::from(input) * u128::from(usage.input_tokens)
            + u128::from(output) * u128::from(usage.output_tokens)
            + u128::from(read) * u128::from(usage.cache_read_tokens);
        let expected = Decimal::from_i128_with_scale(units as i128, 14);
        assert_eq!(usage.cost_at(&price).map(Cost::usd), Some(expected));
    }
}

#[test]
fn amounts_beyond_the_arithmetic_are_unknown_not_wrong() {
    let most = |amount| Price { input: usd(amount), output: usd(amount), ..Price::UNKNOWN };
    // The largest that is held, and one that is not.
    assert!(tokens(u64::MAX, u64::MAX).cost_at(&most("1000000")).is_some());
    for amount in ["79228162514264337593543950335", "0.0000000000000000000000000001"] {
        assert_eq!(tokens(u64::MAX, u64::MAX).cost_at(&most(amount)), None, "{amount}");
    }
    // 2^95 dollars for 2^33 tokens: zero in arithmetic that wraps around.
    assert_eq!(tokens(1 << 33, 0).cost_at(&most("39614081257132168796771975168")), None);
    // Digits that would be rounded away.
    assert_eq!(tokens(1, 0).cost_at(&most("0.00000000000000000000001")), None);
    let uneven = Price { input: usd("1234567890.123"), output: usd("0.00000000000000000001"), ..Price::UNKNOWN };
    assert_eq!(tokens(1_000_000_000_000_000, 1).cost_at(&uneven), None);
    // Zeros at the end are no digits.
    let zeros = Price { input: usd("1.000000000000000000000000000"), ..Price::UNKNOWN };
    assert_eq!(tokens(1, 0).cost_at(&zeros).unwrap().to_string(), "$0.000001");
    // The length of the request is a sum too.
    let long = LongContext::new(10, usd("1"), usd("1"));
    let price = Price { input: usd("1"), cache_read: usd("1"), long_context: Some(long), ..Price::UNKNOWN };
    assert_eq!(Usage { cache_read_tokens: u64::MAX, ..tokens(1, 0) }.cost_at(&price), None);
}

#[test]
fn costs_add_up() {
    let call = |input| tokens(input, 0).cost(sample(HAIKU));
    assert_eq!(Cost::total([call(1), call(10), call(100)]).unwrap().to_string(), "$0.000111");
    assert_eq!(Cost::total([call(1), None]), None);
    let most = Cost(Decimal::MAX);
    assert_eq!(most.checked_add(Cost::ZERO), Some(most));
    assert_eq!(most.checked_add(Cost(Decimal::ONE)), None);
    assert_eq!(most.checked_add(Cost(Decimal::new(1, 28))), None);
    assert!(call(1) < call(2));
}

#[test]
fn costs_print_as_dollars() {
    let cost = |amount: &str| Cost(amount.parse().unwrap());
    assert_eq!(cost("0.00123").to_string(), "$0.00123");
    assert_eq!(cost("5.00").to_string(), "$5");
    assert_eq!(cost("100").to_string(), "$100");
    assert_eq!(Cost::ZERO.to_string(), "$0");
    assert_eq!(format!("{:.2}", cost("0.005")), "$0.01");
    assert_eq!(format!("{:.2}", cost("5")), "$5.00");
    assert_eq!(format!("{:.0}", cost("1.5")), "$2");
    assert_eq!(format!("[{:>8.2}]", cost("1.234")), "[   $1.23]");
    assert_eq!(format!("[{:<8}]", cost("1.5")), "[$1.5    ]");
    assert_eq!(cost("-0.5").to_string(), "-$0.5");
    assert!(format!("{:.999}", cost("0.1")).starts_with("$0.1000"));
}

#[test]
fn prompts_that_include_what_was_cached_are_taken_apart() {
    let usage = Usage::of_prompt(1_000, 800, 50).unwrap();
    assert_eq!(usage, Usage { cache_read_tokens: 800, ..tokens(200, 50) });
    assert_eq!(Usage::of_prompt(1, 2, 0), None);
}

#[cfg(feature = "aws")]
#[test]
fn counts_of_bedrock_become_usage_where_they_are_known() {
    let counts = |input, output| {
        let mut counts = TokenCounts::default();
        (counts.input, counts.output) = (input, output);
        counts
    };
    let talker = sample(HAIKU);
    assert_eq!(counts(Some(5), Some(7)).usage(talker), Some(tokens(5, 7)));
    assert_eq!(counts(None, Some(7)).usage(talker), None);
    assert_eq!(counts(Some(5), None).usage(talker), None);
    // Only of models that are known to answer without words.
    assert_eq!(counts(Some(5), None).usage(sample("amazon.nova-2-multimodal-embeddings-v1:0")), Some(tokens(5, 0)));
    assert_eq!(counts(Some(5), None).usage(&ModelInfo::new("acme.one")), None);
    let cached = TokenCounts { cache_read: Some(3), cache_write: Some(2), ..counts(Some(5), Some(7)) };
    let expected = Usage { cache_read_tokens: 3, cache_write_tokens: 2, ..tokens(5, 7) };
    assert_eq!(cached.usage(talker), Some(expected));
    assert_eq!(Tier::of(&ServiceTier::Default), Some(Tier::OnDemand));
    assert_eq!(Tier::of(&ServiceTier::Reserved), None);
}
