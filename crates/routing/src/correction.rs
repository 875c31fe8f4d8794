//! Correction requests (校核申请): a source is asked to mend what it holds, and has ten working days to answer.
//!
//! Kept in `Space::Correction`: 1, due day, id → nothing, for requests that wait; 2, id → the request; 3, office, `\0`,
//! id → nothing, for requests that wait.
//!
//! # Source
//! 政务数据共享条例 26: the answer is due within ten working days.

use std::fmt;
use std::str::FromStr;

use doudi_model::division::Code;
use doudi_model::stage::{self, Space, State, StateFault};
use doudi_model::{Day, FreeText, Instant, household};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::case;
use crate::index::day_bytes;
use crate::office;
use crate::plan::Due;

/// Working days within which a source answers.
pub const WORKING_DAYS: u32 = 10;

/// A request's name: its case and the step that made it, `K7M2-4C9L.6`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Id(String);

/// Text that names no correction request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotACorrection;

impl Id {
    /// The request that this step of the case made.
    #[must_use]
    pub fn of(case: &case::Id, version: u32) -> Id {
        Id(format!("{case}.{version}"))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Id {
    type Err = NotACorrection;

    fn from_str(text: &str) -> Result<Id, NotACorrection> {
        let (case, version) = text.split_once('.').ok_or(NotACorrection)?;
        let case: case::Id = case.parse().map_err(|_| NotACorrection)?;
        let version: u32 = version.parse().map_err(|_| NotACorrection)?;
        Ok(Id::of(&case, version))
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
        text.parse().map_err(|_| D::Error::custom("not a correction request written K7M2-4C9L.6"))
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Its name.
    pub id: Id,
    /// The case that found it.
    pub case: case::Id,
    /// The household.
    pub household: household::Id,
    /// Where the household lives.
    pub division: Code,
    /// The office that asks.
    pub asked_by: office::Id,
    /// The office that holds the value.
    pub office: office::Id,
    /// The fact kind.
    pub kind: String,
    /// The field.
    pub field: String,
    /// What is right, as the worker wrote it.
    pub right: FreeText,
    /// What the worker saw it on.
    pub seen_on: FreeText,
    /// The day it was asked.
    pub asked: Day,
    /// By when an answer is due.
    pub due: Due,
    /// Whether the due day passed without an answer.
    pub late: bool,
    /// The answer.
    pub answered: Option<Answer>,
}

/// What the source said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// Whether the value was wrong and is corrected.
    pub corrected: bool,
    /// Why not, if not.
    pub reason: FreeText,
}

/// One request.
///
/// # Errors
/// If the state cannot be read.
pub fn get(state: &dyn State, id: &Id) -> Result<Option<Correction>, StateFault> {
    stage::load(state, Space::Correction, &by_id(id))
}

/// All requests, answered or not, by name.
///
/// # Errors
/// If the state cannot be read.
pub fn all(state: &dyn State) -> Result<Vec<Correction>, StateFault> {
    state.scan(Space::Correction, &[2])?.into_iter().map(|(_, bytes)| stage::decode(&bytes)).collect()
}

/// The requests of one case, answered or not, in the order in which they were made.
///
/// # Errors
/// If the state cannot be read.
pub fn of_case(state: &dyn State, case: &case::Id) -> Result<Vec<Correction>, StateFault> {
    let prefix = [&[2], case.as_str().as_bytes(), b"."].concat();
    let found = state.scan(Space::Correction, &prefix)?;
    let mut found =
        found.into_iter().map(|(_, bytes)| stage::decode(&bytes)).collect::<Result<Vec<Correction>, _>>()?;
    found.sort_by(|left, right| (left.asked, &left.id).cmp(&(right.asked, &right.id)));
    Ok(found)
}

/// The requests that wait for an office's answer, by name.
///
/// # Errors
/// If the state cannot be read.
pub fn waiting_for(state: &dyn State, office: &office::Id) -> Result<Vec<Correction>, StateFault> {
    let prefix = by_office(office, "");
    let found = state.scan(Space::Correction, &prefix)?;
    with_ids(state, found.into_iter().map(|(key, _)| key.get(prefix.len()..).unwrap_or_default().to_vec()))
}

/// The requests that a tick of `day` looks at: due before it, unanswered, not yet told late.
pub(crate) fn due_before(state: &dyn State, day: Day) -> Result<Vec<Correction>, StateFault> {
    let found = state.scan_through(Space::Correction, &by_day(day.plus_days(-1), ""))?;
    with_ids(state, found.into_iter().map(|(key, _)| key.get(5..).unwrap_or_default().to_vec()))
}

fn with_ids(state: &dyn State, ids: impl Iterator<Item = Vec<u8>>) -> Result<Vec<Correction>, StateFault> {
    let mut found = Vec::new();
    for id in ids {
        let mut key = vec![2];
        key.extend(id);
        found.extend(stage::load(state, Space::Correction, &key)?);
    }
    Ok(found)
}

/// Writes a request and mends its places.
pub(crate) fn save(state: &mut dyn State, old: Option<&Correction>, new: &Correction) -> Result<(), StateFault> {
    if let Some(old) = old {
        state.remove(Space::Correction, &by_day(old.due.by, old.id.as_str()));
        state.remove(Space::Correction, &by_office(&old.office, old.id.as_str()));
    }
    if new.answered.is_none() {
        state.put(Space::Correction, &by_office(&new.office, new.id.as_str()), Vec::new());
        if !new.late {
            state.put(Space::Correction, &by_day(new.due.by, new.id.as_str()), Vec::new());
        }
    }
    stage::save(state, Space::Correction, &by_id(&new.id), new)
}

fn by_id(id: &Id) -> Vec<u8> {
    let mut key = vec![2];
    key.extend(id.as_str().as_bytes());
    key
}

fn by_day(day: Day, id: &str) -> Vec<u8> {
    let mut key = vec![1];
    key.extend(day_bytes(day));
    key.extend(id.as_bytes());
    key
}

fn by_office(office: &office::Id, id: &str) -> Vec<u8> {
    let mut key = vec![3];
    key.extend(office.as_str().as_bytes());
    key.push(0);
    key.extend(id.as_bytes());
    key
}
