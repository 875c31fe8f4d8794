//! Sums over whole numbers that have to hold together.

use std::collections::BTreeMap;

use super::sum::{Sum, Term};
use super::{Domain, Variable};
use crate::ir::{Comparison, Rounding};

/// So often the bounds of terms are tightened by the rows before they are left as they are.
const ROUNDS: usize = 6;

/// Nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contradiction;

/// Terms by number times coefficients, plus a constant: at most 0, or not 0, by where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, i128)>,
    pub(super) constant: i128,
}

/// Everything assumed of numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct System {
    numbers: BTreeMap<Term, usize>,
    /// Least and greatest value of each term.
    pub(super) bounds: Vec<(i128, i128)>,
    /// Of which number a value should be a multiple, for the reader's sake.
    pub(super) round: Vec<i128>,
    /// Sums that are at most 0.
    pub(super) rows: Vec<Row>,
    /// Sums that are not 0.
    pub(super) apart: Vec<Row>,
    /// Whether something was left out: what then has values may have none in truth.
    pub(super) loosened: bool,
}

impl System {
    /// The number of a variable's term, if something has been assumed of it.
    pub(super) fn number(&self, term: &Term) -> Option<usize> {
        self.numbers.get(term).copied()
    }

    /// Assumes that a sum compares so with 0.
    pub(super) fn assume(
        &mut self,
        comparison: Comparison,
        sum: &Sum,
        variables: &[Variable],
    ) -> Result<(), Contradiction> {
        if let Some(said) = self.ratio(comparison, sum, variables) {
            return said?.iter().try_for_each(|(comparison, sum)| self.assume(*comparison, sum, variables));
        }
        let Some(row) = self.row(sum, variables)? else {
            self.loosened = true;
            return Ok(());
        };
        let at_most = |system: &mut System, row: Option<Row>| match row {
            Some(row) => system.at_most(row),
            None => {
                system.loosened = true;
                Ok(())
            }
        };
        match comparison {
            Comparison::AtMost => at_most(self, Some(row)),
            Comparison::Less => at_most(self, row.plus(1)),
            Comparison::AtLeast => at_most(self, row.negated()),
            Comparison::Greater => at_most(self, row.negated().and_then(|row| row.plus(1))),
            Comparison::Equal => {
                at_most(self, row.negated())?;
                at_most(self, Some(row))
            }
            Comparison::NotEqual if row.terms.is_empty() => {
                if row.constant == 0 {
                    Err(Contradiction)
                } else {
                    Ok(())
                }
            }
            Comparison::NotEqual => {
                self.apart.push(row);
                Ok(())
            }
        }
    }

    /// A rounded quotient of two sums that stands alone beside a constant, said exactly without it: `n / d ≥ t` is
    /// `n ≥ t·d` where `d` is above zero.
    fn ratio(
        &mut self,
        comparison: Comparison,
        sum: &Sum,
        variables: &[Variable],
    ) -> Option<Result<Vec<(Comparison, Sum)>, Contradiction>> {
        let mut terms = sum.terms.iter();
        let (Some((Term::Ratio(rounding, dividend, divisor), factor)), None) = (terms.next(), terms.next()) else {
            return None;
        };
        if !self.says_ratio(*rounding, dividend, divisor, variables) {
            return None;
        }
        let (comparison, factor, constant) = if *factor < 0 {
            (comparison.mirrored(), factor.checked_neg()?, sum.constant)
        } else {
            (comparison, *factor, sum.constant.checked_neg()?)
        };
        // quotient compares so with constant / factor.
        let (floor, up) = (constant.div_euclid(factor), ceiling(constant, factor));
        let at_least = |line: i128| reaches(*rounding, dividend, divisor, line).map(|sum| (Comparison::AtLeast, sum));
        let below = |line: i128| reaches(*rounding, dividend, divisor, line).map(|sum| (Comparison::Less, sum));
        Some(Ok(match comparison {
            Comparison::AtLeast => vec![at_least(up)?],
            Comparison::Greater => vec![at_least(floor.checked_add(1)?)?],
            Comparison::Less => vec![below(up)?],
            Comparison::AtMost => vec![below(floor.checked_add(1)?)?],
            Comparison::Equal if floor != up => return Some(Err(Contradiction)),
            Comparison::Equal => vec![at_least(floor)?, below(floor.checked_add(1)?)?],
            Comparison::NotEqual if floor != up => vec![],
            Comparison::NotEqual => return None,
        }))
    }

