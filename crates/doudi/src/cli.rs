//! The command line, parsed once.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, ValueEnum};
use doudi_model::Lang;

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

/// Flags that every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// 配置文件 · configuration file
    #[arg(long, global = true, env = "DOUDI_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// 数据目录（默认 ./doudi-data）· data directory
    #[arg(long, global = true, env = "DOUDI_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// 规则包目录（默认用程序内置的）· bundle directory (default: the built-in one)
    #[arg(long, global = true, env = "DOUDI_RULES", value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// 语言 · language
    #[arg(long, global = true, env = "DOUDI_LANG", value_enum, default_value_t = Language::Zh)]
    pub(crate) lang: Language,
    /// 输出形式 · output form
    #[arg(long, global = true, env = "DOUDI_FORMAT", value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// 不显示进度和提示 · no progress, no remarks
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
}

/// Language on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
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

/// The parsed command line; help and version are printed here, misuse exits with 2.
pub(crate) fn parse() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|fault| {
        let _ = fault.print();
        ExitCode::from(u8::try_from(fault.exit_code()).unwrap_or(2))
    })
}
