//! Numbers as JSON Schema compares them: by value, whatever their spelling.

use std::cmp::Ordering;
use std::fmt;

/// A number of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Without a fraction.
    Int(i128),
    /// With one.
    Float(f64),
}

/// A number of a body.
#[derive(Clone, Copy)]
pub(super) struct Num(Number);

impl Num {
    /// What is past the range of `f64` becomes an infinity of its sign.
    pub(super) fn of(number: &serde_json::Number) -> Self {
        if let Some(int) = number.as_i128() {
            return Self(Number::Int(int));
        }
        let float = number.as_f64().or_else(|| number.to_string().parse().ok());
        Self(Number::Float(float.unwrap_or(f64::NAN)))
    }

    pub(super) fn is_integer(self) -> bool {
        match self.0 {
            Number::Int(_) => true,
            Number::Float(float) => float.fract() == 0.0,
        }
    }

    /// Exact; `None` only beside a NaN.
    pub(super) fn compare(self, other: Number) -> Option<Ordering> {
        match (self.0, other) {
            (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
            (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
            (Number::Int(a), Number::Float(b)) => compare(a, b),
            (Number::Float(a), Number::Int(b)) => compare(b, a).map(Ordering::reverse),
        }
    }

    /// Whether the quotient is an integer, both read as the decimals that they print as: 0.3 is a multiple of 0.1.
    pub(super) fn is_multiple_of(self, divisor: Number) -> bool {
        let (Some(value), Some(divisor)) = (Decimal::of(self.0), Decimal::of(divisor)) else {
            return false;
        };
        value.is_multiple_of(divisor)
    }

    /// Exact as long as it fits.
    pub(super) fn product(factors: &[Self]) -> Self {
        Self(factors.iter().fold(Number::Int(1), |product, factor| {
            let exact = match (product, factor.0) {
                (Number::Int(a), Number::Int(b)) => a.checked_mul(b).map(Number::Int),
                (Number::Int(_) | Number::Float(_), Number::Int(_) | Number::Float(_)) => None,
            };
            exact.unwrap_or_else(|| Number::Float(product.float() * factor.0.float()))
        }))
    }

    pub(super) fn number(self) -> Number {
        self.0
    }
}

impl Number {
    pub(super) fn float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}

/// Integers with separators from five digits on: `0.5`, `4096`, `200,000`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) if int.unsigned_abs() < 10_000 => int.fmt(f),
            Self::Int(int) => {
                let digits = int.unsigned_abs().to_string();
                if *int < 0 {
                    f.write_str("-")?;
                }
                for (i, digit) in digits.char_indices() {
                    if i > 0 && (digits.len() - i) % 3 == 0 {
                        f.write_str(",")?;
                    }
                    write!(f, "{digit}")?;
                }
                Ok(())
            }
            // The words of a message should not depend on how a round number is spelt.
            Self::Float(float) if float.fract() == 0.0 && float.abs() < 1e15 => Self::Int(*float as i128).fmt(f),
            Self::Float(float) => float.fmt(f),
        }
    }
}

fn compare(int: i128, float: f64) -> Option<Ordering> {
    // From here on every float is past every `i128`.
    const PAST: f64 = 1.7e38;
    if float.is_nan() {
        return None;
    }
    if float >= PAST {
        return Some(Ordering::Less);
    }
    if float <= -PAST {
        return Some(Ordering::Greater);
    }
    let fraction = float.fract();
    Some(int.cmp(&(float.trunc() as i128)).then(0.0f64.partial_cmp(&fraction)?))
}

/// `digits × 10^exponent`.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    fn of(number: Number) -> Option<Self> {
        match number {
            Number::Int(digits) => Some(Self { digits, exponent: 0 }),
            Number::Float(float) if float.is_finite() => {
                // The shortest text that reads back as this float, such as `1e-1`.
                let text = format!("{float:e}");
                let (mantissa, exponent) = text.split_once('e')?;
                let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
                Some(Self {
                    digits: format!("{whole}{fraction}").parse().ok()?,
                    exponent: exponent.parse::<i32>().ok()? - i32::try_from(fraction.len()).ok()?,
                })
            }
            Number::Float(_) => None,
        }
    }

    fn is_multiple_of(self, divisor: Self) -> bool {
        if self.digits == 0 {
            return true;
        }
        if divisor.digits == 0 {
            return false;
        }
        let shift = self.exponent - divisor.exponent;
        if shift >= 0 {
            // (digits × 10^shift) mod divisor, step by step: the power itself may not fit.
            let modulus = divisor.digits.unsigned_abs();
            let mut rest = self.digits.unsigned_abs() % modulus;
            for _ in 0..shift {
                if rest == 0 {
                    return true;
                }
                rest = match rest.checked_mul(10) {
                    Some(next) => next % modulus,
                    None => return false,
                };
            }
            return rest == 0;
        }
        match 10i128.checked_pow(shift.unsigned_abs()).and_then(|power| divisor.digits.checked_mul(power)) {
            Some(divisor) => self.digits % divisor == 0,
            // The divisor is beyond the value.
            None => false,
        }
    }
}
