//! Workbooks: `.xlsx .xlsm`, `.ods`, `.xls`.

mod quiet;
mod xlsx;

use std::io::{BufReader, Cursor};

use calamine::{Data, Ods, Range, Reader, SheetType, SheetVisible, Xls, XlsError};
use doudi_model::{Problem, Text};
use zip::ZipArchive;

use super::bounds::{self, CELLS_MAX};
use super::marks::{self, Marks};
use super::{Refusal, bounds::refusal};
use crate::cell::{Book, Cell, Merge, Row, Sheet, Visibility};

/// The last row of a sheet in today's form, and in that of 1997.
const LAST_ROW: u32 = 1_048_576;
const LAST_ROW_XLS: u32 = 65_536;

/// A packed workbook: which of the two forms, its parts say.
pub(super) fn zipped(bytes: &[u8]) -> Result<Book, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(refusal)?;
    bounds::check(&mut archive)?;
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
    let has = |part: &str| names.iter().any(|name| name.trim_start_matches('/').eq_ignore_ascii_case(part));
    if has("content.xml") {
        return quiet::run(|| ods(bytes, archive)).unwrap_or(Err(Refusal::Damaged));
    }
    if has("[Content_Types].xml") && names.iter().any(|name| name.contains("workbook")) {
        return quiet::run(|| xlsx::read(bytes, archive)).unwrap_or(Err(Refusal::Damaged));
    }
    Err(Refusal::NoTable)
}

/// An `.xls`, or a newer workbook that is locked.
pub(super) fn compound(bytes: &[u8]) -> Result<Book, Refusal> {
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(locked.len()).any(|window| window == locked) {
        return Err(Refusal::Password);
    }
    quiet::run(|| xls(bytes)).unwrap_or(Err(Refusal::Damaged))
}

fn xls(bytes: &[u8]) -> Result<Book, Refusal> {
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|fault| match fault {
        XlsError::Password => Refusal::Password,
        _ => Refusal::Damaged,
    })?;
    let from_1904 = workbook.has_1904_epoch();
    let mut book = Book::default();
    for about in workbook.sheets_metadata().to_vec() {
        if about.typ != SheetType::WorkSheet {
            continue;
        }
        let range = workbook.worksheet_range(&about.name).map_err(|_| Refusal::Damaged)?;
        let merges = workbook.merge_cells_by_sheet_name(&about.name).unwrap_or_default();
        let edge = |at: u32| u16::try_from(at).unwrap_or(u16::MAX);
        let merge = |merge: &calamine::Dimensions| Merge {
            top: merge.start.0.saturating_add(1),
            bottom: merge.end.0.saturating_add(1),
            left: edge(merge.start.1),
            right: edge(merge.end.1),
        };
        let marks = Marks { hidden: Vec::new(), merges: merges.iter().map(merge).collect() };
        let sheet = sheet(&about.name, about.visible, rows(&range, &marks)?, marks, from_1904);
        full(&sheet, LAST_ROW_XLS, &mut book.notices);
        book.sheets.push(sheet);
    }
    Ok(book)
}

fn ods(bytes: &[u8], mut archive: ZipArchive<Cursor<&[u8]>>) -> Result<Book, Refusal> {
    let content = archive.by_name("content.xml").map_err(refusal)?;
    let mut marks = marks::of_ods(BufReader::new(content))?;
    let mut workbook = Ods::new(Cursor::new(bytes)).map_err(|fault| match fault {
        calamine::OdsError::Password => Refusal::Password,
        calamine::OdsError::CellLimitExceeded { .. } => Refusal::TooManyCells { most: CELLS_MAX },
        _ => Refusal::Damaged,
    })?;
    let mut book = Book::default();
    for (at, about) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        let range = workbook.worksheet_range(&about.name).map_err(|_| Refusal::Damaged)?;
        let marks = marks.remove(&at).unwrap_or_default();
        let sheet = sheet(&about.name, about.visible, rows(&range, &marks)?, marks, false);
        full(&sheet, LAST_ROW, &mut book.notices);
        book.sheets.push(sheet);
    }
    Ok(book)
}

fn sheet(name: &str, visible: SheetVisible, rows: Vec<Row>, mut marks: Marks, from_1904: bool) -> Sheet {
    marks.merges.sort_by_key(|merge| (merge.top, merge.left));
    let state = if visible == SheetVisible::Visible { Visibility::Visible } else { Visibility::Hidden };
    Sheet { name: name.to_owned(), state, rows, merges: marks.merges, from_1904 }
}

fn rows(range: &Range<Data>, marks: &Marks) -> Result<Vec<Row>, Refusal> {
    let (top, left) = range.start().unwrap_or((0, 0));
    let (mut rows, mut count) = (Vec::new(), 0_usize);
    for (at, cells) in (0_u32..).zip(range.rows()) {
        let number = top.saturating_add(at).saturating_add(1);
        let mut row = Row { number, hidden: marks.is_hidden(number), cells: Vec::new() };
        for (column, cell) in (left..).zip(cells) {
            let cell = of_data(cell);
            if cell != Cell::Blank {
                row.cells.push((u16::try_from(column).unwrap_or(u16::MAX), cell));
            }
        }
        count += row.cells.len();
        if count > CELLS_MAX {
            return Err(Refusal::TooManyCells { most: CELLS_MAX });
        }
        rows.push(row);
    }
    Ok(rows)
}

fn of_data(cell: &Data) -> Cell {
    match cell {
        Data::Empty => Cell::Blank,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
        Data::Int(number) => whole(*number),
        Data::Float(number) => Cell::Number(*number),
        Data::DateTime(serial) if serial.is_datetime() => Cell::Serial(serial.as_f64()),
        Data::DateTime(serial) => Cell::Number(serial.as_f64()),
        Data::Bool(value) => Cell::Bool(*value),
        Data::Error(_) => Cell::Error,
    }
}

/// A whole number as a workbook would keep it: those that lost digits must still be seen to have lost them.
fn whole(number: i64) -> Cell {
    number.to_string().parse().map_or(Cell::Error, Cell::Number)
}

/// A sheet filled to its last row may have been cut there.
fn full(sheet: &Sheet, last: u32, notices: &mut Vec<Problem>) {
    if sheet.rows.iter().rev().find(|row| !row.is_blank()).is_none_or(|row| row.number < last) {
        return;
    }
    notices.push(
        Problem::new(
            "register/full-sheet",
            Text::new(
                format!("工作表写满了最后一行（第{last}行），其后的数据可能已被截掉"),
                format!("the sheet is filled to its last row ({last}): what came after may have been cut off"),
            ),
            Text::new(
                "请与报送单位核对总数；数据多的请分表，或用 CSV 报送",
                "compare the number of rows with the office's; split the table or send it as CSV",
            ),
        )
        .at(sheet.name.clone()),
    );
}
