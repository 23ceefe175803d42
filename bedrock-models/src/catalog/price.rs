//! What models cost, in exact US dollars.

use rust_decimal::Decimal;

/// What a model costs in US dollars: a quote for one ID, not a bill. `None` is not known, never free.
///
/// AWS's prices differ by Region and by inference profile: see [`quoted_id`](Self::quoted_id). Negotiated prices,
/// taxes, guardrails and provisioned throughput are not in it.
///
/// A price of one's own starts from [`UNKNOWN`](Self::UNKNOWN):
///
/// ```
/// use bedrock_models::catalog::{Price, usd};
///
/// const MINE: Price = {
///     let mut price = Price::UNKNOWN;
///     price.input = usd("0.25");
///     price.output = usd("1.25");
///     price
/// };
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Price {
    /// A million tokens of requests.
    pub input: Option<Decimal>,
    /// A million tokens of answers, those of reasoning included.
    pub output: Option<Decimal>,
    /// A million tokens read from a prompt cache.
    pub cache_read: Option<Decimal>,
    /// A million tokens written to a prompt cache that lives five minutes.
    pub cache_write: Option<Decimal>,
    /// A million tokens written to a prompt cache that lives an hour.
    pub cache_write_1h: Option<Decimal>,
    /// A million tokens of requests in batch inference.
    pub batch_input: Option<Decimal>,
    /// A million tokens of answers in batch inference.
    pub batch_output: Option<Decimal>,
    /// A million tokens of requests in the flex tier.
    pub flex_input: Option<Decimal>,
    /// A million tokens of answers in the flex tier.
    pub flex_output: Option<Decimal>,
    /// A million tokens of requests in the priority tier.
    pub priority_input: Option<Decimal>,
    /// A million tokens of answers in the priority tier.
    pub priority_output: Option<Decimal>,
    /// A million tokens of speech that goes in.
    pub audio_input: Option<Decimal>,
    /// A million tokens of speech that comes out.
    pub audio_output: Option<Decimal>,
    /// A picture: one that is made, or one that is embedded.
    pub image: Option<Decimal>,
    /// A query of a reranking model.
    pub query: Option<Decimal>,
    /// A second of video.
    pub video_second: Option<Decimal>,
    /// A second of audio.
    pub audio_second: Option<Decimal>,
    /// What long requests cost.
    pub long_context: Option<LongContext>,
    /// The ID that the amounts are quoted for. Where it begins with `global.`, profiles of one geography and calls
    /// inside a Region may cost more.
    pub quoted_id: &'static str,
    /// The Region or the profile that the amounts are quoted for, in words.
    pub quoted_for: &'static str,
    /// Where the amounts come from.
    pub source: &'static str,
}

/// What requests above a length cost, in US dollars per million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct LongContext {
    /// Requests with more tokens than this, cached ones included, cost the following: all of their tokens.
    pub above_input_tokens: u64,
    /// A million tokens of such requests.
    pub input: Option<Decimal>,
    /// A million tokens of answers to them.
    pub output: Option<Decimal>,
}

impl LongContext {
    /// Prices of requests with more tokens than `above_input_tokens`.
    pub const fn new(above_input_tokens: u64, input: Option<Decimal>, output: Option<Decimal>) -> Self {
        Self { above_input_tokens, input, output }
    }
}

impl Price {
    /// No amount is known.
    pub const UNKNOWN: Self = Self {
        input: None,
        output: None,
        cache_read: None,
        cache_write: None,
        cache_write_1h: None,
        batch_input: None,
        batch_output: None,
        flex_input: None,
        flex_output: None,
        priority_input: None,
        priority_output: None,
        audio_input: None,
        audio_output: None,
        image: None,
        query: None,
        video_second: None,
        audio_second: None,
        long_context: None,
        quoted_id: "",
        quoted_for: "",
        source: "",
    };
}

/// An exact amount of US dollars, for prices that stand in code: digits, and perhaps a point and digits behind it.
///
/// ```
/// use bedrock_models::catalog::{Decimal, usd};
///
/// const PRICE: Option<Decimal> = usd("0.00006");
/// assert_eq!(PRICE, Some(Decimal::new(6, 5)));
/// ```
///
/// It is an `Option` because prices are: it is never `None`.
///
/// # Panics
///
/// On text that is no amount, or an amount that [`Decimal`] does not hold exactly: an error while compiling where it
/// stands in a `const`. Text that is known only at run time is parsed with [`Decimal::from_str_exact`] instead.
pub const fn usd(amount: &str) -> Option<Decimal> {
    match exact(amount) {
        Some(amount) => Some(amount),
        None => panic!("an amount of US dollars is written as in \"0.25\", with 28 digits at most"),
    }
}

const fn exact(amount: &str) -> Option<Decimal> {
    let digits = amount.as_bytes();
    let (mut mantissa, mut scale, mut point, mut at) = (0_u128, 0_u32, false, 0);
    while at < digits.len() {
        match digits[at] {
            digit @ b'0'..=b'9' => {
                mantissa = mantissa * 10 + (digit - b'0') as u128;
                scale += point as u32;
            }
            // Digits on both sides of the point, and one point.
            b'.' if !point && at > 0 && at + 1 < digits.len() => point = true,
            _ => return None,
        }
        // Checked at every digit, the mantissa can't overflow; what `Decimal` holds has 96 bits.
        if mantissa >> 96 != 0 || scale > Decimal::MAX_SCALE {
            return None;
        }
        at += 1;
    }
    if digits.is_empty() {
        return None;
    }
    Some(Decimal::from_parts(mantissa as u32, (mantissa >> 32) as u32, (mantissa >> 64) as u32, false, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for text in ["0", "0.25", "12", "0.00006", "2.40625", "007.50", "79228162514264337593543950335"] {
            assert_eq!(usd(text), Some(text.parse().unwrap()), "{text}");
        }
        let smallest = "0.0000000000000000000000000001";
        assert_eq!(usd(smallest).unwrap().to_string(), smallest);
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let too_large = "79228162514264337593543950336";
        let too_fine = "0.00000000000000000000000000001";
        for text in ["", ".", ".5", "5.", "1.2.3", "-1", "+1", "1e3", "1,5", " 1", "1_000", "$1", too_large, too_fine] {
            assert_eq!(exact(text), None, "{text}");
        }
    }

    #[test]
    #[should_panic(expected = "an amount of US dollars")]
    fn a_wrong_constant_does_not_compile() {
        let _ = usd("cheap");
    }
}
