//! A data directory looked through without setting it to work: the journal's checksums, whether the state opens, and
//! whether journal, state and record agree. For `doudi doctor`.
//!
//! Journal and record are only read. sled has no way to be opened for reading alone, so opening the state may finish
//! what a crash left half-done in it, as any start does; nothing is decided and nothing is appended.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::books::Books;
use crate::fault::Fault;
use crate::journal;
use crate::lock::Lock;
use crate::record;
use crate::state::Rooms;

/// What was found sound, and the first fault of each part.
#[derive(Debug)]
pub struct Inspection {
    /// Entries of the journal, all with right checksums.
    pub journal: Result<u64, Fault>,
    /// How far the state has come; none if there is no state, which the next start makes from the journal.
    pub state: Result<Option<Books>, Fault>,
    /// Lines of the record, each whole and in its place.
    pub record: Result<u64, Fault>,
}

/// Looks through a data directory that nobody is using.
///
/// # Errors
/// If another process has it.
pub fn inspect(dir: &Path) -> Result<Inspection, Fault> {
    let _lock = Lock::take(dir)?;
    let books = books(&dir.join("state"));
    let known = books.as_ref().ok().and_then(Option::as_ref).map_or(0, |books| books.next);
    let journal = journal_entries(&dir.join("journal"), known);
    let record = record::count(&dir.join("record"));
    let (records, bytes) = match &books {
        Ok(Some(books)) => (books.records, books.record_bytes),
        _ => (0, 0),
    };
    Ok(Inspection {
        state: books.and_then(|books| agree(books, journal.as_ref().ok().copied())),
        record: record.and_then(|found| record::reaches(&dir.join("record"), found, records, bytes)),
        journal,
    })
}

fn journal_entries(dir: &Path, known: u64) -> Result<u64, Fault> {
    if dir.exists() { journal::check(dir, known) } else { Ok(0) }
}

fn books(dir: &Path) -> Result<Option<Books>, Fault> {
    if !dir.exists() {
        return Ok(None);
    }
    let rooms = Rooms::open(dir)?;
    Ok(Some(Books::of(&rooms.view())?))
}

/// The state may lag behind the journal, never be ahead of it.
fn agree(books: Option<Books>, journal: Option<u64>) -> Result<Option<Books>, Fault> {
    match (&books, journal) {
        (Some(books), Some(entries)) if books.next > entries => Err(Fault::journal_short(books.next, entries)),
        _ => Ok(books),
    }
}

/// The lines of a file, each with where it begins.
pub(crate) fn lines(file: File) -> impl Iterator<Item = std::io::Result<Vec<u8>>> {
    BufReader::with_capacity(256 << 10, file).split(b'\n')
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::journal::Journal;
    use crate::log::Log;

    fn house() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open(&dir.path().join("journal")).unwrap();
        for entry in [b"one".as_slice(), b"two", b"three"] {
            journal.append(&[entry]).unwrap();
        }
        fs::create_dir_all(dir.path().join("record")).unwrap();
        fs::write(dir.path().join("record/record.jsonl"), "{\"seq\":0}\n{\"seq\":1}\n").unwrap();
        dir
    }

    #[test]
    fn a_sound_directory_says_how_much_it_holds() {
        let found = inspect(house().path()).unwrap();
        assert_eq!((found.journal.unwrap(), found.record.unwrap()), (3, 2));
        assert_eq!(found.state.unwrap(), None);
    }

    #[test]
    fn a_flipped_byte_in_the_journal_is_found() {
        let dir = house();
        let path = dir.path().join("journal/00000000000000000000.log");
        let mut bytes = fs::read(&path).unwrap();
        bytes[24 + 21] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert_eq!(inspect(dir.path()).unwrap().journal.unwrap_err().code(), "store/corrupt");
    }

    #[test]
    fn a_line_taken_out_of_the_record_is_found_where_it_was() {
        let dir = house();
        fs::write(dir.path().join("record/record.jsonl"), "{\"seq\":0}\n{\"seq\":2}\n").unwrap();
        let fault = inspect(dir.path()).unwrap().record.unwrap_err();
        assert_eq!(fault.code(), "store/record-altered");
        assert!(fault.problem().place.ends_with("record.jsonl:2"), "{fault}");
    }
}
