//! What conditions mean and what is refused: a text and a row in, the answer or the refusal out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod declared;

use declared::{bundle, row};
use doudi_model::{Lang, Verdict};
use doudi_rules::{Marks, Slot, Value, compile_condition, compile_expression};

/// The verdict, then each leaf with its verdict; or each refusal as `code line:column text | hint`.
#[track_caller]
fn check(when: &str, given: &str, expect: &str) {
    let bundle = bundle();
    let found = match compile_condition(when, &bundle) {
        Ok(condition) => {
            let outcome = condition.evaluate(&row(&bundle, given));
            assert_eq!(condition.decide(outcome.leaves), outcome.verdict);
            let leaves = condition.leaves().iter().enumerate();
            let leaves: Vec<String> =
                leaves.map(|(at, leaf)| format!("{} {}", outcome.leaves.get(at), leaf.text)).collect();
            format!("{}: {}", outcome.verdict, leaves.join("; "))
        }
        Err(faults) => {
            let text = |fault: &doudi_rules::Fault| {
                let problem = fault.problem(|line, column| format!("{line}:{column}"));
                assert!(!problem.message.zh.is_empty() && !problem.hint.zh.is_empty());
                format!("{} {} {} | {}", problem.code, problem.place, fault.source, problem.hint.get(Lang::En))
            };
            faults.iter().map(text).collect::<Vec<_>>().join("\n")
        }
    };
    assert_eq!(found, expect, "{when}");
}

/// The value of an expression, or its first refusal's code.
#[track_caller]
fn value(text: &str, given: &str, expect: &str) {
    let bundle = bundle();
    let found = match compile_expression(text, &bundle) {
        Ok(expression) => match expression.value(&row(&bundle, given)) {
            None => "unknown".to_owned(),
            Some(Value::Bool(value)) => value.to_string(),
            Some(Value::Number(quantity)) => format!("{quantity} {:?}", quantity.unit),
            Some(Value::Day(day)) => day.to_string(),
            Some(Value::Text(text)) => text,
        },
        Err(faults) => faults[0].code().to_owned(),
    };
    assert_eq!(found, expect, "{text}");
}

#[test]
fn missing_data_never_turns_into_silence() {
    let when = "income_12m < standard.dibao_annual && disabled";
    check(when, "disabled = true", "unknown: unknown income_12m < standard.dibao_annual; true disabled");
    check(when, "disabled = false", "false: unknown income_12m < standard.dibao_annual; false disabled");
    check(
        when,
        "income_12m = 5, standard.dibao_annual = 6, disabled = true",
        "true: true income_12m < standard.dibao_annual; true disabled",
    );
    check("disabled || !enrolled", "", "unknown: unknown disabled; unknown enrolled");
    check("disabled || !enrolled", "enrolled = false", "true: unknown disabled; false enrolled");
}

#[test]
fn the_exact_line_is_exact() {
    let when = "medical_self_paid_12m >= standard.rigid_ratio * income_12m";
    let given = |paid: &str| format!("medical_self_paid_12m = {paid}, standard.rigid_ratio = 50, income_12m = 24001");
    check(when, &given("12000"), &format!("false: false {when}"));
    check(when, &given("12001"), &format!("true: true {when}"));
    check(
        "1.5 * income_12m == medical_self_paid_12m",
        "income_12m = 3, medical_self_paid_12m = 4",
        "false: false 1.5 * income_12m == medical_self_paid_12m",
    );
}

