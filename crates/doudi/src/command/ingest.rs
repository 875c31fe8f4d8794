//! `doudi ingest`: CloudEvents, one JSON document a line, from files or stdin.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use clap::Args;
use doudi_engine::admit::envelope::Envelope;
use doudi_engine::admit::{Admitter, envelope};
use doudi_model::secret::Seal;
use doudi_model::{Instant, Problem, Text};
use doudi_store::{Admitted, Body, DeadLetter, clock};
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure, unreadable};
use crate::house::Opened;

/// Events in one submission.
const BATCH: usize = 500;

/// Files of events.
#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// CloudEvents JSON Lines 文件，“-”为标准输入 · files of CloudEvents, one a line; "-" is stdin
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
    let mut counts = Counts::default();
    for path in &command.files {
        let name = path.display().to_string();
        let reader: Box<dyn BufRead> = if name == "-" {
            Box::new(BufReader::new(std::io::stdin()))
        } else {
            let file = std::fs::File::open(path).map_err(|fault| Failure::Environment(unreadable(path, &fault)))?;
            Box::new(BufReader::new(file))
        };
        let mut bodies = Vec::new();
        for (at, line) in reader.split(b'\n').enumerate() {
            let line = line.map_err(|fault| Failure::Environment(unreadable(path, &fault)))?;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            counts.read += 1;
            let body = body(&opened, &line, clock.now());
            if let Body::Refused(letter) = &body {
                counts.refused += 1;
                report(context, &letter.problem.clone().at(format!("{name}:{}", at + 1)));
            }
            bodies.push(body);
            if bodies.len() == BATCH {
                submit(&opened, std::mem::take(&mut bodies), &mut counts)?;
            }
        }
        submit(&opened, bodies, &mut counts)?;
    }
    if let Some(position) = counts.position {
        opened.house.wait_applied_blocking(position)?;
    }
    opened.house.shutdown()?;
    let Counts { read, accepted, duplicates, refused, position } = counts;
    let json = json!({"read": read, "accepted": accepted, "duplicates": duplicates, "refused": refused, "position": position.map(|position| position.to_string())});
    context
        .output()
        .answer(&json, || format!("读入{read}条：采纳{accepted}条，重复{duplicates}条，拒收{refused}条（已转入死信）"));
    Ok(Done::found_if(refused > 0))
}

fn report(context: &Context, problem: &Problem) {
    let said = problem.render(context.lang);
    context.output().note(&Text::new(said.clone(), said));
}

fn submit(opened: &Opened, bodies: Vec<Body>, counts: &mut Counts) -> Result<(), Failure> {
    let events: Vec<bool> = bodies.iter().map(|body| matches!(body, Body::Admitted(_))).collect();
    for (placed, event) in opened.house.place_blocking(bodies)?.into_iter().zip(events) {
        counts.position = counts.position.max(Some(placed.position));
        match (event, placed.fresh) {
            (true, true) => counts.accepted += 1,
            (true, false) => counts.duplicates += 1,
            (false, _) => {}
        }
    }
    Ok(())
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
