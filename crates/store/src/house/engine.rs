//! The thread that applies entries.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use doudi_model::stage::At;
use tokio::sync::oneshot;

use super::apply::{Applier, BATCH};
use super::meter::Measured;
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
pub(crate) fn run(mut applier: Applier, queue: &Receiver<Vec<Queued>>, shared: &Shared) {
    // sled asserts on some disk faults. Whatever unwinds, the applier is not used again.
    let ended = catch_unwind(AssertUnwindSafe(|| work(&mut applier, queue, shared)));
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

fn work(applier: &mut Applier, queue: &Receiver<Vec<Queued>>, shared: &Shared) -> Result<(), Fault> {
    let mut waiting: VecDeque<Queued> = VecDeque::new();
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
        batch(applier, &mut waiting, shared)?;
    }
}

/// Applies and commits one batch, then tells everyone.
fn batch(applier: &mut Applier, waiting: &mut VecDeque<Queued>, shared: &Shared) -> Result<(), Fault> {
    let began = Instant::now();
    let mut replies = Vec::new();
    let mut count = 0;
    while count < BATCH
        && began.elapsed() < BATCH_TIME
        && let Some(mut next) = waiting.pop_front()
    {
        let reply = applier.apply(next.at, &mut next.body)?;
        if let (Some(asker), Some(reply)) = (next.reply, reply) {
            replies.push((asker, reply));
        }
        count += 1;
    }
    let applied = Instant::now();
    let effects = applier.commit()?;
    let commit = applied.elapsed();
    for (run, names) in &effects.runs {
        shared.names().committed(*run, names)?;
    }
    shared.advance(applier.books().next);
    for (asker, reply) in replies {
        // Whoever asked may have gone; the move stands all the same.
        let _ = asker.send(reply);
    }
    for (sequence, notice) in effects.notices {
        // Without watchers nobody needs to be told.
        let _ = shared.notices.send((sequence, Arc::new(notice)));
    }
    shared.measured(&Measured::Applied { spent: &effects.spent, decisions: &effects.decisions, commit });
    Ok(())
}
