//! What can be wrong with a condition: data here, words in `zh` and `en`.

mod en;
mod zh;

use doudi_model::{Problem, Text};

use crate::check::Shape;
use crate::syntax::Construct;
use crate::syntax::span::{Span, line_and_column};

/// One fault of a condition: where, what, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The stretch of the condition's text that is at fault.
    pub span: Span,
    /// Line of its start, from 1.
    pub line: u32,
    /// Column of its start in characters, from 1.
    pub column: u32,
    /// The text at fault.
    pub source: String,
    /// What is wrong.
    pub kind: FaultKind,
}

/// The four kinds of fault that `doudi rules eval` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The text cannot be read.
    Parse,
    /// Names, types, units do not fit.
    Type,
    /// CEL says it, a condition cannot.
    Unsupported,
    /// Numbers would not fit, or their ranges settle the answer beforehand.
    Range,
}

impl Class {
    /// `parse`, `type`, `unsupported`, `range`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Parse => "parse",
            Class::Type => "type",
            Class::Unsupported => "unsupported",
            Class::Range => "range",
        }
    }
}

/// What is wrong, with the data that its words need.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// The parser did not expect this.
    Syntax {
        /// What is usually written instead, if the word is a known slip (`and`, `or`, `not`).
        write: Option<&'static str>,
    },
    /// The text ends too early.
    Unfinished,
    /// An operator of another language.
    Operator {
        /// As written.
        found: &'static str,
        /// As it should be.
        write: &'static str,
    },
    /// A character that only a string may hold.
    Foreign {
        /// As written.
        found: String,
        /// Its twin on an English keyboard, if it has one.
        write: Option<&'static str>,
        /// The name that was meant, if it is the title of something declared.
        nearest: Option<String>,
    },
    /// A malformed number, or one with more digits than can be held exactly.
    Number,
    /// A string without its end.
    OpenText,
    /// A word that CEL reserves.
    Reserved,
    /// The text is too long.
    TooLong {
        /// Bytes allowed.
        most: usize,
        /// Bytes found.
        found: usize,
    },
    /// The nesting is too deep.
    TooDeep {
        /// Levels allowed.
        most: usize,
    },
    /// Too many comparisons in one condition.
    TooManyLeaves {
        /// Leaves allowed.
        most: usize,
    },
    /// A construct of CEL that conditions do not have.
    Unsupported(Construct),
    /// No such function.
    UnknownFunction {
        /// The nearest one.
        nearest: Option<String>,
    },
    /// No such feature, standard or variable.
    UnknownName {
        /// The nearest one.
        nearest: Option<String>,
    },
    /// A value of another type is needed here.
    Type {
        /// What is needed.
        expected: Shape,
        /// What stands here.
        found: Shape,
    },
    /// Two values that cannot be compared or computed with each other.
    Mix {
        /// Type of the left one.
        left: Shape,
        /// Type of the right one.
        right: Shape,
    },
    /// `a < b < c`.
    Chain,
    /// Text that is not one of a category's codes.
    NotACategory {
        /// The nearest code.
        nearest: Option<String>,
        /// The codes.
        allowed: Vec<String>,
    },
    /// A function with the wrong number of arguments.
    Arguments {
        /// How it is written.
        form: &'static str,
    },
    /// Something computed where the text itself must say the value.
    NotALiteral {
        /// How it is written.
        form: &'static str,
    },
    /// No such way of rounding.
    Rounding,
    /// Text that is not a day.
    NotADay,
    /// A literal amount that is not whole fen.
    NotFen,
    /// The declared ranges allow a value that does not fit.
    Overflow,
    /// The declared ranges settle the answer whenever it is known.
    Settled {
        /// The answer.
        always: bool,
    },
    /// No row can make it true, or none can make it false.
    Constant {
        /// Which of the two.
        always: bool,
        /// Two leaves that exclude each other, where it is only two.
        clash: Option<(String, String)>,
    },
    /// A value that stands twice in one set.
    Twice,
    /// `at_least` with a number that is never or always reached.
    Count {
        /// How many conditions there are.
        of: usize,
    },
    /// Division by the literal zero.
    ByZero,
}

