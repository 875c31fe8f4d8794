//! `doudi ingest`: CloudEvents from files or stdin, one JSON document a line or a file, or one array of them; and tables
//! of offices through the bundle's registers.

mod array;
mod table;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;
use doudi_engine::admit::envelope::Envelope;
use doudi_engine::admit::{Elsewhere, envelope};
use doudi_engine::resolve::MEMBER;
use doudi_model::{Day, Instant, Problem, Text};
use doudi_store::clock::Clock;
use doudi_store::{Body, Intake, clock};
use serde_json::{Value, json};

use crate::context::{Answer, Context, Done, Failure, unreadable};
use crate::house::Opened;

/// Events in one submission.
const BATCH: usize = 500;
/// A larger `.json` file that is no array is read line by line.
const WHOLE_BYTES_MAX: u64 = 64 << 20;
/// Notices in the JSON answer, at most; all of them are said on stderr.
const NOTICES_MAX: usize = 1000;

/// Files of events, or tables.
#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// CloudEvents 文件，每行一个事件；.json 也可以是一个事件或一个数组；“-”为标准输入；表格（.xlsx .xls .ods .csv）按名册读入 · files of CloudEvents, one a line; a .json file may be one event or one array; "-" is stdin; tables (.xlsx .xls .ods .csv) go through a register
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// 表格属于哪个名册，不写则按表头判断 · the register of the tables; without it the headers decide
    #[arg(long, value_name = "NAME")]
    register: Option<String>,
    /// 表格数据截至哪一天（默认从表中找）· the day for which the tables hold (default: as they say)
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
}

#[derive(Default)]
struct Counts {
    read: u64,
    accepted: u64,
    duplicates: u64,
    refused: u64,
    notices: Vec<Value>,
    position: Option<u64>,
}

/// An event on its way, with where it stands: its number from 0, and its place in words.
struct Waiting {
    index: u64,
    place: String,
    body: Body,
}

pub(crate) fn run(context: &Context, command: &Ingest) -> Answer {
    let opened = context.house_at_work()?;
    let clock = clock::from_env()?;
    if let Some(name) = &command.register {
        super::registers::register(&opened.book.bundle, name).map_err(Failure::usage)?;
    }
    let mut intake = Files {
        context,
        opened: &opened,
        clock: &*clock,
        counts: Counts::default(),
        waiting: Vec::new(),
        register: command.register.as_deref(),
        as_of: command.as_of,
        unfit: 0,
        tables: Vec::new(),
        sentences: Vec::new(),
    };
    for path in &command.files {
        if command.register.is_some() || table::is_table(path) { intake.table(path)? } else { intake.file(path)? }
    }
    intake.submit()?;
    let Files { unfit, tables, sentences, counts, .. } = intake;
    let Counts { read, accepted, duplicates, refused, notices, position } = counts;
    opened.house.settle_blocking()?;
    opened.house.shutdown()?;
    let json = json!({"read": read, "accepted": accepted, "duplicates": duplicates, "refused": refused, "notices": notices, "position": position.map(|position| position.to_string()), "tables": tables, "tables_refused": unfit});
    context.output().answer(&json, || {
        let mut text: String = sentences.iter().map(|sentence| format!("{}\n", sentence.get(context.lang))).collect();
        text.push_str(&context.say(
            format!(
                "读入{read}条：采纳{accepted}条，重复{duplicates}条，拒收{refused}条{}",
                if refused > 0 { "（已转入死信）" } else { "" }
            ),
            format!(
                "{read} read: {accepted} accepted, {duplicates} duplicates, {refused} refused{}",
                if refused > 0 { " (kept in the dead letters)" } else { "" }
            ),
        ));
        text
    });
    Ok(Done::found_if(refused > 0 || unfit > 0))
}

/// Events on their way from files into the log.
struct Files<'a> {
    context: &'a Context,
    opened: &'a Opened,
    clock: &'a dyn Clock,
    counts: Counts,
    waiting: Vec<Waiting>,
    register: Option<&'a str>,
    as_of: Option<Day>,
    /// Tables and sheets that could not be taken in as a whole.
    unfit: u64,
    tables: Vec<Value>,
    sentences: Vec<Text>,
}

