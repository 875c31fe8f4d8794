//! The names of all events ever admitted, so that none is admitted twice.
//!
//! One key a name would be the dearest thing the house does. So names are kept in runs: [`RUN`] names in the order of
//! their log positions become one value, sorted by name. Where a run ends depends on the entries alone. The names
//! behind the last run are not in the state; they are read from the log at start.
//!
//! In memory, a table says in four bytes a name in which run it may be; only then is the run read and the name
//! compared. The answer is exact.

use std::collections::BTreeMap;

use doudi_model::fact;
use doudi_model::stage::{Space, State, StateFault};

use crate::state::{View, Walk};

/// Names in a run.
pub(crate) const RUN: usize = 512;
/// A name and its log position.
const ROW: usize = 24;
/// Slots of the first table; each further one has twice as many as the one before.
const FIRST_SLOTS: usize = 1 << 16;
/// Bits of a slot that tell names apart; the rest is the number of the run, counted from 1.
const PRINT_BITS: u32 = 12;

/// The value of a run.
pub(crate) fn run(names: &mut [(fact::Id, u64)]) -> Vec<u8> {
    names.sort_unstable();
    let mut value = Vec::with_capacity(names.len() * ROW);
    for (name, position) in names {
        value.extend_from_slice(&name.0);
        value.extend_from_slice(&position.to_be_bytes());
    }
    value
}

pub(crate) fn run_key(run: u32) -> [u8; 4] {
    run.to_be_bytes()
}

fn rows(value: &[u8]) -> &[[u8; ROW]] {
    value.as_chunks().0
}

fn name_of(row: &[u8; ROW]) -> fact::Id {
    doudi_model::person::Id(row.first_chunk().copied().unwrap_or_default())
}

/// The position of a name in a run, if it is there.
fn position_in(state: &dyn State, run: u32, name: &fact::Id) -> Result<Option<u64>, StateFault> {
    let value = state.get(Space::Seen, &run_key(run))?.unwrap_or_default();
    let rows = rows(&value);
    let found = rows.binary_search_by_key(name, name_of).ok().and_then(|at| rows.get(at));
    Ok(found.and_then(|row| row.last_chunk().map(|position| u64::from_be_bytes(*position))))
}

/// Where a name may be.
pub(crate) enum Found {
    /// Nowhere: it was never admitted.
    Nowhere,
    /// In no run yet, at this position.
    Recent(u64),
    /// In one of these runs, or nowhere.
    Perhaps(Vec<u32>),
}

impl Found {
    /// The position of the name, if it was admitted.
    pub(crate) fn position(self, state: &dyn State, name: &fact::Id) -> Result<Option<u64>, StateFault> {
        match self {
            Found::Nowhere => Ok(None),
            Found::Recent(position) => Ok(Some(position)),
            Found::Perhaps(runs) => {
                for run in runs {
                    if let Some(position) = position_in(state, run, name)? {
                        return Ok(Some(position));
                    }
                }
                Ok(None)
            }
        }
    }
}

/// Finds names. A name is `recent` from the moment it is durable, and in a table once its run is committed; it is
/// never in neither, so whoever asks under the lock misses none.
#[derive(Default)]
pub(crate) struct Names {
    recent: BTreeMap<fact::Id, u64>,
    tables: Vec<Table>,
}

impl Names {
    /// All names of a state's runs, and those behind the last run.
    pub(crate) fn load(view: &View, recent: &[(fact::Id, u64)]) -> Result<Names, StateFault> {
        let mut names = Names { recent: recent.iter().copied().collect(), tables: Vec::new() };
        view.walk(Space::Seen, &mut |key, value| {
            let run = key.first_chunk().map_or(0, |key| u32::from_be_bytes(*key));
            rows(value).iter().try_for_each(|row| names.insert(&name_of(row), run))
        })?;
        Ok(names)
    }

    /// Takes in names that have just become durable.
    pub(crate) fn add(&mut self, names: BTreeMap<fact::Id, u64>) {
        self.recent.extend(names);
    }

    /// Takes note of a run that has just been committed.
    pub(crate) fn committed(&mut self, run: u32, names: &[fact::Id]) -> Result<(), StateFault> {
        for name in names {
            self.insert(name, run)?;
            self.recent.remove(name);
        }
        Ok(())
    }

