//! `rules analyze`, `render` and `diff`: exit code, standard output and standard error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Run, doudi, fresh, root};

/// A copy of the bundle.
fn copied(dir: &Path) -> PathBuf {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let to = to.join(path.file_name().unwrap());
            if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, to).map(|_| ()).unwrap() }
        }
    }
    let to = dir.join("bundle");
    copy(&root().join("rules"), &to);
    to
}

/// Replaces some text of a file that holds it.
fn mend(bundle: &Path, file: &str, from: &str, to: &str) {
    let path = bundle.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} does not hold {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Lets a test of a rule expect the other answer.
fn expect(bundle: &Path, file: &str, test: &str, from: &str, to: &str) {
    let path = bundle.join(file);
    let text = fs::read_to_string(&path).unwrap();
    let (before, after) = text.split_once(&format!("name   = \"{test}\"")).unwrap_or_else(|| panic!("{test}: {text}"));
    let after = after.replacen(&format!("expect = \"{from}\""), &format!("expect = \"{to}\""), 1);
    fs::write(path, format!("{before}name   = \"{test}\"{after}")).unwrap();
}

fn run(rules: &Path, args: &[&str]) -> Run {
    let dir = fresh();
    doudi(dir.path(), &[&["--rules", rules.to_str().unwrap(), "rules"], args].concat())
}

/// Another rule for the same as the large hospital bill, in other words.
fn with_a_duplicate(dir: &Path) -> PathBuf {
    let bundle = copied(dir);
    let file = bundle.join("warnings/large-inpatient-bill.toml");
    let text = fs::read_to_string(file).unwrap();
    let other = text.replacen("large-inpatient-bill", "large-bill", 1).replacen(
        "> standard.single_inpatient_bill",
        ">= standard.single_inpatient_bill + yuan(0.01)",
        1,
    );
    assert_ne!(text, other);
    fs::write(bundle.join("warnings/large-bill.toml"), other).unwrap();
    bundle
}

#[test]
fn analyze_finds_a_duplicate_in_both_languages_and_gives_one() {
    let dir = fresh();
    let bundle = with_a_duplicate(dir.path());
    let zh = run(&bundle, &["analyze"]);
    assert_eq!((zh.code, zh.err.as_str()), (1, ""), "{zh}");
    assert!(zh.out.contains("【重复的规则】1处") && zh.out.contains("对同样的家庭成立"), "{zh}");
    let en = run(&bundle, &["analyze", "--lang", "en"]);
    assert_eq!((en.code, en.err.as_str()), (1, ""), "{en}");
    assert!(
        en.out.contains("Duplicate rules (1)") && en.out.contains("questions about conditions settled exactly"),
        "{en}"
    );
    let json = run(&bundle, &["analyze", "--format", "json"]);
    let found = json.json();
    let duplicate =
        found["findings"].as_array().unwrap().iter().find(|finding| finding["kind"] == "duplicate").unwrap();
    assert_eq!(duplicate["rules"], serde_json::json!(["large-bill", "large-inpatient-bill"]));
    assert_eq!(duplicate["where"], "warnings/large-bill.toml");
    assert!(found["settled"].as_u64().unwrap() > 100, "{json}");
}

#[test]
fn analyze_shows_a_household_outside_the_inner_rule() {
    let dir = fresh();
    let bundle = with_a_duplicate(dir.path());
    mend(&bundle, "warnings/large-bill.toml", "+ yuan(0.01)", "+ yuan(1000)");
    expect(&bundle, "warnings/large-bill.toml", "one fen above the line is above it", "true", "false");
    let json = run(&bundle, &["analyze", "--format", "json"]).json();
    let found = json["findings"].as_array().unwrap();
    let inside =
        found.iter().find(|finding| finding["rules"] == serde_json::json!(["large-bill", "large-inpatient-bill"]));
    let inside = inside.unwrap_or_else(|| panic!("{json:#}"));
    assert_eq!(inside["kind"], "subsumed");
    let values = inside["witness"]["values"].as_array().unwrap();
    let of = |name: &str| values.iter().find(|value| value["name"] == name).unwrap()["value"].as_i64().unwrap();
    let (bill, line) = (of("inpatient_self_paid_max_90d"), of("standard.single_inpatient_bill"));
    assert!(line < bill && bill < line + 1000_00, "{bill} {line}");
}

#[test]
fn render_says_every_rule_in_both_languages() {
    let rules = root().join("rules");
    let all = run(&rules, &["render"]);
    assert_eq!((all.code, all.err.as_str()), (0, ""), "{all}");
    let list = run(&rules, &["list", "--format", "json"]).json();
    for rule in list.as_array().unwrap() {
        for lang in ["zh", "en"] {
            assert!(all.out.contains(rule["title"][lang].as_str().unwrap()), "{}", rule["id"]);
        }
    }
    let one = run(&rules, &["render", "income-lost", "--markdown", "--lang", "en"]);
    assert!(one.out.starts_with("## "), "{one}");
    for line in [
        "**It warns when**",
        "- all of these:",
        "Age: between 16 years and 59 years",
        "**什么时候提醒**",
        "年龄在16岁至59岁之间",
    ] {
        assert!(one.out.contains(line), "{line} {one}");
    }
    let json = run(&rules, &["render", "income-lost", "--format", "json"]).json();
    assert_eq!(json["rules"][0]["id"], "income-lost");
    assert_eq!(json["rules"][0]["when"]["text"]["zh"], "下面各项都成立：");
    let wrong = run(&rules, &["render", "income-lots", "--format", "json"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""), "{wrong}");
    assert_eq!(wrong.errors()[0]["code"], "use/no-rule");
}

#[test]
fn show_says_the_condition_before_it_is_written() {
    let shown = run(&root().join("rules"), &["show", "income-lost"]);
    assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{shown}");
    let (sentence, written) =
        (shown.out.find("年龄在16岁至59岁之间").unwrap(), shown.out.find("between(age, 16, 59)").unwrap());
    assert!(sentence < written);
}

#[test]
fn diff_gives_nought_where_nothing_differs() {
    let rules = root().join("rules");
    let run = run(&rules, &["diff", rules.to_str().unwrap()]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "没有不同\n", ""), "{run}");
}

