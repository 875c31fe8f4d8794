//! A row to CloudEvents, which take the ordinary way in.
//!
//! An event's id rests on what it says: the same row sent twice is the same event, in whatever row and file it stands.

use doudi_model::digest::Hasher;
use doudi_model::person::Number;
use doudi_model::{Day, Problem, Text, household};
use doudi_rules::bundle::register::{Constant, From, Making, Register};
use doudi_rules::bundle::{Bundle, KindDeclaration, SubjectKind};
use serde_json::{Map, Value as Json, json};

use crate::cell::{Sheet, letters};
use crate::fault::Fault;
use crate::table::{DataRow, Heading, Table, Value, applies};

/// Finds the household of the person with a number.
pub trait Homes {
    /// The household, if anybody has said which.
    ///
    /// # Errors
    /// If what is known cannot be read.
    fn home(&self, number: &Number) -> Result<Option<household::Id>, Problem>;
}

/// What a row came to.
#[derive(Debug)]
pub struct Outcome {
    /// The row's number.
    pub row: u32,
    /// Events for the facts that could be made.
    pub events: Vec<Json>,
    /// Why others could not be: a cell, and the fault. Each has its place, `file:sheet!D12`.
    pub refused: Vec<Problem>,
    /// The row whose fact it is part of, if its amount counts once for several rows.
    pub part_of: Option<u32>,
}

/// Makes events of the rows of one table.
pub struct Maker<'a> {
    bundle: &'a Bundle,
    register: &'a Register,
    table: &'a Table,
    name: &'a str,
}

impl<'a> Maker<'a> {
    /// For a table of a file; `name` is said in problems. None if the table is of no register of the bundle.
    #[must_use]
    pub fn new(bundle: &'a Bundle, table: &'a Table, name: &'a str) -> Option<Maker<'a>> {
        let register = bundle.registers().get(table.register.as_deref()?)?;
        Some(Maker { bundle, register, table, name })
    }

    /// Why the table as a whole can make no facts.
    #[must_use]
    pub fn refusal(&self) -> Option<Problem> {
        if self.register.facts.is_empty() {
            return Some(
                Problem::new(
                    "register/no-facts",
                    Text::new(
                        format!("名册“{}”没有写每行成为什么事实", self.register.title.zh),
                        format!("the register {} does not say what facts its rows make", self.register.id),
                    ),
                    Text::new("请在 registers/ 的名册中补上 [[fact]]", "add [[fact]] to the register in registers/"),
                )
                .at(self.place(None)),
            );
        }
        let needs = |from: &From| from.as_of || from.or_as_of && !self.has(from.column.as_deref());
        let needed = self.register.facts.iter().flat_map(|fact| fact.fields.values()).any(needs);
        (needed && self.table.as_of.is_none()).then(|| Fault::NoAsOf.problem(&self.place(None), "as_of"))
    }

    fn has(&self, key: Option<&str>) -> bool {
        self.table.columns.iter().any(|heading| heading.key.is_some() && heading.key.as_deref() == key)
    }

    /// The events of a row.
    ///
    /// # Errors
    /// If it cannot be told who lives where.
    pub fn row(&self, row: &DataRow, homes: &dyn Homes) -> Result<Outcome, Problem> {
        let mut outcome = Outcome { row: row.number, events: Vec::new(), refused: Vec::new(), part_of: row.part_of };
        let broken = self.broken(row.number);
        for fact in &self.register.facts {
            let Some(declaration) = self.bundle.dictionary().get(fact.kind.get_ref()) else { continue };
            let mine: Vec<&Problem> =
                broken.iter().filter(|(key, _)| uses(fact, key)).map(|(_, problem)| problem).collect();
            if !mine.is_empty() {
                outcome
                    .refused
                    .extend(mine.into_iter().filter(|one| !outcome.refused.contains(one)).cloned().collect::<Vec<_>>());
                continue;
            }
            if !applies(fact, row) {
                continue;
            }
            match self.event(fact, declaration, row, homes)? {
                Ok(event) => outcome.events.push(event),
                Err(problem) => outcome.refused.push(problem),
            }
        }
        Ok(outcome)
    }

    /// Keys of the row's cells that cannot be read or are lacking, with the problem.
    fn broken(&self, row: u32) -> Vec<(String, Problem)> {
        let of_row = |one: &&crate::table::Unreadable| one.row == row;
        let key =
            |column: u16| self.heading(|heading| heading.column == column).and_then(|heading| heading.key.clone());
        let range = |list: &'a [crate::table::Unreadable]| {
            let start = list.partition_point(|one| one.row < row);
            list.get(start..).unwrap_or_default().iter().take_while(of_row)
        };
        range(&self.table.unreadable)
            .chain(range(&self.table.incomplete))
            .filter_map(|one| {
                let place = self.place(Some((one.row, one.column)));
                key(one.column).map(|key| (key, one.fault.problem(&place, &one.header)))
            })
            .collect()
    }

    fn heading(&self, fits: impl Fn(&Heading) -> bool) -> Option<&Heading> {
        self.table.columns.iter().find(|heading| fits(heading))
    }

    /// `名册.xlsx:Sheet1!D12`.
    fn place(&self, cell: Option<(u32, u16)>) -> String {
        place(self.name, &self.table.sheet, cell)
    }

