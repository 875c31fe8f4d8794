//! Reading all features of a household, or only those that a change touches.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::fact::{Kind, Subject};
use doudi_model::{Day, Fact, Fen, Value, person};
use serde::{Deserialize, Serialize};

use super::aggregate::Delivered;
use super::fields::FieldRow;
use super::{Aggregated, Body, BuiltIn, Feature, File, Formula, How, LiftKind, Over, Reading, Reason, Unit};
use crate::Scalar;
use crate::bundle::Bundle;
use crate::row::Row;

/// What every feature of a household and of its members reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readings {
    /// Features over the household, by ordinal.
    pub household: Vec<Reading>,
    /// Features over each member, by ordinal.
    pub members: BTreeMap<person::Id, Vec<Reading>>,
}

impl Readings {
    /// The first later day on which some value may differ.
    #[must_use]
    pub fn next(&self) -> Day {
        let all = self.household.iter().chain(self.members.values().flatten());
        all.map(|reading| reading.next).min().unwrap_or(Day::MAX)
    }

    /// The reading of a feature, for a member if it is one over persons.
    #[must_use]
    pub fn get(&self, feature: &Feature, person: Option<&person::Id>) -> Option<&Reading> {
        match feature.over {
            Over::Household => self.household.get(feature.ordinal),
            Over::Person => self.members.get(person?)?.get(feature.ordinal),
        }
    }
}

/// Facts of one kind: all of the household, and by person once someone asks for that.
struct OfKind<'f> {
    all: Vec<&'f Fact>,
    by_person: Option<BTreeMap<person::Id, Vec<&'f Fact>>>,
}

impl<'f> OfKind<'f> {
    fn of(&mut self, person: Option<person::Id>) -> &[&'f Fact] {
        let Some(person) = person else { return &self.all };
        let by_person = self.by_person.get_or_insert_with(|| {
            let mut by_person: BTreeMap<person::Id, Vec<&Fact>> = BTreeMap::new();
            for fact in &self.all {
                if let Subject::Person(person) = &fact.subject {
                    by_person.entry(*person).or_default().push(fact);
                }
            }
            by_person
        });
        by_person.get(&person).map(Vec::as_slice).unwrap_or_default()
    }
}

struct Reader<'a, 'f> {
    bundle: &'a Bundle,
    file: &'a File<'f>,
    day: Day,
    kinds: BTreeMap<&'a Kind, OfKind<'f>>,
    /// What is known of each member, once someone asks.
    members: Option<Vec<&'f Fact>>,
    fields: FieldRow,
}

/// Reads every feature on `day`; also returns the row with what the household's features read.
///
/// With `before`, the readings of the same members before some facts were added, those are kept that rest on
/// no kind of fact in `touched` and on no other feature whose value changed; the file then needs only those kinds.
#[must_use]
pub(crate) fn read(
    bundle: &Bundle,
    file: &File<'_>,
    day: Day,
    before: Option<(Readings, &BTreeSet<Kind>)>,
) -> (Readings, Row) {
    let layout = bundle.layout();
    let mut reader = Reader { bundle, file, day, kinds: BTreeMap::new(), members: None, fields: FieldRow::new() };
    let (mut readings, touched) = match before {
        Some((readings, touched)) => (readings, Some(touched)),
        None => (blank(bundle, file), None),
    };
    let mut row = match touched {
        Some(_) => Row::filled(bundle, file, day, &readings),
        None => Row::new(bundle, file, day),
    };
    let mut changed = vec![false; layout.len()];
    for feature in bundle.features().iter() {
        if touched.is_some_and(|touched| !feature.rests_on(touched, &changed)) {
            continue;
        }
        let mut differs = false;
        match feature.over {
            Over::Household => {
                let reading = reader.household(feature, &mut row, &readings);
                row.set_household(feature, &reading, layout);
                if let Some(slot) = readings.household.get_mut(feature.ordinal) {
                    differs |= slot.value != reading.value;
                    *slot = reading;
                }
            }
            Over::Person => {
                for person in &file.members {
                    let reading = reader.person(feature, *person, &mut row, &readings);
                    if let Some(slot) = readings.members.get_mut(person).and_then(|all| all.get_mut(feature.ordinal)) {
                        differs |= slot.value != reading.value;
                        *slot = reading;
                    }
                }
            }
        }
        if let Some(slot) = layout.slot_of(feature).and_then(|slot| changed.get_mut(slot.0)) {
            *slot = differs;
        }
    }
    (readings, row)
}

