//! Codes as words, Chinese and English. Every `match` is exhaustive: a code without words does not compile.

use doudi_feedback::{Outcome, VisitHow};
use doudi_model::warning::{Closing, Level};
use doudi_model::{Day, Text};

use crate::actor::{Actor, Role};
use crate::case::State;
use crate::moves::{MoveKind, ReturnCode};
use crate::office::Offices;
use crate::plan::Step;
use crate::timeline::{CloseReason, Happening};

/// A state: 待签收, waiting for acknowledgement.
#[must_use]
pub fn state(state: State) -> Text {
    match state {
        State::Opened => Text::new("待分办", "waiting to be dispatched"),
        State::Dispatched => Text::new("待签收", "waiting for acknowledgement"),
        State::Acknowledged => Text::new("已签收", "acknowledged"),
        State::Visited => Text::new("已走访", "visited"),
        State::Reported => Text::new("已反馈", "reported"),
        State::Closed => Text::new("已结案", "closed"),
    }
}

/// A move as a verb: 签收, acknowledge.
#[must_use]
pub fn move_kind(kind: MoveKind) -> Text {
    match kind {
        MoveKind::Dispatch => Text::new("分办", "dispatch"),
        MoveKind::Acknowledge => Text::new("签收", "acknowledge"),
        MoveKind::Visit => Text::new("登记走访", "record a visit to"),
        MoveKind::Report => Text::new("登记走访结果", "report on"),
        MoveKind::Close => Text::new("结案", "close"),
        MoveKind::Transfer => Text::new("转办", "transfer"),
        MoveKind::Return => Text::new("退回", "return"),
        MoveKind::Escalate => Text::new("督办", "escalate"),
        MoveKind::Reopen => Text::new("重新打开", "reopen"),
        MoveKind::Answer => Text::new("答复更正", "answer a correction of"),
    }
}

pub(crate) fn move_participle(kind: MoveKind) -> &'static str {
    match kind {
        MoveKind::Dispatch => "dispatched",
        MoveKind::Acknowledge => "acknowledged",
        MoveKind::Visit => "visited",
        MoveKind::Report => "reported on",
        MoveKind::Close => "closed",
        MoveKind::Transfer => "transferred",
        MoveKind::Return => "returned",
        MoveKind::Escalate => "escalated",
        MoveKind::Reopen => "reopened",
        MoveKind::Answer => "answered",
    }
}

/// A step with a deadline: 签收, acknowledgement.
#[must_use]
pub fn step(step: Step) -> Text {
    match step {
        Step::Acknowledge => Text::new("签收", "acknowledgement"),
        Step::Visit => Text::new("走访", "the visit"),
        Step::Report => Text::new("反馈", "the report"),
    }
}

/// A role.
#[must_use]
pub fn role(role: Role) -> Text {
    match role {
        Role::Township => Text::new("乡镇经办", "township staff"),
        Role::Department => Text::new("部门", "department"),
        Role::County => Text::new("县级民政", "county"),
        Role::City => Text::new("市级民政", "city"),
        Role::Data => Text::new("数据员", "data officer"),
        Role::Auditor => Text::new("审计", "auditor"),
        Role::Policy => Text::new("政策", "policy officer"),
        Role::Operator => Text::new("运维", "operator"),
        Role::Admin => Text::new("管理员", "administrator"),
        Role::System => Text::new("系统", "system"),
    }
}

/// Why a case went back.
#[must_use]
pub fn return_code(code: ReturnCode) -> Text {
    match code {
        ReturnCode::NotOurs => Text::new("不属本单位职责", "not this office's work"),
        ReturnCode::NotHere => Text::new("户不在本辖区", "the household does not live here"),
        ReturnCode::TooLittle => Text::new("信息不足，无法办理", "too little is known to act"),
        ReturnCode::Other => Text::new("其他", "other"),
    }
}

/// Why a warning closed.
#[must_use]
pub fn closing(why: Closing) -> Text {
    match why {
        Closing::Cleared => Text::new("情况已明显好转", "things are clearly better"),
        Closing::Found => Text::new("已有核实结论", "a finding settled it"),
        Closing::Left => Text::new("人或户已不在", "the person or household is no longer there"),
        Closing::RuleEnded => Text::new("规则已失效", "the rule is no longer in force"),
    }
}

