//! Adding facts to a household's file and taking a person's facts out of it.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::fact::Kind;
use doudi_model::stage::{Space, State, StateFault, save};
use doudi_model::{Fact, Value, household, person};

use super::head::{Chunk, Head, Listed, chunk, chunks, facts_key};
use crate::resolve::{Membership, REGISTERED};

/// Kinds of fact that an entry has changed.
pub(super) type Touched = BTreeSet<Kind>;

/// Adds facts to the file, each shown to `added` before; those it has already change nothing.
pub(super) fn add(
    state: &mut dyn State,
    household: &household::Id,
    head: &mut Head,
    new: Vec<Fact>,
    touched: &mut Touched,
    added: &mut dyn FnMut(&Fact),
) -> Result<(), StateFault> {
    let mut by_kind: BTreeMap<Kind, Vec<Fact>> = BTreeMap::new();
    for fact in new {
        by_kind.entry(fact.kind.clone()).or_default().push(fact);
    }
    for (kind, new) in by_kind {
        let mut kept = chunk(state, household, &kind)?;
        let mut grown = false;
        for fact in new {
            if !kept.has(&fact.id) {
                added(&fact);
                grown |= kept.add(fact);
            }
        }
        if grown {
            put(state, household, head, &kind, &kept)?;
            touched.insert(kind);
        }
    }
    Ok(())
}

/// A person joins, or the circumstances of their belonging change.
pub(super) fn join(head: &mut Head, person: person::Id, claim: Membership, touched: &mut Touched) {
    if head.people.insert(person, claim) != Some(claim) {
        touched.insert(Kind::from(crate::resolve::MEMBER));
    }
}

/// A person leaves; returns the facts that go with them.
pub(super) fn leave(
    state: &mut dyn State,
    household: &household::Id,
    head: &mut Head,
    person: person::Id,
    touched: &mut Touched,
) -> Result<Vec<Fact>, StateFault> {
    head.people.remove(&person);
    head.past.insert(person);
    let mut taken = Vec::new();
    for (kind, mut kept) in chunks(state, household)? {
        let gone = kept.remove(person);
        if !gone.is_empty() {
            put(state, household, head, &kind, &kept)?;
            touched.insert(kind);
            taken.extend(gone);
        }
    }
    touched.insert(Kind::from(crate::resolve::MEMBER));
    Ok(taken)
}

fn put(
    state: &mut dyn State,
    household: &household::Id,
    head: &mut Head,
    kind: &Kind,
    kept: &Chunk,
) -> Result<(), StateFault> {
    let key = facts_key(household, kind);
    if kept.facts().is_empty() {
        state.remove(Space::HouseholdFact, &key);
        head.digests.remove(kind);
    } else {
        save(state, Space::HouseholdFact, &key, kept)?;
        head.digests.insert(kind.clone(), kept.digest());
    }
    if kind.as_str() == REGISTERED {
        settle(head, kept.facts());
    }
    Ok(())
}

/// Where the household lives and who is on its newest list.
pub(crate) fn settle(head: &mut Head, registrations: &[Fact]) {
    let standing = doudi_model::fact::standing(registrations);
    let newest = standing.iter().max_by(|one, other| one.by_time(other));
    head.division = newest.and_then(|fact| fact.text("division")).and_then(|code| code.parse().ok());
    head.listed = newest.map(|fact| Listed {
        valid: fact.valid,
        fact: fact.id,
        people: match fact.fields.get("members") {
            Some(Value::People(people)) => people.clone(),
            _ => Vec::new(),
        },
    });
}
