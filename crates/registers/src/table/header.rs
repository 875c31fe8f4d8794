//! Finding the header: which rows it is, and which column is which.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::{Problem, Text};
use doudi_rules::bundle::register::{ColumnKind, MoneyUnit, Register};

use super::Heading;
use super::merged::Merges;
use crate::cell::{Cell, Row, Sheet};
use crate::parse::{id, money, text};

/// Rows with something in them that are looked at for the header.
const LOOK: usize = 40;
/// Rows that a header may have.
const HEIGHT_MAX: usize = 3;

/// A header that fits.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its rows.
    pub rows: Vec<u32>,
    /// Its columns.
    pub headings: Vec<Heading>,
    /// How many columns of the register it has.
    pub known: usize,
}

/// What came nearest to a header.
#[derive(Debug, Clone, Default)]
pub struct Near {
    row: Option<u32>,
    known: usize,
    missing: Vec<String>,
    others: Vec<String>,
}

/// The header of a register on a sheet: the rows that have most of its columns, and all that are needed.
///
/// # Errors
/// What came nearest, and which needed columns it lacks.
pub(super) fn find(sheet: &Sheet, merges: &Merges, register: &Register) -> Result<Found, Near> {
    let filled: Vec<&Row> = sheet.rows.iter().filter(|row| !row.is_blank()).take(LOOK + HEIGHT_MAX).collect();
    let (mut best, mut near): (Option<Found>, Near) = (None, Near::default());
    for start in 0..filled.len().min(LOOK) {
        for height in 1..=HEIGHT_MAX {
            let Some(rows) = filled.get(start..start + height).filter(|rows| could_be(rows)) else { break };
            let found = matched(sheet, merges, register, rows);
            let missing = missing(register, &found);
            if !missing.is_empty() {
                if found.known > near.known {
                    near = nearest(&found, missing);
                }
            } else if best.as_ref().is_none_or(|best| better(&found, best)) {
                best = Some(found);
            }
        }
    }
    best.ok_or(near)
}

/// More columns that are known; of equal ones the lower header, for a title above it says nothing of columns.
fn better(one: &Found, other: &Found) -> bool {
    (one.known, other.rows.len()) > (other.known, one.rows.len())
}

/// Header rows stand one below the other and hold words, no numbers and no people.
fn could_be(rows: &[&Row]) -> bool {
    let joined = rows.windows(2).all(|pair| match pair {
        [upper, lower] => upper.number + 1 == lower.number,
        _ => true,
    });
    let words = |row: &&Row| {
        row.filled().all(|(_, cell)| match cell {
            Cell::Text(text) => text.chars().count() <= 200 && !matches!(id::read(cell), Ok(Some(_))),
            Cell::Number(_) | Cell::Serial(_) | Cell::Bool(_) => false,
            Cell::Blank | Cell::Error | Cell::Unstored | Cell::Command => true,
        })
    };
    joined && rows.iter().all(words)
}

fn missing(register: &Register, found: &Found) -> Vec<String> {
    let has: BTreeSet<usize> = found.headings.iter().filter_map(|heading| heading.mapped).collect();
    let lacking = register.columns.iter().enumerate().filter(|(at, column)| column.needed && !has.contains(at));
    lacking.map(|(_, column)| column.names.first().cloned().unwrap_or_else(|| column.key().to_owned())).collect()
}

fn nearest(found: &Found, missing: Vec<String>) -> Near {
    let unknown = found.headings.iter().filter(|heading| heading.key.is_none() && heading.kind != ColumnKind::Index);
    Near {
        row: found.rows.first().copied(),
        known: found.known,
        missing,
        others: unknown.map(|heading| heading.name.clone()).take(8).collect(),
    }
}

