//! A sound bundle with one file replaced by arbitrary bytes: loaded or refused with codes and hints, never a panic.
#![no_main]

use doudi_rules::bundle::{Bundle, Files};
use libfuzzer_sys::fuzz_target;

macro_rules! file {
    ($path:literal) => {
        ($path, include_bytes!(concat!("../../../../fixtures/bad/bundles/sound/", $path)).as_slice())
    };
}

const SOUND: [(&str, &[u8]); 7] = [
    file!("bundle.toml"),
    file!("levels.toml"),
    file!("divisions/table.csv"),
    file!("facts/civil.toml"),
    file!("features/all.toml"),
    file!("standards/figures.csv"),
    file!("warnings/burden.toml"),
];

fuzz_target!(|data: &[u8]| {
    let Some((which, bytes)) = data.split_first() else { return };
    let mut files: Files = SOUND.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
    if let Some((path, _)) = SOUND.get(usize::from(*which) % SOUND.len()) {
        files.insert((*path).to_owned(), bytes.to_vec());
    }
    if let Err(problems) = Bundle::load(files) {
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| problem.code.starts_with('B') && !problem.hint.zh.is_empty()));
    }
});
