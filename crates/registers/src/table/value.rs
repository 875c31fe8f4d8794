//! What a cell says.

use doudi_model::person::Number;
use doudi_model::{Day, Fen};
use doudi_rules::bundle::register::Constant;

/// One value. Has no readable `Debug` where it may name a person.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Blank, or not readable.
    None,
    /// Text.
    Text(String),
    /// A person's name.
    Name(String),
    /// An ID number.
    Id(Number),
    /// A whole number.
    Int(i64),
    /// An amount.
    Fen(Fen),
    /// A day.
    Day(Day),
    /// A month, by its first day: the day is missing, and the date cannot be used.
    Month(Day),
    /// A word of a category, and its code if the register gives it one.
    Word(String, Option<Constant>),
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::None => f.write_str("None"),
            Value::Text(_) => f.write_str("Text(…)"),
            Value::Name(_) => f.write_str("Name(…)"),
            Value::Id(_) => f.write_str("Id(…)"),
            Value::Int(number) => write!(f, "Int({number})"),
            Value::Fen(fen) => write!(f, "{fen:?}"),
            Value::Day(day) | Value::Month(day) => write!(f, "{day}"),
            Value::Word(_, code) => write!(f, "Word(…, {code:?})"),
        }
    }
}

impl Value {
    /// Whether there is one.
    #[must_use]
    pub fn is_some(&self) -> bool {
        *self != Value::None
    }
}
