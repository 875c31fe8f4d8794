//! Numbers: units, scales and ranges.

use super::{Checker, Policy, Shape, Typed};
use crate::fault::FaultKind;
use crate::ir::{Num, Rounding, Unit};
use crate::syntax::ast::{Arithmetic, Node};
use crate::syntax::decimal::{Decimal, MAGNITUDE_MAX, SCALE_MAX, power_of_ten};
use crate::syntax::{Construct, Span};

/// A checked number: `ir / 10^scale` of a unit, with `ir` between `low` and `high` whenever it is known.
#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub(crate) ir: Num,
    pub(crate) unit: Unit,
    pub(crate) scale: u8,
    pub(crate) low: i128,
    pub(crate) high: i128,
    /// Made of literals alone.
    pub(crate) literal: bool,
}

impl Number {
    pub(super) fn literal(decimal: Decimal) -> Number {
        let unit = if decimal.whole { Unit::Int } else { Unit::Decimal };
        Number::constant(decimal.digits, decimal.scale, unit)
    }

    pub(super) fn constant(value: i128, scale: u8, unit: Unit) -> Number {
        Number { ir: Num::Const(value), unit, scale, low: value, high: value, literal: true }.reduced()
    }

    /// A constant without trailing zeros in its fraction; anything else as it is.
    fn reduced(mut self) -> Number {
        if let Num::Const(mut value) = self.ir {
            while self.scale > 0 && value % 10 == 0 {
                value /= 10;
                self.scale -= 1;
            }
            (self.ir, self.low, self.high) = (Num::Const(value), value, value);
        }
        self
    }

    pub(super) fn shape(&self) -> Shape {
        match self.unit {
            Unit::Int => Shape::Int,
            Unit::Decimal => Shape::Decimal,
            Unit::Money => Shape::Money,
            Unit::Days => Shape::Days,
            Unit::Date => Shape::Date,
        }
    }

    pub(super) fn value(&self) -> Option<i128> {
        match self.ir {
            Num::Const(value) => Some(value),
            _ => None,
        }
    }

    /// The same number times a constant, its scale left alone; `None` if it could grow too large.
    pub(super) fn times(self, factor: i128) -> Option<Number> {
        let (a, b) = (fit(self.low.checked_mul(factor)?)?, fit(self.high.checked_mul(factor)?)?);
        let ir = match self.ir {
            Num::Const(value) => Num::Const(value.checked_mul(factor)?),
            Num::Times(part, before) => Num::Times(part, fit(before.checked_mul(factor)?)?),
            ir if factor == 1 => ir,
            ir => Num::Times(Box::new(ir), factor),
        };
        Some(Number { ir, low: a.min(b), high: a.max(b), ..self })
    }

    /// The same number with more decimal places.
    pub(super) fn at_scale(self, scale: u8) -> Option<Number> {
        let factor = power_of_ten(scale.checked_sub(self.scale)?)?;
        self.times(factor).map(|number| Number { scale, ..number })
    }
}

/// The value, if every back end can hold it.
fn fit(value: i128) -> Option<i128> {
    (-MAGNITUDE_MAX..=MAGNITUDE_MAX).contains(&value).then_some(value)
}

/// The least and the greatest of some corners.
fn hull(corners: &[i128]) -> (i128, i128) {
    let low = corners.iter().copied().min().unwrap_or(0);
    (low, corners.iter().copied().max().unwrap_or(0))
}

