//! Where bytes rest: journal, state, record, vault, Kafka as a source.
//!
//! Start at [`house`]: it puts the other rooms together and runs a [`machine::Machine`] over them.
//!
//! | module | holds |
//! |---|---|
//! | [`entry`], [`intake`] | what goes into the log, and how an event becomes that |
//! | [`log`], [`journal`], [`history`] | the log, its embedded kind, and reading it back |
//! | [`state`], [`books`], [`digest`] | keyed state, what the house itself keeps there, its digests |
//! | [`record`] | decisions on record |
//! | [`outbox`], [`notice`] | what those who watch are told |
//! | [`keys`], [`vault`] | what identifies a person |
//! | [`bundles`] | every bundle that ever decided |
//! | [`clock`] | the only wall clock |
//! | [`kafka`] | Kafka as a source |
//! | [`stages`] | the machine that doudi runs: resolve, score, desk |
//! | [`fault`], [`lock`] | what can go wrong; one process per directory |

pub mod books;
pub mod bundles;
pub mod clock;
pub mod digest;
mod disk;
mod drawer;
pub mod entry;
pub mod fault;
pub mod history;
pub mod house;
pub mod inspect;
pub mod intake;
pub mod journal;
pub mod kafka;
pub mod keys;
pub mod lock;
pub mod log;
pub mod machine;
mod names;
pub mod notice;
pub mod outbox;
pub mod record;
pub mod stages;
pub mod state;
pub mod vault;

pub use entry::{Admitted, Body, DeadLetter, Entry, KafkaOrigin};
pub use fault::Fault;
pub use house::{House, Options, Placed};
pub use intake::Intake;
pub use machine::{Machine, Reply, Step};
pub use notice::{Notice, NoticeKind};
