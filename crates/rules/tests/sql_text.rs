//! The SQL of each kind of condition, for a person to judge: what each engine would get to read.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use doudi_rules::sql::{Dialect, Draft};
use doudi_rules::{Policy, Slot, Type, Unit, Variable};
use insta::assert_snapshot;

/// `a` to `c` are money, `n` counts, `p` to `r` flags, `t` and `u` texts, `e` and `f` dates, `收入` money.
fn names() -> Vec<Variable> {
    let number = |unit| Type::Number { unit, scale: 0 };
    let of = |name: &str, ty, range| Variable { name: name.to_owned(), ty, range, categories: None };
    let mut variables: Vec<Variable> =
        ["a", "b", "c"].iter().map(|name| of(name, number(Unit::Money), Some((0, 1_000_000_00)))).collect();
    variables.push(of("n", number(Unit::Int), Some((-20, 20))));
    variables.extend(["p", "q", "r"].iter().map(|name| of(name, Type::Bool, None)));
    variables.extend(["t", "u"].iter().map(|name| of(name, Type::Text, None)));
    variables.extend(["e", "f"].iter().map(|name| of(name, Type::Date, None)));
    variables
}

/// The query of one condition over a table `rows_1`, whose columns are the variables with `_x` behind.
fn sql(dialect: Dialect, condition: &str) -> String {
    let names = names();
    let condition = doudi_rules::check::compile_condition_by(condition, &names, Policy::AdHoc).unwrap();
    let column = |slot: Slot| format!("{}_x", names[slot.0].name);
    let mut draft = Draft::new(dialect, &column);
    draft.condition("rule", "", &condition);
    draft.finish().over("rows_1", "household_x")
}

fn duckdb(condition: &str) -> String {
    sql(Dialect::DuckDb, condition)
}

fn spark(condition: &str) -> String {
    sql(Dialect::Spark, condition)
}

fn clickhouse(condition: &str) -> String {
    sql(Dialect::ClickHouse, condition)
}

