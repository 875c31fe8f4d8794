//! A simulated Xianning: who lives there, what happens, what the departments say about it.

use doudi_model::division::Tree;
use doudi_model::{Day, Problem, Text};

use crate::generate::events::{self, Arrival};
use crate::generate::population::Population;
use crate::truth::Truth;

/// What kind of world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many households. About 2.1 people live in each.
    pub households: u32,
    /// The seed: equal seeds and options give equal bytes.
    pub seed: u64,
    /// How many whole months of events lie before the month of `as_of`. With fewer than twelve, a story that takes a
    /// year's sums to show may not show.
    pub months: i32,
    /// The last day of which events tell.
    pub as_of: Day,
    /// How many of a thousand events something goes wrong with.
    pub faults_per_mille: u32,
    /// How many of a thousand households fall into hardship that no aid reaches.
    pub missed_per_mille: u32,
    /// How many of a thousand households are wrongly on a roll or wrongly written down.
    pub other_per_mille: u32,
    /// How many of a thousand households are kept for [`crate::live::Live`]. They have no story of their own.
    pub prepared_per_mille: u32,
}

impl Options {
    /// A world of some households up to a day, with twelve months of history and ordinary rates.
    #[must_use]
    pub fn new(households: u32, seed: u64, as_of: Day) -> Options {
        Options {
            households,
            seed,
            months: 12,
            as_of,
            faults_per_mille: 20,
            missed_per_mille: 50,
            other_per_mille: 30,
            prepared_per_mille: 30,
        }
    }

    /// The first day: the first of the month `months` before that of `as_of`.
    #[must_use]
    pub fn start(&self) -> Day {
        let month = self.as_of.plus_days(1 - i32::from(self.as_of.day_of_month()));
        month.plus_months(-self.months)
    }

    /// How many days lie between the first day and `as_of`.
    #[must_use]
    pub fn days(&self) -> i32 {
        self.as_of.days_since(self.start())
    }

    fn check(&self) -> Result<(), Problem> {
        let refuse = |field: &str, zh: &str, en: &str| {
            let message = Text::new(format!("模拟参数不合适：{zh}"), format!("unfit setting of the simulation: {en}"));
            Err(Problem::new("sim/options", message, Text::new(zh, en)).in_field(field))
        };
        let shares = [self.faults_per_mille, self.missed_per_mille, self.other_per_mille, self.prepared_per_mille];
        // Beyond that, the numbers that nobody can have run out for the popular days of birth.
        if self.households == 0 || self.households > 500_000 {
            return refuse("households", "户数应在1至50万之间", "1 to 500,000 households");
        }
        if !(1..=120).contains(&self.months) {
            return refuse("months", "月数应在1至120之间", "1 to 120 months");
        }
        if !(1960..=2100).contains(&self.as_of.year()) {
            return refuse("as_of", "截止日期应在1960年至2100年之间", "a last day between 1960 and 2100");
        }
        if shares.iter().any(|share| *share > 1000) {
            return refuse("faults", "比例不能超过千分之一千", "no more than a thousand of a thousand");
        }
        Ok(())
    }
}

/// A world: everybody in it, with what happens to them.
#[derive(Debug, Clone)]
pub struct World {
    options: Options,
    population: Population,
}

impl World {
    /// Makes the people on the villages of `divisions` that are in force on the last day.
    ///
    /// # Errors
    /// If a setting makes no sense, or the tree has no village in force.
    pub fn new(options: Options, divisions: &Tree) -> Result<World, Problem> {
        options.check()?;
        let population = Population::new(&options, divisions)?;
        Ok(World { options, population })
    }

    /// What kind of world it is.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Who lives there.
    #[must_use]
    pub fn population(&self) -> &Population {
        &self.population
    }

    /// All events as CloudEvents JSON, one a line, in the order of their arrival.
    pub fn events(&self) -> impl Iterator<Item = String> {
        events::arrivals(self).map(|arrival| arrival.event)
    }

    /// All events with the moments of their arrival.
    pub fn arrivals(&self) -> impl Iterator<Item = Arrival> {
        events::arrivals(self)
    }

    /// What is really so, and what went wrong with which event. Walks through all events once.
    #[must_use]
    pub fn truth(&self) -> Truth {
        Truth::of(self)
    }
}
