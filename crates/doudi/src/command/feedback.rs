//! `doudi feedback record / report`: what a visit came to, and what that says about the rules.

use std::collections::BTreeMap;
use std::io::Read;

use clap::{Args, Subcommand};
use doudi_feedback::report::{Followed, RuleRecord, per_rule};
use doudi_feedback::{Finding, Hearing, Intervention, Outcome, Report, Visit, VisitHow};
use doudi_model::{Day, Digest, FreeText, Lang, Problem, Text, person};
use doudi_routing::{Actor, Case, Detail, MoveKind, MoveRequest, Role, index, number, office};
use serde_json::{Value, json};

use super::case;
use crate::context::{Answer, Context, Done, Failure, unreadable};

/// Feedback.
#[derive(Debug, Subcommand)]
pub(crate) enum Feedback {
    /// 记录走访结果和帮扶措施 · records what a visit came to and what is done
    Record(Box<Record>),
    /// 每条规则说对了多少 · how often each rule was right
    Report,
}

/// One report: as a whole move in JSON (`-` is stdin), or by flags.
#[derive(Debug, Args)]
pub(crate) struct Record {
    /// 工单号；或整个办理的 JSON；或 - 从标准输入读 · the case; or the whole move as JSON; or - for stdin
    #[arg(value_name = "CASE|JSON|-")]
    case: String,
    /// 结果代码，例如 entered-dibao · outcome code
    #[arg(long, value_parser = outcome)]
    outcome: Option<Outcome>,
    /// 核实的日期（默认今天）· the day it was found (default: today)
    #[arg(long, value_name = "DAY")]
    on: Option<Day>,
    /// 从哪天起（救助、死亡、迁走）· the day from which it holds
    #[arg(long, value_name = "DAY")]
    since: Option<Day>,
    /// 说的是哪位成员（p-…）· the member it is about
    #[arg(long, value_name = "PERSON")]
    person: Option<String>,
    /// 只说这条规则，可多次 · only about this rule; may be given several times
    #[arg(long = "rule", value_name = "ID")]
    rules: Vec<String>,
    /// 备注，只留在工单里 · a note that stays in the case
    #[arg(long, default_value = "")]
    note: String,
    /// 走访人，可多次；写了就同时记一次走访 · who visited; with it the visit is recorded as well
    #[arg(long = "investigator", value_name = "NAME")]
    investigators: Vec<String>,
    /// 见到谁 · whom they met
    #[arg(long, default_value = "")]
    met: String,
    /// 电话核实而非入户 · by telephone, not at the house
    #[arg(long)]
    phone: bool,
    /// 听取意见时本人怎么说（核查救助时必填）· what the household said at its hearing
    #[arg(long, value_name = "TEXT")]
    hearing: Option<String>,
    /// 帮扶措施 JSON，可多次 · a measure: {"kind","department","amount","schedule":"once|monthly","from"}
    #[arg(long = "measure", value_name = "JSON")]
    measures: Vec<String>,
    /// 谁办的 · who reports
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// 角色：township county city department · in which role
    #[arg(long, default_value = "township")]
    role: String,
    /// 单位；不写则为主办单位 · for which office; default: the one that leads
    #[arg(long, value_name = "ID")]
    office: Option<String>,
}

fn outcome(text: &str) -> Result<Outcome, String> {
    let codes = || Outcome::ALL.map(Outcome::code).join(" ");
    Outcome::parse(text).ok_or_else(codes)
}

pub(crate) fn run(context: &Context, command: &Feedback) -> Answer {
    match command {
        Feedback::Record(record) => self::record(context, record),
        Feedback::Report => report(context),
    }
}

fn record(context: &Context, record: &Record) -> Answer {
    let whole = match record.case.as_str() {
        "-" => {
            let mut text = String::new();
            let read = std::io::stdin().lock().read_to_string(&mut text);
            read.map_err(|fault| Failure::Environment(unreadable("stdin".as_ref(), &fault)))?;
            Some(text)
        }
        text if text.trim_start().starts_with('{') => Some(text.to_owned()),
        _ => None,
    };
    let request = match whole {
        Some(text) => case::read(&text)?,
        None => by_flags(context, record)?,
    };
    if request.kind != MoveKind::Report {
        return Err(Failure::usage(super::not_a_move("kind ≠ report")));
    }
    case::make(context, request)
}

