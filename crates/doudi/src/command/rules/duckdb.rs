//! `doudi rules eval --backend sql`: each line as SQL, answered by one DuckDB for the whole stream.
//!
//! Lines that ask the same of different values go into one query. What has arrived is answered before more is waited
//! for, so a person who types a line gets its answer.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use doudi_model::{Lang, Problem, Text};
use doudi_rules::eval::Question;
use doudi_rules::ir::Operand;
use doudi_rules::sql::{Dialect, Draft, Given};
use doudi_rules::{Cell, Scalar};
use serde::Deserialize;
use serde_json::Value;

use crate::context::{Answer, Context, Done, Failure, unreadable};

/// What runs DuckDB.
const PROGRAM: &str = include_str!("duckdb.py");

/// Lines that are answered together, at most.
const BATCH: usize = 2_000;

pub(crate) fn eval(context: &Context, python: &Path) -> Answer {
    let mut duckdb = DuckDb::start(python)?;
    let mut from = BufReader::with_capacity(1 << 20, std::io::stdin().lock());
    let mut wrong = false;
    loop {
        let lines = arrived(&mut from).map_err(|fault| Failure::Environment(unreadable("stdin".as_ref(), &fault)))?;
        if lines.is_empty() {
            return Ok(Done::found_if(wrong));
        }
        for answer in answers(&lines, &mut duckdb, context.lang)? {
            wrong |= answer.wrong;
            context.output().line(&answer.line);
        }
    }
}

/// The next line that is not blank, and those that have come with it.
fn arrived(from: &mut BufReader<impl Read>) -> std::io::Result<Vec<String>> {
    let mut lines = Vec::new();
    while lines.is_empty() || (lines.len() < BATCH && from.buffer().contains(&b'\n')) {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            break;
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end_matches(['\n', '\r']).to_owned());
        }
    }
    Ok(lines)
}

/// One line of output.
struct Answered {
    line: String,
    /// Whether it is an error.
    wrong: bool,
}

/// Lines that ask the same.
struct Group {
    query: Query,
    /// Their places among the lines.
    places: Vec<usize>,
}

/// A query without its rows.
struct Query {
    sql: Box<dyn Fn(&str) -> String>,
}

fn answers(lines: &[String], duckdb: &mut DuckDb, lang: Lang) -> Result<Vec<Answered>, Failure> {
    let questions: Vec<Result<Question, String>> = lines.iter().map(|line| Question::read(line, lang)).collect();
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (place, question) in questions.iter().enumerate() {
        let Ok(question) = question else { continue };
        let query = query(question);
        // The types decide with the text: `a` may be a number here and a date there.
        let types: Vec<String> = question.variables().iter().map(|variable| format!("{:?}", variable.ty)).collect();
        let key = format!("{}\n{}", (query.sql)(""), types.join(" "));
        groups.entry(key).or_insert_with(|| Group { query, places: Vec::new() }).places.push(place);
    }
    let queries: Vec<String> = groups.values().map(|group| asked(group, &questions)).collect();
    let mut found: BTreeMap<usize, Result<Value, String>> = BTreeMap::new();
    for (group, answer) in groups.values().zip(duckdb.ask(&queries)?) {
        for (at, place) in group.places.iter().enumerate() {
            found.insert(*place, answer.cell(at));
        }
    }
    let answered = questions.into_iter().enumerate().map(|(place, question)| match question {
        Err(line) => Answered { line, wrong: true },
        Ok(question) => written(&question, found.remove(&place), lang),
    });
    Ok(answered.collect())
}

/// The query of one line, over a table of rows like its own.
fn query(question: &Question) -> Query {
    let mut draft = Draft::new(Dialect::DuckDb, &Given::column);
    draft.expression(ANSWER, "", question.expression());
    let select = draft.finish();
    Query {
        sql: Box::new(move |source| {
            let inner = select.over(source, Given::NUMBER);
            format!("SELECT {ANSWER} FROM ({inner}) ORDER BY {}", Given::NUMBER)
        }),
    }
}

const ANSWER: &str = "answer_";

/// A group's query with the rows of its lines.
fn asked(group: &Group, questions: &[Result<Question, String>]) -> String {
    let some = || group.places.iter().filter_map(|place| questions.get(*place)?.as_ref().ok());
    let variables = some().next().map(Question::variables).unwrap_or_default();
    (group.query.sql)(&Given::new(Dialect::DuckDb, variables).rows(some().map(Question::row)))
}

