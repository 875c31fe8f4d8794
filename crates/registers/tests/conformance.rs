//! Tables as departments exchange them, read as a careful clerk reads them.
//!
//! The files of `fixtures/registers` are always tested, those of the conformance folder where it is present; what a file
//! must come to stands beside it in `expected.json`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod common;

use std::path::{Path, PathBuf};

use doudi_model::Lang;
use serde_json::{Map, Value, json};

fn folder() -> PathBuf {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/conformance");
    std::env::var_os("DOUDI_CONFORMANCE").map_or(beside, PathBuf::from).join("registers")
}

/// Only the members that the expectation has, so that more may be said than is asked for.
fn like(expect: &Value, found: &Value) -> Value {
    let (Some(expect), Some(found)) = (expect.as_object(), found.as_object()) else { return found.clone() };
    let known = expect.keys().map(|key| (key.clone(), found.get(key).cloned().unwrap_or(json!("not there"))));
    Value::Object(known.collect::<Map<String, Value>>())
}

fn compare(what: &str, expect: &Value, found: &Value, differ: &mut Vec<String>) {
    if expect != found {
        differ.push(format!("{what}\n   expected {expect}\n   found    {found}"));
    }
}

/// A list against a list: one by one, and none more.
fn compare_lists(what: &str, expect: &Value, found: &Value, exact: bool, differ: &mut Vec<String>) {
    let none = Vec::new();
    let (expect, found) = (expect.as_array().unwrap_or(&none), found.as_array().unwrap_or(&none));
    if expect.len() != found.len() {
        differ.push(format!("{what}: {} expected, {} found: {found:?}", expect.len(), found.len()));
    }
    for (at, (expect, found)) in expect.iter().zip(found).enumerate() {
        let found = if exact { found.clone() } else { like(expect, found) };
        compare(&format!("{what}[{at}]"), expect, &found, differ);
    }
}

fn compare_sheet(file: &str, expect: &Value, found: &Value, differ: &mut Vec<String>) {
    let what = |part: &str| format!("{file} {} {part}", expect["name"]);
    for part in ["role", "state"] {
        compare(&what(part), &expect[part], &found[part], differ);
    }
    compare(&what("name"), &expect["name"], &found["sheet"], differ);
    if expect["role"] != "data" {
        return;
    }
    compare(&what("header_rows"), &expect["header_rows"], &found["header_rows"], differ);
    compare_lists(&what("columns"), &expect["columns"], &found["columns"], false, differ);
    compare_lists(&what("not_data"), &expect["not_data"], &found["not_data"], false, differ);
    let rows = |rows: &Value, hidden: bool| {
        let one = |row: &Value| {
            let values: Map<String, Value> = row["values"].as_object().unwrap().clone();
            json!({"row": row["row"], "values": values, "hidden": row.get("hidden").is_some_and(|is| hidden && is == true)})
        };
        Value::Array(rows.as_array().unwrap().iter().map(one).collect())
    };
    compare_lists(&what("rows"), &rows(&expect["rows"], true), &rows(&found["rows"], true), true, differ);
    let places = |list: &Value, column: &str| {
        let mut all: Vec<(u64, String)> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["row"].as_u64().unwrap(), one[column].as_str().unwrap().to_owned()))
            .collect();
        all.sort();
        json!(all)
    };
    compare(
        &what("unreadable"),
        &places(&expect["unreadable"], "col"),
        &places(&found["unreadable"], "column"),
        differ,
    );
    for one in found["unreadable"].as_array().unwrap() {
        for word in ["reason", "hint", "code", "header"] {
            assert!(one[word].as_str().is_some_and(|word| !word.is_empty()), "{file}: {one}");
        }
    }
    for (key, total) in expect["control_total"].as_object().into_iter().flatten() {
        let sum: i64 = found["rows"].as_array().unwrap().iter().filter_map(|row| row["values"][key].as_i64()).sum();
        compare(&what("control total"), total, &json!(sum), differ);
    }
}

#[test]
fn the_repositorys_own_tables_read_as_a_careful_clerk_reads_them() {
    check(&common::root().join("fixtures/registers"));
}

#[test]
fn every_conformance_file_reads_as_a_careful_clerk_reads_it() {
    check(&folder());
}

#[track_caller]
fn check(folder: &Path) {
    let Ok(text) = std::fs::read_to_string(folder.join("expected.json")) else {
        println!("no register files at {}, nothing tested", folder.display());
        return;
    };
    let expected: Value = serde_json::from_str(&text).unwrap();
    let mut differ = Vec::new();
    for case in expected["files"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let tables = common::read(&folder.join(file), None);
        let sheets = case["sheets"].as_array().unwrap();
        assert_eq!(tables.len(), sheets.len(), "{file}");
        for (expect, table) in sheets.iter().zip(&tables) {
            compare_sheet(file, expect, &table.json(Lang::En), &mut differ);
        }
    }
    println!("{}: {} files", folder.display(), expected["files"].as_array().unwrap().len());
    assert!(differ.is_empty(), "{} differ\n{}", differ.len(), differ.join("\n"));
}
