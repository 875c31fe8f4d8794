//! When warnings open, close, stay quiet, and mute each other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{enter, event, facts, id_number, now, tick};
use doudi_engine::score;
use doudi_model::stage::{At, Memory};
use doudi_model::warning::{Closing, Step};
use doudi_model::{Day, Instant, household};
use serde_json::{Value, json};

/// One household of two people in a village, with a small income and sources that have delivered.
struct Town {
    state: Memory,
    position: u64,
    day: Day,
}

impl Town {
    fn new() -> Town {
        let mut town = Town { state: Memory::default(), position: 0, day: now().day() };
        let who = id_number("19700304", "421202");
        let members = json!([
            {"id": who, "name": "测一", "relation": "head"},
            {"id": id_number("20120506", "421202"), "name": "测二", "relation": "child"},
        ]);
        town.tell(
            "hh",
            "household.registered",
            "household:h-1",
            json!({"division": "421202105233", "members": members, "on": "2026-03-02"}),
        );
        town.tell("inc", "income.monthly", &who, json!({"amount": 2_400_000, "month": "2026-10-01", "kind": "wage"}));
        for kind in ["medical.expense", "aid.status", "aid.person"] {
            town.tell(kind, "source.coverage", "division:421202000000", json!({"kind": kind, "through": "2026-11-20"}));
        }
        town
    }

    /// What happens to warnings when an event arrives.
    fn tell(&mut self, id: &str, kind: &str, subject: &str, data: Value) -> Vec<String> {
        self.send(&event(id, kind, subject, data))
    }

    fn expense(&mut self, id: &str, self_paid: i64) -> Vec<String> {
        let data = json!({"settled_on": "2026-11-20", "self_paid": self_paid, "total": self_paid, "settled": true, "inpatient": false, "disease": "none"});
        self.tell(id, "medical.expense", &id_number("19700304", "421202"), data)
    }

    fn send(&mut self, event: &Value) -> Vec<String> {
        self.position += 1;
        let at = Instant::from_ms(Instant::start_of(self.day).ms() + 10 * 3_600_000);
        said(enter(&mut self.state, self.position, at, &facts(event).unwrap()).changes)
    }

    /// Lets days pass; what happened to warnings on the way.
    fn days(&mut self, count: i32) -> Vec<String> {
        let mut all = Vec::new();
        for _ in 0..count {
            self.day = self.day.plus_days(1);
            self.position += 1;
            let at = At { position: self.position, instant: Instant::start_of(self.day) };
            all.extend(said(tick(&mut self.state, at).changes));
        }
        all
    }

    fn open(&self) -> Vec<String> {
        let id: household::Id = "h-1".parse().unwrap();
        let head = score::read(&self.state, &id).unwrap().unwrap();
        head.open
            .iter()
            .map(|open| format!("{}{}", open.subject.rule, if open.muted { " muted" } else { "" }))
            .collect()
    }
}

fn said(changes: Vec<(At, doudi_model::warning::Change)>) -> Vec<String> {
    changes
        .into_iter()
        .map(|(_, change)| {
            let step = match change.step {
                Step::Opened => "opened",
                Step::Level => "level",
                Step::Muted(true) => "muted",
                Step::Muted(false) => "heard",
                Step::Closed(Closing::Cleared) => "cleared",
                Step::Closed(Closing::Found) => "found",
                Step::Closed(Closing::Left) => "left",
                Step::Closed(Closing::RuleEnded) => "ended",
            };
            format!("{} {step}", change.rule)
        })
        .collect()
}

#[test]
fn a_graver_warning_mutes_the_lighter_one_of_the_same_illness() {
    let mut town = Town::new();
    assert_eq!(
        town.expense("e1", 2_000_000),
        ["medical-burden opened", "medical-self-paid-high opened", "medical-self-paid-high muted"]
    );
    assert_eq!(town.open(), ["medical-burden", "medical-self-paid-high muted"]);
    assert_eq!(town.expense("e1", 2_000_000), Vec::<String>::new(), "the same event again says nothing");
}

#[test]
fn a_warning_leaves_only_when_things_are_clearly_better() {
    let mut town = Town::new();
    town.expense("e1", 2_000_000);
    // 60 % of 24,000 is the line, 80 % of that is where it is left: between the two it stays.
    let mut less = event(
        "c1",
        "medical.expense",
        &id_number("19700304", "421202"),
        json!({"settled_on": "2026-11-20", "self_paid": 1_300_000, "total": 1_300_000, "settled": true, "inpatient": false, "disease": "none"}),
    );
    less["supersedes"] = "e1".into();
    assert!(!town.send(&less).contains(&"medical-burden cleared".to_owned()));
    assert!(town.open().contains(&"medical-burden".to_owned()));
}

#[test]
fn what_a_correction_cleared_speaks_again_at_once_when_it_is_real() {
    let mut town = Town::new();
    town.expense("e1", 2_000_000);
    let mut wrong = event("c1", "medical.expense", &id_number("19700304", "421202"), json!({}));
    wrong["supersedes"] = "e1".into();
    wrong["withdrawn"] = true.into();
    assert!(town.send(&wrong).contains(&"medical-burden cleared".to_owned()));
    assert!(town.expense("e2", 2_000_000).contains(&"medical-burden opened".to_owned()));
}

#[test]
fn a_finding_settles_its_warnings_and_they_stay_quiet_for_a_while() {
    let mut town = Town::new();
    town.expense("e1", 2_000_000);
    let finding = json!({"case": "K7M2-0412", "outcome": "no-hardship", "rules": "medical-burden", "on": "2026-11-20", "office": "t-421202105"});
    let heard = town.tell("f1", "feedback.finding", "household:h-1", finding);
    assert!(heard.contains(&"medical-burden found".to_owned()), "{heard:?}");
    assert!(!town.open().contains(&"medical-burden".to_owned()));
    assert_eq!(town.expense("e2", 100_000), Vec::<String>::new(), "quiet");
}

#[test]
fn nobody_reached_settles_nothing() {
    let mut town = Town::new();
    town.expense("e1", 2_000_000);
    let finding = json!({"case": "K7M2-0412", "outcome": "not-reached", "rules": "medical-burden", "on": "2026-11-20", "office": "t-421202105"});
    town.tell("f1", "feedback.finding", "household:h-1", finding);
    assert!(town.open().contains(&"medical-burden".to_owned()));
}

#[test]
fn data_that_grow_stale_never_close_a_warning() {
    let mut town = Town::new();
    town.expense("e1", 2_000_000);
    let heard = town.days(100);
    assert!(heard.iter().all(|change| !change.ends_with("cleared")), "{heard:?}");
    assert!(town.open().contains(&"medical-burden".to_owned()));
}

#[test]
fn a_household_whose_registration_is_taken_back_warns_of_nothing() {
    let mut town = Town::new();
    town.expense("e1", 2_000_000);
    let mut wrong = event("hh2", "household.registered", "household:h-1", json!({}));
    wrong["supersedes"] = "hh".into();
    wrong["withdrawn"] = true.into();
    let heard = town.send(&wrong);
    assert!(heard.contains(&"medical-burden left".to_owned()), "{heard:?}");
    assert_eq!(town.open(), Vec::<String>::new());
}
