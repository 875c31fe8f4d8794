//! `cargo xtask broker start|stop`: a broker that outlives the command, for people.
//!
//! One at a time. Its address, process and data stand in `kafka/running` in the cache.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::{await_answer, fresh_home, jars, launch, port, prepare};
use crate::tool;

/// Starts the broker and returns its address; the address of the one that runs, if one does.
///
/// # Errors
/// As for [`super::Broker::start`].
pub fn start() -> Result<String, String> {
    if let Some(stray) = find()? {
        return Ok(stray.bootstrap);
    }
    let jars = jars::folder()?;
    let (home, port) = (fresh_home(&std::env::temp_dir())?, port::free()?);
    prepare(&jars, &home, port)?;
    // Its own process group: a Ctrl-C meant for the next command does not reach it.
    let mut java = launch(&jars, &home)?.process_group(0).spawn().map_err(|e| format!("java: {e}"))?;
    if let Err(e) = await_answer(&mut java, port, &home) {
        let _ = java.kill();
        let _ = java.wait();
        let _ = fs::remove_dir_all(&home);
        return Err(e);
    }
    let bootstrap = format!("127.0.0.1:{port}");
    let note = note()?;
    fs::write(&note, format!("{}\n{bootstrap}\n{}\n", java.id(), home.display()))
        .map_err(|e| format!("{}: {e}", note.display()))?;
    Ok(bootstrap)
}

/// Ends the broker that [`start`] left running and removes its data; false if there is none.
///
/// # Errors
/// Where it does not end within half a minute.
pub fn stop() -> Result<bool, String> {
    let Some(stray) = find()? else { return Ok(false) };
    tool::output(Command::new("sh").args(["-c", &format!("kill {}", stray.pid)]))?;
    let begin = Instant::now();
    while is_broker(stray.pid) {
        if begin.elapsed() > Duration::from_secs(30) {
            return Err(format!("the broker (process {}) does not end", stray.pid));
        }
        thread::sleep(Duration::from_millis(50));
    }
    let _ = fs::remove_dir_all(&stray.home);
    let _ = fs::remove_file(note()?);
    Ok(true)
}

struct Stray {
    pid: u32,
    bootstrap: String,
    home: PathBuf,
}

fn note() -> Result<PathBuf, String> {
    Ok(tool::cache()?.join("kafka").join("running"))
}

/// What the note says, if that process is still the broker (and not another that got its number since).
fn find() -> Result<Option<Stray>, String> {
    let Ok(text) = fs::read_to_string(note()?) else { return Ok(None) };
    let mut lines = text.lines();
    let stray = || -> Option<Stray> {
        let pid = lines.next()?.parse().ok()?;
        let bootstrap = lines.next()?.to_owned();
        Some(Stray { pid, bootstrap, home: PathBuf::from(lines.next()?) })
    }();
    Ok(stray.filter(|stray| is_broker(stray.pid)))
}

fn is_broker(pid: u32) -> bool {
    let words = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    words.split('\0').any(|word| word == "kafka.Kafka")
}
