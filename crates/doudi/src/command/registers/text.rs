//! A table for a person at a terminal. Names and ID numbers are masked here; the JSON answer holds the table as it is.

use doudi_model::mask;
use doudi_registers::cell::letters;
use doudi_registers::event::place;
use doudi_registers::table::{Role, Table, Value};

use crate::context::Context;

/// Lines shown of each kind; the JSON answer has all.
const SHOWN: usize = 20;

pub(super) fn tables(context: &Context, name: &str, tables: &[Table]) -> String {
    tables.iter().map(|one| table(context, name, one)).collect::<Vec<_>>().join("\n")
}

fn table(context: &Context, name: &str, table: &Table) -> String {
    let at = place(name, &table.sheet, None);
    let role = match table.role {
        Role::Data => None,
        Role::Empty => Some(context.say("空表", "empty")),
        Role::Ignore => Some(context.say("不读（隐藏或说明页）", "not read (hidden, or notes)")),
        Role::Unfit => Some(context.say("没有读：表头对不上任何名册", "not read: no register's header fits")),
    };
    if let Some(role) = role {
        return format!("{at}  {role}\n");
    }
    let register = table.register.as_deref().unwrap_or_default();
    let header = table.header_rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
    let as_of = table.as_of.map(|day| context.say(format!("，截至{}", day.zh()), format!(", as of {day}")));
    let mut out = context.say(
        format!("{at}  名册 {register}，表头第{header}行{}\n", as_of.clone().unwrap_or_default()),
        format!("{at}  register {register}, header in row {header}{}\n", as_of.unwrap_or_default()),
    );
    out.push_str(&columns(context, table));
    out.push_str(&rows(context, table));
    out.push_str(&not_data(context, table));
    out.push_str(&unreadable(context, table));
    out.push_str(&assumed(context, table));
    out
}

fn columns(context: &Context, table: &Table) -> String {
    let one = |heading: &doudi_registers::table::Heading| {
        let unit = heading.unit.map(|unit| context.say(unit.zh(), unit.word())).map(|unit| format!(" {unit}"));
        let to = heading.key.clone().unwrap_or_else(|| context.say("不用", "not used"));
        format!("  {} {} → {to}{}\n", letters(heading.column), heading.name, unit.unwrap_or_default())
    };
    table.columns.iter().map(one).collect()
}

fn rows(context: &Context, table: &Table) -> String {
    let hidden = table.rows.iter().filter(|row| row.hidden).count();
    let note = if hidden > 0 {
        context
            .say(format!("（其中{hidden}行隐藏，照常读入）"), format!(" ({hidden} of them hidden, taken all the same)"))
    } else {
        String::new()
    };
    let count = table.rows.len();
    let mut out = context.say(format!("数据{count}行{note}\n"), format!("{count} rows of data{note}\n"));
    for row in table.rows.iter().take(SHOWN) {
        let values: Vec<String> = row.values.iter().map(|(_, value)| shown(value)).collect();
        out.push_str(&format!("  {:>5}  {}\n", row.number, values.join(" | ")));
    }
    out.push_str(&more(context, count));
    out
}

fn more(context: &Context, count: usize) -> String {
    match count.checked_sub(SHOWN) {
        None | Some(0) => String::new(),
        Some(rest) => context.say(
            format!("  …… 另有{rest}条（--format json 给出全部）\n"),
            format!("  … {rest} more (--format json has all)\n"),
        ),
    }
}

/// A value with names and ID numbers masked.
fn shown(value: &Value) -> String {
    match value {
        Value::None => "·".to_owned(),
        Value::Text(text) | Value::Word(text, _) => masked(text),
        Value::Name(name) => mask::name(name),
        Value::Id(number) => mask::id_number(number.reveal()),
        Value::Int(number) => number.to_string(),
        Value::Fen(fen) => fen.yuan(),
        Value::Day(day) => day.to_string(),
        Value::Month(day) => day.to_string().chars().take(7).collect(),
    }
}

/// Text on one line; long runs of digits, such as the number of a certificate, hold an ID number.
fn masked(text: &str) -> String {
    let line: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    let digits = line.chars().filter(char::is_ascii_digit).count();
    if digits >= 15 { mask::id_number(&line) } else { line }
}

fn not_data(context: &Context, table: &Table) -> String {
    let count = table.not_data.len();
    let mut out = context.say(format!("不是数据{count}行\n"), format!("{count} rows are no data\n"));
    for one in table.not_data.iter().take(SHOWN) {
        out.push_str(&format!("  {:>5}  {}\n", one.row, one.why.text().get(context.lang)));
    }
    out.push_str(&more(context, count));
    out
}

fn unreadable(context: &Context, table: &Table) -> String {
    let (unreadable, incomplete) = (table.unreadable.len(), table.incomplete.len());
    let mut out = context.say(format!("读不出{unreadable}处\n"), format!("{unreadable} cells cannot be read\n"));
    let lines = |list: &[doudi_registers::table::Unreadable]| -> String {
        let one = |one: &doudi_registers::table::Unreadable| {
            let (reason, hint) = (one.fault.message(), one.fault.hint());
            let (mend, colon) = (context.say("改法：", "hint: "), context.say("：", ": "));
            let (reason, hint) = (reason.get(context.lang), hint.get(context.lang));
            format!("  {}{} {}{colon}{reason}\n        {mend}{hint}\n", letters(one.column), one.row, one.header)
        };
        list.iter().take(SHOWN).map(one).collect()
    };
    out.push_str(&lines(&table.unreadable));
    out.push_str(&more(context, unreadable));
    if incomplete > 0 {
        out.push_str(
            &context.say(format!("缺内容{incomplete}处\n"), format!("{incomplete} cells are blank that are needed\n")),
        );
        out.push_str(&lines(&table.incomplete));
        out.push_str(&more(context, incomplete));
    }
    out
}

fn assumed(context: &Context, table: &Table) -> String {
    let count = table.assumed.len();
    if count == 0 {
        return String::new();
    }
    let mut out =
        context.say(format!("按惯例理解{count}处，请过目\n"), format!("{count} cells were read by convention\n"));
    for (row, column, what) in table.assumed.iter().take(SHOWN) {
        out.push_str(&format!("  {}{row}  {}\n", letters(*column), what.text().get(context.lang)));
    }
    out.push_str(&more(context, count));
    out
}
