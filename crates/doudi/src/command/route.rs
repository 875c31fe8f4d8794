//! `doudi route check / test`: the plan proven, and where one warning would go.

use clap::{Args, Subcommand};
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Instant, Problem, Text, division};
use doudi_routing::plan::{Act, Alarm, Due, Plan, Route};
use doudi_routing::words;
use doudi_rules::bundle::Bundle;
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure};
use crate::house::{plan, plan_as_of};
use crate::words as said;

/// The routing plan.
#[derive(Debug, Subcommand)]
pub(crate) enum RouteCommand {
    /// 证明每条预警都有去处，期限都在已公布的日历之内 · proves the plan total and every deadline within the calendar
    Check {
        /// 从哪一天起算（默认今天）· counted from which day (default: today)
        #[arg(long, value_name = "DAY")]
        as_of: Option<Day>,
    },
    /// 一条预警会分到哪里、何时到期 · where one warning would go, and by when
    Test(Test),
}

/// One warning that might open.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// 区划代码，12位 · division code, 12 digits
    #[arg(long, value_name = "CODE")]
    division: String,
    /// 类别 · category
    #[arg(long, value_name = "C")]
    category: String,
    /// 级别：red orange yellow blue · level
    #[arg(long, value_name = "L", value_parser = level)]
    level: Level,
    /// 方向：missed 漏保，excess 错保 · direction
    #[arg(long, default_value = "missed", value_parser = direction)]
    direction: Direction,
    /// 何时打开（默认现在）· when it opens (default: now)
    #[arg(long, value_name = "INSTANT")]
    at: Option<Instant>,
}

fn level(text: &str) -> Result<Level, String> {
    let level = Level::parse(text).or_else(|| Level::ALL.into_iter().find(|level| level.zh() == text));
    level.ok_or_else(|| "red 红、orange 橙、yellow 黄、blue 蓝".to_owned())
}

fn direction(text: &str) -> Result<Direction, String> {
    match text {
        "missed" | "漏保" => Ok(Direction::Missed),
        "excess" | "错保" => Ok(Direction::Excess),
        _ => Err("missed 漏保、excess 错保".to_owned()),
    }
}

pub(crate) fn run(context: &Context, command: &RouteCommand) -> Answer {
    match command {
        RouteCommand::Check { as_of } => check(context, *as_of),
        RouteCommand::Test(test) => route(context, test),
    }
}

fn today() -> Result<Day, Failure> {
    Ok(doudi_store::clock::from_env()?.now().day())
}

fn check(context: &Context, as_of: Option<Day>) -> Answer {
    let day = as_of.map_or_else(today, Ok)?;
    let bundle = context.bundle()?;
    let plan = plan_as_of(&bundle, Some(day))?;
    let categories: Vec<_> = bundle.categories().into_iter().collect();
    let notes = plan.notes(&categories);
    for note in &notes {
        context.output().problem(note);
    }
    let (offices, divisions) = (plan.offices().iter().count(), plan.divisions().iter().count());
    let years: Vec<i16> = plan.calendar().published().collect();
    let json = json!({
        "as_of": day, "divisions": divisions, "categories": categories.len(), "offices": offices,
        "calendar": years, "notes": notes.iter().map(|note| note.json(context.lang)).collect::<Vec<_>>(),
    });
    context.output().answer(&json, || {
        let (first, last) = (years.first().copied().unwrap_or_default(), years.last().copied().unwrap_or_default());
        context.say(
            format!(
                "{divisions}个区划、{}个类别、{offices}个单位：每条预警都有主办单位、期限和督办人。\n\
                 日历公布到{first}至{last}年，从{}起的期限都在其内。",
                categories.len(),
                day.zh()
            ),
            format!(
                "{divisions} divisions, {} categories, {offices} offices: every warning has a lead office, deadlines, \
                 and somebody above.\nThe calendar is published for {first} to {last}; every deadline from {day} on \
                 lies within it.",
                categories.len()
            ),
        )
    });
    Ok(Done::Clean)
}

fn route(context: &Context, test: &Test) -> Answer {
    let code: division::Code = test.division.parse().map_err(|_| Failure::usage(not_a_code()))?;
    let day = test.at.map_or_else(today, |at| Ok(at.day()))?;
    let bundle = context.bundle()?;
    let plan = plan(&bundle)?;
    let found = plan.route(code, &test.category, test.level, test.direction, day);
    let doubts = doubts(&bundle, &plan, code, &test.category, &found);
    for doubt in &doubts {
        context.output().note(doubt);
    }
    context.output().answer(&found.json(context.lang, plan.offices()), || text(context, &plan, &found));
    Ok(Done::found_if(!doubts.is_empty()))
}

