//! Every event is a CloudEvent of a kind that the bundle's dictionary declares, in the order of arrival.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::inconsistent_digit_grouping,
    reason = "a test may fail"
)]

mod common;

use std::collections::BTreeMap;

use common::{bundle, json, world};
use doudi_model::person::Number;
use doudi_model::{Day, Instant};
use doudi_sim::{Live, Load};
use serde_json::Value;

type Dictionary = BTreeMap<String, toml::Value>;

fn dictionary() -> Dictionary {
    let mut kinds = Dictionary::new();
    for file in std::fs::read_dir(bundle().join("facts")).unwrap() {
        let table: toml::Table = std::fs::read_to_string(file.unwrap().path()).unwrap().parse().unwrap();
        kinds.extend(table);
    }
    kinds
}

/// What is wrong with an event's envelope or data; nothing if it must be accepted.
fn faults(event: &Value, dictionary: &Dictionary, last: Day) -> Vec<String> {
    let mut out = Vec::new();
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    if text("specversion") != "1.0" || text("id").is_empty() || text("source").is_empty() {
        out.push("envelope".to_owned());
    }
    if text("time").parse::<Instant>().is_err() {
        out.push("time".to_owned());
    }
    let kind =
        text("type").strip_prefix("cn.doudi.").and_then(|rest| rest.strip_suffix(".v1")).unwrap_or_default().to_owned();
    let Some(declared) = dictionary.get(&kind) else { return vec![format!("kind {kind}")] };
    match declared["subject"].as_str().unwrap() {
        "person" => out.extend(Number::parse(&text("subject")).err().map(|fault| format!("subject {}", fault.code()))),
        subject => out.extend((!text("subject").starts_with(&format!("{subject}:"))).then(|| "subject".to_owned())),
    }
    let fields = declared["fields"].as_array().unwrap();
    for (name, value) in event["data"].as_object().unwrap() {
        match fields.iter().find(|field| field["name"].as_str() == Some(name)) {
            Some(field) => out.extend(field_fault(field, value, last).map(|fault| format!("{kind}.{name} {fault}"))),
            None => out.push(format!("{kind}.{name} is not declared")),
        }
    }
    for field in fields {
        let name = field["name"].as_str().unwrap();
        let required = field.get("required").and_then(toml::Value::as_bool).unwrap_or(false);
        out.extend((required && event["data"].get(name).is_none()).then(|| format!("{kind}.{name} is missing")));
    }
    out
}

fn field_fault(field: &toml::Value, value: &Value, last: Day) -> Option<&'static str> {
    let future = field.get("future").and_then(toml::Value::as_bool).unwrap_or(false);
    match field["type"].as_str().unwrap() {
        "money" | "int" => {
            let Some(number) = value.as_i64() else { return Some("is no number") };
            let range = field.get("range").and_then(toml::Value::as_array);
            let ends = range.map(|ends| (ends[0].as_integer().unwrap(), ends[1].as_integer().unwrap()));
            ends.filter(|(low, high)| number < *low || number > *high).map(|_| "is out of range")
        }
        "date" => match value.as_str().and_then(|text| text.parse::<Day>().ok()) {
            Some(day) if day > last && !future => Some("lies in the future"),
            Some(_) => None,
            None => Some("is no day"),
        },
        "category" => {
            let codes = field["values"].as_array().unwrap();
            let known = codes.iter().any(|code| code["code"].as_str() == value.as_str());
            (!known).then_some("is no declared code")
        }
        "bool" => (!value.is_boolean()).then_some("is not yes or no"),
        "member_list" => member_fault(value),
        _ => (!value.is_string()).then_some("is no text"),
    }
}

fn member_fault(list: &Value) -> Option<&'static str> {
    for member in list.as_array().unwrap() {
        let numbered = member.get("id").is_some_and(|id| Number::parse(id.as_str().unwrap()).is_ok());
        let marked = member.get("provisional").is_some() && member.get("birth").is_some();
        if !numbered && !marked {
            return Some("has a member without identity");
        }
    }
    None
}

