//! Features (指标): declared once, read over one household's facts.
//!
//! A feature's value depends on the set of facts, the day and the standards alone. With a value comes
//! the first later day on which it may differ, so that a day's tick touches only what crosses.

mod aggregate;
mod compute;
pub(crate) mod declare;
mod fields;
mod file;
mod load;
mod over_facts;
mod reading;
mod window;

use doudi_model::Text;
use doudi_model::fact::Kind;

pub use aggregate::{Aggregated, Delivered, Reach};
pub use compute::Readings;
pub use declare::{Absent, Aggregate, LiftKind, Over, Unit};
pub use file::{File, of_county};
pub use reading::{Reading, Reason};
pub use window::{Frame, Period, Which, Window};

pub(crate) use compute::read;
pub(crate) use load::load;

use crate::bundle::Code;
use crate::row::{DAY, Layout};
use crate::{Condition, Expression, Slot};

/// One feature, checked.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Its name in conditions.
    pub name: String,
    /// Its name for people.
    pub title: Text,
    /// Of a yes-or-no feature: the sentence when it is so.
    pub yes: Option<Text>,
    /// Of a yes-or-no feature: the sentence when it is not.
    pub no: Option<Text>,
    /// Whose facts it reads.
    pub over: Over,
    /// What it counts.
    pub unit: Unit,
    /// Decimal places of a ratio; 0 for all others.
    pub scale: u8,
    /// Least and greatest value.
    pub range: (i64, i64),
    /// The codes of a category.
    pub codes: Vec<Code>,
    /// How it comes about.
    pub how: How,
    /// Its number among the features over the same.
    pub ordinal: usize,
}

impl Feature {
    /// The kind of fact it reads, if it reads facts.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match &self.how {
            How::Aggregated(aggregated) => Some(aggregated.kind.clone()),
            How::BuiltIn(_) => Some(Kind::from("household.member")),
            How::Derived(_) | How::Lifted(..) => None,
        }
    }
}

/// How a feature comes about.
#[derive(Debug, Clone)]
pub enum How {
    /// Known without a declaration.
    BuiltIn(BuiltIn),
    /// From facts.
    Aggregated(Box<Aggregated>),
    /// From other features and standards, as a value.
    Derived(Formula),
    /// From the members' answers.
    Lifted(LiftKind, Formula),
}

/// A formula over features and standards, with what it reads gathered once.
#[derive(Debug, Clone)]
pub struct Formula {
    body: Body,
    slots: Vec<Slot>,
    /// The features over a person that it reads: their slots, and their ordinals among such features.
    of_person: Vec<(Slot, usize)>,
    uses_day: bool,
}

/// What a formula computes, for those that take it apart.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FormulaBody<'f> {
    /// Yes or no.
    Condition(&'f Condition),
    /// A number, day or code.
    Expression(&'f Expression),
}

/// What a formula computes.
#[derive(Debug, Clone)]
enum Body {
    /// Yes or no.
    Condition(Condition),
    /// A number, day or code.
    Expression(Expression),
}

impl Formula {
    fn new(body: Body, layout: &Layout) -> Formula {
        let slots = match &body {
            Body::Condition(condition) => condition.slots(),
            Body::Expression(expression) => expression.slots(),
        };
        let of_person = slots.iter().filter_map(|slot| Some((*slot, layout.person_ordinal(*slot)?))).collect();
        Formula { body, of_person, uses_day: slots.contains(&DAY), slots }
    }

    /// What it computes.
    pub(crate) fn body(&self) -> FormulaBody<'_> {
        match &self.body {
            Body::Condition(condition) => FormulaBody::Condition(condition),
            Body::Expression(expression) => FormulaBody::Expression(expression),
        }
    }

    /// Every slot it reads.
    pub(crate) fn reads(&self) -> &[Slot] {
        &self.slots
    }
}

/// Features that every bundle has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltIn {
    /// How many members the household has.
    Members,
    /// Completed years of age.
    Age,
    /// Relation to the head of the household.
    Relation,
    /// Sex.
    Sex,
    /// Whether two households claim the person.
    ClaimedTwice,
    /// Whether the person has no number yet.
    Provisional,
}

/// All features of a bundle in an order in which each comes after those it is computed from.
#[derive(Debug, Clone, Default)]
pub struct Features {
    ordered: Vec<Feature>,
}

impl Features {
    /// A feature by name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Feature> {
        self.ordered.iter().find(|feature| feature.name == name)
    }

    /// All features, each after those it is computed from.
    pub fn iter(&self) -> std::slice::Iter<'_, Feature> {
        self.ordered.iter()
    }

    /// How many there are over households or over persons.
    #[must_use]
    pub fn count(&self, over: Over) -> usize {
        self.ordered.iter().filter(|feature| feature.over == over).count()
    }
}
