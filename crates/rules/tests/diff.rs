//! What is said of two bundles that differ in one thing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod small;

use doudi_model::Verdict;
use doudi_rules::diff::{Difference, How, RuleChange};
use small::{Rule, Small, rule};

fn between(before: &Small, after: &Small) -> Difference {
    before.load().differences(&after.load())
}

/// What is said of one rule in two forms.
#[track_caller]
fn change(before: Rule, after: Rule) -> RuleChange {
    let difference = between(&Small::new().with(before), &Small::new().with(after));
    assert_eq!(difference.rules.len(), 1, "{difference:#?}");
    difference.rules[0].clone()
}

#[test]
fn equal_bundles_differ_in_nothing() {
    let small = Small::new().with(rule("costs", "cost > yuan(1000)"));
    assert!(between(&small, &small).is_empty());
}

#[test]
fn rules_come_go_and_end() {
    let (one, two) = (rule("one", "cost > yuan(1000)"), rule("two", "ill"));
    let (less, more) = (Small::new().with(one.clone()), Small::new().with(one.clone()).with(two));
    assert_eq!(between(&less, &more).rules[0].change, How::Added);
    assert_eq!(between(&more, &less).rules[0].change, How::Removed);
    let ended = change(one.clone(), one.until("2026-12-31"));
    assert_eq!(ended.change, How::Ended);
    assert!(ended.parts[0].en.contains("2025-01-01 to 2026-12-31"), "{ended:#?}");
}

#[test]
fn other_words_for_the_same_are_told_from_another_meaning() {
    let base = "cost > yuan(1000) && ill";
    for same in [
        "ill && cost > yuan(1000)",
        "!(!ill || cost <= yuan(1000))",
        "cost >= yuan(1000.01) && ill",
        "(cost > yuan(1000)) && ill",
    ] {
        let change = change(rule("costs", base), rule("costs", same));
        assert_eq!((change.change, change.shows.len()), (How::Reworded, 0), "{same} {change:#?}");
    }
    // Where ill is not known these two differ, though not on complete data.
    let known = change(
        rule("costs", "cost > yuan(1000)"),
        rule("costs", "cost > yuan(1000) && (ill && cost > yuan(1) || !ill)"),
    );
    assert_eq!(known.change, How::Meaning);
    assert_eq!((known.shows[0].before, known.shows[0].after), (Verdict::True, Verdict::Unknown));
}

#[test]
fn a_change_of_meaning_comes_with_the_household_on_the_line() {
    let change = change(rule("costs", "cost > yuan(1000)"), rule("costs", "cost >= yuan(1000)"));
    assert_eq!(change.change, How::Meaning);
    let shows = &change.shows[0];
    assert_eq!((shows.before, shows.after, shows.part.as_str()), (Verdict::False, Verdict::True, "when"));
    let cost = shows.witness.values.iter().find(|shown| shown.name == "cost").unwrap();
    assert_eq!(cost.value, 100_000);
}

#[test]
fn what_a_rule_is_worth_and_when_its_warning_closes_is_meaning_too() {
    let one = rule("costs", "cost > yuan(1000)").line("clear = 'cost < yuan(900)'");
    let two = rule("costs", "cost > yuan(1000)").line("clear = 'cost < yuan(800)'");
    let change = change(one, two);
    assert_eq!((change.change, change.shows[0].part.as_str()), (How::Meaning, "clear"));
    let quiet = rule("costs", "cost > yuan(1000)").line("cooldown = \"30 days\"");
    let loud = rule("costs", "cost > yuan(1000)").line("cooldown = \"60 days\"");
    let change = self::change(quiet, loud);
    assert_eq!((change.change, change.parts[0].en.as_str()), (How::Meaning, "quiet after closing: 30 days → 60 days"));
}

#[test]
fn tests_and_basis_are_words() {
    let change = change(
        rule("costs", "cost > yuan(1000)"),
        rule("costs", "cost > yuan(1000)").tests(&["true", "false", "unknown", "false"]),
    );
    assert_eq!((change.change, change.parts[0].en.as_str()), (How::Reworded, "its tests (3 → 4)"));
}

#[test]
fn features_standards_levels_and_tables_are_told() {
    let before = Small::new().with(rule("costs", "cost > standard.low"));
    let standards = "standard,division,from,to,value,unit,source,note
low,420000000000,2020-01-01,,110000,fen,a test,
high,420000000000,2020-01-01,2024-12-31,150000,fen,a test,
high,420000000000,2025-01-01,,300000,fen,a test,
late,420000000000,2025-07-01,,200000,fen,a test,
";
    let after = before
        .clone()
        .file("standards/a.csv", standards)
        .file("routing/routes.csv", "division,category,level,lead,co\n420000000000,,,a,\n");
    let difference = between(&before, &after);
    assert!(difference.rules.is_empty() && difference.features.is_empty(), "{difference:#?}");
    assert!(difference.standards[0].message.en.contains("1,000 yuan (a test) → 1,100 yuan"), "{difference:#?}");
    assert_eq!(difference.routing[0].name, "routing/routes.csv");
}
