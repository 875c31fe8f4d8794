//! What a feature reads on a day, and until when that stays so.

use doudi_model::{Day, Value};
use serde::{Deserialize, Serialize};

use super::Feature;
use crate::Slot;
use crate::bundle::Bundle;

/// A feature's value on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The value, or why it is not known.
    pub value: Result<Value, Reason>,
    /// The first later day on which the value may differ although no fact is added.
    pub next: Day,
}

/// Why a value is not known. The kind of fact is the feature's own and not said again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// No fact of the kind is there.
    NoData,
    /// The source has been silent for too long, or has never delivered.
    Stale,
    /// A fact is there, but lacks this field.
    FieldMissing(String),
    /// A feature or standard it is computed from is not known: its slot in the bundle's row.
    Operand(u16),
    /// It has no meaning here, for example a division by zero.
    Undefined,
    /// The day lies in no school term that the bundle knows.
    NoTerm,
    /// The value lies outside the range that the feature declares.
    OutOfRange,
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

impl Reason {
    /// `no-data:medical.expense`, `stale:medical.expense`, `operand:income_12m`, and so on.
    #[must_use]
    pub fn code(&self, bundle: &Bundle, feature: &Feature) -> String {
        let kind = feature.kind().map(|kind| kind.0).unwrap_or_default();
        match self {
            Reason::NoData => format!("no-data:{kind}"),
            Reason::Stale => format!("stale:{kind}"),
            Reason::FieldMissing(field) => format!("field-missing:{kind}.{field}"),
            Reason::Operand(slot) => format!("operand:{}", bundle.layout().name(Slot(usize::from(*slot)))),
            Reason::Undefined => "undefined".to_owned(),
            Reason::NoTerm => "no-term".to_owned(),
            Reason::OutOfRange => "out-of-range".to_owned(),
        }
    }
}
