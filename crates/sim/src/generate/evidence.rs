//! The events by which a plot shows: what a watchful office would have seen.

use doudi_model::Day;

use super::draft::{About, Draft, Field, Kind};
use super::lines;
use super::routine::{Routine, bill, certificate};
use super::shape::Disability;
use crate::rng::Rng;
use crate::story::Plot;

/// How fast a plot unfolds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Over weeks, as it does in life.
    Slow,
    /// All on one day, for those who watch.
    Now,
}

/// The events of a plot that begins on `day` with the member at `at`.
pub fn of(plot: Plot, seen: &Routine<'_>, at: u8, day: Day, pace: Pace, rng: &mut Rng) -> Vec<Draft> {
    let mut out = match plot {
        Plot::MedicalBurden => illness(seen, at, day, pace, rng),
        Plot::SevereDisability => disability(seen, at, day, rng),
        Plot::IncomeLoss => job_lost(seen, at, day, pace, rng),
        Plot::EarnerDeath | Plot::DeadOnRoll => death(seen, at, day, pace, rng),
        Plot::ChildWithoutCarer => orphaned(seen, at, day, rng),
        Plot::Disaster => disaster(seen, day, rng),
        Plot::MonitoredUncovered => monitored(seen, day, rng),
        Plot::IncomeOverLine => job_found(seen, at, day, rng),
        Plot::DoubleBenefit => two_kinds(seen, at, day, rng),
        Plot::InsuranceLapsed => lapsed(seen, at, day, rng),
        Plot::Reported => reported(seen, day, rng),
        Plot::CarOnRoll => car(seen, at, day, rng),
        Plot::CertificateCancelled => cancelled(seen, at, day, rng),
        Plot::ClaimedTwice => disputed(seen, day, rng),
    };
    out.iter_mut().for_each(|draft| draft.decisive = true);
    out
}

/// A household lists a neighbour's member as its own; some days later the neighbours list the person again.
fn disputed(seen: &Routine<'_>, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let neighbour = seen.index.checked_sub(1);
    let mut out = vec![seen.registration(day, neighbour, false, rng)];
    if let Some((index, home)) = neighbour.and_then(|index| Some((index, seen.population.household(index)?))) {
        let other = Routine { population: seen.population, index, home };
        out.push(other.registration(day.plus_days(rng.days(3, 12)), None, false, rng));
    }
    out
}

/// What a grave illness costs the household, in one bill or in three.
fn illness(seen: &Routine<'_>, at: u8, day: Day, pace: Pace, rng: &mut Rng) -> Vec<Draft> {
    let year = seen.home.per_head * i64::from(seen.home.size) * 12;
    let own = lines::GRAVE_ILLNESS.max(year * 9 / 10) / 100 * rng.between(100, 130);
    let pieces = if pace == Pace::Now { 1 } else { rng.days(1, 3) };
    let disease = rng.pick(&["cancer", "uremia", "stroke", "heart"]);
    let part = own / i64::from(pieces);
    let settle = |piece: i32, rng: &mut Rng| {
        let day = day.plus_days(piece * 11);
        let (total, aid) = (part * 2, part / 10);
        let amounts = [total, total - part - aid, aid, part];
        let draft = seen.member(Kind::Medical, at, day, rng, bill(day, amounts, true, disease));
        if pace == Pace::Now { draft } else { draft.tagged(9).after(rng.between(60, 3 * 86_400)) }
    };
    (0..pieces).map(|piece| settle(piece, rng)).collect()
}

fn disability(seen: &Routine<'_>, at: u8, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let disability = Disability { category: rng.pick(&[1, 4, 4, 5, 6]), grade: rng.pick(&[1, 2]) };
    vec![seen.member(Kind::Certificate, at, day, rng, certificate(disability, "valid", day))]
}

fn job_lost(seen: &Routine<'_>, at: u8, day: Day, pace: Pace, rng: &mut Rng) -> Vec<Draft> {
    let since = if pace == Pace::Now { day.plus_days(-100) } else { day };
    let fields = vec![("status", Field::Code("unemployed")), ("since", Field::Day(since))];
    let mut out = vec![seen.member(Kind::Employment, at, day, rng, fields)];
    if pace == Pace::Now {
        out.push(seen.member(Kind::Insurance, at, day, rng, vec![("months_unpaid", Field::Int(4))]));
    }
    out
}

fn job_found(seen: &Routine<'_>, at: u8, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let fields = vec![("status", Field::Code("employed")), ("since", Field::Day(day))];
    vec![seen.member(Kind::Employment, at, day, rng, fields)]
}

