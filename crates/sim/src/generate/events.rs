//! The stream of events in the order of their arrival, made month by month so that memory stays small.

use std::collections::VecDeque;

use doudi_model::{Day, Instant};

use super::draft::{About, Draft, Field, Kind};
use super::evidence::{self, Pace};
use super::faults::{self, Fate};
use super::population::Household;
use super::routine::Routine;
use super::write;
use crate::rng::Rng;
use crate::world::World;

/// The fate of one event that something happened to.
#[derive(Debug, Clone)]
pub struct Marked {
    /// The event as it should have been.
    pub draft: Draft,
    /// What happened to it.
    pub fate: Fate,
}

/// Drafts in the order of their arrival. Holds one month and what is still on its way.
pub struct Drafts<'a> {
    world: &'a World,
    month: i32,
    ready: VecDeque<Draft>,
    later: Vec<Draft>,
    marked: Vec<Marked>,
    meant: u64,
}

impl<'a> Drafts<'a> {
    /// The whole stream of a world.
    #[must_use]
    pub fn new(world: &'a World) -> Drafts<'a> {
        Drafts { world, month: 0, ready: VecDeque::new(), later: Vec::new(), marked: Vec::new(), meant: 0 }
    }

    /// Takes the faults of the months made so far.
    pub fn take_marked(&mut self) -> Vec<Marked> {
        std::mem::take(&mut self.marked)
    }

    /// How many events there should have been so far, deliveries' own notes not counted.
    #[must_use]
    pub fn meant(&self) -> u64 {
        self.meant
    }

    /// Makes the next month; `false` if there is none.
    fn advance(&mut self) -> bool {
        let options = self.world.options();
        if self.month > options.months {
            return false;
        }
        let first = options.start().plus_months(self.month);
        let end = first.plus_months(1).min(options.as_of.plus_days(1));
        let mut month = Vec::new();
        for (index, home) in (0..).zip(&self.world.population().households) {
            self.household(index, home, first, &mut month);
        }
        coverage(self.world, first, self.month == 0, &mut month);
        self.later.extend(month.into_iter().filter(|draft| draft.time.day() <= options.as_of));
        // Stable: what arrives at one moment keeps the order of its making.
        self.later.sort_by_key(|draft| draft.arrive);
        let split = self.later.partition_point(|draft| draft.arrive < Instant::start_of(end));
        self.ready = self.later.drain(..split).collect();
        self.month += 1;
        true
    }

    fn household(&mut self, index: u32, home: &Household, first: Day, out: &mut Vec<Draft>) {
        let options = self.world.options();
        let month = u64::try_from(self.month).unwrap_or(0);
        let mut rng = Rng::of(options.seed, &[2, u64::from(index), month]);
        let seen = Routine { population: self.world.population(), index, home };
        let mut drafts = Vec::new();
        if self.month == 0 {
            seen.first_day(first, &mut rng, &mut drafts);
        }
        seen.month(first, &mut rng, &mut drafts);
        if let Some(story) = home.story.filter(|story| first <= story.since && story.since < first.plus_months(1)) {
            drafts.extend(evidence::of(story.plot, &seen, story.member, story.since, Pace::Slow, &mut rng));
        }
        // What is kept for the live stream arrives whole: whoever watches is promised a warning.
        let rate = if home.prepared.is_some() { 0 } else { options.faults_per_mille };
        let mut rng = Rng::of(options.seed, &[3, u64::from(index), month]);
        for draft in drafts.into_iter().filter(|draft| draft.time.day() <= options.as_of) {
            self.meant += 1;
            let kept = (rate > 0).then(|| draft.clone());
            let fate = faults::post(draft, rate, options.as_of, &mut rng, out);
            self.marked.extend(kept.zip(fate).map(|(draft, fate)| Marked { draft, fate }));
        }
    }
}

impl Iterator for Drafts<'_> {
    type Item = Draft;

    fn next(&mut self) -> Option<Draft> {
        loop {
            if let Some(draft) = self.ready.pop_front() {
                return Some(draft);
            }
            if !self.advance() {
                return None;
            }
        }
    }
}

/// One event and the moment it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// When it arrives.
    pub at: Instant,
    /// The CloudEvent, one line of JSON without a line end.
    pub event: String,
}

/// Writes the drafts of a world.
pub fn arrivals(world: &World) -> impl Iterator<Item = Arrival> {
    Drafts::new(world).map(|draft| {
        let mut event = String::with_capacity(400);
        write::event(&mut event, world.population(), &draft);
        Arrival { at: draft.arrive, event }
    })
}

/// What the sources of each county say of their deliveries in a month: daily ones each Monday, the others on the 12th.
fn coverage(world: &World, first: Day, opening: bool, out: &mut Vec<Draft>) {
    let days = (0..31).map(|at| first.plus_days(at)).take_while(|day| day.month() == first.month());
    if opening {
        out.extend(deliveries(world, first, |_| Some(first.plus_days(-1))));
    }
    for day in days.filter(|day| *day != first) {
        out.extend(deliveries(world, day, |kind| {
            if kind.weekly() {
                // What happened in the last days may still be on its way.
                (day.weekday() == 1).then(|| day.plus_days(-4))
            } else {
                (day.day_of_month() == 12).then(|| first.plus_days(-1))
            }
        }));
    }
}

/// One note for each county and each kind of which `through` knows a day.
pub fn deliveries(world: &World, day: Day, through: impl Fn(Kind) -> Option<Day>) -> Vec<Draft> {
    let counties = &world.population().counties;
    let kinds = (0..).zip(Kind::FACTS).filter_map(|(tag, kind)| Some((tag, kind, through(kind)?)));
    let notes = kinds.flat_map(|(tag, kind, through)| {
        counties.iter().map(move |county| {
            let fields = vec![("kind", Field::Code(kind.name())), ("through", Field::Day(through))];
            // In the evening, when the day's events are in.
            Draft::new(Kind::Coverage, About::County(*county), day, 35_000, fields).tagged(tag).after(2 * 3600)
        })
    });
    notes.collect()
}