#[test]
fn functions_answer_as_documented() {
    check(
        "known(income_12m) && !known(disabled)",
        "income_12m = 0",
        "true: true known(income_12m); unknown disabled; false known(disabled)",
    );
    check("income_12m.or(fen(0)) == fen(0)", "", "true: true income_12m.or(fen(0)) == fen(0)");
    check("between(member_count, 2, 4)", "member_count = 4", "true: true between(member_count, 2, 4)");
    check("category in [\"dibao\", \"tekun\"]", "category = edge", "false: false category in [\"dibao\", \"tekun\"]");
    check("category in [\"dibao\", \"tekun\"]", "", "unknown: unknown category in [\"dibao\", \"tekun\"]");
    check("division.startsWith(\"4212\")", "division = 421223105000", "true: true division.startsWith(\"4212\")");
    check("age(birth, today) >= 60", "birth = 1966-03-02, today = 2026-03-01", "false: false age(birth, today) >= 60");
    check(
        "birth.age_on(today) >= 60",
        "birth = 1966-03-01, today = 2026-03-01",
        "true: true birth.age_on(today) >= 60",
    );
    check(
        "age(birth, today) >= 0.5",
        "birth = 2026-03-02, today = 2026-03-01",
        "unknown: unknown age(birth, today) >= 0.5",
    );
    check(
        "days(birth, today) > 30 && today - birth <= days(31)",
        "birth = 2026-01-01, today = 2026-02-01",
        "true: true days(birth, today) > 30; true today - birth <= days(31)",
    );
    check("birth + 30 < date(\"2026-02-01\")", "birth = 2026-01-01", "true: true birth + 30 < date(\"2026-02-01\")");
    check(
        "at_least(2, [disabled, enrolled, member_count > 2])",
        "disabled = true, enrolled = false",
        "unknown: true disabled; false enrolled; unknown member_count > 2",
    );
    check(
        "at_least(2, [disabled, enrolled, member_count > 2])",
        "disabled = false, enrolled = false",
        "false: false disabled; false enrolled; unknown member_count > 2",
    );
    check(
        "(disabled ? income_12m : yuan(12.50)) > fen(1249)",
        "disabled = false",
        "true: false disabled; true (disabled ? income_12m : yuan(12.50)) > fen(1249)",
    );
    check(
        "disabled ? enrolled : member_count > 2",
        "enrolled = true, member_count = 5",
        "unknown: unknown disabled; true enrolled; true member_count > 2",
    );
    check("disabled.or(false) == enrolled", "enrolled = true", "false: unknown disabled; true enrolled");
    check(
        "max(income_12m, medical_self_paid_12m) > yuan(1)",
        "income_12m = 101",
        "unknown: unknown max(income_12m, medical_self_paid_12m) > yuan(1)",
    );
    check(
        "income_12m > medical_self_paid_12m / 4",
        "income_12m = 26, medical_self_paid_12m = 102",
        "true: true income_12m > medical_self_paid_12m / 4",
    );
}

#[test]
fn values_are_exact_and_rounded_only_where_said() {
    value("div(income_12m, member_count, \"half_up\")", "income_12m = 100, member_count = 3", "33 Money");
    value("div(income_12m, member_count, \"ceil\")", "income_12m = 100, member_count = 3", "34 Money");
    value(
        "div(medical_self_paid_12m, income_12m, \"half_up\", 4)",
        "medical_self_paid_12m = 2, income_12m = 3",
        "0.6667 Decimal",
    );
    value(
        "div(medical_self_paid_12m, income_12m, \"half_up\", 4)",
        "medical_self_paid_12m = 2, income_12m = 0",
        "unknown",
    );
    value(
        "round(standard.rigid_ratio * income_12m, \"floor\")",
        "standard.rigid_ratio = 33, income_12m = 10",
        "3 Money",
    );
    value("standard.rigid_ratio * income_12m", "standard.rigid_ratio = 33, income_12m = 10", "3.3 Money");
    value("round(0.5, \"half_up\") + round(-0.5, \"half_up\")", "", "0 Int");
    value("wide * 0.001", "wide = -1", "-0.001 Decimal");
    value("today + days(1)", "today = 2026-02-28", "2026-03-01");
    value("today + days(100000)", "today = 2026-02-28", "unknown");
    value("min(3, 2.5, member_count)", "member_count = 4", "2.5 Decimal");
    value("category == \"dibao\" ? \"a\" : \"b\"", "category = dibao", "a");
    value("7 / 2", "", "3.5 Decimal");
    value("days(today, date(\"2026-03-01\"))", "today = 2026-03-02", "-1 Days");
}

#[test]
fn units_do_not_mix() {
    check(
        "income_12m > 5",
        "",
        "B0210 1:1 income_12m > 5 | write money as `yuan(1200)` or `fen(120000)`; the ratio of two amounts is `div(a, b, \"half_up\", 2)`",
    );
    for text in [
        "income_12m + 1 > income_12m",
        "income_12m + member_count > fen(1)",
        "income_12m == member_count",
        "income_12m * income_12m > fen(1)",
        "between(income_12m, 1, 2)",
        "income_12m in [1, 2]",
        "days_since_visit > member_count",
        "days_since_visit > income_12m",
        "birth > 5",
        "birth * 2 > birth",
        "birth + birth > birth",
        "birth + 0.5 > today",
        "birth + income_12m > today",
        "disabled == 0",
        "division == 4212",
        "member_count == \"3\"",
        "min(income_12m, 3) > fen(1)",
        "income_12m.or(0) > fen(1)",
        "div(member_count, income_12m, \"floor\") > 1",
        "(disabled ? income_12m : 3) > fen(1)",
    ] {
        let faults = compile_condition(text, &bundle()).unwrap_err();
        assert_eq!(faults[0].code(), "B0210", "{text}: {faults:?}");
    }
}

