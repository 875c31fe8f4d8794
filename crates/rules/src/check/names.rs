//! Names: the variable behind one, and the nearest to one that is not declared.

use std::sync::Arc;

use doudi_model::Day;

use super::{Checker, Number, Text, Type, Typed, Variable};
use crate::fault::FaultKind;
use crate::ir::{Num, Slot, Test, Txt, Unit};
use crate::syntax::Construct;
use crate::syntax::ast::Node;

impl Checker<'_> {
    pub(super) fn name(&mut self, node: &Node, name: &str) -> Option<Typed> {
        let Some((slot, variable)) = self.env.variable(name) else {
            let nearest = self.env.nearest(name);
            if nearest.is_none() && matches!(name, "now" | "today") {
                return self.unsupported(node.span, Construct::Clock);
            }
            return self.fault(node.span, FaultKind::UnknownName { nearest });
        };
        match variable.ty {
            Type::Bool => self.leaf(node.span, Test::Flag(slot), None, &[]).map(Typed::Logic),
            Type::Number { unit: Unit::Date, .. } | Type::Date => Some(self.ranged(slot, date(slot, variable))),
            Type::Number { unit, scale } => Some(self.ranged(slot, number(slot, variable, unit, scale))),
            Type::Text => {
                let codes: Option<Arc<[String]>> = variable.categories.as_deref().map(Into::into);
                self.declared.codes.extend(codes.clone().map(|codes| (slot, codes)));
                Some(Typed::Text(Text { ir: Txt::Slot(slot), codes }))
            }
        }
    }

    /// Keeps the range of a variable in mind.
    fn ranged(&mut self, slot: Slot, number: Number) -> Typed {
        self.declared.ranges.insert(slot, (number.low, number.high));
        Typed::Number(number)
    }
}

fn number(slot: Slot, variable: &Variable, unit: Unit, scale: u8) -> Number {
    let (low, high) = variable.range.unwrap_or((i128::from(i64::MIN), i128::from(i64::MAX)));
    Number { ir: Num::Slot(slot), unit, scale, low, high, literal: false }
}

fn date(slot: Slot, variable: &Variable) -> Number {
    let days = |day: Day| i128::from(day.epoch_days());
    let (low, high) = variable.range.unwrap_or((days(Day::MIN), days(Day::MAX)));
    Number { ir: Num::Day(slot), unit: Unit::Date, scale: 0, low, high, literal: false }
}

/// The candidate nearest to `name` by edits, if it is near enough to be a slip.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let allowed = ((name.chars().count() + 1) / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(name.chars().count()) <= allowed)
        .map(|candidate| (edits(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions and replacements between two words.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, l) in left.chars().enumerate() {
        let mut diagonal = at;
        let mut before = at + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(before);
        for (r, above) in right.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(l != *r);
            before = replaced.min(before + 1).min(above + 1);
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_none() {
        let names = ["medical_self_paid_12m", "medical_total_12m", "income_12m"];
        assert_eq!(nearest("medical_self_payed_12m", names), Some("medical_self_paid_12m"));
        assert_eq!(nearest("incom_12m", names), Some("income_12m"));
        assert_eq!(nearest("age", names), None);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