/// The columns that these rows would head.
fn matched(sheet: &Sheet, merges: &Merges, register: &Register, rows: &[&Row]) -> Found {
    let last = rows.iter().filter_map(|row| row.filled().last().map(|(at, _)| at)).max().unwrap_or(0);
    let (mut headings, mut repeats): (Vec<Heading>, BTreeMap<String, usize>) = (Vec::new(), BTreeMap::new());
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    for column in 0..=last {
        let path = path(sheet, merges, rows, column);
        if path.is_empty() {
            continue;
        }
        let name = path.join("/");
        let repeat = repeats.entry(name.clone()).or_insert(0);
        *repeat += 1;
        let name = if *repeat > 1 { format!("{name}#{repeat}") } else { name };
        let known = known(register, &path);
        headings.push(heading(register, column, name, &path, known, &mut taken));
    }
    Found { rows: rows.iter().map(|row| row.number).collect(), known: taken.len(), headings }
}

fn heading(
    register: &Register,
    column: u16,
    name: String,
    path: &[String],
    known: Option<usize>,
    taken: &mut BTreeMap<usize, usize>,
) -> Heading {
    let unit = path.iter().rev().find_map(|segment| money::unit_in(segment));
    let Some((at, declared)) = known.and_then(|at| register.columns.get(at).map(|column| (at, column))) else {
        let kind = if is_index(path) { ColumnKind::Index } else { ColumnKind::Text };
        return Heading { column, name, kind, unit: None, key: None, mapped: None };
    };
    let times = taken.entry(at).or_insert(0);
    *times += 1;
    let first = *times == 1;
    let key = if first { declared.key().to_owned() } else { format!("{}_{times}", declared.key()) };
    let unit = unit.filter(|_| declared.kind == ColumnKind::Money);
    Heading { column, name, kind: declared.kind, unit, key: Some(key), mapped: first.then_some(at) }
}

/// The words above a column, from the upper row to the lower, each once.
fn path(sheet: &Sheet, merges: &Merges, rows: &[&Row], column: u16) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let mut cell = merges.seen(sheet, row.number, column);
        // In text files the upper row says a group's name over its first column only.
        if cell.is_blank()
            && at + 1 < rows.len()
            && merges.over(row.number, column).is_none()
            && sheet.merges.is_empty()
        {
            let below = rows.get(at + 1).is_some_and(|below| !below.cell(column).is_blank());
            let left = row.filled().filter(|(left, _)| *left < column).last();
            cell = left.filter(|_| below).map_or(cell, |(_, cell)| cell);
        }
        let Cell::Text(words) = cell else { continue };
        let words: String = words.chars().filter(|sign| !text::is_unseen(*sign)).collect();
        if !words.is_empty() && path.last() != Some(&words) {
            path.push(words);
        }
    }
    path
}

/// Which column of the register has these words for a name; the whole path goes before the lowest words.
fn known(register: &Register, path: &[String]) -> Option<usize> {
    let whole = path.iter().map(|words| plain(words)).collect::<Vec<_>>().join("/");
    let lowest = path.last().map(|words| plain(words)).unwrap_or_default();
    let named = |wanted: &str| {
        let mut columns = register.columns.iter();
        columns.position(|column| column.names.iter().any(|name| plain(name) == wanted))
    };
    named(&whole).or_else(|| named(&lowest))
}

fn is_index(path: &[String]) -> bool {
    let lowest = path.last().map(|words| plain(words)).unwrap_or_default();
    matches!(lowest.as_str(), "序号" | "编号" | "行号" | "序" | "no" | "no." | "n")
}

/// A header name without blanks, units and marks, for comparing.
#[must_use]
pub fn plain(name: &str) -> String {
    let compact = text::compact(name).to_lowercase();
    let (mut out, mut depth) = (String::new(), 0_u32);
    for sign in compact.chars() {
        match sign {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | ':' | '"' | '\'' | '“' | '”' | '、' => {}
            _ if depth == 0 => out.push(sign),
            _ => {}
        }
    }
    if out.is_empty() { compact } else { out }
}

