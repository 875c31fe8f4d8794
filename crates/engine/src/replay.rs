//! A decision anew: the file as it was known at a log position, evaluated whole, to the same body bit for bit.
//!
//! This path shares nothing with the incremental one but the meaning of features and rules: it takes the
//! facts wherever they rest now, filters them by when they became known, and computes everything from scratch.

use std::collections::BTreeMap;

use doudi_model::fact::{Kind, Subject};
use doudi_model::stage::{State, StateFault};
use doudi_model::{Day, Fact, household, person};
use doudi_rules::bundle::Bundle;
use serde_json::{Map, Value};

use crate::resolve::{REGISTERED, home, home_by, parked};
use crate::score::{Chunk, Head, body, chunks, coverage_for, file_of, read, settle};

/// The body of the decision on a household as it had to be at a log position on a day; see [`body`].
///
/// # Errors
/// If the state cannot be read.
pub fn decide(
    state: &dyn State,
    bundle: &Bundle,
    household: &household::Id,
    position: u64,
    day: Day,
) -> Result<Map<String, Value>, StateFault> {
    let (head, kept) = file_at(state, household, position)?;
    let coverage = coverage_for(state, bundle, &bundle.path(head.division), None, position)?;
    let file = file_of(bundle, &head, &kept, coverage);
    let evaluation = bundle.evaluate(&file, day, None);
    Ok(body(bundle, household, head.division, head.file_digest(), day, &evaluation))
}

/// Head and facts of a household as known at a log position.
///
/// # Errors
/// If the state cannot be read.
pub fn file_at(
    state: &dyn State,
    household: &household::Id,
    position: u64,
) -> Result<(Head, BTreeMap<Kind, Chunk>), StateFault> {
    let now = read(state, household)?.unwrap_or_default();
    let mut head = Head::default();
    let mut kept: BTreeMap<Kind, Chunk> = BTreeMap::new();
    let mut add = |fact: Fact| {
        kept.entry(fact.kind.clone()).or_default().add(fact);
    };
    for chunk in chunks(state, household)?.values() {
        for fact in chunk.facts() {
            if fact.position <= position && matches!(fact.subject, Subject::Household(_)) {
                add(fact.clone());
            }
        }
    }
    for person in now.people.keys().chain(&now.past) {
        let mut facts = facts_of(state, *person)?;
        facts.retain(|fact| fact.position <= position);
        let home = home_by(&facts).filter(|(home, _)| home == household);
        if let Some((_, claim)) = home {
            head.people.insert(*person, claim);
            facts.into_iter().for_each(&mut add);
        }
    }
    head.digests = kept.iter().map(|(kind, chunk)| (kind.clone(), chunk.digest())).collect();
    if let Some(registrations) = kept.get(&Kind::from(REGISTERED)) {
        settle(&mut head, registrations.facts());
    }
    Ok((head, kept))
}

/// All facts of a person: in the file of their household, or parked.
///
/// # Errors
/// If the state cannot be read.
pub fn facts_of(state: &dyn State, person: person::Id) -> Result<Vec<Fact>, StateFault> {
    let Some(home) = home(state, person)? else { return parked(state, person) };
    let all = chunks(state, &home)?.into_values().flat_map(Chunk::into_facts);
    Ok(all.filter(|fact| fact.subject == Subject::Person(person)).collect())
}
