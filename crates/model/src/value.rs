//! Values of fact fields and features.

use std::fmt::Write as _;

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

impl Sealed {
    /// The bytes as lower-case hexadecimal signs.
    #[must_use]
    pub fn hex(&self) -> String {
        self.0.iter().fold(String::with_capacity(self.0.len() * 2), |mut hex, byte| {
            // Writing to a text does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// The bytes of hexadecimal signs.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Sealed> {
        let digits = hex.bytes().map(|sign| char::from(sign).to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
        let digits = digits.collect::<Option<Vec<u8>>>()?;
        let bytes = digits.chunks(2).map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        });
        bytes.collect::<Option<_>>().map(Sealed)
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
