//! Values of fact fields and features.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::money::Fen;
use crate::person;

/// One value. What is missing has no `Value`: absence is never zero.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number, also a count.
    Int(i64),
    /// An amount.
    Money(Fen),
    /// A day.
    Date(Day),
    /// Text or the code of a category.
    Text(String),
    /// Several people, sorted, without repeats.
    People(Vec<person::Id>),
    /// Text encrypted under the vault's key; only its presence is known to the core.
    Sealed(Sealed),
}

/// Encrypted bytes: nonce and ciphertext.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(pub Vec<u8>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl Value {
    /// JSON as the contract has it: money in fen, days as text. Sealed text is `null`.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match self {
            Value::Bool(value) => (*value).into(),
            Value::Int(value) => (*value).into(),
            Value::Money(value) => value.0.into(),
            Value::Date(value) => value.to_string().into(),
            Value::Text(value) => value.as_str().into(),
            Value::People(people) => people.iter().map(ToString::to_string).collect(),
            Value::Sealed(_) => serde_json::Value::Null,
        }
    }
}
