//! The typed form of a condition, which every back end reads.
//!
//! All numbers are integers: scales and units were settled when the condition was checked, and dates are
//! days since 1970. A back end matches on these types without a wildcard arm, so a construct that it
//! lacks does not compile.
//!
//! | type | yields |
//! |---|---|
//! | [`Logic`] | true, false or unknown |
//! | [`Test`] | the same, of one leaf |
//! | [`Num`] | an integer or unknown |
//! | [`Txt`] | text or unknown |

pub(crate) mod print;
pub(crate) mod uses;

use std::sync::Arc;

/// Where a row keeps a variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub usize);

/// What a number counts. Two numbers of different units do not mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Whole numbers without a unit: people, times, years.
    Int,
    /// Decimals without a unit: ratios, multiples. Mixes with [`Unit::Int`].
    Decimal,
    /// Money, in fen.
    Money,
    /// Durations, in days.
    Days,
    /// Dates, in days since 1970-01-01.
    Date,
}

/// The six comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// As written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
        }
    }

    /// The one that holds where this one does not.
    #[must_use]
    pub fn opposite(self) -> Comparison {
        match self {
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            Comparison::Less => Comparison::AtLeast,
            Comparison::AtMost => Comparison::Greater,
            Comparison::Greater => Comparison::AtMost,
            Comparison::AtLeast => Comparison::Less,
        }
    }

    /// The one that holds with its two sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Comparison {
        match self {
            Comparison::Equal => Comparison::Equal,
            Comparison::NotEqual => Comparison::NotEqual,
            Comparison::Less => Comparison::Greater,
            Comparison::AtMost => Comparison::AtLeast,
            Comparison::Greater => Comparison::Less,
            Comparison::AtLeast => Comparison::AtMost,
        }
    }

    /// Whether it holds for two values in this order.
    #[must_use]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
        }
    }
}

/// How a quotient becomes whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// To the nearest, halves away from zero (四舍五入).
    HalfUp,
    /// To the next lower.
    Floor,
    /// To the next higher.
    Ceil,
    /// Towards zero.
    Down,
}

/// True, false or unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Logic {
    /// A literal.
    Literal(bool),
    /// The verdict of a leaf, by its index.
    Leaf(u8),
    /// Turned round; unknown stays unknown.
    Not(Box<Logic>),
    /// The least of the verdicts.
    And(Vec<Logic>),
    /// The greatest of the verdicts.
    Or(Vec<Logic>),
    /// Whether two verdicts are equal; unknown if one is.
    Same(Box<Logic>, Box<Logic>),
    /// The second or the third, by the first; unknown if the first is.
    Choose(Box<[Logic; 3]>),
    /// The first, or the second where the first is unknown.
    OrElse(Box<Logic>, Box<Logic>),
    /// Whether at least so many are true; unknown while it could still be either.
    AtLeast(u32, Vec<Logic>),
}

/// One leaf of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Test {
    /// A yes-or-no variable.
    Flag(Slot),
    /// Two numbers brought to one scale.
    Compare(Comparison, Num, Num),
    /// Two texts; order is by code point.
    CompareText(Comparison, Txt, Txt),
    /// Whether the first lies between the other two, ends included.
    Between(Box<[Num; 3]>),
    /// Whether a number is one of some.
    Member(Num, Vec<Num>),
    /// Whether a text is one of some.
    MemberText(Txt, Vec<Txt>),
    /// Whether the first text begins with the second.
    StartsWith(Txt, Txt),
    /// Whether a value is known; never unknown itself.
    Known(Operand),
}

/// A value of any type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operand {
    /// True, false or unknown.
    Logic(Logic),
    /// A number.
    Number(Num),
    /// A text.
    Text(Txt),
}

/// An integer or unknown. Anything of an unknown is unknown, except where said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Num {
    /// A constant.
    Const(i128),
    /// Always unknown: a division by the constant zero.
    Unknown,
    /// A variable that holds a number.
    Slot(Slot),
    /// A variable that holds a date, as days since 1970-01-01.
    Day(Slot),
    /// Minus.
    Negate(Box<Num>),
    /// Sum.
    Add(Box<Num>, Box<Num>),
    /// Difference.
    Subtract(Box<Num>, Box<Num>),
    /// Product.
    Multiply(Box<Num>, Box<Num>),
    /// Product with a constant.
    Times(Box<Num>, i128),
    /// Rounded quotient; unknown if the divisor is zero.
    Divide(Rounding, Box<Num>, Box<Num>),
    /// The least.
    Least(Vec<Num>),
    /// The greatest.
    Greatest(Vec<Num>),
    /// The first or the second, by the condition; unknown if that is.
    Choose(Box<Logic>, Box<Num>, Box<Num>),
    /// The first, or the second where the first is unknown.
    OrElse(Box<Num>, Box<Num>),
    /// Completed years from the first date to the second; unknown if the second comes first.
    Age(Box<Num>, Box<Num>),
}

/// A text or unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Txt {
    /// A constant.
    Const(Arc<str>),
    /// A variable that holds text or the code of a category.
    Slot(Slot),
    /// The first or the second, by the condition; unknown if that is.
    Choose(Box<Logic>, Box<Txt>, Box<Txt>),
    /// The first, or the second where the first is unknown.
    OrElse(Box<Txt>, Box<Txt>),
}
