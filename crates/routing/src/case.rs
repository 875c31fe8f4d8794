//! Cases (工单): all open warnings of one household for one lead office.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use doudi_feedback::{Outcome, Report, Visit};
use doudi_model::division::Code;
use doudi_model::stage::At;
use doudi_model::warning::{self, Closing, Direction, Level};
use doudi_model::{Day, FreeText, household, person};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::actor::Actor;
use crate::moves::{Answered, MoveKind};
use crate::number::{self, NumberFault};
use crate::office;
use crate::plan::{Due, Plan, Route, Step};
use crate::timeline::{Entry, Happening};

/// A case's number, `K7M2-4C9L`: see [`crate::number`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Eight checked signs, with the hyphen put in.
    pub(crate) fn from_signs(signs: &str) -> Id {
        let (first, last) = signs.split_at_checked(4).unwrap_or((signs, ""));
        Id(format!("{first}-{last}"))
    }
}

impl FromStr for Id {
    type Err = NumberFault;

    fn from_str(text: &str) -> Result<Id, NumberFault> {
        number::parse(text)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = String::deserialize(deserializer)?;
        number::parse(&text).map_err(|fault| D::Error::custom(fault.problem().message.en))
    }
}

/// How far a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// 待分办: it lies with a dispatcher.
    Opened,
    /// 待签收.
    Dispatched,
    /// 已签收.
    Acknowledged,
    /// 已走访.
    Visited,
    /// 已反馈.
    Reported,
    /// 已结案.
    Closed,
}

/// A warning in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenWarning {
    /// The rule.
    pub rule: String,
    /// Its category.
    pub category: String,
    /// Its direction.
    pub direction: Direction,
    /// The member it concerns, for a rule over members.
    pub person: Option<person::Id>,
    /// The level of the household's decision in that direction, as last heard.
    pub level: Level,
    /// The day it opened.
    pub opened: Day,
    /// The record entry that holds the latest decision about it.
    pub decision: u64,
    /// Whether a graver warning mutes it; it then counts for nothing.
    pub muted: bool,
    /// When and why it closed; `None` while it is open.
    pub closed: Option<(Day, Closing)>,
}

impl OpenWarning {
    /// Open and not muted.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.closed.is_none() && !self.muted
    }
}

/// By when what must be done. Within a round no day ever moves later, unless it was provisional.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    /// 签收. Starts anew when the case changes hands, never past the report's day.
    pub acknowledge: Due,
    /// 走访.
    pub visit: Due,
    /// 反馈.
    pub report: Due,
}

impl Deadlines {
    /// Those of a route.
    #[must_use]
    pub fn of(route: &Route) -> Deadlines {
        Deadlines { acknowledge: route.acknowledge_by, visit: route.visit_by, report: route.report_by }
    }

    /// The day of a step.
    #[must_use]
    pub fn get(&self, step: Step) -> Due {
        match step {
            Step::Acknowledge => self.acknowledge,
            Step::Visit => self.visit,
            Step::Report => self.report,
        }
    }

    pub(crate) fn get_mut(&mut self, step: Step) -> &mut Due {
        match step {
            Step::Acknowledge => &mut self.acknowledge,
            Step::Visit => &mut self.visit,
            Step::Report => &mut self.report,
        }
    }

    /// Takes the earlier day of each step; true if one moved.
    pub(crate) fn tighten(&mut self, other: &Deadlines) -> bool {
        let mut moved = false;
        for step in Step::ALL {
            let due = self.get_mut(step);
            if other.get(step).by < due.by {
                *due = other.get(step);
                moved = true;
            }
        }
        moved
    }
}

/// A report that was recorded, and at which step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The report.
    pub report: Report,
    /// The case's version that carries it; names its facts.
    pub version: u32,
    /// The office that reported.
    pub office: office::Id,
    /// The rules that it speaks about.
    pub rules: Vec<String>,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its number.
    pub id: Id,
    /// The household.
    pub household: household::Id,
    /// Where it lives, as last heard.
    pub division: Code,
    /// The office that holds it.
    pub lead: office::Id,
    /// Offices that take part.
    pub co: Vec<office::Id>,
    /// Offices above to which it was escalated.
    pub told: BTreeSet<office::Id>,
    /// Offices that passed it on; they keep the time line.
    pub former: BTreeSet<office::Id>,
    /// Who passed it to the office that holds it now; a return goes there. `None` if the plan did.
    pub sender: Option<office::Id>,
    /// Directions of all its warnings.
    pub directions: BTreeSet<Direction>,
    /// The gravest level it ever had.
    pub level: Level,
    /// Its warnings, also those that closed.
    pub warnings: BTreeMap<warning::Id, OpenWarning>,
    /// How far it is.
    pub state: State,
    /// By when what must be done.
    pub deadlines: Deadlines,
    /// The day it opened.
    pub opened: Day,
    /// Counts its time line; every entry makes it one more.
    pub version: u32,
    /// The version at which it last changed state or hands: who saw an earlier one is out of date.
    pub moved_at: u32,
    /// Rounds begun: 1 when it opens, one more for each reopening and for a warning that comes after the report.
    pub round: u32,
    /// Who acknowledged it.
    pub assignee: Option<String>,
    /// Visits of this round at which nobody was met.
    pub not_reached: u32,
    /// The latest visit.
    pub visit: Option<Visit>,
    /// The latest report.
    pub report: Option<Recorded>,
    /// Reminders and escalations that were sent, so that none is sent twice.
    pub sent: BTreeSet<String>,
    /// The day on which the next tick looks at it; `None` if none needs to.
    pub look: Option<Day>,
    /// Everything that happened, in order.
    pub timeline: Vec<Entry>,
    /// Moves already made, by their once-only key.
    pub answered: Vec<Answered>,
}

