//! Deadlines in working days agree with what other people's software answers, 2020 to 2026.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of tests may end the test")]

use std::path::{Path, PathBuf};

use doudi_model::Day;
use doudi_routing::Calendar;
use doudi_routing::calendar::NoAnswer;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cases() -> PathBuf {
    std::env::var_os("DOUDI_CONFORMANCE").map_or_else(|| root().join("../shared/data/conformance"), PathBuf::from)
}

/// The bundle's own calendar.
fn calendar() -> Calendar {
    let name = "calendar/cn.csv";
    let files = [(name.to_owned(), std::fs::read(root().join("rules").join(name)).unwrap())];
    doudi_routing::plan::calendar(&files.into()).unwrap()
}

#[test]
fn working_days_agree_with_the_conformance_cases() {
    let path = cases().join("working-days.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("no conformance cases at {}: nothing compared", path.display());
        return;
    };
    let calendar = calendar();
    let mut compared = 0;
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let start: Day = case["start"].as_str().unwrap().parse().unwrap();
        let n = u32::try_from(case["n"].as_u64().unwrap()).unwrap();
        let id = &case["id"];
        match case["expect"].as_str() {
            Some(expected) => {
                let answer = calendar.due(start, n).unwrap();
                assert_eq!(answer.day.to_string(), expected, "{id}");
                assert_eq!(i64::from(answer.calendar_days), case["calendar_days"].as_i64().unwrap(), "{id}");
                assert!(!answer.provisional, "{id}");
            }
            None => {
                assert!(matches!(calendar.due(start, n), Err(NoAnswer::NotPublished { .. })), "{id}");
                assert!(calendar.due_or_provisional(start, n).unwrap().provisional, "{id}");
            }
        }
        compared += 1;
    }
    assert!(compared > 0, "the file of cases is empty");
}
