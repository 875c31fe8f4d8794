//! The command line, parsed once.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, ValueEnum};
use doudi_model::{Lang, Problem, Text};

use crate::command::Command;

/// 兜底 doudi：低收入人口动态监测与预警 · monitoring and early warning for low-income households
#[derive(Debug, Parser)]
#[command(name = "doudi", version, propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes. Each can also stand in the config file or in a `DOUDI_*` variable.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// 配置文件 · configuration file (DOUDI_CONFIG)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// 数据目录（默认 ./doudi-data）· data directory (DOUDI_DATA)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// 规则包目录（默认用程序内置的）· bundle directory (default: the built-in one) (DOUDI_RULES)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// 语言（默认 zh）· language (default zh) (DOUDI_LANG)
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Language>,
    /// 输出形式（默认 text）· output form (default text) (DOUDI_FORMAT)
    #[arg(long, global = true, value_enum)]
    pub(crate) format: Option<Format>,
    /// 接受系统时钟比最后一条记录晚这么多天，其间每天都补走一遍，不能退回 · accept a clock so many days after the last entry; each day in between is played and cannot be taken back
    #[arg(long, global = true, value_name = "DAYS", hide_short_help = true)]
    pub(crate) idle_days: Option<i32>,
    /// 不显示进度和提示 · no progress, no remarks
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// 在标准错误上显示日志，-vv 更详细 · logs on stderr; -vv says more
    #[arg(short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// Language on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

impl Language {
    /// As settings have it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }
}

/// Form of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs: one document, or one per line where the output is a stream.
    Json,
}

impl Format {
    /// As settings have it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
        }
    }
}

/// The parsed command line; help and version are printed here, misuse exits with 2.
pub(crate) fn parse() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|fault| {
        if fault.use_stderr() && wants_json() {
            let problem = Problem::new("use/arguments", said(&fault), Text::new("加 --help 看写法", "see --help"));
            let lang = if wants("--lang", "DOUDI_LANG", "en") { Lang::En } else { Lang::Zh };
            let _ = writeln!(std::io::stderr(), "{}", serde_json::json!({"error": problem.json(lang)}));
        } else {
            let _ = fault.print();
        }
        ExitCode::from(u8::try_from(fault.exit_code()).unwrap_or(2))
    })
}

/// clap's own words up to its lines on usage.
fn said(fault: &clap::Error) -> Text {
    let text = fault.to_string();
    let lines = text.lines().map(str::trim).take_while(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned();
    Text::new(format!("命令行写得不对：{text}"), text)
}

fn wants_json() -> bool {
    wants("--format", "DOUDI_FORMAT", "json")
}

/// Whether a line that could not be parsed asks for something all the same.
fn wants(flag: &str, variable: &str, value: &str) -> bool {
    let words: Vec<String> = std::env::args().collect();
    let joined = format!("{flag}={value}");
    let pairs = words.iter().zip(words.iter().skip(1));
    words.contains(&joined)
        || pairs.into_iter().any(|(name, word)| name == flag && word == value)
        || (!words.iter().any(|word| word.starts_with(flag)) && std::env::var(variable).is_ok_and(|set| set == value))
}