    pub(crate) fn find(&self, name: &fact::Id) -> Found {
        if let Some(position) = self.recent.get(name) {
            return Found::Recent(*position);
        }
        let mut runs = Vec::new();
        for table in &self.tables {
            table.find(name, &mut runs);
        }
        if runs.is_empty() { Found::Nowhere } else { Found::Perhaps(runs) }
    }

    fn insert(&mut self, name: &fact::Id, run: u32) -> Result<(), StateFault> {
        if self.tables.last().is_none_or(Table::is_full) {
            self.tables.push(Table::new(FIRST_SLOTS << self.tables.len().min(16)));
        }
        match self.tables.last_mut() {
            Some(table) if run < (1 << (32 - PRINT_BITS)) - 1 => {
                table.insert(name, run);
                Ok(())
            }
            _ => Err(StateFault("more events than can be told apart in one installation".into())),
        }
    }
}

/// Open addressing. A slot is empty (0), or holds a run and some bits of a name's hash.
struct Table {
    slots: Vec<u32>,
    used: usize,
}

impl Table {
    fn new(slots: usize) -> Table {
        Table { slots: vec![0; slots], used: 0 }
    }

    fn is_full(&self) -> bool {
        self.used * 4 >= self.slots.len() * 3
    }

    fn insert(&mut self, name: &fact::Id, run: u32) {
        let (start, print) = self.place(name);
        let count = self.slots.len();
        for step in 0..count {
            if let Some(slot) = self.slots.get_mut((start + step) % count)
                && *slot == 0
            {
                *slot = ((run + 1) << PRINT_BITS) | print;
                self.used += 1;
                return;
            }
        }
    }

    fn find(&self, name: &fact::Id, runs: &mut Vec<u32>) {
        let (start, print) = self.place(name);
        let (before, from) = self.slots.split_at(start);
        for slot in from.iter().chain(before).take_while(|slot| **slot != 0) {
            if slot & ((1 << PRINT_BITS) - 1) == print {
                runs.push((slot >> PRINT_BITS) - 1);
            }
        }
    }

    /// First slot and print of a name.
    fn place(&self, name: &fact::Id) -> (usize, u32) {
        let whole = u128::from_be_bytes(name.0);
        // Names are keyed digests already; mixing only keeps made-up ones from lying side by side.
        let mixed = (whole ^ (whole >> 64)).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let high = u64::try_from(mixed >> 64).unwrap_or(0);
        let start = usize::try_from(high).unwrap_or(0) & (self.slots.len() - 1);
        (start, u32::try_from(high >> (64 - PRINT_BITS)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use doudi_model::person;
    use doudi_model::stage::Memory;

    use super::*;

    fn name(number: u64) -> fact::Id {
        person::Id(u128::from(number).wrapping_mul(0x0123_4567_89ab_cdef_0011).to_be_bytes())
    }

    #[test]
    fn every_name_is_found_at_its_position_and_no_other_is() {
        const COUNT: u64 = 200 * RUN as u64;
        let (mut names, mut state) = (Names::default(), Memory::default());
        let all: Vec<(fact::Id, u64)> = (0..COUNT).map(|number| (name(number), number * 3)).collect();
        for (run_number, chunk) in (0..).zip(all.chunks(RUN)) {
            names.add(chunk.iter().copied().collect());
            assert!(matches!(names.find(&chunk[7].0), Found::Recent(position) if position == chunk[7].1));
            state.put(Space::Seen, &run_key(run_number), run(&mut chunk.to_vec()));
            names.committed(run_number, &chunk.iter().map(|(name, _)| *name).collect::<Vec<_>>()).unwrap();
        }
        assert!(names.recent.is_empty());
        assert!(names.tables.len() > 1);
        for (name, position) in &all {
            assert_eq!(names.find(name).position(&state, name).unwrap(), Some(*position));
        }
        let mut looked_up = 0;
        for number in COUNT..2 * COUNT {
            let found = names.find(&name(number));
            looked_up += u64::from(matches!(found, Found::Perhaps(_)));
            assert_eq!(found.position(&state, &name(number)).unwrap(), None);
        }
        assert!(looked_up < COUNT / 100, "{looked_up} needless reads");
    }
}
