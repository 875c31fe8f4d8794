//! admit: what arrives becomes facts under pseudonyms, or a problem that says how to mend it.
//!
//! Pure: keys and sealing are handed in, the instant comes with the event. [`envelope`] judges the
//! CloudEvent, `payload` its content by the fact dictionary.

mod elsewhere;
pub mod envelope;
mod field;
mod member;
mod payload;
mod refusal;
mod subject;

use doudi_model::fact::{self, Kind};
use doudi_model::secret::Seal;
use doudi_model::value::Sealed;
use doudi_model::{Fact, Instant, Problem, person};
use doudi_rules::bundle::Bundle;

use envelope::Envelope;

pub use elsewhere::Elsewhere;

/// An event as facts, ready for the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The event's name: keyed digest of source and id.
    pub name: fact::Id,
    /// Who sent it.
    pub source: String,
    /// Its kind.
    pub kind: Kind,
    /// The facts it makes: one, or for a household one and one for each member.
    pub facts: Vec<Fact>,
    /// The identity numbers it carried, sealed for the vault.
    pub identities: Vec<(person::Id, Sealed)>,
}

/// Turns events into facts under one bundle and one installation's keys.
#[derive(Clone, Copy)]
pub struct Admitter<'a> {
    /// The dictionary and the divisions.
    pub bundle: &'a Bundle,
    /// The key for pseudonyms.
    pub key: &'a person::PseudonymKey,
    /// Seals personal text.
    pub seal: &'a dyn Seal,
}

impl Admitter<'_> {
    /// The facts of an event that arrives at `now`.
    ///
    /// # Errors
    /// The first fault of its content, with a code that begins with `payload/`.
    pub fn admit(&self, envelope: Envelope, now: Instant) -> Result<Taken, Problem> {
        payload::take(self, envelope, now)
    }

    /// The name of the event with this source and id.
    #[must_use]
    pub fn name(&self, source: &str, id: &str) -> fact::Id {
        self.key.derive(b"event", format!("{source}\u{0}{id}").as_bytes())
    }
}
