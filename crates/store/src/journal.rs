//! The journal: an append-only log in segment files, durable before anyone is told.
//!
//! Kept crates were looked at first. `commitlog` 0.2 never syncs a segment to disk and panics when an index
//! file is missing; `okaywal` reuses its segments after checkpoints and calls its format unstable;
//! `raft-engine` is keyed by raft group and purges. None keeps everything for ever and tells a torn tail
//! from a damaged middle, which an auditable log must.
//!
//! # File format, version 1
//!
//! All numbers are little-endian. A folder holds segments named by their first position in 20 digits,
//! `00000000000000000000.log`. A segment is never changed once the next one exists.
//!
//! | bytes | segment header |
//! |---|---|
//! | 0–7 | `doudi-jl` |
//! | 8–11 | format version, 1 |
//! | 12–19 | position of the first record; equals the file name |
//! | 20–23 | CRC32C of bytes 0–19 |
//!
//! | bytes | record |
//! |---|---|
//! | 0–3 | length of the payload, 1 to 64 MiB |
//! | 4–7 | CRC32C of bytes 0–3 and of all bytes from 8 on |
//! | 8–15 | position, counted from 0 without gaps |
//! | 16–19 | how many records of the same append come before this one |
//! | 20 | version of the payload's form |
//! | 21… | the rest of the payload |
//!
//! One append is one write and one `fdatasync`; it is acknowledged after both. A new segment is written
//! under a temporary name, synced, renamed, and its folder synced, before it takes a record.
//!
//! # What is found at start
//!
//! The last segment is read whole. Its first unreadable record is a *torn tail* if no readable record of a
//! later append follows: that append was never acknowledged, so it is cut off and reported. If one follows,
//! an acknowledged record is *damaged*, which is a fault that names file and byte, and nothing is cut.
//! Damage inside the very last append looks like a torn one; what the state has seen already is known to have been
//! acknowledged and is never cut. Whatever is cut is kept beside the segments as `torn-<position>-<byte>`. Earlier segments are checked whenever they are read.

mod segment;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{Device, Disk, sync_dir};
use crate::fault::Fault;
use crate::log::{Log, Payloads};
use segment::{Found, SEGMENT_HEADER, Segment};

pub use segment::MAX_PAYLOAD;

/// A segment is closed once it has this many bytes.
const SEGMENT_BYTES: u64 = 64 << 20;

/// What was cut off the end of the journal or of the record file at start: bytes that were never acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torn {
    /// The file that was cut.
    pub file: PathBuf,
    /// The position or sequence number that the cut entry would have had.
    pub position: u64,
    /// The file's length now.
    pub offset: u64,
    /// How many bytes were cut off.
    pub bytes: u64,
}

/// The journal of one data directory, open for appending.
pub struct Journal {
    dir: PathBuf,
    /// First position and path of each segment; the last one takes appends.
    segments: Vec<(u64, PathBuf)>,
    file: File,
    /// Durable bytes of the last segment.
    length: u64,
    next: u64,
    buffer: Vec<u8>,
    device: Box<dyn Device>,
    segment_bytes: u64,
    /// Set when a failed append could not be undone: nothing more is written until the next start.
    broken: Option<Fault>,
}

impl Journal {
    /// Opens the journal in a folder, makes it if it is not there, and cuts a torn tail.
    ///
    /// # Errors
    /// If the folder cannot be used, or an acknowledged record of the last segment is damaged.
    pub fn open(dir: &Path) -> Result<(Journal, Option<Torn>), Fault> {
        Journal::open_with(dir, Box::new(Disk), SEGMENT_BYTES, 0)
    }

