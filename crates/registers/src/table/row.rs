//! The rows below the header.

use std::sync::Arc;

use doudi_model::person::NumberProblem;
use doudi_rules::bundle::register::{Column, ColumnKind, Constant, Making, Merged, MoneyUnit, Register};
use doudi_rules::bundle::{Bundle, KindDeclaration};

use super::header::{self, Found};
use super::merged::Merges;
use super::not_data::{self, Below, Why};
use super::{DataRow, Heading, NotData, Table, Unreadable, Value};
use crate::cell::{Cell, Row, Sheet, letters};
use crate::fault::Fault;
use crate::parse::{self, Assumed, count, date, id, money, number, text};

/// Blank rows that are listed; more say nothing more.
const BLANK_LISTED: usize = 1000;

/// Fills the table with the rows of the sheet.
pub(super) fn read(
    table: &mut Table,
    sheet: &Sheet,
    merges: &Merges,
    register: &Register,
    found: Found,
    bundle: &Bundle,
) {
    let first = found.rows.first().copied().unwrap_or(1);
    let last = found.rows.last().copied().unwrap_or(first);
    let above = header::unit_above(sheet, first);
    table.header_rows = found.rows;
    table.columns = found.headings;
    for heading in &mut table.columns {
        let declared = heading.mapped.and_then(|at| register.columns.get(at));
        if let Some(default) = declared.and_then(|column| column.unit) {
            heading.unit = heading.unit.or(above).or(Some(default));
        }
    }
    let headings = table.columns.clone();
    let makings: Vec<(&Making, &KindDeclaration)> = register
        .facts
        .iter()
        .filter_map(|fact| bundle.dictionary().get(fact.kind.get_ref()).map(|declaration| (fact, declaration)))
        .collect();
    // One copy of each key for all rows.
    let keys: Vec<Arc<str>> =
        headings.iter().map(|heading| heading.key.as_deref().unwrap_or_default().into()).collect();
    let reader = Reader { sheet, merges, register, headings: &headings, keys: &keys, makings: &makings };
    let (mut expected, mut blanks) = (1, 0);
    let end = sheet.rows.iter().rev().find(|row| !row.is_blank()).map_or(0, |row| row.number);
    for row in sheet.rows.iter().take_while(|row| row.number <= end) {
        for missing in expected..row.number {
            blank(table, &mut blanks, missing);
            if blanks > BLANK_LISTED {
                break;
            }
        }
        expected = row.number.saturating_add(1);
        if row.number < first {
            table.not_data.push(NotData { row: row.number, why: not_data::above(row) });
        } else if row.number > last {
            reader.row(row, table, &mut blanks);
        }
    }
}

fn blank(table: &mut Table, blanks: &mut usize, row: u32) {
    *blanks += 1;
    if *blanks <= BLANK_LISTED && !table.header_rows.contains(&row) {
        table.not_data.push(NotData { row, why: Why::Blank });
    }
}

struct Reader<'a> {
    sheet: &'a Sheet,
    merges: &'a Merges,
    register: &'a Register,
    headings: &'a [Heading],
    keys: &'a [Arc<str>],
    makings: &'a [(&'a Making, &'a KindDeclaration)],
}

