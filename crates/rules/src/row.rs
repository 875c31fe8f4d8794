//! The row on which a bundle's conditions are evaluated: the day, features, standards.

use std::collections::BTreeMap;

use doudi_model::{Day, Value, person};

use crate::bundle::{Bundle, StandardUnit};
use crate::feature::{Feature, File, Over, Reading, Readings, Unit};
use crate::{Cell, Environment, Scalar, Slot, Type, Variable};

/// The slot of the day on which the row is evaluated, named `day`.
pub(crate) const DAY: Slot = Slot(0);

/// Which slot holds what: the day, then household features, standards, person features.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    variables: Vec<Variable>,
    by_name: BTreeMap<String, Slot>,
    person_from: usize,
    household: Vec<Slot>,
    person: Vec<Slot>,
    standards: Vec<(String, Slot)>,
    by_title: BTreeMap<String, String>,
}

impl Layout {
    /// The name in a slot; empty if there is none.
    #[must_use]
    pub fn name(&self, slot: Slot) -> &str {
        self.variables.get(slot.0).map_or("", |variable| variable.name.as_str())
    }

    /// The slot of a name.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<Slot> {
        self.by_name.get(name).copied()
    }

    /// The variable in a slot.
    #[must_use]
    pub fn variable(&self, slot: Slot) -> Option<&Variable> {
        self.variables.get(slot.0)
    }

    /// How many slots there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.variables.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    pub(crate) fn new(features: &[(String, Over, Variable)], standards: Vec<Variable>) -> Layout {
        let mut layout = Layout::default();
        layout.push(Variable { name: "day".to_owned(), ty: Type::Date, range: None, categories: None });
        for (_, over, variable) in features {
            if *over == Over::Household {
                let slot = layout.push(variable.clone());
                layout.household.push(slot);
            }
        }
        for standard in standards {
            let name = standard.name.trim_start_matches("standard.").to_owned();
            let slot = layout.push(standard);
            layout.standards.push((name, slot));
        }
        layout.person_from = layout.variables.len();
        for (_, over, variable) in features {
            if *over == Over::Person {
                let slot = layout.push(variable.clone());
                layout.person.push(slot);
            }
        }
        layout
    }

    /// Lets a Chinese title lead to its name.
    pub(crate) fn entitle(&mut self, title: &str, name: &str) {
        self.by_title.entry(title.to_owned()).or_insert_with(|| name.to_owned());
    }

    fn push(&mut self, variable: Variable) -> Slot {
        let slot = Slot(self.variables.len());
        self.by_name.insert(variable.name.clone(), slot);
        self.variables.push(variable);
        slot
    }

    /// The slot of a feature.
    pub(crate) fn slot_of(&self, feature: &Feature) -> Option<Slot> {
        let slots = match feature.over {
            Over::Household => &self.household,
            Over::Person => &self.person,
        };
        slots.get(feature.ordinal).copied()
    }

    /// The ordinal of the feature over a person that stands in a slot; none for any other slot.
    pub(crate) fn person_ordinal(&self, slot: Slot) -> Option<usize> {
        self.person.iter().position(|person| *person == slot)
    }

    /// What a condition may name: everything, or all but the features over persons.
    #[must_use]
    pub fn seen_by(&self, over: Over) -> Scope<'_> {
        Scope { layout: self, over }
    }
}

/// The names that a condition of one scope may use.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    layout: &'a Layout,
    over: Over,
}

impl Environment for Scope<'_> {
    fn variable(&self, name: &str) -> Option<(Slot, &Variable)> {
        let slot = self.layout.slot(name)?;
        let hidden = self.over == Over::Household && slot.0 >= self.layout.person_from;
        let variable = self.layout.variables.get(slot.0).filter(|_| !hidden)?;
        Some((slot, variable))
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let seen = |name: &&String| self.variable(name).is_some();
        if name.is_ascii() {
            let names = self.layout.by_name.keys().filter(seen).map(String::as_str);
            return crate::bundle::nearest(name, names).map(str::to_owned);
        }
        let titles = || self.layout.by_title.iter().filter(|(_, name)| seen(name));
        let begins = || titles().find(|(title, _)| title.starts_with(name) || name.starts_with(title.as_str()));
        let near = || crate::bundle::nearest(name, titles().map(|(title, _)| title.as_str()));
        let titled = |title: &str| self.layout.by_title.get(title).filter(seen).cloned();
        titled(name).or_else(|| begins().map(|(_, name)| name.clone())).or_else(|| near().and_then(titled))
    }
}

/// One row of cells.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    cells: Vec<Cell>,
}

impl Row {
    /// A row with the day and the standards of a household's place; features are blank.
    pub(crate) fn new(bundle: &Bundle, file: &File<'_>, day: Day) -> Row {
        let layout = bundle.layout();
        let mut row = Row { cells: vec![None; layout.len()] };
        row.set(DAY, Some(Scalar::Day(day)));
        row.set_standards(bundle, &file.path, day);
        row
    }

