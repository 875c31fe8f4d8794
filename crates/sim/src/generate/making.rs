//! Makes the households: what is in store for each, who lives in it, what they live on.

use std::collections::BTreeMap;

use doudi_model::person::Sex;
use doudi_model::warning::Direction;

use super::lines;
use super::number::Issuer;
use super::population::{Household, Person, Population, Scheme, Turn, six};
use super::shape::{Disability, Draft, Relation, Shape, Work};
use crate::rng::Rng;
use crate::story::{Plot, Story};
use crate::world::Options;

const MISSED: &[(u64, Plot)] = &[
    (30, Plot::MedicalBurden),
    (15, Plot::SevereDisability),
    (18, Plot::IncomeLoss),
    (8, Plot::EarnerDeath),
    (6, Plot::ChildWithoutCarer),
    (8, Plot::Disaster),
    (15, Plot::MonitoredUncovered),
    (5, Plot::InsuranceLapsed),
    (5, Plot::Reported),
];
const OTHER: &[(u64, Plot)] = &[
    (30, Plot::DeadOnRoll),
    (25, Plot::IncomeOverLine),
    (18, Plot::DoubleBenefit),
    (17, Plot::CertificateCancelled),
    (10, Plot::CarOnRoll),
    (10, Plot::ClaimedTwice),
];

/// Makes all households of `options`.
pub fn fill(population: &mut Population, options: &Options) {
    let areas: Vec<u32> = population.counties.iter().map(|code| six(*code)).collect();
    let mut maker = Maker { options, issuer: Issuer::new(&areas), serials: BTreeMap::new() };
    for index in 0..options.households {
        maker.household(index, population);
    }
}

struct Maker<'a> {
    options: &'a Options,
    issuer: Issuer,
    serials: BTreeMap<u32, u32>,
}

impl Maker<'_> {
    fn household(&mut self, index: u32, population: &mut Population) {
        let mut rng = Rng::of(self.options.seed, &[1, u64::from(index)]);
        let village = u32::try_from(rng.index(population.villages.len())).unwrap_or(0);
        let county = county(population, village);
        let (told, prepared) = self.plot(index, population, &mut rng);
        let plot = told.or(prepared);
        let shape = Shape::for_plot(plot, &mut rng);
        let scheme = scheme(plot, shape, &mut rng);
        let serial = self.serials.entry(county).or_insert(0);
        *serial += 1;
        let watched = plot.is_none() && scheme != Scheme::None && rng.chance(130);
        let mut household = Household {
            county,
            serial: *serial,
            village,
            first: u32::try_from(population.people.len()).unwrap_or(u32::MAX),
            size: 0,
            shape,
            scheme,
            monitored: watched || told == Some(Plot::MonitoredUncovered),
            story: None,
            prepared,
            per_head: per_head(plot, scheme, &mut rng),
            turn: None,
        };
        self.people(&mut household, plot, population, &mut rng);
        household.story = told.map(|plot| self.story(plot, &household, population, &mut rng));
        population.households.push(household);
    }

    /// The plot told in the past, or the one kept for the live stream. The first households are kept, so that even a
    /// small world has one for each kind of live warning.
    fn plot(&self, index: u32, population: &Population, rng: &mut Rng) -> (Option<Plot>, Option<Plot>) {
        let live = crate::live::PLOTS;
        let mut roll = rng.below(1000);
        let any = rng.index(live.len());
        let kept = u64::from(self.options.prepared_per_mille);
        if let Some(plot) = usize::try_from(index).ok().and_then(|at| live.get(at)).filter(|_| kept > 0) {
            return (None, Some(*plot));
        }
        for (share, plots) in [(self.options.missed_per_mille, MISSED), (self.options.other_per_mille, OTHER)] {
            if roll < u64::from(share) {
                let told = rng.weighted(plots);
                // A second claim needs a quiet neighbour with someone to spare.
                let lone = told == Plot::ClaimedTwice && neighbour(population).is_none();
                return (Some(told).filter(|_| !lone), None);
            }
            roll -= u64::from(share);
        }
        (None, live.get(any).copied().filter(|_| roll < kept))
    }

    fn people(&mut self, household: &mut Household, plot: Option<Plot>, population: &mut Population, rng: &mut Rng) {
        let mut drafts = household.shape.people(self.options.start(), rng);
        let family = matches!(household.shape, Shape::Family | Shape::Couple);
        if plot.is_none() && family && rng.chance(60) {
            let birth = self.options.start().plus_days(rng.days(20, (self.options.days() - 30).max(20)));
            let name = drafts.first().map(|head| head.name).unwrap_or_default().given(rng);
            drafts.push(Draft { relation: Relation::Child, birth, name, work: Work::Infant });
            household.turn = Some(Turn::Birth(birth));
        } else if plot.is_none() && rng.chance(8) {
            household.turn = self.moving(household, population, rng);
        }
        let disabled = disability(plot, household, rng);
        for (at, draft) in drafts.into_iter().enumerate() {
            let sex = sex(household, draft.relation, at);
            let (area, birth) = self.issuer.issue(household.county, draft.birth, sex);
            let disability = disabled.filter(|_| at == 0);
            let idle = disability.is_some() && draft.work == Work::Employed;
            household.size = household.size.saturating_add(1);
            population.people.push(Person {
                area,
                birth,
                sex,
                legacy: birth.year() < 1999 && rng.chance(40),
                relation: draft.relation,
                name: draft.name,
                work: if idle { Work::Unable } else { draft.work },
                disability,
            });
        }
        if let (Some(Turn::Birth(_)), Some(child)) = (household.turn, population.people.last()) {
            // On a crowded day the number went to the next one.
            household.turn = Some(Turn::Birth(child.birth));
        }
    }

    /// A move to another village of the same county, if one is found at once.
    fn moving(&self, household: &Household, population: &Population, rng: &mut Rng) -> Option<Turn> {
        let to = u32::try_from(rng.index(population.villages.len())).unwrap_or(0);
        let day = self.options.start().plus_days(rng.days(20, self.options.days().max(20)));
        (to != household.village && county(population, to) == household.county).then_some(Turn::Move(day, to))
    }

    fn story(&self, plot: Plot, household: &Household, population: &Population, rng: &mut Rng) -> Story {
        let days = self.options.days();
        let (from, to) = match plot {
            // Early enough for three unpaid months, or for a year's income to cross the line.
            Plot::IncomeLoss => (20, (days - 130).max(20)),
            Plot::IncomeOverLine => (5, (days / 3).max(5)),
            // Rules about shocks look back for some months only; the shock is recent enough for them.
            Plot::EarnerDeath | Plot::Disaster => ((days - 80).max(20), (days - 30).max(20)),
            // A year after the last bill the year's sum no longer knows of it.
            Plot::MedicalBurden => ((days - 330).max(20), (days - 45).max(20)),
            Plot::Reported => ((days - 24).max(20), (days - 4).max(20)),
            _ => (20, (days - 45).max(20)),
        };
        let since = self.options.start().plus_days(rng.days(from, to));
        Story { plot, since, member: actor(plot, household, population) }
    }
}