fn written(question: &Question, found: Option<Result<Value, String>>, lang: Lang) -> Answered {
    let read = match found {
        Some(Ok(value)) => cell(question, &value).ok_or_else(|| value.to_string()),
        Some(Err(fault)) => Err(fault),
        None => Err("-".to_owned()),
    };
    match read {
        Ok(cell) => {
            let line = question.answer(cell, lang);
            let wrong = serde_json::from_str::<Value>(&line).is_ok_and(|answer| answer.get("error").is_some());
            Answered { line, wrong }
        }
        Err(fault) => {
            let why = Text::new(format!("DuckDB 没有回答：{fault}"), format!("DuckDB gave no answer: {fault}"));
            Answered { line: question.refuse(&why, lang), wrong: true }
        }
    }
}

/// DuckDB's value as one of the expression; the outer `None` if it is none.
fn cell(question: &Question, value: &Value) -> Option<Cell> {
    if value.is_null() {
        return Some(None);
    }
    match question.expression().operand() {
        Operand::Logic(_) => value.as_bool().map(|value| Some(Scalar::Bool(value))),
        Operand::Number(_) => value.as_str()?.parse().ok().map(|amount| question.expression().cell(amount)),
        Operand::Text(_) => value.as_str().map(|text| Some(Scalar::Text(text.into()))),
    }
}

/// A Python process with a DuckDB in memory.
struct DuckDb {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// What a query came to.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Found {
    Rows(Vec<Vec<Value>>),
    Fault(String),
}

impl Found {
    /// The single cell of a row.
    fn cell(&self, row: usize) -> Result<Value, String> {
        match self {
            Found::Rows(rows) => rows.get(row).and_then(|row| row.first()).cloned().ok_or_else(|| "-".to_owned()),
            Found::Fault(fault) => Err(fault.lines().next().unwrap_or_default().to_owned()),
        }
    }
}

impl DuckDb {
    fn start(python: &Path) -> Result<DuckDb, Failure> {
        let mut command = Command::new(python);
        let command = command.args(["-c", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.env("PYTHONIOENCODING", "utf-8").spawn().map_err(|_| no_duckdb(python))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else { return Err(no_duckdb(python)) };
        let mut duckdb = DuckDb { child, to, from: BufReader::new(from) };
        // The first answer shows that the package is there.
        match duckdb.ask(&[]) {
            Ok(_) => Ok(duckdb),
            Err(_) => Err(no_duckdb(python)),
        }
    }

    fn ask(&mut self, queries: &[String]) -> Result<Vec<Found>, Failure> {
        let asked = serde_json::to_string(queries).map_err(|fault| stopped(&fault))?;
        let sent = writeln!(self.to, "{asked}").and_then(|()| self.to.flush());
        sent.map_err(|fault| stopped(&fault))?;
        let mut answer = String::new();
        self.from.read_line(&mut answer).map_err(|fault| stopped(&fault))?;
        serde_json::from_str(&answer).map_err(|fault| stopped(&fault))
    }
}

impl Drop for DuckDb {
    fn drop(&mut self) {
        // Between questions it has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn no_duckdb(python: &Path) -> Failure {
    let python = python.display();
    Failure::Environment(Problem::new(
        "sql/no-duckdb",
        Text::new(
            format!("{python} 里没有 duckdb，--backend sql 要用它"),
            format!("{python} has no duckdb, which --backend sql needs"),
        ),
        Text::new(
            "运行 python3 -m venv duckdb && duckdb/bin/pip install duckdb（没有 python3 时先 sudo apt-get install python3 \
             python3-venv），再加 --python duckdb/bin/python",
            "run python3 -m venv duckdb && duckdb/bin/pip install duckdb (without python3, first sudo apt-get install \
             python3 python3-venv), then add --python duckdb/bin/python",
        ),
    ))
}

fn stopped(fault: &dyn std::fmt::Display) -> Failure {
    Failure::Environment(Problem::new(
        "sql/stopped",
        Text::new(format!("运行 DuckDB 的进程停了：{fault}"), format!("the process that runs DuckDB stopped: {fault}")),
        Text::new(
            "看上面它写的话；内存不足时分批送入",
            "see what it wrote above; if memory ran out, send fewer lines at a time",
        ),
    ))
}
