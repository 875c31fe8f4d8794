//! A report becomes facts, which change the next verdicts.
//!
//! | fact | when | fields |
//! |---|---|---|
//! | `feedback.finding` | always | case, outcome, rules, on, office |
//! | `feedback.intervention` | one per measure | kind, department, amount, schedule, from |
//! | `feedback.correction` | `source-wrong` | kind, field, office, on |
//! | `aid.status` | `entered-…` | scheme, status `in`, from |
//! | `person.death` | `deceased`, if the person and the day are named | died_on |
//!
//! Nothing here ends aid: `reduced`, `taper` and `stop-proposed` are findings and no more.
//!
//! A fact's name is derived from case and step, so that a repeat is the same fact.

use std::collections::BTreeMap;

use doudi_model::digest::Hasher;
use doudi_model::fact::{self, Kind, Subject};
use doudi_model::stage::At;
use doudi_model::{Day, Fact, Value, household, person};

use crate::finding::{Intervention, Report};
use crate::outcome::Outcome;

/// Who says so, in every fact made here.
pub const SOURCE: &str = "urn:doudi:desk";

/// What a report belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause<'a> {
    /// The case's number.
    pub case: &'a str,
    /// The case's step (version) that carries the report.
    pub step: u32,
    /// The household.
    pub household: &'a household::Id,
    /// The office that reports.
    pub office: &'a str,
    /// The rules that the finding speaks about.
    pub rules: &'a [String],
}

/// The facts of one report.
///
/// Equal input gives equal facts; only `known` and `position` come from `at`.
#[must_use]
pub fn facts_of(report: &Report, cause: &Cause<'_>, at: At) -> Vec<Fact> {
    let mut facts = vec![finding(report, cause, at)];
    for (number, intervention) in report.interventions.iter().enumerate() {
        facts.push(measure(intervention, number, cause, at));
    }
    facts.extend(correction(report, cause, at));
    facts.extend(aid(report, cause, at));
    facts.extend(death(report, cause, at));
    facts
}

/// Facts that take an earlier report back, for a report that replaces it.
///
/// `earlier` is the cause of the earlier report; the withdrawals are named after `step`, the replacing step.
#[must_use]
pub fn withdrawals(report: &Report, earlier: &Cause<'_>, step: u32, at: At) -> Vec<Fact> {
    let taken_back = facts_of(report, earlier, at);
    let withdraw = |(number, fact): (usize, Fact)| {
        let cause = Cause { step, ..earlier.clone() };
        let id = name(&cause, "withdrawn", number);
        Fact { id, supersedes: Some(fact.id), withdrawn: true, fields: BTreeMap::new(), ..fact }
    };
    taken_back.into_iter().enumerate().map(withdraw).collect()
}

fn finding(report: &Report, cause: &Cause<'_>, at: At) -> Fact {
    let finding = &report.finding;
    let fields = [
        ("case", Value::Text(cause.case.to_owned())),
        ("outcome", Value::Text(finding.outcome.code().to_owned())),
        ("rules", Value::Text(cause.rules.join(","))),
        ("on", Value::Date(finding.on)),
        ("office", Value::Text(cause.office.to_owned())),
    ];
    let subject = Subject::Household(cause.household.clone());
    make("feedback.finding", 0, subject, finding.on, fields.into(), cause, at)
}

fn measure(intervention: &Intervention, number: usize, cause: &Cause<'_>, at: At) -> Fact {
    let mut fields = vec![
        ("kind", Value::Text(intervention.kind.clone())),
        ("department", Value::Text(intervention.department.clone())),
        ("schedule", Value::Text(intervention.schedule.code().to_owned())),
        ("from", Value::Date(intervention.from)),
    ];
    // What is not known is left out, never zero.
    fields.extend(intervention.amount.map(|amount| ("amount", Value::Money(amount))));
    let subject = Subject::Household(cause.household.clone());
    make("feedback.intervention", number, subject, intervention.from, fields, cause, at)
}

