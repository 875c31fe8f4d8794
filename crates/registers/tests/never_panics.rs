//! Whatever the bytes: a file is read or refused, in bounded time, and never a panic; and no message holds what
//! stands in a cell.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::path::PathBuf;

use doudi_model::Lang;
use doudi_registers::cell::{Book, Cell, Row, Sheet};
use doudi_registers::table::Reading;
use doudi_registers::{open, suggest};
use proptest::prelude::*;

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder: PathBuf = common::root().join("fixtures/registers");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let tables =
        files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending != "md" && ending != "json"));
    tables.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

/// Reads it to the end: cells, tables, JSON, a proposal.
fn through(bytes: &[u8]) {
    if let Ok(book) = open::bytes_of(bytes, "mutated") {
        all_of(&book);
    }
}

fn all_of(book: &Book) {
    let reading = Reading { bundle: common::bundle(), register: None, as_of: None, name: "mutated" };
    for table in doudi_registers::read(book, &reading) {
        let _ = table.json(Lang::Zh).to_string();
    }
    for register in common::bundle().registers().iter() {
        let _ = doudi_registers::read(book, &Reading { register: Some(register), ..reading });
    }
    let _ = suggest::propose(book, common::bundle(), "mutated");
}

#[test]
fn every_beginning_of_every_file_is_read_or_refused() {
    for (_, bytes) in fixtures() {
        let step = (bytes.len() / 60).max(1);
        for end in (0..bytes.len()).step_by(step) {
            through(&bytes[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600), magic in 0..5_usize) {
        let starts: [&[u8]; 5] = [b"", b"PK\x03\x04", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], &[0xff, 0xfe], b"\"a\",\""];
        through(&[starts[magic], bytes.as_slice()].concat());
    }

    #[test]
    fn changed_files_are_read_or_refused(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let files = fixtures();
        let mut bytes = which.get(&files).1.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        through(&bytes);
    }

    #[test]
    fn any_text_in_any_cell_is_read_or_refused(
        cells in proptest::collection::vec(("[0-9年月日.,/＝=元万—无\u{3000} XE+-]{0,14}|\\PC{0,12}", any::<f64>(), 0..8_usize), 1..60),
    ) {
        let header = ["姓名", "身份证号", "出院日期", "自付", "总费用", "困难类别", "残疾类别", "残疾等级"];
        let mut rows = vec![Row { number: 1, hidden: false, cells: (0..8_u16).zip(header).map(|(at, name)| (at, Cell::Text(name.to_owned()))).collect() }];
        for (number, chunk) in (2_u32..).zip(cells.chunks(8)) {
            let cell = |(text, number, kind): &(String, f64, usize)| match kind {
                0 => Cell::Number(*number),
                1 => Cell::Serial(*number),
                2 => Cell::Error,
                3 => Cell::Unstored,
                4 => Cell::Bool(true),
                _ => Cell::Text(text.clone()),
            };
            rows.push(Row { number, hidden: false, cells: (0_u16..).zip(chunk.iter().map(cell)).collect() });
        }
        all_of(&Book { sheets: vec![Sheet { rows, ..Sheet::default() }], ..Book::default() });
    }
}

#[test]
fn problems_and_debug_texts_hold_nothing_that_stands_in_a_cell() {
    for (name, bytes) in fixtures() {
        let book = open::bytes_of(&bytes, &name).unwrap();
        let tables = doudi_registers::read(
            &book,
            &Reading { bundle: common::bundle(), register: None, as_of: None, name: "file" },
        );
        for table in &tables {
            let mut said = format!("{:?} {:?}", table.rows, table.notices);
            for one in table.unreadable.iter().chain(&table.incomplete) {
                said.push_str(&one.fault.problem("file", &one.header).render(Lang::Zh));
                said.push_str(&one.fault.problem("file", &one.header).render(Lang::En));
            }
            let run = said.split(|sign: char| !sign.is_ascii_digit()).map(str::len).max();
            assert!(run < Some(11), "{name}: a long number in {said}");
        }
    }
}
