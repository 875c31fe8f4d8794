//! Bad input gets the code its fixture names, with place, field and a way to mend it; the bytes wait in the dead letters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{doudi, doudi_with, fresh, root, with_first_warning};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn expected() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join("fixtures/bad/expected.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split_once(' ').unwrap()).map(|(file, code)| (file.into(), code.trim().into())).collect()
}

#[test]
fn every_bad_file_gets_its_code() {
    let expected = expected();
    let there: Vec<String> = fs::read_dir(root().join("fixtures/bad"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".json"))
        .collect();
    assert_eq!(there.len(), expected.len(), "each file has a line in expected.txt");
    let dir = fresh();
    let files: Vec<String> = expected.keys().map(|file| format!("fixtures/bad/{file}")).collect();
    let mut args = vec!["ingest", "--format", "json"];
    args.extend(files.iter().map(String::as_str));
    let run = doudi(dir.path(), &args);
    assert_eq!(run.code, 1);
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    for error in run.errors() {
        let place = error["where"].as_str().unwrap();
        let file = place.split(':').next().unwrap().rsplit('/').next().unwrap();
        for member in ["message", "hint"] {
            assert!(!error[member].as_str().unwrap().is_empty(), "{place} {member}");
        }
        told.insert(file.to_owned(), error["code"].as_str().unwrap().to_owned());
    }
    let refused = expected.into_iter().filter(|(_, code)| code != "accepted").collect();
    assert_eq!(told, refused);
    let waiting = doudi(dir.path(), &["dead-letters", "list", "--format", "json"]).json();
    assert_eq!(waiting.as_array().unwrap().len(), told.len());
}

#[test]
fn a_file_that_is_one_array_is_a_batch() {
    let dir = fresh();
    let events = fs::read_to_string(root().join(common::FIRST_WARNING)).unwrap();
    let batch = format!("[{}]", events.lines().collect::<Vec<_>>().join(",\n"));
    let file = dir.path().join("batch.json");
    fs::write(&file, batch).unwrap();
    let run = doudi(&dir.path().join("data"), &["ingest", file.to_str().unwrap(), "--format", "json"]);
    assert_eq!(run.json()["accepted"], 18);
    assert!(run.errors()[0]["where"].as_str().unwrap().ends_with("batch.json:event[19]"), "{run}");
}

#[test]
fn a_long_array_is_taken_event_by_event_and_what_comes_before_a_break_is_in() {
    let dir = fresh();
    let event = |at: usize| {
        let data = json!({"settled_on": "2026-11-18", "self_paid": 100, "settled": true});
        json!({"specversion": "1.0", "id": at.to_string(), "source": "urn:xianning:421202:yb",
            "type": "cn.doudi.medical.expense.v1", "time": "2026-11-20T08:00:00+08:00",
            "subject": "421202194906180003", "data": data})
        .to_string()
    };
    let long = (0..12_000).map(event).collect::<Vec<_>>().join(",");
    let file = dir.path().join("long.json");
    fs::write(&file, format!("\n\n [{long}]")).unwrap();
    let data = dir.path().join("data");
    let run = doudi(&data, &["ingest", file.to_str().unwrap(), "--format", "json"]);
    assert_eq!((run.code, run.json()["accepted"].as_u64()), (0, Some(12_000)), "{run}");

    let file = dir.path().join("broken.json");
    fs::write(&file, format!("[{},\n{long}", event(12_000))).unwrap();
    let run = doudi(&data, &["ingest", file.to_str().unwrap(), "--format", "json"]);
    assert_eq!(run.code, 2, "{run}");
    assert_eq!(run.errors()[0]["code"], "envelope/json");
    assert!(run.errors()[0]["where"].as_str().unwrap().contains("broken.json:2:"), "{run}");
    let again = doudi(&data, &["ingest", common::FIRST_WARNING, "--format", "json", "--quiet"]).json();
    assert_eq!(again["position"], (12_000 + 1 + 1 + 18).to_string(), "the event before the break is in");
}

