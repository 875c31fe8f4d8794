//! Everything assumed so far on one path of the search.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::eliminate::{Decision, decide};
use super::form::Var;
use super::resolve::Atom;
use super::sum::{Sum, Term};
use super::system::{Contradiction, System};
use super::{Domain, Variable};
use crate::ir::Comparison;
use crate::scalar::day_of;
use crate::{Cell, Scalar};

/// What is assumed.
#[derive(Debug, Clone)]
pub(super) struct State {
    known: Vec<Option<bool>>,
    flags: Vec<Option<bool>>,
    texts: Vec<Option<BTreeSet<Arc<str>>>>,
    /// Two text variables that compare so, or of which the first begins with the second.
    pairs: Vec<Pair>,
    pub(super) system: System,
}

#[derive(Debug, Clone)]
struct Pair {
    left: Var,
    right: Var,
    way: Way,
    is: bool,
}

#[derive(Debug, Clone, Copy)]
enum Way {
    Compares(Comparison),
    Begins,
}

/// What a path came to.
pub(super) enum Ending {
    /// A value for each variable.
    Cells(Vec<Cell>),
    /// There is none.
    Nothing,
    /// It could not be told.
    Open,
}

impl State {
    /// Nothing assumed; free texts are one of `texts`.
    pub(super) fn new(variables: &[Variable], texts: &BTreeSet<Arc<str>>) -> State {
        let domain = |variable: &Variable| match &variable.domain {
            Domain::Code(codes) => Some(codes.iter().cloned().collect()),
            Domain::Text => Some(texts.clone()),
            Domain::Flag | Domain::Number { .. } | Domain::Day { .. } => None,
        };
        State {
            known: vec![None; variables.len()],
            flags: vec![None; variables.len()],
            texts: variables.iter().map(domain).collect(),
            pairs: Vec::new(),
            system: System::default(),
        }
    }

    /// Whether a variable is assumed to be known, or to be missing.
    pub(super) fn is_known(&self, var: Var) -> Option<bool> {
        self.known.get(var).copied().flatten()
    }

    /// What a yes-or-no variable is assumed to be.
    pub(super) fn is_flag(&self, var: Var) -> Option<bool> {
        self.flags.get(var).copied().flatten()
    }

    pub(super) fn know(&mut self, var: Var, known: bool) -> Result<(), Contradiction> {
        let place = self.known.get_mut(var).ok_or(Contradiction)?;
        if place.is_some_and(|before| before != known) {
            return Err(Contradiction);
        }
        *place = Some(known);
        Ok(())
    }

