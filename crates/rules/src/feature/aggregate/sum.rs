//! `sum`: the values of all facts that count, added.

use doudi_model::Value;

use super::{Case, number_of};
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// Unknown if one fact lacks the field or may or may not count.
    pub(super) fn sum(&mut self) -> Result<Value, Reason> {
        self.settled()?;
        if self.sure.is_empty() {
            return self.of.none(self.unit);
        }
        let mut total: i64 = 0;
        for fact in self.sure {
            let part = number_of(&self.pick(fact)?).ok_or(Reason::Undefined)?;
            total = total.checked_add(part).ok_or(Reason::OutOfRange)?;
        }
        Ok(self.number(total))
    }
}
