//! `doudi rules sql` and `doudi rules eval --backend sql`: as a person runs them, with a real DuckDB.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod common;

use std::path::PathBuf;
use std::process::Command;

use common::{Run, doudi, doudi_with, fresh};
use serde_json::{Value, json};

fn run(args: &[&str]) -> Run {
    doudi(fresh().path(), args)
}

fn piped(args: &[&str], lines: &str) -> Run {
    doudi_with(fresh().path(), args, lines.as_bytes())
}

/// A Python with DuckDB. Where it cannot be had the test fails and says what to run.
fn python() -> String {
    xtask::python::Engine::DuckDb.python().unwrap_or_else(|why| panic!("{why}")).display().to_string()
}

const LINES: &str = r#"{"id":"t1","expr":"a > 5 && b","vars":{"a":{"type":"int","value":7},"b":{"type":"bool","value":null}}}
{"id":"t2","expr":"a > 5 && b","vars":{"a":{"type":"int","value":3},"b":{"type":"bool","value":null}}}

{"id":"t3","expr":"m * 2","vars":{"m":{"type":"money","value":60}}}
{"id":"t4","expr":"today + 1","as_of":"2026-11-24"}
{"id":"t5","expr":"1 % 2"}
not a question
{"id":"t6","expr":"t","vars":{"t":{"type":"string","value":"低'保\u0000"}}}
{"id":"t7","expr":"1 < 2"}
"#;

#[test]
fn every_line_has_the_answer_of_the_scalar_back_end_in_its_order() {
    let python = python();
    let scalar = piped(&["rules", "eval"], LINES);
    let sql = piped(&["rules", "eval", "--backend", "sql", "--python", &python], LINES);
    assert_eq!(sql.out, scalar.out, "{sql}");
    assert_eq!((sql.code, sql.out.lines().count()), (1, 8), "{sql}");
    assert!(sql.out.starts_with("{\"id\":\"t1\",\"result\":\"unknown\"}\n{\"id\":\"t2\",\"result\":false}\n"), "{sql}");
}

#[test]
fn without_duckdb_the_line_to_run_is_named() {
    for python in ["/no/python/here", "/bin/false"] {
        let run = piped(&["rules", "eval", "--backend", "sql", "--python", python, "--format", "json"], LINES);
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{run}");
        let error = &run.errors()[0];
        assert_eq!(error["code"], "sql/no-duckdb", "{run}");
        assert!(error["hint"].as_str().unwrap().contains("duckdb/bin/pip install duckdb"), "{run}");
    }
}

#[test]
fn the_conformance_cases_have_their_answers_on_duckdb() {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/conformance");
    let folder = std::env::var_os("DOUDI_CONFORMANCE").map_or(beside, PathBuf::from);
    for (file, count) in [("three-valued-logic-sql.jsonl", 400), ("three-valued-logic-dmn.jsonl", 242)] {
        let Ok(cases) = std::fs::read_to_string(folder.join(file)) else {
            eprintln!("{file}: no conformance cases at {}, nothing tested", folder.display());
            continue;
        };
        let answers = piped(&["rules", "eval", "--backend", "sql", "--python", &python()], &cases);
        assert_eq!(answers.out, piped(&["rules", "eval"], &cases).out, "{file}");
        assert_eq!(answers.out.lines().count(), count, "{file}");
        for (case, answer) in cases.lines().zip(answers.out.lines()) {
            let (case, answer): (Value, Value) =
                (serde_json::from_str(case).unwrap(), serde_json::from_str(answer).unwrap());
            let expect = match case["class"].as_str() {
                None | Some("core") => &case["expect"],
                Some("nulleq") => &case["expect_unknown"],
                // What FEEL calls null is refused by a typed language.
                Some(_) => {
                    assert_eq!(answer["error"]["code"], "type", "{case}");
                    continue;
                }
            };
            let expect = if expect.is_null() { json!("unknown") } else { expect.clone() };
            assert_eq!(answer["result"], expect, "{case}");
        }
    }
}

#[test]
fn a_rule_is_written_for_each_engine_with_its_leaves() {
    let run =
        run(&["rules", "sql", "--rule", "medical-burden", "--dialect", "duckdb,spark,clickhouse", "--format", "json"]);
    assert_eq!(run.code, 0, "{run}");
    let queries = run.json()["queries"].as_array().unwrap().clone();
    let dialects: Vec<&str> = queries.iter().map(|query| query["dialect"].as_str().unwrap()).collect();
    assert_eq!(dialects, ["duckdb", "spark", "clickhouse"]);
    for query in &queries {
        let columns = query["columns"].as_array().unwrap();
        let leaves = columns.iter().filter(|column| column["kind"] == "leaf").count();
        assert_eq!((leaves, columns.len()), (6, 7), "{query}");
        assert_eq!(columns[6]["name"], "medical-burden");
        assert_eq!(columns[6]["kind"], "verdict");
    }
}

#[test]
fn an_unknown_rule_or_engine_is_wrong_use() {
    assert_eq!(run(&["rules", "sql", "--rule", "no-such-rule"]).code, 2);
    assert_eq!(run(&["rules", "sql", "--dialect", "oracle"]).code, 2);
}

#[test]
fn the_whole_script_runs_on_duckdb_as_printed() {
    let script = run(&["rules", "sql"]);
    assert_eq!(script.code, 0, "{script}");
    let program = "import sys, duckdb; c = duckdb.connect(); c.execute(sys.stdin.read()); print(c.execute('SELECT count(*) FROM doudi_decisions').fetchone()[0])";
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("script.sql");
    std::fs::write(&file, &script.out).unwrap();
    let answer =
        Command::new(python()).args(["-c", program]).stdin(std::fs::File::open(file).unwrap()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&answer.stdout).trim(), "0", "{}", String::from_utf8_lossy(&answer.stderr));
}
