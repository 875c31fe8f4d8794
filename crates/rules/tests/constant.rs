//! Conditions that no household can fulfil, or none can fail, are refused when they are loaded.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod declared;

use std::sync::Arc;

use declared::bundle;
use doudi_model::{Lang, Verdict};
use doudi_rules::{Cell, Fault, FaultKind, Scalar, Type, Unit, Variable, compile_condition, compile_expression};
use proptest::prelude::*;

fn faults(when: &str) -> Vec<Fault> {
    compile_condition(when, &bundle()).err().unwrap_or_default()
}

/// `code line:column what`, one a line.
#[track_caller]
fn check(when: &str, expect: &str) {
    let text = |fault: &Fault| {
        let problem = fault.problem(|line, column| format!("{line}:{column}"));
        assert!(!problem.hint.zh.is_empty() && !problem.hint.en.is_empty());
        format!("{} {} {}", problem.code, problem.place, problem.message.get(Lang::En))
    };
    let found: Vec<String> = faults(when).iter().map(text).collect();
    assert_eq!(found.join("\n"), expect, "{when}");
}

#[track_caller]
fn never(when: &str) {
    let found = faults(when);
    let never = matches!(found.as_slice(), [Fault { kind: FaultKind::Constant { always: false, .. }, .. }]);
    assert!(never, "{when}: {found:?}");
}

#[track_caller]
fn sound(when: &str) {
    assert_eq!(faults(when), vec![], "{when}");
}

#[test]
fn a_rule_that_can_never_fire_is_refused_and_the_two_sides_are_named() {
    check(
        "member_count > 5 && disabled && member_count < 3",
        "B0217 1:1 this can never be true: `member_count > 5` and `member_count < 3` exclude each other",
    );
    check(
        "income_12m < standard.dibao_annual && standard.dibao_annual <= income_12m",
        "B0217 1:1 this can never be true: `income_12m < standard.dibao_annual` and \
         `standard.dibao_annual <= income_12m` exclude each other",
    );
    check(
        "disabled &&\n (member_count > 5 && member_count < 3 || enrolled)",
        "B0217 2:3 this can never be true: `member_count > 5` and `member_count < 3` exclude each other",
    );
    check("disabled && !disabled", "B0217 1:1 `disabled && !disabled` can never be true");
    check(
        "disabled && (enrolled ? !disabled : !disabled)",
        "B0217 1:1 `disabled && (enrolled ? !disabled : !disabled)` can never be true",
    );
}

#[test]
fn contradictions_of_every_type_are_found() {
    never("member_count == 2 && member_count in [3, 4]");
    never("member_count in [3, 4] && !(member_count in [3, 4, 5])");
    never("between(member_count, 2, 4) && member_count > 4");
    never("member_count >= 29 && member_count != 29 && member_count != 30");
    never("2 * member_count == 7");
    never("1.5 * income_12m < medical_self_paid_12m && 3 * income_12m >= 2 * medical_self_paid_12m");
    never("member_count < 3 && days_since_visit < days(10 * member_count) && days_since_visit > 50");
    never("category == \"dibao\" && category == \"edge\"");
    never("category in [\"dibao\", \"edge\"] && !(category in [\"edge\", \"dibao\", \"none\"])");
    never("division.startsWith(\"42\") && division.startsWith(\"43\")");
    never("division == \"421200\" && !division.startsWith(\"4212\")");
    never("birth > date(\"2020-01-01\") && birth < date(\"2019-01-01\")");
    never("birth > today && today > birth");
    never("!known(income_12m) && income_12m < yuan(5)");
    never("known(category) && !known(category)");
    never("at_least(2, [member_count > 5, member_count < 3])");
    never("at_least(1, [member_count > 5, member_count > 6]) && member_count < 3");
    never("(member_count > 5) == (member_count < 3) && member_count > 5");
    never("min(member_count, wide) > 3 && min(member_count, wide) < 2");
    never("div(income_12m, member_count, \"floor\") > fen(5) && div(income_12m, member_count, \"floor\") < fen(5)");
}

#[test]
fn what_cannot_be_false_is_refused() {
    check("disabled || !disabled", "B0217 1:1 `disabled || !disabled` can never be false");
    check(
        "member_count > 2 || member_count < 5",
        "B0217 1:1 `member_count > 2 || member_count < 5` can never be false",
    );
    check(
        "enrolled && (member_count > 2 || member_count < 5)",
        "B0217 1:14 `member_count > 2 || member_count < 5` can never be false",
    );
}

#[test]
fn what_may_be_either_is_let_through() {
    sound("member_count > 2 && member_count < 4");
    sound("member_count > 2 && member_count <= 4 || disabled && member_count == 1");
    sound("income_12m < standard.dibao_annual && medical_self_paid_12m > standard.rigid_ratio * income_12m");
    sound("!known(income_12m) && disabled");
    sound("known(income_12m) ? income_12m < yuan(5) : disabled");
    sound("income_12m.or(yuan(0)) < yuan(5) && !known(income_12m)");
    sound("category in [\"dibao\", \"edge\"] && category != \"edge\"");
    sound("(disabled ? income_12m : yuan(1)) > fen(99) && (enrolled ? income_12m : yuan(1)) < fen(99)");
    sound("division.startsWith(\"42\") && division.startsWith(\"4212\")");
}

