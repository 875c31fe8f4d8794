//! One feature over a set of facts: which of them count on a day, how they become one value, and what absence means.
//!
//! The result depends on the set alone, never on the order in which facts arrived.
//!
//! A fact whose filter cannot be answered is doubtful: it may count or not. Each aggregate says for itself whether its
//! value could turn on the doubtful ones; only then is the value unknown.

mod all;
mod any;
mod change;
mod count;
mod distinct;
mod earliest;
mod gather;
mod latest;
mod max;
mod min;
mod months_with;
mod sum;

use doudi_model::fact::Kind;
use doudi_model::{Day, Fact, Fen, Value};

use super::declare::{Absent, Aggregate, Unit};
use super::fields::{FieldRow, Filter, Picked};
use super::reading::{Reading, Reason};
use super::window::Window;
use crate::bundle::{Span, Terms};
use gather::Gathered;

/// An aggregate, checked.
#[derive(Debug, Clone)]
pub struct Aggregated {
    /// The kind of fact it reads.
    pub kind: Kind,
    /// What of a fact it takes; `None` for those that only count facts.
    pub value: Option<Picked>,
    /// Which facts count.
    pub filter: Option<Filter>,
    /// How they become one value.
    pub aggregate: Aggregate,
    /// Which days they may be of.
    pub reach: Reach,
    /// What their absence means.
    pub absent: Absent,
    /// After so long without a delivery the value is unknown, whatever facts are there.
    pub stale_after: Option<Span>,
    /// The source whose deliveries count, `{county}` standing for the six digits of the county; without it, any.
    pub source: Option<String>,
}

/// Which facts of a kind count on a day, before the filter is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All that are of the day or earlier.
    Ever,
    /// Those whose valid day lies in a window.
    Window(Window),
    /// Those whose span holds the day, by the fields that begin and end it.
    AsOf {
        /// The field with the first day.
        from: String,
        /// The field with the last day; a fact without one has no end so far.
        to: String,
    },
}

/// How far a source is known to have delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// The last day it is known to be complete for, if any.
    pub through: Option<Day>,
    /// The first later day on which a fact that is here already comes to count as delivered.
    pub next: Option<Day>,
}

/// What an aggregate sees.
struct Case<'c, 'f> {
    of: &'c Aggregated,
    unit: Unit,
    day: Day,
    /// Facts that count.
    sure: &'c [&'f Fact],
    /// Facts that may count, and the field that is missing.
    doubtful: &'c [(&'f Fact, &'c str)],
    /// For `change`: facts from before the window.
    earlier: &'c [&'f Fact],
    earlier_doubtful: &'c [(&'f Fact, &'c str)],
    row: &'c mut FieldRow,
}

impl Aggregated {
    /// The value over `facts` (those of the kind that stand, in any order) on `day`.
    #[must_use]
    pub fn read(
        &self,
        unit: Unit,
        facts: &[&Fact],
        delivered: Delivered,
        day: Day,
        terms: &Terms,
        row: &mut FieldRow,
    ) -> Reading {
        let gathered = match self.gather(facts, day, terms, row) {
            Ok(gathered) => gathered,
            Err(next) => return Reading { value: Err(Reason::NoTerm), next },
        };
        let mut next = gathered.next;
        let mut stale = None;
        if let Some(span) = self.fresh_for() {
            match delivered.through.map(|through| span.after(through)).filter(|until| day <= *until) {
                Some(until) => next = next.min(until.plus_days(1)),
                // Where absence is unknown and nothing is there, that is what is to be said.
                None if facts.is_empty() && self.absent == Absent::Unknown => {}
                None => stale = Some(Reason::Stale),
            }
            next = next.min(delivered.next.unwrap_or(Day::MAX));
        }
        Reading { value: self.fold(unit, &gathered, stale, day, row), next }
    }

    /// For how long after a delivery the source counts as fresh; `None` if its silence does not matter.
    #[must_use]
    pub fn fresh_for(&self) -> Option<Span> {
        match self.absent {
            Absent::ZeroWhileFresh(span) => Some(span),
            Absent::Unknown | Absent::Zero => self.stale_after,
        }
    }

    fn fold(
        &self,
        unit: Unit,
        gathered: &Gathered<'_, '_>,
        stale: Option<Reason>,
        day: Day,
        row: &mut FieldRow,
    ) -> Result<Value, Reason> {
        let mut case = Case {
            of: self,
            unit,
            day,
            sure: &gathered.sure,
            doubtful: &gathered.doubtful,
            earlier: &gathered.earlier,
            earlier_doubtful: &gathered.earlier_doubtful,
            row,
        };
        // One true fact is enough for `any`, one false one for `all`, however silent the source.
        match self.aggregate {
            Aggregate::Any => return case.any(stale),
            Aggregate::All => return case.all(stale),
            _ => {}
        }
        if let Some(stale) = stale {
            return Err(stale);
        }
        match self.aggregate {
            Aggregate::Sum => case.sum(),
            Aggregate::Count => case.count(),
            Aggregate::Min => case.min(),
            Aggregate::Max => case.max(),
            Aggregate::Latest => case.latest(),
            Aggregate::Earliest => case.earliest(),
            Aggregate::Distinct => case.distinct(),
            Aggregate::MonthsWith => case.months_with(),
            Aggregate::Change => case.change(),
            Aggregate::Any | Aggregate::All => Err(Reason::Undefined),
        }
    }

    /// What it means that no fact counts.
    fn none(&self, unit: Unit) -> Result<Value, Reason> {
        match (self.absent, unit) {
            (Absent::Unknown, _) | (_, Unit::Date | Unit::Category) => Err(Reason::NoData),
            (_, Unit::Bool) => Ok(Value::Bool(false)),
            (_, Unit::Fen) => Ok(Value::Money(Fen(0))),
            (_, Unit::Count | Unit::Days | Unit::Years | Unit::Ratio) => Ok(Value::Int(0)),
        }
    }
}

impl Case<'_, '_> {
    /// What the feature takes of a fact.
    fn pick(&mut self, fact: &Fact) -> Result<Value, Reason> {
        let picked = self.of.value.as_ref().ok_or(Reason::Undefined)?;
        picked.of(fact, self.day, self.row).ok_or_else(|| Reason::FieldMissing(picked.name().to_owned()))
    }

    /// What the feature takes of each fact that counts; unknown if one lacks it.
    fn values(&mut self) -> Result<Vec<Value>, Reason> {
        self.sure.iter().map(|fact| self.pick(fact)).collect()
    }

    /// For aggregates that turn on every fact: unknown if it is open which count.
    fn settled(&self) -> Result<(), Reason> {
        self.doubtful.first().map_or(Ok(()), |(_, field)| Err(Reason::FieldMissing((*field).to_owned())))
    }

    fn number(&self, number: i64) -> Value {
        if self.unit == Unit::Fen { Value::Money(Fen(number)) } else { Value::Int(number) }
    }
}

/// How many.
fn counted(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A value as a number; the loader lets only numbers pass where one is needed.
fn number_of(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) | Value::Money(Fen(number)) => Some(*number),
        Value::Bool(_) | Value::Date(_) | Value::Text(_) | Value::People(_) | Value::Sealed(_) => None,
    }
}
