//! A real Apache Kafka in KRaft mode, one process, for tests and for people trying things out.
//!
//! ```no_run
//! let mut broker = xtask::broker::Broker::start()?;
//! let _servers = broker.bootstrap(); // "127.0.0.1:PORT", for bootstrap.servers
//! broker.kill()?;                    // as kill -9 would
//! broker.restart()?;                 // same port, same data
//! # Ok::<(), String>(())
//! ```
//!
//! It takes about four seconds and 330 MB of heap at most. Its jars come from Maven, once (`cargo xtask setup` fetches
//! them ahead of the tests). Topics that are not there are created on first use, with four partitions.

pub mod jars;
pub mod port;
pub mod stray;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::tool;

const SERVER: &str = include_str!("../broker/server.properties");
const LOGGING: &str = include_str!("../broker/log4j2.properties");

/// Any 16 bytes do; a fixed one, since no two of these brokers ever meet.
const CLUSTER: &str = "4L6g3nShT-eMCtK--X86sw";

/// Four seconds on an idle machine; this much while a whole workspace is tested beside it.
const START_LIMIT: Duration = Duration::from_secs(120);

/// How many ports are tried before giving up: one found free can be taken before the broker has it.
const TRIES: usize = 3;

/// One running broker. Dropped, it is gone: the process and its data.
#[derive(Debug)]
pub struct Broker {
    jars: PathBuf,
    home: PathBuf,
    port: u16,
    running: Option<Running>,
}

/// The broker's process, and a watcher that ends it if we are ended without a chance to.
#[derive(Debug)]
struct Running {
    java: Child,
    watcher: Child,
}

impl Broker {
    /// Starts a broker with an empty data directory on a free port, and returns when it answers.
    ///
    /// # Errors
    /// Where Java or Maven is missing, or the broker does not come up; with the end of its log.
    pub fn start() -> Result<Self, String> {
        let jars = jars::folder()?;
        let mut failure = String::new();
        for _ in 0..TRIES {
            let (home, port) = (fresh_home(&std::env::temp_dir())?, port::free()?);
            let mut broker = Self { jars: jars.clone(), home, port, running: None };
            prepare(&broker.jars, &broker.home, port)?;
            match broker.restart() {
                Ok(()) => return Ok(broker),
                Err(e) => failure = e,
            }
            if !failure.contains("Address already in use") {
                break;
            }
        }
        Err(failure)
    }

    /// What a client needs to know: `127.0.0.1:PORT`. Stays the same over [`Self::kill`] and [`Self::restart`].
    #[must_use]
    pub fn bootstrap(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends the process at once, as a power cut would (but for what the system has yet to write to disk).
    ///
    /// # Errors
    /// Where the process cannot be ended. One that has ended already is no error.
    pub fn kill(&mut self) -> Result<(), String> {
        let Some(Running { mut java, mut watcher }) = self.running.take() else { return Ok(()) };
        java.kill().and_then(|()| java.wait()).map_err(|e| format!("the broker cannot be ended: {e}"))?;
        dismiss(&mut watcher);
        Ok(())
    }

    /// Starts the process again on the same port and data (ends it first if it runs), and returns when it answers.
    ///
    /// # Errors
    /// Where it does not come up; with the end of its log.
    pub fn restart(&mut self) -> Result<(), String> {
        self.kill()?;
        let mut java = launch(&self.jars, &self.home)?.spawn().map_err(|e| format!("java: {e}"))?;
        let watcher = match watch(java.id()) {
            Ok(watcher) => watcher,
            Err(e) => {
                let _ = java.kill();
                let _ = java.wait();
                return Err(e);
            }
        };
        let running = self.running.insert(Running { java, watcher });
        await_answer(&mut running.java, self.port, &self.home)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.kill();
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// A directory of our own below `parent`.
fn fresh_home(parent: &Path) -> Result<PathBuf, String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let home = parent.join(format!("doudi-kafka-{}-{number}", std::process::id()));
        match fs::create_dir_all(parent).and_then(|()| fs::create_dir(&home)) {
            Ok(()) => return Ok(home),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(format!("{}: {e}", home.display())),
        }
    }
}

/// Writes the configuration and formats the data directory.
fn prepare(jars: &Path, home: &Path, port: u16) -> Result<(), String> {
    let server = SERVER
        .replace("{broker}", &port.to_string())
        .replace("{controller}", &port::free()?.to_string())
        .replace("{data}", &home.join("data").display().to_string());
    let write = |name: &str, text: &str| {
        let file = home.join(name);
        fs::write(&file, text).map_err(|e| format!("{}: {e}", file.display()))
    };
    write("server.properties", &server)?;
    write("log4j2.properties", LOGGING)?;
    let mut format = java(jars, home, "128m");
    format.args(["kafka.tools.StorageTool", "format", "--cluster-id", CLUSTER, "--config"]);
    format.arg(home.join("server.properties"));
    tool::output(&mut format).map(drop)
}

/// The command that runs the broker, its output appended to a log beside its data.
fn launch(jars: &Path, home: &Path) -> Result<Command, String> {
    let file = log_file(home);
    let log = OpenOptions::new().create(true).append(true).open(&file);
    let log = log.map_err(|e| format!("{}: {e}", file.display()))?;
    let errors: File = log.try_clone().map_err(|e| e.to_string())?;
    let mut command = java(jars, home, "330m");
    command.arg("kafka.Kafka").arg(home.join("server.properties"));
    command.stdin(Stdio::null()).stdout(log).stderr(errors);
    Ok(command)
}

fn java(jars: &Path, home: &Path, heap: &str) -> Command {
    let mut command = Command::new("java");
    // One thread collects and one compiler compiles: it starts sooner and leaves the cores to the tests.
    command.args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"]);
    command.arg(format!("-Xmx{heap}"));
    command.arg(format!("-Dlog4j2.configurationFile={}", home.join("log4j2.properties").display()));
    command.arg("-cp").arg(jars.join("*"));
    command
}

fn log_file(home: &Path) -> PathBuf {
    home.join("broker.log")
}

/// A shell that waits for a word from us. If we end without giving it, our end of the pipe closes and it ends java.
fn watch(pid: u32) -> Result<Child, String> {
    let script = format!("read -r word && exit 0; kill -9 {pid}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().map_err(|e| format!("sh: {e}"))
}

fn dismiss(watcher: &mut Child) {
    if let Some(mut pipe) = watcher.stdin.take() {
        let _ = pipe.write_all(b"done\n");
    }
    let _ = watcher.wait();
}

/// Asks until the broker answers.
fn await_answer(java: &mut Child, port: u16, home: &Path) -> Result<(), String> {
    let begin = Instant::now();
    loop {
        if let Some(status) = java.try_wait().map_err(|e| e.to_string())? {
            return Err(format!("the broker ended ({status}):\n{}", complaints(home)));
        }
        if port::answers(port) {
            return Ok(());
        }
        if begin.elapsed() > START_LIMIT {
            let limit = START_LIMIT.as_secs();
            return Err(format!("the broker does not answer after {limit} s:\n{}", complaints(home)));
        }
        thread::sleep(Duration::from_millis(30));
    }
}

/// The broker's log without the lines of its stack traces, the last forty of them.
fn complaints(home: &Path) -> String {
    let log = fs::read_to_string(log_file(home)).unwrap_or_default();
    let told = log.lines().filter(|line| !line.starts_with('\t')).collect::<Vec<_>>();
    told.get(told.len().saturating_sub(40)..).unwrap_or_default().join("\n")
}
