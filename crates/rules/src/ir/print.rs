//! One text form per meaning: equal text, equal condition, whatever the slots are numbered.

use std::fmt::Write as _;

use super::{Logic, Num, Operand, Slot, Test, Txt};

/// Writes IR as nested `(op …)`, with the names of its variables.
pub(crate) struct Printer<'n> {
    /// The name of a slot.
    pub(crate) name: &'n dyn Fn(Slot) -> String,
    /// The tests of the leaves.
    pub(crate) tests: Vec<&'n Test>,
    /// What has been written.
    pub(crate) out: String,
}

impl Printer<'_> {
    fn list<T>(&mut self, head: &str, parts: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.out.push('(');
        self.out.push_str(head);
        for part in parts {
            self.out.push(' ');
            each(self, part);
        }
        self.out.push(')');
    }

    pub(crate) fn logic(&mut self, logic: &Logic) {
        match logic {
            Logic::Literal(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Logic::Leaf(leaf) => match self.tests.get(usize::from(*leaf)).copied() {
                Some(test) => self.test(test),
                None => self.out.push('?'),
            },
            Logic::Not(part) => self.list("not", &[part], |p, part| p.logic(part)),
            Logic::And(parts) => self.list("and", parts, Self::logic),
            Logic::Or(parts) => self.list("or", parts, Self::logic),
            Logic::Same(left, right) => self.list("same", &[left, right], |p, part| p.logic(part)),
            Logic::Choose(parts) => self.list("choose", parts.as_slice(), Self::logic),
            Logic::OrElse(part, otherwise) => self.list("or-else", &[part, otherwise], |p, part| p.logic(part)),
            Logic::AtLeast(count, parts) => self.list(&format!("at-least {count}"), parts, Self::logic),
        }
    }

    fn test(&mut self, test: &Test) {
        match test {
            Test::Flag(slot) => self.slot(*slot),
            Test::Compare(comparison, left, right) => {
                self.list(comparison.sign(), &[left, right], |p, part| p.number(part));
            }
            Test::CompareText(comparison, left, right) => {
                self.list(comparison.sign(), &[left, right], |p, part| p.text(part));
            }
            Test::Between(parts) => self.list("between", parts.as_slice(), Self::number),
            Test::Member(item, list) => {
                self.out.push_str("(in ");
                self.number(item);
                self.out.push(' ');
                self.list("list", list, Self::number);
                self.out.push(')');
            }
            Test::MemberText(item, list) => {
                self.out.push_str("(in ");
                self.text(item);
                self.out.push(' ');
                self.list("list", list, Self::text);
                self.out.push(')');
            }
            Test::StartsWith(text, prefix) => self.list("starts-with", &[text, prefix], |p, part| p.text(part)),
            Test::Known(operand) => self.list("known", &[operand], |p, part| p.operand(part)),
        }
    }

    pub(crate) fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Logic(logic) => self.logic(logic),
            Operand::Number(number) => self.number(number),
            Operand::Text(text) => self.text(text),
        }
    }

    fn slot(&mut self, slot: Slot) {
        let name = (self.name)(slot);
        self.out.push_str(&name);
    }

    pub(crate) fn number(&mut self, number: &Num) {
        match number {
            Num::Const(value) => {
                let _ = write!(self.out, "{value}");
            }
            Num::Unknown => self.out.push_str("unknown"),
            Num::Slot(slot) => self.slot(*slot),
            Num::Day(slot) => self.list("day", &[slot], |p, slot| p.slot(**slot)),
            Num::Negate(part) => self.list("-", &[part], |p, part| p.number(part)),
            Num::Add(left, right) => self.list("+", &[left, right], |p, part| p.number(part)),
            Num::Subtract(left, right) => self.list("-", &[left, right], |p, part| p.number(part)),
            Num::Multiply(left, right) => self.list("*", &[left, right], |p, part| p.number(part)),
            Num::Times(part, factor) => self.list(&format!("* {factor}"), &[part], |p, part| p.number(part)),
            Num::Divide(rounding, dividend, divisor) => {
                self.list(&format!("div {rounding:?}"), &[dividend, divisor], |p, part| p.number(part));
            }
            Num::Least(parts) => self.list("min", parts, Self::number),
            Num::Greatest(parts) => self.list("max", parts, Self::number),
            Num::Choose(condition, then, otherwise) => {
                self.out.push_str("(choose ");
                self.logic(condition);
                self.out.push(' ');
                self.list("then", &[then, otherwise], |p, part| p.number(part));
                self.out.push(')');
            }
            Num::OrElse(part, otherwise) => self.list("or-else", &[part, otherwise], |p, part| p.number(part)),
            Num::Age(birth, day) => self.list("age", &[birth, day], |p, part| p.number(part)),
        }
    }

    fn text(&mut self, text: &Txt) {
        match text {
            Txt::Const(value) => {
                let _ = write!(self.out, "{value:?}");
            }
            Txt::Slot(slot) => self.slot(*slot),
            Txt::Choose(condition, then, otherwise) => {
                self.out.push_str("(choose ");
                self.logic(condition);
                self.out.push(' ');
                self.list("then", &[then, otherwise], |p, part| p.text(part));
                self.out.push(')');
            }
            Txt::OrElse(part, otherwise) => self.list("or-else", &[part, otherwise], |p, part| p.text(part)),
        }
    }
}
