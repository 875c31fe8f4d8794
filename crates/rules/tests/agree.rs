//! The scalar back end agrees with a reference that shares nothing with it: a walk over a tree of its own
//! with fractions, on random conditions and rows with missing values. And no text makes anything panic.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod generate;

use doudi_model::{Day, Lang, Verdict};
use doudi_rules::check::{compile_condition_by, compile_expression_by};
use doudi_rules::{Cell, Policy, Scalar, compile_condition};
use generate::{Bool, DATE, DECIMAL, Date, FLAG, INT, Number, TEXT, Text, bools, numbers, rows, slots};
use proptest::prelude::*;

// The reference: fractions, and unknown as `None`.

#[derive(Debug, Clone, Copy)]
struct Fraction(i128, i128);

/// The numbers outgrew the reference; such a case proves nothing.
#[derive(Debug)]
struct TooLarge;

type Known<T> = Result<Option<T>, TooLarge>;

impl Fraction {
    fn new(above: Option<i128>, below: Option<i128>) -> Result<Fraction, TooLarge> {
        let (above, below) = (above.ok_or(TooLarge)?, below.ok_or(TooLarge)?);
        let (mut a, mut b) = (above.unsigned_abs(), below.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = i128::try_from(a.max(1)).map_err(|_| TooLarge)? * below.signum();
        Ok(Fraction(above / divisor, below / divisor))
    }

    fn add(self, other: Fraction) -> Result<Fraction, TooLarge> {
        let (a, b) = (self.0.checked_mul(other.1), other.0.checked_mul(self.1));
        Fraction::new(a.zip(b).and_then(|(a, b)| a.checked_add(b)), self.1.checked_mul(other.1))
    }

    fn multiply(self, other: Fraction) -> Result<Fraction, TooLarge> {
        Fraction::new(self.0.checked_mul(other.0), self.1.checked_mul(other.1))
    }

    fn order(self, other: Fraction) -> Result<std::cmp::Ordering, TooLarge> {
        let (a, b) = (self.0.checked_mul(other.1).ok_or(TooLarge)?, other.0.checked_mul(self.1).ok_or(TooLarge)?);
        Ok(a.cmp(&b))
    }

    fn round(self, how: &str, places: u32) -> Result<Fraction, TooLarge> {
        let power = 10i128.pow(places);
        let Fraction(above, below) = self.multiply(Fraction(power, 1))?;
        let floor = above.div_euclid(below);
        let twice = above.rem_euclid(below).checked_mul(2).ok_or(TooLarge)?;
        let exact = twice == 0;
        let whole = match how {
            "floor" => floor,
            "ceil" => floor + i128::from(!exact),
            "down" => floor + i128::from(!exact && above < 0),
            _ => floor + i128::from(twice > below || (twice == below && above > 0)),
        };
        Fraction::new(Some(whole), Some(power))
    }
}

struct Walk<'r>(&'r [Cell]);

