//! Text with separators: comma, tab, semicolon or bar.
//!
//! Read here and not by the `csv` crate, because a row's number must be the one that a spreadsheet shows: blank lines
//! count, a line break inside quotation marks does not. An unclosed quotation mark is a fault, not a very long cell.

use super::bounds::CELLS_MAX;
use super::{Refusal, encoding};
use crate::cell::{Book, Cell, Row, Sheet};

const SEPARATORS: [char; 4] = [',', '\t', ';', '|'];
/// Lines that are looked at to tell the separator.
const LOOK: usize = 50;
const COLUMNS_MAX: usize = 16_384;

/// The one sheet of a text file.
pub(super) fn read(bytes: &[u8]) -> Result<Book, Refusal> {
    let (text, encoding) = encoding::decode(bytes);
    let (text, stated) = stated_separator(&text);
    let separator = stated.unwrap_or_else(|| separator(text));
    let mut rows = rows(text, separator)?;
    while rows.last().is_some_and(Row::is_blank) {
        rows.pop();
    }
    if rows.is_empty() {
        return Err(Refusal::Empty);
    }
    Ok(Book { sheets: vec![Sheet { rows, ..Sheet::default() }], encoding: Some(encoding), notices: Vec::new() })
}

/// `sep=;` on the first line, as Excel writes and obeys it.
fn stated_separator(text: &str) -> (&str, Option<char>) {
    let Some(rest) = text.strip_prefix("sep=") else { return (text, None) };
    let mut signs = rest.chars();
    match (signs.next(), rest.find('\n')) {
        (Some(separator), Some(end)) => (rest.get(end..).unwrap_or(""), Some(separator)),
        _ => (text, None),
    }
}

/// The separator that parts most lines into the same number of cells.
fn separator(text: &str) -> char {
    let score = |separator: char| {
        let lines: Vec<usize> = lines_outside_quotes(text, separator);
        let most = lines.iter().copied().max().unwrap_or(0);
        let agreeing = lines.iter().filter(|count| **count == most && most > 0).count();
        (agreeing * most, agreeing)
    };
    SEPARATORS.into_iter().rev().max_by_key(|separator| score(*separator)).unwrap_or(',')
}

/// How often the separator stands outside quotation marks on each of the first lines.
fn lines_outside_quotes(text: &str, separator: char) -> Vec<usize> {
    let (mut counts, mut count, mut quoted) = (Vec::new(), 0, false);
    for sign in text.chars() {
        match sign {
            '"' => quoted = !quoted,
            '\n' if !quoted => {
                counts.push(std::mem::take(&mut count));
                if counts.len() >= LOOK {
                    return counts;
                }
            }
            _ if sign == separator && !quoted => count += 1,
            _ => {}
        }
    }
    counts.push(count);
    counts
}

/// Where the reader stands inside a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Bare,
    Quoted,
    /// After a quotation mark inside a quoted cell: its end, or the first of two.
    Closing,
}

struct Reader {
    rows: Vec<Row>,
    row: Row,
    cell: String,
    column: usize,
    cells: usize,
}

fn rows(text: &str, separator: char) -> Result<Vec<Row>, Refusal> {
    let mut reader =
        Reader { rows: Vec::new(), row: Row { number: 1, ..Row::default() }, cell: String::new(), column: 0, cells: 0 };
    let (mut at, mut line, mut opened) = (At::Start, 1, 1);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        line += usize::from(sign == '\n');
        at = match (at, sign) {
            (At::Quoted, '"') => At::Closing,
            (At::Closing, '"') => {
                reader.cell.push('"');
                At::Quoted
            }
            (At::Start, '"') => {
                opened = line;
                At::Quoted
            }
            (At::Quoted, _) => {
                reader.cell.push(sign);
                At::Quoted
            }
            (_, '\r' | '\n') => {
                if sign == '\r' && signs.peek() == Some(&'\n') {
                    signs.next();
                    line += 1;
                }
                reader.end_row()?;
                At::Start
            }
            _ if sign == separator => {
                reader.end_cell()?;
                At::Start
            }
            _ => {
                reader.cell.push(sign);
                At::Bare
            }
        };
    }
    if at == At::Quoted {
        return Err(Refusal::OpenQuote { line: opened });
    }
    reader.end_row()?;
    Ok(reader.rows)
}

impl Reader {
    fn end_cell(&mut self) -> Result<(), Refusal> {
        let cell = std::mem::take(&mut self.cell);
        if !cell.is_empty() {
            self.cells += 1;
            if self.cells > CELLS_MAX || self.column >= COLUMNS_MAX {
                return Err(Refusal::TooManyCells { most: CELLS_MAX });
            }
            self.row.cells.push((u16::try_from(self.column).unwrap_or(u16::MAX), Cell::Text(cell)));
        }
        self.column += 1;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Refusal> {
        self.end_cell()?;
        self.column = 0;
        let number = self.row.number.checked_add(1).ok_or(Refusal::TooManyCells { most: CELLS_MAX })?;
        let next = Row { number, ..Row::default() };
        self.rows.push(std::mem::replace(&mut self.row, next));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as `number:cell|cell`.
    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let book = read(text.as_bytes()).unwrap();
        let told: Vec<String> = book.sheets[0]
            .rows
            .iter()
            .map(|row| {
                let cell = |(at, cell): &(u16, Cell)| match cell {
                    Cell::Text(text) => format!("{at}={text}"),
                    other => format!("{other:?}"),
                };
                format!("{}:{}", row.number, row.cells.iter().map(cell).collect::<Vec<_>>().join("|"))
            })
            .collect();
        assert_eq!(told, expect);
    }

    #[test]
    fn the_separator_is_told_from_the_text() {
        check("a,b;c\n1,2\n", &["1:0=a|1=b;c", "2:0=1|1=2"]);
        check("a;b\n1,5;2\n", &["1:0=a|1=b", "2:0=1,5|1=2"]);
        check("a\tb\n1,5\t2,5\n", &["1:0=a|1=b", "2:0=1,5|1=2,5"]);
        check("sep=|\na|b,c\n", &["1:", "2:0=a|1=b,c"]);
        check("姓名\n张\n", &["1:0=姓名", "2:0=张"]);
    }

    #[test]
    fn rows_have_the_numbers_that_a_spreadsheet_shows() {
        check("a,b\r\n\r\n\"x\r\ny\",2\r\n,\r\nz,", &["1:0=a|1=b", "2:", "3:0=x\r\ny|1=2", "4:", "5:0=z"]);
    }

    #[test]
    fn quotation_marks_inside_cells_stay() {
        check("a,b\n\"he said \"\"no\"\"\",\"=\"\"42\"\"\"\n", &["1:0=a|1=b", "2:0=he said \"no\"|1==\"42\""]);
        check("a,b\nx \"y\" z,1\n", &["1:0=a|1=b", "2:0=x \"y\" z|1=1"]);
    }

    #[test]
    fn an_unclosed_quotation_mark_names_its_line() {
        assert_eq!(read(b"a,b\n1,\"2\n3,4\n").map(|_| ()), Err(Refusal::OpenQuote { line: 2 }));
    }

    #[test]
    fn a_file_of_blank_lines_is_empty() {
        assert_eq!(read(b",,\n\n ,\n").map(|_| ()), Err(Refusal::Empty));
    }
}
