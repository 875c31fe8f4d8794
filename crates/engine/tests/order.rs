//! A file is a set of facts: any order, repetition and split of the same facts gives the same households, and
//! every decision taken on the way can be taken again from the facts known then.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{bundle, enter, event, facts, hurry, id_number, now, tick};
use doudi_engine::{replay, score};
use doudi_model::stage::{At, Memory};
use doudi_model::{Day, Fact, Instant, household};
use doudi_rules::feature::Reading;
use proptest::prelude::*;
use serde_json::{Value, json};

const HOUSEHOLDS: [&str; 3] = ["h-1", "h-2", "h-3"];
const DIVISIONS: [&str; 3] = ["421202001002", "421202003005", "421221450202"];
const BIRTHS: [&str; 6] = ["19500102", "19710203", "19800304", "20050405", "20120506", "20210607"];

fn person(number: usize) -> String {
    id_number(BIRTHS[number], "421202")
}

fn day() -> impl Strategy<Value = Day> {
    (0..700_i32).prop_map(|back| now().day().plus_days(-back))
}

fn registration() -> impl Strategy<Value = (String, String, Value)> {
    (0..3_usize, 0..3_usize, prop::collection::btree_set(0..6_usize, 1..5), day()).prop_map(
        |(h, division, people, on)| {
            let members: Vec<Value> =
                people.iter().map(|at| json!({"id": person(*at), "name": "某某", "relation": "other"})).collect();
            let data = json!({"division": DIVISIONS[division], "members": members, "on": on});
            ("household.registered".to_owned(), format!("household:{}", HOUSEHOLDS[h]), data)
        },
    )
}

fn about_person() -> impl Strategy<Value = (String, String, Value)> {
    let expense = (day(), 0..3_000_000_i64, any::<bool>(), any::<bool>()).prop_map(|(on, paid, settled, inpatient)| {
        ("medical.expense", json!({"settled_on": on, "self_paid": paid, "total": paid, "settled": settled, "inpatient": inpatient, "disease": "none"}))
    });
    let income = (day(), 0..800_000_i64).prop_map(|(on, amount)| {
        let first = Day::new(on.year(), on.month(), 1).unwrap();
        ("income.monthly", json!({"month": first, "amount": amount, "kind": "wage"}))
    });
    let death = day().prop_map(|on| ("person.death", json!({"died_on": on})));
    let disability = (day(), 1..5_i64).prop_map(|(on, grade)| {
        ("disability.certificate", json!({"category": "limb", "grade": grade, "status": "valid", "issued_on": on}))
    });
    let left = (day(), 0..3_usize)
        .prop_map(|(on, h)| ("household.left", json!({"household": HOUSEHOLDS[h], "reason": "moved", "on": on})));
    (0..6_usize, prop_oneof![5 => expense, 5 => income, 1 => death, 2 => disability, 1 => left])
        .prop_map(|(who, (kind, data))| (kind.to_owned(), person(who), data))
}

fn about_household() -> impl Strategy<Value = (String, String, Value)> {
    let aid = (day(), prop_oneof![Just("dibao"), Just("edge"), Just("rigid")], prop_oneof![Just("in"), Just("out")])
        .prop_map(|(from, scheme, status)| ("aid.status", json!({"scheme": scheme, "status": status, "from": from})));
    let monitored =
        day().prop_map(|on| ("relapse.monitored", json!({"kind": "edge", "identified_on": on, "status": "monitored"})));
    (0..3_usize, prop_oneof![aid, monitored])
        .prop_map(|(h, (kind, data))| (kind.to_owned(), format!("household:{}", HOUSEHOLDS[h]), data))
}

fn coverage() -> impl Strategy<Value = (String, String, Value)> {
    let kind = prop_oneof![
        Just("medical.expense"),
        Just("income.monthly"),
        Just("aid.status"),
        Just("disability.certificate")
    ];
    (day(), kind).prop_map(|(through, kind)| {
        ("source.coverage".to_owned(), "division:421202000000".to_owned(), json!({"kind": kind, "through": through}))
    })
}

/// Events, some of which correct or take back an earlier one about the same subject.
fn events() -> impl Strategy<Value = Vec<Value>> {
    let one = prop_oneof![3 => registration(), 8 => about_person(), 3 => about_household(), 2 => coverage()];
    (prop::collection::vec(one, 1..40), prop::collection::vec(0..40_usize, 0..6)).prop_map(|(made, corrected)| {
        let mut events: Vec<Value> = made
            .iter()
            .enumerate()
            .map(|(at, (kind, subject, data))| event(&format!("e{at}"), kind, subject, data.clone()))
            .collect();
        for (at, target) in corrected.into_iter().enumerate() {
            let Some((kind, subject, data)) = made.get(target % made.len()) else { continue };
            if kind == "source.coverage" {
                continue;
            }
            let mut correction = event(&format!("c{at}"), kind, subject, data.clone());
            correction["supersedes"] = format!("e{}", target % made.len()).into();
            if at % 2 == 0 {
                correction["withdrawn"] = true.into();
            } else if kind == "household.registered" {
                let listed = correction["data"]["members"].as_array_mut().unwrap();
                let others: Vec<usize> =
                    (0..6).filter(|who| listed.iter().all(|entry| entry["id"] != person(*who))).collect();
                listed.remove(0);
                listed.push(json!({"id": person(others[target % others.len()]), "name": "某某", "relation": "other"}));
            } else if kind == "medical.expense" {
                correction["data"]["self_paid"] = 12_300.into();
            }
            events.push(correction);
        }
        events
    })
}

