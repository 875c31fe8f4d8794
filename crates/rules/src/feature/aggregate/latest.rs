//! `latest`: the value of the last fact by valid day; what older ones lack does not matter.

use doudi_model::{Fact, Value};

use super::Case;
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// Unknown if the last fact lacks the field, or one that may count is later than it.
    pub(super) fn latest(&mut self) -> Result<Value, Reason> {
        match last(self.sure, self.doubtful)? {
            Some(fact) => self.pick(fact),
            None => self.of.none(self.unit),
        }
    }
}

/// The last fact; unknown if one that may count is later.
pub(super) fn last<'f>(sure: &[&'f Fact], doubtful: &[(&'f Fact, &str)]) -> Result<Option<&'f Fact>, Reason> {
    let last = sure.iter().copied().max_by(|one, other| one.by_time(other));
    let later = |(fact, _): &&(&Fact, &str)| last.is_none_or(|last| last.by_time(fact).is_lt());
    match doubtful.iter().find(later) {
        Some((_, field)) => Err(Reason::FieldMissing((*field).to_owned())),
        None => Ok(last),
    }
}