    /// As [`Journal::open`], where everything before position `known` is known to have been acknowledged: if that
    /// cannot be read any more it is damage, whatever follows it, and nothing is cut.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open_knowing(dir: &Path, known: u64) -> Result<(Journal, Option<Torn>), Fault> {
        Journal::open_with(dir, Box::new(Disk), SEGMENT_BYTES, known)
    }

    pub(crate) fn open_with(
        dir: &Path,
        mut device: Box<dyn Device>,
        segment_bytes: u64,
        known: u64,
    ) -> Result<(Journal, Option<Torn>), Fault> {
        fs::create_dir_all(dir).map_err(|error| Fault::io(dir, &error))?;
        let mut segments = list(dir)?;
        if segments.is_empty() {
            segments.push((0, create(dir, 0, &mut *device)?));
        }
        let (first, path) = segments.last().cloned().unwrap_or_default();
        let found = segment::examine(&path, first, known)?;
        let file = OpenOptions::new().append(true).open(&path).map_err(|error| Fault::io(&path, &error))?;
        let torn = found.torn(&path);
        if let Some(torn) = &torn {
            set_aside(dir, &path, torn)?;
            let cut = device.cut(&file, found.length).and_then(|()| file.sync_all());
            cut.map_err(|error| Fault::io(&path, &error))?;
        }
        let Found { length, next, .. } = found;
        let dir = dir.to_owned();
        let buffer = Vec::new();
        Ok((Journal { dir, segments, file, length, next, buffer, device, segment_bytes, broken: None }, torn))
    }

    /// Closes the last segment and opens the next.
    fn roll(&mut self) -> Result<(), Fault> {
        let path = create(&self.dir, self.next, &mut *self.device)?;
        self.file = OpenOptions::new().append(true).open(&path).map_err(|error| Fault::io(&path, &error))?;
        self.segments.push((self.next, path));
        self.length = SEGMENT_HEADER;
        Ok(())
    }

    /// Undoes a failed append, so that the next one begins where the last good one ended.
    fn retract(&mut self, error: &io::Error) -> Fault {
        let path = self.segments.last().map(|(_, path)| path.clone()).unwrap_or_default();
        let fault = Fault::io(&path, error);
        let undone = self.device.cut(&self.file, self.length).and_then(|()| self.device.sync(&self.file));
        if let Err(second) = undone {
            tracing::error!(%fault, %second, "a failed append could not be undone; the journal stays closed");
            self.broken = Some(fault.clone());
        }
        fault
    }
}

impl Log for Journal {
    fn append(&mut self, batch: &[&[u8]]) -> Result<u64, Fault> {
        if let Some(fault) = &self.broken {
            return Err(fault.clone());
        }
        let first = self.next;
        if batch.is_empty() {
            return Ok(first);
        }
        self.buffer.clear();
        for (index, payload) in (0_u32..).zip(batch) {
            segment::write_record(&mut self.buffer, first + u64::from(index), index, payload)?;
        }
        if self.length >= self.segment_bytes {
            self.roll()?;
        }
        let written = self.device.write(&mut self.file, &self.buffer).and_then(|()| self.device.sync(&self.file));
        if let Err(error) = written {
            return Err(self.retract(&error));
        }
        self.length += self.buffer.len() as u64;
        self.next += batch.len() as u64;
        // A rare huge append must not hold its memory for ever.
        self.buffer.shrink_to(8 << 20);
        Ok(first)
    }

    fn read(&self, from: u64) -> Result<Payloads, Fault> {
        Ok(Box::new(Reader::new(self.segments.clone(), from, Some(self.next))?))
    }

    fn end(&self) -> u64 {
        self.next
    }
}

/// Reads a journal without owning it: what is durable now, also while another thread or process appends.
///
/// # Errors
/// If the folder cannot be read or does not keep the position.
pub fn read(dir: &Path, from: u64) -> Result<Payloads, Fault> {
    Ok(Box::new(Reader::new(list(dir)?, from, None)?))
}

/// Reads every record of a folder and changes nothing; how many there are. What comes before position `known` was
/// acknowledged and must be there; an unfinished append after it is passed over, as the next start cuts it off.
pub(crate) fn check(dir: &Path, known: u64) -> Result<u64, Fault> {
    let segments = list(dir)?;
    let Some((first, path)) = segments.last().cloned() else { return Ok(0) };
    Reader::new(segments, 0, Some(first))?.try_for_each(|entry| entry.map(drop))?;
    Ok(segment::examine(&path, first, known)?.next)
}

/// Bytes of all segments of a folder.
///
/// # Errors
/// If they cannot be looked at.
pub fn bytes(dir: &Path) -> Result<u64, Fault> {
    list(dir)?.iter().try_fold(0_u64, |sum, (_, path)| {
        let meta = fs::metadata(path).map_err(|error| Fault::io(path, &error))?;
        Ok(sum.saturating_add(meta.len()))
    })
}

/// Whether a folder holds a journal with at least one record.
#[must_use]
pub fn has_entries(dir: &Path) -> bool {
    let Ok(segments) = list(dir) else { return false };
    segments.len() > 1
        || segments.iter().any(|(_, path)| fs::metadata(path).is_ok_and(|meta| meta.len() > SEGMENT_HEADER))
}

