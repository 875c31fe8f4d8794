//! What a house has come to: everything that two houses with the same events must agree in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use doudi_engine::score::{Chunk, Head};
use doudi_model::digest::Hasher;
use doudi_model::stage::{Space, StateFault, decode, encode};
use doudi_model::{Digest, Fact};
use doudi_routing::{Case, index};
use doudi_store::books::Books;
use doudi_store::notice::Notice;
use doudi_store::state::{Rooms, Walk};
use serde_json::{Value, json};

/// The state of a house that is shut, read from its folders.
pub(crate) struct Outcome {
    /// Admitted events, and the sum of their names.
    pub(crate) admitted: (u64, u128),
    /// Open warnings: household, rule, person, level, since when, muted.
    pub(crate) warnings: BTreeSet<String>,
    /// Cases by their number, whole but for log positions.
    pub(crate) cases: BTreeMap<String, Value>,
    /// Refused events with their codes.
    pub(crate) dead_letters: BTreeSet<String>,
    /// The record, household by household (what concerns none under a blank), without numbers and log positions: how
    /// households take turns depends on when a sweep comes, what each is told does not.
    pub(crate) record: BTreeMap<String, Vec<Value>>,
    /// All notices by their numbers.
    pub(crate) notices: BTreeMap<u64, Notice>,
    /// Digests of all that the stages keep, room by room.
    pub(crate) rooms: BTreeMap<String, Digest>,
}

impl Outcome {
    /// Reads a data directory that no process has open.
    pub(crate) fn of(data: &Path) -> Outcome {
        let view = Rooms::open(&data.join("state")).unwrap().view();
        let books = Books::of(&view).unwrap();
        let cases = index::all_cases(&view).unwrap();
        let cases = cases.iter().map(|case| (case.id.to_string(), without_positions(case)));
        Outcome {
            admitted: (books.admitted, books.names),
            warnings: warnings(&view),
            cases: cases.collect(),
            dead_letters: dead_letters(&view),
            record: record(data),
            notices: notices(&view),
            rooms: ROOMS.iter().map(|room| (format!("{room:?}"), digest(&view, *room))).collect(),
        }
    }
}

/// Visits a space whose values can all be decoded.
fn each(view: &dyn Walk, space: Space, mut visit: impl FnMut(&[u8], &[u8])) {
    let mut visitor = |key: &[u8], value: &[u8]| -> Result<(), StateFault> {
        visit(key, value);
        Ok(())
    };
    view.walk(space, &mut visitor).unwrap();
}

fn warnings(view: &dyn Walk) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each(view, Space::Household, |household, value| {
        let head: Head = decode(value).unwrap();
        found.extend(head.open.iter().map(|open| {
            let (household, subject) = (String::from_utf8_lossy(household), &open.subject);
            let (since, level, muted) = (open.since, open.level.name(), open.muted);
            format!("{household} {} {:?} {level} {since} {muted} {:?}", subject.rule, subject.person, open.id)
        }));
    });
    found
}

fn dead_letters(view: &dyn Walk) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each(view, Space::DeadLetter, |_, value| {
        let head: doudi_store::entry::DeadHead = decode(value).unwrap();
        found.insert(format!("{:?} {} {:?}", head.id, head.problem.code, head.problem.field));
    });
    found
}

fn notices(view: &dyn Walk) -> BTreeMap<u64, Notice> {
    let mut found = BTreeMap::new();
    each(view, Space::Outbox, |key, value| {
        let number = u64::from_be_bytes(key.try_into().unwrap());
        found.insert(number, decode(value).unwrap());
    });
    found
}

fn record(data: &Path) -> BTreeMap<String, Vec<Value>> {
    let text = std::fs::read_to_string(data.join("record").join("record.jsonl")).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "the record ends in mid-line");
    let mut record: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in text.lines() {
        let entry = without_numbers(serde_json::from_str(line).unwrap());
        let household = entry["household"].as_str().unwrap_or_default().to_owned();
        record.entry(household).or_default().push(entry);
    }
    record
}

/// A case without the positions of what moved it and the numbers of the decisions behind it. Refused events that are
/// sent again take a place in the log each time, so positions behind them differ; numbers depend on when a sweep comes.
fn without_positions(case: &Case) -> Value {
    without_numbers(serde_json::to_value(case).unwrap())
}

/// Anything without log positions and numbers of the record.
fn without_numbers(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, _)| !["position", "seq", "decision"].contains(&name.as_str()))
            .map(|(name, value)| (name, without_numbers(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_numbers).collect(),
        other => other,
    }
}

/// The rooms of the state that the stages write.
const ROOMS: [Space; 13] = [
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
    Space::Stale,
];

fn digest(view: &dyn Walk, room: Space) -> Digest {
    let mut hasher = Hasher::new();
    each(view, room, |key, value| {
        // When each delivery was heard of is known by log positions.
        if room == Space::Coverage && key.contains(&0) {
            return;
        }
        hasher.part(key).part(&comparable(room, value));
    });
    hasher.finish()
}

/// Facts without log positions and without what sealing makes different each time; the rest byte for byte.
fn comparable(room: Space, value: &[u8]) -> Vec<u8> {
    match room {
        // Coverage says at which position it was heard; what it covers shows in the households' readings.
        Space::Vault | Space::Coverage => Vec::new(),
        Space::PersonFact => decode::<Fact>(value).unwrap().digest().to_string().into_bytes(),
        Space::HouseholdFact => {
            let chunk: Chunk = decode(value).unwrap();
            chunk.facts().iter().map(|fact| fact.digest().to_string()).collect::<String>().into_bytes()
        }
        Space::Household => encode(&Head { decision: None, looked: None, ..decode(value).unwrap() }).unwrap(),
        Space::Case => without_positions(&decode(value).unwrap()).to_string().into_bytes(),
        _ => value.to_vec(),
    }
}

/// A notice as a screen hears it.
pub(crate) fn as_heard(number: u64, notice: &Notice) -> Value {
    json!({"seq": number, "kind": notice.kind, "case": notice.case, "level": notice.level, "at": notice.at})
}