fn by_flags(context: &Context, record: &Record) -> Result<MoveRequest, Failure> {
    let id = number::parse(&record.case).map_err(|fault| Failure::usage(fault.problem()))?;
    let outcome = record.outcome.ok_or_else(|| Failure::usage(needed("--outcome")))?;
    let actor = record.actor.clone().ok_or_else(|| Failure::usage(needed("--actor")))?;
    let on = match record.on {
        Some(day) => day,
        None => doudi_store::clock::from_env()?.now().day(),
    };
    let office = match &record.office {
        Some(office) => office.parse::<office::Id>().map_err(|_| Failure::usage(wrong("--office", "c-421202-mz")))?,
        None => case::load(&context.house()?, &id)?.lead,
    };
    let visit = (!record.investigators.is_empty()).then(|| Visit {
        on,
        investigators: record.investigators.iter().map(|name| name.as_str().into()).collect(),
        met: record.met.as_str().into(),
        how: if record.phone { VisitHow::Phone } else { VisitHow::Home },
    });
    let finding = Finding {
        outcome,
        on,
        rules: record.rules.clone(),
        person: record.person.as_deref().map(person).transpose()?,
        since: record.since,
        wrong: None,
        note: record.note.as_str().into(),
    };
    let hearing = record.hearing.as_deref().map(|said| Hearing { heard: true, said: said.into(), on });
    let interventions = record.measures.iter().map(|text| measure(text)).collect::<Result<_, _>>()?;
    let mut request = MoveRequest {
        case: id,
        kind: MoveKind::Report,
        actor: Actor { name: actor, role: role(&record.role)?, office: Some(office) },
        reason: FreeText::default(),
        once: String::new(),
        expected_version: None,
        detail: Detail { visit, report: Some(Report { finding, interventions, hearing }), ..Detail::default() },
    };
    // The same command again is the same move.
    let said = serde_json::to_vec(&request).unwrap_or_default();
    request.once = format!("cli-{}", Digest::of(&said).short());
    Ok(request)
}

fn person(text: &str) -> Result<person::Id, Failure> {
    text.parse().map_err(|_| Failure::usage(wrong("--person", "p-…")))
}

fn role(text: &str) -> Result<Role, Failure> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| Failure::usage(wrong("--role", "township county city department")))
}

fn measure(text: &str) -> Result<Intervention, Failure> {
    serde_json::from_str(text).map_err(|fault| {
        let mut problem = wrong(
            "--measure",
            r#"{"kind":"临时救助","department":"t-421202105","amount":200000,"schedule":"once","from":"2026-11-24"}"#,
        );
        problem.message = Text::new(format!("不是帮扶措施：{fault}"), format!("not a measure: {fault}"));
        Failure::usage(problem)
    })
}

fn needed(flag: &str) -> Problem {
    Problem::new(
        "use/missing",
        Text::new(format!("缺少 {flag}"), format!("{flag} is missing")),
        Text::new("请写上，或把整个办理写成 JSON", "give it, or the whole move as JSON"),
    )
    .in_field(flag)
}

fn wrong(flag: &str, form: &str) -> Problem {
    Problem::new(
        "use/value",
        Text::new(format!("{flag} 的值不对"), format!("the value of {flag} is not of its form")),
        Text::new(format!("写成 {form}"), format!("write {form}")),
    )
    .in_field(flag)
}

fn report(context: &Context) -> Answer {
    let opened = context.house()?;
    let cases = index::all_cases(&opened.house.read())?;
    let mut records = per_rule(cases.iter().flat_map(followed));
    for rule in opened.book.bundle.rules() {
        records.entry(rule.id.clone()).or_default();
    }
    let json: Value =
        records.iter().map(|(rule, record)| (rule.clone(), of_rule(record))).collect::<serde_json::Map<_, _>>().into();
    context.output().answer(&json, || {
        let title = |rule: &str| {
            let known = opened.book.bundle.rule(rule);
            known.map_or_else(|| rule.to_owned(), |rule| rule.title.get(context.lang).to_owned())
        };
        text(context, &records, title)
    });
    Ok(Done::Clean)
}

/// Every warning of a case with the outcome of the report that speaks about its rule.
fn followed(case: &Case) -> impl Iterator<Item = Followed> {
    let found = case.report.as_ref().map(|recorded| (recorded.report.finding.outcome, &recorded.rules));
    case.warnings.values().map(move |warning| Followed {
        rule: warning.rule.clone(),
        direction: warning.direction,
        outcome: found.filter(|(_, rules)| rules.contains(&warning.rule)).map(|(outcome, _)| outcome),
    })
}

fn of_rule(record: &RuleRecord) -> Value {
    json!({
        "right": record.right, "wrong": record.wrong, "pending": record.pending,
        "precision": record.precision(), "outcomes": record.outcomes,
    })
}

fn text(context: &Context, records: &BTreeMap<String, RuleRecord>, title: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    for (rule, record) in records {
        let share = |mille: u64| format!("{}.{}%", mille / 10, mille % 10);
        let precision = record.precision().map_or_else(
            || context.say("尚无结论", "nothing settled yet"),
            |seen| {
                let (low, high) = (share(seen.low_per_mille), share(seen.high_per_mille));
                context.say(
                    format!("准确率 {}（{low} 至 {high}）", share(seen.per_mille)),
                    format!("right in {} ({low} to {high})", share(seen.per_mille)),
                )
            },
        );
        let RuleRecord { right, wrong, pending, .. } = record;
        text.push_str(&match context.lang {
            Lang::Zh => format!("{}（{rule}）属实{right}，不属实{wrong}，未定{pending}；{precision}\n", title(rule)),
            Lang::En => {
                format!("{} ({rule}): {right} right, {wrong} wrong, {pending} open; {precision}\n", title(rule))
            }
        });
    }
    text
}
