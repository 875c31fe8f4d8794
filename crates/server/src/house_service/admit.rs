//! Events through the admitter into the log; what is refused goes there too, sealed.

use std::sync::Arc;

use doudi_engine::admit::Admitter;
use doudi_model::secret::Seal;
use doudi_model::{Instant, Problem};
use doudi_store::{Admitted, Body, DeadLetter};

use super::{Inner, unstored};
use crate::service::{Arrival, Fault, Receipt};

const STRUCTURED: &str = "application/cloudevents+json";

/// Bodies for the log in the order of the events, and what was refused with its index.
struct Judged {
    bodies: Vec<Body>,
    refused: Vec<(usize, Problem)>,
}

/// Admits a batch; answers when all of it is on disk.
pub(super) async fn admit(inner: &Arc<Inner>, batch: Vec<Arrival>) -> Result<Receipt, Fault> {
    let now = inner.clock.now();
    let work = Arc::clone(inner);
    let judged = tokio::task::spawn_blocking(move || judge(&work, batch, now)).await;
    let Judged { bodies, refused } = judged.map_err(|fault| Fault::Unavailable(fault.to_string()))?;
    let events: Vec<bool> = bodies.iter().map(|body| matches!(body, Body::Admitted(_))).collect();
    let placed = inner.house.place(bodies).await.map_err(unstored)?;
    let mut receipt = Receipt { refused, ..Receipt::default() };
    let mut position = 0;
    for (placed, event) in placed.iter().zip(events) {
        position = position.max(placed.position);
        match (event, placed.fresh) {
            (true, true) => receipt.accepted += 1,
            (true, false) => receipt.duplicates += 1,
            (false, _) => {}
        }
    }
    receipt.position = position.to_string();
    Ok(receipt)
}

fn judge(inner: &Inner, batch: Vec<Arrival>, now: Instant) -> Judged {
    let keys = inner.house.keys();
    let admitter = Admitter { bundle: &inner.book.bundle, key: &keys.pseudonym, seal: &keys.vault };
    let mut judged = Judged { bodies: Vec::with_capacity(batch.len()), refused: Vec::new() };
    for (index, arrival) in batch.into_iter().enumerate() {
        let taken = arrival.envelope.and_then(|envelope| admitter.admit(envelope, now));
        let body = match taken {
            Ok(taken) => Body::Admitted(Admitted {
                name: taken.name,
                source: taken.source,
                kind: taken.kind,
                facts: taken.facts,
                identities: taken.identities,
                origin: None,
            }),
            Err(problem) => {
                judged.refused.push((index, problem.clone()));
                Body::Refused(DeadLetter {
                    id: keys.pseudonym.derive(b"dead", &arrival.bytes),
                    received: now,
                    origin: None,
                    problem,
                    content_type: STRUCTURED.to_owned(),
                    sealed_bytes: keys.vault.seal(&arrival.bytes),
                })
            }
        };
        judged.bodies.push(body);
    }
    judged
}
