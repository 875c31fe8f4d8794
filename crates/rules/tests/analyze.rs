//! What the analysis finds in bundles with one thing wrong, and that it finds nothing where nothing is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod small;

use doudi_rules::analyze::{Analysis, Finding, Kind};
use small::{Small, rule};

fn analyze(small: &Small) -> Analysis {
    small.load().analyze()
}

/// The only finding of a kind.
#[track_caller]
fn only(analysis: &Analysis, kind: Kind) -> Finding {
    let of: Vec<&Finding> = analysis.findings.iter().filter(|finding| finding.kind == kind).collect();
    assert_eq!(of.len(), 1, "{of:#?} {:#?}", analysis.unproven);
    of[0].clone()
}

#[track_caller]
fn none(analysis: &Analysis, kinds: &[Kind]) {
    let of: Vec<&Finding> = analysis.findings.iter().filter(|finding| kinds.contains(&finding.kind)).collect();
    assert!(of.is_empty(), "{of:#?}");
    assert!(analysis.unproven.is_empty(), "{:#?}", analysis.unproven);
}

/// The value that a witness shows of a name.
#[track_caller]
fn shown(finding: &Finding, name: &str) -> i64 {
    let witness = finding.witness.as_ref().unwrap();
    let value = witness.values.iter().find(|shown| shown.name == name).unwrap();
    value.value.as_i64().unwrap()
}

const PAIRS: [Kind; 5] = [Kind::Duplicate, Kind::Subsumed, Kind::AlwaysMuted, Kind::LadderGap, Kind::LadderOverlap];

#[test]
fn a_rule_that_the_figures_in_force_never_let_be_true_is_found() {
    let small = Small::new().with(rule("poor", "income < standard.low && income > 2 * standard.low"));
    assert_eq!(only(&analyze(&small), Kind::Contradictory).rules, ["poor"]);
    // The figures decide, not the names: `high` is in truth above twice `low`.
    let small = Small::new().with(rule("poor", "income < standard.high && income > 2 * standard.low"));
    none(&analyze(&small), &[Kind::Contradictory]);
}

#[test]
fn what_a_feature_is_computed_from_counts() {
    let small = Small::new().with(rule("odd", "per_head > yuan(1000) && income < yuan(900)"));
    assert_eq!(only(&analyze(&small), Kind::Contradictory).rules, ["odd"]);
    let small = Small::new().with(rule("fine", "per_head > yuan(1000) && income < yuan(1100)"));
    none(&analyze(&small), &[Kind::Contradictory]);
}

#[test]
fn two_rules_that_say_the_same_in_other_words_are_duplicates() {
    let small = Small::new()
        .with(rule("one", "2 * income < standard.low && ill"))
        .with(rule("two", "!(!ill || standard.low <= income + income)"));
    assert_eq!(only(&analyze(&small), Kind::Duplicate).rules, ["one", "two"]);
}

#[test]
fn a_rule_inside_another_is_found_with_a_household_outside_it() {
    let small = Small::new().with(rule("more", "cost > yuan(2000)")).with(rule("some", "cost > yuan(1000) || ill"));
    let finding = only(&analyze(&small), Kind::Subsumed);
    assert_eq!(finding.rules, ["more", "some"]);
    assert!(shown(&finding, "cost") <= 2_000_00);
    // As a ladder it is meant so.
    let ladder = Small::new()
        .with(rule("more", "cost > yuan(2000)").line("supersedes = [\"some\"]"))
        .with(rule("some", "cost > yuan(1000)"));
    none(&analyze(&ladder), &PAIRS);
    let upside_down = Small::new()
        .with(rule("more", "cost > yuan(2000)"))
        .with(rule("some", "cost > yuan(1000)").line("supersedes = [\"more\"]"));
    assert_eq!(only(&analyze(&upside_down), Kind::AlwaysMuted).rules, ["more", "some"]);
}

#[test]
fn missing_data_tell_two_rules_apart_where_complete_data_do_not() {
    let small = Small::new()
        .with(rule("one", "cost > yuan(2000)").line("supersedes = [\"two\"]"))
        .with(rule("two", "cost > yuan(2000) && (ill && cost > yuan(1) || !ill)"));
    let analysis = analyze(&small);
    let finding = only(&analysis, Kind::AlwaysMuted);
    assert_eq!(finding.rules, ["two", "one"]);
    let witness = finding.witness.unwrap();
    assert!(witness.values.iter().any(|shown| shown.name == "ill" && shown.value.is_null()), "{witness:#?}");
}

#[test]
fn steps_that_do_not_meet_and_steps_that_overlap_are_found() {
    let steps = |low: &str, high: &str| {
        Small::new().with(rule("high", high).line("supersedes = [\"low\"]")).with(rule("low", low))
    };
    let gap = analyze(&steps("cost > yuan(1000) && cost < yuan(5000)", "cost > yuan(5000)"));
    let finding = only(&gap, Kind::LadderGap);
    assert_eq!((finding.subject.as_str(), shown(&finding, "cost")), ("cost", 5_000_00));
    none(&analyze(&steps("cost > yuan(1000) && cost <= yuan(5000)", "cost > yuan(5000)")), &PAIRS);
    let overlap = Small::new()
        .with(rule("high", "cost >= yuan(5000)"))
        .with(rule("low", "cost > yuan(1000) && cost <= yuan(5000)"));
    let finding = only(&analyze(&overlap), Kind::LadderOverlap);
    assert_eq!(shown(&finding, "cost"), 5_000_00);
}