    /// Whether a quotient that stands alone beside a constant can be said exactly. Whoever speaks of a quotient also says
    /// that its divisor is not zero.
    pub(super) fn says_ratio(
        &mut self,
        rounding: Rounding,
        dividend: &Sum,
        divisor: &Sum,
        variables: &[Variable],
    ) -> bool {
        let mut never_below = |sum| self.hull(sum, variables).is_some_and(|(low, _)| low >= 0);
        let exact = match rounding {
            Rounding::Floor | Rounding::Ceil => true,
            Rounding::HalfUp | Rounding::Down => never_below(dividend),
        };
        exact && never_below(divisor)
    }

    /// Least and greatest value of a sum by the bounds of its terms; `None` if it does not fit.
    pub(super) fn hull(&mut self, sum: &Sum, variables: &[Variable]) -> Option<(i128, i128)> {
        let row = self.row(sum, variables).ok()??;
        row.hull(&self.bounds)
    }

    fn row(&mut self, sum: &Sum, variables: &[Variable]) -> Result<Option<Row>, Contradiction> {
        let mut terms = Vec::with_capacity(sum.terms.len());
        for (term, coefficient) in &sum.terms {
            match self.enter(term, variables)? {
                Some(number) => terms.push((number, *coefficient)),
                None => return Ok(None),
            }
        }
        terms.sort_unstable();
        Ok(Some(Row { terms, constant: sum.constant }))
    }

    fn enter(&mut self, term: &Term, variables: &[Variable]) -> Result<Option<usize>, Contradiction> {
        if let Some(number) = self.numbers.get(term) {
            return Ok(Some(*number));
        }
        let Some((bounds, round)) = self.declared(term, variables) else { return Ok(None) };
        let number = self.bounds.len();
        self.bounds.push(bounds);
        self.round.push(round);
        self.numbers.insert(term.clone(), number);
        self.define(term, variables)?;
        Ok(Some(number))
    }

    fn declared(&mut self, term: &Term, variables: &[Variable]) -> Option<((i128, i128), i128)> {
        Some(match term {
            Term::Var(var) => match variables.get(*var).map(|variable| &variable.domain)? {
                Domain::Number { low, high, round } => ((*low, *high), *round),
                Domain::Day { low, high } => ((*low, *high), 1),
                Domain::Flag | Domain::Code(_) | Domain::Text => return None,
            },
            Term::Quotient(_, sum, divisor) => {
                let (low, high) = self.hull(sum, variables)?;
                ((low.div_euclid(*divisor).checked_sub(1)?, high.div_euclid(*divisor).checked_add(1)?), 1)
            }
            Term::Product(left, right) => {
                let (one, other) = (self.hull(left, variables)?, self.hull(right, variables)?);
                let mut corners = Vec::with_capacity(4);
                for left in [one.0, one.1] {
                    for right in [other.0, other.1] {
                        corners.push(left.checked_mul(right)?);
                    }
                }
                ((corners.iter().min().copied()?, corners.iter().max().copied()?), 1)
            }
            Term::Ratio(_, dividend, _) => {
                let (low, high) = self.hull(dividend, variables)?;
                let most = low.checked_abs()?.max(high.checked_abs()?);
                ((-most, most), 1)
            }
            Term::Years(..) => ((0, 401), 1),
        })
    }

