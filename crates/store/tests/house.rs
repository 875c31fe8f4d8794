//! The house keeps what it acknowledged, applies it once and in order, and says clearly when it cannot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod toy;

use std::fs;
use std::sync::Arc;
use std::thread;

use doudi_model::Digest;
use doudi_model::stage::{At, State, StateFault};
use doudi_store::books::{self, Books};
use doudi_store::{Body, House, Machine, Options, Placed, Step, digest, history, house};
use toy::{Toy, event, event_of, exact, feed, instant, journaled, name, noon, open, options, record_file, refusal};

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    // Position 0 says which bundle decides.
    assert_eq!(feed(&house, vec![event(1), event(2)]), [1, 2]);
    let before = exact(&house);
    drop(house);
    let house = open(dir.path());
    assert_eq!(exact(&house), before);
    assert_eq!(feed(&house, vec![event(3)]), [3]);
    assert_eq!(house.positions(&[name(2)]).unwrap(), [Some(2)]);
}

#[test]
fn an_event_is_journaled_once_however_often_it_comes() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    let placed = house.place_blocking(vec![event(1), event(2), event(1)]).unwrap();
    let fresh = |position, fresh| Placed { position, fresh };
    assert_eq!(placed, [fresh(1, true), fresh(2, true), fresh(1, false)]);
    // At once, so some are still in flight, and after they are applied.
    let again = house.place_blocking(vec![event(2), event(3)]).unwrap();
    assert_eq!(again, [fresh(2, false), fresh(3, true)]);
    house.wait_applied_blocking(3).unwrap();
    assert_eq!(house.place_blocking(vec![event(3)]).unwrap(), [fresh(3, false)]);
    assert_eq!(house.seen(&[name(1), name(3), name(4)]).unwrap(), [true, true, false]);
    assert_eq!(house.stats().unwrap().duplicates, 3);
    drop(house);
    assert_eq!(journaled(dir.path()).len(), 3);
    assert_eq!(open(dir.path()).place_blocking(vec![event(1)]).unwrap(), [fresh(1, false)]);
}

#[test]
fn every_event_of_many_is_known_again_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    // Enough for runs of names in the state, and some behind the last run.
    let known: Vec<u64> = feed(&open(dir.path()), (0..3_000).map(event).collect());
    let house = open(dir.path());
    let again = house.place_blocking((0..3_100).map(event).collect()).unwrap();
    assert_eq!(again.iter().filter(|placed| placed.fresh).count(), 100);
    let positions: Vec<u64> = again.iter().map(|placed| placed.position).take(3_000).collect();
    assert_eq!(positions, known);
}

#[test]
fn many_callers_share_a_sync() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    let positions: Vec<u64> = thread::scope(|scope| {
        let caller = |caller: u64| {
            let house = &house;
            // Every event is sent by two callers.
            move || (0..40).map(|at| feed(house, vec![event(caller / 2 * 100 + at)])[0]).collect::<Vec<_>>()
        };
        let callers: Vec<_> = (0..16).map(|number| scope.spawn(caller(number))).collect();
        callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
    });
    let mut distinct = positions.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!((positions.len(), distinct.len()), (640, 320));
    let stats = house.stats().unwrap();
    assert_eq!((stats.books.admitted, stats.duplicates, stats.lag), (320, 320, 0));
    assert!(stats.appends < 320, "{} appends", stats.appends);
}

#[test]
fn the_state_rebuilt_from_the_journal_is_the_same_bit_for_bit() {
    let dir = tempfile::tempdir().unwrap();
    let clock = noon();
    let house = House::open(&options(dir.path(), &clock), Toy).unwrap();
    let keys = house.keys().clone();
    for round in 0..20 {
        feed(&house, (round * 37..round * 37 + 50).map(event).collect());
        feed(&house, vec![refusal(round, &keys.vault)]);
    }
    clock.set(instant("2026-11-27T08:00:00+08:00"));
    feed(&house, vec![event(9_000)]);
    let (before, record) = (exact(&house), record_file(dir.path()));
    let aside = tempfile::tempdir().unwrap();
    let entries = house.stats().unwrap().books.next;
    let rebuilt = house::rebuild_aside(dir.path(), aside.path(), entries, Toy).unwrap();
    assert_eq!(digest::exact(&rebuilt.view()).unwrap(), before);
    drop(house);

    assert_eq!(house::rebuild(dir.path(), Toy).unwrap(), entries);
    assert_eq!(exact(&House::open(&options(dir.path(), &clock), Toy).unwrap()), before);
    fs::remove_dir_all(dir.path().join("state")).unwrap();
    assert_eq!(exact(&House::open(&options(dir.path(), &clock), Toy).unwrap()), before);
    assert_eq!(record_file(dir.path()), record);
}

