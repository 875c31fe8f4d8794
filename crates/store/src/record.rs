//! The record: every decision, warning change and case move, one line each, written exactly once for its cause.
//!
//! `record/record.jsonl` holds JSON Lines in canonical form (RFC 8785). It is only appended to, and synced
//! before the state counts its entries. The state counts `n` entries; after a crash the file may hold more,
//! because it was written first. When the journal's tail is applied again, those entries come out again and
//! are compared byte for byte with what stands there; only then does appending go on. An entry that comes out
//! differently is a fault: a stage is not deterministic, and nothing more is decided.
//!
//! An unfinished last line was never counted; it is cut off at start and reported.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use doudi_model::stage::{Space, State, decode, encode};

use crate::disk::sync_dir;
use crate::fault::Fault;
use crate::journal::Torn;

/// Every so many entries, the state keeps where one begins.
const INDEX_EVERY: u64 = 16;

/// The record file, open for appending.
pub(crate) struct Record {
    path: PathBuf,
    file: File,
    /// Entries and bytes that are durable or waiting to be written.
    entries: u64,
    bytes: u64,
    /// Lines that stand in the file already and are expected again.
    ahead: Option<BufReader<File>>,
    waiting: Vec<u8>,
    /// A record that may not be written, only compared.
    read_only: bool,
}

impl Record {
    /// Opens the record, of which the state counts `entries` entries in `bytes` bytes.
    ///
    /// # Errors
    /// If the file is shorter than what was counted.
    pub(crate) fn open(dir: &Path, entries: u64, bytes: u64) -> Result<(Record, Option<Torn>), Fault> {
        fs::create_dir_all(dir).map_err(|error| Fault::io(dir, &error))?;
        let path = file_in(dir);
        let fault = |error: io::Error| Fault::io(&path, &error);
        let fresh = !path.exists();
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(fault)?;
        if fresh {
            sync_dir(dir).map_err(|error| Fault::io(dir, &error))?;
        }
        let length = file.metadata().map_err(fault)?.len();
        if length < bytes {
            return Err(cut_short(&path, entries, bytes));
        }
        if !ends_line(&mut file, bytes).map_err(fault)? {
            return Err(shifted(&path, entries, bytes));
        }
        let whole = last_line_end(&mut file, bytes, length).map_err(fault)?;
        let torn = Torn { file: path.clone(), position: entries, offset: whole, bytes: length - whole };
        let torn = (torn.bytes > 0).then_some(torn);
        if torn.is_some() {
            file.set_len(whole).and_then(|()| file.sync_all()).map_err(fault)?;
        }
        let ahead = if whole > bytes { Some(open_at(&path, bytes)?) } else { None };
        let waiting = Vec::new();
        Ok((Record { path, file, entries, bytes, ahead, waiting, read_only: false }, torn))
    }

    /// Opens the record from its beginning only to compare what comes out again.
    pub(crate) fn compare(dir: &Path) -> Result<Record, Fault> {
        let path = file_in(dir);
        let file = File::open(&path).map_err(|error| Fault::io(&path, &error))?;
        let ahead = Some(open_at(&path, 0)?);
        Ok(Record { path, file, entries: 0, bytes: 0, ahead, waiting: Vec::new(), read_only: true })
    }

    /// How many entries and bytes there are, with those that wait to be written.
    pub(crate) fn extent(&self) -> (u64, u64) {
        (self.entries, self.bytes)
    }

    /// Takes the next entry, a line without its end; returns where it begins.
    ///
    /// # Errors
    /// If the same place already holds another line.
    pub(crate) fn push(&mut self, line: &[u8]) -> Result<u64, Fault> {
        let begins = self.bytes;
        if let Some(ahead) = &mut self.ahead {
            let mut stands = Vec::new();
            let read = ahead.read_until(b'\n', &mut stands).map_err(|error| Fault::io(&self.path, &error))?;
            if read == 0 {
                self.ahead = None;
            } else if stands.strip_suffix(b"\n") != Some(line) {
                return Err(if self.read_only {
                    altered(&self.path, self.entries, &stands, line)
                } else {
                    differs(&self.path, self.entries)
                });
            }
        }
        if self.ahead.is_none() {
            if self.read_only {
                return Err(altered(&self.path, self.entries, b"", line));
            }
            self.waiting.extend_from_slice(line);
            self.waiting.push(b'\n');
        }
        self.entries += 1;
        self.bytes += line.len() as u64 + 1;
        Ok(begins)
    }

