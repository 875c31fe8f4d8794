//! The change that is named turns the answer, and none nearer does.

#[path = "../../../tests/files/mod.rs"]
mod files;

use doudi_model::Day;
use proptest::prelude::*;

use super::*;
use crate::bundle::Bundle;
use crate::evaluate::{Evaluation, RuleAnswer, Score};
use crate::explain::Explanation;
use crate::feature::{File, Readings};
use crate::row::Row;

fn bundle() -> Bundle {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    Bundle::load(files::below(&root)).unwrap()
}

/// A row drawn from `seed`: small amounts, so that lines are often near.
fn row(bundle: &Bundle, mut seed: u64) -> Row {
    let mut next = |below: i64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((seed >> 33) % u64::try_from(below.max(1)).unwrap()).unwrap()
    };
    let mut row = Row::blank(bundle.layout());
    let day: Day = "2026-11-24".parse().unwrap();
    row.set(DAY, Some(Scalar::Day(day)));
    let place = bundle.divisions().iter().find(|division| division.name == "咸安区").map(|division| division.code);
    row.set_standards(bundle, &bundle.path(place), day);
    for feature in bundle.features().iter() {
        let slot = bundle.layout().slot(&feature.name).unwrap();
        let (low, high) = feature.range;
        let cell = match feature.unit {
            Unit::Bool => Scalar::Bool(next(2) == 0),
            Unit::Fen => Scalar::Number(i128::from(low + next((high - low).min(60_000_00)))),
            Unit::Count | Unit::Days | Unit::Years | Unit::Ratio => {
                Scalar::Number(i128::from(low + next((high - low).min(90))))
            }
            Unit::Date => Scalar::Day(day.plus_days(-i32::try_from(next(900)).unwrap())),
            Unit::Category => {
                let code = usize::try_from(next(i64::try_from(feature.codes.len()).unwrap())).unwrap();
                Scalar::Text(feature.codes[code].code.as_str().into())
            }
        };
        row.set(slot, Some(cell));
    }
    let mut cells = row.cells().to_vec();
    fill(bundle, &mut cells, &|_| false);
    for (at, cell) in cells.into_iter().enumerate() {
        row.set(Slot(at), cell);
    }
    row
}

/// The explanation of a rule on a row.
fn with_case<T>(bundle: &Bundle, number: usize, row: &Row, look: impl FnOnce(&Case<'_>, Explanation) -> T) -> T {
    let rule = &bundle.rules()[number];
    let outcome = rule.when.evaluate(row.cells());
    let (verdict, leaves) = (outcome.verdict, outcome.leaves);
    let answer = RuleAnswer { rule: number, person: None, verdict, leaves, clear: Verdict::Unknown };
    let file = File::default();
    let evaluation = Evaluation {
        readings: Readings::default(),
        answers: vec![],
        missed: Score::default(),
        excess: Score::default(),
    };
    let case = Case { bundle, rule, answer: &answer, row, file: &file, evaluation: &evaluation };
    let explanation = case.explanation("2026-11-24".parse().unwrap());
    look(&case, explanation)
}

thread_local! {
    static BUNDLE: Bundle = bundle();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_change_named_turns_the_answer_and_none_nearer_does(seed in any::<u64>(), nearer in 0..1000_u64) {
        BUNDLE.with(|bundle| {
            let row = row(bundle, seed);
            for number in 0..bundle.rules().len() {
                with_case(bundle, number, &row, |case, explanation| {
                    let (asked, wanted) = match (case.answer.verdict, &case.rule.clear) {
                        (Verdict::Unknown, _) => {
                            prop_assert!(explanation.turns.is_empty());
                            return Ok(());
                        }
                        (Verdict::True, Some(clear)) => (clear, Verdict::True),
                        (Verdict::True, None) => (&case.rule.when, Verdict::False),
                        (Verdict::False, _) => (&case.rule.when, Verdict::True),
                    };
                    prop_assert_eq!(explanation.change.is_some(), !explanation.turns.is_empty());
                    for turn in &explanation.turns {
                        let slot = bundle.layout().slot(&turn.feature).unwrap();
                        match (turn.now, turn.to) {
                            (Amount::Number(now), Amount::Number(to)) => {
                                let at = |value: i64| case.with(slot, Some(Scalar::Number(value.into())), asked);
                                prop_assert_eq!(at(to), wanted, "{}", turn.feature);
                                let apart = to.abs_diff(now);
                                for closer in [1, 2, apart / 2, apart * nearer / 1000].map(|step| apart.saturating_sub(step.max(1))) {
                                    for side in [now.saturating_sub_unsigned(closer), now.saturating_add_unsigned(closer)] {
                                        let own = bundle.features().get(&turn.feature).unwrap().range;
                                        prop_assert!(
                                            side < own.0 || side > own.1 || side == now || at(side) != wanted,
                                            "{} {} {}", case.rule.id, turn.feature, side
                                        );
                                    }
                                }
                            }
                            (Amount::Flag(_), Amount::Flag(to)) => {
                                prop_assert_eq!(case.with(slot, Some(Scalar::Bool(to)), asked), wanted);
                            }
                            mixed => prop_assert!(false, "{:?}", mixed),
                        }
                    }
                    Ok(())
                })?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}

#[test]
fn most_answers_have_a_change_that_turns_them() {
    let bundle = bundle();
    let (mut some, mut all) = (0, 0);
    for seed in 0..40 {
        let row = row(&bundle, seed);
        for number in 0..bundle.rules().len() {
            with_case(&bundle, number, &row, |_, explanation| {
                all += 1;
                some += usize::from(!explanation.turns.is_empty());
            });
        }
    }
    assert!(some * 4 > all, "{some} of {all}");
}
