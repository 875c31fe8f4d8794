//! A number taken apart: alternatives, each a sum under conditions; and what would leave it unknown.

use std::sync::Arc;

use super::form::{Form, Number, Txt, Var};
use super::state::State;
use super::sum::{Sum, Term};
use super::{Variable, Wanted};
use crate::ir::{Comparison, Rounding};

/// So many alternatives of one number at most.
const ALTERNATIVES: usize = 400;
/// A factor or divisor of no more values than these is tried value by value.
const VALUES: i128 = 64;
/// Of more values the first so many are tried.
const SAMPLE: i128 = 8;

/// Something that has to hold.
#[derive(Debug, Clone)]
pub(super) enum Goal<'f> {
    /// A form has one of these verdicts.
    Form(&'f Form, Wanted),
    /// At least so many forms have one of these verdicts.
    Some(usize, &'f [Form], Wanted),
    /// A sum compares so with 0.
    Holds(Comparison, Sum),
    /// A variable is known.
    Known(Var),
    /// A variable is missing.
    Missing(Var),
    /// A number is unknown.
    NumberUnknown(&'f Number),
    /// A text is unknown.
    TextUnknown(&'f Txt),
    /// A text compares so with a text.
    Text(Comparison, Atom, Atom, bool),
    /// A text begins so, or not.
    Begins(Atom, Atom, bool),
}

/// A text as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Atom {
    /// A constant.
    Const(Arc<str>),
    /// A variable.
    Var(Var),
}

/// Goals that hold together.
pub(super) type Branch<'f> = Vec<Goal<'f>>;

/// A number under conditions.
#[derive(Debug, Clone)]
pub(super) struct Alternative<'f> {
    pub(super) goals: Branch<'f>,
    pub(super) sum: Sum,
}

/// Too many alternatives, or a number too long.
#[derive(Debug, Clone, Copy)]
pub(super) struct TooWide;

/// Takes numbers apart, with what is known of the variables' ranges.
pub(super) struct Resolver<'s> {
    pub(super) state: &'s mut State,
    pub(super) variables: &'s [Variable],
}

type Resolved<'f> = Result<Vec<Alternative<'f>>, TooWide>;

