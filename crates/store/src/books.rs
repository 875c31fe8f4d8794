//! The books that the house keeps itself, from the entries alone: identities, dead letters, Kafka
//! offsets, and how far everything has come. None of it depends on how entries were batched.

use std::collections::BTreeSet;

use doudi_model::stage::{At, Space, State, StateFault, decode, encode, load, save};
use doudi_model::value::Sealed;
use doudi_model::{Digest, Instant, person};
use serde::{Deserialize, Serialize};

use crate::entry::{Admitted, Body, DeadHead, DeadId, KafkaOrigin};

const KEY: &[u8] = b"house";

/// How far everything has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Books {
    /// The next log position to apply.
    pub next: u64,
    /// Instant of the last entry, none before the first.
    pub last: Option<Instant>,
    /// The bundle that decides, none before the first entry.
    pub bundle: Option<Digest>,
    /// Events admitted.
    pub admitted: u64,
    /// Events refused, each once however often it came.
    pub refused: u64,
    /// Entries in the record: the number that the next one gets.
    pub records: u64,
    /// Bytes of the record that those entries take.
    pub record_bytes: u64,
    /// Notices so far: the sequence number of the newest.
    pub notices: u64,
    /// Sum of the names of all admitted events, whatever their order.
    pub names: u128,
    /// Runs of names that the state holds.
    pub(crate) runs: u32,
    /// Names of entries from this position on are in no run.
    pub(crate) runs_end: u64,
}

impl Books {
    /// The books of a state.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn of(state: &dyn State) -> Result<Books, StateFault> {
        Ok(load(state, Space::Meta, KEY)?.unwrap_or_default())
    }

    /// The books in a value of the state.
    pub(crate) fn read(key: &[u8], value: &[u8]) -> Option<Books> {
        if key == KEY { decode(value).ok() } else { None }
    }

    pub(crate) fn save(&self, state: &mut dyn State) -> Result<(), StateFault> {
        save(state, Space::Meta, KEY, self)
    }

    /// Notes what the entry itself says.
    pub(crate) fn enter(
        &mut self,
        state: &mut dyn State,
        at: At,
        body: &Body,
        numbered: &mut Numbered,
    ) -> Result<(), StateFault> {
        match body {
            Body::Started { bundle } => self.bundle = Some(*bundle),
            Body::Admitted(admitted) => {
                self.admitted += 1;
                self.names = self.names.wrapping_add(u128::from_be_bytes(admitted.name.0));
                numbered.identify(state, admitted)?;
            }
            Body::Refused(letter) => {
                // A letter that comes again is the same letter: its sender tried again.
                let earlier = dead_head(state, letter.id)?;
                self.refused += u64::from(earlier.is_none());
                let head = DeadHead::new(letter, at.position, earlier.as_ref());
                state.put(Space::DeadLetter, &letter.id.0, head.encode()?);
            }
            Body::Resolved { dead } => {
                if let Some(mut head) = dead_head(state, *dead)? {
                    head.resolved.get_or_insert(at.position);
                    state.put(Space::DeadLetter, &dead.0, head.encode()?);
                }
            }
            Body::Tick { .. } | Body::Move(_) | Body::Sweep { .. } => {}
        }
        if let Some(origin) = body.origin() {
            let next = next_offset(state, &origin.topic, origin.partition)?.unwrap_or(0).max(origin.offset + 1);
            save(state, Space::KafkaOffset, &offset_key(origin), &next)?;
        }
        Ok(())
    }
}

/// People whose sealed numbers the vault is known to hold: nearly every event is about one of them.
#[derive(Default)]
pub(crate) struct Numbered(BTreeSet<person::Id>);

impl Numbered {
    /// As many as take some ten megabytes; then it begins anew.
    const MOST: usize = 1 << 18;

