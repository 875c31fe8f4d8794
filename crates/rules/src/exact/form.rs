//! Conditions over variables, with everything that is not asked about folded into constants.

use std::cmp::Ordering;
use std::sync::Arc;

use doudi_model::Verdict;

use crate::ir::{Comparison, Rounding};
use crate::scalar::{day_of, divide};

/// The number of a variable.
pub(crate) type Var = usize;

/// True, false or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Settled.
    Settled(Verdict),
    /// A yes-or-no variable.
    Flag(Var),
    /// Turned round.
    Not(Box<Form>),
    /// The least.
    And(Vec<Form>),
    /// The greatest.
    Or(Vec<Form>),
    /// Whether two are equal; unknown if one is.
    Same(Box<[Form; 2]>),
    /// The second or third, by the first.
    Choose(Box<[Form; 3]>),
    /// The first, or where it is unknown the second.
    OrElse(Box<[Form; 2]>),
    /// Whether so many are true.
    AtLeast(usize, Vec<Form>),
    /// Two numbers.
    Compare(Comparison, Number, Number),
    /// Two texts.
    CompareText(Comparison, Txt, Txt),
    /// Whether the first begins with the second.
    StartsWith(Txt, Txt),
    /// Whether it is known.
    IsKnown(Box<Form>),
    /// Whether a number is known.
    NumberKnown(Number),
    /// Whether a text is known.
    TextKnown(Txt),
}

/// A number or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Number {
    /// A constant.
    Const(i128),
    /// Never known.
    Unknown,
    /// A variable.
    Var(Var),
    /// Sum.
    Add(Box<[Number; 2]>),
    /// Product with a constant.
    Times(Box<Number>, i128),
    /// Product.
    Multiply(Box<[Number; 2]>),
    /// Rounded quotient.
    Divide(Rounding, Box<[Number; 2]>),
    /// The least.
    Least(Vec<Number>),
    /// The greatest.
    Greatest(Vec<Number>),
    /// By a condition.
    Choose(Box<Form>, Box<[Number; 2]>),
    /// The first, or where it is unknown the second.
    OrElse(Box<[Number; 2]>),
    /// Completed years from the first to the second.
    Age(Box<[Number; 2]>),
}

/// A text or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Txt {
    /// A constant.
    Const(Arc<str>),
    /// Never known.
    Unknown,
    /// A variable.
    Var(Var),
    /// By a condition.
    Choose(Box<Form>, Box<[Txt; 2]>),
    /// The first, or where it is unknown the second.
    OrElse(Box<[Txt; 2]>),
}

impl Form {
    pub(crate) fn not(form: Form) -> Form {
        match form {
            Form::Settled(verdict) => Form::Settled(!verdict),
            Form::Not(part) => *part,
            other => Form::Not(Box::new(other)),
        }
    }

    pub(crate) fn and(parts: Vec<Form>) -> Form {
        if parts.contains(&Form::Settled(Verdict::False)) {
            return Form::Settled(Verdict::False);
        }
        gathered(parts, Verdict::True, Form::And)
    }

    pub(crate) fn or(parts: Vec<Form>) -> Form {
        if parts.contains(&Form::Settled(Verdict::True)) {
            return Form::Settled(Verdict::True);
        }
        gathered(parts, Verdict::False, Form::Or)
    }

    pub(crate) fn same(left: Form, right: Form) -> Form {
        match (&left, &right) {
            (Form::Settled(Verdict::Unknown), _) | (_, Form::Settled(Verdict::Unknown)) => {
                Form::Settled(Verdict::Unknown)
            }
            (Form::Settled(left), Form::Settled(right)) => Form::Settled((left == right).into()),
            (Form::Settled(Verdict::True), _) => right,
            (_, Form::Settled(Verdict::True)) => left,
            (Form::Settled(Verdict::False), _) => Form::not(right),
            (_, Form::Settled(Verdict::False)) => Form::not(left),
            _ => Form::Same(Box::new([left, right])),
        }
    }

    pub(crate) fn choose(condition: Form, then: Form, otherwise: Form) -> Form {
        match condition {
            Form::Settled(Verdict::True) => then,
            Form::Settled(Verdict::False) => otherwise,
            Form::Settled(Verdict::Unknown) => Form::Settled(Verdict::Unknown),
            condition => Form::Choose(Box::new([condition, then, otherwise])),
        }
    }

    pub(crate) fn or_else(part: Form, otherwise: Form) -> Form {
        match part {
            Form::Settled(Verdict::Unknown) => otherwise,
            Form::Settled(_) => part,
            part => Form::OrElse(Box::new([part, otherwise])),
        }
    }

    pub(crate) fn compare(comparison: Comparison, left: Number, right: Number) -> Form {
        match (&left, &right) {
            (Number::Const(left), Number::Const(right)) => Form::Settled(comparison.holds(left.cmp(right)).into()),
            (Number::Unknown, _) | (_, Number::Unknown) => Form::Settled(Verdict::Unknown),
            _ => Form::Compare(comparison, left, right),
        }
    }

