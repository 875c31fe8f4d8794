//! Connectives, choices and defaults.

use super::{Checker, Number, Policy, Shape, Text, Typed};
use crate::fault::FaultKind;
use crate::ir::{Logic, Num, Operand, Test, Txt};
use crate::syntax::Span;
use crate::syntax::ast::{Kind, Node};

impl Checker<'_> {
    /// The part as a condition, or a fault.
    pub(super) fn logic(&mut self, node: &Node) -> Option<Logic> {
        match self.check(node)? {
            Typed::Logic(logic) => Some(logic),
            other @ (Typed::Number(_) | Typed::Text(_)) => self.mismatch(node, Shape::Bool, other.shape()),
        }
    }

    /// In a bundle a bare `true` or `false` settles what it is joined to.
    pub(super) fn refuse_literal(&mut self, node: &Node, logic: &Logic) {
        if let Logic::Literal(always) = logic {
            self.settled(node.span, Some(*always));
        }
    }

    pub(super) fn not(&mut self, part: &Node) -> Option<Logic> {
        let logic = self.logic(part)?;
        self.refuse_literal(part, &logic);
        Some(Logic::Not(Box::new(logic)))
    }

    pub(super) fn chain(&mut self, parts: &[Node], join: fn(Vec<Logic>) -> Logic) -> Option<Logic> {
        let checked: Vec<Option<Logic>> = parts
            .iter()
            .map(|part| {
                let logic = self.logic(part)?;
                self.refuse_literal(part, &logic);
                self.refuse_constant(part.span, &logic);
                Some(logic)
            })
            .collect();
        checked.into_iter().collect::<Option<Vec<Logic>>>().map(join)
    }

    pub(super) fn choose(&mut self, node: &Node, parts: &[Node; 3]) -> Option<Typed> {
        let [condition, then, otherwise] = parts;
        let condition = self.chooses(condition);
        let (then, otherwise) = (self.check(then), self.check(otherwise));
        let (condition, then, otherwise) = (condition?, then?, otherwise?);
        match self.alike(node.span, then, otherwise)? {
            Pair::Logic(then, otherwise) => Some(Typed::Logic(Logic::Choose(Box::new([condition, then, otherwise])))),
            Pair::Number(then, otherwise) => Some(Typed::Number(joined(then, otherwise, |then, otherwise| {
                Num::Choose(Box::new(condition), then, otherwise)
            }))),
            Pair::Text(then, otherwise) => {
                let codes = if then.codes == otherwise.codes { then.codes } else { None };
                let ir = Txt::Choose(Box::new(condition), Box::new(then.ir), Box::new(otherwise.ir));
                Some(Typed::Text(Text { ir, codes }))
            }
        }
    }

    /// What a choice hangs on.
    fn chooses(&mut self, node: &Node) -> Option<Logic> {
        let logic = self.logic(node)?;
        self.refuse_literal(node, &logic);
        self.refuse_constant(node.span, &logic);
        Some(logic)
    }

    /// `x.or(default)`.
    pub(super) fn or_else(&mut self, node: &Node, target: &Node, default: &Node) -> Option<Typed> {
        let (value, otherwise) = (self.check(target), self.check(default));
        let (value, otherwise) = (value?, otherwise?);
        match self.alike(node.span, value, otherwise)? {
            Pair::Logic(value, otherwise) => Some(Typed::Logic(Logic::OrElse(Box::new(value), Box::new(otherwise)))),
            Pair::Number(value, otherwise) => Some(Typed::Number(joined(value, otherwise, Num::OrElse))),
            Pair::Text(value, otherwise) => {
                let codes = value.codes.clone().or_else(|| otherwise.codes.clone());
                Some(Typed::Text(Text { ir: Txt::OrElse(Box::new(value.ir), Box::new(otherwise.ir)), codes }))
            }
        }
    }

    /// Two values of one type, numbers of one unit and scale, texts of one category.
    pub(super) fn alike(&mut self, span: Span, left: Typed, right: Typed) -> Option<Pair> {
        match (left, right) {
            (Typed::Logic(left), Typed::Logic(right)) => Some(Pair::Logic(left, right)),
            (Typed::Number(left), Typed::Number(right)) => {
                let [left, right] = self.aligned(span, [left, right])?;
                Some(Pair::Number(left, right))
            }
            (Typed::Text(left), Typed::Text(right)) => {
                self.same_category(span, &left, &right)?;
                Some(Pair::Text(left, right))
            }
            (left, right) => self.mix(span, left.shape(), right.shape()),
        }
    }

    /// `known(x)`: never unknown itself.
    pub(super) fn known(&mut self, node: &Node, argument: &Node) -> Option<Logic> {
        let typed = self.within(|checker| checker.check(argument))?;
        let operand = match typed {
            Typed::Logic(logic) => Operand::Logic(logic),
            Typed::Number(number) => Operand::Number(number.ir),
            Typed::Text(text) => Operand::Text(text.ir),
        };
        let constant = matches!(
            operand,
            Operand::Logic(Logic::Literal(_)) | Operand::Number(Num::Const(_)) | Operand::Text(Txt::Const(_))
        );
        self.settled(node.span, constant.then_some(true));
        self.leaf(node.span, Test::Known(operand), None, &[argument])
    }

    /// `at_least(n, [a, b, c])`.
    pub(super) fn at_least(&mut self, node: &Node, count: &Node, list: &Node) -> Option<Logic> {
        const FORM: &str = "at_least(2, [a, b, c])";
        let Kind::List(parts) = &list.kind else {
            return self.fault(list.span, FaultKind::NotALiteral { form: FORM });
        };
        let checked: Vec<Option<Logic>> = parts.iter().map(|part| self.chooses(part)).collect();
        let Kind::Number(number) = &count.kind else {
            return self.fault(count.span, FaultKind::NotALiteral { form: FORM });
        };
        let wanted = u32::try_from(number.digits).ok().filter(|_| number.scale == 0);
        let sensible = wanted.is_some_and(|n| n >= 1 && usize::try_from(n).is_ok_and(|n| n <= parts.len()));
        match wanted {
            Some(wanted) if sensible || self.policy == Policy::AdHoc => {
                checked.into_iter().collect::<Option<Vec<Logic>>>().map(|parts| Logic::AtLeast(wanted, parts))
            }
            Some(_) | None => self.fault(node.span, FaultKind::Count { of: parts.len() }),
        }
    }
}

/// Two checked values of one type.
pub(super) enum Pair {
    Logic(Logic, Logic),
    Number(Number, Number),
    Text(Text, Text),
}

/// A number that is one of two aligned ones.
fn joined(left: Number, right: Number, make: impl FnOnce(Box<Num>, Box<Num>) -> Num) -> Number {
    Number {
        low: left.low.min(right.low),
        high: left.high.max(right.high),
        literal: false,
        unit: left.unit,
        scale: left.scale,
        ir: make(Box::new(left.ir), Box::new(right.ir)),
    }
}
