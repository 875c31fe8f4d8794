//! `any`: whether one fact is so.

use doudi_model::Value;

use super::Case;
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// One true fact is enough, however silent the source; "none" needs a fresh source. Without `value` each fact that
    /// counts is a true one.
    pub(super) fn any(&mut self, stale: Option<Reason>) -> Result<Value, Reason> {
        let mut doubt = None;
        for fact in self.sure {
            if self.of.value.is_none() {
                return Ok(Value::Bool(true));
            }
            match self.pick(fact) {
                Ok(Value::Bool(true)) => return Ok(Value::Bool(true)),
                Ok(_) => {}
                Err(reason) => doubt = doubt.or(Some(reason)),
            }
        }
        for (fact, field) in self.doubtful {
            // Whether it counts does not matter if it is not so.
            let harmless = self.of.value.is_some() && self.pick(fact) == Ok(Value::Bool(false));
            if !harmless {
                doubt = doubt.or_else(|| Some(Reason::FieldMissing((*field).to_owned())));
            }
        }
        match doubt.or(stale) {
            Some(reason) => Err(reason),
            None if self.sure.is_empty() => self.of.none(self.unit),
            None => Ok(Value::Bool(false)),
        }
    }
}
