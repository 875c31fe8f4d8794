//! A house in memory, for tests and for looking at pages. All people in it are invented.

mod people;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doudi_model::secret::Secret;
use doudi_model::warning::Level;
use doudi_model::{Day, Instant, Problem, Text, division, household};
use doudi_rules::explain::Explanation;
use tokio::sync::mpsc;

use crate::service::{
    Answer, Arrival, CaseQuery, Counts, Fault, Heard, Look, MoveOrder, Moved, Notice, Progress, Receipt, Service,
};
use crate::view::{
    CaseRow, CaseView, CorrectionAnswerRow, CorrectionRow, FindingRow, HouseholdView, MoveKind, Office, State,
    TimelineRow, is_taken,
};

/// The house.
pub struct Fake {
    inner: Mutex<Inner>,
    divisions: Arc<division::Tree>,
    offices: Arc<Vec<Office>>,
    now: Instant,
}

struct Inner {
    cases: Vec<CaseView>,
    seen: BTreeSet<(String, String)>,
    keys: BTreeSet<String>,
    looks: Vec<Look>,
    notices: Vec<Notice>,
    ears: Vec<mpsc::Sender<Heard>>,
    position: u64,
}

impl Fake {
    /// A county with two townships and a dozen cases, on a fixed morning.
    #[must_use]
    pub fn new() -> Fake {
        let inner = Inner {
            cases: people::cases(),
            seen: BTreeSet::new(),
            keys: BTreeSet::new(),
            looks: Vec::new(),
            notices: Vec::new(),
            ears: Vec::new(),
            position: 0,
        };
        Fake {
            inner: Mutex::new(inner),
            divisions: Arc::new(people::divisions()),
            offices: Arc::new(people::offices()),
            now: people::now(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new case arrives, as after an event; gives its number.
    pub fn arrive(&self) -> Option<String> {
        let mut inner = self.lock();
        let number = inner.cases.len();
        let view = people::arrival(number, self.now)?;
        let id = view.row.id.clone();
        inner.cases.push(view.clone());
        inner.tell("case-opened", &view.row, self.now);
        Some(id)
    }

    /// The looks that were logged: account, household, purpose.
    #[must_use]
    pub fn looks(&self) -> Vec<(String, String, &'static str)> {
        let inner = self.lock();
        let row = |look: &Look| (look.actor.account.clone(), look.household.to_string(), look.purpose);
        inner.looks.iter().map(row).collect()
    }

    fn moved(&self, order: MoveOrder) -> Result<Moved, Fault> {
        let mut inner = self.lock();
        let now = self.now;
        let again = !inner.keys.insert(format!("{}:{}", order.case, order.once));
        let offices = Arc::clone(&self.offices);
        let view = inner.cases.iter_mut().find(|view| view.row.id == order.case).ok_or(Fault::NotFound)?;
        if again {
            return Ok(Moved { state: view.row.state, version: view.row.version, next: None });
        }
        if order.version.is_some_and(|version| version != view.row.version) {
            let who = view.timeline.first().map(|line| line.who.zh.clone()).unwrap_or_default();
            let said =
                Text::new(format!("{} {who} 已办理", now.clock()), format!("{who} was faster at {}", now.clock()));
            let hint = Text::new(
                "您填写的内容还在，请看过最新情况再提交",
                "your text is kept; look at the case, then send again",
            );
            return Err(Fault::Conflict(Box::new(Problem::new("move/conflict", said, hint))));
        }
        if order.kind != MoveKind::Answer && !view.moves.contains(&order.kind) {
            return Err(Fault::Refused(Box::new(Problem::new(
                "case/state",
                Text::new("这张工单现在不能这样办", "the case is not where this move begins"),
                Text::new("请刷新后再看", "look at it again"),
            ))));
        }
        let row = &mut view.row;
        row.state = match order.kind {
            MoveKind::Acknowledge => State::Acknowledged,
            MoveKind::Visit => State::Visited,
            MoveKind::Report => State::Reported,
            MoveKind::Close => State::Closed,
            MoveKind::Return => State::Opened,
            MoveKind::Dispatch | MoveKind::Transfer | MoveKind::Reopen => State::Dispatched,
            MoveKind::Escalate | MoveKind::Answer => row.state,
        };
        row.version += 1;
        if order.kind == MoveKind::Acknowledge {
            row.assignee = Some(order.actor.display.clone());
        }
        if let Some(office) = order.to.as_ref().and_then(|to| offices.iter().find(|office| office.id == *to)) {
            row.lead = office.id.clone();
            row.assignee = None;
            view.lead = office.clone();
        }
        if let Some(finding) = &order.finding {
            let office = view.lead.name.clone();
            let found = FindingRow { on: finding.on, outcome: finding.outcome, office, case: row.id.clone() };
            view.findings.insert(0, found);
            view.corrections.extend(people::correction(view, finding, now.day()));
        }
        if let Some(answer) = &order.answer {
            for one in view.corrections.iter_mut().filter(|one| one.id == answer.correction) {
                one.open = false;
                one.answer = Some(CorrectionAnswerRow {
                    at: now,
                    by: order.actor.display.clone(),
                    corrected: answer.corrected,
                    reason: order.reason.clone().unwrap_or_default(),
                });
            }
        }
        view.moves = people::moves(view.row.state);
        let words = crate::words::zh::WORDS.move_name;
        let english = crate::words::en::WORDS.move_name;
        let line = TimelineRow {
            at: now,
            who: Text::new(order.actor.display.clone(), order.actor.display),
            what: Text::new(words(order.kind), english(order.kind)),
            why: order.reason,
        };
        view.timeline.insert(0, line);
        let (row, moved) = (view.row.clone(), Moved { state: view.row.state, version: view.row.version, next: None });
        inner.position += 1;
        inner.tell("case-moved", &row, now);
        let next = inner.cases.iter().find(|other| {
            other.row.id != row.id && other.row.place.code == row.place.code && !is_taken(other.row.state)
        });
        Ok(Moved { next: next.map(|view| view.row.id.clone()), ..moved })
    }
}

impl Inner {
    fn tell(&mut self, kind: &str, row: &CaseRow, at: Instant) {
        let seq = u64::try_from(self.notices.len()).unwrap_or(0) + 1;
        let notice = Notice {
            seq,
            kind: kind.to_owned(),
            division: row.place.code,
            office: Some(row.lead.clone()),
            case: Some(row.id.clone()),
            level: Some(row.level),
            state: Some(row.state),
            at,
        };
        self.notices.push(notice.clone());
        self.ears.retain(|ear| ear.try_send(Heard::Notice(notice.clone())).is_ok());
    }
}

impl Default for Fake {
    fn default() -> Fake {
        Fake::new()
    }
}

fn ready<'a, T: Send + 'a>(answer: Result<T, Fault>) -> Answer<'a, T> {
    Box::pin(std::future::ready(answer))
}

impl Service for Fake {
    fn admit(&self, batch: Vec<Arrival>) -> Answer<'_, Receipt> {
        let mut inner = self.lock();
        let mut receipt = Receipt::default();
        for (index, arrival) in batch.into_iter().enumerate() {
            match arrival.envelope {
                Err(problem) => receipt.refused.push((index, problem)),
                Ok(envelope) => {
                    if inner.seen.insert((envelope.source, envelope.id)) {
                        inner.position += 1;
                        receipt.accepted += 1;
                    } else {
                        receipt.duplicates += 1;
                    }
                }
            }
        }
        receipt.position = inner.position.to_string();
        ready(Ok(receipt))
    }

    fn cases(&self, query: CaseQuery) -> Answer<'_, Vec<CaseRow>> {
        let inner = self.lock();
        let wanted = |row: &CaseRow| {
            let office = query.office.as_ref().is_none_or(|office| row.lead == *office || row.co.contains(office));
            let within = query.within.is_none_or(|above| crate::app::is_within(&self.divisions, row.place.code, above));
            office && within && (query.closed || row.state != State::Closed)
        };
        let rows = inner.cases.iter().map(|view| view.row.clone()).filter(wanted).collect();
        ready(Ok(rows))
    }

