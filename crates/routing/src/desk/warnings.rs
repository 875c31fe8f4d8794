//! Warnings and the cases that hold them.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::stage::StateFault;
use doudi_model::warning::{Change, Closing, Level, Step as Happened};

use super::Desk;
use crate::case::{Case, Deadlines, OpenWarning, State};
use crate::plan::{Route, Step};
use crate::timeline::{CloseReason, Happening};
use crate::{index, number};

impl Desk<'_> {
    pub(super) fn warning(&mut self, change: &Change) -> Result<(), StateFault> {
        self.relocate_all(&change.household, change.division)?;
        let open = index::open_cases(self.state, &change.household)?;
        let holder = open.into_iter().find(|case| holds(case, change));
        match (&change.step, holder) {
            (Happened::Opened, holder) => self.opened(holder, change),
            (Happened::Level, Some(case)) => self.level(case, change),
            (Happened::Level | Happened::Muted(false), None) => self.unsettled(change),
            (Happened::Muted(muted), Some(case)) => self.muted(case, change, *muted),
            (Happened::Muted(true), None) => Ok(()),
            (Happened::Closed(why), Some(case)) => self.closed(case, change, *why),
            (Happened::Closed(why), None) => self.closed_later(change, *why),
        }
    }

    /// An opening heard twice changes nothing; a warning that had closed and opens again under its name counts again.
    fn opened(&mut self, holder: Option<Case>, change: &Change) -> Result<(), StateFault> {
        let is_repeat = |case: &Case| case.warnings.get(&change.warning).is_some_and(|known| known.closed.is_none());
        match holder {
            Some(case) if is_repeat(&case) => Ok(()),
            Some(case) => {
                let route = self.route(change);
                self.join(case, change, &route)
            }
            None if index::closed_cases(self.state, &change.household)?.iter().any(is_repeat) => Ok(()),
            None => self.open_or_join(change),
        }
    }

    fn route(&self, change: &Change) -> Route {
        self.plan.route(change.division, &change.category, change.level, change.direction, self.day())
    }

    /// A warning that no open case holds, though it goes on: it gets a case again if it is graver than when its case
    /// closed, or did not count then.
    fn unsettled(&mut self, change: &Change) -> Result<(), StateFault> {
        for case in index::closed_cases(self.state, &change.household)? {
            let settled = case
                .warnings
                .get(&change.warning)
                .is_some_and(|warning| warning.closed.is_some() || (!warning.muted && warning.level >= change.level));
            if settled {
                return Ok(());
            }
        }
        self.open_or_join(change)
    }

    pub(super) fn open_or_join(&mut self, change: &Change) -> Result<(), StateFault> {
        let route = self.route(change);
        match index::open_case(self.state, &change.household, &route.lead.id)? {
            Some(case) => self.join(case, change, &route),
            None => self.open(change, &route),
        }
    }

    fn open(&mut self, change: &Change, route: &Route) -> Result<(), StateFault> {
        let lead = route.lead.id.clone();
        let county = change.division.county();
        let id = number::for_case(self.state, county, &change.household, &lead, self.at.day())?;
        let mut case = Case {
            id,
            household: change.household.clone(),
            division: change.division,
            lead: lead.clone(),
            co: route.co.iter().map(|office| office.id.clone()).collect(),
            told: BTreeSet::new(),
            former: BTreeSet::new(),
            sender: None,
            directions: BTreeSet::from([change.direction]),
            level: change.level,
            warnings: BTreeMap::from([(change.warning, open_warning(change))]),
            state: State::Opened,
            deadlines: Deadlines::of(route),
            opened: self.day(),
            version: 0,
            moved_at: 0,
            round: 1,
            assignee: None,
            not_reached: 0,
            visit: None,
            report: None,
            sent: BTreeSet::new(),
            look: None,
            timeline: Vec::new(),
            answered: Vec::new(),
        };
        case.note_by_system(self.at, Happening::Opened { row: route.row.clone() });
        case.note_by_system(self.at, joined(change));
        // The last resort is a dispatcher: there the case waits for a person to say whose it is.
        if !route.is_last_resort() {
            case.state = State::Dispatched;
            case.note_by_system(self.at, Happening::Dispatched { to: lead });
        }
        self.commit(None, case).map(drop)
    }

    fn join(&mut self, old: Case, change: &Change, route: &Route) -> Result<(), StateFault> {
        let mut case = old.clone();
        case.warnings.insert(change.warning, open_warning(change));
        case.directions.insert(change.direction);
        for office in &route.co {
            if office.id != case.lead && !case.co.contains(&office.id) {
                case.co.push(office.id.clone());
            }
        }
        case.note_by_system(self.at, joined(change));
        self.resume(&mut case);
        self.worsen(&mut case, change.level, &Deadlines::of(route));
        self.commit(Some(&old), case).map(drop)
    }

    /// A warning that comes after the report was not looked at: the work goes on.
    pub(super) fn resume(&self, case: &mut Case) {
        if case.state == State::Reported {
            case.begin_round(self.plan, self.day());
            case.state = State::Acknowledged;
            case.note_by_system(self.at, Happening::Resumed);
        }
    }

    /// Level and deadlines tighten, and never loosen.
    pub(super) fn worsen(&self, case: &mut Case, level: Level, deadlines: &Deadlines) {
        if level > case.level {
            let from = std::mem::replace(&mut case.level, level);
            case.note_by_system(self.at, Happening::LevelRaised { from, to: level });
        }
        let before = case.deadlines.clone();
        if !case.deadlines.tighten(deadlines) {
            return;
        }
        for step in Step::ALL.into_iter().filter(|step| case.is_pending(*step)).collect::<Vec<_>>() {
            let (from, to) = (before.get(step).by, case.deadlines.get(step).by);
            if to < from {
                case.note_by_system(self.at, Happening::DueChanged { step, from, to, calendar: false });
            }
        }
    }

    fn level(&mut self, old: Case, change: &Change) -> Result<(), StateFault> {
        let mut case = old.clone();
        let Some(warning) = case.warnings.get_mut(&change.warning) else { return Ok(()) };
        let before = std::mem::replace(&mut warning.level, change.level);
        warning.decision = change.decision;
        if !warning.is_active() || change.level <= before {
            return self.commit(Some(&old), case).map(drop);
        }
        let day = self.day();
        let lead = |level| self.plan.route(change.division, &change.category, level, change.direction, day);
        let (was, route) = (lead(before), lead(change.level));
        if route.lead.id != case.lead {
            if case.is_untouched() && was.lead.id == case.lead {
                return self.pass_on(&old, case, change, &route);
            }
            // Someone is at work, or a person chose the office: the graver office takes part.
            if was.lead.id != route.lead.id && !case.co.contains(&route.lead.id) {
                case.co.push(route.lead.id.clone());
            }
        }
        self.worsen(&mut case, change.level, &Deadlines::of(&route));
        self.commit(Some(&old), case).map(drop)
    }

    /// A warning that another office leads at its new level goes to that office's case.
    fn pass_on(&mut self, old: &Case, mut case: Case, change: &Change, route: &Route) -> Result<(), StateFault> {
        case.warnings.remove(&change.warning);
        let (rule, to) = (change.rule.clone(), route.lead.id.clone());
        case.note_by_system(self.at, Happening::WarningLeft { rule, to });
        self.settle(&mut case, true);
        self.commit(Some(old), case)?;
        self.open_or_join(change)
    }

    fn muted(&mut self, old: Case, change: &Change, muted: bool) -> Result<(), StateFault> {
        let mut case = old.clone();
        let counted = case.active().next().is_some();
        let Some(warning) = case.warnings.get_mut(&change.warning) else { return Ok(()) };
        warning.decision = change.decision;
        warning.level = change.level;
        if warning.muted == muted || warning.closed.is_some() {
            return self.commit(Some(&old), case).map(drop);
        }
        warning.muted = muted;
        case.note_by_system(self.at, Happening::Muted { rule: change.rule.clone(), muted });
        if muted {
            self.settle(&mut case, counted);
        } else {
            let route = self.route(change);
            self.worsen(&mut case, change.level, &Deadlines::of(&route));
        }
        self.commit(Some(&old), case).map(drop)
    }

    fn closed(&mut self, old: Case, change: &Change, why: Closing) -> Result<(), StateFault> {
        let mut case = old.clone();
        let counted = case.active().next().is_some();
        if self.mark_closed(&mut case, change, why) {
            self.settle(&mut case, counted);
        }
        self.commit(Some(&old), case).map(drop)
    }

    /// A warning that outlived its case.
    fn closed_later(&mut self, change: &Change, why: Closing) -> Result<(), StateFault> {
        for old in index::closed_cases(self.state, &change.household)? {
            let mut case = old.clone();
            if self.mark_closed(&mut case, change, why) {
                self.commit(Some(&old), case)?;
            }
        }
        Ok(())
    }

    fn mark_closed(&self, case: &mut Case, change: &Change, why: Closing) -> bool {
        let Some(warning) = case.warnings.get_mut(&change.warning) else { return false };
        if warning.closed.is_some() {
            return false;
        }
        warning.closed = Some((change.day, why));
        warning.decision = change.decision;
        case.note_by_system(self.at, Happening::WarningClosed { rule: change.rule.clone(), why });
        true
    }

    /// When no warning counts any more: an untouched case closes itself, one that is worked on says so once.
    pub(super) fn settle(&self, case: &mut Case, counted: bool) {
        if !case.is_open() || case.active().next().is_some() {
            return;
        }
        if case.is_untouched() {
            case.state = State::Closed;
            case.note_by_system(self.at, Happening::Closed { why: CloseReason::NoWarningLeft });
        } else if counted {
            case.note_by_system(self.at, Happening::NoWarningLeft);
        }
    }
}

fn holds(case: &Case, change: &Change) -> bool {
    case.warnings.contains_key(&change.warning)
}

fn joined(change: &Change) -> Happening {
    Happening::Joined { warning: change.warning, rule: change.rule.clone(), level: change.level }
}

fn open_warning(change: &Change) -> OpenWarning {
    OpenWarning {
        rule: change.rule.clone(),
        category: change.category.clone(),
        direction: change.direction,
        person: change.person,
        level: change.level,
        opened: change.day,
        decision: change.decision,
        muted: false,
        closed: None,
    }
}
