//! What to measure: `name=value` words on the command line.

use std::path::PathBuf;

/// How large a load.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The program; by default the release build beside this one.
    pub(crate) doudi: PathBuf,
    /// About how many people.
    pub(crate) people: u32,
    /// Events of the sustained phase.
    pub(crate) events: usize,
    /// How many senders at once, each waiting for its answer.
    pub(crate) connections: usize,
    /// Events a second while alerts are timed.
    pub(crate) rate: usize,
    /// How long alerts are timed.
    pub(crate) alert_seconds: u64,
    /// How often the service is killed.
    pub(crate) kills: u32,
    /// Where data directories are made.
    pub(crate) dir: PathBuf,
    /// The folder `perf record` writes to, if it is to run.
    pub(crate) perf: Option<PathBuf>,
}

impl Asked {
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Asked {
        let mut asked = Asked {
            doudi: concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/doudi").into(),
            people: 125_000,
            events: 400_000,
            connections: 4,
            rate: 2_000,
            alert_seconds: 60,
            kills: 3,
            dir: std::env::temp_dir(),
            perf: None,
        };
        for word in words {
            // cargo adds --bench of its own.
            let Some((name, value)) = word.split_once('=') else { continue };
            match name {
                "doudi" => asked.doudi = value.into(),
                "people" => asked.people = value.parse().unwrap(),
                "events" => asked.events = value.parse().unwrap(),
                "connections" => asked.connections = value.parse().unwrap(),
                "rate" => asked.rate = value.parse().unwrap(),
                "alert_seconds" => asked.alert_seconds = value.parse().unwrap(),
                "kills" => asked.kills = value.parse().unwrap(),
                "dir" => asked.dir = value.into(),
                "perf" => asked.perf = Some(value.into()),
                _ => panic!("nobody knows what {name} is"),
            }
        }
        asked
    }
}
