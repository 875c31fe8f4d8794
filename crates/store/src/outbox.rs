//! The outbox: the newest notices, kept so that a watcher who was away can go on where they stopped.

use std::collections::VecDeque;
use std::sync::Arc;

use doudi_model::stage::{Space, State, StateFault, decode, encode};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::books::Books;
use crate::fault::Fault;
use crate::notice::Notice;
use crate::state::Rooms;

/// How many notices are kept.
pub const KEPT: u64 = 10_000;

/// A notice with its sequence number.
pub(crate) type Sent = (u64, Arc<Notice>);

/// Puts a notice under its number and lets go of the one that is now too old.
pub(crate) fn put(state: &mut dyn State, sequence: u64, notice: &Notice) -> Result<(), StateFault> {
    state.put(Space::Outbox, &sequence.to_be_bytes(), encode(notice)?);
    if let Some(old) = sequence.checked_sub(KEPT).filter(|old| *old > 0) {
        state.remove(Space::Outbox, &old.to_be_bytes());
    }
    Ok(())
}

fn after(state: &dyn State, last: u64) -> Result<VecDeque<Sent>, StateFault> {
    let mut found = VecDeque::new();
    for (key, value) in state.scan(Space::Outbox, &[])? {
        let sequence = key.first_chunk::<8>().map_or(0, |key| u64::from_be_bytes(*key));
        if sequence > last {
            found.push_back((sequence, Arc::new(decode(&value)?)));
        }
    }
    Ok(found)
}

/// What a watcher gets next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A notice and its sequence number.
    Notice(u64, Arc<Notice>),
    /// Notices from one number through another are no longer kept; the watcher should look anew.
    Missed(u64, u64),
}

/// Watches notices in order, each once. A watcher who falls behind catches up from the outbox.
pub struct Subscription {
    rooms: Rooms,
    live: broadcast::Receiver<Sent>,
    backlog: VecDeque<Sent>,
    last: u64,
}

impl Subscription {
    /// Watches from behind `after`, or from now on.
    pub(crate) fn new(
        rooms: Rooms,
        live: broadcast::Receiver<Sent>,
        since: Option<u64>,
    ) -> Result<Subscription, Fault> {
        // `live` was opened before the state is read, so nothing falls between the two.
        let view = rooms.view();
        let newest = Books::of(&view)?.notices;
        // A number beyond the newest comes from another installation.
        let last = since.map_or(newest, |since| since.min(newest));
        let backlog = if last < newest { after(&view, last)? } else { VecDeque::new() };
        Ok(Subscription { rooms, live, backlog, last })
    }

    /// The next notice; `None` once the house is shut down.
    ///
    /// # Errors
    /// If the outbox cannot be read.
    pub async fn next(&mut self) -> Result<Option<Delivery>, Fault> {
        loop {
            if let Some(delivery) = self.next_of_backlog() {
                return Ok(Some(delivery));
            }
            match self.live.recv().await {
                Ok((sequence, _)) if sequence <= self.last => {}
                Ok((sequence, notice)) if sequence == self.last + 1 => {
                    self.last = sequence;
                    return Ok(Some(Delivery::Notice(sequence, notice)));
                }
                Ok(_) | Err(RecvError::Lagged(_)) => self.backlog = after(&self.rooms.view(), self.last)?,
                Err(RecvError::Closed) => return Ok(None),
            }
        }
    }

    fn next_of_backlog(&mut self) -> Option<Delivery> {
        while let Some((sequence, notice)) = self.backlog.pop_front() {
            if sequence <= self.last {
                continue;
            }
            if sequence > self.last + 1 {
                let missed = Delivery::Missed(self.last + 1, sequence - 1);
                self.last = sequence - 1;
                self.backlog.push_front((sequence, notice));
                return Some(missed);
            }
            self.last = sequence;
            return Some(Delivery::Notice(sequence, notice));
        }
        None
    }
}
