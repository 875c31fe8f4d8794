//! `doudi rules sql`: the bundle, or one rule of it, as SQL text.

use clap::{Args, ValueEnum};
use doudi_rules::bundle::{Bundle, Rule};
use doudi_rules::sql::{Column, Dialect, Role, Select, rows, rule, script};
use serde_json::{Value, json};

use crate::context::{Answer, Context, Done, Failure};

/// What is written, and for whom.
#[derive(Debug, Args)]
pub(crate) struct Sql {
    /// 给哪些引擎，逗号分隔 · for which engines, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', default_value = "duckdb")]
    dialect: Vec<Engine>,
    /// 只写这一条规则 · this rule alone
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
}

/// The engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// DuckDB.
    #[value(name = "duckdb")]
    DuckDb,
    /// Spark SQL.
    #[value(name = "spark")]
    Spark,
    /// ClickHouse.
    #[value(name = "clickhouse")]
    ClickHouse,
}

impl Engine {
    fn dialect(self) -> Dialect {
        match self {
            Engine::DuckDb => Dialect::DuckDb,
            Engine::Spark => Dialect::Spark,
            Engine::ClickHouse => Dialect::ClickHouse,
        }
    }
}

pub(crate) fn run(context: &Context, command: &Sql) -> Answer {
    let bundle = context.bundle()?;
    let dialects = command.dialect.iter().map(|engine| engine.dialect());
    match &command.rule {
        Some(id) => {
            let found = bundle.rule(id).ok_or_else(|| Failure::usage(super::super::no_rule(&bundle, id)))?;
            let written: Vec<Written> = dialects.map(|dialect| Written::of(context, &bundle, found, dialect)).collect();
            let json = json!({"rule": id, "queries": written.iter().map(Written::json).collect::<Vec<_>>()});
            context.output().answer(&json, || {
                written.iter().map(|written| written.text(context, &bundle, found)).collect::<Vec<_>>().join("\n\n")
            });
        }
        None => {
            let scripts: Vec<(Dialect, String)> =
                dialects.map(|dialect| (dialect, script(&bundle, dialect, context.lang))).collect();
            let json = json!({
                "bundle": bundle.digest().to_string(),
                "scripts": scripts.iter().map(|(dialect, sql)| json!({"dialect": dialect.word(), "sql": sql})).collect::<Vec<_>>(),
            });
            context
                .output()
                .answer(&json, || scripts.iter().map(|(_, sql)| sql.as_str()).collect::<Vec<_>>().join("\n\n"));
        }
    }
    Ok(Done::Clean)
}

/// One rule in one dialect.
struct Written {
    dialect: Dialect,
    select: Select,
    sql: String,
}

impl Written {
    fn of(context: &Context, bundle: &Bundle, found: &Rule, dialect: Dialect) -> Written {
        let (source, keep) = rows(found.scope);
        let select = rule(bundle, found, dialect, context.lang);
        let sql = select.over(source, keep);
        Written { dialect, select, sql }
    }

    fn json(&self) -> Value {
        json!({
            "dialect": self.dialect.word(),
            "sql": self.sql,
            "columns": self.select.columns.iter().map(column).collect::<Vec<_>>(),
        })
    }

    fn text(&self, context: &Context, bundle: &Bundle, found: &Rule) -> String {
        let title = found.title.get(context.lang);
        let (id, engine, view) = (&found.id, self.dialect.title(), rows(found.scope).0);
        let mut text = context.say(
            format!("-- {id} {title}，{engine}\n-- 条件：{}\n", line(found.when.text())),
            format!("-- {id}: {title}, {engine}\n-- when: {}\n", line(found.when.text())),
        );
        for slot in found.when.slots() {
            let name = bundle.layout().name(slot);
            let said = bundle.title(name).map(|title| title.get(context.lang).to_owned()).unwrap_or_default();
            text.push_str(&format!("--   {name}  {}\n", line(&said)));
        }
        text.push_str(&context.say(
            format!("-- {view} 由 doudi rules sql --dialect {} 的整份脚本建立。\n", self.dialect.word()),
            format!("-- {view} is made by the whole script: doudi rules sql --dialect {}.\n", self.dialect.word()),
        ));
        text + &self.sql + ";"
    }
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn column(column: &Column) -> Value {
    let (kind, leaf) = match column.role {
        Role::Step => ("step", None),
        Role::Leaf(leaf) => ("leaf", Some(leaf)),
        Role::Answer => ("verdict", None),
    };
    json!({"name": column.name, "kind": kind, "leaf": leaf, "means": column.note, "sql": column.sql})
}
