//! Ports that nobody has, and whether a broker answers at one.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// Marks our question, so that an answer to it can be told from an echo of it.
const CORRELATION: [u8; 4] = 0x646f_7564_i32.to_be_bytes();

/// A port on 127.0.0.1 that is free now and outside the range from which the system takes ports for clients.
///
/// A port of that range will not do: a client that keeps asking at a port nobody has yet is one day given that
/// very port as its own end, talks to itself and holds the port against the broker.
///
/// # Errors
/// Where no port is free.
pub fn free() -> Result<u16, String> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let below = client_range_begin().clamp(12_000, 32_768);
    let span = below - 11_000;
    let begin = (std::process::id() % u32::from(span)) as u16;
    for _ in 0..span {
        let step = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(7);
        let port = 11_000 + begin.wrapping_add(step) % span;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err("no free port between 11000 and 32767".to_owned())
}

/// Where the client range begins; Linux's usual 32768 where the system does not say.
fn client_range_begin() -> u16 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    range.split_whitespace().next().and_then(|begin| begin.parse().ok()).unwrap_or(32_768)
}

/// Whether a broker at the port answers a metadata request and counts at least itself among the live ones.
#[must_use]
pub fn answers(port: u16) -> bool {
    ask(port).is_some_and(|answer| live_brokers(&answer).is_some_and(|n| n > 0))
}

/// Kafka's Metadata request, version 4, for all topics, creating none. None unless a whole answer comes at once.
fn ask(port: u16) -> Option<Vec<u8>> {
    let limit = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), limit).ok()?;
    if stream.local_addr().ok()? == stream.peer_addr().ok()? {
        return None; // connected to ourselves
    }
    stream.set_read_timeout(Some(limit)).ok()?;
    let mut request = vec![0, 3, 0, 4]; // api key, version
    request.extend(CORRELATION);
    request.extend([0, 5]);
    request.extend(b"xtask"); // client id
    request.extend([0xff, 0xff, 0xff, 0xff, 0]); // topics: all; create missing ones: no
    stream.write_all(&u32::try_from(request.len()).ok()?.to_be_bytes()).ok()?;
    stream.write_all(&request).ok()?;
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut answer = vec![0; usize::try_from(u32::from_be_bytes(length)).ok().filter(|n| *n < 1 << 20)?];
    stream.read_exact(&mut answer).ok()?;
    Some(answer)
}

/// The number of brokers in a Metadata answer: correlation, throttle time, then an array of brokers.
fn live_brokers(answer: &[u8]) -> Option<i32> {
    if answer.get(..4)? != CORRELATION {
        return None;
    }
    Some(i32::from_be_bytes(answer.get(8..12)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ports_in_a_row_differ() {
        assert_ne!(free().unwrap(), free().unwrap());
    }

    #[test]
    fn nobody_at_a_port_is_no_answer() {
        assert!(!answers(free().unwrap()));
    }

    #[test]
    fn an_echo_of_the_question_is_no_answer() {
        let mut echo = vec![0, 3, 0, 4];
        echo.extend(CORRELATION);
        echo.extend([0, 5, b'x', b't']);
        assert_eq!(live_brokers(&echo), None);
    }

    #[test]
    fn a_broker_that_counts_nobody_is_not_ready() {
        let answer = |n: i32| [&CORRELATION[..], &[0; 4], &n.to_be_bytes()].concat();
        assert_eq!(live_brokers(&answer(0)), Some(0));
        assert_eq!(live_brokers(&answer(1)), Some(1));
        assert_eq!(live_brokers(&CORRELATION), None);
    }
}
