//! Which verdicts a form can still have, by the bounds of its variables alone.
//!
//! The answer errs on one side: a verdict left out is impossible, one named may be impossible too.

use super::form::{Form, Number, Txt, Var};
use super::resolve::Goal;
use super::state::State;
use super::sum::Term;
use super::{Domain, Variable, Wanted};
use crate::ir::Comparison;
use crate::scalar::divide;

/// What a number can be.
#[derive(Debug, Clone, Copy)]
struct Range {
    /// Least and greatest value, where it can be known.
    known: Option<(i128, i128)>,
    unknown: bool,
}

const WIDE: (i128, i128) = (i128::MIN, i128::MAX);

/// A state and what is declared.
#[derive(Clone, Copy)]
pub(super) struct Possible<'s> {
    pub(super) state: &'s State,
    pub(super) variables: &'s [Variable],
}

impl Possible<'_> {
    /// Whether a goal is met whatever else is assumed.
    pub(super) fn is_met(self, goal: &Goal<'_>) -> bool {
        match goal {
            Goal::Form(form, wanted) => self.form(form).within(*wanted),
            Goal::Some(count, forms, wanted) => {
                forms.iter().filter(|form| self.form(form).within(*wanted)).count() >= *count
            }
            Goal::Known(var) => self.state.is_known(*var) == Some(true),
            Goal::Missing(var) => self.state.is_known(*var) == Some(false),
            Goal::NumberUnknown(number) => self.number(number).known.is_none(),
            Goal::TextUnknown(text) => !self.text(text).has(Wanted::TRUE),
            Goal::Holds(..) | Goal::Text(..) | Goal::Begins(..) => false,
        }
    }

    /// The verdicts that a form can have.
    pub(super) fn form(self, form: &Form) -> Wanted {
        let (is_true, is_false, is_unknown) = (Wanted::TRUE, Wanted::FALSE, Wanted::UNKNOWN);
        match form {
            Form::Settled(verdict) => Wanted::of(*verdict),
            Form::Flag(var) => {
                let known = match self.state.is_flag(*var) {
                    Some(true) => is_true,
                    Some(false) => is_false,
                    None => is_true.or(is_false),
                };
                self.of_variable(*var, known)
            }
            Form::Not(part) => self.form(part).turned(),
            Form::And(parts) => parts.iter().fold(is_true, |all, part| and(all, self.form(part))),
            Form::Or(parts) => {
                parts.iter().fold(is_false, |any, part| and(any.turned(), self.form(part).turned()).turned())
            }
            Form::Same(parts) => {
                let [left, right] = parts.as_ref();
                let (left, right) = (self.form(left), self.form(right));
                let mut all = left.or(right).and(is_unknown);
                for (one, other, verdict) in [
                    (is_true, is_true, is_true),
                    (is_false, is_false, is_true),
                    (is_true, is_false, is_false),
                    (is_false, is_true, is_false),
                ] {
                    if left.has(one) && right.has(other) {
                        all = all.or(verdict);
                    }
                }
                all
            }
            Form::Choose(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let condition = self.form(condition);
                let mut all = condition.and(is_unknown);
                if condition.has(is_true) {
                    all = all.or(self.form(then));
                }
                if condition.has(is_false) {
                    all = all.or(self.form(otherwise));
                }
                all
            }
            Form::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                let part = self.form(part);
                let known = part.and(is_true.or(is_false));
                if part.has(is_unknown) { known.or(self.form(otherwise)) } else { known }
            }
            Form::AtLeast(count, parts) => {
                let all: Vec<Wanted> = parts.iter().map(|part| self.form(part)).collect();
                let count_of = |test: &dyn Fn(Wanted) -> bool| all.iter().filter(|one| test(**one)).count();
                let mut found = Wanted::NONE;
                if count_of(&|one| one.has(is_true)) >= *count {
                    found = found.or(is_true);
                }
                let others = (parts.len() + 1).saturating_sub(*count);
                if count_of(&|one| one.has(is_false)) >= others {
                    found = found.or(is_false);
                }
                if count_of(&|one| one.has(is_unknown)) > 0 { found.or(is_unknown) } else { found }
            }
            Form::Compare(comparison, left, right) => compared(*comparison, self.number(left), self.number(right)),
            Form::CompareText(_, left, right) | Form::StartsWith(left, right) => {
                let (left, right) = (self.text(left), self.text(right));
                let unknown = if left.has(is_false) || right.has(is_false) { is_unknown } else { Wanted::NONE };
                let known = left.has(is_true) && right.has(is_true);
                if known { is_true.or(is_false).or(unknown) } else { unknown }
            }
            Form::IsKnown(part) => {
                let part = self.form(part);
                known(part.has(is_true.or(is_false)), part.has(is_unknown))
            }
            Form::NumberKnown(number) => {
                let number = self.number(number);
                known(number.known.is_some(), number.unknown)
            }
            Form::TextKnown(text) => self.text(text),
        }
    }

    fn of_variable(self, var: Var, known: Wanted) -> Wanted {
        match self.state.is_known(var) {
            Some(true) => known,
            Some(false) => Wanted::UNKNOWN,
            None => known.or(Wanted::UNKNOWN),
        }
    }

    fn number(self, number: &Number) -> Range {
        match number {
            Number::Const(value) => Range { known: Some((*value, *value)), unknown: false },
            Number::Unknown => Range { known: None, unknown: true },
            Number::Var(var) => {
                let known = self.state.is_known(*var);
                let term = self.state.system.number(&Term::Var(*var));
                let assumed = term.and_then(|term| self.state.system.bounds.get(term).copied());
                let bounds = assumed.unwrap_or_else(|| match self.variables.get(*var).map(|own| &own.domain) {
                    Some(Domain::Number { low, high, .. } | Domain::Day { low, high }) => (*low, *high),
                    Some(Domain::Flag | Domain::Code(_) | Domain::Text) | None => WIDE,
                });
                Range { known: (known != Some(false)).then_some(bounds), unknown: known != Some(true) }
            }
            Number::Add(parts) => {
                self.two(parts, |one, other| Some((one.0.checked_add(other.0)?, one.1.checked_add(other.1)?)))
            }
            Number::Times(part, factor) => {
                let part = self.number(part);
                Range { known: part.known.map(|own| corners(own, (*factor, *factor)).unwrap_or(WIDE)), ..part }
            }
            Number::Multiply(parts) => self.two(parts, corners),
            Number::Divide(rounding, parts) => {
                let [_, divisor] = parts.as_ref();
                let mut range = self.two(parts, |one, other| {
                    let by = if other.0 == other.1 && other.0 > 0 { other.0 } else { return None };
                    Some((divide(*rounding, one.0, by)?, divide(*rounding, one.1, by)?))
                });
                range.unknown |= self.number(divisor).known.is_none_or(|own| own.0 <= 0 && own.1 >= 0);
                range
            }
            Number::Least(parts) => self.many(parts, |one, other| (one.0.min(other.0), one.1.min(other.1))),
            Number::Greatest(parts) => self.many(parts, |one, other| (one.0.max(other.0), one.1.max(other.1))),
            Number::Choose(condition, parts) => {
                let [then, otherwise] = parts.as_ref();
                let condition = self.form(condition);
                let mut range = Range { known: None, unknown: condition.has(Wanted::UNKNOWN) };
                if condition.has(Wanted::TRUE) {
                    range = either(range, self.number(then));
                }
                if condition.has(Wanted::FALSE) {
                    range = either(range, self.number(otherwise));
                }
                range
            }
            Number::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                let part = self.number(part);
                if !part.unknown {
                    return part;
                }
                either(Range { unknown: false, ..part }, self.number(otherwise))
            }
            Number::Age(parts) => {
                let mut range = self.two(parts, |_, _| Some((0, 401)));
                range.unknown = true;
                range
            }
        }
    }

    fn two(self, parts: &[Number; 2], join: impl Fn((i128, i128), (i128, i128)) -> Option<(i128, i128)>) -> Range {
        let [left, right] = parts;
        let (left, right) = (self.number(left), self.number(right));
        let known = left.known.zip(right.known).map(|(left, right)| join(left, right).unwrap_or(WIDE));
        Range { known, unknown: left.unknown || right.unknown }
    }

    fn many(self, parts: &[Number], join: impl Fn((i128, i128), (i128, i128)) -> (i128, i128)) -> Range {
        let mut all = parts.iter().map(|part| self.number(part));
        let Some(first) = all.next() else { return Range { known: None, unknown: true } };
        all.fold(first, |so_far, one| Range {
            known: so_far.known.zip(one.known).map(|(left, right)| join(left, right)),
            unknown: so_far.unknown || one.unknown,
        })
    }

    /// True where it can be known, false where it can be unknown.
    fn text(self, text: &Txt) -> Wanted {
        match text {
            Txt::Const(_) => known(true, false),
            Txt::Unknown => known(false, true),
            Txt::Var(var) => {
                let own = self.state.is_known(*var);
                known(own != Some(false), own != Some(true))
            }
            Txt::Choose(..) => known(true, true),
            Txt::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                let part = self.text(part);
                if part.has(Wanted::FALSE) { part.and(Wanted::TRUE).or(self.text(otherwise)) } else { part }
            }
        }
    }
}

