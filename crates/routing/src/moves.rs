//! Moves of a case: what someone asks for, and whether it may be.
//!
//! One file per move. `judge` checks what all moves have in common, in this order: the once-only key, texts, the
//! actor's role and office, how the office stands to the case, the version, the state, the reason. Then the move's
//! own file checks its detail and changes the case.
//!
//! | move | from | to | who | needs |
//! |---|---|---|---|---|
//! | `dispatch` | opened | dispatched | the dispatcher or an office over it | `to_office` |
//! | `acknowledge` | dispatched | acknowledged | lead, or over | |
//! | `visit` | acknowledged, visited | visited | lead, co, over | `visit` |
//! | `report` | acknowledged (with a visit), visited, reported | reported; visited if it settles nothing | lead, co, over | `report`; a hearing before aid may go down |
//! | `close` | any open | closed | lead, over | a report, or no warning left and a reason |
//! | `transfer` | any open | dispatched | lead, over | `to_office`, reason |
//! | `return` | dispatched, acknowledged, visited | opened at a dispatcher, else dispatched | lead, over | `return_code`, reason |
//! | `escalate` | any open | the same | lead, over, told | reason |
//! | `reopen` | closed | dispatched | lead, over | reason |
//! | `answer` | any | the same | the office asked for a correction | `answer`; a reason if it is not corrected |
//!
//! Over: the county's or city's own office, within its subtree.
//!
//! **Once.** A move that was made is answered again under its key without being made again; the same key with other
//! content is refused. A refusal changes nothing and is not kept: asked again, it is judged again.

mod acknowledge;
mod answer;
mod close;
mod dispatch;
mod escalate;
mod refusal;
mod reopen;
mod report;
mod r#return;
mod texts;
mod transfer;
mod visit;

use doudi_feedback::{Report, Visit};
use doudi_model::stage::{self, At, StateFault};
use doudi_model::value::Sealed;
use doudi_model::{Day, Digest, FreeText, Instant, Problem};
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Standing, standing};
use crate::case::{self, Case, State, transition};
use crate::correction::{self, Correction};
use crate::office;
use crate::plan::{Plan, Step};

pub(crate) use refusal::{no_case, once_reused};

/// Checks the once-only key and the texts of a request, before it is sealed and written down anywhere.
///
/// # Errors
/// If a text is too long or holds an ID number.
pub fn check_texts(request: &MoveRequest) -> Result<(), Problem> {
    texts::check(request)
}

/// What can be done with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MoveKind {
    /// 分办.
    Dispatch,
    /// 签收.
    Acknowledge,
    /// 走访.
    Visit,
    /// 反馈.
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
    /// 答复更正: the office that holds a value answers a correction request.
    Answer,
}

/// Why a case goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnCode {
    /// 不属本单位职责.
    NotOurs,
    /// 户不在本辖区.
    NotHere,
    /// 信息不足，无法办理.
    TooLittle,
    /// 其他.
    Other,
}

/// One move that someone asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveRequest {
    /// Which case.
    pub case: case::Id,
    /// What.
    pub kind: MoveKind,
    /// Who asks.
    pub actor: Actor,
    /// Why; may be empty where the move asks for none.
    #[serde(default)]
    pub reason: FreeText,
    /// The once-only key, 1 to 128 signs: the same key is the same move.
    pub once: String,
    /// The version that the actor saw; `None` if the actor does not say.
    #[serde(default)]
    pub expected_version: Option<u32>,
    /// What the move needs besides.
    #[serde(default)]
    pub detail: Detail,
}

/// What single moves need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// `dispatch`, `transfer`: to which office; `escalate`: to which, if not the next above.
    #[serde(default)]
    pub to_office: Option<office::Id>,
    /// `return`: why.
    #[serde(default)]
    pub return_code: Option<ReturnCode>,
    /// `visit`, and `report` if the visit was not recorded before.
    #[serde(default)]
    pub visit: Option<Visit>,
    /// `report`: finding, interventions, hearing.
    #[serde(default)]
    pub report: Option<Report>,
    /// `answer`: to which request, and what.
    #[serde(default)]
    pub answer: Option<CorrectionAnswer>,
}

/// The answer to a correction request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionAnswer {
    /// Which request.
    pub correction: correction::Id,
    /// Whether the value was wrong and is corrected at the source.
    pub corrected: bool,
}

