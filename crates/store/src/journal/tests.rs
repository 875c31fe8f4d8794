//! Whatever is cut, flipped or refused by the disk: what was acknowledged is read back, or the fault names its place.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use super::segment::RECORD_HEADER;
use super::*;

fn open(dir: &Path) -> (Journal, Option<Torn>) {
    Journal::open_with(dir, Box::new(Disk), 600, 0).unwrap()
}

fn append(journal: &mut Journal, batch: &[Vec<u8>]) -> Result<u64, Fault> {
    let payloads: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
    journal.append(&payloads)
}

fn all(dir: &Path) -> Result<Vec<Vec<u8>>, Fault> {
    read(dir, 0)?.map(|payload| payload.map(|(_, payload)| payload)).collect()
}

fn last_segment(dir: &Path) -> PathBuf {
    list(dir).unwrap().pop().unwrap().1
}

fn batches() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    let payload = proptest::collection::vec(any::<u8>(), 1..80);
    proptest::collection::vec(proptest::collection::vec(payload, 1..6), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_appended_is_read_back_from_any_position(batches in batches()) {
        let dir = tempfile::tempdir().unwrap();
        let mut expected = Vec::new();
        for batch in &batches {
            // Reopened each time: the end is found again from the files alone.
            let (mut journal, torn) = open(dir.path());
            prop_assert_eq!(torn, None);
            prop_assert_eq!(append(&mut journal, batch).unwrap(), expected.len() as u64);
            expected.extend(batch.iter().cloned());
        }
        let (journal, _) = open(dir.path());
        for from in 0..=expected.len() {
            let found: Vec<_> = journal.read(from as u64).unwrap().map(|payload| payload.unwrap().1).collect();
            prop_assert_eq!(&found, &expected[from..]);
        }
    }

    #[test]
    fn a_cut_anywhere_in_the_last_append_loses_nothing_acknowledged(batches in batches(), place in any::<u64>()) {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = open(dir.path());
        let (last, before) = batches.split_last().unwrap();
        for batch in before {
            append(&mut journal, batch).unwrap();
        }
        let acknowledged: Vec<_> = before.concat();
        let path = last_segment(dir.path());
        let kept = fs::metadata(&path).unwrap().len();
        append(&mut journal, last).unwrap();
        drop(journal);
        // The last append may have opened a new segment; then that one is cut, down to its header.
        let path_now = last_segment(dir.path());
        let floor = if path_now == path { kept } else { SEGMENT_HEADER };
        let whole = fs::metadata(&path_now).unwrap().len();
        let cut = floor + place % (whole - floor);
        OpenOptions::new().write(true).open(&path_now).unwrap().set_len(cut).unwrap();

        let (mut journal, torn) = open(dir.path());
        let end = usize::try_from(journal.end()).unwrap();
        prop_assert!(end >= acknowledged.len() && end < acknowledged.len() + last.len());
        prop_assert_eq!(torn.map_or(cut, |torn| torn.offset + torn.bytes), cut);
        append(&mut journal, last).unwrap();
        let found = all(dir.path()).unwrap();
        prop_assert_eq!(&found[..acknowledged.len()], &acknowledged[..]);
        prop_assert_eq!(&found[end..], &last[..]);
    }

    #[test]
    fn a_flipped_bit_is_a_fault_or_a_torn_last_append_but_never_a_wrong_payload(
        batches in batches(), segment in any::<prop::sample::Index>(), place in any::<u64>(), bit in 0..8,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = open(dir.path());
        for batch in &batches {
            append(&mut journal, batch).unwrap();
        }
        drop(journal);
        let expected = batches.concat();
        let last_append = expected.len() - batches.last().unwrap().len();
        let segments = list(dir.path()).unwrap();
        let (_, path) = segment.get(&segments);
        let mut bytes = fs::read(path).unwrap();
        let place = usize::try_from(place % bytes.len() as u64).unwrap();
        bytes[place] ^= 1_u8 << bit;
        fs::write(path, &bytes).unwrap();
        match Journal::open_with(dir.path(), Box::new(Disk), 600, 0) {
            Err(fault) => prop_assert_eq!(fault.code(), "store/corrupt"),
            Ok((_, Some(torn))) => {
                prop_assert!(torn.position >= last_append as u64);
                prop_assert_eq!(&all(dir.path()).unwrap()[..], &expected[..usize::try_from(torn.position).unwrap()]);
            }
            Ok((_, None)) => {
                let fault = all(dir.path()).unwrap_err();
                prop_assert_eq!(fault.code(), "store/corrupt");
                prop_assert!(fault.problem().place.contains(path.file_name().unwrap().to_str().unwrap()));
            }
        }
    }
}

#[test]
fn every_length_of_a_torn_tail_is_cut_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    append(&mut journal, &[vec![1; 10], vec![2; 10]]).unwrap();
    let path = last_segment(dir.path());
    let kept = fs::read(&path).unwrap();
    append(&mut journal, &[vec![3; 30]]).unwrap();
    let whole = fs::read(&path).unwrap();
    drop(journal);
    for length in kept.len()..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let (journal, torn) = open(dir.path());
        assert_eq!(journal.end(), 2);
        let bytes = (length - kept.len()) as u64;
        let expected = Torn { file: path.clone(), position: 2, offset: kept.len() as u64, bytes };
        assert_eq!(torn, (bytes > 0).then_some(expected));
        assert_eq!(fs::read(&path).unwrap(), kept);
    }
}

