//! One number moved while all else stays: at which values a form changes its verdict.
//!
//! The range is cut where a comparison inside the form changes. On each piece between two cuts every difference of two
//! sides only rises or only falls, so its crossing is found by halving; a difference that does both on one piece cannot
//! be told, and then nothing is claimed.

use std::collections::BTreeSet;

use doudi_model::Verdict;

use super::evaluate::Cells;
use super::form::{Form, Number};
use crate::Scalar;

/// So many pieces at most.
const PIECES: usize = 2_000;

/// Stretches of equal verdict, in order: the first value of each, and its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    low: i128,
    high: i128,
    pieces: Vec<(i128, Verdict)>,
}

/// How a number moves over a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trend {
    Flat,
    Up,
    Down,
}

struct Cutter {
    high: i128,
    starts: BTreeSet<i128>,
}

/// A form over the one variable 0, between two values; `None` if it cannot be told.
pub(crate) fn line(form: &Form, low: i128, high: i128) -> Option<Line> {
    let mut cutter = Cutter { high, starts: BTreeSet::from([low]) };
    cutter.form(form)?;
    let pieces = cutter.starts.iter().map(|start| (*start, verdict(form, *start))).collect();
    Some(Line { low, high, pieces })
}

impl Line {
    /// The nearest value below `now` with a verdict, and whether it has it from there down to the end.
    pub(crate) fn below(&self, now: i128, wanted: Verdict) -> Option<(i128, bool)> {
        let ends = self.pieces.iter().skip(1).map(|(start, _)| start - 1).chain([self.high]);
        let before: Vec<(i128, Verdict)> = self
            .pieces
            .iter()
            .zip(ends)
            .filter(|((start, _), _)| *start < now)
            .map(|((_, verdict), end)| (end.min(now - 1), *verdict))
            .collect();
        let at = before.iter().rposition(|(_, verdict)| *verdict == wanted)?;
        let beyond = before.iter().take(at).all(|(_, verdict)| *verdict == wanted);
        let (to, _) = before.get(at)?;
        Some((*to, beyond && *to != self.low))
    }

    /// The nearest value above `now` with a verdict, and whether it has it from there up to the end.
    pub(crate) fn above(&self, now: i128, wanted: Verdict) -> Option<(i128, bool)> {
        let next = self.pieces.iter().skip(1).map(|(start, _)| *start).chain([self.high + 1]);
        let after: Vec<(i128, Verdict)> = self
            .pieces
            .iter()
            .zip(next)
            .filter(|(_, next)| *next > now + 1)
            .map(|((start, verdict), _)| ((*start).max(now + 1), *verdict))
            .collect();
        let at = after.iter().position(|(start, verdict)| *verdict == wanted && *start <= self.high)?;
        let beyond = after.iter().skip(at).all(|(_, verdict)| *verdict == wanted);
        let (to, _) = after.get(at)?;
        Some((*to, beyond && *to != self.high))
    }
}

fn verdict(form: &Form, at: i128) -> Verdict {
    Cells(&[Some(Scalar::Number(at))]).form(form)
}

fn value(number: &Number, at: i128) -> Option<i128> {
    Cells(&[Some(Scalar::Number(at))]).number(number)
}

impl Cutter {
    fn form(&mut self, form: &Form) -> Option<()> {
        match form {
            Form::Settled(_) | Form::Flag(_) | Form::CompareText(..) | Form::StartsWith(..) | Form::TextKnown(_) => {
                Some(())
            }
            Form::Not(part) | Form::IsKnown(part) => self.form(part),
            Form::And(parts) | Form::Or(parts) | Form::AtLeast(_, parts) => {
                parts.iter().try_for_each(|part| self.form(part))
            }
            Form::Same(parts) | Form::OrElse(parts) => parts.iter().try_for_each(|part| self.form(part)),
            Form::Choose(parts) => parts.iter().try_for_each(|part| self.form(part)),
            Form::Compare(_, left, right) => {
                self.number(left)?;
                self.number(right)?;
                self.cut(left, right)
            }
            Form::NumberKnown(number) => self.number(number),
        }
    }