#[test]
fn a_choice_that_hangs_on_a_literal_and_a_set_that_settles_itself_are_refused() {
    let settled = |what: &str| format!("B0215 {what}");
    check("true ? disabled : enrolled", &settled("1:1 by the declared ranges `true` is always true when it is known"));
    check(
        "category in [\"dibao\", \"tekun\", \"edge\", \"none\"]",
        &settled(
            "1:1 by the declared ranges `category in [\"dibao\", \"tekun\", \"edge\", \"none\"]` is always true \
             when it is known",
        ),
    );
    check(
        "category.startsWith(\"low\")",
        &settled("1:1 by the declared ranges `category.startsWith(\"low\")` is never true"),
    );
    check("category in [\"dibao\", \"edge\", \"dibao\"]", "B0218 1:31 \"dibao\" stands twice in the list");
    check("member_count in [2, 2.0]", "B0218 1:21 2.0 stands twice in the list");
}

#[test]
fn clocks_floats_conversions_and_functions_of_text_are_refused_by_name() {
    let hint = |when: &str| {
        let found = faults(when);
        let fault = found.first().unwrap_or_else(|| panic!("{when} is let through"));
        assert_eq!(fault.code(), "B0206", "{when}");
        fault.message().en
    };
    for when in
        ["today < now()", "timestamp(\"2026-01-01T00:00:00Z\") < today", "birth.getFullYear() > 2000", "now > birth"]
    {
        assert_eq!(hint(when), "conditions have no clock", "{when}");
    }
    assert_eq!(hint("double(member_count) > 2"), "conditions have no floating-point numbers");
    assert_eq!(hint("int(disabled) > 0"), "one type cannot be made into another");
    assert_eq!(hint("size(division) > 2"), "text can only be compared");
    assert_eq!(hint("division.matches(\"42.*\")"), "text can only be compared");
}

#[test]
fn a_hundred_alternatives_are_settled_or_let_through_in_no_time() {
    let parts: Vec<String> = (0..60).map(|n| format!("(member_count == {} || wide == {n})", n % 30 + 1)).collect();
    let began = std::time::Instant::now();
    sound(&parts[..2].join(" && "));
    let _ = faults(&parts.join(" && "));
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

/// Two small numbers, a flag, a category: few enough rows to try every one.
fn small() -> Vec<Variable> {
    let number = Type::Number { unit: Unit::Int, scale: 0 };
    let variable = |name: &str, ty, range| Variable { name: name.to_owned(), ty, range, categories: None };
    let mut variables = vec![
        variable("a", number, Some((0, 4))),
        variable("b", number, Some((0, 4))),
        variable("f", Type::Bool, None),
        variable("t", Type::Text, None),
    ];
    variables[3].categories = Some(["x", "y", "z"].map(str::to_owned).to_vec());
    variables
}

fn rows() -> Vec<Vec<Cell>> {
    let number = || (0..5).map(|n| Some(Scalar::Number(n))).chain([None]);
    let flag = || [Some(Scalar::Bool(true)), Some(Scalar::Bool(false)), None];
    let text = || ["x", "y", "z"].map(|t| Some(Scalar::Text(Arc::from(t)))).into_iter().chain([None]);
    let mut rows = Vec::new();
    for a in number() {
        for b in number() {
            for f in flag() {
                rows.extend(text().map(|t| vec![a.clone(), b.clone(), f.clone(), t]));
            }
        }
    }
    rows
}

fn leaf() -> impl Strategy<Value = String> {
    let sign = || prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let variable = || prop::sample::select(vec!["a", "b"]);
    prop_oneof![
        (variable(), sign(), 0..5).prop_map(|(v, sign, n)| format!("{v} {sign} {n}")),
        (sign(), 1..4, 1..4, -3..4)
            .prop_map(|(sign, m, n, c)| format!("{m} * a + {c} {sign} {n} * b").replace("+ -", "- ")),
        sign().prop_map(|sign| format!("a {sign} b")),
        (variable(), 0..3, 2..5).prop_map(|(v, low, high)| format!("between({v}, {low}, {high})")),
        (variable(), 0..2, 2..5).prop_map(|(v, one, other)| format!("{v} in [{one}, {other}]")),
        Just("f".to_owned()),
        prop::sample::select(vec!["t == \"x\"", "t != \"y\"", "t in [\"x\", \"z\"]"]).prop_map(str::to_owned),
        prop::sample::select(vec!["known(a)", "known(t)", "a.or(2) > b", "max(a, b) > 2"]).prop_map(str::to_owned),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 16, 3, |inner| {
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            3 => two().prop_map(|(l, r)| format!("({l}) && ({r})")),
            2 => two().prop_map(|(l, r)| format!("({l}) || ({r})")),
            1 => inner.clone().prop_map(|part| format!("!({part})")),
            1 => two().prop_map(|(l, r)| format!("({l}) == ({r})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(c, t, e)| format!("({c}) ? ({t}) : ({e})")),
            1 => (1..4, inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(n, x, y, z)| format!("at_least({n}, [{x}, {y}, {z}])")),
            1 => two().prop_map(|(l, r)| format!("({l}).or({r})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    /// No row gives the answer that a refusal calls impossible.
    #[test]
    fn a_refusal_is_never_wrong(when in condition()) {
        let small = small();
        let Err(faults) = compile_condition(&when, &small) else { return Ok(()) };
        for fault in faults {
            let always = match fault.kind {
                FaultKind::Constant { always, .. } | FaultKind::Settled { always } => always,
                _ => continue,
            };
            let part = &when[fault.span.start..fault.span.end];
            let asked = doudi_rules::check::compile_condition_by(part, &small, doudi_rules::Policy::AdHoc).unwrap();
            for row in rows() {
                let verdict = asked.evaluate(&row).verdict;
                prop_assert!(verdict != Verdict::from(!always), "{} is {} on {:?}", part, verdict, row);
            }
        }
    }
}

#[test]
fn expressions_refuse_a_choice_that_is_none() {
    let found = compile_expression("(member_count > 5 && member_count < 3) ? 1 : 2", &bundle()).unwrap_err();
    assert_eq!(found[0].code(), "B0217");
}