#[test]
fn who_lists_a_member_of_another_household_is_told_at_once() {
    let dir = fresh();
    let file = "fixtures/bad/person-in-two-households.jsonl";
    let run = doudi(dir.path(), &["ingest", file, "--format", "json"]);
    assert_eq!((run.code, run.json()["accepted"].as_u64()), (0, Some(2)), "{run}");
    let notices = run.json()["notices"].clone();
    assert_eq!(notices.as_array().unwrap().len(), 1);
    assert_eq!((&notices[0]["index"], &notices[0]["field"]), (&json!(1), &json!("data.members[1]")));
    assert_eq!(run.on_stderr("notice").len(), 1);
    assert_snapshot!(doudi(fresh().path(), &["ingest", file]), @r"
    exit 0
    -- stdout
    读入2条：采纳2条，重复0条，拒收0条（已转入死信）
    -- stderr
    请留意 notice/member-elsewhere：已采纳；但此人在家庭 sq-911 名下，现在又列入家庭 sq-912
      fixtures/bad/person-in-two-households.jsonl:2 data.members[1]
    怎么办：确已迁入的不必处理；登记有误的，用 supersedes 更正或撤回错的一条
    ");
    let again = doudi(dir.path(), &["ingest", file, "--format", "json"]);
    assert_eq!((again.json()["duplicates"].as_u64(), &again.json()["notices"]), (Some(2), &json!([])));
    // Later, in another delivery, and on another day: a move, or a slip.
    let text = fs::read_to_string(root().join(file)).unwrap();
    let later = text.lines().next().unwrap().replace("911", "913").replace("2026-03-02", "2026-09-02");
    let run = doudi_with(dir.path(), &["ingest", "-", "--format", "json"], later.as_bytes());
    let said = run.json()["notices"][0]["message"].as_str().unwrap().to_owned();
    assert!(said.contains("sq-913") && (said.contains("sq-911") || said.contains("sq-912")), "{said}");
}

#[test]
fn an_event_refused_again_is_the_same_dead_letter() {
    let dir = fresh();
    let event = |paid: &str| {
        fs::read_to_string(root().join("fixtures/bad/amount-negative.json"))
            .unwrap()
            .replace('\n', "")
            .replace("\"self_paid\": -1", &format!("\"self_paid\": {paid}"))
    };
    for paid in ["-1", "-1", "-5"] {
        let run = doudi_with(dir.path(), &["ingest", "-", "--format", "json", "--quiet"], event(paid).as_bytes());
        assert_eq!(run.json()["refused"], 1, "{run}");
    }
    let letters = doudi(dir.path(), &["dead-letters", "list", "--format", "json"]).json();
    assert_eq!(letters.as_array().unwrap().len(), 1, "one source and id are one letter, whatever it says");
    assert_eq!(letters[0]["attempts"], 3);
    let id = letters[0]["id"].as_str().unwrap();
    assert!(doudi(dir.path(), &["dead-letters", "show", id]).out.contains("共拒收3次"));
    let newest = doudi(dir.path(), &["dead-letters", "show", id, "--bytes"]).out;
    assert!(newest.contains("\"self_paid\": -5"), "{newest}");
    let stats = doudi(dir.path(), &["state", "stats", "--format", "json"]).json();
    assert_eq!(stats["refused"], 1, "{stats}");
}

#[test]
fn a_huge_event_is_refused_and_the_next_one_taken() {
    let dir = fresh();
    let good = fs::read_to_string(root().join(common::FIRST_WARNING)).unwrap();
    let good = good.lines().next().unwrap();
    let huge = good.replace("双溪村3组18号", &"x".repeat(10_000_000));
    let run = doudi_with(dir.path(), &["ingest", "-", "--format", "json"], format!("{huge}\n{good}\n").as_bytes());
    assert_eq!((run.json()["accepted"].clone(), run.json()["refused"].clone()), (1.into(), 1.into()));
    assert_eq!(run.errors()[0]["code"], "envelope/too-large");
}

#[test]
fn a_dead_letter_shows_its_reason_and_its_bytes_only_when_asked() {
    let dir = with_first_warning();
    let letters = doudi(dir.path(), &["dead-letters", "list", "--format", "json"]).json();
    let id = letters[0]["id"].as_str().unwrap().to_owned();
    let shown = doudi(dir.path(), &["dead-letters", "show", &id[..10]]);
    assert!(shown.out.contains("payload/range") && !shown.out.contains("421202195102020009"), "{shown}");
    let shown = doudi(dir.path(), &["dead-letters", "show", &id, "--bytes"]);
    assert!(shown.out.contains("421202195102020009"), "the sender's own bytes");
    assert_eq!(doudi(dir.path(), &["dead-letters", "show", "nothing"]).code, 2);
}

#[test]
fn a_dead_letter_is_taken_in_once_its_cause_is_mended() {
    let dir = with_first_warning();
    let data = dir.path().join("data");
    let rules = dir.path().join("rules");
    copy(&root().join("rules"), &rules);
    let dictionary = rules.join("facts/medical.toml");
    // The cause here: a kind that the dictionary did not know.
    let known = fs::read_to_string(&dictionary).unwrap();
    let event = r#"{"specversion":"1.0","id":"n-1","source":"urn:xianning:421202:yb","type":"cn.doudi.medical.note.v1","time":"2026-11-20T10:00:00+08:00","subject":"421202195102020009","data":{"count":2}}"#;
    assert_eq!(doudi_with(&data, &["ingest", "-"], event.as_bytes()).code, 1);
    let again = doudi(&data, &["dead-letters", "retry", "--all", "--format", "json"]);
    assert_eq!((again.code, again.json()["accepted"].as_u64()), (1, Some(0)), "{again}");
    let kind = "\n[\"medical.note\"]\ntitle = { zh = \"记录\", en = \"Note\" }\nsubject = \"person\"\n\
                office = \"xn-ybj\"\n\n[[\"medical.note\".fields]]\nname = \"count\"\ntype = \"int\"\nrange = [0, 9]\n\
                title = { zh = \"次数\", en = \"Count\" }\n";
    fs::write(&dictionary, known + kind).unwrap();
    let rules = rules.to_str().unwrap();
    let again = doudi(&data, &["--rules", rules, "dead-letters", "retry", "--all", "--format", "json"]);
    assert_eq!((again.code, again.json()["accepted"].as_u64()), (0, Some(1)), "{again}");
    let waiting = doudi(&data, &["--rules", rules, "dead-letters", "list", "--format", "json"]).json();
    assert_eq!(waiting, Value::Array(Vec::new()));
    let all = doudi(&data, &["--rules", rules, "dead-letters", "list", "--all", "--format", "json"]).json();
    assert!(all[0]["resolved"].is_u64());
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let into = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &into) } else { fs::copy(&path, &into).map(drop).unwrap() }
    }
}
