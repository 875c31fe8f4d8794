//! The SQL back end: conditions as text for engines that hold a population larger than one machine.
//!
//! Unknown is NULL. What SQL engines do differently, or otherwise than the scalar back end, is settled in the text:
//!
//! | case | here |
//! |---|---|
//! | a choice by an unknown condition | NULL, where a plain `CASE` would take its `ELSE` |
//! | `LEAST`, `GREATEST` with a NULL | NULL, though DuckDB and Spark leave NULLs out |
//! | `IN` with a NULL among the elements | as the `OR` of its equalities; ClickHouse gets them written out |
//! | a quotient | truncated by each engine's own operator, then rounded as the rule says, on both sides of zero |
//! | division by zero | NULL |
//! | whole numbers | 128 bits or 38 digits, so nothing that the checker lets pass overflows |
//! | dates | days since 1970-01-01 |
//! | text | compared by bytes, which is the order of code points |
//! | a name or a text | quoted by the dialect's own rules |
//!
//! A subterm that has to stand twice becomes a column of its own, so the text grows with the condition and no faster.
//! Spark's quotients have 32 digits at most; a longer one stops the query. ClickHouse's dates begin in 1900, so no input
//! of it can hold an earlier one.
//!
//! The text is exact while every input lies within its declared range; the bundle's script has a view that lists
//! what does not.
//!
//! | module | holds |
//! |---|---|
//! | `dialect` | names, literals, types and functions of one engine |
//! | `lower` | IR → text |
//! | `select` | columns that rest on each other → one `SELECT` |
//! | `given` | rows of values as a table |
//! | `script` | a whole bundle as views: standards, verdicts, score, level |

mod dialect;
mod given;
mod lower;
mod script;
mod select;

pub use dialect::Dialect;
pub use given::{Given, Source};
pub use lower::Draft;
pub use script::{rows, rule, script};
pub use select::{Column, Role, Select};
