//! score, keyed by household: facts into the file, features, rules, decisions, warnings.

mod agenda;
mod coverage;
mod decision;
mod fold;
mod head;
mod refresh;
mod unclaim;
mod warnings;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use doudi_model::fact::Kind;
use doudi_model::stage::{At, State, StateFault};
use doudi_model::{Day, Fact, division, household};
use doudi_rules::bundle::Bundle;

pub use agenda::{pending, sweep};
pub use coverage::{Coverage, coverage_for};
pub use decision::body;
pub use head::{Answer, Chunk, Head, Open, Subject, chunk, chunks, read};
pub use refresh::file_of;

pub(crate) use coverage::covered;
pub(crate) use fold::settle;

use crate::effect::Effects;
use crate::resolve::{Message, REGISTERED};
use agenda::Cause;
use coverage::Report;
use fold::Touched;
use refresh::Refresh;

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

/// An entry on its way through score. Every household it touches is evaluated once, when all of it is in.
pub struct Entry<'a> {
    bundle: &'a Bundle,
    at: At,
    works: BTreeMap<household::Id, Work>,
    effects: Effects,
}

/// What score hands back to resolve, because it is about people and not about households.
#[derive(Debug, Default)]
pub struct Back {
    /// Facts of people who left a household and have come to no other; for [`park`](crate::resolve::park).
    pub homeless: Vec<Fact>,
    /// Claims that a registration made and its correction does not; for [`apply`](crate::resolve::apply).
    pub unclaimed: Vec<Fact>,
}

impl<'a> Entry<'a> {
    /// An entry of which nothing is in yet.
    #[must_use]
    pub fn new(bundle: &'a Bundle, at: At) -> Entry<'a> {
        Entry { bundle, at, works: BTreeMap::new(), effects: Effects::default() }
    }

    /// Takes messages of the entry into the files.
    ///
    /// # Errors
    /// If the state cannot be read or written.
    pub fn take(&mut self, state: &mut dyn State, messages: Vec<Message>) -> Result<Back, StateFault> {
        let mut back = Back::default();
        let mut messages = VecDeque::from(messages);
        while let Some(message) = messages.pop_front() {
            match message {
                Message::Facts(household, facts) => self.add(state, &household, facts, &mut back)?,
                Message::Join { household, person, claim, facts } => {
                    let work = self.work(state, &household)?;
                    fold::join(&mut work.head, person, claim, &mut work.touched);
                    self.add(state, &household, facts, &mut back)?;
                }
                Message::Leave { household, person, to, facts: new } => {
                    let work = self.work(state, &household)?;
                    let mut facts = fold::leave(state, &household, &mut work.head, person, &mut work.touched)?;
                    facts.extend(new);
                    match to {
                        Some((household, claim)) => {
                            messages.push_back(Message::Join { household, person, claim, facts });
                        }
                        None => back.homeless.extend(facts),
                    }
                }
                Message::Coverage { kind, source, division, through } => {
                    let report = Report { position: self.at.position, through };
                    if coverage::cover(state, self.bundle, &kind, &source, division, report, self.at.day())? {
                        agenda::add(state, self.at, Cause::Delivery(kind, division))?;
                    }
                }
            }
        }
        Ok(back)
    }

    /// Evaluates the households that the entry has touched.
    ///
    /// # Errors
    /// If the state cannot be read or written.
    pub fn finish(self, state: &mut dyn State) -> Result<Effects, StateFault> {
        let Entry { bundle, at, works, mut effects } = self;
        for (household, work) in works {
            if work.touched.is_empty() {
                continue;
            }
            let now = work.head.division.filter(|now| Some(*now) != work.division);
            if let (Some(_), Some(now)) = (work.division, now) {
                effects.moved.push((household.clone(), now));
            }
            let refresh = Refresh { bundle, household: &household, at };
            refresh.run(state, work.head, Some(work.touched), &work.news, &mut effects)?;
        }
        Ok(effects)
    }

    fn work(&mut self, state: &mut dyn State, household: &household::Id) -> Result<&mut Work, StateFault> {
        if !self.works.contains_key(household) {
            let head = read(state, household)?.unwrap_or_default();
            let head = agenda::catch_up(state, self.bundle, household, head, &mut self.effects)?;
            let division = head.division;
            let work = Work { head, division, touched: Touched::new(), news: News::default() };
            self.works.insert(household.clone(), work);
        }
        self.works.get_mut(household).ok_or_else(|| StateFault("household lost".to_owned()))
    }

    fn add(
        &mut self,
        state: &mut dyn State,
        household: &household::Id,
        facts: Vec<Fact>,
        back: &mut Back,
    ) -> Result<(), StateFault> {
        let at = self.at;
        let Work { head, touched, news, .. } = self.work(state, household)?;
        let mut registrations = BTreeSet::new();
        fold::add(state, household, head, facts, touched, &mut |fact| {
            match fact.kind.as_str() {
                warnings::FINDING => news.findings.push(fact.clone()),
                REGISTERED => {
                    registrations.insert(fact.id);
                }
                _ => {}
            }
            // What someone who moves in brings along was corrected long ago.
            news.corrected |= fact.supersedes.is_some() && fact.position == at.position;
        })?;
        if !registrations.is_empty() {
            let kept = chunk(state, household, &Kind::from(REGISTERED))?;
            back.unclaimed.extend(unclaim::taken_back(kept.facts(), &registrations, at));
        }
        Ok(())
    }
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

/// The day on which a household is next looked at, for tests and sizes.
#[must_use]
pub fn due(head: &Head) -> Option<Day> {
    head.due
}
