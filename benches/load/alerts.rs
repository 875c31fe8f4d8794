//! How long from an event to its alert on a screen, at a steady rate.
//!
//! Batches go out at their appointed times whether earlier ones were answered or not, and an alert is timed from its
//! batch's appointed time, so a service that stalls is charged for all that it kept waiting. An alert is
//! the notice of the case that opens in a household which had none.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::feed::Plan;
use crate::http::{Connection, line, listen};
use crate::server::{Server, busy};
use crate::throughput::{accepted, of_hundred};

/// Senders that wait for their appointed times.
const SENDERS: usize = 16;
/// Cases in one page of the list.
const PAGE: usize = 500;

/// What came of it.
pub(crate) struct Told {
    events: u64,
    lasted: Duration,
    expected: usize,
    alerts: Vec<Duration>,
    answers: Vec<Duration>,
    /// Batches that went out more than 5 ms after their time, because all senders still waited for answers.
    late: usize,
    served: Duration,
    sent: Duration,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |times: &[Duration], hundredth| of_hundred(times, hundredth).as_micros() as f64 / 1000.0;
        let share = |time: Duration| time.as_millis() * 100 / self.lasted.as_millis().max(1);
        write!(
            f,
            "{} events in {:.1} s; {} alerts of {}: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, worst {:.1} ms; \
             answers p50 {:.1} ms, p99 {:.1} ms; {} batches late; processor {} % of one core, the sender {} %",
            self.events,
            self.lasted.as_secs_f64(),
            self.alerts.len(),
            self.expected,
            ms(&self.alerts, 50),
            ms(&self.alerts, 90),
            ms(&self.alerts, 99),
            ms(&self.alerts, 100),
            ms(&self.answers, 50),
            ms(&self.answers, 99),
            self.late,
            share(self.served),
            share(self.sent)
        )
    }
}

/// Sends the plan and times its alerts.
pub(crate) fn measure(server: &Server, plan: &Plan) -> Told {
    let (ended, opened) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let screen = listen(server.port).unwrap();
    // The screen's reading must end although nothing may come any more.
    screen.get_ref().set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let (served, sent) = (server.busy(), busy("self"));
    let began = Instant::now() + Duration::from_millis(50);
    let (events, mut answers, late) = std::thread::scope(|scope| {
        scope.spawn(|| watch(screen, &ended, &opened));
        let done = send(server, plan, began);
        server.settle();
        std::thread::sleep(Duration::from_secs(1));
        ended.store(true, Ordering::Relaxed);
        done
    });
    let lasted = began.elapsed() - Duration::from_secs(1);
    let (served, sent) = (server.busy() - served, busy("self") - sent);
    let heard = opened.into_inner().unwrap();
    let homes = homes(server);
    let mut by_home: BTreeMap<&str, Instant> = BTreeMap::new();
    for (case, at) in &heard {
        by_home.entry(&homes[case]).or_insert(*at);
    }
    let due = |at: usize| began + plan.beat * u32::try_from(at).unwrap();
    let wanted = plan.batches.iter().enumerate().filter_map(|(at, (_, home))| Some((due(at), home.as_ref()?)));
    let mut alerts: Vec<Duration> =
        wanted.clone().filter_map(|(due, home)| Some(by_home.get(home.as_str())?.duration_since(due))).collect();
    alerts.sort_unstable();
    answers.sort_unstable();
    Told { events, lasted, expected: wanted.count(), alerts, answers, late, served, sent }
}

fn send(server: &Server, plan: &Plan, began: Instant) -> (u64, Vec<Duration>, usize) {
    let next = AtomicUsize::new(0);
    let sender = || {
        let mut connection = Connection::open(server.port).unwrap();
        let (mut events, mut answers, mut late) = (0, Vec::new(), 0);
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some((body, _)) = plan.batches.get(at) else { return (events, answers, late) };
            let due = began + plan.beat * u32::try_from(at).unwrap();
            let now = Instant::now();
            std::thread::sleep(due.saturating_duration_since(now));
            late += usize::from(now.saturating_duration_since(due) > Duration::from_millis(5));
            events += accepted(connection.post(body).unwrap());
            answers.push(due.elapsed());
        }
    };
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|_| scope.spawn(sender)).collect();
        let mut all = (0, Vec::new(), 0);
        for sender in senders {
            let (events, answers, late): (u64, Vec<Duration>, usize) = sender.join().unwrap();
            all.0 += events;
            all.1.extend(answers);
            all.2 += late;
        }
        all
    })
}

/// Notes when each case's opening is heard.
fn watch(
    mut screen: std::io::BufReader<std::net::TcpStream>,
    ended: &AtomicBool,
    opened: &Mutex<Vec<(String, Instant)>>,
) {
    while !ended.load(Ordering::Relaxed) {
        let Ok(line) = line(&mut screen) else { continue };
        let now = Instant::now();
        let Some(data) = line.strip_prefix("data:") else { continue };
        let notice: Value = serde_json::from_str(data).unwrap();
        if notice["kind"] == "case-opened" {
            opened.lock().unwrap().push((notice["case"].as_str().unwrap().to_owned(), now));
        }
    }
}

/// The household of every case.
fn homes(server: &Server) -> BTreeMap<String, String> {
    let mut connection = Connection::open(server.port).unwrap();
    let mut homes = BTreeMap::new();
    for closed in [false, true] {
        for page in 0.. {
            let path = format!("/v1/cases?closed={closed}&limit={PAGE}&offset={}", page * PAGE);
            let (status, body) = connection.get(&path).unwrap();
            assert_eq!(status, 200);
            let list: Value = serde_json::from_slice(&body).unwrap();
            let cases = list["cases"].as_array().unwrap();
            let text = |case: &Value, name: &str| case[name].as_str().unwrap().to_owned();
            homes.extend(cases.iter().map(|case| (text(case, "id"), text(case, "household"))));
            if cases.len() < PAGE {
                break;
            }
        }
    }
    homes
}
