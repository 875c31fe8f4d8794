//! Whether a condition can be true at all, and whether it can be false.
//!
//! The condition is taken apart into the leaves that would have to be true or false together; each adds a bound to
//! what it compares, and bounds that leave no value cannot be met. Alternatives (`||`, `?:`, `at_least`) are tried one
//! after the other. The answer errs on one side only: what is called impossible is impossible.

mod numbers;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::condition::Leaf;
use crate::ir::{Comparison, Logic, Num, Operand, Slot, Test, Txt};
use numbers::{Numbers, Terms};
use texts::Texts;

/// So many alternatives are tried before a condition is taken to be possible.
const TRIES: usize = 2_000;

/// What is declared of the variables that a condition names.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub(super) ranges: BTreeMap<Slot, (i128, i128)>,
    pub(super) codes: BTreeMap<Slot, Arc<[String]>>,
}

/// Two leaves that exclude each other, where it is only two.
pub(super) type Clash = Option<(usize, usize)>;

/// Why no row can give the condition this answer; `None` if one might.
pub(super) fn impossible(logic: &Logic, answer: bool, leaves: &[Leaf], declared: &Declared) -> Option<Clash> {
    let mut search = Search { leaves, declared, tries: 0, branched: false, clash: None };
    let facts = Facts::default();
    if search.possible(vec![Goal::Logic(logic, answer)], Vec::new(), facts) {
        return None;
    }
    Some(search.clash.filter(|_| !search.branched))
}

/// Something that would have to hold.
#[derive(Clone, Copy)]
enum Goal<'c> {
    /// The logic has this answer.
    Logic(&'c Logic, bool),
    /// At least so many of these have this answer.
    Some(usize, &'c [Logic], bool),
    /// The numbers compare so, by this leaf.
    Compare(Comparison, &'c Num, &'c Num, usize),
}

/// Everything assumed so far.
#[derive(Clone, Default)]
struct Facts<'c> {
    numbers: Numbers,
    texts: Texts<'c>,
    flags: BTreeMap<Slot, (bool, usize)>,
    /// Variables that have to be known, and those that have to be missing, each with the first leaf that says so.
    known: BTreeMap<Slot, usize>,
    missing: BTreeMap<Slot, usize>,
}

/// The two leaves that cannot be met together; the same twice if one alone cannot be.
type Contradiction = (usize, usize);

struct Search<'c> {
    leaves: &'c [Leaf],
    declared: &'c Declared,
    tries: usize,
    branched: bool,
    clash: Clash,
}

impl<'c> Search<'c> {
    /// Whether all goals might be met together with one of each of the alternatives.
    fn possible(&mut self, mut goals: Vec<Goal<'c>>, mut waiting: Vec<Choices<'c>>, mut facts: Facts<'c>) -> bool {
        self.tries += 1;
        if self.tries > TRIES {
            return true;
        }
        while let Some(goal) = goals.pop() {
            match self.step(goal, &mut facts) {
                Ok(Step::All(more)) => goals.extend(more),
                Ok(Step::One(choices)) => waiting.push(choices),
                Err(clash) => return self.contradiction(clash),
            }
        }
        if let Err(clash) = facts.numbers.sums(&self.terms()) {
            return self.contradiction(clash);
        }
        let Some(choices) = waiting.pop() else { return true };
        self.branched = true;
        choices.into_iter().any(|choice| self.possible(choice, waiting.clone(), facts.clone()))
    }