fn correction(report: &Report, cause: &Cause<'_>, at: At) -> Option<Fact> {
    let wrong = report.finding.wrong.as_ref().filter(|_| report.finding.outcome == Outcome::SourceWrong)?;
    let fields = vec![
        ("kind", Value::Text(wrong.kind.clone())),
        ("field", Value::Text(wrong.field.clone())),
        ("office", Value::Text(wrong.office.clone())),
        ("on", Value::Date(report.finding.on)),
    ];
    let subject = Subject::Household(cause.household.clone());
    Some(make("feedback.correction", 0, subject, report.finding.on, fields, cause, at))
}

fn aid(report: &Report, cause: &Cause<'_>, at: At) -> Option<Fact> {
    let scheme = report.finding.outcome.scheme()?;
    let from = report.finding.since.unwrap_or(report.finding.on);
    let fields = vec![
        ("scheme", Value::Text(scheme.to_owned())),
        ("status", Value::Text("in".to_owned())),
        ("from", Value::Date(from)),
    ];
    Some(make("aid.status", 0, Subject::Household(cause.household.clone()), from, fields, cause, at))
}

/// A death without its day is no fact: the day of the visit is not the day of death.
fn death(report: &Report, cause: &Cause<'_>, at: At) -> Option<Fact> {
    let finding = &report.finding;
    if finding.outcome != Outcome::Deceased {
        return None;
    }
    let (person, died_on): (person::Id, Day) = (finding.person?, finding.since?);
    let fields = vec![("died_on", Value::Date(died_on))];
    Some(make("person.death", 0, Subject::Person(person), died_on, fields, cause, at))
}

fn make(
    kind: &str,
    number: usize,
    subject: Subject,
    valid: Day,
    fields: Vec<(&str, Value)>,
    cause: &Cause<'_>,
    at: At,
) -> Fact {
    Fact {
        id: name(cause, kind, number),
        kind: Kind::from(kind),
        subject,
        valid,
        known: at.instant,
        position: at.position,
        source: SOURCE.to_owned(),
        supersedes: None,
        withdrawn: false,
        fields: fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect(),
    }
}

