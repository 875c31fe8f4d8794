//! Bounds on sums of variables: `a < b && b < a`, `x > 5 && x < 3`.

use std::collections::BTreeMap;

use super::Contradiction;
use crate::condition::Leaf;
use crate::ir::print::Printer;
use crate::ir::{Comparison, Num, Slot};

/// A sum of terms, each a variable or something that is not taken apart, times a whole number; terms by their text.
type Sum = BTreeMap<String, i128>;

/// Bounds by sum.
#[derive(Clone, Default)]
pub(super) struct Numbers {
    bounds: BTreeMap<Sum, Bounds>,
}

/// The values left to a sum, and the leaves that left them.
#[derive(Clone, Default)]
struct Bounds {
    low: Option<(i128, Option<usize>)>,
    high: Option<(i128, Option<usize>)>,
    not: Vec<(i128, usize)>,
}

/// A sum and a constant.
#[derive(Default)]
struct Linear {
    terms: Sum,
    constant: i128,
}

impl Linear {
    /// Adds a number times a factor; `None` if it cannot be held.
    fn add(&mut self, number: &Num, factor: i128, terms: &Terms<'_>) -> Option<()> {
        match number {
            Num::Const(value) => {
                self.constant = self.constant.checked_add(value.checked_mul(factor)?)?;
                Some(())
            }
            Num::Negate(part) => self.add(part, factor.checked_neg()?, terms),
            Num::Add(left, right) => {
                self.add(left, factor, terms)?;
                self.add(right, factor, terms)
            }
            Num::Subtract(left, right) => {
                self.add(left, factor, terms)?;
                self.add(right, factor.checked_neg()?, terms)
            }
            Num::Times(part, times) => self.add(part, factor.checked_mul(*times)?, terms),
            Num::Unknown => None,
            Num::Slot(_)
            | Num::Day(_)
            | Num::Multiply(..)
            | Num::Divide(..)
            | Num::Least(_)
            | Num::Greatest(_)
            | Num::Choose(..)
            | Num::OrElse(..)
            | Num::Age(..) => {
                let coefficient = self.terms.entry(terms.text(number)).or_insert(0);
                *coefficient = coefficient.checked_add(factor)?;
                Some(())
            }
        }
    }
}

/// What terms are made of.
pub(super) struct Terms<'c> {
    pub(super) ranges: &'c BTreeMap<Slot, (i128, i128)>,
    pub(super) leaves: &'c [Leaf],
}

impl Terms<'_> {
    /// The text of a term: equal text, equal value on every row.
    fn text(&self, number: &Num) -> String {
        match number {
            Num::Slot(slot) | Num::Day(slot) => variable(*slot),
            other => {
                let name = |slot| variable(slot);
                let tests = self.leaves.iter().map(|leaf| &leaf.test).collect();
                let mut printer = Printer { name: &name, tests, out: String::new() };
                printer.number(other);
                printer.out
            }
        }
    }
}

fn variable(slot: Slot) -> String {
    format!("${}", slot.0)
}

fn divisor(left: i128, right: i128) -> i128 {
    if right == 0 { left } else { divisor(right, left % right) }
}

impl Numbers {
    /// Adds what a comparison says; an error if nothing is left.
    pub(super) fn assume(
        &mut self,
        comparison: Comparison,
        (left, right): (&Num, &Num),
        leaf: usize,
        terms: &Terms<'_>,
    ) -> Result<(), Contradiction> {
        let mut linear = Linear::default();
        if linear.add(left, 1, terms).and_then(|()| linear.add(right, -1, terms)).is_none() {
            return Ok(());
        }
        linear.terms.retain(|_, coefficient| *coefficient != 0);
        let Some(first) = linear.terms.values().next().copied() else {
            let holds = comparison.holds(linear.constant.cmp(&0));
            return if holds { Ok(()) } else { Err((leaf, leaf)) };
        };
        let common = linear.terms.values().fold(0, |so_far, coefficient| divisor(so_far, *coefficient)).abs();
        let scale = if first < 0 { -common } else { common };
        let sum: Sum = linear.terms.into_iter().map(|(term, coefficient)| (term, coefficient / scale)).collect();
        // scale · sum + constant compares with 0 as sum with -constant / scale, mirrored if scale is negative.
        let comparison = if scale < 0 { comparison.mirrored() } else { comparison };
        let Some(level) = linear.constant.checked_neg().map(|level| if scale < 0 { -level } else { level }) else {
            return Ok(());
        };
        let bounds = self.bounds.entry(sum).or_insert_with_key(|sum| Bounds::declared(sum, terms));
        bounds.assume(comparison, level, common, leaf)
    }

