//! Which leaves carry an answer, and which way each of them counts.

use std::collections::BTreeSet;

use doudi_model::Verdict;

use super::Case;
use crate::Leaf;
use crate::ir::{Logic, Test};
use crate::scalar::Frame;

/// Which way a leaf counts in its condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It speaks for the rule when it is so.
    For,
    /// It stands under a "not": it speaks for the rule when it is not so.
    Against,
    /// Now this way, now that.
    Either,
}

/// Which way a leaf counts.
pub(super) fn way(logic: &Logic, leaf: usize) -> Way {
    let (mut plain, mut turned) = (false, false);
    look(logic, leaf, Way::For, &mut |way| {
        plain |= way != Way::Against;
        turned |= way != Way::For;
    });
    match (plain, turned) {
        (true, true) => Way::Either,
        (false, true) => Way::Against,
        (_, false) => Way::For,
    }
}

fn look(logic: &Logic, leaf: usize, now: Way, found: &mut dyn FnMut(Way)) {
    let opposite = match now {
        Way::For => Way::Against,
        Way::Against => Way::For,
        Way::Either => Way::Either,
    };
    match logic {
        Logic::Literal(_) => {}
        Logic::Leaf(at) => {
            if usize::from(*at) == leaf {
                found(now);
            }
        }
        Logic::Not(part) => look(part, leaf, opposite, found),
        Logic::And(parts) | Logic::Or(parts) | Logic::AtLeast(_, parts) => {
            parts.iter().for_each(|part| look(part, leaf, now, found));
        }
        Logic::OrElse(first, second) => {
            look(first, leaf, now, found);
            look(second, leaf, now, found);
        }
        Logic::Same(left, right) => {
            look(left, leaf, Way::Either, found);
            look(right, leaf, Way::Either, found);
        }
        Logic::Choose(parts) => {
            let [condition, then, otherwise] = parts.as_ref();
            look(condition, leaf, Way::Either, found);
            look(then, leaf, now, found);
            look(otherwise, leaf, now, found);
        }
    }
}

impl Case<'_> {
    /// The leaves that a sentence names: those that decide alone; where none does, those that decide together.
    pub(super) fn telling(&self) -> Vec<(usize, &Leaf)> {
        let wanted = self.answer.verdict;
        let alone = |at: usize| match self.verdict(at) {
            Verdict::True => self.turned(at, Verdict::False) != wanted,
            Verdict::False => self.turned(at, Verdict::True) != wanted,
            Verdict::Unknown => false,
        };
        let mut telling: BTreeSet<usize> = match wanted {
            Verdict::Unknown => BTreeSet::new(),
            Verdict::True | Verdict::False => self.leaves().map(|(at, _)| at).filter(|at| alone(*at)).collect(),
        };
        if telling.is_empty() {
            self.together(self.rule.when.logic(), &mut telling);
        }
        self.leaves().filter(|(at, leaf)| telling.contains(at) && !self.goes_without_saying(*at, leaf)).collect()
    }

    /// That something else is not so need not be said of a rule that is true.
    fn goes_without_saying(&self, at: usize, leaf: &Leaf) -> bool {
        self.answer.verdict == Verdict::True
            && matches!(leaf.test, Test::Flag(_))
            && self.verdict(at) == Verdict::False
            && self.way(at) != Way::For
    }

    /// Which way a leaf counts.
    pub(super) fn way(&self, at: usize) -> Way {
        way(self.rule.when.logic(), at)
    }

    fn turned(&self, at: usize, to: Verdict) -> Verdict {
        self.rule.when.decide(self.marks().with(at, to))
    }

    /// The leaves below a part that make it what it is.
    fn together(&self, logic: &Logic, found: &mut BTreeSet<usize>) {
        let frame = Frame { row: self.row.cells(), marks: self.marks() };
        let value = frame.logic(logic);
        match logic {
            Logic::Literal(_) => {}
            Logic::Leaf(at) => {
                found.insert(usize::from(*at));
            }
            Logic::Not(part) => self.together(part, found),
            Logic::And(parts) | Logic::Or(parts) => {
                parts.iter().filter(|part| frame.logic(part) == value).for_each(|part| self.together(part, found));
            }
            Logic::AtLeast(_, parts) => parts.iter().for_each(|part| self.together(part, found)),
            Logic::OrElse(first, second) | Logic::Same(first, second) => {
                self.together(first, found);
                self.together(second, found);
            }
            Logic::Choose(parts) => parts.iter().for_each(|part| self.together(part, found)),
        }
    }
}
