//! Files to cells, within bounds. What a file is, its first bytes say, not its name.

mod bounds;
mod delimited;
mod encoding;
mod marks;
mod refusal;
mod workbook;

use std::path::Path;

use doudi_model::Problem;

pub use bounds::{CELLS_MAX, FILE_BYTES_MAX, UNPACKED_BYTES_MAX};
pub use refusal::Refusal;

use crate::cell::Book;

/// Opens a table file.
///
/// # Errors
/// If it cannot be read as a whole: empty, locked by a password, cut off, too large, or no table at all.
pub fn path(path: &Path) -> Result<Book, Problem> {
    let name = path.display().to_string();
    let refuse = |refusal: Refusal| refusal.problem(&name);
    let size = std::fs::metadata(path).map_err(|fault| refuse(Refusal::Io(fault.to_string())))?.len();
    if size > FILE_BYTES_MAX {
        return Err(refuse(Refusal::TooLarge { most: FILE_BYTES_MAX }));
    }
    let bytes = std::fs::read(path).map_err(|fault| refuse(Refusal::Io(fault.to_string())))?;
    bytes_of(&bytes, &name)
}

/// The same for bytes; `name` is said in problems.
///
/// # Errors
/// As [`path`].
pub fn bytes_of(bytes: &[u8], name: &str) -> Result<Book, Problem> {
    let opened = match Form::of(bytes) {
        Form::Nothing => Err(Refusal::Empty),
        Form::Zip => workbook::zipped(bytes),
        Form::Compound => workbook::compound(bytes),
        Form::Parquet => Err(Refusal::Parquet),
        Form::Other => Err(Refusal::NoTable),
        Form::Html => Err(Refusal::Html),
        Form::Text => delimited::read(bytes),
    };
    let mut book = opened.map_err(|refusal| refusal.problem(name))?;
    for notice in &mut book.notices {
        notice.place = if notice.place.is_empty() { name.to_owned() } else { format!("{name}:{}", notice.place) };
    }
    Ok(book)
}

/// What a file's first bytes say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Nothing,
    Zip,
    Compound,
    Parquet,
    Html,
    Text,
    Other,
}

impl Form {
    fn of(bytes: &[u8]) -> Form {
        let start = bytes.get(..bytes.len().min(512)).unwrap_or_default();
        let first = start.trim_ascii_start();
        let begins = |word: &[u8]| first.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if bytes.iter().all(u8::is_ascii_whitespace) {
            Form::Nothing
        } else if start.starts_with(b"PK") {
            Form::Zip
        } else if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            Form::Compound
        } else if start.starts_with(b"PAR1") {
            Form::Parquet
        } else if begins(b"<!doctype") || begins(b"<html") || begins(b"<table") || begins(b"<?xml") {
            Form::Html
        } else if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) || !start.contains(&0) {
            Form::Text
        } else {
            Form::Other
        }
    }
}
