//! What a state knows, in a form that is equal in whatever house it is known.
//!
//! Two houses that were told the same hold different bytes: pseudonyms and the names of facts come from the
//! installation's key, positions and instants from its log, sealed bytes from chance. Here a person goes by
//! their identity number (someone without one by what is said of them), a fact by its content, and what the log
//! alone decides is left out: positions, instants, numbers of decisions, names of warnings, the days on which to look
//! again, who once was a member.
//!
//! The forms are digests, to be compared as a set: their order says nothing. Making them takes two walks over the facts,
//! [`Names::survey`] and [`Names::name`], before [`form`] can be asked.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::digest::Hasher;
use doudi_model::fact::{self, Subject};
use doudi_model::stage::{Space, StateFault, decode, encode};
use doudi_model::{Digest, Fact, Value, person};
use doudi_rules::feature::Reading;

use crate::resolve;
use crate::score::{self, Chunk, Head};

/// How people and facts are told apart without the installation's key.
#[derive(Debug, Clone, Default)]
pub struct Names {
    people: BTreeMap<person::Id, Digest>,
    /// What is said of people without a number, until [`Names::surveyed`].
    nameless: BTreeMap<person::Id, Vec<Digest>>,
    /// Facts that another one corrects, with their content once it is known.
    corrected: BTreeMap<fact::Id, Option<Digest>>,
}

impl Names {
    /// Nobody yet.
    #[must_use]
    pub fn new() -> Names {
        Names::default()
    }

    /// A person's identity number. All come before the first walk.
    pub fn number(&mut self, person: person::Id, number: &[u8]) {
        self.people.insert(person, Hasher::new().part(b"number").part(number).finish());
    }

    /// The first walk: one pair of `PersonFact` or `HouseholdFact`.
    ///
    /// # Errors
    /// If the value is not of its form.
    pub fn survey(&mut self, space: Space, value: &[u8]) -> Result<(), StateFault> {
        for fact in facts(space, value)? {
            if let Some(earlier) = fact.supersedes {
                self.corrected.entry(earlier).or_default();
            }
            if let Subject::Person(person) = &fact.subject
                && !self.people.contains_key(person)
            {
                let content = self.content(&fact);
                self.nameless.entry(*person).or_default().push(content);
            }
        }
        Ok(())
    }

    /// Ends the first walk.
    pub fn surveyed(&mut self) {
        for (person, said) in std::mem::take(&mut self.nameless) {
            self.people.insert(person, together(b"without a number", said));
        }
    }

    /// The second walk: one pair of `PersonFact` or `HouseholdFact`.
    ///
    /// # Errors
    /// If the value is not of its form.
    pub fn name(&mut self, space: Space, value: &[u8]) -> Result<(), StateFault> {
        for fact in facts(space, value)? {
            if let Some(None) = self.corrected.get(&fact.id) {
                let content = self.content(&fact);
                self.corrected.insert(fact.id, Some(content));
            }
        }
        Ok(())
    }

    /// What a person goes by.
    #[must_use]
    pub fn person(&self, person: &person::Id) -> Digest {
        self.people.get(person).copied().unwrap_or_else(|| Digest::of(b"nothing is known of this person"))
    }

    /// What a fact says, without what it corrects.
    fn content(&self, fact: &Fact) -> Digest {
        let mut hasher = Hasher::new();
        hasher.part(fact.kind.as_str().as_bytes());
        match &fact.subject {
            Subject::Person(id) => hasher.part(b"person").part(&self.person(id).0),
            Subject::Household(id) => hasher.part(b"household").part(id.as_str().as_bytes()),
            Subject::Division(code) => hasher.part(b"division").part(code.to_string().as_bytes()),
        };
        hasher.part(&fact.valid.epoch_days().to_be_bytes()).part(fact.source.as_bytes());
        hasher.part(&[u8::from(fact.withdrawn)]);
        for (name, value) in &fact.fields {
            hasher.part(name.as_bytes()).part(&self.value(value));
        }
        hasher.finish()
    }

    fn fact(&self, fact: &Fact) -> Digest {
        let earlier = fact.supersedes.map(|earlier| self.corrected.get(&earlier).copied().flatten());
        let mut hasher = Hasher::new();
        hasher.part(&self.content(fact).0);
        match earlier {
            None => hasher.part(b"corrects nothing"),
            Some(None) => hasher.part(b"corrects what is not known here"),
            Some(Some(content)) => hasher.part(&content.0),
        };
        hasher.finish()
    }

