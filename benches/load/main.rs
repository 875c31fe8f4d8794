//! The whole program under load: `doudi serve` as a child process, fed over HTTP on this machine.
//!
//! ```text
//! cargo build --release -p doudi
//! cargo bench -p doudi-benches -- people=125000 events=400000
//! ```
//!
//! | phase | asks |
//! |---|---|
//! | opening | how long a county's worth of registrations takes |
//! | alerts | at a steady 2,000 events a second, how long from an event to its alert on a screen |
//! | sustained | how many events a second are made durable, and applied, when more always wait |
//! | killed | how long after `kill -9` under that load the service is ready again |
//!
//! The sender, the screen and the service share the machine's cores; the sender's share is told. All events are made
//! before the clock starts. `perf=DIR` has `perf record` note where
//! the service spends the first three phases.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends"
)]

mod alerts;
mod asked;
mod feed;
#[path = "../../crates/rules/tests/files/mod.rs"]
mod files;
mod http;
mod rooms;
mod server;
mod throughput;

use std::time::Duration;

use asked::Asked;
use feed::Feed;
use server::House;

fn main() {
    let asked = Asked::read(std::env::args().skip(1));
    let scratch = tempfile::tempdir_in(&asked.dir).unwrap();
    let house = House::new(asked.doudi.clone(), scratch.path());
    let mut feed = Feed::new(&asked);
    println!("{} households, {} people", feed.households(), feed.people());

    let server = house.start_ready().0;
    let opening = feed.opening();
    let recorder = asked.perf.as_ref().map(|dir| server.record(&dir.join("opening.data")));
    let told = throughput::send(&server, &opening, asked.connections);
    println!("opening: {told}; {}", server.memory());
    drop((opening, recorder));

    let plan = feed.steady(asked.rate, Duration::from_secs(asked.alert_seconds));
    let recorder = asked.perf.as_ref().map(|dir| server.record(&dir.join("alerts.data")));
    println!("alerts: {}; {}", alerts::measure(&server, &plan), server.memory());
    drop((plan, recorder));

    let bodies = feed.batches(asked.events);
    let recorder = asked.perf.as_ref().map(|dir| server.record(&dir.join("sustained.data")));
    let told = throughput::send(&server, &bodies, asked.connections);
    println!("sustained: {told}; {}", server.memory());
    drop((bodies, recorder));
    println!("disk: {}", house.disk());

    let mut server = server;
    for round in 1..=asked.kills {
        let bodies = feed.batches(20_000);
        let answered = throughput::until_killed(&mut server, &bodies, asked.connections);
        let (next, ready) = house.start_ready();
        println!("killed {round}: after {answered} batches; ready again in {} ms", ready.as_millis());
        server = next;
    }
    let began = std::time::Instant::now();
    server.stop();
    println!("closing: {} ms", began.elapsed().as_millis());
    println!("after a clean stop: ready in {} ms", house.start_ready().1.as_millis());
    println!("state: {}", rooms::told(&house.data));
}
