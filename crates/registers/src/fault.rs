//! Why a cell, a row or a file cannot be read: codes and words. Never holds what stands in a cell.

mod words;

use doudi_model::person::NumberProblem;
use doudi_model::{Day, Fen, Problem};

/// Why a cell is not what its column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A dash where an amount or a day should be.
    Dash,
    /// 无 where an amount or a day should be: not zero.
    WordForNone,
    /// No number.
    NoNumber,
    /// Commas not before each three digits.
    Separators,
    /// More digits behind the point than there are fen.
    PartOfFen,
    /// An amount greater than this is in another unit.
    Implausible {
        /// The most that is believed.
        most: Fen,
    },
    /// No whole number.
    NotWhole,
    /// A long number kept as a number: its last digits are lost.
    DigitsLost {
        /// The column, in letters, that begins with the same number in full.
        repeated_in: Option<String>,
    },
    /// No ID number.
    IdNumber(NumberProblem),
    /// No date at all.
    NoDate,
    /// 30 February.
    NoSuchDay,
    /// 3月5日.
    YearMissing,
    /// 2024年3月, or only the year.
    DayMissing {
        /// The first day of the month, if the month is known.
        month: Option<Day>,
    },
    /// 2024.1, kept as a number: January or October?
    MonthUnsure,
    /// 3/5/2024: which of the two is the month?
    OrderUnsure,
    /// Not one of the words that the register knows.
    UnknownWord {
        /// Some of those that it knows.
        known: Vec<String>,
    },
    /// An error value such as `#N/A`.
    ErrorValue,
    /// A formula whose result is not stored.
    Unstored,
    /// A formula or text that a spreadsheet would run.
    Command,
    /// Signs that the text encoding does not know.
    Garbled,
    /// The row says nothing in a column that it needs.
    Missing,
    /// Nobody knows the household of the person.
    NoHousehold,
    /// The as-of day is stated nowhere.
    NoAsOf,
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Dash => "cell/dash",
            Fault::WordForNone => "cell/word-for-none",
            Fault::NoNumber => "cell/no-number",
            Fault::Separators => "cell/separators",
            Fault::PartOfFen => "cell/part-of-fen",
            Fault::Implausible { .. } => "cell/implausible",
            Fault::NotWhole => "cell/not-whole",
            Fault::DigitsLost { .. } => "cell/digits-lost",
            Fault::IdNumber(_) => "cell/id-number",
            Fault::NoDate => "cell/no-date",
            Fault::NoSuchDay => "cell/no-such-day",
            Fault::YearMissing => "cell/year-missing",
            Fault::DayMissing { .. } => "cell/day-missing",
            Fault::MonthUnsure => "cell/month-unsure",
            Fault::OrderUnsure => "cell/order-unsure",
            Fault::UnknownWord { .. } => "cell/unknown-word",
            Fault::ErrorValue => "cell/error-value",
            Fault::Unstored => "cell/unstored",
            Fault::Command => "cell/command",
            Fault::Garbled => "cell/garbled",
            Fault::Missing => "cell/missing",
            Fault::NoHousehold => "cell/no-household",
            Fault::NoAsOf => "cell/no-as-of",
        }
    }

    /// The fault in words, at a place such as `名册.xlsx:Sheet1!D12`, in a column.
    #[must_use]
    pub fn problem(&self, place: &str, header: &str) -> Problem {
        Problem::new(self.code(), self.message(), self.hint()).at(place).in_field(header)
    }
}
