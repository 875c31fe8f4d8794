//! Bringing one household up to date: only what a change or the day touches.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::fact::Kind;
use doudi_model::stage::{At, Space, State, StateFault, save};
use doudi_model::{Day, household};
use doudi_rules::bundle::Bundle;
use doudi_rules::evaluate::Evaluation;
use doudi_rules::feature::{File, Over, Reading, Reason};
use serde_json::{Map, Value};

use super::News;
use super::coverage::{Coverage, coverage_for};
use super::decision;
use super::fold::Touched;
use super::head::{Answer, Chunk, Head, chunk, chunks, write};
use super::warnings::Turn;
use crate::effect::{Effects, next_record};
use crate::resolve::{MEMBER, REGISTERED};

/// One look at one household.
pub(super) struct Refresh<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) household: &'a household::Id,
    pub(super) at: At,
}

impl Refresh<'_> {
    /// Evaluates and writes what changed. With `touched`, only features of these kinds are read again.
    pub(super) fn run(
        &self,
        state: &mut dyn State,
        mut head: Head,
        touched: Option<Touched>,
        news: &News,
        effects: &mut Effects,
    ) -> Result<(), StateFault> {
        let day = self.at.day();
        let same_bundle = head.bundle == Some(self.bundle.digest());
        let same_members = |kinds: &Touched| !kinds.iter().any(|kind| [MEMBER, REGISTERED].contains(&kind.as_str()));
        // Nothing that it read before has run out, no standard has changed since.
        let still_so = same_bundle && head.due.is_none_or(|due| due > day);
        let partial = touched.filter(|kinds| still_so && same_members(kinds));
        let partial = partial.as_ref();
        let kept = match partial {
            Some(kinds) => some_chunks(state, self.household, kinds)?,
            None => chunks(state, self.household)?,
        };
        let path = self.bundle.path(head.division);
        let coverage = coverage_for(state, self.bundle, &path, partial, self.at.position)?;
        let file = file_of(self.bundle, &head, &kept, coverage);
        let before = partial.map(|kinds| (std::mem::take(&mut head.readings), kinds));
        let evaluation = self.bundle.evaluate(&file, day, before);
        let answers = answers(&evaluation);
        let decided = !same_bundle || differ(&head.answers, &answers) || !news.findings.is_empty();
        if decided {
            head.decision = Some(self.record(state, &head, &evaluation, effects)?);
        }
        self.store(state, head, evaluation, answers, news, effects)
    }

    fn record(
        &self,
        state: &mut dyn State,
        head: &Head,
        evaluation: &Evaluation,
        effects: &mut Effects,
    ) -> Result<u64, StateFault> {
        let body =
            decision::body(self.bundle, self.household, head.division, head.file_digest(), self.at.day(), evaluation);
        self.push(state, "decision", body, effects)
    }

    fn push(
        &self,
        state: &mut dyn State,
        ty: &str,
        mut body: Map<String, Value>,
        effects: &mut Effects,
    ) -> Result<u64, StateFault> {
        let seq = next_record(state)?;
        body.insert("type".into(), ty.into());
        body.insert("seq".into(), seq.into());
        body.insert("position".into(), self.at.position.into());
        body.insert("at".into(), self.at.instant.to_string().into());
        effects.records.push(Value::Object(body));
        Ok(seq)
    }

    fn store(
        &self,
        state: &mut dyn State,
        mut head: Head,
        evaluation: Evaluation,
        answers: Vec<Answer>,
        news: &News,
        effects: &mut Effects,
    ) -> Result<(), StateFault> {
        let day = self.at.day();
        let decision = head.decision.unwrap_or(0);
        let turn = Turn { bundle: self.bundle, household: self.household, evaluation: &evaluation, day, decision };
        for change in turn.apply(&mut head, news) {
            if let Ok(Value::Object(body)) = serde_json::to_value(&change) {
                self.push(state, "warning", body, effects)?;
            }
            effects.changes.push((self.at, change));
        }
        let waiting: BTreeSet<Kind> = stale_kinds(self.bundle, &evaluation);
        self.index_waiting(state, &head, &waiting)?;
        head.waiting_at = head.division;
        let quiet_ends = head.quiet.values().copied().min().unwrap_or(Day::MAX);
        let next = evaluation.readings.next().min(self.bundle.next_change(day)).min(quiet_ends).max(day.plus_days(1));
        let due = (next < Day::MAX).then_some(next);
        if due != head.due {
            if let Some(old) = head.due {
                state.remove(Space::HouseholdDue, &due_key(old, self.household));
            }
            if let Some(new) = due {
                state.put(Space::HouseholdDue, &due_key(new, self.household), Vec::new());
            }
        }
        head.looked = Some(self.at.position);
        head.due = due;
        head.waiting = waiting;
        head.level = self.bundle.level(evaluation.missed);
        head.readings = evaluation.readings;
        head.answers = answers;
        head.bundle = Some(self.bundle.digest());
        write(state, self.household, &head)
    }

    fn index_waiting(&self, state: &mut dyn State, head: &Head, waiting: &BTreeSet<Kind>) -> Result<(), StateFault> {
        for gone in head.waiting.difference(waiting) {
            state.remove(Space::Stale, &waiting_key(gone, self.household));
        }
        let moved = head.waiting_at != head.division;
        for kind in waiting.iter().filter(|kind| moved || !head.waiting.contains(*kind)) {
            save(state, Space::Stale, &waiting_key(kind, self.household), &head.division)?;
        }
        Ok(())
    }
}

