//! The bundle of the repository, and reading a file under it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests; each file uses its own part"
)]

#[path = "../../../rules/tests/files/mod.rs"]
mod files;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use doudi_registers::table::{Reading, Table};
use doudi_rules::bundle::{Bundle, Files};

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The bundle's files.
pub(crate) fn bundle_files() -> Files {
    files::of_bundle(&root().join("rules"))
}

/// The bundle of the repository.
pub(crate) fn bundle() -> &'static Bundle {
    static BUNDLE: OnceLock<Bundle> = OnceLock::new();
    BUNDLE.get_or_init(|| {
        Bundle::load(bundle_files()).unwrap_or_else(|problems| {
            let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", said.join("\n"))
        })
    })
}

/// A file as it would be taken in.
#[track_caller]
pub(crate) fn read(path: &Path, register: Option<&str>) -> Vec<Table> {
    let book = doudi_registers::open::path(path).unwrap_or_else(|problem| panic!("{problem}"));
    let name = path.display().to_string();
    let register = register.map(|name| bundle().registers().get(name).expect("a register of the bundle"));
    doudi_registers::read(&book, &Reading { bundle: bundle(), register, as_of: None, name: &name })
}
