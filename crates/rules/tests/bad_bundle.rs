//! A bundle that is wrong in one way or in many: refused whole, each fault with its place and a way to mend it.
//!
//! A folder of `fixtures/bad/bundles` is laid over the sound bundle beside it; `said.txt` in it is what the author reads.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod files;

use std::path::{Path, PathBuf};

use doudi_model::Lang;
use doudi_rules::bundle::{Bundle, Files};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bad/bundles")
}

/// The sound bundle with a folder laid over it.
fn with(name: &str) -> Files {
    let mut files = files::of_bundle(&root().join("sound"));
    files.extend(files::of_bundle(&root().join(name)));
    files
}

/// The sound bundle with another condition in its rule.
fn with_condition(when: &str) -> Files {
    let mut files = with("sound");
    let rule = String::from_utf8(files["warnings/burden.toml"].clone()).unwrap();
    let sound = "medical_self_paid_12m > standard.dibao_annual";
    assert!(rule.contains(sound));
    files.insert("warnings/burden.toml".to_owned(), rule.replace(sound, when).into_bytes());
    files
}

/// Everything that is said of a bundle, in both languages.
fn said(files: Files) -> String {
    let Err(problems) = Bundle::load(files) else { return "sound\n".to_owned() };
    for problem in &problems {
        let numbered = problem.code.len() == 5 && problem.code.starts_with('B');
        assert!(numbered && !problem.place.is_empty() && !problem.hint.zh.is_empty(), "{problem:?}");
    }
    let in_lang = |lang| problems.iter().map(|problem| problem.render(lang) + "\n").collect::<String>();
    format!("{}\n{}", in_lang(Lang::Zh), in_lang(Lang::En))
}

#[test]
fn every_bad_bundle_is_refused_in_the_words_beside_it() {
    let mut names: Vec<String> =
        std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() > 15);
    let mut differ = Vec::new();
    for name in names {
        let found = said(with(&name));
        let expected = std::fs::read_to_string(root().join(&name).join("said.txt")).unwrap_or_default();
        if found != expected {
            // What is said now, to be read before it is put beside the fixture.
            eprintln!("=== {name}\n{found}");
            if let Some(folder) = std::env::var_os("DOUDI_SAID") {
                std::fs::write(Path::new(&folder).join(format!("{name}.txt")), &found).unwrap();
            }
            differ.push(name);
        }
    }
    assert!(differ.is_empty(), "{differ:?}");
}

fn first(files: Files) -> String {
    let problems = Bundle::load(files).unwrap_err();
    format!("{} {} {}", problems[0].code, problems[0].place, problems[0].message.en)
}

#[test]
fn a_condition_of_100_kb_and_nesting_10_000_deep_are_refused_at_their_place() {
    let long = format!("members > 1{}", " && members > 1".repeat(7_000));
    assert!(long.len() > 100_000);
    let bytes = long.len() + 1;
    assert_eq!(
        first(with_condition(&long)),
        format!("B0205 warnings/burden.toml:10:1 the condition has {bytes} bytes, at most 16384 are allowed")
    );
    let deep = "B0205 warnings/burden.toml:10:65 nested too deeply, at most 64 levels are allowed";
    assert_eq!(first(with_condition(&"!".repeat(10_000))), deep);
    let brackets = first(with_condition(&"(".repeat(10_000)));
    assert!(brackets.starts_with("B0205 warnings/burden.toml:10:"), "{brackets}");
    let both = first(with_condition(&format!("{}true{}", "(".repeat(10_000), ")".repeat(10_000))));
    assert!(both.starts_with("B0205 warnings/burden.toml:10:1 the condition has 2000"), "{both}");
}

#[test]
fn a_file_nested_10_000_deep_is_refused_and_no_stack_overflows() {
    let deep = |before: &str, open: &str, close: &str| {
        let mut files = with("sound");
        let text = format!("{before}{}{}", open.repeat(10_000), close.repeat(10_000));
        files.insert("warnings/second.toml".to_owned(), text.into_bytes());
        first(files)
    };
    for (before, open, close) in
        [("x = ", "[", "]"), ("x = ", "{a=", "}"), ("x = ", "[", ""), ("", "a.", "b = 1\n"), ("[", "a.", "b]\n")]
    {
        let said = deep(before, open, close);
        assert!(
            said.starts_with("B0102 warnings/second.toml"),
            "{before}{open}: {}",
            said.chars().take(200).collect::<String>()
        );
    }
}

#[test]
fn what_only_makes_no_sense_still_decides_as_it_did() {
    for name in ["always-true", "test-that-fails"] {
        assert!(Bundle::load(with(name)).is_err(), "{name}");
        assert!(Bundle::restore(with(name)).is_ok(), "{name}");
    }
    assert!(Bundle::load_untested(with("test-that-fails")).is_ok());
    for name in ["unknown-feature", "overlapping-standard", "not-utf8"] {
        assert!(Bundle::restore(with(name)).is_err(), "{name}");
    }
}

#[test]
fn where_a_rule_needs_a_standard_and_none_is_in_force_is_listed() {
    let holes = |from: &str, figures: &str| -> Vec<String> {
        let mut files = with("sound");
        let rule = String::from_utf8(files["warnings/burden.toml"].clone()).unwrap();
        let rule = rule.replace("effective = { from = 2025-01-01 }", &format!("effective = {{ {from} }}"));
        files.insert("warnings/burden.toml".to_owned(), rule.into_bytes());
        let counties = "code,name,level,parent,from,to,successor\n420000000000,湖北省,province,,,,\n\
            421200000000,咸宁市,city,420000000000,,,\n421202000000,咸安区,county,421200000000,,,\n\
            421221000000,嘉鱼县,county,421200000000,,,\n421202001000,温泉街道,township,421202000000,,,\n";
        files.insert("divisions/table.csv".to_owned(), counties.as_bytes().to_vec());
        let rows: String = figures
            .split_whitespace()
            .map(|row| {
                let parts: Vec<&str> = row.split(',').collect();
                format!("dibao_annual,{}000000,{},{},900000,fen,example,\n", parts[0], parts[1], parts[2])
            })
            .collect();
        let table = format!("standard,division,from,to,value,unit,source,note\n{rows}");
        files.insert("standards/figures.csv".to_owned(), table.into_bytes());
        let bundle = Bundle::load(files).unwrap();
        let holes = bundle.holes();
        for hole in &holes {
            let note = bundle.note_of_hole(hole);
            assert!(note.message.zh.contains("低保标准（年）") && hole.rules == ["burden"], "{note:?}");
        }
        holes.iter().map(|hole| format!("{} {}..{}", hole.division, hole.from, hole.to)).collect()
    };
    assert_eq!(holes("from = 2025-01-01", "421200,2025-01-01,"), Vec::<String>::new());
    // The same everywhere stands at the top, once.
    assert_eq!(holes("from = 2024-07-01", "421200,2025-01-01,"), ["420000000000 2024-07-01..2024-12-31"]);
    // A county with a figure of its own leaves the hole to the others.
    assert_eq!(
        holes("from = 2024-07-01", "421200,2025-01-01, 421202,2024-01-01,2024-12-31"),
        ["421221000000 2024-07-01..2024-12-31"]
    );
    // Days between two rows, and after the last; not those after the rule has ended.
    assert_eq!(
        holes("from = 2025-01-01, to = 2026-12-31", "421200,2025-01-01,2025-06-30 421200,2025-08-01,2026-06-30"),
        ["420000000000 2025-07-01..2025-07-31", "420000000000 2026-07-01..2026-12-31"]
    );
}
