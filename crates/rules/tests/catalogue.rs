//! The page `rules/README.md` says what the bundle holds.
//!
//! To make its tables anew: `DOUDI_CATALOGUE=write cargo test -p doudi-rules --test catalogue`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod files;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use doudi_model::warning::Direction;
use doudi_rules::bundle::Bundle;
use doudi_rules::catalogue::{BEGIN, Catalogue, END};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

fn bundle() -> Bundle {
    Bundle::load(files::below(&root())).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn the_page_has_the_tables_of_the_bundle() {
    let bundle = bundle();
    let tables = Catalogue::of(&bundle).unwrap().markdown(&bundle);
    let path = root().join("README.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page says where its tables begin");
    let (_, after) = rest.split_once(END).expect("the page says where its tables end");
    let fresh = format!("{before}{}{after}", tables.trim_end());
    if std::env::var("DOUDI_CATALOGUE").is_ok_and(|asked| asked == "write") {
        std::fs::write(&path, fresh).unwrap();
    } else {
        assert!(
            page == fresh,
            "rules/README.md is stale: DOUDI_CATALOGUE=write cargo test -p doudi-rules --test catalogue"
        );
    }
}

#[test]
fn every_rule_stands_in_the_catalogue_and_every_subject_has_a_rule_or_a_word() {
    let bundle = bundle();
    assert_eq!(Catalogue::of(&bundle).unwrap().disagreements(&bundle), Vec::<String>::new());
}

#[test]
fn what_does_not_agree_is_said() {
    let bundle = bundle();
    let mut catalogue = Catalogue::of(&bundle).unwrap();
    let lost = catalogue.finds.remove(0);
    catalogue.finds[0].rules = Vec::new();
    catalogue.packs[0].facts = vec!["disability.certificat".to_owned()];
    let said = catalogue.disagreements(&bundle).join("\n");
    assert!(said.contains(&format!("the rule {} stands under no subject", lost.rules[0])), "{said}");
    assert!(said.contains("has neither a rule nor a word of what it is"), "{said}");
    assert!(said.contains("there is no kind of fact disability.certificat"), "{said}");
}

#[test]
fn every_rule_is_dated_cites_what_is_in_force_and_tests_missing_data_and_both_answers() {
    for rule in bundle().rules() {
        assert!(rule.basis.iter().any(|basis| basis.to.is_none()), "{}", rule.id);
        let expected: BTreeSet<String> = rule.tests.iter().map(|test| test.expect.to_string()).collect();
        assert!(expected.len() == 3, "{}: {expected:?}", rule.id);
    }
}

#[test]
fn a_rule_of_the_excess_direction_only_asks_for_a_check_and_has_the_person_heard() {
    for rule in bundle().rules().iter().filter(|rule| rule.direction == Direction::Excess) {
        assert!(rule.title.zh.starts_with("需要核实：") && rule.title.en.starts_with("To be checked: "), "{}", rule.id);
        assert!(rule.check.iter().any(|step| step.zh.contains("听取")), "{} does not hear the person", rule.id);
    }
}

#[test]
fn every_yes_or_no_feature_has_its_sentences_in_both_languages() {
    let bundle = bundle();
    let declared = bundle.features().iter().filter(|feature| feature.unit == doudi_rules::feature::Unit::Bool);
    for feature in declared.filter(|feature| !["claimed_twice", "provisional"].contains(&feature.name.as_str())) {
        let sentences = feature.yes.iter().chain(&feature.no);
        assert!(sentences.clone().all(|text| !text.zh.is_empty() && !text.en.is_empty()), "{}", feature.name);
        assert!(sentences.count() == 2 || feature.name == "medical_any_12m", "{}", feature.name);
    }
}
