//! Answers that other people's software and texts give, put to `doudi rules eval`.
//!
//! Every case that is answered otherwise on purpose stands in a table with its reason; a case that is in
//! no table and differs fails, and so does a row of a table that no case needs any more.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use doudi_model::Lang;
use doudi_rules::eval::answer;
use serde_json::{Value, json};

fn cases(file: &str) -> Option<Vec<Value>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/conformance");
    let folder = std::env::var_os("DOUDI_CONFORMANCE").map_or(beside, PathBuf::from);
    match std::fs::read_to_string(folder.join(file)) {
        Ok(text) => Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()),
        Err(_) => {
            println!("{file}: no conformance cases at {}, nothing tested", folder.display());
            None
        }
    }
}

/// The answer to a case: a result, or `error <code>`.
fn ask(case: &Value) -> Value {
    let answer: Value = serde_json::from_str(&answer(&case.to_string(), Lang::En)).unwrap();
    assert_eq!(answer["id"], case["id"]);
    match answer.get("error") {
        Some(error) => json!(format!("error {}", error["code"].as_str().unwrap())),
        None => answer["result"].clone(),
    }
}

fn verdict(expect: &Value) -> Value {
    if expect.is_null() { json!("unknown") } else { expect.clone() }
}

/// Why a case is answered otherwise: what its text contains, the answer it gets, the reason.
struct Otherwise {
    texts: &'static [&'static str],
    answer: &'static str,
    reason: &'static str,
}

/// Collects what differs from what is expected and from the table.
#[derive(Default)]
struct Report {
    passed: usize,
    otherwise: BTreeMap<&'static str, usize>,
    failed: Vec<String>,
}

impl Report {
    fn take(&mut self, table: &'static [Otherwise], case: &Value, expect: &Value, found: &Value) {
        if expect == found {
            self.passed += 1;
            return;
        }
        let expr = case["expr"].as_str().unwrap();
        let row = table
            .iter()
            .find(|row| row.answer == found.as_str().unwrap_or("") && row.texts.iter().any(|text| expr.contains(text)));
        match row {
            Some(row) => *self.otherwise.entry(row.reason).or_default() += 1,
            None => self.failed.push(format!("{}: {expr}\n   expected {expect}, found {found}", case["id"])),
        }
    }

    fn finish(self, file: &str, table: &'static [Otherwise]) {
        println!("{file}: {} as expected, otherwise on purpose: {:#?}", self.passed, self.otherwise);
        assert!(self.failed.is_empty(), "{file}: {} differ\n{}", self.failed.len(), self.failed.join("\n"));
        for row in table {
            assert!(self.otherwise.contains_key(row.reason), "{file}: no case needs the row: {}", row.reason);
        }
    }
}

#[test]
fn every_sql_case_has_the_answer_of_duckdb() {
    let Some(cases) = cases("three-valued-logic-sql.jsonl") else { return };
    assert_eq!(cases.len(), 400);
    let mut report = Report::default();
    for case in &cases {
        report.take(&[], case, &verdict(&case["expect"]), &ask(case));
    }
    report.finish("three-valued-logic-sql.jsonl", &[]);
}

#[test]
fn dmn_cases_agree_where_dmn_is_typed() {
    let Some(cases) = cases("three-valued-logic-dmn.jsonl") else { return };
    let mut report = Report::default();
    for case in &cases {
        let expect = match case["class"].as_str().unwrap() {
            "core" => verdict(&case["expect"]),
            // A typed language refuses what FEEL calls null.
            "mistyped" => json!("error type"),
            // A null value is a missing one here.
            "nulleq" => verdict(&case["expect_unknown"]),
            other => panic!("class {other}"),
        };
        report.take(&[], case, &expect, &ask(case));
    }
    report.finish("three-valued-logic-dmn.jsonl", &[]);
}

