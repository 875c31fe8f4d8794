//! Drawers: everything that is kept of one household, as one value at rest.
//!
//! An event reads and changes several keys of the same household. At rest they are one compressed value, so that an
//! event costs one read and one write, and most households stay in the cache. Above [`View`](crate::state::View) nobody
//! sees drawers: keys and values are those of the stages.
//!
//! # Form, version 1
//!
//! The key is the byte of [`Space::Household`] and the household. The value is an LZ4 block behind its size (four
//! bytes, little-endian); in it, pair by pair in the order of their keys: length of the key, key, length of the value,
//! value. A length is four bytes, little-endian. A key in a drawer is the byte of its space and what follows the
//! household in the key of the stages, from the first zero byte on.

use std::collections::BTreeMap;

use doudi_model::stage::{Space, StateFault};
use lz4_flex::block::{CompressTable, compress_into_with_table, get_maximum_output_size};

/// The largest drawer that is read. A household of hundreds of thousands of facts is still below it.
const MOST_BYTES: usize = 256 << 20;
const SIZE: usize = 4;

/// Whether the keys of a space lie in drawers. Such a key is a household, or a household, a zero byte and more.
pub(crate) fn holds(space: Space) -> bool {
    matches!(space, Space::Household | Space::HouseholdFact | Space::CaseByHousehold | Space::RecordByHousehold)
}

/// A stage's key as the household and the key in its drawer.
pub(crate) fn split(space: Space, key: &[u8]) -> (&[u8], Vec<u8>) {
    let end = key.iter().position(|byte| *byte == 0).unwrap_or(key.len());
    let (household, rest) = key.split_at(end);
    let mut inner = Vec::with_capacity(rest.len() + 1);
    inner.push(space as u8);
    inner.extend_from_slice(rest);
    (household, inner)
}

/// The key of a household's drawer in sled.
pub(crate) fn key(household: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(household.len() + 1);
    key.push(Space::Household as u8);
    key.extend_from_slice(household);
    key
}

/// The pairs of one household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Drawer {
    pairs: BTreeMap<Vec<u8>, Vec<u8>>,
    pub(crate) changed: bool,
}

impl Drawer {
    pub(crate) fn get(&self, inner: &[u8]) -> Option<&Vec<u8>> {
        self.pairs.get(inner)
    }

    /// Puts a value in, or takes it out.
    pub(crate) fn set(&mut self, inner: Vec<u8>, value: Option<Vec<u8>>) {
        match value {
            Some(value) => self.pairs.insert(inner, value),
            None => self.pairs.remove(&inner),
        };
        self.changed = true;
    }

    /// The pairs of one space with their keys as the stages know them, in order.
    pub(crate) fn of_space(&self, space: Space, household: &[u8]) -> impl Iterator<Item = (Vec<u8>, &[u8])> {
        let within = self.pairs.iter().filter(move |(inner, _)| inner.first() == Some(&(space as u8)));
        within.map(move |(inner, value)| ([household, inner.get(1..).unwrap_or_default()].concat(), value.as_slice()))
    }

    /// The value at rest; none for an empty drawer.
    ///
    /// # Errors
    /// If it is larger than a drawer may be.
    pub(crate) fn close<'a>(&self, press: &'a mut Press) -> Result<Option<&'a [u8]>, StateFault> {
        if self.pairs.is_empty() {
            return Ok(None);
        }
        press.plain.clear();
        for part in self.pairs.iter().flat_map(|(key, value)| [key, value]) {
            press.plain.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
            press.plain.extend_from_slice(part);
        }
        press.press().map(Some)
    }

    /// The drawer of a value at rest.
    pub(crate) fn open(bytes: &[u8]) -> Result<Drawer, StateFault> {
        let (size, block) = lz4_flex::block::uncompressed_size(bytes).map_err(|fault| damaged(&fault))?;
        if size > MOST_BYTES {
            return Err(damaged(&format!("{size} bytes")));
        }
        let plain = lz4_flex::block::decompress(block, size).map_err(|fault| damaged(&fault))?;
        let (mut rest, mut pairs) = (plain.as_slice(), BTreeMap::new());
        while !rest.is_empty() {
            let (key, value) = (part(&mut rest)?, part(&mut rest)?);
            pairs.insert(key, value);
        }
        Ok(Drawer { pairs, changed: false })
    }
}

/// What compressing takes, kept from one drawer to the next: making it anew costs more than compressing.
#[derive(Default)]
pub(crate) struct Press {
    plain: Vec<u8>,
    pressed: Vec<u8>,
    table: CompressTable,
}

impl Press {
    fn press(&mut self) -> Result<&[u8], StateFault> {
        if self.plain.len() > MOST_BYTES {
            return Err(StateFault(format!("a household has more than {MOST_BYTES} bytes of facts")));
        }
        let most = SIZE + get_maximum_output_size(self.plain.len());
        if self.pressed.len() < most {
            self.pressed.resize(most, 0);
        }
        let size = u32::try_from(self.plain.len()).unwrap_or(u32::MAX).to_le_bytes();
        let (head, block) = self.pressed.split_first_chunk_mut::<SIZE>().ok_or_else(|| damaged(&"no room"))?;
        *head = size;
        let length = compress_into_with_table(&self.plain, block, &mut self.table).map_err(|fault| damaged(&fault))?;
        Ok(self.pressed.get(..SIZE + length).unwrap_or_default())
    }
}

/// Takes the next part off.
fn part(rest: &mut &[u8]) -> Result<Vec<u8>, StateFault> {
    let cut = |rest: &[u8]| -> Option<(Vec<u8>, usize)> {
        let (length, behind) = rest.split_first_chunk::<SIZE>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        Some((behind.get(..length)?.to_vec(), SIZE + length))
    };
    let (part, taken) = cut(rest).ok_or_else(|| damaged(&"a part is cut off"))?;
    *rest = rest.get(taken..).unwrap_or_default();
    Ok(part)
}

fn damaged(what: &dyn std::fmt::Display) -> StateFault {
    StateFault(format!("a household's value is not of its form: {what}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_put_away_comes_out_again(
            pairs in proptest::collection::btree_map(
                proptest::collection::vec(any::<u8>(), 0..20),
                proptest::collection::vec(any::<u8>(), 0..300),
                1..8,
            ),
        ) {
            let drawer = Drawer { pairs, changed: false };
            prop_assert_eq!(Drawer::open(drawer.close(&mut Press::default()).unwrap().unwrap()).unwrap(), drawer);
        }

        #[test]
        fn damaged_bytes_are_a_fault_and_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Drawer::open(&bytes);
        }
    }

    #[test]
    fn keys_in_a_drawer_keep_the_order_of_the_stages() {
        let mut keys = vec![b"h-1".to_vec(), b"h-1\0aid".to_vec(), b"h-1\0medical".to_vec(), b"h-10\0aid".to_vec()];
        let split_order = |key: &Vec<u8>| {
            let (household, inner) = split(Space::HouseholdFact, key);
            (household.to_vec(), inner)
        };
        let before = keys.clone();
        keys.sort_by_key(split_order);
        assert_eq!(keys, before);
        assert!(before.is_sorted(), "as the stages have them");
    }
}
