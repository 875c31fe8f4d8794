//! What a household lives on, month by month.

use doudi_model::Day;

use super::lines;
use super::population::{Household, Person, Population};
use super::shape::{Relation, Work};
use crate::rng::Rng;
use crate::story::{Plot, Story};

/// Kind and amount (fen) of a member's income in the month that begins on `month`; none if there is none.
#[must_use]
pub fn of(population: &Population, home: &Household, at: u8, month: Day, rng: &mut Rng) -> Option<(&'static str, i64)> {
    let person = population.member(home, at)?;
    let story = home.story.filter(|story| story.member == at && story.since < month.plus_months(1));
    if let Some(changed) = story.and_then(|story| changed(story, home, month)) {
        return (changed > 0).then_some(("wage", changed));
    }
    let whole = usual(population, home, person)?;
    // A few per cent up or down, in whole yuan.
    let amount = (whole / 100 * rng.between(970, 1030) / 1000).max(1) * 100;
    Some((kind(person.work), amount))
}

fn kind(work: Work) -> &'static str {
    match work {
        Work::Employed => "wage",
        Work::Farmer => "farm",
        Work::Retired => "pension",
        Work::Infant | Work::Student | Work::Unable => "transfer",
    }
}

/// The wage after a story changed it; `None` where the story leaves it alone.
fn changed(story: Story, home: &Household, month: Day) -> Option<i64> {
    match story.plot {
        Plot::IncomeLoss | Plot::EarnerDeath | Plot::DeadOnRoll => Some(0).filter(|_| story.since < month),
        Plot::IncomeOverLine => Some(above_line(home)),
        _ => None,
    }
}

/// A wage with which four months make the year's income per head twice the line.
fn above_line(home: &Household) -> i64 {
    lines::DIBAO_LINE * 12 * i64::from(home.size) * 2 / 4
}

/// What a member brings in an ordinary month.
#[must_use]
pub fn usual(population: &Population, home: &Household, person: &Person) -> Option<i64> {
    let whole = home.per_head * i64::from(home.size);
    let count = |wanted: fn(Work) -> bool| {
        let members = population.members(home).filter(|(_, member)| wanted(member.work));
        i64::try_from(members.count()).unwrap_or(0)
    };
    let earns = |work| matches!(work, Work::Employed | Work::Farmer);
    let old = |work| matches!(work, Work::Retired);
    let (earners, elders) = (count(earns), count(old));
    match (earners, elders) {
        (0, 0) => (person.relation == Relation::Head).then_some(whole),
        (0, _) => old(person.work).then(|| whole / elders),
        (1, _) if earns(person.work) => Some(whole - elders * lines::PENSION),
        // The head earns three quarters of it, whoever else works the rest.
        (_, _) if earns(person.work) => {
            let rest = whole - elders * lines::PENSION;
            let head = person.relation == Relation::Head;
            Some(if head { rest * 3 / 4 } else { rest / 4 / (earners - 1).max(1) })
        }
        (_, _) => old(person.work).then_some(lines::PENSION),
    }
}