/// A level: 红, red.
#[must_use]
pub fn level(level: Level) -> Text {
    Text::new(level.zh(), level.name())
}

/// Who, with the office: 王某（温泉街道）.
#[must_use]
pub fn actor(actor: &Actor, offices: &Offices) -> (String, String) {
    match &actor.office {
        None if actor.is_system() => ("系统".to_owned(), "the system".to_owned()),
        None => (actor.name.clone(), actor.name.clone()),
        Some(office) => {
            let office = offices.name(office);
            (format!("{}（{}）", actor.name, office.zh), format!("{} ({})", actor.name, office.en))
        }
    }
}

/// `11月20日(周五)`.
#[must_use]
pub fn short_day(day: Day) -> String {
    let week = ["一", "二", "三", "四", "五", "六", "日"];
    let name = week.get(usize::from(day.weekday()).saturating_sub(1)).copied().unwrap_or("");
    format!("{}月{}日(周{name})", day.month(), day.day_of_month())
}

/// One line of a time line, without who and when.
#[must_use]
pub fn happening(what: &Happening, offices: &Offices) -> Text {
    let name = |office| offices.name(office);
    match what {
        Happening::Opened { row } if row.is_empty() => Text::new(
            "立案；分办表里没有对应的单位，待人工分办",
            "opened; the plan names no office for it, so a person must dispatch it",
        ),
        Happening::Opened { row } => Text::new(format!("立案（分办依据 {row}）"), format!("opened (by {row})")),
        Happening::Joined { rule, level, .. } => {
            Text::new(format!("新增{}色提醒 {rule}", level.zh()), format!("{} warning {rule} came in", level.name()))
        }
        Happening::Dispatched { to } => both("分办给", "dispatched to ", &name(to)),
        Happening::Acknowledged => Text::new("签收", "acknowledged"),
        Happening::Visited { on, how } => visited(*on, *how),
        Happening::Reported { outcome, interventions, not_reached } => reported(*outcome, *interventions, *not_reached),
        Happening::ReportReplaced { version } => {
            Text::new(format!("更正第{version}步的反馈"), format!("replaced the report of step {version}"))
        }
        Happening::Closed { why } => closed(why),
        Happening::Transferred { from, to } => from_to("转办：", "transferred from ", &name(from), &name(to)),
        Happening::Returned { from, to, code } => {
            let (moved, why) = (from_to("退回：", "returned from ", &name(from), &name(to)), return_code(*code));
            Text::new(format!("{}（{}）", moved.zh, why.zh), format!("{} ({})", moved.en, why.en))
        }
        Happening::Escalated { to, step: None, .. } => both("督办，报", "escalated to ", &name(to)),
        Happening::Escalated { to, step: Some(late), after } => {
            let (office, when) = (name(to), lateness(*late, *after));
            Text::new(format!("{}，报{}督办", when.zh, office.zh), format!("{}, escalated to {}", when.en, office.en))
        }
        Happening::Reminded { to, step, after } => {
            let (office, when) = (name(to), lateness(*step, *after));
            Text::new(format!("{}，已提醒{}", when.zh, office.zh), format!("{}, {} was reminded", when.en, office.en))
        }
        Happening::Reopened => Text::new("重新打开", "reopened"),
        Happening::Resumed => {
            Text::new("反馈后又有新提醒，继续办理", "a warning came in after the report; the work goes on")
        }
        Happening::LevelRaised { from, to } => Text::new(
            format!("等级由{}升为{}", from.zh(), to.zh()),
            format!("level raised from {} to {}", from.name(), to.name()),
        ),
        Happening::DueChanged { step, from, to, calendar } => due_changed(*step, *from, *to, *calendar),
        Happening::Muted { rule, muted: true } => {
            Text::new(format!("提醒 {rule} 已并入更重的提醒"), format!("warning {rule} is covered by a graver one"))
        }
        Happening::Muted { rule, muted: false } => {
            Text::new(format!("提醒 {rule} 重新单独计入"), format!("warning {rule} counts again by itself"))
        }
        Happening::WarningClosed { rule, why } => {
            let why = closing(*why);
            Text::new(format!("提醒 {rule} 解除：{}", why.zh), format!("warning {rule} closed: {}", why.en))
        }
        Happening::NoWarningLeft => {
            Text::new("提醒已全部解除，请经办人结案", "no warning is left; the worker may close the case")
        }
        Happening::HouseholdMoved { from, to } => {
            Text::new(format!("住址由 {from} 迁到 {to}"), format!("the household moved from {from} to {to}"))
        }
        Happening::Merged { from } => Text::new(format!("并入工单 {from}"), format!("case {from} came in")),
        Happening::WarningLeft { rule, to } => {
            let office = name(to);
            Text::new(
                format!("提醒 {rule} 等级变化，改由{}主办", office.zh),
                format!("warning {rule} changed level and is now led by {}", office.en),
            )
        }
        Happening::CorrectionAsked { office, due, .. } => {
            let office = name(office);
            Text::new(
                format!("请{}更正数据，{}前答复", office.zh, short_day(*due)),
                format!("asked {} to correct its data by {due}", office.en),
            )
        }
        Happening::CorrectionAnswered { corrected: true, .. } => {
            Text::new("来源单位答复：已更正", "the source answered: corrected")
        }
        Happening::CorrectionAnswered { corrected: false, .. } => {
            Text::new("来源单位答复：不作更正", "the source answered: not corrected")
        }
        Happening::CorrectionLate { office, .. } => {
            let office = name(office);
            Text::new(
                format!("{}未按期答复更正请求", office.zh),
                format!("{} did not answer the correction request in time", office.en),
            )
        }
    }
}