impl Walk<'_> {
    fn bool(&self, node: &Bool) -> Known<bool> {
        Ok(match node {
            Bool::Flag(at) => match &self.0[FLAG + at] {
                Some(Scalar::Bool(value)) => Some(*value),
                _ => None,
            },
            Bool::Not(a) => self.bool(a)?.map(|a| !a),
            Bool::And(parts) => kleene(self.bools(parts)?, false),
            Bool::Or(parts) => kleene(self.bools(parts)?, true),
            Bool::Same(a, equal, b) => self.bool(a)?.zip(self.bool(b)?).map(|(a, b)| (a == b) == *equal),
            Bool::If(c, a, b) => match self.bool(c)? {
                Some(true) => self.bool(a)?,
                Some(false) => self.bool(b)?,
                None => None,
            },
            Bool::OrElse(a, b) => match self.bool(a)? {
                None => self.bool(b)?,
                known => known,
            },
            Bool::AtLeast(n, parts) => {
                let answers = self.bools(parts)?;
                let sure = answers.iter().filter(|a| **a == Some(true)).count();
                let open = answers.iter().filter(|a| a.is_none()).count();
                if sure >= *n {
                    Some(true)
                } else if sure + open >= *n {
                    None
                } else {
                    Some(false)
                }
            }
            Bool::Compare(op, a, b) => self.compare(op, a, b)?,
            Bool::Between(x, a, b) => kleene(vec![self.compare(">=", x, a)?, self.compare("<=", x, b)?], false),
            Bool::Member(x, parts) => {
                let equal: Result<Vec<_>, _> = parts.iter().map(|part| self.compare("==", x, part)).collect();
                kleene(equal?, true)
            }
            Bool::Text(op, a, b) => self.text(a)?.zip(self.text(b)?).map(|(a, b)| holds(op, a.cmp(&b))),
            Bool::TextMember(x, parts) => {
                let x = self.text(x)?;
                let equal: Result<Vec<_>, TooLarge> = parts
                    .iter()
                    .map(|part| Ok(x.as_ref().zip(self.text(part)?.as_ref()).map(|(x, part)| x == part)))
                    .collect();
                kleene(equal?, true)
            }
            Bool::Starts(a, b) => self.text(a)?.zip(self.text(b)?).map(|(a, b)| a.starts_with(&b)),
            Bool::KnownNumber(a) => Some(self.number(a)?.is_some()),
            Bool::KnownCondition(a) => Some(self.bool(a)?.is_some()),
            Bool::KnownText(a) => Some(self.text(a)?.is_some()),
            Bool::Dates(op, a, b) => self.date(a).zip(self.date(b)).map(|(a, b)| holds(op, a.cmp(&b))),
            Bool::Age(op, a, b, n) => {
                let day = |days: i64| Day::from_epoch_days(days);
                let age = self.date(a).zip(self.date(b)).and_then(|(a, b)| years(day(a), day(b)));
                age.map(|age| holds(op, age.cmp(n)))
            }
        })
    }

    fn bools(&self, parts: &[Bool]) -> Result<Vec<Option<bool>>, TooLarge> {
        parts.iter().map(|part| self.bool(part)).collect()
    }

    fn compare(&self, op: &str, a: &Number, b: &Number) -> Known<bool> {
        Ok(match (self.number(a)?, self.number(b)?) {
            (Some(a), Some(b)) => Some(holds(op, a.order(b)?)),
            _ => None,
        })
    }

    fn number(&self, node: &Number) -> Known<Fraction> {
        Ok(match node {
            Number::Literal(digits, scale) => Some(Fraction::new(Some(*digits), Some(10i128.pow(*scale)))?),
            Number::Int(at) => self.scaled(INT + at, 1)?,
            Number::Decimal(at) => self.scaled(DECIMAL + at, 100)?,
            Number::Negate(a) => self.number(a)?.map(|a| Fraction(-a.0, a.1)),
            Number::Add(a, b) => self.both(a, b, Fraction::add)?,
            Number::Subtract(a, b) => self.both(a, b, |a, b| a.add(Fraction(-b.0, b.1)))?,
            Number::Multiply(a, b) => self.both(a, b, Fraction::multiply)?,
            Number::Over(a, n) => match self.number(a)? {
                Some(a) => Some(Fraction::new(Some(a.0), a.1.checked_mul(*n))?),
                None => None,
            },
            Number::Divide(a, b, how, places) => match (self.number(a)?, self.number(b)?) {
                (Some(a), Some(b)) if b.0 != 0 => {
                    Some(Fraction::new(a.0.checked_mul(b.1), a.1.checked_mul(b.0))?.round(how, *places)?)
                }
                _ => None,
            },
            Number::Round(a, how, places) => match self.number(a)? {
                Some(a) => Some(a.round(how, *places)?),
                None => None,
            },
            Number::Min(parts) => self.extreme(parts, |order| order.is_lt())?,
            Number::Max(parts) => self.extreme(parts, |order| order.is_gt())?,
            Number::If(c, a, b) => match self.bool(c)? {
                Some(true) => self.number(a)?,
                Some(false) => self.number(b)?,
                None => None,
            },
            Number::OrElse(a, b) => match self.number(a)? {
                None => self.number(b)?,
                known => known,
            },
            Number::Days(a, b) => self.date(a).zip(self.date(b)).map(|(a, b)| Fraction(i128::from(b - a), 1)),
        })
    }

    fn scaled(&self, at: usize, scale: i128) -> Known<Fraction> {
        match &self.0[at] {
            Some(Scalar::Number(value)) => Fraction::new(Some(*value), Some(scale)).map(Some),
            _ => Ok(None),
        }
    }

    fn both(
        &self,
        a: &Number,
        b: &Number,
        join: impl FnOnce(Fraction, Fraction) -> Result<Fraction, TooLarge>,
    ) -> Known<Fraction> {
        match (self.number(a)?, self.number(b)?) {
            (Some(a), Some(b)) => join(a, b).map(Some),
            _ => Ok(None),
        }
    }

    fn extreme(&self, parts: &[Number], better: impl Fn(std::cmp::Ordering) -> bool) -> Known<Fraction> {
        let mut best: Option<Fraction> = None;
        let mut missing = false;
        for part in parts {
            match (self.number(part)?, best) {
                (None, _) => missing = true,
                (Some(value), None) => best = Some(value),
                (Some(value), Some(so_far)) => {
                    if better(value.order(so_far)?) {
                        best = Some(value);
                    }
                }
            }
        }
        Ok(if missing { None } else { best })
    }

    fn text(&self, node: &Text) -> Known<String> {
        Ok(match node {
            Text::Literal(text) => Some((*text).to_owned()),
            Text::Slot(at) => match &self.0[TEXT + at] {
                Some(Scalar::Text(text)) => Some(text.to_string()),
                _ => None,
            },
            Text::If(c, a, b) => match self.bool(c)? {
                Some(true) => self.text(a)?,
                Some(false) => self.text(b)?,
                None => None,
            },
            Text::OrElse(a, b) => match self.text(a)? {
                None => self.text(b)?,
                known => known,
            },
        })
    }

    fn date(&self, node: &Date) -> Option<i64> {
        let slot = |at: &usize| match &self.0[DATE + at] {
            Some(Scalar::Day(day)) => Some(i64::from(day.epoch_days())),
            _ => None,
        };
        match node {
            Date::Literal(days) => Some(i64::from(*days)),
            Date::Slot(at) => slot(at),
            Date::Moved(at, days) => slot(at).map(|day| day + i64::from(*days)),
        }
    }
}

