//! A file that is one array of events, of whatever length: one event after another, never the whole.

use std::fmt;
use std::io::{BufRead, BufReader, Error};
use std::path::Path;

use doudi_engine::admit::envelope::{EVENT_BYTES_MAX, Fault};
use serde::Deserializer as _;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Files;
use crate::context::{Failure, unreadable};

/// Whether the first sign that is no blank opens an array. Blanks before it are passed over.
pub(super) fn begins(file: &mut impl BufRead) -> Result<bool, Error> {
    loop {
        let bytes = file.fill_buf()?;
        let length = bytes.len();
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(first) => return Ok(*first == b'['),
            None if length == 0 => return Ok(false),
            None => file.consume(length),
        }
    }
}

/// `file`, or `file:line:column`.
pub(super) fn within(name: &str, place: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{name}:{place}") }
}

impl Files<'_> {
    /// The events of one array. Where it cannot be read on, what came before is in; a small file is kept as a dead letter,
    /// a larger one stays with its sender.
    pub(super) fn array(&mut self, path: &Path, file: BufReader<std::fs::File>, size: u64) -> Result<(), Failure> {
        let name = path.display().to_string();
        let mut failure = None;
        let mut reader = serde_json::Deserializer::from_reader(file);
        let each = Each(|at: usize, event: &str| {
            let taken = self.take(event.as_bytes(), |place| within(&format!("{name}:event[{at}]"), place));
            taken.map_err(|fault| failure = Some(fault)).is_ok()
        });
        let read = reader.deserialize_seq(each).and_then(|()| reader.end());
        let Err(fault) = read else { return Ok(()) };
        if let Some(failure) = failure {
            return Err(failure);
        }
        if let Some(kind) = fault.io_error_kind() {
            return Err(Failure::Environment(unreadable(path, &Error::from(kind))));
        }
        let problem = Fault::NotJson(fault.line(), fault.column()).problem();
        if size <= EVENT_BYTES_MAX as u64 {
            let bytes = std::fs::read(path).map_err(|fault| Failure::Environment(unreadable(path, &fault)))?;
            return self.judge(Err(problem), &bytes, |place| within(&name, place));
        }
        self.submit()?;
        let place = within(&name, &problem.place);
        Err(Failure::usage(problem.at(place)))
    }
}

/// Hands on each element until one is not taken.
struct Each<F>(F);

impl<'de, F: FnMut(usize, &str) -> bool> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut events: A) -> Result<(), A::Error> {
        let mut at = 0;
        while let Some(event) = events.next_element::<Box<RawValue>>()? {
            if !(self.0)(at, event.get()) {
                return Err(A::Error::custom("stopped"));
            }
            at += 1;
        }
        Ok(())
    }
}
