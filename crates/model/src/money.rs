//! Money in whole fen.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of money in fen (a hundredth of a yuan). JSON carries the integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// `12,345.60`: yuan with two decimals and separators, without a unit.
    #[must_use]
    pub fn yuan(self) -> String {
        let magnitude = self.0.unsigned_abs();
        let whole = (magnitude / 100).to_string();
        let mut out = String::new();
        if self.0 < 0 {
            out.push('-');
        }
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out.push_str(&format!(".{:02}", magnitude % 100));
        out
    }
}

impl fmt::Display for Fen {
    /// `12,345.60元`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}元", self.yuan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_have_two_decimals_and_separators() {
        assert_eq!(Fen(1_234_567_05).yuan(), "1,234,567.05");
        assert_eq!(Fen(-9).yuan(), "-0.09");
        assert_eq!(Fen(100_000).to_string(), "1,000.00元");
    }
}
