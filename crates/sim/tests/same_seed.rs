//! The same seed gives the same bytes, on every machine and in whatever order the world is asked.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::inconsistent_digit_grouping,
    reason = "a test may fail"
)]

mod common;

use common::{options, small_tree};
use doudi_model::digest::Hasher;
use doudi_model::{Digest, Instant};
use doudi_sim::{Live, Load, Options, World};

fn digest(lines: impl Iterator<Item = String>) -> Digest {
    let mut hasher = Hasher::new();
    for line in lines {
        hasher.part(line.as_bytes());
    }
    hasher.finish()
}

fn small(seed: u64) -> World {
    World::new(options(60, seed), &small_tree()).unwrap()
}

/// If this changes on purpose, say so in the change log: worlds made before can no longer be made again.
#[test]
fn the_bytes_of_a_seed_are_those_of_last_time() {
    let world = small(7);
    assert_eq!(digest(world.events()).to_string(), "6f6e772d721c1e3136f3205e48943bcfa2102ac6a87ae7acfa150fe06cfbb19b");
    assert_eq!(
        digest(world.truth().lines()).to_string(),
        "675dc262c539075c224dee6969dc54231f139dcf50eea5181fc51ff22af81573"
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    assert_eq!(digest(small(1).events()), digest(small(1).events()));
    assert_ne!(digest(small(1).events()), digest(small(2).events()));
}

#[test]
fn asking_for_the_truth_first_changes_no_event() {
    let world = small(3);
    let before = digest(world.events());
    let _ = world.truth();
    assert_eq!(before, digest(world.events()));
}

#[test]
fn faults_do_not_change_what_is_so() {
    let clean = World::new(Options { faults_per_mille: 0, ..options(60, 3) }, &small_tree()).unwrap();
    let plots = |world: &World| {
        world.truth().households.into_iter().map(|home| (home.household, home.plot, home.since)).collect::<Vec<_>>()
    };
    assert_eq!(plots(&clean), plots(&small(3)));
}

#[test]
fn the_live_stream_of_a_seed_is_the_same_every_time() {
    let play = || {
        let world = small(5);
        let start = Instant::start_of("2026-11-25".parse().unwrap());
        let mut live = Live::new(&world);
        let mut now = start.ms();
        let steps: Vec<String> = (0..300)
            .map(|_| {
                let step = live.step(Instant::from_ms(now));
                now += i64::try_from(step.pause_ms).unwrap();
                step.event
            })
            .collect();
        digest(steps.into_iter())
    };
    assert_eq!(play(), play());
}

#[test]
fn the_load_of_a_seed_is_the_same_however_it_is_cut() {
    let load = || Load::new(9, 50, &small_tree(), "2026-11-24".parse().unwrap()).unwrap();
    let (mut whole, mut parts) = (String::new(), String::new());
    load().lines(100, &mut whole);
    let mut cut = load();
    cut.lines(40, &mut parts);
    cut.lines(60, &mut parts);
    assert_eq!(whole, parts);
}
