//! Senders that always have more to send.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::Connection;
use crate::server::{Server, busy};

/// What came of it.
pub(crate) struct Told {
    events: u64,
    /// Until the last was acknowledged.
    acknowledged: Duration,
    /// Until the last was applied.
    applied: Duration,
    answers: Vec<Duration>,
    /// Processor time of the service and of this process.
    served: Duration,
    sent: Duration,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |time: Duration| u128::from(self.events) * 1000 / time.as_millis().max(1);
        let micros = |time: Duration| time.as_micros() as f64 / self.events.max(1) as f64;
        write!(
            f,
            "{} events; {} a second acknowledged, {} a second applied ({:.1} s); answers p50 {} ms, p99 {} ms; \
             processor {:.1} µs an event, the sender {:.1} µs",
            self.events,
            rate(self.acknowledged),
            rate(self.applied),
            self.applied.as_secs_f64(),
            of_hundred(&self.answers, 50).as_millis(),
            of_hundred(&self.answers, 99).as_millis(),
            micros(self.served),
            micros(self.sent)
        )
    }
}

/// The time that so many of a hundred do not exceed. The times are sorted.
pub(crate) fn of_hundred(times: &[Duration], hundredth: usize) -> Duration {
    let at = (times.len() * hundredth).div_ceil(100).saturating_sub(1);
    times.get(at).copied().unwrap_or_default()
}

/// Events of a batch that were accepted; none may be refused or known.
pub(crate) fn accepted((status, body): (u16, Vec<u8>)) -> u64 {
    assert_eq!(status, 202, "{}", String::from_utf8_lossy(&body));
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((told["refused"].as_array().unwrap().len(), told["duplicates"].as_u64()), (0, Some(0)), "{told}");
    told["accepted"].as_u64().unwrap()
}

/// Sends all bodies over some connections, each waiting for its answer, and waits until all is applied.
pub(crate) fn send(server: &Server, bodies: &[Vec<u8>], connections: usize) -> Told {
    let (next, began) = (AtomicUsize::new(0), Instant::now());
    let (served, sent) = (server.busy(), busy("self"));
    let sender = || {
        let mut connection = Connection::open(server.port).unwrap();
        let (mut events, mut answers) = (0, Vec::new());
        while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
            let asked = Instant::now();
            events += accepted(connection.post(body).unwrap());
            answers.push(asked.elapsed());
        }
        (events, answers)
    };
    let all: Vec<(u64, Vec<Duration>)> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..connections).map(|_| scope.spawn(sender)).collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let acknowledged = began.elapsed();
    let sent = busy("self") - sent;
    server.settle();
    let applied = began.elapsed();
    let mut answers: Vec<Duration> = all.iter().flat_map(|(_, answers)| answers.iter().copied()).collect();
    answers.sort_unstable();
    let events = all.iter().map(|(events, _)| events).sum();
    Told { events, acknowledged, applied, answers, served: server.busy() - served, sent }
}

/// Sends bodies and kills the service half-way; returns how many were answered.
pub(crate) fn until_killed(server: &mut Server, bodies: &[Vec<u8>], connections: usize) -> usize {
    let (next, answered, port) = (AtomicUsize::new(0), AtomicUsize::new(0), server.port);
    let sender = || {
        let Ok(mut connection) = Connection::open(port) else { return };
        while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
            if connection.post(body).is_err() {
                return;
            }
            answered.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        (0..connections).for_each(|_| {
            scope.spawn(sender);
        });
        while answered.load(Ordering::Relaxed) < bodies.len() / 2 {
            std::thread::sleep(Duration::from_millis(1));
        }
        server.kill();
    });
    answered.into_inner()
}
