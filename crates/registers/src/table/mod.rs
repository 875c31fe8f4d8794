//! A sheet under a register: header, rows, what is no data, what cannot be read.
//!
//! Every row below the header ends as data, as *not data* with the reason, or has *unreadable* cells with row, column,
//! reason and way to mend. Nothing is dropped, and nothing is guessed.

pub mod header;
pub mod json;
mod merged;
pub mod not_data;
mod row;
pub mod value;

use std::sync::Arc;

use doudi_model::{Day, Problem, Text};
use doudi_rules::bundle::register::{AsOf, ColumnKind, MoneyUnit, Register};
use doudi_rules::bundle::{Bundle, Registers};

pub use not_data::Why;
pub(crate) use row::applies;
pub use value::Value;

use crate::cell::{Book, Sheet, Visibility};
use crate::fault::Fault;
use crate::parse::{Assumed, date};

/// What a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A table of a register.
    Data,
    /// Nothing is on it.
    Empty,
    /// Hidden, or one that the register names as holding no data.
    Ignore,
    /// No register's header is on it.
    Unfit,
}

impl Role {
    /// Its word in answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Role::Data => "data",
            Role::Empty => "empty",
            Role::Ignore => "ignore",
            Role::Unfit => "unfit",
        }
    }
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// From 0.
    pub column: u16,
    /// The header as it stands there; of a two-row header `upper/lower`; the second of two equal ones ends in `#2`.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// The unit of amounts.
    pub unit: Option<MoneyUnit>,
    /// The key of its values; none if the register does not know the column.
    pub key: Option<String>,
    /// Which column of the register it is, if it is the first of its name.
    pub mapped: Option<usize>,
}

/// A row that is data.
#[derive(Debug, Clone)]
pub struct DataRow {
    /// The row's number, as a person sees it.
    pub number: u32,
    /// Whether it is hidden or filtered away.
    pub hidden: bool,
    /// Values by key, in the order of columns; [`Value::None`] is blank or unreadable.
    pub values: Vec<(Arc<str>, Value)>,
    /// The first row of the merged cells it stands under, if an amount there counts once for all of them.
    pub part_of: Option<u32>,
}

impl DataRow {
    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: &str) -> &Value {
        self.values.iter().find(|(name, _)| **name == *key).map_or(&Value::None, |(_, value)| value)
    }
}

/// A row that is no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotData {
    /// The row's number.
    pub row: u32,
    /// Why.
    pub why: Why,
}

/// A cell that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The row's number.
    pub row: u32,
    /// From 0.
    pub column: u16,
    /// Its header.
    pub header: String,
    /// Why not.
    pub fault: Fault,
}

/// One sheet as it would be taken in.
#[derive(Debug, Clone)]
pub struct Table {
    /// The sheet's name; empty for a text file.
    pub sheet: String,
    /// Whether it can be seen.
    pub state: Visibility,
    /// What it is.
    pub role: Role,
    /// The register under which it was read.
    pub register: Option<String>,
    /// The rows of the header.
    pub header_rows: Vec<u32>,
    /// The columns.
    pub columns: Vec<Heading>,
    /// Rows that are data.
    pub rows: Vec<DataRow>,
    /// Rows that are none. Of blank rows the first thousand.
    pub not_data: Vec<NotData>,
    /// Cells that cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// Blank cells without which the row's fact is incomplete.
    pub incomplete: Vec<Unreadable>,
    /// What was taken for granted: row, column, what.
    pub assumed: Vec<(u32, u16, Assumed)>,
    /// The day for which it holds.
    pub as_of: Option<Day>,
    /// Why it does not fit, or what a person is to look at.
    pub notices: Vec<Problem>,
}

/// How a file is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The registers and the fact dictionary.
    pub bundle: &'a Bundle,
    /// The register; none lets the headers decide.
    pub register: Option<&'a Register>,
    /// The day for which the file holds, if the caller states it.
    pub as_of: Option<Day>,
    /// The file's name, for problems and for the as-of day.
    pub name: &'a str,
}

/// Reads all sheets of a book.
#[must_use]
pub fn read(book: &Book, reading: &Reading<'_>) -> Vec<Table> {
    book.sheets.iter().map(|sheet| read_sheet(sheet, reading)).collect()
}