#[test]
fn a_hole_in_an_append_that_was_never_acknowledged_is_a_torn_tail() {
    // A crash may leave later pages of one write on disk, and not the earlier ones.
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    append(&mut journal, &[vec![1; 10]]).unwrap();
    let path = last_segment(dir.path());
    let kept = fs::metadata(&path).unwrap().len() as usize;
    append(&mut journal, &[vec![2; 50], vec![3; 50]]).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[kept..kept + 40].fill(0);
    fs::write(&path, &bytes).unwrap();
    let (journal, torn) = open(dir.path());
    assert_eq!((journal.end(), torn.unwrap().position), (1, 1));
}

#[test]
fn damage_before_a_later_append_is_a_fault_and_nothing_is_cut() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    for byte in 1..=3 {
        append(&mut journal, &[vec![byte; 10]]).unwrap();
    }
    let path = last_segment(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    let second = SEGMENT_HEADER as usize + RECORD_HEADER + 10;
    bytes[second] = 0xff;
    fs::write(&path, &bytes).unwrap();
    let fault = Journal::open(dir.path()).err().unwrap();
    assert_eq!(fault.code(), "store/corrupt");
    assert_eq!(fault.problem().place, format!("{}:{second}", path.display()));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_missing_segment_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    for _ in 0..60 {
        append(&mut journal, &[vec![7; 40]]).unwrap();
    }
    let segments = list(dir.path()).unwrap();
    assert!(segments.len() > 3);
    fs::remove_file(&segments[1].1).unwrap();
    assert_eq!(all(dir.path()).unwrap_err().code(), "store/journal-gap");
    fs::remove_file(&segments[0].1).unwrap();
    assert_eq!(all(dir.path()).unwrap_err().code(), "store/journal-gap");
}

#[test]
fn empty_and_oversized_payloads_are_refused_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    assert_eq!(append(&mut journal, &[vec![]]).unwrap_err().code(), "store/too-large");
    assert_eq!(append(&mut journal, &[vec![1]]).unwrap(), 0);
}

/// A disk with room for so many bytes more.
struct Small(Arc<AtomicU64>);

impl Device for Small {
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let room = self.0.load(Ordering::SeqCst);
        let fits = room.min(bytes.len() as u64);
        self.0.store(room - fits, Ordering::SeqCst);
        file.write_all(&bytes[..fits as usize])?;
        if fits < bytes.len() as u64 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

#[test]
fn a_full_disk_refuses_an_append_leaves_the_rest_and_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    for room in 0..400 {
        let dir = dir.path().join(room.to_string());
        let left = Arc::new(AtomicU64::new(1 << 20));
        let (mut journal, _) = Journal::open_with(&dir, Box::new(Small(left.clone())), 300, 0).unwrap();
        for byte in 0..5 {
            append(&mut journal, &[vec![byte; 40]]).unwrap();
        }
        left.store(room, Ordering::SeqCst);
        let batch = vec![vec![8; 100], vec![9; 200]];
        let refused = append(&mut journal, &batch);
        if let Err(fault) = &refused {
            assert_eq!(fault.code(), "store/disk-full");
            assert_eq!(all(&dir).unwrap().len(), 5);
        }
        left.store(1 << 20, Ordering::SeqCst);
        append(&mut journal, &batch).unwrap();
        drop(journal);
        let (journal, torn) = open(&dir);
        assert_eq!(torn, None, "room for {room} bytes");
        assert_eq!(journal.end(), if refused.is_ok() { 9 } else { 7 });
        assert_eq!(all(&dir).unwrap()[5..7], batch[..]);
    }
}

/// A disk that fails for good.
struct Gone(Arc<AtomicU64>);

impl Device for Gone {
    fn sync(&mut self, _: &File) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) > 0 { Ok(()) } else { Err(io::Error::other("gone")) }
    }
}

#[test]
fn an_append_that_cannot_be_undone_closes_the_journal_until_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let works = Arc::new(AtomicU64::new(1));
    let (mut journal, _) = Journal::open_with(dir.path(), Box::new(Gone(works.clone())), 600, 0).unwrap();
    append(&mut journal, &[vec![1]]).unwrap();
    works.store(0, Ordering::SeqCst);
    assert_eq!(append(&mut journal, &[vec![2]]).unwrap_err().code(), "store/io");
    works.store(1, Ordering::SeqCst);
    assert!(append(&mut journal, &[vec![2]]).is_err());
    drop(journal);
    let (mut journal, _) = open(dir.path());
    assert_eq!(append(&mut journal, &[vec![2]]).unwrap(), 1);
}

#[test]
fn a_reader_sees_what_is_durable_while_the_journal_grows() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    append(&mut journal, &[vec![1], vec![2]]).unwrap();
    let reader = journal.read(1).unwrap();
    append(&mut journal, &[vec![3]]).unwrap();
    assert_eq!(reader.map(|payload| payload.unwrap()).collect::<Vec<_>>(), [(1, vec![2])]);
    assert_eq!(all(dir.path()).unwrap().len(), 3);
}

#[test]
fn what_is_known_to_have_been_acknowledged_is_never_cut() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    journal.append(&[b"one", b"two", b"three"]).unwrap();
    drop(journal);
    let path = dir.path().join("00000000000000000000.log");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 2;
    bytes[at] ^= 0x55;
    fs::write(&path, &bytes).unwrap();
    assert!(Journal::open_with(dir.path(), Box::new(Disk), 600, 3).is_err());
    assert_eq!(fs::read(&path).unwrap(), bytes, "nothing was cut");

    // Nobody knows better: the tail is cut, and kept beside.
    let (_, torn) = open(dir.path());
    let torn = torn.unwrap();
    let aside = dir.path().join(format!("torn-{:020}-{}", torn.position, torn.offset));
    assert_eq!(fs::read(aside).unwrap(), bytes[usize::try_from(torn.offset).unwrap()..]);
}
