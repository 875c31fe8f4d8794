//! `doudi rules analyze`: what a person must look at in the bundle itself.

use doudi_rules::analyze::{Analysis, Finding, Kind, Witness};
use serde_json::json;

use crate::context::{Answer, Context, Done};

pub(super) fn run(context: &Context) -> Answer {
    let bundle = context.bundle()?;
    let analysis = bundle.analyze();
    let json = json!({
        "findings": analysis.findings.iter().map(|finding| of(context, finding)).collect::<Vec<_>>(),
        "unproven": analysis.unproven.iter().map(|open| json!({
            "kind": open.kind, "rules": open.rules, "why": open.why.get(context.lang),
        })).collect::<Vec<_>>(),
        "settled": analysis.settled,
    });
    context.output().answer(&json, || text(context, &analysis));
    Ok(Done::found_if(!analysis.findings.is_empty()))
}

fn of(context: &Context, finding: &Finding) -> serde_json::Value {
    json!({
        "kind": finding.kind,
        "rules": finding.rules,
        "subject": finding.subject,
        "where": finding.place,
        "message": finding.message.get(context.lang),
        "hint": finding.hint.get(context.lang),
        "witness": finding.witness.as_ref().map(|witness| witness_json(context, witness)),
    })
}

/// A household that shows something, as JSON.
pub(super) fn witness_json(context: &Context, witness: &Witness) -> serde_json::Value {
    let value = |shown: &doudi_rules::analyze::Shown| {
        json!({
            "name": shown.name,
            "title": shown.title.get(context.lang),
            "value": shown.value,
            "text": shown.said.get(context.lang),
        })
    };
    json!({
        "day": witness.day,
        "division": witness.division.map(|code| code.to_string()),
        "values": witness.values.iter().map(value).collect::<Vec<_>>(),
    })
}

fn text(context: &Context, analysis: &Analysis) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        let of: Vec<&Finding> = analysis.findings.iter().filter(|finding| finding.kind == kind).collect();
        if of.is_empty() {
            continue;
        }
        let (title, count) = (kind.title(), of.len());
        out.push_str(
            &context.say(format!("【{}】{count}处\n", title.zh), format!("{} ({count})\n", capital(&title.en))),
        );
        for finding in of {
            out.push_str(&format!("  {}\n", finding.message.get(context.lang)));
            if let Some(witness) = &finding.witness {
                out.push_str(&example(context, witness, "    "));
            }
            let (place, hint) = (&finding.place, finding.hint.get(context.lang));
            out.push_str(&context.say(format!("    {place}：{hint}\n"), format!("    {place}: {hint}\n")));
        }
        out.push('\n');
    }
    if !analysis.unproven.is_empty() {
        let count = analysis.unproven.len();
        out.push_str(&context.say(format!("【说不准】{count}处\n"), format!("Cannot be told ({count})\n")));
        for open in &analysis.unproven {
            let (title, rules, why) = (open.kind.title(), open.rules.join(", "), open.why.get(context.lang));
            out.push_str(&context.say(
                format!("  {}？{}：{why}\n", title.zh, rules.replace(", ", "、")),
                format!("  {}? {rules}: {why}\n", title.en),
            ));
        }
        out.push('\n');
    }
    let (found, settled) = (analysis.findings.len(), analysis.settled);
    out.push_str(&context.say(
        format!("{found}处需要看一看；关于条件的{settled}个问题已精确判定"),
        format!("{found} to look at; {settled} questions about conditions settled exactly"),
    ));
    out
}

/// The lines that show a household.
pub(super) fn example(context: &Context, witness: &Witness, indent: &str) -> String {
    let day = witness.day;
    let mut out = match witness.division {
        Some(code) => context.say(
            format!("{indent}例：{}，区划 {code}\n", day.zh()),
            format!("{indent}For example, on {day} in division {code}:\n"),
        ),
        None => context.say(format!("{indent}例：{}\n", day.zh()), format!("{indent}For example, on {day}:\n")),
    };
    for shown in &witness.values {
        let (title, said, name) = (shown.title.get(context.lang), shown.said.get(context.lang), &shown.name);
        out.push_str(
            &context
                .say(format!("{indent}  {title}（{name}）：{said}\n"), format!("{indent}  {title} ({name}): {said}\n")),
        );
    }
    out
}

/// With a capital first letter.
pub(super) fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}
