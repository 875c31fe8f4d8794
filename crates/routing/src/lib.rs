//! Warnings become cases: which office, by when, and what it did.
//!
//! Start at [`desk::apply`]: `(state, plan, entry) → effects`. It opens cases, joins warnings to them, takes what staff
//! record, and on each day's tick reminds and escalates. A [`plan::Plan`] is proven total when it is loaded. Each move
//! of a case is a file in [`moves`]; the life cycle is the table [`case::transition`].
//!
//! | module | holds |
//! |---|---|
//! | [`calendar`] | working days, and deadlines counted in them |
//! | [`office`] | offices and who stands above whom |
//! | [`plan`] | the routing tables, proven total; where one warning goes |
//! | [`number`] | case numbers with a check sign |
//! | [`case`], [`timeline`] | a case, its life cycle, what happened to it |
//! | [`actor`], [`moves`] | who may do what; one file per move |
//! | [`desk`] | the stage: warnings, moves, ticks |
//! | [`index`] | where cases are found |
//! | [`canonical`] | what the desk knows, equal in whatever house |
//! | [`correction`] | requests to a source to mend a value |
//! | [`notice`] | what others are told, in ids and codes |
//! | [`words`] | codes as sentences, Chinese and English |
//!
//! INVARIANTS: knows no clock; deadlines come from the calendar and the entry's instant. One open case per household and
//! lead office. No case without an office. Nothing here ends aid.
//!
//! To add a move: a file in `moves/`, its row in [`case::transition`], a row in `tests/moves.rs`.
#![deny(clippy::float_arithmetic)]
#![allow(clippy::result_large_err, reason = "a refused move is rare, and its problem is passed on whole")]

pub mod actor;
pub mod calendar;
pub mod canonical;
pub mod case;
pub mod correction;
pub mod desk;
pub mod index;
pub mod moves;
pub mod notice;
pub mod number;
pub mod office;
pub mod plan;
mod record;
mod table;
pub mod timeline;
pub mod words;

pub use actor::{Actor, Role};
pub use calendar::Calendar;
pub use case::{Case, State};
pub use correction::Correction;
pub use desk::{Effects, Input, apply};
pub use moves::{CorrectionAnswer, Detail, MoveDone, MoveKind, MoveRequest, ReturnCode};
pub use notice::{Notice, NoticeKind};
pub use office::{Office, Offices};
pub use plan::{Plan, Route, Step};
