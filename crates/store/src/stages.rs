//! All stages as one machine: resolve → score → desk, and what the desk learns back to resolve.
//!
//! Over Kafka each stage runs for itself; here they follow one another within an entry, so that an entry's
//! effects are one batch.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use doudi_engine::effect::next_record;
use doudi_engine::score;
use doudi_model::stage::{At, State, StateFault};
use doudi_model::warning::{Change, Step as Happening};
use doudi_model::{Digest, Fact};
use doudi_routing::desk::{self, Input};
use doudi_routing::plan::Plan;
use doudi_rules::bundle::Bundle;

use crate::entry::Body;
use crate::machine::{Machine, Notice, NoticeKind, Spent, Step};

/// A bundle with its routing plan, proven total.
#[derive(Debug)]
pub struct Rulebook {
    /// Facts, features, standards, rules, levels.
    pub bundle: Bundle,
    /// Offices, routes, deadlines, calendar.
    pub plan: Plan,
}

/// Finds a bundle that once decided, by its digest.
pub type Shelf = Box<dyn Fn(&Digest) -> Option<Arc<Rulebook>> + Send>;

/// The stages under the bundle in force.
pub struct Stages {
    shelf: Shelf,
    open: BTreeMap<Digest, Arc<Rulebook>>,
    current: Option<Arc<Rulebook>>,
}

/// A finding makes facts, which change verdicts, which may change cases; those make no more findings.
const ROUNDS: usize = 4;

impl Stages {
    /// Stages that take their bundles from a shelf.
    #[must_use]
    pub fn new(shelf: Shelf) -> Stages {
        Stages { shelf, open: BTreeMap::new(), current: None }
    }

    fn take_up(&mut self, digest: Digest) -> Result<Arc<Rulebook>, StateFault> {
        if let Some(book) = self.open.get(&digest) {
            return Ok(Arc::clone(book));
        }
        let book = (self.shelf)(&digest)
            .ok_or_else(|| StateFault(format!("the bundle {digest} that decided is not in the data directory")))?;
        self.open.insert(digest, Arc::clone(&book));
        Ok(book)
    }

    /// The bundle that decides; after a restart the state says which.
    fn current(&mut self, state: &dyn State) -> Result<Arc<Rulebook>, StateFault> {
        if let Some(book) = &self.current {
            return Ok(Arc::clone(book));
        }
        let digest = crate::books::Books::of(state)?.bundle;
        let digest = digest.ok_or_else(|| StateFault("an entry before the first bundle".to_owned()))?;
        let book = self.take_up(digest)?;
        self.current = Some(Arc::clone(&book));
        Ok(book)
    }
}

/// What is gathered while an entry goes through the stages.
struct Run<'a> {
    state: &'a mut dyn State,
    book: &'a Rulebook,
    at: At,
    step: Step,
    spent: Spent,
}

/// Does some work and adds the time it took.
fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    *sum += began.elapsed();
    done
}

impl Machine for Stages {
    fn apply(&mut self, state: &mut dyn State, at: At, body: &Body) -> Result<Step, StateFault> {
        let mut step = Step::default();
        if let Body::Started { bundle } = body {
            // What the agenda holds was put there under the bundle before, and is done under it.
            if score::pending(state)? {
                let book = self.current(state)?;
                let mut run = Run { state, book: &book, at, step, spent: Spent::default() };
                while score::pending(run.state)? {
                    run.sweep(u32::MAX)?;
                }
                step = run.step;
            }
            self.current = Some(self.take_up(*bundle)?);
        }
        let book = match body {
            Body::Refused(_) | Body::Resolved { .. } => return Ok(Step::default()),
            Body::Started { .. } | Body::Admitted(_) | Body::Tick { .. } | Body::Move(_) | Body::Sweep { .. } => {
                self.current(state)?
            }
        };
        let mut run = Run { state, book: &book, at, step, spent: Spent::default() };
        match body {
            Body::Started { .. } => score::adopt(run.state, at)?,
            Body::Admitted(admitted) => run.facts(&admitted.facts)?,
            Body::Tick { .. } => {
                let effects = score::tick(run.state, at)?;
                run.swept(effects)?;
            }
            Body::Move(request) => run.desk(Input::Move(Box::new(request.clone())))?,
            Body::Sweep { households } => run.sweep(*households)?,
            Body::Refused(_) | Body::Resolved { .. } => {}
        }
        run.step.spent = Some(run.spent);
        Ok(run.step)
    }

    fn pending(&self, state: &dyn State) -> Result<bool, StateFault> {
        score::pending(state)
    }
}