fn not_a_code() -> Problem {
    Problem::new(
        "use/division",
        Text::new("区划代码应为12位数字", "a division code has 12 digits"),
        Text::new("例如 421202105233", "for example 421202105233"),
    )
    .in_field("division")
}

/// What a person must look at before relying on the answer.
fn doubts(bundle: &Bundle, plan: &Plan, code: division::Code, category: &str, found: &Route) -> Vec<Text> {
    let mut doubts = Vec::new();
    if bundle.divisions().get(code).is_none() {
        doubts.push(Text::new("注意：区划表中没有这个代码", "note: the division table does not have this code"));
    }
    if !bundle.categories().contains_key(category) {
        let known: Vec<String> = bundle.categories().into_keys().collect();
        doubts.push(Text::new(
            format!("注意：没有一条规则属于 {category} 类；现有：{}", known.join("、")),
            format!("note: no rule has the category {category}; there are: {}", known.join(", ")),
        ));
    }
    if found.is_last_resort() {
        let name = plan.offices().name(&found.lead.id);
        doubts.push(Text::new(
            format!("注意：分办表没有管到这里，由{}兜底", name.zh),
            format!("note: the routing table does not reach here; {} takes it as the last resort", name.en),
        ));
    }
    if [found.acknowledge_by, found.visit_by, found.report_by].iter().any(Due::is_provisional) {
        doubts.push(Text::new(
            "注意：期限跨入尚未公布日历的年份，日期是暂定的",
            "note: a deadline lies in a year whose calendar is not published; such days are provisional",
        ));
    }
    doubts
}

fn text(context: &Context, plan: &Plan, found: &Route) -> String {
    let lang = context.lang;
    let office = |office: &doudi_routing::Office| {
        let name = office.name.get(lang);
        context.say(format!("{name}（{}）", office.id), format!("{name} ({})", office.id))
    };
    let co: Vec<String> = found.co.iter().map(office).collect();
    let due = |due: Due| said::due(context, due);
    let (acknowledge, visit, report) = (due(found.acknowledge_by), due(found.visit_by), due(found.report_by));
    let lead = office(&found.lead);
    let mut text = context.say(
        format!(
            "主办 {lead}\n协办 {}\n{acknowledge}前签收，{visit}前走访，{report}前反馈\n依据 {}\n",
            if co.is_empty() { "无".to_owned() } else { co.join("、") },
            match found.row.rsplit_once(':') {
                Some((file, line)) => format!("分办表 {file} 第{line}行"),
                None => "分办表没有管到，按兜底".to_owned(),
            },
        ),
        format!(
            "lead {lead}\nwith {}\nacknowledge by {acknowledge}, visit by {visit}, report by {report}\nby {}\n",
            if co.is_empty() { "nobody".to_owned() } else { co.join(", ") },
            if found.row.is_empty() { "the last resort" } else { &found.row },
        ),
    );
    if !found.escalation.is_empty() {
        text.push_str(&context.say("到时没有办的\n", "if it is late\n"));
    }
    for alarm in &found.escalation {
        text.push_str(&alarm_line(context, plan, alarm));
    }
    text
}

/// `签收逾期1个工作日：提醒双溪桥镇民政办公室`.
fn alarm_line(context: &Context, plan: &Plan, alarm: &Alarm) -> String {
    let (name, step) = (plan.offices().name(&alarm.to), words::step(alarm.step));
    let days = alarm.after.unsigned_abs();
    let (when_zh, when_en) = match alarm.after {
        0 => ("到期当天".to_owned(), format!("on the day {} is due", step.en)),
        1.. => (format!("逾期{days}个工作日"), format!("{} {days} working days late", step.en)),
        _ => (format!("到期前{days}个工作日"), format!("{days} working days before {} is due", step.en)),
    };
    let (act_zh, act_en) = match alarm.act {
        Act::Remind => ("提醒", "remind"),
        Act::Escalate => ("督办，报", "escalate to"),
    };
    context
        .say(format!("  {}{when_zh}：{act_zh}{}\n", step.zh, name.zh), format!("  {when_en}: {act_en} {}\n", name.en))
}
