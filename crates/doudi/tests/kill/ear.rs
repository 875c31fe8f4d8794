//! An auditor's screen: it listens across all restarts and comes back with the number of what it heard last.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http;

/// How long to wait for a notice that must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was heard.
#[derive(Debug, Default, Clone)]
pub(crate) struct Heard {
    /// Each notice's content by its number, without where its case stands by now.
    pub(crate) notices: BTreeMap<u64, Value>,
    /// Numbers under which two different contents were heard.
    pub(crate) contradictions: Vec<u64>,
    /// How often a notice was heard again.
    pub(crate) repeats: u64,
    /// How often the screen was told to look again.
    pub(crate) resets: u64,
}

/// The screen.
pub(crate) struct Ear {
    heard: Arc<Mutex<Heard>>,
    /// Where the server is; 0 for nowhere, 1 once nobody needs to listen any more.
    port: Arc<AtomicU16>,
    last: Arc<AtomicU64>,
    thread: JoinHandle<()>,
}

const NOWHERE: u16 = 0;
const ENOUGH: u16 = 1;

impl Ear {
    /// Opens the screen; it has no server yet.
    pub(crate) fn open(credentials: &str) -> Ear {
        let (heard, port, last) = (Arc::default(), Arc::new(AtomicU16::new(NOWHERE)), Arc::default());
        let worker = Worker {
            heard: Arc::clone(&heard),
            port: Arc::clone(&port),
            last: Arc::clone(&last),
            credentials: credentials.to_owned(),
        };
        Ear { heard, port, last, thread: std::thread::spawn(move || worker.run()) }
    }

    /// A server is ready there.
    pub(crate) fn turn_to(&self, port: u16) {
        self.port.store(port, Ordering::SeqCst);
    }

    /// Waits until a notice has been heard, and all before it; call it while the server still runs.
    pub(crate) fn wait_for(&self, number: u64) {
        let began = Instant::now();
        while self.last.load(Ordering::SeqCst) < number {
            let last = self.last.load(Ordering::SeqCst);
            assert!(began.elapsed() < PATIENCE, "notice {number} does not come, the last was {last}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Closes the screen, after the last server is gone.
    pub(crate) fn close(self) -> Heard {
        self.port.store(ENOUGH, Ordering::SeqCst);
        self.thread.join().unwrap();
        let heard = self.heard.lock().unwrap();
        heard.clone()
    }
}

struct Worker {
    heard: Arc<Mutex<Heard>>,
    port: Arc<AtomicU16>,
    last: Arc<AtomicU64>,
    credentials: String,
}

impl Worker {
    fn run(&self) {
        loop {
            match self.port.load(Ordering::SeqCst) {
                ENOUGH => return,
                NOWHERE => {}
                port => {
                    // The stream ends when the server is killed.
                    let _ = self.stream(port);
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn stream(&self, port: u16) -> std::io::Result<()> {
        let mut reader = http::listen(port, &self.credentials, self.last.load(Ordering::SeqCst))?;
        let (mut number, mut event, mut data) = (None, String::new(), Value::Null);
        loop {
            let line = http::line(&mut reader)?;
            match line.split_once(':') {
                None if line.is_empty() => {
                    self.hear(number.take(), &std::mem::take(&mut event), data.take());
                }
                Some(("id", rest)) => number = rest.trim().parse().ok(),
                Some(("event", rest)) => event = rest.trim().to_owned(),
                Some(("data", rest)) => data = serde_json::from_str(rest).unwrap(),
                // A comment that keeps the line open.
                _ => {}
            }
        }
    }

    fn hear(&self, number: Option<u64>, event: &str, mut data: Value) {
        let mut heard = self.heard.lock().unwrap();
        match (event, number) {
            ("reset", _) => heard.resets += 1,
            ("notice", Some(number)) => {
                // Where the case stands is looked up when the notice is sent; it may have gone on since.
                data.as_object_mut().unwrap().remove("state");
                match heard.notices.insert(number, data.clone()) {
                    None => {}
                    Some(before) if before == data => heard.repeats += 1,
                    Some(_) => heard.contradictions.push(number),
                }
                self.last.fetch_max(number, Ordering::SeqCst);
            }
            _ => {}
        }
    }
}
