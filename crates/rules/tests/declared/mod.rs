//! What the conditions of these tests may name.
#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::Arc;

use doudi_rules::{Cell, Environment, Scalar, Slot, Type, Unit, Variable, nearest};

/// The declared features of a small bundle.
pub(crate) struct Bundle(pub(crate) Vec<Variable>);

/// A few features and standards of every type.
pub(crate) fn bundle() -> Bundle {
    let number = |unit, scale| Type::Number { unit, scale };
    let variable = |name: &str, ty, range| Variable { name: name.to_owned(), ty, range, categories: None };
    let mut variables = vec![
        variable("income_12m", number(Unit::Money, 0), Some((0, 10_000_000_000))),
        variable("medical_self_paid_12m", number(Unit::Money, 0), Some((0, 10_000_000_000))),
        variable("standard.dibao_annual", number(Unit::Money, 0), Some((1, 10_000_000))),
        variable("standard.rigid_ratio", number(Unit::Decimal, 2), Some((0, 100))),
        variable("member_count", number(Unit::Int, 0), Some((1, 30))),
        variable("disabled", Type::Bool, None),
        variable("enrolled", Type::Bool, None),
        variable("birth", Type::Date, None),
        variable("today", Type::Date, None),
        variable("wide", number(Unit::Int, 0), None),
        variable("division", Type::Text, None),
        variable("days_since_visit", number(Unit::Days, 0), Some((0, 10_000))),
    ];
    variables.push(Variable {
        categories: Some(["dibao", "tekun", "edge", "none"].map(str::to_owned).to_vec()),
        ..variable("category", Type::Text, None)
    });
    Bundle(variables)
}

impl Environment for Bundle {
    fn variable(&self, name: &str) -> Option<(Slot, &Variable)> {
        let at = self.0.iter().position(|variable| variable.name == name)?;
        Some((Slot(at), &self.0[at]))
    }

    fn nearest(&self, name: &str) -> Option<String> {
        if name == "年收入" {
            return Some("income_12m".to_owned());
        }
        nearest(name, self.0.iter().map(|variable| variable.name.as_str())).map(str::to_owned)
    }
}

/// `name = value, …` as a row; what is not named is missing.
pub(crate) fn row(bundle: &Bundle, given: &str) -> Vec<Cell> {
    let mut row = vec![None; bundle.0.len()];
    for pair in given.split(',').filter(|pair| !pair.trim().is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        let (slot, variable) = bundle.variable(name.trim()).unwrap();
        let value = value.trim();
        row[slot.0] = Some(match variable.ty {
            Type::Bool => Scalar::Bool(value.parse().unwrap()),
            Type::Number { .. } => Scalar::Number(value.parse().unwrap()),
            Type::Date => Scalar::Day(value.parse().unwrap()),
            Type::Text => Scalar::Text(Arc::from(value)),
        });
    }
    row
}
