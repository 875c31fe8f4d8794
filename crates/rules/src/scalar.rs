//! The scalar back end: one row at a time, nothing allocated, every leaf's verdict kept.

use std::cmp::Ordering;
use std::sync::Arc;

use doudi_model::{Day, Verdict};

use crate::ir::{Comparison, Logic, Num, Operand, Rounding, Slot, Test, Txt};

/// One known value of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// Yes or no.
    Bool(bool),
    /// A number, scaled as its variable declares; money in fen.
    Number(i128),
    /// A date.
    Day(Day),
    /// Text, or the code of a category.
    Text(Arc<str>),
}

/// One value of a row; `None` is unknown.
pub type Cell = Option<Scalar>;

/// The verdicts of a condition's leaves, two bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Marks {
    /// Bit `i`: leaf `i` is true or false.
    pub known: u128,
    /// Bit `i`: leaf `i` is true.
    pub truth: u128,
}

impl Marks {
    /// The verdict of one leaf; unknown if there is none.
    #[must_use]
    pub fn get(self, leaf: usize) -> Verdict {
        let bit = u32::try_from(leaf).ok().and_then(|leaf| 1u128.checked_shl(leaf)).unwrap_or(0);
        match (self.known & bit != 0, self.truth & bit != 0) {
            (false, _) => Verdict::Unknown,
            (true, truth) => truth.into(),
        }
    }

    /// The same verdicts but for one leaf.
    #[must_use]
    pub fn with(mut self, leaf: usize, verdict: Verdict) -> Marks {
        let bit = u32::try_from(leaf).ok().and_then(|leaf| 1u128.checked_shl(leaf)).unwrap_or(0);
        self.known &= !bit;
        self.truth &= !bit;
        self.set(leaf, verdict);
        self
    }

    fn set(&mut self, leaf: usize, verdict: Verdict) {
        let bit = u32::try_from(leaf).ok().and_then(|leaf| 1u128.checked_shl(leaf)).unwrap_or(0);
        match verdict {
            Verdict::Unknown => {}
            Verdict::False => self.known |= bit,
            Verdict::True => {
                self.known |= bit;
                self.truth |= bit;
            }
        }
    }
}

/// A condition's answer about one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Outcome {
    /// The answer.
    pub verdict: Verdict,
    /// The verdict of every leaf, whether or not it decided.
    pub leaves: Marks,
}

/// Decides leaves in their order; a leaf inside a leaf stands before it.
pub(crate) fn marks<'t>(tests: impl Iterator<Item = &'t Test>, row: &[Cell]) -> Marks {
    let mut frame = Frame { row, marks: Marks::default() };
    let mut bit = 1_u128;
    for test in tests {
        // Without a branch: which way a leaf goes cannot be foreseen.
        let answer = frame.test(test);
        frame.marks.known |= bit * u128::from(answer.is_some());
        frame.marks.truth |= bit * u128::from(answer == Some(true));
        bit <<= 1;
    }
    frame.marks
}

/// A row and the leaves decided so far.
pub(crate) struct Frame<'r> {
    pub(crate) row: &'r [Cell],
    pub(crate) marks: Marks,
}

