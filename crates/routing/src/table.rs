//! Reading a clerk's table: columns by name, every fault with file and line.

use std::collections::BTreeMap;

use doudi_model::{Problem, Text};

/// A table as it was read; cells are trimmed.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    file: String,
    columns: BTreeMap<String, usize>,
    rows: Vec<(u64, Vec<String>)>,
}

/// One row with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    table: &'a Table,
    line: u64,
    cells: &'a [String],
}

impl Table {
    /// Reads UTF-8 with or without a byte order mark; blank lines are skipped. Columns may stand in any order.
    pub(crate) fn read(file: &str, bytes: &[u8], required: &[&str], optional: &[&str]) -> Result<Table, Vec<Problem>> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).has_headers(false).from_reader(bytes);
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|fault| vec![unreadable(file, &fault)])?;
            let line = record.position().map_or(1, csv::Position::line);
            lines.push((line, record.iter().map(ToOwned::to_owned).collect::<Vec<String>>()));
        }
        let mut lines = lines.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
        let Some((line, header)) = lines.next() else {
            return Err(vec![no_header(file, required)]);
        };
        let columns = header.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
        let table = Table { file: file.to_owned(), columns, rows: lines.collect() };
        let problems = table.shape_problems(line, required, optional);
        if problems.is_empty() { Ok(table) } else { Err(problems) }
    }

    fn shape_problems(&self, header: u64, required: &[&str], optional: &[&str]) -> Vec<Problem> {
        let at = format!("{}:{header}", self.file);
        let known = || required.iter().chain(optional).copied().collect::<Vec<_>>().join(",");
        let mut problems = Vec::new();
        for name in required.iter().filter(|name| !self.columns.contains_key(**name)) {
            let message = Text::new(format!("缺少列 {name}"), format!("column {name} is missing"));
            let hint = Text::new(format!("表头应为 {}", known()), format!("the header is {}", known()));
            problems.push(Problem::new("table/column-missing", message, hint).at(at.clone()).in_field(*name));
        }
        for name in self.columns.keys().filter(|name| !required.iter().chain(optional).any(|known| known == name)) {
            let message = Text::new(format!("不认识的列 {name}"), format!("column {name} is not known"));
            let hint = Text::new(format!("表头应为 {}", known()), format!("the header is {}", known()));
            problems.push(Problem::new("table/column-unknown", message, hint).at(at.clone()).in_field(name.clone()));
        }
        for row in self.rows().filter(|row| row.cells.len() > self.columns.len()) {
            let message = Text::new("这一行比表头多出单元格", "this row has more cells than the header");
            let hint = Text::new("含逗号的内容请加双引号", "put text that holds a comma in double quotes");
            problems.push(Problem::new("table/cells", message, hint).at(row.place()));
        }
        problems
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }
}

impl<'a> Row<'a> {
    /// A cell; empty if the row is short or the column is not there.
    pub(crate) fn get(&self, column: &str) -> &'a str {
        self.table.columns.get(column).and_then(|at| self.cells.get(*at)).map_or("", String::as_str)
    }

    /// `routing/routes.csv:17`.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.table.file, self.line)
    }

    /// A fault in one cell of this row.
    pub(crate) fn problem(&self, column: &str, code: &'static str, message: Text, hint: Text) -> Problem {
        Problem::new(code, message, hint).at(self.place()).in_field(column)
    }
}

fn unreadable(file: &str, fault: &csv::Error) -> Problem {
    let line = fault.position().map_or(1, csv::Position::line);
    Problem::new(
        "table/unreadable",
        Text::new("不是 UTF-8 编码的 CSV 表", "not a CSV table in UTF-8"),
        Text::new("另存为“CSV UTF-8（逗号分隔）”", "save it as CSV UTF-8 (comma delimited)"),
    )
    .at(format!("{file}:{line}"))
}

fn no_header(file: &str, required: &[&str]) -> Problem {
    let header = required.join(",");
    Problem::new(
        "table/empty",
        Text::new("表是空的", "the table is empty"),
        Text::new(format!("第一行写 {header}"), format!("the first line is {header}")),
    )
    .at(format!("{file}:1"))
}
