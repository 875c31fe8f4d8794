//! Exit codes and errors: wrong use gives 2, a fault of the surroundings 3, and JSON errors have their members.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::{Run, command, doudi, doudi_with, fresh, with_first_warning};
use insta::assert_snapshot;

#[track_caller]
fn error_of(run: &Run) -> serde_json::Value {
    let errors = run.errors();
    let error = errors.first().unwrap_or_else(|| panic!("{run}")).clone();
    let members: Vec<&String> = error.as_object().unwrap().keys().collect();
    assert_eq!(members, ["code", "field", "hint", "message", "where"]);
    error
}

#[test]
fn wrong_use_gives_two_and_says_why_in_the_form_asked_for() {
    let dir = fresh();
    let wrong: [(&[&str], &str); 13] = [
        (&["ingest"], "use/arguments"),
        (&["no-such-command"], "use/arguments"),
        (&["calendar", "due", "--from", "yesterday", "--working-days", "1"], "use/arguments"),
        (&["route", "test", "--division", "4212", "--category", "medical", "--level", "red"], "use/division"),
        (&["route", "test", "--division", "421202105233", "--category", "medical", "--level", "pink"], "use/arguments"),
        (&["household", "show", "sq-999"], "use/no-household"),
        (&["case", "show", "K7M2-4C9M"], "case/number"),
        (&["case", "show", "K7M2-4C9L"], "use/no-case"),
        (&["case", "move", "{}"], "use/move"),
        (&["rules", "show", "nothing"], "use/no-rule"),
        (&["audit", "show", "99"], "use/no-entry"),
        (&["error", "B9999"], "use/no-code"),
        (&["--config", "/nowhere/doudi.toml", "rules", "list"], "io/read"),
    ];
    for (args, code) in wrong {
        let run = doudi(dir.path(), &[args, &["--format", "json"]].concat());
        assert_eq!(run.code, 2, "{args:?} {run}");
        assert_eq!(error_of(&run)["code"], code, "{args:?}");
        assert_eq!(run.out, "", "{args:?}");
    }
}

