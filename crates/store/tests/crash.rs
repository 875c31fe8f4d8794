//! Killed at any moment, the house has everything it acknowledged, once, and goes on as if nothing had been.
//!
//! The test runs itself as a child that is killed (`kill -9`) after a random number of acknowledgements.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod toy;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use doudi_store::{Body, House};
use toy::{Toy, event, exact, journaled, noon, open, options, record_file};

const CHILD: &str = "DOUDI_STORE_TEST_CHILD";
const EVENTS: u64 = 20_000;
const BATCH: usize = 25;

/// What the child does: feeds all events it has not seen, and says so after each acknowledgement.
#[test]
fn child() {
    let Ok(dir) = std::env::var(CHILD) else { return };
    let house = open(Path::new(&dir));
    let numbers: Vec<u64> = (0..EVENTS).collect();
    let mut out = std::io::stdout();
    for batch in numbers.chunks(BATCH) {
        house.place_blocking(batch.iter().copied().map(event).collect()).unwrap();
        writeln!(out, "acknowledged {}", batch[batch.len() - 1]).unwrap();
        out.flush().unwrap();
    }
}

fn spawn(dir: &Path) -> Child {
    let own = std::env::current_exe().unwrap();
    let mut command = Command::new(own);
    command.args(["--exact", "child", "--nocapture"]).env(CHILD, dir).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Reads acknowledgements until there are enough, then kills. Returns the last number acknowledged.
fn kill_after(mut child: Child, acknowledgements: usize) -> Option<u64> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut last = None;
    let numbers = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok());
    for number in numbers.take(acknowledgements) {
        last = Some(number);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    last
}

/// A small generator, so that a failure can be run again with the same seed.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[test]
fn a_house_killed_again_and_again_ends_where_an_undisturbed_one_does() {
    let dir = tempfile::tempdir().unwrap();
    let mut seed = 20_261_124;
    let mut acknowledged = None;
    for round in 0..12 {
        let last = kill_after(spawn(dir.path()), 1 + (random(&mut seed) % 60) as usize);
        acknowledged = acknowledged.max(last);
        let names: BTreeSet<_> = journaled(dir.path()).iter().filter_map(Body::name).collect();
        for number in 0..=acknowledged.unwrap() {
            assert!(names.contains(&toy::name(number)), "round {round}: {number} of {acknowledged:?} is lost");
        }
    }
    let house = open(dir.path());
    house.place_blocking((0..EVENTS).map(event).collect()).unwrap();
    house.shutdown().unwrap();

    let undisturbed = tempfile::tempdir().unwrap();
    let other = open(undisturbed.path());
    other.place_blocking((0..EVENTS).map(event).collect()).unwrap();
    other.shutdown().unwrap();
    assert_eq!(journaled(dir.path()), journaled(undisturbed.path()));
    assert_eq!(exact(&house), exact(&other));
    assert_eq!(record_file(dir.path()), record_file(undisturbed.path()));
}

#[test]
fn a_second_process_is_refused_and_the_first_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = spawn(dir.path());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("acknowledged")));
    let fault = House::open(&options(dir.path(), &noon()), Toy).err().unwrap();
    assert_eq!(fault.code(), "store/locked");
    assert!(fault.problem().message.en.contains(&child.id().to_string()));
    assert!(lines.any(|line| line.unwrap().starts_with("acknowledged")));
    child.kill().unwrap();
    child.wait().unwrap();
    drop(open(dir.path()));
}
