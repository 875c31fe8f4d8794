//! A household for a person at a terminal.

use std::collections::BTreeMap;

use doudi_engine::view;
use doudi_model::{Text, Value, Verdict, person};
use serde_json::Value as Json;

use crate::context::Context;
use crate::house::Opened;
use crate::words;

/// The whole file: members, figures, what is not known and who could tell, rules that are true or open, warnings and
/// cases as `show` lists them in JSON.
pub(super) fn file(
    context: &Context,
    opened: &Opened,
    household: &view::Household,
    warnings: &[Json],
    cases: &[Json],
) -> String {
    let mut text = head(context, opened, household);
    for member in in_order(household) {
        text.push_str(&format!("  {}\n", person(context, member)));
    }
    text.push_str(&known(context, opened, household));
    text.push_str(&unknown(context, opened, household));
    text.push_str(&verdicts(context, opened, household));
    text.push_str(&open(context, opened, warnings, cases));
    text
}

/// Where it lives, how many they are, how grave it is.
fn head(context: &Context, opened: &Opened, household: &view::Household) -> String {
    let place = household.division.map(|code| opened.book.bundle.divisions().full_name(code)).unwrap_or_default();
    let (members, score) = (household.members.len(), household.score);
    let level = household.level;
    let more = |zh: &str, en: &str| {
        if score.possible > score.sure {
            context.say(format!("，{zh}{}分", score.possible), format!(", {en} {}", score.possible))
        } else {
            String::new()
        }
    };
    context.say(
        format!(
            "{} {place}\n{members}人，{}，{}分{}\n",
            household.id,
            level.map_or_else(|| "不到预警级别".to_owned(), |level| format!("{}色", level.zh())),
            score.sure,
            more("所缺数据补齐后最多", "")
        ),
        format!(
            "{} {place}\n{members} members, {}, score {}{}\n",
            household.id,
            level.map_or_else(|| "no level".to_owned(), |level| format!("level {}", level.name())),
            score.sure,
            more("", "at most with all data")
        ),
    )
}

/// The members: the head first, then by age.
pub(super) fn in_order(household: &view::Household) -> Vec<&view::Member> {
    let mut members: Vec<&view::Member> = household.members.iter().collect();
    let head = |member: &view::Member| member.relation.as_ref().is_some_and(|relation| relation.zh == "户主");
    members.sort_by_key(|member| (!head(member), std::cmp::Reverse(member.age), member.person));
    members
}

/// A member by role, sex and age; names and numbers stay sealed.
pub(super) fn person(context: &Context, member: &view::Member) -> String {
    let of = |text: &Option<Text>| text.as_ref().map(|text| text.get(context.lang).to_owned());
    let relation = of(&member.relation).unwrap_or_else(|| context.say("成员", "member"));
    let age = member.age.map(|age| context.say(format!("{age}岁"), format!("aged {age}")));
    let parts: Vec<String> = [Some(relation), of(&member.sex), age].into_iter().flatten().collect();
    parts.join(&context.say("，", ", "))
}

/// The member with a pseudonym.
pub(in crate::command) fn named(
    context: &Context,
    household: &view::Household,
    id: Option<person::Id>,
) -> Option<String> {
    let id = id?;
    let member = household.members.iter().find(|member| member.person == id);
    Some(member.map_or_else(|| context.say("已不在本户的成员", "a former member"), |member| person(context, member)))
}

fn known(context: &Context, opened: &Opened, household: &view::Household) -> String {
    let mut text = context.say("指标\n", "features\n");
    for (name, feature) in &household.features {
        if let Some(said) = value(context, opened, name, feature) {
            text.push_str(&format!("  {said}\n"));
        }
    }
    text
}

