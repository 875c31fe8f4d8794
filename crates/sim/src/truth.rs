//! What is really so: which households are in hardship or wrongly on a roll, since when, and which events went astray.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::{Day, Instant};
use serde::{Deserialize, Serialize};

use crate::generate::draft::Kind;
use crate::generate::events::{Drafts, Marked};
use crate::generate::{faults, write};
use crate::story::{Plot, Story};
use crate::world::World;

/// The truth of a world. Holds no names and no ID numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Truth {
    /// Every household, in the order of its making.
    pub households: Vec<HouseholdTruth>,
    /// Every event that something went wrong with, in the order in which the events were made.
    pub faults: Vec<FaultTruth>,
    /// How many events there should have been.
    pub events_meant: u64,
    /// How many events there are, repeats and corrections included.
    pub events_sent: u64,
}

/// One household as it really is on the last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdTruth {
    /// Its number.
    pub household: String,
    /// Where it lives on the last day: 12 digits.
    pub division: String,
    /// How many members it has on the last day.
    pub members: u8,
    /// `missed`, `excess` or `quality`; none if nothing is amiss.
    pub direction: Option<String>,
    /// What happened: the name of a [`Plot`].
    pub plot: Option<String>,
    /// Since when it is so.
    pub since: Option<Day>,
    /// The member concerned: position in the list of members, 0 for the head.
    pub member: Option<u8>,
    /// The rules of which at least one must warn.
    pub rules: Vec<String>,
    /// The other household that claims the same person.
    pub with: Option<String>,
    /// Whether it is kept quiet for the live stream, and for what.
    pub prepared: Option<String>,
    /// Whether all that was said of it is right on the last day: if not, no warning can be asked for or blamed.
    pub complete: bool,
}

/// One event that something went wrong with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultTruth {
    /// Id of the event as it was meant.
    pub event: String,
    /// Its fact kind.
    pub kind: String,
    /// The household it speaks of.
    pub household: String,
    /// The name of a [`faults::Fault`].
    pub fault: String,
    /// Whether the event must be refused.
    pub refused: bool,
    /// Whether another event put it right.
    pub mended: bool,
    /// Whether a household's story rests on the event.
    pub decisive: bool,
    /// When all that came of it had arrived.
    pub settled: Instant,
    /// Whether what is known on the last day differs from what is so.
    pub misleads: bool,
}

#[derive(Serialize)]
#[serde(tag = "row", rename_all = "lowercase")]
enum Row<'a> {
    Household(&'a HouseholdTruth),
    Fault(&'a FaultTruth),
}

impl Truth {
    pub(crate) fn of(world: &World) -> Truth {
        let mut truth = Truth::default();
        let mut misled = BTreeSet::new();
        let mut drafts = Drafts::new(world);
        while let Some(draft) = drafts.next() {
            truth.events_sent += u64::from(draft.kind != Kind::Coverage);
            for marked in drafts.take_marked() {
                truth.fault(world, &marked, &mut misled);
            }
        }
        for marked in drafts.take_marked() {
            truth.fault(world, &marked, &mut misled);
        }
        truth.events_meant = drafts.meant();
        let claims = claims(world);
        for (index, home) in (0..).zip(&world.population().households) {
            let other = claims.get(&index).is_some_and(|other| misled.contains(other));
            let complete = !misled.contains(&index) && !other;
            truth.households.push(household(world, index, home.story, complete, &claims));
        }
        truth
    }

    fn fault(&mut self, world: &World, marked: &Marked, misled: &mut BTreeSet<u32>) {
        let Some(index) = marked.draft.about.household() else { return };
        let Some(home) = world.population().household(index) else { return };
        let misleads = marked.fate.misleads_on(world.options().as_of);
        if misleads && faults::weighs(marked.draft.kind, home.scheme) {
            misled.insert(index);
        }
        self.faults.push(FaultTruth {
            event: write::id(world.population(), &marked.draft),
            kind: marked.draft.kind.name().to_owned(),
            household: home.id(),
            fault: marked.fate.fault.name().to_owned(),
            refused: marked.fate.fault.refused(),
            mended: marked.fate.mended,
            decisive: marked.draft.decisive,
            settled: marked.fate.settled,
            misleads,
        });
    }

    /// JSON lines: each household (`"row":"household"`), then each fault (`"row":"fault"`).
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let households = self.households.iter().map(Row::Household);
        let faults = self.faults.iter().map(Row::Fault);
        households.chain(faults).map(|row| serde_json::to_string(&row).unwrap_or_default())
    }

    /// The households to which something happened.
    pub fn stories(&self) -> impl Iterator<Item = &HouseholdTruth> {
        self.households.iter().filter(|household| household.plot.is_some())
    }
}

/// Which household's member is claimed by which other one, both ways.
fn claims(world: &World) -> BTreeMap<u32, u32> {
    let mut claims = BTreeMap::new();
    for (index, home) in (0..).zip(&world.population().households) {
        let claimed =
            home.story.filter(|story| story.plot == Plot::ClaimedTwice).and_then(|_| u32::checked_sub(index, 1));
        claims.extend(claimed.into_iter().flat_map(|other| [(index, other), (other, index)]));
    }
    claims
}

fn household(
    world: &World,
    index: u32,
    story: Option<Story>,
    complete: bool,
    claims: &BTreeMap<u32, u32>,
) -> HouseholdTruth {
    let population = world.population();
    let day = world.options().as_of;
    let home = population.household(index);
    let with = claims.get(&index).and_then(|other| population.household(*other));
    // Both households that claim a person are concerned, whichever of them is right.
    let other = claims.get(&index).and_then(|other| population.household(*other)).and_then(|other| other.story);
    let story = story.or(other.filter(|story| story.plot == Plot::ClaimedTwice));
    let plot = story.map(|story| story.plot);
    let direction = plot.map(|plot| match plot.direction() {
        Some(doudi_model::warning::Direction::Missed) => "missed",
        Some(doudi_model::warning::Direction::Excess) => "excess",
        None => "quality",
    });
    let listed = home.map_or(0, |home| population.members(home).filter(|(_, person)| person.birth <= day).count());
    HouseholdTruth {
        household: home.map(|home| home.id()).unwrap_or_default(),
        division: home
            .and_then(|home| population.village_on(home, day))
            .map(|village| village.code.to_string())
            .unwrap_or_default(),
        members: u8::try_from(listed).unwrap_or(u8::MAX),
        direction: direction.map(str::to_owned),
        plot: plot.map(|plot| plot.name().to_owned()),
        since: story.map(|story| story.since),
        member: story.map(|story| story.member),
        rules: plot.map(|plot| plot.rules().iter().map(|rule| (*rule).to_owned()).collect()).unwrap_or_default(),
        with: with.map(|other| other.id()),
        prepared: home.and_then(|home| home.prepared).map(|plot| plot.name().to_owned()),
        complete,
    }
}
