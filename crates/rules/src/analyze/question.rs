//! Questions about conditions of one bundle or of two: is there a household on which they answer so?

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::Day;

use super::setting::Setting;
use crate::bundle::Bundle;
use crate::exact::form::{Form, Var};
use crate::exact::lower::{Binding, Stands, condition};
use crate::exact::{Domain, Found, Variable, Wanted, Why, find};
use crate::feature::{Feature, FormulaBody, How, Over};
use crate::row::DAY;
use crate::{Cell, Condition, Environment, Scalar, Slot, Type};

/// A bundle in a setting. Several sides of one question look at the same household.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<'b> {
    /// The bundle.
    pub(crate) bundle: &'b Bundle,
    /// The figures in force and the days.
    pub(crate) setting: &'b Setting,
    /// A slot whose value is this side's own, by a number that tells it from the others'.
    pub(crate) own: Option<(Slot, u8)>,
}

/// What is asked of one side: a condition and the verdicts wanted of it.
pub(crate) type Goal<'b> = (usize, &'b Condition, Wanted);

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A row for each side; the scalar back end has confirmed every goal on it.
    Rows(Vec<Vec<Cell>>),
    /// Proven: no household is so.
    Nothing,
    /// It could not be told.
    Open(Why),
}

/// Variables of a question and where they stand.
pub(crate) struct Question<'b> {
    sides: Vec<Side<'b>>,
    /// Whether features computed from others are taken apart.
    through: bool,
    variables: Vec<Variable>,
    numbers: BTreeMap<(String, u8), Var>,
    places: Vec<BTreeMap<Slot, Var>>,
    /// A name that counts differently on two sides.
    clash: bool,
}

/// Asks, first with features computed from others as if they could be anything, then, where that has an answer, with
/// what they are computed from.
pub(crate) fn ask<'b>(sides: &[Side<'b>], goals: &[Goal<'b>], also: &dyn Fn(&Question<'b>) -> Vec<Form>) -> Answer {
    let plain = Question::new(sides, goals, false);
    let answer = plain.answer(goals, also);
    let computed = sides.iter().enumerate().any(|(at, side)| {
        plain.places.get(at).is_some_and(|places| places.keys().any(|slot| side.computed(*slot).is_some()))
    });
    match answer {
        Answer::Nothing => Answer::Nothing,
        answer if !computed => answer,
        Answer::Rows(_) | Answer::Open(_) => Question::new(sides, goals, true).answer(goals, also),
    }
}

impl<'b> Side<'b> {
    /// The feature in a slot, if it is computed from others of the same row.
    fn computed(&self, slot: Slot) -> Option<&'b Feature> {
        if self.own.is_some_and(|(own, _)| own == slot) {
            return None;
        }
        computed(self.bundle, slot)
    }

    fn tag(&self, slot: Slot) -> u8 {
        self.own.filter(|(own, _)| *own == slot).map_or(0, |(_, tag)| tag)
    }
}

/// Whether nobody has set a figure of a standard yet. Its rules sleep until then; what can be said of them is asked for
/// every figure that it might have.
fn unset(bundle: &Bundle, standard: &str) -> bool {
    bundle.standards().get(standard).is_none_or(|own| own.figures().is_empty())
}

/// The feature in a slot, if it is computed from others of the same row.
pub(crate) fn computed(bundle: &Bundle, slot: Slot) -> Option<&Feature> {
    let feature = bundle.features().get(bundle.layout().name(slot))?;
    matches!(feature.how, How::Derived(_)).then_some(feature)
}

/// The features that some slots rest on, also through what they are computed from, each with its slot; the slots
/// themselves among them.
pub(crate) fn beneath(bundle: &Bundle, slots: impl IntoIterator<Item = Slot>) -> BTreeSet<Slot> {
    let mut all = BTreeSet::new();
    let mut waiting: Vec<Slot> = slots.into_iter().collect();
    while let Some(slot) = waiting.pop() {
        if !all.insert(slot) {
            continue;
        }
        if let Some(Feature { how: How::Derived(formula), .. }) = computed(bundle, slot) {
            waiting.extend(formula.reads());
        }
    }
    all
}

