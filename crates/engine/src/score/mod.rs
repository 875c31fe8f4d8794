//! score, keyed by household: facts into the file, features, rules, decisions, warnings.

mod decision;
mod fold;
mod head;
mod refresh;
mod warnings;

use std::collections::BTreeMap;

use doudi_model::stage::{At, Space, State, StateFault};
use doudi_model::{Day, Fact, division, household};
use doudi_rules::bundle::Bundle;

pub use decision::body;
pub use head::{Answer, Chunk, Head, Open, Subject, chunk, chunks, read};
pub use refresh::{coverage_for, file_of};

pub(crate) use fold::settle;
pub(crate) use refresh::covered;

use crate::effect::Effects;
use crate::resolve::Message;
use fold::Touched;
use refresh::{Refresh, Report};

/// What one entry changes in one household.
struct Work {
    head: Head,
    division: Option<division::Code>,
    touched: Touched,
    news: News,
}

/// What of an entry's facts matters to warnings beside the verdicts.
#[derive(Debug, Default)]
struct News {
    /// Conclusions of visits.
    findings: Vec<Fact>,
    /// Whether a fact corrects or takes back an earlier one.
    corrected: bool,
}

/// Takes the messages of one entry; every household they touch is evaluated once.
///
/// # Errors
/// If the state cannot be read or written.
pub fn apply(state: &mut dyn State, bundle: &Bundle, at: At, messages: Vec<Message>) -> Result<Effects, StateFault> {
    let mut works: BTreeMap<household::Id, Work> = BTreeMap::new();
    for message in messages {
        match message {
            Message::Facts(household, facts) => {
                let work = work(state, &mut works, &household)?;
                take(state, &household, work, facts)?;
            }
            Message::Join { household, person, claim, facts } => {
                let work = work(state, &mut works, &household)?;
                fold::join(&mut work.head, person, claim, &mut work.touched);
                take(state, &household, work, facts)?;
            }
            Message::Leave { household, person } => {
                let work = work(state, &mut works, &household)?;
                fold::leave(state, &household, &mut work.head, person, &mut work.touched)?;
            }
            Message::Coverage { kind, division, through } => {
                for household in
                    refresh::cover(state, bundle, &kind, division, Report { position: at.position, through }, at.day())?
                {
                    work(state, &mut works, &household)?.touched.insert(kind.clone());
                }
            }
        }
    }
    let mut effects = Effects::default();
    for (household, work) in works {
        if !work.touched.is_empty() {
            if let (Some(_), Some(now)) = (work.division, work.head.division.filter(|now| Some(*now) != work.division))
            {
                effects.moved.push((household.clone(), now));
            }
            let refresh = Refresh { bundle, household: &household, at };
            refresh.run(state, work.head, Some(&work.touched), &work.news, &mut effects)?;
        }
    }
    Ok(effects)
}

/// A day begins: looks at the households for which something crosses on it.
///
/// # Errors
/// If the state cannot be read or written.
pub fn tick(state: &mut dyn State, bundle: &Bundle, at: At) -> Result<Effects, StateFault> {
    let mut effects = Effects::default();
    for (key, _) in state.scan_through(Space::HouseholdDue, &refresh::day_key(at.day()))? {
        let Some(household) = refresh::household_of_due(&key) else { continue };
        let head = read(state, &household)?.unwrap_or_default();
        Refresh { bundle, household: &household, at }.run(state, head, None, &News::default(), &mut effects)?;
    }
    Ok(effects)
}

/// Another bundle came into force: every household is due at the next tick, or when a fact touches it.
///
/// # Errors
/// If the state cannot be read or written.
pub fn adopt(state: &mut dyn State, bundle: &Bundle, at: At) -> Result<Effects, StateFault> {
    let mut effects = Effects::default();
    for (key, _) in state.scan(Space::Household, &[])? {
        let Some(household) = std::str::from_utf8(&key).ok().and_then(|id| id.parse().ok()) else { continue };
        let head = read(state, &household)?.unwrap_or_default();
        if head.bundle != Some(bundle.digest()) {
            Refresh { bundle, household: &household, at }.run(state, head, None, &News::default(), &mut effects)?;
        }
    }
    Ok(effects)
}

fn work<'w>(
    state: &dyn State,
    works: &'w mut BTreeMap<household::Id, Work>,
    household: &household::Id,
) -> Result<&'w mut Work, StateFault> {
    if !works.contains_key(household) {
        let head = read(state, household)?.unwrap_or_default();
        let division = head.division;
        works.insert(household.clone(), Work { head, division, touched: Touched::new(), news: News::default() });
    }
    works.get_mut(household).ok_or_else(|| StateFault("household lost".to_owned()))
}

fn take(state: &mut dyn State, household: &household::Id, work: &mut Work, facts: Vec<Fact>) -> Result<(), StateFault> {
    work.news.findings.extend(facts.iter().filter(|fact| fact.kind.as_str() == warnings::FINDING).cloned());
    work.news.corrected |= facts.iter().any(|fact| fact.supersedes.is_some());
    fold::add(state, household, &mut work.head, facts, &mut work.touched)
}

/// The day on which a household is next looked at, for tests and sizes.
#[must_use]
pub fn due(head: &Head) -> Option<Day> {
    head.due
}
