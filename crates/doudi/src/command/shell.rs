//! `doudi completions SHELL` and `doudi man`: made from the command line itself.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;

use crate::cli::Cli;
use crate::context::{Answer, Context, Done, Failure, unreadable};
use crate::help;

/// For which shell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// 哪种命令行 · which shell
    shell: Shell,
}

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// 写入目录，每个命令一页；不写则把总页输出 · one page a command into a folder; else the main page to stdout
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn completions(context: &Context, command: &Completions) -> Answer {
    let mut text = Vec::new();
    clap_complete::generate(command.shell, &mut help::in_language(Cli::command(), context.lang), "doudi", &mut text);
    context.output().line(String::from_utf8_lossy(&text).trim_end());
    Ok(Done::Clean)
}

pub(crate) fn man(context: &Context, command: &Man) -> Answer {
    let page = help::in_language(Cli::command(), context.lang);
    let Some(dir) = &command.out else {
        let mut text = Vec::new();
        clap_mangen::Man::new(page).render(&mut text).map_err(|fault| fault_at(Path::new("stdout"), &fault))?;
        context.output().line(String::from_utf8_lossy(&text).trim_end());
        return Ok(Done::Clean);
    };
    std::fs::create_dir_all(dir).map_err(|fault| fault_at(dir, &fault))?;
    clap_mangen::generate_to(page, dir).map_err(|fault| fault_at(dir, &fault))?;
    let shown = dir.display().to_string();
    context.output().answer(&json!({"out": shown}), || {
        context.say(format!("手册页写入 {shown}"), format!("the pages are in {shown}"))
    });
    Ok(Done::Clean)
}

fn fault_at(path: &Path, fault: &std::io::Error) -> Failure {
    Failure::Environment(unreadable(path, fault))
}
