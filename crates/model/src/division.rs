//! Divisions (行政区划): the dated tree of 12-digit codes.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::day::Day;

/// A 12-digit division code: 2 province, 2 city, 2 county, 3 township, 3 village.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u64);

/// Text that is not 12 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotACode;

impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a 12-digit division code")
    }
}

impl Code {
    /// The code's number, 0 to 999,999,999,999.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// The code of the county it lies in: the first six digits.
    #[must_use]
    pub fn county(self) -> Code {
        Code(self.0 / 1_000_000 * 1_000_000)
    }

    /// The code of the township it lies in: the first nine digits.
    #[must_use]
    pub fn township(self) -> Code {
        Code(self.0 / 1_000 * 1_000)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Code {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Code, NotACode> {
        let shaped = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        if shaped { text.parse().map(Code).map_err(|_| NotACode) } else { Err(NotACode) }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_u64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            text.parse().map_err(|_| D::Error::custom(NotACode))
        } else {
            let number = u64::deserialize(deserializer)?;
            if number < 1_000_000_000_000 { Ok(Code(number)) } else { Err(D::Error::custom(NotACode)) }
        }
    }
}

/// How deep a division lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 省.
    Province,
    /// 地级市.
    City,
    /// 县 区 县级市.
    County,
    /// 乡镇 街道.
    Township,
    /// 村 社区.
    Village,
}

/// One division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Its code.
    pub code: Code,
    /// Its name, `双溪村`.
    pub name: String,
    /// Its depth.
    pub level: Level,
    /// The division above, none for a province.
    pub parent: Option<Code>,
    /// The first day it exists; [`Day::MIN`] if not known.
    pub from: Day,
    /// The last day it exists; [`Day::MAX`] while it does.
    pub to: Day,
    /// The division that took its place.
    pub successor: Option<Code>,
}

/// The tree of all divisions that are or were.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    by_code: BTreeMap<Code, Division>,
}

/// How a code stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// In force.
    InForce(&'a Division),
    /// Abolished; the division that stands in its place on that day, if the table knows one.
    Gone(Option<&'a Division>),
    /// Never heard of.
    Unknown,
}

impl Tree {
    /// The tree of these divisions; a code that comes twice keeps the last row.
    pub fn new(divisions: impl IntoIterator<Item = Division>) -> Tree {
        Tree { by_code: divisions.into_iter().map(|division| (division.code, division)).collect() }
    }

    /// One division, whether or not it is still in force.
    #[must_use]
    pub fn get(&self, code: Code) -> Option<&Division> {
        self.by_code.get(&code)
    }

    /// All divisions by code.
    pub fn iter(&self) -> impl Iterator<Item = &Division> {
        self.by_code.values()
    }

    /// How a code stands on `day`; follows successors, at most sixteen.
    #[must_use]
    pub fn on(&self, code: Code, day: Day) -> Standing<'_> {
        let Some(mut division) = self.get(code) else { return Standing::Unknown };
        if division.from <= day && day <= division.to {
            return Standing::InForce(division);
        }
        for _ in 0..16 {
            let Some(next) = division.successor.and_then(|code| self.get(code)) else { break };
            if next.from <= day && day <= next.to {
                return Standing::Gone(Some(next));
            }
            division = next;
        }
        Standing::Gone(None)
    }

    /// The division and all above it, deepest first. A code the table lacks has an empty path.
    #[must_use]
    pub fn path(&self, code: Code) -> Vec<&Division> {
        let mut path = Vec::new();
        let mut next = self.get(code);
        while let Some(division) = next {
            path.push(division);
            if path.len() > 8 {
                break;
            }
            next = division.parent.and_then(|parent| self.get(parent));
        }
        path
    }

    /// Whether `code` is `above` or lies below it.
    #[must_use]
    pub fn is_within(&self, code: Code, above: Code) -> bool {
        self.path(code).iter().any(|division| division.code == above)
    }

    /// Names from the province down, joined: `湖北省咸宁市咸安区…`.
    #[must_use]
    pub fn full_name(&self, code: Code) -> String {
        self.path(code).iter().rev().map(|division| division.name.as_str()).collect()
    }
}
