//! `doudi registers read / suggest`: a table as it would be taken in; a mapping proposed for an unknown one.

mod text;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use doudi_model::{Day, Problem, Text};
use doudi_registers::table::{Reading, Role, Table};
use doudi_registers::{open, suggest};
use doudi_rules::bundle::{Bundle, Register};
use serde_json::{Value, json};

use crate::cli::Format;
use crate::context::{Answer, Context, Done, Failure};

/// Tables of offices.
#[derive(Debug, Subcommand)]
pub(crate) enum Registers {
    /// 试读一张表：数据、不是数据的行、读不出的单元格（JSON 含表中的个人信息）· a table as it would be taken in (the JSON holds the table's personal data)
    Read {
        /// 表格文件 · the table: .xlsx .xls .ods .csv
        file: PathBuf,
        /// 名册，不写则按表头判断 · the register; without it the headers decide
        #[arg(long, value_name = "NAME")]
        register: Option<String>,
        /// 数据截至哪一天（默认从表中找）· the day for which it holds (default: as the table says)
        #[arg(long, value_name = "DAY")]
        as_of: Option<Day>,
    },
    /// 为没见过的表起草名册（TOML）· proposes a mapping for an unknown table, as TOML
    Suggest {
        /// 表格文件 · the table
        file: PathBuf,
    },
    /// 列出名册 · list the registers
    List,
}

pub(crate) fn run(context: &Context, command: &Registers) -> Answer {
    match command {
        Registers::Read { file, register, as_of } => read(context, file, register.as_deref(), *as_of),
        Registers::Suggest { file } => propose(context, file),
        Registers::List => list(context),
    }
}

/// A register of the bundle by its name.
///
/// # Errors
/// If there is none, with the nearest.
pub(crate) fn register<'a>(bundle: &'a Bundle, name: &str) -> Result<&'a Register, Problem> {
    let registers = bundle.registers();
    registers.get(name).ok_or_else(|| {
        let known: Vec<&str> = registers.iter().map(|register| register.id.as_str()).collect();
        let hint = match registers.nearest(name) {
            Some(near) => Text::new(format!("是否想写 {near}？"), format!("did you mean {near}?")),
            None => Text::new(format!("已有：{}", known.join("、")), format!("there are: {}", known.join(", "))),
        };
        let message = Text::new(format!("没有名册 {name}"), format!("there is no register {name}"));
        Problem::new("use/no-register", message, hint)
    })
}

/// A file that cannot be read: from the disk a fault of the surroundings, otherwise of the file.
fn failure(problem: Problem) -> Failure {
    if problem.code == "io/read" { Failure::Environment(problem) } else { Failure::usage(problem) }
}

fn read(context: &Context, file: &Path, named: Option<&str>, as_of: Option<Day>) -> Answer {
    let bundle = context.bundle()?;
    let register = named.map(|name| register(&bundle, name)).transpose().map_err(Failure::usage)?;
    let book = open::path(file).map_err(failure)?;
    let name = file.display().to_string();
    let tables = doudi_registers::read(&book, &Reading { bundle: &bundle, register, as_of, name: &name });
    for notice in book.notices.iter().chain(tables.iter().flat_map(|table| &table.notices)) {
        context.output().notice(notice);
    }
    match context.format {
        Format::Json => {
            let json: Value = tables.iter().map(|table| table.json(context.lang)).collect();
            context.output().line(&json.to_string());
        }
        Format::Text => context.output().line(text::tables(context, &name, &tables).trim_end()),
    }
    Ok(Done::found_if(!book.notices.is_empty() || tables.iter().any(to_look_at)))
}

fn to_look_at(table: &Table) -> bool {
    table.role == Role::Unfit
        || !table.unreadable.is_empty()
        || !table.incomplete.is_empty()
        || !table.notices.is_empty()
}

fn propose(context: &Context, file: &Path) -> Answer {
    let bundle = context.bundle()?;
    let book = open::path(file).map_err(failure)?;
    let name = file.display().to_string();
    let proposal = suggest::propose(&book, &bundle, &name).map_err(Failure::usage)?;
    let json = json!({"sheet": proposal.sheet, "header_rows": proposal.header_rows, "toml": proposal.toml});
    context.output().answer(&json, || proposal.toml.clone());
    Ok(Done::Clean)
}

fn list(context: &Context) -> Answer {
    let bundle = context.bundle()?;
    let json: Value = bundle
        .registers()
        .iter()
        .map(|register| {
            json!({
                "id": register.id,
                "title": register.title.get(context.lang),
                "office": register.office,
                "facts": register.kinds(),
                "columns": register.columns.iter().map(|column| column.names.first()).collect::<Vec<_>>(),
            })
        })
        .collect();
    context.output().answer(&json, || {
        bundle
            .registers()
            .iter()
            .map(|register| {
                let kinds: Vec<&str> = register.kinds().into_iter().collect();
                format!("{:<26} {}（{}）\n", register.id, register.title.get(context.lang), kinds.join("、"))
            })
            .collect()
    });
    Ok(Done::Clean)
}
