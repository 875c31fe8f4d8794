//! The head of a household's file: everything about it but the facts themselves.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::digest::Hasher;
use doudi_model::fact::{self, Kind, Subject as Aim};
use doudi_model::stage::{Space, State, StateFault, decode, load, save};
use doudi_model::warning::{self, Level};
use doudi_model::{Day, Digest, Fact, Verdict, division, household, person};
use doudi_rules::feature::Readings;
use serde::{Deserialize, Serialize};

use crate::resolve::Membership;

/// The head of one household's file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Where it lives, once it has been registered.
    pub division: Option<division::Code>,
    /// The newest full list of its members.
    pub listed: Option<Listed>,
    /// The people whom resolve sends here.
    pub people: BTreeMap<person::Id, Membership>,
    /// People who once belonged to it, for replaying decisions of then.
    pub past: BTreeSet<person::Id>,
    /// Digest of its facts, kind by kind.
    pub digests: BTreeMap<Kind, Digest>,
    /// The bundle under which the rest was computed.
    pub bundle: Option<Digest>,
    /// What its features read.
    pub readings: Readings,
    /// What its rules answered.
    pub answers: Vec<Answer>,
    /// Level of the missed direction.
    pub level: Option<Level>,
    /// Warnings that are open.
    pub open: Vec<Open>,
    /// Until when a rule that closed stays quiet.
    pub quiet: BTreeMap<Subject, Day>,
    /// The entry as of which it was last looked at.
    pub looked: Option<u64>,
    /// The day on which to look at it again without being asked.
    pub due: Option<Day>,
    /// Kinds whose source is silent, so that a delivery would change something.
    pub waiting: BTreeSet<Kind>,
    /// The place under which the index of waiting households has it.
    pub waiting_at: Option<division::Code>,
    /// The record entry of its last decision.
    pub decision: Option<u64>,
}

/// The newest full list of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its valid day.
    pub valid: Day,
    /// The fact that holds it.
    pub fact: fact::Id,
    /// Who is on it.
    pub people: Vec<person::Id>,
}

/// A rule, and the member it speaks of if it is one over members.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// The rule's id.
    pub rule: String,
    /// The member.
    pub person: Option<person::Id>,
}

/// What one rule answered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Answer {
    /// Number of the rule in the bundle.
    pub rule: u16,
    /// The member, for a rule over members.
    pub person: Option<person::Id>,
    /// Its answer. What each leaf answered stands in the decision on record.
    pub verdict: Verdict,
}

/// A warning that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Its name.
    pub id: warning::Id,
    /// Its rule and member.
    pub subject: Subject,
    /// Since when.
    pub since: Day,
    /// Where the household lived then.
    pub division: division::Code,
    /// Its level.
    pub level: Level,
    /// Whether a graver warning mutes it.
    pub muted: bool,
}

impl Head {
    /// Those who belong to the household: sent here by resolve and not left out of a newer full list.
    #[must_use]
    pub fn members(&self) -> Vec<person::Id> {
        let belongs = |person: &person::Id, membership: &Membership| match &self.listed {
            Some(listed) => membership.since > listed.valid || listed.people.contains(person),
            None => true,
        };
        self.people.iter().filter(|(person, claim)| belongs(person, claim)).map(|(person, _)| *person).collect()
    }

    /// Digest of the whole file: members, and every fact by kind.
    #[must_use]
    pub fn file_digest(&self) -> Digest {
        let mut hasher = Hasher::new();
        for person in self.members() {
            hasher.part(&person.0);
        }
        for (kind, digest) in &self.digests {
            hasher.part(kind.as_str().as_bytes()).part(&digest.0);
        }
        hasher.finish()
    }
}

/// Reads a household's head; a household never heard of has an empty one.
///
/// # Errors
/// If the state cannot be read.
pub fn read(state: &dyn State, household: &household::Id) -> Result<Option<Head>, StateFault> {
    load(state, Space::Household, household.as_str().as_bytes())
}

pub(super) fn write(state: &mut dyn State, household: &household::Id, head: &Head) -> Result<(), StateFault> {
    save(state, Space::Household, household.as_str().as_bytes(), head)
}

/// The facts of one kind in a household's file, sorted by fact id, each with its digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    facts: Vec<Fact>,
    digests: Vec<Digest>,
}

impl Chunk {
    /// The facts.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The facts, by themselves.
    pub(crate) fn into_facts(self) -> Vec<Fact> {
        self.facts
    }

    /// Adds a fact; false if it is there already.
    pub(crate) fn add(&mut self, fact: Fact) -> bool {
        let Err(at) = self.facts.binary_search_by_key(&fact.id, |fact| fact.id) else { return false };
        self.digests.insert(at, fact.digest());
        self.facts.insert(at, fact);
        true
    }

    /// Whether a fact is there.
    pub(super) fn has(&self, id: &fact::Id) -> bool {
        self.facts.binary_search_by_key(id, |fact| fact.id).is_ok()
    }

    /// Takes out the facts of a person.
    pub(super) fn remove(&mut self, person: person::Id) -> Vec<Fact> {
        let about = Aim::Person(person);
        let mut stays = self.facts.iter().map(|fact| fact.subject != about).collect::<Vec<_>>().into_iter();
        self.digests.retain(|_| stays.next().unwrap_or(true));
        self.facts.extract_if(.., |fact| fact.subject == about).collect()
    }

    /// Digest of the set.
    pub(crate) fn digest(&self) -> Digest {
        let mut hasher = Hasher::new();
        for digest in &self.digests {
            hasher.part(&digest.0);
        }
        hasher.finish()
    }
}

/// The facts of one kind in a household's file.
///
/// # Errors
/// If the state cannot be read.
pub fn chunk(state: &dyn State, household: &household::Id, kind: &Kind) -> Result<Chunk, StateFault> {
    Ok(load(state, Space::HouseholdFact, &facts_key(household, kind))?.unwrap_or_default())
}

/// All facts in a household's file by kind.
///
/// # Errors
/// If the state cannot be read.
pub fn chunks(state: &dyn State, household: &household::Id) -> Result<BTreeMap<Kind, Chunk>, StateFault> {
    let mut found = BTreeMap::new();
    for (key, bytes) in state.scan(Space::HouseholdFact, &facts_key(household, &Kind(String::new())))? {
        let name = key.iter().position(|byte| *byte == 0).and_then(|at| key.get(at + 1..)).unwrap_or_default();
        found.insert(Kind(String::from_utf8_lossy(name).into_owned()), decode(&bytes)?);
    }
    Ok(found)
}

/// Household, a zero byte (which no household has in its name), kind.
pub(super) fn facts_key(household: &household::Id, kind: &Kind) -> Vec<u8> {
    [household.as_str().as_bytes(), &[0], kind.as_str().as_bytes()].concat()
}