#[test]
fn the_logical_digest_does_not_see_positions_and_batches() {
    let known = |numbers: &[u64]| {
        let dir = tempfile::tempdir().unwrap();
        let house = open(dir.path());
        numbers.iter().for_each(|number| drop(feed(&house, vec![event(*number)])));
        digest::logical(&house.read(), &|_, _, value| Some(value.to_vec())).unwrap()
    };
    assert_eq!(known(&[1, 2, 3]), known(&[3, 1, 2, 1]));
    assert_ne!(known(&[1, 2, 3]), known(&[1, 2]));
}

#[test]
fn a_second_house_on_the_same_directory_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    let fault = House::open(&options(dir.path(), &noon()), Toy).err().unwrap();
    assert_eq!(fault.code(), "store/locked");
    assert_eq!(house::rebuild(dir.path(), Toy).unwrap_err().code(), "store/locked");
    feed(&house, vec![event(1)]);
}

#[test]
fn each_day_begins_with_a_tick_also_the_days_when_nobody_sent_anything() {
    let dir = tempfile::tempdir().unwrap();
    let clock = noon();
    let house = House::open(&options(dir.path(), &clock), Toy).unwrap();
    feed(&house, vec![event(1)]);
    clock.set(instant("2026-11-26T00:00:01+08:00"));
    assert_eq!(feed(&house, vec![event(2)]), [4]);
    house.tick_if_due_blocking().unwrap();
    clock.set(instant("2026-11-27T06:00:00+08:00"));
    house.tick_if_due_blocking().unwrap();
    // Back, and to the same day again: time stands still.
    clock.set(instant("2026-11-20T06:00:00+08:00"));
    feed(&house, vec![event(3)]);
    let found: Vec<String> = house
        .entries(1)
        .unwrap()
        .map(|entry| match entry.unwrap() {
            (at, Body::Tick { day }) => format!("{day} begins at {}", at.instant),
            (at, _) => format!("event at {}", at.instant),
        })
        .collect();
    let expected = [
        "event at 2026-11-24T12:00:00+08:00",
        "2026-11-25 begins at 2026-11-25T00:00:00+08:00",
        "2026-11-26 begins at 2026-11-26T00:00:00+08:00",
        "event at 2026-11-26T00:00:01+08:00",
        "2026-11-27 begins at 2026-11-27T00:00:00+08:00",
        "event at 2026-11-27T00:00:00+08:00",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_clock_years_ahead_is_refused_until_it_is_set_right() {
    let dir = tempfile::tempdir().unwrap();
    let clock = noon();
    let house = House::open(&options(dir.path(), &clock), Toy).unwrap();
    feed(&house, vec![event(1)]);
    clock.set(instant("2036-11-24T12:00:00+08:00"));
    assert_eq!(house.place_blocking(vec![event(2)]).unwrap_err().code(), "store/clock-ahead");
    clock.set(instant("2026-11-24T12:00:01+08:00"));
    feed(&house, vec![event(2)]);
}

#[test]
fn a_change_of_bundle_is_an_entry_and_the_same_bundle_is_none() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    drop(open(dir.path()));
    let other = Options { bundle: Digest::of(b"other"), ..options(dir.path(), &noon()) };
    let house = House::open(&other, Toy).unwrap();
    assert_eq!(Books::of(&house.read()).unwrap().bundle, Some(Digest::of(b"other")));
    let started: Vec<_> = history::started(dir.path()).unwrap().into_iter().collect();
    assert_eq!(started, [(0, Digest::of(b"bundle")), (1, Digest::of(b"other"))]);
}

#[test]
fn a_disk_without_room_refuses_events_and_everything_else_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    feed(&open(dir.path()), vec![event(1)]);
    let full = Options { reserve_bytes: u64::MAX, ..options(dir.path(), &noon()) };
    let house = House::open(&full, Toy).unwrap();
    assert_eq!(house.place_blocking(vec![event(2)]).unwrap_err().code(), "store/disk-full");
    assert_eq!(house.seen(&[name(1), name(2)]).unwrap(), [true, false]);
    assert!(house.fault().is_none());
    drop(house);
    feed(&open(dir.path()), vec![event(2)]);
}