#[test]
fn a_world_without_faults_breaks_no_rule_of_the_dictionary() {
    let options = doudi_sim::Options { faults_per_mille: 0, ..common::options(600, 11) };
    let last = options.as_of;
    let world = doudi_sim::World::new(options, &common::real_tree()).unwrap();
    let dictionary = dictionary();
    let mut kinds = BTreeMap::<String, u32>::new();
    for line in world.events() {
        let event = json(&line);
        assert_eq!(faults(&event, &dictionary, last), Vec::<String>::new(), "{line}");
        *kinds.entry(event["type"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert!(kinds.len() >= 16, "{kinds:?}");
}

#[test]
fn exactly_the_events_said_to_be_refused_break_a_rule() {
    let world = world(800, 12);
    let dictionary = dictionary();
    let truth = world.truth();
    let refused: std::collections::BTreeSet<&str> =
        truth.faults.iter().filter(|fault| fault.refused).map(|fault| fault.event.as_str()).collect();
    assert!(refused.len() > 20);
    let mut seen = 0;
    for line in world.events() {
        let event = json(&line);
        let unknown_division = event["data"]["division"] == "421299999999";
        let bad = unknown_division || !faults(&event, &dictionary, world.options().as_of).is_empty();
        assert_eq!(bad, refused.contains(event["id"].as_str().unwrap()), "{line}");
        seen += u32::from(bad);
    }
    assert_eq!(seen as usize, refused.len());
}

#[test]
fn events_come_in_the_order_of_their_arrival_and_none_before_it_happened() {
    let world = world(400, 13);
    let mut last = Instant::from_ms(0);
    for arrival in world.arrivals() {
        assert!(arrival.at >= last);
        assert!(arrival.at.day() <= world.options().as_of);
        let happened: Instant = json(&arrival.event)["time"].as_str().unwrap().parse().unwrap();
        assert!(happened <= arrival.at, "{}", arrival.event);
        last = arrival.at;
    }
}

#[test]
fn a_name_comes_again_only_with_the_same_bytes() {
    let world = world(800, 14);
    let mut seen = BTreeMap::new();
    let mut repeats = 0_u32;
    for line in world.events() {
        let event = json(&line);
        let name = (event["source"].to_string(), event["id"].to_string());
        if let Some(before) = seen.insert(name, line.clone()) {
            assert_eq!(before, line);
            repeats += 1;
        }
    }
    assert!(repeats > 50, "{repeats}");
}

#[test]
fn a_correction_names_an_event_of_the_same_source_that_came_before() {
    let world = world(800, 15);
    let mut seen = std::collections::BTreeSet::new();
    let (mut corrections, mut withdrawals) = (0, 0);
    for line in world.events() {
        let event = json(&line);
        let source = event["source"].to_string();
        if let Some(earlier) = event.get("supersedes") {
            assert!(seen.contains(&(source.clone(), earlier.to_string())), "{line}");
            corrections += 1;
        }
        withdrawals += i32::from(event["withdrawn"] == true);
        seen.insert((source, event["id"].to_string()));
    }
    assert!(corrections > 20 && withdrawals > 5, "{corrections} {withdrawals}");
}

#[test]
fn some_people_are_known_by_15_digits_to_one_source_and_by_18_to_another() {
    let mut forms: BTreeMap<String, std::collections::BTreeSet<usize>> = BTreeMap::new();
    for line in world(800, 16).events() {
        let event = json(&line);
        let listed = event["data"]["members"].as_array().cloned().unwrap_or_default();
        let ids = listed.iter().filter_map(|member| member["id"].as_str()).chain(event["subject"].as_str());
        for text in ids {
            if let Ok(number) = Number::parse(text) {
                forms.entry(number.reveal().to_owned()).or_default().insert(text.len());
            }
        }
    }
    assert!(forms.values().filter(|lengths| lengths.len() == 2).count() > 10);
}

#[test]
fn live_events_are_admissible_on_their_day() {
    let world = world(300, 17);
    let dictionary = dictionary();
    let now: Instant = "2026-11-25T09:00:00+08:00".parse().unwrap();
    let mut live = Live::new(&world);
    for _ in 0..2_000 {
        let step = live.step(now);
        assert_eq!(faults(&json(&step.event), &dictionary, now.day()), Vec::<String>::new(), "{}", step.event);
    }
}

#[test]
fn load_events_are_admissible_and_have_names_of_their_own() {
    let mut load = Load::new(1, 300, &common::real_tree(), "2026-11-24".parse().unwrap()).unwrap();
    let dictionary = dictionary();
    let mut batch = String::new();
    load.batch(5_000, &mut batch);
    let events = json(&batch);
    let mut names = std::collections::BTreeSet::new();
    for event in events.as_array().unwrap() {
        assert_eq!(faults(event, &dictionary, load.world().options().as_of), Vec::<String>::new(), "{event}");
        names.insert((event["source"].to_string(), event["id"].to_string()));
    }
    assert_eq!(names.len(), 5_000);
    for line in load.opening() {
        assert_eq!(faults(&json(&line), &dictionary, load.world().options().as_of), Vec::<String>::new(), "{line}");
    }
}
