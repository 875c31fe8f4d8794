//! A household that shows something: values of features, the place and the day.

use std::collections::BTreeSet;

use doudi_model::division::Code;
use doudi_model::{Day, Text};
use serde::Serialize;

use super::question::beneath;
use super::setting::Setting;
use crate::bundle::Bundle;
use crate::explain::words;
use crate::row::DAY;
use crate::{Cell, Condition, Quantity, Scalar, Slot, Type, Value};

/// A household that shows something. The scalar back end has confirmed what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// A day on which it is so.
    pub day: Day,
    /// A division where it is so; none if no place has the standards asked about.
    pub division: Option<Code>,
    /// What the conditions look at, and what that is computed from.
    pub values: Vec<Shown>,
}

/// One value of a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The name in conditions.
    pub name: String,
    /// The name for people.
    pub title: Text,
    /// The value as a test of a rule would give it: a number in its declared scale, fen, a day, a code; null if missing.
    pub value: serde_json::Value,
    /// The value for people.
    pub said: Text,
}

/// The values of a row that some conditions look at.
pub(crate) fn witness(bundle: &Bundle, setting: &Setting, row: &[Cell], conditions: &[&Condition]) -> Witness {
    let direct: BTreeSet<Slot> = conditions.iter().flat_map(|condition| condition.slots()).collect();
    let all = beneath(bundle, direct.iter().copied());
    let rest = all.difference(&direct).copied();
    let slots = direct.iter().copied().chain(rest).filter(|slot| *slot != DAY);
    let day = match row.get(DAY.0) {
        Some(Some(Scalar::Day(day))) => *day,
        _ => setting.from,
    };
    Witness { day, division: setting.division, values: slots.map(|slot| shown(bundle, slot, row)).collect() }
}

/// One slot of a row for people.
pub(crate) fn shown(bundle: &Bundle, slot: Slot, row: &[Cell]) -> Shown {
    let name = bundle.layout().name(slot).to_owned();
    let title = bundle.title(&name).unwrap_or_else(|| Text::new(name.clone(), name.clone()));
    let cell = row.get(slot.0).and_then(Option::as_ref);
    Shown { title, value: plain(cell), said: said(bundle, slot, cell), name }
}

fn plain(cell: Option<&Scalar>) -> serde_json::Value {
    match cell {
        None => serde_json::Value::Null,
        Some(Scalar::Bool(value)) => (*value).into(),
        Some(Scalar::Number(value)) => match i64::try_from(*value) {
            Ok(value) => value.into(),
            Err(_) => value.to_string().into(),
        },
        Some(Scalar::Day(day)) => day.to_string().into(),
        Some(Scalar::Text(text)) => text.as_ref().into(),
    }
}

/// A cell in words, with the unit of its feature or standard.
pub(crate) fn said(bundle: &Bundle, slot: Slot, cell: Option<&Scalar>) -> Text {
    let Some(scalar) = cell else { return words::no_data() };
    let name = bundle.layout().name(slot);
    let feature = bundle.features().get(name);
    let scope = bundle.layout().seen_by(crate::feature::Over::Person);
    let ty = crate::Environment::variable(&scope, name).map(|(_, variable)| variable.ty);
    let value = match (scalar, ty) {
        (Scalar::Bool(value), _) => Value::Bool(*value),
        (Scalar::Day(day), _) => Value::Day(*day),
        (Scalar::Text(text), _) => Value::Text(text.to_string()),
        (Scalar::Number(amount), Some(Type::Number { unit, scale })) => {
            Value::Number(Quantity { amount: *amount, unit, scale })
        }
        (Scalar::Number(amount), _) => Value::Number(Quantity { amount: *amount, unit: crate::Unit::Int, scale: 0 }),
    };
    words::value(&value, feature)
}
