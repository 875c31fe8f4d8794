//! The thread that applies entries.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use doudi_model::stage::At;
use tokio::sync::mpsc::WeakSender;
use tokio::sync::oneshot;

use super::apply::{Applier, BATCH};
use super::meter::Measured;
use super::sequence::Submission;
use super::shared::Shared;
use crate::entry::Body;
use crate::fault::Fault;
use crate::machine::Reply;

/// A commit is not put off longer than this while entries keep coming.
const BATCH_TIME: Duration = Duration::from_millis(50);

/// A durable entry on its way to the machine.
pub(crate) struct Queued {
    pub(crate) at: At,
    pub(crate) body: Body,
    pub(crate) reply: Option<oneshot::Sender<Reply>>,
}

/// Applies what comes until the sequencer is gone. After a fault, everything that waits is told.
pub(crate) fn run(applier: Applier, queue: &Receiver<Vec<Queued>>, shared: &Shared, sequencer: WeakSender<Submission>) {
    // sled asserts on some disk faults. Whatever unwinds, the applier is not used again.
    let mut engine = Engine { applier, shared, sequencer, asked: false };
    let ended = catch_unwind(AssertUnwindSafe(|| engine.work(queue)));
    let fault = match ended {
        Ok(Ok(())) => Fault::closed(),
        Ok(Err(fault)) => fault.until_restart(),
        Err(payload) => Fault::defect(&words(&*payload)).until_restart(),
    };
    if fault.code() != "store/closed" {
        tracing::error!(%fault, "the house stopped; what was acknowledged is in the journal");
    }
    shared.halt(&fault);
    // Entries that are still durable on their way are applied at the next start.
    while queue.recv().is_ok() {}
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("panic").to_owned()
}

struct Engine<'a> {
    applier: Applier,
    shared: &'a Shared,
    sequencer: WeakSender<Submission>,
    /// Whether a sweep is on its way.
    asked: bool,
}

impl Engine<'_> {
    fn work(&mut self, queue: &Receiver<Vec<Queued>>) -> Result<(), Fault> {
        let mut waiting: VecDeque<Queued> = VecDeque::new();
        self.tell()?;
        loop {
            if waiting.is_empty() {
                let Ok(group) = queue.recv() else { return Ok(()) };
                waiting.extend(group);
            }
            while waiting.len() < BATCH
                && let Ok(group) = queue.try_recv()
            {
                waiting.extend(group);
            }
            self.batch(&mut waiting)?;
        }
    }

    /// Applies and commits one batch, then tells everyone.
    fn batch(&mut self, waiting: &mut VecDeque<Queued>) -> Result<(), Fault> {
        let began = Instant::now();
        let mut replies = Vec::new();
        let mut count = 0;
        while count < BATCH
            && began.elapsed() < BATCH_TIME
            && let Some(mut next) = waiting.pop_front()
        {
            self.asked &= !matches!(next.body, Body::Sweep { .. });
            let reply = self.applier.apply(next.at, &mut next.body)?;
            if let (Some(asker), Some(reply)) = (next.reply, reply) {
                replies.push((asker, reply));
            }
            count += 1;
        }
        let applied = Instant::now();
        let effects = self.applier.commit()?;
        let commit = applied.elapsed();
        for (run, names) in &effects.runs {
            self.shared.names().committed(*run, names)?;
        }
        self.tell()?;
        for (asker, reply) in replies {
            // Whoever asked may have gone; the move stands all the same.
            let _ = asker.send(reply);
        }
        for (sequence, notice) in effects.notices {
            // Without watchers nobody needs to be told.
            let _ = self.shared.notices.send((sequence, Arc::new(notice)));
        }
        self.shared.measured(&Measured::Applied { spent: &effects.spent, decisions: &effects.decisions, commit });
        Ok(())
    }

    /// Tells how far everything has come, and asks for a sweep where one is due.
    fn tell(&mut self) -> Result<(), Fault> {
        let pending = self.applier.pending()?;
        self.shared.advance(self.applier.books().next, pending);
        if pending && !self.asked {
            self.asked = true;
            self.shared.sweep.store(true, Ordering::Release);
            let (placed, _) = oneshot::channel();
            let wake = Submission { entries: Vec::new(), placed, reply: None };
            // With a full queue the sequencer is awake; without one the house is closing, and the next start goes on.
            let _ = self.sequencer.upgrade().map(|queue| queue.try_send(wake));
        }
        Ok(())
    }
}
