//! What the walk-through of `fixtures/first-warning` prints is what `expected/` holds, word for word.
//!
//! To take a changed output over after reading it: `DOUDI_EXPECTED=write cargo test -p doudi --test expected`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{FIRST_WARNING, doudi, fresh, root, with_first_warning};

/// A file of `expected/`, and the command whose standard output it holds.
const COMMANDS: [(&str, &[&str]); 13] = [
    ("case-list.zh.txt", &["case", "list"]),
    ("case-list.en.txt", &["case", "list", "--lang", "en"]),
    ("household-sq-001.zh.txt", &["household", "show", "sq-001"]),
    ("explain-sq-001.zh.txt", &["explain", "sq-001"]),
    ("explain-sq-001.en.txt", &["explain", "sq-001", "--lang", "en"]),
    ("explain-sq-002.zh.txt", &["explain", "sq-002"]),
    ("explain-sq-003.zh.txt", &["explain", "sq-003"]),
    ("explain-medical-burden.zh.txt", &["explain", "sq-001", "--rule", "medical-burden"]),
    ("explain-medical-burden.en.txt", &["explain", "sq-001", "--rule", "medical-burden", "--lang", "en"]),
    ("audit-list.zh.txt", &["audit", "list", "--household", "sq-003"]),
    ("audit-list.en.txt", &["audit", "list", "--type", "warning", "--lang", "en"]),
    ("audit-replay.json", &["audit", "replay", "--format", "json"]),
    ("state-verify.json", &["state", "verify", "--format", "json"]),
];

fn expected(name: &str) -> PathBuf {
    root().join("fixtures/first-warning/expected").join(name)
}

/// Compares, or writes where that is asked for.
fn check(name: &str, printed: &str, wrong: &mut Vec<String>) {
    let path = expected(name);
    if std::env::var("DOUDI_EXPECTED").is_ok_and(|asked| asked == "write") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, printed).unwrap();
    } else if fs::read_to_string(&path).unwrap_or_default() != printed {
        wrong.push(format!("{name} is not what is printed:\n{printed}"));
    }
}

#[test]
fn the_walk_through_prints_what_is_expected() {
    let mut wrong = Vec::new();
    let ingested = doudi(fresh().path(), &["ingest", FIRST_WARNING, "--format", "json", "--quiet"]);
    assert_eq!(ingested.code, 1, "{ingested}");
    check("ingest.json", &ingested.out, &mut wrong);
    let dir = with_first_warning();
    for (name, command) in COMMANDS {
        let run = doudi(dir.path(), command);
        assert_eq!(run.code, 0, "{run}");
        check(name, &run.out, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_file_of_expected_is_compared() {
    let known: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).chain(["ingest.json"]).collect();
    for entry in fs::read_dir(expected("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name.as_str()), "{name} is left over");
    }
}

#[test]
fn no_answer_for_people_holds_an_id_number() {
    let dir = with_first_warning();
    for (_, command) in COMMANDS {
        let run = doudi(dir.path(), command);
        let longest = run.out.split(|sign: char| !sign.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        assert!(longest < 17 || command.contains(&"verify"), "{run}");
    }
}

#[test]
fn one_entry_of_the_record_is_told_as_prose() {
    let dir = with_first_warning();
    let list = doudi(dir.path(), &["audit", "list", "--household", "sq-001", "--type", "decision", "--format", "json"]);
    let last = list.json()["entries"].as_array().unwrap().last().unwrap()["seq"].to_string();
    let shown = doudi(dir.path(), &["audit", "show", &last]);
    assert_eq!(shown.code, 0, "{shown}");
    for said in [
        "程序按规则包对家庭 sq-001（湖北省咸宁市咸安区双溪桥镇双溪村委会）作出判定",
        "档案摘要 ",
        "漏保方向：橙色，50分",
        "● 因病支出负担过重",
        "近12个月自付医疗费 23,400.00元",
        "户主，女，52岁",
    ] {
        assert!(shown.out.contains(said), "{said}: {shown}");
    }
    assert!(!shown.out.contains('{'), "no JSON in text: {shown}");
}
