//! `months_with`: how many calendar months have at least one fact that counts.
//!
//! A month is a year and a month of the calendar, taken from the fact's valid day. A window of so many months back from
//! the day touches one calendar month more than its length, the first and the last of them in part: `12 months` gives up
//! to 13. For whole months take a calendar window, such as `previous year`.

use std::collections::BTreeSet;

use doudi_model::{Day, Value};

use super::{Case, counted};
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// Unknown if a month would count only by a fact that may or may not count.
    pub(super) fn months_with(&mut self) -> Result<Value, Reason> {
        let months: BTreeSet<_> = self.sure.iter().map(|fact| month(fact.valid)).collect();
        let open = self.doubtful.iter().find(|(fact, _)| !months.contains(&month(fact.valid)));
        match open {
            Some((_, field)) => Err(Reason::FieldMissing((*field).to_owned())),
            None if months.is_empty() => self.of.none(self.unit),
            None => Ok(counted(months.len())),
        }
    }
}

fn month(day: Day) -> (i16, i8) {
    (day.year(), day.month())
}
