//! `doudi calendar due`: the due day by the official calendar.

use clap::Subcommand;
use doudi_model::Day;
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure};

/// The official calendar.
#[derive(Debug, Subcommand)]
pub(crate) enum CalendarCommand {
    /// 从某日起若干工作日后的到期日（起算日不计）· the day that many working days after a day
    Due {
        /// 起算日 · the day from which is counted, itself not counted
        #[arg(long, value_name = "DAY")]
        from: Day,
        /// 工作日数 · working days
        #[arg(long, value_name = "N")]
        working_days: u32,
        /// 日历未公布时给出暂定日期 · give a provisional day where the calendar is not published
        #[arg(long)]
        provisional: bool,
    },
}

pub(crate) fn run(context: &Context, command: CalendarCommand) -> Answer {
    let CalendarCommand::Due { from, working_days, provisional } = command;
    let bundle = context.bundle()?;
    let calendar = doudi_routing::plan::calendar(bundle.files()).map_err(Failure::Usage)?;
    let answer =
        if provisional { calendar.due_or_provisional(from, working_days) } else { calendar.due(from, working_days) };
    match answer {
        Ok(answer) => {
            let days = answer.day.days_since(from);
            let json = json!({"due": answer.day, "calendar_days": days, "provisional": answer.provisional});
            context.output().answer(&json, || {
                let note = match answer.provisional {
                    true => context.say("（暂定：该年日历尚未公布）", " (provisional: that calendar is not published)"),
                    false => String::new(),
                };
                format!("{}{note}", context.say(answer.day.zh(), answer.day.to_string()))
            });
            Ok(Done::Clean)
        }
        Err(none) => {
            context.output().failure(&Failure::usage(none.problem()));
            Ok(Done::Found)
        }
    }
}
