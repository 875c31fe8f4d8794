//! From a checked condition to a form: each slot becomes a variable, a constant, or the formula behind it.

use std::cmp::Ordering;

use doudi_model::Verdict;

use super::form::{Form, Number, Txt, Var};
use crate::condition::Leaf;
use crate::feature::{Formula, FormulaBody};
use crate::ir::{Comparison, Logic, Num, Operand, Slot, Test, Txt as TextIr};
use crate::{Condition, Scalar};

/// What stands in a slot.
#[derive(Debug, Clone)]
pub(crate) enum Stands<'b> {
    /// A variable of the question.
    Var(Var),
    /// A value.
    Value(Scalar),
    /// Nothing is known.
    Nothing,
    /// Whatever a formula over other slots says.
    Formula(&'b Formula),
}

/// Tells what stands in each slot.
pub(crate) trait Binding {
    /// What stands in a slot.
    fn stands(&self, slot: Slot) -> Stands<'_>;
}

/// A condition as a form.
pub(crate) fn condition(condition: &Condition, binding: &dyn Binding) -> Form {
    Lower { leaves: condition.leaves(), binding }.logic(condition.logic())
}

struct Lower<'b> {
    leaves: &'b [Leaf],
    binding: &'b dyn Binding,
}

impl Lower<'_> {
    fn logic(&self, logic: &Logic) -> Form {
        let each = |parts: &[Logic]| parts.iter().map(|part| self.logic(part)).collect::<Vec<_>>();
        match logic {
            Logic::Literal(value) => Form::Settled((*value).into()),
            Logic::Leaf(leaf) => match self.leaves.get(usize::from(*leaf)) {
                Some(leaf) => self.test(&leaf.test),
                None => Form::Settled(Verdict::Unknown),
            },
            Logic::Not(part) => Form::not(self.logic(part)),
            Logic::And(parts) => Form::and(each(parts)),
            Logic::Or(parts) => Form::or(each(parts)),
            Logic::Same(left, right) => Form::same(self.logic(left), self.logic(right)),
            Logic::Choose(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                Form::choose(self.logic(condition), self.logic(then), self.logic(otherwise))
            }
            Logic::OrElse(part, otherwise) => Form::or_else(self.logic(part), self.logic(otherwise)),
            Logic::AtLeast(count, parts) => Form::AtLeast(usize::try_from(*count).unwrap_or(usize::MAX), each(parts)),
        }
    }

    fn test(&self, test: &Test) -> Form {
        match test {
            Test::Flag(slot) => self.flag(*slot),
            Test::Compare(comparison, left, right) => Form::compare(*comparison, self.number(left), self.number(right)),
            Test::CompareText(comparison, left, right) => {
                Form::compare_text(*comparison, self.text(left), self.text(right))
            }
            Test::Between(parts) => {
                let [item, low, high] = parts.as_ref();
                let item = self.number(item);
                Form::and(vec![
                    Form::compare(Comparison::AtLeast, item.clone(), self.number(low)),
                    Form::compare(Comparison::AtMost, item, self.number(high)),
                ])
            }
            Test::Member(item, list) => {
                let item = self.number(item);
                let equal = |part| Form::compare(Comparison::Equal, item.clone(), self.number(part));
                Form::or(list.iter().map(equal).collect())
            }
            Test::MemberText(item, list) => {
                let item = self.text(item);
                let equal = |part| Form::compare_text(Comparison::Equal, item.clone(), self.text(part));
                Form::or(list.iter().map(equal).collect())
            }
            Test::StartsWith(text, prefix) => Form::starts_with(self.text(text), self.text(prefix)),
            Test::Known(Operand::Logic(logic)) => match self.logic(logic) {
                Form::Settled(verdict) => Form::Settled(verdict.is_known().into()),
                other => Form::IsKnown(Box::new(other)),
            },
            Test::Known(Operand::Number(number)) => match self.number(number) {
                Number::Unknown => Form::Settled(Verdict::False),
                Number::Const(_) => Form::Settled(Verdict::True),
                other => Form::NumberKnown(other),
            },
            Test::Known(Operand::Text(text)) => match self.text(text) {
                Txt::Unknown => Form::Settled(Verdict::False),
                Txt::Const(_) => Form::Settled(Verdict::True),
                other => Form::TextKnown(other),
            },
        }
    }

    fn flag(&self, slot: Slot) -> Form {
        match self.binding.stands(slot) {
            Stands::Var(var) => Form::Flag(var),
            Stands::Value(Scalar::Bool(value)) => Form::Settled(value.into()),
            Stands::Value(_) | Stands::Nothing => Form::Settled(Verdict::Unknown),
            Stands::Formula(formula) => match formula.body() {
                FormulaBody::Condition(condition) => self.within(condition.leaves()).logic(condition.logic()),
                FormulaBody::Expression(expression) => match expression.operand() {
                    Operand::Logic(logic) => self.within(expression.leaves()).logic(logic),
                    Operand::Number(_) | Operand::Text(_) => Form::Settled(Verdict::Unknown),
                },
            },
        }
    }

    fn within<'l>(&'l self, leaves: &'l [Leaf]) -> Lower<'l> {
        Lower { leaves, binding: self.binding }
    }

    fn slot(&self, slot: Slot) -> Number {
        match self.binding.stands(slot) {
            Stands::Var(var) => Number::Var(var),
            Stands::Value(Scalar::Number(value)) => Number::Const(value),
            Stands::Value(Scalar::Day(day)) => Number::Const(i128::from(day.epoch_days())),
            Stands::Value(Scalar::Bool(_) | Scalar::Text(_)) | Stands::Nothing => Number::Unknown,
            Stands::Formula(formula) => match formula.body() {
                FormulaBody::Expression(expression) => match expression.operand() {
                    Operand::Number(number) => self.within(expression.leaves()).number(number),
                    Operand::Logic(_) | Operand::Text(_) => Number::Unknown,
                },
                FormulaBody::Condition(_) => Number::Unknown,
            },
        }
    }

    fn number(&self, number: &Num) -> Number {
        let each = |parts: &[Num]| parts.iter().map(|part| self.number(part)).collect::<Vec<_>>();
        match number {
            Num::Const(value) => Number::Const(*value),
            Num::Unknown => Number::Unknown,
            Num::Slot(slot) | Num::Day(slot) => self.slot(*slot),
            Num::Negate(part) => Number::times(self.number(part), -1),
            Num::Add(left, right) => Number::add(self.number(left), self.number(right)),
            Num::Subtract(left, right) => Number::add(self.number(left), Number::times(self.number(right), -1)),
            Num::Multiply(left, right) => Number::multiply(self.number(left), self.number(right)),
            Num::Times(part, factor) => Number::times(self.number(part), *factor),
            Num::Divide(rounding, dividend, divisor) => {
                Number::divide(*rounding, self.number(dividend), self.number(divisor))
            }
            Num::Least(parts) => Number::pick(each(parts), Ordering::Less),
            Num::Greatest(parts) => Number::pick(each(parts), Ordering::Greater),
            Num::Choose(condition, then, otherwise) => {
                Number::choose(self.logic(condition), self.number(then), self.number(otherwise))
            }
            Num::OrElse(part, otherwise) => Number::or_else(self.number(part), self.number(otherwise)),
            Num::Age(birth, day) => Number::age(self.number(birth), self.number(day)),
        }
    }

    fn text(&self, text: &TextIr) -> Txt {
        match text {
            TextIr::Const(value) => Txt::Const(value.clone()),
            TextIr::Slot(slot) => match self.binding.stands(*slot) {
                Stands::Var(var) => Txt::Var(var),
                Stands::Value(Scalar::Text(text)) => Txt::Const(text),
                Stands::Value(_) | Stands::Nothing => Txt::Unknown,
                Stands::Formula(formula) => match formula.body() {
                    FormulaBody::Expression(expression) => match expression.operand() {
                        Operand::Text(text) => self.within(expression.leaves()).text(text),
                        Operand::Logic(_) | Operand::Number(_) => Txt::Unknown,
                    },
                    FormulaBody::Condition(_) => Txt::Unknown,
                },
            },
            TextIr::Choose(condition, then, otherwise) => {
                Txt::choose(self.logic(condition), self.text(then), self.text(otherwise))
            }
            TextIr::OrElse(part, otherwise) => Txt::or_else(self.text(part), self.text(otherwise)),
        }
    }
}
