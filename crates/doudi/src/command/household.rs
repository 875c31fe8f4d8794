//! `doudi household show` and `doudi explain`: a household's file, and why every rule answered as it did.

mod past;
pub(super) mod text;
mod why;

use clap::{Args, Subcommand};
use doudi_engine::view;
use doudi_model::{Day, Instant, household};
use doudi_rules::explain::Explanation;
use doudi_store::clock;
use serde_json::{Map, Value, json};

use crate::context::{Answer, Context, Done, Failure};
use crate::house::Opened;

/// Households.
#[derive(Debug, Subcommand)]
pub(crate) enum Household {
    /// 家庭档案 · a household's file
    Show(Show),
}

/// Which household, as of when, as known when.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// 家庭编号 · the household's number
    id: String,
    /// 截至哪一天（默认今天；写了 --known-at 则为那一天）· as of which day (default: today, or the day of --known-at)
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
    /// 按当时所知，例如 2026-11-20T12:00:00+08:00 · as it was known at an instant
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<Instant>,
}

/// Why, why not, what is missing, what would change it.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// 家庭编号 · the household's number
    id: String,
    /// 只看一条规则 · one rule only
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// 截至哪一天 · as of which day
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
}

/// A household as found.
struct Found {
    opened: Opened,
    household: view::Household,
    day: Day,
    known_at: Instant,
    /// The last log position that counts; none for all.
    position: Option<u64>,
}

fn look(context: &Context, id: &str, as_of: Option<Day>, known_at: Option<Instant>) -> Result<Found, Failure> {
    let id: household::Id = id.parse().map_err(|_| Failure::usage(super::no_household(id)))?;
    let opened = context.house()?;
    let none = || Failure::usage(super::no_household(id.as_str()));
    let position = match known_at {
        Some(at) => Some(past::position(&opened, at)?.ok_or_else(none)?),
        None => None,
    };
    let now = clock::from_env()?.now();
    let day = as_of.or(known_at.map(|at| at.day())).unwrap_or(now.day());
    let (state, bundle) = (opened.house.read(), &opened.book.bundle);
    let found = view::household(&state, bundle, &id, day, position.unwrap_or(u64::MAX))?;
    // A household that was first heard of later is not known yet.
    let known = |household: &view::Household| {
        position.is_none() || household.division.is_some() || !household.members.is_empty()
    };
    let household = found.filter(known).ok_or_else(none)?;
    Ok(Found { opened, household, day, known_at: known_at.unwrap_or(now), position })
}

pub(crate) fn run(context: &Context, command: &Household) -> Answer {
    let Household::Show(show) = command;
    let found = look(context, &show.id, show.as_of, show.known_at)?;
    let household = &found.household;
    let (warnings, cases) = match found.position {
        Some(position) => past::open_then(&found.opened, &household.id, position)?,
        None => (household.warnings.iter().map(warning).collect(), cases(&found.opened, &household.id)?),
    };
    let verdicts: Map<_, _> = household.verdicts.iter().map(|(rule, verdict)| (rule.clone(), verdict.json())).collect();
    let json = json!({
        "id": household.id,
        "as_of": found.day,
        "known_at": found.known_at,
        "division": household.division,
        "members": household.members.iter().map(|one| member(context, one)).collect::<Vec<_>>(),
        "features": features(&household.features),
        "verdicts": verdicts,
        "score": {"sure": household.score.sure, "possible": household.score.possible},
        "excess": {"sure": household.excess.sure, "possible": household.excess.possible},
        "level": household.level,
        "warnings": warnings,
        "cases": cases,
    });
    context.output().answer(&json, || text::file(context, &found.opened, household, &warnings, &cases));
    Ok(Done::Clean)
}

fn features(features: &std::collections::BTreeMap<String, view::Feature>) -> Map<String, Value> {
    features.iter().map(|(name, feature)| (name.clone(), feature.json())).collect()
}

fn member(context: &Context, member: &view::Member) -> Value {
    json!({
        "person": member.person,
        "relation": member.relation.as_ref().map(|relation| relation.get(context.lang)),
        "age": member.age,
        "features": features(&member.features),
    })
}

fn warning(warning: &view::Warning) -> Value {
    json!({"id": warning.id, "rule": warning.rule, "level": warning.level, "since": warning.since,
        "person": warning.person, "muted": warning.muted})
}

fn cases(opened: &Opened, id: &household::Id) -> Result<Vec<Value>, Failure> {
    let cases = doudi_routing::index::open_cases(&opened.house.read(), id)?;
    Ok(cases
        .iter()
        .map(|case| json!({"id": case.id, "lead": case.lead, "state": case.state, "level": case.level}))
        .collect())
}

pub(crate) fn explain(context: &Context, command: &Explain) -> Answer {
    let found = look(context, &command.id, command.as_of, None)?;
    if let Some(rule) = command.rule.as_ref().filter(|rule| found.opened.book.bundle.rule(rule).is_none()) {
        return Err(Failure::usage(super::no_rule(&found.opened.book.bundle, rule)));
    }
    let wanted: Vec<&Explanation> = found
        .household
        .explanations
        .iter()
        .filter(|one| command.rule.as_ref().is_none_or(|rule| one.rule == *rule))
        .collect();
    let json = serde_json::to_value(&wanted).unwrap_or_default();
    let whole = command.rule.is_some();
    context.output().answer(&json, || why::text(context, &found.opened, &found.household, &wanted, whole));
    Ok(Done::Clean)
}
