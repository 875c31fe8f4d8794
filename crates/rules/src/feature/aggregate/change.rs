//! `change`: by how much a value has changed since the window began.
//!
//! It is the value that holds now less the value that held when the window began:
//!
//! - *now*: the last fact that counts and lies in the window, or, if there is none, the last one before it;
//! - *when the window began*: the last fact that counts and lies before the window's first day.
//!
//! So a value that nobody reported anew has not changed (0), and a value first reported inside the window has no start:
//! its change is unknown, never the whole value. `absent` says what it means if there is no fact at all.

use doudi_model::Value;

use super::latest::last;
use super::{Case, number_of};
use crate::feature::reading::Reason;

impl Case<'_, '_> {
    /// Unknown if either end is: no fact before the window, a field missing, or a later one that may or may not count.
    pub(super) fn change(&mut self) -> Result<Value, Reason> {
        let inside = last(self.sure, self.doubtful)?;
        let before = last(self.earlier, self.earlier_doubtful)?;
        let Some(before) = before else {
            return if inside.is_some() { Err(Reason::NoData) } else { self.of.none(self.unit) };
        };
        let Some(now) = inside else { return self.pick(before).map(|_| self.number(0)) };
        let (now, before) = (self.pick(now)?, self.pick(before)?);
        let (now, before) = number_of(&now).zip(number_of(&before)).ok_or(Reason::Undefined)?;
        now.checked_sub(before).map(|change| self.number(change)).ok_or(Reason::OutOfRange)
    }
}
