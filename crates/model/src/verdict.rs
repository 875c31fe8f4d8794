//! True, false and unknown.

use std::fmt;
use std::ops::Not;

use serde::{Deserialize, Serialize};

/// The answer to a condition (判断): strong Kleene logic.
///
/// Unknown means that data is missing or stale. It is never the same as false. The order
/// `False < Unknown < True` makes `and` the minimum and `or` the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Verdict {
    /// Surely not.
    False = 0,
    /// Could be either, for want of data.
    Unknown = 1,
    /// Surely so.
    True = 2,
}

impl Verdict {
    /// Both.
    #[must_use]
    pub fn and(self, other: Verdict) -> Verdict {
        self.min(other)
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Verdict) -> Verdict {
        self.max(other)
    }

    /// Whether the answer is settled.
    #[must_use]
    pub fn is_known(self) -> bool {
        self != Verdict::Unknown
    }

    /// JSON as the contract has it: `true`, `false` or `"unknown"`.
    #[must_use]
    pub fn json(self) -> serde_json::Value {
        match self {
            Verdict::False => false.into(),
            Verdict::Unknown => "unknown".into(),
            Verdict::True => true.into(),
        }
    }
}

impl Not for Verdict {
    type Output = Verdict;

    fn not(self) -> Verdict {
        match self {
            Verdict::False => Verdict::True,
            Verdict::Unknown => Verdict::Unknown,
            Verdict::True => Verdict::False,
        }
    }
}

impl From<bool> for Verdict {
    fn from(value: bool) -> Verdict {
        if value { Verdict::True } else { Verdict::False }
    }
}

impl From<Option<bool>> for Verdict {
    fn from(value: Option<bool>) -> Verdict {
        value.map_or(Verdict::Unknown, Verdict::from)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::False => "false",
            Verdict::Unknown => "unknown",
            Verdict::True => "true",
        })
    }
}
