//! Whoever watches gets every notice once and in order, or is told which are gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod toy;

use doudi_model::stage::{Space, State};
use doudi_store::books::Books;
use doudi_store::outbox::{Delivery, KEPT, Subscription};
use toy::{event, feed, open};

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn watchers_get_every_notice_once_and_go_on_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    let mut live = house.subscribe(None).unwrap();
    feed(&house, (0..900).map(event).collect());
    let next = |subscription: &mut Subscription| match block_on(subscription.next()).unwrap() {
        Some(Delivery::Notice(sequence, _)) => sequence,
        other => panic!("{other:?}"),
    };
    let all: Vec<u64> = (0..300).map(|_| next(&mut live)).collect();
    assert_eq!(all, (1..=300).collect::<Vec<_>>());
    house.shutdown().unwrap();
    drop((live, house));

    let house = open(dir.path());
    let mut again = house.subscribe(Some(298)).unwrap();
    assert_eq!((next(&mut again), next(&mut again)), (299, 300));
    feed(&house, (900..1_200).map(event).collect());
    assert_eq!(next(&mut again), 301);
    // A number that this installation never gave: from now on.
    let mut stranger = house.subscribe(Some(1 << 40)).unwrap();
    feed(&house, (1_200..1_500).map(event).collect());
    assert_eq!(next(&mut stranger), 401);
}

#[test]
fn a_watcher_who_was_away_too_long_is_told_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let house = open(dir.path());
    let mut slow = house.subscribe(None).unwrap();
    feed(&house, (0..3 * (KEPT + 100)).map(event).collect());
    let newest = Books::of(&house.read()).unwrap().notices;
    assert_eq!(newest, KEPT + 100);
    assert_eq!(house.read().scan(Space::Outbox, &[]).unwrap().len() as u64, KEPT);
    for subscription in [&mut slow, &mut house.subscribe(Some(0)).unwrap()] {
        assert_eq!(block_on(subscription.next()).unwrap(), Some(Delivery::Missed(1, 100)));
        assert!(matches!(block_on(subscription.next()).unwrap(), Some(Delivery::Notice(101, _))));
    }
}
