//! English words for faults of conditions.

use super::{Fault, FaultKind};
use crate::check::Shape;
use crate::syntax::Construct;

/// How a type is called.
fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Bool => "yes-or-no",
        Shape::Int => "whole number",
        Shape::Decimal => "decimal",
        Shape::Money => "amount of money",
        Shape::Days => "number of days",
        Shape::Date => "date",
        Shape::Text => "text",
        Shape::Category => "category",
        Shape::List => "list",
    }
}

pub(super) fn message(fault: &Fault) -> String {
    let at = &fault.source;
    match &fault.kind {
        FaultKind::Syntax { .. } => format!("`{at}` does not fit here"),
        FaultKind::Unfinished => "the condition is not finished".to_owned(),
        FaultKind::Operator { found, .. } => format!("there is no operator `{found}`"),
        FaultKind::Foreign { found, write: Some(_), .. } => format!("`{found}` is a full-width or typographic sign"),
        FaultKind::Foreign { found, write: None, .. } => format!("names and signs cannot contain `{found}`"),
        FaultKind::Number => format!("`{at}` is not a number that can be held exactly"),
        FaultKind::OpenText => "the text has no closing quote".to_owned(),
        FaultKind::Reserved => format!("`{at}` is a reserved word"),
        FaultKind::TooLong { most, found } => format!("the condition has {found} bytes, at most {most} are allowed"),
        FaultKind::TooDeep { most } => format!("nested too deeply, at most {most} levels are allowed"),
        FaultKind::TooManyLeaves { most } => format!("too many comparisons in one condition, at most {most}"),
        FaultKind::Unsupported(what) => construct(what).0,
        FaultKind::UnknownFunction { .. } => format!("there is no function `{at}`"),
        FaultKind::UnknownName { .. } => format!("`{at}` is not declared"),
        FaultKind::Type { expected, found } => {
            format!("expected {} here, but `{at}` is {}", shape(*expected), shape(*found))
        }
        FaultKind::Mix { left, right } => {
            format!("`{at}`: {} and {} cannot be compared or combined", shape(*left), shape(*right))
        }
        FaultKind::Chain => format!("comparisons cannot be chained: `{at}`"),
        FaultKind::NotACategory { .. } => format!("{at} is not a code of this category"),
        FaultKind::Arguments { form } => format!("wrong number of arguments, the form is `{form}`"),
        FaultKind::NotALiteral { form } => format!("`{at}` must be written out, the form is `{form}`"),
        FaultKind::Rounding => format!("no such rounding: {at}"),
        FaultKind::NotADay => format!("{at} is not a date"),
        FaultKind::NotFen => format!("`{at}` is not whole fen"),
        FaultKind::Overflow => format!("the declared ranges allow `{at}` to grow too large"),
        FaultKind::Settled { always: true } => {
            format!("by the declared ranges `{at}` is always true when it is known")
        }
        FaultKind::Settled { always: false } => format!("by the declared ranges `{at}` is never true"),
        FaultKind::Constant { always: false, clash: Some((one, other)) } if one != other => {
            format!("this can never be true: `{one}` and `{other}` exclude each other")
        }
        FaultKind::Constant { always: false, .. } => format!("`{at}` can never be true"),
        FaultKind::Constant { always: true, .. } => format!("`{at}` can never be false"),
        FaultKind::Twice => format!("{at} stands twice in the list"),
        FaultKind::Count { of } => format!("with {of} conditions, `{at}` is always or never reached"),
        FaultKind::ByZero => format!("`{at}` divides by zero"),
    }
}