impl Files<'_> {
    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let fault = |fault: std::io::Error| Failure::Environment(unreadable(path, &fault));
        let name = path.display().to_string();
        if name == "-" {
            return self.lines("stdin", BufReader::new(std::io::stdin()));
        }
        let file = std::fs::File::open(path).map_err(fault)?;
        let size = file.metadata().map_err(fault)?.len();
        let json = path.extension().is_some_and(|ending| ending == "json");
        let mut file = BufReader::new(file);
        if json && array::begins(&mut file).map_err(fault)? {
            return self.array(path, file, size);
        }
        if json && size <= WHOLE_BYTES_MAX {
            let bytes = std::fs::read(path).map_err(fault)?;
            if !begins_with_a_document(&bytes) {
                return self.take(&bytes, |place| array::within(&name, place));
            }
        }
        self.lines(&name, file)
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

    fn take(&mut self, bytes: &[u8], place: impl Fn(&str) -> String) -> Result<(), Failure> {
        self.judge(envelope::structured(bytes), bytes, place)
    }

    fn judge(
        &mut self,
        read: Result<Envelope, Problem>,
        bytes: &[u8],
        place: impl Fn(&str) -> String,
    ) -> Result<(), Failure> {
        let index = self.counts.read;
        self.counts.read += 1;
        let body = take(self.opened, read, bytes, self.clock.now());
        let mut here = place("");
        if let Body::Refused(letter) = &body {
            self.counts.refused += 1;
            here = place(&letter.problem.place);
            self.context.output().problem(&letter.problem.clone().at(&here));
        }
        self.waiting.push(Waiting { index, place: here, body });
        if self.waiting.len() == BATCH { self.submit() } else { Ok(()) }
    }

    fn submit(&mut self) -> Result<(), Failure> {
        let waiting = std::mem::take(&mut self.waiting);
        let notices = self.notices(&waiting)?;
        let (bodies, events): (Vec<Body>, Vec<bool>) = waiting
            .into_iter()
            .map(|one| (matches!(one.body, Body::Admitted(_)), one.body))
            .map(|(is, body)| (body, is))
            .unzip();
        let placed = self.opened.house.place_blocking(bodies)?;
        for (placed, event) in placed.iter().zip(events) {
            self.counts.position = self.counts.position.max(Some(placed.position));
            match (event, placed.fresh) {
                (true, true) => self.counts.accepted += 1,
                (true, false) => self.counts.duplicates += 1,
                (false, _) => {}
            }
        }
        for (at, index, notice) in notices {
            // What was known before was told before.
            if placed.get(at).is_some_and(|placed| placed.fresh) {
                self.tell(index, &notice);
            }
        }
        Ok(())
    }

    /// What senders are to look at: where in the batch, the event's number, and what.
    fn notices(&self, waiting: &[Waiting]) -> Result<Vec<(usize, u64, Problem)>, Failure> {
        let claims = |facts: &[doudi_model::Fact]| facts.iter().any(|fact| fact.kind.as_str() == MEMBER);
        if !waiting.iter().any(|one| matches!(&one.body, Body::Admitted(admitted) if claims(&admitted.facts))) {
            return Ok(Vec::new());
        }
        // So that the same file says the same each time.
        if let Some(position) = self.counts.position {
            self.opened.house.wait_applied_blocking(position)?;
        }
        let state = self.opened.house.read();
        let mut elsewhere = Elsewhere::new(&state);
        let mut notices = Vec::new();
        for (at, one) in waiting.iter().enumerate() {
            if let Body::Admitted(admitted) = &one.body {
                let found = elsewhere.notices(&admitted.facts)?;
                notices.extend(found.into_iter().map(|notice| (at, one.index, notice.at(&one.place))));
            }
        }
        Ok(notices)
    }

    fn tell(&mut self, index: u64, notice: &Problem) {
        self.context.output().notice(notice);
        if self.counts.notices.len() < NOTICES_MAX {
            let mut json = notice.json(self.context.lang);
            if let Some(members) = json.as_object_mut() {
                members.insert("index".to_owned(), index.into());
            }
            self.counts.notices.push(json);
        }
    }
}

/// Whether the first line is a JSON document by itself: then each line is one.
fn begins_with_a_document(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.find(|line| !line.iter().all(u8::is_ascii_whitespace)).unwrap_or_default();
    serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok()
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
    Intake::new(&opened.book.bundle, opened.house.keys()).body(read, bytes, now)
}
