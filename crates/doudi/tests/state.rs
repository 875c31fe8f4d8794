//! The state's digest says what is known, and nothing of the house it is known in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;

use common::{FIRST_WARNING, doudi, doudi_with, fresh, root, with_first_warning};
use serde_json::Value;

fn verify(data: &std::path::Path) -> Value {
    let run = doudi(data, &["state", "verify", "--format", "json"]);
    assert_eq!(run.code, 0, "{run}");
    run.json()
}

#[test]
fn another_house_with_other_keys_batches_and_duplicates_has_the_same_digest() {
    let (one, other) = (with_first_warning(), fresh());
    let text = fs::read_to_string(root().join(FIRST_WARNING)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for part in [&lines[..3], &lines[..7], &lines[5..], &lines[..]] {
        doudi_with(other.path(), &["ingest", "-", "--quiet"], part.join("\n").as_bytes());
    }
    let (one, other) = (verify(one.path()), verify(other.path()));
    for member in ["digest", "households", "persons", "warnings_open", "cases_open"] {
        assert_eq!(one[member], other[member], "{member}");
    }
    assert_ne!(one["entries"], other["entries"], "the refused event was sent again");
    assert_eq!((one["households"].as_u64(), one["persons"].as_u64()), (Some(3), Some(6)));
}

#[test]
fn a_house_that_lacks_one_event_has_another_digest() {
    let (one, other) = (with_first_warning(), fresh());
    let text = fs::read_to_string(root().join(FIRST_WARNING)).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains("ga-1102")).collect();
    doudi_with(other.path(), &["ingest", "-", "--quiet"], lines.join("\n").as_bytes());
    assert_ne!(verify(one.path())["digest"], verify(other.path())["digest"]);
}

#[test]
fn the_state_is_made_anew_from_the_journal_alone() {
    let dir = with_first_warning();
    let before = verify(dir.path());
    assert_eq!(before["rebuilt_equal"], true);
    fs::remove_dir_all(dir.path().join("state")).unwrap();
    assert_eq!(doudi(dir.path(), &["state", "rebuild"]).code, 0);
    assert_eq!(verify(dir.path()), before);
}

#[test]
fn a_route_names_lead_deadlines_and_its_row() {
    let dir = fresh();
    let place = ["route", "test", "--division", "421202105233", "--category", "medical", "--level", "red"];
    let route = doudi(dir.path(), &[&place[..], &["--format", "json"]].concat());
    assert_eq!(route.code, 0, "{route}");
    let route = route.json();
    for member in ["lead", "co", "acknowledge_by", "visit_by", "report_by", "escalation", "row"] {
        assert!(route.get(member).is_some(), "{member}");
    }
    assert_eq!(route["lead"]["id"], "t-421202105");
    assert!(route["row"].as_str().unwrap().starts_with("routes.csv:"));
    let late = doudi(dir.path(), &[&place[..], &["--at", "2026-12-30T10:00:00+08:00", "--format", "json"]].concat());
    assert_eq!((late.code, late.json()["provisional"].as_bool()), (1, Some(true)), "{late}");
    assert!(late.err.contains("暂定"));
}

#[test]
fn a_plan_whose_deadlines_run_beyond_the_calendar_is_refused() {
    let dir = fresh();
    assert_eq!(doudi(dir.path(), &["route", "check"]).code, 0);
    let run = doudi(dir.path(), &["route", "check", "--as-of", "2026-12-28", "--format", "json"]);
    assert_eq!((run.code, run.errors()[0]["code"].clone()), (2, "calendar/not-published".into()));
}
