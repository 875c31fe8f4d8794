//! Opening a data directory, and making its state anew.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use doudi_model::Digest;
use tokio::sync::mpsc;

use super::apply::Applier;
use super::engine;
use super::sequence::{Prepared, Sequencer};
use super::shared::Shared;
use super::{House, Inner};
use crate::books::Books;
use crate::clock::{Clock, Steady};
use crate::disk::sync_dir;
use crate::entry::{self, Body};
use crate::fault::Fault;
use crate::journal::{self, Journal, Torn};
use crate::keys::{Keys, make_private_dir};
use crate::lock::Lock;
use crate::log::Log;
use crate::machine::Machine;
use crate::names::Names;
use crate::record::Record;
use crate::state::Rooms;

/// Submissions that may wait for the sequencer before callers wait themselves.
const WAITING: usize = 64;
/// Appends that may wait for the engine before the sequencer waits: what may be durable and not applied.
const AHEAD: usize = 2;

/// How to open a house.
#[derive(Clone)]
pub struct Options {
    /// The data directory; made if it is not there.
    pub dir: PathBuf,
    /// The bundle that is to decide from now on; see [`crate::bundles::keep`].
    pub bundle: Digest,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// Bytes of disk that the journal leaves free for state and record.
    pub reserve_bytes: u64,
    /// Days without an entry after which the clock is held to be wrong.
    pub max_idle_days: i32,
}

impl Options {
    /// The usual options.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, bundle: Digest, clock: Arc<dyn Clock>) -> Options {
        Options { dir: dir.into(), bundle, clock, reserve_bytes: 64 << 20, max_idle_days: 400 }
    }
}

impl House {
    /// Opens a data directory, applies the journal's tail to the state, and is ready.
    ///
    /// # Errors
    /// If another process has the directory, the disk fails, or what stands there is damaged.
    pub fn open(options: &Options, machine: impl Machine + 'static) -> Result<House, Fault> {
        let dir = &options.dir;
        make_private_dir(dir)?;
        let lock = Lock::take(dir)?;
        let keys = Keys::open(dir)?;
        clear_leftovers(dir)?;
        let rooms = Rooms::open(&dir.join("state"))?;
        let (log, cut) = Journal::open_knowing(&dir.join("journal"), Books::of(&rooms.view())?.next)?;
        let (mut applier, cut_record) = applier(dir, &rooms, Box::new(machine))?;
        let torn: Vec<Torn> = cut.into_iter().chain(cut_record).collect();
        for torn in &torn {
            tracing::warn!(file = %torn.file.display(), position = torn.position, bytes = torn.bytes,
                "an unfinished entry at the end was cut off; it had not been acknowledged");
        }
        applier.recall(&log)?;
        let replayed = catch_up(&mut applier, &log)?;
        let shared = Arc::new(Shared::new(applier.books().next));
        let (to_engine, from_sequencer) = std::sync::mpsc::sync_channel(AHEAD);
        let idle_days = applier.books().last.map_or(0, |last| options.clock.now().day().days_since(last.day()));
        let mut sequencer = Sequencer {
            log: Box::new(log),
            steady: Steady::new(options.clock.clone(), applier.books().last, options.max_idle_days),
            seen: rooms.view(),
            shared: shared.clone(),
            engine: to_engine,
            dir: dir.clone(),
            reserve: options.reserve_bytes,
        };
        begin(&mut sequencer, &mut applier, options.bundle)?;
        *shared.names() = Names::load(&rooms.view(), applier.loose_names())?;
        shared.advance(applier.books().next, applier.pending()?);
        let (queue, submissions) = mpsc::channel(WAITING);
        let (engine_shared, to_sequencer) = (shared.clone(), queue.downgrade());
        let threads = vec![
            spawn("doudi-sequencer", move || sequencer.run(submissions))?,
            spawn("doudi-engine", move || engine::run(applier, &from_sequencer, &engine_shared, to_sequencer))?,
        ];
        let (queue, threads, dir) = (Mutex::new(Some(queue)), Mutex::new(threads), dir.clone());
        Ok(House(Arc::new(Inner { dir, rooms, shared, queue, threads, keys, torn, replayed, idle_days, _lock: lock })))
    }
}

