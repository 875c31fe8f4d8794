//! Which texts are enough to tell apart what forms ask of texts.

use std::collections::BTreeSet;
use std::sync::Arc;

use doudi_model::Verdict;

use super::form::{Form, Number, Txt};
use crate::ir::Comparison;

/// Every constant text of some forms, from which follow the texts that can tell them apart.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) constants: BTreeSet<Arc<str>>,
    /// Whether the order of texts is asked about, or the beginning by a text that is not constant.
    pub(super) ordered: bool,
}

impl Texts {
    /// Each constant, and for each of them (and for none) texts that begin with it and are none of the others.
    pub(super) fn domain(&self, free: usize) -> BTreeSet<Arc<str>> {
        let mut domain = self.constants.clone();
        domain.insert("".into());
        let used = |sign: char| self.constants.iter().any(|text| text.contains(sign));
        let own = ('甲'..='龥').find(|sign| !used(*sign)).unwrap_or('甲');
        for start in domain.clone() {
            for number in 1..=free {
                domain.insert(format!("{start}{own}{number}").into());
            }
        }
        domain
    }

    pub(super) fn form(&mut self, form: &Form) {
        match form {
            Form::Settled(Verdict::True | Verdict::False | Verdict::Unknown) | Form::Flag(_) => {}
            Form::Not(part) | Form::IsKnown(part) => self.form(part),
            Form::And(parts) | Form::Or(parts) | Form::AtLeast(_, parts) => {
                parts.iter().for_each(|part| self.form(part));
            }
            Form::Same(parts) | Form::OrElse(parts) => parts.iter().for_each(|part| self.form(part)),
            Form::Choose(parts) => parts.iter().for_each(|part| self.form(part)),
            Form::Compare(_, left, right) => {
                self.number(left);
                self.number(right);
            }
            Form::CompareText(comparison, left, right) => {
                self.ordered |= !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
                self.text(left);
                self.text(right);
            }
            Form::StartsWith(text, prefix) => {
                self.ordered |= !matches!(prefix, Txt::Const(_));
                self.text(text);
                self.text(prefix);
            }
            Form::NumberKnown(number) => self.number(number),
            Form::TextKnown(text) => self.text(text),
        }
    }

    fn number(&mut self, number: &Number) {
        match number {
            Number::Const(_) | Number::Unknown | Number::Var(_) => {}
            Number::Times(part, _) => self.number(part),
            Number::Add(parts)
            | Number::Multiply(parts)
            | Number::Divide(_, parts)
            | Number::OrElse(parts)
            | Number::Age(parts) => parts.iter().for_each(|part| self.number(part)),
            Number::Least(parts) | Number::Greatest(parts) => parts.iter().for_each(|part| self.number(part)),
            Number::Choose(condition, parts) => {
                self.form(condition);
                parts.iter().for_each(|part| self.number(part));
            }
        }
    }

    fn text(&mut self, text: &Txt) {
        match text {
            Txt::Const(value) => {
                self.constants.insert(value.clone());
            }
            Txt::Unknown | Txt::Var(_) => {}
            Txt::Choose(condition, parts) => {
                self.form(condition);
                parts.iter().for_each(|part| self.text(part));
            }
            Txt::OrElse(parts) => parts.iter().for_each(|part| self.text(part)),
        }
    }
}