/// What a move came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveDone {
    /// The case.
    pub case: case::Id,
    /// The move.
    pub kind: MoveKind,
    /// The state after it.
    pub state: State,
    /// The office that holds the case after it.
    pub lead: office::Id,
    /// The version after it.
    pub version: u32,
    /// The case into which this one went, if the household already had one at that office.
    pub merged_into: Option<case::Id>,
    /// When it was made.
    pub at: Instant,
}

/// A move that was made, kept so that its repeat is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The once-only key.
    pub once: String,
    /// Digest of the request.
    pub request: Digest,
    /// The answer.
    pub done: MoveDone,
}

/// What a move is judged by.
pub(crate) struct Context<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) at: At,
    pub(crate) request: &'a MoveRequest,
    pub(crate) office: &'a office::Id,
    pub(crate) standing: Standing,
    /// The request that an `answer` names, if it belongs to the case.
    pub(crate) correction: Option<&'a Correction>,
    /// The open case of the household at the same office, if it is another one.
    pub(crate) other: Option<&'a case::Id>,
}

/// The case after a move.
///
/// # Errors
/// Why the move may not be; the case then stays as it is.
pub(crate) fn judge(
    plan: &Plan,
    at: At,
    case: &Case,
    request: &MoveRequest,
    correction: Option<&Correction>,
    other: Option<&case::Id>,
) -> Result<Case, Problem> {
    texts::check(request)?;
    let office = actor_office(plan, request)?;
    let standing = standing(plan, office, case);
    let context = Context { plan, at, request, office, standing, correction, other };
    context.may(case)?;
    context.is_current(case)?;
    let Some(state) = transition(case.state, request.kind) else { return Err(refusal::state(case, request.kind)) };
    let mut moved = case.clone();
    match request.kind {
        MoveKind::Dispatch => dispatch::apply(&mut moved, &context)?,
        MoveKind::Acknowledge => acknowledge::apply(&mut moved, &context)?,
        MoveKind::Visit => visit::apply(&mut moved, &context)?,
        MoveKind::Report => report::apply(&mut moved, &context)?,
        MoveKind::Close => close::apply(&mut moved, &context)?,
        MoveKind::Transfer => transfer::apply(&mut moved, &context)?,
        MoveKind::Return => r#return::apply(&mut moved, &context)?,
        MoveKind::Escalate => escalate::apply(&mut moved, &context)?,
        MoveKind::Reopen => reopen::apply(&mut moved, &context)?,
        MoveKind::Answer => answer::apply(&mut moved, &context)?,
    }
    debug_assert!(
        moved.state == state || matches!(request.kind, MoveKind::Return | MoveKind::Report),
        "a move ends where the table says"
    );
    Ok(moved)
}

/// The actor's office, if the role is one that moves cases and works at such an office.
fn actor_office<'a>(plan: &Plan, request: &'a MoveRequest) -> Result<&'a office::Id, Problem> {
    let kind = request.actor.role.office_kind().ok_or_else(refusal::role)?;
    let office = request.actor.office.as_ref().ok_or_else(refusal::role)?;
    let known = plan.offices().get(office).ok_or_else(|| refusal::unknown_office("actor.office"))?;
    if known.kind == kind { Ok(office) } else { Err(refusal::role()) }
}

