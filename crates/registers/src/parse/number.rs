//! Decimal text, exactly.

/// A decimal number: `digits × 10^-scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// All digits, with the sign.
    pub digits: i128,
    /// How many of them stand behind the point.
    pub scale: u32,
}

/// Why text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDecimal {
    /// No number at all.
    NoNumber,
    /// Commas not before each three digits: 1.2 or 12?
    Separators,
    /// Written as `4.2E+17`: digits are lost.
    Scientific,
    /// More digits than any amount has.
    TooLong,
}

impl Decimal {
    /// This number times ten to the power, if that is whole and of 64 bits.
    #[must_use]
    pub fn whole(self, exponent: u32) -> Option<i64> {
        let (mut digits, mut scale) = (self.digits, self.scale);
        while scale > exponent {
            if digits % 10 != 0 {
                return None;
            }
            digits /= 10;
            scale -= 1;
        }
        let up = 10_i128.checked_pow(exponent - scale)?;
        i64::try_from(digits.checked_mul(up)?).ok()
    }

    /// The same, rounded half away from zero.
    #[must_use]
    pub fn rounded(self, exponent: u32) -> Option<i64> {
        if self.scale <= exponent {
            return self.whole(exponent);
        }
        let unit = 10_i128.checked_pow(self.scale - exponent)?;
        let half = if self.digits < 0 { -(unit / 2) } else { unit / 2 };
        i64::try_from(self.digits.checked_add(half)? / unit).ok()
    }
}

/// Reads `1,395.00`, `-0.35`, `12`. The text holds no blanks and no full-width signs.
///
/// # Errors
/// If it is not a number, or one with misplaced separators.
pub fn decimal(text: &str) -> Result<Decimal, NotDecimal> {
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    if scientific(body) {
        return Err(NotDecimal::Scientific);
    }
    let digit = |byte: u8| byte.is_ascii_digit();
    if whole.is_empty() && fraction.is_empty() || !fraction.bytes().all(digit) {
        return Err(NotDecimal::NoNumber);
    }
    if body.ends_with('.') && fraction.is_empty() && whole.is_empty() {
        return Err(NotDecimal::NoNumber);
    }
    let plain = ungrouped(whole)?;
    let mut digits: i128 = 0;
    if plain.len() + fraction.len() > 30 {
        return Err(NotDecimal::TooLong);
    }
    for byte in plain.bytes().chain(fraction.bytes()) {
        digits = digits * 10 + i128::from(byte - b'0');
    }
    let scale = u32::try_from(fraction.len()).map_err(|_| NotDecimal::TooLong)?;
    Ok(Decimal { digits: if negative { -digits } else { digits }, scale })
}

/// Digits without their thousands separators.
fn ungrouped(whole: &str) -> Result<String, NotDecimal> {
    if !whole.bytes().all(|byte| byte.is_ascii_digit() || byte == b',') {
        return Err(NotDecimal::NoNumber);
    }
    if !whole.contains(',') {
        return Ok(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    if !(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3) {
        return Err(NotDecimal::Separators);
    }
    Ok(whole.replace(',', ""))
}

/// `4.21224E+17`.
#[must_use]
pub fn scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let exponent = exponent.trim_start_matches(['+', '-']);
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    number(mantissa.trim_start_matches(['+', '-'])) && number(exponent)
}

/// The decimal text of a number in a workbook, to the 15 digits that spreadsheets keep: 81809.89999999999 is 81809.9.
///
/// None for what is no number.
#[must_use]
pub fn of_float(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let written = format!("{number:.14e}");
    let (mantissa, exponent) = written.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    if !(-30..=40).contains(&exponent) {
        return None;
    }
    let point = exponent + 1;
    let length = i32::try_from(digits.len()).ok()?;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    Some(if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else if point >= length {
        format!("{sign}{digits}{}", zeros(point - length))
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(point).ok()?);
        format!("{sign}{whole}.{fraction}")
    })
}

/// Whether a number in a workbook has so many digits that some are lost.
#[must_use]
pub fn digits_lost(number: f64) -> bool {
    number.abs() >= 1e15
}

#[cfg(test)]
#[expect(clippy::excessive_precision, reason = "written as spreadsheets store it")]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_workbook_have_the_digits_that_it_shows() {
        for (number, expect) in [
            (81_809.899_999_999_99, "81809.9"),
            (77_920.960_000_000_01, "77920.96"),
            (0.08, "0.08"),
            (0.1 + 0.2, "0.3"),
            (-1.5, "-1.5"),
            (45_356.0, "45356"),
            (12_000.0, "12000"),
            (0.0, "0"),
            (1e-7, "0.0000001"),
            (421_224_820_620_062.0, "421224820620062"),
        ] {
            assert_eq!(of_float(number).as_deref(), Some(expect));
        }
        assert_eq!(of_float(f64::NAN), None);
        assert_eq!(of_float(f64::INFINITY), None);
        assert_eq!(of_float(1e300), None);
    }

    #[test]
    fn separators_stand_before_three_digits_or_the_number_is_refused() {
        for (text, expect) in
            [("1,395.00", 139_500), ("567.00", 56_700), ("12,345,678", 1_234_567_800), (".5", 50), ("7.", 700)]
        {
            assert_eq!(decimal(text).unwrap().whole(2), Some(expect), "{text}");
        }
        for (text, fault) in [
            ("1,2", NotDecimal::Separators),
            ("1234,567", NotDecimal::Separators),
            (",123", NotDecimal::Separators),
            ("1,23,456", NotDecimal::Separators),
            ("待定", NotDecimal::NoNumber),
            ("", NotDecimal::NoNumber),
            (".", NotDecimal::NoNumber),
            ("-", NotDecimal::NoNumber),
            ("1.2.3", NotDecimal::NoNumber),
            ("4.21224E+17", NotDecimal::Scientific),
            ("1111111111111111111111111111111", NotDecimal::TooLong),
        ] {
            assert_eq!(decimal(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(decimal("1.005").unwrap().rounded(2), Some(101));
        assert_eq!(decimal("-1.005").unwrap().rounded(2), Some(-101));
        assert_eq!(decimal("1.0049").unwrap().rounded(2), Some(100));
    }
}
