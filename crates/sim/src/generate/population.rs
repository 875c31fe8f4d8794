//! Households on the real divisions, and the people in them.

use doudi_model::division::{Code, Level, Tree};
use doudi_model::person::Sex;
use doudi_model::{Day, Problem, Text};

use super::name::Name;
use super::number::{self, Form};
use super::shape::{Disability, Relation, Shape, Work};
use crate::story::{Plot, Story};
use crate::world::Options;

/// The aid that a household is on from the first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// None; watched all the same.
    #[default]
    None,
    /// 低保.
    Dibao,
    /// 特困.
    Tekun,
    /// 低保边缘.
    Edge,
    /// 刚性支出困难.
    Rigid,
}

/// Something ordinary that changes a household's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The youngest member is born; the number comes weeks later.
    Birth(Day),
    /// The household moves to another village (by index).
    Move(Day, u32),
}

/// One household.
#[derive(Debug, Clone)]
pub struct Household {
    /// First six digits of its county.
    pub county: u32,
    /// Its number within the county.
    pub serial: u32,
    /// Index of its village.
    pub village: u32,
    /// Index of its first member in [`Population::people`].
    pub first: u32,
    /// How many members it has, newborns of the period included.
    pub size: u8,
    /// How it is made up.
    pub shape: Shape,
    /// The aid it is on.
    pub scheme: Scheme,
    /// Whether it is under anti-relapse monitoring.
    pub monitored: bool,
    /// What really happens to it, if anything.
    pub story: Option<Story>,
    /// What the live stream keeps it for, if anything; it lives quietly until then.
    pub prepared: Option<Plot>,
    /// Income per head and month, in fen.
    pub per_head: i64,
    /// What else happens to its list.
    pub turn: Option<Turn>,
}

/// One person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Address code in the number.
    pub area: u32,
    /// Day of birth.
    pub birth: Day,
    /// Sex.
    pub sex: Sex,
    /// Whether some sources still write the 15-digit number.
    pub legacy: bool,
    /// What the person is to the head.
    pub relation: Relation,
    /// Name.
    pub name: Name,
    /// Occupation.
    pub work: Work,
    /// Disability on the first day.
    pub disability: Option<Disability>,
}

/// One village of the division tree.
#[derive(Debug, Clone)]
pub struct Village {
    /// Its code.
    pub code: Code,
    /// Its full name from the province down.
    pub name: String,
}

/// Everybody.
#[derive(Debug, Clone)]
pub struct Population {
    /// Households, in the order of their making.
    pub households: Vec<Household>,
    /// People, household after household.
    pub people: Vec<Person>,
    /// The villages they live in.
    pub villages: Vec<Village>,
    /// County codes, in order.
    pub counties: Vec<Code>,
}

impl Population {
    /// The people of `options` on the villages of `divisions` in force on the last day.
    ///
    /// # Errors
    /// If the tree has no village in force.
    pub fn new(options: &Options, divisions: &Tree) -> Result<Population, Problem> {
        let day = options.as_of;
        let villages: Vec<Village> = divisions
            .iter()
            .filter(|division| division.level == Level::Village && division.from <= day && day <= division.to)
            .map(|division| Village { code: division.code, name: divisions.full_name(division.code) })
            .collect();
        if villages.is_empty() {
            return Err(Problem::new(
                "sim/divisions",
                Text::new("区划表中没有现行的村或社区", "the division table has no village in force"),
                Text::new("请提供五级区划表", "give a table that goes down to villages"),
            ));
        }
        let mut counties: Vec<Code> = villages.iter().map(|village| village.code.county()).collect();
        counties.sort_unstable();
        counties.dedup();
        let mut population = Population { households: Vec::new(), people: Vec::new(), villages, counties };
        super::making::fill(&mut population, options);
        Ok(population)
    }

    /// A household by index.
    #[must_use]
    pub fn household(&self, index: u32) -> Option<&Household> {
        self.households.get(usize::try_from(index).ok()?)
    }

    /// A member of a household by position, 0 for the head.
    #[must_use]
    pub fn member(&self, household: &Household, at: u8) -> Option<&Person> {
        self.people.get(usize::try_from(household.first).ok()? + usize::from(at))
    }

    /// The members of a household with their positions.
    pub fn members<'a>(&'a self, household: &'a Household) -> impl Iterator<Item = (u8, &'a Person)> {
        (0..household.size).filter_map(|at| self.member(household, at).map(|person| (at, person)))
    }

    /// The village a household lives in on a day.
    #[must_use]
    pub fn village_on(&self, household: &Household, day: Day) -> Option<&Village> {
        let index = match household.turn {
            Some(Turn::Move(moved, to)) if moved <= day => to,
            _ => household.village,
        };
        self.villages.get(usize::try_from(index).ok()?)
    }

    /// How many people share their ID number with someone; must be 0.
    #[must_use]
    pub fn shared_numbers(&self) -> usize {
        let mut pairs: Vec<(Day, u32)> = self.people.iter().map(|person| (person.birth, person.area)).collect();
        pairs.sort_unstable();
        let all = pairs.len();
        pairs.dedup();
        all - pairs.len()
    }
}

impl Household {
    /// Its number in the civil-affairs system, `h-421202-000123`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("h-{:06}-{:06}", self.county, self.serial)
    }
}

impl Person {
    /// What the ID number is written from.
    pub(super) fn parts(&self) -> (u32, Day, Sex) {
        (self.area, self.birth, self.sex)
    }

    /// The 18-character ID number.
    #[must_use]
    pub fn number(&self) -> String {
        let mut out = String::with_capacity(18);
        number::push(&mut out, self.parts(), Form::Full);
        out
    }

    /// Completed years on a day, 0 before birth.
    #[must_use]
    pub fn age(&self, day: Day) -> i32 {
        day.age_of(self.birth).unwrap_or(0)
    }
}

/// The first six digits of a code.
#[must_use]
pub fn six(code: Code) -> u32 {
    u32::try_from(code.number() / 1_000_000).unwrap_or(0)
}