    /// Adds what a computed term is, as far as sums can say it.
    fn define(&mut self, term: &Term, variables: &[Variable]) -> Result<(), Contradiction> {
        match term {
            Term::Var(_) => Ok(()),
            Term::Quotient(rounding, sum, divisor) => {
                let hull = self.hull(sum, variables);
                let (between, exact) = rounded(*rounding, *divisor, hull);
                self.loosened |= !exact;
                let quotient = Sum::term(term.clone());
                for (comparison, factor, times_quotient, constant) in between {
                    // factor · sum − times · quotient compares so with constant.
                    let said = sum
                        .times(factor)
                        .and_then(|sum| sum.minus(&quotient.times(times_quotient)?))
                        .and_then(|sum| sum.minus(&Sum::constant(constant)));
                    match said {
                        Some(said) => self.assume(comparison, &said, variables)?,
                        None => self.loosened = true,
                    }
                }
                Ok(())
            }
            Term::Product(..) | Term::Ratio(..) => {
                self.loosened = true;
                Ok(())
            }
            Term::Years(birth, day) => {
                self.loosened = true;
                let years = Sum::term(term.clone());
                let apart = day.minus(birth);
                let least = apart.as_ref().and_then(|apart| apart.minus(&years.times(365)?));
                let most = apart.and_then(|apart| apart.minus(&years.times(366)?)?.minus(&Sum::constant(366)));
                if let (Some(least), Some(most)) = (least, most) {
                    self.assume(Comparison::AtLeast, &least, variables)?;
                    self.assume(Comparison::AtMost, &most, variables)?;
                }
                Ok(())
            }
        }
    }

    fn at_most(&mut self, row: Row) -> Result<(), Contradiction> {
        let row = row.reduced();
        match row.terms.as_slice() {
            [] if row.constant > 0 => return Err(Contradiction),
            [] => return Ok(()),
            [(term, coefficient)] => {
                let bounds = self.bounds.get_mut(*term).ok_or(Contradiction)?;
                tighten(bounds, *coefficient, row.constant)?;
            }
            _ => {
                if self.rows.contains(&row) {
                    return Ok(());
                }
                self.rows.push(row);
            }
        }
        self.propagate()
    }

    /// Tightens the bounds of terms by the rows.
    fn propagate(&mut self) -> Result<(), Contradiction> {
        for _ in 0..ROUNDS {
            let before = self.bounds.clone();
            for row in &self.rows {
                row.tighten(&mut self.bounds)?;
            }
            if before == self.bounds {
                break;
            }
        }
        Ok(())
    }
}

/// The sum that is at least zero where a rounded quotient reaches a line.
fn reaches(rounding: Rounding, dividend: &Sum, divisor: &Sum, line: i128) -> Option<Sum> {
    match rounding {
        Rounding::Floor | Rounding::Down => dividend.minus(&divisor.times(line)?),
        // Above the line before.
        Rounding::Ceil => dividend.minus(&divisor.times(line.checked_sub(1)?)?)?.minus(&Sum::constant(1)),
        Rounding::HalfUp => dividend.times(2)?.minus(&divisor.times(line.checked_mul(2)?.checked_sub(1)?)?),
    }
}

/// What a rounded quotient is, as comparisons of `factor · sum − times · quotient` with a constant, and whether that says
/// it exactly.
fn rounded(
    rounding: Rounding,
    divisor: i128,
    hull: Option<(i128, i128)>,
) -> ([(Comparison, i128, i128, i128); 2], bool) {
    let (least, most) = (Comparison::AtLeast, Comparison::AtMost);
    let positive = hull.is_some_and(|(low, _)| low >= 0);
    let negative = hull.is_some_and(|(_, high)| high <= 0);
    let floor = [(least, 1, divisor, 0), (most, 1, divisor, divisor - 1)];
    let ceil = [(most, 1, divisor, 0), (least, 1, divisor, 1 - divisor)];
    let twice = divisor.saturating_mul(2);
    match rounding {
        Rounding::Floor => (floor, true),
        Rounding::Ceil => (ceil, true),
        Rounding::Down if positive => (floor, true),
        Rounding::Down if negative => (ceil, true),
        Rounding::Down => ([(least, 1, divisor, 1 - divisor), (most, 1, divisor, divisor - 1)], false),
        // Halves go away from zero: −d ≤ 2n − 2dq < d above it, −d < 2n − 2dq ≤ d below.
        Rounding::HalfUp if positive => ([(least, 2, twice, -divisor), (most, 2, twice, divisor - 1)], true),
        Rounding::HalfUp if negative => ([(least, 2, twice, 1 - divisor), (most, 2, twice, divisor)], true),
        Rounding::HalfUp => ([(least, 2, twice, -divisor), (most, 2, twice, divisor)], false),
    }
}

