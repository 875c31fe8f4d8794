//! The plan's tables as a clerk writes them.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::{self, Code};
use doudi_model::warning::{Direction, Level};
use doudi_model::{Problem, Text};

use super::{Act, DeadlineRow, EscalationRow, Pattern, Plan, RouteRow, Step};
use crate::calendar::Calendar;
use crate::office::{Kind, Offices};
use crate::table::{Row, Table};

const OFFICES: &str = "routing/offices.csv";
const ROUTES: &str = "routing/routes.csv";
const DEADLINES: &str = "routing/deadlines.csv";
const ESCALATION: &str = "routing/escalation.csv";
/// More working days than a case can wait: two years.
const DAYS_MAX: u32 = 500;

type Files = BTreeMap<String, Vec<u8>>;

pub(super) fn read(files: &Files, divisions: &division::Tree) -> Result<Plan, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut take = |found: Vec<Problem>| problems.extend(found);
    let offices = file(files, OFFICES).and_then(|bytes| Offices::read(OFFICES, bytes, divisions)).map_err(&mut take);
    let routes = file(files, ROUTES).and_then(|bytes| routes(bytes, divisions)).map_err(&mut take);
    let deadlines = file(files, DEADLINES).and_then(deadlines).map_err(&mut take);
    let escalation = file(files, ESCALATION).and_then(escalation).map_err(&mut take);
    let calendar = calendar(files).map_err(&mut take);
    let (Ok(offices), Ok(routes), Ok(deadlines), Ok(escalation), Ok(calendar)) =
        (offices, routes, deadlines, escalation, calendar)
    else {
        return Err(problems);
    };
    let first = |kind| offices.iter().find(move |office| office.kind == kind);
    let Some(last_resort) = first(Kind::City).or_else(|| first(Kind::County)).cloned() else {
        let message = Text::new("没有一个县级或市级单位", "there is no county or city office");
        let hint = Text::new("至少写一个 kind 为 county 的单位", "write at least one office of the kind county");
        return Err(vec![Problem::new("routing/no-county-office", message, hint).at(OFFICES)]);
    };
    Ok(Plan { divisions: divisions.clone(), offices, routes, deadlines, escalation, calendar, last_resort })
}

fn file<'a>(files: &'a Files, name: &str) -> Result<&'a [u8], Vec<Problem>> {
    files.get(name).map(Vec::as_slice).ok_or_else(|| {
        let message = Text::new(format!("缺少 {name}"), format!("{name} is missing"));
        let hint = Text::new("规则包里要有这张表", "a bundle needs this table");
        vec![Problem::new("table/missing", message, hint).at(name)]
    })
}