    /// Keeps the numbers of people whose number is not kept yet.
    fn identify(&mut self, state: &mut dyn State, admitted: &Admitted) -> Result<(), StateFault> {
        for (person, sealed) in &admitted.identities {
            if self.0.contains(person) {
                continue;
            }
            if state.get(Space::Vault, &person.0)?.is_none() {
                state.put(Space::Vault, &person.0, sealed.0.clone());
            }
            if self.0.len() >= Self::MOST {
                self.0.clear();
            }
            self.0.insert(*person);
        }
        Ok(())
    }
}

/// Begins the keys under which the latest event of each source is noted.
const SOURCE: &[u8] = b"source\0";

/// Notes when a source was last heard.
pub(crate) fn note_source(state: &mut dyn State, source: &str, latest: Instant) {
    state.put(Space::Meta, &[SOURCE, source.as_bytes()].concat(), latest.ms().to_be_bytes().to_vec());
}

/// When each source's latest event was admitted, by source, however it came.
///
/// # Errors
/// If the state cannot be read.
pub fn sources(state: &dyn State) -> Result<Vec<(String, Instant)>, StateFault> {
    let noted = |(key, value): (Vec<u8>, Vec<u8>)| {
        let source = String::from_utf8(key.get(SOURCE.len()..)?.to_vec()).ok()?;
        Some((source, Instant::from_ms(i64::from_be_bytes(*value.first_chunk::<8>()?))))
    };
    Ok(state.scan(Space::Meta, SOURCE)?.into_iter().filter_map(noted).collect())
}

/// A person's sealed identity number.
///
/// # Errors
/// If the state cannot be read.
pub fn identity(state: &dyn State, person: &person::Id) -> Result<Option<Sealed>, StateFault> {
    Ok(state.get(Space::Vault, &person.0)?.map(Sealed))
}

/// One dead letter without its bytes.
///
/// # Errors
/// If the state cannot be read.
pub fn dead_head(state: &dyn State, dead: DeadId) -> Result<Option<DeadHead>, StateFault> {
    load(state, Space::DeadLetter, &dead.0)
}

/// All dead letters without their bytes, in the order of their positions.
///
/// # Errors
/// If the state cannot be read.
pub fn dead_heads(state: &dyn State) -> Result<Vec<DeadHead>, StateFault> {
    let pairs = state.scan(Space::DeadLetter, &[])?;
    let mut heads = pairs.iter().map(|(_, value)| decode(value)).collect::<Result<Vec<DeadHead>, _>>()?;
    heads.sort_by_key(|head| head.position);
    Ok(heads)
}

/// The next offset to take from a Kafka partition, or `None` if nothing came from it yet.
///
/// # Errors
/// If the state cannot be read.
pub fn next_offset(state: &dyn State, topic: &str, partition: i32) -> Result<Option<i64>, StateFault> {
    let origin = KafkaOrigin { topic: topic.to_owned(), partition, offset: 0 };
    load(state, Space::KafkaOffset, &offset_key(&origin))
}

fn offset_key(origin: &KafkaOrigin) -> Vec<u8> {
    let mut key = origin.topic.as_bytes().to_vec();
    key.push(0);
    key.extend_from_slice(&origin.partition.to_be_bytes());
    key
}

/// The numbers of a household's record entries, oldest first.
///
/// # Errors
/// If the state cannot be read.
pub fn records_of(state: &dyn State, household: &str) -> Result<Vec<u64>, StateFault> {
    let pairs = state.scan(Space::RecordByHousehold, &household_prefix(household))?;
    Ok(pairs.iter().filter_map(|(key, _)| key.last_chunk::<8>().map(|at| u64::from_be_bytes(*at))).collect())
}

pub(crate) fn file_record(state: &mut dyn State, household: &str, sequence: u64) -> Result<(), StateFault> {
    let mut key = household_prefix(household);
    key.extend_from_slice(&sequence.to_be_bytes());
    state.put(Space::RecordByHousehold, &key, encode(&())?);
    Ok(())
}

fn household_prefix(household: &str) -> Vec<u8> {
    let mut key = household.as_bytes().to_vec();
    key.push(0);
    key
}
