//! What screens and the case API show. Names and addresses come in clear inside [`Secret`]; masking
//! is decided here in the server, by who looks.

use doudi_model::secret::Secret;
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Fen, Instant, Text, Verdict, division, household, person};
use doudi_rules::explain::Explanation;
use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// 待分办: opened, no office has it yet.
    Opened,
    /// 待签收: an office has it.
    Dispatched,
    /// 已签收: seen, mine.
    Acknowledged,
    /// 已走访: the visit is done, its finding not yet complete.
    Visited,
    /// 已登记: the finding is in.
    Reported,
    /// 已结案.
    Closed,
}

impl State {
    /// `opened`, `dispatched`, …
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Opened => "opened",
            State::Dispatched => "dispatched",
            State::Acknowledged => "acknowledged",
            State::Visited => "visited",
            State::Reported => "reported",
            State::Closed => "closed",
        }
    }

    /// True once the office has taken the case as its own: from then on it sees the name in clear.
    #[must_use]
    pub fn is_taken(self) -> bool {
        !matches!(self, State::Opened | State::Dispatched)
    }
}

/// A move of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MoveKind {
    /// 分办: to the office that has it to do.
    Dispatch,
    /// 签收.
    Acknowledge,
    /// 列入计划, or the visit made.
    Visit,
    /// 登记走访结果.
    Report,
    /// 结案.
    Close,
    /// 转办.
    Transfer,
    /// 退回.
    Return,
    /// 督办.
    Escalate,
    /// 重新打开.
    Reopen,
}

impl MoveKind {
    /// All moves.
    pub const ALL: [MoveKind; 9] = [
        MoveKind::Dispatch,
        MoveKind::Acknowledge,
        MoveKind::Visit,
        MoveKind::Report,
        MoveKind::Close,
        MoveKind::Transfer,
        MoveKind::Return,
        MoveKind::Escalate,
        MoveKind::Reopen,
    ];

    /// The name in addresses and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MoveKind::Dispatch => "dispatch",
            MoveKind::Acknowledge => "acknowledge",
            MoveKind::Visit => "visit",
            MoveKind::Report => "report",
            MoveKind::Close => "close",
            MoveKind::Transfer => "transfer",
            MoveKind::Return => "return",
            MoveKind::Escalate => "escalate",
            MoveKind::Reopen => "reopen",
        }
    }

    /// The move of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<MoveKind> {
        MoveKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it must say to whom.
    #[must_use]
    pub fn needs_office(self) -> bool {
        matches!(self, MoveKind::Transfer | MoveKind::Dispatch)
    }

    /// Whether it must say why.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, MoveKind::Transfer | MoveKind::Return | MoveKind::Escalate | MoveKind::Reopen | MoveKind::Close)
    }
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

/// The step a deadline belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DueStep {
    /// 签收.
    Acknowledge,
    /// 走访.
    Visit,
    /// 登记结果.
    Report,
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
    /// Why, in one sentence, from the decision.
    pub why: Text,
    /// What is due next; `None` once closed.
    pub due: Option<Due>,
    /// Where it stands.
    pub state: State,
    /// Id of the office that has it.
    pub lead: String,
    /// Offices that take part.
    pub co: Vec<String>,
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

/// What a visit found. The code is for files; screens show words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 启动低保认定.
    EnteredDibao,
    /// 启动特困认定.
    EnteredTekun,
    /// 启动低保边缘认定.
    EnteredEdge,
    /// 启动刚性支出困难认定.
    EnteredRigid,
    /// 临时救助.
    TemporaryAid,
    /// 转部门.
    Referred,
    /// 一事一议.
    Conference,
    /// 已在享受.
    AlreadyAssisted,
    /// 重复提醒.
    Duplicate,
    /// 生活无困难.
    NoHardship,
    /// 本人不申请.
    Declined,
    /// 未见到人.
    NotReached,
    /// 已迁出.
    Moved,
    /// 已去世.
    Deceased,
    /// 数据有误.
    SourceWrong,
    /// 维持.
    Maintained,
    /// 提高.
    Raised,
    /// 降低.
    Reduced,
    /// 渐退.
    Taper,
    /// 建议停发.
    StopProposed,
}

impl Outcome {
    /// All outcomes, in the order of the form.
    pub const ALL: [Outcome; 20] = [
        Outcome::EnteredDibao,
        Outcome::EnteredTekun,
        Outcome::EnteredEdge,
        Outcome::EnteredRigid,
        Outcome::TemporaryAid,
        Outcome::Referred,
        Outcome::Conference,
        Outcome::AlreadyAssisted,
        Outcome::Duplicate,
        Outcome::NoHardship,
        Outcome::Declined,
        Outcome::NotReached,
        Outcome::Moved,
        Outcome::Deceased,
        Outcome::SourceWrong,
        Outcome::Maintained,
        Outcome::Raised,
        Outcome::Reduced,
        Outcome::Taper,
        Outcome::StopProposed,
    ];

    /// The code in files and JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Outcome::EnteredDibao => "entered-dibao",
            Outcome::EnteredTekun => "entered-tekun",
            Outcome::EnteredEdge => "entered-edge",
            Outcome::EnteredRigid => "entered-rigid",
            Outcome::TemporaryAid => "temporary-aid",
            Outcome::Referred => "referred",
            Outcome::Conference => "conference",
            Outcome::AlreadyAssisted => "already-assisted",
            Outcome::Duplicate => "duplicate",
            Outcome::NoHardship => "no-hardship",
            Outcome::Declined => "declined",
            Outcome::NotReached => "not-reached",
            Outcome::Moved => "moved",
            Outcome::Deceased => "deceased",
            Outcome::SourceWrong => "source-wrong",
            Outcome::Maintained => "maintained",
            Outcome::Raised => "raised",
            Outcome::Reduced => "reduced",
            Outcome::Taper => "taper",
            Outcome::StopProposed => "stop-proposed",
        }
    }

    /// The outcome of a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// Whether the person must have been heard first: what lessens aid.
    #[must_use]
    pub fn needs_hearing(self) -> bool {
        matches!(self, Outcome::Reduced | Outcome::Taper | Outcome::StopProposed)
    }
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
