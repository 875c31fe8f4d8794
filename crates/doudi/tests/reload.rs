//! A running service that is given another bundle: a bad one is refused and the old one decides on, a good one is adopted.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{command, doudi, fresh, root};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A service that runs, and what it has said so far.
struct Service {
    child: Child,
    port: u16,
    said: Arc<Mutex<String>>,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    fn start(data: &Path, rules: &Path) -> Service {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let rules = rules.to_str().unwrap();
        let mut child =
            command(data, &["--rules", rules, "--lang", "en", "serve", "--listen", &listen]).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (pipe, kept) = (child.stderr.take().unwrap(), Arc::clone(&said));
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                kept.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let service = Service { child, port, said };
        service.wait("the desk is at");
        service
    }

    /// Waits until it has said this; returns all it has said.
    #[track_caller]
    fn wait(&self, words: &str) -> String {
        let began = Instant::now();
        loop {
            let said = self.said.lock().unwrap().clone();
            if said.contains(words) {
                return said;
            }
            assert!(began.elapsed() < PATIENCE, "it never said {words:?}:\n{said}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[track_caller]
    fn counted(&self, outcome: &str, count: u32) {
        let line = format!("doudi_bundle_loads_total{{outcome=\"{outcome}\"}} {count}");
        let began = Instant::now();
        while !self.get("/metrics").contains(&line) {
            assert!(began.elapsed() < PATIENCE, "no {line}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

fn digest(data: &Path, rules: &Path) -> String {
    let checked = doudi(data, &["--rules", rules.to_str().unwrap(), "rules", "check", "--format", "json"]);
    checked.json()["digest"].as_str().unwrap().to_owned()
}

#[test]
fn a_bad_bundle_is_refused_while_it_runs_and_a_good_one_is_adopted() {
    let (dir, data) = (fresh(), fresh());
    let rules = dir.path().join("rules");
    copy(&root().join("rules"), &rules);
    let old = digest(data.path(), &rules);
    let service = Service::start(data.path(), &rules);

    service.signal("-HUP");
    service.counted("unchanged", 1);

    let about = rules.join("bundle.toml");
    let sound = std::fs::read_to_string(&about).unwrap();
    std::fs::write(&about, sound.replace("version", "verzion")).unwrap();
    std::fs::write(rules.join("levels.toml"), "[[level]]\nname = \"purple\"\nscore = 1\n").unwrap();
    service.signal("-HUP");
    let said = service.wait("the old one decides on");
    assert!(said.contains("error[B0102]") && said.contains("error[B0401]") && said.contains("bundle.toml"), "{said}");
    assert!(said.contains(&old), "{said}");
    service.counted("refused", 1);
    assert!(service.get("/readyz").starts_with("HTTP/1.0 200"));

    std::fs::write(&about, sound.replace("version = \"", "version = \"next-")).unwrap();
    std::fs::copy(root().join("rules/levels.toml"), rules.join("levels.toml")).unwrap();
    let new = digest(data.path(), &rules);
    assert_ne!(old, new);
    service.signal("-HUP");
    service.wait(&format!("the new bundle is in use: {new}"));
    service.counted("adopted", 1);
    assert!(service.get("/readyz").starts_with("HTTP/1.0 200"));
    service.signal("-TERM");
    let mut service = service;
    assert!(service.child.wait().unwrap().success());
    drop(service);

    // The journal says which bundle decides: the state made anew from it is the same.
    let verified = doudi(data.path(), &["--rules", rules.to_str().unwrap(), "state", "verify", "--format", "json"]);
    assert_eq!(verified.code, 0, "{verified}");
}
