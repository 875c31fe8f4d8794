//! Declarations that make no sense are refused with a numbered problem at their place.

use doudi_rules::bundle::Bundle;

use super::world::{files, one};

#[track_caller]
fn codes(features: &str) -> Vec<String> {
    let mut files = files(features);
    let levels = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/levels.toml")).unwrap();
    files.insert("levels.toml".to_owned(), levels);
    let problems = Bundle::load(files).err().unwrap_or_default();
    assert!(problems.iter().all(|problem| problem.place.starts_with("features/t.toml:")), "{problems:?}");
    problems.iter().map(|problem| problem.code.to_string()).collect()
}

#[test]
fn a_feature_that_does_not_say_what_it_is_is_refused() {
    for (lines, expected) in [
        ("unit = \"fen\"\nvalue = \"on\"\naggregate = \"sum\"", "B0520"),
        ("unit = \"count\"\nvalue = \"amount\"\naggregate = \"latest\"", "B0520"),
        ("unit = \"fen\"\naggregate = \"count\"", "B0521"),
        ("unit = \"count\"\nvalue = \"n\"\naggregate = \"months_with\"", "B0521"),
        ("unit = \"date\"\nvalue = \"on\"\naggregate = \"sum\"", "B0521"),
        ("unit = \"count\"\nvalue = \"n\"\naggregate = \"all\"", "B0521"),
        ("unit = \"fen\"\nvalue = \"amount\"\naggregate = \"change\"", "B0522"),
        ("unit = \"fen\"\nvalue = \"amount\"\naggregate = \"change\"\nas_of = true", "B0522"),
        ("unit = \"count\"\naggregate = \"count\"\nas_of = true\nwindow = \"1 year\"", "B0522"),
        ("unit = \"fen\"\nvalue = \"amount * 0.5\"\naggregate = \"latest\"", "B0523"),
        ("unit = \"fen\"\nvalue = \"n + 1\"\naggregate = \"latest\"", "B0523"),
        (
            "unit = \"count\"\naggregate = \"count\"\nabsent = { zero_while_fresh = \"9 days\" }\nstale_after = \"9 days\"",
            "B0524",
        ),
        ("unit = \"count\"\naggregate = \"count\"\nsource = \"urn:t\"", "B0524"),
        ("unit = \"count\"\naggregate = \"count\"\nwindow = \"next year\"", "B0102"),
        ("unit = \"count\"\naggregate = \"median\"", "B0102"),
    ] {
        assert_eq!(codes(&one(lines)), [expected], "{lines}");
    }
}

#[test]
fn a_computation_that_does_not_say_how_it_rounds_is_refused() {
    let derived = |unit: &str, expr: &str| {
        let sum = one("unit = \"fen\"\nvalue = \"amount\"\naggregate = \"sum\"");
        format!("{sum}\n[y]\ntitle = {{ zh = \"某\", en = \"Y\" }}\nover = \"household\"\n{unit}\nexpr = '{expr}'\n")
    };
    for (unit, expr) in [
        ("unit = \"fen\"", "0.5 * x"),
        ("unit = \"fen\"", "x / 4"),
        ("unit = \"fen\"", "div(x, members, \"half_up\", 3)"),
        ("unit = \"ratio\"\nscale = 2", "div(members, 3, \"half_up\", 4)"),
        ("unit = \"fen\"", "members"),
        ("unit = \"count\"", "x"),
        ("unit = \"date\"", "x"),
    ] {
        assert_eq!(codes(&derived(unit, expr)), ["B0523"], "{unit} {expr}");
    }
    for (unit, expr) in [
        ("unit = \"fen\"", "div(x, members, \"half_up\")"),
        ("unit = \"fen\"", "round(0.5 * x, \"half_up\", 0)"),
        ("unit = \"ratio\"\nscale = 2", "div(members, 3, \"half_up\", 2)"),
        ("unit = \"days\"", "days(day, day + 3)"),
        ("unit = \"bool\"", "x > yuan(3)"),
    ] {
        assert_eq!(codes(&derived(unit, expr)), Vec::<String>::new(), "{unit} {expr}");
    }
    // Without rounding there is no division of two unknowns at all.
    assert_ne!(codes(&derived("unit = \"fen\"", "x / members")), Vec::<String>::new());
}
