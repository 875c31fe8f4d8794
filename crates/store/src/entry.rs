//! Log entries: everything that ever happens, in order.
//!
//! An entry's payload in the log is a version byte, the instant as eight bytes (milliseconds, little-endian),
//! and the body in postcard form. The instant stands apart because it is set when the order of entries is
//! decided, after the body has been encoded. Postcard knows variants and fields by their order: new variants
//! go to the end of [`Body`], anything else needs a new version.

use doudi_model::day::Day;
use doudi_model::fact::{self, Fact, Kind};
use doudi_model::stage::{At, StateFault, decode, encode};
use doudi_model::value::Sealed;
use doudi_model::{Digest, Instant, Problem, person};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// The version that is written. Version 1 held what staff wrote in clear.
const VERSION: u8 = 2;
/// Version byte and instant.
const HEAD: usize = 9;

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it was taken in; never earlier than the entry before.
    pub at: Instant,
    /// What happened.
    pub body: Body,
}

/// What happened.
#[expect(clippy::large_enum_variant, reason = "bodies are made one at a time and encoded at once")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// From here on, this bundle decides. Only the house writes it.
    Started {
        /// The bundle's digest.
        bundle: Digest,
    },
    /// An event was admitted.
    Admitted(Admitted),
    /// An event was refused.
    Refused(DeadLetter),
    /// A dead letter was dealt with.
    Resolved {
        /// Which one.
        dead: DeadId,
    },
    /// A day began. Only the house writes it.
    Tick {
        /// The day.
        day: Day,
    },
    /// Someone moved a case.
    Move(MoveRequest),
    /// So many households of those whom a day, a delivery or a bundle touched are looked at. Only the house writes it.
    Sweep {
        /// How many, at most.
        households: u32,
    },
}

pub use doudi_routing::MoveRequest;

/// The name of a dead letter, derived from its cause by whoever refused the event.
pub type DeadId = person::Id;

/// An admitted event as facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Admitted {
    /// The event's name: keyed digest of source and id.
    pub name: fact::Id,
    /// Who sent it.
    pub source: String,
    /// The fact kind of the event.
    pub kind: Kind,
    /// The facts it makes.
    pub facts: Vec<Fact>,
    /// The identity numbers it carried, sealed.
    pub identities: Vec<(person::Id, Sealed)>,
    /// Where it stood in Kafka, if it came from there.
    pub origin: Option<KafkaOrigin>,
}

/// A refused event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Its name.
    pub id: DeadId,
    /// When it arrived.
    pub received: Instant,
    /// Where it stood in Kafka, if it came from there.
    pub origin: Option<KafkaOrigin>,
    /// Why it was refused.
    pub problem: Problem,
    /// How its bytes are to be read, for example `application/cloudevents+json`.
    pub content_type: String,
    /// Its bytes, sealed.
    pub sealed_bytes: Sealed,
}

/// Where a message stood in Kafka.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KafkaOrigin {
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// The message's offset.
    pub offset: i64,
}

impl Body {
    /// The name under which a repeat of this body is told, for admitted events.
    #[must_use]
    pub fn name(&self) -> Option<fact::Id> {
        match self {
            Body::Admitted(admitted) => Some(admitted.name),
            _ => None,
        }
    }

    /// Where it stood in Kafka.
    #[must_use]
    pub fn origin(&self) -> Option<&KafkaOrigin> {
        match self {
            Body::Admitted(admitted) => admitted.origin.as_ref(),
            Body::Refused(letter) => letter.origin.as_ref(),
            _ => None,
        }
    }

    /// Notes where it stood in Kafka.
    pub(crate) fn set_origin(&mut self, origin: KafkaOrigin) {
        match self {
            Body::Admitted(admitted) => admitted.origin = Some(origin),
            Body::Refused(letter) => letter.origin = Some(origin),
            _ => {}
        }
    }

    /// Notes in every fact when and where it became known.
    pub(crate) fn make_known(&mut self, at: At) {
        if let Body::Admitted(admitted) = self {
            for fact in &mut admitted.facts {
                fact.known = at.instant;
                fact.position = at.position;
            }
        }
    }
}

/// A payload whose instant is still to be set.
pub(crate) fn payload(body: &Body) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(512);
    out.push(VERSION);
    out.extend_from_slice(&[0; HEAD - 1]);
    postcard::to_extend(body, out).map_err(|error| StateFault(error.to_string()).into())
}

/// Sets the instant of a payload.
pub(crate) fn set_instant(payload: &mut [u8], at: Instant) {
    if let Some(place) = payload.get_mut(1..HEAD) {
        place.copy_from_slice(&at.ms().to_le_bytes());
    }
}

impl Entry {
    /// The entry of a payload.
    ///
    /// # Errors
    /// If the payload has a version that this doudi does not know, or is not of its form.
    pub fn decode(payload: &[u8]) -> Result<Entry, StateFault> {
        let Some((&[version, ref instant @ ..], body)) = payload.split_first_chunk::<HEAD>() else {
            return Err(StateFault("an entry is cut off".into()));
        };
        if version != VERSION {
            return Err(StateFault(format!("an entry has version {version}, this doudi reads {VERSION}")));
        }
        let at = Instant::from_ms(i64::from_le_bytes(*instant));
        Ok(Entry { at, body: decode(body)? })
    }

    /// The payload of an entry.
    ///
    /// # Errors
    /// If it cannot be encoded.
    pub fn encode(&self) -> Result<Vec<u8>, Fault> {
        let mut out = payload(&self.body)?;
        set_instant(&mut out, self.at);
        Ok(out)
    }
}

/// What the state keeps of a dead letter; its bytes stay in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeadHead {
    /// Its name.
    pub id: DeadId,
    /// Log position of the newest refusal.
    pub position: u64,
    /// When it arrived, the last time.
    pub received: Instant,
    /// Where it stood in Kafka, if it came from there.
    pub origin: Option<KafkaOrigin>,
    /// Why it was refused.
    pub problem: Problem,
    /// How its bytes are to be read.
    pub content_type: String,
    /// How many sealed bytes there are.
    pub bytes: u64,
    /// How often it was refused.
    pub attempts: u64,
    /// The log position at which it was dealt with, if it was.
    pub resolved: Option<u64>,
}

impl DeadHead {
    /// The head of a letter; `earlier` is its head from when it was refused before.
    pub(crate) fn new(letter: &DeadLetter, position: u64, earlier: Option<&DeadHead>) -> DeadHead {
        DeadHead {
            id: letter.id,
            position,
            received: letter.received,
            origin: letter.origin.clone(),
            problem: letter.problem.clone(),
            content_type: letter.content_type.clone(),
            bytes: letter.sealed_bytes.0.len() as u64,
            attempts: earlier.map_or(0, |earlier| earlier.attempts).saturating_add(1),
            resolved: None,
        }
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>, StateFault> {
        encode(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_comes_back_as_it_was() {
        let body = Body::Tick { day: "2026-11-24".parse().unwrap() };
        let entry = Entry { at: "2026-11-24T00:00:00+08:00".parse().unwrap(), body };
        assert_eq!(Entry::decode(&entry.encode().unwrap()).unwrap(), entry);
    }

    #[test]
    fn an_entry_of_a_later_version_is_refused_and_not_guessed() {
        let mut payload = payload(&Body::Resolved { dead: person::Id([7; 16]) }).unwrap();
        payload[0] = 9;
        assert!(Entry::decode(&payload).unwrap_err().0.contains("version 9"));
        assert!(Entry::decode(&[1, 2]).is_err());
    }
}