#[test]
fn a_warning_that_may_close_while_its_rule_is_true_is_found() {
    let small = Small::new().with(rule("costs", "cost > yuan(1000)").line("clear = 'cost < yuan(1200)'"));
    let finding = only(&analyze(&small), Kind::ClearsWhileTrue);
    assert!((1_000_01..1_200_00).contains(&shown(&finding, "cost")));
    let apart = Small::new().with(rule("costs", "cost > yuan(1000)").line("clear = 'cost < yuan(900)'"));
    none(&analyze(&apart), &[Kind::ClearsWhileTrue, Kind::NeverClears]);
    let never = rule("costs", "cost > yuan(1000)").line("clear = 'income > standard.high && income < standard.low'");
    assert_eq!(only(&analyze(&Small::new().with(never)), Kind::NeverClears).subject, "clear");
}

#[test]
fn features_and_fields_that_lead_nowhere_are_found() {
    let small = Small::new().with(rule("costs", "cost > yuan(1000)"));
    let unused: Vec<String> = analyze(&small)
        .findings
        .into_iter()
        .filter(|finding| finding.kind == Kind::UnusedFeature)
        .map(|finding| finding.subject)
        .collect();
    assert_eq!(unused, ["ill", "income", "per_head"]);
    let through = Small::new().with(rule("heads", "per_head > yuan(1000) && ill && cost > yuan(1)"));
    none(&analyze(&through), &[Kind::UnusedFeature]);

    let with = |more: &str| {
        let costs = Small::new().with(rule("costs", "cost > yuan(1)"));
        costs.file("registers/cost.toml", &format!("{REGISTER}{more}"))
    };
    assert_eq!(only(&analyze(&with("")), Kind::UndeliveredField).subject, "cost.amount");
    none(&analyze(&with("amount  = { column = \"amount\" }\n")), &[Kind::UndeliveredField]);
}

/// A register that fills two of the three fields.
const REGISTER: &str = r#"
id      = "costs"
title   = { zh = "花费表", en = "Table of costs" }
office  = "c-{county}-mz"
source  = "urn:test:mz"
[[column]]
key    = "id"
names  = ["身份证号"]
kind   = "id"
needed = true
[[column]]
key    = "day"
names  = ["日期"]
kind   = "date"
[[column]]
key    = "amount"
names  = ["金额"]
kind   = "money"
unit   = "yuan"
[[fact]]
kind    = "cost"
subject = { household_of = "id" }
[fact.fields]
paid_on = { column = "day" }
ill     = { is = true }
"#;

#[test]
fn days_without_a_standard_a_basis_or_a_rule_are_found() {
    let late = Small::new().with(rule("poor", "income < standard.late"));
    let finding = only(&analyze(&late), Kind::StandardMissing);
    assert_eq!(finding.subject, "standard.late");
    assert!(finding.message.en.contains("from 2025-01-01 to 2025-06-30"), "{}", finding.message.en);
    let unfounded = Small::new().with(rule("costs", "cost > yuan(1000)").basis_from("2025-03-01"));
    assert!(only(&analyze(&unfounded), Kind::BasisMissing).message.en.contains("from 2025-01-01 to 2025-02-28"));
    let ended = Small::new().with(rule("costs", "cost > yuan(1000)").until("2025-12-31"));
    assert!(only(&analyze(&ended), Kind::NoRuleInForce).message.en.contains("from 2026-01-01 on"));
}

#[test]
fn tests_that_show_one_side_only_are_found() {
    let small = Small::new().with(rule("costs", "cost > yuan(1000) || ill").tests(&["true", "true", "true"]));
    let analysis = analyze(&small);
    assert_eq!(only(&analysis, Kind::OneSidedTests).rules, ["costs"]);
    let untested: Vec<&str> = analysis
        .findings
        .iter()
        .filter(|finding| finding.kind == Kind::UntestedLeaf)
        .map(|finding| finding.subject.as_str())
        .collect();
    assert_eq!(untested, ["cost > yuan(1000)", "ill"]);
}

#[test]
fn what_cannot_be_reasoned_about_is_said_to_be_so() {
    let shares = "div(income, cost, \"floor\") >= 7 && div(cost, income, \"floor\") >= 11";
    assert_eq!(only(&analyze(&Small::new().with(rule("odd", shares))), Kind::Contradictory).rules, ["odd"]);
    let beside = "div(income, cost, \"floor\") == div(cost, income, \"floor\") + 3";
    let analysis = analyze(&Small::new().with(rule("odd", beside)));
    assert_eq!(analysis.unproven[0].kind, Kind::Contradictory);
    assert!(analysis.findings.iter().all(|finding| finding.kind != Kind::Contradictory));
}

#[test]
fn every_kind_has_a_title_in_both_languages_and_a_name() {
    for kind in Kind::ALL {
        let title = kind.title();
        assert!(!title.zh.is_ascii() && title.en.is_ascii(), "{title:?}");
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
}
