//! The whole path from the terminal: events in, a warning with its reason, a case, a visit, the warning gone, and every
//! decision taken again to the same bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::path::Path;

use common::{FIRST_WARNING, Run, doudi, fresh, with_first_warning};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// The case of the household whose medical costs are too high.
fn case_of(data: &Path, household: &str) -> Value {
    let cases = doudi(data, &["case", "list", "--format", "json"]).json();
    cases.as_array().unwrap().iter().find(|case| case["household"] == household).unwrap().clone()
}

fn step(case: &Value, kind: &str, detail: &Value) -> String {
    let actor = json!({"name": "王经办", "role": "township", "office": case["lead"]});
    json!({"case": case["id"], "kind": kind, "actor": actor, "once": kind, "detail": detail}).to_string()
}

#[track_caller]
fn clean(run: Run) -> Run {
    assert_eq!(run.code, 0, "{run}");
    run
}

#[test]
fn a_refused_event_is_named_and_the_rest_goes_on() {
    let dir = fresh();
    assert_snapshot!(doudi(dir.path(), &["ingest", FIRST_WARNING]), @r"
    exit 1
    -- stdout
    读入20条：采纳18条，重复1条，拒收1条（已转入死信）
    -- stderr
    错误 payload/range：超出范围（0 至 100000000）
      fixtures/first-warning/events.jsonl:20 data.self_paid
    改法：金额以分为单位，写成整数；例如 1200.50元 写 120050
    ");
    assert_snapshot!(doudi(dir.path(), &["ingest", FIRST_WARNING, "--lang", "en", "--quiet"]), @r"
    exit 1
    -- stdout
    20 read: 0 accepted, 19 duplicates, 1 refused (kept in the dead letters)
    -- stderr
    ");
    let json = doudi(dir.path(), &["ingest", FIRST_WARNING, "--format", "json"]).json();
    assert_eq!(json["duplicates"], 19);
    assert!(json["position"].is_string());
}

#[test]
fn from_event_to_alert_to_visit_to_a_closed_warning() {
    let dir = with_first_warning();
    let data = dir.path();
    assert_snapshot!(doudi(data, &["explain", "sq-001", "--rule", "medical-burden", "--lang", "en"]), @r"
    exit 0
    -- stdout
    ● Medical spending takes too much of income
      Medical costs paid by the household, 12 months: 23,400 yuan, 97.5% of 24,000 yuan (Income of the household, 12 months), above 60% (Rigid-spending ratio); Income per head, 12 months: 8,000 yuan, below 17,000 yuan (Local disposable income per head, last year).
      What would change it: with Medical costs paid by the household, 12 months at 11,519 yuan or less (at least 11,881 yuan less than now) this warning may close
      Item by item
        ✓ Medical costs paid by the household, 12 months as a share of Income of the household, 12 months: 97.5% (23,400 yuan of 24,000 yuan); above 60% (Rigid-spending ratio); 37.5 percentage points above; Medical settlement, up to 2026-11-23
        ✓ Income per head, 12 months: 8,000 yuan; below 17,000 yuan (Local disposable income per head, last year); 9,000 yuan below; Household member, up to 2026-03-02
        ✓ The household receives dibao or destitute support: no; must be no; Aid status of a household, up to 2026-11-23
        ✓ Rigid-expenditure household: no; must be no; Aid status of a household, up to 2026-11-23
        ✓ Visited lately, with a finding: no; must be no
      Legal basis
        中华人民共和国社会救助法 第二十二条
        刚性支出困难家庭认定办法 第四条、第五条
      To check on the visit
        What did the household earn in 12 months, also from work and farming that no register holds?
        Is the amount what remains after all insurance and medical aid?
        Which other necessary spending is there: school fees, rehabilitation, living?
        Savings, vehicles, dwellings in outline; a check needs the household's consent
    -- stderr
    ");
    let case = case_of(data, "sq-001");
    assert_eq!((case["lead"].as_str(), case["state"].as_str()), (Some("t-421202105"), Some("dispatched")));
    assert_eq!(case["deadlines"]["visit"]["by"], "2026-11-30");

    clean(doudi(data, &["case", "move", &step(&case, "acknowledge", &json!({}))]));
    let detail = json!({
        "visit": {"on": "2026-11-24", "investigators": ["王经办", "赵网格"], "met": "户主", "how": "home"},
        "report": {"finding": {"outcome": "entered-dibao", "on": "2026-11-24", "since": "2026-12-01"}, "interventions": []},
    });
    let reported = clean(doudi(data, &["case", "move", &step(&case, "report", &detail), "--format", "json"])).json();
    assert_eq!(reported["state"], "reported");
    let again = clean(doudi(data, &["case", "move", &step(&case, "report", &detail), "--format", "json"])).json();
    assert_eq!(again, reported, "the same move under the same key is the same move");

    let after = clean(doudi(data, &["household", "show", "sq-001", "--format", "json"])).json();
    assert_eq!(after["warnings"], json!([]));
    assert_eq!(after["verdicts"]["medical-burden"], false);
    let report = clean(doudi(data, &["feedback", "report", "--format", "json"])).json();
    assert_eq!(report["medical-burden"]["right"], 1);
    let replay = clean(doudi(data, &["audit", "replay", "--format", "json"])).json();
    assert!(replay["replayed"].as_u64().unwrap() > 10);
    assert_eq!(replay["different"], json!([]));
}

#[test]
fn feedback_by_flags_is_the_same_move_when_the_command_is_given_again() {
    let dir = with_first_warning();
    let data = dir.path();
    let case = case_of(data, "sq-001");
    let id = case["id"].as_str().unwrap();
    let report =
        ["feedback", "record", id, "--outcome", "no-hardship", "--actor", "王经办", "--investigator", "王经办"];
    assert_snapshot!(doudi(data, &report), @r"
    exit 1
    -- stdout
    -- stderr
    错误 move/state：工单待签收，不能登记走访结果
      kind
    改法：看工单页上可以办理的事项
    ");
    clean(doudi(data, &["case", "move", &step(&case, "acknowledge", &json!({}))]));
    let first = clean(doudi(data, &report));
    assert!(first.out.contains("已反馈"), "{first}");
    assert_eq!(clean(doudi(data, &report)).out, first.out);
}

#[test]
fn what_was_known_before_the_visit_can_still_be_asked() {
    let dir = with_first_warning();
    let then = ["household", "show", "sq-001", "--known-at", "2026-11-24T10:00:00+08:00", "--format", "json"];
    let shown = clean(doudi(dir.path(), &then)).json();
    assert_eq!(shown["known_at"], "2026-11-24T10:00:00+08:00");
    let rules: Vec<_> = shown["warnings"].as_array().unwrap().iter().map(|one| one["rule"].clone()).collect();
    assert_eq!(rules.len(), 2);
    assert!(rules.contains(&json!("medical-burden")));
    assert_eq!(shown["cases"][0]["lead"], "t-421202105");
    let before = ["household", "show", "sq-001", "--known-at", "2026-11-24T09:59:59+08:00"];
    assert_eq!(doudi(dir.path(), &before).code, 2);
}

#[test]
fn what_is_not_known_names_the_fact_and_the_office_that_holds_it() {
    let dir = with_first_warning();
    let shown = clean(doudi(dir.path(), &["household", "show", "sq-001", "--format", "json"])).json();
    for member in ["id", "as_of", "known_at", "members", "features", "verdicts", "score", "level", "warnings", "cases"]
    {
        assert!(shown.get(member).is_some(), "{member}");
    }
    let unknown =
        json!({"reason": "stale:disaster.loss", "missing": [{"fact": "disaster.loss", "office": "c-421202-yj"}]});
    assert_eq!(shown["features"]["disaster_loss_90d"], json!({"value": null, "unit": "fen", "unknown": unknown}));
    let known = json!({"value": 2_340_000, "unit": "fen", "unknown": null});
    assert_eq!(shown["features"]["medical_self_paid_12m"], known);
}
