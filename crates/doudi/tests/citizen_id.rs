//! `doudi id check` against the answers of other people's validators.
//!
//! Reads `citizen-id.jsonl` from the folder named by `DOUDI_CONFORMANCE`, or beside the workspace. Where the file is
//! absent the test says so and proves nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use common::{doudi_with, fresh, root};
use serde_json::Value;

/// Matters of policy on which validators differ: kind, whether we take the number, and why.
const OPEN: [(&str, bool, &str); 3] = [
    ("current_code_before_its_time", true, "numbers are given out late, and today's table says nothing of then"),
    ("unknown_or_not_a_county", true, "the address code is not held against any table: living people carry old ones"),
    ("valid_elsewhere", true, "people move; the code tells where the number was given out, not where they live"),
];

fn cases() -> Option<Vec<Value>> {
    let beside = root().join("../shared/data/conformance");
    let folder = std::env::var_os("DOUDI_CONFORMANCE").map_or(beside, PathBuf::from);
    let text = fs::read_to_string(folder.join("citizen-id.jsonl")).ok()?;
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn numbers_are_judged_as_other_validators_judge_them() {
    let Some(cases) = cases() else {
        eprintln!("citizen-id.jsonl is not here: nothing was compared");
        return;
    };
    let raw: Vec<&str> = cases.iter().map(|case| case["raw"].as_str().unwrap()).collect();
    let run = doudi_with(fresh().path(), &["id", "check"], (raw.join("\n") + "\n").as_bytes());
    let answers: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), cases.len());
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let (ok, kind) = (answer["ok"].as_bool().unwrap(), case["kind"].as_str().unwrap());
        let same = answer["normalized"] == case["normal"];
        let right = match case["expect"].as_str().unwrap() {
            "valid" => ok && same,
            "invalid" => !ok,
            "recoverable" => !ok || same,
            "open" => {
                *open.entry(kind.to_owned()).or_default() += 1;
                // What is not named here has no answer yet.
                OPEN.iter().any(|(named, taken, _)| *named == kind && *taken == ok)
            }
            other => panic!("{other}"),
        };
        if !right {
            wrong.push(format!("{} {kind}: {answer}", case["id"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (kind, count) in open {
        let (_, taken, why) = OPEN.iter().find(|(named, ..)| *named == kind).unwrap();
        eprintln!("open: {count} × {kind}: {} because {why}", if *taken { "taken" } else { "refused" });
    }
}

#[test]
fn nobody_has_a_number_before_they_are_born() {
    let run = doudi_with(fresh().path(), &["id", "check", "--lang", "en"], b"421202209901010004\n");
    insta::assert_snapshot!(run, @r#"
    exit 1
    -- stdout
    {"input":"421202209901010004","kind":null,"normalized":null,"ok":false,"problem":{"code":"birth","message":"the ID number's day of birth lies in the future"}}
    -- stderr
    "#);
}

#[test]
fn bytes_that_are_not_text_are_no_number_and_the_next_line_still_counts() {
    let run = doudi_with(fresh().path(), &["id", "check"], b"\xff\xfe\n421202197403120002\r\n");
    let answers: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((answers[0]["ok"].as_bool(), answers[1]["ok"].as_bool()), (Some(false), Some(true)));
}
