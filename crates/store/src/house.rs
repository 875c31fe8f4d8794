//! The house: journal, state and record of one data directory, with a machine that runs over them.
//!
//! ```text
//! callers ──submit──► sequencer ──append + fsync──► journal
//!    ▲                    │ acknowledges                      then, in order
//!    │                    ▼
//!    └──wait, reply── engine: machine, books ──► record + fsync ──► state (one batch) ──► notices
//! ```
//!
//! The journal is always ahead of the record, and the record of the state, so whatever moment the process
//! dies, the next start applies the journal's tail again and ends where it would have been.

mod apply;
mod engine;
mod meter;
mod open;
mod sequence;
mod shared;

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use doudi_model::fact;
use doudi_model::stage::{At, StateFault};
use tokio::sync::{mpsc, oneshot};

use crate::books::{self, Books};
use crate::entry::{self, Body, DeadId, DeadLetter};
use crate::fault::Fault;
use crate::history;
use crate::journal::{self, MAX_PAYLOAD, Torn};
use crate::keys::Keys;
use crate::lock::Lock;
use crate::machine::Reply;
use crate::outbox::Subscription;
use crate::record::Lines;
use crate::state::{Rooms, View};
use crate::vault::Vault;
use sequence::{Prepared, Submission};
use shared::Shared;

pub use meter::Measured;
pub use open::{Options, rebuild, rebuild_aside};
pub use sequence::Placed;

/// Bodies in one submission, at most; more are handed in one after another.
const SUBMISSION: usize = 1024;

/// How long to wait for rest before asking why there is none.
const SETTLE_CHECK: std::time::Duration = std::time::Duration::from_millis(500);

/// One data directory at work. Clones are the same house; it shuts down when the last one is dropped.
#[derive(Clone)]
pub struct House(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    rooms: Rooms,
    shared: Arc<Shared>,
    queue: Mutex<Option<mpsc::Sender<Submission>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    keys: Keys,
    torn: Vec<Torn>,
    replayed: u64,
    idle_days: i32,
    _lock: Lock,
}

/// Sizes and counts, for metrics and for `doudi state stats`.
#[derive(Debug, Clone)]
pub struct Stats {
    /// What the state knows of how far everything has come.
    pub books: Books,
    /// Durable entries.
    pub appended: u64,
    /// Durable entries that are not applied yet.
    pub lag: u64,
    /// Whether households are left to look at because of a day, a delivery or a bundle.
    pub pending: bool,
    /// Events since the start that had been admitted before.
    pub duplicates: u64,
    /// Appends to the journal since the start.
    pub appends: u64,
    /// Entries applied again at the start.
    pub replayed: u64,
    /// What was cut off at the start.
    pub torn: Vec<Torn>,
    /// Bytes of the journal.
    pub journal_bytes: u64,
    /// Bytes that the state takes on disk.
    pub state_bytes: u64,
    /// Why the house stopped, if it did.
    pub fault: Option<Fault>,
}

impl House {
    /// Makes bodies durable, in this order; returns their positions. An event that was admitted before is
    /// not journaled again, and its earlier position is returned.
    ///
    /// # Errors
    /// If they could not be made durable. Some may have been; sending all again is harmless.
    pub async fn submit(&self, bodies: Vec<Body>) -> Result<Vec<u64>, Fault> {
        let placed = self.place(bodies).await?;
        Ok(placed.into_iter().map(|placed| placed.position).collect())
    }

    /// As [`House::submit`], and tells which events had been admitted before.
    ///
    /// # Errors
    /// As [`House::submit`].
    pub async fn place(&self, bodies: Vec<Body>) -> Result<Vec<Placed>, Fault> {
        let mut placed = Vec::with_capacity(bodies.len());
        for entries in prepare(&self.0.keys.vault, bodies)? {
            let answer = self.send(entries, None).await?;
            placed.extend(answer.await.unwrap_or_else(|_| Err(self.stopped()))?);
        }
        Ok(placed)
    }