    /// Cuts wherever a number stops or starts being known, or is computed another way.
    fn number(&mut self, number: &Number) -> Option<()> {
        match number {
            Number::Const(_) | Number::Unknown | Number::Var(_) => Some(()),
            Number::Times(part, _) => self.number(part),
            Number::Add(parts) | Number::Multiply(parts) | Number::OrElse(parts) => {
                parts.iter().try_for_each(|part| self.number(part))
            }
            Number::Divide(_, parts) => {
                let [dividend, divisor] = parts.as_ref();
                self.number(dividend)?;
                self.number(divisor)?;
                self.cut(divisor, &Number::Const(0))?;
                self.cut(dividend, &Number::Const(0))
            }
            Number::Least(parts) | Number::Greatest(parts) => parts.iter().try_for_each(|part| self.number(part)),
            Number::Choose(condition, parts) => {
                self.form(condition)?;
                parts.iter().try_for_each(|part| self.number(part))
            }
            Number::Age(parts) => {
                let [birth, day] = parts.as_ref();
                self.number(birth)?;
                self.number(day)?;
                self.cut(birth, day)
            }
        }
    }

    /// Cuts where the first number comes to lie above, at or below the second.
    fn cut(&mut self, left: &Number, right: &Number) -> Option<()> {
        let starts: Vec<i128> = self.starts.iter().copied().collect();
        let next = starts.iter().skip(1).copied().chain([self.high + 1]);
        for (start, next) in starts.iter().copied().zip(next) {
            let end = next - 1;
            let (Some(first), Some(last)) = (sign(left, right, start), sign(left, right, end)) else {
                // Unknown on the whole piece: what could make it known has cut already.
                continue;
            };
            let way = against(trend(left, start, end)?, turned(trend(right, start, end)?))?;
            if way == Trend::Flat || first == last {
                continue;
            }
            let up = way == Trend::Up;
            for line in [0, 1] {
                // The first value at which the sign, turned so that it rises, reaches the line.
                let reached =
                    |at: i128| sign(left, right, at).is_some_and(|sign| if up { sign >= line } else { -sign >= line });
                if let Some(at) = first_of(start, end, reached) {
                    self.starts.insert(at);
                }
            }
        }
        (self.starts.len() <= PIECES).then_some(())
    }
}

fn sign(left: &Number, right: &Number, at: i128) -> Option<i32> {
    Some(match value(left, at)?.cmp(&value(right, at)?) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    })
}

