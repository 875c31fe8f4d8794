//! Keyed state over sled.
//!
//! All spaces live in one tree, told apart by the first byte of the key, so that one sled batch can be
//! everything a batch of entries did. What is not committed yet lies in an overlay above the tree. What belongs to one
//! household lies together in a drawer (`drawer.rs`). sled is never the only copy: a state that is lost, or older than
//! the journal, is made anew from the journal.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::{Bound, ControlFlow};
use std::path::Path;

use doudi_model::stage::{Memory, Pairs, Space, State, StateFault};

use crate::drawer::{self, Drawer, Press};
use crate::fault::Fault;

/// The form of keys and values, and the key under which the state says which it has. No space has the number 0.
const FORM: &[u8] = &[2];
const FORM_KEY: &[u8] = b"\0form";
/// Memory that sled may fill with pages. The whole process is to stay under 512 MiB.
const CACHE_BYTES: u64 = 128 << 20;
/// How often sled writes to disk. What it loses in a crash, the journal still has.
const FLUSH_EVERY_MS: u64 = 500;

/// The state of one data directory: what is committed.
#[derive(Clone)]
pub struct Rooms {
    db: sled::Db,
}

/// How often and how long to wait for sled's lock.
const LOCK_TRIES: u32 = 100;
const LOCK_WAIT: std::time::Duration = std::time::Duration::from_millis(20);

impl Rooms {
    /// Opens the state in a folder, empty if it is not there.
    ///
    /// # Errors
    /// If sled cannot read the folder.
    pub fn open(dir: &Path) -> Result<Rooms, Fault> {
        let config = sled::Config::default()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(Some(FLUSH_EVERY_MS))
            .mode(sled::Mode::HighThroughput);
        let mut opened = config.open();
        // The house's own lock keeps other processes out; what may still hold sled's is an earlier house of
        // this process whose background threads have not ended yet.
        for _ in 0..LOCK_TRIES {
            let held = matches!(&opened, Err(sled::Error::Io(error)) if error.to_string().contains("acquire lock"));
            if !held {
                break;
            }
            std::thread::sleep(LOCK_WAIT);
            opened = config.open();
        }
        match opened {
            Ok(db) => Rooms { db }.in_form().map_err(|fault| fault.at(dir.display())),
            Err(error) => Err(disk_fault(&error).at(dir.display())),
        }
    }

    /// Refuses a state of another form; an empty one gets this form.
    fn in_form(self) -> Result<Rooms, Fault> {
        let form = self.db.get(FORM_KEY).map_err(|error| disk_fault(&error))?;
        if form.is_none() && self.db.is_empty() {
            self.db.insert(FORM_KEY, FORM).map_err(|error| disk_fault(&error))?;
        } else if form.is_none_or(|form| form != FORM) {
            return Err(Fault::state_form());
        }
        Ok(self)
    }

    /// A view of what is committed.
    #[must_use]
    pub fn view(&self) -> View {
        View { db: self.db.clone(), overlay: BTreeMap::new(), drawers: RefCell::default(), keeps: false, unread: None }
    }

    /// A view that keeps what it has read until it commits; for the one that commits.
    pub(crate) fn working_view(&self) -> View {
        View { keeps: true, ..self.view() }
    }

    /// Writes everything to disk.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn flush(&self) -> Result<(), Fault> {
        self.db.flush().map(|_| ()).map_err(|error| disk_fault(&error))
    }

    /// Bytes that sled takes on disk.
    ///
    /// # Errors
    /// If sled cannot tell.
    pub fn bytes(&self) -> Result<u64, Fault> {
        self.db.size_on_disk().map_err(|error| disk_fault(&error))
    }
}

/// State as committed, with changes of its own above it that nobody else sees.
///
/// A reader may try things on a view; they are gone when it is dropped. Only the house commits. Two reads
/// from one view may stand on either side of a commit.
#[derive(Clone)]
pub struct View {
    db: sled::Db,
    /// Full key to value; `None` is a removal.
    overlay: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// Drawers that are changed or kept, by household.
    drawers: RefCell<BTreeMap<Vec<u8>, Drawer>>,
    /// Whether drawers that were only read are kept too.
    keeps: bool,
    /// A drawer that could not be read when something was put in it; such a view commits nothing.
    unread: Option<StateFault>,
}

