//! How many events a second the house makes durable and applies, with a machine that does next to nothing:
//! `cargo run -p doudi-store --example throughput -- [EVENTS] [BATCH] [CALLERS]`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../tests/toy/mod.rs"]
mod toy;

use std::thread;
use std::time::Instant;

use doudi_store::House;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let events = arguments.next().transpose()?.unwrap_or(200_000);
    let batch = arguments.next().transpose()?.unwrap_or(500);
    let callers = arguments.next().transpose()?.unwrap_or(4);
    let dir = tempfile::tempdir()?;
    let house = House::open(&toy::options(dir.path(), &toy::noon()), toy::Toy)?;

    let began = Instant::now();
    let share = events / callers;
    let last = thread::scope(|scope| {
        let callers: Vec<_> = (0..callers)
            .map(|caller| {
                let house = &house;
                scope.spawn(move || feed(house, caller * share, share, batch))
            })
            .collect();
        callers.into_iter().filter_map(|caller| caller.join().ok()?.ok()).max()
    });
    let durable = began.elapsed();
    house.wait_applied_blocking(last.unwrap_or(0))?;
    let applied = began.elapsed();
    let stats = house.stats()?;
    let rate = |time: std::time::Duration| u128::from(share * callers) * 1000 / time.as_millis().max(1);
    eprintln!("durable {}/s, applied {}/s, {} appends", rate(durable), rate(applied), stats.appends);
    eprintln!("journal {} KiB, state {} KiB", stats.journal_bytes >> 10, stats.state_bytes >> 10);
    house.shutdown()?;
    drop(house);

    let began = Instant::now();
    drop(House::open(&toy::options(dir.path(), &toy::noon()), toy::Toy)?);
    eprintln!("opened again in {} ms", began.elapsed().as_millis());
    let began = Instant::now();
    let entries = doudi_store::house::rebuild(dir.path(), toy::Toy)?;
    eprintln!("rebuilt {entries} entries in {} ms", began.elapsed().as_millis());
    Ok(())
}

fn feed(house: &House, first: u64, count: u64, batch: u64) -> Result<u64, doudi_store::Fault> {
    let mut last = 0;
    for begin in (first..first + count).step_by(usize::try_from(batch).unwrap_or(1)) {
        let end = (begin + batch).min(first + count);
        let placed = house.place_blocking((begin..end).map(toy::event).collect())?;
        last = last.max(placed.last().map_or(0, |placed| placed.position));
    }
    Ok(last)
}
