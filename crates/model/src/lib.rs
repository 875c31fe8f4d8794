//! The words of doudi as types, and nothing else: no I/O, no clock, no randomness.
//!
//! A value that exists is a valid one: days are real days, money is whole fen, a citizen number has
//! passed its check digit. Text is parsed once, at the edge; after that nobody sees a string.
//!
//! | module | holds |
//! |---|---|
//! | [`day`], [`instant`] | civil days and instants, Asia/Shanghai |
//! | [`money`] | whole fen |
//! | [`verdict`] | true, false, unknown |
//! | [`person`], [`household`], [`division`] | who and where |
//! | [`value`], [`fact`] | dated statements and their fields |
//! | [`stage`] | what a stage sees: log entries and keyed state |
//! | [`warning`] | warnings, their levels and directions |
//! | [`digest`] | SHA-256 digests and canonical JSON |
//! | [`text`], [`problem`] | words in two languages; errors as data |
//! | [`secret`], [`mask`] | what may not be printed, and what may be shown of it |
//! | [`free_text`] | what staff write in their own words: sealed wherever it rests |
#![deny(clippy::float_arithmetic)]

pub mod day;
pub mod digest;
pub mod division;
pub mod fact;
pub mod free_text;
pub mod household;
pub mod instant;
pub mod mask;
pub mod money;
pub mod person;
pub mod problem;
pub mod secret;
pub mod stage;
pub mod text;
pub mod value;
pub mod verdict;
pub mod warning;

pub use day::Day;
pub use digest::Digest;
pub use fact::Fact;
pub use free_text::FreeText;
pub use instant::Instant;
pub use money::Fen;
pub use problem::Problem;
pub use text::{Lang, Text};
pub use value::Value;
pub use verdict::Verdict;
