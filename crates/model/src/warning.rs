//! Warnings (预警): episodes of a rule being true.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::division;
use crate::household;
use crate::person;

/// The name of a warning, derived from its cause, so that a repeat can be told.
pub type Id = person::Id;

/// Which way a rule points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// 漏保: someone may need help.
    Missed,
    /// 错保: someone may no longer qualify; opens a check, never ends aid.
    Excess,
}

/// How grave: 蓝 黄 橙 红. Graver is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 蓝.
    Blue,
    /// 黄.
    Yellow,
    /// 橙.
    Orange,
    /// 红.
    Red,
}

impl Level {
    /// All levels, lightest first.
    pub const ALL: [Level; 4] = [Level::Blue, Level::Yellow, Level::Orange, Level::Red];

    /// `blue`, `yellow`, `orange`, `red`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Blue => "blue",
            Level::Yellow => "yellow",
            Level::Orange => "orange",
            Level::Red => "red",
        }
    }

    /// `蓝 黄 橙 红`.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Level::Blue => "蓝",
            Level::Yellow => "黄",
            Level::Orange => "橙",
            Level::Red => "红",
        }
    }

    /// The level of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// What score tells the desk about one warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The warning.
    pub warning: Id,
    /// The household it concerns.
    pub household: household::Id,
    /// The member it concerns, for a rule over members.
    pub person: Option<person::Id>,
    /// Where the household lives, a village or the deepest division known.
    pub division: division::Code,
    /// The rule's id.
    pub rule: String,
    /// The rule's category, for routing.
    pub category: String,
    /// Which way the rule points.
    pub direction: Direction,
    /// Level of the household's decision in that direction.
    pub level: Level,
    /// What happened.
    pub step: Step,
    /// The day it happened.
    pub day: Day,
    /// The record entry that holds the decision.
    pub decision: u64,
}

/// What happened to a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// It opened.
    Opened,
    /// Its level changed while open.
    Level,
    /// A graver warning mutes it, or no longer does.
    Muted(bool),
    /// It closed, and why.
    Closed(Closing),
}

/// Why a warning closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Closing {
    /// The condition is clearly no longer true.
    Cleared,
    /// A finding settled it.
    Found,
    /// The person or household is no longer there.
    Left,
    /// The rule is no longer in force.
    RuleEnded,
}
