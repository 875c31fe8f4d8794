//! What others are told: ids and codes, never a name.

use doudi_model::digest::Hasher;
use doudi_model::division::Code;
use doudi_model::warning::Level;
use doudi_model::{Instant, person};
use serde::{Deserialize, Serialize};

use crate::case::{self, Case};
use crate::office;
use crate::timeline::{Entry, Happening};

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A case opened.
    CaseOpened,
    /// A case changed state or hands.
    CaseMoved,
    /// A warning joined a case.
    CaseWarning,
    /// A case became graver.
    CaseLevel,
    /// An office is reminded of a case.
    CaseReminded,
    /// An office above is told of a case.
    CaseEscalated,
    /// A case closed.
    CaseClosed,
    /// A source is asked to correct a value.
    CorrectionOpened,
    /// A source answered.
    CorrectionAnswered,
    /// A source did not answer in time.
    CorrectionLate,
}

/// One notice. Its name is derived from its cause, so a receiver can tell a repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its name.
    pub id: person::Id,
    /// What it says.
    pub kind: NoticeKind,
    /// The household's county.
    pub county: Code,
    /// Where the household lives.
    pub division: Code,
    /// The office that is told.
    pub office: office::Id,
    /// The case.
    pub case: case::Id,
    /// The case's level.
    pub level: Level,
    /// When.
    pub at: Instant,
}

/// The name of an effect, derived from the case and the step that caused it.
#[must_use]
pub fn effect_id(purpose: &str, case: &case::Id, version: u32) -> person::Id {
    let mut hasher = Hasher::new();
    hasher.part(purpose.as_bytes()).part(case.as_str().as_bytes());
    let full = hasher.part(&version.to_be_bytes()).finish();
    let mut short = [0_u8; 16];
    for (to, from) in short.iter_mut().zip(full.0) {
        *to = from;
    }
    person::Id(short)
}

/// The notice of one new line of a time line; lines of a case that has only just opened are all told by its opening.
pub(crate) fn notice(case: &Case, entry: &Entry, is_new: bool) -> Option<Notice> {
    let (kind, office) = told(&entry.what, &case.lead)?;
    if is_new && kind != NoticeKind::CaseOpened {
        return None;
    }
    Some(Notice {
        id: effect_id("notice", &case.id, entry.version),
        kind,
        county: case.division.county(),
        division: case.division,
        office: office.clone(),
        case: case.id.clone(),
        level: case.level,
        at: entry.at,
    })
}

fn told<'a>(what: &'a Happening, lead: &'a office::Id) -> Option<(NoticeKind, &'a office::Id)> {
    Some(match what {
        Happening::Opened { .. } => (NoticeKind::CaseOpened, lead),
        Happening::Joined { .. } | Happening::Merged { .. } => (NoticeKind::CaseWarning, lead),
        Happening::Dispatched { to } => (NoticeKind::CaseMoved, to),
        Happening::Acknowledged
        | Happening::Visited { .. }
        | Happening::Reported { .. }
        | Happening::Reopened
        | Happening::Resumed => (NoticeKind::CaseMoved, lead),
        Happening::Transferred { to, .. } | Happening::Returned { to, .. } => (NoticeKind::CaseMoved, to),
        Happening::Closed { .. } => (NoticeKind::CaseClosed, lead),
        Happening::Escalated { to, .. } => (NoticeKind::CaseEscalated, to),
        Happening::Reminded { to, .. } => (NoticeKind::CaseReminded, to),
        Happening::LevelRaised { .. } => (NoticeKind::CaseLevel, lead),
        Happening::CorrectionAsked { office, .. } => (NoticeKind::CorrectionOpened, office),
        Happening::CorrectionAnswered { .. } => (NoticeKind::CorrectionAnswered, lead),
        Happening::CorrectionLate { office, .. } => (NoticeKind::CorrectionLate, office),
        Happening::ReportReplaced { .. }
        | Happening::DueChanged { .. }
        | Happening::Muted { .. }
        | Happening::WarningClosed { .. }
        | Happening::NoWarningLeft
        | Happening::HouseholdMoved { .. }
        | Happening::WarningLeft { .. } => return None,
    })
}