    fn terms(&self) -> Terms<'c> {
        Terms { ranges: &self.declared.ranges, leaves: self.leaves }
    }

    fn contradiction(&mut self, clash: Contradiction) -> bool {
        self.clash = Some(clash);
        false
    }

    fn step(&self, goal: Goal<'c>, facts: &mut Facts<'c>) -> Result<Step<'c>, Contradiction> {
        match goal {
            Goal::Logic(logic, answer) => self.logic(logic, answer, facts),
            Goal::Some(count, parts, answer) => Ok(some(count, parts, answer)),
            Goal::Compare(comparison, left, right, leaf) => {
                facts.numbers.assume(comparison, (left, right), leaf, &self.terms())?;
                Ok(Step::All(vec![]))
            }
        }
    }

    fn logic(&self, logic: &'c Logic, answer: bool, facts: &mut Facts<'c>) -> Result<Step<'c>, Contradiction> {
        let each = |parts: &'c [Logic]| parts.iter().map(|part| Goal::Logic(part, answer)).collect::<Vec<_>>();
        let apart = |parts: &'c [Logic]| each(parts).into_iter().map(|goal| vec![goal]).collect();
        let both = |left: &'c Logic, its: bool, right: &'c Logic, its_own: bool| {
            vec![Goal::Logic(left, its), Goal::Logic(right, its_own)]
        };
        Ok(match (logic, answer) {
            (Logic::Literal(value), _) if *value == answer => Step::All(vec![]),
            (Logic::Literal(_), _) => Step::One(vec![]),
            (Logic::Leaf(leaf), _) => self.leaf(usize::from(*leaf), answer, facts)?,
            (Logic::Not(part), _) => Step::All(vec![Goal::Logic(part, !answer)]),
            (Logic::And(parts), true) | (Logic::Or(parts), false) => Step::All(each(parts)),
            (Logic::And(parts), false) | (Logic::Or(parts), true) => Step::One(apart(parts)),
            (Logic::Same(left, right), _) => {
                Step::One(vec![both(left, true, right, answer), both(left, false, right, !answer)])
            }
            (Logic::Choose(parts), _) => {
                let [condition, then, otherwise] = parts.as_ref();
                Step::One(vec![both(condition, true, then, answer), both(condition, false, otherwise, answer)])
            }
            (Logic::OrElse(part, otherwise), _) => {
                Step::One(vec![vec![Goal::Logic(part, answer)], vec![Goal::Logic(otherwise, answer)]])
            }
            (Logic::AtLeast(count, parts), _) => {
                let count = usize::try_from(*count).unwrap_or(usize::MAX);
                // Fewer than `count` are true once more than the rest are false.
                let wanted = if answer { count } else { (parts.len() + 1).saturating_sub(count) };
                Step::All(vec![Goal::Some(wanted, parts, answer)])
            }
        })
    }

    fn leaf(&self, index: usize, answer: bool, facts: &mut Facts<'c>) -> Result<Step<'c>, Contradiction> {
        let Some(leaf) = self.leaves.get(index) else { return Ok(Step::All(vec![])) };
        facts.needs(&leaf.test, index)?;
        let compare = |comparison, left, right| Goal::Compare(comparison, left, right, index);
        Ok(match &leaf.test {
            Test::Flag(slot) => {
                let (value, other) = *facts.flags.entry(*slot).or_insert((answer, index));
                if value != answer {
                    return Err((other, index));
                }
                Step::All(vec![])
            }
            Test::Compare(comparison, left, right) => {
                let comparison = if answer { *comparison } else { comparison.opposite() };
                Step::All(vec![compare(comparison, left, right)])
            }
            Test::Between(parts) => {
                let [item, low, high] = parts.as_ref();
                if answer {
                    let inside = [compare(Comparison::AtLeast, item, low), compare(Comparison::AtMost, item, high)];
                    Step::All(inside.to_vec())
                } else {
                    let (below, above) = (Comparison::Less, Comparison::Greater);
                    Step::One(vec![vec![compare(below, item, low)], vec![compare(above, item, high)]])
                }
            }
            Test::Member(item, list) if answer => {
                Step::One(list.iter().map(|element| vec![compare(Comparison::Equal, item, element)]).collect())
            }
            Test::Member(item, list) => {
                Step::All(list.iter().map(|element| compare(Comparison::NotEqual, item, element)).collect())
            }
            Test::CompareText(..) | Test::MemberText(..) | Test::StartsWith(..) => {
                facts.texts.assume(&leaf.test, answer, index, &self.declared.codes)?;
                Step::All(vec![])
            }
            Test::Known(operand) => {
                facts.known(operand, answer, index)?;
                Step::All(vec![])
            }
        })
    }
}

