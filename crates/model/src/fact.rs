//! Facts: dated statements about a person, a household or a division.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::digest::{Digest, Hasher};
use crate::division;
use crate::household;
use crate::instant::Instant;
use crate::person;
use crate::value::Value;

/// The name of a fact: keyed digest of source and event id (and part number, where one event makes several facts).
pub type Id = person::Id;

/// What a fact says, for example `medical.expense`; declared in the bundle's dictionary.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(pub String);

impl Kind {
    /// The kind as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Kind {
    fn from(text: &str) -> Kind {
        Kind(text.to_owned())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whom or what a fact is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// A person; the fact follows them from household to household.
    Person(person::Id),
    /// A household.
    Household(household::Id),
    /// Everyone in a division, for example "the settlements of October are all in".
    Division(division::Code),
}

/// One dated statement (事实). Adding it twice changes nothing; the order of adding does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name.
    pub id: Id,
    /// What it says.
    pub kind: Kind,
    /// Whom it is about.
    pub subject: Subject,
    /// The day for which it holds or on which it happened.
    pub valid: Day,
    /// When it became known here.
    pub known: Instant,
    /// The log position that made it known; orders facts known at the same instant.
    pub position: u64,
    /// Who said so.
    pub source: String,
    /// An earlier fact that this one corrects. Both stay; the earlier one no longer counts.
    pub supersedes: Option<Id>,
    /// True if this fact only takes the earlier one back and says nothing itself.
    pub withdrawn: bool,
    /// Its fields by name. A field that is missing is absent here.
    pub fields: BTreeMap<String, Value>,
}

impl Fact {
    /// Digest of what the fact says, the same wherever and whenever it became known.
    ///
    /// Log position, instant and sealed bytes are left out: they differ between installations that know the same.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::new();
        hasher.part(&self.id.0).part(self.kind.as_str().as_bytes());
        match &self.subject {
            Subject::Person(id) => hasher.part(b"person").part(&id.0),
            Subject::Household(id) => hasher.part(b"household").part(id.as_str().as_bytes()),
            Subject::Division(code) => hasher.part(b"division").part(code.to_string().as_bytes()),
        };
        hasher.part(&self.valid.epoch_days().to_be_bytes()).part(self.source.as_bytes());
        match &self.supersedes {
            Some(earlier) => hasher.part(&earlier.0),
            None => hasher.part(b""),
        };
        hasher.part(&[u8::from(self.withdrawn)]);
        for (name, value) in &self.fields {
            hasher.part(name.as_bytes());
            match value {
                Value::Sealed(_) => hasher.part(b"sealed"),
                _ => hasher.part(&postcard::to_allocvec(value).unwrap_or_default()),
            };
        }
        hasher.finish()
    }

    /// Which of two facts is the later one: by valid day; of one day by what they say, so that two houses with different
    /// keys agree. What comes from a key (people, sealed text, the name)
    /// does not count, but for the name of facts that are equal otherwise.
    #[must_use]
    pub fn by_time(&self, other: &Fact) -> Ordering {
        let plain = |(_, value): &(&String, &Value)| !matches!(value, Value::Sealed(_) | Value::People(_));
        self.valid
            .cmp(&other.valid)
            .then_with(|| self.source.cmp(&other.source))
            .then_with(|| self.fields.iter().filter(plain).cmp(other.fields.iter().filter(plain)))
            .then_with(|| self.id.cmp(&other.id))
    }

    /// A field as text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.fields.get(field) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A field as a day.
    #[must_use]
    pub fn date(&self, field: &str) -> Option<Day> {
        match self.fields.get(field) {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        }
    }
}

/// The facts that count: not superseded by another of the set and not mere withdrawals.
pub fn standing<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Vec<&'a Fact> {
    let all: Vec<&Fact> = facts.into_iter().collect();
    let gone: std::collections::BTreeSet<Id> = all.iter().filter_map(|fact| fact.supersedes).collect();
    all.into_iter().filter(|fact| !fact.withdrawn && !gone.contains(&fact.id)).collect()
}