impl Resolver<'_> {
    /// The alternatives in which a number is known.
    pub(super) fn number<'f>(&mut self, number: &'f Number) -> Resolved<'f> {
        let plain = |goals, sum| Ok(vec![Alternative { goals, sum }]);
        match number {
            Number::Const(value) => plain(vec![], Sum::constant(*value)),
            Number::Unknown => Ok(vec![]),
            Number::Var(var) => plain(vec![Goal::Known(*var)], Sum::term(Term::Var(*var))),
            Number::Add(parts) => {
                self.both(parts, |_, left, right| Ok(vec![(vec![], left.plus(right).ok_or(TooWide)?)]))
            }
            Number::Times(part, factor) => {
                let mut all = self.number(part)?;
                for one in &mut all {
                    one.sum = one.sum.times(*factor).ok_or(TooWide)?;
                }
                Ok(all)
            }
            Number::Multiply(parts) => self.both(parts, Self::product),
            Number::Divide(rounding, parts) => {
                self.both(parts, |own, dividend, divisor| own.quotient(*rounding, dividend, divisor))
            }
            Number::Least(parts) => self.picked(parts, Comparison::AtMost),
            Number::Greatest(parts) => self.picked(parts, Comparison::AtLeast),
            Number::Choose(condition, parts) => {
                let [then, otherwise] = parts.as_ref();
                let mut all = self.under(vec![Goal::Form(condition, Wanted::TRUE)], then)?;
                all.extend(self.under(vec![Goal::Form(condition, Wanted::FALSE)], otherwise)?);
                limited(all)
            }
            Number::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                let mut all = self.number(part)?;
                all.extend(self.under(vec![Goal::NumberUnknown(part)], otherwise)?);
                limited(all)
            }
            Number::Age(parts) => self.both(parts, |_, birth, day| {
                let born = birth.minus(day).ok_or(TooWide)?;
                let years = Sum::term(Term::Years(Box::new(birth.clone()), Box::new(day.clone())));
                Ok(vec![(vec![Goal::Holds(Comparison::AtMost, born)], years)])
            }),
        }
    }

    fn under<'f>(&mut self, goals: Branch<'f>, number: &'f Number) -> Resolved<'f> {
        let mut all = self.number(number)?;
        for one in &mut all {
            one.goals.extend(goals.iter().cloned());
        }
        Ok(all)
    }

    fn both<'f>(
        &mut self,
        parts: &'f [Number; 2],
        mut join: impl FnMut(&mut Self, &Sum, &Sum) -> Result<Vec<(Branch<'f>, Sum)>, TooWide>,
    ) -> Resolved<'f> {
        let [left, right] = parts;
        let (left, right) = (self.number(left)?, self.number(right)?);
        let mut all = Vec::new();
        for one in &left {
            for other in &right {
                for (goals, sum) in join(self, &one.sum, &other.sum)? {
                    let goals = [one.goals.as_slice(), other.goals.as_slice(), goals.as_slice()].concat();
                    all.push(Alternative { goals, sum });
                }
            }
        }
        limited(all)
    }

    /// Values of a sum to be tried one by one, and whether they are all.
    fn few(&mut self, sum: &Sum) -> Option<(std::ops::RangeInclusive<i128>, bool)> {
        let (low, high) = self.state.system.hull(sum, self.variables)?;
        let all = high.checked_sub(low)? < VALUES;
        Some(if all { (low..=high, true) } else { (low..=low.checked_add(SAMPLE)?, false) })
    }

    /// One sum by each of its values; where they are too many, by the first, and by whatever `rest` makes of the others.
    fn each<'f>(
        &mut self,
        sum: &Sum,
        with: impl Fn(i128) -> Result<Option<Sum>, TooWide>,
        rest: Sum,
    ) -> Result<Vec<(Branch<'f>, Sum)>, TooWide> {
        let Some((values, all)) = self.few(sum) else { return Ok(vec![(vec![], rest)]) };
        let is = |value: i128| sum.minus(&Sum::constant(value)).ok_or(TooWide);
        let last = *values.end();
        let mut found = Vec::new();
        for value in values {
            if let Some(with) = with(value)? {
                found.push((vec![Goal::Holds(Comparison::Equal, is(value)?)], with));
            }
        }
        if !all {
            found.push((vec![Goal::Holds(Comparison::Greater, is(last)?)], rest));
        }
        Ok(found)
    }

    fn product<'f>(&mut self, left: &Sum, right: &Sum) -> Result<Vec<(Branch<'f>, Sum)>, TooWide> {
        for (one, other) in [(left, right), (right, left)] {
            if let Some(factor) = one.settled() {
                return Ok(vec![(vec![], other.times(factor).ok_or(TooWide)?)]);
            }
        }
        let rest = Sum::term(Term::Product(Box::new(left.clone()), Box::new(right.clone())));
        let width = |own: &mut Self, sum| {
            let (low, high) = own.state.system.hull(sum, own.variables).unwrap_or((i128::MIN, i128::MAX));
            high.checked_sub(low)
        };
        let swap = match (width(self, left), width(self, right)) {
            (Some(left), Some(right)) => right < left,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        let (few, other) = if swap { (right, left) } else { (left, right) };
        self.each(few, |value| other.times(value).map(Some).ok_or(TooWide), rest)
    }

    fn quotient<'f>(
        &mut self,
        rounding: Rounding,
        dividend: &Sum,
        divisor: &Sum,
    ) -> Result<Vec<(Branch<'f>, Sum)>, TooWide> {
        if let Some(divisor) = divisor.settled() {
            return Ok(by(rounding, dividend, divisor)?.into_iter().map(|sum| (vec![], sum)).collect());
        }
        let never_below = self.state.system.hull(divisor, self.variables).is_some_and(|(low, _)| low >= 0);
        let some = if never_below { Comparison::Greater } else { Comparison::NotEqual };
        let ratio = Sum::term(Term::Ratio(rounding, Box::new(dividend.clone()), Box::new(divisor.clone())));
        Ok(vec![(vec![Goal::Holds(some, divisor.clone())], ratio)])
    }

    /// A sum that compares with 0, with quotients that stand beside other terms taken by the values of their divisors.
    pub(super) fn beside<'f>(&mut self, sum: &Sum) -> Result<Vec<(Branch<'f>, Sum)>, TooWide> {
        let mut done = Vec::new();
        let mut waiting: Vec<(Branch<'f>, Sum)> = vec![(vec![], sum.clone())];
        while let Some((goals, sum)) = waiting.pop() {
            let variables = self.variables;
            let alone = sum.terms.len() == 1;
            let ratio = sum.terms.iter().find_map(|(term, factor)| match term {
                Term::Ratio(rounding, dividend, divisor)
                    if !alone || !self.state.system.says_ratio(*rounding, dividend, divisor, variables) =>
                {
                    Some((*rounding, dividend.clone(), divisor.clone(), term.clone(), *factor))
                }
                _ => None,
            });
            let Some((rounding, dividend, divisor, term, factor)) = ratio else {
                done.push((goals, sum));
                continue;
            };
            let Some((_, true)) = self.few(&divisor) else {
                done.push((goals, sum));
                continue;
            };
            let without = Sum::term(term).times(factor).and_then(|own| sum.minus(&own)).ok_or(TooWide)?;
            let with = |value| {
                let Some(quotient) = by(rounding, &dividend, value)? else { return Ok(None) };
                quotient.times(factor).and_then(|own| without.plus(&own)).map(Some).ok_or(TooWide)
            };
            for (more, sum) in self.each(&divisor, with, sum.clone())? {
                waiting.push(([goals.as_slice(), more.as_slice()].concat(), sum));
            }
            if waiting.len() + done.len() > ALTERNATIVES {
                return Err(TooWide);
            }
        }
        Ok(done)
    }

    /// The least or greatest of some: each in turn, where it is so.
    fn picked<'f>(&mut self, parts: &'f [Number], comparison: Comparison) -> Resolved<'f> {
        let mut rows: Vec<(Branch<'f>, Vec<Sum>)> = vec![(vec![], vec![])];
        for part in parts {
            let alternatives = self.number(part)?;
            let mut longer = Vec::new();
            for (goals, sums) in &rows {
                for one in &alternatives {
                    let mut sums = sums.clone();
                    sums.push(one.sum.clone());
                    longer.push(([goals.as_slice(), one.goals.as_slice()].concat(), sums));
                }
            }
            rows = longer;
            if rows.len() > ALTERNATIVES {
                return Err(TooWide);
            }
        }
        let mut all = Vec::new();
        for (goals, sums) in rows {
            for (at, sum) in sums.iter().enumerate() {
                let mut goals = goals.clone();
                for (_, other) in sums.iter().enumerate().filter(|(other, _)| *other != at) {
                    goals.push(Goal::Holds(comparison, sum.minus(other).ok_or(TooWide)?));
                }
                all.push(Alternative { goals, sum: sum.clone() });
            }
        }
        limited(all)
    }

    /// What would leave a number unknown: one of these.
    pub(super) fn unknown<'f>(&mut self, number: &'f Number) -> Result<Vec<Branch<'f>>, TooWide> {
        let either = |parts: &'f [Number]| parts.iter().map(|part| vec![Goal::NumberUnknown(part)]).collect::<Vec<_>>();
        Ok(match number {
            Number::Const(_) => vec![],
            Number::Unknown => vec![vec![]],
            Number::Var(var) => vec![vec![Goal::Missing(*var)]],
            Number::Times(part, _) => return self.unknown(part),
            Number::Add(parts) | Number::Multiply(parts) => either(parts.as_slice()),
            Number::Least(parts) | Number::Greatest(parts) => either(parts),
            Number::Divide(_, parts) => {
                let [_, divisor] = parts.as_ref();
                let mut all = either(parts.as_slice());
                for mut one in self.number(divisor)? {
                    one.goals.push(Goal::Holds(Comparison::Equal, one.sum));
                    all.push(one.goals);
                }
                all
            }
            Number::Choose(condition, parts) => {
                let [then, otherwise] = parts.as_ref();
                vec![
                    vec![Goal::Form(condition, Wanted::UNKNOWN)],
                    vec![Goal::Form(condition, Wanted::TRUE), Goal::NumberUnknown(then)],
                    vec![Goal::Form(condition, Wanted::FALSE), Goal::NumberUnknown(otherwise)],
                ]
            }
            Number::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                vec![vec![Goal::NumberUnknown(part), Goal::NumberUnknown(otherwise)]]
            }
            Number::Age(parts) => {
                let [birth, day] = parts.as_ref();
                let mut all = either(parts.as_slice());
                let (births, days) = (self.number(birth)?, self.number(day)?);
                for born in &births {
                    for day in &days {
                        let apart = born.sum.minus(&day.sum).ok_or(TooWide)?;
                        let mut goals = [born.goals.as_slice(), day.goals.as_slice()].concat();
                        goals.push(Goal::Holds(Comparison::Greater, apart));
                        all.push(goals);
                    }
                }
                all
            }
        })
    }
}