fn both(zh: &str, en: &str, name: &Text) -> Text {
    Text::new(format!("{zh}{}", name.zh), format!("{en}{}", name.en))
}

fn from_to(zh: &str, en: &str, from: &Text, to: &Text) -> Text {
    Text::new(format!("{zh}{} → {}", from.zh, to.zh), format!("{en}{} to {}", from.en, to.en))
}

fn visited(on: Day, how: VisitHow) -> Text {
    match how {
        VisitHow::Home => Text::new(format!("{}入户走访", short_day(on)), format!("visited at home on {on}")),
        VisitHow::Phone => Text::new(format!("{}电话核实", short_day(on)), format!("reached by telephone on {on}")),
    }
}

fn reported(outcome: Outcome, interventions: u32, not_reached: u32) -> Text {
    let mut text = outcome.text();
    if outcome == Outcome::NotReached {
        text.zh.push_str(&format!("（第{not_reached}次）"));
        text.en.push_str(&format!(" (time {not_reached})"));
    }
    if interventions > 0 {
        text.zh.push_str(&format!("，帮扶措施{interventions}项"));
        text.en.push_str(&format!(", measures of help: {interventions}"));
    }
    Text::new(format!("走访结果：{}", text.zh), format!("finding: {}", text.en))
}

fn closed(why: &CloseReason) -> Text {
    match why {
        CloseReason::Reported(outcome) => {
            let outcome = outcome.text();
            Text::new(format!("结案：{}", outcome.zh), format!("closed: {}", outcome.en))
        }
        CloseReason::NoWarningLeft => Text::new("结案：提醒已全部解除", "closed: no warning is left"),
        CloseReason::Merged(into) => {
            Text::new(format!("结案：并入工单 {into}"), format!("closed: went into case {into}"))
        }
    }
}

fn due_changed(of: Step, from: Day, to: Day, calendar: bool) -> Text {
    let of = step(of);
    let (zh, en) = if calendar {
        ("放假安排已公布，", "the calendar is published: ")
    } else {
        ("因等级或新提醒，", "by level or a new warning: ")
    };
    Text::new(
        format!("{zh}{}期限由{}改为{}", of.zh, short_day(from), short_day(to)),
        format!("{en}{} due on {to} instead of {from}", of.en),
    )
}

fn lateness(of: Step, after: i32) -> Text {
    let name = step(of);
    let days = after.unsigned_abs();
    match after {
        0 => Text::new(format!("{}今天到期", name.zh), format!("{} is due today", name.en)),
        1.. => {
            Text::new(format!("{}已超期{days}个工作日", name.zh), format!("{} is {days} working days late", name.en))
        }
        _ => {
            Text::new(format!("{}还剩{days}个工作日", name.zh), format!("{days} working days are left for {}", name.en))
        }
    }
}
