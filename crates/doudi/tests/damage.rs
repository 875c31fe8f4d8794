//! A data directory that was tampered with or damaged says what, where, and what to do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;
use std::path::Path;

use common::{Run, command, doudi, fresh, with_first_warning};

fn record(data: &Path) -> std::path::PathBuf {
    data.join("record/record.jsonl")
}

/// Changes the record as an editor would.
fn edit(data: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(record(data)).unwrap();
    assert!(text.contains(from));
    fs::write(record(data), text.replacen(from, to, 1)).unwrap();
}

#[track_caller]
fn altered(run: &Run, said: &[&str]) {
    assert_eq!(run.code, 1, "{run}");
    for said in said.iter().chain(&["store/record-altered", "state rebuild"]) {
        assert!(run.err.contains(said), "{said}: {run}");
    }
}

#[test]
fn an_edited_score_is_found_with_the_number_of_its_entry_and_what_differs() {
    for changed in ["\"sure\":10", "\"sure\":500"] {
        let dir = with_first_warning();
        edit(dir.path(), "\"sure\":50", changed);
        let run = doudi(dir.path(), &["state", "verify"]);
        altered(&run, &["台账第 17 条", "不同的项：score", "record.jsonl:18"]);
    }
}

#[test]
fn a_line_taken_out_is_found_and_the_record_comes_back_from_the_journal() {
    let dir = with_first_warning();
    let before = fs::read(record(dir.path())).unwrap();
    let lines: Vec<&[u8]> = before.split_inclusive(|byte| *byte == b'\n').collect();
    fs::write(record(dir.path()), [&lines[..19], &lines[20..]].concat().concat()).unwrap();
    altered(&doudi(dir.path(), &["state", "verify"]), &["台账第 19 条", "删去、插入或调换"]);
    let doctor = doudi(dir.path(), &["doctor"]);
    assert!(doctor.code == 1 && doctor.out.contains("store/record-altered"), "{doctor}");

    fs::rename(record(dir.path()), dir.path().join("evidence.jsonl")).unwrap();
    assert_eq!(doudi(dir.path(), &["state", "rebuild"]).code, 0);
    assert_eq!(doudi(dir.path(), &["state", "verify"]).code, 0);
    assert_eq!(fs::read(record(dir.path())).unwrap(), before);
}

#[test]
fn doctor_finds_a_flipped_byte_of_the_journal() {
    let dir = with_first_warning();
    let sound = doudi(dir.path(), &["doctor"]);
    assert!(sound.out.contains("21条日志，校验和全部正确"), "{sound}");
    let path = dir.path().join("journal/00000000000000000000.log");
    let mut bytes = fs::read(&path).unwrap();
    bytes[1000] ^= 1;
    fs::write(&path, bytes).unwrap();
    let run = doudi(dir.path(), &["doctor"]);
    assert!(run.code == 1 && run.out.contains("mend  journal") && run.out.contains("store/corrupt"), "{run}");
}

#[test]
fn a_clock_weeks_ahead_is_told_with_the_option_that_accepts_it() {
    let dir = with_first_warning();
    let later = |args: &[&str]| {
        let run = command(dir.path(), args).env("DOUDI_CLOCK", "2026-12-20T10:00:00+08:00").output().unwrap();
        String::from_utf8(run.stderr).unwrap()
    };
    let said = later(&["case", "list"]);
    assert!(said.contains("晚26天") && said.contains("--idle-days 26"), "{said}");
    assert_eq!(later(&["case", "list"]), "", "the days were played once");

    let dir = with_first_warning();
    let mut run = command(dir.path(), &["case", "list", "--idle-days", "5"]);
    let run = run.env("DOUDI_CLOCK", "2026-12-20T10:00:00+08:00").output().unwrap();
    assert_eq!(run.status.code(), Some(3), "more than what was accepted");
    assert!(String::from_utf8(run.stderr).unwrap().contains("store/clock-ahead"));
}

#[test]
fn rules_check_names_the_calendar_file_to_extend() {
    let dir = fresh();
    let run = doudi(dir.path(), &["rules", "check"]);
    let mut notes = run.err.split("提醒 ");
    assert_eq!(notes.next(), Some(""), "{run}");
    assert!(notes.all(|note| note.starts_with("B0307：")), "only standards that nobody has set: {run}");
    let run = doudi(dir.path(), &["rules", "check", "--on", "2026-12-28"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.err.contains("calendar/cn.csv") && run.err.contains("暂定"), "{run}");
}