    pub(crate) fn compare_text(comparison: Comparison, left: Txt, right: Txt) -> Form {
        match (&left, &right) {
            (Txt::Const(left), Txt::Const(right)) => Form::Settled(comparison.holds(left.cmp(right)).into()),
            (Txt::Unknown, _) | (_, Txt::Unknown) => Form::Settled(Verdict::Unknown),
            _ => Form::CompareText(comparison, left, right),
        }
    }

    pub(crate) fn starts_with(text: Txt, prefix: Txt) -> Form {
        match (&text, &prefix) {
            (Txt::Const(text), Txt::Const(prefix)) => Form::Settled(text.starts_with(prefix.as_ref()).into()),
            (Txt::Unknown, _) | (_, Txt::Unknown) => Form::Settled(Verdict::Unknown),
            _ => Form::StartsWith(text, prefix),
        }
    }
}

fn gathered(mut parts: Vec<Form>, neutral: Verdict, join: fn(Vec<Form>) -> Form) -> Form {
    parts.retain(|part| *part != Form::Settled(neutral));
    if parts.len() > 1 {
        return join(parts);
    }
    parts.pop().unwrap_or(Form::Settled(neutral))
}

impl Number {
    pub(crate) fn add(left: Number, right: Number) -> Number {
        match (&left, &right) {
            (Number::Unknown, _) | (_, Number::Unknown) => Number::Unknown,
            (Number::Const(0), _) => right,
            (_, Number::Const(0)) => left,
            (Number::Const(one), Number::Const(other)) => {
                one.checked_add(*other).map_or(Number::Unknown, Number::Const)
            }
            _ => Number::Add(Box::new([left, right])),
        }
    }

    pub(crate) fn times(part: Number, factor: i128) -> Number {
        match part {
            Number::Unknown => Number::Unknown,
            Number::Const(value) => value.checked_mul(factor).map_or(Number::Unknown, Number::Const),
            part if factor == 1 => part,
            part => Number::Times(Box::new(part), factor),
        }
    }

    pub(crate) fn multiply(left: Number, right: Number) -> Number {
        match (&left, &right) {
            (Number::Unknown, _) | (_, Number::Unknown) => Number::Unknown,
            (Number::Const(factor), _) => Number::times(right, *factor),
            (_, Number::Const(factor)) => Number::times(left, *factor),
            _ => Number::Multiply(Box::new([left, right])),
        }
    }

    pub(crate) fn divide(rounding: Rounding, dividend: Number, divisor: Number) -> Number {
        match (&dividend, &divisor) {
            (Number::Unknown, _) | (_, Number::Unknown | Number::Const(0)) => Number::Unknown,
            (Number::Const(one), Number::Const(other)) => {
                divide(rounding, *one, *other).map_or(Number::Unknown, Number::Const)
            }
            (_, Number::Const(1)) => dividend,
            _ => Number::Divide(rounding, Box::new([dividend, divisor])),
        }
    }

    pub(crate) fn choose(condition: Form, then: Number, otherwise: Number) -> Number {
        match condition {
            Form::Settled(Verdict::True) => then,
            Form::Settled(Verdict::False) => otherwise,
            Form::Settled(Verdict::Unknown) => Number::Unknown,
            condition => Number::Choose(Box::new(condition), Box::new([then, otherwise])),
        }
    }

    pub(crate) fn or_else(part: Number, otherwise: Number) -> Number {
        match part {
            Number::Unknown => otherwise,
            Number::Const(_) => part,
            part => Number::OrElse(Box::new([part, otherwise])),
        }
    }

    pub(crate) fn age(birth: Number, day: Number) -> Number {
        match (&birth, &day) {
            (Number::Unknown, _) | (_, Number::Unknown) => Number::Unknown,
            (Number::Const(birth), Number::Const(day)) => years(*birth, *day).map_or(Number::Unknown, Number::Const),
            _ => Number::Age(Box::new([birth, day])),
        }
    }

    pub(crate) fn pick(parts: Vec<Number>, keep: Ordering) -> Number {
        if parts.contains(&Number::Unknown) {
            return Number::Unknown;
        }
        let all = |part: &Number| match part {
            Number::Const(value) => Some(*value),
            _ => None,
        };
        if let Some(values) = parts.iter().map(all).collect::<Option<Vec<i128>>>() {
            let best = if keep.is_lt() { values.into_iter().min() } else { values.into_iter().max() };
            return best.map_or(Number::Unknown, Number::Const);
        }
        if keep.is_lt() { Number::Least(parts) } else { Number::Greatest(parts) }
    }
}

/// Completed years between two dates given as days since 1970-01-01.
fn years(birth: i128, day: i128) -> Option<i128> {
    day_of(day)?.age_of(day_of(birth)?).map(i128::from)
}

impl Txt {
    pub(crate) fn choose(condition: Form, then: Txt, otherwise: Txt) -> Txt {
        match condition {
            Form::Settled(Verdict::True) => then,
            Form::Settled(Verdict::False) => otherwise,
            Form::Settled(Verdict::Unknown) => Txt::Unknown,
            condition => Txt::Choose(Box::new(condition), Box::new([then, otherwise])),
        }
    }

    pub(crate) fn or_else(part: Txt, otherwise: Txt) -> Txt {
        match part {
            Txt::Unknown => otherwise,
            Txt::Const(_) => part,
            part => Txt::OrElse(Box::new([part, otherwise])),
        }
    }
}
