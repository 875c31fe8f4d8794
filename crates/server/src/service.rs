//! What the server needs of the house behind it, as one trait: a store with the stages in it, or a
//! map in memory for tests and previews.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Bytes;
use doudi_engine::admit::envelope::Envelope;
use doudi_model::warning::Level;
use doudi_model::{Day, Fen, Instant, Problem, division, household};
use doudi_rules::explain::Explanation;
use serde::{Deserialize, Serialize};

pub use doudi_store::house::Measured;

use crate::auth::Role;
use crate::view::{CaseRow, CaseView, CorrectionRow, HouseholdView, MoveKind, Office, Outcome, State};

/// The answer of a service, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Why a service did not do what was asked.
#[derive(Debug, Clone)]
pub enum Fault {
    /// There is no such thing.
    NotFound,
    /// Someone else moved the case meanwhile; the problem says who did what when.
    Conflict(Box<Problem>),
    /// It may not be done so; the problem says why and how else.
    Refused(Box<Problem>),
    /// Too much at once; try again shortly.
    Busy,
    /// The house cannot do it now (disk full, closing). The text is for the log, not for the screen.
    Unavailable(String),
}

/// One event as it arrived, with its bytes for the dead letters.
#[derive(Debug)]
pub struct Arrival {
    /// The envelope, or why there is none.
    pub envelope: Result<Envelope, Problem>,
    /// The event as structured JSON (or whatever was sent in its place). Cheap to clone.
    pub bytes: Bytes,
}

/// What became of a batch. All that is counted as accepted is on disk.
#[derive(Debug, Default)]
pub struct Receipt {
    /// Newly admitted.
    pub accepted: usize,
    /// Known already.
    pub duplicates: usize,
    /// Index in the batch and why; these are in the dead letters.
    pub refused: Vec<(usize, Problem)>,
    /// Index in the batch, of accepted events that their sender is to look at, and why.
    pub notices: Vec<(usize, Problem)>,
    /// How far the log reaches with them.
    pub position: String,
}

/// Which cases to list.
#[derive(Debug, Clone, Default)]
pub struct CaseQuery {
    /// Only those this office leads or takes part in.
    pub office: Option<String>,
    /// Only those within this division.
    pub within: Option<division::Code>,
    /// Closed ones too.
    pub closed: bool,
}

/// Who acts or looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Account name.
    pub account: String,
    /// Name as colleagues see it.
    pub display: String,
    /// In which role.
    pub role: Role,
    /// Id of the office.
    pub office: String,
}

/// A move that someone orders.
#[derive(Debug, Clone)]
pub struct MoveOrder {
    /// The case.
    pub case: String,
    /// The move.
    pub kind: MoveKind,
    /// Who.
    pub actor: Actor,
    /// Why, in their words.
    pub reason: Option<String>,
    /// To which office, for a transfer or dispatch.
    pub to: Option<String>,
    /// Code of why it goes back, for a return.
    pub code: Option<ReturnCode>,
    /// The version they saw; `None` moves whatever is there.
    pub version: Option<u32>,
    /// A key that makes the order count once, however often it is sent.
    pub once: String,
    /// The visit alone, for a visit.
    pub visit: Option<Visit>,
    /// What the visit found, for a report.
    pub finding: Option<Finding>,
    /// To which correction request, for an answer.
    pub answer: Option<Answered>,
}

/// What the office that holds a value says to a correction request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Which request.
    pub correction: String,
    /// Whether the value was wrong and is corrected.
    pub corrected: bool,
}

impl MoveOrder {
    /// The order that answers a correction request of a case.
    #[must_use]
    pub fn answer(case: String, actor: Actor, reason: Option<String>, once: String, answer: Answered) -> MoveOrder {
        MoveOrder {
            case,
            kind: MoveKind::Answer,
            actor,
            reason,
            to: None,
            code: None,
            version: None,
            once,
            visit: None,
            finding: None,
            answer: Some(answer),
        }
    }
}

pub use doudi_feedback::Visit;
pub use doudi_routing::ReturnCode;

/// What a visit found.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The day of the visit.
    pub on: Day,
    /// The investigators' names, one or two.
    pub investigators: Vec<String>,
    /// Whom they met.
    #[serde(default)]
    pub met: String,
    /// 入户 or 电话.
    pub way: Way,
    /// The conclusion.
    pub outcome: Outcome,
    /// What was done, if anything.
    #[serde(default)]
    pub interventions: Vec<Intervention>,
    /// What the person said when heard, before aid is lessened.
    #[serde(default)]
    pub hearing: Option<String>,
    /// Which data is wrong.
    #[serde(default)]
    pub correction: Option<Correction>,
    /// Anything else, in their words.
    #[serde(default)]
    pub remarks: String,
}

/// How a household was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// 入户.
    Visit,
    /// 电话.
    Phone,
}

/// One measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intervention {
    /// What, for example 临时救助金.
    pub kind: String,
    /// Which department gives it.
    pub department: String,
    /// How much; `None` for what has no amount.
    pub amount: Option<Fen>,
    /// Monthly rather than once.
    #[serde(default)]
    pub monthly: bool,
    /// From when.
    pub from: Option<Day>,
}

