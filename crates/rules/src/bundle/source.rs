//! Reading a bundle's files: text with places, so that every fault names file, line and column.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use doudi_model::{Problem, Text};
use serde::de::DeserializeOwned;

/// A bundle's files by path, `warnings/medical-burden.toml` to bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// One file as text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// Path inside the bundle.
    pub(crate) path: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
}

impl<'a> Source<'a> {
    /// The files below `folder` that end in `ending`, as text; those that are not UTF-8 are reported.
    pub(crate) fn below(files: &'a Files, folder: &str, ending: &str, problems: &mut Vec<Problem>) -> Vec<Source<'a>> {
        let mut found = Vec::new();
        for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with(folder) && path.ends_with(ending)) {
            match std::str::from_utf8(bytes) {
                Ok(text) => found.push(Source { path, text: text.strip_prefix('\u{feff}').unwrap_or(text) }),
                Err(fault) => problems.push(not_utf8(path, bytes, fault.valid_up_to())),
            }
        }
        found
    }

    /// One file by its path.
    pub(crate) fn one(files: &'a Files, path: &'static str, problems: &mut Vec<Problem>) -> Option<Source<'a>> {
        if !files.contains_key(path) {
            problems.push(
                Problem::new(
                    "B0101",
                    Text::new(format!("规则包缺少文件 {path}"), format!("the bundle has no {path}")),
                    Text::new("请补上该文件，可参照内置规则包", "add the file; the built-in bundle shows its form"),
                )
                .at(path),
            );
        }
        Source::below(files, path, "", problems).into_iter().find(|source| source.path == path)
    }

    /// `file:line:column` of a byte offset; columns count characters.
    pub(crate) fn place(&self, offset: usize) -> String {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        format!("{}:{line}:{column}", self.path)
    }

    /// The file as a typed TOML document.
    pub(crate) fn toml<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        toml::from_str(self.text).map_err(|fault| {
            let place = fault.span().map_or_else(|| self.path.to_owned(), |span| self.place(span.start));
            let said = fault.message().to_owned();
            Problem::new(
                "B0102",
                Text::new(format!("文件格式不对：{}", toml_words(&said)), format!("not as expected: {said}")),
                Text::new(
                    "请对照 rules/README.md 中该类文件的写法",
                    "compare with the form of this kind of file in rules/README.md",
                ),
            )
            .at(place)
        })
    }

    /// Where the content of a TOML string begins in the file, if its text stands there unescaped.
    pub(crate) fn content_start(&self, span: Range<usize>) -> Option<usize> {
        let raw = self.text.get(span.clone())?;
        if raw.starts_with("\"\"\"") || raw.starts_with("'''") {
            let newline = raw.get(3..).is_some_and(|rest| rest.starts_with('\n'));
            return (!raw.contains('\\')).then_some(span.start + 3 + usize::from(newline));
        }
        (raw.starts_with('\'') || !raw.contains('\\')).then_some(span.start + 1)
    }
}

fn toml_words(said: &str) -> Cow<'_, str> {
    if let Some(rest) = said.strip_prefix("unknown field ") {
        Cow::Owned(format!("没有这个字段：{rest}"))
    } else if let Some(rest) = said.strip_prefix("missing field ") {
        Cow::Owned(format!("缺少字段 {rest}"))
    } else {
        Cow::Borrowed(said)
    }
}

fn not_utf8(path: &str, bytes: &[u8], valid: usize) -> Problem {
    let line = bytes.iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
    Problem::new(
        "B0103",
        Text::new(
            "文件不是 UTF-8 编码（可能是 Excel 存成的 GB18030）",
            "the file is not UTF-8 (perhaps GB18030, as Excel saves it)",
        ),
        Text::new("请另存为“CSV UTF-8”或 UTF-8 文本", "save it as \"CSV UTF-8\" or UTF-8 text"),
    )
    .at(format!("{path}:{line}"))
}

/// One row of a CSV table with the line it stands on.
pub(crate) struct Row {
    /// `file:line`.
    pub(crate) place: String,
    cells: BTreeMap<String, String>,
}

impl Row {
    /// A cell without surrounding blanks; empty if the column is absent.
    pub(crate) fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// The rows of a table whose header must name `columns`.
pub(crate) fn table(source: Source<'_>, columns: &[&str], problems: &mut Vec<Problem>) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source.text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|name| name.trim().to_owned()).collect(),
        Err(_) => Vec::new(),
    };
    for missing in columns.iter().filter(|column| !header.iter().any(|name| name == *column)) {
        problems.push(
            Problem::new(
                "B0104",
                Text::new(format!("表头缺少列 {missing}"), format!("the header lacks the column {missing}")),
                Text::new(
                    format!("表头应为：{}", columns.join(",")),
                    format!("the header should be: {}", columns.join(",")),
                ),
            )
            .at(format!("{}:1", source.path)),
        );
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
                rows.push(Row { place: format!("{}:{line}", source.path), cells });
            }
            Err(fault) => {
                let line = fault.position().map_or(0, csv::Position::line);
                problems.push(
                    Problem::new(
                        "B0105",
                        Text::new("这一行不是有效的 CSV", "this line is not valid CSV"),
                        Text::new("请检查引号和逗号", "check quotes and commas"),
                    )
                    .at(format!("{}:{line}", source.path)),
                );
            }
        }
    }
    rows
}