fn name(cause: &Cause<'_>, kind: &str, number: usize) -> fact::Id {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    let mut hasher = Hasher::new();
    hasher.part(b"feedback").part(cause.case.as_bytes()).part(&cause.step.to_be_bytes());
    let full = hasher.part(kind.as_bytes()).part(&number.to_be_bytes()).finish();
    let mut short = [0_u8; 16];
    for (to, from) in short.iter_mut().zip(full.0) {
        *to = from;
    }
    person::Id(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, Schedule, WrongValue};
    use doudi_model::{Fen, FreeText, Instant};

    fn report(outcome: Outcome) -> Report {
        let on = "2026-11-24".parse().unwrap();
        Report {
            finding: Finding {
                outcome,
                on,
                rules: vec![],
                person: None,
                since: None,
                wrong: None,
                note: FreeText::default(),
            },
            interventions: vec![],
            hearing: None,
        }
    }

    fn facts(report: &Report, position: u64) -> Vec<Fact> {
        let household = "h-1".parse().unwrap();
        let rules = ["medical-burden".to_owned()];
        let cause = Cause { case: "K7M2-2427", step: 4, household: &household, office: "t-421202001", rules: &rules };
        facts_of(report, &cause, At { position, instant: Instant::start_of(report.finding.on) })
    }

    fn kinds(facts: &[Fact]) -> Vec<&str> {
        facts.iter().map(|fact| fact.kind.as_str()).collect()
    }

    #[test]
    fn entering_dibao_is_a_finding_and_aid_from_the_day_given() {
        let mut entered = report(Outcome::EnteredDibao);
        entered.finding.since = Some("2026-12-01".parse().unwrap());
        let facts = facts(&entered, 9);
        assert_eq!(kinds(&facts), ["feedback.finding", "aid.status"]);
        assert_eq!(facts[0].text("rules"), Some("medical-burden"));
        assert_eq!(facts[1].text("scheme"), Some("dibao"));
        assert_eq!(facts[1].text("status"), Some("in"));
        assert_eq!(facts[1].date("from").unwrap().to_string(), "2026-12-01");
    }

    #[test]
    fn nothing_ends_aid() {
        for outcome in [Outcome::Reduced, Outcome::Taper, Outcome::StopProposed, Outcome::Maintained] {
            assert_eq!(kinds(&facts(&report(outcome), 9)), ["feedback.finding"]);
        }
    }

    #[test]
    fn an_unknown_amount_is_left_out_and_a_known_one_is_whole_fen() {
        let mut helped = report(Outcome::TemporaryAid);
        let from = helped.finding.on;
        let kind = "临时救助".to_owned();
        for amount in [None, Some(Fen(120_050))] {
            let department = "c-421202-mz".to_owned();
            helped.interventions.push(Intervention {
                kind: kind.clone(),
                department,
                amount,
                schedule: Schedule::Once,
                from,
            });
        }
        let facts = facts(&helped, 9);
        assert_eq!(facts[1].fields.get("amount"), None);
        assert_eq!(facts[2].fields.get("amount"), Some(&Value::Money(Fen(120_050))));
        assert_ne!(facts[1].id, facts[2].id);
    }

    #[test]
    fn a_death_is_a_fact_only_with_person_and_day() {
        let mut dead = report(Outcome::Deceased);
        dead.finding.person = Some(person::Id([7; 16]));
        assert_eq!(kinds(&facts(&dead, 9)), ["feedback.finding"]);
        dead.finding.since = Some("2026-10-02".parse().unwrap());
        assert_eq!(kinds(&facts(&dead, 9)), ["feedback.finding", "person.death"]);
    }

    #[test]
    fn wrong_source_data_names_kind_field_and_office() {
        let mut wrong = report(Outcome::SourceWrong);
        wrong.finding.wrong = Some(WrongValue {
            kind: "medical.expense".into(),
            field: "self_paid".into(),
            office: "xn-ybj".into(),
            right: "1,200元".into(),
            seen_on: "结算单".into(),
        });
        let facts = facts(&wrong, 9);
        assert_eq!(kinds(&facts), ["feedback.finding", "feedback.correction"]);
        assert_eq!(facts[1].text("office"), Some("xn-ybj"));
        assert!(!facts.iter().any(|fact| fact.fields.values().any(|value| *value == Value::Text("1,200元".into()))));
    }

    #[test]
    fn a_repeat_of_the_same_step_makes_the_same_facts() {
        let first: Vec<_> = facts(&report(Outcome::EnteredEdge), 9).iter().map(Fact::digest).collect();
        let again: Vec<_> = facts(&report(Outcome::EnteredEdge), 77).iter().map(Fact::digest).collect();
        assert_eq!(first, again);
    }

    #[test]
    fn a_report_that_is_taken_back_leaves_nothing_standing() {
        let household = "h-1".parse().unwrap();
        let cause = Cause { case: "K7M2-2427", step: 4, household: &household, office: "t-1", rules: &[] };
        let entered = report(Outcome::EnteredDibao);
        let at = At { position: 9, instant: Instant::start_of(entered.finding.on) };
        let mut all = facts_of(&entered, &cause, at);
        all.extend(withdrawals(&entered, &cause, 6, at));
        assert_eq!(all.len(), 4);
        assert!(fact::standing(&all).is_empty());
    }

    #[test]
    fn reports_survive_journal_and_interface() {
        let entered = report(Outcome::EnteredRigid);
        let bytes = postcard::to_allocvec(&entered).unwrap();
        assert_eq!(postcard::from_bytes::<Report>(&bytes).unwrap(), entered);
        let short = r#"{"finding":{"outcome":"entered-rigid","on":"2026-11-24"}}"#;
        assert_eq!(serde_json::from_str::<Report>(short).unwrap(), entered);
    }
}
