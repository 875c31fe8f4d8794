//! `doudi household show` and `doudi explain`: a household's file, and why every rule answered as it did.

use clap::{Args, Subcommand};
use doudi_engine::view;
use doudi_model::{Day, Lang, Verdict, household};
use doudi_rules::explain::Explanation;
use serde_json::{Value, json};

use crate::context::{Answer, Context, Done, Failure};
use crate::house::Opened;

/// Households.
#[derive(Debug, Subcommand)]
pub(crate) enum Household {
    /// 家庭档案 · a household's file
    Show(Show),
}

/// Which household, as of when.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// 家庭编号 · the household's number
    id: String,
    /// 截至哪一天 · as of which day
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
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

fn look(context: &Context, id: &str, as_of: Option<Day>) -> Result<(Opened, view::Household, Day), Failure> {
    let id: household::Id = id.parse().map_err(|_| Failure::usage(super::no_household(id)))?;
    let opened = context.house()?;
    let day = match as_of {
        Some(day) => day,
        None => doudi_store::clock::from_env()?.now().day(),
    };
    let found = view::household(&opened.house.read(), &opened.book.bundle, &id, day, u64::MAX)?;
    let found = found.ok_or_else(|| Failure::usage(super::no_household(id.as_str())))?;
    Ok((opened, found, day))
}

pub(crate) fn run(context: &Context, command: &Household) -> Answer {
    let Household::Show(show) = command;
    let (opened, household, day) = look(context, &show.id, show.as_of)?;
    let json = json!({
        "id": household.id,
        "as_of": day,
        "known_at": null,
        "division": household.division,
        "members": household.members.iter().map(|member| json!({"person": member.person, "age": member.age})).collect::<Vec<_>>(),
        "features": household.features.iter().map(|(name, feature)| (name.clone(), feature.json())).collect::<serde_json::Map<_, _>>(),
        "verdicts": household.verdicts.iter().map(|(rule, verdict)| (rule.clone(), verdict.json())).collect::<serde_json::Map<_, _>>(),
        "score": {"sure": household.score.sure, "possible": household.score.possible},
        "level": household.level,
        "warnings": household.warnings.iter().map(|warning| json!({"id": warning.id, "rule": warning.rule, "level": warning.level, "since": warning.since, "person": warning.person, "muted": warning.muted})).collect::<Vec<_>>(),
        "cases": cases(&opened, &household.id)?,
    });
    context.output().answer(&json, || text(&opened, &household));
    Ok(Done::Clean)
}

fn cases(opened: &Opened, id: &household::Id) -> Result<Vec<Value>, Failure> {
    let cases = doudi_routing::index::open_cases(&opened.house.read(), id)?;
    Ok(cases
        .iter()
        .map(|case| json!({"id": case.id, "lead": case.lead, "state": case.state, "level": case.level}))
        .collect())
}

fn text(opened: &Opened, household: &view::Household) -> String {
    let place = household.division.map(|code| opened.book.bundle.divisions().full_name(code)).unwrap_or_default();
    let level = household.level.map_or("无", |level| level.zh());
    let mut text = format!(
        "{} {place}\n{}人  级别 {level}  得分 {}（可能 {}）\n",
        household.id,
        household.members.len(),
        household.score.sure,
        household.score.possible
    );
    for warning in &household.warnings {
        text.push_str(&format!("预警 [{}] {}（{}起）\n", warning.level.zh(), warning.title.zh, warning.since.zh()));
    }
    text
}

pub(crate) fn explain(context: &Context, command: &Explain) -> Answer {
    let (_, household, _) = look(context, &command.id, command.as_of)?;
    let wanted: Vec<&Explanation> = household
        .explanations
        .iter()
        .filter(|one| command.rule.as_ref().is_none_or(|rule| one.rule == *rule))
        .collect();
    let json = serde_json::to_value(&wanted).unwrap_or_default();
    context.output().answer(&json, || wanted.iter().map(|one| said(one, context.lang)).collect());
    Ok(Done::Clean)
}

fn said(one: &Explanation, lang: Lang) -> String {
    let mark = match one.verdict {
        Verdict::True => "●",
        Verdict::False => "○",
        Verdict::Unknown => "？",
    };
    let mut text = format!("{mark} {}\n  {}\n", one.title.get(lang), one.sentence.get(lang));
    for missing in &one.missing {
        text.push_str(&format!("  ? {}：{} {}\n", missing.feature.get(lang), missing.why.get(lang), missing.office));
    }
    if let Some(change) = &one.change {
        text.push_str(&format!("  → {}\n", change.get(lang)));
    }
    text
}
