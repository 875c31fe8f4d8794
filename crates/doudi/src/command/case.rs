//! `doudi case list / show / move`: casework from the terminal.

use clap::{Args, Subcommand};
use doudi_model::Lang;
use doudi_routing::{Case, MoveRequest, Plan, Step, index, words};
use doudi_store::Body;

use crate::context::{Answer, Context, Done, Failure};
use crate::house::Opened;
use crate::words as said;

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
    let (bundle, lang) = (&opened.book.bundle, context.lang);
    let place = bundle.divisions().get(case.division).map_or("", |division| division.name.as_str());
    let state = words::state(case.state);
    let lead = opened.book.plan.offices().name(&case.lead);
    let titles = titles(context, opened, case);
    let due = said::next_due(context, case).unwrap_or_default();
    let parts: [&str; 7] = match lang {
        Lang::Zh => {
            [&format!("[{}]", case.level.zh()), &state.zh, &lead.zh, place, case.household.as_str(), &due, &titles]
        }
        Lang::En => {
            [&format!("[{}]", case.level.name()), &state.en, &lead.en, place, case.household.as_str(), &due, &titles]
        }
    };
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}  {}\n", case.id, parts.join("  "))
}

/// What a case is about, each rule once: the warnings that count now, or, once none does, those it was about.
fn titles(context: &Context, opened: &Opened, case: &Case) -> String {
    let live = case.active().next().is_some();
    let about = case.warnings.values().filter(|warning| !live || warning.is_active());
    let mut times: Vec<(&str, usize)> = Vec::new();
    for warning in about {
        match times.iter_mut().find(|(rule, _)| *rule == warning.rule) {
            Some((_, count)) => *count += 1,
            None => times.push((&warning.rule, 1)),
        }
    }
    let title = |(rule, count): &(&str, usize)| {
        let title = said::rule(&opened.book.bundle, rule, context.lang);
        match count {
            1 => title,
            count => context.say(format!("{title}（{count}人）"), format!("{title} ({count} people)")),
        }
    };
    let titles = times.iter().map(title).collect::<Vec<_>>().join(&context.say("、", ", "));
    if live || titles.is_empty() {
        titles
    } else {
        context.say(format!("曾因{titles}"), format!("was about {titles}"))
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
    text.push_str(&context.say(format!("{place}\n"), format!("{place}\n")));
    let co: Vec<String> = case.co.iter().map(|office| plan.offices().name(office).get(lang).to_owned()).collect();
    if !co.is_empty() {
        text.push_str(&context.say(format!("协办 {}\n", co.join("、")), format!("with {}\n", co.join(", "))));
    }
    if case.is_open() {
        let due = |step| said::due(context, case.deadlines.get(step));
        let (acknowledge, visit, report) = (due(Step::Acknowledge), due(Step::Visit), due(Step::Report));
        text.push_str(&context.say(
            format!("{acknowledge}前签收，{visit}前走访，{report}前反馈\n"),
            format!("acknowledge by {acknowledge}, visit by {visit}, report by {report}\n"),
        ));
    }
    for entry in &case.timeline {
        let (zh, en) = words::actor(&entry.actor, plan.offices());
        let what = words::happening(&entry.what, plan.offices());
        let who = context.say(zh, en);
        let reason = entry.reason.clear().filter(|reason| !reason.is_empty()).map(|reason| format!(" — {reason}"));
        let reason = reason.unwrap_or_default();
        let (at, what) =
            (said::instant(context, entry.at), said::with_titles(&opened.book.bundle, lang, what.get(lang)));
        text.push_str(&format!("{}. {at}  {who}  {what}{reason}\n", entry.version));
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
            context.output().answer(&done, || moved(context, &opened, &done));
            Ok(Done::Clean)
        }
        Err(problem) => {
            context.output().failure(&Failure::usage(problem));
            Ok(Done::Found)
        }
    }
}

fn moved(context: &Context, opened: &Opened, done: &serde_json::Value) -> String {
    let Ok(done) = serde_json::from_value::<doudi_routing::MoveDone>(done.clone()) else { return done.to_string() };
    let state = words::state(done.state);
    let lead = opened.book.plan.offices().name(&done.lead);
    context.say(
        format!("工单 {} {}，由{}办理（第{}步）", done.case, state.zh, lead.zh, done.version),
        format!("case {} is {}, held by {} (step {})", done.case, state.en, lead.en, done.version),
    )
}
