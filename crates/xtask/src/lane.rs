//! `cargo xtask test`: every step that must pass before a change lands, and a summary that hides none.
//!
//! A step passes, fails, or cannot run. What cannot run counts as failed, with one exception that the summary still
//! shows: the advisory database lies on a host of its own, and a machine that does not reach it can test all else.
//! Asked for by name (`--lane advisories`), even that one must run. Later steps run after a failed one, so that one
//! run tells everything, except that nothing runs after a failed set-up.

pub mod step;

use std::io::{self, Write};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::setup::{self, For, Unmet};
use crate::{demo, readme, tool};
use step::{Outcome, Report, Step, Verdict};

/// No step needs as long on two cores; one that hangs must not take the summary with it.
const LIMIT: Duration = Duration::from_secs(45 * 60);

/// The one step that is run only when it is named: ClickHouse and Spark are a gigabyte to fetch. The step `test` puts
/// the same SQL to DuckDB.
pub const SQL: &str = "sql";

/// The steps, in order.
pub const STEPS: [Step; 11] = [
    Step { name: "setup", what: "packages and tools", run: setup },
    Step { name: "fmt", what: "cargo fmt --all --check", run: fmt },
    Step { name: "clippy", what: "cargo clippy, warnings denied", run: clippy },
    Step { name: "deny", what: "licences, sources, who may use what", run: deny },
    Step { name: "advisories", what: "known faults in what we use", run: advisories },
    Step { name: "test", what: "cargo test --workspace", run: test },
    Step { name: "doc", what: "cargo doc, warnings denied", run: doc },
    Step { name: SQL, what: "our SQL on DuckDB, ClickHouse and Spark", run: sql },
    Step { name: "browser", what: "the desk in a real browser", run: browser },
    Step { name: "readme", what: "the READMEs' own commands", run: readme },
    Step { name: "demo", what: "cargo xtask demo, 15 seconds", run: demo },
];

/// Runs the named steps, or all.
///
/// # Errors
/// Where a name is no step's, or standard output is closed.
pub fn run(names: &[String]) -> Result<Verdict, String> {
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        let known = STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ");
        return Err(format!("there is no step `{unknown}`; the steps are {known}"));
    }
    let wanted = |step: &&Step| {
        if names.is_empty() { step.name != SQL } else { names.iter().any(|name| name == step.name) }
    };
    let chosen = STEPS.iter().filter(wanted);
    let begin = Instant::now();
    let mut reports: Vec<Report> = Vec::new();
    for step in chosen {
        let stopped = reports.iter().any(|r| r.name == "setup" && r.outcome != Outcome::Passed);
        reports.push(if stopped { step.not_run("set-up failed") } else { step.perform() });
    }
    let (text, verdict) = step::summary(&reports, begin.elapsed(), !names.is_empty());
    io::stdout().lock().write_all(text.as_bytes()).map_err(|e| e.to_string())?;
    if names.is_empty() {
        eprintln!("not among these: cargo xtask test --lane {SQL}, our SQL on three engines");
    }
    Ok(verdict)
}

/// Runs cargo to the end in the repository.
fn cargo(args: &[&str]) -> Outcome {
    tool::run(&mut tool::cargo(args), LIMIT).into()
}

fn setup() -> Outcome {
    match setup::run(For::Test) {
        Ok(()) => Outcome::Passed,
        Err(Unmet::Ask(text)) => Outcome::CannotRun(text),
        Err(Unmet::Failed(text)) => Outcome::Failed(text),
    }
}

fn fmt() -> Outcome {
    cargo(&["fmt", "--all", "--check"])
}

fn clippy() -> Outcome {
    cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}

fn deny() -> Outcome {
    cargo(&["deny", "check", "bans", "licenses", "sources"])
}

/// Fetches the database; where that fails, takes the one fetched earlier; where there is none, cannot run.
fn advisories() -> Outcome {
    match tool::output(&mut tool::cargo(&["deny", "check", "advisories"])) {
        Ok(_) => Outcome::Passed,
        Err(e) if e.contains("failed to fetch advisory database") => advisories_as_fetched(),
        Err(e) => Outcome::Failed(e),
    }
}

fn advisories_as_fetched() -> Outcome {
    match tool::output(&mut tool::cargo(&["deny", "--offline", "check", "advisories"])) {
        Ok(_) => Outcome::Passed,
        Err(e) if e.contains("advisories FAILED") => Outcome::Failed(e),
        Err(_) => Outcome::CannotRun("no advisory database reachable".to_owned()),
    }
}

fn test() -> Outcome {
    cargo(&["test", "--workspace"])
}

/// The tests that put our SQL to engines: more cases than `test` takes, and the engines that it leaves out for their size.
fn sql() -> Outcome {
    let mut command =
        tool::cargo(&["test", "--package", "doudi-rules", "--test", "sql", "--", "--include-ignored", "--nocapture"]);
    tool::run(command.env("DOUDI_SQL_PAIRS", "400000"), LIMIT).into()
}

fn doc() -> Outcome {
    let mut command = tool::cargo(&["doc", "--workspace", "--no-deps"]);
    tool::run(command.env("RUSTDOCFLAGS", "--deny warnings"), LIMIT).into()
}

/// Builds `doudi` as the tests built it (the same targets, so the same features, so nothing is built twice).
fn build() -> Result<std::path::PathBuf, String> {
    tool::run(&mut tool::cargo(&["build", "--workspace", "--bins", "--tests"]), LIMIT)?;
    Ok(tool::target().join("debug"))
}

/// A Node package of its own: its lock file says what is installed, `node --test` finds and runs its tests.
///
/// They are told where things are by `DOUDI_BIN` and `DOUDI_CHROMIUM`.
fn browser() -> Outcome {
    let dir = tool::repo().join("crates/server/tests/browser");
    if !dir.join("package.json").is_file() {
        return Outcome::CannotRun(format!("{} has no package.json", dir.display()));
    }
    let Some(chromium) = tool::on_path("chromium") else {
        return Outcome::CannotRun("there is no chromium".to_owned());
    };
    let steps = || -> Result<(), String> {
        let bin = build()?.join("doudi");
        tool::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&dir), LIMIT)?;
        let mut node = Command::new("node");
        node.arg("--test").current_dir(&dir).env("DOUDI_BIN", bin).env("DOUDI_CHROMIUM", chromium);
        tool::run(&mut node, LIMIT)
    };
    steps().into()
}

fn readme() -> Outcome {
    build().and_then(|bin| readme::run(&tool::repo(), &bin)).into()
}

fn demo() -> Outcome {
    demo::check().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_does_not_exist_is_an_error_that_names_those_that_do() {
        let error = run(&["tests".to_owned()]).unwrap_err();
        assert!(error.contains("no step `tests`") && error.contains("test, doc"), "{error}");
    }

    #[test]
    fn no_two_steps_share_a_name() {
        let names = STEPS.iter().map(|step| step.name).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(names.len(), STEPS.len());
    }
}
