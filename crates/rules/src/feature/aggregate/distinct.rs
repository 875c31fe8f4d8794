//! `distinct`: how many different values the facts have.

use std::collections::BTreeSet;

use doudi_model::Value;

use super::{Case, counted};
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// Unknown if one fact lacks the field or may or may not count.
    pub(super) fn distinct(&mut self) -> Result<Value, Reason> {
        self.settled()?;
        if self.sure.is_empty() {
            return self.of.none(self.unit);
        }
        Ok(counted(self.values()?.into_iter().collect::<BTreeSet<_>>().len()))
    }
}
