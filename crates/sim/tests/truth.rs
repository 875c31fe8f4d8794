//! The truth is what the events would show if all of them arrived.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::inconsistent_digit_grouping,
    reason = "a test may fail"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{bundle, json, options, real_tree, world};
use doudi_model::warning::Direction;
use doudi_model::{Day, Instant};
use doudi_sim::invariants::{self, Open};
use doudi_sim::{Live, Options, Plot, World};
use serde_json::Value;

fn rules_of_the_bundle() -> BTreeMap<String, String> {
    let mut rules = BTreeMap::new();
    for file in std::fs::read_dir(bundle().join("warnings")).unwrap() {
        let rule: toml::Table = std::fs::read_to_string(file.unwrap().path()).unwrap().parse().unwrap();
        rules.insert(rule["id"].as_str().unwrap().to_owned(), rule["direction"].as_str().unwrap().to_owned());
    }
    rules
}

#[test]
fn every_expected_rule_is_in_the_bundle_and_points_the_same_way() {
    let rules = rules_of_the_bundle();
    for plot in Plot::ALL {
        for rule in plot.rules() {
            let direction = rules.get(*rule).unwrap_or_else(|| panic!("{}: no rule {rule}", plot.name()));
            match plot.direction() {
                Some(Direction::Missed) => assert_eq!(direction, "missed", "{rule}"),
                Some(Direction::Excess) => assert_eq!(direction, "excess", "{rule}"),
                None => {}
            }
        }
    }
}

#[test]
fn every_plot_is_told_in_a_world_of_some_size() {
    let told: BTreeSet<String> = world(6_000, 21).truth().stories().filter_map(|home| home.plot.clone()).collect();
    assert_eq!(told.len(), Plot::ALL.len(), "{told:?}");
}

#[test]
fn the_share_of_faults_is_near_the_rate_asked_for() {
    for rate in [0_u32, 20, 100] {
        let world = World::new(Options { faults_per_mille: rate, ..options(800, 22) }, &real_tree()).unwrap();
        let truth = world.truth();
        let share = truth.faults.len() as u64 * 1000 * 10 / truth.events_meant;
        let wanted = u64::from(rate) * 10;
        assert!(share.abs_diff(wanted) <= wanted / 10, "{rate}: {share}");
    }
}

#[test]
fn the_counts_of_the_truth_are_the_counts_of_the_stream() {
    let world = world(500, 23);
    let truth = world.truth();
    let sent = world.events().filter(|line| !line.contains("cn.doudi.source.coverage")).count();
    assert_eq!(truth.events_sent, sent as u64);
    let missing = truth.faults.iter().filter(|fault| fault.fault == "missing").count();
    assert!(missing > 0 && truth.events_sent > truth.events_meant - missing as u64 - 500);
}

#[test]
fn a_missing_event_never_comes_and_a_late_one_comes_weeks_later() {
    let world = world(500, 24);
    let truth = world.truth();
    let mut arrived: BTreeMap<String, (Instant, Instant)> = BTreeMap::new();
    for arrival in world.arrivals() {
        let event = json(&arrival.event);
        let happened = event["time"].as_str().unwrap().parse().unwrap();
        arrived.entry(event["id"].as_str().unwrap().to_owned()).or_insert((happened, arrival.at));
    }
    for fault in &truth.faults {
        match (fault.fault.as_str(), arrived.get(&fault.event)) {
            ("missing", found) => assert_eq!(found, None, "{fault:?}"),
            ("late", Some((happened, at))) => assert!(at.day().days_since(happened.day()) >= 14, "{fault:?}"),
            ("late", None) => assert!(fault.settled.day() > world.options().as_of, "{fault:?}"),
            _ => {}
        }
    }
}

