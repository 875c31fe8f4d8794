//! Where cases are found: by number, household, office and day.
//!
//! | space | key | value |
//! |---|---|---|
//! | `Case` | number | the case |
//! | `CaseByHousehold` | household `\0` `o` lead | number of the open case |
//! | `CaseByHousehold` | household `\0` `x` number | nothing; closed cases |
//! | `CaseByOffice` | office `\0` `o` or `x` number | the office's part: `l` lead, `c` co, `t` told, `f` former |
//! | `CaseDue` | 1, day, number | nothing; the tick of that day looks at it |
//! | `CaseDue` | 2, year, number | nothing; a due day waits for that year's calendar |
//!
//! `o` is open, `x` closed. Household and office ids hold no zero byte, so keys cannot run into one another.

use std::collections::BTreeMap;

use doudi_model::stage::{self, Space, State, StateFault};
use doudi_model::{Day, household};

use crate::case::{Case, Id};
use crate::office;
use crate::plan::Step;

type Keys = BTreeMap<(Space, Vec<u8>), Vec<u8>>;

/// One case.
///
/// # Errors
/// If the state cannot be read.
pub fn case(state: &dyn State, id: &Id) -> Result<Option<Case>, StateFault> {
    stage::load(state, Space::Case, id.as_str().as_bytes())
}

/// The open case of a household at a lead office.
///
/// # Errors
/// If the state cannot be read.
pub fn open_case(state: &dyn State, household: &household::Id, lead: &office::Id) -> Result<Option<Case>, StateFault> {
    let key = key(household.as_str(), b'o', lead.as_str());
    match state.get(Space::CaseByHousehold, &key)? {
        Some(id) => stage::load(state, Space::Case, &id),
        None => Ok(None),
    }
}

/// The open cases of a household, by lead office.
///
/// # Errors
/// If the state cannot be read.
pub fn open_cases(state: &dyn State, household: &household::Id) -> Result<Vec<Case>, StateFault> {
    let found = state.scan(Space::CaseByHousehold, &key(household.as_str(), b'o', ""))?;
    cases(state, found.into_iter().map(|(_, id)| id))
}

/// The closed cases of a household, by number.
///
/// # Errors
/// If the state cannot be read.
pub fn closed_cases(state: &dyn State, household: &household::Id) -> Result<Vec<Case>, StateFault> {
    let prefix = key(household.as_str(), b'x', "");
    let found = state.scan(Space::CaseByHousehold, &prefix)?;
    cases(state, found.into_iter().map(|(key, _)| key.get(prefix.len()..).unwrap_or_default().to_vec()))
}

/// The open cases of an office, by number; those it leads, takes part in, was told of, or passed on.
///
/// # Errors
/// If the state cannot be read.
pub fn office_cases(state: &dyn State, office: &office::Id) -> Result<Vec<Case>, StateFault> {
    let prefix = key(office.as_str(), b'o', "");
    let found = state.scan(Space::CaseByOffice, &prefix)?;
    cases(state, found.into_iter().map(|(key, _)| key.get(prefix.len()..).unwrap_or_default().to_vec()))
}

/// All cases, by number.
///
/// # Errors
/// If the state cannot be read.
pub fn all_cases(state: &dyn State) -> Result<Vec<Case>, StateFault> {
    state.scan(Space::Case, &[])?.into_iter().map(|(_, bytes)| stage::decode(&bytes)).collect()
}

fn cases(state: &dyn State, ids: impl Iterator<Item = Vec<u8>>) -> Result<Vec<Case>, StateFault> {
    let mut cases = Vec::new();
    for id in ids {
        cases.extend(stage::load(state, Space::Case, &id)?);
    }
    Ok(cases)
}

/// Writes a case and mends the indices from what they were to what they are.
pub(crate) fn save(state: &mut dyn State, old: Option<&Case>, new: &Case) -> Result<(), StateFault> {
    let (before, after) = (old.map(keys).unwrap_or_default(), keys(new));
    for (space, key) in before.keys().filter(|place| !after.contains_key(*place)) {
        state.remove(*space, key);
    }
    for ((space, key), value) in &after {
        if before.get(&(*space, key.clone())) != Some(value) {
            state.put(*space, key, value.clone());
        }
    }
    stage::save(state, Space::Case, new.id.as_str().as_bytes(), new)
}

/// The cases that a tick of `day` looks at, in order of their day.
pub(crate) fn due(state: &dyn State, day: Day) -> Result<Vec<Case>, StateFault> {
    let found = state.scan_through(Space::CaseDue, &due_key(day, ""))?;
    cases(state, found.into_iter().map(|(key, _)| key.get(5..).unwrap_or_default().to_vec()))
}

/// The cases of which a due day waits for the calendar of `year`.
pub(crate) fn waiting(state: &dyn State, year: i16) -> Result<Vec<Case>, StateFault> {
    let found = state.scan(Space::CaseDue, &year_key(year, ""))?;
    cases(state, found.into_iter().map(|(key, _)| key.get(3..).unwrap_or_default().to_vec()))
}

fn keys(case: &Case) -> Keys {
    let id = case.id.as_str();
    let mut keys = Keys::new();
    let open = if case.is_open() { b'o' } else { b'x' };
    let (by_household, value) =
        if case.is_open() { (case.lead.as_str(), id.as_bytes().to_vec()) } else { (id, Vec::new()) };
    keys.insert((Space::CaseByHousehold, key(case.household.as_str(), open, by_household)), value);
    let parts =
        [(b'f', case.former.iter().collect()), (b't', case.told.iter().collect()), (b'c', case.co.iter().collect())];
    let lead: [(u8, Vec<&office::Id>); 1] = [(b'l', vec![&case.lead])];
    // The nearest part comes last and stays.
    for (part, offices) in parts.into_iter().chain(lead) {
        for office in offices {
            keys.insert((Space::CaseByOffice, key(office.as_str(), open, id)), vec![part]);
        }
    }
    if case.is_open() {
        keys.extend(case.look.map(|day| ((Space::CaseDue, due_key(day, id)), Vec::new())));
        let pending = Step::ALL.into_iter().filter(|step| case.is_pending(*step));
        let years = pending.filter_map(|step| case.deadlines.get(step).leans_on);
        keys.extend(years.map(|year| ((Space::CaseDue, year_key(year, id)), Vec::new())));
    }
    keys
}

fn key(first: &str, open: u8, second: &str) -> Vec<u8> {
    let mut key = first.as_bytes().to_vec();
    key.extend([0, open]);
    key.extend(second.as_bytes());
    key
}

fn due_key(day: Day, id: &str) -> Vec<u8> {
    let mut key = vec![1];
    key.extend(day_bytes(day));
    key.extend(id.as_bytes());
    key
}

fn year_key(year: i16, id: &str) -> Vec<u8> {
    let mut key = vec![2];
    key.extend(year.to_be_bytes());
    key.extend(id.as_bytes());
    key
}

/// A day as four bytes that sort as days do, also before 1970.
pub(crate) fn day_bytes(day: Day) -> [u8; 4] {
    (i64::from(day.epoch_days()) - i64::from(Day::MIN.epoch_days())).try_into().unwrap_or(0_u32).to_be_bytes()
}
