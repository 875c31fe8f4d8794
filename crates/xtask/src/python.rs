//! Engines that answer our SQL in tests, from Python's package index, each kept under the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::tool;

/// How long a slow line may take for the largest of them, some 500 MB.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// An engine as a Python package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// DuckDB, some 25 MB.
    DuckDb,
    /// ClickHouse as a library.
    ClickHouse,
    /// Spark; it also needs Java, as the broker does.
    Spark,
}

impl Engine {
    /// All of them.
    pub const ALL: [Engine; 3] = [Engine::DuckDb, Engine::ClickHouse, Engine::Spark];

    /// What is installed, by name and version.
    fn package(self) -> &'static str {
        match self {
            Engine::DuckDb => "duckdb==2.0.1",
            Engine::ClickHouse => "chdb==4.4.0",
            Engine::Spark => "pyspark==4.3.0",
        }
    }

    fn module(self) -> &'static str {
        self.package().split_once("==").map_or("", |(name, _)| name)
    }

    /// A Python that has the engine, installed first if the target folder lacks it.
    ///
    /// The folder appears whole or not at all, so an interrupted installation or two at once do no harm.
    ///
    /// # Errors
    /// Where Python or its `venv` is missing, or the package cannot be fetched; with the line to run.
    pub fn python(self) -> Result<PathBuf, String> {
        let place = tool::target().join("python").join(self.package().replace("==", "-"));
        let python = place.join("bin").join("python");
        if self.answers(&python) {
            return Ok(python);
        }
        eprintln!("installing {} for Python (once)", self.package());
        let partial = place.with_extension(format!("partial-{}", std::process::id()));
        let installed = self.install(&partial).and_then(|()| self.keep(&partial, &place));
        let _ = fs::remove_dir_all(&partial);
        installed.map(|()| python).map_err(|e| {
            let package = self.package();
            format!(
                "{e}\n{package} is needed for these tests; where it is Python that is missing, run:\n\n  \
                 sudo apt-get install python3 python3-venv\n"
            )
        })
    }

    fn answers(self, python: &Path) -> bool {
        python.is_file() && tool::answers(Command::new(python).arg("-c").arg(format!("import {}", self.module())))
    }

    fn install(self, into: &Path) -> Result<(), String> {
        tool::run(Command::new("python3").args(["-m", "venv"]).arg(into), LIMIT)?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", self.package()];
        tool::run(Command::new(into.join("bin").join("python")).args(pip), LIMIT)
    }

    fn keep(self, partial: &Path, place: &Path) -> Result<(), String> {
        let _ = fs::remove_dir_all(place); // left over without a working package
        match fs::rename(partial, place) {
            Ok(()) => Ok(()),
            Err(_) if self.answers(&place.join("bin").join("python")) => Ok(()), // another process was quicker
            Err(e) => Err(format!("{}: {e}", place.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_named_with_its_version() {
        for engine in Engine::ALL {
            let (name, version) = engine.package().split_once("==").unwrap();
            assert!(!name.is_empty() && version.starts_with(|c: char| c.is_ascii_digit()), "{}", engine.package());
        }
    }
}