fn some_chunks(
    state: &dyn State,
    household: &household::Id,
    kinds: &Touched,
) -> Result<BTreeMap<Kind, Chunk>, StateFault> {
    kinds.iter().map(|kind| Ok((kind.clone(), chunk(state, household, kind)?))).collect()
}

/// A household's file as features see it.
#[must_use]
pub fn file_of<'a>(bundle: &Bundle, head: &Head, kept: &'a BTreeMap<Kind, Chunk>, coverage: Coverage) -> File<'a> {
    File {
        members: head.members(),
        disputed: head.people.iter().filter(|(_, claim)| claim.disputed).map(|(person, _)| *person).collect(),
        path: bundle.path(head.division),
        facts: kept.iter().map(|(kind, chunk)| (kind.clone(), chunk.facts())).collect(),
        coverage: coverage.by_kind,
        coverage_by: coverage.by_source,
    }
}

fn stale_kinds(bundle: &Bundle, evaluation: &Evaluation) -> BTreeSet<Kind> {
    let readings = &evaluation.readings;
    let mut kinds = BTreeSet::new();
    for feature in bundle.features().iter() {
        let stale = |reading: &Reading| reading.value == Err(Reason::Stale);
        let waits = match feature.over {
            Over::Household => readings.household.get(feature.ordinal).is_some_and(stale),
            Over::Person => readings.members.values().filter_map(|all| all.get(feature.ordinal)).any(stale),
        };
        kinds.extend(feature.kind().filter(|_| waits));
    }
    kinds
}

fn answers(evaluation: &Evaluation) -> Vec<Answer> {
    let of = |answer: &doudi_rules::evaluate::RuleAnswer| Answer {
        rule: u16::try_from(answer.rule).unwrap_or(u16::MAX),
        person: answer.person,
        verdict: answer.verdict,
    };
    evaluation.answers.iter().map(of).collect()
}

/// Whether a verdict changed, a leaf alone does not make a new decision.
fn differ(before: &[Answer], after: &[Answer]) -> bool {
    let verdict = |answer: &Answer| (answer.rule, answer.person, answer.verdict);
    !before.iter().map(verdict).eq(after.iter().map(verdict))
}

/// The day as bytes that sort as days do.
pub(super) fn day_key(day: Day) -> [u8; 4] {
    let shifted = i64::from(day.epoch_days()) - i64::from(Day::MIN.epoch_days());
    u32::try_from(shifted).unwrap_or(0).to_be_bytes()
}

fn due_key(day: Day, household: &household::Id) -> Vec<u8> {
    [&day_key(day), household.as_str().as_bytes()].concat()
}

pub(super) fn household_of_due(key: &[u8]) -> Option<household::Id> {
    key.get(4..).and_then(|id| std::str::from_utf8(id).ok()).and_then(|id| id.parse().ok())
}

fn waiting_key(kind: &Kind, household: &household::Id) -> Vec<u8> {
    [kind.as_str().as_bytes(), &[0], household.as_str().as_bytes()].concat()
}
