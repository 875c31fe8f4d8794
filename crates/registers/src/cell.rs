//! Cells, rows and sheets, whatever file they came from.

use std::fmt;

/// What stands in a cell. Has no readable `Debug`: it may name a person.
#[derive(Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// Text as it stands there.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that the workbook shows as a day: the day's serial.
    Serial(f64),
    /// Yes or no.
    Bool(bool),
    /// An error value such as `#N/A`.
    Error,
    /// A formula whose result is not stored.
    Unstored,
    /// A formula that starts another program.
    Command,
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cell::Blank => "Blank",
            Cell::Text(_) => "Text(…)",
            Cell::Number(_) => "Number(…)",
            Cell::Serial(_) => "Serial(…)",
            Cell::Bool(_) => "Bool(…)",
            Cell::Error => "Error",
            Cell::Unstored => "Unstored",
            Cell::Command => "Command",
        })
    }
}

impl Cell {
    /// Whether there is nothing in it that a person would see.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Blank => true,
            Cell::Text(text) => crate::parse::text::is_blank(text),
            Cell::Number(_) | Cell::Serial(_) | Cell::Bool(_) | Cell::Error | Cell::Unstored | Cell::Command => false,
        }
    }
}

/// One row with the number that a person sees.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// From 1.
    pub number: u32,
    /// Whether it is hidden or filtered away.
    pub hidden: bool,
    /// Column from 0 and cell, in the order of columns; blank ones may be left out.
    pub cells: Vec<(u16, Cell)>,
}

impl Row {
    /// The cell of a column.
    #[must_use]
    pub fn cell(&self, column: u16) -> &Cell {
        match self.cells.binary_search_by_key(&column, |(at, _)| *at) {
            Ok(at) => self.cells.get(at).map_or(&Cell::Blank, |(_, cell)| cell),
            Err(_) => &Cell::Blank,
        }
    }

    /// Cells with something in them.
    pub fn filled(&self) -> impl Iterator<Item = (u16, &Cell)> {
        self.cells.iter().filter(|(_, cell)| !cell.is_blank()).map(|(at, cell)| (*at, cell))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.filled().next().is_none()
    }
}

/// Cells merged into one: rows from 1, columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column.
    pub left: u16,
    /// Last column.
    pub right: u16,
}

/// Whether a sheet can be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Visibility {
    /// It can.
    #[default]
    Visible,
    /// It is hidden.
    Hidden,
}

impl Visibility {
    /// Its word in answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Visibility::Visible => "visible",
            Visibility::Hidden => "hidden",
        }
    }
}

/// One sheet; a text file is one without a name.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it can be seen.
    pub state: Visibility,
    /// Rows in order; those without cells may be left out.
    pub rows: Vec<Row>,
    /// Merged cells, in the order of their first row.
    pub merges: Vec<Merge>,
    /// Whether serials of days count from 1904.
    pub from_1904: bool,
}

impl Sheet {
    /// A row by its number.
    #[must_use]
    pub fn row(&self, number: u32) -> Option<&Row> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|at| self.rows.get(at))
    }

    /// The cell at a row and column.
    #[must_use]
    pub fn cell(&self, row: u32, column: u16) -> &Cell {
        self.row(row).map_or(&Cell::Blank, |row| row.cell(column))
    }
}

/// A file's sheets in order.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// The sheets.
    pub sheets: Vec<Sheet>,
    /// The text encoding, for a text file.
    pub encoding: Option<&'static str>,
    /// What a person is to look at while the rest goes on: sheets filled to their last row, and the like.
    pub notices: Vec<doudi_model::Problem>,
}

/// `A`, `B` … `Z`, `AA`: the letters of a column counted from 0.
#[must_use]
pub fn letters(column: u16) -> String {
    let mut rest = u32::from(column) + 1;
    let mut out = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        out.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_that_spreadsheets_show() {
        for (column, expect) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(letters(column), expect);
        }
    }
}
