//! One file per command.

mod calendar;
mod id;
mod rules;

use clap::Subcommand;

use crate::context::{Answer, Context};

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 规则包：检查、测试、列出、求值 · the bundle: check, test, list, evaluate
    #[command(subcommand)]
    Rules(rules::Rules),
    /// 工作日历 · the official calendar
    #[command(subcommand)]
    Calendar(calendar::CalendarCommand),
    /// 身份证号 · ID numbers
    #[command(subcommand)]
    Id(id::Id),
}

/// Runs one command.
pub(crate) fn run(context: &Context, command: Command) -> Answer {
    match command {
        Command::Rules(command) => rules::run(context, command),
        Command::Calendar(command) => calendar::run(context, command),
        Command::Id(command) => id::run(context, command),
    }
}