fn read_sheet(sheet: &Sheet, reading: &Reading<'_>) -> Table {
    let mut table = Table {
        sheet: sheet.name.clone(),
        state: sheet.state,
        role: Role::Data,
        register: reading.register.map(|register| register.id.clone()),
        header_rows: Vec::new(),
        columns: Vec::new(),
        rows: Vec::new(),
        not_data: Vec::new(),
        unreadable: Vec::new(),
        incomplete: Vec::new(),
        assumed: Vec::new(),
        as_of: None,
        notices: Vec::new(),
    };
    let merges = merged::Merges::of(sheet);
    if sheet.rows.iter().all(crate::cell::Row::is_blank) {
        table.role = Role::Empty;
        return table;
    }
    let found = choose(sheet, &merges, reading);
    if sheet.state == Visibility::Hidden {
        table.role = Role::Ignore;
        if let Choice::Found(register, _) = found {
            table.notices.push(hidden(register, &place(reading, sheet)));
        }
        return table;
    }
    match found {
        Choice::Found(register, found) => {
            table.register = Some(register.id.clone());
            if register.ignore_sheets.contains(&sheet.name) {
                table.role = Role::Ignore;
                return table;
            }
            table.as_of = as_of(sheet, &found, register, reading);
            row::read(&mut table, sheet, &merges, register, found, reading.bundle);
        }
        Choice::Unfit(problem) => {
            let ignored = |register: &Register| register.ignore_sheets.contains(&sheet.name);
            let by_all = reading.register.map_or_else(|| reading.bundle.registers().iter().any(ignored), ignored);
            table.role = if by_all { Role::Ignore } else { Role::Unfit };
            if !by_all {
                table.notices.push(problem);
            }
        }
    }
    table
}

/// `名册.xlsx:Sheet1`.
fn place(reading: &Reading<'_>, sheet: &Sheet) -> String {
    if sheet.name.is_empty() { reading.name.to_owned() } else { format!("{}:{}", reading.name, sheet.name) }
}

enum Choice<'a> {
    Found(&'a Register, header::Found),
    Unfit(Problem),
}

/// The register whose header is on the sheet: the one asked for, or the one that knows most of its columns.
fn choose<'a>(sheet: &Sheet, merges: &merged::Merges, reading: &Reading<'a>) -> Choice<'a> {
    let place = place(reading, sheet);
    if let Some(register) = reading.register {
        return match header::find(sheet, merges, register) {
            Ok(found) => Choice::Found(register, found),
            Err(near) => Choice::Unfit(near.problem(register, &place)),
        };
    }
    let registers: &'a Registers = reading.bundle.registers();
    let mut fitting: Vec<(&Register, header::Found)> = registers
        .iter()
        .filter_map(|register| header::find(sheet, merges, register).ok().map(|found| (register, found)))
        .collect();
    fitting.sort_by_key(|(_, found)| std::cmp::Reverse(found.known));
    let tied = matches!(fitting.as_slice(), [(_, first), (_, second), ..] if first.known == second.known);
    let names: Vec<&str> = fitting.iter().map(|(register, _)| register.id.as_str()).take(3).collect();
    if tied {
        return Choice::Unfit(ambiguous(&names, &place));
    }
    match fitting.into_iter().next() {
        Some((register, found)) => Choice::Found(register, found),
        None => Choice::Unfit(unknown(&place)),
    }
}

fn ambiguous(names: &[&str], place: &str) -> Problem {
    Problem::new(
        "register/ambiguous",
        Text::new(
            format!("几种名册都对得上：{}", names.join("、")),
            format!("several registers fit: {}", names.join(", ")),
        ),
        Text::new("请用 --register 写明", "say which by --register"),
    )
    .at(place)
}

fn unknown(place: &str) -> Problem {
    Problem::new(
        "register/no-header",
        Text::new("没有一种名册的表头对得上", "no register's header is on this sheet"),
        Text::new(
            "用 doudi registers suggest 生成名册草稿，改好后放进规则包 registers/；或用 --register 写明，看缺哪些列",
            "`doudi registers suggest` drafts a mapping for the bundle's registers/; or say --register to see which columns are missing",
        ),
    )
    .at(place)
}

fn hidden(register: &Register, place: &str) -> Problem {
    Problem::new(
        "register/hidden-sheet",
        Text::new(
            format!("隐藏的工作表没有读，但它的表头符合名册“{}”", register.title.zh),
            format!("a hidden sheet was not read, though its header fits the register {}", register.id),
        ),
        Text::new("确为数据的，请取消隐藏后再读", "if it is data, unhide it and read the file again"),
    )
    .at(place)
}

/// The as-of day: what the caller states, else where the register says to look.
fn as_of(sheet: &Sheet, found: &header::Found, register: &Register, reading: &Reading<'_>) -> Option<Day> {
    let first = found.rows.first().copied().unwrap_or(1);
    let file = std::path::Path::new(reading.name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let look = |place: &AsOf| match place {
        AsOf::Lines => {
            sheet.rows.iter().take_while(|row| row.number < first).flat_map(crate::cell::Row::filled).find_map(
                |(_, cell)| match cell {
                    crate::Cell::Text(text) => date::as_of_in(text),
                    _ => None,
                },
            )
        }
        AsOf::Sheet => date::as_of_in(&sheet.name),
        AsOf::File => file.as_deref().and_then(date::as_of_in),
    };
    reading.as_of.or_else(|| register.as_of.iter().find_map(look))
}
