//! One segment file: writing and reading its records. The format is described in [`super`].

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use super::Torn;
use crate::fault::Fault;

pub(super) const MAGIC: &[u8; 8] = b"doudi-jl";
pub(super) const FORMAT: u32 = 1;
pub(super) const SEGMENT_HEADER: u64 = 24;
pub(super) const RECORD_HEADER: usize = 20;

/// The longest payload, 64 MiB.
pub const MAX_PAYLOAD: usize = 64 << 20;

/// The header of a segment.
pub(super) fn header(first: u64) -> Vec<u8> {
    let mut bytes = Vec::from(MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&first.to_le_bytes());
    let checksum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Adds one record to what will be written.
pub(super) fn write_record(out: &mut Vec<u8>, position: u64, index: u32, payload: &[u8]) -> Result<(), Fault> {
    let length = match u32::try_from(payload.len()) {
        Ok(length) if (1..=MAX_PAYLOAD).contains(&payload.len()) => length.to_le_bytes(),
        _ => return Err(Fault::too_large(payload.len(), MAX_PAYLOAD)),
    };
    let place = place(position, index);
    out.extend_from_slice(&length);
    out.extend_from_slice(&checksum(&length, &place, payload).to_le_bytes());
    out.extend_from_slice(&place);
    out.extend_from_slice(payload);
    Ok(())
}

fn place(position: u64, index: u32) -> [u8; 12] {
    let mut bytes = [0; 12];
    let (front, back) = bytes.split_at_mut(8);
    front.copy_from_slice(&position.to_le_bytes());
    back.copy_from_slice(&index.to_le_bytes());
    bytes
}

fn checksum(length: &[u8], place: &[u8], payload: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c_append(crc32c::crc32c(length), place), payload)
}

/// What comes next in a segment.
pub(super) enum Next {
    /// A whole record.
    Record { position: u64, payload: Vec<u8> },
    /// The file ends where a record would begin.
    End,
    /// Something that is not the record expected here.
    Bad(Why),
}

/// Why bytes are not the expected record, 中文 and English.
pub(super) type Why = (&'static str, &'static str);

const CUT_OFF: Why = ("记录不完整", "the record is cut off");
const LENGTH: Why = ("长度不可能", "its length is impossible");
const CHECKSUM: Why = ("校验和不符", "its checksum does not match");
const POSITION: Why = ("序号不连续", "its position is not the next one");

/// A segment being read.
pub(super) struct Segment {
    reader: BufReader<File>,
    path: PathBuf,
    /// Where the next record begins.
    offset: u64,
    length: u64,
    next: u64,
}

impl Segment {
    /// Opens a segment and checks its header.
    pub(super) fn open(path: &Path, first: u64) -> Result<Segment, Fault> {
        let fault = |error: io::Error| Fault::io(path, &error);
        let file = File::open(path).map_err(fault)?;
        let length = file.metadata().map_err(fault)?.len();
        let mut reader = BufReader::with_capacity(256 << 10, file);
        let mut bytes = [0; SEGMENT_HEADER as usize];
        let whole = read_full(&mut reader, &mut bytes).map_err(fault)?;
        if !whole || bytes.as_slice() != header(first) {
            return Err(Fault::corrupt(path, 0, "段文件头不可读", "the segment header is not readable"));
        }
        Ok(Segment { reader, path: path.to_owned(), offset: SEGMENT_HEADER, length, next: first })
    }

    /// The next record. After [`Next::Bad`] the segment stands where the bad record begins.
    pub(super) fn next_record(&mut self) -> Result<Next, Fault> {
        if self.offset >= self.length {
            return Ok(Next::End);
        }
        let mut head = [0; RECORD_HEADER];
        if !read_full(&mut self.reader, &mut head).map_err(|error| Fault::io(&self.path, &error))? {
            return Ok(Next::Bad(CUT_OFF));
        }
        let head = Head::parse(&head);
        let room = self.length.saturating_sub(self.offset + RECORD_HEADER as u64);
        if !(1..=MAX_PAYLOAD).contains(&head.length) {
            return Ok(Next::Bad(LENGTH));
        }
        if head.length as u64 > room {
            return Ok(Next::Bad(CUT_OFF));
        }
        let mut payload = vec![0; head.length];
        if !read_full(&mut self.reader, &mut payload).map_err(|error| Fault::io(&self.path, &error))? {
            return Ok(Next::Bad(CUT_OFF));
        }
        if !head.fits(&payload) {
            return Ok(Next::Bad(CHECKSUM));
        }
        if head.position != self.next {
            return Ok(Next::Bad(POSITION));
        }
        self.offset += RECORD_HEADER as u64 + head.length as u64;
        self.next += 1;
        Ok(Next::Record { position: head.position, payload })
    }