    fn complete(&self, rows: Vec<CaseRow>) -> Answer<'_, Vec<CaseRow>> {
        ready(Ok(rows))
    }

    fn case<'a>(&'a self, id: &'a str) -> Answer<'a, CaseView> {
        let inner = self.lock();
        ready(inner.cases.iter().find(|view| view.row.id == id).cloned().ok_or(Fault::NotFound))
    }

    fn corrections(&self) -> Answer<'_, Vec<CorrectionRow>> {
        ready(Ok(self.lock().cases.iter().flat_map(|view| view.corrections.clone()).collect()))
    }

    fn order(&self, order: MoveOrder) -> Answer<'_, Moved> {
        ready(self.moved(order))
    }

    fn household<'a>(&'a self, id: &'a household::Id, as_of: Option<Day>) -> Answer<'a, HouseholdView> {
        let inner = self.lock();
        let mut cases = inner.cases.iter().filter(|view| view.row.household == *id).peekable();
        let Some(first) = cases.peek().copied() else { return ready(Err(Fault::NotFound)) };
        ready(Ok(HouseholdView {
            id: id.clone(),
            place: first.row.place.clone(),
            as_of: as_of.unwrap_or(self.now.day()),
            members: first.members.clone(),
            features: serde_json::json!({}),
            verdicts: first.explanations.iter().map(|one| (one.rule.clone(), one.verdict)).collect(),
            score: (60, 75),
            level: Some(first.row.level),
            offices: cases.clone().map(|view| view.row.lead.clone()).collect(),
            cases: cases.map(|view| view.row.id.clone()).collect(),
        }))
    }

    fn explanation<'a>(&'a self, id: &'a household::Id, _: Option<Day>) -> Answer<'a, Vec<Explanation>> {
        let inner = self.lock();
        let found = inner.cases.iter().find(|view| view.row.household == *id);
        ready(found.map(|view| view.explanations.clone()).ok_or(Fault::NotFound))
    }

    fn look(&self, look: Look) -> Answer<'_, ()> {
        self.lock().looks.push(look);
        ready(Ok(()))
    }

    fn subscribe(&self, after: Option<u64>) -> mpsc::Receiver<Heard> {
        let (ear, heard) = mpsc::channel(10_000);
        let mut inner = self.lock();
        for notice in inner.notices.iter().filter(|notice| after.is_some_and(|after| notice.seq > after)) {
            let _ = ear.try_send(Heard::Notice(notice.clone()));
        }
        inner.ears.push(ear);
        heard
    }

    fn progress(&self) -> Progress {
        let inner = self.lock();
        let notice = inner.notices.last().map_or(0, |notice| notice.seq);
        Progress { ready: true, position: inner.position, notice, ..Progress::default() }
    }

    fn counts(&self) -> Answer<'_, Counts> {
        ready(Ok(Counts {
            warnings_open: vec![("medical".into(), Level::Red, 2)],
            source_age_seconds: vec![("urn:gov:xianning:ybj".into(), 7_200)],
            dead_letters: vec![("payload/range".into(), 3)],
            ..Counts::default()
        }))
    }

    fn tick(&self) -> Answer<'_, ()> {
        ready(Ok(()))
    }

    fn divisions(&self) -> Arc<division::Tree> {
        Arc::clone(&self.divisions)
    }

    fn offices(&self) -> Arc<Vec<Office>> {
        Arc::clone(&self.offices)
    }

    fn now(&self) -> Instant {
        self.now
    }
}

/// Text as the fake's people have it.
pub(super) fn hidden(text: &str) -> Option<Secret<String>> {
    Some(Secret::new(text.to_owned()))
}
