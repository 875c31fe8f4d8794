//! What screens and the case API show. Names and addresses come in clear inside [`Secret`]; masking
//! is decided here in the server, by who looks.

use doudi_model::secret::Secret;
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Fen, Instant, Text, Verdict, division, household, person};
use doudi_rules::explain::Explanation;
use serde::Serialize;

pub use doudi_feedback::Outcome;
pub use doudi_routing::{MoveKind, State, Step as DueStep};

/// True once the office has taken the case as its own: from then on it sees the name in clear.
#[must_use]
pub fn is_taken(state: State) -> bool {
    !matches!(state, State::Opened | State::Dispatched)
}

/// Whether a move must say to whom.
#[must_use]
pub fn needs_office(kind: MoveKind) -> bool {
    matches!(kind, MoveKind::Transfer | MoveKind::Dispatch)
}

/// Whether a move must say why.
#[must_use]
pub fn needs_reason(kind: MoveKind) -> bool {
    matches!(kind, MoveKind::Transfer | MoveKind::Return | MoveKind::Escalate | MoveKind::Reopen)
}

/// What must be done by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The last day.
    pub by: Day,
    /// Working days from today to that day by the official calendar; 0 is today, negative is overdue by so many.
    pub working_days_left: i32,
    /// What is due.
    pub step: DueStep,
}

/// Where a household lives, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The deepest division known.
    pub code: division::Code,
    /// `双溪村`; the township's name where the village is not known.
    pub village: String,
    /// `桂花镇`.
    pub township: String,
    /// `咸安区`.
    pub county: String,
}

/// An office of the routing tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Office {
    /// Its id in `offices.csv`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The division it serves.
    pub division: division::Code,
    /// Visits it can make in a week; `None` where the table does not say.
    pub visits_per_week: Option<u32>,
}

/// One row of the inbox.
#[derive(Debug, Clone, Serialize)]
pub struct CaseRow {
    /// Eight signs, `K7M2-0412`.
    pub id: String,
    /// The household.
    pub household: household::Id,
    /// Name of the household's head, in clear.
    #[serde(skip)]
    pub head: Option<Secret<String>>,
    /// Where it lives.
    pub place: Place,
    /// The gravest open warning's level.
    pub level: Level,
    /// Which ways its warnings point.
    pub directions: Vec<Direction>,
    /// Categories of its warnings.
    pub categories: Vec<String>,
    /// Why, in one sentence, from the decision; the rules' titles until the row is completed.
    pub why: Text,
    /// What is due next; `None` once closed.
    pub due: Option<Due>,
    /// Where it stands.
    pub state: State,
    /// Id of the office that has it.
    pub lead: String,
    /// Offices that take part.
    pub co: Vec<String>,
    /// Offices that may read it besides: those that passed it on or were told of it.
    pub readers: Vec<String>,
    /// Display name of who took it.
    pub assignee: Option<String>,
    /// Warnings that joined since it was taken.
    pub joined: u32,
    /// Members of the household; `None` if not known.
    pub members: Option<u32>,
    /// Aid it has now, in words.
    pub aid: Vec<Text>,
    /// When it opened.
    pub opened: Instant,
    /// Counts the moves; a move made over an older version is refused.
    pub version: u32,
}

/// A case in full.
#[derive(Debug, Clone, Serialize)]
pub struct CaseView {
    /// What the inbox shows of it.
    pub row: CaseRow,
    /// The lead office.
    pub lead: Office,
    /// Full address, in clear.
    #[serde(skip)]
    pub address: Option<Secret<String>>,
    /// Telephone, in clear; shown masked always.
    #[serde(skip)]
    pub phone: Option<Secret<String>>,
    /// One explanation per open warning, gravest first; those muted by a graver one last.
    pub explanations: Vec<Explanation>,
    /// How many of them, from the end, are muted.
    pub muted: usize,
    /// Sources that have not delivered for too long.
    pub stale: Vec<Text>,
    /// The members.
    pub members: Vec<MemberRow>,
    /// Aid now and before.
    pub aid: Vec<AidRow>,
    /// Earlier findings about this household, newest first.
    pub findings: Vec<FindingRow>,
    /// Everything that happened, newest first.
    pub timeline: Vec<TimelineRow>,
    /// Moves that fit its state, whoever looks.
    pub moves: Vec<MoveKind>,
    /// Offices it could be handed to.
    pub targets: Vec<Office>,
    /// The three deadlines as they stand.
    pub deadlines: Vec<Due>,
    /// Values of sources that the warnings rest on: what a finding can call wrong.
    pub values: Vec<ValueChoice>,
    /// Requests to sources that this case made, newest last.
    pub corrections: Vec<CorrectionRow>,
}