    fn value(&self, value: &Value) -> Vec<u8> {
        match value {
            Value::Sealed(_) => b"sealed".to_vec(),
            Value::People(people) => self.all(people).0.to_vec(),
            Value::Bool(_) | Value::Int(_) | Value::Money(_) | Value::Date(_) | Value::Text(_) => {
                encode(value).unwrap_or_default()
            }
        }
    }

    fn all(&self, people: &[person::Id]) -> Digest {
        together(b"people", people.iter().map(|person| self.person(person)).collect())
    }
}

/// The comparable form of a pair of resolve's or score's spaces; none if the pair does not count.
///
/// # Errors
/// If the value is not of its form.
pub fn form(names: &Names, space: Space, key: &[u8], value: &[u8]) -> Result<Option<Digest>, StateFault> {
    Ok(match space {
        Space::PersonFact => facts(space, value)?.first().map(|fact| names.fact(fact)),
        Space::HouseholdFact => {
            let said = facts(space, value)?.iter().map(|fact| names.fact(fact)).collect();
            Some(Hasher::new().part(key).part(&together(b"facts", said).0).finish())
        }
        Space::Person => {
            let person: Option<[u8; 16]> = key.try_into().ok();
            let person = person.map(|id| names.person(&person::Id(id)).0.to_vec()).unwrap_or_default();
            let home = encode(&resolve::home_in(value)?)?;
            Some(Hasher::new().part(&person).part(&home).finish())
        }
        Space::Coverage => match score::covered(key, value)? {
            Some(newest) => Some(Hasher::new().part(key).part(&encode(&newest)?).finish()),
            None => None,
        },
        Space::Household => Some(household(names, key, &decode(value)?)?),
        _ => None,
    })
}

fn household(names: &Names, key: &[u8], head: &Head) -> Result<Digest, StateFault> {
    let mut hasher = Hasher::new();
    hasher.part(key).part(&encode(&(head.division, head.bundle, head.level))?);
    let listed = head.listed.as_ref().map(|listed| (listed.valid, names.all(&listed.people)));
    hasher.part(&encode(&listed)?);
    let people: BTreeSet<_> =
        head.people.iter().map(|(person, claim)| (names.person(person), claim.since, claim.disputed)).collect();
    hasher.part(&encode(&people)?);
    hasher.part(&readings(names, &head.readings.household)?);
    let members: BTreeMap<Digest, Vec<u8>> = head
        .readings
        .members
        .iter()
        .map(|(person, read)| Ok((names.person(person), readings(names, read)?)))
        .collect::<Result<_, StateFault>>()?;
    hasher.part(&encode(&members)?);
    let person = |person: &Option<person::Id>| person.as_ref().map(|person| names.person(person));
    let answers: BTreeSet<_> =
        head.answers.iter().map(|answer| (answer.rule, person(&answer.person), answer.verdict)).collect();
    hasher.part(&encode(&answers)?);
    let open: BTreeSet<_> = head
        .open
        .iter()
        .map(|open| (&open.subject.rule, person(&open.subject.person), open.level, open.muted))
        .collect();
    hasher.part(&encode(&open)?);
    let quiet: BTreeSet<_> =
        head.quiet.iter().map(|(subject, until)| (&subject.rule, person(&subject.person), until)).collect();
    hasher.part(&encode(&quiet)?);
    Ok(hasher.finish())
}

/// The values alone: until when they stay differs with the day on which they were read.
fn readings(names: &Names, readings: &[Reading]) -> Result<Vec<u8>, StateFault> {
    let values: Vec<_> =
        readings.iter().map(|reading| reading.value.as_ref().map(|value| names.value(value))).collect();
    encode(&values)
}

fn facts(space: Space, value: &[u8]) -> Result<Vec<Fact>, StateFault> {
    match space {
        Space::PersonFact => Ok(vec![decode(value)?]),
        Space::HouseholdFact => Ok(decode::<Chunk>(value)?.into_facts()),
        _ => Ok(Vec::new()),
    }
}

/// One digest of several that have no order.
#[must_use]
pub fn together(purpose: &[u8], mut parts: Vec<Digest>) -> Digest {
    parts.sort_unstable();
    let mut hasher = Hasher::new();
    hasher.part(purpose);
    for part in &parts {
        hasher.part(&part.0);
    }
    hasher.finish()
}
