//! What the house's threads and its callers share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{broadcast, watch};

use super::meter::{Measured, Meter};
use crate::fault::Fault;
use crate::names::Names;
use crate::outbox::Sent;

/// Notices that wait for a watcher before the watcher has to catch up from the outbox.
const LIVE_NOTICES: usize = 4096;

/// How far entries have been applied.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress {
    /// Positions below this one are applied and committed.
    pub(crate) applied: u64,
    /// Whether what is applied has left households to look at.
    pub(crate) pending: bool,
    /// Why nothing more will be applied, if so.
    pub(crate) fault: Option<Fault>,
}

impl Progress {
    fn reached(&self, position: u64) -> Option<Result<(), Fault>> {
        match &self.fault {
            _ if self.applied > position => Some(Ok(())),
            Some(fault) => Some(Err(fault.clone())),
            None => None,
        }
    }
}

pub(crate) struct Shared {
    names: Mutex<Names>,
    progress: Mutex<Progress>,
    moved: Condvar,
    told: watch::Sender<Progress>,
    pub(crate) notices: broadcast::Sender<Sent>,
    /// Who counts what is measured, if anyone does.
    pub(crate) meter: OnceLock<Meter>,
    /// Whether the engine asks for a sweep that is not in the log yet.
    pub(crate) sweep: AtomicBool,
    /// Durable entries: the position that the next one gets.
    pub(crate) appended: AtomicU64,
    /// Events that were admitted before and not journaled again.
    pub(crate) duplicates: AtomicU64,
    /// Appends to the journal, each one write and one sync.
    pub(crate) appends: AtomicU64,
}

impl Shared {
    pub(crate) fn new(applied: u64) -> Shared {
        let progress = Progress { applied, pending: false, fault: None };
        Shared {
            names: Mutex::default(),
            told: watch::Sender::new(progress.clone()),
            progress: Mutex::new(progress),
            moved: Condvar::new(),
            notices: broadcast::Sender::new(LIVE_NOTICES),
            meter: OnceLock::new(),
            sweep: AtomicBool::new(false),
            appended: AtomicU64::new(applied),
            duplicates: AtomicU64::new(0),
            appends: AtomicU64::new(0),
        }
    }

    /// The names of all durable events.
    pub(crate) fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn progress(&self) -> Progress {
        self.lock().clone()
    }

    /// Tells everyone that positions below `applied` are committed, and whether households are left to look at.
    pub(crate) fn advance(&self, applied: u64, pending: bool) {
        self.change(|progress| (progress.applied, progress.pending) = (applied, pending));
    }

    /// Tells everyone that nothing more will be applied. The first fault stays.
    pub(crate) fn halt(&self, fault: &Fault) {
        self.change(|progress| {
            progress.fault.get_or_insert_with(|| fault.clone());
        });
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) {
        let mut progress = self.lock();
        change(&mut progress);
        self.told.send_replace(progress.clone());
        drop(progress);
        self.moved.notify_all();
    }

    /// Why the house has stopped, if it has.
    pub(crate) fn halted(&self) -> Option<Fault> {
        self.lock().fault.clone()
    }

    pub(crate) async fn wait(&self, position: u64) -> Result<(), Fault> {
        let mut told = self.told.subscribe();
        loop {
            if let Some(result) = told.borrow_and_update().reached(position) {
                return result;
            }
            if told.changed().await.is_err() {
                return Err(Fault::closed());
            }
        }
    }

    pub(crate) fn wait_blocking(&self, position: u64) -> Result<(), Fault> {
        let mut progress = self.lock();
        loop {
            if let Some(result) = progress.reached(position) {
                return result;
            }
            progress = self.moved.wait(progress).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn measured(&self, measured: &Measured<'_>) {
        if let Some(meter) = self.meter.get() {
            meter(measured);
        }
    }

    /// Whether everything durable is applied and nobody is left to look at, by the end of some time.
    pub(crate) fn settled_within(&self, time: std::time::Duration) -> Result<bool, Fault> {
        let busy = |progress: &mut Progress| {
            let behind = progress.applied < self.appended.load(Ordering::Acquire);
            progress.fault.is_none() && (progress.pending || behind)
        };
        let waited = self.moved.wait_timeout_while(self.lock(), time, busy);
        let (progress, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        match &progress.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(!timeout.timed_out()),
        }
    }

    pub(crate) fn count(counter: &AtomicU64, by: u64) {
        counter.fetch_add(by, Ordering::Relaxed);
    }
}
