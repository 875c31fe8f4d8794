//! Slows down whoever guesses passwords: after five failures a name or an address has to wait.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const FREE: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(900);
const FORGET: Duration = Duration::from_secs(3600);
const KEPT_MAX: usize = 10_000;

/// Failures by key (`name:` or `address:`).
#[derive(Debug, Default)]
pub struct Limit {
    by_key: Mutex<BTreeMap<String, (u32, Instant)>>,
}

impl Limit {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (u32, Instant)>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a key still has to wait; `None` if it may try now.
    #[must_use]
    pub fn wait(&self, key: &str) -> Option<Duration> {
        let all = self.lock();
        let (failures, last) = all.get(key)?;
        wait_after(*failures).checked_sub(last.elapsed()).filter(|left| !left.is_zero())
    }

    /// Notes a failure.
    pub fn failed(&self, key: &str) {
        let mut all = self.lock();
        let now = Instant::now();
        if all.len() >= KEPT_MAX {
            all.retain(|_, (_, last)| now.duration_since(*last) < FORGET);
            if all.len() >= KEPT_MAX {
                all.pop_first();
            }
        }
        let entry = all.entry(key.to_owned()).or_insert((0, now));
        *entry = (entry.0.saturating_add(1), now);
    }

    /// Forgets the failures of a key after it succeeded.
    pub fn succeeded(&self, key: &str) {
        self.lock().remove(key);
    }
}

fn wait_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(over) => FIRST_WAIT.saturating_mul(1 << over.min(6)).min(LONGEST_WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_are_free_and_then_the_wait_doubles() {
        let limit = Limit::default();
        for _ in 0..4 {
            limit.failed("name:a");
        }
        assert!(limit.wait("name:a").is_none());
        limit.failed("name:a");
        assert!(limit.wait("name:a").unwrap() > Duration::from_secs(28));
        assert!(limit.wait("name:b").is_none());
        assert_eq!(wait_after(6), FIRST_WAIT * 2);
        assert_eq!(wait_after(60), LONGEST_WAIT);
        limit.succeeded("name:a");
        assert!(limit.wait("name:a").is_none());
    }
}
