//! `doudi rules diff DIR`: what changed from the bundle to the one in a directory.

use std::path::Path;

use doudi_model::Verdict;
use doudi_rules::bundle::Bundle;
use doudi_rules::diff::{Change, Difference, How, RuleChange, Shows};
use serde_json::json;

use super::analyze::{capital, example, witness_json};
use crate::context::{Answer, Context, Done, Failure};

pub(super) fn run(context: &Context, dir: &Path) -> Answer {
    let before = context.bundle()?;
    let files = crate::rules_dir::read(dir).map_err(Failure::usage)?;
    let after = Bundle::load(files).map_err(Failure::Usage)?;
    let difference = before.differences(&after);
    let list = |changes: &[Change]| -> Vec<_> {
        let one = |change: &Change| json!({"name": change.name, "message": change.message.get(context.lang)});
        changes.iter().map(one).collect()
    };
    let json = json!({
        "before": {"name": before.about().name, "version": before.about().version, "digest": before.digest().to_string()},
        "after": {"name": after.about().name, "version": after.about().version, "digest": after.digest().to_string()},
        "rules": difference.rules.iter().map(|rule| rule_json(context, rule)).collect::<Vec<_>>(),
        "features": list(&difference.features),
        "facts": list(&difference.facts),
        "standards": list(&difference.standards),
        "levels": list(&difference.levels),
        "routing": list(&difference.routing),
        "rest": list(&difference.rest),
    });
    context.output().answer(&json, || text(context, &difference));
    Ok(Done::found_if(!difference.is_empty()))
}

fn rule_json(context: &Context, rule: &RuleChange) -> serde_json::Value {
    let shows = |one: &Shows| {
        json!({
            "part": one.part,
            "before": one.before.json(),
            "after": one.after.json(),
            "witness": witness_json(context, &one.witness),
        })
    };
    json!({
        "id": rule.id,
        "title": rule.title.get(context.lang),
        "change": rule.change,
        "parts": rule.parts.iter().map(|part| part.get(context.lang)).collect::<Vec<_>>(),
        "shows": rule.shows.iter().map(shows).collect::<Vec<_>>(),
        "unproven": rule.unproven.as_ref().map(|why| why.get(context.lang)),
    })
}

fn text(context: &Context, difference: &Difference) -> String {
    if difference.is_empty() {
        return context.say("没有不同", "nothing differs");
    }
    let mut out = String::new();
    for (how, zh, en) in [
        (How::Added, "新增的规则", "rules added"),
        (How::Removed, "删去的规则", "rules removed"),
        (How::Ended, "终止的规则", "rules ended"),
        (How::Meaning, "意思变了的规则", "rules changed in meaning"),
        (How::Reworded, "只改了文字的规则", "rules reworded without change of meaning"),
    ] {
        let of: Vec<_> = difference.rules.iter().filter(|rule| rule.change == how).collect();
        if !of.is_empty() {
            out.push_str(&context.say(format!("【{zh}】\n"), format!("{}\n", capital(en))));
            of.iter().for_each(|rule| out.push_str(&rule_text(context, rule)));
        }
    }
    for (changes, zh, en) in [
        (&difference.features, "指标", "features"),
        (&difference.facts, "事实种类", "kinds of fact"),
        (&difference.standards, "标准", "standards"),
        (&difference.levels, "级别", "levels"),
        (&difference.routing, "派单", "routing"),
        (&difference.rest, "其他文件", "other files"),
    ] {
        if !changes.is_empty() {
            out.push_str(&context.say(format!("【{zh}】\n"), format!("{}\n", capital(en))));
            for change in changes {
                out.push_str(&format!("  {}\n", change.message.get(context.lang)));
            }
        }
    }
    out.trim_end().to_owned()
}

fn rule_text(context: &Context, rule: &RuleChange) -> String {
    let (title, id) = (rule.title.get(context.lang), &rule.id);
    let mut out = context.say(format!("  {title}（{id}）\n"), format!("  {title} ({id})\n"));
    for part in &rule.parts {
        out.push_str(&format!("    {}\n", part.get(context.lang)));
    }
    for shows in &rule.shows {
        let answer = |verdict: Verdict| match verdict {
            Verdict::True => context.say("成立", "true"),
            Verdict::False => context.say("不成立", "false"),
            Verdict::Unknown => context.say("未知", "unknown"),
        };
        let (was, is) = (answer(shows.before), answer(shows.after));
        let part = &shows.part;
        out.push_str(&context.say(
            format!("    下面的家庭，{part} 以前{was}，现在{is}\n"),
            format!("    Of the household below `{part}` was {was} and is {is}\n"),
        ));
        out.push_str(&example(context, &shows.witness, "      "));
    }
    if let Some(why) = &rule.unproven {
        let why = why.get(context.lang);
        out.push_str(&context.say(
            format!("    说不准有没有家庭因此不同：{why}\n"),
            format!("    Whether any household is answered differently cannot be told: {why}\n"),
        ));
    }
    out
}
