//! The search for a row on which forms have the wanted verdicts.

use super::form::{Form, Number, Txt};
use super::possible::Possible;
use super::resolve::{self, Branch, Goal, Resolver, TooWide};
use super::state::{Ending, State};
use super::system::Contradiction;
use super::texts::Texts;
use super::{Domain, Variable, Wanted};
use crate::Cell;
use crate::ir::Comparison;

/// So many paths are followed.
const PATHS: usize = 20_000;
/// So many rows that the scalar back end did not confirm are let pass.
const REFUSED: usize = 12;

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// A cell for each variable; it has been accepted.
    Cells(Vec<Cell>),
    /// Proven: there is no such row.
    Nothing,
    /// It could not be told.
    Open(Why),
}

/// Why it could not be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// Too many cases to tell apart within the limits.
    TooManyCases,
    /// A product or quotient of two figures of wide range, an order between texts, an age between two open dates.
    OutsideTheFragment,
}

/// Looks for values of the variables with which every form has one of the verdicts wanted of it and which `accept`
/// confirms.
pub(crate) fn find(
    variables: &[Variable],
    goals: &[(&Form, Wanted)],
    mut accept: impl FnMut(&[Cell]) -> bool,
) -> Found {
    let mut texts = Texts::default();
    goals.iter().for_each(|(form, _)| texts.form(form));
    for variable in variables {
        if let Domain::Code(codes) = &variable.domain {
            texts.constants.extend(codes.iter().cloned());
        }
    }
    let free = variables.iter().filter(|variable| matches!(variable.domain, Domain::Text)).count();
    let state = State::new(variables, &texts.domain(free));
    let goals = goals.iter().map(|(form, wanted)| Goal::Form(form, *wanted)).collect();
    let mut search =
        Search { variables, paths: PATHS, refused: REFUSED, open: texts.ordered.then_some(Why::OutsideTheFragment) };
    match search.path(goals, Vec::new(), state, &mut accept) {
        Some(cells) => Found::Cells(cells),
        None => search.open.map_or(Found::Nothing, Found::Open),
    }
}

struct Search<'v> {
    variables: &'v [Variable],
    paths: usize,
    refused: usize,
    open: Option<Why>,
}