impl<'r> Frame<'r> {
    fn cell(&self, slot: Slot) -> Option<&'r Scalar> {
        self.row.get(slot.0)?.as_ref()
    }

    fn flag(&self, slot: Slot) -> Option<bool> {
        match self.cell(slot)? {
            Scalar::Bool(value) => Some(*value),
            // INVARIANT: the caller fills a slot with its variable's type; anything else is as good as missing.
            Scalar::Number(_) | Scalar::Day(_) | Scalar::Text(_) => None,
        }
    }

    pub(crate) fn logic(&self, logic: &Logic) -> Verdict {
        match logic {
            Logic::Literal(value) => (*value).into(),
            Logic::Leaf(leaf) => self.marks.get(usize::from(*leaf)),
            Logic::Not(part) => !self.logic(part),
            Logic::And(parts) => parts.iter().fold(Verdict::True, |all, part| all.and(self.logic(part))),
            Logic::Or(parts) => parts.iter().fold(Verdict::False, |any, part| any.or(self.logic(part))),
            Logic::Same(left, right) => {
                let (left, right) = (self.logic(left), self.logic(right));
                if left.is_known() && right.is_known() { (left == right).into() } else { Verdict::Unknown }
            }
            Logic::Choose(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                match self.logic(condition) {
                    Verdict::True => self.logic(then),
                    Verdict::False => self.logic(otherwise),
                    Verdict::Unknown => Verdict::Unknown,
                }
            }
            Logic::OrElse(part, otherwise) => match self.logic(part) {
                Verdict::Unknown => self.logic(otherwise),
                known @ (Verdict::True | Verdict::False) => known,
            },
            Logic::AtLeast(count, parts) => self.at_least(*count, parts),
        }
    }

    fn at_least(&self, count: u32, parts: &[Logic]) -> Verdict {
        let (mut sure, mut possible) = (0u32, 0u32);
        for part in parts {
            match self.logic(part) {
                Verdict::True => {
                    sure += 1;
                    possible += 1;
                }
                Verdict::Unknown => possible += 1,
                Verdict::False => {}
            }
        }
        match (sure >= count, possible >= count) {
            (true, _) => Verdict::True,
            (false, true) => Verdict::Unknown,
            (false, false) => Verdict::False,
        }
    }

    /// The answer of a leaf; none if it is unknown.
    fn test(&self, test: &Test) -> Option<bool> {
        match test {
            Test::Flag(slot) => self.flag(*slot),
            Test::Compare(comparison, left, right) => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                Some(match comparison {
                    Comparison::Equal => left == right,
                    Comparison::NotEqual => left != right,
                    Comparison::Less => left < right,
                    Comparison::AtMost => left <= right,
                    Comparison::Greater => left > right,
                    Comparison::AtLeast => left >= right,
                })
            }
            Test::CompareText(comparison, left, right) => {
                Some(comparison.holds(self.text(left)?.cmp(self.text(right)?)))
            }
            Test::Between(parts) => {
                let [item, low, high] = parts.as_ref();
                let above = self.order(item, low).map(Ordering::is_ge);
                let below = self.order(item, high).map(Ordering::is_le);
                known(Verdict::from(above).and(below.into()))
            }
            Test::Member(item, list) => {
                let item = self.number(item);
                known(list.iter().fold(Verdict::False, |any, element| {
                    any.or(item.zip(self.number(element)).map(|(item, element)| item == element).into())
                }))
            }
            Test::MemberText(item, list) => {
                let item = self.text(item);
                known(list.iter().fold(Verdict::False, |any, element| {
                    any.or(item.zip(self.text(element)).map(|(item, element)| item == element).into())
                }))
            }
            Test::StartsWith(text, prefix) => Some(self.text(text)?.starts_with(self.text(prefix)?)),
            Test::Known(operand) => Some(self.is_known(operand)),
        }
    }

    fn is_known(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Logic(logic) => self.logic(logic).is_known(),
            Operand::Number(number) => self.number(number).is_some(),
            Operand::Text(text) => self.text(text).is_some(),
        }
    }

    fn order(&self, left: &Num, right: &Num) -> Option<Ordering> {
        Some(self.number(left)?.cmp(&self.number(right)?))
    }

    /// The number, or `None` if it is unknown.
    ///
    /// The checker has proven that no value in the declared ranges overflows; a value outside its range
    /// that does is unknown.
    pub(crate) fn number(&self, number: &Num) -> Option<i128> {
        match number {
            Num::Const(value) => Some(*value),
            Num::Unknown => None,
            Num::Slot(slot) => match self.cell(*slot)? {
                Scalar::Number(value) => Some(*value),
                Scalar::Bool(_) | Scalar::Day(_) | Scalar::Text(_) => None,
            },
            Num::Day(slot) => match self.cell(*slot)? {
                Scalar::Day(day) => Some(i128::from(day.epoch_days())),
                Scalar::Bool(_) | Scalar::Number(_) | Scalar::Text(_) => None,
            },
            Num::Negate(part) => self.number(part)?.checked_neg(),
            Num::Add(left, right) => self.number(left)?.checked_add(self.number(right)?),
            Num::Subtract(left, right) => self.number(left)?.checked_sub(self.number(right)?),
            Num::Multiply(left, right) => product(self.number(left)?, self.number(right)?),
            Num::Times(part, factor) => product(self.number(part)?, *factor),
            Num::Divide(rounding, dividend, divisor) => {
                divide(*rounding, self.number(dividend)?, self.number(divisor)?)
            }
            Num::Least(parts) => self.fold(parts, i128::min),
            Num::Greatest(parts) => self.fold(parts, i128::max),
            Num::Choose(condition, then, otherwise) => match self.logic(condition) {
                Verdict::True => self.number(then),
                Verdict::False => self.number(otherwise),
                Verdict::Unknown => None,
            },
            Num::OrElse(part, otherwise) => self.number(part).or_else(|| self.number(otherwise)),
            Num::Age(birth, day) => age(self.number(birth)?, self.number(day)?),
        }
    }

    fn fold(&self, parts: &[Num], pick: fn(i128, i128) -> i128) -> Option<i128> {
        let mut result: Option<i128> = None;
        for part in parts {
            let value = self.number(part)?;
            result = Some(result.map_or(value, |so_far| pick(so_far, value)));
        }
        result
    }

    pub(crate) fn text<'t>(&self, text: &'t Txt) -> Option<&'t str>
    where
        'r: 't,
    {
        match text {
            Txt::Const(value) => Some(value),
            Txt::Slot(slot) => match self.cell(*slot)? {
                Scalar::Text(value) => Some(value),
                Scalar::Bool(_) | Scalar::Number(_) | Scalar::Day(_) => None,
            },
            Txt::Choose(condition, then, otherwise) => match self.logic(condition) {
                Verdict::True => self.text(then),
                Verdict::False => self.text(otherwise),
                Verdict::Unknown => None,
            },
            Txt::OrElse(part, otherwise) => self.text(part).or_else(|| self.text(otherwise)),
        }
    }
}