impl Checker<'_> {
    /// The part as a number, or a fault.
    pub(super) fn number(&mut self, node: &Node) -> Option<Number> {
        match self.check(node)? {
            Typed::Number(number) => Some(number),
            Typed::Text(_) => self.unsupported(node.span, Construct::TextArithmetic),
            other @ Typed::Logic(_) => self.mismatch(node, Shape::Int, other.shape()),
        }
    }

    pub(super) fn overflow<T>(&mut self, span: Span) -> Option<T> {
        self.fault(span, FaultKind::Overflow)
    }

    pub(super) fn mix<T>(&mut self, span: Span, left: Shape, right: Shape) -> Option<T> {
        self.fault(span, FaultKind::Mix { left, right })
    }

    /// Whether a bare number may stand for days.
    fn may_be_days(&self, number: &Number) -> bool {
        match number.unit {
            Unit::Int => number.literal || self.policy == Policy::AdHoc,
            Unit::Decimal => number.literal,
            Unit::Money | Unit::Days | Unit::Date => false,
        }
    }

    /// The unit that two numbers share.
    fn shared_unit(&self, left: &Number, right: &Number) -> Option<Unit> {
        match (left.unit, right.unit) {
            (a, b) if a == b => Some(a),
            (Unit::Int, Unit::Decimal) | (Unit::Decimal, Unit::Int) => Some(Unit::Decimal),
            (Unit::Days, _) if self.may_be_days(right) => Some(Unit::Days),
            (_, Unit::Days) if self.may_be_days(left) => Some(Unit::Days),
            _ => None,
        }
    }

    /// Numbers brought to one unit and one scale, or a fault.
    pub(super) fn aligned<const N: usize>(&mut self, span: Span, numbers: [Number; N]) -> Option<[Number; N]> {
        let aligned = self.aligned_all(span, numbers.into())?;
        aligned.try_into().ok()
    }

    pub(super) fn aligned_all(&mut self, span: Span, numbers: Vec<Number>) -> Option<Vec<Number>> {
        let mut widest: Option<Number> = None;
        for number in &numbers {
            widest = Some(match widest {
                None => number.clone(),
                Some(so_far) => match self.shared_unit(&so_far, number) {
                    Some(unit) => Number { unit, literal: so_far.literal && number.literal, ..so_far },
                    None => return self.mix(span, so_far.shape(), number.shape()),
                },
            });
        }
        let unit = widest?.unit;
        let scale = numbers.iter().map(|number| number.scale).max()?;
        let mut aligned = Vec::with_capacity(numbers.len());
        for number in numbers {
            match number.at_scale(scale) {
                Some(number) => aligned.push(Number { unit, ..number }),
                None => return self.overflow(span),
            }
        }
        Some(aligned)
    }

    pub(super) fn negate(&mut self, part: &Node) -> Option<Typed> {
        let number = self.number(part)?;
        if number.unit == Unit::Date {
            return self.mismatch(part, Shape::Int, Shape::Date);
        }
        let ir = match number.ir {
            Num::Const(value) => Num::Const(-value),
            ir => Num::Negate(Box::new(ir)),
        };
        Some(Typed::Number(Number { ir, low: -number.high, high: -number.low, ..number }))
    }

    pub(super) fn arithmetic(&mut self, node: &Node, operator: Arithmetic, sides: &[Node; 2]) -> Option<Number> {
        let [left, right] = sides;
        let (left, right) = (self.number(left), self.number(right));
        let (left, right) = (left?, right?);
        match operator {
            Arithmetic::Add => self.add(node.span, left, right),
            Arithmetic::Subtract => self.subtract(node.span, left, right),
            Arithmetic::Multiply => self.multiply(node.span, left, right),
            Arithmetic::Divide => self.divide_exactly(node.span, left, right),
        }
    }

    fn add(&mut self, span: Span, left: Number, right: Number) -> Option<Number> {
        let (left, right, unit) = match (left.unit, right.unit) {
            (Unit::Date, Unit::Date) => return self.mix(span, Shape::Date, Shape::Date),
            (Unit::Date, _) => self.moved_date(span, left, right)?,
            (_, Unit::Date) => self.moved_date(span, right, left)?,
            _ => {
                let [left, right] = self.aligned(span, [left, right])?;
                let unit = left.unit;
                (left, right, unit)
            }
        };
        let low = left.low.checked_add(right.low).and_then(fit);
        let high = left.high.checked_add(right.high).and_then(fit);
        let (Some(low), Some(high)) = (low, high) else { return self.overflow(span) };
        let literal = left.literal && right.literal;
        let ir = match (left.ir, right.ir) {
            (Num::Const(_), Num::Const(_)) => Num::Const(low),
            (left, right) => Num::Add(Box::new(left), Box::new(right)),
        };
        Some(Number { ir, unit, scale: left.scale, low, high, literal }.reduced())
    }

    fn subtract(&mut self, span: Span, left: Number, right: Number) -> Option<Number> {
        let (left, right, unit) = match (left.unit, right.unit) {
            (Unit::Date, Unit::Date) => (left, right, Unit::Days),
            (Unit::Date, _) => self.moved_date(span, left, right)?,
            _ => {
                let [left, right] = self.aligned(span, [left, right])?;
                let unit = left.unit;
                (left, right, unit)
            }
        };
        let low = left.low.checked_sub(right.high).and_then(fit);
        let high = left.high.checked_sub(right.low).and_then(fit);
        let (Some(low), Some(high)) = (low, high) else { return self.overflow(span) };
        let literal = left.literal && right.literal;
        let ir = match (left.ir, right.ir) {
            (Num::Const(_), Num::Const(_)) => Num::Const(low),
            (left, right) => Num::Subtract(Box::new(left), Box::new(right)),
        };
        Some(Number { ir, unit, scale: left.scale, low, high, literal }.reduced())
    }

    /// A date and the whole days by which it is moved.
    fn moved_date(&mut self, span: Span, date: Number, days: Number) -> Option<(Number, Number, Unit)> {
        if days.scale > 0 || !(days.unit == Unit::Days || self.may_be_days(&days)) {
            return self.mix(span, Shape::Date, days.shape());
        }
        Some((date, days, Unit::Date))
    }

    fn multiply(&mut self, span: Span, left: Number, right: Number) -> Option<Number> {
        let unit = match (left.unit, right.unit) {
            (Unit::Date, _) | (_, Unit::Date) => return self.mix(span, left.shape(), right.shape()),
            (Unit::Int, unit) | (unit, Unit::Int) => unit,
            (Unit::Decimal, unit) | (unit, Unit::Decimal) => unit,
            _ => return self.mix(span, left.shape(), right.shape()),
        };
        let literal = left.literal && right.literal;
        let Some(scale) = left.scale.checked_add(right.scale).filter(|scale| *scale <= 2 * SCALE_MAX) else {
            return self.overflow(span);
        };
        let product = match (left.value(), right.value()) {
            (Some(factor), _) => right.times(factor),
            (_, Some(factor)) => left.times(factor),
            (None, None) => product(left, right),
        };
        match product {
            Some(product) => Some(Number { unit, scale, literal, ..product }.reduced()),
            None => self.overflow(span),
        }
    }

    /// `a / b` where `b` is a literal whose reciprocal is a finite decimal: no rounding, so none to state.
    fn divide_exactly(&mut self, span: Span, left: Number, right: Number) -> Option<Number> {
        let bare = matches!(right.unit, Unit::Int | Unit::Decimal) && left.unit != Unit::Date;
        let Some(divisor) = right.value().filter(|_| bare && right.literal) else {
            return self.unsupported(span, Construct::Division);
        };
        if divisor == 0 {
            return self.by_zero(span, left.unit, left.scale);
        }
        let (sign, divisor) = (divisor.signum(), divisor.abs());
        // 1 / (divisor / 10^s) = 10^(s + k) / divisor / 10^k, whole for some small k or for none.
        for places in 0..=SCALE_MAX {
            let power = right.scale.checked_add(places).and_then(power_of_ten);
            let Some(factor) = power.filter(|power| power % divisor == 0).map(|power| power / divisor) else {
                continue;
            };
            let (unit, literal) = (left.unit, left.literal);
            let scale = left.scale.checked_add(places).filter(|scale| *scale <= 2 * SCALE_MAX);
            let quotient = scale.and_then(|scale| left.times(sign * factor).map(|number| Number { scale, ..number }));
            return match quotient.map(Number::reduced) {
                Some(number) if unit == Unit::Int && number.scale > 0 => {
                    Some(Number { unit: Unit::Decimal, literal, ..number })
                }
                Some(number) => Some(Number { unit, literal, ..number }),
                None => self.overflow(span),
            };
        }
        self.unsupported(span, Construct::Division)
    }

    /// A division by the literal zero: a slip in a bundle, unknown otherwise.
    pub(super) fn by_zero(&mut self, span: Span, unit: Unit, scale: u8) -> Option<Number> {
        match self.policy {
            Policy::Bundle => self.fault(span, FaultKind::ByZero),
            Policy::AdHoc => Some(Number { ir: Num::Unknown, unit, scale, low: 0, high: 0, literal: false }),
        }
    }

    /// `left / right` rounded to `places` decimal places.
    pub(super) fn quotient(
        &mut self,
        span: Span,
        (left, right): (Number, Number),
        rounding: Rounding,
        (unit, places): (Unit, u8),
    ) -> Option<Number> {
        if right.value() == Some(0) {
            return self.by_zero(span, unit, places);
        }
        // left / 10^l : right / 10^r, times 10^places = left * 10^(r + places) : right * 10^l, powers cancelled.
        let (up, down) = (right.scale.saturating_add(places), left.scale);
        let (up, down) = (up - up.min(down), down - up.min(down));
        let scaled = power_of_ten(up).and_then(|power| left.times(power));
        let divisor = power_of_ten(down).and_then(|power| right.times(power));
        let (Some(left), Some(right)) = (scaled, divisor) else { return self.overflow(span) };
        let candidates = [right.low, right.high, -1, 1].into_iter();
        let divisors = candidates.filter(|d| *d != 0 && (right.low..=right.high).contains(d));
        let corners: Vec<i128> = divisors
            .flat_map(|divisor| [left.low, left.high].map(|dividend| (dividend, divisor)))
            .flat_map(|(dividend, divisor)| {
                [Rounding::Floor, Rounding::Ceil].map(|r| crate::scalar::divide(r, dividend, divisor).unwrap_or(0))
            })
            .collect();
        let (low, high) = hull(&corners);
        let literal = left.literal && right.literal;
        let ir = Num::Divide(rounding, Box::new(left.ir), Box::new(right.ir));
        Some(Number { ir, unit, scale: places, low, high, literal }.folded(rounding))
    }
}

impl Number {
    /// A quotient of two constants as a constant.
    fn folded(self, rounding: Rounding) -> Number {
        let value = match &self.ir {
            Num::Divide(_, left, right) => match (left.as_ref(), right.as_ref()) {
                (Num::Const(left), Num::Const(right)) => crate::scalar::divide(rounding, *left, *right),
                _ => None,
            },
            _ => None,
        };
        match value {
            Some(value) => Number { literal: self.literal, ..Number::constant(value, self.scale, self.unit) },
            None => self,
        }
    }
}

fn product(left: Number, right: Number) -> Option<Number> {
    let mut corners = Vec::with_capacity(4);
    for a in [left.low, left.high] {
        for b in [right.low, right.high] {
            corners.push(fit(a.checked_mul(b)?)?);
        }
    }
    let (low, high) = hull(&corners);
    let ir = Num::Multiply(Box::new(left.ir), Box::new(right.ir));
    Some(Number { ir, low, high, literal: false, ..left })
}
