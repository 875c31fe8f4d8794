//! How names, days and amounts read at a terminal.

use doudi_model::{Day, Instant, Lang, Text, Verdict};
use doudi_routing::Step;
use doudi_routing::case::Case;
use doudi_routing::plan::Due;
use doudi_rules::bundle::Bundle;
use doudi_rules::feature::Feature;
use serde_json::Value;

use crate::context::Context;
use crate::house::Opened;

/// An office's name; what is not in the plan keeps its id.
pub(crate) fn office(opened: &Opened, id: &str) -> Text {
    let found = opened.book.plan.offices().find(id);
    found.map_or_else(|| Text::new(id, id), |office| office.name.clone())
}

/// A rule's title; what is not in the bundle keeps its id.
pub(crate) fn rule(bundle: &Bundle, id: &str, lang: Lang) -> String {
    bundle.rule(id).map_or_else(|| id.to_owned(), |rule| rule.title.get(lang).to_owned())
}

/// A day as people write it.
pub(crate) fn day(context: &Context, day: Day) -> String {
    context.say(day.zh(), day.to_string())
}

/// A day as it stands in JSON; what is none stays as it is.
pub(crate) fn day_text(context: &Context, text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |one: Day| day(context, one))
}

/// `2026年11月24日 10:00`.
pub(crate) fn instant(context: &Context, at: Instant) -> String {
    context.say(format!("{} {}", at.day().zh(), at.clock()), at.to_string())
}

/// A due day, marked while it is provisional.
pub(crate) fn due(context: &Context, due: Due) -> String {
    let mark = if due.is_provisional() { context.say("（暂定）", " (provisional)") } else { String::new() };
    format!("{}{mark}", day(context, due.by))
}

/// What a case waits for and by when; nothing once it is reported or closed.
pub(crate) fn next_due(context: &Context, case: &Case) -> Option<String> {
    if !case.is_open() {
        return None;
    }
    let step = [Step::Visit, Step::Report].into_iter().find(|step| case.is_pending(*step))?;
    let by = due(context, case.deadlines.get(step));
    Some(match step {
        Step::Report => context.say(format!("{by}前反馈"), format!("report by {by}")),
        Step::Acknowledge | Step::Visit => context.say(format!("{by}前走访"), format!("visit by {by}")),
    })
}

/// `●` so, `○` not so, `？` not known.
pub(crate) fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::True => "●",
        Verdict::False => "○",
        Verdict::Unknown => "？",
    }
}

/// A feature as the record has it: `近12个月自付医疗费 23,400.00元`, `全家没有享受低保`. None for what is not known.
pub(crate) fn recorded(context: &Context, feature: &Feature, value: &Value) -> Option<String> {
    let title = feature.title.get(context.lang);
    let said = match value {
        Value::Bool(yes) => {
            let said = if *yes { &feature.yes } else { &feature.no };
            let fallback = || {
                format!(
                    "{title}{}",
                    context.say(if *yes { "：是" } else { "：否" }, if *yes { ": yes" } else { ": no" })
                )
            };
            return Some(said.as_ref().map_or_else(fallback, |said| said.get(context.lang).to_owned()));
        }
        Value::Number(number) if feature.unit == doudi_rules::feature::Unit::Fen => {
            let yuan = doudi_model::Fen(number.as_i64()?).yuan();
            context.say(format!("{yuan}元"), format!("{yuan} yuan"))
        }
        Value::Number(number) => counted(context, feature, number.as_i64()?),
        Value::String(text) => {
            let code = feature.codes.iter().find(|code| code.code == *text);
            code.map_or_else(|| day_text(context, text), |code| code.text().get(context.lang).to_owned())
        }
        Value::Object(scaled) => {
            scaled_text(scaled.get("value")?.as_i64()?, u8::try_from(scaled.get("scale")?.as_u64()?).ok()?)
        }
        Value::Null | Value::Array(_) => return None,
    };
    Some(context.say(format!("{title} {said}"), format!("{title}: {said}")))
}

/// A plain number with its unit.
pub(crate) fn counted(context: &Context, feature: &Feature, number: i64) -> String {
    use doudi_rules::feature::Unit;
    match feature.unit {
        Unit::Days => context.say(format!("{number}天"), format!("{number} days")),
        Unit::Years => context.say(format!("{number}岁"), format!("{number} years")),
        Unit::Fen | Unit::Count | Unit::Ratio | Unit::Bool | Unit::Date | Unit::Category => number.to_string(),
    }
}

/// A number with its decimal places, without floats.
pub(crate) fn scaled_text(number: i64, scale: u8) -> String {
    let one = 10_u64.pow(u32::from(scale).min(18));
    let (whole, rest) = (number.unsigned_abs() / one, number.unsigned_abs() % one);
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{whole}.{rest:0width$}", width = usize::from(scale))
}

/// The ids of rules in a text by their titles.
pub(crate) fn with_titles(bundle: &Bundle, lang: Lang, text: &str) -> String {
    let mut rules: Vec<_> = bundle.rules().iter().collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.id.len()));
    let named = rules.iter().fold(text.to_owned(), |text, rule| {
        let title = rule.title.get(lang);
        let quoted = match lang {
            Lang::Zh => format!("“{title}”"),
            Lang::En => format!("\"{title}\""),
        };
        text.replace(&rule.id, &quoted)
    });
    // Chinese quotation marks stand without blanks.
    named.replace(" “", "“").replace("” ", "”")
}
