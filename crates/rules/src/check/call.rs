//! Functions and methods.

use doudi_model::Day;

use super::{Checker, Number, Shape, Typed, nearest};
use crate::fault::FaultKind;
use crate::ir::{Num, Rounding, Unit};
use crate::syntax::ast::{Kind, Node};
use crate::syntax::decimal::SCALE_MAX;
use crate::syntax::{Construct, Span};

/// The functions, for finding the nearest to a slip.
const FUNCTIONS: [&str; 16] = [
    "age",
    "age_on",
    "at_least",
    "between",
    "date",
    "days",
    "div",
    "fen",
    "in",
    "known",
    "max",
    "min",
    "or",
    "round",
    "startsWith",
    "yuan",
];

const DIV: &str = "div(a, b, \"half_up\")";
const ROUND: &str = "round(x, \"half_up\")";

/// Functions of CEL and of spreadsheets that a condition lacks for a reason.
fn elsewhere(name: &str) -> Option<Construct> {
    Some(match name {
        "now" | "today" | "timestamp" | "duration" | "getFullYear" | "getMonth" | "getDate" | "getDayOfMonth"
        | "getDayOfWeek" | "getDayOfYear" | "getHours" | "getMinutes" | "getSeconds" | "getMilliseconds" => {
            Construct::Clock
        }
        "double" | "float" | "isNaN" | "isInf" | "isFinite" => Construct::Float,
        "int" | "uint" | "string" | "bytes" | "bool" | "dyn" | "type" | "optional" => Construct::Conversion,
        "size" | "contains" | "endsWith" | "matches" | "lowerAscii" | "upperAscii" | "substring" | "replace" => {
            Construct::TextFunction
        }
        _ => return None,
    })
}

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        node: &Node,
        (name, name_span): (&str, Span),
        target: Option<&Node>,
        arguments: &[Node],
    ) -> Option<Typed> {
        match (name, target, arguments) {
            ("known", None, [x]) => self.known(node, x).map(Typed::Logic),
            ("known", None, _) => self.arguments(node, "known(x)"),
            ("or", Some(x), [default]) => self.or_else(node, x, default),
            ("or", _, _) => self.arguments(node, "x.or(default)"),
            ("startsWith", Some(text), [prefix]) => self.starts_with(node, text, prefix).map(Typed::Logic),
            ("startsWith", _, _) => self.arguments(node, "x.startsWith(\"…\")"),
            ("between", None, [x, low, high]) => {
                self.between(node, &[x.clone(), low.clone(), high.clone()]).map(Typed::Logic)
            }
            ("between", _, _) => self.arguments(node, "between(x, low, high)"),
            ("at_least", None, [count, list]) => self.at_least(node, count, list).map(Typed::Logic),
            ("at_least", _, _) => self.arguments(node, "at_least(2, [a, b, c])"),
            ("days", None, [from, to]) => self.days_between(node, from, to).map(Typed::Number),
            ("days", None, [count]) => self.days(count).map(Typed::Number),
            ("days", _, _) => self.arguments(node, "days(from, to)"),
            ("age" | "age_on", None, [birth, day]) => self.age(birth, day).map(Typed::Number),
            ("age_on", Some(birth), [day]) => self.age(birth, day).map(Typed::Number),
            ("age" | "age_on", _, _) => self.arguments(node, "age(birth, day)"),
            ("min", None, _) => self.extreme(node, arguments, Num::Least).map(Typed::Number),
            ("max", None, _) => self.extreme(node, arguments, Num::Greatest).map(Typed::Number),
            ("div", None, [a, b, rounding]) => self.div(node, (a, b), rounding, None).map(Typed::Number),
            ("div", None, [a, b, rounding, places]) => {
                self.div(node, (a, b), rounding, Some(places)).map(Typed::Number)
            }
            ("div", _, _) => self.arguments(node, DIV),
            ("round", None, [x, rounding]) => self.round(node, x, rounding, None).map(Typed::Number),
            ("round", None, [x, rounding, places]) => self.round(node, x, rounding, Some(places)).map(Typed::Number),
            ("round", _, _) => self.arguments(node, ROUND),
            ("date", None, [text]) => self.date(text).map(Typed::Number),
            ("date", _, _) => self.arguments(node, "date(\"2026-01-01\")"),
            ("yuan", None, [amount]) => self.money(amount, 100, "yuan(1200)").map(Typed::Number),
            ("yuan", _, _) => self.arguments(node, "yuan(1200)"),
            ("fen", None, [amount]) => self.money(amount, 1, "fen(120000)").map(Typed::Number),
            ("fen", _, _) => self.arguments(node, "fen(120000)"),
            (unknown, _, _) => {
                if let Some(what) = elsewhere(unknown) {
                    return self.unsupported(name_span, what);
                }
                let nearest = nearest(unknown, FUNCTIONS).map(str::to_owned);
                self.fault(name_span, FaultKind::UnknownFunction { nearest })
            }
        }
    }

    fn arguments<T>(&mut self, node: &Node, form: &'static str) -> Option<T> {
        self.fault(node.span, FaultKind::Arguments { form })
    }

    fn date_of(&mut self, node: &Node) -> Option<Number> {
        match self.check(node)? {
            Typed::Number(number) if number.unit == Unit::Date => Some(number),
            other => self.mismatch(node, Shape::Date, other.shape()),
        }
    }

    /// `days(from, to)`: days from one date to another, negative if the second comes first.
    fn days_between(&mut self, node: &Node, from: &Node, to: &Node) -> Option<Number> {
        let (from, to) = (self.date_of(from), self.date_of(to));
        let (from, to) = (from?, to?);
        let (low, high) = (to.low.checked_sub(from.high), to.high.checked_sub(from.low));
        let (Some(low), Some(high)) = (low, high) else { return self.overflow(node.span) };
        let ir = Num::Subtract(Box::new(to.ir), Box::new(from.ir));
        Some(Number { ir, unit: Unit::Days, scale: 0, low, high, literal: false })
    }

    /// `days(n)`: a whole number as days.
    fn days(&mut self, count: &Node) -> Option<Number> {
        let number = self.number(count)?;
        match (number.unit, number.scale) {
            (Unit::Int | Unit::Days, 0) => Some(Number { unit: Unit::Days, ..number }),
            _ => self.mismatch(count, Shape::Int, number.shape()),
        }
    }

    /// Completed years on a day.
    fn age(&mut self, birth: &Node, day: &Node) -> Option<Number> {
        let (birth, day) = (self.date_of(birth), self.date_of(day));
        let (birth, day) = (birth?, day?);
        let ir = Num::Age(Box::new(birth.ir), Box::new(day.ir));
        // The years between the farthest days that the ranges allow; never below zero.
        let days = day.high.saturating_sub(birth.low).clamp(0, i128::from(Day::MAX.days_since(Day::MIN)));
        let nearest = day.low.saturating_sub(birth.high).max(0);
        Some(Number { ir, unit: Unit::Int, scale: 0, low: nearest / 367, high: days / 365, literal: false })
    }

    /// `min(a, b, …)`, `max(a, b, …)`, also over one list.
    fn extreme(&mut self, node: &Node, arguments: &[Node], make: fn(Vec<Num>) -> Num) -> Option<Number> {
        let parts = match arguments {
            [Node { kind: Kind::List(elements), .. }] => elements.as_slice(),
            several => several,
        };
        if parts.len() < 2 {
            return self.arguments(node, "min(a, b)");
        }
        let numbers: Vec<Option<Number>> = parts.iter().map(|part| self.number(part)).collect();
        let numbers = self.aligned_all(node.span, numbers.into_iter().collect::<Option<Vec<Number>>>()?)?;
        let least = matches!(make(Vec::new()), Num::Least(_));
        let pick = if least { i128::min } else { i128::max };
        let (first, rest) = numbers.split_first()?;
        let low = rest.iter().fold(first.low, |so_far, number| pick(so_far, number.low));
        let high = rest.iter().fold(first.high, |so_far, number| pick(so_far, number.high));
        let (unit, scale) = (first.unit, first.scale);
        let literal = numbers.iter().all(|number| number.literal);
        if literal && low == high {
            return Some(Number::constant(low, scale, unit));
        }
        let ir = make(numbers.into_iter().map(|number| number.ir).collect());
        Some(Number { ir, unit, scale, low, high, literal: false })
    }

    /// `div(a, b, "half_up")`, `div(a, b, "half_up", places)`.
    fn div(&mut self, node: &Node, (a, b): (&Node, &Node), rounding: &Node, places: Option<&Node>) -> Option<Number> {
        let (a, b) = (self.number(a), self.number(b));
        let rounding = self.rounding(rounding, DIV);
        let places = self.places(places, "div(a, b, \"half_up\", 2)");
        let (a, b, rounding, places) = (a?, b?, rounding?, places?);
        let ratio = if places == 0 { Unit::Int } else { Unit::Decimal };
        let unit = match (a.unit, b.unit) {
            (Unit::Date, _) | (_, Unit::Date) => return self.mix(node.span, a.shape(), b.shape()),
            (Unit::Money, Unit::Int | Unit::Decimal) => Unit::Money,
            (Unit::Days, Unit::Int | Unit::Decimal) => Unit::Days,
            (Unit::Int | Unit::Decimal, Unit::Int | Unit::Decimal) => ratio,
            (Unit::Money, Unit::Money) | (Unit::Days, Unit::Days) => ratio,
            (Unit::Int | Unit::Decimal | Unit::Money, Unit::Money | Unit::Days) | (Unit::Days, Unit::Money) => {
                return self.mix(node.span, a.shape(), b.shape());
            }
        };
        self.quotient(node.span, (a, b), rounding, (unit, places))
    }

    /// `round(x, "half_up")`, `round(x, "half_up", places)`.
    fn round(&mut self, node: &Node, x: &Node, rounding: &Node, places: Option<&Node>) -> Option<Number> {
        let x = self.number(x);
        let rounding = self.rounding(rounding, ROUND);
        let places = self.places(places, "round(x, \"half_up\", 2)");
        let (x, rounding, places) = (x?, rounding?, places?);
        let unit = if x.unit == Unit::Decimal && places == 0 { Unit::Int } else { x.unit };
        if x.scale <= places {
            return Some(Number { unit, ..x });
        }
        self.quotient(node.span, (x, Number::constant(1, 0, Unit::Int)), rounding, (unit, places))
    }

    fn rounding(&mut self, node: &Node, form: &'static str) -> Option<Rounding> {
        match &node.kind {
            Kind::Text(name) => match name.as_str() {
                "half_up" => Some(Rounding::HalfUp),
                "floor" => Some(Rounding::Floor),
                "ceil" => Some(Rounding::Ceil),
                "down" => Some(Rounding::Down),
                _ => self.fault(node.span, FaultKind::Rounding),
            },
            _ => self.fault(node.span, FaultKind::NotALiteral { form }),
        }
    }

    fn places(&mut self, node: Option<&Node>, form: &'static str) -> Option<u8> {
        let Some(node) = node else { return Some(0) };
        let places = match &node.kind {
            Kind::Number(number) if number.scale == 0 => u8::try_from(number.digits).ok(),
            _ => None,
        };
        match places.filter(|places| *places <= SCALE_MAX) {
            Some(places) => Some(places),
            None => self.fault(node.span, FaultKind::NotALiteral { form }),
        }
    }

    fn date(&mut self, text: &Node) -> Option<Number> {
        match &text.kind {
            Kind::Text(written) => match written.parse::<Day>() {
                Ok(day) => Some(Number::constant(i128::from(day.epoch_days()), 0, Unit::Date)),
                Err(_) => self.fault(text.span, FaultKind::NotADay),
            },
            _ => self.fault(text.span, FaultKind::NotALiteral { form: "date(\"2026-01-01\")" }),
        }
    }

    /// `yuan(1200.50)`, `fen(120050)`: a literal amount.
    fn money(&mut self, amount: &Node, fen: i128, form: &'static str) -> Option<Number> {
        let number = self.number(amount)?;
        let bare = matches!(number.unit, Unit::Int | Unit::Decimal);
        if !bare || !number.literal || number.value().is_none() {
            return self.fault(amount.span, FaultKind::NotALiteral { form });
        }
        let Some(scaled) = number.times(fen).and_then(|number| {
            let value = number.value()?;
            Some(Number::constant(value, number.scale, Unit::Money))
        }) else {
            return self.overflow(amount.span);
        };
        if scaled.scale > 0 {
            return self.fault(amount.span, FaultKind::NotFen);
        }
        Some(scaled)
    }
}
