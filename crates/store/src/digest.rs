//! Digests of the state.

use doudi_model::Digest;
use doudi_model::digest::Hasher;
use doudi_model::stage::{Space, StateFault};

use crate::books::Books;
use crate::entry::DeadHead;
use crate::state::Walk;

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