/// What must not depend on order: members, facts, what features read, what rules answer.
///
/// When a household is next looked at may differ: a delivery that only prolongs freshness touches nobody, so the
/// look may come earlier than it need. That it never comes too late is the other test's matter.
fn known(state: &Memory) -> Vec<String> {
    let values = |readings: &[Reading]| -> Vec<String> {
        readings.iter().map(|reading| format!("{:?}", reading.value)).collect()
    };
    HOUSEHOLDS
        .iter()
        .map(|id| {
            let id: household::Id = id.parse().unwrap();
            let head = score::read(state, &id).unwrap().unwrap_or_default();
            let answers: Vec<_> =
                head.answers.iter().map(|answer| (answer.rule, answer.person, answer.verdict)).collect();
            let members: Vec<_> = head.readings.members.iter().map(|(who, all)| (who, values(all))).collect();
            let household = values(&head.readings.household);
            let digest = head.file_digest();
            format!("{:?} {:?} {digest} {household:?} {members:?} {answers:?}", head.division, head.members())
        })
        .collect()
}

fn play(entries: &[Vec<Fact>]) -> (Memory, Vec<Value>) {
    let mut state = Memory::default();
    let mut records = Vec::new();
    for (position, facts) in entries.iter().enumerate() {
        records.extend(enter(&mut state, position as u64, now(), facts).records);
    }
    (state, records)
}

/// Plays entries while sweeps come late, one household each and not after every entry.
fn play_in_a_hurry(entries: &[Vec<Fact>], seed: u64) -> (Memory, Vec<Value>) {
    let mut state = Memory::default();
    let mut records = Vec::new();
    for (position, facts) in entries.iter().enumerate() {
        let at = At { position: position as u64, instant: now() };
        records.extend(hurry(&mut state, at, facts).records);
        if (seed >> (position % 61)) & 1 == 1 {
            records.extend(score::sweep(&mut state, bundle(), 1).unwrap().records);
        }
    }
    while score::pending(&state).unwrap() {
        records.extend(score::sweep(&mut state, bundle(), 1).unwrap().records);
    }
    (state, records)
}

/// What each household was told, in its order, and what it is left with; the numbers of the record are left out.
fn told(state: &Memory, records: &[Value]) -> Vec<Value> {
    let of = |id: &&str| {
        let own = records.iter().filter(|record| record["household"] == *id).cloned();
        let own: Vec<Value> = own.map(without_numbers).collect();
        let head = score::read(state, &id.parse().unwrap()).unwrap().unwrap_or_default();
        let head = score::Head { decision: None, ..head };
        json!([own, format!("{head:?}")])
    };
    HOUSEHOLDS.iter().map(of).collect()
}

fn without_numbers(mut record: Value) -> Value {
    let members = record.as_object_mut().unwrap();
    members.remove("seq");
    members.remove("decision");
    record
}

#[track_caller]
fn replays(state: &Memory, records: &[Value]) {
    for record in records.iter().filter(|record| record["type"] == "decision") {
        let household: household::Id = record["household"].as_str().unwrap().parse().unwrap();
        let position = record["position"].as_u64().unwrap();
        let day: Day = record["day"].as_str().unwrap().parse().unwrap();
        let again = replay::decide(state, bundle(), &household, position, day).unwrap();
        for (name, value) in &again {
            assert_eq!(&record[name], value, "{name} of {household} at {position}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn order_repetition_and_split_do_not_matter(events in events(), seed in any::<u64>()) {
        let entries: Vec<Vec<Fact>> = events.iter().map(|event| facts(event).unwrap()).collect();
        let (straight, records) = play(&entries);
        replays(&straight, &records);

        let mut shuffled: Vec<Vec<Fact>> = entries.iter().chain(entries.iter().step_by(3)).cloned().collect();
        let mut random = seed | 1;
        for at in (1..shuffled.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(at, (random >> 33) as usize % (at + 1));
        }
        let (other, records) = play(&shuffled);
        prop_assert_eq!(known(&straight), known(&other));
        replays(&other, &records);

        let (hurried, late) = play_in_a_hurry(&shuffled, seed);
        replays(&hurried, &late);
        prop_assert_eq!(told(&other, &records), told(&hurried, &late));

        let whole: Vec<Fact> = entries.concat();
        let (at_once, _) = play(&[whole]);
        prop_assert_eq!(known(&straight), known(&at_once));
        let single: Vec<Vec<Fact>> = entries.concat().into_iter().map(|fact| vec![fact]).collect();
        let (one_by_one, _) = play(&single);
        prop_assert_eq!(known(&straight), known(&one_by_one));
    }

    #[test]
    fn ticks_touch_only_what_crosses_and_miss_nothing(events in events(), days in prop::collection::vec(1..60_i32, 1..8)) {
        let entries: Vec<Vec<Fact>> = events.iter().map(|event| facts(event).unwrap()).collect();
        let (mut state, _) = play(&entries);
        let mut day = now().day();
        let mut position = entries.len() as u64;
        for step in days {
            for _ in 0..step {
                day = day.plus_days(1);
                let at = At { position, instant: Instant::start_of(day) };
                let effects = tick(&mut state, at);
                replays(&state, &effects.records);
                position += 1;
            }
            // What the ticks left standing is what a fresh look would say.
            for id in HOUSEHOLDS {
                let id: household::Id = id.parse().unwrap();
                let Some(head) = score::read(&state, &id).unwrap() else { continue };
                let fresh = replay::decide(&state, bundle(), &id, u64::MAX, day).unwrap();
                let mine: Vec<_> = head.answers.iter().filter(|answer| answer.person.is_none()).map(|answer| (bundle().rules()[usize::from(answer.rule)].id.clone(), answer.verdict.json())).collect();
                for (rule, verdict) in mine {
                    prop_assert_eq!(&fresh["verdicts"][&rule], &verdict, "{} of {} on {}", rule, id, day);
                }
            }
        }
    }
}