#[test]
fn leaves_stand_below_the_verdict() {
    assert_snapshot!(duckdb("1.5 * a < b && (p || !q)"), @r#"
    WITH step_1 AS (
      SELECT *,
        -- 1.5 * a < b
        a_x * 15 < b_x * 10 AS "rule#1",
        -- p
        p_x AS "rule#2",
        -- q
        q_x AS "rule#3"
      FROM rows_1
    )
    SELECT household_x,
      "rule#1",
      "rule#2",
      "rule#3",
      "rule#1" AND ("rule#2" OR NOT "rule#3") AS "rule"
    FROM step_1
    "#);
}

#[test]
fn a_choice_by_an_unknown_is_null() {
    assert_snapshot!(duckdb("(p && q ? a : b) > c"), @r#"
    WITH step_1 AS (
      SELECT *,
        -- p
        p_x AS "rule#1",
        -- q
        q_x AS "rule#2"
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        "rule#1" AND "rule#2" AS part_1
      FROM step_1
    ), step_3 AS (
      SELECT *,
        -- (p && q ? a : b) > c
        CASE WHEN part_1 THEN a_x WHEN NOT part_1 THEN b_x END > c_x AS "rule#3"
      FROM step_2
    )
    SELECT household_x,
      "rule#1",
      "rule#2",
      "rule#3",
      "rule#3" AS "rule"
    FROM step_3
    "#);
}

#[test]
fn the_least_of_an_unknown_is_null() {
    assert_snapshot!(duckdb("min(n + n, n, 5) < 3 || max(a, b) < c"), @r#"
    WITH step_1 AS (
      SELECT *,
        n_x + n_x AS part_1,
        -- max(a, b) < c
        CASE WHEN a_x IS NOT NULL AND b_x IS NOT NULL THEN GREATEST(a_x, b_x) END < c_x AS "rule#2"
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        -- min(n + n, n, 5) < 3
        CASE WHEN part_1 IS NOT NULL AND n_x IS NOT NULL THEN LEAST(part_1, n_x, 5) END < 3 AS "rule#1"
      FROM step_1
    )
    SELECT household_x,
      "rule#1",
      "rule#2",
      "rule#1" OR "rule#2" AS "rule"
    FROM step_2
    "#);
}

#[test]
fn quotients_are_rounded_on_both_sides_of_zero() {
    assert_snapshot!(duckdb(r#"div(n, 3, "half_up") == div(n, 4, "floor")"#), @r#"
    WITH step_1 AS (
      SELECT *,
        -- div(n, 3, "half_up") == div(n, 4, "floor")
        n_x // 3 + CASE WHEN n_x % 3 >= 2 THEN 1 WHEN n_x % 3 <= -2 THEN -1 ELSE 0 END = n_x // 4 - CASE WHEN n_x % 4 < 0 THEN 1 ELSE 0 END AS "rule#1"
      FROM rows_1
    )
    SELECT household_x,
      "rule#1",
      "rule#1" AS "rule"
    FROM step_1
    "#);
    assert_snapshot!(duckdb(r#"div(a, n, "half_up") > b"#), @r#"
    WITH step_1 AS (
      SELECT *,
        NULLIF(n_x, 0) AS part_1
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        a_x % part_1 AS part_2
      FROM step_1
    ), step_3 AS (
      SELECT *,
        -- div(a, n, "half_up") > b
        a_x // part_1 + CASE WHEN ABS(part_2) < ABS(part_1) - ABS(part_2) THEN 0 WHEN (a_x < 0) = (part_1 < 0) THEN 1 ELSE -1 END > b_x AS "rule#1"
      FROM step_2
    )
    SELECT household_x,
      "rule#1",
      "rule#1" AS "rule"
    FROM step_3
    "#);
    assert_snapshot!(spark(r#"div(a - b, n, "ceil") > b"#), @r#"
    WITH step_1 AS (
      SELECT *,
        a_x - b_x AS part_1,
        NULLIF(n_x, 0) AS part_2
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        part_1 % part_2 AS part_3
      FROM step_1
    ), step_3 AS (
      SELECT *,
        -- div(a - b, n, "ceil") > b
        CAST((part_1 - part_1 % part_2) / part_2 AS DECIMAL(38, 0)) + CASE WHEN (part_3 > 0 AND part_2 > 0) OR (part_3 < 0 AND part_2 < 0) THEN 1 ELSE 0 END > b_x AS `rule#1`
      FROM step_2
    )
    SELECT household_x,
      `rule#1`,
      `rule#1` AS `rule`
    FROM step_3
    "#);
    assert_snapshot!(clickhouse(r#"div(a, n, "floor") > b"#), @r#"
    WITH step_1 AS (
      SELECT *,
        NULLIF(n_x, 0) AS part_1
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        a_x % part_1 AS part_2
      FROM step_1
    ), step_3 AS (
      SELECT *,
        -- div(a, n, "floor") > b
        intDiv(a_x, part_1) - CASE WHEN (part_2 < 0 AND part_1 > 0) OR (part_2 > 0 AND part_1 < 0) THEN 1 ELSE 0 END > b_x AS `rule#1`
      FROM step_2
    )
    SELECT household_x,
      `rule#1`,
      `rule#1` AS `rule`
    FROM step_3
    "#);
}

#[test]
fn lists_hold_what_the_engine_takes() {
    assert_snapshot!(duckdb(r#"t in ["dibao", u] || n in []"#), @r#"
    WITH step_1 AS (
      SELECT *,
        -- t in ["dibao", u]
        t_x IN ('dibao', u_x) AS "rule#1",
        -- n in []
        FALSE AS "rule#2"
      FROM rows_1
    )
    SELECT household_x,
      "rule#1",
      "rule#2",
      "rule#1" OR "rule#2" AS "rule"
    FROM step_1
    "#);
    assert_snapshot!(clickhouse(r#"t in ["dibao", u] || t in ["x", "it's"]"#), @r#"
    WITH step_1 AS (
      SELECT *,
        -- t in ["dibao", u]
        t_x = 'dibao' OR t_x = u_x AS `rule#1`,
        -- t in ["x", "it's"]
        t_x IN ('x', 'it\'s') AS `rule#2`
      FROM rows_1
    )
    SELECT household_x,
      `rule#1`,
      `rule#2`,
      `rule#1` OR `rule#2` AS `rule`
    FROM step_1
    "#);
}

#[test]
fn ages_are_completed_years() {
    assert_snapshot!(duckdb("age(e, f) >= 18"), @r#"
    WITH step_1 AS (
      SELECT *,
        CASE WHEN e_x BETWEEN -62091 AND 84370 THEN CAST(strftime(DATE '1970-01-01' + CAST(e_x AS INTEGER), '%Y%m%d') AS HUGEINT) END AS part_1,
        CASE WHEN f_x BETWEEN -62091 AND 84370 THEN CAST(strftime(DATE '1970-01-01' + CAST(f_x AS INTEGER), '%Y%m%d') AS HUGEINT) END AS part_2
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        part_2 - part_1 AS part_3
      FROM step_1
    ), step_3 AS (
      SELECT *,
        -- age(e, f) >= 18
        CASE WHEN part_3 >= 0 THEN part_3 // 10000 END >= 18 AS "rule#1"
      FROM step_2
    )
    SELECT household_x,
      "rule#1",
      "rule#1" AS "rule"
    FROM step_3
    "#);
    assert_snapshot!(spark("age(e, f) >= 18"), @r#"
    WITH step_1 AS (
      SELECT *,
        CASE WHEN e_x BETWEEN -62091 AND 84370 THEN CAST(date_format(date_add(DATE '1970-01-01', CAST(e_x AS INT)), 'yyyyMMdd') AS DECIMAL(38, 0)) END AS part_1,
        CASE WHEN f_x BETWEEN -62091 AND 84370 THEN CAST(date_format(date_add(DATE '1970-01-01', CAST(f_x AS INT)), 'yyyyMMdd') AS DECIMAL(38, 0)) END AS part_2
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        part_2 - part_1 AS part_3
      FROM step_1
    ), step_3 AS (
      SELECT *,
        -- age(e, f) >= 18
        CASE WHEN part_3 >= 0 THEN CAST((part_3 - part_3 % 10000) / 10000 AS DECIMAL(38, 0)) END >= 18 AS `rule#1`
      FROM step_2
    )
    SELECT household_x,
      `rule#1`,
      `rule#1` AS `rule`
    FROM step_3
    "#);
    assert_snapshot!(clickhouse("age(e, f) >= 18"), @r#"
    WITH step_1 AS (
      SELECT *,
        CASE WHEN e_x BETWEEN -62091 AND -25568 THEN toInt128(toYYYYMMDD(toDate32(toInt32(e_x + 146097)))) - 4000000 WHEN e_x BETWEEN -25567 AND 84370 THEN toInt128(toYYYYMMDD(toDate32(toInt32(e_x)))) END AS part_1,
        CASE WHEN f_x BETWEEN -62091 AND -25568 THEN toInt128(toYYYYMMDD(toDate32(toInt32(f_x + 146097)))) - 4000000 WHEN f_x BETWEEN -25567 AND 84370 THEN toInt128(toYYYYMMDD(toDate32(toInt32(f_x)))) END AS part_2
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        part_2 - part_1 AS part_3
      FROM step_1
    ), step_3 AS (
      SELECT *,
        -- age(e, f) >= 18
        CASE WHEN part_3 >= 0 THEN intDiv(part_3, 10000) END >= 18 AS `rule#1`
      FROM step_2
    )
    SELECT household_x,
      `rule#1`,
      `rule#1` AS `rule`
    FROM step_3
    "#);
}

#[test]
fn at_least_some_counts_what_is_sure_and_what_is_possible() {
    assert_snapshot!(duckdb("at_least(2, [p, a > b, t.startsWith(u)]) && known(q) && p.or(r) == q"), @r#"
    WITH step_1 AS (
      SELECT *,
        -- p
        p_x AS "rule#1",
        -- a > b
        a_x > b_x AS "rule#2",
        -- t.startsWith(u)
        starts_with(t_x, u_x) AS "rule#3",
        -- q
        q_x AS "rule#4",
        -- p
        p_x AS "rule#6",
        -- r
        r_x AS "rule#7",
        -- q
        q_x AS "rule#8"
      FROM rows_1
    ), step_2 AS (
      SELECT *,
        -- known(q)
        "rule#4" IS NOT NULL AS "rule#5"
      FROM step_1
    )
    SELECT household_x,
      "rule#1",
      "rule#2",
      "rule#3",
      "rule#4",
      "rule#5",
      "rule#6",
      "rule#7",
      "rule#8",
      CASE WHEN CASE WHEN "rule#1" THEN 1 ELSE 0 END + CASE WHEN "rule#2" THEN 1 ELSE 0 END + CASE WHEN "rule#3" THEN 1 ELSE 0 END >= 2 THEN TRUE WHEN CASE WHEN NOT "rule#1" THEN 0 ELSE 1 END + CASE WHEN NOT "rule#2" THEN 0 ELSE 1 END + CASE WHEN NOT "rule#3" THEN 0 ELSE 1 END < 2 THEN FALSE END AND "rule#5" AND COALESCE("rule#6", "rule#7") = "rule#8" AS "rule"
    FROM step_2
    "#);
}