/// Events about one household by kind, without faults.
fn told(world: &World) -> BTreeMap<String, Vec<Value>> {
    let numbers: BTreeMap<String, String> = (world.population().households.iter())
        .flat_map(|home| world.population().members(home).map(move |(_, person)| (person.number(), home.id())))
        .collect();
    let mut out: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in world.events() {
        let event = json(&line);
        let subject = event["subject"].as_str().unwrap();
        let number = doudi_model::person::Number::parse(subject).map(|number| number.reveal().to_owned());
        let home = subject.strip_prefix("household:").map(str::to_owned);
        let home = home.or_else(|| number.ok().and_then(|number| numbers.get(&number).cloned()));
        out.entry(home.unwrap_or_default()).or_default().push(event);
    }
    out
}

fn clean(households: u32, seed: u64) -> World {
    World::new(Options { faults_per_mille: 0, ..options(households, seed) }, &real_tree()).unwrap()
}

#[test]
fn what_the_truth_says_shows_in_the_events_and_only_there() {
    let world = clean(6_000, 25);
    let truth = world.truth();
    let told = told(&world);
    for home in &truth.households {
        let events = &told[&home.household];
        let of = |kind: &str| {
            let kind = format!("cn.doudi.{kind}.v1");
            events
                .iter()
                .filter(move |event| event["type"] == kind.as_str())
                .map(|event| &event["data"])
                .collect::<Vec<_>>()
        };
        let own: i64 = of("medical.expense").iter().map(|data| data["self_paid"].as_i64().unwrap()).sum();
        let on_roll = of("aid.status").iter().any(|data| data["scheme"] == "dibao" && data["status"] == "in");
        let plot = home.plot.as_deref().unwrap_or_default();
        assert_eq!(own > 15_000_00, plot == "medical-burden", "{home:?}");
        assert_eq!(!of("person.death").is_empty(), matches!(plot, "earner-death" | "dead-on-roll"), "{home:?}");
        assert_eq!(!of("disaster.loss").is_empty(), plot == "disaster", "{home:?}");
        assert_eq!(!of("child.care").is_empty(), plot == "child-without-carer", "{home:?}");
        assert_eq!(!of("grid.report").is_empty(), plot == "reported", "{home:?}");
        assert_eq!(!of("aid.person").is_empty(), plot == "double-benefit", "{home:?}");
        assert_eq!(of("medical.insured").iter().any(|data| data["status"] == "lapsed"), plot == "insurance-lapsed");
        assert_eq!(
            of("disability.certificate").iter().any(|data| data["status"] == "cancelled"),
            plot == "certificate-cancelled"
        );
        assert_eq!(of("employment.status").iter().any(|data| data["status"] == "unemployed"), plot == "income-loss");
        let unpaid =
            of("employment.insurance").iter().filter_map(|data| data["months_unpaid"].as_i64()).max().unwrap_or(0);
        assert_eq!(unpaid >= 3, plot == "income-loss", "{home:?}");
        let car = of("property.vehicle").iter().any(|data| data["kind"] == "car");
        assert_eq!(car && on_roll, plot == "car-on-roll", "{home:?}");
        let severe = of("disability.certificate").iter().any(|data| data["grade"].as_i64().unwrap() <= 2);
        assert_eq!(severe && of("aid.status").is_empty(), plot == "severe-disability", "{home:?}");
        let watched = !of("relapse.monitored").is_empty();
        assert_eq!(watched && of("aid.status").is_empty(), plot == "monitored-uncovered", "{home:?}");
        assert_eq!(
            above_the_line(&of("income.monthly"), home.members) && on_roll,
            plot == "income-over-line",
            "{home:?}"
        );
    }
}

/// Whether a year's income per head reaches the highest line of the demonstration bundle.
fn above_the_line(incomes: &[&Value], members: u8) -> bool {
    let from: Day = "2025-11-24".parse().unwrap();
    let year = incomes.iter().filter(|data| data["month"].as_str().unwrap().parse::<Day>().unwrap() > from);
    year.map(|data| data["amount"].as_i64().unwrap()).sum::<i64>() >= 9_000_00 * i64::from(members)
}

