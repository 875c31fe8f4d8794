//! Notices: what those who watch are told. Codes and ids only, never names.

use doudi_model::warning::Level;
use doudi_model::{Instant, division, person};
use serde::{Deserialize, Serialize};

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its name, derived from its cause, so that a repeat can be told.
    pub id: person::Id,
    /// What happened.
    pub kind: NoticeKind,
    /// The county it happened in.
    pub county: division::Code,
    /// The deepest division known.
    pub division: division::Code,
    /// The office it is for, if it is for one.
    pub office: Option<String>,
    /// The case it is about, if there is one.
    pub case: Option<String>,
    /// The level it shows, if it has one.
    pub level: Option<Level>,
    /// When it happened.
    pub at: Instant,
}

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A warning opened.
    WarningOpened,
    /// A warning closed.
    WarningClosed,
    /// A warning's level changed.
    WarningLevel,
    /// A case opened.
    CaseOpened,
    /// A case changed state or hands.
    CaseMoved,
    /// A warning joined a case.
    CaseWarning,
    /// A case became graver.
    CaseLevel,
    /// A case is overdue, and its office is reminded.
    CaseReminded,
    /// A case is overdue, and the office above is told.
    CaseEscalated,
    /// A case closed.
    CaseClosed,
    /// A correction request opened.
    CorrectionOpened,
    /// A source answered a correction request.
    CorrectionClosed,
    /// A source did not answer a correction request in time.
    CorrectionLate,
}