/// A header of no register.
#[derive(Debug, Clone)]
pub struct Guess {
    /// Its rows.
    pub rows: Vec<u32>,
    /// Columns with the words above them.
    pub columns: Vec<(u16, Vec<String>)>,
}

/// The rows that look most like a header: many different words, and data below.
#[must_use]
pub fn guess(sheet: &Sheet) -> Option<Guess> {
    let merges = Merges::of(sheet);
    let filled: Vec<&Row> = sheet.rows.iter().filter(|row| !row.is_blank()).take(LOOK + HEIGHT_MAX).collect();
    let mut best: Option<(usize, Guess)> = None;
    for start in 0..filled.len().min(LOOK) {
        for height in 1..=2 {
            let below = filled.get(start + height);
            let Some(rows) = filled.get(start..start + height).filter(|rows| could_be(rows)) else { break };
            if below.is_none_or(|row| could_be(std::slice::from_ref(row)) && height == 1 && row.filled().count() < 2) {
                continue;
            }
            let last = rows.iter().filter_map(|row| row.filled().last().map(|(at, _)| at)).max().unwrap_or(0);
            let columns: Vec<(u16, Vec<String>)> = (0..=last)
                .map(|column| (column, path(sheet, &merges, rows, column)))
                .filter(|(_, path)| !path.is_empty())
                .collect();
            let lowest: BTreeSet<&String> = columns.iter().filter_map(|(_, path)| path.last()).collect();
            let data_below = below.is_some_and(|row| !could_be(std::slice::from_ref(row)));
            let score = lowest.len() * 4 + usize::from(data_below) * 3 - (height - 1);
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                best = Some((score, Guess { rows: rows.iter().map(|row| row.number).collect(), columns }));
            }
        }
    }
    best.map(|(_, guess)| guess).filter(|guess| guess.columns.len() > 1)
}

/// The unit of amounts that the lines above the header state.
pub(super) fn unit_above(sheet: &Sheet, first: u32) -> Option<MoneyUnit> {
    let lines = sheet.rows.iter().take_while(|row| row.number < first);
    lines.flat_map(Row::filled).find_map(|(_, cell)| match cell {
        Cell::Text(words) => money::unit_in(words),
        _ => None,
    })
}

impl Near {
    pub(super) fn problem(&self, register: &Register, place: &str) -> Problem {
        let (zh, en) = (self.missing.join("、"), self.missing.join(", "));
        let place = self.row.map_or_else(|| place.to_owned(), |row| format!("{place}!{row}"));
        if self.known == 0 {
            let needed: Vec<&str> = register
                .columns
                .iter()
                .filter(|column| column.needed)
                .filter_map(|column| column.names.first().map(String::as_str))
                .collect();
            return Problem::new(
                "register/no-header",
                Text::new(
                    format!("没有找到名册“{}”的表头", register.title.zh),
                    format!("no header of the register {} is on this sheet", register.id),
                ),
                Text::new(
                    format!("表头至少要有：{}；也可能选错了名册", needed.join("、")),
                    format!("it needs at least: {}; or this is another register", needed.join(", ")),
                ),
            )
            .at(place);
        }
        let others = self.others.join("、");
        Problem::new(
            "register/missing-column",
            Text::new(format!("表头缺少列：{zh}"), format!("the header lacks the column {en}")),
            Text::new(
                format!("若表中换了叫法（未认出的列：{others}），请把它加进 registers/ 中名册 {} 的 names", register.id),
                format!(
                    "if the office calls it otherwise (columns not known: {others}), add that to `names` of the register {}",
                    register.id
                ),
            ),
        )
        .at(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_compared_without_units_blanks_and_marks() {
        for (name, expect) in [
            ("月保障金（元）", "月保障金"),
            ("护理补贴(元/月)", "护理补贴"),
            ("*身份证\n号码", "身份证号码"),
            ("姓　名", "姓名"),
            ("（备注）", "(备注)"),
            ("ＮＯ．", "no."),
        ] {
            assert_eq!(plain(name), expect);
        }
    }
}