/// Readings in which nothing has been read.
fn blank(bundle: &Bundle, file: &File<'_>) -> Readings {
    let unread = |over| vec![Reading::lasting(Err(Reason::Undefined)); bundle.features().count(over)];
    let of_person = unread(Over::Person);
    Readings {
        household: unread(Over::Household),
        members: file.members.iter().map(|person| (*person, of_person.clone())).collect(),
    }
}

impl Feature {
    /// Whether its value may differ after facts of the touched kinds were added and other features changed.
    fn rests_on(&self, touched: &BTreeSet<Kind>, changed: &[bool]) -> bool {
        match &self.how {
            How::Aggregated(aggregated) => touched.contains(&aggregated.kind),
            // Who the members are is read anew whenever one comes or goes.
            How::BuiltIn(_) => false,
            How::Derived(formula) | How::Lifted(_, formula) => {
                formula.slots.iter().any(|slot| changed.get(slot.0).copied().unwrap_or(false))
            }
        }
    }
}

impl<'a> Reader<'a, '_> {
    fn household(&mut self, feature: &'a Feature, row: &mut Row, readings: &Readings) -> Reading {
        let reading = match &feature.how {
            How::BuiltIn(_) => {
                Reading::lasting(Ok(Value::Int(i64::try_from(self.file.members.len()).unwrap_or(i64::MAX))))
            }
            How::Aggregated(aggregated) => self.aggregated(feature, aggregated, None),
            How::Derived(formula) => formula.reading(feature, row, self.day),
            How::Lifted(kind, formula) => self.lifted(feature, *kind, formula, row, readings),
        };
        within(feature, reading)
    }

    fn person(&mut self, feature: &'a Feature, person: person::Id, row: &mut Row, readings: &Readings) -> Reading {
        let reading = match &feature.how {
            How::BuiltIn(built_in) => self.built_in(*built_in, person),
            How::Aggregated(aggregated) => self.aggregated(feature, aggregated, Some(person)),
            How::Derived(formula) | How::Lifted(_, formula) => {
                row.set_some(&formula.of_person, person, readings);
                formula.reading(feature, row, self.day)
            }
        };
        within(feature, reading)
    }

    fn aggregated(&mut self, feature: &Feature, aggregated: &'a Aggregated, person: Option<person::Id>) -> Reading {
        let Reader { bundle, file, day, kinds, fields, .. } = self;
        let kind = &aggregated.kind;
        let facts =
            kinds.entry(kind).or_insert_with(|| OfKind { all: file.standing(kind), by_person: None }).of(person);
        let delivered = match aggregated.fresh_for() {
            Some(_) => file.delivered(kind, facts, aggregated.source.as_deref(), *day),
            None => Delivered::default(),
        };
        aggregated.read(feature.unit, facts, delivered, *day, bundle.terms(), fields)
    }

    fn built_in(&mut self, built_in: BuiltIn, person: person::Id) -> Reading {
        let day = self.day;
        if built_in == BuiltIn::ClaimedTwice {
            return Reading::lasting(Ok(Value::Bool(self.file.disputed.contains(&person))));
        }
        let of_person = |fact: &&Fact| fact.subject == Subject::Person(person);
        let facts = self.members.get_or_insert_with(|| self.file.standing(&Kind::from("household.member")));
        let newest = facts.iter().copied().filter(of_person).max_by(|one, other| one.by_time(other));
        let Some(fact) = newest else { return Reading::lasting(Err(Reason::NoData)) };
        let field = |name: &str| fact.fields.get(name).cloned().ok_or_else(|| Reason::FieldMissing(name.to_owned()));
        match built_in {
            BuiltIn::Age => age(day, field("birth")),
            BuiltIn::Relation => Reading::lasting(field("relation")),
            BuiltIn::Sex => Reading::lasting(field("sex")),
            BuiltIn::Provisional => Reading::lasting(
                field("id_kind").map(|kind| Value::Bool(kind == Value::Text("provisional".to_owned()))),
            ),
            BuiltIn::Members | BuiltIn::ClaimedTwice => Reading::lasting(Err(Reason::Undefined)),
        }
    }

    fn lifted(
        &mut self,
        feature: &Feature,
        kind: LiftKind,
        formula: &Formula,
        row: &mut Row,
        readings: &Readings,
    ) -> Reading {
        let mut sure: i64 = 0;
        let mut open = false;
        let mut refuted = false;
        let mut next = if formula.uses_day { self.day.plus_days(1) } else { Day::MAX };
        for person in &self.file.members {
            row.set_some(&formula.of_person, *person, readings);
            let reading = formula.reading(feature, row, self.day);
            next = next.min(reading.next);
            match (kind, reading.value) {
                (LiftKind::Sum, Ok(Value::Int(part) | Value::Money(Fen(part)))) => sure = sure.saturating_add(part),
                (_, Ok(Value::Bool(true))) => sure = sure.saturating_add(1),
                (_, Ok(_)) => refuted = true,
                (_, Err(_)) => open = true,
            }
        }
        let value = match kind {
            LiftKind::Any if sure > 0 => Ok(Value::Bool(true)),
            LiftKind::All if refuted => Ok(Value::Bool(false)),
            _ if open => Err(operand(formula.slots.first().copied())),
            LiftKind::Any => Ok(Value::Bool(false)),
            // Of nobody nothing is true: a household without members is not "all in school".
            LiftKind::All => Ok(Value::Bool(!self.file.members.is_empty())),
            LiftKind::Sum if feature.unit == Unit::Fen => Ok(Value::Money(Fen(sure))),
            LiftKind::Count | LiftKind::Sum => Ok(Value::Int(sure)),
        };
        Reading { value, next }
    }
}