/// What a goal leads to.
enum Step<'f> {
    /// All of these.
    All(Branch<'f>),
    /// One of these.
    One(Vec<Branch<'f>>),
}

/// Why a path ends.
enum End {
    Contradiction,
    TooWide,
}

impl From<Contradiction> for End {
    fn from(_: Contradiction) -> End {
        End::Contradiction
    }
}

impl From<TooWide> for End {
    fn from(_: TooWide) -> End {
        End::TooWide
    }
}

impl Search<'_> {
    fn path<'f>(
        &mut self,
        goals: Branch<'f>,
        mut waiting: Vec<Vec<Branch<'f>>>,
        mut state: State,
        accept: &mut impl FnMut(&[Cell]) -> bool,
    ) -> Option<Vec<Cell>> {
        if self.paths == 0 {
            self.open = self.open.or(Some(Why::TooManyCases));
            return None;
        }
        self.paths -= 1;
        self.settle(goals, &mut waiting, &mut state)?;
        let Some(at) = (0..waiting.len()).min_by_key(|at| waiting.get(*at).map_or(0, Vec::len)) else {
            return self.ending(&state, accept);
        };
        for branch in waiting.swap_remove(at) {
            if let Some(cells) = self.path(branch, waiting.clone(), state.clone(), accept) {
                return Some(cells);
            }
        }
        None
    }

    fn ending(&mut self, state: &State, accept: &mut impl FnMut(&[Cell]) -> bool) -> Option<Vec<Cell>> {
        match state.ending(self.variables) {
            Ending::Cells(cells) if accept(&cells) => return Some(cells),
            Ending::Cells(_) => {
                self.open = self.open.or(Some(Why::OutsideTheFragment));
                self.refused = self.refused.saturating_sub(1);
                if self.refused == 0 {
                    self.paths = 0;
                }
            }
            Ending::Nothing => {}
            Ending::Open if state.system.loosened => self.open = self.open.or(Some(Why::OutsideTheFragment)),
            Ending::Open => self.open = self.open.or(Some(Why::TooManyCases)),
        }
        None
    }

    /// Assumes everything that has no alternative, and what follows from it; `None` if the path ends here.
    fn settle<'f>(
        &mut self,
        mut goals: Branch<'f>,
        waiting: &mut Vec<Vec<Branch<'f>>>,
        state: &mut State,
    ) -> Option<()> {
        loop {
            self.assume(&mut goals, waiting, state)?;
            let before = waiting.len();
            let mut rest = Vec::with_capacity(before);
            for mut choice in std::mem::take(waiting) {
                let possible = Possible { state, variables: self.variables };
                if choice.iter().any(|branch| branch.iter().all(|goal| possible.is_met(goal))) {
                    continue;
                }
                choice.retain(|branch| self.may_hold(branch, state));
                match choice.len() {
                    0 => return None,
                    1 => goals.extend(choice.pop().unwrap_or_default()),
                    _ => rest.push(choice),
                }
            }
            *waiting = rest;
            if goals.is_empty() {
                return Some(());
            }
        }
    }

    fn assume<'f>(
        &mut self,
        goals: &mut Branch<'f>,
        waiting: &mut Vec<Vec<Branch<'f>>>,
        state: &mut State,
    ) -> Option<()> {
        while let Some(goal) = goals.pop() {
            match self.step(&goal, state) {
                Ok(Step::All(more)) => goals.extend(more),
                Ok(Step::One(mut choice)) => match choice.len() {
                    0 => return None,
                    1 => goals.extend(choice.pop().unwrap_or_default()),
                    _ => waiting.push(choice),
                },
                Err(End::Contradiction) => return None,
                Err(End::TooWide) => {
                    self.open = Some(Why::TooManyCases);
                    return None;
                }
            }
        }
        Some(())
    }

    /// Whether a branch might hold, by what it says without alternatives.
    fn may_hold(&self, branch: &Branch<'_>, state: &State) -> bool {
        let mut state = state.clone();
        let mut goals = branch.clone();
        while let Some(goal) = goals.pop() {
            match self.step(&goal, &mut state) {
                Ok(Step::All(more)) => goals.extend(more),
                Ok(Step::One(choice)) if choice.is_empty() => return false,
                Ok(Step::One(_)) | Err(End::TooWide) => {}
                Err(End::Contradiction) => return false,
            }
        }
        true
    }

    fn step<'f>(&self, goal: &Goal<'f>, state: &mut State) -> Result<Step<'f>, End> {
        let variables = self.variables;
        let nothing = || Ok(Step::All(vec![]));
        match goal {
            Goal::Form(form, wanted) => self.form(form, *wanted, state),
            Goal::Some(count, forms, wanted) => Ok(some(*count, forms, *wanted)),
            Goal::Holds(comparison, sum) => {
                state.compare(*comparison, sum, variables)?;
                nothing()
            }
            Goal::Known(var) => {
                state.know(*var, true)?;
                nothing()
            }
            Goal::Missing(var) => {
                state.know(*var, false)?;
                nothing()
            }
            Goal::NumberUnknown(number) => Ok(Step::One(Resolver { state, variables }.unknown(number)?)),
            Goal::TextUnknown(text) => Ok(Step::One(resolve::text_unknown(text))),
            Goal::Text(comparison, left, right, is) => {
                state.text(*comparison, left, right, *is)?;
                nothing()
            }
            Goal::Begins(left, right, is) => {
                state.begins(left, right, *is)?;
                nothing()
            }
        }
    }

    fn form<'f>(&self, form: &'f Form, wanted: Wanted, state: &mut State) -> Result<Step<'f>, End> {
        let possible = Possible { state, variables: self.variables }.form(form);
        if possible.within(wanted) {
            return Ok(Step::All(vec![]));
        }
        let wanted = possible.and(wanted);
        if wanted == Wanted::NONE {
            return Err(End::Contradiction);
        }
        let (is_true, is_false, is_unknown) = (Wanted::TRUE, Wanted::FALSE, Wanted::UNKNOWN);
        Ok(match form {
            Form::Settled(verdict) if wanted.holds(*verdict) => Step::All(vec![]),
            Form::Settled(_) => return Err(End::Contradiction),
            Form::Not(part) => Step::All(vec![Goal::Form(part, wanted.turned())]),
            Form::And(parts) => joined(parts, wanted, is_true, is_false),
            Form::Or(parts) => joined(parts, wanted, is_false, is_true),
            Form::Same(parts) => {
                let [left, right] = parts.as_ref();
                let both = |one, other| vec![Goal::Form(left, one), Goal::Form(right, other)];
                let mut all = Vec::new();
                if wanted.has(is_true) {
                    all.extend([both(is_true, is_true), both(is_false, is_false)]);
                }
                if wanted.has(is_false) {
                    all.extend([both(is_true, is_false), both(is_false, is_true)]);
                }
                if wanted.has(is_unknown) {
                    all.extend([vec![Goal::Form(left, is_unknown)], vec![Goal::Form(right, is_unknown)]]);
                }
                Step::One(all)
            }
            Form::Choose(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let mut all = vec![
                    vec![Goal::Form(condition, is_true), Goal::Form(then, wanted)],
                    vec![Goal::Form(condition, is_false), Goal::Form(otherwise, wanted)],
                ];
                if wanted.has(is_unknown) {
                    all.push(vec![Goal::Form(condition, is_unknown)]);
                }
                Step::One(all)
            }
            Form::OrElse(parts) => {
                let [part, otherwise] = parts.as_ref();
                Step::One(vec![
                    vec![Goal::Form(part, wanted.and(is_true.or(is_false)))],
                    vec![Goal::Form(part, is_unknown), Goal::Form(otherwise, wanted)],
                ])
            }
            Form::AtLeast(count, parts) => at_least(*count, parts, wanted),
            Form::Flag(var) => {
                let mut all = Vec::new();
                match (wanted.has(is_true), wanted.has(is_false), wanted.has(is_unknown)) {
                    (true, false, false) => state.flag(*var, true)?,
                    (false, true, false) => state.flag(*var, false)?,
                    (false, false, _) => state.know(*var, false)?,
                    (true, true, _) => state.know(*var, true)?,
                    (yes, _, true) => {
                        all.push(vec![Goal::Form(form, if yes { is_true } else { is_false })]);
                        all.push(vec![Goal::Missing(*var)]);
                    }
                }
                if all.is_empty() { Step::All(vec![]) } else { Step::One(all) }
            }
            Form::Compare(comparison, left, right) => {
                Step::One(self.compare(*comparison, left, right, wanted, state)?)
            }
            Form::CompareText(comparison, left, right) => {
                let goal = |left, right, is| Goal::Text(*comparison, left, right, is);
                Step::One(texts(left, right, wanted, goal))
            }
            Form::StartsWith(left, right) => Step::One(texts(left, right, wanted, Goal::Begins)),
            Form::IsKnown(part) => {
                let of = |wanted| vec![Goal::Form(part.as_ref(), wanted)];
                Step::One(known(wanted, of(is_true.or(is_false)), vec![of(is_unknown)]))
            }
            Form::NumberKnown(number) => {
                let mut all = Vec::new();
                let mut resolver = Resolver { state, variables: self.variables };
                if wanted.has(is_true) {
                    all.extend(resolver.number(number)?.into_iter().map(|one| one.goals));
                }
                if wanted.has(is_false) {
                    all.extend(resolver.unknown(number)?);
                }
                Step::One(all)
            }
            Form::TextKnown(text) => {
                let mut all = Vec::new();
                if wanted.has(is_true) {
                    all.extend(resolve::text(text).into_iter().map(|(goals, _)| goals));
                }
                if wanted.has(is_false) {
                    all.extend(resolve::text_unknown(text));
                }
                Step::One(all)
            }
        })
    }

    fn compare<'f>(
        &self,
        comparison: Comparison,
        left: &'f Number,
        right: &'f Number,
        wanted: Wanted,
        state: &mut State,
    ) -> Result<Vec<Branch<'f>>, End> {
        let mut all = Vec::new();
        let ways = [(Wanted::TRUE, comparison), (Wanted::FALSE, comparison.opposite())];
        if wanted.has(Wanted::TRUE.or(Wanted::FALSE)) {
            let mut resolver = Resolver { state, variables: self.variables };
            let (lefts, rights) = (resolver.number(left)?, resolver.number(right)?);
            for one in &lefts {
                for other in &rights {
                    let apart = one.sum.minus(&other.sum).ok_or(TooWide)?;
                    let cases = Resolver { state, variables: self.variables }.beside(&apart)?;
                    for (more, apart) in &cases {
                        for (_, comparison) in ways.iter().filter(|(way, _)| wanted.has(*way)) {
                            let mut goals = [one.goals.as_slice(), other.goals.as_slice(), more.as_slice()].concat();
                            goals.push(Goal::Holds(*comparison, apart.clone()));
                            all.push(goals);
                        }
                    }
                }
            }
        }
        if wanted.has(Wanted::UNKNOWN) {
            all.push(vec![Goal::NumberUnknown(left)]);
            all.push(vec![Goal::NumberUnknown(right)]);
        }
        Ok(all)
    }
}