/// Whatever ends the machine, the house says so to all who wait, and a machine that works goes on from the journal.
fn check_a_machine_that_ends(kind: &str, code: &str) {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    feed(&house, vec![event(1)]);
    let placed = house.place_blocking(vec![event(2), event_of(kind, 3), event(4)]).unwrap();
    assert_eq!(house.wait_applied_blocking(placed[2].position).unwrap_err().code(), code);
    assert_eq!(house.place_blocking(vec![event(5)]).unwrap_err().code(), code);
    assert_eq!(house.fault().unwrap().code(), code);
    assert!(house.fault().unwrap().problem().hint.en.contains("start doudi again"));
    assert_eq!(house.positions(&[name(1)]).unwrap(), [Some(1)]);
    drop(house);

    let house = House::open(&options(dir.path(), &noon()), Idle).unwrap();
    assert_eq!(house.seen(&[1, 2, 3, 4, 5].map(name)).unwrap(), [true, true, true, true, false]);
}

struct Idle;

impl Machine for Idle {
    fn apply(&mut self, _: &mut dyn State, _: At, _: &Body) -> Result<Step, StateFault> {
        Ok(Step::default())
    }
}

#[test]
fn a_machine_that_fails_stops_the_house_and_loses_nothing() {
    check_a_machine_that_ends("toy.fault", "store/state");
}

#[test]
fn a_machine_that_panics_stops_the_house_and_loses_nothing() {
    check_a_machine_that_ends("toy.panic", "store/defect");
}

#[test]
fn a_record_that_comes_out_differently_is_a_fault_and_stays_as_it_is() {
    struct Moody;
    impl Machine for Moody {
        fn apply(&mut self, state: &mut dyn State, at: At, body: &Body) -> Result<Step, StateFault> {
            let mut step = Toy.apply(state, at, body)?;
            step.records.iter_mut().for_each(|record| record["mood"] = "bad".into());
            Ok(step)
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    for _ in 0..3 {
        feed(&house, (0..300).step_by(100).map(event).collect());
    }
    let record = record_file(dir.path());
    assert_eq!(record.lines().count(), 1);
    drop(house);
    assert_eq!(house::rebuild(dir.path(), Moody).unwrap_err().code(), "store/not-deterministic");
    assert_eq!(record_file(dir.path()), record);
    // The old state is still there.
    drop(open(dir.path()));
}

#[test]
fn entries_of_the_record_are_numbered_and_found() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    feed(&house, (0..9_000).map(event).collect());
    let stats = house.stats().unwrap();
    assert_eq!(stats.books.records, 3_000);
    for sequence in [0, 1, 15, 16, 17, 2_999] {
        let line = house.record(sequence).unwrap().unwrap();
        let entry: serde_json::Value = serde_json::from_slice(&line).unwrap();
        assert_eq!((entry["seq"].as_u64(), entry["expects"].as_u64()), (Some(sequence), Some(sequence)));
        let position = entry["position"].as_u64().unwrap();
        let (at, body) = house.entries(position).unwrap().next().unwrap().unwrap();
        assert_eq!(at.position, position);
        assert!(body.name().is_some());
    }
    assert_eq!(house.record(3_000).unwrap(), None);
    assert_eq!(house.records(2_990).unwrap().count(), 10);
    let of_one = books::records_of(&house.read(), "H-7").unwrap();
    assert_eq!(of_one.len(), 30);
    assert!(of_one.is_sorted());
}

#[test]
fn a_record_that_lost_lines_is_completed_by_a_rebuild() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    feed(&house, (0..3_000).map(event).collect());
    let (before, record) = (exact(&house), record_file(dir.path()));
    drop(house);
    fs::write(dir.path().join("record/record.jsonl"), &record[..record.len() / 2]).unwrap();
    let fault = House::open(&options(dir.path(), &noon()), Toy).err().unwrap();
    assert_eq!(fault.code(), "store/record-short");
    house::rebuild(dir.path(), Toy).unwrap();
    assert_eq!(exact(&open(dir.path())), before);
    assert_eq!(record_file(dir.path()), record);
}

