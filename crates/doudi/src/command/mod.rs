//! One file per command.

mod account;
mod audit;
mod calendar;
mod case;
mod config;
mod dead_letters;
mod demo;
mod doctor;
mod error;
mod feedback;
mod generate;
mod household;
mod id;
mod ingest;
mod registers;
mod route;
mod rules;
mod serve;
mod shell;
mod state;

use clap::Subcommand;
use doudi_model::{Problem, Text};
use doudi_rules::bundle::Bundle;

use crate::context::{Answer, Context};

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 演示：生成咸宁模拟人口，启动全部服务，播放实时事件 · a simulated Xianning, everything started, events played live
    Demo(demo::Demo),
    /// 运行服务：接收、引擎、工作台、指标 · run the service
    Serve(serve::Serve),
    /// 账号 · accounts
    #[command(subcommand)]
    Account(account::Account),
    /// 读入事件文件 · take in files of events
    Ingest(ingest::Ingest),
    /// 死信：被拒收的事件 · dead letters: what was refused
    #[command(subcommand)]
    DeadLetters(dead_letters::DeadLetters),
    /// 生成模拟数据 · make a synthetic population
    Generate(generate::Generate),
    /// 家庭 · households
    #[command(subcommand)]
    Household(household::Household),
    /// 为什么提醒、缺什么、怎样会变 · why, what is missing, what would change it
    Explain(household::Explain),
    /// 工单 · cases
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// 反馈：走访结果和规则成效 · feedback: what visits came to, and how the rules did
    #[command(subcommand)]
    Feedback(feedback::Feedback),
    /// 分办 · routing
    #[command(subcommand)]
    Route(route::RouteCommand),
    /// 台账 · the record
    #[command(subcommand)]
    Audit(audit::Audit),
    /// 本地状态 · the local state
    #[command(subcommand)]
    State(state::StateCommand),
    /// 规则包：检查、测试、列出、求值 · the bundle: check, test, list, evaluate
    #[command(subcommand)]
    Rules(rules::Rules),
    /// 名册：试读各单位报送的表、为新表起草名册 · registers: a table as it would be taken in, a mapping for a new one
    #[command(subcommand)]
    Registers(registers::Registers),
    /// 工作日历 · the official calendar
    #[command(subcommand)]
    Calendar(calendar::CalendarCommand),
    /// 身份证号 · ID numbers
    #[command(subcommand)]
    Id(id::Id),
    /// 设置 · settings
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// 检查运行环境，说明要处理什么 · looks at the surroundings and says what to mend
    Doctor(doctor::Doctor),
    /// 错误码的含义、例子、改法 · what an error code means, an example, how to mend it
    Error(error::ErrorCode),
    /// 命令补全脚本 · shell completions
    Completions(shell::Completions),
    /// 手册页 · man pages
    Man(shell::Man),
}

/// Runs one command.
pub(crate) fn run(context: &Context, command: Command) -> Answer {
    if context.verbose > 0 {
        serve::log_to_stderr(if context.verbose > 1 { "debug" } else { "info" });
    }
    match command {
        Command::Demo(command) => demo::run(context, &command),
        Command::Serve(command) => serve::run(context, &command),
        Command::Account(command) => account::run(context, &command),
        Command::Ingest(command) => ingest::run(context, &command),
        Command::DeadLetters(command) => dead_letters::run(context, &command),
        Command::Generate(command) => generate::run(context, &command),
        Command::Household(command) => household::run(context, &command),
        Command::Explain(command) => household::explain(context, &command),
        Command::Case(command) => case::run(context, &command),
        Command::Feedback(command) => feedback::run(context, &command),
        Command::Route(command) => route::run(context, &command),
        Command::Audit(command) => audit::run(context, &command),
        Command::State(command) => state::run(context, &command),
        Command::Rules(command) => rules::run(context, command),
        Command::Registers(command) => registers::run(context, &command),
        Command::Calendar(command) => calendar::run(context, command),
        Command::Id(command) => id::run(context, command),
        Command::Config(command) => config::run(context, &command),
        Command::Doctor(command) => doctor::run(context, &command),
        Command::Error(command) => error::run(context, &command),
        Command::Completions(command) => shell::completions(context, &command),
        Command::Man(command) => shell::man(context, &command),
    }
}

fn missing(code: &'static str, zh: String, en: String) -> Problem {
    Problem::new(code, Text::new(zh, en), Text::new("请核对编号", "check the number"))
}

fn no_rule(bundle: &Bundle, id: &str) -> Problem {
    let ids: Vec<&str> = bundle.rules().iter().map(|rule| rule.id.as_str()).collect();
    let mut problem = missing("use/no-rule", format!("没有规则 {id}"), format!("there is no rule {id}"));
    problem.hint = Text::new(format!("已有：{}", ids.join("、")), format!("there are: {}", ids.join(", ")));
    problem
}

fn no_household(id: &str) -> Problem {
    missing("use/no-household", format!("没有家庭 {id}"), format!("there is no household {id}"))
}

fn no_case(id: &str) -> Problem {
    missing("use/no-case", format!("没有工单 {id}"), format!("there is no case {id}"))
}

fn no_entry(sequence: u64) -> Problem {
    let (zh, en) = (format!("台账没有第{sequence}条"), format!("the record has no entry {sequence}"));
    let mut problem = missing("use/no-entry", zh, en);
    problem.hint = Text::new("用 doudi audit list 查序号", "`doudi audit list` shows the numbers");
    problem
}

fn not_a_move(said: &str) -> Problem {
    missing("use/move", format!("不是有效的办理：{said}"), format!("not a move: {said}"))
}
