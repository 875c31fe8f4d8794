//! Digests of the state.

use doudi_engine::canonical::{self, Names};
use doudi_model::digest::Hasher;
use doudi_model::stage::{Space, StateFault};
use doudi_model::value::Sealed;
use doudi_model::{Digest, person};

use crate::books::Books;
use crate::entry::DeadHead;
use crate::fault::Fault;
use crate::state::Walk;
use crate::vault::Vault;

/// All spaces, in the order in which they are digested.
const SPACES: [Space; 20] = [
    Space::Meta,
    Space::Seen,
    Space::Person,
    Space::PersonFact,
    Space::Household,
    Space::HouseholdFact,
    Space::HouseholdDue,
    Space::Coverage,
    Space::Case,
    Space::CaseDue,
    Space::CaseByHousehold,
    Space::CaseByOffice,
    Space::Correction,
    Space::Vault,
    Space::DeadLetter,
    Space::Record,
    Space::RecordByHousehold,
    Space::KafkaOffset,
    Space::Outbox,
    Space::Stale,
];

/// Digest of every key and value: equal for a state and the one rebuilt from the same log.
///
/// # Errors
/// If the state cannot be read.
pub fn exact(state: &dyn Walk) -> Result<Digest, StateFault> {
    digest(state, &|_, _, value| Some(value.to_vec()))
}

/// Digest of what the state knows, equal for houses that know the same, whatever the order and the house.
///
/// `canonical` gives the comparable form of a value of the stages' spaces, or `None` if the pair does not count: log
/// positions, known-since instants and sealed bytes differ between houses. Of the house's own spaces,
/// the names of events, the people in the vault and the dead letters with their codes count.
///
/// # Errors
/// If the state cannot be read.
pub fn logical(
    state: &dyn Walk,
    canonical: &dyn Fn(Space, &[u8], &[u8]) -> Option<Vec<u8>>,
) -> Result<Digest, StateFault> {
    digest(state, &|space, key, value| match space {
        Space::Vault => Some(Vec::new()),
        // Runs of names lie differently where events came in another order; their sum does not.
        Space::Meta => Books::read(key, value).map(|books| books.names.to_be_bytes().to_vec()),
        Space::DeadLetter => {
            let head: Option<DeadHead> = doudi_model::stage::decode(value).ok();
            head.map(|head| format!("{} {}", head.problem.code, head.resolved.is_some()).into_bytes())
        }
        Space::Seen | Space::Record | Space::RecordByHousehold | Space::KafkaOffset | Space::Outbox => None,
        _ => canonical(space, key, value),
    })
}

/// Digest of what the state knows, equal in whatever house the same is known: also under another key, with another
/// log, and after another run of duplicates.
///
/// # Errors
/// If the state cannot be read, or the vault is not the one it was written under.
pub fn known(state: &dyn Walk, vault: &Vault) -> Result<Digest, Fault> {
    let names = names(state, vault)?;
    let mut hasher = Hasher::new();
    for space in SPACES {
        let mut forms = Vec::new();
        state.walk(space, &mut |key, value| {
            forms.extend(known_form(&names, space, key, value)?);
            Ok(())
        })?;
        hasher.part(&canonical::together(&[space as u8], forms).0);
    }
    Ok(hasher.finish())
}

fn names(state: &dyn Walk, vault: &Vault) -> Result<Names, Fault> {
    let mut names = Names::new();
    let mut sealed = None;
    state.walk(Space::Vault, &mut |key, value| {
        let person: Option<[u8; 16]> = key.try_into().ok();
        match (person, vault.open(&Sealed(value.to_vec()))) {
            (Some(person), Ok(number)) => names.number(person::Id(person), number.reveal()),
            (_, Err(fault)) => sealed = Some(fault),
            (None, Ok(_)) => {}
        }
        Ok(())
    })?;
    if let Some(fault) = sealed {
        return Err(fault);
    }
    for space in [Space::PersonFact, Space::HouseholdFact] {
        state.walk(space, &mut |_, value| names.survey(space, value))?;
    }
    names.surveyed();
    for space in [Space::PersonFact, Space::HouseholdFact] {
        state.walk(space, &mut |_, value| names.name(space, value))?;
    }
    Ok(names)
}

fn known_form(names: &Names, space: Space, key: &[u8], value: &[u8]) -> Result<Option<Digest>, StateFault> {
    match space {
        Space::Meta => {
            let books = Books::read(key, value);
            Ok(books.map(|books| Digest::of(&books.admitted.to_be_bytes())))
        }
        Space::Vault => {
            let person: Option<[u8; 16]> = key.try_into().ok();
            Ok(person.map(|person| names.person(&person::Id(person))))
        }
        Space::DeadLetter => {
            let head: DeadHead = doudi_model::stage::decode(value)?;
            let said = format!("{} {:?} {}", head.problem.code, head.problem.field, head.resolved.is_some());
            Ok(Some(Digest::of(said.as_bytes())))
        }
        Space::Case => doudi_routing::canonical::case(value, &|person| names.person(person)).map(Some),
        Space::Correction => doudi_routing::canonical::correction(key, value),
        _ => canonical::form(names, space, key, value),
    }
}

fn digest(state: &dyn Walk, form: &dyn Fn(Space, &[u8], &[u8]) -> Option<Vec<u8>>) -> Result<Digest, StateFault> {
    let mut hasher = Hasher::new();
    for space in SPACES {
        hasher.part(&[space as u8]);
        state.walk(space, &mut |key, value| {
            if let Some(form) = form(space, key, value) {
                hasher.part(key).part(&form);
            }
            Ok(())
        })?;
    }
    Ok(hasher.finish())
}