    /// Makes all entries durable.
    ///
    /// # Errors
    /// If the disk fails; the file is then as long as before.
    pub(crate) fn sync(&mut self) -> Result<(), Fault> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let before = self.bytes - self.waiting.len() as u64;
        let written = self.file.write_all(&self.waiting).and_then(|()| self.file.sync_data());
        self.waiting.clear();
        written.map_err(|error| {
            // If even this fails, the unfinished line is cut off at the next start.
            let _ = self.file.set_len(before);
            Fault::io(&self.path, &error)
        })
    }

    /// Says that the journal has been applied to its end.
    ///
    /// # Errors
    /// If lines are left for which the journal has no cause.
    pub(crate) fn caught_up(&mut self) -> Result<(), Fault> {
        let Some(mut ahead) = self.ahead.take() else { return Ok(()) };
        let left = ahead.fill_buf().map_err(|error| Fault::io(&self.path, &error))?;
        if left.is_empty() { Ok(()) } else { Err(differs(&self.path, self.entries)) }
    }
}

/// Notes in the state where an entry begins, for one entry in [`INDEX_EVERY`].
pub(crate) fn index(state: &mut dyn State, sequence: u64, begins: u64) -> Result<(), Fault> {
    if sequence.is_multiple_of(INDEX_EVERY) {
        state.put(Space::Record, &sequence.to_be_bytes(), encode(&begins)?);
    }
    Ok(())
}

/// Entries of the record, in order: sequence number and the line without its end.
pub struct Lines {
    reader: Option<BufReader<File>>,
    path: PathBuf,
    next: u64,
    /// First sequence number not to read.
    end: u64,
}

impl Lines {
    /// The entries from a sequence number on, of those that the state counts.
    pub(crate) fn from(state: &dyn State, dir: &Path, from: u64, entries: u64) -> Result<Lines, Fault> {
        let path = file_in(dir);
        if from >= entries {
            return Ok(Lines { reader: None, path, next: from, end: from });
        }
        let near = from - from % INDEX_EVERY;
        let begins = match state.get(Space::Record, &near.to_be_bytes())? {
            Some(bytes) => decode(&bytes)?,
            None => 0,
        };
        let reader = Some(open_at(&path, begins)?);
        let mut lines = Lines { reader, path, next: if begins == 0 { 0 } else { near }, end: entries };
        while lines.next < from {
            lines.line().transpose()?;
        }
        Ok(lines)
    }

