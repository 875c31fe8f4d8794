//! Today's events without end, for those who want to watch: mostly ordinary days, and again and again a household in need.

use std::collections::VecDeque;

use doudi_model::division::Code;
use doudi_model::{Day, Instant};

use crate::generate::draft::{Draft, Kind};
use crate::generate::events;
use crate::generate::evidence::{self, Pace};
use crate::generate::population::{Household, Scheme};
use crate::generate::routine::Routine;
use crate::generate::shape::{Shape, Work};
use crate::generate::{draft::Field, making, write};
use crate::rng::Rng;
use crate::story::Plot;
use crate::world::World;

/// What the stream tells of, in turn; all of it shows with one or two events.
pub const PLOTS: &[Plot] = &[
    Plot::MedicalBurden,
    Plot::SevereDisability,
    Plot::MonitoredUncovered,
    Plot::DeadOnRoll,
    Plot::MedicalBurden,
    Plot::ChildWithoutCarer,
    Plot::IncomeLoss,
    Plot::Disaster,
    Plot::CertificateCancelled,
    Plot::EarnerDeath,
    Plot::MedicalBurden,
    Plot::DoubleBenefit,
    Plot::Reported,
    Plot::CarOnRoll,
];

/// One event, and how long to wait after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The CloudEvent, one line of JSON without a line end.
    pub event: String,
    /// Milliseconds until the next step.
    pub pause_ms: u64,
    /// The household's number; empty for a source's note of its delivery.
    pub household: String,
    /// What begins with this event; none for an ordinary one.
    pub plot: Option<Plot>,
}

/// An endless stream of events of today. The first one raises a warning.
///
/// Equal worlds and equal moments give equal streams.
#[derive(Debug, Clone)]
pub struct Live<'a> {
    world: &'a World,
    rng: Rng,
    kept: Vec<(u32, Plot)>,
    queue: VecDeque<Draft>,
    recent: VecDeque<Code>,
    turn: usize,
    count: u32,
    through: Day,
}

