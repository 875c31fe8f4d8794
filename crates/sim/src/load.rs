//! Many events fast, for load tests: ordinary bills, incomes and contributions, and now and then one that must warn.

use doudi_model::division::Tree;
use doudi_model::{Day, Instant, Problem};

use crate::generate::draft::{Draft, Field, Kind};
use crate::generate::events::Drafts;
use crate::generate::evidence::{self, Pace};
use crate::generate::routine::Routine;
use crate::generate::write;
use crate::rng::Rng;
use crate::story::Plot;
use crate::world::{Options, World};

/// A source of events as large as is asked for.
#[derive(Debug, Clone)]
pub struct Load {
    world: World,
    rng: Rng,
    day: Day,
    count: u32,
    raising_per_mille: u64,
}

impl Load {
    /// A load of the people of `households` households, all of whose events are of `day`. Equal arguments give equal bytes.
    ///
    /// # Errors
    /// As [`World::new`].
    pub fn new(seed: u64, households: u32, divisions: &Tree, day: Day) -> Result<Load, Problem> {
        let quiet = Options {
            months: 1,
            faults_per_mille: 0,
            missed_per_mille: 0,
            other_per_mille: 0,
            ..Options::new(households, seed, day)
        };
        let world = World::new(Options { prepared_per_mille: 0, ..quiet }, divisions)?;
        Ok(Load { world, rng: Rng::of(seed, &[6]), day, count: 0, raising_per_mille: 2 })
    }

    /// How many of a thousand events are bills so large that a warning opens; 2 unless said.
    #[must_use]
    pub fn raising(mut self, per_mille: u32) -> Load {
        self.raising_per_mille = u64::from(per_mille);
        self
    }

    /// Who the events are about.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What must be sent first: registrations, aid and the sources' deliveries, one event a line.
    pub fn opening(&self) -> impl Iterator<Item = String> {
        let wanted = |draft: &Draft| matches!(draft.kind, Kind::Registered | Kind::AidStatus | Kind::Coverage);
        Drafts::new(&self.world).filter(wanted).map(|draft| {
            let mut event = String::with_capacity(500);
            write::event(&mut event, self.world.population(), &draft);
            event
        })
    }

    /// Appends one event to a buffer, without a line end.
    pub fn event(&mut self, out: &mut String) {
        let population = self.world.population();
        let index = u32::try_from(self.rng.index(population.households.len())).unwrap_or(0);
        let Some(home) = population.household(index) else { return };
        let seen = Routine { population, index, home };
        let at = u8::try_from(self.rng.index(usize::from(home.size))).unwrap_or(0);
        let rng = &mut self.rng;
        let mut draft = match rng.below(10) {
            _ if rng.chance(self.raising_per_mille) => {
                match evidence::of(Plot::MedicalBurden, &seen, at, self.day, Pace::Now, rng).into_iter().next() {
                    Some(draft) => draft,
                    None => return,
                }
            }
            0..=5 => seen.small_bill(at, self.day, rng),
            6..=7 => seen.member(Kind::Insurance, at, self.day, rng, vec![("months_unpaid", Field::Int(0))]),
            _ => {
                let month = self.day.plus_days(1 - i32::from(self.day.day_of_month()));
                let amount = Field::Money(rng.between(300, 900) * 100);
                let fields = vec![("amount", amount), ("month", Field::Day(month)), ("kind", Field::Code("other"))];
                seen.member(Kind::Income, at, self.day, rng, fields)
            }
        };
        // A millisecond apart; a day holds 86 million of them, then they begin again.
        draft.time = Instant::from_ms(Instant::start_of(self.day).ms() + i64::from(self.count % 86_400_000));
        draft.tag = self.count.wrapping_add(1000);
        self.count = self.count.wrapping_add(1);
        write::event(out, population, &draft);
    }

    /// Appends `count` events as one JSON array, ready for `application/cloudevents-batch+json`.
    pub fn batch(&mut self, count: usize, out: &mut String) {
        out.push('[');
        for at in 0..count {
            if at > 0 {
                out.push(',');
            }
            self.event(out);
        }
        out.push(']');
    }

    /// Appends `count` events as JSON lines.
    pub fn lines(&mut self, count: usize, out: &mut String) {
        for _ in 0..count {
            self.event(out);
            out.push('\n');
        }
    }
}