/// A number outside the range that the feature declares is not known: what conditions were proven for does not hold of it.
fn within(feature: &Feature, reading: Reading) -> Reading {
    let (least, most) = feature.range;
    let outside = match reading.value {
        Ok(Value::Int(number) | Value::Money(Fen(number))) => !(least..=most).contains(&number),
        _ => false,
    };
    if outside { Reading { value: Err(Reason::OutOfRange), ..reading } } else { reading }
}

/// The operand that is not known; without one the result has no meaning.
fn operand(slot: Option<crate::Slot>) -> Reason {
    slot.and_then(|slot| u16::try_from(slot.0).ok()).map_or(Reason::Undefined, Reason::Operand)
}

fn age(day: Day, birth: Result<Value, Reason>) -> Reading {
    let birth = match birth {
        Ok(Value::Date(birth)) => birth,
        Ok(_) => return Reading::lasting(Err(Reason::FieldMissing("birth".to_owned()))),
        Err(reason) => return Reading::lasting(Err(reason)),
    };
    let Some(years) = day.age_of(birth) else {
        return Reading { value: Err(Reason::Undefined), next: birth };
    };
    let mut birthday = birth.plus_months((years + 1) * 12);
    if day.age_of(birth).is_some_and(|now| birthday.age_of(birth).is_some_and(|then| then == now)) {
        birthday = birthday.plus_days(1);
    }
    Reading { value: Ok(Value::Int(i64::from(years))), next: birthday }
}

impl Formula {
    fn reading(&self, feature: &Feature, row: &Row, day: Day) -> Reading {
        let value = match &self.body {
            Body::Condition(condition) => match condition.evaluate(row.cells()).verdict {
                doudi_model::Verdict::Unknown => Err(self.cause(row)),
                settled => Ok(Value::Bool(settled == doudi_model::Verdict::True)),
            },
            Body::Expression(expression) => match expression.evaluate(row.cells()) {
                Some(scalar) => value_of(feature.unit, &scalar),
                None => Err(self.cause(row)),
            },
        };
        let next = if self.uses_day { day.plus_days(1) } else { Day::MAX };
        Reading { value, next }
    }

    /// The first operand without a value; if all have one, the result has no meaning.
    fn cause(&self, row: &Row) -> Reason {
        operand(self.slots.iter().copied().find(|slot| row.is_blank(*slot)))
    }

    pub(crate) fn slots(&self) -> &[crate::Slot] {
        &self.slots
    }

    /// As written.
    pub(crate) fn text(&self) -> &str {
        match &self.body {
            Body::Condition(condition) => condition.text(),
            Body::Expression(expression) => expression.text(),
        }
    }

    /// The names it rests on.
    #[must_use]
    pub fn names(&self, bundle: &Bundle) -> Vec<String> {
        self.slots.iter().map(|slot| bundle.layout().name(*slot).to_owned()).collect()
    }
}

pub(super) fn value_of(unit: Unit, scalar: &Scalar) -> Result<Value, Reason> {
    let number = |number: i128| i64::try_from(number).map_err(|_| Reason::Undefined);
    Ok(match (scalar, unit) {
        (Scalar::Number(value), Unit::Fen) => Value::Money(Fen(number(*value)?)),
        (Scalar::Number(value), _) => Value::Int(number(*value)?),
        (Scalar::Bool(value), _) => Value::Bool(*value),
        (Scalar::Day(day), _) => Value::Date(*day),
        (Scalar::Text(text), _) => Value::Text(text.to_string()),
    })
}