impl Reader<'_> {
    fn row(&self, row: &Row, table: &mut Table, blanks: &mut usize) {
        match self.below(row).why().or_else(|| self.header_again(row).then_some(Why::HeaderAgain)) {
            Some(Why::Blank) => blank(table, blanks, row.number),
            Some(why) => table.not_data.push(NotData { row: row.number, why }),
            None => self.data(row, table),
        }
    }

    fn declared(&self, heading: &Heading) -> Option<&Column> {
        heading.mapped.and_then(|at| self.register.columns.get(at))
    }

    fn below<'r>(&self, row: &'r Row) -> Below<'r> {
        let of_kind = |kind: ColumnKind| {
            self.headings.iter().filter(move |heading| heading.kind == kind && heading.mapped.is_some())
        };
        let seen = |heading: &Heading| !self.seen(row, heading).0.is_blank();
        let index = |column: u16| {
            self.headings.iter().any(|heading| heading.column == column && heading.kind == ColumnKind::Index)
        };
        let known = |column: u16| self.headings.iter().any(|heading| heading.column == column && heading.key.is_some());
        let filled: Vec<u16> = row.filled().map(|(column, _)| column).filter(|column| !index(*column)).collect();
        // A word in the column of numbers is no row number: 合计 often stands there.
        let words = row.filled().any(|(column, cell)| index(column) && count::read(cell).is_err());
        // A few digits, such as the number of people in a total, are no ID number.
        let short = |heading: &Heading| match row.cell(heading.column) {
            Cell::Text(words) => words.chars().filter(|sign| sign.is_numeric()).count() < 6,
            Cell::Number(number) => *number < 100_000.0,
            _ => false,
        };
        Below {
            row,
            has_id: of_kind(ColumnKind::Id).any(|heading| seen(heading) && !short(heading)),
            has_name: of_kind(ColumnKind::Name).any(seen),
            known: filled.iter().filter(|column| known(**column)).count(),
            filled: filled.len() + usize::from(words),
        }
    }

    fn header_again(&self, row: &Row) -> bool {
        let same = |heading: &&Heading| match row.cell(heading.column) {
            Cell::Text(words) => {
                let lowest = heading.name.rsplit('/').next().unwrap_or("");
                header::plain(words) == header::plain(lowest.split('#').next().unwrap_or(""))
            }
            _ => false,
        };
        let same = self.headings.iter().filter(same).count();
        same >= 2 && same * 2 > row.filled().count()
    }

    /// The cell that holds for a row and column, and the first row of the range if it counts once for several rows.
    fn seen(&self, row: &Row, heading: &Heading) -> (&Cell, Option<u32>) {
        let own = self.sheet.cell(row.number, heading.column);
        let Some(merge) = self.merges.over(row.number, heading.column).filter(|merge| merge.top < row.number) else {
            return (own, None);
        };
        match self.declared(heading).map_or(Merged::Each, Column::merged) {
            Merged::Each => (self.sheet.cell(merge.top, merge.left), None),
            Merged::Once => (&Cell::Blank, Some(merge.top)),
        }
    }

    fn data(&self, row: &Row, table: &mut Table) {
        let mut data = DataRow { number: row.number, hidden: row.hidden, values: Vec::new(), part_of: None };
        let before = table.unreadable.len();
        data.values.reserve_exact(self.keys.len());
        for (heading, key) in self.headings.iter().zip(self.keys) {
            if heading.kind == ColumnKind::Index || heading.key.is_none() {
                continue;
            }
            let (cell, once) = self.seen(row, heading);
            data.part_of = data.part_of.or(once);
            let value = match self.value(cell, heading) {
                Ok((value, assumed)) => {
                    table.assumed.extend(assumed.map(|assumed| (row.number, heading.column, assumed)));
                    value
                }
                Err(fault) => {
                    if let Fault::DayMissing { month: Some(month) } = &fault {
                        data.values.push((format!("{key}_month").into(), Value::Month(*month)));
                    }
                    let fault = self.with_repeat(fault, row, cell);
                    table.unreadable.push(unreadable(row.number, heading, fault));
                    Value::None
                }
            };
            data.values.push((Arc::clone(key), value));
        }
        for (column, fault) in self.lacking(&data) {
            let said = |list: &[Unreadable]| list.iter().any(|one| one.row == row.number && one.column == column);
            let known = said(table.unreadable.get(before..).unwrap_or_default())
                || table.incomplete.last().is_some_and(|one| said(std::slice::from_ref(one)));
            let heading = self.headings.iter().find(|heading| heading.column == column);
            if let Some(heading) = heading.filter(|_| !known) {
                let one = unreadable(row.number, heading, fault);
                match one.fault {
                    Fault::Missing => table.incomplete.push(one),
                    _ => table.unreadable.push(one),
                }
            }
        }
        if let Some(own) = table.unreadable.get_mut(before..) {
            own.sort_by_key(|one| one.column);
        }
        table.rows.push(data);
    }

    /// Columns that the row's facts need and that are blank.
    fn lacking(&self, data: &DataRow) -> Vec<(u16, Fault)> {
        let heading = |key: &str| self.headings.iter().find(|heading| heading.key.as_deref() == Some(key));
        let mut lacking = Vec::new();
        for (fact, declaration) in self.makings.iter().filter(|(fact, _)| applies(fact, data)) {
            let subject = [&fact.subject.person, &fact.subject.household, &fact.subject.household_of];
            for key in subject.into_iter().flatten() {
                if let Some(heading) = heading(key).filter(|_| !data.value(key).is_some()) {
                    let id = heading.kind == ColumnKind::Id;
                    lacking.push((
                        heading.column,
                        if id { Fault::IdNumber(NumberProblem::Empty) } else { Fault::Missing },
                    ));
                }
            }
            for (name, from) in &fact.fields {
                let required = declaration.field(name.get_ref()).is_some_and(|field| field.required);
                let column = from
                    .column
                    .as_deref()
                    .filter(|key| required && !from.or_as_of && !data.value(key).is_some())
                    .and_then(heading);
                lacking.extend(column.map(|heading| (heading.column, Fault::Missing)));
            }
        }
        lacking
    }

    /// For an ID number that lost digits: the column, if there is one, that begins with the digits that are left.
    fn with_repeat(&self, fault: Fault, row: &Row, cell: &Cell) -> Fault {
        let (Fault::DigitsLost { .. }, Cell::Number(lost)) = (&fault, cell) else { return fault };
        let left: String = number::of_float(*lost).unwrap_or_default().chars().take(15).collect();
        let repeats = |heading: &&Heading| {
            self.declared(heading).is_some_and(|column| column.repeats_id)
                && matches!(row.cell(heading.column), Cell::Text(words) if left.len() == 15 && text::compact(words).starts_with(&left))
        };
        Fault::DigitsLost { repeated_in: self.headings.iter().find(repeats).map(|heading| letters(heading.column)) }
    }

    fn value(&self, cell: &Cell, heading: &Heading) -> Result<(Value, Option<Assumed>), Fault> {
        if matches!(cell, Cell::Text(words) if words.contains('\u{fffd}')) {
            return Err(Fault::Garbled);
        }
        let declared = self.declared(heading);
        let some = |value: Option<Value>| (value.unwrap_or(Value::None), None);
        let with = |read: Option<(Value, Option<Assumed>)>| read.unwrap_or((Value::None, None));
        match heading.kind {
            ColumnKind::Index => Ok((Value::None, None)),
            ColumnKind::Name => Ok(some(words(cell)?.map(|raw| Value::Name(text::name(&raw))))),
            ColumnKind::Text => Ok(some(words(cell)?.map(|raw| Value::Text(text::trimmed(&raw))))),
            ColumnKind::Count => Ok(some(count::read(cell)?.map(Value::Int))),
            ColumnKind::Date => {
                let read = date::read(cell, self.sheet.from_1904)?;
                Ok(with(read.map(|(day, assumed)| (Value::Day(day), assumed))))
            }
            ColumnKind::Money => {
                let unit = heading.unit.or(declared.and_then(|column| column.unit)).unwrap_or(MoneyUnit::Yuan);
                let read = money::read(cell, unit, declared.and_then(|column| column.most))?;
                Ok(with(read.map(|(fen, assumed)| (Value::Fen(fen), assumed))))
            }
            ColumnKind::Id => {
                let read = id::read(cell)?;
                let widened = |number: &doudi_model::person::Number| {
                    (number.kind() == doudi_model::person::Kind::Legacy).then_some(Assumed::Widened)
                };
                Ok(with(read.map(|number| (Value::Id(number.clone()), widened(&number)))))
            }
            ColumnKind::Category => match words(cell)? {
                None => Ok((Value::None, None)),
                Some(raw) => category(&raw, declared).map(|value| (value, None)),
            },
        }
    }
}

