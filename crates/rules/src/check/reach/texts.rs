//! What is left to a text: one of some codes, not these, beginning so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Contradiction;
use crate::ir::{Comparison, Slot, Test, Txt};

/// What is assumed of each text variable.
#[derive(Clone, Default)]
pub(super) struct Texts<'c> {
    by_slot: BTreeMap<Slot, Left<'c>>,
}

#[derive(Clone, Default)]
struct Left<'c> {
    one_of: Option<BTreeSet<&'c str>>,
    not: BTreeSet<&'c str>,
    begins: Vec<&'c str>,
    not_begins: Vec<&'c str>,
    /// The leaf that last narrowed it.
    by: Option<usize>,
}

impl<'c> Texts<'c> {
    /// Adds what a leaf says of one variable and constants; an error if nothing is left.
    pub(super) fn assume(
        &mut self,
        test: &'c Test,
        answer: bool,
        leaf: usize,
        codes: &'c BTreeMap<Slot, Arc<[String]>>,
    ) -> Result<(), Contradiction> {
        let (slot, some, equal) = match test {
            Test::CompareText(comparison @ (Comparison::Equal | Comparison::NotEqual), left, right) => {
                let equal = (*comparison == Comparison::Equal) == answer;
                match (left, right) {
                    (Txt::Slot(slot), Txt::Const(text)) | (Txt::Const(text), Txt::Slot(slot)) => {
                        (*slot, vec![text.as_ref()], equal)
                    }
                    _ => return Ok(()),
                }
            }
            Test::MemberText(Txt::Slot(slot), list) => {
                let some: Vec<&str> = list.iter().filter_map(constant).collect();
                if some.len() < list.len() {
                    return Ok(());
                }
                (*slot, some, answer)
            }
            Test::StartsWith(Txt::Slot(slot), Txt::Const(prefix)) => {
                let left = self.by_slot.entry(*slot).or_insert_with(|| Left::declared(codes.get(slot)));
                if answer { &mut left.begins } else { &mut left.not_begins }.push(prefix);
                return left.check(leaf);
            }
            _ => return Ok(()),
        };
        let left = self.by_slot.entry(slot).or_insert_with(|| Left::declared(codes.get(&slot)));
        if !equal {
            left.not.extend(some);
        } else {
            let some: BTreeSet<&str> = some.into_iter().collect();
            left.one_of = Some(match &left.one_of {
                Some(before) => before.intersection(&some).copied().collect(),
                None => some,
            });
        }
        left.check(leaf)
    }
}

fn constant(text: &Txt) -> Option<&str> {
    match text {
        Txt::Const(text) => Some(text),
        Txt::Slot(_) | Txt::Choose(..) | Txt::OrElse(..) => None,
    }
}

impl<'c> Left<'c> {
    fn declared(codes: Option<&'c Arc<[String]>>) -> Left<'c> {
        Left { one_of: codes.map(|codes| codes.iter().map(String::as_str).collect()), ..Left::default() }
    }

    fn allows(&self, text: &str) -> bool {
        !self.not.contains(text)
            && self.begins.iter().all(|prefix| text.starts_with(prefix))
            && !self.not_begins.iter().any(|prefix| text.starts_with(prefix))
    }

    fn check(&mut self, leaf: usize) -> Result<(), Contradiction> {
        let other = self.by.replace(leaf).unwrap_or(leaf);
        let left = match &self.one_of {
            Some(some) => some.iter().any(|text| self.allows(text)),
            None => {
                let longest = self.begins.iter().max_by_key(|prefix| prefix.len()).copied().unwrap_or("");
                self.begins.iter().all(|prefix| longest.starts_with(prefix))
                    && !self.not_begins.iter().any(|prefix| longest.starts_with(prefix))
            }
        };
        if left { Ok(()) } else { Err((other.min(leaf), other.max(leaf))) }
    }
}
