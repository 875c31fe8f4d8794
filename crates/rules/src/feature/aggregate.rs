//! One feature over a set of facts: window, filter, aggregate, and what absence means.
//!
//! The result depends on the set alone, never on the order in which facts arrived.

use std::collections::BTreeSet;

use doudi_model::fact::Kind;
use doudi_model::{Day, Fact, Fen, Value, Verdict};

use super::declare::{Absent, Aggregate, Unit};
use super::fields::{FieldRow, Filter, Picked};
use super::reading::{Reading, Reason};
use crate::bundle::Span;

/// An aggregate, checked.
#[derive(Debug, Clone)]
pub struct Aggregated {
    /// The kind of fact it reads.
    pub kind: Kind,
    /// What of a fact it takes; `None` for counts.
    pub value: Option<Picked>,
    /// Which facts count.
    pub filter: Option<Filter>,
    /// How they become one value.
    pub aggregate: Aggregate,
    /// How far back they count.
    pub window: Option<Span>,
    /// What their absence means.
    pub absent: Absent,
}

/// What came of looking at the facts.
struct Gathered<'a> {
    counted: Vec<&'a Fact>,
    doubtful: Vec<(&'a Fact, String)>,
    next: Day,
}

impl Aggregated {
    /// The value over `facts` (those of the kind that stand, in any order) on `day`.
    ///
    /// `newest` is the last day for which the source is known to have delivered.
    #[must_use]
    pub fn read(&self, unit: Unit, facts: &[&Fact], newest: Option<Day>, day: Day, row: &mut FieldRow) -> Reading {
        let gathered = self.gather(facts, day, row);
        let mut next = gathered.next;
        let stale = match self.absent {
            Absent::ZeroWhileFresh(span) => {
                let until = newest.map(|newest| span.after(newest));
                let fresh = until.is_some_and(|until| day <= until);
                if let (true, Some(until)) = (fresh, until) {
                    next = next.min(until.plus_days(1));
                }
                (!fresh).then_some(Reason::Stale)
            }
            Absent::Unknown | Absent::Zero => None,
        };
        Reading { value: self.fold(unit, &gathered, stale, day, row), next }
    }

    fn gather<'a>(&self, facts: &[&'a Fact], day: Day, row: &mut FieldRow) -> Gathered<'a> {
        let mut gathered = Gathered { counted: Vec::new(), doubtful: Vec::new(), next: Day::MAX };
        let watches_day =
            self.filter.as_ref().is_some_and(Filter::uses_day) || self.value.as_ref().is_some_and(Picked::uses_day);
        for fact in facts.iter().copied() {
            if fact.valid > day {
                gathered.next = gathered.next.min(fact.valid);
                continue;
            }
            if let Some(window) = self.window {
                let leaves = window.leaves_on(fact.valid);
                if leaves <= day {
                    continue;
                }
                gathered.next = gathered.next.min(leaves);
            }
            if watches_day {
                gathered.next = gathered.next.min(day.plus_days(1));
            }
            match self.filter.as_ref().map_or(Verdict::True, |filter| filter.test(fact, day, row)) {
                Verdict::True => gathered.counted.push(fact),
                Verdict::Unknown => {
                    let field = self.filter.as_ref().and_then(|filter| filter.missing(fact)).unwrap_or_default();
                    gathered.doubtful.push((fact, field));
                }
                Verdict::False => {}
            }
        }
        gathered.counted.sort_by(|one, other| one.by_time(other));
        gathered
    }

    fn fold(
        &self,
        unit: Unit,
        gathered: &Gathered<'_>,
        stale: Option<Reason>,
        day: Day,
        row: &mut FieldRow,
    ) -> Result<Value, Reason> {
        if self.aggregate == Aggregate::Any {
            return self.any(gathered, stale, day, row);
        }
        if let Some(stale) = stale {
            return Err(stale);
        }
        if let Some((_, field)) = gathered.doubtful.first() {
            return Err(Reason::FieldMissing(field.clone()));
        }
        if gathered.counted.is_empty() {
            return self.none(unit);
        }
        if self.aggregate == Aggregate::Count {
            return Ok(count(gathered.counted.len()));
        }
        let mut values = Vec::with_capacity(gathered.counted.len());
        for fact in &gathered.counted {
            values.push(self.pick(fact, day, row)?);
        }
        match self.aggregate {
            Aggregate::Sum => sum(unit, &values),
            Aggregate::Min => values.into_iter().min().ok_or(Reason::Undefined),
            Aggregate::Max => values.into_iter().max().ok_or(Reason::Undefined),
            Aggregate::Latest => values.into_iter().next_back().ok_or(Reason::Undefined),
            Aggregate::Earliest => values.into_iter().next().ok_or(Reason::Undefined),
            Aggregate::All => Ok(Value::Bool(values.iter().all(|value| *value == Value::Bool(true)))),
            Aggregate::Distinct => Ok(count(values.into_iter().collect::<BTreeSet<_>>().len())),
            Aggregate::Any | Aggregate::Count => Err(Reason::Undefined),
        }
    }

    /// One true fact is enough, however stale the source; "none" needs a fresh source.
    fn any(
        &self,
        gathered: &Gathered<'_>,
        stale: Option<Reason>,
        day: Day,
        row: &mut FieldRow,
    ) -> Result<Value, Reason> {
        let mut doubt = gathered.doubtful.first().map(|(_, field)| field.clone());
        for fact in &gathered.counted {
            match self.value.as_ref().map(|_| self.pick(fact, day, row)) {
                None | Some(Ok(Value::Bool(true))) => return Ok(Value::Bool(true)),
                Some(Err(Reason::FieldMissing(field))) => doubt = Some(field),
                Some(_) => {}
            }
        }
        if let Some(field) = doubt {
            return Err(Reason::FieldMissing(field));
        }
        if let Some(stale) = stale {
            return Err(stale);
        }
        if gathered.counted.is_empty() { self.none(Unit::Bool) } else { Ok(Value::Bool(false)) }
    }

    fn pick(&self, fact: &Fact, day: Day, row: &mut FieldRow) -> Result<Value, Reason> {
        let picked = self.value.as_ref().ok_or(Reason::Undefined)?;
        picked.of(fact, day, row).ok_or_else(|| Reason::FieldMissing(picked.name().to_owned()))
    }

    fn none(&self, unit: Unit) -> Result<Value, Reason> {
        match (self.absent, unit) {
            (Absent::Unknown, _) | (_, Unit::Date | Unit::Category) => Err(Reason::NoData),
            (_, Unit::Bool) => Ok(Value::Bool(false)),
            (_, Unit::Fen) => Ok(Value::Money(Fen(0))),
            (_, Unit::Count | Unit::Days | Unit::Years | Unit::Ratio) => Ok(Value::Int(0)),
        }
    }
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The dictionary bounds every amount, so a sum over one household stays far within range.
fn sum(unit: Unit, values: &[Value]) -> Result<Value, Reason> {
    let mut total: i64 = 0;
    for value in values {
        let part = match value {
            Value::Int(part) | Value::Money(Fen(part)) => *part,
            Value::Bool(_) | Value::Date(_) | Value::Text(_) | Value::People(_) | Value::Sealed(_) => 0,
        };
        total = total.checked_add(part).ok_or(Reason::Undefined)?;
    }
    Ok(if unit == Unit::Fen { Value::Money(Fen(total)) } else { Value::Int(total) })
}
