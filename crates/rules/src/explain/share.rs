//! A comparison with a ratio times an amount, said as people say it: as a share.
//!
//! `medical_self_paid_12m > standard.rigid_ratio * income_12m` asks whether the costs take more than so many percent
//! of the income, and that is how it is told. Nothing is computed anew: the verdict is the leaf's, and the percentage
//! has as many places as it needs to lie on the side of the line on which the leaf lies.

use doudi_model::Text;

use super::{Case, words};
use crate::bundle::StandardUnit;
use crate::feature::Unit as FeatureUnit;
use crate::ir::{Rounding, Test};
use crate::scalar::divide;
use crate::syntax::decimal::power_of_ten;
use crate::{Leaf, Quantity, Scalar, Unit, Value};

/// A percentage has so many places at most.
const PLACES: u8 = 4;

/// One leaf as a share.
pub(super) struct Share {
    /// The part: 近12个月自付医疗费.
    pub(super) part: Text,
    /// The part in figures.
    pub(super) part_value: Text,
    /// The whole: 近12个月家庭收入.
    pub(super) whole: Text,
    /// The whole in figures.
    pub(super) whole_value: Text,
    /// The line: 刚性支出比例.
    pub(super) line: Text,
    /// `97.5%`.
    pub(super) percent: String,
    /// `60%`.
    pub(super) line_percent: String,
    /// How far they lie apart, in hundredths of the whole.
    pub(super) apart: Quantity,
}

impl Case<'_> {
    /// The share that a leaf asks about, where it is one and the whole is more than nothing.
    pub(super) fn share(&self, leaf: &Leaf) -> Option<Share> {
        if !matches!(leaf.test, Test::Compare(..)) {
            return None;
        }
        let (left, right) = (leaf.left()?, leaf.right()?);
        let factors: Vec<&str> = right.text.split('*').map(str::trim).collect();
        let [one, other] = factors.as_slice() else { return None };
        let (line, whole) = if self.ratio_scale(one).is_some() { (*one, *other) } else { (*other, *one) };
        let scale = self.ratio_scale(line)?;
        let base = self.bundle.features().get(whole).filter(|feature| feature.unit == FeatureUnit::Fen)?;
        let Some(Value::Number(part)) = left.value(self.row.cells(), self.marks()) else { return None };
        let (ratio, amount) = (self.number(line)?, self.number(whole)?);
        if amount <= 0 || part.unit != Unit::Money {
            return None;
        }
        let line_percent = Quantity { amount: ratio.checked_mul(100)?, unit: Unit::Decimal, scale };
        let percent = percent(part, amount, line_percent)?;
        let apart = difference(percent, line_percent)?;
        let value = |amount: i128, scale| words::number(Quantity { amount, unit: Unit::Money, scale }, None);
        Some(Share {
            part: words::named(self.bundle, left.text),
            part_value: value(part.amount, part.scale),
            whole: base.title.clone(),
            whole_value: value(amount, 0),
            line: words::named(self.bundle, line),
            percent: format!("{percent}%"),
            line_percent: format!("{line_percent}%"),
            apart,
        })
    }

    /// Decimal places of a plain ratio, feature or standard; none for anything else.
    fn ratio_scale(&self, name: &str) -> Option<u8> {
        if let Some(feature) = self.bundle.features().get(name) {
            return (feature.unit == FeatureUnit::Ratio).then_some(feature.scale);
        }
        let standard = self.bundle.standards().get(name.strip_prefix("standard.")?)?;
        (standard.unit == StandardUnit::Ratio).then_some(standard.scale)
    }

    fn number(&self, name: &str) -> Option<i128> {
        match self.row.cells().get(self.bundle.layout().slot(name)?.0)? {
            Some(Scalar::Number(amount)) => Some(*amount),
            _ => None,
        }
    }
}

/// The part in hundredths of the whole, rounded, but never onto or over the line.
fn percent(part: Quantity, whole: i128, line: Quantity) -> Option<Quantity> {
    let exact = power_of_ten(part.scale)?.checked_mul(whole)?;
    // part / exact against line / 100 / 10^scale
    let side =
        part.amount.checked_mul(100)?.checked_mul(power_of_ten(line.scale)?)?.cmp(&line.amount.checked_mul(exact)?);
    let at = |scale: u8| {
        let amount = divide(Rounding::HalfUp, part.amount.checked_mul(100)?.checked_mul(power_of_ten(scale)?)?, exact)?;
        Some(Quantity { amount, unit: Unit::Decimal, scale })
    };
    let fits = |rounded: &Quantity| difference(*rounded, line).is_some_and(|apart| apart.amount.cmp(&0) == side);
    (1..=PLACES).filter_map(at).find(fits)
}

fn difference(left: Quantity, right: Quantity) -> Option<Quantity> {
    let scale = left.scale.max(right.scale);
    let brought = |one: Quantity| one.amount.checked_mul(power_of_ten(scale - one.scale)?);
    let amount = brought(left)?.checked_sub(brought(right)?)?;
    Some(Quantity { amount, unit: Unit::Decimal, scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(part_fen: i128, whole_fen: i128, line_percent: i128, expect: Option<&str>) {
        let part = Quantity { amount: part_fen, unit: Unit::Money, scale: 0 };
        let line = Quantity { amount: line_percent, unit: Unit::Decimal, scale: 0 };
        let said = percent(part, whole_fen, line).map(|percent| format!("{percent}%"));
        assert_eq!(said.as_deref(), expect);
    }

    #[test]
    fn a_share_has_one_place_and_more_only_where_the_line_is_near() {
        check(2_340_000, 2_400_000, 60, Some("97.5%"));
        check(100, 300, 60, Some("33.3%"));
        check(600_100, 1_000_000, 60, Some("60.01%"));
        check(599_999, 1_000_000, 60, Some("59.9999%"));
        check(600_000, 1_000_000, 60, Some("60%"));
        // Nearer than four places can tell: the product is named instead.
        check(6_000_000_001, 10_000_000_000, 60, None);
    }
}