    pub(super) fn flag(&mut self, var: Var, value: bool) -> Result<(), Contradiction> {
        self.know(var, true)?;
        let place = self.flags.get_mut(var).ok_or(Contradiction)?;
        if place.is_some_and(|before| before != value) {
            return Err(Contradiction);
        }
        *place = Some(value);
        Ok(())
    }

    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        sum: &Sum,
        variables: &[Variable],
    ) -> Result<(), Contradiction> {
        self.system.assume(comparison, sum, variables)
    }

    /// Two texts compare so, or not.
    pub(super) fn text(
        &mut self,
        comparison: Comparison,
        left: &Atom,
        right: &Atom,
        is: bool,
    ) -> Result<(), Contradiction> {
        let holds = |left: &str, right: &str| comparison.holds(left.cmp(right)) == is;
        self.relate(left, right, Way::Compares(comparison), is, holds)
    }

    /// The first text begins with the second, or not.
    pub(super) fn begins(&mut self, left: &Atom, right: &Atom, is: bool) -> Result<(), Contradiction> {
        self.relate(left, right, Way::Begins, is, |left, right| left.starts_with(right) == is)
    }

    fn relate(
        &mut self,
        left: &Atom,
        right: &Atom,
        way: Way,
        is: bool,
        holds: impl Fn(&str, &str) -> bool,
    ) -> Result<(), Contradiction> {
        match (left, right) {
            (Atom::Const(left), Atom::Const(right)) => {
                if holds(left, right) {
                    Ok(())
                } else {
                    Err(Contradiction)
                }
            }
            (Atom::Var(var), Atom::Const(text)) => self.keep(*var, |own| holds(own, text)),
            (Atom::Const(text), Atom::Var(var)) => self.keep(*var, |own| holds(text, own)),
            (Atom::Var(left), Atom::Var(right)) => {
                self.pairs.push(Pair { left: *left, right: *right, way, is });
                Ok(())
            }
        }
    }

    fn keep(&mut self, var: Var, keep: impl Fn(&str) -> bool) -> Result<(), Contradiction> {
        let domain = self.texts.get_mut(var).and_then(Option::as_mut).ok_or(Contradiction)?;
        domain.retain(|text| keep(text));
        if domain.is_empty() { Err(Contradiction) } else { Ok(()) }
    }

    /// Values for all variables, if everything assumed can hold together.
    pub(super) fn ending(&self, variables: &[Variable]) -> Ending {
        let mut texts: Vec<Option<Arc<str>>> =
            self.texts.iter().map(|domain| domain.as_ref().and_then(|domain| domain.first().cloned())).collect();
        let paired: Vec<Var> =
            self.pairs.iter().flat_map(|pair| [pair.left, pair.right]).collect::<BTreeSet<_>>().into_iter().collect();
        if !self.pair_up(&paired, &mut texts, &mut Vec::new()) {
            return Ending::Nothing;
        }
        let values = match decide(&self.system) {
            Decision::Values(values) => values,
            Decision::Nothing => return Ending::Nothing,
            Decision::Open => return Ending::Open,
        };
        let number = |var: Var, low: i128, high: i128| {
            let own = self.system.number(&Term::Var(var)).and_then(|number| values.get(number).copied());
            own.unwrap_or_else(|| 0_i128.clamp(low, high))
        };
        let cell = |(var, variable): (Var, &Variable)| -> Cell {
            if self.is_known(var) == Some(false) {
                return None;
            }
            match &variable.domain {
                Domain::Flag => Some(Scalar::Bool(self.is_flag(var).unwrap_or(false))),
                Domain::Number { low, high, .. } => Some(Scalar::Number(number(var, *low, *high))),
                Domain::Day { low, high } => day_of(number(var, *low, *high)).map(Scalar::Day),
                Domain::Code(_) | Domain::Text => texts.get(var).cloned().flatten().map(Scalar::Text),
            }
        };
        Ending::Cells(variables.iter().enumerate().map(cell).collect())
    }

    /// Values for text variables that are compared with each other.
    fn pair_up(&self, left: &[Var], texts: &mut Vec<Option<Arc<str>>>, settled: &mut Vec<Var>) -> bool {
        let Some((var, rest)) = left.split_first() else { return true };
        let Some(domain) = self.texts.get(*var).and_then(Option::as_ref) else { return false };
        settled.push(*var);
        for text in domain {
            if let Some(place) = texts.get_mut(*var) {
                *place = Some(text.clone());
            }
            if self.pairs_hold(texts, settled) && self.pair_up(rest, texts, settled) {
                return true;
            }
        }
        settled.pop();
        false
    }

    fn pairs_hold(&self, texts: &[Option<Arc<str>>], settled: &[Var]) -> bool {
        let of = |var: &Var| texts.get(*var).and_then(Option::as_deref).filter(|_| settled.contains(var));
        self.pairs.iter().all(|pair| match (of(&pair.left), of(&pair.right)) {
            (Some(left), Some(right)) => {
                let holds = match pair.way {
                    Way::Compares(comparison) => comparison.holds(left.cmp(right)),
                    Way::Begins => left.starts_with(right),
                };
                holds == pair.is
            }
            _ => true,
        })
    }
}