impl Context<'_> {
    fn may(&self, case: &Case) -> Result<(), Problem> {
        use Standing::{Co, Former, Lead, Neighbour, Outside, Over, Told};
        if self.request.kind == MoveKind::Answer {
            // Whom a request was sent to is checked with the request itself.
            let asked = self.correction.is_some_and(|correction| correction.office == *self.office);
            return if asked { Ok(()) } else { Err(refusal::no_correction()) };
        }
        let may = match self.standing {
            Lead | Over => true,
            Co => matches!(self.request.kind, MoveKind::Visit | MoveKind::Report),
            Told => self.request.kind == MoveKind::Escalate,
            Former | Neighbour => false,
            Outside => return Err(refusal::no_case()),
        };
        if may { Ok(()) } else { Err(refusal::not_yours(self.plan, case)) }
    }

    /// Nobody moved the case since the actor saw it. Reminders and joined warnings do not count: they take nothing away
    /// from what the actor decided.
    fn is_current(&self, case: &Case) -> Result<(), Problem> {
        match self.request.expected_version {
            Some(seen) if seen > case.version => Err(refusal::version(case)),
            Some(seen) if seen < case.moved_at => Err(refusal::conflict(self.plan, case)),
            _ => Ok(()),
        }
    }

    fn today(&self) -> Day {
        self.at.day()
    }

    fn needs_reason(&self) -> Result<(), Problem> {
        if self.request.reason.is_empty() { Err(refusal::reason(self.request.kind)) } else { Ok(()) }
    }

    /// The office that the request names, which must exist.
    fn to_office(&self) -> Result<office::Id, Problem> {
        let to = self.request.detail.to_office.as_ref().ok_or_else(|| refusal::missing("detail.to_office"))?;
        match self.plan.offices().get(to) {
            Some(office) => Ok(office.id.clone()),
            None => Err(refusal::unknown_office("detail.to_office")),
        }
    }

    fn not_in_future(&self, day: Day, field: &str) -> Result<(), Problem> {
        if day <= self.today() { Ok(()) } else { Err(refusal::future(field)) }
    }

    fn note(&self, case: &mut Case, what: crate::timeline::Happening) -> u32 {
        case.note(self.at, &self.request.actor, &self.request.reason, what)
    }
}

/// Puts a case into another office's hands: it waits for acknowledgement there, and the clock of the other steps runs on.
pub(crate) fn change_hands(case: &mut Case, plan: &Plan, day: Day, to: &office::Id, sender: Option<office::Id>) {
    let from = std::mem::replace(&mut case.lead, to.clone());
    if from != *to {
        case.former.insert(from);
    }
    case.former.remove(to);
    case.co.retain(|office| office != to);
    case.sender = sender.filter(|sender| sender != to);
    case.state = State::Dispatched;
    case.assignee = None;
    restart_acknowledgement(case, plan, day);
}

fn restart_acknowledgement(case: &mut Case, plan: &Plan, day: Day) {
    let fresh = plan.due(day, case.deadlines.acknowledge.working_days);
    let report = case.deadlines.get(Step::Report);
    case.deadlines.acknowledge = if fresh.by <= report.by { fresh } else { report };
}

/// The digest by which a repeat of a request is told from another request under the same key.
///
/// # Errors
/// If the request cannot be encoded.
pub(crate) fn request_digest(request: &MoveRequest) -> Result<Digest, StateFault> {
    Ok(Digest::of(&stage::encode(request)?))
}

impl MoveRequest {
    /// Every free text of the request, with the path of its field.
    pub fn free_texts(&mut self) -> Vec<(String, &mut FreeText)> {
        let mut texts = vec![("reason".to_owned(), &mut self.reason)];
        if let Some(visit) = &mut self.detail.visit {
            let within = |(field, text)| (format!("detail.visit.{field}"), text);
            texts.extend(visit.free_texts().into_iter().map(within));
        }
        if let Some(report) = &mut self.detail.report {
            let within = |(field, text)| (format!("detail.report.{field}"), text);
            texts.extend(report.free_texts().into_iter().map(within));
        }
        texts
    }

    /// Seals the free texts. `seal` gets a context that belongs to this move and field, and the text: equal ones are to
    /// give equal bytes, so that a repeat of the request is told.
    pub fn seal(&mut self, seal: impl Fn(&[u8], &str) -> Sealed) {
        let context = format!("{}\0{}", self.case, self.once);
        for (number, (field, text)) in self.free_texts().into_iter().enumerate() {
            text.seal(|clear| seal(format!("{context}\0{number}\0{field}").as_bytes(), clear));
        }
    }
}

impl MoveKind {
    /// All moves.
    pub const ALL: [MoveKind; 10] = [
        MoveKind::Dispatch,
        MoveKind::Acknowledge,
        MoveKind::Visit,
        MoveKind::Report,
        MoveKind::Close,
        MoveKind::Transfer,
        MoveKind::Return,
        MoveKind::Escalate,
        MoveKind::Reopen,
        MoveKind::Answer,
    ];

    /// `dispatch`, `acknowledge`, ….
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
            MoveKind::Answer => "answer",
        }
    }

    /// The move of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<MoveKind> {
        MoveKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