/// Goes through the segments one record at a time.
struct Reader {
    segments: std::vec::IntoIter<(u64, PathBuf)>,
    open: Option<Segment>,
    next: u64,
    /// First position not to read; without it, reading ends quietly at the end of the last segment.
    end: Option<u64>,
    failed: bool,
}

impl Reader {
    fn new(mut segments: Vec<(u64, PathBuf)>, from: u64, end: Option<u64>) -> Result<Reader, Fault> {
        let skip = segments.partition_point(|(first, _)| *first <= from).checked_sub(1);
        let Some(skip) = skip else {
            if segments.is_empty() && from == 0 {
                return Ok(Reader { segments: segments.into_iter(), open: None, next: 0, end, failed: false });
            }
            return Err(Fault::journal_gap(segments.first().map(|(_, path)| path.as_path()), from));
        };
        let next = segments.get(skip).map_or(from, |(first, _)| *first);
        let segments = segments.split_off(skip).into_iter();
        let mut reader = Reader { segments, open: None, next, end, failed: false };
        // Records carry their position, so those before the wanted one are passed over by reading them.
        while reader.next < from {
            match reader.step() {
                Some(Ok(_)) => {}
                Some(Err(fault)) => return Err(fault),
                None => break,
            }
        }
        Ok(reader)
    }

    fn step(&mut self) -> Option<Result<(u64, Vec<u8>), Fault>> {
        if self.failed || self.end.is_some_and(|end| self.next >= end) {
            return None;
        }
        let read = self.read();
        self.failed = read.is_err();
        read.transpose()
    }

    fn read(&mut self) -> Result<Option<(u64, Vec<u8>)>, Fault> {
        loop {
            let Some(segment) = &mut self.open else {
                let Some((first, path)) = self.segments.next() else {
                    return match self.end {
                        Some(_) => Err(Fault::journal_gap(None, self.next)),
                        None => Ok(None),
                    };
                };
                if first != self.next {
                    return Err(Fault::journal_gap(Some(&path), self.next));
                }
                self.open = Some(Segment::open(&path, first)?);
                continue;
            };
            match segment.next_record()? {
                segment::Next::Record { position, payload } => {
                    self.next = position + 1;
                    return Ok(Some((position, payload)));
                }
                segment::Next::End => self.open = None,
                // Without a fixed end, an unfinished append at the very end is not there yet.
                segment::Next::Bad(_) if self.end.is_none() && self.segments.len() == 0 => return Ok(None),
                segment::Next::Bad(why) => return Err(segment.damaged(why)),
            }
        }
    }
}

impl Iterator for Reader {
    type Item = Result<(u64, Vec<u8>), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step()
    }
}

/// Keeps what is about to be cut: should it have been more than a torn tail, nothing is lost.
fn set_aside(dir: &Path, path: &Path, torn: &Torn) -> Result<(), Fault> {
    let aside = dir.join(format!("torn-{:020}-{}", torn.position, torn.offset));
    let copy = || -> io::Result<()> {
        let mut from = File::open(path)?;
        io::Seek::seek(&mut from, io::SeekFrom::Start(torn.offset))?;
        let mut to = File::create(&aside)?;
        io::copy(&mut from, &mut to)?;
        to.sync_all()
    };
    copy().map_err(|error| Fault::io(&aside, &error))
}

/// All segments of a folder in order. Left-over temporary files are not segments.
fn list(dir: &Path) -> Result<Vec<(u64, PathBuf)>, Fault> {
    let mut segments = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| Fault::io(dir, &error))? {
        let path = entry.map_err(|error| Fault::io(dir, &error))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".log"));
        if let Some(first) = name.filter(|name| name.len() == 20).and_then(|name| name.parse().ok()) {
            segments.push((first, path));
        }
    }
    segments.sort();
    Ok(segments)
}

/// Makes a segment durable under its name.
fn create(dir: &Path, first: u64, device: &mut dyn Device) -> Result<PathBuf, Fault> {
    let path = dir.join(format!("{first:020}.log"));
    let temporary = path.with_extension("tmp");
    let made = File::create(&temporary)
        .and_then(|mut file| {
            device.write(&mut file, &segment::header(first))?;
            device.sync(&file)
        })
        .and_then(|()| fs::rename(&temporary, &path))
        .and_then(|()| sync_dir(dir));
    match made {
        Ok(()) => Ok(path),
        Err(error) => {
            let _ = fs::remove_file(&temporary);
            Err(Fault::io(&path, &error))
        }
    }
}