    fn line(&mut self) -> Option<Result<(u64, Vec<u8>), Fault>> {
        let reader = self.reader.as_mut()?;
        if self.next >= self.end {
            return None;
        }
        let mut line = Vec::new();
        match reader.read_until(b'\n', &mut line) {
            Ok(_) if line.pop() == Some(b'\n') => {
                let sequence = self.next;
                self.next += 1;
                Some(Ok((sequence, line)))
            }
            read => {
                self.reader = None;
                Some(Err(match read {
                    Ok(_) => cut_short(&self.path, self.next, 0),
                    Err(error) => Fault::io(&self.path, &error),
                }))
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Result<(u64, Vec<u8>), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line()
    }
}

fn file_in(dir: &Path) -> PathBuf {
    dir.join("record.jsonl")
}

fn open_at(path: &Path, offset: u64) -> Result<BufReader<File>, Fault> {
    let fault = |error: io::Error| Fault::io(path, &error);
    let mut file = File::open(path).map_err(fault)?;
    file.seek(SeekFrom::Start(offset)).map_err(fault)?;
    Ok(BufReader::with_capacity(64 << 10, file))
}

fn ends_line(file: &mut File, offset: u64) -> io::Result<bool> {
    let Some(before) = offset.checked_sub(1) else { return Ok(true) };
    let mut byte = [0];
    file.seek(SeekFrom::Start(before))?;
    file.read_exact(&mut byte)?;
    Ok(byte == *b"\n")
}

/// Where the last whole line between two offsets ends.
fn last_line_end(file: &mut File, from: u64, length: u64) -> io::Result<u64> {
    const STEP: u64 = 64 << 10;
    let mut end = length;
    while end > from {
        let begin = end.saturating_sub(STEP).max(from);
        let mut chunk = vec![0; usize::try_from(end - begin).unwrap_or(0)];
        file.seek(SeekFrom::Start(begin))?;
        file.read_exact(&mut chunk)?;
        if let Some(at) = chunk.iter().rposition(|byte| *byte == b'\n') {
            return Ok(begin + at as u64 + 1);
        }
        end = begin;
    }
    Ok(from)
}

fn cut_short(path: &Path, entries: u64, bytes: u64) -> Fault {
    Fault::new(
        "store/record-short",
        (
            format!("决定记录比状态所记的短（应有 {entries} 条、{bytes} 字节）"),
            format!("the record is shorter than the state counts ({entries} entries, {bytes} bytes)"),
        ),
        (
            "从备份恢复该文件，或运行 doudi state rebuild 由日志补全",
            "restore the file from a backup, or run doudi state rebuild, which completes it from the journal",
        ),
    )
    .at(path.display())
}

/// A file whose counted bytes end within a line: some line is longer or shorter than it was written.
fn shifted(path: &Path, entries: u64, bytes: u64) -> Fault {
    let line = count(path.parent().unwrap_or(path)).err();
    line.unwrap_or_else(|| {
        Fault::record_altered(
            path,
            entries.saturating_sub(1),
            &format!("前 {entries} 条应占 {bytes} 字节，实际不在行尾断开，其中有一条被加长或缩短过"),
            &format!("its first {entries} entries took {bytes} bytes, which now end within a line: one was lengthened or shortened"),
        )
    })
}

/// How a line that stands in the record differs from the one that the journal leads to: by names of members, never
/// by values.
fn altered(path: &Path, sequence: u64, stands: &[u8], expected: &[u8]) -> Fault {
    let stands = stands.strip_suffix(b"\n").unwrap_or(stands);
    if stands.is_empty() {
        return Fault::record_altered(path, sequence, "缺少这一条", "it is missing");
    }
    let object = |bytes: &[u8]| serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes).ok();
    let (Some(stands), Some(expected)) = (object(stands), object(expected)) else {
        return Fault::record_altered(path, sequence, "不是完整的一条记录", "it is not a whole entry");
    };
    let names: std::collections::BTreeSet<&String> = stands.keys().chain(expected.keys()).collect();
    let names: Vec<&str> =
        names.into_iter().filter(|name| stands.get(*name) != expected.get(*name)).map(String::as_str).collect();
    if names.contains(&"seq") {
        let (zh, en) = (
            "这里是另一条记录，前面有行被删去、插入或调换",
            "another entry stands here: lines were removed, put in or exchanged",
        );
        return Fault::record_altered(path, sequence, zh, en);
    }
    let list = if names.is_empty() { "…".to_owned() } else { names.join(", ") };
    Fault::record_altered(
        path,
        sequence,
        &format!("与由日志重算的不同，不同的项：{list}"),
        &format!("it differs from what the journal leads to, in: {list}"),
    )
}

/// How many lines the record has, each a whole entry with its own number.
pub(crate) fn count(dir: &Path) -> Result<u64, Fault> {
    let path = file_in(dir);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(Fault::io(&path, &error)),
    };
    let ends = file.metadata().map_err(|error| Fault::io(&path, &error))?.len();
    let (mut sequence, mut bytes) = (0, 0);
    for line in crate::inspect::lines(file) {
        let line = line.map_err(|error| Fault::io(&path, &error))?;
        bytes += line.len() as u64 + 1;
        if bytes > ends {
            // An unfinished last line was never counted; the next start cuts it off.
            break;
        }
        let number = serde_json::from_slice::<Numbered>(&line).map(|entry| entry.seq);
        match number {
            Ok(Some(number)) if number != sequence => {
                let zh = format!("这里的序号是 {number}，前面有行被删去、插入或调换");
                let en = format!("the number here is {number}: lines were removed, put in or exchanged");
                return Err(Fault::record_altered(&path, sequence, &zh, &en));
            }
            Ok(_) => sequence += 1,
            Err(_) => {
                return Err(Fault::record_altered(&path, sequence, "不是完整的一条记录", "it is not a whole entry"));
            }
        }
    }
    Ok(sequence)
}

