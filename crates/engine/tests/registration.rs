//! Who registers a household wrongly can put it right: what a correction no longer lists is claimed no longer.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{enter, event, facts, id_number, now};
use doudi_engine::{replay, resolve, score};
use doudi_model::fact::Subject;
use doudi_model::stage::Memory;
use doudi_model::{Fact, household, person};
use serde_json::{Value, json};

const BIRTHS: [&str; 3] = ["19500102", "19710203", "20120506"];

fn number(who: usize) -> String {
    id_number(BIRTHS[who], "421202")
}

fn registered(id: &str, household: &str, on: &str, people: &[usize]) -> Value {
    let members: Vec<Value> =
        people.iter().map(|who| json!({"id": number(*who), "name": "某某", "relation": "other"})).collect();
    let data = json!({"division": "421202001002", "members": members, "on": on});
    event(id, "household.registered", &format!("household:{household}"), data)
}

fn corrects(mut event: Value, earlier: &str) -> Value {
    event["supersedes"] = earlier.into();
    event
}

fn takes_back(id: &str, household: &str, earlier: &str) -> Value {
    let mut event = corrects(registered(id, household, "2026-06-01", &[0]), earlier);
    event["withdrawn"] = true.into();
    event.as_object_mut().unwrap().remove("data");
    event
}

fn expense(who: usize) -> Value {
    let data = json!({"settled_on": "2026-09-01", "self_paid": 50_000, "total": 50_000, "settled": true, "inpatient": false, "disease": "none"});
    event(&format!("bill-{who}"), "medical.expense", &number(who), data)
}

fn who(number_of: usize) -> person::Id {
    let Subject::Person(person) = facts(&expense(number_of)).unwrap()[0].subject else { panic!() };
    person
}

/// Takes the events one by one, and each decision again from the facts known then.
fn play(events: &[Value]) -> Memory {
    let mut state = Memory::default();
    let mut records = Vec::new();
    for (position, event) in events.iter().enumerate() {
        records.extend(enter(&mut state, position as u64, now(), &facts(event).unwrap()).records);
    }
    for record in records.iter().filter(|record| record["type"] == "decision") {
        let household: household::Id = record["household"].as_str().unwrap().parse().unwrap();
        let day = record["day"].as_str().unwrap().parse().unwrap();
        let position = record["position"].as_u64().unwrap();
        let again = replay::decide(&state, common::bundle(), &household, position, day).unwrap();
        again.iter().for_each(|(name, value)| assert_eq!(&record[name], value, "{name} of {household} at {position}"));
    }
    state
}

fn members(state: &Memory, household: &str) -> Vec<person::Id> {
    score::read(state, &household.parse().unwrap()).unwrap().unwrap_or_default().members()
}

/// Whether the bill of a person is in the file of a household.
fn has_bill(state: &Memory, household: &str, person: person::Id) -> bool {
    let chunks = score::chunks(state, &household.parse().unwrap()).unwrap();
    let all = chunks.values().flat_map(|chunk| chunk.facts());
    all.filter(|fact| fact.subject == Subject::Person(person)).any(is_bill)
}

fn is_bill(fact: &Fact) -> bool {
    fact.kind.as_str() == "medical.expense"
}

fn in_any_order(events: [Value; 4], check: impl Fn(&Memory)) {
    for a in 0..4 {
        for b in (0..4).filter(|b| *b != a) {
            for c in (0..4).filter(|c| ![a, b].contains(c)) {
                let order = [a, b, c, 6 - a - b - c];
                check(&play(&order.map(|at| events[at].clone())));
            }
        }
    }
}

#[test]
fn who_is_left_out_of_a_correction_goes_back_to_the_household_before_with_their_facts() {
    let events = [
        registered("e1", "h-1", "2026-01-01", &[0, 1]),
        registered("e2", "h-2", "2026-06-01", &[1, 2]),
        expense(1),
        corrects(registered("e3", "h-2", "2026-06-01", &[2]), "e2"),
    ];
    let state = play(&events[..3]);
    assert_eq!(members(&state, "h-2").len(), 2);
    assert!(has_bill(&state, "h-2", who(1)));
    in_any_order(events, |state| {
        assert!(members(state, "h-1").contains(&who(1)));
        assert_eq!(members(state, "h-2"), [who(2)]);
        assert!(has_bill(state, "h-1", who(1)) && !has_bill(state, "h-2", who(1)));
    });
}

#[test]
fn a_registration_taken_back_leaves_nobody_in_the_household() {
    let events = [
        registered("e1", "h-1", "2026-01-01", &[0, 1]),
        registered("e2", "h-2", "2026-06-01", &[1, 2]),
        expense(2),
        takes_back("e3", "h-2", "e2"),
    ];
    in_any_order(events, |state| {
        assert_eq!(members(state, "h-1").len(), 2);
        assert!(members(state, "h-2").is_empty());
        // Nobody else has this person: the bill waits for whoever will.
        assert_eq!(resolve::home(state, who(2)).unwrap(), None);
        assert!(resolve::parked(state, who(2)).unwrap().iter().any(is_bill));
    });
}

#[test]
fn the_correction_of_a_correction_lists_who_belongs() {
    let events = [
        registered("e1", "h-1", "2026-01-01", &[0, 1, 2]),
        corrects(registered("e2", "h-1", "2026-01-01", &[0]), "e1"),
        corrects(registered("e3", "h-1", "2026-01-01", &[0, 2]), "e2"),
        expense(1),
    ];
    in_any_order(events, |state| {
        assert_eq!(members(state, "h-1").len(), 2);
        assert!(members(state, "h-1").contains(&who(2)));
        assert_eq!(resolve::home(state, who(1)).unwrap(), None);
    });
}