fn kleene(parts: Vec<Option<bool>>, decides: bool) -> Option<bool> {
    if parts.contains(&Some(decides)) {
        return Some(decides);
    }
    if parts.contains(&None) { None } else { Some(!decides) }
}

fn holds(op: &str, order: std::cmp::Ordering) -> bool {
    match op {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    }
}

/// Birthdays counted one by one.
fn years(birth: Day, day: Day) -> Option<i128> {
    if day < birth {
        return None;
    }
    let mut count = 0;
    loop {
        let year = birth.year() + count + 1;
        let birthday = Day::new(year, birth.month(), birth.day_of_month()).or_else(|| Day::new(year, 3, 1))?;
        if birthday > day {
            return Some(i128::from(count));
        }
        count += 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scalar_equals_the_reference(condition in bools(), rows in prop::collection::vec(rows(), 4)) {
        let text = condition.write();
        let compiled = match compile_condition_by(&text, &slots(), Policy::AdHoc) {
            Ok(compiled) => compiled,
            // Products of many decimals may outgrow 38 digits, and deep trees the limits; nothing else is refused.
            Err(faults) => {
                let limits = faults.iter().all(|fault| matches!(fault.code(), "B0205" | "B0214"));
                prop_assert!(limits, "{text}\n{faults:?}");
                return Ok(());
            }
        };
        for row in &rows {
            if let Ok(expect) = Walk(row).bool(&condition) {
                prop_assert_eq!(compiled.evaluate(row).verdict, Verdict::from(expect), "{}\n{:?}", &text, row);
            }
        }
    }

    #[test]
    fn a_checked_number_stays_in_its_range(number in numbers(None), rows in prop::collection::vec(rows(), 4)) {
        let Ok(compiled) = compile_expression_by(&number.write(), &slots(), Policy::AdHoc) else { return Ok(()) };
        let (low, high) = compiled.range().unwrap();
        for row in &rows {
            if let Some(Scalar::Number(value)) = compiled.evaluate(row) {
                prop_assert!((low..=high).contains(&value), "{} = {value} outside {low}..={high}", number.write());
            }
            if let (Ok(None), found) = (Walk(row).number(&number), compiled.evaluate(row)) {
                prop_assert_eq!(found, None);
            }
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        let _ = compile_condition(&text, &slots());
        let _ = doudi_rules::eval::answer(&text, Lang::Zh);
    }

    #[test]
    fn no_soup_of_tokens_panics(tokens in prop::collection::vec(prop::sample::select(&TOKENS[..]), 0..40)) {
        let text = tokens.join(" ");
        for text in [text.clone(), text.replace(' ', "")] {
            let _ = compile_condition(&text, &slots());
            let line = serde_json::json!({ "expr": text, "vars": { "a": { "type": "int", "value": 3 } } });
            let _ = doudi_rules::eval::answer(&line.to_string(), Lang::Zh);
        }
    }
}

/// More on demand: `PROPTEST_CASES=100000`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

const TOKENS: [&str; 64] = [
    "a",
    "i0",
    "d1",
    "p0",
    "t0",
    "e0",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "?",
    ":",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&&",
    "||",
    "in",
    "0",
    "1.5",
    ".5",
    "1e5",
    "0x1F",
    "7u",
    "\"低保\"",
    "'x'",
    "r'\\'",
    "b'x'",
    "\"\"\"",
    "true",
    "false",
    "null",
    "known",
    "or",
    "between",
    "min",
    "div",
    "at_least",
    "has",
    "\"half_up\"",
    "date",
    "\"2026-01-01\"",
    "age",
    "startsWith",
    "//",
    "\n",
    "`",
    "中",
    "，",
    "=",
    "&",
];
