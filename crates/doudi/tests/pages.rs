//! Every code that the program can give has a page in both languages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{doudi, fresh, root};

/// Families of codes, as they begin in the source.
const FAMILIES: [&str; 21] = [
    "envelope", "payload", "store", "io", "routing", "table", "calendar", "move", "case", "config", "accounts",
    "sources", "service", "auth", "request", "sim", "use", "move", "state", "register", "cell",
];

/// Texts of the form of a code that are none.
const OTHERS: [&str; 1] = ["move/no-such"];

fn sources(dir: &Path, found: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// Quoted texts that look like codes.
fn codes() -> BTreeSet<String> {
    let mut text = String::new();
    for room in ["model", "rules", "engine", "routing", "feedback", "store", "server", "sim", "registers", "doudi"] {
        sources(&root().join("crates").join(room).join("src"), &mut text);
    }
    let named = |word: &str| {
        word.split_once('/').is_some_and(|(family, rest)| {
            FAMILIES.contains(&family)
                && !rest.is_empty()
                && rest.chars().all(|sign| sign.is_ascii_lowercase() || sign == '-')
        })
    };
    let numbered =
        |word: &str| word.len() == 5 && word.starts_with('B') && word.chars().skip(1).all(|sign| sign.is_ascii_digit());
    text.split('"').filter(|word| named(word) || numbered(word)).map(str::to_owned).collect()
}

#[test]
fn every_code_in_the_source_has_a_page_in_both_languages() {
    let dir = fresh();
    let list = |lang: &str| doudi(dir.path(), &["error", "--format", "json", "--lang", lang]).json();
    let (zh, en) = (list("zh"), list("en"));
    let pages: BTreeSet<String> =
        zh.as_array().unwrap().iter().map(|page| page["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(pages.len(), zh.as_array().unwrap().len(), "no code has two pages");
    let lacking: Vec<String> =
        codes().into_iter().filter(|code| !pages.contains(code) && !OTHERS.contains(&code.as_str())).collect();
    assert!(lacking.is_empty(), "no page for {lacking:?}");
    for (zh, en) in zh.as_array().unwrap().iter().zip(en.as_array().unwrap()) {
        let cjk = |text: &str| text.chars().any(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign));
        for part in ["meaning", "mend"] {
            assert!(cjk(zh[part].as_str().unwrap()), "{zh}");
            assert!(!cjk(en[part].as_str().unwrap()), "{en}");
        }
        assert!(!zh["example"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_slip_in_a_code_is_answered_with_the_nearest() {
    let run = doudi(fresh().path(), &["error", "payload/rnage", "--lang", "en"]);
    insta::assert_snapshot!(run, @r"
    exit 2
    -- stdout
    -- stderr
    error[use/no-code]: there is no code payload/rnage
    hint: did you mean payload/range?
    ");
}

#[test]
fn completions_and_man_pages_come_from_the_command_line_itself() {
    let dir = fresh();
    for shell in ["bash", "zsh", "fish"] {
        assert!(doudi(dir.path(), &["completions", shell]).out.contains("dead-letters"), "{shell}");
    }
    assert!(doudi(dir.path(), &["man"]).out.contains(".TH doudi 1"));
    let out = dir.path().join("man");
    assert_eq!(doudi(dir.path(), &["man", "--out", out.to_str().unwrap()]).code, 0);
    assert!(out.join("doudi-case-move.1").exists());
}