pub(super) fn hint(fault: &Fault) -> String {
    match &fault.kind {
        FaultKind::Syntax { write: Some(write) } => format!("write `{write}`"),
        FaultKind::Syntax { write: None } => "check the operators, commas and brackets around it".to_owned(),
        FaultKind::Unfinished => "add the missing part or the closing bracket".to_owned(),
        FaultKind::Operator { write, .. } => format!("write `{write}`"),
        FaultKind::Foreign { write: Some(write), .. } => format!("type `{write}` with an English keyboard"),
        FaultKind::Number => "write a number like `0.85` or `1200`: at most 18 decimals, 38 digits".to_owned(),
        FaultKind::OpenText => "add the closing quote".to_owned(),
        FaultKind::Reserved => "choose another name".to_owned(),
        FaultKind::TooLong { .. } | FaultKind::TooDeep { .. } | FaultKind::TooManyLeaves { .. } => {
            "split it into several rules, or declare a part of it as a feature".to_owned()
        }
        FaultKind::Unsupported(what) => construct(what).1.to_owned(),
        FaultKind::UnknownFunction { nearest: Some(nearest) }
        | FaultKind::UnknownName { nearest: Some(nearest) }
        | FaultKind::Foreign { nearest: Some(nearest), .. } => {
            format!("did you mean `{nearest}`?")
        }
        FaultKind::Foreign { write: None, .. } => {
            "use the declared English name, such as `income_12m`; Chinese stands only inside quotes, such as \"低保\""
                .to_owned()
        }
        FaultKind::UnknownFunction { nearest: None } => {
            "there are: between known or days age age_on min max div round at_least startsWith date yuan fen".to_owned()
        }
        FaultKind::UnknownName { nearest: None } => "declare the feature or standard first".to_owned(),
        FaultKind::Type { expected: Shape::Bool, .. } => "write a comparison, such as `member_count > 2`".to_owned(),
        FaultKind::Type { expected, .. } => format!("use a value of type {}", shape(*expected)),
        FaultKind::Mix { left: Shape::Money, right: Shape::Int | Shape::Decimal }
        | FaultKind::Mix { left: Shape::Int | Shape::Decimal, right: Shape::Money } => {
            "write money as `yuan(1200)` or `fen(120000)`; the ratio of two amounts is `div(a, b, \"half_up\", 2)`"
                .to_owned()
        }
        FaultKind::Mix { left: Shape::Days, .. } | FaultKind::Mix { right: Shape::Days, .. } => {
            "a whole number becomes days with `days(n)`".to_owned()
        }
        FaultKind::Mix { left: Shape::Date, .. } | FaultKind::Mix { right: Shape::Date, .. } => {
            "a date is written `date(\"2026-01-01\")`, the days between two dates `days(a, b)`".to_owned()
        }
        FaultKind::Mix { .. } => "bring both sides to one type and unit".to_owned(),
        FaultKind::Chain => "write `between(b, a, c)` or `a < b && b < c`".to_owned(),
        FaultKind::NotACategory { nearest: Some(nearest), .. } => format!("did you mean \"{nearest}\"?"),
        FaultKind::NotACategory { allowed, .. } => format!("there are: {}", allowed.join(", ")),
        FaultKind::Arguments { form } | FaultKind::NotALiteral { form } => format!("write `{form}`"),
        FaultKind::Rounding => "there are: \"half_up\", \"floor\", \"ceil\", \"down\" (towards zero)".to_owned(),
        FaultKind::NotADay => "write it as `date(\"2026-01-01\")`".to_owned(),
        FaultKind::NotFen => "at most two decimals, such as `yuan(1200.50)`".to_owned(),
        FaultKind::Overflow => "narrow the ranges of the features, or multiply fewer of them".to_owned(),
        FaultKind::Settled { .. } => "change the figure, or the range that the feature declares".to_owned(),
        FaultKind::Constant { always: false, .. } => {
            "check the figures, the direction of the comparisons, and whether `||` was meant".to_owned()
        }
        FaultKind::Constant { always: true, .. } => {
            "check the figures and whether `&&` was meant; whether there is data is asked with `known(x)`".to_owned()
        }
        FaultKind::Twice => "remove one of the two".to_owned(),
        FaultKind::Count { of } => format!("write a whole number from 1 to {of}"),
        FaultKind::ByZero => "use another divisor".to_owned(),
    }
}

/// What is refused, and what to write instead.
fn construct(what: &Construct) -> (String, &'static str) {
    match what {
        Construct::Null => (
            "conditions have no null".to_owned(),
            "ask with `known(x)` whether there is data; `x.or(default)` gives a value where there is none",
        ),
        Construct::Map => ("conditions have no `{…}`".to_owned(), "remove it; declare the value as a feature"),
        Construct::Macro(name) if name == "has" => {
            ("conditions have no `has`".to_owned(), "ask with `known(x)` whether there is data")
        }
        Construct::Macro(name) => (
            format!("conditions have no `{name}`"),
            "declare the aggregate over members or time as a feature and use its name",
        ),
        Construct::Index => ("conditions have no index `[…]`".to_owned(), "declare the value as a feature"),
        Construct::Bytes => ("conditions have no bytes".to_owned(), "write text: \"…\""),
        Construct::Unsigned => ("conditions have no unsigned numbers".to_owned(), "remove the u"),
        Construct::Modulo => ("conditions have no remainder `%`".to_owned(), "declare the value as a feature"),
        Construct::Division => (
            "a quotient that may not come out even needs its rounding stated".to_owned(),
            "write `div(a, b, \"half_up\")`, with decimals `div(a, b, \"half_up\", 4)`, or multiply the other side",
        ),
        Construct::Syntax => (
            "conditions have no such notation".to_owned(),
            "use declared names, without backquotes, `.?` or a leading dot",
        ),
        Construct::List => {
            ("a list cannot stand here".to_owned(), "lists stand only in `x in [a, b]` and in `at_least(2, [p, q, r])`")
        }
        Construct::TextArithmetic => {
            ("text cannot be computed with".to_owned(), "text can only be compared: `==`, `!=`, `in`, `startsWith`")
        }
        Construct::Order => ("these values have no order".to_owned(), "use `==`, `!=` or `in`"),
        Construct::Clock => (
            "conditions have no clock".to_owned(),
            "the day that is decided on is `day`; a date is `date(\"2026-01-01\")`, a length `days(a, b)`, an age `age_on`",
        ),
        Construct::Float => (
            "conditions have no floating-point numbers".to_owned(),
            "write the decimal itself, such as `0.85`: it is exact",
        ),
        Construct::Conversion => (
            "one type cannot be made into another".to_owned(),
            "declare the value with the unit it has; round with `round(x, \"half_up\")`",
        ),
        Construct::TextFunction => (
            "text can only be compared".to_owned(),
            "use `==`, `!=`, `in` or `startsWith`; what else is in a text is declared as a category",
        ),
        Construct::Field => ("a field cannot be taken here".to_owned(), "use the name of a declared feature"),
    }
}
