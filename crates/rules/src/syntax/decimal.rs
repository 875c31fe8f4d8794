//! Exact decimal literals.

/// `digits / 10^scale`, exactly, without trailing zeros in the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) digits: i128,
    pub(crate) scale: u8,
    /// Whether it was written as a whole number.
    pub(crate) whole: bool,
}

/// Most decimal places that a literal or a quotient may have.
pub(crate) const SCALE_MAX: u8 = 18;

/// Greatest magnitude of any intermediate value: what 38 decimal digits hold, in every back end.
pub(crate) const MAGNITUDE_MAX: i128 = 99_999_999_999_999_999_999_999_999_999_999_999_999;

/// Ten to the power of `exponent`, within [`MAGNITUDE_MAX`].
pub(crate) fn power_of_ten(exponent: u8) -> Option<i128> {
    10i128.checked_pow(u32::from(exponent)).filter(|power| *power <= MAGNITUDE_MAX)
}

impl Decimal {
    /// A whole number.
    pub(crate) fn whole(digits: i128) -> Decimal {
        Decimal { digits, scale: 0, whole: true }
    }

    /// Reads `12`, `-0.50`, `.5`, `1.23e-4`, `0x1F`; `None` if it is not a number or has too many digits.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let decimal = match text.strip_prefix("0x") {
            Some(hex) => Decimal::whole(i128::from(u64::from_str_radix(hex, 16).ok()?)),
            None => Decimal::parse_unsigned(text)?,
        };
        Some(if negative { Decimal { digits: decimal.digits.checked_neg()?, ..decimal } } else { decimal })
    }

    fn parse_unsigned(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = whole.chars().chain(fraction.chars()).all(|c| c.is_ascii_digit());
        if !all_digits || whole.len() + fraction.len() == 0 {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let mut digits: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            digits = digits.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let is_whole = mantissa.len() == text.len() && !mantissa.contains('.');
        Decimal::normalised(digits, scale, is_whole)
    }

    /// Brings a negative scale to zero and drops trailing zeros of the fraction.
    fn normalised(mut digits: i128, mut scale: i32, whole: bool) -> Option<Decimal> {
        if digits == 0 {
            return Some(Decimal { digits, scale: 0, whole });
        }
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        if scale < 0 {
            let power = power_of_ten(u8::try_from(scale.checked_neg()?).ok()?)?;
            digits = digits.checked_mul(power)?;
            scale = 0;
        }
        let scale = u8::try_from(scale).ok().filter(|scale| *scale <= SCALE_MAX)?;
        (digits.abs() <= MAGNITUDE_MAX).then_some(Decimal { digits, scale, whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(i128, u8)>) {
        assert_eq!(Decimal::parse(text).map(|d| (d.digits, d.scale)), expect, "{text}");
    }

    #[test]
    fn literals_are_read_exactly() {
        check("1.5", Some((15, 1)));
        check("1.50", Some((15, 1)));
        check("3.0", Some((3, 0)));
        check(".5", Some((5, 1)));
        check("1.23e4", Some((12_300, 0)));
        check("1.23e-4", Some((123, 6)));
        check("-0.07", Some((-7, 2)));
        check("0x1F", Some((31, 0)));
        check("0.000", Some((0, 0)));
    }

    #[test]
    fn what_cannot_be_held_exactly_is_refused() {
        for text in ["1.99e90000009", "1e-19", "1e39", "", ".", "1.2.3", "abc", "1e", "0x", "九", "1e99999999999999"] {
            check(text, None);
        }
    }
}
