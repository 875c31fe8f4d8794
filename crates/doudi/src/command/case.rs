//! `doudi case list / show / move`: casework from the terminal.

use clap::{Args, Subcommand};
use doudi_routing::{Case, MoveRequest, index};
use doudi_store::Body;

use crate::context::{Answer, Context, Done, Failure};

/// Cases.
#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    /// 列出工单 · list cases
    List {
        /// 只看一个单位 · one office only
        #[arg(long, value_name = "ID")]
        office: Option<String>,
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
        CaseCommand::List { office } => list(context, office.as_deref()),
        CaseCommand::Show { id } => show(context, id),
        CaseCommand::Move(one) => make(context, &one.request),
    }
}

fn list(context: &Context, office: Option<&str>) -> Answer {
    let opened = context.house()?;
    let mut cases = index::all_cases(&opened.house.read())?;
    cases.retain(|case| office.is_none_or(|office| case.lead.as_str() == office));
    cases.sort_by(|left, right| (right.level, &left.id).cmp(&(left.level, &right.id)));
    let json = serde_json::to_value(&cases).unwrap_or_default();
    context.output().answer(&json, || {
        let row = |case: &Case| {
            let place = opened.book.bundle.divisions().get(case.division).map_or("", |division| division.name.as_str());
            let rules: Vec<String> = case
                .active()
                .filter_map(|warning| opened.book.bundle.rule(&warning.rule))
                .map(|rule| rule.title.zh.clone())
                .collect();
            format!(
                "{} [{}] {} {} {}前走访 {}\n",
                case.id,
                case.level.zh(),
                case.lead,
                place,
                case.deadlines.visit.by.zh(),
                rules.join("、")
            )
        };
        cases.iter().map(row).collect()
    });
    Ok(Done::Clean)
}

fn show(context: &Context, id: &str) -> Answer {
    let opened = context.house()?;
    let id = doudi_routing::number::parse(id).map_err(|fault| Failure::usage(fault.problem()))?;
    let case = index::case(&opened.house.read(), &id)?.ok_or_else(|| Failure::usage(super::no_case(id.as_str())))?;
    let json = serde_json::to_value(&case).unwrap_or_default();
    context.output().answer(&json, || serde_json::to_string_pretty(&json).unwrap_or_default());
    Ok(Done::Clean)
}

fn make(context: &Context, request: &str) -> Answer {
    let request: MoveRequest =
        serde_json::from_str(request).map_err(|fault| Failure::usage(super::not_a_move(&fault.to_string())))?;
    let opened = context.house()?;
    match opened.house.request_blocking(Body::Move(request))? {
        Ok(done) => {
            context.output().answer(&done, || done.to_string());
            Ok(Done::Clean)
        }
        Err(problem) => {
            context.output().failure(&Failure::usage(problem));
            Ok(Done::Found)
        }
    }
}
