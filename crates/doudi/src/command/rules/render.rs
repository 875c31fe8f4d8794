//! `doudi rules render`: every rule as sentences in both languages, for the officer who answers for it.

use doudi_model::warning::Direction;
use doudi_model::{Day, Lang, Text};
use doudi_rules::bundle::{Bundle, Rule, Scope, Span};
use doudi_rules::explain::Said;
use serde_json::json;

use super::analyze::capital;
use crate::context::{Answer, Context, Done, Failure};

/// A rule in words, with headings for its parts.
struct Sheet {
    title: Text,
    about: Vec<Text>,
    parts: Vec<(Text, Vec<Said>)>,
}

pub(super) fn run(context: &Context, id: Option<&str>, markdown: bool) -> Answer {
    let bundle = context.bundle()?;
    let rules: Vec<&Rule> = match id {
        Some(id) => {
            vec![bundle.rule(id).ok_or_else(|| Failure::usage(crate::command::no_rule(&bundle, id)))?]
        }
        None => bundle.rules().iter().collect(),
    };
    let json = json!({"rules": rules.iter().map(|rule| rule_json(&bundle, rule)).collect::<Vec<_>>()});
    context.output().answer(&json, || {
        let languages = match context.lang {
            Lang::Zh => [Lang::Zh, Lang::En],
            Lang::En => [Lang::En, Lang::Zh],
        };
        let one = |rule: &&Rule| {
            let sheet = sheet(&bundle, rule);
            languages.map(|lang| text(&sheet, rule, lang, markdown)).join("\n")
        };
        rules.iter().map(one).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    });
    Ok(Done::Clean)
}

fn rule_json(bundle: &Bundle, rule: &Rule) -> serde_json::Value {
    let sheet = sheet(bundle, rule);
    json!({
        "id": rule.id,
        "title": rule.title,
        "about": sheet.about,
        "when": bundle.render(&rule.when),
        "clear": rule.clear.as_ref().map(|clear| bundle.render(clear)),
        "basis": rule.basis.iter().map(|basis| basis.text()).collect::<Vec<_>>(),
        "check": rule.check,
    })
}

fn sheet(bundle: &Bundle, rule: &Rule) -> Sheet {
    let plain = |text: &Text| Said { text: text.clone(), parts: Vec::new() };
    let closing = match &rule.clear {
        Some(clear) => bundle.render(clear),
        None => plain(&Text::new("条件明确不成立时", "as soon as the condition is surely not met")),
    };
    let basis = rule.basis.iter().map(|basis| {
        let (said, days) = (basis.text(), period(basis.from, basis.to.unwrap_or(Day::MAX)));
        plain(&Text::new(format!("{}（{}）", said.zh, days.zh), format!("{} ({})", said.en, days.en)))
    });
    let mut parts = vec![
        (Text::new("什么时候提醒", "It warns when"), vec![bundle.render(&rule.when)]),
        (Text::new("什么时候可以解除", "The warning may close when"), vec![closing]),
        (Text::new("依据", "It rests on"), basis.collect()),
    ];
    if !rule.check.is_empty() {
        let check = rule.check.iter().map(plain).collect();
        parts.push((Text::new("上门看什么", "What to check on the visit"), check));
    }
    Sheet { title: rule.title.clone(), about: about(bundle, rule), parts }
}

fn about(bundle: &Bundle, rule: &Rule) -> Vec<Text> {
    let (way_zh, way_en) = match rule.direction {
        Direction::Missed => ("可能漏保", "someone may be missed"),
        Direction::Excess => ("需要核实是否错保", "aid to be checked"),
    };
    let (whom_zh, whom_en) = match rule.scope {
        Scope::Household => ("看全家", "of the household as one"),
        Scope::Member => ("逐人看", "of each member"),
    };
    let (category, weight, days) = (&rule.category, rule.weight, period(rule.from, rule.to));
    let mut all = vec![
        Text::new(
            format!("{way_zh}；{whom_zh}；类别 {category}；{weight}分"),
            format!("{way_en}; asked {whom_en}; category {category}; weight {weight}"),
        ),
        Text::new(format!("有效期：{}", days.zh), format!("in force {}", days.en)),
    ];
    if let Some(cooldown) = rule.cooldown {
        let span = match cooldown {
            Span::Days(days) => Text::new(format!("{days}天"), format!("{days} days")),
            Span::Months(months) => Text::new(format!("{months}个月"), format!("{months} months")),
        };
        all.push(Text::new(format!("解除后{}内不再提醒", span.zh), format!("quiet for {} after closing", span.en)));
    }
    if !rule.supersedes.is_empty() {
        let muted: Vec<&Rule> = rule.supersedes.iter().filter_map(|id| bundle.rule(id)).collect();
        let join = |get: fn(&Text) -> &str, between: &str| {
            muted.iter().map(|rule| get(&rule.title)).collect::<Vec<_>>().join(between)
        };
        let (zh, en) = (join(|text| &text.zh, "”“"), join(|text| &text.en, "\", \""));
        all.push(Text::new(format!("提醒时压住“{zh}”"), format!("while it warns, it mutes \"{en}\"")));
    }
    all
}

fn period(from: Day, to: Day) -> Text {
    if to == Day::MAX {
        return Text::new(format!("{}起", from.zh()), format!("from {from}"));
    }
    Text::new(format!("{}至{}", from.zh(), to.zh()), format!("{from} to {to}"))
}

fn text(sheet: &Sheet, rule: &Rule, lang: Lang, markdown: bool) -> String {
    let (title, id) = (sheet.title.get(lang), &rule.id);
    let mut out = match (markdown, lang) {
        (true, _) => format!("## {title} `{id}`\n\n"),
        (false, Lang::Zh) => format!("{title}（{id}）\n"),
        (false, Lang::En) => format!("{title} ({id})\n"),
    };
    for line in &sheet.about {
        let line = line.get(lang);
        let line = if lang == Lang::En { capital(line) } else { line.to_owned() };
        out.push_str(&if markdown { format!("- {line}\n") } else { format!("  {line}\n") });
    }
    for (heading, parts) in &sheet.parts {
        let heading = heading.get(lang);
        out.push_str(&if markdown { format!("\n**{heading}**\n\n") } else { format!("  {heading}\n") });
        let indent = if markdown { 0 } else { 2 };
        parts.iter().for_each(|part| lines(part, lang, indent, &mut out));
    }
    out
}

/// A sentence and, further in, what it joins.
pub(super) fn lines(said: &Said, lang: Lang, indent: usize, out: &mut String) {
    out.push_str(&format!("{}- {}\n", "  ".repeat(indent), said.text.get(lang)));
    said.parts.iter().for_each(|part| lines(part, lang, indent + 1, out));
}
