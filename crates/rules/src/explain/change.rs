//! The nearest change of one feature that would turn the answer.
//!
//! One number is moved while everything else stays, but for what is computed from it. Along it the condition is cut into
//! stretches of equal verdict, so the nearest value that turns the answer is known to be the nearest; it is evaluated
//! again before it is named. A feature that cannot move alone, because another figure of the condition is computed from
//! the same, is not offered. Where no number would do it, the yes-or-no features are named that would, each alone.

use doudi_model::{Text, Verdict};

use super::explanation::{Amount, Effect, Turn};
use super::{Case, words};
use crate::analyze::question::{beneath, computed, fill};
use crate::exact::line::line;
use crate::exact::lower::{Binding, Stands, condition};
use crate::feature::{Feature, How, Unit};
use crate::row::DAY;
use crate::{Cell, Condition, Quantity, Scalar, Slot};

/// A change that has been evaluated.
struct Change<'a> {
    feature: &'a Feature,
    now: i128,
    /// The nearest value that turns the answer.
    exact: i128,
    /// The same, or whole yuan a little further away: what is said.
    to: i128,
    /// Whether it holds from there on to the end of the range as well.
    beyond: bool,
    /// Size of the change in thousandths of the value's size, to compare features of different units.
    share: i128,
}

/// Amounts are said in whole yuan.
const YUAN: i128 = 100;
/// So many yes-or-no features are named.
const FLAGS: usize = 4;