    fn event(
        &self,
        fact: &Making,
        declaration: &KindDeclaration,
        row: &DataRow,
        homes: &dyn Homes,
    ) -> Result<Result<Json, Problem>, Problem> {
        let subject = match self.subject(fact, declaration, row, homes)? {
            Ok(subject) => subject,
            Err(problem) => return Ok(Err(problem)),
        };
        let mut data = Map::new();
        for (name, from) in &fact.fields {
            if let Some(value) = self.field(from, row) {
                data.insert(name.get_ref().clone(), value);
            }
        }
        let kind = fact.kind.get_ref();
        // A kind that states its own day holds from that day; the others hold on the as-of day.
        let time = self.table.as_of.filter(|_| declaration.valid.is_none()).map(midnight);
        let apart: Vec<Json> = fact.apart.iter().map(|key| json_of(row.value(key))).collect();
        let said = json!([self.register.id, kind, subject, data, time, apart]).to_string();
        let digest = {
            let mut hasher = Hasher::new();
            hasher.part(said.as_bytes());
            hasher.finish().to_string()
        };
        let id: String = digest.chars().filter(char::is_ascii_hexdigit).take(40).collect();
        let mut event = json!({
            "specversion": "1.0",
            "id": format!("{}-{id}", self.register.id),
            "source": self.register.source,
            "type": format!("cn.doudi.{kind}.v1"),
            "subject": subject,
            "datacontenttype": "application/json",
            "data": data,
        });
        if let (Some(time), Some(members)) = (time, event.as_object_mut()) {
            members.insert("time".to_owned(), time.into());
        }
        Ok(Ok(event))
    }

    fn subject(
        &self,
        fact: &Making,
        declaration: &KindDeclaration,
        row: &DataRow,
        homes: &dyn Homes,
    ) -> Result<Result<String, Problem>, Problem> {
        let about = &fact.subject;
        let key = about.person.as_ref().or(about.household_of.as_ref()).or(about.household.as_ref());
        let Some(key) = key else { return Ok(Err(self.fault(row, None, &Fault::Missing))) };
        let told = match (declaration.subject, row.value(key)) {
            (SubjectKind::Person, Value::Id(number)) => Ok(number.reveal().to_owned()),
            (SubjectKind::Household, Value::Id(number)) => match homes.home(number)? {
                Some(home) => Ok(format!("household:{home}")),
                None => Err(Fault::NoHousehold),
            },
            (SubjectKind::Household, Value::Text(number)) => Ok(format!("household:{number}")),
            _ => Err(Fault::Missing),
        };
        Ok(told.map_err(|fault| self.fault(row, Some(key), &fault)))
    }

    fn fault(&self, row: &DataRow, key: Option<&str>, fault: &Fault) -> Problem {
        let heading = self.heading(|heading| key.is_some() && heading.key.as_deref() == key);
        let cell = heading.map(|heading| (row.number, heading.column)).or(Some((row.number, 0)));
        fault.problem(&self.place(cell), heading.map_or("", |heading| heading.name.as_str()))
    }

    fn field(&self, from: &From, row: &DataRow) -> Option<Json> {
        if let Some(constant) = &from.is {
            return Some(constant_json(constant));
        }
        let column = from.column.as_deref().map_or(Json::Null, |key| json_of(row.value(key)));
        match (&column, from.as_of || from.or_as_of) {
            (Json::Null, true) => self.table.as_of.map(|day| day.to_string().into()),
            (Json::Null, false) => None,
            _ => Some(column),
        }
    }
}

/// `名册.xlsx:Sheet1!D12`; of a text file `失业登记.csv!D12`.
#[must_use]
pub fn place(name: &str, sheet: &str, cell: Option<(u32, u16)>) -> String {
    let sheet = if sheet.is_empty() { String::new() } else { format!(":{sheet}") };
    let cell = cell.map_or(String::new(), |(row, column)| format!("!{}{row}", letters(column)));
    format!("{name}{sheet}{cell}")
}

/// The cells of a row as they stand there, by column letters, to be kept sealed until the row is mended.
#[must_use]
pub fn original(name: &str, register: &str, sheet: &Sheet, row: u32) -> Json {
    let mut cells = Map::new();
    for (column, cell) in sheet.row(row).into_iter().flat_map(crate::cell::Row::filled) {
        let said = match cell {
            crate::Cell::Text(text) => text.clone(),
            crate::Cell::Number(number) | crate::Cell::Serial(number) => {
                crate::parse::number::of_float(*number).unwrap_or_default()
            }
            other => format!("{other:?}"),
        };
        cells.insert(letters(column), said.into());
    }
    json!({"file": name, "sheet": sheet.name, "row": row, "register": register, "cells": cells})
}

/// Whether a fact rests on a column.
fn uses(fact: &Making, key: &str) -> bool {
    let subject = [&fact.subject.person, &fact.subject.household, &fact.subject.household_of];
    subject.into_iter().flatten().any(|one| one == key)
        || fact.given.as_deref() == Some(key)
        || fact.when.contains_key(key)
        || fact.fields.values().any(|from| from.column.as_deref() == Some(key))
}

fn midnight(day: Day) -> String {
    format!("{day}T00:00:00+08:00")
}

fn constant_json(constant: &Constant) -> Json {
    match constant {
        Constant::Bool(value) => (*value).into(),
        Constant::Int(value) => (*value).into(),
        Constant::Text(value) => value.as_str().into(),
    }
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::None | Value::Month(_) => Json::Null,
        Value::Text(text) | Value::Name(text) => text.as_str().into(),
        Value::Id(number) => number.reveal().into(),
        Value::Int(number) => (*number).into(),
        Value::Fen(fen) => fen.0.into(),
        Value::Day(day) => day.to_string().into(),
        Value::Word(_, Some(code)) => constant_json(code),
        Value::Word(word, None) => word.as_str().into(),
    }
}