/// `coefficient · x + constant ≤ 0`.
fn tighten(bounds: &mut (i128, i128), coefficient: i128, constant: i128) -> Result<(), Contradiction> {
    let Some(limit) = constant.checked_neg() else { return Ok(()) };
    if coefficient > 0 {
        bounds.1 = bounds.1.min(limit.div_euclid(coefficient));
    } else if let (Some(coefficient), Some(limit)) = (coefficient.checked_neg(), limit.checked_neg()) {
        // −c·x ≤ l means x ≥ −l / c, rounded up.
        bounds.0 = bounds.0.max(ceiling(limit, coefficient));
    }
    if bounds.0 > bounds.1 { Err(Contradiction) } else { Ok(()) }
}

/// The quotient by a divisor above zero, rounded up.
pub(super) fn ceiling(dividend: i128, divisor: i128) -> i128 {
    let floor = dividend.div_euclid(divisor);
    if dividend.rem_euclid(divisor) == 0 { floor } else { floor.saturating_add(1) }
}

impl Row {
    fn plus(mut self, constant: i128) -> Option<Row> {
        self.constant = self.constant.checked_add(constant)?;
        Some(self)
    }

    pub(super) fn negated(&self) -> Option<Row> {
        let terms = self.terms.iter().map(|(term, coefficient)| Some((*term, coefficient.checked_neg()?)));
        Some(Row { terms: terms.collect::<Option<_>>()?, constant: self.constant.checked_neg()? })
    }

    /// At most −1 instead of at most 0.
    pub(super) fn below(&self) -> Option<Row> {
        self.clone().plus(1)
    }

    /// The same said with the smallest whole coefficients; over whole numbers the constant may be rounded up.
    pub(super) fn reduced(mut self) -> Row {
        let common = self.terms.iter().fold(0, |common, (_, coefficient)| divisor(common, *coefficient));
        if common > 1 {
            self.terms.iter_mut().for_each(|(_, coefficient)| *coefficient /= common);
            self.constant = ceiling(self.constant, common);
        }
        self
    }

    pub(super) fn hull(&self, bounds: &[(i128, i128)]) -> Option<(i128, i128)> {
        let (mut low, mut high) = (self.constant, self.constant);
        for (term, coefficient) in &self.terms {
            let (least, most) = range(*coefficient, *bounds.get(*term)?)?;
            low = low.checked_add(least)?;
            high = high.checked_add(most)?;
        }
        Some((low, high))
    }

    fn tighten(&self, bounds: &mut [(i128, i128)]) -> Result<(), Contradiction> {
        let Some((low, _)) = self.hull(bounds) else { return Ok(()) };
        if low > 0 {
            return Err(Contradiction);
        }
        for (term, coefficient) in &self.terms {
            let Some(own) = bounds.get_mut(*term) else { continue };
            // The others at their least: what this term may add is at most −(low − its least).
            let rest = range(*coefficient, *own).and_then(|(least, _)| low.checked_sub(least));
            if let Some(rest) = rest {
                tighten(own, *coefficient, rest)?;
            }
        }
        Ok(())
    }

    /// Its value.
    pub(super) fn value(&self, values: &[i128]) -> Option<i128> {
        self.terms.iter().try_fold(self.constant, |sum, (term, coefficient)| {
            sum.checked_add(values.get(*term)?.checked_mul(*coefficient)?)
        })
    }
}

fn range(coefficient: i128, (low, high): (i128, i128)) -> Option<(i128, i128)> {
    let (one, other) = (low.checked_mul(coefficient)?, high.checked_mul(coefficient)?);
    Some((one.min(other), one.max(other)))
}

fn divisor(left: i128, right: i128) -> i128 {
    let (mut left, mut right) = (left.saturating_abs(), right.saturating_abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}
