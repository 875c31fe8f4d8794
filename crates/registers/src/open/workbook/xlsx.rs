//! `.xlsx`: cells as a stream by calamine, hidden rows and merged cells from a second look at the sheet.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor};

use calamine::{DataRef, Reader as _, SheetType, Xlsx, XlsxError};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::super::bounds::CELLS_MAX;
use super::super::marks::{self, Marks, attribute};
use super::{LAST_ROW, Refusal, full, sheet, whole};
use crate::cell::{Book, Cell, Row};

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// All worksheets.
pub(super) fn read(bytes: &[u8], mut archive: Archive<'_>) -> Result<Book, Refusal> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|fault| match fault {
        XlsxError::Password => Refusal::Password,
        _ => Refusal::Damaged,
    })?;
    let parts = parts(&mut archive);
    let from_1904 = workbook.has_1904_epoch();
    let (mut book, mut count) = (Book::default(), 0_usize);
    for about in workbook.sheets_metadata().to_vec() {
        if about.typ != SheetType::WorkSheet {
            continue;
        }
        let marks = match parts.get(&about.name).map(|part| archive.by_name(part)) {
            Some(Ok(part)) => marks::of_xlsx(BufReader::new(part))?,
            _ => Marks::default(),
        };
        let rows = rows(&mut workbook, &about.name, &marks, &mut count)?;
        let sheet = sheet(&about.name, about.visible, rows, marks, from_1904);
        full(&sheet, LAST_ROW, &mut book.notices);
        book.sheets.push(sheet);
    }
    Ok(book)
}

fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, marks: &Marks, count: &mut usize) -> Result<Vec<Row>, Refusal> {
    let mut reader = match workbook.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        // A sheet of charts and the like.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(_) => return Err(Refusal::Damaged),
    };
    let (mut rows, mut sorted): (Vec<Row>, bool) = (Vec::new(), true);
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(|_| Refusal::Damaged)? {
        let cell = cell(record.value, record.formula.as_ref());
        if cell == Cell::Blank {
            continue;
        }
        *count += 1;
        if *count > CELLS_MAX {
            return Err(Refusal::TooManyCells { most: CELLS_MAX });
        }
        let (row, column) = record.pos;
        let number = row.saturating_add(1);
        let column = u16::try_from(column).map_err(|_| Refusal::Damaged)?;
        match rows.last_mut().filter(|row| row.number == number) {
            Some(row) => {
                sorted &= row.cells.last().is_none_or(|(before, _)| *before < column);
                row.cells.push((column, cell));
            }
            None => {
                sorted &= rows.last().is_none_or(|row| row.number < number);
                rows.push(Row { number, hidden: marks.is_hidden(number), cells: vec![(column, cell)] });
            }
        }
    }
    Ok(if sorted { rows } else { in_order(rows) })
}

/// Rows and cells in order, for files that some programs write out of order; of one cell written twice the first stays.
fn in_order(rows: Vec<Row>) -> Vec<Row> {
    let mut all: BTreeMap<u32, Row> = BTreeMap::new();
    for row in rows {
        let kept = all.entry(row.number).or_insert(Row { number: row.number, hidden: row.hidden, cells: Vec::new() });
        kept.cells.extend(row.cells);
    }
    for row in all.values_mut() {
        row.cells.sort_by_key(|(column, _)| *column);
        row.cells.dedup_by_key(|(column, _)| *column);
    }
    all.into_values().collect()
}

fn cell(value: DataRef<'_>, formula: Option<&calamine::XlsxFormulaMetadata>) -> Cell {
    if let Some(formula) = formula {
        if starts_a_program(formula) {
            return Cell::Command;
        }
        if value == DataRef::Empty {
            return Cell::Unstored;
        }
    }
    match value {
        DataRef::Empty => Cell::Blank,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text.to_owned()),
        DataRef::Int(number) => whole(number),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::DateTime(serial) if serial.is_datetime() => Cell::Serial(serial.as_f64()),
        DataRef::DateTime(serial) => Cell::Number(serial.as_f64()),
        DataRef::Bool(value) => Cell::Bool(value),
        DataRef::Error(_) => Cell::Error,
    }
}

/// `cmd|' /C calc'!A0`: a formula that asks another program.
fn starts_a_program(formula: &calamine::XlsxFormulaMetadata) -> bool {
    let text = match formula {
        calamine::XlsxFormulaMetadata::Normal { formula } | calamine::XlsxFormulaMetadata::Shared { formula, .. } => {
            formula.as_str()
        }
        _ => "",
    };
    let start = text.trim_start_matches(['=', '+', '@', ' ']).to_ascii_lowercase();
    let link = start.split_once('|').is_some_and(|(_, rest)| rest.contains('!'));
    link || ["cmd", "webservice(", "dde", "call(", "exec("].iter().any(|word| start.starts_with(word))
}

/// Which part of the archive holds which sheet, by the sheet's name.
fn parts(archive: &mut Archive<'_>) -> BTreeMap<String, String> {
    let mut targets = BTreeMap::new();
    each(archive, "xl/_rels/workbook.xml.rels", "Relationship", |get| {
        if let (Some(id), Some(target)) = (get("Id"), get("Target")) {
            let target = target.trim_start_matches("./").to_owned();
            let part = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("xl/{target}"),
            };
            targets.insert(id, part);
        }
    });
    let mut parts = BTreeMap::new();
    each(archive, "xl/workbook.xml", "sheet", |get| {
        if let (Some(name), Some(part)) = (get("name"), get("id").and_then(|id| targets.get(&id))) {
            parts.insert(name, part.clone());
        }
    });
    parts
}

/// Calls `take` for each element of a name, with its attributes.
fn each(archive: &mut Archive<'_>, part: &str, name: &str, mut take: impl FnMut(&dyn Fn(&str) -> Option<String>)) {
    let Ok(part) = archive.by_name(part) else { return };
    elements(BufReader::new(part), name, &mut take);
}

fn elements(xml: impl BufRead, name: &str, take: &mut impl FnMut(&dyn Fn(&str) -> Option<String>)) {
    let (mut reader, mut buffer) = (Reader::from_reader(xml), Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                if element.local_name().as_ref() == name {
                    take(&|wanted| attribute(&element, wanted).map(|raw| unescaped(&raw)));
                }
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn unescaped(raw: &str) -> String {
    quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), std::borrow::Cow::into_owned)
}