/// What a goal leads to.
enum Step<'c> {
    /// All of these.
    All(Vec<Goal<'c>>),
    /// One of these.
    One(Choices<'c>),
}

/// Alternatives, each a list of goals.
type Choices<'c> = Vec<Vec<Goal<'c>>>;

fn some<'c>(count: usize, parts: &'c [Logic], answer: bool) -> Step<'c> {
    match parts.split_first() {
        _ if count == 0 => Step::All(vec![]),
        Some((first, rest)) if count <= parts.len() => Step::One(vec![
            vec![Goal::Logic(first, answer), Goal::Some(count - 1, rest, answer)],
            vec![Goal::Some(count, rest, answer)],
        ]),
        Some(_) | None => Step::One(vec![]),
    }
}

impl Facts<'_> {
    /// A leaf that is true or false knows what it looks at.
    fn needs(&mut self, test: &Test, leaf: usize) -> Result<(), Contradiction> {
        let mut slots = BTreeSet::new();
        match test {
            Test::Flag(slot) => {
                slots.insert(*slot);
            }
            Test::Compare(_, left, right) => {
                strict(left, &mut slots);
                strict(right, &mut slots);
            }
            Test::Between(parts) => {
                let [item, ..] = parts.as_ref();
                strict(item, &mut slots);
            }
            Test::Member(item, _) => strict(item, &mut slots),
            Test::CompareText(_, left, right) | Test::StartsWith(left, right) => {
                slots.extend([left, right].into_iter().filter_map(plain));
            }
            Test::MemberText(item, _) => slots.extend(plain(item)),
            Test::Known(_) => {}
        }
        for slot in slots {
            if let Some(other) = self.missing.get(&slot) {
                return Err((*other, leaf));
            }
            self.known.entry(slot).or_insert(leaf);
        }
        Ok(())
    }

    /// `known(x)` of a variable by itself.
    fn known(&mut self, operand: &Operand, answer: bool, leaf: usize) -> Result<(), Contradiction> {
        let slot = match operand {
            Operand::Number(Num::Slot(slot) | Num::Day(slot)) | Operand::Text(Txt::Slot(slot)) => *slot,
            Operand::Logic(_) | Operand::Number(_) | Operand::Text(_) => return Ok(()),
        };
        let (here, there) = if answer { (&mut self.known, &self.missing) } else { (&mut self.missing, &self.known) };
        if let Some(other) = there.get(&slot) {
            return Err((*other, leaf));
        }
        here.entry(slot).or_insert(leaf);
        Ok(())
    }
}

fn plain(text: &Txt) -> Option<Slot> {
    match text {
        Txt::Slot(slot) => Some(*slot),
        Txt::Const(_) | Txt::Choose(..) | Txt::OrElse(..) => None,
    }
}

/// The variables without which a number is not known.
fn strict(number: &Num, slots: &mut BTreeSet<Slot>) {
    match number {
        Num::Const(_) | Num::Unknown | Num::OrElse(..) | Num::Choose(..) => {}
        Num::Slot(slot) | Num::Day(slot) => {
            slots.insert(*slot);
        }
        Num::Negate(part) | Num::Times(part, _) => strict(part, slots),
        Num::Add(left, right)
        | Num::Subtract(left, right)
        | Num::Multiply(left, right)
        | Num::Divide(_, left, right)
        | Num::Age(left, right) => {
            strict(left, slots);
            strict(right, slots);
        }
        Num::Least(parts) | Num::Greatest(parts) => parts.iter().for_each(|part| strict(part, slots)),
    }
}
