//! What happened to a case: codes and parameters. Sentences are made in [`words`](crate::words).

use doudi_feedback::{Outcome, VisitHow};
use doudi_model::division::Code;
use doudi_model::warning::{self, Closing, Level};
use doudi_model::{Day, FreeText, Instant};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::case;
use crate::correction;
use crate::moves::ReturnCode;
use crate::office;
use crate::plan::Step;

/// One line of the time line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number in the case, from 1.
    pub version: u32,
    /// When.
    pub at: Instant,
    /// The log position that caused it.
    pub position: u64,
    /// Who.
    pub actor: Actor,
    /// What.
    pub what: Happening,
    /// Why, in the actor's words; empty where no reason is asked.
    pub reason: FreeText,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// The case opened, by a row of the plan; no row means the last resort.
    Opened {
        /// `routes.csv:17`.
        row: String,
    },
    /// A warning came in.
    Joined {
        /// The warning.
        warning: warning::Id,
        /// Its rule.
        rule: String,
        /// Its level.
        level: Level,
    },
    /// It went to an office.
    Dispatched {
        /// Which.
        to: office::Id,
    },
    /// Someone took it.
    Acknowledged,
    /// The household was visited.
    Visited {
        /// When.
        on: Day,
        /// At the house or by telephone.
        how: VisitHow,
    },
    /// The finding came in.
    Reported {
        /// What it came to.
        outcome: Outcome,
        /// How many measures of help.
        interventions: u32,
        /// At how many visits nobody was met; 0 if someone was.
        not_reached: u32,
    },
    /// A report was replaced by the one that follows.
    ReportReplaced {
        /// The version of the one that no longer counts.
        version: u32,
    },
    /// It is done.
    Closed {
        /// Why.
        why: CloseReason,
    },
    /// It went to another office.
    Transferred {
        /// From.
        from: office::Id,
        /// To.
        to: office::Id,
    },
    /// It was sent back.
    Returned {
        /// From.
        from: office::Id,
        /// To.
        to: office::Id,
        /// Why.
        code: ReturnCode,
    },
    /// An office above was told.
    Escalated {
        /// Which.
        to: office::Id,
        /// The late step, if the plan told it.
        step: Option<Step>,
        /// Working days late.
        after: i32,
    },
    /// An office was reminded.
    Reminded {
        /// Which.
        to: office::Id,
        /// The step.
        step: Step,
        /// Working days late; negative before the due day.
        after: i32,
    },
    /// It was opened again.
    Reopened,
    /// A warning came in after the report: the work goes on.
    Resumed,
    /// It became graver.
    LevelRaised {
        /// Before.
        from: Level,
        /// After.
        to: Level,
    },
    /// A due day moved.
    DueChanged {
        /// Of which step.
        step: Step,
        /// Before.
        from: Day,
        /// After.
        to: Day,
        /// Because the calendar was published, not because of a graver warning.
        calendar: bool,
    },
    /// A graver warning mutes this one, or no longer does.
    Muted {
        /// The rule.
        rule: String,
        /// Whether it is muted now.
        muted: bool,
    },
    /// A warning closed.
    WarningClosed {
        /// The rule.
        rule: String,
        /// Why.
        why: Closing,
    },
    /// No warning is left, but the case is being worked on.
    NoWarningLeft,
    /// The household moved.
    HouseholdMoved {
        /// From.
        from: Code,
        /// To.
        to: Code,
    },
    /// Another case of the household for the same office came in.
    Merged {
        /// Which.
        from: case::Id,
    },
    /// A warning went to the case of another office.
    WarningLeft {
        /// The rule.
        rule: String,
        /// That office.
        to: office::Id,
    },
    /// A source was asked to correct a value.
    CorrectionAsked {
        /// The request.
        correction: correction::Id,
        /// Which office.
        office: office::Id,
        /// By when.
        due: Day,
    },
    /// The source answered.
    CorrectionAnswered {
        /// The request.
        correction: correction::Id,
        /// Whether the value was wrong and is corrected.
        corrected: bool,
    },
    /// The source did not answer in time.
    CorrectionLate {
        /// The request.
        correction: correction::Id,
        /// Which office.
        office: office::Id,
    },
}

/// Why a case closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseReason {
    /// The finding is in.
    Reported(Outcome),
    /// All its warnings closed or were muted.
    NoWarningLeft,
    /// Its warnings went into another case.
    Merged(case::Id),
}

impl Happening {
    /// A stable code, as in the record.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Happening::Opened { .. } => "opened",
            Happening::Joined { .. } => "joined",
            Happening::Dispatched { .. } => "dispatched",
            Happening::Acknowledged => "acknowledged",
            Happening::Visited { .. } => "visited",
            Happening::Reported { .. } => "reported",
            Happening::ReportReplaced { .. } => "report-replaced",
            Happening::Closed { .. } => "closed",
            Happening::Transferred { .. } => "transferred",
            Happening::Returned { .. } => "returned",
            Happening::Escalated { .. } => "escalated",
            Happening::Reminded { .. } => "reminded",
            Happening::Reopened => "reopened",
            Happening::Resumed => "resumed",
            Happening::LevelRaised { .. } => "level-raised",
            Happening::DueChanged { .. } => "due-changed",
            Happening::Muted { .. } => "muted",
            Happening::WarningClosed { .. } => "warning-closed",
            Happening::NoWarningLeft => "no-warning-left",
            Happening::HouseholdMoved { .. } => "household-moved",
            Happening::Merged { .. } => "merged",
            Happening::WarningLeft { .. } => "warning-left",
            Happening::CorrectionAsked { .. } => "correction-asked",
            Happening::CorrectionAnswered { .. } => "correction-answered",
            Happening::CorrectionLate { .. } => "correction-late",
        }
    }

    /// Whether it changes state or hands, so that who saw the case before is out of date.
    #[must_use]
    pub fn is_move(&self) -> bool {
        matches!(
            self,
            Happening::Opened { .. }
                | Happening::Dispatched { .. }
                | Happening::Acknowledged
                | Happening::Visited { .. }
                | Happening::Reported { .. }
                | Happening::Closed { .. }
                | Happening::Transferred { .. }
                | Happening::Returned { .. }
                | Happening::Reopened
                | Happening::Resumed
                | Happening::Merged { .. }
        )
    }
}
