//! The verdict of a form on given cells, in the meaning of the scalar back end.

use doudi_model::Verdict;

use super::form::{Form, Number, Txt, Var};
use crate::scalar::{day_of, divide};
use crate::{Cell, Scalar};

/// Cells by variable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'c>(pub(crate) &'c [Cell]);

impl<'c> Cells<'c> {
    fn cell(self, var: Var) -> Option<&'c Scalar> {
        self.0.get(var)?.as_ref()
    }

    /// The verdict of a form.
    pub(crate) fn form(self, form: &Form) -> Verdict {
        match form {
            Form::Settled(verdict) => *verdict,
            Form::Flag(var) => match self.cell(*var) {
                Some(Scalar::Bool(value)) => (*value).into(),
                Some(Scalar::Number(_) | Scalar::Day(_) | Scalar::Text(_)) | None => Verdict::Unknown,
            },
            Form::Not(part) => !self.form(part),
            Form::And(parts) => parts.iter().fold(Verdict::True, |all, part| all.and(self.form(part))),
            Form::Or(parts) => parts.iter().fold(Verdict::False, |any, part| any.or(self.form(part))),
            Form::Same(parts) => {
                let [left, right] = parts.as_ref();
                let (left, right) = (self.form(left), self.form(right));
                if left.is_known() && right.is_known() { (left == right).into() } else { Verdict::Unknown }
            }
            Form::Choose(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                self.chosen(condition, then, otherwise).map_or(Verdict::Unknown, |part| self.form(part))
            }
            Form::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                let verdict = self.form(part);
                if verdict.is_known() { verdict } else { self.form(otherwise) }
            }
            Form::AtLeast(count, parts) => {
                let verdicts = || parts.iter().map(|part| self.form(part));
                let sure = verdicts().filter(|verdict| *verdict == Verdict::True).count();
                let possible = verdicts().filter(|verdict| *verdict != Verdict::False).count();
                match (sure >= *count, possible >= *count) {
                    (true, _) => Verdict::True,
                    (false, true) => Verdict::Unknown,
                    (false, false) => Verdict::False,
                }
            }
            Form::Compare(comparison, left, right) => {
                let order = self.number(left).zip(self.number(right)).map(|(left, right)| left.cmp(&right));
                order.map(|order| comparison.holds(order)).into()
            }
            Form::CompareText(comparison, left, right) => {
                let order = self.text(left).zip(self.text(right)).map(|(left, right)| left.cmp(right));
                order.map(|order| comparison.holds(order)).into()
            }
            Form::StartsWith(text, prefix) => {
                self.text(text).zip(self.text(prefix)).map(|(text, prefix)| text.starts_with(prefix)).into()
            }
            Form::IsKnown(part) => self.form(part).is_known().into(),
            Form::NumberKnown(number) => self.number(number).is_some().into(),
            Form::TextKnown(text) => self.text(text).is_some().into(),
        }
    }

    fn chosen<'f, T>(self, condition: &Form, then: &'f T, otherwise: &'f T) -> Option<&'f T> {
        match self.form(condition) {
            Verdict::True => Some(then),
            Verdict::False => Some(otherwise),
            Verdict::Unknown => None,
        }
    }

    /// A number; `None` if it is unknown.
    pub(crate) fn number(self, number: &Number) -> Option<i128> {
        match number {
            Number::Const(value) => Some(*value),
            Number::Unknown => None,
            Number::Var(var) => match self.cell(*var)? {
                Scalar::Number(value) => Some(*value),
                Scalar::Day(day) => Some(i128::from(day.epoch_days())),
                Scalar::Bool(_) | Scalar::Text(_) => None,
            },
            Number::Add(parts) => self.two(parts, i128::checked_add),
            Number::Times(part, factor) => self.number(part)?.checked_mul(*factor),
            Number::Multiply(parts) => self.two(parts, i128::checked_mul),
            Number::Divide(rounding, parts) => self.two(parts, |left, right| divide(*rounding, left, right)),
            Number::Least(parts) => {
                parts.iter().map(|part| self.number(part)).collect::<Option<Vec<_>>>()?.into_iter().min()
            }
            Number::Greatest(parts) => {
                parts.iter().map(|part| self.number(part)).collect::<Option<Vec<_>>>()?.into_iter().max()
            }
            Number::Choose(condition, parts) => {
                let [then, otherwise] = parts.as_ref();
                self.number(self.chosen(condition, then, otherwise)?)
            }
            Number::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                self.number(part).or_else(|| self.number(otherwise))
            }
            Number::Age(parts) => self.two(parts, |birth, day| day_of(day)?.age_of(day_of(birth)?).map(i128::from)),
        }
    }

    fn two(self, parts: &[Number; 2], join: impl Fn(i128, i128) -> Option<i128>) -> Option<i128> {
        let [left, right] = parts;
        join(self.number(left)?, self.number(right)?)
    }

    fn text<'t>(self, text: &'t Txt) -> Option<&'t str>
    where
        'c: 't,
    {
        match text {
            Txt::Const(value) => Some(value),
            Txt::Unknown => None,
            Txt::Var(var) => match self.cell(*var)? {
                Scalar::Text(value) => Some(value),
                Scalar::Bool(_) | Scalar::Number(_) | Scalar::Day(_) => None,
            },
            Txt::Choose(condition, parts) => {
                let [then, otherwise] = parts.as_ref();
                self.text(self.chosen(condition, then, otherwise)?)
            }
            Txt::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                self.text(part).or_else(|| self.text(otherwise))
            }
        }
    }
}