impl View {
    /// Makes all changes of this view durable as one, in sled's own time.
    pub(crate) fn commit(&mut self) -> Result<(), Fault> {
        if let Some(fault) = &self.unread {
            return Err(Fault::state(fault));
        }
        let mut batch = sled::Batch::default();
        for (key, value) in std::mem::take(&mut self.overlay) {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        let mut press = Press::default();
        for (household, drawer) in self.drawers.take().into_iter().filter(|(_, drawer)| drawer.changed) {
            match drawer.close(&mut press)? {
                Some(value) => batch.insert(drawer::key(&household), value),
                None => batch.remove(drawer::key(&household)),
            }
        }
        self.db.apply_batch(batch).map_err(|error| disk_fault(&error))
    }

    /// A household's drawer as committed; an empty one for a household that has none.
    fn committed(&self, household: &[u8]) -> Result<Drawer, StateFault> {
        let found = self.db.get(drawer::key(household)).map_err(|error| fault(&error))?;
        found.map_or_else(|| Ok(Drawer::default()), |bytes| Drawer::open(&bytes))
    }

    fn in_drawer<T>(&self, household: &[u8], look: impl FnOnce(&Drawer) -> T) -> Result<T, StateFault> {
        if let Some(drawer) = self.drawers.borrow().get(household) {
            return Ok(look(drawer));
        }
        let drawer = self.committed(household)?;
        let found = look(&drawer);
        if self.keeps {
            self.drawers.borrow_mut().insert(household.to_vec(), drawer);
        }
        Ok(found)
    }

    fn set(&mut self, space: Space, key: &[u8], value: Option<Vec<u8>>) {
        if !drawer::holds(space) {
            self.overlay.insert(full_key(space, key), value);
            return;
        }
        let (household, inner) = drawer::split(space, key);
        if let Some(drawer) = self.drawers.get_mut().get_mut(household) {
            return drawer.set(inner, value);
        }
        let mut drawer = self.committed(household).unwrap_or_else(|fault| {
            self.unread.get_or_insert(fault);
            Drawer::default()
        });
        drawer.set(inner, value);
        self.drawers.get_mut().insert(household.to_vec(), drawer);
    }

    /// Visits all pairs of a space in a key range, in order.
    fn pairs(
        &self,
        space: Space,
        from: &[u8],
        before: Option<&[u8]>,
        each: &mut dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, StateFault>,
    ) -> Result<(), StateFault> {
        if !drawer::holds(space) {
            let end = before.map_or_else(|| after_prefix(vec![space as u8]), |key| Some(full_key(space, key)));
            return self.range(full_key(space, from), end, &mut |key, value| each(room_key(key), value));
        }
        let first = drawer::split(space, from).0.to_vec();
        // Whether no later household has a key before the end. Households have no zero in their names.
        let ends_in = |household: &[u8]| before.is_some_and(|before| *before <= *[household, &[1]].concat());
        let mut visit = |household: &[u8], drawer: &Drawer| {
            for (key, value) in drawer.of_space(space, household) {
                if before.is_some_and(|before| key.as_slice() >= before) {
                    return Ok(ControlFlow::Break(()));
                }
                if key.as_slice() >= from && each(&key, value)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(if ends_in(household) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        if from.contains(&0) && ends_in(&first) {
            return self.in_drawer(&first, |drawer| visit(&first, drawer).map(|_| ()))?;
        }
        let drawers = self.drawers.borrow();
        let mut ours = drawers.range::<Vec<u8>, _>(first.clone()..).peekable();
        let mut ended = false;
        self.range_of_sled(drawer::key(&first), after_prefix(drawer::key(&[])), &mut |key, value| {
            let household = room_key(key);
            while let Some((our, drawer)) = ours.next_if(|(our, _)| our.as_slice() <= household) {
                ended = visit(our, drawer)?.is_break();
                if ended || our.as_slice() == household {
                    return Ok(if ended { ControlFlow::Break(()) } else { ControlFlow::Continue(()) });
                }
            }
            let flow = visit(household, &Drawer::open(value)?)?;
            ended = flow.is_break();
            Ok(flow)
        })?;
        while !ended && let Some((our, drawer)) = ours.next() {
            ended = visit(our, drawer)?.is_break();
        }
        Ok(())
    }

    /// Visits what sled has of a range of full keys.
    fn range_of_sled(
        &self,
        from: Vec<u8>,
        before: Option<Vec<u8>>,
        each: &mut dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, StateFault>,
    ) -> Result<(), StateFault> {
        let upper = before.map_or(Bound::Unbounded, Bound::Excluded);
        for pair in self.db.range::<Vec<u8>, _>((Bound::Included(from), upper)) {
            let (key, value) = pair.map_err(|error| fault(&error))?;
            if each(&key, &value)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Visits all pairs of a range of full keys in order, the overlay's before sled's.
    fn range(
        &self,
        from: Vec<u8>,
        before: Option<Vec<u8>>,
        each: &mut dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, StateFault>,
    ) -> Result<(), StateFault> {
        if before.as_ref().is_some_and(|before| *before <= from) {
            return Ok(());
        }
        let upper = before.map_or(Bound::Unbounded, Bound::Excluded);
        let bounds = (Bound::Included(from), upper);
        let mut ours = self.overlay.range::<Vec<u8>, _>(bounds.clone()).peekable();
        let mut theirs = self.db.range::<Vec<u8>, _>(bounds);
        let mut their = theirs.next().transpose().map_err(|error| fault(&error))?;
        loop {
            let order = match (ours.peek(), &their) {
                (None, None) => return Ok(()),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some((our, _)), Some((their, _))) => our.as_slice().cmp(their.as_ref()),
            };
            if order.is_le()
                && let Some((key, Some(value))) = ours.next()
                && each(key, value)?.is_break()
            {
                return Ok(());
            }
            if order.is_ge() {
                if order.is_gt()
                    && let Some((key, value)) = &their
                    && each(key, value)?.is_break()
                {
                    return Ok(());
                }
                their = theirs.next().transpose().map_err(|error| fault(&error))?;
            }
        }
    }

    fn collect(&self, space: Space, from: &[u8], before: Option<&[u8]>, limit: usize) -> Result<Pairs, StateFault> {
        let mut found = Vec::new();
        if limit == 0 || before.is_some_and(|before| before <= from) {
            return Ok(found);
        }
        self.pairs(space, from, before, &mut |key, value| {
            found.push((key.to_vec(), value.to_vec()));
            Ok(if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(found)
    }
}

impl State for View {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StateFault> {
        if drawer::holds(space) {
            let (household, inner) = drawer::split(space, key);
            return self.in_drawer(household, |drawer| drawer.get(&inner).cloned());
        }
        let full = full_key(space, key);
        if let Some(value) = self.overlay.get(full.as_slice()) {
            return Ok(value.clone());
        }
        let found = self.db.get(full).map_err(|error| fault(&error))?;
        Ok(found.map(|value| value.to_vec()))
    }

    fn put(&mut self, space: Space, key: &[u8], value: Vec<u8>) {
        self.set(space, key, Some(value));
    }

    fn remove(&mut self, space: Space, key: &[u8]) {
        self.set(space, key, None);
    }

    fn scan(&self, space: Space, prefix: &[u8]) -> Result<Pairs, StateFault> {
        self.scan_some(space, prefix, &[], usize::MAX)
    }

    fn scan_some(&self, space: Space, prefix: &[u8], behind: &[u8], limit: usize) -> Result<Pairs, StateFault> {
        // The next possible key.
        let next = if behind.is_empty() { Vec::new() } else { [behind, &[0]].concat() };
        let from = next.as_slice().max(prefix);
        self.collect(space, from, after_prefix(prefix.to_vec()).as_deref(), limit)
    }

    fn scan_through(&self, space: Space, last: &[u8]) -> Result<Pairs, StateFault> {
        self.collect(space, &[], after_prefix(last.to_vec()).as_deref(), usize::MAX)
    }
}

/// State that can be visited whole without holding it in memory.
pub trait Walk {
    /// Visits all pairs of a space in the order of their keys.
    ///
    /// # Errors
    /// If the state cannot be read, or the visitor fails.
    fn walk(
        &self,
        space: Space,
        each: &mut dyn FnMut(&[u8], &[u8]) -> Result<(), StateFault>,
    ) -> Result<(), StateFault>;
}

impl Walk for View {
    fn walk(
        &self,
        space: Space,
        each: &mut dyn FnMut(&[u8], &[u8]) -> Result<(), StateFault>,
    ) -> Result<(), StateFault> {
        self.pairs(space, &[], None, &mut |key, value| each(key, value).map(ControlFlow::Continue))
    }
}

impl Walk for Memory {
    fn walk(
        &self,
        space: Space,
        each: &mut dyn FnMut(&[u8], &[u8]) -> Result<(), StateFault>,
    ) -> Result<(), StateFault> {
        self.scan(space, &[])?.iter().try_for_each(|(key, value)| each(key, value))
    }
}

fn full_key(space: Space, key: &[u8]) -> Vec<u8> {
    let mut full = Vec::with_capacity(key.len() + 1);
    full.push(space as u8);
    full.extend_from_slice(key);
    full
}

fn room_key(full: &[u8]) -> &[u8] {
    full.get(1..).unwrap_or_default()
}

/// The first key behind all that begin with a prefix.
fn after_prefix(mut prefix: Vec<u8>) -> Option<Vec<u8>> {
    while let Some(last) = prefix.pop() {
        if let Some(next) = last.checked_add(1) {
            prefix.push(next);
            return Some(prefix);
        }
    }
    None
}

/// A fault of sled that may be one of the disk.
fn disk_fault(error: &sled::Error) -> Fault {
    match error {
        sled::Error::Io(error) => Fault::io(Path::new("state"), error),
        error => Fault::state(&fault(error)),
    }
}

fn fault(error: &sled::Error) -> StateFault {
    StateFault(error.to_string())
}

#[cfg(test)]
mod tests;
