//! What staff write in their own words rests nowhere in clear, is shown to whoever opens the case, and comes back when
//! the state is made anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::path::Path;

use common::{doudi, with_first_warning};
use serde_json::{Value, json};

/// Words that stand in every free text, each with a mark of its own.
const PLANTED: &str = "邻居张大姐13907240000";

fn files(dir: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[track_caller]
fn rests_sealed(data: &Path) {
    let mut all = Vec::new();
    files(data, &mut all);
    assert!(all.iter().any(|file| file.ends_with("record/record.jsonl")));
    for file in all {
        let bytes = std::fs::read(&file).unwrap();
        for words in [PLANTED, "13907240000", "邻居"] {
            assert!(!bytes.windows(words.len()).any(|window| window == words.as_bytes()), "{}", file.display());
        }
    }
}

#[track_caller]
fn moved(data: &Path, case: &Value, kind: &str, reason: &str, detail: &Value) -> Value {
    let actor = json!({"name": "王经办", "role": "township", "office": case["lead"]});
    let ask =
        json!({"case": case["id"], "kind": kind, "actor": actor, "once": kind, "reason": reason, "detail": detail});
    let run = doudi(data, &["case", "move", &ask.to_string(), "--format", "json"]);
    assert_eq!(run.code, 0, "{run}");
    run.json()
}

#[test]
fn words_are_sealed_in_journal_state_and_record_and_read_by_who_opens_the_case() {
    let dir = with_first_warning();
    let data = dir.path();
    let cases = doudi(data, &["case", "list", "--format", "json"]).json();
    let case = cases.as_array().unwrap().iter().find(|case| case["household"] == "sq-001").unwrap().clone();
    let said = |mark: &str| format!("{mark}：{PLANTED}");
    moved(data, &case, "acknowledge", &said("签收"), &json!({}));
    let detail = json!({
        "visit": {"on": "2026-11-24", "investigators": [said("一"), said("二")], "met": said("见到"), "how": "home"},
        "report": {
            "finding": {
                "outcome": "source-wrong", "on": "2026-11-24", "note": said("备注"),
                "wrong": {"kind": "medical.expense", "field": "self_paid", "office": "c-421202-yb",
                    "right": said("应为"), "seen_on": said("看过")},
            },
            "hearing": {"heard": true, "said": said("听取"), "on": "2026-11-24"},
        },
    });
    let reported = moved(data, &case, "report", &said("反馈"), &detail);
    assert_eq!(moved(data, &case, "report", &said("反馈"), &detail), reported, "a repeat is told as a repeat");
    rests_sealed(data);

    let id = case["id"].as_str().unwrap();
    let shown = doudi(data, &["case", "show", id, "--format", "json"]).json();
    for mark in ["签收", "一", "二", "见到", "备注", "应为", "看过", "听取", "反馈"] {
        assert!(shown.to_string().contains(&said(mark)), "{mark} is shown");
    }
    assert!(doudi(data, &["case", "show", id]).out.contains(&said("签收")));
    let listed = doudi(data, &["case", "list", "--format", "json"]).out;
    assert!(!listed.contains(PLANTED), "a list shows nobody's words");

    let record = std::fs::read_to_string(data.join("record/record.jsonl")).unwrap();
    let entries: Vec<Value> = record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let taken = entries.iter().position(|entry| entry["what"] == "acknowledged").unwrap();
    assert!(entries[taken]["reason_sealed"].is_string() && entries[taken].get("reason").is_none());
    let shown = doudi(data, &["audit", "show", &taken.to_string(), "--format", "json"]).json();
    assert_eq!(shown["reason"], said("签收"));

    let rebuilt = doudi(data, &["state", "rebuild"]);
    assert_eq!(rebuilt.code, 0, "{rebuilt}");
    assert_eq!(std::fs::read_to_string(data.join("record/record.jsonl")).unwrap(), record);
    let verified = doudi(data, &["state", "verify", "--format", "json"]).json();
    assert_eq!(verified["rebuilt_equal"], true);
    rests_sealed(data);
}
