//! What the house runs: a deterministic machine over the log, and what comes out of a step.

use std::time::Duration;

use doudi_model::Problem;
use doudi_model::stage::{At, State, StateFault};

use crate::entry::Body;
pub use crate::notice::{Notice, NoticeKind};

/// All stages as one function over the state: equal entries in equal order give equal states and steps.
///
/// The number that the next entry of the record gets is in the state, see [`Books`](crate::books::Books).
pub trait Machine: Send {
    /// Applies one entry. The house has already noted the event's name, identities, dead letters and offsets.
    ///
    /// # Errors
    /// If the state cannot be read; the house then stops, and nothing of the entry's batch is kept.
    fn apply(&mut self, state: &mut dyn State, at: At, body: &Body) -> Result<Step, StateFault>;

    /// Whether applied entries have left work behind, for which the house is to write a [`Body::Sweep`].
    ///
    /// # Errors
    /// If the state cannot be read.
    fn pending(&self, state: &dyn State) -> Result<bool, StateFault> {
        let _ = state;
        Ok(false)
    }
}

/// What one entry caused.
#[derive(Debug, Default)]
pub struct Step {
    /// Entries for the record: JSON objects. The house adds `seq`, and `position` where it is missing, and files those
    /// with a member `household` under it.
    pub records: Vec<serde_json::Value>,
    /// What those who watch are told.
    pub notices: Vec<Notice>,
    /// The answer to a move.
    pub reply: Option<Reply>,
    /// How long its stages took; for counting alone.
    pub spent: Option<Spent>,
}

/// How long the stages took over one entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Finding the household, reading features, answering rules.
    pub score: Duration,
    /// The same for a portion of households that a day or a bundle touches.
    pub sweep: Duration,
    /// Making and moving cases.
    pub desk: Duration,
}

/// The answer to a move: what it led to, or why it was refused.
pub type Reply = Result<serde_json::Value, Problem>;
