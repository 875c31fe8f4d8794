//! Households.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::person;

/// The number that the civil-affairs system gives a household: 1 to 64 letters, digits, `-`, `_` or `.`.
///
/// A citizen number is refused: a household is not named after its head.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Id(String);

/// Text that cannot name a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAHousehold;

impl fmt::Display for NotAHousehold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a household number: 1 to 64 letters, digits, '-', '_' or '.', and not an ID number")
    }
}

impl Id {
    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Id {
    type Err = NotAHousehold;

    fn from_str(text: &str) -> Result<Id, NotAHousehold> {
        let shaped = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        if !shaped || person::Number::parse(text).is_ok() {
            return Err(NotAHousehold);
        }
        Ok(Id(text.to_owned()))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(NotAHousehold))
    }
}
