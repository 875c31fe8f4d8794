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
                Err(fault) => problems.push(super::stray::not_utf8(path, bytes, fault.valid_up_to())),
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
            let near = near(&said);
            // Where the right name is near, the others are left out.
            let said = if near.is_some() { said.split(", expected ").next().unwrap_or("") } else { &said };
            let message = Text::new(format!("文件格式不对：{}", toml_words(said)), format!("not as expected: {said}"));
            Problem::new("B0102", message, toml_hint(near.as_deref())).at(place)
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

/// The deserialiser's words in Chinese, as far as they are known.
fn toml_words(said: &str) -> Cow<'_, str> {
    let (known, rest) = [
        ("没有这个字段：", "unknown field "),
        ("没有这种写法：", "unknown variant "),
        ("缺少字段 ", "missing field "),
        ("类型不对：", "invalid type: "),
        ("值不对：", "invalid value: "),
        ("字段重复：", "duplicate field "),
        ("重复：", "duplicate key"),
    ]
    .iter()
    .find_map(|(zh, en)| Some((*zh, said.strip_prefix(en)?)))
    .unwrap_or(("", said));
    match known {
        "" => Cow::Borrowed(said),
        known => Cow::Owned(format!(
            "{known}{}",
            rest.replace(", expected one of ", "，可用 ").replace(", expected ", "，应为 ").replace("`, `", "`、`")
        )),
    }
}

/// The nearest of the names that could stand there.
fn near(said: &str) -> Option<String> {
    let mut names = said.split('`').skip(1).step_by(2);
    let found = names.next().filter(|_| said.starts_with("unknown "))?;
    super::nearest(found, names).map(str::to_owned)
}

/// That name, or where the form is described.
fn toml_hint(near: Option<&str>) -> Text {
    match near {
        Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
        None => Text::new(
            "请对照 rules/README.md 中该类文件的写法",
            "compare with the form of this kind of file in rules/README.md",
        ),
    }
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

/// A row with more cells than its header has columns: a comma too many would shift its values.
fn too_wide(source: &Source<'_>, line: u64, columns: usize, cells: usize) -> Problem {
    Problem::new(
        "B0105",
        Text::new(
            format!("这一行有{cells}格，表头只有{columns}列"),
            format!("the row has {cells} cells, the header {columns} columns"),
        ),
        Text::new(
            "含逗号的内容请加双引号，或删去多余的逗号",
            "quote text that holds a comma, or remove the commas too many",
        ),
    )
    .at(format!("{}:{line}", source.path))
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
    let named = header.iter().enumerate().filter(|(_, name)| !name.is_empty());
    for (_, twice) in named.filter(|(at, name)| header.iter().take(*at).any(|earlier| earlier == *name)) {
        problems.push(
            Problem::new(
                "B0104",
                Text::new(format!("表头中列 {twice} 出现两次"), format!("the header names the column {twice} twice")),
                Text::new("请删去其中一列", "remove one of the two columns"),
            )
            .at(format!("{}:1", source.path)),
        );
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                // Excel leaves rows of nothing but commas behind.
                if record.iter().all(|cell| cell.trim().is_empty()) {
                    continue;
                }
                if record.len() > header.len() {
                    problems.push(too_wide(&source, line, header.len(), record.len()));
                }
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