/// The first value of a stretch from which on something holds that holds at its end.
fn first_of(start: i128, end: i128, holds: impl Fn(i128) -> bool) -> Option<i128> {
    if !holds(end) {
        return None;
    }
    let (mut low, mut high) = (start, end);
    while low < high {
        let middle = low + (high - low).div_euclid(2);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

fn turned(trend: Trend) -> Trend {
    match trend {
        Trend::Flat => Trend::Flat,
        Trend::Up => Trend::Down,
        Trend::Down => Trend::Up,
    }
}

/// Two trends added; `None` if they go against each other.
fn against(one: Trend, other: Trend) -> Option<Trend> {
    match (one, other) {
        (Trend::Flat, trend) | (trend, Trend::Flat) => Some(trend),
        (Trend::Up, Trend::Up) => Some(Trend::Up),
        (Trend::Down, Trend::Down) => Some(Trend::Down),
        (Trend::Up, Trend::Down) | (Trend::Down, Trend::Up) => None,
    }
}

fn scaled(trend: Trend, factor: i128) -> Trend {
    match factor.signum() {
        0 => Trend::Flat,
        1 => trend,
        _ => turned(trend),
    }
}

/// How a number moves over a stretch on which everything inside it stays as it is; `None` if it does both.
fn trend(number: &Number, start: i128, end: i128) -> Option<Trend> {
    let of = |part: &Number| trend(part, start, end);
    let at = |part: &Number| value(part, start);
    match number {
        Number::Const(_) | Number::Unknown => Some(Trend::Flat),
        Number::Var(_) => Some(Trend::Up),
        Number::Times(part, factor) => Some(scaled(of(part)?, *factor)),
        Number::Add(parts) => {
            let [left, right] = parts.as_ref();
            against(of(left)?, of(right)?)
        }
        Number::Multiply(parts) => {
            let [left, right] = parts.as_ref();
            match (of(left)?, of(right)?) {
                (Trend::Flat, trend) => Some(scaled(trend, at(left)?)),
                (trend, Trend::Flat) => Some(scaled(trend, at(right)?)),
                (one, other) if one == other && at(left)? >= 0 && at(right)? >= 0 => {
                    let falls_below = value(left, end)? < 0 || value(right, end)? < 0;
                    (!falls_below).then_some(one)
                }
                _ => None,
            }
        }
        Number::Divide(_, parts) => {
            let [dividend, divisor] = parts.as_ref();
            match (of(dividend)?, of(divisor)?) {
                (trend, Trend::Flat) => Some(scaled(trend, at(divisor)?)),
                // Neither changes its sign on the stretch: what is divided by more comes nearer to zero.
                (Trend::Flat, trend) => {
                    let sign = at(dividend)?.signum();
                    Some(scaled(turned(trend), sign))
                }
                _ => None,
            }
        }
        Number::Least(parts) | Number::Greatest(parts) => {
            parts.iter().try_fold(Trend::Flat, |so_far, part| against(so_far, of(part)?))
        }
        Number::Choose(condition, parts) => {
            let [then, otherwise] = parts.as_ref();
            match verdict(condition, start) {
                Verdict::True => of(then),
                Verdict::False => of(otherwise),
                Verdict::Unknown => Some(Trend::Flat),
            }
        }
        Number::OrElse(parts) => {
            let [part, otherwise] = parts.as_ref();
            if at(part).is_some() { of(part) } else { of(otherwise) }
        }
        Number::Age(parts) => {
            let [birth, day] = parts.as_ref();
            against(turned(of(birth)?), of(day)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ir::{Comparison, Rounding};

    const LOW: i128 = -12;
    const HIGH: i128 = 30;

    fn number(depth: u32) -> BoxedStrategy<Number> {
        let plain = prop_oneof![(-9_i128..20).prop_map(Number::Const), Just(Number::Var(0)), Just(Number::Unknown)];
        if depth == 0 {
            return plain.boxed();
        }
        let part = || number(depth - 1);
        let rounding = prop::sample::select(vec![Rounding::HalfUp, Rounding::Floor, Rounding::Ceil, Rounding::Down]);
        prop_oneof![
            3 => plain,
            3 => (part(), part()).prop_map(|(left, right)| Number::add(left, right)),
            2 => (part(), -3_i128..4).prop_map(|(part, factor)| Number::times(part, factor)),
            2 => (part(), part()).prop_map(|(left, right)| Number::multiply(left, right)),
            3 => (rounding, part(), part()).prop_map(|(way, left, right)| Number::divide(way, left, right)),
            1 => (part(), part()).prop_map(|(one, two)| Number::pick(vec![one, two], std::cmp::Ordering::Less)),
            1 => (form(depth - 1), part(), part()).prop_map(|(form, then, other)| Number::choose(form, then, other)),
            1 => (part(), part()).prop_map(|(part, other)| Number::or_else(part, other)),
        ]
        .boxed()
    }

    fn form(depth: u32) -> BoxedStrategy<Form> {
        use Comparison::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
        let sign = prop::sample::select(vec![Equal, NotEqual, Less, AtMost, Greater, AtLeast]);
        let leaf =
            (sign, number(depth.min(2)), number(depth.min(2))).prop_map(|(sign, l, r)| Form::compare(sign, l, r));
        if depth == 0 {
            return leaf.boxed();
        }
        let part = || form(depth - 1);
        prop_oneof![
            3 => leaf,
            1 => number(depth).prop_map(Form::NumberKnown),
            2 => prop::collection::vec(part(), 1..4).prop_map(Form::and),
            2 => prop::collection::vec(part(), 1..4).prop_map(Form::or),
            1 => part().prop_map(Form::not),
            1 => (part(), part(), part()).prop_map(|(one, two, three)| Form::choose(one, two, three)),
        ]
        .boxed()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn the_nearest_value_is_the_one_found_by_walking(
            form in form(2),
            now in LOW..HIGH + 1,
            wanted in prop::sample::select(vec![Verdict::True, Verdict::False, Verdict::Unknown]),
        ) {
            let Some(line) = line(&form, LOW, HIGH) else { return Ok(()) };
            let is_so = |at: &i128| verdict(&form, *at) == wanted;
            let below = (LOW..now).rev().find(is_so);
            let above = (now + 1..=HIGH).find(is_so);
            prop_assert_eq!(line.below(now, wanted).map(|(to, _)| to), below);
            prop_assert_eq!(line.above(now, wanted).map(|(to, _)| to), above);
            let all_below = below.map(|to| to != LOW && (LOW..=to).all(|at| is_so(&at)));
            let all_above = above.map(|to| to != HIGH && (to..=HIGH).all(|at| is_so(&at)));
            prop_assert_eq!(line.below(now, wanted).map(|(_, beyond)| beyond), all_below);
            prop_assert_eq!(line.above(now, wanted).map(|(_, beyond)| beyond), all_above);
        }
    }
}
