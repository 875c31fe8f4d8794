//! Rounded quotients, and ages, which are one.

use crate::ir::{Num, Rounding};

use super::piece::{Piece, Tie, depth, infix_left};
use super::{Draft, Number};

impl Draft<'_> {
    pub(super) fn divide(&mut self, rounding: Rounding, dividend: &Num, divisor: &Num) -> Piece {
        let dividend = self.wide(dividend);
        match self.number(divisor) {
            Number { constant: Some(0), .. } => self.unknown(),
            Number { constant: Some(1), .. } => dividend,
            Number { constant: Some(divisor), .. } if divisor < 0 => {
                let turned = Piece::new(format!("-{}", dividend.tied(Tie::Closed)), Tie::Sign, dividend.depth);
                self.divide_by_constant(rounding, turned, divisor.saturating_neg())
            }
            Number { constant: Some(divisor), .. } => self.divide_by_constant(rounding, dividend, divisor),
            Number { constant: None, piece } => self.divide_by(rounding, dividend, &piece),
        }
    }

    /// By a constant above zero: what is left over has the sign of the dividend.
    fn divide_by_constant(&mut self, rounding: Rounding, dividend: Piece, divisor: i128) -> Piece {
        let dividend = self.named(dividend);
        let (number, by) = (&dividend.text, self.dialect.whole(divisor));
        let (quotient, rest) = (self.dialect.quotient(number, &by), format!("{number} % {by}"));
        let half = divisor / 2 + divisor % 2;
        let (above, below) = (self.dialect.whole(half), self.dialect.whole(half.saturating_neg()));
        let text = match rounding {
            Rounding::Down => quotient,
            Rounding::Floor => format!("{quotient} - CASE WHEN {rest} < 0 THEN 1 ELSE 0 END"),
            Rounding::Ceil => format!("{quotient} + CASE WHEN {rest} > 0 THEN 1 ELSE 0 END"),
            Rounding::HalfUp => {
                format!("{quotient} + CASE WHEN {rest} >= {above} THEN 1 WHEN {rest} <= {below} THEN -1 ELSE 0 END")
            }
        };
        Piece::new(text, Tie::Sum, dividend.depth)
    }

    fn divide_by(&mut self, rounding: Rounding, dividend: Piece, divisor: &Piece) -> Piece {
        let dividend = self.named(dividend);
        let nonzero = Piece::new(format!("NULLIF({}, 0)", divisor.text), Tie::Closed, divisor.depth);
        let divisor = self.named(nonzero);
        let quotient = self.dialect.quotient(&dividend.text, &divisor.text);
        let whole = depth([&dividend, &divisor]);
        let rest = Piece::new(format!("{} % {}", dividend.text, divisor.text), Tie::Product, whole);
        let (a, b) = (&dividend.text, &divisor.text);
        let same = |rest: &str| format!("({rest} > 0 AND {b} > 0) OR ({rest} < 0 AND {b} < 0)");
        let other = |rest: &str| format!("({rest} < 0 AND {b} > 0) OR ({rest} > 0 AND {b} < 0)");
        match rounding {
            Rounding::Down => Piece::new(quotient, Tie::Product, whole),
            Rounding::Floor => {
                let rest = self.named(rest);
                let text = format!("{quotient} - CASE WHEN {} THEN 1 ELSE 0 END", other(&rest.text));
                Piece::new(text, Tie::Sum, rest.depth)
            }
            Rounding::Ceil => {
                let rest = self.named(rest);
                let text = format!("{quotient} + CASE WHEN {} THEN 1 ELSE 0 END", same(&rest.text));
                Piece::new(text, Tie::Sum, rest.depth)
            }
            Rounding::HalfUp => {
                let rest = self.named(rest);
                let (left, all) = (self.dialect.magnitude(&rest.text), self.dialect.magnitude(b));
                let text = format!(
                    "{quotient} + CASE WHEN {left} < {all} - {left} THEN 0 WHEN ({a} < 0) = ({b} < 0) THEN 1 ELSE -1 END"
                );
                Piece::new(text, Tie::Sum, rest.depth)
            }
        }
    }

    /// Completed years: the whole ten thousands between two dates written 20261124.
    pub(super) fn age(&mut self, birth: &Num, day: &Num) -> Piece {
        let [from, to] = [birth, day].map(|date| {
            let days = self.number(date).piece;
            let days = self.named(days);
            self.named(Piece::new(self.dialect.year_month_day(&days.text), Tie::Closed, days.depth))
        });
        let apart = self.named(infix_left(&to, "-", &from, Tie::Sum));
        let years = self.dialect.quotient(&apart.text, "10000");
        Piece::new(format!("CASE WHEN {} >= 0 THEN {years} END", apart.text), Tie::Closed, apart.depth)
    }
}
