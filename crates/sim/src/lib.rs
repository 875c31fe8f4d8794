//! A simulated Xianning: people who do not exist, on divisions that do, with a known truth.
//!
//! Chance comes from a seed alone: the same seed and options give the same bytes on every machine. Nothing here reads
//! a file or a clock, and no float is used. Names are put together from a list that nobody is named after; nobody can
//! have the ID numbers (see `README.md`).
//!
//! | module | holds |
//! |---|---|
//! | [`world`] | [`World`]: options, people, events in order of arrival |
//! | [`story`] | what can really happen to a household, and which rule must notice |
//! | [`generate`] | people, incomes, departments' events, faults on the way |
//! | [`truth`] | what is so, to hold outcomes against |
//! | [`live`] | [`Live`]: today's events without end, to watch |
//! | [`load`] | [`Load`]: many events fast, to measure |
//! | [`invariants`] | checks of outcomes against the truth |
//! | [`rng`] | chance with a seed |
#![deny(clippy::float_arithmetic)]
#![allow(clippy::inconsistent_digit_grouping, reason = "amounts are in fen: the last two digits are apart")]

pub mod generate;
pub mod invariants;
pub mod live;
pub mod load;
pub mod rng;
pub mod story;
pub mod truth;
pub mod world;

pub use live::Live;
pub use load::Load;
pub use rng::Rng;
pub use story::{Plot, Story};
pub use truth::Truth;
pub use world::{Options, World};
