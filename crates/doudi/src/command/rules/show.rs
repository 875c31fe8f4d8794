//! `doudi rules list` and `doudi rules show`.

use doudi_model::warning::Direction;
use doudi_rules::Condition;
use doudi_rules::bundle::{Bundle, Rule, Scope};
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure};

fn direction(context: &Context, direction: Direction) -> String {
    match direction {
        Direction::Missed => context.say("漏保", "missed"),
        Direction::Excess => context.say("错保", "excess"),
    }
}

fn summary(rule: &Rule) -> serde_json::Value {
    json!({
        "id": rule.id,
        "title": rule.title,
        "direction": rule.direction,
        "category": rule.category,
        "scope": match rule.scope { Scope::Household => "household", Scope::Member => "member" },
        "weight": rule.weight,
        "from": rule.from,
        "tests": rule.tests.len(),
    })
}

pub(super) fn list(context: &Context) -> Answer {
    let bundle = context.bundle()?;
    let json = bundle.rules().iter().map(summary).collect();
    context.output().answer(&json, || {
        let row = |rule: &Rule| {
            let (way, title) = (direction(context, rule.direction), rule.title.get(context.lang));
            let Rule { id, category, weight, .. } = rule;
            context.say(
                format!("{way}  {id}  {title}（{category}，{weight}分）\n"),
                format!("{way}  {id}  {title} ({category}, weight {weight})\n"),
            )
        };
        bundle.rules().iter().map(row).collect()
    });
    Ok(Done::Clean)
}

pub(super) fn show(context: &Context, id: &str) -> Answer {
    let bundle = context.bundle()?;
    let rule = bundle.rule(id).ok_or_else(|| Failure::usage(crate::command::no_rule(&bundle, id)))?;
    let json = json!({
        "rule": summary(rule),
        "says": {
            "when": bundle.render(&rule.when),
            "clear": rule.clear.as_ref().map(|clear| bundle.render(clear)),
        },
        "when": rule.when.text(),
        "clear": rule.clear.as_ref().map(|clear| clear.text()),
        "supersedes": rule.supersedes,
        "basis": rule.basis.iter().map(|basis| basis.text().get(context.lang).to_owned()).collect::<Vec<_>>(),
    });
    context.output().answer(&json, || text_of(&bundle, rule, context));
    Ok(Done::Clean)
}

fn text_of(bundle: &Bundle, rule: &Rule, context: &Context) -> String {
    let (title, way) = (rule.title.get(context.lang), direction(context, rule.direction));
    let Rule { id, category, weight, .. } = rule;
    let mut text = context.say(
        format!("{title}（{id}）\n方向 {way}  类别 {category}  权重 {weight}\n"),
        format!("{title} ({id})\ndirection {way}  category {category}  weight {weight}\n"),
    );
    let mut condition = |heading: String, condition: &Condition| {
        text.push_str(&format!("{heading}\n"));
        super::render::lines(&bundle.render(condition), context.lang, 1, &mut text);
        text.push_str(&format!("{}\n", condition.text().trim()));
    };
    condition(context.say("条件", "when"), &rule.when);
    if let Some(clear) = &rule.clear {
        condition(context.say("解除", "clear"), clear);
    }
    text.push_str(&context.say("用到的指标和标准\n", "features and standards used\n"));
    for slot in rule.when.slots() {
        let name = bundle.layout().name(slot);
        let title = bundle.title(name).map(|title| title.get(context.lang).to_owned()).unwrap_or_default();
        text.push_str(&format!("  {name}  {title}\n"));
    }
    text.push_str(&context.say("依据\n", "basis\n"));
    for basis in &rule.basis {
        let said = basis.text();
        let from = basis.from;
        text.push_str(
            &context.say(format!("  {}（{}起）\n", said.zh, from.zh()), format!("  {} (from {from})\n", said.en)),
        );
    }
    text
}