/// The police send a death days after it; an office that watches live hears of it at once.
fn death(seen: &Routine<'_>, at: u8, day: Day, pace: Pace, rng: &mut Rng) -> Vec<Draft> {
    let evidence = Field::Code(rng.pick(&["hukou", "certificate", "cremation"]));
    let died = if pace == Pace::Now { day.plus_days(-1) } else { day };
    let draft = seen.member(Kind::Death, at, day, rng, vec![("died_on", Field::Day(died)), ("evidence", evidence)]);
    vec![if pace == Pace::Now { draft } else { draft.after(rng.between(1, 15) * 86_400) }]
}

fn orphaned(seen: &Routine<'_>, at: u8, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let father = Field::Code(rng.pick(&["prison", "missing", "dead"]));
    let mother = Field::Code(rng.pick(&["missing", "prison"]));
    vec![seen.member(Kind::ChildCare, at, day, rng, vec![("father", father), ("mother", mother)])]
}

fn disaster(seen: &Routine<'_>, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let (low, high) = lines::LOSS;
    let fields = vec![
        ("kind", Field::Code(rng.pick(&["flood", "fire", "landslide", "storm"]))),
        ("on", Field::Day(day)),
        ("loss", Field::Money(rng.between(low, high) / 100 * 100)),
    ];
    vec![Draft::new(Kind::Disaster, About::Household(seen.index), day, 9000, fields)]
}

fn monitored(seen: &Routine<'_>, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let fields = vec![
        ("kind", Field::Code(rng.pick(&["unstable", "edge", "sudden"]))),
        ("identified_on", Field::Day(day)),
        ("risk", Field::Code(rng.pick(&["illness", "disability", "schooling", "income"]))),
        ("status", Field::Code("monitored")),
    ];
    vec![Draft::new(Kind::Monitored, About::Household(seen.index), day, 9000, fields)]
}

/// A child paid as an orphan and as destitute; or as one without carers, with the living subsidy besides.
fn two_kinds(seen: &Routine<'_>, at: u8, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let place = seen.population.village_on(seen.home, day).map(|village| village.code.township());
    let row = |tag: u32, scheme, from: i32, rng: &mut Rng| {
        let mut fields = vec![
            ("scheme", Field::Code(scheme)),
            ("status", Field::Code("in")),
            ("from", Field::Day(day.plus_days(-from))),
            ("monthly", Field::Money(rng.between(700, 1100) * 100)),
        ];
        fields.extend(place.map(|place| ("place", Field::Division(place))));
        seen.member(Kind::AidPerson, at, day, rng, fields).tagged(tag)
    };
    if rng.chance(500) {
        return vec![row(0, "orphan", 60, rng), row(1, "tekun", 20, rng)];
    }
    let monthly = Field::Money(rng.between(80, 140) * 100);
    let fields = vec![("kind", Field::Code("living")), ("status", Field::Code("in")), ("monthly", monthly)];
    vec![row(0, "child", 60, rng), seen.member(Kind::Subsidy, at, day, rng, fields).tagged(1)]
}

fn lapsed(seen: &Routine<'_>, at: u8, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let fields = vec![("status", Field::Code("lapsed")), ("year", Field::Int(i64::from(day.year())))];
    vec![seen.member(Kind::Insured, at, day, rng, fields).tagged(1)]
}

fn reported(seen: &Routine<'_>, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let channel = Field::Code(rng.pick(&["grid", "hotline", "aid-hotline", "self"]));
    let fields = vec![("kind", channel), ("on", Field::Day(day))];
    vec![Draft::new(Kind::GridReport, About::Household(seen.index), day, 9000, fields)]
}

fn car(seen: &Routine<'_>, at: u8, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let fields = vec![
        ("kind", Field::Code("car")),
        ("status", Field::Code("registered")),
        ("price", Field::Money(rng.between(300, 1200) * 100_00)),
        ("on", Field::Day(day)),
    ];
    vec![seen.member(Kind::Vehicle, at, day, rng, fields)]
}

fn cancelled(seen: &Routine<'_>, at: u8, day: Day, rng: &mut Rng) -> Vec<Draft> {
    let had = seen.population.member(seen.home, at).and_then(|person| person.disability);
    let disability = had.unwrap_or(Disability { category: 4, grade: 2 });
    vec![seen.member(Kind::Certificate, at, day, rng, certificate(disability, "cancelled", day))]
}
