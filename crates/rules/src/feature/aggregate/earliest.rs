//! `earliest`: the value of the first fact by valid day; what later ones lack does not matter.

use doudi_model::{Fact, Value};

use super::Case;
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// Unknown if the first fact lacks the field, or one that may count is earlier than it.
    pub(super) fn earliest(&mut self) -> Result<Value, Reason> {
        let first = self.sure.iter().copied().min_by(|one, other| one.by_time(other));
        let earlier = |(fact, _): &&(&Fact, &str)| first.is_none_or(|first| fact.by_time(first).is_lt());
        if let Some((_, field)) = self.doubtful.iter().find(earlier) {
            return Err(Reason::FieldMissing((*field).to_owned()));
        }
        match first {
            Some(fact) => self.pick(fact),
            None => self.of.none(self.unit),
        }
    }
}
