//! Tables of offices, from the file to facts: read, taken in, refused row by row with place and mend.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;

use common::{doudi, doudi_with, fresh, root};
use serde_json::{Value, json};

const ROLL: &str = "fixtures/registers/01-低保对象花名册.xlsx";
const BILLS: &str = "fixtures/registers/02-大额医疗费用明细.xlsx";
const JOBLESS: &str = "fixtures/registers/04-失业登记.csv";

/// A registration for each head on the roll, one household each.
fn households() -> String {
    let text = fs::read_to_string(root().join("fixtures/registers/expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let rows = expected["files"][0]["sheets"][0]["rows"].as_array().unwrap();
    let event = |(at, row): (usize, &Value)| {
        json!({
            "specversion": "1.0", "id": format!("hh-{at}"), "source": "urn:xianning:421202:mz",
            "type": "cn.doudi.household.registered.v1", "subject": format!("household:r-{at}"),
            "data": {"division": "421202105233", "on": "2024-01-02",
                     "members": [{"id": row["values"]["id"], "name": row["values"]["name"], "relation": "head"}]},
        })
        .to_string()
    };
    rows.iter().enumerate().map(event).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_roll_becomes_facts_of_the_households_of_its_heads_and_the_same_file_twice_is_known() {
    let dir = fresh();
    let before = doudi(dir.path(), &["ingest", ROLL, "--format", "json"]);
    assert_eq!((before.code, before.json()["refused"].as_u64()), (1, Some(12)), "{before}");
    assert!(before.errors().iter().all(|error| error["code"] == "cell/no-household"), "{before}");
    assert_eq!(doudi_with(dir.path(), &["ingest", "-", "--format", "json"], households().as_bytes()).code, 0);
    let first = doudi(dir.path(), &["ingest", ROLL, "--format", "json"]);
    assert_eq!((first.code, first.json()["accepted"].as_u64()), (0, Some(12)), "{first}");
    assert_eq!(first.json()["tables"][0]["as_of"], "2024-03-31");
    assert_eq!(first.json()["tables"][0]["not_data"], 4);
    let second = doudi(dir.path(), &["ingest", ROLL, "--register", "dibao-roll", "--format", "json"]);
    assert_eq!((second.json()["accepted"].as_u64(), second.json()["duplicates"].as_u64()), (Some(0), Some(12)));
}

#[test]
fn rows_that_cannot_be_read_wait_in_the_dead_letters_with_place_and_mend_and_the_rest_goes_on() {
    let dir = fresh();
    let run = doudi(dir.path(), &["ingest", BILLS, JOBLESS, "--format", "json"]);
    assert_eq!((run.code, &run.json()["accepted"], &run.json()["refused"]), (1, &json!(23), &json!(5)), "{run}");
    let places: Vec<String> = run
        .errors()
        .iter()
        .map(|error| error["where"].as_str().unwrap().rsplit(':').next().unwrap().to_owned())
        .collect();
    assert_eq!(places, ["明细!D12", "明细!D13", "明细!D14", "明细!D16", "明细!D18"]);
    let letters = doudi(dir.path(), &["dead-letters", "list", "--format", "json"]).json();
    assert_eq!(letters.as_array().unwrap().len(), 5);
    let retry = doudi(dir.path(), &["dead-letters", "retry", "--all", "--format", "json"]);
    assert_eq!(retry.json()["refused"][0]["error"]["code"], letters[0]["error"]["code"], "{retry}");
    // Nothing that could identify anyone is said.
    let all = format!("{}{}{letters}", run.out, run.err);
    let longest = all.split(|sign: char| !sign.is_ascii_digit()).map(str::len).max();
    assert!(longest < Some(15) && !all.contains("郑丙三"), "{all}");
}

#[test]
fn a_file_that_is_no_table_is_told_and_the_others_are_taken_in() {
    let dir = fresh();
    let broken = dir.path().join("坏.xlsx");
    let whole = fs::read(root().join(ROLL)).unwrap();
    fs::write(&broken, &whole[..whole.len() / 2]).unwrap();
    let run = doudi(&dir.path().join("data"), &["ingest", broken.to_str().unwrap(), JOBLESS, "--format", "json"]);
    assert_eq!(
        (run.code, run.json()["accepted"].as_u64(), run.json()["tables_refused"].as_u64()),
        (1, Some(12), Some(1))
    );
    assert_eq!(run.errors()[0]["code"], "register/damaged");
}

#[test]
fn the_json_of_a_read_is_one_document_a_sheet_each_and_the_text_masks_people() {
    let dir = fresh();
    let run = doudi(dir.path(), &["registers", "read", JOBLESS, "--format", "json"]);
    assert_eq!(run.code, 0, "{run}");
    let sheet = &run.json()[0];
    for member in ["sheet", "header_rows", "columns", "rows", "not_data", "unreadable"] {
        assert!(!sheet[member].is_null(), "{member}");
    }
    assert_eq!(sheet["rows"][0]["values"]["benefit_fen"], 139_900);
    let text = doudi(dir.path(), &["registers", "read", JOBLESS]);
    assert!(!text.out.contains("42122419450620000X") && text.out.contains("421224********000X"), "{text}");
    let wrong = doudi(dir.path(), &["registers", "read", JOBLESS, "--register", "unemploymnt", "--lang", "en"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("did you mean unemployment?"), "{wrong}");
}