impl<'a> Live<'a> {
    /// The stream of a world, to be played after its events.
    #[must_use]
    pub fn new(world: &'a World) -> Live<'a> {
        let kept = (0..).zip(&world.population().households).filter_map(|(at, home)| Some((at, home.prepared?)));
        Live {
            world,
            rng: Rng::of(world.options().seed, &[5]),
            kept: kept.collect(),
            queue: VecDeque::new(),
            recent: VecDeque::new(),
            turn: 0,
            count: 0,
            through: world.options().as_of,
        }
    }

    /// The next event, happening at `now`.
    pub fn step(&mut self, now: Instant) -> Step {
        let mut plot = None;
        self.new_day(now.day());
        if self.queue.is_empty() {
            // The first few follow each other quickly, so that a watcher sees at once how it goes.
            let beat = if self.count < 24 { 4 } else { 12 };
            if self.count.is_multiple_of(beat) {
                plot = self.hardship(now.day());
            }
            if self.queue.is_empty() {
                self.ordinary(now.day());
            }
        }
        let mut event = String::with_capacity(400);
        let population = self.world.population();
        let mut household = String::new();
        if let Some(mut draft) = self.queue.pop_front() {
            (draft.time, draft.arrive) = (now, now);
            draft.tag = self.count.wrapping_add(100);
            household =
                draft.about.household().and_then(|at| population.household(at)).map(Household::id).unwrap_or_default();
            write::event(&mut event, population, &draft);
        }
        self.count = self.count.wrapping_add(1);
        // Notes of deliveries come all at once.
        let pause_ms = if household.is_empty() { 0 } else { 300 + self.rng.below(500) };
        Step { event, pause_ms, household, plot }
    }

    /// On each day after the first the sources say first that everything up to the day before is in: otherwise
    /// nothing could be said of those about whom nothing was sent.
    fn new_day(&mut self, today: Day) {
        let yesterday = today.plus_days(-1);
        if yesterday > self.through && self.queue.is_empty() {
            self.queue.extend(events::deliveries(self.world, today, |_| Some(yesterday)));
            self.through = yesterday;
        }
    }

    fn hardship(&mut self, day: Day) -> Option<Plot> {
        let plot = PLOTS.get(self.turn % PLOTS.len()).copied()?;
        self.turn += 1;
        let index = self.stage(plot, day)?;
        let home = self.world.population().household(index)?;
        let seen = Routine { population: self.world.population(), index, home };
        let at = making::actor(plot, home, self.world.population());
        self.queue.extend(evidence::of(plot, &seen, at, day, Pace::Now, &mut self.rng));
        let township = self.world.population().village_on(home, day).map(|village| village.code.township());
        self.recent.extend(township);
        if self.recent.len() > 4 {
            self.recent.pop_front();
        }
        Some(plot)
    }

    /// A household for a plot: one that was kept for it, in a township not shown just now; later any that fits.
    fn stage(&mut self, plot: Plot, day: Day) -> Option<u32> {
        let population = self.world.population();
        let fresh = |index: u32| {
            let village = population.household(index).and_then(|home| population.village_on(home, day));
            village.is_some_and(|village| !self.recent.contains(&village.code.township()))
        };
        let wanted = |(index, kept): &(u32, Plot)| *kept == plot && fresh(*index);
        let found = self.kept.iter().position(wanted).or_else(|| self.kept.iter().position(|(_, kept)| *kept == plot));
        if let Some(at) = found {
            return Some(self.kept.remove(at).0);
        }
        let all = population.households.len();
        (0..200).find_map(|_| {
            let index = u32::try_from(self.rng.index(all)).ok()?;
            population.household(index).filter(|home| suits(plot, home)).map(|_| index)
        })
    }

    /// Something that needs nobody's attention, in a household where nothing is amiss.
    fn ordinary(&mut self, day: Day) {
        let population = self.world.population();
        let all = population.households.len();
        for attempt in 0..50 {
            let index = u32::try_from(self.rng.index(all)).unwrap_or(0);
            let Some(home) = population.household(index).filter(|home| is_quiet(home) || attempt > 40) else {
                continue;
            };
            let at = u8::try_from(self.rng.index(usize::from(home.size))).unwrap_or(0);
            let Some(person) = population.member(home, at).filter(|person| person.birth.plus_days(60) < day) else {
                continue;
            };
            let seen = Routine { population, index, home };
            let employed = person.work == Work::Employed;
            let rng = &mut self.rng;
            self.queue.push_back(match rng.below(4) {
                0 => seen.insured(at, day, rng),
                1 if employed => seen.member(Kind::Insurance, at, day, rng, vec![("months_unpaid", Field::Int(0))]),
                _ => seen.small_bill(at, day, rng),
            });
            return;
        }
        // A world of a few newborns: the sources at least say that there is nothing to say.
        self.queue.extend(events::deliveries(self.world, day, |kind| (kind == Kind::Medical).then_some(self.through)));
    }
}

/// Whether nothing happens to a household, now or later.
fn is_quiet(home: &Household) -> bool {
    home.story.is_none() && home.prepared.is_none()
}

/// Whether a plot can happen to a household that was not kept for it.
fn suits(plot: Plot, home: &Household) -> bool {
    let elders = matches!(home.shape, Shape::ElderAlone | Shape::ElderCouple);
    is_quiet(home)
        && home.turn.is_none()
        && !home.monitored
        && match plot {
            Plot::DeadOnRoll => home.scheme == Scheme::Dibao && elders,
            Plot::CarOnRoll => home.scheme == Scheme::Dibao,
            // Nobody else has a certificate to lose, or an income that one loss brings below the line.
            Plot::CertificateCancelled | Plot::IncomeLoss => false,
            Plot::DoubleBenefit => home.scheme == Scheme::Dibao && home.shape == Shape::Grandparents,
            Plot::ChildWithoutCarer => home.scheme == Scheme::None && home.shape == Shape::Grandparents,
            Plot::EarnerDeath => home.scheme == Scheme::None && home.shape == Shape::Family,
            _ => home.scheme == Scheme::None,
        }
}