impl<'b> Question<'b> {
    fn new(sides: &[Side<'b>], goals: &[Goal<'b>], through: bool) -> Question<'b> {
        let mut question = Question {
            sides: sides.to_vec(),
            through,
            variables: Vec::new(),
            numbers: BTreeMap::new(),
            places: vec![BTreeMap::new(); sides.len()],
            clash: false,
        };
        for (at, side) in sides.iter().enumerate() {
            let conditions = goals.iter().filter(|(of, ..)| *of == at);
            let mut waiting: Vec<Slot> = conditions.flat_map(|(_, condition, _)| condition.slots()).collect();
            waiting.extend(side.own.map(|(slot, _)| slot));
            let mut seen = BTreeSet::new();
            while let Some(slot) = waiting.pop() {
                if !seen.insert(slot) {
                    continue;
                }
                match side.computed(slot).map(|feature| &feature.how) {
                    Some(How::Derived(formula)) if through => waiting.extend(formula.reads()),
                    _ => question.add(at, side, slot),
                }
            }
        }
        question
    }

    fn add(&mut self, at: usize, side: &Side<'b>, slot: Slot) {
        let name = side.bundle.layout().name(slot);
        if let Some(standard) = name.strip_prefix("standard.")
            && !unset(side.bundle, standard)
        {
            return;
        }
        let Some(domain) = domain(side, slot) else { return };
        let key = (name.to_owned(), side.tag(slot));
        let var = match self.numbers.get(&key) {
            Some(var) => {
                if let Some(variable) = self.variables.get_mut(*var) {
                    match narrowed(&variable.domain, &domain) {
                        Some(both) => variable.domain = both,
                        None => self.clash = true,
                    }
                }
                *var
            }
            None => {
                let var = self.variables.len();
                self.variables.push(Variable { domain });
                self.numbers.insert(key, var);
                var
            }
        };
        if let Some(places) = self.places.get_mut(at) {
            places.insert(slot, var);
        }
    }

    /// The variable that stands in a slot of a side.
    pub(crate) fn variable(&self, side: usize, slot: Slot) -> Option<Var> {
        self.places.get(side)?.get(&slot).copied()
    }

    fn answer(&self, goals: &[Goal<'b>], also: &dyn Fn(&Question<'b>) -> Vec<Form>) -> Answer {
        if self.clash {
            return Answer::Open(Why::OutsideTheFragment);
        }
        let mut forms: Vec<(Form, Wanted)> = also(self).into_iter().map(|form| (form, Wanted::TRUE)).collect();
        for (at, asked, wanted) in goals {
            let Some(side) = self.sides.get(*at) else { continue };
            let Some(places) = self.places.get(*at) else { continue };
            forms.push((condition(asked, &Bound { side, places, through: self.through }), *wanted));
        }
        let borrowed: Vec<(&Form, Wanted)> = forms.iter().map(|(form, wanted)| (form, *wanted)).collect();
        let is_so = |cells: &[Cell]| {
            goals.iter().all(|(at, asked, wanted)| {
                let row = self.row(*at, cells);
                wanted.holds(asked.evaluate(&row).verdict)
            })
        };
        match find(&self.variables, &borrowed, is_so) {
            Found::Cells(cells) => Answer::Rows((0..self.sides.len()).map(|at| self.row(at, &cells)).collect()),
            Found::Nothing => Answer::Nothing,
            Found::Open(why) => Answer::Open(why),
        }
    }

    /// The row of a side: the chosen values, the figures in force, and what is computed from them.
    fn row(&self, at: usize, cells: &[Cell]) -> Vec<Cell> {
        let (Some(side), Some(places)) = (self.sides.get(at), self.places.get(at)) else { return Vec::new() };
        let mut row: Vec<Cell> = vec![None; side.bundle.layout().len()];
        let mut set = |slot: Slot, cell: Cell| {
            if let Some(place) = row.get_mut(slot.0) {
                *place = cell;
            }
        };
        set(DAY, Some(Scalar::Day(side.setting.from)));
        for (name, figure) in &side.setting.figures {
            if let Some(slot) = side.bundle.layout().slot(&format!("standard.{name}")) {
                set(slot, figure.map(Scalar::Number));
            }
        }
        for (slot, var) in places {
            set(*slot, cells.get(*var).cloned().flatten());
        }
        if self.through {
            fill(side.bundle, &mut row, &|slot| places.contains_key(&slot));
        }
        row
    }
}

