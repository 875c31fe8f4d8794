//! Where a case lies: households that move, and cases that meet at one office.

use doudi_model::division::Code;
use doudi_model::household;
use doudi_model::stage::StateFault;

use super::Desk;
use crate::case::{Case, Id, State};
use crate::index;
use crate::moves::change_hands;
use crate::timeline::{CloseReason, Happening};

impl Desk<'_> {
    /// Tells all open cases of a household where it lives now.
    pub(super) fn relocate_all(&mut self, household: &household::Id, division: Code) -> Result<(), StateFault> {
        for old in index::open_cases(self.state, household)? {
            if old.division == division {
                continue;
            }
            // A case before it may have taken this one in.
            let Some(old) = index::case(self.state, &old.id)?.filter(Case::is_open) else { continue };
            self.relocate(&old, division)?;
        }
        Ok(())
    }

    fn relocate(&mut self, old: &Case, division: Code) -> Result<(), StateFault> {
        let mut case = old.clone();
        case.division = division;
        case.note_by_system(self.at, Happening::HouseholdMoved { from: old.division, to: division });
        let Some(grave) = case.gravest().map(|warning| (warning.category.clone(), warning.direction)) else {
            return self.commit(Some(old), case).map(drop);
        };
        let route = |division| self.plan.route(division, &grave.0, case.level, grave.1, self.day());
        let (before, after) = (route(old.division), route(division));
        let chosen_by_a_person = case.lead != before.lead.id;
        let still_serves = self.plan.offices().get(&case.lead).is_some_and(|lead| self.plan.serves(lead, division));
        let stays = case.state == State::Reported
            || before.lead.id == after.lead.id
            || after.lead.id == case.lead
            || (chosen_by_a_person && still_serves);
        if stays {
            return self.commit(Some(old), case).map(drop);
        }
        let (from, to) = (case.lead.clone(), after.lead.id.clone());
        change_hands(&mut case, self.plan, self.day(), &to, None);
        case.co = after.co.iter().map(|office| office.id.clone()).collect();
        if after.is_last_resort() {
            case.state = State::Opened;
        }
        case.note_by_system(self.at, Happening::Transferred { from, to });
        self.settle_place(old, case).map(drop)
    }

    /// Writes a case that may have changed hands: if the household already has an open case there, this one goes into it.
    ///
    /// INVARIANT: one open case per household and lead office. Returns the case that took it in, if one did.
    pub(super) fn settle_place(&mut self, old: &Case, mut case: Case) -> Result<Option<Id>, StateFault> {
        let there = index::open_case(self.state, &case.household, &case.lead)?.filter(|there| there.id != case.id);
        let Some(there) = there.filter(|_| case.is_open()) else {
            self.commit(Some(old), case)?;
            return Ok(None);
        };
        let into = there.id.clone();
        case.state = State::Closed;
        case.note_by_system(self.at, Happening::Closed { why: CloseReason::Merged(into.clone()) });
        // This one closes first, so that there are never two open ones.
        let case = self.commit(Some(old), case)?;
        self.take_in(&there, &case)?;
        Ok(Some(into))
    }

    fn take_in(&mut self, old: &Case, other: &Case) -> Result<(), StateFault> {
        let mut case = old.clone();
        let counted = case.active().next().is_some();
        for (id, warning) in &other.warnings {
            case.warnings.entry(*id).or_insert_with(|| warning.clone());
        }
        case.directions.extend(other.directions.iter().copied());
        case.told.extend(other.told.iter().cloned());
        case.former.extend(other.former.iter().filter(|office| **office != case.lead).cloned());
        let co = other.co.iter().filter(|office| **office != case.lead && !old.co.contains(*office));
        case.co.extend(co.cloned());
        case.note_by_system(self.at, Happening::Merged { from: other.id.clone() });
        if other.active().next().is_some() {
            self.resume(&mut case);
            self.worsen(&mut case, other.level, &other.deadlines);
        }
        self.settle(&mut case, counted);
        self.commit(Some(old), case).map(drop)
    }
}
