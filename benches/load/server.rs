//! The service as a child process, and what it takes of the machine.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::Connection;

/// The day of all events, on which the service's clock stands still.
pub(crate) const DAY: &str = "2026-11-24";
const CLOCK: &str = "2026-11-24T10:00:00+08:00";
/// Clock ticks a second in `/proc/*/stat`, on every Linux there is.
const TICKS: u64 = 100;

/// A data directory and the program that serves it.
pub(crate) struct House {
    doudi: PathBuf,
    pub(crate) data: PathBuf,
    accounts: PathBuf,
}

impl House {
    pub(crate) fn new(doudi: PathBuf, scratch: &Path) -> House {
        let accounts = scratch.join("accounts.toml");
        let mut hash = Command::new(&doudi)
            .args(["account", "hash"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|fault| panic!("{}: {fault}; build it first", doudi.display()));
        hash.stdin.take().unwrap().write_all(b"doudi\n").unwrap();
        let hash = String::from_utf8(hash.wait_with_output().unwrap().stdout).unwrap();
        let text = format!(
            "[[account]]\nname = \"shenji\"\ndisplay = \"赵审计\"\nrole = \"auditor\"\noffice = \"xn-sj\"\n\
             division = \"421200000000\"\npassword = \"{}\"\n",
            hash.trim()
        );
        std::fs::write(&accounts, text).unwrap();
        House { doudi, data: scratch.join("data"), accounts }
    }

    /// Starts the service and waits until it is ready; tells how long that took.
    pub(crate) fn start_ready(&self) -> (Server, Duration) {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let began = Instant::now();
        let child = Command::new(&self.doudi)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
            .arg(&self.data)
            .arg("--accounts")
            .arg(&self.accounts)
            .env("DOUDI_CLOCK", CLOCK)
            .env("DOUDI_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Server { child, port };
        while !server.is_ready() {
            assert!(server.child.try_wait().unwrap().is_none(), "the service ended by itself");
            std::thread::sleep(Duration::from_millis(2));
        }
        (server, began.elapsed())
    }

    /// What each part of the data takes on disk.
    pub(crate) fn disk(&self) -> String {
        let part = |name: &str| format!("{name} {} MiB", size(&self.data.join(name)) >> 20);
        ["journal", "record", "state"].map(part).join(", ")
    }
}

fn size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return std::fs::metadata(path).map_or(0, |meta| meta.len()) };
    entries.map(|entry| size(&entry.unwrap().path())).sum()
}

/// The service at work.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Whether it answers, takes in more, and has applied everything durable.
    pub(crate) fn is_ready(&self) -> bool {
        self.told().is_some_and(|(status, told)| status == 200 && told["lag"] == 0)
    }

    fn told(&self) -> Option<(u16, serde_json::Value)> {
        let (status, body) = Connection::open(self.port).and_then(|mut to| to.get("/readyz")).ok()?;
        Some((status, serde_json::from_slice(&body).ok()?))
    }

    /// Waits until everything durable is applied, and no household is left to look at.
    pub(crate) fn settle(&self) {
        while !self.told().is_some_and(|(_, told)| told["lag"] == 0 && told["pending"] == false) {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Memory that is and was resident.
    pub(crate) fn memory(&self) -> String {
        format!("resident {} MiB, {} at most", self.memory_mib("VmRSS"), self.memory_mib("VmHWM"))
    }

    fn memory_mib(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_matches([':', ' ', '\t', 'k', 'B']).parse::<u64>().unwrap() / 1024
    }

    /// Processor time taken so far.
    pub(crate) fn busy(&self) -> Duration {
        busy(&self.child.id().to_string())
    }

    /// Runs `perf record` on the service until the answer is dropped.
    pub(crate) fn record(&self, file: &Path) -> Recorder {
        let id = self.child.id().to_string();
        let mut command = Command::new("perf");
        command.args(["record", "-F", "99", "--call-graph", "dwarf,16384", "-p", &id, "-o"]).arg(file);
        Recorder(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and waits until the house is closed.
    pub(crate) fn stop(mut self) {
        terminate(&self.child);
        assert!(self.child.wait().unwrap().success(), "the service did not close in order");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is no fault.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `perf record` at work.
pub(crate) struct Recorder(Child);

impl Drop for Recorder {
    fn drop(&mut self) {
        terminate(&self.0);
        let _ = self.0.wait();
    }
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

/// Processor time that a process has taken.
pub(crate) fn busy(id: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    // The name may hold blanks; the numbers follow its closing bracket.
    let numbers: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = numbers[11].parse::<u64>().unwrap() + numbers[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 1000 / TICKS)
}
