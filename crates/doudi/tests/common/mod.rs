//! Runs the program as a user does: arguments in; exit code, stdout and stderr out. The clock stands still.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests; each file uses its own part"
)]

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The instant of all tests.
pub(crate) const NOW: &str = "2026-11-24T10:00:00+08:00";

/// What a run came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// stdout as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}: {self}"))
    }

    /// The errors on stderr, one JSON document a line.
    #[track_caller]
    pub(crate) fn errors(&self) -> Vec<Value> {
        self.on_stderr("error")
    }

    /// The documents on stderr that have this one member.
    #[track_caller]
    pub(crate) fn on_stderr(&self, member: &str) -> Vec<Value> {
        let lines = self.err.lines().filter(|line| line.starts_with('{'));
        let all = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        all.filter_map(|document| document.get(member).cloned()).collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit {}\n-- stdout\n{}-- stderr\n{}", self.code, self.out, self.err)
    }
}

/// The program over a data directory.
pub(crate) fn command(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doudi"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DOUDI_")) {
        command.env_remove(name);
    }
    command.env("DOUDI_CLOCK", NOW).env("DOUDI_DATA", data).args(args).current_dir(root());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn doudi(data: &Path, args: &[&str]) -> Run {
    finish(command(data, args), b"")
}

pub(crate) fn doudi_with(data: &Path, args: &[&str], stdin: &[u8]) -> Run {
    let mut command = command(data, args);
    command.stdin(Stdio::piped());
    finish(command, stdin)
}

fn finish(mut command: Command, stdin: &[u8]) -> Run {
    let mut child = command.spawn().unwrap();
    if let Some(mut pipe) = child.stdin.take() {
        let bytes = stdin.to_vec();
        std::thread::spawn(move || pipe.write_all(&bytes));
    }
    let done = child.wait_with_output().unwrap();
    Run {
        code: done.status.code().unwrap(),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// An empty data directory.
pub(crate) fn fresh() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A data directory that has taken in the first-warning fixture.
pub(crate) fn with_first_warning() -> tempfile::TempDir {
    let dir = fresh();
    assert_eq!(doudi(dir.path(), &["ingest", FIRST_WARNING, "--quiet"]).code, 1);
    dir
}

pub(crate) const FIRST_WARNING: &str = "fixtures/first-warning/events.jsonl";
