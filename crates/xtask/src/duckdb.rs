//! DuckDB, from Python's package index, kept under the target folder: the engine that answers our SQL in tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::tool;

/// What is installed, by name and version.
const PACKAGE: &str = "duckdb==2.0.1";

/// How long a slow line may take for some 25 MB.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// A Python that has DuckDB, installed first if the target folder lacks it.
///
/// `DOUDI_PYTHON` names another one. The folder appears whole or not at all, so an interrupted installation or two
/// at once do no harm.
///
/// # Errors
/// Where Python or its `venv` is missing, or the package cannot be fetched; with the line to run.
pub fn python() -> Result<PathBuf, String> {
    if let Some(python) = std::env::var_os("DOUDI_PYTHON") {
        return answers(Path::new(&python))
            .then(|| PathBuf::from(&python))
            .ok_or_else(|| format!("DOUDI_PYTHON={} cannot import duckdb", python.to_string_lossy()));
    }
    let place = tool::target().join(PACKAGE.replace("==", "-"));
    let python = place.join("bin").join("python");
    if answers(&python) {
        return Ok(python);
    }
    eprintln!("installing {PACKAGE} for Python (once)");
    let partial = place.with_extension(format!("partial-{}", std::process::id()));
    let installed = install(&partial).and_then(|()| keep(&partial, &place));
    let _ = fs::remove_dir_all(&partial);
    installed.map(|()| python).map_err(|e| {
        format!("{e}\nDuckDB is needed for these tests; where it is missing, run:\n  sudo apt-get install python3 python3-venv\nthen `cargo xtask setup`")
    })
}

fn answers(python: &Path) -> bool {
    tool::answers(Command::new(python).args(["-c", "import duckdb"]))
}

fn install(into: &Path) -> Result<(), String> {
    tool::run(Command::new("python3").args(["-m", "venv"]).arg(into), LIMIT)?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", PACKAGE];
    tool::run(Command::new(into.join("bin").join("python")).args(pip), LIMIT)
}

fn keep(partial: &Path, place: &Path) -> Result<(), String> {
    let _ = fs::remove_dir_all(place); // left over without a working package
    match fs::rename(partial, place) {
        Ok(()) => Ok(()),
        Err(_) if answers(&place.join("bin").join("python")) => Ok(()), // another process was quicker
        Err(e) => Err(format!("{}: {e}", place.display())),
    }
}
