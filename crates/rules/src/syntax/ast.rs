//! What a condition says, before its names and types are looked at.

use super::decimal::Decimal;
use super::span::Span;
use crate::ir::Comparison;

/// One part of a condition and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// The forms that the language has, and the ones that are only parsed so that they can be refused by name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Bool(bool),
    Number(Decimal),
    Text(String),
    /// A dotted name.
    Name(String),
    List(Vec<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Choose(Box<[Node; 3]>),
    Compare(Comparison, Box<[Node; 2]>),
    Arithmetic(Arithmetic, Box<[Node; 2]>),
    In(Box<[Node; 2]>),
    /// A function, or a method on its target.
    Call {
        name: String,
        name_span: Span,
        target: Option<Box<Node>>,
        arguments: Vec<Node>,
    },
    Refused(Construct),
}

/// The arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// What CEL can say and a condition cannot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Construct {
    /// `null`.
    Null,
    /// `{…}` and `Name{…}`.
    Map,
    /// `x.map(…)`, `has(…)` and their kin.
    Macro(String),
    /// `a[0]`.
    Index,
    /// `b"…"`.
    Bytes,
    /// `5u`.
    Unsigned,
    /// `a % b`.
    Modulo,
    /// `a / b` where the quotient may need rounding.
    Division,
    /// `a.?b`, backquotes, a leading dot.
    Syntax,
    /// A list anywhere but after `in` and in `at_least`.
    List,
    /// Text joined with `+`, and other arithmetic on text.
    TextArithmetic,
    /// `<` between two yes-or-no values, categories or lists.
    Order,
    /// A field of something that is not a name.
    Field,
    /// `now()`, `timestamp(…)`, `x.getFullYear()`.
    Clock,
    /// `double(x)` and other binary fractions.
    Float,
    /// `int(x)`, `string(x)`, `type(x)`.
    Conversion,
    /// `size(x)`, `x.matches(…)`, `x.contains(…)`.
    TextFunction,
}
