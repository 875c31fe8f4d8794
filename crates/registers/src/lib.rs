//! Tables of offices become facts.
//!
//! A file is opened to cells ([`open`]), a sheet's header is found and matched with a register of the bundle
//! ([`table::header`]), each row is told apart into data, not data, and unreadable ([`table`]), and data becomes
//! CloudEvents that take the ordinary way in ([`event`]). Parsing one cell ([`parse`]) is pure: no I/O, no clock.
//!
//! | module | holds |
//! |---|---|
//! | [`cell`] | cells, rows, sheets, whatever file they came from |
//! | [`open`] | files to cells, within bounds: `.xlsx .xls .ods`, and text with separators |
//! | [`parse`] | one cell to money, a day, an ID number, a count |
//! | [`table`] | a sheet under a register: header, rows, what is no data, what cannot be read |
//! | [`event`] | a row to events |
//! | [`suggest`] | a mapping proposed for an unknown table |
//! | [`fault`] | why a cell or a file cannot be read, in words |
#![deny(clippy::float_arithmetic)]

pub mod cell;
pub mod event;
pub mod fault;
pub mod open;
pub mod parse;
pub mod suggest;
pub mod table;

pub use cell::{Book, Cell, Sheet};
pub use fault::Fault;
pub use table::{Table, read};