/// The calendar of working days of a bundle.
///
/// # Errors
/// If a row of it is wrong.
pub fn calendar(files: &Files) -> Result<Calendar, Vec<Problem>> {
    // School terms stand beside the working days and are of no concern here.
    let of_days = |name: &str| name.starts_with("calendar/") && name.ends_with(".csv") && name != "calendar/terms.csv";
    let tables = files.iter().filter(|(name, _)| of_days(name));
    Calendar::read(tables.map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
}

/// A cell that may be blank; the fault is already told if it is neither blank nor good.
fn optional<T>(
    row: &Row<'_>,
    column: &str,
    parse: impl Fn(&str) -> Option<T>,
    expected: &Text,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let cell = row.get(column);
    let value = parse(cell);
    if value.is_none() && !cell.is_empty() {
        let message = Text::new(format!("不认识 {cell}"), format!("{cell} is not known"));
        problems.push(row.problem(column, "routing/cell", message, expected.clone()));
    }
    value
}

fn level(row: &Row<'_>, problems: &mut Vec<Problem>) -> Option<Level> {
    let expected = Text::new("写 red orange yellow blue 之一，或留空", "one of red orange yellow blue, or nothing");
    optional(row, "level", Level::parse, &expected, problems)
}

fn direction(row: &Row<'_>, problems: &mut Vec<Problem>) -> Option<Direction> {
    let expected = Text::new("写 missed 或 excess，或留空", "missed or excess, or nothing");
    let parse = |word: &str| match word {
        "missed" => Some(Direction::Missed),
        "excess" => Some(Direction::Excess),
        _ => None,
    };
    optional(row, "direction", parse, &expected, problems)
}

fn category(row: &Row<'_>) -> Option<String> {
    Some(row.get("category")).filter(|name| !name.is_empty()).map(str::to_owned)
}

fn duplicate(row: &Row<'_>, column: &str, earlier: &str) -> Problem {
    let message = Text::new(format!("与 {earlier} 重复"), format!("says the same as {earlier}"));
    let hint = Text::new("只留一行", "keep one of the rows");
    row.problem(column, "routing/duplicate", message, hint)
}

fn routes(bytes: &[u8], divisions: &division::Tree) -> Result<BTreeMap<Option<Code>, Vec<RouteRow>>, Vec<Problem>> {
    let table = Table::read(ROUTES, bytes, &["division", "category", "level", "lead", "co"], &[])?;
    let mut problems = Vec::new();
    let mut routes: BTreeMap<Option<Code>, Vec<RouteRow>> = BTreeMap::new();
    let expected = Text::new("写区划表里的12位代码，或留空", "a 12-digit code of the divisions table, or nothing");
    for row in table.rows() {
        let known = |text: &str| text.parse::<Code>().ok().filter(|code| divisions.get(*code).is_some());
        let division = optional(&row, "division", known, &expected, &mut problems);
        let read = RouteRow {
            category: category(&row),
            level: level(&row, &mut problems),
            lead: pattern(&row, "lead", row.get("lead"), &mut problems),
            co: co(&row, &mut problems),
            place: row.place(),
        };
        let rows = routes.entry(division).or_default();
        match rows.iter().find(|other| (&other.category, other.level) == (&read.category, read.level)) {
            Some(earlier) => problems.push(duplicate(&row, "division", &earlier.place)),
            None => rows.push(read),
        }
    }
    if problems.is_empty() { Ok(routes) } else { Err(problems) }
}

fn co(row: &Row<'_>, problems: &mut Vec<Problem>) -> Vec<Pattern> {
    let cells = row.get("co").split([';', '；']).map(str::trim).filter(|cell| !cell.is_empty());
    cells.map(|cell| pattern(row, "co", cell, problems)).collect()
}

/// An office pattern; a place in braces that does not exist is a fault.
fn pattern(row: &Row<'_>, column: &str, cell: &str, problems: &mut Vec<Problem>) -> Pattern {
    let places: &[&str] = match column {
        "to" => &["{township}", "{county}", "{city}", "{lead}", "{parent}"],
        _ => &["{township}", "{county}", "{city}"],
    };
    let mut rest = cell.to_owned();
    for place in places {
        rest = rest.replace(place, "");
    }
    let wrong = cell.is_empty()
        || rest.bytes().any(|byte| !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
    if wrong {
        let message = if cell.is_empty() {
            Text::new("没有写单位", "no office is given")
        } else {
            Text::new(format!("{cell} 不是单位编号"), format!("{cell} is not an office id"))
        };
        let names = places.join(" ");
        let hint = Text::new(
            format!("写 offices.csv 里的编号，可用 {names}"),
            format!("an id of offices.csv; it may hold {names}"),
        );
        problems.push(row.problem(column, "routing/office-id", message, hint));
    }
    Pattern::new(cell)
}

fn days(row: &Row<'_>, column: &str, problems: &mut Vec<Problem>) -> u32 {
    let parsed = row.get(column).parse::<u32>().ok().filter(|days| *days <= DAYS_MAX);
    if parsed.is_none() {
        let message = Text::new("不是工作日数", "not a number of working days");
        let hint = Text::new(format!("写0到{DAYS_MAX}的整数"), format!("a whole number from 0 to {DAYS_MAX}"));
        problems.push(row.problem(column, "routing/number", message, hint));
    }
    parsed.unwrap_or(0)
}

fn deadlines(bytes: &[u8]) -> Result<Vec<DeadlineRow>, Vec<Problem>> {
    let required = ["category", "level", "direction", "acknowledge", "visit", "report"];
    let table = Table::read(DEADLINES, bytes, &required, &[])?;
    let mut problems = Vec::new();
    let mut deadlines: Vec<DeadlineRow> = Vec::new();
    for row in table.rows() {
        let before = problems.len();
        let read = DeadlineRow {
            category: category(&row),
            level: level(&row, &mut problems),
            direction: direction(&row, &mut problems),
            acknowledge: days(&row, "acknowledge", &mut problems),
            visit: days(&row, "visit", &mut problems),
            report: days(&row, "report", &mut problems),
            place: row.place(),
        };
        if problems.len() == before && !(read.acknowledge <= read.visit && read.visit <= read.report) {
            let message = Text::new("期限前后颠倒", "the deadlines are not in order");
            let hint = Text::new(
                "都从立案日算起，应为 签收 ≤ 走访 ≤ 反馈",
                "all count from the opening day: acknowledge ≤ visit ≤ report",
            );
            problems.push(row.problem("visit", "routing/deadline-order", message, hint));
        }
        let key = |row: &DeadlineRow| (row.category.clone(), row.level, row.direction);
        match deadlines.iter().find(|other| key(other) == key(&read)) {
            Some(earlier) => problems.push(duplicate(&row, "category", &earlier.place)),
            None => deadlines.push(read),
        }
    }
    if problems.is_empty() { Ok(deadlines) } else { Err(problems) }
}

fn escalation(bytes: &[u8]) -> Result<Vec<EscalationRow>, Vec<Problem>> {
    let table = Table::read(ESCALATION, bytes, &["after", "step", "to", "act"], &[])?;
    let mut problems = Vec::new();
    let mut escalation: Vec<EscalationRow> = Vec::new();
    for row in table.rows() {
        let before = problems.len();
        let after = row.get("after").parse::<i32>().ok().filter(|days| days.unsigned_abs() <= DAYS_MAX);
        if after.is_none() {
            let message = Text::new("不是工作日数", "not a number of working days");
            let hint = Text::new("超期几个工作日写几，提前写负数", "working days overdue; negative for days before");
            problems.push(row.problem("after", "routing/number", message, hint));
        }
        let step = Step::ALL.into_iter().find(|step| step.name() == row.get("step"));
        if step.is_none() {
            let message = Text::new("没有这个环节", "no such step");
            let hint = Text::new("写 acknowledge visit report 之一", "one of acknowledge visit report");
            problems.push(row.problem("step", "routing/cell", message, hint));
        }
        let act = [Act::Remind, Act::Escalate].into_iter().find(|act| act.name() == row.get("act"));
        if act.is_none() {
            let message = Text::new("没有这种处理", "no such act");
            let hint = Text::new("写 remind 或 escalate", "remind or escalate");
            problems.push(row.problem("act", "routing/cell", message, hint));
        }
        let to = pattern(&row, "to", row.get("to"), &mut problems);
        if let (Some(after), Some(step), Some(act), true) = (after, step, act, problems.len() == before) {
            let read = EscalationRow { after, step, to, act, place: row.place() };
            let key = |row: &EscalationRow| (row.after, row.step, row.to.clone(), row.act);
            match escalation.iter().find(|other| key(other) == key(&read)) {
                Some(earlier) => problems.push(duplicate(&row, "after", &earlier.place)),
                None => escalation.push(read),
            }
        }
    }
    problems.extend(steps_without_escalation(&escalation));
    if problems.is_empty() { Ok(escalation) } else { Err(problems) }
}

fn steps_without_escalation(rows: &[EscalationRow]) -> Vec<Problem> {
    let told: BTreeSet<Step> = rows.iter().filter(|row| row.act == Act::Escalate).map(|row| row.step).collect();
    let missing = Step::ALL.into_iter().filter(|step| !told.contains(step));
    let problem = |step: Step| {
        let name = step.name();
        let message =
            Text::new(format!("{name} 超期后没有督办"), format!("nobody above is told when {name} is overdue"));
        let hint = Text::new(
            format!("加一行，例如 2,{name},{{parent}},escalate"),
            format!("add a row, for example 2,{name},{{parent}},escalate"),
        );
        Problem::new("routing/escalation-missing", message, hint).at(ESCALATION).in_field("step")
    };
    missing.map(problem).collect()
}
