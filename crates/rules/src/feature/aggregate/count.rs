//! `count`: how many facts count.

use doudi_model::Value;

use super::{Case, counted};
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// Unknown if one may or may not count.
    pub(super) fn count(&mut self) -> Result<Value, Reason> {
        self.settled()?;
        if self.sure.is_empty() { self.of.none(self.unit) } else { Ok(counted(self.sure.len())) }
    }
}
