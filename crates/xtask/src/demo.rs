//! `cargo xtask demo`: from a clone to a county at work, in one command.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::setup::{self, For, Unmet};
use crate::tool;

/// Sets up what a build needs, builds `doudi` and becomes `doudi demo ARGS`.
///
/// The process is replaced, so that Ctrl-C and the exit code are the demo's own. Returns only on failure.
///
/// # Errors
/// Where set-up needs a person, or cargo cannot be started.
pub fn run(args: &[String]) -> Result<std::convert::Infallible, Unmet> {
    setup::run(For::Build)?;
    let error = command(args).exec();
    Err(Unmet::Failed(format!("cargo run: {error}")))
}

fn command(args: &[String]) -> Command {
    let mut command = tool::cargo(&["run", "--profile", "demo", "--package", "doudi", "--bin", "doudi", "--", "demo"]);
    command.args(args);
    command
}

/// The same command for a quarter of a minute, as a step of the lane: it must end well and have seen an alert.
///
/// # Errors
/// Where the demo fails, or its closing answer names no first alert.
pub fn check() -> Result<(), String> {
    let port = free_port()?;
    let args = ["--for", "15s", "--households", "500", "--port", &port, "--format", "json"].map(str::to_owned);
    let answer = tool::output(&mut command(&args))?;
    eprintln!("{}", answer.trim_end());
    if saw_an_alert(&answer) { Ok(()) } else { Err("the demo ended without a first alert".to_owned()) }
}

/// Whether the closing answer has a number at `first_alert_s`.
fn saw_an_alert(answer: &str) -> bool {
    let after = answer.rsplit_once("\"first_alert_s\":").map(|(_, rest)| rest.trim_start());
    after.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn free_port() -> Result<String, String> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    port.map(|addr| addr.port().to_string()).map_err(|e| format!("no free port: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_without_an_alert_is_not_taken_for_one() {
        assert!(saw_an_alert(r#"{"events":9,"first_alert_s":0.42,"url":"http://…"}"#));
        assert!(saw_an_alert("{\n  \"first_alert_s\": 3\n}\n"));
        assert!(!saw_an_alert(r#"{"events":9,"first_alert_s":null}"#));
        assert!(!saw_an_alert(""));
    }
}
