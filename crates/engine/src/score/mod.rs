//! score, keyed by household: facts into the file, features, rules, decisions, warnings.

mod agenda;
mod decision;
mod fold;
mod head;
mod refresh;
mod warnings;

use std::collections::{BTreeMap, VecDeque};

use doudi_model::stage::{At, State, StateFault};
use doudi_model::{Day, Fact, division, household};
use doudi_rules::bundle::Bundle;

pub use agenda::{pending, sweep};
pub use decision::body;
pub use head::{Answer, Chunk, Head, Open, Subject, chunk, chunks, read};
pub use refresh::{coverage_for, file_of};

pub(crate) use fold::settle;
pub(crate) use refresh::covered;

use crate::effect::Effects;
use crate::resolve::Message;
use agenda::Cause;
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
    let mut effects = Effects::default();
    let mut messages = VecDeque::from(messages);
    while let Some(message) = messages.pop_front() {
        match message {
            Message::Facts(household, facts) => {
                let work = work(state, bundle, &mut works, &household, &mut effects)?;
                take(state, &household, work, at, facts)?;
            }
            Message::Join { household, person, claim, facts } => {
                let work = work(state, bundle, &mut works, &household, &mut effects)?;
                fold::join(&mut work.head, person, claim, &mut work.touched);
                take(state, &household, work, at, facts)?;
            }
            Message::Leave { household, person, to, facts: new } => {
                let work = work(state, bundle, &mut works, &household, &mut effects)?;
                let mut facts = fold::leave(state, &household, &mut work.head, person, &mut work.touched)?;
                facts.extend(new);
                match to {
                    Some((household, claim)) => messages.push_back(Message::Join { household, person, claim, facts }),
                    None => effects.homeless.extend(facts),
                }
            }
            Message::Coverage { kind, division, through } => {
                let report = Report { position: at.position, through };
                if refresh::cover(state, bundle, &kind, division, report, at.day())? {
                    agenda::add(state, at, Cause::Delivery(kind, division))?;
                }
            }
        }
    }
    for (household, work) in works {
        if !work.touched.is_empty() {
            if let (Some(_), Some(now)) = (work.division, work.head.division.filter(|now| Some(*now) != work.division))
            {
                effects.moved.push((household.clone(), now));
            }
            let refresh = Refresh { bundle, household: &household, at };
            refresh.run(state, work.head, Some(work.touched), &work.news, &mut effects)?;
        }
    }
    Ok(effects)
}

/// A day begins: the households for which something crosses on it are to be looked at. If there are none, it is the
/// desk's turn at once.
///
/// # Errors
/// If the state cannot be read or written.
pub fn tick(state: &mut dyn State, at: At) -> Result<Effects, StateFault> {
    let waits = agenda::add(state, at, Cause::Day)?;
    Ok(Effects { day: (!waits).then_some(at), ..Effects::default() })
}

/// Another bundle came into force: every household is to be looked at.
///
/// # Errors
/// If the state cannot be read or written.
pub fn adopt(state: &mut dyn State, at: At) -> Result<(), StateFault> {
    agenda::add(state, at, Cause::Bundle).map(|_| ())
}

fn work<'w>(
    state: &mut dyn State,
    bundle: &Bundle,
    works: &'w mut BTreeMap<household::Id, Work>,
    household: &household::Id,
    effects: &mut Effects,
) -> Result<&'w mut Work, StateFault> {
    if !works.contains_key(household) {
        let head = read(state, household)?.unwrap_or_default();
        let head = agenda::catch_up(state, bundle, household, head, effects)?;
        let division = head.division;
        works.insert(household.clone(), Work { head, division, touched: Touched::new(), news: News::default() });
    }
    works.get_mut(household).ok_or_else(|| StateFault("household lost".to_owned()))
}

fn take(
    state: &mut dyn State,
    household: &household::Id,
    work: &mut Work,
    at: At,
    facts: Vec<Fact>,
) -> Result<(), StateFault> {
    let Work { head, touched, news, .. } = work;
    fold::add(state, household, head, facts, touched, &mut |fact| {
        if fact.kind.as_str() == warnings::FINDING {
            news.findings.push(fact.clone());
        }
        // What someone who moves in brings along was corrected long ago.
        news.corrected |= fact.supersedes.is_some() && fact.position == at.position;
    })
}

/// The day on which a household is next looked at, for tests and sizes.
#[must_use]
pub fn due(head: &Head) -> Option<Day> {
    head.due
}
