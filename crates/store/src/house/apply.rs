//! Applies entries in order, and commits what they did in batches.

use std::collections::BTreeMap;

use doudi_model::digest::canonical_json;
use doudi_model::stage::{At, Space, State, StateFault};
use doudi_model::warning::Level;
use doudi_model::{Instant, fact};

use crate::books::{Books, Numbered, file_record, note_source};
use crate::entry::{Body, Entry};
use crate::fault::Fault;
use crate::log::Log;
use crate::machine::{Machine, Notice, Reply, Spent};
use crate::names;
use crate::outbox;
use crate::record::{self, Record};
use crate::state::View;

/// Entries in one commit, at most.
pub(crate) const BATCH: usize = 1024;

/// Holds the state, the record and the machine between entries.
pub(crate) struct Applier {
    view: View,
    record: Record,
    machine: Box<dyn Machine>,
    books: Books,
    numbered: Numbered,
    /// Names of admitted events that are in no run yet, with their positions.
    loose: Vec<(fact::Id, u64)>,
    /// Sources of admitted events, each with its latest, that are not in the state yet.
    heard: BTreeMap<String, Instant>,
    /// What is not committed yet.
    effects: Effects,
}

/// What a commit has to be told to others.
#[derive(Default)]
pub(crate) struct Effects {
    /// Notices with their sequence numbers.
    pub(crate) notices: Vec<(u64, Notice)>,
    /// Runs of names.
    pub(crate) runs: Vec<(u32, Vec<fact::Id>)>,
    /// Time in the stages, entry by entry.
    pub(crate) spent: Vec<Spent>,
    /// Decisions by level.
    pub(crate) decisions: BTreeMap<&'static str, u64>,
}

impl Applier {
    pub(crate) fn new(view: View, record: Record, machine: Box<dyn Machine>) -> Result<Applier, Fault> {
        let books = Books::of(&view)?;
        Ok(Applier {
            view,
            record,
            machine,
            books,
            numbered: Numbered::default(),
            loose: Vec::new(),
            heard: BTreeMap::new(),
            effects: Effects::default(),
        })
    }

    pub(crate) fn books(&self) -> &Books {
        &self.books
    }

    /// Applies one entry; nobody sees what it did before [`Applier::commit`].
    pub(crate) fn apply(&mut self, at: At, body: &mut Body) -> Result<Option<Reply>, Fault> {
        if at.position != self.books.next {
            return Err(Fault::defect(&format!("entry {} instead of {}", at.position, self.books.next)));
        }
        body.make_known(at);
        self.books.enter(&mut self.view, at, body, &mut self.numbered)?;
        self.note_name(at, body);
        self.note_source(at, body);
        let step = self.machine.apply(&mut self.view, at, body)?;
        self.effects.spent.extend(step.spent);
        for entry in step.records {
            self.write(at, entry)?;
        }
        for notice in step.notices {
            self.books.notices += 1;
            outbox::put(&mut self.view, self.books.notices, &notice)?;
            self.effects.notices.push((self.books.notices, notice));
        }
        self.books.next = at.position + 1;
        self.books.last = Some(at.instant);
        self.books.save(&mut self.view)?;
        Ok(step.reply)
    }

    /// Keeps an admitted event's name; every so many names become a run.
    fn note_name(&mut self, at: At, body: &Body) {
        let Some(name) = body.name() else { return };
        self.loose.push((name, at.position));
        if self.loose.len() < names::RUN {
            return;
        }
        let run = names::run(&mut self.loose);
        self.view.put(Space::Seen, &names::run_key(self.books.runs), run);
        let gathered = self.loose.drain(..).map(|(name, _)| name).collect();
        self.effects.runs.push((self.books.runs, gathered));
        self.books.runs += 1;
        self.books.runs_end = at.position + 1;
    }

    fn note_source(&mut self, at: At, body: &Body) {
        let Body::Admitted(admitted) = body else { return };
        match self.heard.get_mut(&admitted.source) {
            Some(latest) => *latest = at.instant,
            None => {
                self.heard.insert(admitted.source.clone(), at.instant);
            }
        }
    }

    /// Names that are in no run yet.
    pub(crate) fn loose_names(&self) -> &[(fact::Id, u64)] {
        &self.loose
    }

    /// Finds again the names that are in no run, from a log that was applied before.
    pub(crate) fn recall(&mut self, log: &dyn Log) -> Result<(), Fault> {
        let (from, end) = (self.books.runs_end, self.books.next);
        if from == end {
            return Ok(());
        }
        for payload in log.read(from)? {
            let (position, payload) = payload?;
            if position >= end {
                break;
            }
            self.loose.extend(Entry::decode(&payload)?.body.name().map(|name| (name, position)));
        }
        Ok(())
    }

    /// Gives a record entry its number and its line.
    fn write(&mut self, at: At, mut entry: serde_json::Value) -> Result<(), Fault> {
        let sequence = self.books.records;
        let Some(members) = entry.as_object_mut() else {
            return Err(StateFault("a record entry is not a JSON object".into()).into());
        };
        if members.get("seq").is_some_and(|own| own.as_u64() != Some(sequence)) {
            return Err(StateFault(format!("a stage numbers a record entry otherwise than {sequence}")).into());
        }
        members.insert("seq".into(), sequence.into());
        // A decision names the entry it is taken as of, which may be before the one that led to it.
        members.entry("position").or_insert_with(|| at.position.into());
        if let Some(household) = members.get("household").and_then(serde_json::Value::as_str) {
            file_record(&mut self.view, household, sequence)?;
        }
        if members.contains_key("features") {
            let level = members.get("level").and_then(serde_json::Value::as_str).and_then(Level::parse);
            let level = level.map_or("none", Level::name);
            *self.effects.decisions.entry(level).or_insert(0) += 1;
        }
        let line = canonical_json(&entry).ok_or_else(|| StateFault("a record entry has no canonical form".into()))?;
        let begins = self.record.push(&line)?;
        record::index(&mut self.view, sequence, begins)?;
        (self.books.records, self.books.record_bytes) = self.record.extent();
        Ok(())
    }

    /// Makes durable what all entries since the last commit did: first the record, then the state with its position.
    pub(crate) fn commit(&mut self) -> Result<Effects, Fault> {
        for (source, latest) in std::mem::take(&mut self.heard) {
            note_source(&mut self.view, &source, latest);
        }
        self.record.sync()?;
        self.view.commit()?;
        Ok(std::mem::take(&mut self.effects))
    }

    /// Applies payloads of a log that the state has not seen; returns how many there were.
    pub(crate) fn replay(
        &mut self,
        payloads: impl Iterator<Item = Result<(u64, Vec<u8>), Fault>>,
    ) -> Result<u64, Fault> {
        let mut count = 0_u64;
        for payload in payloads {
            let (position, payload) = payload?;
            let Entry { at, mut body } = Entry::decode(&payload)?;
            self.apply(At { position, instant: at }, &mut body)?;
            count += 1;
            if count.is_multiple_of(BATCH as u64) {
                self.commit()?;
            }
        }
        self.commit()?;
        Ok(count)
    }

    /// Whether households are left to look at.
    pub(crate) fn pending(&self) -> Result<bool, Fault> {
        Ok(self.machine.pending(&self.view)?)
    }

    /// Says that the log has been applied to its end.
    pub(crate) fn caught_up(&mut self) -> Result<(), Fault> {
        self.record.caught_up()
    }
}
