//! What touches many households at once: a day, a delivery, another bundle.
//!
//! The entry that says so only puts it on the agenda. Sweeps do the work, so many households an entry, so that nobody's
//! alert waits behind everyone's daily look.
//!
//! INVARIANT: it shows nowhere how late a household's turn comes. It is looked at as of the entry that put it
//! on the agenda; and where a fact comes first, everything that the agenda holds for its household is done before.

use doudi_model::division::Code;
use doudi_model::fact::Kind;
use doudi_model::household;
use doudi_model::stage::{At, Pairs, Space, State, StateFault, decode, load, save};
use doudi_rules::bundle::Bundle;
use serde::{Deserialize, Serialize};

use super::fold::Touched;
use super::head::Head;
use super::refresh::{Refresh, day_key, household_of_due};
use super::{News, read};
use crate::effect::Effects;

const KEY: &[u8] = b"agenda";

/// What is left to do, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Agenda(Vec<Item>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Item {
    /// The entry that put it here.
    at: At,
    cause: Cause,
    /// The last key looked at; empty before the first.
    behind: Vec<u8>,
}

/// Why households are to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Cause {
    /// A day began: those for which something crosses on it.
    Day,
    /// A source delivered: those who were waiting for it.
    Delivery(Kind, Code),
    /// Another bundle decides: everyone.
    Bundle,
}

impl Agenda {
    fn load(state: &dyn State) -> Result<Agenda, StateFault> {
        Ok(load(state, Space::Meta, KEY)?.unwrap_or_default())
    }

    fn save(&self, state: &mut dyn State) -> Result<(), StateFault> {
        if self.0.is_empty() {
            state.remove(Space::Meta, KEY);
            return Ok(());
        }
        save(state, Space::Meta, KEY, self)
    }
}

/// Puts something on the agenda; returns false where that is not needed, because it concerns nobody.
pub(super) fn add(state: &mut dyn State, at: At, cause: Cause) -> Result<bool, StateFault> {
    let mut agenda = Agenda::load(state)?;
    let item = Item { at, cause, behind: Vec::new() };
    // What is on the agenda already may lead to someone whom this concerns.
    if agenda.0.is_empty() && item.next(state, 1)?.is_empty() {
        return Ok(false);
    }
    agenda.0.push(item);
    agenda.save(state)?;
    Ok(true)
}

/// Whether households are left to look at.
///
/// # Errors
/// If the state cannot be read.
pub fn pending(state: &dyn State) -> Result<bool, StateFault> {
    Ok(!Agenda::load(state)?.0.is_empty())
}

/// Looks at up to so many households of those on the agenda. Where all of a day have been looked at, it ends and says
/// so in [`Effects::day`].
///
/// # Errors
/// If the state cannot be read or written.
pub fn sweep(state: &mut dyn State, bundle: &Bundle, households: u32) -> Result<Effects, StateFault> {
    let mut agenda = Agenda::load(state)?;
    let mut left = usize::try_from(households).unwrap_or(usize::MAX);
    let mut effects = Effects::default();
    while left > 0
        && let Some(item) = agenda.0.first_mut()
    {
        let found = item.next(state, left)?;
        let ended = found.len() < left;
        left -= found.len();
        for (key, value) in found {
            if let (true, Some(household)) = (item.reaches(bundle, &value)?, item.household(&key)) {
                let head = read(state, &household)?.unwrap_or_default();
                if let Some(touched) = item.concerns(bundle, &head) {
                    item.look(state, bundle, &household, head, touched, &mut effects)?;
                }
            }
            item.behind = key;
        }
        if ended {
            let done = agenda.0.remove(0);
            if done.cause == Cause::Day {
                effects.day = Some(done.at);
                break;
            }
        }
    }
    agenda.save(state)?;
    Ok(effects)
}

/// Does what the agenda holds for one household, and returns its head thereafter.
pub(super) fn catch_up(
    state: &mut dyn State,
    bundle: &Bundle,
    household: &household::Id,
    mut head: Head,
    effects: &mut Effects,
) -> Result<Head, StateFault> {
    for item in Agenda::load(state)?.0 {
        if let Some(touched) = item.concerns(bundle, &head) {
            item.look(state, bundle, household, head, touched, effects)?;
            head = read(state, household)?.unwrap_or_default();
        }
    }
    Ok(head)
}

impl Item {
    /// The next households that may be concerned, as keys of an index.
    fn next(&self, state: &dyn State, limit: usize) -> Result<Pairs, StateFault> {
        match &self.cause {
            Cause::Day => {
                let mut found = state.scan_some(Space::HouseholdDue, &[], &self.behind, limit)?;
                let today = day_key(self.at.day());
                found.retain(|(key, _)| key.get(..4).is_some_and(|day| *day <= today[..]));
                Ok(found)
            }
            Cause::Delivery(kind, _) => state.scan_some(Space::Stale, &waiting(kind), &self.behind, limit),
            Cause::Bundle => state.scan_some(Space::Household, &[], &self.behind, limit),
        }
    }

    /// The household of a key of that index.
    fn household(&self, key: &[u8]) -> Option<household::Id> {
        let id = match &self.cause {
            Cause::Day => return household_of_due(key),
            Cause::Delivery(kind, _) => key.get(waiting(kind).len()..)?,
            Cause::Bundle => key,
        };
        std::str::from_utf8(id).ok()?.parse().ok()
    }

    /// Whether it may concern a household by what the index says of it, without reading more.
    fn reaches(&self, bundle: &Bundle, value: &[u8]) -> Result<bool, StateFault> {
        let Cause::Delivery(_, division) = &self.cause else { return Ok(true) };
        let place: Option<Code> = decode(value)?;
        Ok(place.is_some_and(|place| bundle.divisions().is_within(place, *division)))
    }

    /// Whether a household is concerned, and which kinds of fact it is to read again: `None` for all.
    fn concerns(&self, bundle: &Bundle, head: &Head) -> Option<Option<Touched>> {
        // Whoever was looked at as of a later entry was caught up then.
        if head.looked.is_some_and(|looked| looked >= self.at.position) {
            return None;
        }
        match &self.cause {
            Cause::Day => head.due.is_some_and(|due| due <= self.at.day()).then_some(None),
            Cause::Delivery(kind, division) => {
                let within = |place| bundle.divisions().is_within(place, *division);
                let waits = head.waiting.contains(kind) && head.waiting_at.is_some_and(within);
                waits.then(|| Some(Touched::from([kind.clone()])))
            }
            Cause::Bundle => (head.bundle != Some(bundle.digest())).then_some(None),
        }
    }

    /// Looks at a household as of the entry.
    fn look(
        &self,
        state: &mut dyn State,
        bundle: &Bundle,
        household: &household::Id,
        head: Head,
        touched: Option<Touched>,
        effects: &mut Effects,
    ) -> Result<(), StateFault> {
        Refresh { bundle, household, at: self.at }.run(state, head, touched, &News::default(), effects)
    }
}

fn waiting(kind: &Kind) -> Vec<u8> {
    [kind.as_str().as_bytes(), &[0]].concat()
}
