//! One fact as a row: what `where` and `value` of a feature see.

use doudi_model::{Day, Fact, Value, Verdict};

use super::declare::Unit;
use crate::bundle::{FieldType, KindDeclaration};
use crate::row::scalar;
use crate::{Cell, Condition, Environment, Expression, Scalar, Slot, Type, Variable};

/// A row that is filled anew for each fact.
#[derive(Debug, Default)]
pub struct FieldRow {
    cells: Vec<Cell>,
}

impl FieldRow {
    /// An empty row.
    #[must_use]
    pub fn new() -> FieldRow {
        FieldRow::default()
    }

    fn fill(&mut self, wanted: &Wanted, fact: &Fact, day: Day) -> &[Cell] {
        self.cells.clear();
        self.cells.resize(wanted.width, None);
        if let Some(first) = self.cells.first_mut() {
            *first = Some(Scalar::Day(day));
        }
        for (slot, name) in &wanted.fields {
            if let Some(cell) = self.cells.get_mut(*slot) {
                *cell = fact.fields.get(name).and_then(scalar);
            }
        }
        &self.cells
    }
}

/// The fields that a condition or computation reads.
#[derive(Debug, Clone)]
pub struct Wanted {
    width: usize,
    fields: Vec<(usize, String)>,
    uses_day: bool,
}

impl Wanted {
    pub(crate) fn new(slots: &[Slot], scope: &FieldScope) -> Wanted {
        let named = |slot: &Slot| Some((slot.0, scope.names.get(slot.0.checked_sub(1)?)?.clone()));
        Wanted {
            width: scope.variables.len(),
            fields: slots.iter().filter_map(named).collect(),
            uses_day: slots.contains(&Slot(0)),
        }
    }

    /// The fields by name.
    fn names(&self) -> Vec<String> {
        self.fields.iter().map(|(_, name)| name.clone()).collect()
    }

    /// The first field, for messages.
    fn first(&self) -> &str {
        self.fields.first().map_or("", |(_, name)| name)
    }
}

/// The names that a condition over one kind of fact may use: its fields, and `day`, the day of evaluation.
pub(crate) struct FieldScope {
    names: Vec<String>,
    variables: Vec<Variable>,
}

impl FieldScope {
    pub(crate) fn new(kind: &KindDeclaration) -> FieldScope {
        let mut scope = FieldScope {
            names: Vec::new(),
            variables: vec![Variable { name: "day".to_owned(), ty: Type::Date, range: None, categories: None }],
        };
        for field in &kind.fields {
            let (ty, range) = match field.ty {
                FieldType::Bool => (Type::Bool, None),
                FieldType::Int => (Type::Number { unit: crate::Unit::Int, scale: 0 }, field.range),
                FieldType::Money => (Type::Number { unit: crate::Unit::Money, scale: 0 }, field.range),
                FieldType::Date => (Type::Date, None),
                FieldType::Category | FieldType::Text => (Type::Text, None),
                FieldType::Sealed | FieldType::MemberList => continue,
            };
            let categories =
                (!field.values.is_empty()).then(|| field.values.iter().map(|code| code.code.clone()).collect());
            let range = range.map(|(least, most)| (i128::from(least), i128::from(most)));
            scope.names.push(field.name.clone());
            scope.variables.push(Variable { name: field.name.clone(), ty, range, categories });
        }
        scope
    }
}

impl Environment for FieldScope {
    fn variable(&self, name: &str) -> Option<(Slot, &Variable)> {
        self.variables.variable(name)
    }

    fn nearest(&self, name: &str) -> Option<String> {
        self.variables.nearest(name)
    }
}

/// Which facts count.
#[derive(Debug, Clone)]
pub struct Filter {
    condition: Condition,
    wanted: Wanted,
}

impl Filter {
    pub(crate) fn new(condition: Condition, scope: &FieldScope) -> Filter {
        let wanted = Wanted::new(&condition.slots(), scope);
        Filter { condition, wanted }
    }

    /// Whether a fact counts on a day.
    pub(super) fn test(&self, fact: &Fact, day: Day, row: &mut FieldRow) -> Verdict {
        self.condition.evaluate(row.fill(&self.wanted, fact, day)).verdict
    }

    /// The first field it needs that the fact lacks.
    pub(super) fn missing(&self, fact: &Fact) -> Option<&str> {
        let mut needed = self.wanted.fields.iter().map(|(_, name)| name.as_str());
        needed.find(|name| !fact.fields.contains_key(*name))
    }

    /// Whether the day of evaluation matters.
    #[must_use]
    pub fn uses_day(&self) -> bool {
        self.wanted.uses_day
    }

    /// The fields it reads.
    pub(crate) fn fields(&self) -> Vec<String> {
        self.wanted.names()
    }
}

/// What of a fact a feature takes.
#[derive(Debug, Clone)]
pub enum Picked {
    /// One field as it stands.
    Field(String),
    /// Whether a condition over its fields holds.
    Condition(Filter),
    /// A value computed from its fields.
    Expression {
        /// The computation.
        expression: Expression,
        /// The fields it reads.
        wanted: Wanted,
        /// What the feature counts.
        unit: Unit,
    },
}

impl Picked {
    /// The value in one fact; none if a field is missing.
    pub(super) fn of(&self, fact: &Fact, day: Day, row: &mut FieldRow) -> Option<Value> {
        match self {
            Picked::Field(name) => fact.fields.get(name).cloned(),
            Picked::Condition(filter) => match filter.test(fact, day, row) {
                Verdict::Unknown => None,
                settled => Some(Value::Bool(settled == Verdict::True)),
            },
            Picked::Expression { expression, wanted, unit } => {
                let scalar = expression.evaluate(row.fill(wanted, fact, day))?;
                super::compute::value_of(*unit, &scalar).ok()
            }
        }
    }

    /// The fields it reads.
    pub(crate) fn fields(&self) -> Vec<String> {
        match self {
            Picked::Field(name) => vec![name.clone()],
            Picked::Condition(filter) => filter.fields(),
            Picked::Expression { wanted, .. } => wanted.names(),
        }
    }

    /// The field, or the first one of a computation, for messages.
    pub(super) fn name(&self) -> &str {
        match self {
            Picked::Field(name) => name,
            Picked::Condition(filter) => filter.wanted.first(),
            Picked::Expression { wanted, .. } => wanted.first(),
        }
    }

    /// Whether the day of evaluation matters.
    #[must_use]
    pub fn uses_day(&self) -> bool {
        match self {
            Picked::Field(_) => false,
            Picked::Condition(filter) => filter.uses_day(),
            Picked::Expression { wanted, .. } => wanted.uses_day,
        }
    }
}
