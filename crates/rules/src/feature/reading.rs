//! What a feature reads on a day, and until when that stays so.

use doudi_model::fact::Kind;
use doudi_model::{Day, Value};
use serde::{Deserialize, Serialize};

/// A feature's value on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The value, or why it is not known.
    pub value: Result<Value, Reason>,
    /// The first later day on which the value may differ although no fact is added.
    pub next: Day,
}

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// No fact of the kind is there.
    NoData(Kind),
    /// The source has not delivered since that day, or never.
    Stale(Kind, Option<Day>),
    /// A fact is there, but lacks this field.
    FieldMissing(Kind, String),
    /// A feature or standard it is computed from is not known.
    Operand(String),
    /// It has no meaning here, for example a division by zero.
    Undefined,
}

impl Reading {
    /// A value that stays until a fact changes it.
    #[must_use]
    pub fn lasting(value: Result<Value, Reason>) -> Reading {
        Reading { value, next: Day::MAX }
    }

    /// The value, if it is known.
    #[must_use]
    pub fn known(&self) -> Option<&Value> {
        self.value.as_ref().ok()
    }
}