/// A rounded quotient by a constant; `None` by zero.
fn by(rounding: Rounding, dividend: &Sum, divisor: i128) -> Result<Option<Sum>, TooWide> {
    if divisor == 0 {
        return Ok(None);
    }
    let turned = if divisor < 0 { dividend.times(-1) } else { Some(dividend.clone()) };
    let (turned, divisor) = (turned.ok_or(TooWide)?, divisor.checked_abs().ok_or(TooWide)?);
    Ok(Some(match turned.settled() {
        Some(value) => Sum::constant(crate::scalar::divide(rounding, value, divisor).ok_or(TooWide)?),
        None if divisor == 1 => turned,
        None => Sum::term(Term::Quotient(rounding, Box::new(turned), divisor)),
    }))
}

fn limited<'f>(all: Vec<Alternative<'f>>) -> Resolved<'f> {
    if all.len() > ALTERNATIVES { Err(TooWide) } else { Ok(all) }
}

/// The alternatives in which a text is known.
pub(super) fn text(text: &Txt) -> Vec<(Branch<'_>, Atom)> {
    match text {
        Txt::Const(value) => vec![(vec![], Atom::Const(value.clone()))],
        Txt::Unknown => vec![],
        Txt::Var(var) => vec![(vec![Goal::Known(*var)], Atom::Var(*var))],
        Txt::Choose(condition, parts) => {
            let [then, otherwise] = parts.as_ref();
            let mut all = texts_under(&[Goal::Form(condition, Wanted::TRUE)], then);
            all.extend(texts_under(&[Goal::Form(condition, Wanted::FALSE)], otherwise));
            all
        }
        Txt::OrElse(parts) => {
            let [part, otherwise] = parts.as_ref();
            let mut all = self::text(part);
            all.extend(texts_under(&[Goal::TextUnknown(part)], otherwise));
            all
        }
    }
}

fn texts_under<'f>(goals: &[Goal<'f>], text: &'f Txt) -> Vec<(Branch<'f>, Atom)> {
    self::text(text).into_iter().map(|(own, atom)| ([own.as_slice(), goals].concat(), atom)).collect()
}

/// What would leave a text unknown: one of these.
pub(super) fn text_unknown(text: &Txt) -> Vec<Branch<'_>> {
    match text {
        Txt::Const(_) => vec![],
        Txt::Unknown => vec![vec![]],
        Txt::Var(var) => vec![vec![Goal::Missing(*var)]],
        Txt::Choose(condition, parts) => {
            let [then, otherwise] = parts.as_ref();
            vec![
                vec![Goal::Form(condition, Wanted::UNKNOWN)],
                vec![Goal::Form(condition, Wanted::TRUE), Goal::TextUnknown(then)],
                vec![Goal::Form(condition, Wanted::FALSE), Goal::TextUnknown(otherwise)],
            ]
        }
        Txt::OrElse(parts) => {
            let [part, otherwise] = parts.as_ref();
            vec![vec![Goal::TextUnknown(part), Goal::TextUnknown(otherwise)]]
        }
    }
}