fn known(yes: bool, no: bool) -> Wanted {
    let one = |so, wanted| if so { wanted } else { Wanted::NONE };
    one(yes, Wanted::TRUE).or(one(no, Wanted::FALSE))
}

fn either(one: Range, other: Range) -> Range {
    let known = match (one.known, other.known) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    };
    Range { known, unknown: one.unknown || other.unknown }
}

fn and(left: Wanted, right: Wanted) -> Wanted {
    let mut all = left.or(right).and(Wanted::FALSE);
    let (one, other) = (left.has(Wanted::TRUE), right.has(Wanted::TRUE));
    let (open, opens) = (left.has(Wanted::UNKNOWN), right.has(Wanted::UNKNOWN));
    if one && other {
        all = all.or(Wanted::TRUE);
    }
    if (open && (other || opens)) || (opens && one) {
        all = all.or(Wanted::UNKNOWN);
    }
    all
}

fn compared(comparison: Comparison, left: Range, right: Range) -> Wanted {
    let mut all = if left.unknown || right.unknown { Wanted::UNKNOWN } else { Wanted::NONE };
    let (Some(left), Some(right)) = (left.known, right.known) else { return all };
    let orders = [
        (left.0 < right.1, std::cmp::Ordering::Less),
        (left.0 <= right.1 && right.0 <= left.1, std::cmp::Ordering::Equal),
        (left.1 > right.0, std::cmp::Ordering::Greater),
    ];
    for (_, order) in orders.into_iter().filter(|(can, _)| *can) {
        all = all.or(if comparison.holds(order) { Wanted::TRUE } else { Wanted::FALSE });
    }
    all
}

fn corners(one: (i128, i128), other: (i128, i128)) -> Option<(i128, i128)> {
    let mut all = Vec::with_capacity(4);
    for left in [one.0, one.1] {
        for right in [other.0, other.1] {
            all.push(left.checked_mul(right)?);
        }
    }
    Some((all.iter().min().copied()?, all.iter().max().copied()?))
}
