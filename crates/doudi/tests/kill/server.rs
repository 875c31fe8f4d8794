//! The real program as a child process: started, asked whether it is ready, killed.

use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http;

/// How long a start may take, in a slow build on a busy machine.
const START_MAX: Duration = Duration::from_secs(120);
/// How often a server that is starting is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// What all servers of one run have in common.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) data: PathBuf,
    pub(crate) accounts: PathBuf,
    /// What the house's clock says, as `DOUDI_CLOCK` takes it.
    pub(crate) clock: String,
}

/// A server that runs.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

/// The program under test: the one cargo built, or another build of it.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("DOUDI_BIN").map_or_else(|| env!("CARGO_BIN_EXE_doudi").into(), PathBuf::from)
}

/// The program with an environment of our own making.
pub(crate) fn command() -> Command {
    let mut command = Command::new(program());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DOUDI_") {
            command.env_remove(name);
        }
    }
    command
}

impl House {
    fn log(&self) -> PathBuf {
        self.data.with_extension("log")
    }

    /// The end of what the servers said.
    pub(crate) fn last_words(&self) -> String {
        let said = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    /// Starts a server and does not wait for it.
    pub(crate) fn start(&self) -> Server {
        let log = OpenOptions::new().create(true).append(true).open(self.log()).unwrap();
        let port = free_port();
        let child = command()
            .arg("--data")
            .arg(&self.data)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--accounts"])
            .arg(&self.accounts)
            .env("DOUDI_CLOCK", &self.clock)
            .env("DOUDI_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(File::open("/dev/null").unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Server { child, port }
    }

    /// Starts a server and waits until it is ready; tells how long that took.
    pub(crate) fn start_ready(&self) -> (Server, Duration) {
        let began = Instant::now();
        let mut server = self.start();
        loop {
            if server.is_ready() {
                return (server, began.elapsed());
            }
            if server.has_ended() && self.last_words().contains("in use") {
                // Someone took the port between our asking and the server's.
                server = self.start();
            }
            assert!(!server.has_ended(), "the server ended by itself:\n{}", self.last_words());
            assert!(began.elapsed() < START_MAX, "the server does not get ready:\n{}", self.last_words());
            std::thread::sleep(ASK_EVERY);
        }
    }
}

/// A port that nobody has at this moment.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl Server {
    /// Whether it answers, takes in more, and has applied everything durable.
    fn is_ready(&self) -> bool {
        http::get(self.port, "/readyz").is_ok_and(|answer| answer.status == 200)
    }

    /// Whether everything acknowledged is applied, and nobody is left to look at.
    fn is_at_rest(&self) -> bool {
        let answer = http::get(self.port, "/readyz").unwrap();
        let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        told["lag"] == 0 && told["pending"] == false
    }

    fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits until everything acknowledged is applied, and nobody is left to look at.
    pub(crate) fn settle(&self) {
        let began = Instant::now();
        while !self.is_at_rest() {
            assert!(began.elapsed() < START_MAX, "the server does not catch up");
            std::thread::sleep(ASK_EVERY);
        }
    }

    /// SIGKILL, and waits until the process is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and waits until the server has closed its house.
    pub(crate) fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success(), "the server did not close in order");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is no fault.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the program to its end and returns what it printed.
pub(crate) fn output(args: &[&str], data: &Path, clock: &str) -> String {
    let done = command().args(args).arg("--data").arg(data).env("DOUDI_CLOCK", clock).output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}
