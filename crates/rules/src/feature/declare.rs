//! How features stand in `features/*.toml`.

use std::collections::BTreeMap;

use doudi_model::Text;
use serde::Deserialize;
use toml::Spanned;

use super::window::Window;
use crate::bundle::{Code, Span};

/// One feature as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Raw {
    pub(crate) title: Text,
    pub(crate) yes: Option<Text>,
    pub(crate) no: Option<Text>,
    #[serde(default)]
    pub(crate) over: Over,
    pub(crate) unit: Unit,
    #[serde(default)]
    pub(crate) scale: u8,
    pub(crate) of: Option<Spanned<String>>,
    pub(crate) value: Option<Spanned<String>>,
    #[serde(rename = "where")]
    pub(crate) filter: Option<Spanned<String>>,
    pub(crate) aggregate: Option<Aggregate>,
    pub(crate) window: Option<Spanned<Window>>,
    #[serde(default)]
    pub(crate) as_of: bool,
    pub(crate) absent: Option<Absent>,
    pub(crate) stale_after: Option<Spanned<Span>>,
    pub(crate) source: Option<Spanned<String>>,
    pub(crate) range: Option<(i64, i64)>,
    #[serde(default)]
    pub(crate) values: Vec<Code>,
    pub(crate) values_of: Option<Spanned<String>>,
    pub(crate) expr: Option<Spanned<String>>,
    pub(crate) members: Option<BTreeMap<LiftKind, Spanned<String>>>,
    #[serde(default, rename = "note")]
    pub(crate) _note: Option<String>,
}

/// Whose facts a feature reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Over {
    /// Those of the household and of all its members.
    #[default]
    Household,
    /// Those of one member.
    Person,
}

/// What a feature counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Fen.
    Fen,
    /// A count.
    Count,
    /// Days.
    Days,
    /// Completed years.
    Years,
    /// A ratio with declared decimal places.
    Ratio,
    /// Yes or no.
    Bool,
    /// A day.
    Date,
    /// A code of declared ones.
    Category,
}

impl Unit {
    /// The unit's name in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Unit::Fen => "fen",
            Unit::Count => "count",
            Unit::Days => "days",
            Unit::Years => "years",
            Unit::Ratio => "ratio",
            Unit::Bool => "bool",
            Unit::Date => "date",
            Unit::Category => "category",
        }
    }

    /// Whether values are numbers with a range.
    #[must_use]
    pub fn is_number(self) -> bool {
        match self {
            Unit::Fen | Unit::Count | Unit::Days | Unit::Years | Unit::Ratio => true,
            Unit::Bool | Unit::Date | Unit::Category => false,
        }
    }
}

/// How facts become one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// The sum of the values.
    Sum,
    /// How many facts.
    Count,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
    /// The value of the last fact by valid day.
    Latest,
    /// The value of the first fact by valid day.
    Earliest,
    /// Whether one fact is so.
    Any,
    /// Whether every fact is so.
    All,
    /// How many different values.
    Distinct,
    /// How many calendar months have a fact.
    MonthsWith,
    /// By how much the value has changed since the window began.
    Change,
}

impl Aggregate {
    /// All of them, as they are written.
    pub const NAMES: &str = "sum count min max latest earliest any all distinct months_with change";

    /// Whether it only counts facts and takes nothing of them.
    #[must_use]
    pub fn counts_facts(self) -> bool {
        match self {
            Aggregate::Count | Aggregate::MonthsWith => true,
            Aggregate::Sum
            | Aggregate::Min
            | Aggregate::Max
            | Aggregate::Latest
            | Aggregate::Earliest
            | Aggregate::Any
            | Aggregate::All
            | Aggregate::Distinct
            | Aggregate::Change => false,
        }
    }
}

/// What it means that no fact is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// Not known.
    Unknown,
    /// Zero, or no.
    Zero,
    /// Zero, or no, while the source has delivered within this time; after that not known.
    ZeroWhileFresh(Span),
}

/// How a person's answers become the household's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LiftKind {
    /// How many members it is true of.
    Count,
    /// Whether it is true of one.
    Any,
    /// Whether it is true of all.
    All,
    /// The sum over members.
    Sum,
}