#[test]
fn diff_tells_a_change_of_meaning_with_a_household_from_a_rewording() {
    let dir = fresh();
    let after = copied(dir.path());
    let file = "warnings/large-inpatient-bill.toml";
    expect(&after, file, "exactly on the line is not above it", "false", "true");
    mend(
        &after,
        "warnings/large-inpatient-bill.toml",
        "> standard.single_inpatient_bill",
        ">= standard.single_inpatient_bill",
    );
    mend(
        &after,
        "warnings/disaster-loss.toml",
        "disaster_loss_90d > standard.disaster_loss && disaster_unvisited",
        "disaster_unvisited && disaster_loss_90d >= standard.disaster_loss + yuan(0.01)",
    );
    fs::remove_file(after.join("warnings/vehicle-registered.toml")).unwrap();
    let rules = root().join("rules");
    let json = run(&rules, &["diff", after.to_str().unwrap(), "--format", "json"]);
    assert_eq!((json.code, json.err.as_str()), (1, ""), "{json}");
    let changes = json.json();
    let of = |id: &str| changes["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap().clone();
    assert_eq!(of("vehicle-registered")["change"], "removed");
    assert_eq!(of("disaster-loss")["change"], "reworded");
    let meaning = of("large-inpatient-bill");
    assert_eq!(meaning["change"], "meaning");
    let shows = &meaning["shows"][0];
    assert_eq!((shows["before"].as_bool(), shows["after"].as_bool()), (Some(false), Some(true)));
    let text = run(&rules, &["diff", after.to_str().unwrap(), "--lang", "en"]);
    for line in [
        "Rules removed",
        "Rules changed in meaning",
        "`when` was false and is true",
        "Rules reworded without change of meaning",
    ] {
        assert!(text.out.contains(line), "{line} {text}");
    }
}

#[test]
fn diff_of_what_is_no_bundle_gives_two() {
    let (rules, empty) = (root().join("rules"), fresh());
    let run = run(&rules, &["diff", empty.path().to_str().unwrap(), "--format", "json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{run}");
    assert_eq!(run.errors()[0]["code"], "B0101");
}