/// A feature's value with its unit; none if it is not known.
fn value(context: &Context, opened: &Opened, name: &str, feature: &view::Feature) -> Option<String> {
    let declared = opened.book.bundle.features().get(name)?;
    let json = match feature.value.as_ref().ok()? {
        Value::Money(amount) => Json::from(amount.0),
        Value::Date(day) => Json::from(day.to_string()),
        Value::Bool(yes) => Json::from(*yes),
        Value::Text(code) => Json::from(code.as_str()),
        Value::Int(number) if feature.scale > 0 => {
            let (title, said) = (feature.title.get(context.lang), words::scaled_text(*number, feature.scale));
            return Some(format!("{title} {said}"));
        }
        Value::Int(number) => Json::from(*number),
        Value::People(people) => Json::from(people.len()),
        Value::Sealed(_) => return None,
    };
    words::recorded(context, declared, &json)
}

/// What is not known, by the office and the record that would tell.
fn unknown(context: &Context, opened: &Opened, household: &view::Household) -> String {
    let mut asked: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for feature in household.features.values().filter(|feature| feature.value.is_err()) {
        for one in &feature.missing {
            let place = (one.office.clone(), one.fact.clone());
            asked.entry(place).or_default().push(feature.title.get(context.lang));
        }
    }
    if asked.is_empty() {
        return String::new();
    }
    let mut text = context.say("还不知道的\n", "not known\n");
    for ((office, fact), titles) in &asked {
        let from = holder(context, opened, office, fact);
        text.push_str(
            &context.say(
                format!("  {}：要看{from}\n", titles.join("、")),
                format!("  {}: ask {from}\n", titles.join("; ")),
            ),
        );
    }
    text
}

/// `咸安区医疗保障局的“医疗费用结算”`.
pub(super) fn holder(context: &Context, opened: &Opened, office: &str, fact: &str) -> String {
    let kind = opened.book.bundle.dictionary().get(fact).map(|kind| kind.title.clone());
    let kind = kind.or_else(|| opened.book.bundle.title(fact)).unwrap_or_else(|| Text::new(fact, fact));
    if office.is_empty() {
        return context.say(format!("本地标准“{}”", kind.zh), format!("the local standard \"{}\"", kind.en));
    }
    let office = words::office(opened, office);
    context.say(format!("{}的“{}”", office.zh, kind.zh), format!("{} for \"{}\"", office.en, kind.en))
}

fn verdicts(context: &Context, opened: &Opened, household: &view::Household) -> String {
    let list = |wanted: Verdict| {
        let found = household.verdicts.iter().filter(|(_, verdict)| **verdict == wanted);
        found
            .map(|(rule, _)| {
                format!("  {} {}\n", words::mark(wanted), words::rule(&opened.book.bundle, rule, context.lang))
            })
            .collect::<String>()
    };
    let (so, open) = (list(Verdict::True), list(Verdict::Unknown));
    let mut text = String::new();
    if !so.is_empty() {
        text.push_str(&context.say("成立的规则\n", "rules that hold\n"));
        text.push_str(&so);
    }
    if !open.is_empty() {
        text.push_str(&context.say("还不能判断的规则\n", "rules that cannot be told yet\n"));
        text.push_str(&open);
    }
    text
}

fn open(context: &Context, opened: &Opened, warnings: &[Json], cases: &[Json]) -> String {
    let member = |row: &Json, name: &str| row.get(name).and_then(|one| one.as_str()).unwrap_or_default().to_owned();
    let mut text = String::new();
    for row in warnings {
        let title = words::rule(&opened.book.bundle, &member(row, "rule"), context.lang);
        let since = words::day_text(context, &member(row, "since"));
        let level = doudi_model::warning::Level::parse(&member(row, "level"));
        let (zh, en) = level.map_or(("", ""), |level| (level.zh(), level.name()));
        let muted = row.get("muted").and_then(Json::as_bool) == Some(true);
        let note =
            if muted { context.say("，已并入更重的预警", ", covered by a graver one") } else { String::new() };
        text.push_str(&context.say(
            format!("预警 [{zh}] {title}（{since}起{note}）\n"),
            format!("warning [{en}] {title} (since {since}{note})\n"),
        ));
    }
    for row in cases {
        let (id, lead) = (member(row, "id"), words::office(opened, &member(row, "lead")));
        text.push_str(&context.say(format!("工单 {id}（{}）\n", lead.zh), format!("case {id} ({})\n", lead.en)));
    }
    text
}
