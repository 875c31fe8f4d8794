//! Everything around the code: set-up of a machine, the lanes of `cargo xtask test`, a real Kafka for tests.
//!
//! The crate has no dependencies, so `cargo xtask` answers seconds after a clone, before anything heavy is built.
//!
//! - [`setup`]: what a machine must have, and how it gets it.
//! - [`lane`]: the steps of `cargo xtask test`, and the summary that hides none of them.
//! - [`demo`]: `cargo xtask demo`, and the same command as a step of the lane.
//! - [`readme`]: runs the command blocks of the README and compares what they print.
//! - [`broker`]: Apache Kafka from its Maven jars; tests of other crates use it as a library.
//! - [`python`]: DuckDB, ClickHouse and Spark for tests of our SQL, installed under the target folder.
//! - [`tool`]: running other programs, paths.

pub mod broker;
pub mod demo;
pub mod lane;
pub mod python;
pub mod readme;
pub mod setup;
pub mod tool;
