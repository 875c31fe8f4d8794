//! One cell to a typed value, or the reason why not. Pure: the same cell is always the same value.

pub mod count;
pub mod date;
pub mod id;
pub mod money;
pub mod number;
pub mod text;

/// What was taken for granted in reading a cell, to be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumed {
    /// A year of two digits: 24 is 2024, 85 is 1985.
    Century,
    /// A plain number is a day's serial.
    Serial,
    /// A computed amount was rounded to the fen.
    Rounded,
    /// An ID number of 15 digits was widened to 18.
    Widened,
}