fn known(verdict: Verdict) -> Option<bool> {
    match verdict {
        Verdict::False => Some(false),
        Verdict::Unknown => None,
        Verdict::True => Some(true),
    }
}

/// The product, by one multiplication where both factors have 64 bits, as they mostly do.
fn product(left: i128, right: i128) -> Option<i128> {
    match (i64::try_from(left), i64::try_from(right)) {
        (Ok(left), Ok(right)) => Some(i128::from(left) * i128::from(right)),
        (Err(_), _) | (_, Err(_)) => left.checked_mul(right),
    }
}

/// The rounded quotient; `None` for a divisor of zero.
pub(crate) fn divide(rounding: Rounding, dividend: i128, divisor: i128) -> Option<i128> {
    let floor = dividend.checked_div_euclid(divisor)?;
    let rest = dividend.checked_rem_euclid(divisor)?;
    // Euclid's remainder is never negative; with a negative divisor the quotient lies above, not below.
    let (floor, exact) = match (rest == 0, divisor > 0) {
        (true, _) => (floor, true),
        (false, true) => (floor, false),
        (false, false) => (floor.checked_sub(1)?, false),
    };
    if exact {
        return Some(floor);
    }
    let negative = (dividend < 0) != (divisor < 0);
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::Ceil => true,
        Rounding::Down => negative,
        Rounding::HalfUp => {
            let magnitude = divisor.unsigned_abs();
            let above = if divisor > 0 { rest.unsigned_abs() } else { magnitude - rest.unsigned_abs() };
            match above.cmp(&(magnitude - above)) {
                Ordering::Greater => true,
                Ordering::Less => false,
                Ordering::Equal => !negative,
            }
        }
    };
    if up { floor.checked_add(1) } else { Some(floor) }
}

/// Completed years between two dates given as days since 1970-01-01.
fn age(birth: i128, day: i128) -> Option<i128> {
    day_of(day)?.age_of(day_of(birth)?).map(i128::from)
}

/// The day of a number of days since 1970-01-01; `None` outside the years 1800 to 2200.
pub(crate) fn day_of(days: i128) -> Option<Day> {
    let days = i64::try_from(days).ok()?;
    let day = Day::from_epoch_days(days);
    (i64::from(day.epoch_days()) == days).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_as_its_name_says_on_both_sides_of_zero() {
        let rounded =
            |a, b| [Rounding::HalfUp, Rounding::Floor, Rounding::Ceil, Rounding::Down].map(|r| divide(r, a, b));
        assert_eq!(rounded(7, 2), [Some(4), Some(3), Some(4), Some(3)]);
        assert_eq!(rounded(-7, 2), [Some(-4), Some(-4), Some(-3), Some(-3)]);
        assert_eq!(rounded(7, -2), [Some(-4), Some(-4), Some(-3), Some(-3)]);
        assert_eq!(rounded(-7, -2), [Some(4), Some(3), Some(4), Some(3)]);
        assert_eq!(rounded(7, 3), [Some(2), Some(2), Some(3), Some(2)]);
        assert_eq!(rounded(-8, -3), [Some(3), Some(2), Some(3), Some(2)]);
        assert_eq!(rounded(6, -3), [Some(-2); 4]);
        assert_eq!(rounded(1, 0), [None; 4]);
        assert_eq!(divide(Rounding::Floor, i128::MIN, -1), None);
    }

    #[test]
    fn marks_hold_128_leaves_and_no_more() {
        let mut marks = Marks::default();
        marks.set(127, Verdict::True);
        marks.set(126, Verdict::False);
        marks.set(128, Verdict::True);
        assert_eq!(
            (marks.get(127), marks.get(126), marks.get(0), marks.get(128)),
            (Verdict::True, Verdict::False, Verdict::Unknown, Verdict::Unknown)
        );
    }
}