const CEL: &[Otherwise] = &[
    Otherwise {
        texts: &["[-1]", "] == [", "[1, 2] == x", "[] != ", "[false, true] != ", "size([", "a[a[", "][17]"],
        answer: "error unsupported",
        reason: "a list is no value: it stands only after `in` and in `at_least`",
    },
    Otherwise {
        texts: &["false < ", "true < ", "true > ", "false <= ", "true <= ", "true >= "],
        answer: "error unsupported",
        reason: "yes and no have no order",
    },
    Otherwise { texts: &[" % "], answer: "error unsupported", reason: "a remainder is declared as a feature" },
    Otherwise {
        texts: &["size('", "endsWith(", "matches(", "contains(", "' + '"],
        answer: "error unsupported",
        reason: "text is only compared: equality, order, membership, prefix",
    },
    Otherwise {
        texts: &["timestamp('", "duration('"],
        answer: "error unsupported",
        reason: "days, not instants: `date(…)`, `days(…)`, and no time zones",
    },
    Otherwise { texts: &["google.protobuf.Timestamp"], answer: "error type", reason: "types are no values" },
    Otherwise {
        texts: &["15 / 0", "2 / 0 > 4 ? 'baz'", "1/0 != 0"],
        answer: "unknown",
        reason: "a division by zero is unknown, not an error",
    },
    Otherwise {
        texts: &["true ? 'cows' : 17", "false && 32", "true || 32"],
        answer: "error type",
        reason: "types are checked before anything is evaluated, as the reference's own checker does",
    },
];

#[test]
fn cel_cases_inside_the_subset_agree() {
    let Some(cases) = cases("cel.jsonl") else { return };
    let mut report = Report::default();
    for case in &cases {
        let found = ask(case);
        if case.get("error").is_some() {
            // Which error it is, is the reference's own affair.
            let refused = found.as_str().is_some_and(|found| found.starts_with("error"));
            report.take(CEL, case, &json!(true), &if refused { json!(true) } else { found });
            continue;
        }
        let expect = match &case["expect"] {
            typed if typed["type"] == "bool" => typed["value"].clone(),
            typed => typed.clone(),
        };
        report.take(CEL, case, &expect, &found);
    }
    report.finish("cel.jsonl", CEL);
}

/// Refused as the reference refuses them, but for another reason or at another place of the text.
const ELSEWHERE: &[(&str, &str)] = &[
    ("syntax-033", "the macro itself is refused, not its variable"),
    ("syntax-036", "the macro itself is refused, not its variable"),
    ("syntax-059", "a character that no name can hold is named before the misplaced `in`"),
    ("syntax-089", "backquotes are refused wherever they stand"),
    ("syntax-093", "the first misplaced sign is named, not the second"),
];

#[test]
fn texts_that_are_no_cel_are_refused_at_their_place() {
    let Some(cases) = cases("cel-syntax.jsonl") else { return };
    let mut elsewhere: BTreeMap<&str, &str> = ELSEWHERE.iter().copied().collect();
    let mut failed = Vec::new();
    for case in &cases {
        let expr = case["expr"].as_str().unwrap();
        let line = json!({ "id": case["id"], "expr": expr }).to_string();
        let answer: Value = serde_json::from_str(&answer(&line, Lang::En)).unwrap();
        let code = answer["error"]["code"].as_str().unwrap_or("none");
        let wrong = match case["why"].as_str() {
            // Well-formed: whatever is wrong with it is not its syntax.
            None => code == "parse",
            Some("syntax" | "literal" | "reserved word") => code != "parse",
            Some("macro" | "unsupported") => code == "none",
            // The reference has a lower limit of nesting: either answer.
            Some(_) => false,
        };
        let offset = usize::try_from(answer["error"]["offset"].as_u64().unwrap_or(0)).unwrap();
        let before = &expr[..offset];
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let place = format!("{}:{column}", before.matches('\n').count() + 1);
        let at = case["at"].as_str().filter(|at| !at.starts_with('-'));
        let listed = elsewhere.remove(case["id"].as_str().unwrap()).is_some();
        if code == "none" && case["why"].is_string() || !listed && (wrong || at.is_some_and(|at| at != place)) {
            failed.push(format!("{}: {expr:?} {:?} at {at:?}\n   found {code} at {place}", case["id"], case["why"]));
        }
    }
    assert!(failed.is_empty(), "{} differ\n{}", failed.len(), failed.join("\n"));
    assert!(elsewhere.is_empty(), "no case needs {elsewhere:?}");
}