/// Which value of a source is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Which value: fact kind and field, `medical.expense/self_paid`.
    pub what: String,
    /// What is right.
    pub right: String,
    /// Seen on what paper.
    pub seen_on: String,
}

/// What a move led to.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Where the case stands now.
    pub state: State,
    /// Its version now.
    pub version: u32,
    /// Another case of the same village to do next, for the receipt.
    pub next: Option<String>,
}

/// A look at a person by a person, for the access log.
#[derive(Debug, Clone)]
pub struct Look {
    /// Who.
    pub actor: Actor,
    /// Which household.
    pub household: household::Id,
    /// In which case, if any.
    pub case: Option<String>,
    /// What for: `case`, `print`, `api`.
    pub purpose: &'static str,
}

/// News for screens: ids and codes, never names.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// Order of all notices, stable over restarts.
    pub seq: u64,
    /// What happened: `warning-opened`, `case-opened`, `case-moved`, …
    pub kind: String,
    /// Where.
    #[serde(skip)]
    pub division: division::Code,
    /// The office whose case it is.
    #[serde(skip)]
    pub office: Option<String>,
    /// The case.
    pub case: Option<String>,
    /// Its level.
    pub level: Option<Level>,
    /// Where it stands now, if that is known.
    pub state: Option<State>,
    /// When.
    pub at: Instant,
}

/// What a subscriber hears.
#[derive(Debug, Clone)]
pub enum Heard {
    /// The next notice.
    Notice(Notice),
    /// Notices were lost to this subscriber; look at the lists again.
    Gap,
}

/// How far the house has come.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Whether it takes in and applies.
    pub ready: bool,
    /// Code of the fault that stopped it, if one did.
    pub stopped: Option<String>,
    /// Entries in the log.
    pub position: u64,
    /// Entries not yet applied.
    pub lag: u64,
    /// Whether households are left to look at because of a day, a delivery or another bundle.
    pub pending: bool,
    /// Newest notice; 0 before the first.
    pub notice: u64,
}

/// Figures for metrics and the operator's page.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Bytes of the record file.
    pub record_bytes: u64,
    /// Open warnings by category and level.
    pub warnings_open: Vec<(String, Level, u64)>,
    /// Cases by county and state.
    pub cases: Vec<(division::Code, State, u64)>,
    /// Overdue cases by county.
    pub overdue: Vec<(division::Code, u64)>,
    /// Seconds since a source's last accepted event, however it came, also from before the start.
    pub source_age_seconds: Vec<(String, u64)>,
    /// Dead letters not yet dealt with, by reason.
    pub dead_letters: Vec<(String, u64)>,
}

/// The house behind the server.
pub trait Service: Send + Sync + 'static {
    /// Admits a batch; answers when what was accepted is on disk.
    fn admit(&self, batch: Vec<Arrival>) -> Answer<'_, Receipt>;

    /// Lists cases, in no particular order, without what only [`Service::complete`] knows.
    fn cases(&self, query: CaseQuery) -> Answer<'_, Vec<CaseRow>>;

    /// Fills in name, reason, members and aid of the rows that are shown.
    fn complete(&self, rows: Vec<CaseRow>) -> Answer<'_, Vec<CaseRow>>;

    /// One case.
    fn case<'a>(&'a self, id: &'a str) -> Answer<'a, CaseView>;

    /// All correction requests, answered or not, in no order.
    fn corrections(&self) -> Answer<'_, Vec<CorrectionRow>>;

    /// Moves a case; answers when the move is on disk and applied.
    fn order(&self, order: MoveOrder) -> Answer<'_, Moved>;

    /// One household, as of a day or today.
    fn household<'a>(&'a self, id: &'a household::Id, as_of: Option<Day>) -> Answer<'a, HouseholdView>;

    /// Why each rule answers as it does about a household.
    fn explanation<'a>(&'a self, id: &'a household::Id, as_of: Option<Day>) -> Answer<'a, Vec<Explanation>>;

    /// Writes a look into the access log.
    fn look(&self, look: Look) -> Answer<'_, ()>;

    /// Notices after `after`, then new ones as they come. Called once by the server, which fans out itself.
    fn subscribe(&self, after: Option<u64>) -> tokio::sync::mpsc::Receiver<Heard>;

    /// How far it has come. Cheap.
    fn progress(&self) -> Progress;

    /// Hands what is measured from now on to a counter, which must not wait. By default nothing is measured.
    fn meter(&self, counter: Box<dyn Fn(&Measured<'_>) + Send + Sync>) {
        drop(counter);
    }

    /// Figures as they stand. Reads all cases.
    fn counts(&self) -> Answer<'_, Counts>;

    /// Lets days pass in the log when the calendar day has changed. Called every few seconds.
    fn tick(&self) -> Answer<'_, ()>;

    /// All divisions.
    fn divisions(&self) -> Arc<division::Tree>;

    /// All offices.
    fn offices(&self) -> Arc<Vec<Office>>;

    /// The clock of the house.
    fn now(&self) -> Instant;
}