    /// [`House::place`] for callers without async. Not to be called on an async thread.
    ///
    /// # Errors
    /// As [`House::submit`].
    pub fn place_blocking(&self, bodies: Vec<Body>) -> Result<Vec<Placed>, Fault> {
        let mut placed = Vec::with_capacity(bodies.len());
        for entries in prepare(&self.0.keys.vault, bodies)? {
            let answer = self.send_blocking(entries, None)?;
            placed.extend(answer.blocking_recv().unwrap_or_else(|_| Err(self.stopped()))?);
        }
        Ok(placed)
    }

    /// Waits until an entry is applied and [`House::read`] shows what it did.
    ///
    /// # Errors
    /// If the house stops before.
    pub async fn wait_applied(&self, position: u64) -> Result<(), Fault> {
        self.0.shared.wait(position).await
    }

    /// [`House::wait_applied`] for callers without async.
    ///
    /// # Errors
    /// If the house stops before.
    pub fn wait_applied_blocking(&self, position: u64) -> Result<(), Fault> {
        self.0.shared.wait_blocking(position)
    }

    /// Waits until everything durable is applied and nobody is left to look at.
    ///
    /// # Errors
    /// If the house stops before, or nothing more can be made durable.
    pub fn settle_blocking(&self) -> Result<(), Fault> {
        while !self.0.shared.settled_within(SETTLE_CHECK)? {
            // A sweep that could not be written is tried again, or says why it cannot be.
            self.tick_if_due_blocking()?;
        }
        Ok(())
    }

    /// Submits one body, waits until it is applied, and returns the machine's answer.
    ///
    /// # Errors
    /// If it could not be made durable, or the house stopped before it was applied.
    pub async fn request(&self, body: Body) -> Result<Reply, Fault> {
        if let Some(refused) = refused_unread(&body) {
            return Ok(Err(refused));
        }
        let (reply, answer) = oneshot::channel();
        let entries = prepare(&self.0.keys.vault, vec![body])?.pop().unwrap_or_default();
        let placed = self.send(entries, Some(reply)).await?.await.unwrap_or_else(|_| Err(self.stopped()))?;
        let position = placed.last().map_or(0, |placed| placed.position);
        self.wait_applied(position).await?;
        answer.await.map_err(|_| Fault::defect("the machine gave no answer"))
    }

    /// [`House::request`] for callers without async. Not to be called on an async thread.
    ///
    /// # Errors
    /// As [`House::request`].
    pub fn request_blocking(&self, body: Body) -> Result<Reply, Fault> {
        if let Some(refused) = refused_unread(&body) {
            return Ok(Err(refused));
        }
        let (reply, answer) = oneshot::channel();
        let entries = prepare(&self.0.keys.vault, vec![body])?.pop().unwrap_or_default();
        let placed = self.send_blocking(entries, Some(reply))?.blocking_recv();
        let placed = placed.unwrap_or_else(|_| Err(self.stopped()))?;
        self.wait_applied_blocking(placed.last().map_or(0, |placed| placed.position))?;
        answer.blocking_recv().map_err(|_| Fault::defect("the machine gave no answer"))
    }

    /// Appends the ticks of days that have begun since the last entry, if any.
    ///
    /// # Errors
    /// As [`House::submit`].
    pub async fn tick_if_due(&self) -> Result<(), Fault> {
        let placed = self.send(Vec::new(), None).await?;
        placed.await.unwrap_or_else(|_| Err(self.stopped())).map(|_| ())
    }

    /// [`House::tick_if_due`] for callers without async. Not to be called on an async thread.
    ///
    /// # Errors
    /// As [`House::submit`].
    pub fn tick_if_due_blocking(&self) -> Result<(), Fault> {
        let placed = self.send_blocking(Vec::new(), None)?;
        placed.blocking_recv().unwrap_or_else(|_| Err(self.stopped())).map(|_| ())
    }

