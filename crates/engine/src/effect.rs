//! What a stage does to the world outside: values that the shell carries out.

use doudi_model::digest::Hasher;
use doudi_model::stage::{At, Space, State, StateFault, load, save};
use doudi_model::warning::Change;
use doudi_model::{division, household, person};
use serde_json::Value;

/// What one entry led to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    /// Entries for the record, in order; each holds its number as `seq`.
    pub records: Vec<Value>,
    /// Changes of warnings for the desk, each as of the entry that caused it.
    pub changes: Vec<(At, Change)>,
    /// Households that live elsewhere now.
    pub moved: Vec<(household::Id, division::Code)>,
    /// A day that began and whose households have all been looked at: the desk's turn.
    pub day: Option<At>,
}

/// Key under which the number of the next record entry is kept.
pub const NEXT_RECORD: &[u8] = b"record.next";

/// Takes the next number of the record.
///
/// # Errors
/// If the state cannot be read or written.
pub fn next_record(state: &mut dyn State) -> Result<u64, StateFault> {
    let next: u64 = load(state, Space::Meta, NEXT_RECORD)?.unwrap_or(0);
    save(state, Space::Meta, NEXT_RECORD, &(next + 1))?;
    Ok(next)
}

/// An id derived from its cause: the same cause gives the same id, wherever and however often.
#[must_use]
pub fn id_of(parts: &[&[u8]]) -> person::Id {
    let mut hasher = Hasher::new();
    for part in parts {
        hasher.part(part);
    }
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(hasher.finish().0) {
        *to = from;
    }
    person::Id(id)
}
