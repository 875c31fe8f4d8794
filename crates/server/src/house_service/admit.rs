//! Events through the admitter into the log; what is refused goes there too, sealed.

use std::sync::Arc;

use doudi_engine::admit::Elsewhere;
use doudi_model::{Instant, Problem};
use doudi_store::{Body, Intake};

use super::{Inner, unread, unstored};
use crate::service::{Arrival, Fault, Receipt};

/// Bodies for the log in the order of the events; what was refused, and what is to be looked at, with its index.
#[derive(Default)]
struct Judged {
    bodies: Vec<Body>,
    refused: Vec<(usize, Problem)>,
    notices: Vec<(usize, Problem)>,
}

/// Admits a batch; answers when all of it is on disk.
pub(super) async fn admit(inner: &Arc<Inner>, batch: Vec<Arrival>) -> Result<Receipt, Fault> {
    let now = inner.clock.now();
    let work = Arc::clone(inner);
    let judged = tokio::task::spawn_blocking(move || judge(&work, batch, now)).await;
    let Judged { bodies, refused, notices } = judged.map_err(|fault| Fault::Unavailable(fault.to_string()))??;
    let events: Vec<bool> = bodies.iter().map(|body| matches!(body, Body::Admitted(_))).collect();
    let placed = inner.house.place(bodies).await.map_err(unstored)?;
    let mut receipt = Receipt { refused, notices, ..Receipt::default() };
    // What was known before was told before.
    receipt.notices.retain(|(index, _)| placed.get(*index).is_some_and(|placed| placed.fresh));
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

fn judge(inner: &Inner, batch: Vec<Arrival>, now: Instant) -> Result<Judged, Fault> {
    let intake = Intake::new(&inner.book.bundle, inner.house.keys());
    let state = inner.house.read();
    let mut elsewhere = Elsewhere::new(&state);
    let mut judged = Judged { bodies: Vec::with_capacity(batch.len()), ..Judged::default() };
    for (index, arrival) in batch.into_iter().enumerate() {
        let body = intake.body(arrival.envelope, &arrival.bytes, now);
        match &body {
            Body::Refused(letter) => judged.refused.push((index, letter.problem.clone())),
            Body::Admitted(admitted) => {
                let notices = elsewhere.notices(&admitted.facts).map_err(unread)?;
                judged.notices.extend(notices.into_iter().map(|notice| (index, notice)));
            }
            _ => {}
        }
        judged.bodies.push(body);
    }
    Ok(judged)
}
