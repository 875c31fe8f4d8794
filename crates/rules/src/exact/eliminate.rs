//! Whether sums can hold together: one variable after the other is eliminated, then values are put back in.

use std::collections::BTreeMap;

use super::system::{Row, System, ceiling};

/// So many rows may stand at once.
const ROWS: usize = 600;
/// So many values are tried when they are put back.
const TRIES: usize = 3_000;
/// So many sums that must not be zero are taken apart one inside the other.
const APART: usize = 24;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// A value for each term.
    Values(Vec<i128>),
    /// There are none.
    Nothing,
    /// It could not be told within the limits.
    Open,
}

/// A variable with the rows in which it stood when it was eliminated; all others in them are eliminated later.
struct Stage {
    term: usize,
    bounds: (i128, i128),
    rows: Vec<Row>,
}

/// Decides a system.
pub(super) fn decide(system: &System) -> Decision {
    apart(system, &system.rows, APART)
}

fn apart(system: &System, rows: &[Row], depth: usize) -> Decision {
    let values = match solve(system, rows) {
        Decision::Values(values) => values,
        other => return other,
    };
    let Some(zero) = system.apart.iter().find(|row| row.value(&values).is_none_or(|value| value == 0)) else {
        return Decision::Values(values);
    };
    if depth == 0 {
        return Decision::Open;
    }
    let sides = [zero.below(), zero.negated().and_then(|row| row.below())];
    let mut open = false;
    for side in sides {
        let Some(side) = side else {
            open = true;
            continue;
        };
        let mut rows = rows.to_vec();
        rows.push(side.reduced());
        match apart(system, &rows, depth - 1) {
            Decision::Values(values) => return Decision::Values(values),
            Decision::Nothing => {}
            Decision::Open => open = true,
        }
    }
    if open { Decision::Open } else { Decision::Nothing }
}

fn solve(system: &System, rows: &[Row]) -> Decision {
    let mut bounds = system.bounds.clone();
    let mut left: BTreeMap<Vec<(usize, i128)>, i128> = BTreeMap::new();
    for row in rows {
        if let Some(decision) = keep(row.clone(), &mut left, &mut bounds) {
            return decision;
        }
    }
    let mut stages: Vec<Stage> = Vec::new();
    while let Some(term) = cheapest(&left) {
        let (with, without): (Vec<Row>, Vec<Row>) = left
            .into_iter()
            .map(|(terms, constant)| Row { terms, constant })
            .partition(|row| row.terms.iter().any(|(own, _)| *own == term));
        left = without.into_iter().map(|row| (row.terms, row.constant)).collect();
        let Some(own) = bounds.get(term).copied() else { return Decision::Open };
        let ends = [Row { terms: vec![(term, 1)], constant: -own.1 }, Row { terms: vec![(term, -1)], constant: own.0 }];
        let of = |wanted: fn(i128) -> bool| {
            let all = with.iter().chain(&ends);
            all.filter_map(move |row| Some((row, coefficient(row, term).filter(|own| wanted(*own))?)))
                .collect::<Vec<_>>()
        };
        for (upper, up) in of(|own| own > 0) {
            for (lower, down) in of(|own| own < 0) {
                if upper.terms.len() == 1 && lower.terms.len() == 1 {
                    continue;
                }
                let Some(row) = combined((upper, -down), (lower, up), term) else { return Decision::Open };
                if let Some(decision) = keep(row, &mut left, &mut bounds) {
                    return decision;
                }
            }
        }
        if left.len() > ROWS {
            return Decision::Open;
        }
        stages.push(Stage { term, bounds: own, rows: with });
    }
    let mut values: Vec<i128> =
        bounds.iter().zip(&system.round).map(|(bounds, round)| preferred(*bounds, *round)).collect();
    let mut tries = TRIES;
    if put_back(&stages, &system.round, &mut values, &mut tries) { Decision::Values(values) } else { Decision::Open }
}