    /// Lets another bundle decide from now on, as if the house had been opened with it, and waits until it does. It must
    /// be kept already ([`crate::bundles::keep`]). Its households are looked at again meanwhile.
    ///
    /// # Errors
    /// As [`House::submit`]; if the machine cannot take the bundle up, the house stops.
    pub async fn adopt(&self, bundle: doudi_model::Digest) -> Result<(), Fault> {
        let body = Body::Started { bundle };
        let entries = vec![Prepared { payload: entry::payload(&body)?, body }];
        let placed = self.send(entries, None).await?.await.unwrap_or_else(|_| Err(self.stopped()))?;
        self.wait_applied(placed.last().map_or(0, |placed| placed.position)).await
    }

    /// What is committed.
    #[must_use]
    pub fn read(&self) -> View {
        self.0.rooms.view()
    }

    /// Which events were admitted already, also those that are durable but not applied yet.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn seen(&self, names: &[fact::Id]) -> Result<Vec<bool>, Fault> {
        Ok(self.positions(names)?.iter().map(Option::is_some).collect())
    }

    /// The log positions at which events were admitted, also those that are durable but not applied yet.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn positions(&self, names: &[fact::Id]) -> Result<Vec<Option<u64>>, Fault> {
        let known = self.0.shared.names();
        let found: Vec<_> = names.iter().map(|name| known.find(name)).collect();
        drop(known);
        let view = self.read();
        let positions = found.into_iter().zip(names).map(|(found, name)| found.position(&view, name));
        Ok(positions.collect::<Result<_, _>>()?)
    }

    /// Notices from behind a sequence number, or from now on.
    ///
    /// # Errors
    /// If the outbox cannot be read.
    pub fn subscribe(&self, after: Option<u64>) -> Result<Subscription, Fault> {
        let live = self.0.shared.notices.subscribe();
        Subscription::new(self.0.rooms.clone(), live, after)
    }

    /// One entry of the record by its number, as it stands in the file, without the line's end.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn record(&self, sequence: u64) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.records(sequence)?.next().transpose()?.map(|(_, line)| line))
    }

    /// The committed entries of the record from a number on.
    ///
    /// # Errors
    /// If the record cannot be read; later faults come out of the iterator.
    pub fn records(&self, from: u64) -> Result<Lines, Fault> {
        let view = self.read();
        let entries = Books::of(&view)?.records;
        Lines::from(&view, &self.0.dir.join("record"), from, entries)
    }

    /// The applied entries of the log from a position on.
    ///
    /// # Errors
    /// If the journal cannot be read; later faults come out of the iterator.
    pub fn entries(&self, from: u64) -> Result<impl Iterator<Item = Result<(At, Body), Fault>> + Send, Fault> {
        let end = self.0.shared.progress().applied;
        let until = move |entry: &Result<(At, Body), Fault>| !matches!(entry, Ok((at, _)) if at.position >= end);
        Ok(history::entries(&self.0.dir, from)?.take_while(until))
    }

    /// One dead letter with its sealed bytes.
    ///
    /// # Errors
    /// If state or journal cannot be read.
    pub fn dead_letter(&self, dead: DeadId) -> Result<Option<DeadLetter>, Fault> {
        let Some(head) = books::dead_head(&self.read(), dead)? else { return Ok(None) };
        match history::entries(&self.0.dir, head.position)?.next().transpose()? {
            Some((_, Body::Refused(letter))) => Ok(Some(letter)),
            _ => Err(StateFault(format!("entry {} is not the dead letter it should be", head.position)).into()),
        }
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// The keys of the data directory.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Why the house stopped taking in and applying, if it did.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.0.shared.halted()
    }

    /// Tells `meter` from now on what the house measures. It is called on the house's own threads, and must not wait.
    /// A second meter is not taken.
    pub fn meter(&self, meter: impl Fn(&Measured<'_>) + Send + Sync + 'static) {
        let _ = self.0.shared.meter.set(Box::new(meter));
    }

    /// Tells the meter, if there is one.
    pub(crate) fn measured(&self, measured: &Measured<'_>) {
        self.0.shared.measured(measured);
    }

    /// Durable entries that are not applied yet.
    #[must_use]
    pub fn lag(&self) -> u64 {
        let applied = self.0.shared.progress().applied;
        self.0.shared.appended.load(Ordering::Acquire).saturating_sub(applied)
    }

    /// Whether households are still to be looked at that a day or a bundle touches.
    #[must_use]
    pub fn pending(&self) -> bool {
        self.0.shared.progress().pending
    }

    /// How many days lay between the last entry and the clock when the house was opened; each of them is played.
    #[must_use]
    pub fn idle_days(&self) -> i32 {
        self.0.idle_days
    }

    /// Sizes and counts as of now.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn stats(&self) -> Result<Stats, Fault> {
        let shared = &self.0.shared;
        let progress = shared.progress();
        let appended = shared.appended.load(Ordering::Acquire).max(progress.applied);
        Ok(Stats {
            books: Books::of(&self.read())?,
            appended,
            lag: appended - progress.applied,
            pending: progress.pending,
            duplicates: shared.duplicates.load(Ordering::Relaxed),
            appends: shared.appends.load(Ordering::Relaxed),
            replayed: self.0.replayed,
            torn: self.0.torn.clone(),
            journal_bytes: journal::bytes(&self.0.dir.join("journal"))?,
            state_bytes: self.0.rooms.bytes()?,
            fault: progress.fault,
        })
    }

    /// Takes in nothing more, applies what is durable, and writes everything to disk. Blocks until done.
    ///
    /// # Errors
    /// If the state cannot be written; the journal has everything.
    pub fn shutdown(&self) -> Result<(), Fault> {
        self.0.close();
        self.0.rooms.flush()
    }

    async fn send(
        &self,
        entries: Vec<Prepared>,
        reply: Option<oneshot::Sender<Reply>>,
    ) -> Result<oneshot::Receiver<Result<Vec<Placed>, Fault>>, Fault> {
        let (placed, answer) = oneshot::channel();
        let queue = self.0.queue()?;
        queue.send(Submission { entries, placed, reply }).await.map_err(|_| self.stopped())?;
        Ok(answer)
    }

    fn send_blocking(
        &self,
        entries: Vec<Prepared>,
        reply: Option<oneshot::Sender<Reply>>,
    ) -> Result<oneshot::Receiver<Result<Vec<Placed>, Fault>>, Fault> {
        let (placed, answer) = oneshot::channel();
        let queue = self.0.queue()?;
        queue.blocking_send(Submission { entries, placed, reply }).map_err(|_| self.stopped())?;
        Ok(answer)
    }

    fn stopped(&self) -> Fault {
        self.fault().unwrap_or_else(Fault::closed)
    }
}

