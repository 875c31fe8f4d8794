//! What a bundle means: text, checked conditions, features, verdicts with reasons.
//!
//! A condition is text ([`syntax`]), checked against what is declared ([`check`]), lowered to typed IR
//! ([`ir`]) and evaluated ([`scalar`]) to true, false or unknown. Nothing here does I/O or knows a clock.
//!
//! | module | holds |
//! |---|---|
//! | [`syntax`] | text → tree with places, by the `cel` crate's parser |
//! | [`check`] | names, types, units, ranges; refusals |
//! | [`fault`] | what can be wrong with a condition, in words |
//! | [`ir`] | the typed form that every back end reads |
//! | [`condition`], [`quantity`] | checked conditions and expressions, their leaves and values |
//! | [`scalar`] | the back end for one row at a time |
//! | [`analyze`] | what can be said about a bundle without any household |
//! | [`diff`] | what changed between two bundles |
//! | [`catalogue`] | what a bundle watches for, as the tables of its page |
//! | [`sql`] | the back end for SQL engines: the text of a condition, of a whole bundle |
//! | [`eval`] | one line of `doudi rules eval` → its answer |
#![deny(clippy::float_arithmetic)]

pub mod analyze;
pub mod bundle;
pub mod catalogue;
pub mod check;
pub mod condition;
pub mod diff;
pub mod eval;
pub mod evaluate;
mod exact;
pub mod explain;
pub mod fault;
pub mod feature;
pub mod ir;
mod join;
pub mod quantity;
mod row;
pub mod scalar;
pub mod sql;
pub mod syntax;

pub use check::{Environment, Policy, Shape, Type, Variable, compile_condition, compile_expression, nearest};
pub use condition::{Condition, Expression, Leaf, Measure, Part, Value};
pub use fault::{Class, Fault, FaultKind};
pub use ir::{Slot, Unit};
pub use quantity::Quantity;
pub use scalar::{Cell, Marks, Outcome, Scalar};
pub use syntax::Span;
