//! The only wall clock of doudi.
//!
//! Everything else gets its instant from a log entry. `DOUDI_CLOCK="2026-11-24T10:00:00+08:00"` makes
//! time stand still at that instant; it is meant for tests and rehearsals.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use doudi_model::Instant;

use crate::fault::Fault;

/// The variable that sets a fixed clock.
pub const VARIABLE: &str = "DOUDI_CLOCK";

/// Tells what time it is.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A clock before 1970 reads as 1970; the steady clock then keeps to the last entry.
        Instant::from_ms(since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// A clock that stands still until it is set.
#[derive(Debug, Clone)]
pub struct Fixed(Arc<AtomicI64>);

impl Fixed {
    /// Stands at an instant.
    #[must_use]
    pub fn new(at: Instant) -> Fixed {
        Fixed(Arc::new(AtomicI64::new(at.ms())))
    }

    /// Moves it, also back; all clones move with it.
    pub fn set(&self, at: Instant) {
        self.0.store(at.ms(), Ordering::SeqCst);
    }
}

impl Clock for Fixed {
    fn now(&self) -> Instant {
        Instant::from_ms(self.0.load(Ordering::SeqCst))
    }
}

/// The clock that the environment asks for: the machine's, or a fixed one.
///
/// # Errors
/// If the variable is set to something that is not an instant.
pub fn from_env() -> Result<Arc<dyn Clock>, Fault> {
    match std::env::var(VARIABLE) {
        Ok(text) if !text.is_empty() => parse(&text),
        _ => Ok(Arc::new(System)),
    }
}

fn parse(text: &str) -> Result<Arc<dyn Clock>, Fault> {
    match text.parse() {
        Ok(at) => Ok(Arc::new(Fixed::new(at))),
        Err(_) => Err(Fault::new(
            "store/clock-setting",
            (format!("{VARIABLE} 不是带时区的时间"), format!("{VARIABLE} is not a time with an offset")),
            ("写成 2026-11-24T10:00:00+08:00，或去掉该变量", "write 2026-11-24T10:00:00+08:00, or unset the variable"),
        )
        .at(VARIABLE)),
    }
}

/// A clock that never runs backwards and never leaps far ahead of the log.
pub(crate) struct Steady {
    clock: Arc<dyn Clock>,
    /// Instant of the last entry, none before the first.
    last: Option<Instant>,
    /// Whether the present jump back has been reported.
    reported: bool,
    max_idle_days: i32,
}

impl Steady {
    pub(crate) fn new(clock: Arc<dyn Clock>, last: Option<Instant>, max_idle_days: i32) -> Steady {
        Steady { clock, last, reported: false, max_idle_days }
    }

    /// Instant of the last entry.
    pub(crate) fn last(&self) -> Option<Instant> {
        self.last
    }

    /// Takes note of an entry's instant.
    pub(crate) fn passed(&mut self, at: Instant) {
        self.last = self.last.max(Some(at));
    }

    /// Now, but not earlier than the last entry.
    ///
    /// # Errors
    /// If the clock is so far ahead of the last entry that it is more likely wrong than that nobody
    /// sent anything: every day in between would be played as a tick, and time could not go back.
    pub(crate) fn now(&mut self) -> Result<Instant, Fault> {
        let now = self.clock.now();
        let Some(last) = self.last else { return Ok(now) };
        if now < last {
            if !self.reported {
                self.reported = true;
                tracing::warn!(clock = %now, last = %last, "the clock went back; entries keep the last instant until it catches up");
            }
            return Ok(last);
        }
        self.reported = false;
        let idle = now.day().days_since(last.day());
        if idle > self.max_idle_days {
            return Err(Fault::new(
                "store/clock-ahead",
                (
                    format!("系统时钟 {now} 比最后一条记录（{last}）晚 {idle} 天"),
                    format!("the clock says {now}, {idle} days after the last entry ({last})"),
                ),
                (
                    "校准系统时钟；如果确实停用了这么久，加 --idle-days 天数（不少于上面的天数）接受它",
                    "set the clock right; if it really rested that long, accept it with --idle-days DAYS (no fewer than that)",
                ),
            ));
        }
        Ok(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_goes_back_stands_still_for_entries() {
        let clock = Fixed::new(at("2026-11-24T10:00:00+08:00"));
        let mut steady = Steady::new(Arc::new(clock.clone()), None, 400);
        let first = steady.now().unwrap();
        steady.passed(first);
        clock.set(at("2026-11-24T09:00:00+08:00"));
        assert_eq!(steady.now().unwrap(), first);
        assert!(steady.reported);
        clock.set(at("2026-11-24T10:00:01+08:00"));
        assert_eq!(steady.now().unwrap(), at("2026-11-24T10:00:01+08:00"));
        assert!(!steady.reported);
    }

    #[test]
    fn a_clock_years_ahead_is_a_fault_and_not_a_thousand_ticks() {
        let clock = Fixed::new(at("2036-11-24T10:00:00+08:00"));
        let mut steady = Steady::new(Arc::new(clock), Some(at("2026-11-24T10:00:00+08:00")), 400);
        assert_eq!(steady.now().unwrap_err().code(), "store/clock-ahead");
    }

    #[test]
    fn a_fixed_clock_is_read_from_its_text() {
        assert_eq!(parse("2026-11-24T10:00:00+08:00").unwrap().now(), at("2026-11-24T10:00:00+08:00"));
        assert!(parse("tomorrow").is_err());
    }
}
