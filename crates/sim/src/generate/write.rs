//! Writes drafts as CloudEvents 1.0, one JSON object a line, straight into a buffer.

use std::fmt::Write as _;

use doudi_model::Day;
use doudi_model::person::Sex;

use super::draft::{About, Draft, Field, Kind, Roster, Step};
use super::number::{self, Form};
use super::population::{Household, Person, Population};
use crate::rng::Rng;

/// Appends one event, without a line end.
pub fn event(out: &mut String, population: &Population, draft: &Draft) {
    out.push_str(r#"{"specversion":"1.0","id":""#);
    name(out, population, draft, draft.step.suffix());
    out.push_str(r#"","source":""#);
    source(out, population, draft);
    out.push_str(r#"","type":"cn.doudi."#);
    out.push_str(draft.kind.name());
    // Writing to a String cannot fail.
    let _ = write!(out, r#".v1","time":"{}","subject":""#, draft.time);
    subject(out, population, draft);
    if let Some(earlier) = draft.step.supersedes() {
        out.push_str(r#"","supersedes":""#);
        name(out, population, draft, earlier);
    }
    out.push('"');
    if draft.step == Step::Withdraws {
        out.push_str(r#","withdrawn":true"#);
    }
    out.push_str(r#","datacontenttype":"application/json","data":{"#);
    for (at, (field, value)) in draft.fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let _ = write!(out, r#""{field}":"#);
        self::value(out, population, draft, *value);
    }
    out.push_str("}}");
}

/// The event's id: what, of whom, of which day, and which of several. Says nothing that the subject's number would.
#[must_use]
pub fn id(population: &Population, draft: &Draft) -> String {
    let mut out = String::new();
    name(&mut out, population, draft, draft.step.suffix());
    out
}

fn name(out: &mut String, population: &Population, draft: &Draft, suffix: &str) {
    out.push_str(draft.kind.name());
    out.push('-');
    match draft.about {
        About::Household(index) => household_id(out, population, index),
        About::Member(index, at) => {
            household_id(out, population, index);
            let _ = write!(out, "-{at}");
        }
        About::County(code) => {
            let _ = write!(out, "{code}");
        }
    }
    let day = draft.time.day();
    let _ = write!(out, "-{:04}{:02}{:02}-{}{suffix}", day.year(), day.month(), day.day_of_month(), draft.tag);
}

fn household_id(out: &mut String, population: &Population, index: u32) {
    if let Some(household) = population.household(index) {
        let _ = write!(out, "h-{:06}-{:06}", household.county, household.serial);
    }
}

/// The office that sends it: `c-421202-yb`.
fn source(out: &mut String, population: &Population, draft: &Draft) {
    let county = match draft.about {
        About::Household(index) | About::Member(index, _) => population.household(index).map_or(0, |home| home.county),
        About::County(code) => super::population::six(code),
    };
    let covered = draft.fields.iter().find_map(|(_, field)| match field {
        Field::Code(code) => Kind::FACTS.iter().find(|kind| draft.kind == Kind::Coverage && kind.name() == *code),
        _ => None,
    });
    let department = covered.copied().unwrap_or(draft.kind).department();
    let _ = write!(out, "c-{county:06}-{department}");
}

fn subject(out: &mut String, population: &Population, draft: &Draft) {
    match draft.about {
        About::Household(index) => {
            out.push_str("household:");
            household_id(out, population, index);
        }
        About::Member(index, at) => {
            let person = population.household(index).and_then(|household| population.member(household, at));
            if let Some(person) = person {
                number::push(out, person.parts(), form(person, draft));
            }
        }
        About::County(code) => {
            let _ = write!(out, "division:{code}");
        }
    }
}

/// Civil affairs and police have renewed their numbers; some other sources still hold the 15 digits.
fn form(person: &Person, draft: &Draft) -> Form {
    let renewed = matches!(draft.kind.department(), "mz" | "ga");
    if draft.form == Form::Full && person.legacy && !renewed { Form::Legacy } else { draft.form }
}

fn value(out: &mut String, population: &Population, draft: &Draft, value: Field) {
    let home = draft.about.household().and_then(|index| population.household(index).map(|home| (index, home)));
    let _ = match value {
        Field::Money(amount) => write!(out, "{amount}"),
        Field::Int(number) => write!(out, "{number}"),
        Field::Day(day) => write!(out, "\"{day}\""),
        Field::Code(code) => write!(out, "\"{code}\""),
        Field::Flag(flag) => write!(out, "{flag}"),
        Field::Division(code) => write!(out, "\"{code}\""),
        Field::Address => match home {
            Some((_, home)) => address(out, population, home, draft.time.day()),
            None => write!(out, "\"\""),
        },
        // No subscriber's number begins with 0.
        Field::Phone => write!(out, "\"0715-{:08}\"", draft.about.household().unwrap_or(0)),
        Field::Members(roster) => {
            if let Some((_, home)) = home {
                members(out, population, home, roster);
            }
            Ok(())
        }
    };
}

fn address(out: &mut String, population: &Population, home: &Household, day: Day) -> std::fmt::Result {
    let village = population.village_on(home, day).map_or("", |village| village.name.as_str());
    let mut rng = Rng::of(u64::from(home.county), &[4, u64::from(home.serial)]);
    write!(out, "\"{village}{}组{}号\"", rng.between(1, 12), rng.between(1, 60))
}

fn members(out: &mut String, population: &Population, home: &Household, roster: Roster) {
    out.push('[');
    for (at, person) in population.members(home).take(usize::from(roster.count)) {
        if at > 0 {
            out.push(',');
        }
        let unnumbered = roster.provisional && at + 1 == roster.count;
        member(out, person, if unnumbered { Written::Mark(home, at) } else { Written::Number(roster.slip && at == 0) });
    }
    let other = roster.claimed.and_then(|index| population.household(index));
    if let Some(person) = other.and_then(|other| population.member(other, other.size.saturating_sub(1))) {
        out.push(',');
        member(out, person, Written::Number(false));
    }
    out.push(']');
}

enum Written<'a> {
    Number(bool),
    Mark(&'a Household, u8),
}

fn member(out: &mut String, person: &Person, written: Written<'_>) {
    match written {
        Written::Number(slip) => {
            out.push_str(r#"{"id":""#);
            number::push(out, person.parts(), if slip { Form::Slip } else { Form::Full });
            out.push('"');
        }
        Written::Mark(home, at) => {
            let sex = if person.sex == Sex::Male { "male" } else { "female" };
            let _ = write!(
                out,
                r#"{{"provisional":"newborn-{:06}-{:06}-{at}","birth":"{}","sex":"{sex}""#,
                home.county, home.serial, person.birth
            );
        }
    }
    out.push_str(r#","name":""#);
    person.name.push(out);
    let _ = write!(out, r#"","relation":"{}"}}"#, person.relation.code());
}
