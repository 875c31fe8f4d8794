//! What a rule costs: one rule on a row beside rivals, one fact into a household, the catalogue loaded and proven.
//!
//! Everything is measured in this process, one after the other, each best of several rounds; figures stand in
//! `README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark prints its figures, and stops at once"
)]

#[path = "../../crates/rules/tests/files/mod.rs"]
mod files;
mod household;
mod scalar;
mod watch;

use doudi_rules::bundle::Bundle;

fn main() {
    let files = files::of_bundle(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules").as_ref());
    let load = watch::best(7, || Bundle::load(files.clone()).unwrap());
    let bundle = Bundle::load(files).unwrap();
    println!(
        "catalogue: {} rules and {} features loaded and proven in {:.1} ms",
        bundle.rules().len(),
        bundle.features().iter().len(),
        load.as_secs_f64() * 1e3
    );
    let tests = watch::best(7, || assert!(bundle.run_tests().iter().all(|test| test.passed())));
    println!("catalogue: its embedded tests run in {:.1} ms", tests.as_secs_f64() * 1e3);
    scalar::compare();
    household::compare(&bundle);
}
