//! A mapping proposed for an unknown table, to be read and mended by a person before it goes into the bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use doudi_model::{Problem, Text};
use doudi_rules::bundle::Bundle;
use doudi_rules::bundle::register::{Column, ColumnKind, MoneyUnit};

use crate::cell::{Book, Cell, Row, Sheet, Visibility};
use crate::fault::Fault;
use crate::parse::{count, date, id, money, text};
use crate::table::header::{self, Guess};

/// Rows below the header that are looked at.
const SAMPLE: usize = 300;
/// Words of a category, at most: more is free text.
const WORDS_MAX: usize = 12;

/// A proposed register.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The sheet it was made from.
    pub sheet: String,
    /// The rows of its header.
    pub header_rows: Vec<u32>,
    /// The register as TOML.
    pub toml: String,
}

/// Proposes a register for the first sheet of a book that looks like a table. `name` is the file's.
///
/// # Errors
/// If no sheet has a header with rows below.
pub fn propose(book: &Book, bundle: &Bundle, name: &str) -> Result<Proposal, Problem> {
    let visible = book.sheets.iter().filter(|sheet| sheet.state == Visibility::Visible);
    let mut guesses = visible.filter_map(|sheet| header::guess(sheet).map(|guess| (sheet, guess)));
    let Some((sheet, guess)) = guesses.next() else {
        return Err(Problem::new(
            "register/no-header",
            Text::new("没有找到像表头的行", "no row looks like a header"),
            Text::new("表头应是一行文字，其下有数据", "a header is a row of words with data below"),
        )
        .at(name));
    };
    let known = known(bundle);
    let mut keys = BTreeSet::new();
    let columns: Vec<Proposed> =
        guess.columns.iter().map(|(at, path)| column(sheet, &guess, *at, path, &known, &mut keys)).collect();
    Ok(Proposal { sheet: sheet.name.clone(), toml: toml(&columns, bundle, name), header_rows: guess.rows })
}

struct Proposed {
    key: String,
    header: String,
    kind: ColumnKind,
    unit: Option<MoneyUnit>,
    words: BTreeSet<String>,
    sure: bool,
}

/// What the registers of the bundle know, by header name.
fn known(bundle: &Bundle) -> BTreeMap<String, &Column> {
    let columns = bundle.registers().iter().flat_map(|register| &register.columns);
    let names = columns.flat_map(|column| column.names.iter().map(move |name| (header::plain(name), column)));
    let mut known = BTreeMap::new();
    for (name, column) in names {
        known.entry(name).or_insert(column);
    }
    known
}

fn column(
    sheet: &Sheet,
    guess: &Guess,
    at: u16,
    path: &[String],
    known: &BTreeMap<String, &Column>,
    keys: &mut BTreeSet<String>,
) -> Proposed {
    let last = guess.rows.last().copied().unwrap_or(0);
    let below = sheet.rows.iter().filter(|row| row.number > last);
    let cells: Vec<&Cell> = below.take(SAMPLE).map(|row: &Row| row.cell(at)).filter(|cell| !cell.is_blank()).collect();
    let header = path.join("/");
    let lowest = header::plain(path.last().map_or("", String::as_str));
    let declared = known.get(&header::plain(&header)).or_else(|| known.get(&lowest));
    let seen = kind_of(&cells, &lowest);
    let kind = match declared {
        Some(column) if agrees(column.kind, seen) => column.kind,
        _ => seen,
    };
    let stated = path.iter().rev().find_map(|segment| money::unit_in(segment));
    let unit = (kind == ColumnKind::Money).then(|| stated.unwrap_or(MoneyUnit::Yuan));
    let base = declared.map_or_else(
        || format!("column_{}", crate::cell::letters(at).to_lowercase()),
        |column| column.key().to_owned(),
    );
    let key = (1..)
        .map(|time| if time == 1 { base.clone() } else { format!("{base}_{time}") })
        .find(|key| !keys.contains(key));
    let key = key.unwrap_or(base);
    keys.insert(key.clone());
    let words = if kind == ColumnKind::Category { words(&cells) } else { BTreeSet::new() };
    Proposed { key, header, kind, unit, words, sure: declared.is_some() }
}

/// Whether what a register says of a column may hold for what is seen in it.
fn agrees(declared: ColumnKind, seen: ColumnKind) -> bool {
    declared == seen
        || matches!(
            (declared, seen),
            (ColumnKind::Name | ColumnKind::Text, ColumnKind::Category | ColumnKind::Text)
                | (ColumnKind::Category, ColumnKind::Text)
                | (ColumnKind::Money, ColumnKind::Count)
                | (ColumnKind::Name, ColumnKind::Name)
        )
}

fn words(cells: &[&Cell]) -> BTreeSet<String> {
    let words = cells.iter().filter_map(|cell| match cell {
        Cell::Text(words) => Some(text::trimmed(words)),
        _ => None,
    });
    words.collect()
}