impl Fault {
    pub(crate) fn new(span: Span, kind: FaultKind) -> Fault {
        Fault { span, line: 1, column: 1, source: String::new(), kind }
    }

    /// Fills line, column and source from the condition's text.
    #[must_use]
    pub(crate) fn located(mut self, text: &str) -> Fault {
        (self.line, self.column) = line_and_column(text, self.span.start);
        self.source = self.span.of(text).chars().take(80).collect();
        self
    }

    /// The kind of fault as `doudi rules eval` names it.
    #[must_use]
    pub fn class(&self) -> Class {
        match &self.kind {
            FaultKind::Syntax { .. }
            | FaultKind::Unfinished
            | FaultKind::Operator { .. }
            | FaultKind::Foreign { .. }
            | FaultKind::Number
            | FaultKind::OpenText
            | FaultKind::Reserved
            | FaultKind::TooLong { .. }
            | FaultKind::TooDeep { .. } => Class::Parse,
            FaultKind::Unsupported(_) | FaultKind::UnknownFunction { .. } | FaultKind::TooManyLeaves { .. } => {
                Class::Unsupported
            }
            FaultKind::UnknownName { .. }
            | FaultKind::Type { .. }
            | FaultKind::Mix { .. }
            | FaultKind::Chain
            | FaultKind::NotACategory { .. }
            | FaultKind::Arguments { .. }
            | FaultKind::NotALiteral { .. }
            | FaultKind::Rounding
            | FaultKind::NotADay
            | FaultKind::NotFen => Class::Type,
            FaultKind::Overflow
            | FaultKind::Settled { .. }
            | FaultKind::Constant { .. }
            | FaultKind::Twice
            | FaultKind::Count { .. }
            | FaultKind::ByZero => Class::Range,
        }
    }

    /// Whether it leaves no doubt what the text means, only what it is for.
    #[must_use]
    pub fn is_pointless(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::Settled { .. } | FaultKind::Constant { .. } | FaultKind::Twice | FaultKind::Count { .. }
        )
    }

    /// The numbered code, one page each.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            FaultKind::Syntax { .. } | FaultKind::Unfinished | FaultKind::Reserved => "B0201",
            FaultKind::Operator { .. } => "B0202",
            FaultKind::Foreign { .. } => "B0203",
            FaultKind::Number | FaultKind::OpenText => "B0204",
            FaultKind::TooLong { .. } | FaultKind::TooDeep { .. } | FaultKind::TooManyLeaves { .. } => "B0205",
            FaultKind::Unsupported(_) => "B0206",
            FaultKind::UnknownName { .. } => "B0207",
            FaultKind::UnknownFunction { .. } => "B0208",
            FaultKind::Type { .. } | FaultKind::Chain => "B0209",
            FaultKind::Mix { .. } => "B0210",
            FaultKind::NotACategory { .. } => "B0211",
            FaultKind::Arguments { .. } | FaultKind::NotALiteral { .. } | FaultKind::Rounding => "B0212",
            FaultKind::NotADay | FaultKind::NotFen => "B0213",
            FaultKind::Overflow => "B0214",
            FaultKind::Settled { .. } | FaultKind::Count { .. } => "B0215",
            FaultKind::ByZero => "B0216",
            FaultKind::Constant { .. } => "B0217",
            FaultKind::Twice => "B0218",
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> Text {
        Text::new(zh::message(self), en::message(self))
    }

    /// How to mend it.
    #[must_use]
    pub fn hint(&self) -> Text {
        Text::new(zh::hint(self), en::hint(self))
    }

    /// The fault as a [`Problem`] whose place the caller makes of the line and column inside the condition.
    pub fn problem(&self, place: impl FnOnce(u32, u32) -> String) -> Problem {
        Problem::new(self.code(), self.message(), self.hint()).at(place(self.line, self.column))
    }
}