/// Adds a row, or narrows a bound where it is about one term; a decision if nothing is left.
fn keep(row: Row, left: &mut BTreeMap<Vec<(usize, i128)>, i128>, bounds: &mut [(i128, i128)]) -> Option<Decision> {
    let row = row.reduced();
    match row.terms.as_slice() {
        [] => return (row.constant > 0).then_some(Decision::Nothing),
        [(term, coefficient)] => {
            let Some(own) = bounds.get_mut(*term) else { return Some(Decision::Open) };
            if *coefficient > 0 {
                own.1 = own.1.min(row.constant.saturating_neg().div_euclid(*coefficient));
            } else {
                own.0 = own.0.max(ceiling(row.constant, coefficient.saturating_neg()));
            }
            return (own.0 > own.1).then_some(Decision::Nothing);
        }
        _ => {}
    }
    match row.hull(bounds) {
        Some((low, _)) if low > 0 => return Some(Decision::Nothing),
        Some((_, high)) if high <= 0 => return None,
        _ => {}
    }
    let constant = left.entry(row.terms).or_insert(row.constant);
    *constant = (*constant).max(row.constant);
    None
}

fn coefficient(row: &Row, term: usize) -> Option<i128> {
    row.terms.iter().find(|(own, _)| *own == term).map(|(_, coefficient)| *coefficient)
}

/// The variable whose elimination makes the fewest rows.
fn cheapest(rows: &BTreeMap<Vec<(usize, i128)>, i128>) -> Option<usize> {
    let mut sides: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (term, coefficient) in rows.keys().flatten() {
        let (up, down) = sides.entry(*term).or_insert((1, 1));
        *(if *coefficient > 0 { up } else { down }) += 1;
    }
    sides.into_iter().min_by_key(|(_, (up, down))| up * down).map(|(term, _)| term)
}

/// Two rows times factors above zero, in which one term falls out.
fn combined((upper, by): (&Row, i128), (lower, its): (&Row, i128), term: usize) -> Option<Row> {
    let mut terms: BTreeMap<usize, i128> = BTreeMap::new();
    for (row, factor) in [(upper, by), (lower, its)] {
        for (own, coefficient) in &row.terms {
            let entry = terms.entry(*own).or_insert(0);
            *entry = entry.checked_add(coefficient.checked_mul(factor)?)?;
        }
    }
    terms.remove(&term);
    terms.retain(|_, coefficient| *coefficient != 0);
    let constant = upper.constant.checked_mul(by)?.checked_add(lower.constant.checked_mul(its)?)?;
    Some(Row { terms: terms.into_iter().collect(), constant })
}

/// Puts values in, the last eliminated first.
fn put_back(stages: &[Stage], round: &[i128], values: &mut [i128], tries: &mut usize) -> bool {
    let Some((stage, earlier)) = stages.split_last() else { return true };
    let Some((low, high)) = room(stage, values) else { return false };
    let nice = preferred((low, high), round.get(stage.term).copied().unwrap_or(1));
    let mut tried: Vec<i128> = Vec::with_capacity(4);
    for value in [nice, low, high, low + (high - low) / 2] {
        if tried.contains(&value) {
            continue;
        }
        if *tries == 0 {
            return false;
        }
        *tries -= 1;
        tried.push(value);
        if let Some(place) = values.get_mut(stage.term) {
            *place = value;
        }
        if put_back(earlier, round, values, tries) {
            return true;
        }
    }
    false
}

/// The values left to a variable once those eliminated after it have theirs.
fn room(stage: &Stage, values: &[i128]) -> Option<(i128, i128)> {
    let (mut low, mut high) = stage.bounds;
    for row in &stage.rows {
        let own = coefficient(row, stage.term)?;
        let rest = row.value(values)?.checked_sub(values.get(stage.term)?.checked_mul(own)?)?;
        // own · x + rest ≤ 0
        if own > 0 {
            high = high.min(rest.checked_neg()?.div_euclid(own));
        } else {
            low = low.max(ceiling(rest, own.checked_neg()?));
        }
    }
    (low <= high).then_some((low, high))
}

/// The value nearest to nothing, and a round one if there is one near.
fn preferred((low, high): (i128, i128), round: i128) -> i128 {
    let nearest = if low > 0 {
        low
    } else if high < 0 {
        high
    } else {
        return 0;
    };
    let rounded = if nearest > 0 {
        ceiling(nearest, round).checked_mul(round)
    } else {
        nearest.div_euclid(round).checked_mul(round)
    };
    rounded.filter(|rounded| (low..=high).contains(rounded)).unwrap_or(nearest)
}