    /// The fault of a bad record here.
    pub(super) fn damaged(&self, why: Why) -> Fault {
        let zh = format!("第 {} 条{}", self.next, why.0);
        Fault::corrupt(&self.path, self.offset, &zh, &format!("entry {}: {}", self.next, why.1))
    }
}

struct Head {
    length: usize,
    checksum: u32,
    position: u64,
    index: u32,
}

impl Head {
    fn parse(bytes: &[u8; RECORD_HEADER]) -> Head {
        let [l0, l1, l2, l3, c0, c1, c2, c3, p0, p1, p2, p3, p4, p5, p6, p7, i0, i1, i2, i3] = *bytes;
        Head {
            length: u32::from_le_bytes([l0, l1, l2, l3]) as usize,
            checksum: u32::from_le_bytes([c0, c1, c2, c3]),
            position: u64::from_le_bytes([p0, p1, p2, p3, p4, p5, p6, p7]),
            index: u32::from_le_bytes([i0, i1, i2, i3]),
        }
    }

    fn fits(&self, payload: &[u8]) -> bool {
        let length = u32::try_from(self.length).unwrap_or(0).to_le_bytes();
        checksum(&length, &place(self.position, self.index), payload) == self.checksum
    }
}

/// Fills the buffer; false if the file ends before.
fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// What the last segment holds.
pub(super) struct Found {
    /// Bytes up to the end of the last good record.
    pub(super) length: u64,
    /// The position after it.
    pub(super) next: u64,
    /// Bytes after it, torn.
    pub(super) rest: u64,
}

impl Found {
    pub(super) fn torn(&self, path: &Path) -> Option<Torn> {
        let torn = Torn { file: path.to_owned(), position: self.next, offset: self.length, bytes: self.rest };
        (self.rest > 0).then_some(torn)
    }
}

/// Reads the last segment whole and tells a torn tail from damage.
pub(super) fn examine(path: &Path, first: u64, known: u64) -> Result<Found, Fault> {
    let mut segment = Segment::open(path, first)?;
    let why = loop {
        match segment.next_record()? {
            Next::Record { .. } => {}
            Next::End => return Ok(Found { length: segment.offset, next: segment.next, rest: 0 }),
            Next::Bad(why) => break why,
        }
    };
    if segment.next < known || later_append_follows(path, segment.offset, segment.next)? {
        return Err(segment.damaged(why));
    }
    Ok(Found { length: segment.offset, next: segment.next, rest: segment.length - segment.offset })
}

/// Whether a readable record whose append began after `position` stands anywhere behind `offset`.
///
/// INVARIANT: an append is written only after the one before it is durable, so such a record proves that
/// the one at `position` had been acknowledged.
fn later_append_follows(path: &Path, offset: u64, position: u64) -> Result<bool, Fault> {
    let fault = |error: io::Error| Fault::io(path, &error);
    let mut file = File::open(path).map_err(fault)?;
    io::Seek::seek(&mut file, io::SeekFrom::Start(offset)).map_err(fault)?;
    // At most one segment and one append, and only after a crash.
    let mut rest = Vec::new();
    file.read_to_end(&mut rest).map_err(fault)?;
    let mut tail = rest.as_slice();
    while let Some((_, shorter)) = tail.split_first() {
        tail = shorter;
        let Some((bytes, behind)) = tail.split_first_chunk::<RECORD_HEADER>() else { break };
        let head = Head::parse(bytes);
        let began = head.position.checked_sub(u64::from(head.index));
        // Cheap checks first: nearly every byte fails them.
        let possible = began.is_some_and(|began| began > position)
            && head.position - position <= rest.len() as u64 / RECORD_HEADER as u64
            && (1..=MAX_PAYLOAD).contains(&head.length);
        if possible && behind.get(..head.length).is_some_and(|payload| head.fits(payload)) {
            return Ok(true);
        }
    }
    Ok(false)
}