impl Case<'_> {
    /// For a true rule what would let its warning close, for a false one what would make it true; none for unknown.
    pub(super) fn change(&self) -> (Option<Text>, Vec<Turn>) {
        let (condition, wanted) = match (self.answer.verdict, &self.rule.clear) {
            (Verdict::Unknown, _) => return (None, Vec::new()),
            (Verdict::True, Some(clear)) => (clear, Verdict::True),
            (Verdict::True, None) => (&self.rule.when, Verdict::False),
            (Verdict::False, _) => (&self.rule.when, Verdict::True),
        };
        let effect = if self.answer.verdict == Verdict::True { Effect::Clears } else { Effect::Fires };
        if condition.evaluate(self.row.cells()).verdict == wanted {
            // It may close already; nothing has to change for that.
            return (None, Vec::new());
        }
        let slots = condition.slots();
        let alone = |slot: &Slot| !self.entangled(*slot, &slots);
        let numbers = slots.iter().copied().filter(alone).filter_map(|slot| self.nearest(condition, slot, wanted));
        if let Some(change) = numbers.min_by_key(|change| change.share) {
            let (zh, en) = change.said();
            let text = match effect {
                Effect::Clears => {
                    Text::new(format!("{zh}时，这条预警可以解除"), format!("{en} this warning may close"))
                }
                Effect::Fires => Text::new(format!("{zh}时，会提醒"), format!("{en} it would warn")),
            };
            return (Some(text), change.turn(effect).into_iter().collect());
        }
        let flags: Vec<(Slot, bool)> = slots
            .iter()
            .copied()
            .filter(alone)
            .filter_map(|slot| Some((slot, self.flipped(condition, slot, wanted)?)))
            .collect();
        (self.flags_said(&flags, effect), flags.iter().map(|(slot, to)| self.flag_turn(*slot, *to, effect)).collect())
    }

    /// Whether a feature cannot move alone: others of the condition are computed from the same figures, or from it
    /// through the answers of several members.
    fn entangled(&self, slot: Slot, slots: &[Slot]) -> bool {
        let others = || slots.iter().copied().filter(|other| *other != slot);
        let base = |slot: &Slot| *slot != DAY && !self.bundle.layout().name(*slot).starts_with("standard.");
        let below = beneath(self.bundle, others());
        if computed(self.bundle, slot).is_some() {
            let own = beneath(self.bundle, [slot]);
            return below.intersection(&own).any(base);
        }
        below.iter().any(|other| {
            let feature = self.bundle.features().get(self.bundle.layout().name(*other));
            match feature.map(|feature| &feature.how) {
                Some(How::Lifted(_, formula)) => beneath(self.bundle, formula.reads().iter().copied()).contains(&slot),
                Some(How::Aggregated(_) | How::BuiltIn(_) | How::Derived(_)) | None => false,
            }
        })
    }

    fn nearest(&self, asked: &Condition, slot: Slot, wanted: Verdict) -> Option<Change<'_>> {
        let feature =
            self.bundle.features().get(self.bundle.layout().name(slot)).filter(|feature| can_change(feature))?;
        let Some(Some(Scalar::Number(now))) = self.row.cells().get(slot.0) else { return None };
        let now = *now;
        let (least, most) = (i128::from(feature.range.0), i128::from(feature.range.1));
        let form = condition(asked, &Moved { case: self, slot });
        let line = line(&form, least, most)?;
        let nearest = [line.below(now, wanted), line.above(now, wanted)].into_iter().flatten();
        let (exact, beyond) = nearest.min_by_key(|(to, _)| to.abs_diff(now))?;
        let holds = |at: i128| self.with(slot, Some(Scalar::Number(at)), asked) == wanted;
        if !holds(exact) {
            return None;
        }
        // Away from today's value, so that what is said is true to the last fen.
        let whole = if exact < now { exact.div_euclid(YUAN) } else { -(-exact).div_euclid(YUAN) } * YUAN;
        let rounds = feature.unit == Unit::Fen && (least..=most).contains(&whole) && holds(whole);
        let to = if rounds { whole } else { exact };
        let end = if exact < now { least } else { most };
        let share = i128::try_from(exact.abs_diff(now)).ok()?.checked_mul(1000)?;
        let share = share.checked_div(now.saturating_abs().max(1))?;
        Some(Change { feature, now, exact, to, beyond: beyond && to != end, share })
    }

    /// The verdict of a condition with one value changed and what is computed from it.
    fn with(&self, slot: Slot, cell: Cell, asked: &Condition) -> Verdict {
        let mut row = self.row.cells().to_vec();
        if let Some(place) = row.get_mut(slot.0) {
            *place = cell;
        }
        let follows = |other: Slot| other != slot && beneath(self.bundle, [other]).contains(&slot);
        fill(self.bundle, &mut row, &|other| !follows(other));
        asked.evaluate(&row).verdict
    }

    /// What a yes-or-no feature would have to be, if that alone would turn the answer.
    fn flipped(&self, asked: &Condition, slot: Slot, wanted: Verdict) -> Option<bool> {
        let feature = self.bundle.features().get(self.bundle.layout().name(slot))?;
        if matches!(feature.how, How::BuiltIn(_)) {
            return None;
        }
        let Some(Some(Scalar::Bool(now))) = self.row.cells().get(slot.0) else { return None };
        (self.with(slot, Some(Scalar::Bool(!now)), asked) == wanted).then_some(!now)
    }

    fn flags_said(&self, flags: &[(Slot, bool)], effect: Effect) -> Option<Text> {
        let all: Vec<Text> = flags.iter().take(FLAGS).map(|(slot, to)| self.flag(*slot, *to)).collect();
        let join = |get: fn(&Text) -> &str, between: &str| all.iter().map(get).collect::<Vec<_>>().join(between);
        let (zh, en) = (join(|text| &text.zh, "，或"), join(|text| &text.en, ", or "));
        (!all.is_empty()).then(|| match effect {
            Effect::Clears => {
                Text::new(format!("如果{zh}，这条预警可以解除"), format!("this warning may close if: {en}"))
            }
            Effect::Fires => Text::new(format!("如果{zh}，会提醒"), format!("it would warn if: {en}")),
        })
    }

    fn flag_turn(&self, slot: Slot, to: bool, effect: Effect) -> Turn {
        let feature = self.bundle.layout().name(slot).to_owned();
        Turn { feature, now: Amount::Flag(!to), to: Amount::Flag(to), beyond: false, effect }
    }
}

/// A case with one value left open.
struct Moved<'c, 'a> {
    case: &'c Case<'a>,
    slot: Slot,
}

impl Binding for Moved<'_, '_> {
    fn stands(&self, slot: Slot) -> Stands<'_> {
        if slot == self.slot {
            return Stands::Var(0);
        }
        let bundle = self.case.bundle;
        if let Some(Feature { how: How::Derived(formula), .. }) = computed(bundle, slot)
            && beneath(bundle, [slot]).contains(&self.slot)
        {
            return Stands::Formula(formula);
        }
        match self.case.row.cells().get(slot.0) {
            Some(Some(scalar)) => Stands::Value(scalar.clone()),
            Some(None) | None => Stands::Nothing,
        }
    }
}

impl Change<'_> {
    fn turn(&self, effect: Effect) -> Option<Turn> {
        let amount = |value: i128| i64::try_from(value).ok().map(Amount::Number);
        let (now, to) = (amount(self.now)?, amount(self.exact)?);
        Some(Turn { feature: self.feature.name.clone(), now, to, beyond: self.beyond, effect })
    }

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

#[cfg(test)]
mod tests;
