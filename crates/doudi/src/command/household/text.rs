//! A household for a person at a terminal.

use doudi_engine::view;
use doudi_model::{Lang, Text, Value, Verdict};
use doudi_rules::explain::Explanation;

use crate::context::Context;
use crate::house::Opened;

/// The whole file: members, figures, rules that are true or open, warnings and cases as `show` lists them in JSON.
pub(super) fn file(
    context: &Context,
    opened: &Opened,
    household: &view::Household,
    warnings: &[serde_json::Value],
    cases: &[serde_json::Value],
) -> String {
    let mut text = head(context, opened, household);
    for (name, feature) in &household.features {
        text.push_str(&format!("  {}  {}\n", feature.title.get(context.lang), value(context, opened, name, feature)));
    }
    for (rule, verdict) in &household.verdicts {
        let title = opened.book.bundle.rule(rule).map_or(rule.as_str(), |rule| rule.title.get(context.lang));
        if *verdict != Verdict::False {
            text.push_str(&format!("{} {title}\n", mark(*verdict)));
        }
    }
    let member = |row: &serde_json::Value, name: &str| row.get(name).and_then(|one| one.as_str()).map(str::to_owned);
    for row in warnings {
        let rule = member(row, "rule").unwrap_or_default();
        let title = opened.book.bundle.rule(&rule).map_or(rule.as_str(), |rule| rule.title.get(context.lang));
        let (level, since) = (member(row, "level").unwrap_or_default(), member(row, "since").unwrap_or_default());
        let zh = doudi_model::warning::Level::parse(&level).map_or("", |level| level.zh());
        let day = since.parse().map_or_else(|_| since.clone(), |day: doudi_model::Day| day.zh());
        text.push_str(
            &context.say(
                format!("预警 [{zh}] {title}（{day}起）\n"),
                format!("warning [{level}] {title} (since {since})\n"),
            ),
        );
    }
    for row in cases {
        let (id, lead) = (member(row, "id").unwrap_or_default(), member(row, "lead").unwrap_or_default());
        text.push_str(&context.say(format!("工单 {id}（{lead}）\n"), format!("case {id} ({lead})\n")));
    }
    text
}

fn head(context: &Context, opened: &Opened, household: &view::Household) -> String {
    let place = household.division.map(|code| opened.book.bundle.divisions().full_name(code)).unwrap_or_default();
    let (members, score) = (household.members.len(), household.score);
    let mut text = context.say(
        format!(
            "{} {place}\n{members}人  级别 {}  得分 {}（可能 {}）\n",
            household.id,
            household.level.map_or("无", |level| level.zh()),
            score.sure,
            score.possible
        ),
        format!(
            "{} {place}\n{members} members  level {}  score {} (possibly {})\n",
            household.id,
            household.level.map_or("none", |level| level.name()),
            score.sure,
            score.possible
        ),
    );
    for member in &household.members {
        let of = |text: &Option<Text>| text.as_ref().map(|text| text.get(context.lang).to_owned()).unwrap_or_default();
        let age = member.age.map(|age| context.say(format!("{age}岁"), format!("aged {age}"))).unwrap_or_default();
        text.push_str(&format!("  {}  {} {} {age}\n", member.person, of(&member.relation), of(&member.sex)));
    }
    text
}

/// A feature's value with its unit, or that it is not known and whom to ask.
fn value(context: &Context, opened: &Opened, name: &str, feature: &view::Feature) -> String {
    let known = match &feature.value {
        Ok(known) => known,
        Err(_) => return unknown(context, feature),
    };
    match known {
        Value::Money(amount) => context.say(format!("{}元", amount.yuan()), format!("{} yuan", amount.yuan())),
        Value::Date(day) => context.say(day.zh(), day.to_string()),
        Value::Bool(yes) => context.say(if *yes { "是" } else { "否" }, if *yes { "yes" } else { "no" }),
        Value::Text(code) => {
            let codes = opened.book.bundle.features().get(name).map(|feature| feature.codes.as_slice());
            let known = codes.unwrap_or_default().iter().find(|known| known.code == *code);
            known.map_or_else(|| code.clone(), |known| known.text().get(context.lang).to_owned())
        }
        Value::Int(number) if feature.scale > 0 => scaled(*number, feature.scale),
        Value::Int(number) => number.to_string(),
        Value::People(people) => people.len().to_string(),
        Value::Sealed(_) => "…".to_owned(),
    }
}

fn unknown(context: &Context, feature: &view::Feature) -> String {
    let asked: Vec<String> = feature
        .missing
        .iter()
        .map(|one| if one.office.is_empty() { one.fact.clone() } else { format!("{} {}", one.office, one.fact) })
        .collect();
    match (context.lang, asked.is_empty()) {
        (Lang::Zh, true) => "未知".to_owned(),
        (Lang::Zh, false) => format!("未知（缺 {}）", asked.join("、")),
        (Lang::En, true) => "unknown".to_owned(),
        (Lang::En, false) => format!("unknown (lacks {})", asked.join(", ")),
    }
}

/// A number with its decimal places, without floats.
fn scaled(number: i64, scale: u8) -> String {
    let one = 10_u64.pow(u32::from(scale).min(18));
    let (whole, rest) = (number.unsigned_abs() / one, number.unsigned_abs() % one);
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{whole}.{rest:0width$}", width = usize::from(scale))
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::True => "●",
        Verdict::False => "○",
        Verdict::Unknown => "？",
    }
}

/// One rule's explanation.
pub(super) fn explanation(one: &Explanation, lang: Lang) -> String {
    let mut text = format!("{} {}\n  {}\n", mark(one.verdict), one.title.get(lang), one.sentence.get(lang));
    for missing in &one.missing {
        let colon = if lang == Lang::Zh { "：" } else { ": " };
        let (feature, why) = (missing.feature.get(lang), missing.why.get(lang));
        text.push_str(&format!("  ? {feature}{colon}{why} {}\n", missing.office));
    }
    if let Some(change) = &one.change {
        text.push_str(&format!("  → {}\n", change.get(lang)));
    }
    text
}
