//! An event as it goes into the log: admitted, or refused with its sealed bytes.

use doudi_engine::admit::Admitter;
use doudi_engine::admit::envelope::Envelope;
use doudi_model::secret::Seal;
use doudi_model::{Instant, Problem};
use doudi_rules::bundle::Bundle;

use crate::entry::{Admitted, Body, DeadLetter};
use crate::keys::Keys;

/// Judges events under one bundle and the keys of one data directory.
pub struct Intake<'a> {
    admitter: Admitter<'a>,
    keys: &'a Keys,
}

impl<'a> Intake<'a> {
    /// The intake under a bundle and keys.
    #[must_use]
    pub fn new(bundle: &'a Bundle, keys: &'a Keys) -> Intake<'a> {
        Intake { admitter: Admitter { bundle, key: &keys.pseudonym, seal: &keys.vault }, keys }
    }

    /// The body of an event that arrived at `now` as these bytes, read to this envelope.
    ///
    /// A dead letter goes by source and id, so that an event refused again is the same letter; one that has no envelope
    /// goes by its bytes.
    #[must_use]
    pub fn body(&self, read: Result<Envelope, Problem>, bytes: &[u8], now: Instant) -> Body {
        let name = read.as_ref().ok().map(|envelope| self.admitter.name(&envelope.source, &envelope.id));
        match read.and_then(|envelope| self.admitter.admit(envelope, now)) {
            Ok(taken) => Body::Admitted(Admitted {
                name: taken.name,
                source: taken.source,
                kind: taken.kind,
                facts: taken.facts,
                identities: taken.identities,
                origin: None,
            }),
            Err(problem) => Body::Refused(DeadLetter {
                id: match name {
                    Some(name) => self.keys.pseudonym.derive(b"dead event", &name.0),
                    None => self.keys.pseudonym.derive(b"dead", bytes),
                },
                received: now,
                origin: None,
                problem,
                content_type: "application/cloudevents+json".to_owned(),
                sealed_bytes: self.keys.vault.seal(bytes),
            }),
        }
    }
}
