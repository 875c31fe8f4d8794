//! `doudi case list / show / move`: casework from the terminal.

use clap::{Args, Subcommand};
use doudi_model::Lang;
use doudi_routing::{Case, MoveRequest, Plan, index, words};
use doudi_store::Body;

use crate::context::{Answer, Context, Done, Failure};
use crate::house::Opened;

/// Cases.
#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    /// 列出工单 · list cases
    List {
        /// 只看一个单位 · one office only
        #[arg(long, value_name = "ID")]
        office: Option<String>,
        /// 只看未结案的 · open ones only
        #[arg(long)]
        open: bool,
    },
    /// 一张工单 · one case
    Show {
        /// 工单号 · the case's number
        id: String,
    },
    /// 办理：JSON 写明要做什么 · make a move, given as JSON
    Move(Move),
}

/// One move.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// {"case","kind","actor":{"name","role","office"},"reason","once","detail"}
    #[arg(value_name = "JSON")]
    request: String,
}

pub(crate) fn run(context: &Context, command: &CaseCommand) -> Answer {
    match command {
        CaseCommand::List { office, open } => list(context, office.as_deref(), *open),
        CaseCommand::Show { id } => show(context, id),
        CaseCommand::Move(one) => make(context, read(&one.request)?),
    }
}

fn list(context: &Context, office: Option<&str>, open: bool) -> Answer {
    let opened = context.house()?;
    let mut cases = index::all_cases(&opened.house.read())?;
    cases.retain(|case| office.is_none_or(|office| case.lead.as_str() == office) && (!open || case.is_open()));
    cases.sort_by(|left, right| (right.level, &left.id).cmp(&(left.level, &right.id)));
    let json = serde_json::to_value(&cases).unwrap_or_default();
    context.output().answer(&json, || cases.iter().map(|case| line(context, &opened, case)).collect());
    Ok(Done::Clean)
}

fn line(context: &Context, opened: &Opened, case: &Case) -> String {
    let bundle = &opened.book.bundle;
    let place = bundle.divisions().get(case.division).map_or("", |division| division.name.as_str());
    let titles = |join: &str| {
        let titles = case.active().filter_map(|warning| bundle.rule(&warning.rule));
        titles.map(|rule| rule.title.get(context.lang)).collect::<Vec<_>>().join(join)
    };
    let state = words::state(case.state);
    let visit = case.deadlines.visit.by;
    match context.lang {
        Lang::Zh => format!(
            "{} [{}] {} {} {place} {}前走访 {}\n",
            case.id,
            case.level.zh(),
            state.zh,
            case.lead,
            visit.zh(),
            titles("、")
        ),
        Lang::En => format!(
            "{} [{}] {} {} {place} visit by {visit}: {}\n",
            case.id,
            case.level.name(),
            state.en,
            case.lead,
            titles(", ")
        ),
    }
}

fn show(context: &Context, id: &str) -> Answer {
    let opened = context.house()?;
    let id = doudi_routing::number::parse(id).map_err(|fault| Failure::usage(fault.problem()))?;
    let case = opened.readable(load(&opened, &id)?);
    let json = serde_json::to_value(&case).unwrap_or_default();
    context.output().answer(&json, || text(context, &opened, &case));
    Ok(Done::Clean)
}

fn text(context: &Context, opened: &Opened, case: &Case) -> String {
    let lang = context.lang;
    let plan: &Plan = &opened.book.plan;
    let place = opened.book.bundle.divisions().full_name(case.division);
    let mut text = line(context, opened, case);
    text.push_str(&context.say(
        format!("家庭 {}，{place}；主办 {}\n", case.household, plan.offices().name(&case.lead).zh),
        format!("household {}, {place}; lead {}\n", case.household, plan.offices().name(&case.lead).en),
    ));
    for entry in &case.timeline {
        let (zh, en) = words::actor(&entry.actor, plan.offices());
        let what = words::happening(&entry.what, plan.offices());
        let who = context.say(zh, en);
        let reason = entry.reason.clear().filter(|reason| !reason.is_empty()).map(|reason| format!(" — {reason}"));
        let reason = reason.unwrap_or_default();
        text.push_str(&format!("{}. {}  {who}  {}{reason}\n", entry.version, entry.at, what.get(lang)));
    }
    text
}

/// One case.
pub(crate) fn load(opened: &Opened, id: &doudi_routing::case::Id) -> Result<Case, Failure> {
    index::case(&opened.house.read(), id)?.ok_or_else(|| Failure::usage(super::no_case(id.as_str())))
}

/// A move given as JSON.
pub(crate) fn read(request: &str) -> Result<MoveRequest, Failure> {
    serde_json::from_str(request).map_err(|fault| Failure::usage(super::not_a_move(&fault.to_string())))
}

/// Makes a move and tells what came of it.
pub(crate) fn make(context: &Context, request: MoveRequest) -> Answer {
    let opened = context.house()?;
    match opened.house.request_blocking(Body::Move(request))? {
        Ok(done) => {
            context.output().answer(&done, || moved(context, &done));
            Ok(Done::Clean)
        }
        Err(problem) => {
            context.output().failure(&Failure::usage(problem));
            Ok(Done::Found)
        }
    }
}

fn moved(context: &Context, done: &serde_json::Value) -> String {
    let Ok(done) = serde_json::from_value::<doudi_routing::MoveDone>(done.clone()) else { return done.to_string() };
    let state = words::state(done.state);
    context.say(
        format!("工单 {} {}，由 {} 办理（第{}版）", done.case, state.zh, done.lead, done.version),
        format!("case {} is {}, held by {} (version {})", done.case, state.en, done.lead, done.version),
    )
}
