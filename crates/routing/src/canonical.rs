//! What the desk knows, in a form that is equal in whatever house it is known.
//!
//! Numbers of cases, names of warnings and time lines come from the order of the log and are left out; people go by
//! what the caller says they go by. What staff wrote is sealed under the house's own key and left out too.

use std::collections::BTreeSet;

use doudi_model::digest::Hasher;
use doudi_model::stage::{StateFault, decode, encode};
use doudi_model::{Digest, person};

use crate::case::Case;
use crate::correction::Correction;
use crate::plan::Step;

/// The comparable form of a case from its value.
///
/// # Errors
/// If the value is not of its form.
pub fn case(value: &[u8], person: &dyn Fn(&person::Id) -> Digest) -> Result<Digest, StateFault> {
    let case: Case = decode(value)?;
    let mut hasher = Hasher::new();
    hasher.part(&encode(&(&case.household, case.division, &case.lead, &case.co))?);
    hasher.part(&encode(&(case.state, case.level, &case.directions, case.round, &case.assignee))?);
    let warnings: BTreeSet<Vec<u8>> = case
        .warnings
        .values()
        .map(|warning| {
            let about = warning.person.as_ref().map(person);
            encode(&(&warning.rule, about, warning.level, warning.muted, warning.closed.map(|(_, why)| why)))
        })
        .collect::<Result<_, _>>()?;
    hasher.part(&encode(&warnings)?);
    hasher.part(&encode(&Step::ALL.map(|step| case.deadlines.get(step)))?);
    let found = case.report.as_ref().map(|recorded| {
        let finding = &recorded.report.finding;
        (finding.outcome, finding.on, finding.since, finding.person.as_ref().map(person), &recorded.rules)
    });
    hasher.part(&encode(&found)?);
    Ok(hasher.finish())
}

/// The comparable form of a correction request; none for a pair that only helps to find one.
///
/// # Errors
/// If the value is not of its form.
pub fn correction(key: &[u8], value: &[u8]) -> Result<Option<Digest>, StateFault> {
    if key.first() != Some(&2) {
        return Ok(None);
    }
    let asked: Correction = decode(value)?;
    let answer = asked.answered.as_ref().map(|answer| (answer.corrected, answer.reason.is_empty()));
    let mut hasher = Hasher::new();
    hasher.part(&encode(&(&asked.household, asked.division, &asked.asked_by, &asked.office))?);
    hasher.part(&encode(&(&asked.kind, &asked.field, asked.due, asked.late, answer))?);
    Ok(Some(hasher.finish()))
}