#[test]
fn a_journal_that_lost_acknowledged_entries_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    feed(&house, (0..10).map(event).collect());
    house.shutdown().unwrap();
    assert_eq!(house.place_blocking(vec![event(11)]).unwrap_err().code(), "store/closed");
    drop(house);
    let segment = dir.path().join("journal/00000000000000000000.log");
    let length = fs::metadata(&segment).unwrap().len();
    fs::OpenOptions::new().write(true).open(&segment).unwrap().set_len(length - 1).unwrap();
    let fault = House::open(&options(dir.path(), &noon()), Toy).err().unwrap();
    assert_eq!(fault.code(), "store/corrupt");
    assert_eq!(fs::metadata(&segment).unwrap().len(), length - 1, "what was acknowledged is not cut");
}

#[test]
fn a_dead_letter_is_listed_shown_and_dealt_with() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    let keys = house.keys().clone();
    feed(&house, vec![event(1), refusal(7, &keys.vault), refusal(5, &keys.vault)]);
    let heads = books::dead_heads(&house.read()).unwrap();
    assert_eq!(heads.iter().map(|head| (head.id, head.position)).collect::<Vec<_>>(), [(name(7), 2), (name(5), 3)]);
    let letter = house.dead_letter(name(7)).unwrap().unwrap();
    assert_eq!(keys.vault.open_text(&letter.sealed_bytes).unwrap().reveal(), "event 7");
    assert_eq!(letter.problem.code, "payload/range");
    feed(&house, vec![Body::Resolved { dead: name(7) }]);
    assert_eq!(books::dead_head(&house.read(), name(7)).unwrap().unwrap().resolved, Some(4));
    assert!(house.dead_letter(name(6)).unwrap().is_none());
}

#[test]
fn many_small_callers_in_async_code_are_served() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..200)
            .map(|number| {
                let house = house.clone();
                tokio::spawn(async move {
                    let positions = house.submit(vec![event(number)]).await.unwrap();
                    house.wait_applied(positions[0]).await.unwrap();
                    assert_eq!(house.positions(&[name(number)]).unwrap(), [Some(positions[0])]);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        house.tick_if_due().await.unwrap();
    });
    assert_eq!(house.stats().unwrap().books.admitted, 200);
    let shared = Arc::new(house);
    shared.shutdown().unwrap();
}

#[test]
fn a_move_is_answered_and_is_the_same_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    assert_eq!(house.request_blocking(toy::a_move("visit")).unwrap().unwrap()["moved"], true);
    let refused = block_on(house.request(toy::a_move("refuse"))).unwrap().unwrap_err();
    assert_eq!(refused.code, "desk/refused");
    let mut moves = journaled(dir.path());
    for kept in &mut moves {
        let Body::Move(request) = kept else { panic!("only moves were asked") };
        assert!(request.reason.sealed().is_some(), "what staff wrote rests sealed");
        house.keys().vault.open_texts(request.free_texts().into_iter().map(|(_, text)| text));
    }
    assert_eq!(moves, [toy::a_move("visit"), toy::a_move("refuse")]);
}

#[test]
fn entries_of_the_house_cannot_be_handed_in() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    let tick = Body::Tick { day: "2030-01-01".parse().unwrap() };
    assert!(house.place_blocking(vec![tick]).is_err());
    assert!(house.place_blocking(vec![Body::Started { bundle: Digest::of(b"x") }]).is_err());
    assert!(house.place_blocking(Vec::new()).unwrap().is_empty());
}