/// The member to whom a plot happens.
#[must_use]
pub fn actor(plot: Plot, household: &Household, population: &Population) -> u8 {
    let grandchild = population.members(household).find(|(_, person)| person.relation == Relation::Grandchild);
    match (plot, grandchild) {
        (Plot::ChildWithoutCarer | Plot::DoubleBenefit, Some((at, _))) => at,
        _ => 0,
    }
}

/// The last household made so far, if a member of it can be claimed by another one.
fn neighbour(population: &Population) -> Option<&Household> {
    population
        .households
        .last()
        .filter(|last| last.story.is_none() && last.prepared.is_none() && last.turn.is_none() && last.size >= 2)
}

fn county(population: &Population, village: u32) -> u32 {
    let found = usize::try_from(village).ok().and_then(|at| population.villages.get(at));
    found.map_or(0, |village| six(village.code))
}

fn scheme(plot: Option<Plot>, shape: Shape, rng: &mut Rng) -> Scheme {
    match plot {
        Some(Plot::MedicalBurden) => rng.weighted(&[(8, Scheme::None), (2, Scheme::Edge)]),
        Some(plot) if plot.direction() == Some(Direction::Excess) => Scheme::Dibao,
        Some(Plot::InsuranceLapsed) => Scheme::Dibao,
        Some(Plot::ClaimedTwice) => rng.weighted(&[(1, Scheme::None), (1, Scheme::Dibao)]),
        Some(_) => Scheme::None,
        None if shape == Shape::ElderAlone => {
            rng.weighted(&[(30, Scheme::None), (45, Scheme::Dibao), (18, Scheme::Tekun), (7, Scheme::Edge)])
        }
        None => rng.weighted(&[(38, Scheme::None), (47, Scheme::Dibao), (11, Scheme::Edge), (4, Scheme::Rigid)]),
    }
}

fn per_head(plot: Option<Plot>, scheme: Scheme, rng: &mut Rng) -> i64 {
    let (low, high) = match (plot, scheme) {
        (Some(_), Scheme::None) => lines::FRAGILE,
        (_, Scheme::Dibao | Scheme::Tekun) => lines::BELOW_LINE,
        (_, Scheme::Edge) => lines::EDGE,
        (_, Scheme::Rigid) => lines::RIGID,
        (None, Scheme::None) => lines::ENOUGH,
    };
    rng.between(low, high) / 100 * 100
}

/// The head's disability on the first day. Outside the rolls only light ones, lest the household be in hardship unseen.
fn disability(plot: Option<Plot>, household: &Household, rng: &mut Rng) -> Option<Disability> {
    let light = Disability { category: 4, grade: 4 };
    match (plot, household.scheme) {
        (Some(Plot::CertificateCancelled), _) => Some(Disability { category: 4, grade: 2 }),
        (Some(_), _) => None,
        (None, Scheme::Dibao | Scheme::Tekun) => rng.chance(170).then(|| Disability {
            category: rng.weighted(&[(2, 1), (2, 2), (1, 3), (8, 4), (3, 5), (3, 6), (1, 7)]),
            grade: rng.weighted(&[(2, 1), (4, 2), (4, 3), (3, 4)]),
        }),
        (None, _) => rng.chance(25).then_some(light),
    }
}

/// Two heads of three are men, a spouse is of the other sex, of the others each second one is a woman. Takes nothing from the
/// chance that the rest of the world is made of.
fn sex(household: &Household, relation: Relation, at: usize) -> Sex {
    let head_is_male = !household.serial.is_multiple_of(3);
    let male = match relation {
        Relation::Head => head_is_male,
        Relation::Spouse => !head_is_male,
        Relation::Child | Relation::Parent | Relation::Grandchild => {
            (usize::try_from(household.serial).unwrap_or(0) + at).is_multiple_of(2)
        }
    };
    if male { Sex::Male } else { Sex::Female }
}
