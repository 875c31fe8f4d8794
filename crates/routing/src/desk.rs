//! The desk stage: warnings, moves and days become cases.
//!
//! `(state, plan, entry) → effects`. Equal inputs give equal effects, on every machine; every effect's name is derived
//! from its cause, so a repeat can be told.
//!
//! | what comes in | what happens |
//! |---|---|
//! | a warning opens | it joins the household's open case at the lead office, or a case opens and is dispatched |
//! | it becomes graver | level and deadlines of the case tighten; they never loosen within a round |
//! | it is muted, or closes | it counts no more |
//! | no warning counts any more | a case that nobody has acknowledged closes itself; one that is being worked on gets a line in its time line, and the worker closes it |
//! | the report was in and a warning joins | the case goes on in a new round, back at `acknowledged` |
//! | the household moved to where another office leads | the case is transferred by the plan, and merged if that office already has one; a reported case stays |
//! | a move | see [`moves`](crate::moves) |
//! | a day's tick | reminders, escalations, late corrections, and due days that waited for the calendar |

mod moving;
mod place;
mod tick;
mod warnings;

use doudi_model::division::Code;
use doudi_model::stage::{At, State, StateFault};
use doudi_model::{Day, Fact, Problem, household, warning};

use crate::case::Case;
use crate::index;
use crate::moves::{MoveDone, MoveRequest};
use crate::notice::{self, Notice};
use crate::plan::Plan;
use crate::record;

/// What the desk takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Something happened to a warning.
    Warning(warning::Change),
    /// Someone asks for a move.
    Move(Box<MoveRequest>),
    /// A day began.
    Tick(Day),
    /// A household moved. Not needed where a warning's change says so too.
    HouseholdMoved {
        /// Which.
        household: household::Id,
        /// Where it lives now.
        division: Code,
    },
}

/// What comes of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    /// Entries of the record, in order.
    pub records: Vec<serde_json::Value>,
    /// Notices, in order.
    pub notices: Vec<Notice>,
    /// Facts that findings make, to be resolved and scored.
    pub facts: Vec<Fact>,
    /// The answer to a move.
    pub reply: Option<Result<MoveDone, Problem>>,
}

/// One entry of the log.
///
/// # Errors
/// Only if the state cannot be read or written. What an actor may not do is a reply, not an error.
pub fn apply(state: &mut dyn State, plan: &Plan, at: At, input: Input) -> Result<Effects, StateFault> {
    let mut desk = Desk { state, plan, at, effects: Effects::default() };
    match input {
        Input::Warning(change) => desk.warning(&change)?,
        Input::Move(request) => desk.make(&request)?,
        Input::Tick(day) => desk.tick(day)?,
        Input::HouseholdMoved { household, division } => desk.relocate_all(&household, division)?,
    }
    Ok(desk.effects)
}

/// The stage at work on one entry.
struct Desk<'a> {
    state: &'a mut dyn State,
    plan: &'a Plan,
    at: At,
    effects: Effects,
}

impl Desk<'_> {
    fn day(&self) -> Day {
        self.at.day()
    }

    /// Writes a case; each new line of its time line becomes an entry of the record and, where others must hear of it, a
    /// notice.
    fn commit(&mut self, old: Option<&Case>, mut case: Case) -> Result<Case, StateFault> {
        case.look = tick::next_look(self.plan, &case);
        let seen = old.map_or(0, |old| old.version);
        for entry in case.timeline.iter().filter(|entry| entry.version > seen) {
            self.effects.records.push(record::entry(&case, entry));
            self.effects.notices.extend(notice::notice(&case, entry, old.is_none()));
        }
        index::save(self.state, old, &case)?;
        Ok(case)
    }
}