fn known<'f>(wanted: Wanted, yes: Branch<'f>, no: Vec<Branch<'f>>) -> Vec<Branch<'f>> {
    let mut all = Vec::new();
    if wanted.has(Wanted::TRUE) {
        all.push(yes);
    }
    if wanted.has(Wanted::FALSE) {
        all.extend(no);
    }
    all
}

/// `and` and `or`: what all of the parts are, and what one of them is.
fn joined<'f>(parts: &'f [Form], wanted: Wanted, neutral: Wanted, strong: Wanted) -> Step<'f> {
    let unknown = Wanted::UNKNOWN;
    let all = |wanted| parts.iter().map(|part| Goal::Form(part, wanted)).collect::<Vec<_>>();
    let one = |wanted| parts.iter().map(|part| vec![Goal::Form(part, wanted)]).collect::<Vec<_>>();
    match (wanted.has(neutral), wanted.has(strong), wanted.has(unknown)) {
        (true, false, false) => Step::All(all(neutral)),
        (true, false, true) => Step::All(all(neutral.or(unknown))),
        (false, true, false) => Step::One(one(strong)),
        (false, true, true) => Step::One(one(strong.or(unknown))),
        (false, false, _) => {
            let mut goals = all(neutral.or(unknown));
            goals.push(Goal::Some(1, parts, unknown));
            Step::All(goals)
        }
        (true, true, _) => {
            let mut branches = one(strong);
            branches.push(all(neutral));
            Step::One(branches)
        }
    }
}

