//! What a stage sees of the world: the entry it is at, and keyed state.
//!
//! A stage is a function `(state, input) → effects`. The entry carries the only clock; the state is
//! reached through [`State`], so that the same stage runs over a map in a test, over sled in the
//! service, and over a changelog elsewhere.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::instant::Instant;

/// Where and when in the log a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// Position of the entry in the log, counted from 0.
    pub position: u64,
    /// The entry's instant; never earlier than that of the entry before.
    pub instant: Instant,
}

impl At {
    /// The civil day of the entry.
    #[must_use]
    pub fn day(&self) -> Day {
        self.instant.day()
    }
}

/// The rooms of the state, each with keys of its own. The number is the first byte of every key on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Space {
    /// Position, counters, the bundle in force.
    Meta = 1,
    /// Names of events already admitted.
    Seen = 2,
    /// resolve: a person's claims to a household.
    Person = 3,
    /// resolve: a person's facts, one key each.
    PersonFact = 4,
    /// score: a household's head.
    Household = 5,
    /// score: a household's facts, one key per kind.
    HouseholdFact = 6,
    /// score: households to look at on a day.
    HouseholdDue = 7,
    /// score: how far the sources' deliveries reach.
    Coverage = 8,
    /// desk: cases.
    Case = 9,
    /// desk: cases to look at on a day.
    CaseDue = 10,
    /// desk: cases by household.
    CaseByHousehold = 11,
    /// desk: cases by office.
    CaseByOffice = 12,
    /// desk: correction requests.
    Correction = 13,
    /// Sealed identity numbers by pseudonym.
    Vault = 14,
    /// Dead letters.
    DeadLetter = 15,
    /// Where each entry of the record file begins.
    Record = 16,
    /// Record entries by household.
    RecordByHousehold = 17,
    /// Next offset per Kafka topic and partition.
    KafkaOffset = 18,
    /// Effects not yet delivered.
    Outbox = 19,
    /// Households that wait for a source to deliver.
    Stale = 20,
}

/// The state could not be read or written, or holds something unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateFault(pub String);

impl fmt::Display for StateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "state: {}", self.0)
    }
}

impl std::error::Error for StateFault {}

/// Keys with their values, in order.
pub type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// Keyed state. Keys of a space are ordered as bytes.
pub trait State {
    /// The value of a key.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StateFault>;

    /// Sets a key.
    fn put(&mut self, space: Space, key: &[u8], value: Vec<u8>);

    /// Removes a key, whether or not it is there.
    fn remove(&mut self, space: Space, key: &[u8]);

    /// All keys of a space that begin with `prefix`, in order, with their values. Keys come without the space.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn scan(&self, space: Space, prefix: &[u8]) -> Result<Pairs, StateFault>;

    /// The first keys of a space that begin with `prefix` and come behind `behind`, up to `limit` of them, in order.
    /// Nothing behind an empty `behind` is left out.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn scan_some(&self, space: Space, prefix: &[u8], behind: &[u8], limit: usize) -> Result<Pairs, StateFault>;

    /// All keys of a space up to and including those that begin with `last`, in order.
    ///
    /// # Errors
    /// If the state cannot be read.
    fn scan_through(&self, space: Space, last: &[u8]) -> Result<Pairs, StateFault>;
}

/// Reads a typed value.
///
/// # Errors
/// If the state cannot be read or the bytes are not of the type.
pub fn load<T: DeserializeOwned>(state: &dyn State, space: Space, key: &[u8]) -> Result<Option<T>, StateFault> {
    state.get(space, key)?.map(|bytes| decode(&bytes)).transpose()
}

/// Writes a typed value.
///
/// # Errors
/// If the value cannot be encoded.
pub fn save<T: Serialize>(state: &mut dyn State, space: Space, key: &[u8], value: &T) -> Result<(), StateFault> {
    let bytes = encode(value)?;
    state.put(space, key, bytes);
    Ok(())
}

/// The binary form of a value in state and journal.
///
/// # Errors
/// If the value cannot be encoded.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, StateFault> {
    postcard::to_allocvec(value).map_err(|fault| StateFault(fault.to_string()))
}

/// The value of a binary form.
///
/// # Errors
/// If the bytes are not of the type.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StateFault> {
    postcard::from_bytes(bytes).map_err(|fault| StateFault(fault.to_string()))
}

/// State in memory, for tests, replay and simulation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    map: BTreeMap<(Space, Vec<u8>), Vec<u8>>,
}

impl State for Memory {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StateFault> {
        Ok(self.map.get(&(space, key.to_vec())).cloned())
    }

    fn put(&mut self, space: Space, key: &[u8], value: Vec<u8>) {
        self.map.insert((space, key.to_vec()), value);
    }

    fn remove(&mut self, space: Space, key: &[u8]) {
        self.map.remove(&(space, key.to_vec()));
    }

    fn scan(&self, space: Space, prefix: &[u8]) -> Result<Pairs, StateFault> {
        let from = (space, prefix.to_vec());
        let within = self.map.range(from..).take_while(|((at, key), _)| *at == space && key.starts_with(prefix));
        Ok(within.map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }

    fn scan_some(&self, space: Space, prefix: &[u8], behind: &[u8], limit: usize) -> Result<Pairs, StateFault> {
        let from = (space, prefix.max(behind).to_vec());
        let within = self.map.range(from..).take_while(|((at, key), _)| *at == space && key.starts_with(prefix));
        let within = within.filter(|((_, key), _)| behind.is_empty() || key.as_slice() > behind).take(limit);
        Ok(within.map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }

    fn scan_through(&self, space: Space, last: &[u8]) -> Result<Pairs, StateFault> {
        let from = (space, Vec::new());
        let through = self
            .map
            .range(from..)
            .take_while(|((at, key), _)| *at == space && (key.as_slice() <= last || key.starts_with(last)));
        Ok(through.map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }
}