#[test]
fn an_unreadable_bundle_names_file_line_and_column() {
    let dir = fresh();
    fs::write(dir.path().join("bundle.toml"), "name = \"x\"\nversoin = \"1\"\n").unwrap();
    let run = doudi(dir.path(), &["--rules", dir.path().to_str().unwrap(), "rules", "check", "--format", "json"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.errors().iter().any(|error| error["where"].as_str().unwrap().starts_with("bundle.toml:")), "{run}");
}

#[test]
fn a_config_file_with_faults_names_its_lines() {
    let dir = fresh();
    let file = dir.path().join("doudi.toml");
    fs::write(&file, "lang = \"en\"\nspeed = 9\n").unwrap();
    let run = doudi(dir.path(), &["--config", file.to_str().unwrap(), "config", "show", "--format", "json"]);
    assert_eq!((run.code, error_of(&run)["code"].clone()), (2, "config/unknown".into()));
    assert!(error_of(&run)["where"].as_str().unwrap().ends_with("doudi.toml:2"));
}

#[test]
fn a_setting_says_where_it_came_from() {
    let dir = fresh();
    let file = dir.path().join("doudi.toml");
    fs::write(&file, "lang = \"en\"\nidle_minutes = 60\n").unwrap();
    let shown = doudi(dir.path(), &["--config", file.to_str().unwrap(), "config", "show", "--format", "json"]).json();
    let place = format!("{}:2", file.display());
    assert_eq!(shown["idle_minutes"], serde_json::json!({"value": "60", "from": place}));
    assert_eq!(shown["data"]["from"], "DOUDI_DATA");
    assert_eq!(shown["format"]["from"], "--format");
    assert_eq!(shown["log"]["from"], "default");
    let text = doudi(dir.path(), &["--config", file.to_str().unwrap(), "rules", "list"]);
    assert!(text.out.contains("missed"), "the file's language counts for every command");
}

#[test]
fn a_directory_in_use_gives_three_and_says_what_to_do() {
    let dir = with_first_warning();
    let mut serving = command(dir.path(), &["serve", "--listen", "127.0.0.1:0"]).stdin(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(serving.stderr.take().unwrap()).lines();
    while !lines.next().unwrap().unwrap().contains("http://") {}
    let run = doudi(dir.path(), &["case", "list", "--format", "json"]);
    let text = doudi(dir.path(), &["case", "list", "--lang", "en"]);
    let seen = doudi(dir.path(), &["doctor", "--format", "json"]);
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert_eq!((run.code, error_of(&run)["code"].clone()), (3, "store/locked".into()), "{run}");
    assert!(text.err.contains("work at its desk"), "{text}");
    let checks = seen.json()["checks"].clone();
    let data = checks.as_array().unwrap().iter().find(|check| check["check"] == "data").unwrap().clone();
    assert_eq!(data["state"], "ok", "a service at work is nothing to mend: {seen}");
}

#[test]
fn an_address_in_use_gives_three_and_names_who_has_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let port = taken.local_addr().unwrap().port().to_string();
    let dir = fresh();
    let data = dir.path().join("data");
    let serve = doudi(&data, &["serve", "--listen", &address, "--format", "json"]);
    let demo = doudi(&data, &["demo", "--port", &port, "--format", "json"]);
    for (run, flag) in [(serve, "listen"), (demo, "port")] {
        let error = error_of(&run);
        assert_eq!((run.code, error["code"].as_str(), error["field"].as_str()), (3, Some("io/listen"), Some(flag)));
        assert_eq!(error["where"], address);
        assert!(error["message"].as_str().unwrap().contains(&std::process::id().to_string()), "{error}");
        assert!(error["hint"].as_str().unwrap().contains(&format!("--{flag}")), "{error}");
    }
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn a_log_in_a_file_has_no_colours_and_nothing_of_the_storage_inside() {
    let dir = fresh();
    let run = doudi(dir.path(), &["-vv", "ingest", common::FIRST_WARNING]);
    assert!(!run.err.contains('\u{1b}'), "{run}");
    assert!(!run.err.contains("sled"), "{run}");
    let mut serving = command(dir.path(), &["serve", "--listen", "127.0.0.1:0"]).stdin(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(serving.stderr.take().unwrap()).lines();
    let mut said = String::new();
    while !said.contains("http://") {
        said.push_str(&lines.next().unwrap().unwrap());
    }
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert!(!said.contains('\u{1b}') && !said.contains("127.0.0.1:0"), "{said}");
}

#[test]
fn a_directory_that_cannot_be_made_gives_three() {
    let dir = fresh();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let run = doudi(&file, &["case", "list", "--format", "json"]);
    assert_eq!(run.code, 3, "{run}");
    assert!(error_of(&run)["code"].as_str().unwrap().starts_with("store/"));
}

#[test]
fn a_journal_cut_in_mid_record_opens_and_loses_nothing_that_was_acknowledged() {
    let dir = with_first_warning();
    let log = fs::read_dir(dir.path().join("journal")).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&log).unwrap();
    let before = doudi(dir.path(), &["state", "verify", "--no-replay", "--format", "json"]).json();
    fs::write(&log, [whole.as_slice(), b"\x40\0\0\0torn"].concat()).unwrap();
    let after = doudi(dir.path(), &["state", "verify", "--format", "json"]);
    assert_eq!(after.code, 0, "{after}");
    assert_eq!(after.json()["digest"], before["digest"]);
}

#[test]
fn help_is_no_error_and_goes_to_stdout() {
    let run = doudi(fresh().path(), &["--help"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for name in ["dead-letters", "route", "feedback", "doctor", "completions", "man", "error", "config"] {
        assert!(run.out.contains(name), "{name}");
    }
}

#[test]
fn the_calendar_says_when_it_does_not_know() {
    let dir = fresh();
    let asked = ["calendar", "due", "--from", "2026-12-30", "--working-days", "5", "--lang", "en"];
    assert_snapshot!(doudi(dir.path(), &asked), @r"
    exit 1
    -- stdout
    -- stderr
    error[calendar/not-published]: the calendar of 2027 is not published, so no sure working day can be told
    hint: once the yearly notice is out, add 2027 to calendar/ in the bundle; or ask for a provisional day
    ");
    let run = doudi(dir.path(), &[&asked[..], &["--provisional", "--format", "json"]].concat());
    assert_eq!((run.code, run.json()["provisional"].as_bool()), (0, Some(true)));
}

#[test]
fn a_rule_that_cannot_be_read_is_answered_on_its_own_line() {
    let lines = "{\"id\":\"a\",\"expr\":\"x > 1\",\"vars\":{\"x\":{\"type\":\"int\",\"value\":null}}}\n\
                 {\"id\":\"b\",\"expr\":\"x >\",\"vars\":{}}\n";
    let run = doudi_with(fresh().path(), &["rules", "eval"], lines.as_bytes());
    assert_eq!(run.code, 1);
    let answers: Vec<serde_json::Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((answers[0]["result"].clone(), answers[1]["error"]["code"].clone()), ("unknown".into(), "parse".into()));
}

#[test]
fn the_help_is_in_one_language_and_lists_every_command() {
    let dir = fresh();
    let (zh, en) = (doudi(dir.path(), &["--help"]), doudi(dir.path(), &["--help", "--lang", "en"]));
    assert!(zh.out.contains("用法：") && zh.out.contains("读入事件文件") && !zh.out.contains("take in files"), "{zh}");
    assert!(en.out.contains("Usage: ") && en.out.contains("take in files") && en.out.is_ascii(), "{en}");
    for command in ["ingest", "explain", "case list", "audit list", "rules check", "route test", "serve"] {
        let words: Vec<&str> = command.split(' ').chain(["--help", "--lang", "en"]).collect();
        let run = doudi(dir.path(), &words);
        assert!(run.code == 0 && run.out.is_ascii(), "{run}");
    }
}

#[test]
fn a_line_written_wrongly_is_told_in_chinese() {
    assert_snapshot!(doudi(fresh().path(), &["case", "lst"]), @r"
    exit 2
    -- stdout
    -- stderr
    错误 use/arguments：命令行写得不对：没有 lst 这个命令；是否想写 list？
    改法：加 --help 看写法
    ");
    assert_snapshot!(doudi(fresh().path(), &["calendar", "due", "--from", "x", "--working-days", "3"]), @r"
    exit 2
    -- stdout
    -- stderr
    错误 use/arguments：命令行写得不对：--from <DAY> 的值 x 不对（应为日期，写成 2026-11-24）
    改法：加 --help 看写法
    ");
}
