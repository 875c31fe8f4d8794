//! `doudi ingest`: CloudEvents from files or stdin, one JSON document a line or a file.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;
use doudi_engine::admit::envelope::Envelope;
use doudi_engine::admit::{Admitter, envelope};
use doudi_model::secret::Seal;
use doudi_model::{Instant, Problem};
use doudi_store::clock::Clock;
use doudi_store::{Admitted, Body, DeadLetter, clock};
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure, unreadable};
use crate::house::Opened;

/// Events in one submission.
const BATCH: usize = 500;
/// A larger `.json` file is read line by line.
const WHOLE_BYTES_MAX: u64 = 64 << 20;

/// Files of events.
#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// CloudEvents 文件，每行一个事件；.json 也可以是一个事件或一个数组；“-”为标准输入 · files of CloudEvents, one a line; a .json file may be one event or one array; "-" is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Default)]
struct Counts {
    read: u64,
    accepted: u64,
    duplicates: u64,
    refused: u64,
    position: Option<u64>,
}

pub(crate) fn run(context: &Context, command: &Ingest) -> Answer {
    let opened = context.house()?;
    let clock = clock::from_env()?;
    let mut intake = Intake { context, opened: &opened, clock: &*clock, counts: Counts::default(), bodies: Vec::new() };
    for path in &command.files {
        intake.file(path)?;
    }
    intake.submit()?;
    let Counts { read, accepted, duplicates, refused, position } = intake.counts;
    if let Some(position) = position {
        opened.house.wait_applied_blocking(position)?;
    }
    opened.house.shutdown()?;
    let json = json!({"read": read, "accepted": accepted, "duplicates": duplicates, "refused": refused, "position": position.map(|position| position.to_string())});
    context.output().answer(&json, || {
        context.say(
            format!(
                "读入{read}条：采纳{accepted}条，重复{duplicates}条，拒收{refused}条{}",
                if refused > 0 { "（已转入死信）" } else { "" }
            ),
            format!(
                "{read} read: {accepted} accepted, {duplicates} duplicates, {refused} refused{}",
                if refused > 0 { " (kept in the dead letters)" } else { "" }
            ),
        )
    });
    Ok(Done::found_if(refused > 0))
}

/// Events on their way from files into the log.
struct Intake<'a> {
    context: &'a Context,
    opened: &'a Opened,
    clock: &'a dyn Clock,
    counts: Counts,
    bodies: Vec<Body>,
}

impl Intake<'_> {
    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let fault = |fault: std::io::Error| Failure::Environment(unreadable(path, &fault));
        let name = path.display().to_string();
        if name == "-" {
            return self.lines("stdin", BufReader::new(std::io::stdin()));
        }
        let file = std::fs::File::open(path).map_err(fault)?;
        let size = file.metadata().map_err(fault)?.len();
        if path.extension().is_some_and(|ending| ending == "json") && size <= WHOLE_BYTES_MAX {
            let bytes = std::fs::read(path).map_err(fault)?;
            if !begins_with_a_document(&bytes) {
                return self.document(&name, &bytes);
            }
        }
        self.lines(&name, BufReader::new(file))
    }

    /// One event a line.
    fn lines(&mut self, name: &str, reader: impl BufRead) -> Result<(), Failure> {
        for (at, line) in reader.split(b'\n').enumerate() {
            let line = line.map_err(|fault| Failure::Environment(unreadable(name.as_ref(), &fault)))?;
            if !line.iter().all(u8::is_ascii_whitespace) {
                self.take(&line, |place| in_line(name, at + 1, place))?;
            }
        }
        Ok(())
    }

    /// A file that is one event over several lines, or one array of events.
    fn document(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let array = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        let place = |place: &str| if place.is_empty() { name.to_owned() } else { format!("{name}:{place}") };
        if !array {
            return self.take(bytes, place);
        }
        match envelope::parts(bytes) {
            Ok(parts) => parts
                .into_iter()
                .enumerate()
                .try_for_each(|(at, part)| self.take(part.as_bytes(), |_| format!("{name}:event[{at}]"))),
            Err(problem) => self.judge(Err(problem), bytes, place),
        }
    }

    fn take(&mut self, bytes: &[u8], place: impl Fn(&str) -> String) -> Result<(), Failure> {
        self.judge(envelope::structured(bytes), bytes, place)
    }

    fn judge(
        &mut self,
        read: Result<Envelope, Problem>,
        bytes: &[u8],
        place: impl Fn(&str) -> String,
    ) -> Result<(), Failure> {
        self.counts.read += 1;
        let body = take(self.opened, read, bytes, self.clock.now());
        if let Body::Refused(letter) = &body {
            self.counts.refused += 1;
            self.context.output().problem(&letter.problem.clone().at(place(&letter.problem.place)));
        }
        self.bodies.push(body);
        if self.bodies.len() == BATCH { self.submit() } else { Ok(()) }
    }

    fn submit(&mut self) -> Result<(), Failure> {
        let bodies = std::mem::take(&mut self.bodies);
        let events: Vec<bool> = bodies.iter().map(|body| matches!(body, Body::Admitted(_))).collect();
        for (placed, event) in self.opened.house.place_blocking(bodies)?.into_iter().zip(events) {
            self.counts.position = self.counts.position.max(Some(placed.position));
            match (event, placed.fresh) {
                (true, true) => self.counts.accepted += 1,
                (true, false) => self.counts.duplicates += 1,
                (false, _) => {}
            }
        }
        Ok(())
    }
}

/// Whether the first line is a JSON document by itself: then each line is one.
fn begins_with_a_document(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.find(|line| !line.iter().all(u8::is_ascii_whitespace)).unwrap_or_default();
    // An array is a batch, on one line as well.
    first.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'[')
        && serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok()
}

/// `file:line`, with the column if the fault has one.
fn in_line(name: &str, line: usize, place: &str) -> String {
    match place.split_once(':') {
        Some((_, column)) => format!("{name}:{line}:{column}"),
        None => format!("{name}:{line}"),
    }
}

/// An event as it goes into the log: admitted, or refused with its sealed bytes.
pub(crate) fn body(opened: &Opened, bytes: &[u8], now: Instant) -> Body {
    take(opened, envelope::structured(bytes), bytes, now)
}

/// The same for an envelope that has been read already.
pub(crate) fn take(opened: &Opened, read: Result<Envelope, Problem>, bytes: &[u8], now: Instant) -> Body {
    let keys = opened.house.keys();
    let admitter = Admitter { bundle: &opened.book.bundle, key: &keys.pseudonym, seal: &keys.vault };
    let taken = read.and_then(|envelope| admitter.admit(envelope, now));
    match taken {
        Ok(taken) => Body::Admitted(Admitted {
            name: taken.name,
            source: taken.source,
            kind: taken.kind,
            facts: taken.facts,
            identities: taken.identities,
            origin: None,
        }),
        Err(problem) => Body::Refused(DeadLetter {
            id: keys.pseudonym.derive(b"dead", bytes),
            received: now,
            origin: None,
            problem,
            content_type: "application/cloudevents+json".to_owned(),
            sealed_bytes: keys.vault.seal(bytes),
        }),
    }
}
