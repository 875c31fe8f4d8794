//! A standard that nobody has set: declared by a row with a blank value, unknown until the value is filled in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use doudi_rules::bundle::{Bundle, Files};

const LEVELS: &str = r#"
level = [
  { name = "blue", score = 1 },
  { name = "yellow", score = 2 },
  { name = "orange", score = 3 },
  { name = "red", score = 4 },
]
"#;

const RULE: &str = r#"
id = "too-much-saved"
title = { zh = "存款过多", en = "Too much saved" }
direction = "missed"
category = "c"
scope = "household"
weight = 1
basis = [{ law = "l", from = 2026-01-01 }]
effective = { from = 2026-01-01 }
when = "saved > 12 * standard.multiple * standard.line"

[[test]]
name = "above what the test sets"
given = { saved = "1000.03 yuan", "standard.multiple" = "0.50", "standard.line" = "166.67 yuan" }
expect = "true"

[[test]]
name = "a multiple that nobody has set"
given = { saved = "99999 yuan" }
division = "421200000000"
as_of = 2026-11-24
expect = "unknown"

[[test]]
name = "nothing known"
given = { saved = "unknown" }
expect = "unknown"
"#;

fn bundle(multiple: &str) -> Result<Bundle, Vec<doudi_model::Problem>> {
    let standards = format!(
        "standard,division,from,to,value,unit,source,note\n\
         line,421200000000,2026-01-01,,10000,fen,s,\n\
         multiple,421200000000,2026-01-01,,{multiple},ratio,to be settled,\n"
    );
    let files: [(&str, &str); 8] = [
        ("bundle.toml", "name = \"t\"\nversion = \"1\"\ntitle = { zh = \"t\", en = \"t\" }\n"),
        ("levels.toml", LEVELS),
        (
            "divisions/d.csv",
            "code,name,level,parent,from,to,successor\n420000000000,湖北省,province,,,,\n421200000000,咸宁市,city,420000000000,,,\n",
        ),
        ("standards/s.csv", &standards),
        (
            "standards/titles.toml",
            "line = { zh = \"标准线\", en = \"Line\" }\nmultiple = { zh = \"倍数\", en = \"Multiple\" }\n",
        ),
        (
            "facts/f.toml",
            "[\"finance.saved\"]\ntitle = { zh = \"存款\", en = \"Savings\" }\nsubject = \"household\"\noffice = \"mz\"\n\
             fields = [{ name = \"total\", type = \"money\", range = [0, 1_000_000_00], title = { zh = \"合计\", en = \"Total\" } }]\n",
        ),
        (
            "features/f.toml",
            "[saved]\ntitle = { zh = \"存款\", en = \"Savings\" }\nunit = \"fen\"\nof = \"finance.saved\"\nvalue = \"total\"\n\
             aggregate = \"latest\"\nrange = [0, 1_000_000_00]\n",
        ),
        ("warnings/too-much-saved.toml", RULE),
    ];
    Bundle::load(files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect::<Files>())
}

fn load(multiple: &str) -> Bundle {
    bundle(multiple).unwrap_or_else(|problems| {
        let said: Vec<String> = problems.iter().map(|problem| problem.render(doudi_model::Lang::En)).collect();
        panic!("{}", said.join("\n"))
    })
}

#[test]
fn a_blank_value_declares_a_standard_without_a_figure() {
    let bundle = load("");
    let standard = bundle.standards().get("multiple").unwrap();
    assert!(standard.figures().is_empty());
    let path = bundle.path("421200000000".parse().ok());
    let day = "2026-11-24".parse().unwrap();
    assert!(bundle.standards().at("multiple", &path, day).is_none());
    assert!(bundle.standards().at("line", &path, day).is_some());
}

#[test]
fn what_rests_on_it_is_unknown_and_its_tests_may_still_set_it() {
    for result in load("").run_tests() {
        assert!(result.passed(), "{result:?}");
    }
}

#[test]
fn once_the_value_is_filled_in_the_rule_answers() {
    let problems = bundle("2.00").unwrap_err();
    let said: Vec<String> = problems.iter().map(|problem| problem.message.en.clone()).collect();
    assert_eq!(said, ["the test \"a multiple that nobody has set\" fails: expected unknown, got true"]);
}

#[test]
fn a_ratio_is_the_same_with_and_without_its_zeros() {
    for written in ["2", "2.0", "2.00"] {
        let problems = bundle(written).unwrap_err();
        assert_eq!(problems.len(), 1, "{written}: only the test that wants it unset fails: {problems:?}");
    }
}

#[test]
fn a_value_that_is_no_number_is_still_refused() {
    let problems = bundle("unset").unwrap_err();
    assert!(problems.iter().any(|problem| problem.code == "B0301"), "{problems:?}");
}
