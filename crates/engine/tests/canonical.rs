//! What a state knows has one form, whatever the key under which people and facts are named, and however often the
//! same was said.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{NoSeal, bundle, enter, event, id_number, now};
use doudi_engine::admit::{Admitter, envelope};
use doudi_engine::canonical::{Names, form};
use doudi_model::person::{self, PseudonymKey};
use doudi_model::stage::{Memory, Space, State};
use doudi_model::{Digest, Fact};
use serde_json::{Value, json};

const SPACES: [Space; 5] = [Space::Person, Space::PersonFact, Space::Household, Space::HouseholdFact, Space::Coverage];

/// A house under a key: its state, and the numbers in its vault.
struct House {
    key: PseudonymKey,
    state: Memory,
    numbers: Vec<(person::Id, Vec<u8>)>,
    position: u64,
}

impl House {
    fn new(key: u8) -> House {
        House { key: PseudonymKey::new([key; 32]), state: Memory::default(), numbers: Vec::new(), position: 0 }
    }

    fn hear(&mut self, events: &[Value]) -> &mut House {
        for event in events {
            let admitter = Admitter { bundle: bundle(), key: &self.key, seal: &NoSeal };
            let taken = envelope::structured(event.to_string().as_bytes()).unwrap();
            let taken = admitter.admit(taken, now()).unwrap();
            let numbers = taken.identities.into_iter().map(|(person, sealed)| (person, sealed.0));
            self.numbers.extend(numbers);
            let facts: Vec<Fact> = taken.facts;
            enter(&mut self.state, self.position, now(), &facts);
            self.position += 1;
        }
        self
    }

    fn known(&self) -> Vec<(u8, Digest)> {
        let mut names = Names::new();
        self.numbers.iter().for_each(|(person, number)| names.number(*person, number));
        let facts = || {
            let spaces = [Space::PersonFact, Space::HouseholdFact];
            spaces.into_iter().flat_map(|space| {
                self.state.scan(space, &[]).unwrap().into_iter().map(move |(_, value)| (space, value))
            })
        };
        facts().for_each(|(space, value)| names.survey(space, &value).unwrap());
        names.surveyed();
        facts().for_each(|(space, value)| names.name(space, &value).unwrap());
        let mut forms = Vec::new();
        for space in SPACES {
            for (key, value) in self.state.scan(space, &[]).unwrap() {
                forms.extend(form(&names, space, &key, &value).unwrap().map(|form| (space as u8, form)));
            }
        }
        forms.sort();
        forms
    }
}

fn said() -> Vec<Value> {
    let (old, young) = (id_number("19500102", "421202"), id_number("20120506", "421202"));
    let members = json!([
        {"id": old, "name": "某某", "relation": "head"},
        {"id": young, "name": "某某", "relation": "child"},
        {"provisional": "红衣老人", "name": "某某", "relation": "other"},
    ]);
    let bill = |id: &str, paid: i64| {
        let data = json!({"settled_on": "2026-11-01", "self_paid": paid, "total": paid, "settled": true,
            "inpatient": true, "disease": "none"});
        event(id, "medical.expense", &old, data)
    };
    let mut corrected = bill("b2", 900_000);
    corrected["supersedes"] = "b1".into();
    vec![
        event(
            "h",
            "household.registered",
            "household:h-1",
            json!({"division": "421202001002", "members": members, "on": "2026-01-05"}),
        ),
        bill("b1", 1_900_000),
        corrected,
        event("a", "aid.status", "household:h-1", json!({"scheme": "edge", "status": "in", "from": "2025-02-01"})),
        event(
            "c",
            "source.coverage",
            "division:421202000000",
            json!({"kind": "medical.expense", "through": "2026-11-19"}),
        ),
    ]
}

#[test]
fn houses_with_other_keys_and_duplicates_know_the_same() {
    let (one, other) = (House::new(1).hear(&said()).known(), House::new(2).hear(&said()).hear(&said()).known());
    assert!(one.len() > 8);
    assert_eq!(one, other);
}

#[test]
fn one_correction_less_is_another_knowledge() {
    let all = said();
    let without: Vec<Value> = all.iter().filter(|event| event["id"] != "b2").cloned().collect();
    assert_ne!(House::new(1).hear(&all).known(), House::new(1).hear(&without).known());
}

#[test]
fn an_event_that_corrects_another_is_not_the_same_as_one_that_corrects_nothing() {
    let mut loose = said();
    loose[2].as_object_mut().unwrap().remove("supersedes");
    assert_ne!(House::new(1).hear(&said()).known(), House::new(1).hear(&loose).known());
}