    /// Holds the bounds of sums against those of their terms.
    pub(super) fn sums(&self, terms: &Terms<'_>) -> Result<(), Contradiction> {
        for (sum, bounds) in self.bounds.iter().filter(|(sum, _)| sum.len() > 1) {
            let Some(((low, low_by), (high, high_by))) = self.hull(sum, terms) else { continue };
            if let Some((_, Some(leaf))) = bounds.low.filter(|(least, _)| *least > high) {
                return Err((high_by.unwrap_or(leaf), leaf));
            }
            if let Some((_, Some(leaf))) = bounds.high.filter(|(most, _)| *most < low) {
                return Err((low_by.unwrap_or(leaf), leaf));
            }
        }
        Ok(())
    }

    /// Least and greatest value of a sum by the bounds of its terms, each with a leaf that contributed.
    fn hull(&self, sum: &Sum, terms: &Terms<'_>) -> Option<(Bound, Bound)> {
        let (mut low, mut high): (Bound, Bound) = ((0, None), (0, None));
        for (term, coefficient) in sum {
            let alone = Sum::from([(term.clone(), 1)]);
            let bounds = match self.bounds.get(&alone) {
                Some(bounds) => bounds.clone(),
                None => Bounds::declared(&alone, terms),
            };
            let (mut least, mut most) = (bounds.low?, bounds.high?);
            if *coefficient < 0 {
                (least, most) = (most, least);
            }
            low = (low.0.checked_add(least.0.checked_mul(*coefficient)?)?, low.1.or(least.1));
            high = (high.0.checked_add(most.0.checked_mul(*coefficient)?)?, high.1.or(most.1));
        }
        Some((low, high))
    }
}

/// A value and the leaf that made it a bound.
type Bound = (i128, Option<usize>);

impl Bounds {
    /// What is declared of a sum that is one variable.
    fn declared(sum: &Sum, terms: &Terms<'_>) -> Bounds {
        let mut parts = sum.iter();
        let (Some((term, 1)), None) = (parts.next(), parts.next()) else { return Bounds::default() };
        let range = terms.ranges.iter().find(|(slot, _)| variable(**slot) == *term).map(|(_, range)| *range);
        match range {
            Some((low, high)) if low <= high => {
                Bounds { low: Some((low, None)), high: Some((high, None)), not: Vec::new() }
            }
            Some(_) | None => Bounds::default(),
        }
    }

    /// `common · sum` compares so with `level`.
    fn assume(&mut self, comparison: Comparison, level: i128, common: i128, leaf: usize) -> Result<(), Contradiction> {
        let floor = level.div_euclid(common);
        let even = level.rem_euclid(common) == 0;
        let ceiling = if even { floor } else { floor + 1 };
        match comparison {
            Comparison::Less => self.at_most(ceiling - 1, leaf),
            Comparison::AtMost => self.at_most(floor, leaf),
            Comparison::Greater => self.at_least(floor + 1, leaf),
            Comparison::AtLeast => self.at_least(ceiling, leaf),
            Comparison::Equal if !even => return Err((leaf, leaf)),
            Comparison::Equal => {
                self.at_least(floor, leaf);
                self.at_most(floor, leaf);
            }
            Comparison::NotEqual if even => self.not.push((floor, leaf)),
            Comparison::NotEqual => {}
        }
        self.left()
    }

    fn at_most(&mut self, value: i128, leaf: usize) {
        if self.high.is_none_or(|(high, _)| value < high) {
            self.high = Some((value, Some(leaf)));
        }
    }

    fn at_least(&mut self, value: i128, leaf: usize) {
        if self.low.is_none_or(|(low, _)| value > low) {
            self.low = Some((value, Some(leaf)));
        }
    }

    /// Whether a value is left.
    fn left(&mut self) -> Result<(), Contradiction> {
        // Each excluded value can move one end once.
        for _ in 0..=self.not.len() {
            let excluded = |end: Option<Bound>| {
                self.not.iter().find(|(value, _)| end.is_some_and(|(end, _)| end == *value)).copied()
            };
            let (low, high) = (excluded(self.low), excluded(self.high));
            if let Some((value, leaf)) = low {
                self.low = Some((value + 1, Some(leaf)));
            }
            if let Some((value, leaf)) = high {
                self.high = Some((value - 1, Some(leaf)));
            }
        }
        match (self.low, self.high) {
            (Some((low, low_by)), Some((high, high_by))) if low > high => {
                let (first, second) = (low_by.or(high_by).unwrap_or(0), high_by.or(low_by).unwrap_or(0));
                Err((first.min(second), first.max(second)))
            }
            _ => Ok(()),
        }
    }
}
