//! The command line, parsed once.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, ValueEnum};
use doudi_model::{Lang, Problem, Text};

use crate::command::Command;
use crate::help;

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
    #[arg(long, global = true, value_name = "DAYS")]
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
    let lang = if wants("--lang", "DOUDI_LANG", "en") { Lang::En } else { Lang::Zh };
    let parsed = help::in_language(Cli::command(), lang).try_get_matches();
    parsed.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|fault| {
        // A line that only lacks its command is answered with the help.
        let unfinished = fault.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !wants_json();
        if fault.use_stderr() && !unfinished {
            let problem = Problem::new("use/arguments", said(&fault), Text::new("加 --help 看写法", "see --help"));
            let text = match wants_json() {
                true => serde_json::json!({"error": problem.json(lang)}).to_string(),
                false => problem.render(lang),
            };
            let _ = writeln!(std::io::stderr(), "{text}");
        } else {
            let _ = fault.print();
        }
        ExitCode::from(u8::try_from(fault.exit_code()).unwrap_or(2))
    })
}

/// What is wrong with the line, in both languages: by what clap found, its own words where it found something rare.
fn said(fault: &clap::Error) -> Text {
    let text = fault.to_string();
    let lines = text.lines().map(str::trim).take_while(|line| !line.is_empty());
    let own = lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned();
    let of = |kind: ContextKind| match fault.get(kind) {
        Some(ContextValue::String(one)) => one.clone(),
        Some(ContextValue::Strings(many)) => many.join("、"),
        _ => String::new(),
    };
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let near = [of(ContextKind::SuggestedArg), of(ContextKind::SuggestedSubcommand), of(ContextKind::SuggestedValue)];
    let near =
        near.into_iter().find(|near| !near.is_empty()).map_or_else(String::new, |near| format!("；是否想写 {near}？"));
    let choices = of(ContextKind::ValidValue);
    let choices = if choices.is_empty() { String::new() } else { format!("；可选：{choices}") };
    let zh = match fault.kind() {
        ErrorKind::UnknownArgument => format!("没有 {argument} 这个参数{near}"),
        ErrorKind::InvalidSubcommand => format!("没有 {} 这个命令{near}", of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("还缺 {argument}"),
        ErrorKind::MissingSubcommand => format!("后面还要写一个命令：{}", of(ContextKind::ValidSubcommand)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面要写值{choices}"),
        ErrorKind::InvalidValue => format!("{argument} 不能是 {value}{choices}{near}"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(fault)
                .map_or_else(String::new, |why| format!("（{}）", expected(&why.to_string())));
            format!("{argument} 的值 {value} 不对{why}")
        }
        ErrorKind::ArgumentConflict => format!("{argument} 不能与 {} 同用", of(ContextKind::PriorArg)),
        _ => own.clone(),
    };
    Text::new(format!("命令行写得不对：{zh}"), own)
}

/// What a value should look like, for the faults that parsers of numbers and days give in English.
fn expected(why: &str) -> &str {
    match why {
        _ if why.starts_with("not a day") => "应为日期，写成 2026-11-24",
        _ if why.starts_with("not an instant") || why.contains("RFC 3339") => {
            "应为带时区的时间，写成 2026-11-24T10:00:00+08:00"
        }
        _ if why.contains("digit") || why.contains("integer") || why.contains("not in") => "应为范围内的整数",
        other => other,
    }
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