fn applier(dir: &Path, rooms: &Rooms, machine: Box<dyn Machine>) -> Result<(Applier, Option<Torn>), Fault> {
    let view = rooms.working_view();
    let books = Books::of(&view)?;
    let (record, torn) = Record::open(&dir.join("record"), books.records, books.record_bytes)?;
    Ok((Applier::new(view, record, machine)?, torn))
}

fn catch_up(applier: &mut Applier, log: &Journal) -> Result<u64, Fault> {
    let next = applier.books().next;
    if next > log.end() {
        return Err(Fault::journal_short(next, log.end()));
    }
    let count = applier.replay(log.read(next)?)?;
    applier.caught_up()?;
    Ok(count)
}

/// Lets due days pass and notes the bundle that decides from now on.
fn begin(sequencer: &mut Sequencer, applier: &mut Applier, bundle: Digest) -> Result<(), Fault> {
    let body = Body::Started { bundle };
    let mut entries = Vec::new();
    if applier.books().bundle != Some(bundle) {
        entries.push(Prepared { payload: entry::payload(&body)?, body });
    }
    let (_, queued) = sequencer.append(vec![(entries, None)])?;
    for mut entry in queued {
        applier.apply(entry.at, &mut entry.body)?;
    }
    applier.commit()?;
    Ok(())
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<thread::JoinHandle<()>, Fault> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map_err(|error| Fault::io(Path::new(name), &error))
}

/// Makes the state of a data directory anew from its journal alone, and puts it in the place of the old one.
/// The record is compared, and completed if it lacks its end. Returns how many entries were applied.
///
/// # Errors
/// If another process has the directory, the journal is damaged, or the record comes out differently. The
/// old state stays where it is then.
pub fn rebuild(dir: &Path, machine: impl Machine + 'static) -> Result<u64, Fault> {
    let _lock = Lock::take(dir)?;
    let (log, _) = Journal::open(&dir.join("journal"))?;
    clear_leftovers(dir)?;
    let (new, state, old) = (dir.join("state.new"), dir.join("state"), dir.join("state.old"));
    let (record, _) = Record::open(&dir.join("record"), 0, 0)?;
    let rooms = Rooms::open(&new)?;
    let mut applier = Applier::new(rooms.working_view(), record, Box::new(machine))?;
    let count = catch_up(&mut applier, &log)?;
    rooms.flush()?;
    drop((applier, rooms));
    // If this stops half-way, there is no state, and the next start makes it from the journal.
    let swapped = if state.exists() { fs::rename(&state, &old) } else { Ok(()) }
        .and_then(|()| fs::rename(&new, &state))
        .and_then(|()| sync_dir(dir));
    swapped.map_err(|error| Fault::io(&state, &error))?;
    clear_leftovers(dir)?;
    Ok(count)
}

/// Makes the state of the first `entries` entries in another folder, and only compares the record. The house may
/// be at work meanwhile.
///
/// # Errors
/// If the journal is damaged, or the record comes out differently.
pub fn rebuild_aside(dir: &Path, into: &Path, entries: u64, machine: impl Machine + 'static) -> Result<Rooms, Fault> {
    let rooms = Rooms::open(into)?;
    let mut applier = Applier::new(rooms.working_view(), Record::compare(&dir.join("record"))?, Box::new(machine))?;
    let until = move |payload: &Result<(u64, Vec<u8>), Fault>| !matches!(payload, Ok((at, _)) if *at >= entries);
    applier.replay(journal::read(&dir.join("journal"), 0)?.take_while(until))?;
    Ok(rooms)
}

/// Removes what an interrupted rebuild left.
fn clear_leftovers(dir: &Path) -> Result<(), Fault> {
    for name in ["state.new", "state.old"] {
        let path = dir.join(name);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Fault::io(&path, &error)),
            _ => {}
        }
    }
    Ok(())
}
