//! The scalar back end agrees with a reference that shares nothing with it: a walk over a tree of its own
//! with fractions, on random conditions and rows with missing values. And no text makes anything panic.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

use std::sync::Arc;

use doudi_model::{Day, Lang, Verdict};
use doudi_rules::check::{compile_condition_by, compile_expression_by};
use doudi_rules::{Cell, Environment, Policy, Scalar, Slot, Type, Unit, Variable, compile_condition};
use proptest::prelude::*;

/// Ranges small enough that fractions of products stay inside 128 bits.
const LIMIT: i128 = 20;

#[derive(Debug, Clone)]
enum Bool {
    Flag(usize),
    Not(Box<Bool>),
    And(Vec<Bool>),
    Or(Vec<Bool>),
    Same(Box<Bool>, bool, Box<Bool>),
    If(Box<Bool>, Box<Bool>, Box<Bool>),
    OrElse(Box<Bool>, Box<Bool>),
    AtLeast(usize, Vec<Bool>),
    Compare(&'static str, Number, Number),
    Between(Number, Number, Number),
    Member(Number, Vec<Number>),
    Text(&'static str, Text, Text),
    TextMember(Text, Vec<Text>),
    Starts(Text, Text),
    KnownNumber(Number),
    KnownCondition(Box<Bool>),
    KnownText(Text),
    Dates(&'static str, Date, Date),
    Age(&'static str, Date, Date, i128),
}

#[derive(Debug, Clone)]
enum Number {
    Literal(i128, u32),
    Int(usize),
    Decimal(usize),
    Negate(Box<Number>),
    Add(Box<Number>, Box<Number>),
    Subtract(Box<Number>, Box<Number>),
    Multiply(Box<Number>, Box<Number>),
    Over(Box<Number>, i128),
    Divide(Box<Number>, Box<Number>, &'static str, u32),
    Round(Box<Number>, &'static str, u32),
    Min(Vec<Number>),
    Max(Vec<Number>),
    If(Box<Bool>, Box<Number>, Box<Number>),
    OrElse(Box<Number>, Box<Number>),
    Days(Date, Date),
}

#[derive(Debug, Clone)]
enum Text {
    Literal(&'static str),
    Slot(usize),
    If(Box<Bool>, Box<Text>, Box<Text>),
    OrElse(Box<Text>, Box<Text>),
}

#[derive(Debug, Clone)]
enum Date {
    Literal(i32),
    Slot(usize),
    Moved(usize, i32),
}

// What is generated, as a person would write it.

fn list<T>(parts: &[T], each: impl Fn(&T) -> String) -> String {
    parts.iter().map(each).collect::<Vec<_>>().join(", ")
}

impl Bool {
    fn write(&self) -> String {
        match self {
            Bool::Flag(at) => format!("p{at}"),
            Bool::Not(a) => format!("!({})", a.write()),
            Bool::And(parts) => format!("({})", parts.iter().map(Bool::write).collect::<Vec<_>>().join(" && ")),
            Bool::Or(parts) => format!("({})", parts.iter().map(Bool::write).collect::<Vec<_>>().join(" || ")),
            Bool::Same(a, equal, b) => {
                format!("(({}) {} ({}))", a.write(), if *equal { "==" } else { "!=" }, b.write())
            }
            Bool::If(c, a, b) => format!("({} ? {} : {})", c.write(), a.write(), b.write()),
            Bool::OrElse(a, b) => format!("({}).or({})", a.write(), b.write()),
            Bool::AtLeast(n, parts) => format!("at_least({n}, [{}])", list(parts, Bool::write)),
            Bool::Compare(op, a, b) => format!("{} {op} {}", a.write(), b.write()),
            Bool::Between(x, a, b) => format!("between({}, {}, {})", x.write(), a.write(), b.write()),
            Bool::Member(x, parts) => format!("{} in [{}]", x.write(), list(parts, Number::write)),
            Bool::Text(op, a, b) => format!("{} {op} {}", a.write(), b.write()),
            Bool::TextMember(x, parts) => format!("{} in [{}]", x.write(), list(parts, Text::write)),
            Bool::Starts(a, b) => format!("{}.startsWith({})", a.write(), b.write()),
            Bool::KnownNumber(a) => format!("known({})", a.write()),
            Bool::KnownCondition(a) => format!("known({})", a.write()),
            Bool::KnownText(a) => format!("known({})", a.write()),
            Bool::Dates(op, a, b) => format!("{} {op} {}", a.write(), b.write()),
            Bool::Age(op, a, b, n) => format!("age({}, {}) {op} {n}", a.write(), b.write()),
        }
    }
}

impl Number {
    fn write(&self) -> String {
        match self {
            Number::Literal(digits, scale) => decimal(*digits, *scale),
            Number::Int(at) => format!("i{at}"),
            Number::Decimal(at) => format!("d{at}"),
            Number::Negate(a) => format!("(-({}))", a.write()),
            Number::Add(a, b) => format!("({} + {})", a.write(), b.write()),
            Number::Subtract(a, b) => format!("({} - {})", a.write(), b.write()),
            Number::Multiply(a, b) => format!("({} * {})", a.write(), b.write()),
            Number::Over(a, n) => format!("({} / {n})", a.write()),
            Number::Divide(a, b, how, places) => format!("div({}, {}, \"{how}\", {places})", a.write(), b.write()),
            Number::Round(a, how, places) => format!("round({}, \"{how}\", {places})", a.write()),
            Number::Min(parts) => format!("min({})", list(parts, Number::write)),
            Number::Max(parts) => format!("max([{}])", list(parts, Number::write)),
            Number::If(c, a, b) => format!("({} ? {} : {})", c.write(), a.write(), b.write()),
            Number::OrElse(a, b) => format!("({}).or({})", a.write(), b.write()),
            Number::Days(a, b) => format!("days({}, {})", a.write(), b.write()),
        }
    }
}

impl Text {
    fn write(&self) -> String {
        match self {
            Text::Literal(text) => format!("{text:?}"),
            Text::Slot(at) => format!("t{at}"),
            Text::If(c, a, b) => format!("({} ? {} : {})", c.write(), a.write(), b.write()),
            Text::OrElse(a, b) => format!("({}).or({})", a.write(), b.write()),
        }
    }
}

impl Date {
    fn write(&self) -> String {
        match self {
            Date::Literal(days) => format!("date(\"{}\")", Day::from_epoch_days(i64::from(*days))),
            Date::Slot(at) => format!("e{at}"),
            Date::Moved(at, days) if *days < 0 => format!("(e{at} - {})", -days),
            Date::Moved(at, days) => format!("(e{at} + {days})"),
        }
    }
}

fn decimal(digits: i128, scale: u32) -> String {
    let power = 10i128.pow(scale);
    let sign = if digits < 0 { "-" } else { "" };
    match scale {
        0 => digits.to_string(),
        _ => format!("{sign}{}.{:0width$}", digits.abs() / power, digits.abs() % power, width = scale as usize),
    }
}

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

/// How the slots are laid out: four of each type.
const FLAG: usize = 0;
const INT: usize = 4;
const DECIMAL: usize = 8;
const TEXT: usize = 12;
const DATE: usize = 16;

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

// Generators, by type.

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
const ROUNDINGS: [&str; 4] = ["half_up", "floor", "ceil", "down"];
const WORDS: [&str; 5] = ["低保", "低", "特困", "", "a\"b\\"];

fn op() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&COMPARISONS[..])
}

fn dates() -> impl Strategy<Value = Date> {
    prop_oneof![
        (0..20_000i32).prop_map(Date::Literal),
        (0..4usize).prop_map(Date::Slot),
        (0..4usize, -400..400i32).prop_map(|(at, days)| Date::Moved(at, days)),
    ]
}

fn texts(condition: Option<BoxedStrategy<Bool>>) -> BoxedStrategy<Text> {
    let plain = prop_oneof![
        prop::sample::select(&WORDS[..]).prop_map(Text::Literal),
        (0..4usize).prop_map(Text::Slot),
        (0..4usize).prop_map(Text::Slot)
    ]
    .boxed();
    let Some(condition) = condition else { return plain };
    let two = (plain.clone(), plain.clone());
    prop_oneof![
        6 => plain,
        1 => (condition, two.clone()).prop_map(|(c, (a, b))| Text::If(Box::new(c), Box::new(a), Box::new(b))),
        1 => two.prop_map(|(a, b)| Text::OrElse(Box::new(a), Box::new(b))),
    ]
    .boxed()
}

fn numbers(condition: Option<BoxedStrategy<Bool>>) -> BoxedStrategy<Number> {
    let leaf = prop_oneof![
        (-30..30i128, 0..3u32).prop_map(|(digits, scale)| Number::Literal(digits, scale)),
        (0..4usize).prop_map(Number::Int),
        (0..4usize).prop_map(Number::Decimal),
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let two = (inner.clone(), inner.clone()).prop_map(|(a, b)| (Box::new(a), Box::new(b)));
        let how = prop::sample::select(&ROUNDINGS[..]);
        let condition = condition.clone().unwrap_or_else(|| (0..4usize).prop_map(Bool::Flag).boxed());
        prop_oneof![
            inner.clone().prop_map(|a| Number::Negate(Box::new(a))),
            two.clone().prop_map(|(a, b)| Number::Add(a, b)),
            two.clone().prop_map(|(a, b)| Number::Subtract(a, b)),
            two.clone().prop_map(|(a, b)| Number::Multiply(a, b)),
            (inner.clone(), prop::sample::select(vec![2i128, -4, 10, 5]))
                .prop_map(|(a, n)| Number::Over(Box::new(a), n)),
            (two.clone(), how.clone(), 0..3u32).prop_map(|((a, b), how, places)| Number::Divide(a, b, how, places)),
            (inner.clone(), how, 0..3u32).prop_map(|(a, how, places)| Number::Round(Box::new(a), how, places)),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Number::Min),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Number::Max),
            (condition, two.clone()).prop_map(|(c, (a, b))| Number::If(Box::new(c), a, b)),
            two.prop_map(|(a, b)| Number::OrElse(a, b)),
        ]
    })
    .boxed()
}

/// Tests of values, which hold no conditions or only those given.
fn tests(condition: Option<BoxedStrategy<Bool>>) -> BoxedStrategy<Bool> {
    let number = numbers(condition.clone());
    let text = texts(condition);
    prop_oneof![
        2 => (0..4usize).prop_map(Bool::Flag),
        4 => (op(), number.clone(), number.clone()).prop_map(|(op, a, b)| Bool::Compare(op, a, b)),
        1 => (number.clone(), number.clone(), number.clone()).prop_map(|(x, a, b)| Bool::Between(x, a, b)),
        1 => (number.clone(), prop::collection::vec(number.clone(), 0..4)).prop_map(|(x, of)| Bool::Member(x, of)),
        1 => (op(), text.clone(), text.clone()).prop_map(|(op, a, b)| Bool::Text(op, a, b)),
        1 => (text.clone(), prop::collection::vec(text.clone(), 0..4)).prop_map(|(x, of)| Bool::TextMember(x, of)),
        1 => (text.clone(), text.clone()).prop_map(|(a, b)| Bool::Starts(a, b)),
        1 => number.prop_map(Bool::KnownNumber),
        1 => text.prop_map(Bool::KnownText),
        1 => (op(), dates(), dates()).prop_map(|(op, a, b)| Bool::Dates(op, a, b)),
        1 => (op(), dates(), dates(), 0..60i128).prop_map(|(op, a, b, n)| Bool::Age(op, a, b, n)),
        1 => (op(), dates(), dates(), -900..900i128)
            .prop_map(|(op, a, b, n)| Bool::Compare(op, Number::Days(a, b), Number::Literal(n, 0))),
    ]
    .boxed()
}

fn bools() -> BoxedStrategy<Bool> {
    let inside = tests(None);
    tests(Some(inside))
        .prop_recursive(4, 24, 4, |inner| {
            let some = prop::collection::vec(inner.clone(), 2..4);
            let two = (inner.clone(), inner.clone()).prop_map(|(a, b)| (Box::new(a), Box::new(b)));
            prop_oneof![
                inner.clone().prop_map(|a| Bool::Not(Box::new(a))),
                some.clone().prop_map(Bool::And),
                some.clone().prop_map(Bool::Or),
                (two.clone(), any::<bool>()).prop_map(|((a, b), equal)| Bool::Same(a, equal, b)),
                (inner.clone(), two.clone()).prop_map(|(c, (a, b))| Bool::If(Box::new(c), a, b)),
                two.prop_map(|(a, b)| Bool::OrElse(a, b)),
                (0..5usize, some).prop_map(|(n, parts)| Bool::AtLeast(n, parts)),
                inner.prop_map(|a| Bool::KnownCondition(Box::new(a))),
            ]
        })
        .boxed()
}

fn rows() -> impl Strategy<Value = Vec<Cell>> {
    let missing = |cell: BoxedStrategy<Scalar>| prop::option::weighted(0.7, cell);
    let flag = missing(any::<bool>().prop_map(Scalar::Bool).boxed());
    let int = missing((-LIMIT..=LIMIT).prop_map(Scalar::Number).boxed());
    let decimal = missing((-100 * LIMIT..=100 * LIMIT).prop_map(Scalar::Number).boxed());
    let text = missing(prop::sample::select(&WORDS[..]).prop_map(|word| Scalar::Text(Arc::from(word))).boxed());
    let date = missing((1000..20_000i64).prop_map(|days| Scalar::Day(Day::from_epoch_days(days))).boxed());
    let four = |cell| prop::collection::vec(cell, 4);
    (four(flag), four(int), four(decimal), four(text), four(date)).prop_map(|(a, b, c, d, e)| [a, b, c, d, e].concat())
}

struct Slots(Vec<Variable>);

fn slots() -> Slots {
    let mut variables = Vec::new();
    let number = |unit, scale| Type::Number { unit, scale };
    for (letter, ty, range) in [
        ('p', Type::Bool, None),
        ('i', number(Unit::Int, 0), Some((-LIMIT, LIMIT))),
        ('d', number(Unit::Decimal, 2), Some((-100 * LIMIT, 100 * LIMIT))),
        ('t', Type::Text, None),
        ('e', Type::Date, Some((1000, 20_000))),
    ] {
        for at in 0..4 {
            variables.push(Variable { name: format!("{letter}{at}"), ty, range, categories: None });
        }
    }
    Slots(variables)
}

impl Environment for Slots {
    fn variable(&self, name: &str) -> Option<(Slot, &Variable)> {
        let at = self.0.iter().position(|variable| variable.name == name)?;
        Some((Slot(at), &self.0[at]))
    }

    fn nearest(&self, _: &str) -> Option<String> {
        None
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
