//! The thread that decides the order of entries and makes them durable, many waiting submissions at a time.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

use doudi_model::stage::At;
use doudi_model::{Instant, fact};
use tokio::sync::{mpsc, oneshot};

use super::engine::Queued;
use super::meter::Measured;
use super::shared::Shared;
use crate::clock::Steady;
use crate::entry::{self, Body};
use crate::fault::Fault;
use crate::log::Log;
use crate::machine::Reply;
use crate::state::View;

/// Entries and bytes in one append; more wait for the next. What is durable and not applied yet is some groups, and a
/// start after a crash applies it before it is ready.
const GROUP: usize = 1024;
const GROUP_BYTES: usize = 8 << 20;

/// Households in one sweep, so many that a commit is worth it, so few that an alert hardly waits.
const SWEEP: u32 = 128;

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Its position in the log; for an event that was admitted before, the earlier position.
    pub position: u64,
    /// False for an event that was admitted before.
    pub fresh: bool,
}

/// A body, encoded in its caller's thread.
pub(crate) struct Prepared {
    pub(crate) payload: Vec<u8>,
    pub(crate) body: Body,
}

/// What one caller hands in. Without entries it only lets days pass that are due, and sweeps if that is asked.
pub(crate) struct Submission {
    pub(crate) entries: Vec<Prepared>,
    pub(crate) placed: oneshot::Sender<Result<Vec<Placed>, Fault>>,
    pub(crate) reply: Option<oneshot::Sender<Reply>>,
}

pub(crate) struct Sequencer {
    pub(crate) log: Box<dyn Log>,
    pub(crate) steady: Steady,
    pub(crate) seen: View,
    pub(crate) shared: Arc<Shared>,
    pub(crate) engine: SyncSender<Vec<Queued>>,
    pub(crate) dir: PathBuf,
    /// Room that the journal leaves on the disk for state and record.
    pub(crate) reserve: u64,
}

/// The entries of one append, in order.
#[derive(Default)]
struct Group {
    payloads: Vec<Vec<u8>>,
    queued: Vec<Queued>,
    names: BTreeMap<fact::Id, u64>,
    duplicates: u64,
}

impl Group {
    fn push(&mut self, at: At, mut payload: Vec<u8>, body: Body, reply: Option<oneshot::Sender<Reply>>) {
        entry::set_instant(&mut payload, at.instant);
        self.payloads.push(payload);
        self.queued.push(Queued { at, body, reply });
    }
}

impl Sequencer {
    /// Takes submissions until no caller is left.
    pub(crate) fn run(mut self, mut queue: mpsc::Receiver<Submission>) {
        while let Some(first) = queue.blocking_recv() {
            let mut size = weight(&first);
            let mut submissions = vec![first];
            while size.0 < GROUP
                && size.1 < GROUP_BYTES
                && let Ok(next) = queue.try_recv()
            {
                let more = weight(&next);
                size = (size.0 + more.0, size.1 + more.1);
                submissions.push(next);
            }
            self.take(submissions);
        }
    }

    fn take(&mut self, submissions: Vec<Submission>) {
        let mut askers = Vec::with_capacity(submissions.len());
        let mut work = Vec::with_capacity(submissions.len());
        for submission in submissions {
            askers.push(submission.placed);
            work.push((submission.entries, submission.reply));
        }
        match self.append(work) {
            Ok((places, queued)) => {
                for (asker, placed) in askers.into_iter().zip(places) {
                    // Whoever asked may have gone; the entries are durable all the same.
                    let _ = asker.send(Ok(placed));
                }
                // The engine outlives the sequencer; if it halted it still takes what comes.
                let _ = if queued.is_empty() { Ok(()) } else { self.engine.send(queued) };
            }
            Err(fault) => askers.into_iter().for_each(|asker| {
                let _ = asker.send(Err(fault.clone()));
            }),
        }
    }