/// A value that a source holds about the household.
#[derive(Debug, Clone, Serialize)]
pub struct ValueChoice {
    /// Fact kind and field, `medical.expense/self_paid`.
    pub id: String,
    /// Both in words.
    pub title: Text,
    /// Id of the office that holds it.
    pub office: String,
}

/// A request to a source to correct a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionRow {
    /// Its case and the step that made it, `K7M2-4C9L.6`.
    pub id: String,
    /// The case.
    pub case: String,
    /// The household.
    pub household: household::Id,
    /// Where it lives.
    pub place: Place,
    /// The office that asks.
    pub asked_by: Office,
    /// The office that holds the value and is to answer.
    pub office: Office,
    /// Fact kind and field, `medical.expense/self_paid`.
    pub what: String,
    /// Both in words.
    pub title: Text,
    /// What is right, as the worker wrote it.
    pub right: String,
    /// The paper it was seen on.
    pub seen_on: String,
    /// The day it was asked.
    pub asked: Day,
    /// The last day for an answer.
    pub due: Day,
    /// Working days from today to that day, negative if it has passed; `None` once answered.
    pub working_days_left: Option<i32>,
    /// Whether it waits for an answer.
    pub open: bool,
    /// The answer.
    pub answer: Option<CorrectionAnswerRow>,
}

/// What a source said to a correction request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionAnswerRow {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// Whether the value was wrong and is corrected.
    pub corrected: bool,
    /// Why not, if not.
    pub reason: String,
}

/// A member of a household.
#[derive(Debug, Clone, Serialize)]
pub struct MemberRow {
    /// Pseudonym.
    pub person: person::Id,
    /// Name, in clear.
    #[serde(skip)]
    pub name: Option<Secret<String>>,
    /// ID number, in clear; shown masked always.
    #[serde(skip)]
    pub number: Option<Secret<String>>,
    /// 户主, 配偶, …
    pub relation: Text,
    /// Completed years.
    pub age: Option<i32>,
    /// 男, 女.
    pub sex: Option<Text>,
    /// What matters for the visit, for example 二级肢体残疾.
    pub notes: Vec<Text>,
}

/// Aid that a household or member has or had.
#[derive(Debug, Clone, Serialize)]
pub struct AidRow {
    /// The scheme.
    pub scheme: Text,
    /// In, tapering, ended.
    pub status: Text,
    /// Since when.
    pub from: Day,
    /// Monthly amount.
    pub monthly: Option<Fen>,
}

/// An earlier finding.
#[derive(Debug, Clone, Serialize)]
pub struct FindingRow {
    /// The day of the visit.
    pub on: Day,
    /// The outcome code.
    pub outcome: Outcome,
    /// The office that found it.
    pub office: Text,
    /// The case it belonged to.
    pub case: String,
}

/// One line of the time line.
#[derive(Debug, Clone, Serialize)]
pub struct TimelineRow {
    /// When.
    pub at: Instant,
    /// Who, display name and office; "系统" for the clock.
    pub who: Text,
    /// What.
    pub what: Text,
    /// Why, in the words of who did it.
    pub why: Option<String>,
}

/// A household for the API and the command line.
#[derive(Debug, Clone, Serialize)]
pub struct HouseholdView {
    /// Its number.
    pub id: household::Id,
    /// Where it lives.
    pub place: Place,
    /// The day it is seen as of.
    pub as_of: Day,
    /// The members.
    pub members: Vec<MemberRow>,
    /// `{"value","unit","unknown"}` by feature, as the contract has it.
    pub features: serde_json::Value,
    /// Verdicts by rule.
    pub verdicts: std::collections::BTreeMap<String, Verdict>,
    /// Weights surely true, and those that could be.
    pub score: (u32, u32),
    /// The level.
    pub level: Option<Level>,
    /// Ids of its cases.
    pub cases: Vec<String>,
    /// Offices that have a case of it.
    pub offices: Vec<String>,
}
