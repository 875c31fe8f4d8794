//! A day begins: who is reminded, who above is told, whose answer is late.
//!
//! Only cases whose day has come are touched, by the index of days; each act is done once for a round, an office that
//! holds the case, and a row of the plan. Days that were missed are made up for: what fell due on them is done now.

use doudi_model::Day;
use doudi_model::stage::StateFault;

use super::Desk;
use crate::case::Case;
use crate::plan::{Act, Alarm, Plan, Step};
use crate::timeline::Happening;
use crate::{correction, index};

impl Desk<'_> {
    pub(super) fn tick(&mut self, day: Day) -> Result<(), StateFault> {
        self.recount(day)?;
        for old in index::due(self.state, day)? {
            let mut case = old.clone();
            for (fires, alarm) in waiting(self.plan, &old) {
                if fires <= day {
                    self.sound(&mut case, &alarm, day);
                }
            }
            self.commit(Some(&old), case)?;
        }
        self.late_corrections(day)
    }

    fn sound(&self, case: &mut Case, alarm: &Alarm, day: Day) {
        case.sent.insert(key(case, alarm));
        let (to, step) = (alarm.to.clone(), alarm.step);
        // How late it is, not how late the row says: a tick may come late itself.
        let after = self.plan.calendar().working_days_between(case.deadlines.get(step).by, day);
        let what = match alarm.act {
            Act::Remind => Happening::Reminded { to, step, after },
            Act::Escalate => {
                case.told.insert(to.clone());
                Happening::Escalated { to, step: Some(step), after }
            }
        };
        case.note_by_system(self.at, what);
    }

    /// Counts due days anew that waited for a calendar which is published now.
    fn recount(&mut self, day: Day) -> Result<(), StateFault> {
        let recent: Vec<i16> = self.plan.calendar().published().filter(|year| *year + 1 >= day.year()).collect();
        for year in recent {
            for old in index::waiting(self.state, year)? {
                let mut case = old.clone();
                for step in Step::ALL {
                    let due = case.deadlines.get(step);
                    if due.leans_on != Some(year) {
                        continue;
                    }
                    let sure = self.plan.due(due.from, due.working_days);
                    *case.deadlines.get_mut(step) = sure;
                    if sure.by != due.by && case.is_pending(step) {
                        let (from, to) = (due.by, sure.by);
                        case.note_by_system(self.at, Happening::DueChanged { step, from, to, calendar: true });
                    }
                }
                self.commit(Some(&old), case)?;
            }
        }
        Ok(())
    }

    fn late_corrections(&mut self, day: Day) -> Result<(), StateFault> {
        for old in correction::due_before(self.state, day)? {
            let mut correction = old.clone();
            correction.due = self.plan.due(old.due.from, old.due.working_days);
            correction.late = correction.due.by < day;
            correction::save(self.state, Some(&old), &correction)?;
            if !correction.late {
                continue;
            }
            if let Some(before) = index::case(self.state, &correction.case)? {
                let mut case = before.clone();
                let (correction, office) = (correction.id, correction.office);
                case.note_by_system(self.at, Happening::CorrectionLate { correction, office });
                self.commit(Some(&before), case)?;
            }
        }
        Ok(())
    }
}

/// The day on which a tick next finds something to do for a case.
pub(super) fn next_look(plan: &Plan, case: &Case) -> Option<Day> {
    waiting(plan, case).into_iter().map(|(day, _)| day).min()
}

/// Acts that are still to come, with their days.
fn waiting(plan: &Plan, case: &Case) -> Vec<(Day, Alarm)> {
    if !case.is_open() {
        return Vec::new();
    }
    let alarms = plan.alarms(case.division, &case.lead);
    let pending = alarms.into_iter().filter(|alarm| case.is_pending(alarm.step));
    let unsent = pending.filter(|alarm| !case.sent.contains(&key(case, alarm)));
    let mut days: Vec<(Day, Alarm)> = unsent
        .filter_map(|alarm| {
            let due = case.deadlines.get(alarm.step);
            let fires = plan.calendar().shift(due.by, alarm.after);
            // A reminder ahead of time that would lie before the step began is none.
            (alarm.after >= 0 || fires > due.from).then_some((fires, alarm))
        })
        .collect();
    days.sort();
    days
}

fn key(case: &Case, alarm: &Alarm) -> String {
    let (step, after, act) = (alarm.step.name(), alarm.after, alarm.act.name());
    format!("{}/{step}/{after}/{act}/{}/{}", case.round, alarm.to, case.lead)
}
