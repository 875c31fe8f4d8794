//! `all`: whether every fact is so. Of no fact nothing is true: absence is what `absent` says.

use doudi_model::Value;

use super::Case;
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// One false fact is enough, however silent the source; "all" needs a fresh source.
    pub(super) fn all(&mut self, stale: Option<Reason>) -> Result<Value, Reason> {
        let mut doubt = None;
        for fact in self.sure {
            match self.pick(fact) {
                Ok(Value::Bool(false)) => return Ok(Value::Bool(false)),
                Ok(_) => {}
                Err(reason) => doubt = doubt.or(Some(reason)),
            }
        }
        for (fact, field) in self.doubtful {
            // Beside another fact it does not matter whether one counts that is so as well.
            let harmless = !self.sure.is_empty() && self.pick(fact) == Ok(Value::Bool(true));
            if !harmless {
                doubt = doubt.or_else(|| Some(Reason::FieldMissing((*field).to_owned())));
            }
        }
        match doubt.or(stale) {
            Some(reason) => Err(reason),
            None if self.sure.is_empty() => self.of.none(self.unit),
            None => Ok(Value::Bool(true)),
        }
    }
}
