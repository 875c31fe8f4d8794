//! Moves that staff ask for.

use doudi_feedback::{Cause, Outcome, facts, facts_of};
use doudi_model::Problem;
use doudi_model::stage::StateFault;

use super::Desk;
use crate::case::{Case, Id, Recorded, State};
use crate::correction::{self, Correction};
use crate::moves::{self, Answered, MoveDone, MoveKind, MoveRequest};
use crate::timeline::Happening;
use crate::{index, office};

impl Desk<'_> {
    pub(super) fn make(&mut self, request: &MoveRequest) -> Result<(), StateFault> {
        let reply = self.try_move(request)?;
        self.effects.reply = Some(reply);
        Ok(())
    }

    fn try_move(&mut self, request: &MoveRequest) -> Result<Result<MoveDone, Problem>, StateFault> {
        let Some(old) = index::case(self.state, &request.case)? else { return Ok(Err(moves::no_case())) };
        let digest = moves::request_digest(request)?;
        if let Some(earlier) = old.answered.iter().find(|earlier| earlier.once == request.once) {
            let same = earlier.request == digest;
            return Ok(if same { Ok(earlier.done.clone()) } else { Err(moves::once_reused()) });
        }
        let correction = self.named_correction(request)?;
        let other = index::open_case(self.state, &old.household, &old.lead)?.map(|case| case.id);
        let other = other.filter(|other| *other != old.id);
        let judged = moves::judge(self.plan, self.at, &old, request, correction.as_ref(), other.as_ref());
        let mut case = match judged {
            Ok(case) => case,
            Err(problem) => return Ok(Err(problem)),
        };
        match request.kind {
            MoveKind::Report => self.reported(&old, &mut case)?,
            MoveKind::Answer => self.answered(correction, request)?,
            MoveKind::Reopen => self.leave_to_others(&mut case)?,
            _ => {}
        }
        let done = MoveDone {
            case: case.id.clone(),
            kind: request.kind,
            state: case.state,
            lead: case.lead.clone(),
            version: case.version,
            merged_into: None,
            at: self.at.instant,
        };
        let (id, done) = self.settle_move(&old, case, done)?;
        self.remember(&id, Answered { once: request.once.clone(), request: digest, done: done.clone() })?;
        Ok(Ok(done))
    }

    /// Writes the moved case; if the household already had one where it went, says which took it in.
    fn settle_move(&mut self, old: &Case, case: Case, mut done: MoveDone) -> Result<(Id, MoveDone), StateFault> {
        let id = case.id.clone();
        done.merged_into = self.settle_place(old, case)?;
        if done.merged_into.is_some() {
            done.state = State::Closed;
            done.version = index::case(self.state, &id)?.map_or(done.version, |case| case.version);
        }
        Ok((id, done))
    }

    fn remember(&mut self, id: &Id, answered: Answered) -> Result<(), StateFault> {
        let Some(old) = index::case(self.state, id)? else { return Ok(()) };
        let mut case = old.clone();
        case.answered.push(answered);
        self.commit(Some(&old), case).map(drop)
    }

    fn named_correction(&self, request: &MoveRequest) -> Result<Option<Correction>, StateFault> {
        let Some(answer) = request.detail.answer.as_ref().filter(|_| request.kind == MoveKind::Answer) else {
            return Ok(None);
        };
        let found = correction::get(self.state, &answer.correction)?;
        Ok(found.filter(|correction| correction.case == request.case))
    }

    /// Warnings of a reopened case that went on in another one stay there.
    ///
    /// INVARIANT: no warning lies in two open cases.
    fn leave_to_others(&self, case: &mut Case) -> Result<(), StateFault> {
        for other in index::open_cases(self.state, &case.household)? {
            case.warnings.retain(|id, _| !other.warnings.contains_key(id));
        }
        Ok(())
    }

    /// Facts of the report; those of one that it replaces are withdrawn; a source is asked to correct.
    fn reported(&mut self, old: &Case, case: &mut Case) -> Result<(), StateFault> {
        let Some(recorded) = case.report.clone() else { return Ok(()) };
        if let Some(earlier) = old.report.as_ref().filter(|_| old.state == State::Reported) {
            let taken_back = facts::withdrawals(&earlier.report, &cause(old, earlier), recorded.version, self.at);
            self.effects.facts.extend(taken_back);
        }
        self.effects.facts.extend(facts_of(&recorded.report, &cause(case, &recorded), self.at));
        if recorded.report.finding.outcome == Outcome::SourceWrong {
            self.ask_source(case, &recorded)?;
        }
        Ok(())
    }

    fn ask_source(&mut self, case: &mut Case, recorded: &Recorded) -> Result<(), StateFault> {
        let Some(wrong) = &recorded.report.finding.wrong else { return Ok(()) };
        let Ok(office) = wrong.office.parse::<office::Id>() else { return Ok(()) };
        let due = self.plan.due(self.day(), correction::WORKING_DAYS);
        let correction = Correction {
            id: correction::Id::of(&case.id, recorded.version),
            case: case.id.clone(),
            household: case.household.clone(),
            division: case.division,
            asked_by: recorded.office.clone(),
            office: office.clone(),
            kind: wrong.kind.clone(),
            field: wrong.field.clone(),
            right: wrong.right.clone(),
            seen_on: wrong.seen_on.clone(),
            asked: self.day(),
            due,
            late: false,
            answered: None,
        };
        correction::save(self.state, None, &correction)?;
        case.note_by_system(self.at, Happening::CorrectionAsked { correction: correction.id, office, due: due.by });
        Ok(())
    }

    fn answered(&mut self, correction: Option<Correction>, request: &MoveRequest) -> Result<(), StateFault> {
        let (Some(old), Some(answer)) = (correction, &request.detail.answer) else { return Ok(()) };
        let mut correction = old.clone();
        correction.answered = Some(correction::Answer {
            at: self.at.instant,
            by: request.actor.name.clone(),
            corrected: answer.corrected,
            reason: request.reason.clone(),
        });
        correction::save(self.state, Some(&old), &correction)
    }
}

fn cause<'a>(case: &'a Case, recorded: &'a Recorded) -> Cause<'a> {
    Cause {
        case: case.id.as_str(),
        step: recorded.version,
        household: &case.household,
        office: recorded.office.as_str(),
        rules: &recorded.rules,
    }
}
