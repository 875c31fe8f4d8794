//! What staff found and did, and what that says about the rules.
//!
//! A [`finding::Report`] is what comes back from a visit: one [`outcome::Outcome`], the interventions, the hearing
//! where one is due. [`facts::facts_of`] turns it into facts that change the next verdicts; [`report`] counts per rule
//! how often it was right; [`measure`] says when to look whether the help helped.
//!
//! | module | holds |
//! |---|---|
//! | [`outcome`] | the outcome codes, their groups and words, and what each says about the warning |
//! | [`finding`] | reports, findings, interventions, hearings |
//! | [`facts`] | a report as facts, with names derived from their cause |
//! | [`measure`] | when outcomes are measured, and the comparison of before and after |
//! | [`report`] | per rule: true, false, pending; precision with an interval, in whole numbers |
//!
//! Knows nothing of cases or offices: whoever calls says which case and which step a report belongs to.
#![deny(clippy::float_arithmetic)]

pub mod facts;
pub mod finding;
pub mod measure;
pub mod outcome;
pub mod report;

pub use facts::{Cause, facts_of};
pub use finding::{Finding, Hearing, Intervention, Report, Schedule, Visit, VisitHow, WrongValue};
pub use outcome::{Group, Judgement, Outcome};
