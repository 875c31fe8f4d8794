//! What a part of a condition reads.

use std::collections::BTreeSet;

use super::{Logic, Num, Operand, Slot, Test, Txt};

/// Slots read directly, and leaves asked.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    pub(crate) slots: BTreeSet<Slot>,
    pub(crate) leaves: BTreeSet<u8>,
}

impl Uses {
    pub(crate) fn logic(&mut self, logic: &Logic) {
        match logic {
            Logic::Literal(_) => {}
            Logic::Leaf(leaf) => {
                self.leaves.insert(*leaf);
            }
            Logic::Not(part) => self.logic(part),
            Logic::And(parts) | Logic::Or(parts) | Logic::AtLeast(_, parts) => {
                parts.iter().for_each(|part| self.logic(part));
            }
            Logic::Same(left, right) | Logic::OrElse(left, right) => {
                self.logic(left);
                self.logic(right);
            }
            Logic::Choose(parts) => parts.iter().for_each(|part| self.logic(part)),
        }
    }

    pub(crate) fn test(&mut self, test: &Test) {
        match test {
            Test::Flag(slot) => {
                self.slots.insert(*slot);
            }
            Test::Compare(_, left, right) => {
                self.number(left);
                self.number(right);
            }
            Test::CompareText(_, left, right) | Test::StartsWith(left, right) => {
                self.text(left);
                self.text(right);
            }
            Test::Between(parts) => parts.iter().for_each(|part| self.number(part)),
            Test::Member(item, list) => {
                self.number(item);
                list.iter().for_each(|part| self.number(part));
            }
            Test::MemberText(item, list) => {
                self.text(item);
                list.iter().for_each(|part| self.text(part));
            }
            Test::Known(operand) => self.operand(operand),
        }
    }

    pub(crate) fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Logic(logic) => self.logic(logic),
            Operand::Number(number) => self.number(number),
            Operand::Text(text) => self.text(text),
        }
    }

    pub(crate) fn number(&mut self, number: &Num) {
        match number {
            Num::Const(_) | Num::Unknown => {}
            Num::Slot(slot) | Num::Day(slot) => {
                self.slots.insert(*slot);
            }
            Num::Negate(part) | Num::Times(part, _) => self.number(part),
            Num::Add(left, right)
            | Num::Subtract(left, right)
            | Num::Multiply(left, right)
            | Num::Divide(_, left, right)
            | Num::OrElse(left, right)
            | Num::Age(left, right) => {
                self.number(left);
                self.number(right);
            }
            Num::Least(parts) | Num::Greatest(parts) => parts.iter().for_each(|part| self.number(part)),
            Num::Choose(condition, then, otherwise) => {
                self.logic(condition);
                self.number(then);
                self.number(otherwise);
            }
        }
    }

    pub(crate) fn text(&mut self, text: &Txt) {
        match text {
            Txt::Const(_) => {}
            Txt::Slot(slot) => {
                self.slots.insert(*slot);
            }
            Txt::Choose(condition, then, otherwise) => {
                self.logic(condition);
                self.text(then);
                self.text(otherwise);
            }
            Txt::OrElse(part, otherwise) => {
                self.text(part);
                self.text(otherwise);
            }
        }
    }
}