#[test]
fn refusals_say_where_and_how_to_mend() {
    check(
        "incom_12m < standard.dibao_anual",
        "",
        "B0207 1:1 incom_12m | did you mean `income_12m`?\n\
           B0207 1:13 standard.dibao_anual | did you mean `standard.dibao_annual`?",
    );
    check("disabled &&\n  年收入 < yuan(3)", "", "B0203 2:3 年收入 | did you mean `income_12m`?");
    check("category == \"diboa\"", "", "B0211 1:1 category == \"diboa\" | did you mean \"dibao\"?");
    check("category in [\"dibao\", \"低保\"]", "", "B0211 1:23 \"低保\" | there are: dibao, tekun, edge, none");
    check("category < \"edge\"", "", "B0206 1:1 category < \"edge\" | use `==`, `!=` or `in`");
    check("1 < member_count < 5", "", "B0209 1:1 1 < member_count < 5 | write `between(b, a, c)` or `a < b && b < c`");
    check("member_count", "", "B0209 1:1 member_count | write a comparison, such as `member_count > 2`");
    check(
        "member_count / wide > 2",
        "",
        "B0206 1:1 member_count / wide | write `div(a, b, \"half_up\")`, with decimals `div(a, b, \"half_up\", 4)`, or multiply the other side",
    );
    check(
        "member_count / 3 > 2",
        "",
        "B0206 1:1 member_count / 3 | write `div(a, b, \"half_up\")`, with decimals `div(a, b, \"half_up\", 4)`, or multiply the other side",
    );
    check(
        "median(member_count) > 2",
        "",
        "B0208 1:1 median | there are: between known or days age age_on min max div round at_least startsWith date yuan fen",
    );
    check("beetween(member_count, 2, 3)", "", "B0208 1:1 beetween | did you mean `between`?");
    check(
        "div(member_count, 3, \"up\") > 2",
        "",
        "B0212 1:22 \"up\" | there are: \"half_up\", \"floor\", \"ceil\", \"down\" (towards zero)",
    );
    check("today > date(\"2026-02-30\")", "", "B0213 1:14 \"2026-02-30\" | write it as `date(\"2026-01-01\")`");
    check("income_12m > yuan(0.001)", "", "B0213 1:19 0.001 | at most two decimals, such as `yuan(1200.50)`");
    check("income_12m > yuan(member_count)", "", "B0212 1:19 member_count | write `yuan(1200)`");
    check(
        "disabled == null",
        "",
        "B0206 1:13 null | ask with `known(x)` whether there is data; `x.or(default)` gives a value where there is none",
    );
    check(
        "members.exists(m, m.disabled)",
        "",
        "B0206 1:9 exists | declare the aggregate over members or time as a feature and use its name",
    );
    check(
        "division + \"a\" == \"b\"",
        "",
        "B0206 1:1 division | text can only be compared: `==`, `!=`, `in`, `startsWith`\n\
           B0206 1:12 \"a\" | text can only be compared: `==`, `!=`, `in`, `startsWith`",
    );
    check("known(member_count, 1)", "", "B0212 1:1 known(member_count, 1) | write `known(x)`");
    check("", "", "B0201 1:1  | add the missing part or the closing bracket");
}

#[test]
fn what_the_ranges_settle_is_refused() {
    let changed = "change the figure, or the range that the feature declares";
    for text in [
        "member_count > 0",
        "member_count > 30",
        "income_12m < fen(0)",
        "member_count == 31",
        "between(member_count, 1, 30)",
        "between(member_count, 5, 4)",
        "member_count in [40, 50]",
        "1 == 1",
        "income_12m >= income_12m",
        "known(3)",
        "division.startsWith(\"\")",
        "true",
        "days_since_visit < 0",
    ] {
        check(text, "", &format!("B0215 1:1 {text} | {changed}"));
    }
    check("disabled && true", "", &format!("B0215 1:13 true | {changed}"));
    check(
        "at_least(3, [disabled, enrolled])",
        "",
        "B0215 1:1 at_least(3, [disabled, enrolled]) | write a whole number from 1 to 2",
    );
    check("member_count > 29", "member_count = 30", "true: true member_count > 29");
}

