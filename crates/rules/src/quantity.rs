//! Exact numbers with unit and scale, for readers.

use std::fmt;

use doudi_model::Fen;

use crate::ir::{Rounding, Unit};
use crate::scalar::divide;
use crate::syntax::decimal::power_of_ten;

/// `amount / 10^scale` of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The scaled integer.
    pub amount: i128,
    /// What is counted; money in fen.
    pub unit: Unit,
    /// Decimal places.
    pub scale: u8,
}

impl Quantity {
    /// The same quantity without trailing zeros behind the point.
    #[must_use]
    pub fn reduced(mut self) -> Quantity {
        while self.scale > 0 && self.amount % 10 == 0 {
            self.amount /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The nearest whole number by a way of rounding.
    #[must_use]
    pub fn rounded(self, rounding: Rounding) -> i128 {
        power_of_ten(self.scale).and_then(|power| divide(rounding, self.amount, power)).unwrap_or(self.amount)
    }

    /// The amount as money, to the nearest fen; `None` if it is not money or does not fit.
    #[must_use]
    pub fn fen(self) -> Option<Fen> {
        match self.unit {
            Unit::Money => i64::try_from(self.rounded(Rounding::HalfUp)).ok().map(Fen),
            Unit::Int | Unit::Decimal | Unit::Days | Unit::Date => None,
        }
    }
}

impl fmt::Display for Quantity {
    /// `-12.5`: the number alone, without trailing zeros; money in fen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Quantity { amount, scale, .. } = self.reduced();
        let digits = format!("{:0>width$}", amount.unsigned_abs(), width = usize::from(scale) + 1);
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
        let sign = if amount < 0 { "-" } else { "" };
        match fraction {
            "" => write!(f, "{sign}{whole}"),
            fraction => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_without_trailing_zeros() {
        let text = |amount, scale| Quantity { amount, unit: Unit::Decimal, scale }.to_string();
        assert_eq!(text(150, 2), "1.5");
        assert_eq!(text(-5, 2), "-0.05");
        assert_eq!(text(0, 3), "0");
        assert_eq!(text(1200, 2), "12");
        assert_eq!(text(-120, 0), "-120");
    }
}