/// What most cells can be read as.
fn kind_of(cells: &[&Cell], header: &str) -> ColumnKind {
    let most = |reads: &dyn Fn(&Cell) -> bool| {
        let fitting = cells.iter().filter(|cell| reads(cell)).count();
        !cells.is_empty() && fitting * 10 >= cells.len() * 6
    };
    if ["序号", "编号", "no", "no.", "序"].contains(&header) && most(&|cell| count::read(cell).is_ok()) {
        return ColumnKind::Index;
    }
    let looks_like_id = header.contains("身份证") || header.contains("身份号码");
    if looks_like_id || most(&|cell| matches!(id::read(cell), Ok(Some(_)))) {
        return ColumnKind::Id;
    }
    // A plain number may be a day's serial as well as an amount: then the header decides.
    let dated = ["日期", "时间", "年月", "日"].iter().any(|word| header.ends_with(word));
    let day = |cell: &Cell| matches!(date::read(cell, false), Ok(Some(_)) | Err(Fault::DayMissing { .. }));
    if most(&|cell| day(cell) && (dated || !matches!(cell, Cell::Number(_)))) {
        return ColumnKind::Date;
    }
    let amount =
        ["金", "费", "额", "款", "元", "收入", "支出", "价", "付", "报销"].iter().any(|word| header.contains(word));
    if most(&|cell| money::read(cell, MoneyUnit::Yuan, None).is_ok()) {
        return if amount || !most(&|cell| count::read(cell).is_ok()) { ColumnKind::Money } else { ColumnKind::Count };
    }
    if header.ends_with("姓名") || header == "户主" {
        return ColumnKind::Name;
    }
    let different = words(cells).len();
    let few = different <= WORDS_MAX && different * 3 <= cells.len();
    let short = words(cells).iter().all(|word| word.chars().count() <= 10);
    if few && short && different > 0 { ColumnKind::Category } else { ColumnKind::Text }
}

fn toml(columns: &[Proposed], bundle: &Bundle, name: &str) -> String {
    let file =
        std::path::Path::new(name).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let mut out = String::new();
    out.push_str("# 草稿：请逐列核对，填好 id、title、office、source 和 [[fact]]，再存入规则包 registers/。\n");
    out.push_str("# A draft: check each column, fill in id, title, office, source and [[fact]], then keep it in the bundle's registers/.\n\n");
    let _ = writeln!(out, "id      = \"new-register\"");
    let _ = writeln!(out, "title   = {{ zh = {}, en = \"…\" }}", quoted(&file));
    let _ = writeln!(out, "office  = \"c-{{county}}-mz\"");
    let _ = writeln!(out, "source  = \"urn:xianning:421200:mz\"");
    let _ = writeln!(out, "as_of   = [\"lines\", \"sheet\", \"file\"]");
    for column in columns.iter().filter(|column| column.kind != ColumnKind::Index) {
        out.push_str(&column_toml(column));
    }
    out.push_str(&fact_toml(columns, bundle));
    out
}

fn column_toml(column: &Proposed) -> String {
    let mut out = String::from("\n[[column]]\n");
    let _ = writeln!(
        out,
        "key   = {}{}",
        quoted(&column.key),
        if column.sure { "" } else { "   # 请换成有意义的英文名 · give it a name" }
    );
    let _ = writeln!(out, "names = [{}]", quoted(&column.header));
    if column.kind != ColumnKind::Text {
        let _ = writeln!(out, "kind  = \"{}\"", column.kind.word());
    }
    if let Some(unit) = column.unit {
        let _ = writeln!(out, "unit  = \"{}\"", unit.word());
    }
    if column.kind == ColumnKind::Id {
        let _ = writeln!(out, "needed = true");
    }
    if !column.words.is_empty() && column.words.len() <= WORDS_MAX {
        let words: Vec<String> = column.words.iter().map(|word| quoted(word)).collect();
        let _ = writeln!(out, "# 表中有 · the table has: {}", words.join(", "));
        let _ =
            writeln!(out, "# codes = [{{ code = \"…\", names = [{}] }}]", words.first().cloned().unwrap_or_default());
    }
    out
}

/// The fact kind whose fields most of the proposed keys and kinds would fill, as a comment to start from.
fn fact_toml(columns: &[Proposed], bundle: &Bundle) -> String {
    let keys: BTreeSet<&str> = columns.iter().map(|column| column.key.as_str()).collect();
    let uses = |register: &&doudi_rules::bundle::Register| {
        register.columns.iter().filter(|column| keys.contains(column.key())).count()
    };
    let near = bundle.registers().iter().max_by_key(uses);
    let kind = near.and_then(|register| register.facts.first()).map_or("…", |fact| fact.kind.get_ref().as_str());
    let mut out = String::from(
        "\n# 每行成为什么事实（种类和字段见规则包 facts/）· the facts a row makes (kinds and fields: facts/)\n",
    );
    let _ = writeln!(out, "# [[fact]]\n# kind    = \"{kind}\"\n# subject = {{ person = \"id\" }}\n# [fact.fields]");
    for field in bundle.dictionary().get(kind).into_iter().flat_map(|declaration| &declaration.fields) {
        let needed = if field.required { "必填" } else { "可选" };
        let _ = writeln!(out, "# {} = {{ column = \"…\" }}   # {}，{needed}", field.name, field.title.zh);
    }
    out
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => {
                out.push('\\');
                out.push(sign);
            }
            '\n' => out.push_str("\\n"),
            _ if sign.is_control() => {}
            _ => out.push(sign),
        }
    }
    out.push('"');
    out
}