impl Inner {
    fn queue(&self) -> Result<mpsc::Sender<Submission>, Fault> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.clone().ok_or_else(|| self.shared.halted().unwrap_or_else(Fault::closed))
    }

    /// Ends the threads after they have done what was handed in. A second time it does nothing.
    fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // The engine catches what unwinds; the sequencer does not panic.
            let _ = thread.join();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

/// Encodes bodies, in portions of one submission each. What staff wrote is sealed here, and only here.
fn prepare(vault: &Vault, bodies: Vec<Body>) -> Result<Vec<Vec<Prepared>>, Fault> {
    let mut portions = Vec::new();
    let mut portion = Vec::with_capacity(bodies.len().min(SUBMISSION));
    for mut body in bodies {
        if let Body::Move(request) = &mut body {
            vault.seal_move(request);
        }
        if matches!(body, Body::Started { .. } | Body::Tick { .. } | Body::Sweep { .. }) {
            return Err(Fault::defect("only the house writes this entry"));
        }
        let payload = entry::payload(&body)?;
        if payload.len() > MAX_PAYLOAD {
            return Err(Fault::too_large(payload.len(), MAX_PAYLOAD));
        }
        portion.push(Prepared { payload, body });
        if portion.len() == SUBMISSION {
            portions.push(std::mem::take(&mut portion));
        }
    }
    if !portion.is_empty() {
        portions.push(portion);
    }
    Ok(portions)
}

/// What must not even reach the journal: a move whose texts hold an ID number.
fn refused_unread(body: &Body) -> Option<doudi_model::Problem> {
    match body {
        Body::Move(request) => doudi_routing::moves::check_texts(request).err(),
        _ => None,
    }
}