impl Case {
    /// Every free text that the case holds.
    pub fn free_texts(&mut self) -> Vec<&mut FreeText> {
        let mut texts: Vec<&mut FreeText> = self.timeline.iter_mut().map(|entry| &mut entry.reason).collect();
        let visit = self.visit.as_mut().map(Visit::free_texts).into_iter().flatten();
        texts.extend(visit.map(|(_, text)| text));
        let report = self.report.as_mut().map(|recorded| recorded.report.free_texts()).into_iter().flatten();
        texts.extend(report.map(|(_, text)| text));
        texts
    }

    /// Warnings that are open and not muted.
    pub fn active(&self) -> impl Iterator<Item = &OpenWarning> {
        self.warnings.values().filter(|warning| warning.is_active())
    }

    /// Whether it still needs somebody.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    /// Whether nobody has taken it yet.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        matches!(self.state, State::Opened | State::Dispatched)
    }

    /// Whether a step is still to be done.
    #[must_use]
    pub fn is_pending(&self, step: Step) -> bool {
        match step {
            Step::Acknowledge => self.state < State::Acknowledged,
            Step::Visit => self.state < State::Visited,
            Step::Report => self.state < State::Reported,
        }
    }

    /// The step that is due next, with its day.
    #[must_use]
    pub fn next_due(&self) -> Option<(Step, Due)> {
        Step::ALL.into_iter().find(|step| self.is_pending(*step)).map(|step| (step, self.deadlines.get(step)))
    }

    /// The latest outcome.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.report.as_ref().map(|recorded| recorded.report.finding.outcome)
    }

    /// The rules that a finding without a choice of its own speaks about: those of open warnings, muted or not; if all
    /// closed, those of all.
    #[must_use]
    pub fn rules(&self) -> Vec<String> {
        let open: BTreeSet<&String> =
            self.warnings.values().filter(|warning| warning.closed.is_none()).map(|warning| &warning.rule).collect();
        let all = self.warnings.values().map(|warning| &warning.rule).collect();
        let rules: BTreeSet<&String> = if open.is_empty() { all } else { open };
        rules.into_iter().cloned().collect()
    }

    /// The entry at which it last changed state or hands.
    #[must_use]
    pub fn last_move(&self) -> Option<&Entry> {
        self.timeline.iter().rev().find(|entry| entry.version == self.moved_at)
    }
}

impl State {
    /// All states in order.
    pub const ALL: [State; 6] =
        [State::Opened, State::Dispatched, State::Acknowledged, State::Visited, State::Reported, State::Closed];

    /// `opened`, `dispatched`, ….
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
}

/// The life cycle: the state after a move, or `None` if the move cannot be made from there.
///
/// Two moves may end elsewhere, which their files say: a return to the office that transferred the case ends at
/// `Dispatched`, and a report that settles nothing yet ends at `Visited`.
#[must_use]
pub fn transition(state: State, kind: MoveKind) -> Option<State> {
    use State::{Acknowledged, Closed, Dispatched, Opened, Reported, Visited};
    match (kind, state) {
        (MoveKind::Dispatch, Opened) => Some(Dispatched),
        (MoveKind::Acknowledge, Dispatched) => Some(Acknowledged),
        (MoveKind::Visit, Acknowledged | Visited) => Some(Visited),
        (MoveKind::Report, Acknowledged | Visited | Reported) => Some(Reported),
        (MoveKind::Close, Opened | Dispatched | Acknowledged | Visited | Reported) => Some(Closed),
        (MoveKind::Transfer, Opened | Dispatched | Acknowledged | Visited | Reported) => Some(Dispatched),
        (MoveKind::Return, Dispatched | Acknowledged | Visited) => Some(Opened),
        (MoveKind::Escalate, Opened | Dispatched | Acknowledged | Visited | Reported) => Some(state),
        (MoveKind::Reopen, Closed) => Some(Dispatched),
        (MoveKind::Answer, _) => Some(state),
        _ => None,
    }
}

impl Case {
    /// Adds a line to the time line and counts the version up.
    pub(crate) fn note(&mut self, at: At, actor: &Actor, reason: &FreeText, what: Happening) -> u32 {
        self.version = self.version.saturating_add(1);
        if what.is_move() {
            self.moved_at = self.version;
        }
        self.timeline.push(Entry {
            version: self.version,
            at: at.instant,
            position: at.position,
            actor: actor.clone(),
            what,
            reason: reason.clone(),
        });
        self.version
    }

    /// The same by the machine, which gives no reason beyond the code.
    pub(crate) fn note_by_system(&mut self, at: At, what: Happening) -> u32 {
        self.note(at, &Actor::system(), &FreeText::default(), what)
    }

    /// Begins a round: deadlines are counted from `day` again.
    pub(crate) fn begin_round(&mut self, plan: &Plan, day: Day) {
        self.round = self.round.saturating_add(1);
        self.not_reached = 0;
        let grave = self.gravest().map(|warning| (warning.category.clone(), warning.direction));
        match grave {
            Some((category, direction)) => {
                self.deadlines = Deadlines::of(&plan.route(self.division, &category, self.level, direction, day));
            }
            None => {
                for step in Step::ALL {
                    let due = self.deadlines.get_mut(step);
                    *due = plan.due(day, due.working_days);
                }
            }
        }
    }

    /// The gravest active warning; if none is active, the gravest of all.
    #[must_use]
    pub fn gravest(&self) -> Option<&OpenWarning> {
        self.warnings.values().max_by_key(|warning| (warning.is_active(), warning.level))
    }
}
