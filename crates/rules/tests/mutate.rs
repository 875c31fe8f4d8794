//! Bytes changed at random in the files of a bundle: loaded or refused with codes and hints, never a panic.
//!
//! A short run each time; longer on demand: `DOUDI_FUZZ_SECONDS=300 cargo test -p doudi-rules --test mutate`. The targets
//! for a coverage-guided fuzzer are in `fuzz/`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod files;

use std::path::Path;
use std::time::{Duration, Instant};

use doudi_rules::bundle::Bundle;

/// A sequence that looks random and is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most.max(1)).unwrap()).unwrap()
    }
}

/// What slips in: signs of the languages, extremes, other encodings.
const PIECES: [&[u8]; 28] = [
    b"\"",
    b"'",
    b"\"\"\"",
    b"[",
    b"]",
    b"{",
    b"}",
    b"=",
    b"\n",
    b",",
    b".",
    b"-",
    b"0",
    b"99999999999999999999",
    b"((((((((",
    b"&&",
    b"||",
    b"!",
    b" > ",
    b"null",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\x00",
    "低".as_bytes(),
    b"9999-12-31",
    b"1e400",
    b"#",
    b"a.b.c",
];

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        let length = dice.below(12).min(bytes.len() - at);
        match dice.below(5) {
            0 => {
                bytes.drain(at..at + length);
            }
            1 => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            2 if length > 0 => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
            3 => {
                let again = bytes[at..at + length].repeat(dice.below(40));
                bytes.splice(at..at, again);
            }
            _ => {
                let from = dice.below(bytes.len() + 1);
                let some = bytes[from..(from + 40).min(bytes.len())].to_vec();
                bytes.splice(at..at, some);
            }
        }
    }
}

#[test]
fn bytes_changed_at_random_are_loaded_or_refused() {
    let seconds = std::env::var("DOUDI_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(2);
    let until = Instant::now() + Duration::from_secs(seconds);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bad/bundles/sound");
    let sound = files::of_bundle(&root);
    let paths: Vec<String> = sound.keys().cloned().collect();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ seconds);
    let (mut tried, mut refused) = (0_u64, 0_u64);
    while Instant::now() < until {
        let mut files = sound.clone();
        for _ in 0..=dice.below(2) {
            mutate(files.get_mut(&paths[dice.below(paths.len())]).unwrap(), &mut dice);
        }
        tried += 1;
        let began = Instant::now();
        if let Err(problems) = Bundle::load(files.clone()) {
            refused += 1;
            for problem in &problems {
                assert!(problem.code.starts_with('B') && !problem.hint.zh.is_empty(), "{problem:?} {files:?}");
            }
        }
        assert!(began.elapsed() < Duration::from_secs(10), "too slow: {files:?}");
    }
    println!("{tried} bundles, {refused} refused");
    assert!(refused > 0);
}