    /// Makes everything durable as one append.
    pub(super) fn append(
        &mut self,
        work: Vec<(Vec<Prepared>, Option<oneshot::Sender<Reply>>)>,
    ) -> Result<(Vec<Vec<Placed>>, Vec<Queued>), Fault> {
        if let Some(fault) = self.shared.halted() {
            return Err(fault);
        }
        let now = self.steady.now()?;
        let mut group = Group::default();
        self.pass_days(now, &mut group)?;
        let mut places = Vec::with_capacity(work.len());
        for (entries, mut reply) in work {
            let mut placed = Vec::with_capacity(entries.len());
            for prepared in entries {
                placed.push(self.place(now, prepared, &mut reply, &mut group)?);
            }
            places.push(placed);
        }
        Shared::count(&self.shared.duplicates, group.duplicates);
        let swept = self.shared.sweep.swap(false, Ordering::AcqRel);
        if swept {
            let body = Body::Sweep { households: SWEEP };
            let position = self.log.end() + group.payloads.len() as u64;
            group.push(At { position, instant: now }, entry::payload(&body)?, body, None);
        }
        if group.payloads.is_empty() {
            return Ok((places, Vec::new()));
        }
        let payloads: Vec<&[u8]> = group.payloads.iter().map(Vec::as_slice).collect();
        let began = std::time::Instant::now();
        if let Err(fault) = self.make_room().and_then(|()| self.log.append(&payloads)) {
            // It is still wanted once there is room.
            if swept {
                self.shared.sweep.store(true, Ordering::Release);
            }
            return Err(fault);
        }
        self.shared.measured(&Measured::Appended(began.elapsed()));
        // Before anyone can apply or ask.
        self.shared.names().add(std::mem::take(&mut group.names));
        self.shared.appended.store(self.log.end(), Ordering::Release);
        Shared::count(&self.shared.appends, 1);
        self.steady.passed(group.queued.last().map_or(now, |last| last.at.instant));
        Ok((places, group.queued))
    }

    /// A tick for each day that began since the last entry.
    fn pass_days(&self, now: Instant, group: &mut Group) -> Result<(), Fault> {
        let Some(last) = self.steady.last() else { return Ok(()) };
        let mut day = last.day();
        while day < now.day() {
            day = day.plus_days(1);
            let body = Body::Tick { day };
            let at = At { position: self.log.end() + group.payloads.len() as u64, instant: Instant::start_of(day) };
            group.push(at, entry::payload(&body)?, body, None);
        }
        Ok(())
    }

    fn place(
        &self,
        now: Instant,
        prepared: Prepared,
        reply: &mut Option<oneshot::Sender<Reply>>,
        group: &mut Group,
    ) -> Result<Placed, Fault> {
        let position = self.log.end() + group.payloads.len() as u64;
        if let Some(name) = prepared.body.name() {
            if let Some(earlier) = self.earlier(&name, group)? {
                group.duplicates += 1;
                return Ok(Placed { position: earlier, fresh: false });
            }
            group.names.insert(name, position);
        }
        group.push(At { position, instant: now }, prepared.payload, prepared.body, reply.take());
        Ok(Placed { position, fresh: true })
    }

    /// The position of an earlier event of the same name.
    fn earlier(&self, name: &fact::Id, group: &Group) -> Result<Option<u64>, Fault> {
        if let Some(position) = group.names.get(name) {
            return Ok(Some(*position));
        }
        let found = self.shared.names().find(name);
        Ok(found.position(&self.seen, name)?)
    }

    /// Refuses to fill the disk to its last byte, so that state and record can still be written.
    fn make_room(&self) -> Result<(), Fault> {
        match fs4::available_space(&self.dir) {
            Ok(room) if room < self.reserve => Err(Fault::disk_full(&self.dir)),
            // A file system that cannot tell still says so when it is full.
            _ => Ok(()),
        }
    }
}

fn weight(submission: &Submission) -> (usize, usize) {
    (submission.entries.len(), submission.entries.iter().map(|entry| entry.payload.len()).sum())
}
