//! From the fields of the form to a finding, and what is wrong with them.

use doudi_model::Day;

use super::super::form::{Fields, amount, day};
use super::super::part::Errors;
use super::pages::{Step, has_measures, measures};
use super::{MEASURES_MAX, Work};
use crate::service::{Correction, Finding, Intervention, Way};
use crate::view::Outcome;

/// What is wrong with one page.
pub(super) fn faults(work: &Work<'_>, step: Step, fields: &Fields) -> Errors {
    let mut errors = Errors::new();
    let t = work.ui.words;
    let outcome = Outcome::parse(fields.get("outcome"));
    match step {
        Step::Visit => visit(work, fields, &mut errors),
        Step::Conclusion => {
            if outcome.is_none() {
                errors.push("outcome", t.outcome_missing);
            }
        }
        Step::More => {
            if outcome.is_some_and(Outcome::needs_hearing) {
                if fields.get("heard") != "yes" {
                    errors.push("heard", t.hearing_missing);
                }
                if !fields.has("hearing") {
                    errors.push("hearing", t.hearing_words_missing);
                }
            }
            if outcome == Some(Outcome::SourceWrong) {
                let known = work.view.values.iter().any(|value| value.id == fields.get("wrong_what"));
                if !known {
                    errors.push("wrong_what", t.wrong_what_missing);
                }
                for (name, words) in [("wrong_right", t.wrong_right_missing), ("wrong_seen", t.wrong_seen_missing)] {
                    if !fields.has(name) {
                        errors.push(name, words);
                    }
                }
            }
        }
        Step::Measures => {
            for at in 0..measures(fields).min(MEASURES_MAX) {
                measure(work, fields, at, &mut errors);
            }
        }
        Step::Check | Step::Receipt => {}
    }
    errors
}

fn visit(work: &Work<'_>, fields: &Fields, errors: &mut Errors) {
    let t = work.ui.words;
    let today = work.app.service.now().day();
    match day(fields.get("on")) {
        None if !fields.has("on") => errors.push("on", t.day_missing),
        None => errors.push("on", (t.day_unreadable)(today)),
        Some(on) if on > today => errors.push("on", t.day_in_future),
        Some(on) if on < earliest(work) => errors.push("on", t.day_too_early),
        Some(_) => {}
    }
    if !fields.has("investigator1") {
        errors.push("investigator1", t.investigator_missing);
    }
}

/// A visit long before the case is a slip of the pen.
fn earliest(work: &Work<'_>) -> Day {
    work.view.row.opened.day().plus_days(-31)
}

/// Whether anything stands in a measure's fields: an empty one is left out.
fn is_blank(fields: &Fields, at: usize) -> bool {
    ["kind", "department", "amount", "from"].iter().all(|part| !fields.has(&format!("{part}{at}")))
}

fn measure(work: &Work<'_>, fields: &Fields, at: usize, errors: &mut Errors) {
    let t = work.ui.words;
    if is_blank(fields, at) {
        return;
    }
    let text = |part: &str| fields.get(&format!("{part}{at}"));
    if text("kind").is_empty() {
        errors.push(format!("kind{at}"), t.measure_kind_missing);
    }
    if text("department").is_empty() {
        errors.push(format!("department{at}"), t.department_missing);
    }
    if !text("amount").is_empty() && amount(text("amount")).is_none() {
        errors.push(format!("amount{at}"), t.amount_unreadable);
    }
    if !text("from").is_empty() && day(text("from")).is_none() {
        errors.push(format!("from{at}"), (t.day_unreadable)(work.app.service.now().day()));
    }
}

/// The finding, if all pages are sound.
pub(super) fn read(fields: &Fields) -> Option<Finding> {
    let outcome = Outcome::parse(fields.get("outcome"))?;
    let names = ["investigator1", "investigator2"].into_iter().map(|name| fields.get(name).to_owned());
    // Measures typed before the conclusion was changed to one without any are not meant.
    let shown = if has_measures(outcome) { measures(fields).min(MEASURES_MAX) } else { 0 };
    let interventions = (0..shown).filter(|at| !is_blank(fields, *at)).map(|at| {
        let text = |part: &str| fields.get(&format!("{part}{at}"));
        Intervention {
            kind: text("kind").to_owned(),
            department: text("department").to_owned(),
            amount: amount(text("amount")),
            monthly: text("schedule") == "monthly",
            from: day(text("from")),
        }
    });
    let wrong = outcome == Outcome::SourceWrong;
    Some(Finding {
        on: day(fields.get("on"))?,
        investigators: names.filter(|name| !name.is_empty()).collect(),
        met: fields.get("met").to_owned(),
        way: if fields.get("way") == "phone" { Way::Phone } else { Way::Visit },
        outcome,
        interventions: interventions.collect(),
        hearing: outcome.needs_hearing().then(|| fields.get("hearing").to_owned()),
        correction: wrong.then(|| Correction {
            what: fields.get("wrong_what").to_owned(),
            right: fields.get("wrong_right").to_owned(),
            seen_on: fields.get("wrong_seen").to_owned(),
        }),
        remarks: fields.get("remarks").to_owned(),
    })
}
