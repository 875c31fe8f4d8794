//! `doudi rules …`: load and prove, run the embedded tests, list, show, write as SQL, evaluate.

mod analyze;
mod check;
mod diff;
mod duckdb;
mod render;
mod show;
mod sql;
mod test;

use std::io::BufRead;
use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use doudi_model::Day;

use crate::context::{Answer, Context, Done, Failure, unreadable};

/// The bundle.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// 载入并检查规则包 · load and prove the bundle
    Check {
        /// 从哪一天起看期限是否超出已公布的日历（默认今天）· the day from which deadlines are held against the calendar (default: today)
        #[arg(long, value_name = "DAY")]
        on: Option<Day>,
    },
    /// 运行规则自带的测试 · run the tests beside the rules
    Test,
    /// 列出规则 · list the rules
    List,
    /// 显示一条规则 · show one rule
    Show {
        /// 规则编号 · the rule's id
        id: String,
    },
    /// 分析规则包：矛盾、包含、空档、没有用到或测到的 · analyze the bundle: what contradicts, contains, leaves gaps, is unused or untested
    Analyze,
    /// 与另一个规则包有什么不同 · what differs in another bundle
    Diff {
        /// 另一个规则包的目录 · the directory of the other bundle
        dir: PathBuf,
    },
    /// 规则写成句子，中英对照 · the rules as sentences in both languages
    Render {
        /// 规则编号（默认全部） · the rule's id (default: all)
        id: Option<String>,
        /// 写成 Markdown · as Markdown
        #[arg(long)]
        markdown: bool,
    },
    /// 规则写成 SQL · the rules as SQL text
    Sql(sql::Sql),
    /// 逐行求值（JSON Lines）· evaluate JSON lines from stdin
    Eval {
        /// 用哪个引擎 · which back end answers
        #[arg(long, value_enum, default_value_t = Backend::Scalar)]
        backend: Backend,
        /// 装有 duckdb 的 Python，用于 --backend sql · a Python that has duckdb, for --backend sql
        #[arg(long, value_name = "FILE", default_value = "python3")]
        python: PathBuf,
    },
}

/// Back ends of `rules eval`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    /// One row at a time.
    Scalar,
    /// SQL text, on DuckDB.
    Sql,
}

pub(crate) fn run(context: &Context, command: Rules) -> Answer {
    match command {
        Rules::Check { on } => check::check(context, on),
        Rules::Test => test::test(context),
        Rules::List => show::list(context),
        Rules::Show { id } => show::show(context, &id),
        Rules::Analyze => analyze::run(context),
        Rules::Diff { dir } => diff::run(context, &dir),
        Rules::Render { id, markdown } => render::run(context, id.as_deref(), markdown),
        Rules::Sql(command) => sql::run(context, &command),
        Rules::Eval { backend: Backend::Scalar, .. } => eval(context),
        Rules::Eval { backend: Backend::Sql, python } => duckdb::eval(context, &python),
    }
}

fn eval(context: &Context) -> Answer {
    let mut wrong = false;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|fault| Failure::Environment(unreadable("stdin".as_ref(), &fault)))?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = doudi_rules::eval::answer(&line, context.lang);
        wrong |= serde_json::from_str::<serde_json::Value>(&answer).is_ok_and(|answer| answer.get("error").is_some());
        context.output().line(&answer);
    }
    Ok(Done::found_if(wrong))
}
