//! What the state of a house that is shut consists of.

use std::fmt::Write;
use std::path::Path;

use doudi_model::stage::Space;
use doudi_store::state::{Rooms, Walk};

/// The rooms of the state.
const ROOMS: [Space; 20] = [
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

/// Keys and bytes of each room that is not empty, as a line of text.
pub(crate) fn told(data: &Path) -> String {
    let view = Rooms::open(&data.join("state")).unwrap().view();
    let mut text = String::new();
    for room in ROOMS {
        let (mut keys, mut bytes) = (0_u64, 0_u64);
        view.walk(room, &mut |key, value| {
            keys += 1;
            bytes += (key.len() + value.len()) as u64;
            Ok(())
        })
        .unwrap();
        if let Some(each) = bytes.checked_div(keys) {
            write!(text, "{room:?} {keys} keys of {each} bytes; ").unwrap();
        }
    }
    text
}