#[test]
fn a_household_is_complete_unless_something_said_of_it_is_wrong_on_the_last_day() {
    assert!(clean(300, 26).truth().households.iter().all(|home| home.complete));
    let truth = world(800, 26).truth();
    let complete = truth.households.iter().filter(|home| home.complete).count();
    assert!((600..800).contains(&complete), "{complete}");
}

#[test]
fn the_truth_is_written_as_lines_of_json_without_a_number_of_any_person() {
    let world = world(200, 27);
    let lines: Vec<String> = world.truth().lines().collect();
    let numbers: Vec<String> = world.population().people.iter().map(|person| person.number()).collect();
    for line in &lines {
        assert!(matches!(json(line)["row"].as_str(), Some("household" | "fault")));
        assert!(!numbers.iter().any(|number| line.contains(number)), "{line}");
    }
    assert_eq!(lines.iter().filter(|line| line.contains(r#""row":"household""#)).count(), 200);
}

#[test]
fn the_live_stream_begins_with_hardship_and_spreads_it_over_townships() {
    let world = world(2_000, 28);
    let mut live = Live::new(&world);
    let now: Instant = "2026-11-25T09:00:00+08:00".parse().unwrap();
    let steps: Vec<_> = (0..150).map(|_| live.step(now)).collect();
    assert_eq!(steps[0].plot, Some(Plot::MedicalBurden));
    let own = json(&steps[0].event)["data"]["self_paid"].as_i64().unwrap();
    assert!(own > 30_000_00, "{own}");
    let staged: Vec<&str> =
        steps.iter().filter(|step| step.plot.is_some()).map(|step| step.household.as_str()).collect();
    assert!(staged.len() >= 14, "{}", staged.len());
    let homes: BTreeMap<String, String> =
        world.truth().households.into_iter().map(|home| (home.household, home.division)).collect();
    let townships: BTreeSet<&str> = staged.iter().map(|home| &homes[*home][..9]).collect();
    assert!(townships.len() >= 10, "{townships:?}");
}

#[test]
fn a_small_world_still_has_a_household_for_each_kind_of_live_warning() {
    let world = world(40, 29);
    let kept: BTreeSet<Plot> = world.population().households.iter().filter_map(|home| home.prepared).collect();
    assert_eq!(kept.len(), doudi_sim::live::PLOTS.iter().collect::<BTreeSet<_>>().len());
}

#[test]
fn outcomes_that_follow_the_truth_pass_and_others_are_named() {
    let truth = clean(1_500, 30).truth();
    let mut open: Open = truth
        .stories()
        .map(|home| {
            (home.household.clone(), home.rules.iter().map(|rule| (rule.clone(), way(&home.direction))).collect())
        })
        .collect();
    assert_eq!(invariants::missed(&truth, &open), vec![]);
    assert_eq!(invariants::strangers(&truth, &open), Vec::<String>::new());
    let counts = invariants::counts(&truth, &open, Direction::Missed);
    assert_eq!((counts.precision_per_mille(), counts.recall_per_mille()), (Some(1000), Some(1000)));
    let first = truth.stories().find(|home| home.direction.as_deref() == Some("missed")).unwrap().household.clone();
    open.remove(&first);
    assert_eq!(invariants::missed(&truth, &open).len(), 1);
    assert_eq!(invariants::counts(&truth, &open, Direction::Missed).miss, 1);
}

fn way(direction: &Option<String>) -> Direction {
    if direction.as_deref() == Some("excess") { Direction::Excess } else { Direction::Missed }
}

#[test]
fn on_a_later_day_the_sources_first_say_that_the_days_between_are_in() {
    let world = world(300, 31);
    let mut live = Live::new(&world);
    let now: Instant = "2026-12-20T09:00:00+08:00".parse().unwrap();
    let mut notes = 0;
    let first = loop {
        let step = live.step(now);
        if step.plot.is_some() {
            break step;
        }
        assert_eq!(json(&step.event)["data"]["through"], "2026-12-19");
        assert_eq!(step.pause_ms, 0);
        notes += 1;
    };
    assert_eq!(notes, 6 * 22);
    assert_eq!(first.plot, Some(Plot::MedicalBurden));
}
