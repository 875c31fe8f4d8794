//! The nearest change of one feature that would turn the answer.

use doudi_model::{Text, Verdict};

use super::{Case, words};
use crate::feature::{Feature, How, Unit};
use crate::row::Row;
use crate::{Condition, Quantity, Scalar, Slot};

/// A change that has been evaluated.
struct Change<'a> {
    feature: &'a Feature,
    now: i128,
    to: i128,
    /// Whether it holds from there on to the end of the range as well.
    beyond: bool,
    /// Size of the change in thousandths of the value's size, to compare features of different units.
    share: i128,
}

/// Amounts are said in whole yuan.
const YUAN: i128 = 100;

impl Case<'_> {
    /// For a true rule what would let its warning close, for a false one what would make it true; none for unknown.
    pub(super) fn change(&self) -> Option<Text> {
        let (condition, wanted) = match (self.answer.verdict, &self.rule.clear) {
            (Verdict::Unknown, _) => return None,
            (Verdict::True, Some(clear)) => (clear, Verdict::True),
            (Verdict::True, None) => (&self.rule.when, Verdict::False),
            (Verdict::False, _) => (&self.rule.when, Verdict::True),
        };
        let best = condition.slots().into_iter().filter_map(|slot| self.nearest(condition, slot, wanted));
        let change = best.min_by_key(|change| change.share)?;
        let (zh, en) = change.said();
        Some(if self.answer.verdict == Verdict::True {
            Text::new(format!("{zh}时，这条预警可以解除"), format!("{en} this warning may close"))
        } else {
            Text::new(format!("{zh}时，会提醒"), format!("{en} it would warn"))
        })
    }

    fn nearest(&self, condition: &Condition, slot: Slot, wanted: Verdict) -> Option<Change<'_>> {
        let feature =
            self.bundle.features().get(self.bundle.layout().name(slot)).filter(|feature| can_change(feature))?;
        let Some(Some(Scalar::Number(now))) = self.row.cells().get(slot.0) else { return None };
        let now = *now;
        let (least, most) = (i128::from(feature.range.0), i128::from(feature.range.1));
        let mut row = self.row.clone();
        let mut holds = |at: i128| {
            row.set(slot, Some(Scalar::Number(at)));
            condition.evaluate(Row::cells(&row)).verdict == wanted
        };
        let below = search(now, least, &mut holds).map(|to| (to, least));
        let above = search(now, most, &mut holds).map(|to| (to, most));
        let (exact, end) = [below, above].into_iter().flatten().min_by_key(|(to, _)| to.abs_diff(now))?;
        // Away from today's value, so that what is said is true to the last fen.
        let whole = if exact < now { exact.div_euclid(YUAN) } else { -(-exact).div_euclid(YUAN) } * YUAN;
        let rounds = feature.unit == Unit::Fen && (least..=most).contains(&whole) && holds(whole);
        let to = if rounds { whole } else { exact };
        let size = now.saturating_abs().max(1);
        let share = i128::try_from(exact.abs_diff(now)).ok()?.checked_mul(1000)?.checked_div(size)?;
        Some(Change { feature, now, to, beyond: to != end && holds(end), share })
    }
}

impl Change<'_> {
    /// `近12个月自付医疗费降到11,519元或更低（比现在少11,881元以上）`, and the same in English up to the consequence.
    fn said(&self) -> (String, String) {
        let said = |amount| words::number(quantity(self.feature, amount), Some(self.feature));
        let (value, by) = (said(self.to), said((self.to - self.now).abs()));
        let title = &self.feature.title;
        match (self.to < self.now, self.beyond) {
            (true, true) => (
                format!("{}降到{}或更低（比现在少{}以上）", title.zh, value.zh, by.zh),
                format!("with {} at {} or less (at least {} less than now)", title.en, value.en, by.en),
            ),
            (false, true) => (
                format!("{}升到{}或更高（比现在多{}以上）", title.zh, value.zh, by.zh),
                format!("with {} at {} or more (at least {} more than now)", title.en, value.en, by.en),
            ),
            (true, false) => (
                format!("{}降到{}（比现在少{}）", title.zh, value.zh, by.zh),
                format!("with {} at {} ({} less than now)", title.en, value.en, by.en),
            ),
            (false, false) => (
                format!("{}升到{}（比现在多{}）", title.zh, value.zh, by.zh),
                format!("with {} at {} ({} more than now)", title.en, value.en, by.en),
            ),
        }
    }
}

/// The value nearest to `now`, towards `end`, for which something holds: by doubling steps, then by halving.
///
/// Where it holds in several stretches the first one met counts; what is returned has been tried.
fn search(now: i128, end: i128, holds: &mut impl FnMut(i128) -> bool) -> Option<i128> {
    let towards = (end - now).signum();
    let (mut outside, mut step) = (now, 1_i128);
    loop {
        if outside == end {
            return None;
        }
        let next = now + towards * step;
        let next = if towards > 0 { next.min(end) } else { next.max(end) };
        if holds(next) {
            let mut inside = next;
            while inside.abs_diff(outside) > 1 {
                let middle = outside + (inside - outside) / 2;
                if holds(middle) {
                    inside = middle;
                } else {
                    outside = middle;
                }
            }
            return Some(inside);
        }
        outside = next;
        step = step.checked_mul(2)?;
    }
}

/// Amounts and counts of facts can come out otherwise; nobody's age, and no number of days gone by, can.
fn can_change(feature: &Feature) -> bool {
    let countable = match feature.unit {
        Unit::Fen | Unit::Count | Unit::Ratio => true,
        Unit::Days | Unit::Years | Unit::Bool | Unit::Date | Unit::Category => false,
    };
    countable && !matches!(feature.how, How::BuiltIn(_))
}

fn quantity(feature: &Feature, amount: i128) -> Quantity {
    let unit = match feature.unit {
        Unit::Fen => crate::Unit::Money,
        Unit::Days => crate::Unit::Days,
        Unit::Ratio => crate::Unit::Decimal,
        Unit::Count | Unit::Years | Unit::Bool | Unit::Date | Unit::Category => crate::Unit::Int,
    };
    Quantity { amount, unit, scale: feature.scale }
}