impl Run<'_> {
    fn sweep(&mut self, households: u32) -> Result<(), StateFault> {
        let effects = timed(&mut self.spent.sweep, || score::sweep(self.state, &self.book.bundle, households))?;
        self.swept(effects)
    }

    /// What a sweep led to; after all looks of a day, it is the desk's turn.
    fn swept(&mut self, effects: doudi_engine::effect::Effects) -> Result<(), StateFault> {
        let (mut back, day) = (Vec::new(), effects.day);
        self.scored(effects, &mut back)?;
        if let Some(at) = day {
            self.one(at, Input::Tick(at.day()), &mut back)?;
        }
        self.rounds(back)
    }

    fn facts(&mut self, facts: &[Fact]) -> Result<(), StateFault> {
        self.rounds(facts.to_vec())
    }

    fn desk(&mut self, input: Input) -> Result<(), StateFault> {
        let mut back = Vec::new();
        self.one(self.at, input, &mut back)?;
        self.rounds(back)
    }

    /// Facts through resolve and score to the desk, and again while the desk answers with facts.
    fn rounds(&mut self, mut facts: Vec<Fact>) -> Result<(), StateFault> {
        for _ in 0..ROUNDS {
            if facts.is_empty() {
                return Ok(());
            }
            let learn = || doudi_engine::learn(self.state, &self.book.bundle, self.at, &facts);
            let effects = timed(&mut self.spent.score, learn)?;
            let mut back = Vec::new();
            self.scored(effects, &mut back)?;
            facts = back;
        }
        Err(StateFault("findings do not come to rest".to_owned()))
    }

    fn scored(&mut self, effects: doudi_engine::effect::Effects, back: &mut Vec<Fact>) -> Result<(), StateFault> {
        self.step.records.extend(effects.records);
        for (at, change) in effects.changes {
            self.step.notices.extend(warning_notice(&change, at));
            self.one(at, Input::Warning(change), back)?;
        }
        for (household, division) in effects.moved {
            self.one(self.at, Input::HouseholdMoved { household, division }, back)?;
        }
        Ok(())
    }

    /// The desk takes an input as of the entry that caused it, however much later its turn came.
    fn one(&mut self, cause: At, input: Input, back: &mut Vec<Fact>) -> Result<(), StateFault> {
        let at = At { position: self.at.position, instant: cause.instant };
        let effects = timed(&mut self.spent.desk, || desk::apply(self.state, &self.book.plan, at, input))?;
        for record in effects.records {
            // The numbers that decisions carry count every entry of the record.
            next_record(self.state)?;
            self.step.records.push(record);
        }
        self.step.notices.extend(effects.notices.into_iter().map(case_notice));
        back.extend(effects.facts);
        if let Some(reply) = effects.reply {
            let answer = reply.map(|done| serde_json::to_value(done).unwrap_or_default());
            self.step.reply = Some(answer);
        }
        Ok(())
    }
}

fn warning_notice(change: &Change, at: At) -> Option<Notice> {
    let kind = match &change.step {
        Happening::Opened => NoticeKind::WarningOpened,
        Happening::Closed(_) => NoticeKind::WarningClosed,
        Happening::Level => NoticeKind::WarningLevel,
        Happening::Muted(_) => return None,
    };
    let purpose: &[u8] = match kind {
        NoticeKind::WarningOpened => b"opened",
        NoticeKind::WarningClosed => b"closed",
        _ => b"level",
    };
    let id = match kind {
        NoticeKind::WarningLevel => {
            let level = [change.level as u8];
            doudi_engine::effect::id_of(&[
                b"notice",
                purpose,
                &change.warning.0,
                &change.day.epoch_days().to_be_bytes(),
                &level,
            ])
        }
        _ => doudi_engine::effect::id_of(&[b"notice", purpose, &change.warning.0]),
    };
    Some(Notice {
        id,
        kind,
        county: change.division.county(),
        division: change.division,
        office: None,
        case: None,
        level: Some(change.level),
        at: at.instant,
    })
}

fn case_notice(notice: doudi_routing::Notice) -> Notice {
    use doudi_routing::NoticeKind as Desk;
    let kind = match notice.kind {
        Desk::CaseOpened => NoticeKind::CaseOpened,
        Desk::CaseMoved => NoticeKind::CaseMoved,
        Desk::CaseWarning => NoticeKind::CaseWarning,
        Desk::CaseLevel => NoticeKind::CaseLevel,
        Desk::CaseReminded => NoticeKind::CaseReminded,
        Desk::CaseEscalated => NoticeKind::CaseEscalated,
        Desk::CaseClosed => NoticeKind::CaseClosed,
        Desk::CorrectionOpened => NoticeKind::CorrectionOpened,
        Desk::CorrectionAnswered => NoticeKind::CorrectionClosed,
        Desk::CorrectionLate => NoticeKind::CorrectionLate,
    };
    Notice {
        id: notice.id,
        kind,
        county: notice.county,
        division: notice.division,
        office: Some(notice.office.to_string()),
        case: Some(notice.case.to_string()),
        level: Some(notice.level),
        at: notice.at,
    }
}