fn unreadable(row: u32, heading: &Heading, fault: Fault) -> Unreadable {
    Unreadable { row, column: heading.column, header: heading.name.clone(), fault }
}

/// Whether a row makes this fact.
pub(crate) fn applies(fact: &Making, data: &DataRow) -> bool {
    let holds = |(key, allowed): (&String, &Vec<Constant>)| match data.value(key) {
        Value::Word(_, Some(code)) => allowed.contains(code),
        Value::Word(word, None) => allowed.contains(&Constant::Text(word.clone())),
        Value::Int(number) => allowed.contains(&Constant::Int(*number)),
        _ => false,
    };
    fact.given.as_ref().is_none_or(|key| data.value(key).is_some()) && fact.when.iter().all(holds)
}

/// The text in a cell; none if it is blank.
fn words(cell: &Cell) -> Result<Option<String>, Fault> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Text(raw) if parse::text::is_blank(raw) => Ok(None),
        Cell::Text(raw) if text::is_command(raw) => Err(Fault::Command),
        Cell::Text(raw) => Ok(Some(text::unwrapped(raw).to_owned())),
        Cell::Number(number) | Cell::Serial(number) if number::digits_lost(*number) => {
            Err(Fault::DigitsLost { repeated_in: None })
        }
        Cell::Number(number) | Cell::Serial(number) => number::of_float(*number).map(Some).ok_or(Fault::ErrorValue),
        Cell::Bool(value) => Ok(Some(if *value { "是" } else { "否" }.to_owned())),
        Cell::Error => Err(Fault::ErrorValue),
        Cell::Unstored => Err(Fault::Unstored),
        Cell::Command => Err(Fault::Command),
    }
}

/// A word and its code. Without codes any word is one.
fn category(raw: &str, declared: Option<&Column>) -> Result<Value, Fault> {
    let word = text::trimmed(raw);
    let Some(column) = declared.filter(|column| !column.codes.is_empty()) else { return Ok(Value::Word(word, None)) };
    let wanted = text::compact(&word).to_lowercase();
    let fits = |name: &String| text::compact(name).to_lowercase() == wanted;
    match column.codes.iter().find(|code| code.names.iter().any(fits)) {
        Some(code) => Ok(Value::Word(word, Some(code.code.clone()))),
        None if text::nothing(&wanted) == Some(text::Nothing::Dash) => Err(Fault::Dash),
        None => {
            let known = column.codes.iter().filter_map(|code| code.names.first().cloned()).take(12).collect();
            Err(Fault::UnknownWord { known })
        }
    }
}
