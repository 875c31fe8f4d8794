//! Tables of offices on their way in: each row an event, or a dead letter with its place and how to mend it.

use std::cell::Cell;
use std::path::Path;

use doudi_engine::resolve;
use doudi_model::person::Number;
use doudi_model::{Problem, Text, household};
use doudi_registers::cell::Book;
use doudi_registers::event::{self, Homes, Maker, Outcome};
use doudi_registers::table::{DataRow, Reading, Role, Table};
use doudi_rules::bundle::Register;
use doudi_store::keys::Keys;
use serde_json::{Value, json};

use super::Files;
use crate::command::registers::register;
use crate::context::Failure;

/// Whether a file is a table by its name.
pub(super) fn is_table(path: &Path) -> bool {
    let endings = ["xlsx", "xlsm", "xls", "ods", "csv", "tsv", "parquet"];
    path.extension().is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// What one sheet came to.
#[derive(Default)]
struct Counts {
    rows: u64,
    events: u64,
    part_of: u64,
    silent: u64,
    refused: u64,
}

/// Who lives where, as far as it is known.
struct Known<'a, S> {
    state: &'a S,
    keys: &'a Keys,
    /// A fault of the state, to be told once.
    fault: Cell<Option<Failure>>,
}

impl<S: doudi_model::stage::State> Homes for Known<'_, S> {
    fn home(&self, number: &Number) -> Result<Option<household::Id>, Problem> {
        resolve::home(self.state, self.keys.pseudonym.person(number)).map_err(|fault| {
            let failure = Failure::from(fault);
            let problem = failure.problems().first().cloned();
            self.fault.set(Some(failure));
            problem.unwrap_or_else(|| Problem::new("store/state", Text::new("", ""), Text::new("", "")))
        })
    }
}

impl Files<'_> {
    /// All sheets of a table file. A file that cannot be read is told and the others go on.
    pub(super) fn table(&mut self, path: &Path) -> Result<(), Failure> {
        let name = path.display().to_string();
        let book = match doudi_registers::open::path(path) {
            Ok(book) => book,
            Err(problem) if problem.code == "io/read" => return Err(Failure::Environment(problem)),
            Err(problem) => {
                self.refuse_table(&problem);
                return Ok(());
            }
        };
        book.notices.iter().for_each(|notice| self.context.output().notice(notice));
        let bundle = &self.opened.book.bundle;
        let register: Option<&Register> =
            self.register.map(|name| register(bundle, name)).transpose().map_err(Failure::usage)?;
        let reading = Reading { bundle, register, as_of: self.as_of, name: &name };
        let tables = doudi_registers::read(&book, &reading);
        if !tables.iter().any(|table| table.role == Role::Data) && !tables.iter().any(|table| table.role == Role::Unfit)
        {
            self.refuse_table(&nothing(&name));
        }
        for (at, table) in tables.iter().enumerate() {
            self.sheet(&name, &book, at, table)?;
        }
        Ok(())
    }

    fn refuse_table(&mut self, problem: &Problem) {
        self.context.output().problem(problem);
        self.unfit += 1;
    }

    fn sheet(&mut self, name: &str, book: &Book, at: usize, table: &Table) -> Result<(), Failure> {
        for notice in &table.notices {
            if table.role == Role::Unfit { self.refuse_table(notice) } else { self.context.output().notice(notice) }
        }
        if table.role != Role::Data {
            return Ok(());
        }
        let opened = self.opened;
        let Some(maker) = Maker::new(&opened.book.bundle, table, name) else { return Ok(()) };
        if let Some(refusal) = maker.refusal() {
            self.refuse_table(&refusal);
            return Ok(());
        }
        // Who lives where rests on everything that came before.
        self.submit()?;
        if let Some(position) = self.counts.position {
            opened.house.wait_applied_blocking(position)?;
        }
        let state = opened.house.read();
        let homes = Known { state: &state, keys: opened.house.keys(), fault: Cell::new(None) };
        let mut counts = Counts::default();
        for row in &table.rows {
            let outcome = match maker.row(row, &homes) {
                Ok(outcome) => outcome,
                Err(problem) => return Err(homes.fault.take().unwrap_or(Failure::Environment(problem))),
            };
            self.row(name, book, at, table, row, outcome, &mut counts)?;
        }
        self.tables.push(summary(name, table, &counts));
        self.sentences.push(sentence(name, table, &counts));
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one row with where it stands")]
    fn row(
        &mut self,
        name: &str,
        book: &Book,
        at: usize,
        table: &Table,
        row: &DataRow,
        outcome: Outcome,
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        counts.rows += 1;
        counts.events += u64::try_from(outcome.events.len()).unwrap_or(0);
        if outcome.events.is_empty() && outcome.refused.is_empty() {
            match outcome.part_of {
                Some(_) => counts.part_of += 1,
                None => counts.silent += 1,
            }
        }
        let sheet = if table.sheet.is_empty() { String::new() } else { format!(":{}", table.sheet) };
        let place = format!("{name}{sheet}!{}", row.number);
        for event in &outcome.events {
            let bytes = event.to_string();
            self.take(bytes.as_bytes(), |_| place.clone())?;
        }
        let Some((first, more)) = outcome.refused.split_first() else { return Ok(()) };
        counts.refused += 1;
        let register = table.register.as_deref().unwrap_or_default();
        let original =
            book.sheets.get(at).map_or(Value::Null, |sheet| event::original(name, register, sheet, row.number));
        let here = first.place.clone();
        self.judge(Err(first.clone()), original.to_string().as_bytes(), |_| here.clone())?;
        more.iter().for_each(|problem| self.context.output().problem(problem));
        Ok(())
    }
}

fn nothing(name: &str) -> Problem {
    Problem::new(
        "register/empty",
        Text::new("文件里没有可读的数据", "the file holds nothing that is data"),
        Text::new("请向报送单位重新索取", "ask the office to send it again"),
    )
    .at(name)
}

fn summary(name: &str, table: &Table, counts: &Counts) -> Value {
    json!({
        "file": name,
        "sheet": table.sheet,
        "register": table.register,
        "as_of": table.as_of,
        "rows": counts.rows,
        "events": counts.events,
        "part_of_others": counts.part_of,
        "without_fact": counts.silent,
        "refused_rows": counts.refused,
        "not_data": table.not_data.len(),
        "unreadable": table.unreadable.len(),
    })
}

fn sentence(name: &str, table: &Table, counts: &Counts) -> Text {
    let at = event::place(name, &table.sheet, None);
    let register = table.register.as_deref().unwrap_or_default();
    let Counts { rows, events, part_of, silent, refused } = counts;
    let not_data = table.not_data.len();
    Text::new(
        format!(
            "{at}（名册 {register}）：数据{rows}行，成为事件{events}条，随同他行{part_of}行，不产生事实{silent}行，\
             转入死信{refused}行；不是数据{not_data}行"
        ),
        format!(
            "{at} (register {register}): {rows} rows of data, {events} events, {part_of} rows part of another, {silent} \
             without a fact, {refused} to the dead letters; {not_data} rows are no data"
        ),
    )
}