    /// Puts the standards in force at a place on a day into the row.
    pub(crate) fn set_standards(&mut self, bundle: &Bundle, path: &[doudi_model::division::Code], day: Day) {
        for (name, slot) in &bundle.layout().standards {
            let figure = bundle.standards().at(name, path, day);
            self.set(*slot, figure.map(|figure| Scalar::Number(i128::from(figure.value))));
        }
    }

    /// A row with everything a household's readings hold.
    pub(crate) fn filled(bundle: &Bundle, file: &File<'_>, day: Day, readings: &Readings) -> Row {
        let mut row = Row::new(bundle, file, day);
        for (reading, slot) in readings.household.iter().zip(&bundle.layout().household) {
            row.set(*slot, cell(reading));
        }
        row
    }

    /// A row of blanks, to be filled by name.
    pub(crate) fn blank(layout: &Layout) -> Row {
        Row { cells: vec![None; layout.len()] }
    }

    /// The cells, by slot.
    #[must_use]
    pub(crate) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub(crate) fn set(&mut self, slot: Slot, cell: Cell) {
        if let Some(place) = self.cells.get_mut(slot.0) {
            *place = cell;
        }
    }

    pub(crate) fn set_household(&mut self, feature: &Feature, reading: &Reading, layout: &Layout) {
        if let Some(slot) = layout.household.get(feature.ordinal) {
            self.set(*slot, cell(reading));
        }
    }

    /// Puts some of a member's features into the row: slots and ordinals.
    pub(crate) fn set_some(&mut self, some: &[(Slot, usize)], person: person::Id, readings: &Readings) {
        let of_member = readings.members.get(&person).map(Vec::as_slice).unwrap_or_default();
        for (slot, ordinal) in some {
            self.set(*slot, of_member.get(*ordinal).and_then(cell));
        }
    }

    /// Puts a member's features into the row.
    pub(crate) fn set_member(&mut self, bundle: &Bundle, person: person::Id, readings: &Readings) {
        let of_member = readings.members.get(&person).map(Vec::as_slice).unwrap_or_default();
        for (ordinal, slot) in bundle.layout().person.iter().enumerate() {
            self.set(*slot, of_member.get(ordinal).and_then(cell));
        }
    }

    pub(crate) fn is_blank(&self, slot: Slot) -> bool {
        self.cells.get(slot.0).is_none_or(Option::is_none)
    }
}

fn cell(reading: &Reading) -> Cell {
    reading.known().and_then(scalar)
}

/// A value as conditions see it; people and sealed text are not for conditions.
pub(crate) fn scalar(value: &Value) -> Option<Scalar> {
    match value {
        Value::Bool(value) => Some(Scalar::Bool(*value)),
        Value::Int(value) => Some(Scalar::Number(i128::from(*value))),
        Value::Money(value) => Some(Scalar::Number(i128::from(value.0))),
        Value::Date(value) => Some(Scalar::Day(*value)),
        Value::Text(value) => Some(Scalar::Text(value.as_str().into())),
        Value::People(_) | Value::Sealed(_) => None,
    }
}

/// The type and range of a feature in conditions.
pub(crate) fn variable(
    name: &str,
    unit: Unit,
    scale: u8,
    range: (i64, i64),
    codes: &[crate::bundle::Code],
) -> Variable {
    let categories = (unit == Unit::Category).then(|| codes.iter().map(|code| code.code.clone()).collect());
    let range = unit.is_number().then_some((i128::from(range.0), i128::from(range.1)));
    Variable { name: name.to_owned(), ty: ty(unit, scale), range, categories }
}

/// The type of a feature's values in conditions.
pub(crate) fn ty(unit: Unit, scale: u8) -> Type {
    match unit {
        Unit::Fen => Type::Number { unit: crate::Unit::Money, scale: 0 },
        Unit::Count | Unit::Years => Type::Number { unit: crate::Unit::Int, scale: 0 },
        Unit::Days => Type::Number { unit: crate::Unit::Days, scale: 0 },
        Unit::Ratio => Type::Number { unit: crate::Unit::Decimal, scale },
        Unit::Bool => Type::Bool,
        Unit::Date => Type::Date,
        Unit::Category => Type::Text,
    }
}

/// The type and range of a standard in conditions.
pub(crate) fn standard_variable(bundle_name: &str, standard: &crate::bundle::Standard) -> Variable {
    let range = Some((0, i128::from(standard.most())));
    let ty = match standard.unit {
        StandardUnit::Fen => Type::Number { unit: crate::Unit::Money, scale: 0 },
        StandardUnit::Ratio => Type::Number { unit: crate::Unit::Decimal, scale: standard.scale },
        StandardUnit::Count => Type::Number { unit: crate::Unit::Int, scale: 0 },
        StandardUnit::Days => Type::Number { unit: crate::Unit::Days, scale: 0 },
    };
    Variable { name: format!("standard.{bundle_name}"), ty, range, categories: None }
}