#[test]
fn what_could_overflow_is_refused() {
    let narrow = "narrow the ranges of the features, or multiply fewer of them";
    check("wide * wide > 1", "wide = -9223372036854775808", "true: true wide * wide > 1");
    check("wide * wide * wide > 1", "", &format!("B0214 1:1 wide * wide * wide | {narrow}"));
    check(
        "wide * wide * 1.000000000000000001 > 1",
        "",
        &format!("B0214 1:1 wide * wide * 1.000000000000000001 | {narrow}"),
    );
    check(
        "member_count * 99999999999999999999999999999999999999.0 > 1",
        "",
        &format!("B0214 1:1 member_count * 99999999999999999999999999999999999999.0 | {narrow}"),
    );
    check("wide / 0 > 1", "", "B0216 1:1 wide / 0 | use another divisor");
}

#[test]
fn texts_too_long_or_too_deep_are_refused_without_recursion() {
    let long = format!("disabled{}", " && disabled".repeat(10_000));
    let deep = |n: usize| format!("{}disabled{}", "(".repeat(n), ")".repeat(n));
    let code = |text: &str| compile_condition(text, &bundle()).map(|_| "ok").unwrap_or_else(|faults| faults[0].code());
    assert_eq!(code(&long), "B0205");
    assert_eq!(code(&deep(10_000)), "B0205");
    assert_eq!(code(&deep(65)), "B0205");
    assert_eq!(code(&deep(64)), "ok");
    let leaves = |n: usize| vec!["disabled"; n].join(" && ");
    assert_eq!((code(&leaves(128)), code(&leaves(129)), code(&leaves(1000))), ("ok", "B0205", "B0205"));
}

#[test]
fn the_deepest_allowed_nesting_fits_a_small_stack() {
    let texts = [
        format!("{}disabled{}", "(".repeat(64), ")".repeat(64)),
        format!("{}wide{} > 1", "max(1, ".repeat(62), ")".repeat(62)),
        format!("{}enrolled", "disabled ? enrolled : ".repeat(60)),
        format!("1{} > wide", " + wide".repeat(62)),
        format!("{}disabled", "! ".repeat(64)),
        format!("{}disabled{}", "(disabled && ".repeat(63), ")".repeat(63)),
    ];
    let run = move || {
        for text in &texts {
            let condition = compile_condition(text, &bundle()).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
            let _ = condition.evaluate(&[]);
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn a_leaf_shows_its_sides_and_its_distance() {
    let bundle = bundle();
    let condition =
        compile_condition("(income_12m + yuan(1)) < 0.8 * standard.dibao_annual && disabled", &bundle).unwrap();
    let row = row(&bundle, "income_12m = 900, standard.dibao_annual = 1001");
    let outcome = condition.evaluate(&row);
    let leaf = &condition.leaves()[0];
    let shown = |part: doudi_rules::Part<'_>| match part.value(&row, outcome.leaves) {
        Some(Value::Number(quantity)) => format!("{} = {quantity} {:?}", part.text, quantity.unit),
        other => format!("{other:?}"),
    };
    assert_eq!(shown(leaf.left().unwrap()), "income_12m + yuan(1) = 1000 Money");
    assert_eq!(shown(leaf.right().unwrap()), "0.8 * standard.dibao_annual = 800.8 Money");
    assert_eq!(leaf.distance(&row, outcome.leaves).unwrap().to_string(), "199.2");
    assert_eq!((leaf.slots.as_slice(), condition.slots()), (&[Slot(0), Slot(2)][..], vec![Slot(0), Slot(2), Slot(5)]));
    assert_eq!((outcome.verdict, outcome.leaves.get(0)), (Verdict::False, Verdict::False));
    let opposite = Marks { known: 3, truth: 3 };
    assert_eq!(condition.decide(opposite), Verdict::True);
}

#[test]
fn equal_meaning_has_one_canonical_text() {
    let bundle = bundle();
    let canonical =
        |text: &str| compile_condition(text, &bundle).unwrap().canonical(&|slot| bundle.0[slot.0].name.clone());
    assert_eq!(canonical("disabled&&(income_12m)<yuan(1.00) // why"), canonical("disabled && income_12m < fen(100)"));
    assert_eq!(canonical("disabled && income_12m < fen(100)"), "(and disabled (< income_12m 100))");
    assert_ne!(canonical("income_12m < fen(100)"), canonical("income_12m <= fen(100)"));
}
