//! The SQL back end gives the answers of the scalar one: on DuckDB, for random conditions and rows with missing values,
//! and for the whole built-in bundle with standards, scores and levels.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod duckdb;
mod generate;

use doudi_model::Verdict;
use doudi_rules::check::{compile_condition_by, compile_expression_by};
use doudi_rules::sql::{Dialect, Draft, Given, Role};
use doudi_rules::{Cell, Condition, Expression, Policy, Scalar};
use duckdb::DuckDb;
use generate::{Slots, bools, numbers, rows, slots};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

/// Rows under each condition.
const ROWS: usize = 200;
/// Queries sent at once.
const BATCH: usize = 50;

/// More on demand: `DOUDI_SQL_PAIRS=1000000`.
fn pairs() -> usize {
    std::env::var("DOUDI_SQL_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(120_000)
}

/// Draws of a fixed sequence, so that a failure comes again.
fn runner(seed: u8) -> TestRunner {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    TestRunner::new_with_rng(Config::default(), rng)
}

fn draw<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    strategy.new_tree(runner).unwrap().current()
}

enum Asked {
    Condition(Condition),
    Expression(Expression),
}

impl Asked {
    fn draw(runner: &mut TestRunner, slots: &Slots) -> Option<Asked> {
        // One in four is a number, the others are conditions. What outgrows the limits is refused and drawn again.
        if draw(&(0..4), runner) == 0 {
            let text = draw(&numbers(Some(bools())), runner).write();
            compile_expression_by(&text, slots, Policy::AdHoc).ok().map(Asked::Expression)
        } else {
            let text = draw(&bools(), runner).write();
            compile_condition_by(&text, slots, Policy::AdHoc).ok().map(Asked::Condition)
        }
    }

    fn text(&self) -> &str {
        match self {
            Asked::Condition(condition) => condition.text(),
            Asked::Expression(expression) => expression.text(),
        }
    }

    fn query(&self, source: &str) -> String {
        let mut draft = Draft::new(Dialect::DuckDb, &Given::column);
        match self {
            Asked::Condition(condition) => draft.condition("answer", "", condition),
            Asked::Expression(expression) => draft.expression("answer", "", expression),
        }
        let select = draft.finish();
        let wanted = select.columns.iter().filter(|column| column.role != Role::Step);
        let wanted: Vec<String> = wanted.map(|column| Dialect::DuckDb.name(&column.name)).collect();
        let inner = select.over(source, Given::NUMBER);
        format!("SELECT {} FROM ({inner}) ORDER BY {}", wanted.join(", "), Given::NUMBER)
    }

    /// The leaves and the answer on a row, as DuckDB should say them.
    fn expect(&self, row: &[Cell]) -> Vec<Value> {
        let said = |verdict: Verdict| match verdict {
            Verdict::True => Value::Bool(true),
            Verdict::False => Value::Bool(false),
            Verdict::Unknown => Value::Null,
        };
        match self {
            Asked::Condition(condition) => {
                let outcome = condition.evaluate(row);
                let leaves = (0..condition.leaves().len()).map(|leaf| said(outcome.leaves.get(leaf)));
                leaves.chain([said(outcome.verdict)]).collect()
            }
            Asked::Expression(expression) => vec![match expression.evaluate(row) {
                Some(Scalar::Number(value)) => Value::String(value.to_string()),
                Some(other) => panic!("{other:?}"),
                None => Value::Null,
            }],
        }
    }
}

#[test]
fn duckdb_answers_as_the_scalar_back_end_does() {
    let (slots, mut runner, mut duckdb) = (slots(), runner(7), DuckDb::start());
    let (mut asked, mut unknown) = (0, 0);
    let mut table = 0;
    while asked < pairs() {
        let rows: Vec<Vec<Cell>> = (0..ROWS).map(|_| draw(&rows(), &mut runner)).collect();
        let source = Given::new(Dialect::DuckDb, &slots.0).rows(rows.iter().map(Vec::as_slice));
        table += 1;
        let create = format!("CREATE TABLE rows_{table} AS SELECT * FROM {source}");
        duckdb.ask(&[create]);
        let batch: Vec<Asked> =
            std::iter::from_fn(|| Some(Asked::draw(&mut runner, &slots))).flatten().take(BATCH).collect();
        let queries: Vec<String> = batch.iter().map(|asked| asked.query(&format!("rows_{table}"))).collect();
        for ((question, query), found) in batch.iter().zip(&queries).zip(duckdb.ask(&queries)) {
            assert_eq!(found.len(), rows.len());
            for (row, found) in rows.iter().zip(found) {
                let expect = question.expect(row);
                let found =
                    if matches!(question, Asked::Expression(_)) { found[found.len() - 1..].to_vec() } else { found };
                assert_eq!(found, expect, "{}\n{row:?}\n{query}", question.text());
                asked += 1;
                unknown += usize::from(expect.last() == Some(&Value::Null));
            }
        }
    }
    println!("{asked} pairs of a condition and a row, {unknown} of them unknown, agree with DuckDB");
    assert!(unknown > asked / 20 && unknown < asked * 19 / 20, "{unknown} of {asked} unknown: nothing is shown");
}
