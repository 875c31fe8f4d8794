//! `min`: the least value.

use doudi_model::Value;

use super::Case;
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// Unknown if one fact lacks the field or may or may not count.
    pub(super) fn min(&mut self) -> Result<Value, Reason> {
        self.settled()?;
        self.values()?.into_iter().min().map_or_else(|| self.of.none(self.unit), Ok)
    }
}
