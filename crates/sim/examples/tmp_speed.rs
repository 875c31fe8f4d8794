#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]
#[path = "../tests/common/mod.rs"]
mod common;
use std::time::Instant;
fn main() {
    let tree = common::real_tree();
    let t = Instant::now();
    let mut load = doudi_sim::Load::new(1, 60_000, &tree, common::day("2026-11-24")).unwrap();
    println!("people {} in {:?}", load.world().population().people.len(), t.elapsed());
    let t = Instant::now();
    let mut out = String::new();
    let mut n = 0usize;
    for _ in 0..100 { out.clear(); load.batch(500, &mut out); n += 500; }
    println!("{n} events in {:?}; last batch {} bytes", t.elapsed(), out.len());
    let w = common::world(2000, 1);
    let t = Instant::now();
    let (mut n, mut b) = (0, 0);
    for line in w.events() { n += 1; b += line.len(); }
    println!("2000 households: {n} events {b} bytes {:?}", t.elapsed());
    let truth = w.truth();
    println!("stories {} faults {} complete {}", truth.stories().count(), truth.faults.len(), truth.households.iter().filter(|h| h.complete).count());
    let mut seen = std::collections::BTreeSet::new();
    for line in w.events() { let v = common::json(&line); if seen.insert(v["type"].to_string()) { println!("{line}"); } }
    for l in truth.lines().filter(|l| l.contains("plot\":\"")).take(3) { println!("{l}"); }
    for l in truth.lines().filter(|l| l.contains("\"fault\":")).take(2) { println!("{l}"); }
    let mut live = doudi_sim::Live::new(&w);
    let now = doudi_model::Instant::start_of(common::day("2026-11-25"));
    for _ in 0..30 { let s = live.step(now); println!("{:?} {} {} {}", s.plot, s.household, s.pause_ms, &s.event[..90]); }
}