fn at_least(count: usize, parts: &[Form], wanted: Wanted) -> Step<'_> {
    let (is_true, is_false, is_unknown) = (Wanted::TRUE, Wanted::FALSE, Wanted::UNKNOWN);
    // Fewer than `count` may be true once more than the rest are false.
    let others = (parts.len() + 1).saturating_sub(count);
    let mut all = Vec::new();
    if wanted.has(is_true) {
        all.push(vec![Goal::Some(count, parts, is_true)]);
    }
    if wanted.has(is_false) {
        all.push(vec![Goal::Some(others, parts, is_false)]);
    }
    if wanted.has(is_unknown) {
        let possible = Goal::Some(count, parts, is_true.or(is_unknown));
        all.push(vec![possible, Goal::Some(others, parts, is_false.or(is_unknown))]);
    }
    Step::One(all)
}

fn some(count: usize, parts: &[Form], wanted: Wanted) -> Step<'_> {
    match parts.split_first() {
        _ if count == 0 => Step::All(vec![]),
        Some(_) if count > parts.len() => Step::One(vec![]),
        Some(_) if count == parts.len() => Step::All(parts.iter().map(|part| Goal::Form(part, wanted)).collect()),
        Some((first, rest)) => Step::One(vec![
            vec![Goal::Form(first, wanted), Goal::Some(count - 1, rest, wanted)],
            vec![Goal::Some(count, rest, wanted)],
        ]),
        None => Step::One(vec![]),
    }
}

fn texts<'f>(
    left: &'f Txt,
    right: &'f Txt,
    wanted: Wanted,
    goal: impl Fn(resolve::Atom, resolve::Atom, bool) -> Goal<'f>,
) -> Vec<Branch<'f>> {
    let mut all = Vec::new();
    for (one, left) in resolve::text(left) {
        for (other, right) in resolve::text(right) {
            for (way, is) in [(Wanted::TRUE, true), (Wanted::FALSE, false)] {
                if wanted.has(way) {
                    let mut goals = [one.as_slice(), other.as_slice()].concat();
                    goals.push(goal(left.clone(), right.clone(), is));
                    all.push(goals);
                }
            }
        }
    }
    if wanted.has(Wanted::UNKNOWN) {
        all.push(vec![Goal::TextUnknown(left)]);
        all.push(vec![Goal::TextUnknown(right)]);
    }
    all
}