/// The number that an entry bears, if it bears one.
#[derive(serde::Deserialize)]
struct Numbered {
    seq: Option<u64>,
}

/// Whether a record with so many lines holds what the state counts.
pub(crate) fn reaches(dir: &Path, found: u64, entries: u64, bytes: u64) -> Result<u64, Fault> {
    let path = file_in(dir);
    if found < entries {
        return Err(cut_short(&path, entries, bytes));
    }
    if entries > 0 {
        let fault = |error: io::Error| Fault::io(&path, &error);
        let mut file = File::open(&path).map_err(fault)?;
        let length = file.metadata().map_err(fault)?.len();
        if length < bytes || !ends_line(&mut file, bytes).map_err(fault)? {
            return Err(shifted(&path, entries, bytes));
        }
    }
    Ok(found)
}

fn differs(path: &Path, sequence: u64) -> Fault {
    Fault::new(
        "store/not-deterministic",
        (
            format!("第 {sequence} 条记录重算后与文件中的不同"),
            format!("entry {sequence} of the record comes out differently when applied again"),
        ),
        (
            "记录没有被改动。请用写入它的那个版本的 doudi 启动，并报告此问题",
            "the record was left as it is; start with the doudi version that wrote it, and report this",
        ),
    )
    .at(format!("{}:{}", path.display(), sequence + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, lines: &[&str]) {
        let (mut record, _) = Record::open(dir, 0, 0).unwrap();
        for line in lines {
            record.push(line.as_bytes()).unwrap();
        }
        record.sync().unwrap();
    }

    #[test]
    fn entries_that_stand_there_already_are_not_written_twice() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["one", "two", "three"]);
        let (mut record, torn) = Record::open(dir.path(), 1, 4).unwrap();
        assert_eq!(torn, None);
        for line in ["two", "three", "four"] {
            record.push(line.as_bytes()).unwrap();
        }
        record.sync().unwrap();
        record.caught_up().unwrap();
        assert_eq!(fs::read_to_string(file_in(dir.path())).unwrap(), "one\ntwo\nthree\nfour\n");
        assert_eq!(record.extent(), (4, 19));
    }

    #[test]
    fn an_entry_that_comes_out_differently_is_a_fault_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["one", "two"]);
        let (mut record, _) = Record::open(dir.path(), 1, 4).unwrap();
        let fault = record.push(b"zwei").unwrap_err();
        assert_eq!(fault.code(), "store/not-deterministic");
        assert!(fault.problem().message.en.contains("entry 1 "));
        let (mut record, _) = Record::open(dir.path(), 1, 4).unwrap();
        assert!(record.caught_up().is_err());
    }

    #[test]
    fn an_unfinished_last_line_is_cut_off_and_reported() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["one", "two"]);
        let whole = fs::read(file_in(dir.path())).unwrap();
        for keep in 4..whole.len() {
            fs::write(file_in(dir.path()), &whole[..keep]).unwrap();
            let (mut record, torn) = Record::open(dir.path(), 1, 4).unwrap();
            assert_eq!(torn.map_or(0, |torn| torn.bytes), keep as u64 - 4);
            record.push(b"two").unwrap();
            record.sync().unwrap();
            assert_eq!(fs::read(file_in(dir.path())).unwrap(), whole);
        }
    }

    #[test]
    fn a_record_shorter_than_counted_or_cut_within_a_line_is_a_fault() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["one"]);
        assert_eq!(Record::open(dir.path(), 2, 8).err().unwrap().code(), "store/record-short");
        assert_eq!(Record::open(dir.path(), 1, 3).err().unwrap().code(), "store/record-altered");
    }
}