/// Puts into a row what is computed from what it holds, but for slots that are kept.
pub(crate) fn fill(bundle: &Bundle, row: &mut [Cell], kept: &dyn Fn(Slot) -> bool) {
    for feature in bundle.features().iter() {
        let (How::Derived(formula), Some(slot)) = (&feature.how, bundle.layout().slot_of(feature)) else { continue };
        if kept(slot) {
            continue;
        }
        let cell = match formula.body() {
            FormulaBody::Condition(condition) => match condition.evaluate(row).verdict {
                doudi_model::Verdict::Unknown => None,
                settled => Some(Scalar::Bool(settled == doudi_model::Verdict::True)),
            },
            FormulaBody::Expression(expression) => expression.evaluate(row),
        };
        if let Some(place) = row.get_mut(slot.0) {
            *place = cell;
        }
    }
}

struct Bound<'q, 'b> {
    side: &'q Side<'b>,
    places: &'q BTreeMap<Slot, Var>,
    through: bool,
}

impl Binding for Bound<'_, '_> {
    fn stands(&self, slot: Slot) -> Stands<'_> {
        if let Some(var) = self.places.get(&slot) {
            return Stands::Var(*var);
        }
        if let Some(standard) = self.side.bundle.layout().name(slot).strip_prefix("standard.") {
            let figure = self.side.setting.figures.get(standard).copied().flatten();
            return figure.map_or(Stands::Nothing, |figure| Stands::Value(Scalar::Number(figure)));
        }
        match self.side.computed(slot).map(|feature| &feature.how) {
            Some(How::Derived(formula)) if self.through => Stands::Formula(formula),
            _ => Stands::Nothing,
        }
    }
}

/// What a variable can be, by its declaration.
fn domain(side: &Side<'_>, slot: Slot) -> Option<Domain> {
    let days = |day: Day| i128::from(day.epoch_days());
    if slot == DAY {
        return Some(Domain::Day { low: days(side.setting.from), high: days(side.setting.to) });
    }
    let scope = side.bundle.layout().seen_by(Over::Person);
    let (_, variable) = scope.variable(side.bundle.layout().name(slot))?;
    Some(match variable.ty {
        Type::Bool => Domain::Flag,
        Type::Number { unit, .. } => {
            let (low, high) = variable.range.unwrap_or((i128::from(i64::MIN), i128::from(i64::MAX)));
            Domain::Number { low, high, round: if unit == crate::Unit::Money { 100 } else { 1 } }
        }
        Type::Date => {
            let (low, high) = variable.range.unwrap_or((days(Day::MIN), days(Day::MAX)));
            Domain::Day { low, high }
        }
        Type::Text => match &variable.categories {
            Some(codes) => Domain::Code(codes.iter().map(|code| code.as_str().into()).collect()),
            None => Domain::Text,
        },
    })
}

/// What both allow; `None` if they count different things.
fn narrowed(one: &Domain, other: &Domain) -> Option<Domain> {
    Some(match (one, other) {
        (Domain::Flag, Domain::Flag) => Domain::Flag,
        (Domain::Text, Domain::Text) => Domain::Text,
        (Domain::Number { low, high, round }, Domain::Number { low: its, high: own, round: same }) if round == same => {
            Domain::Number { low: *low.max(its), high: *high.min(own), round: *round }
        }
        (Domain::Day { low, high }, Domain::Day { low: its, high: own }) => {
            Domain::Day { low: *low.max(its), high: *high.min(own) }
        }
        (Domain::Code(one), Domain::Code(other)) => {
            Domain::Code(one.iter().filter(|code| other.contains(code)).cloned().collect())
        }
        _ => return None,
    })
}
