//! Whether the help helped: when to look, and what moved.

use std::collections::BTreeMap;

use doudi_model::{Day, Value};

/// Days after a report at which its outcome is measured.
pub const AFTER_DAYS: [i32; 3] = [30, 90, 180];

/// The days on which the outcome of a report of `reported` is measured, earliest first.
#[must_use]
pub fn due_days(reported: Day) -> [Day; 3] {
    AFTER_DAYS.map(|days| reported.plus_days(days))
}

/// What became of one feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trend {
    /// It is the same.
    Same,
    /// It is higher, later, or true where it was false.
    Up,
    /// It is lower, earlier, or false where it was true.
    Down,
    /// It differs and has no order, for example a category.
    Other,
    /// One of the two is missing: nothing can be said.
    Unknown,
}

/// What became of each feature that is in either; whether up is good depends on the feature and is not said here.
#[must_use]
pub fn compare(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> BTreeMap<String, Trend> {
    let names = before.keys().chain(after.keys());
    names.map(|name| (name.clone(), trend(before.get(name), after.get(name)))).collect()
}

fn trend(before: Option<&Value>, after: Option<&Value>) -> Trend {
    match (before, after) {
        (Some(before), Some(after)) if before == after => Trend::Same,
        (Some(Value::Bool(before)), Some(Value::Bool(after))) => order(before.cmp(after)),
        (Some(Value::Int(before)), Some(Value::Int(after))) => order(before.cmp(after)),
        (Some(Value::Money(before)), Some(Value::Money(after))) => order(before.cmp(after)),
        (Some(Value::Date(before)), Some(Value::Date(after))) => order(before.cmp(after)),
        (Some(_), Some(_)) => Trend::Other,
        _ => Trend::Unknown,
    }
}

fn order(before_to_after: std::cmp::Ordering) -> Trend {
    match before_to_after {
        std::cmp::Ordering::Less => Trend::Up,
        std::cmp::Ordering::Equal => Trend::Same,
        std::cmp::Ordering::Greater => Trend::Down,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doudi_model::Fen;

    #[test]
    fn outcomes_are_measured_after_thirty_ninety_and_hundred_and_eighty_days() {
        let days = due_days("2026-11-24".parse().unwrap()).map(|day| day.to_string());
        assert_eq!(days, ["2026-12-24", "2027-02-22", "2027-05-23"]);
    }

    #[test]
    fn a_missing_value_is_no_improvement() {
        let before = BTreeMap::from([
            ("income".to_owned(), Value::Money(Fen(100))),
            ("self_paid".to_owned(), Value::Money(Fen(100))),
            ("scheme".to_owned(), Value::Text("none".into())),
        ]);
        let after = BTreeMap::from([
            ("income".to_owned(), Value::Money(Fen(300))),
            ("scheme".to_owned(), Value::Text("dibao".into())),
        ]);
        let trends: Vec<_> = compare(&before, &after).into_values().collect();
        assert_eq!(trends, [Trend::Up, Trend::Other, Trend::Unknown]);
    }
}
