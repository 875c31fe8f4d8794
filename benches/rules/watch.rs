//! The stopwatch: the best of some rounds, since whatever disturbs a round only makes it longer.

use std::hint::black_box;
use std::time::{Duration, Instant};

pub(crate) fn best<T>(rounds: usize, mut work: impl FnMut() -> T) -> Duration {
    let round = |_| {
        let began = Instant::now();
        black_box(work());
        began.elapsed()
    };
    (0..rounds).map(round).min().unwrap()
}

/// Nanoseconds for one of `count` things done in a time.
pub(crate) fn each(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * 1e9 / count as f64
}
