//! How often each rule was right.

use std::collections::BTreeMap;

use doudi_model::warning::Direction;
use serde::Serialize;

use crate::outcome::{Judgement, Outcome};

/// What became of one warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The rule.
    pub rule: String,
    /// Which way it points.
    pub direction: Direction,
    /// The latest finding about it, if there is one.
    pub outcome: Option<Outcome>,
}

/// One rule's record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleRecord {
    /// Warnings that a finding proved right.
    pub right: u64,
    /// Warnings that a finding proved wrong.
    pub wrong: u64,
    /// Warnings without a finding, or with one that settles nothing.
    pub pending: u64,
    /// Findings by outcome code.
    pub outcomes: BTreeMap<String, u64>,
}

/// A share with the bounds within which it truly lies, in per mille, for nineteen of twenty such samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Precision {
    /// The share seen, rounded half up.
    pub per_mille: u64,
    /// The lower bound, rounded down.
    pub low_per_mille: u64,
    /// The upper bound, rounded up.
    pub high_per_mille: u64,
}

/// The record of each rule.
#[must_use]
pub fn per_rule(warnings: impl IntoIterator<Item = Followed>) -> BTreeMap<String, RuleRecord> {
    let mut records: BTreeMap<String, RuleRecord> = BTreeMap::new();
    for warning in warnings {
        let record = records.entry(warning.rule).or_default();
        match warning.outcome.map(|outcome| outcome.judges(warning.direction)) {
            Some(Judgement::True) => record.right += 1,
            Some(Judgement::False) => record.wrong += 1,
            Some(Judgement::Open) | None => record.pending += 1,
        }
        if let Some(outcome) = warning.outcome {
            *record.outcomes.entry(outcome.code().to_owned()).or_default() += 1;
        }
    }
    records
}

impl RuleRecord {
    /// How often the rule was right among the settled; `None` while nothing is settled.
    #[must_use]
    pub fn precision(&self) -> Option<Precision> {
        wilson(self.right, self.right.checked_add(self.wrong)?)
    }
}

/// The Wilson score interval of `right` in `settled` at 95 %, in whole numbers; `None` for an empty sample.
///
/// With z² = 3.8416 the bounds are (k + z²/2 ± √(z²·k(n−k)/n + z⁴/4)) / (n + z²). Everything is scaled by 10,000 so
/// that no fraction is left; the root is rounded outwards.
///
/// # Source
/// E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
#[must_use]
pub fn wilson(right: u64, settled: u64) -> Option<Precision> {
    const SCALE: u128 = 10_000;
    const Z2: u128 = 38_416;
    let (k, n) = (u128::from(right), u128::from(settled));
    if n == 0 || k > n || n > 1_000_000_000_000 {
        return None;
    }
    let centre = k * SCALE + Z2 / 2;
    let below = n * SCALE + Z2;
    let square = (SCALE * Z2 * k * (n - k)).div_ceil(n) + Z2 * Z2 / 4;
    let root = square.isqrt() + u128::from(square.isqrt() * square.isqrt() < square);
    let low = centre.saturating_sub(root) * 1000 / below;
    let high = ((centre + root) * 1000).div_ceil(below).min(1000);
    let seen = (k * 1000 + n / 2) / n;
    Some(Precision {
        per_mille: u64::try_from(seen).unwrap_or(1000),
        low_per_mille: u64::try_from(low).unwrap_or(0),
        high_per_mille: u64::try_from(high).unwrap_or(1000),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(right: u64, settled: u64) -> (u64, u64, u64) {
        let precision = wilson(right, settled).unwrap();
        (precision.low_per_mille, precision.per_mille, precision.high_per_mille)
    }

    #[test]
    fn the_interval_equals_the_textbook_formula_rounded_outwards() {
        // The formula in floating point: 0.3561…0.5476, 0…0.2775, 0.7225…1.
        assert_eq!(bounds(45, 100), (356, 450, 548));
        assert_eq!(bounds(0, 10), (0, 0, 278));
        assert_eq!(bounds(10, 10), (722, 1000, 1000));
    }

    #[test]
    fn an_empty_sample_has_no_precision() {
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn a_finding_that_settles_nothing_counts_as_pending() {
        let follow = |outcome| Followed { rule: "r".into(), direction: Direction::Missed, outcome };
        let records = per_rule([
            follow(Some(Outcome::EnteredDibao)),
            follow(Some(Outcome::NoHardship)),
            follow(Some(Outcome::NotReached)),
            follow(None),
        ]);
        let record = &records["r"];
        assert_eq!((record.right, record.wrong, record.pending), (1, 1, 2));
        assert_eq!(record.precision().unwrap().per_mille, 500);
    }
}
