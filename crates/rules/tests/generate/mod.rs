//! Random conditions by type, as a person would write them, and rows with missing values for them.
//!
//! Shared by the tests that hold one back end against another.
#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use std::sync::Arc;

use doudi_model::Day;
use doudi_rules::{Cell, Scalar, Type, Unit, Variable};
use proptest::prelude::*;

/// Ranges small enough that fractions of products stay inside 128 bits.
pub const LIMIT: i128 = 20;

#[derive(Debug, Clone)]
pub enum Bool {
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
pub enum Number {
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
pub enum Text {
    Literal(&'static str),
    Slot(usize),
    If(Box<Bool>, Box<Text>, Box<Text>),
    OrElse(Box<Text>, Box<Text>),
}

#[derive(Debug, Clone)]
pub enum Date {
    Literal(i32),
    Slot(usize),
    Moved(usize, i32),
}

// What is generated, as a person would write it.

pub fn list<T>(parts: &[T], each: impl Fn(&T) -> String) -> String {
    parts.iter().map(each).collect::<Vec<_>>().join(", ")
}

impl Bool {
    pub fn write(&self) -> String {
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
    pub fn write(&self) -> String {
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
    pub fn write(&self) -> String {
        match self {
            Text::Literal(text) => format!("{text:?}"),
            Text::Slot(at) => format!("t{at}"),
            Text::If(c, a, b) => format!("({} ? {} : {})", c.write(), a.write(), b.write()),
            Text::OrElse(a, b) => format!("({}).or({})", a.write(), b.write()),
        }
    }
}

impl Date {
    pub fn write(&self) -> String {
        match self {
            Date::Literal(days) => format!("date(\"{}\")", Day::from_epoch_days(i64::from(*days))),
            Date::Slot(at) => format!("e{at}"),
            Date::Moved(at, days) if *days < 0 => format!("(e{at} - {})", -days),
            Date::Moved(at, days) => format!("(e{at} + {days})"),
        }
    }
}

pub fn decimal(digits: i128, scale: u32) -> String {
    let power = 10i128.pow(scale);
    let sign = if digits < 0 { "-" } else { "" };
    match scale {
        0 => digits.to_string(),
        _ => format!("{sign}{}.{:0width$}", digits.abs() / power, digits.abs() % power, width = scale as usize),
    }
}

/// How the slots are laid out: four of each type.
pub const FLAG: usize = 0;
pub const INT: usize = 4;
pub const DECIMAL: usize = 8;
pub const TEXT: usize = 12;
pub const DATE: usize = 16;

// Generators, by type.

pub const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
pub const ROUNDINGS: [&str; 4] = ["half_up", "floor", "ceil", "down"];
/// Ends of patterns, quotes, a character beyond 16 bits and one that only bytes put before it.
pub const WORDS: [&str; 10] = ["低保", "低", "特困", "", "a\"b\\", "it's", "%", "_保", "𠮷", "\u{ff0c}"];

pub fn op() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&COMPARISONS[..])
}

pub fn dates() -> impl Strategy<Value = Date> {
    prop_oneof![
        (0..20_000i32).prop_map(Date::Literal),
        (0..4usize).prop_map(Date::Slot),
        (0..4usize, -400..400i32).prop_map(|(at, days)| Date::Moved(at, days)),
    ]
}

pub fn texts(condition: Option<BoxedStrategy<Bool>>) -> BoxedStrategy<Text> {
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

pub fn numbers(condition: Option<BoxedStrategy<Bool>>) -> BoxedStrategy<Number> {
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
pub fn tests(condition: Option<BoxedStrategy<Bool>>) -> BoxedStrategy<Bool> {
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

pub fn bools() -> BoxedStrategy<Bool> {
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

pub fn rows() -> impl Strategy<Value = Vec<Cell>> {
    let missing = |cell: BoxedStrategy<Scalar>| prop::option::weighted(0.7, cell);
    let flag = missing(any::<bool>().prop_map(Scalar::Bool).boxed());
    let int = missing((-LIMIT..=LIMIT).prop_map(Scalar::Number).boxed());
    let decimal = missing((-100 * LIMIT..=100 * LIMIT).prop_map(Scalar::Number).boxed());
    let text = missing(prop::sample::select(&WORDS[..]).prop_map(|word| Scalar::Text(Arc::from(word))).boxed());
    let date = missing((1000..20_000i64).prop_map(|days| Scalar::Day(Day::from_epoch_days(days))).boxed());
    let four = |cell| prop::collection::vec(cell, 4);
    (four(flag), four(int), four(decimal), four(text), four(date)).prop_map(|(a, b, c, d, e)| [a, b, c, d, e].concat())
}

pub fn slots() -> Vec<Variable> {
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
    variables
}
