//! `doudi rules …`: load and prove, run the embedded tests, list, show, evaluate.

use std::io::BufRead;

use clap::{Subcommand, ValueEnum};
use doudi_model::warning::Direction;
use doudi_rules::bundle::{Bundle, Rule, Scope};
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure, unreadable};

/// The bundle.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// 载入并检查规则包 · load and prove the bundle
    Check,
    /// 运行规则自带的测试 · run the tests beside the rules
    Test,
    /// 列出规则 · list the rules
    List,
    /// 显示一条规则 · show one rule
    Show {
        /// 规则编号 · the rule's id
        id: String,
    },
    /// 逐行求值（JSON Lines）· evaluate JSON lines from stdin
    Eval {
        /// 用哪个引擎 · which back end answers
        #[arg(long, value_enum, default_value_t = Backend::Scalar)]
        backend: Backend,
    },
}

/// Back ends of `rules eval`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    /// One row at a time.
    Scalar,
}

pub(crate) fn run(context: &Context, command: Rules) -> Answer {
    match command {
        Rules::Check => check(context),
        Rules::Test => test(context),
        Rules::List => list(context),
        Rules::Show { id } => show(context, &id),
        Rules::Eval { backend: Backend::Scalar } => eval(context),
    }
}

fn check(context: &Context) -> Answer {
    let bundle = context.bundle()?;
    let plan = super::plan(&bundle)?;
    let json = json!({
        "name": bundle.about().name,
        "version": bundle.about().version,
        "digest": bundle.digest().to_string(),
        "facts": bundle.dictionary().iter().count(),
        "features": bundle.features().iter().len(),
        "standards": bundle.standards().names().count(),
        "rules": bundle.rules().len(),
        "divisions": bundle.divisions().iter().count(),
        "offices": plan.offices().iter().count(),
    });
    context.output().answer(&json, || {
        format!(
            "规则包 {} {}：{}种事实，{}个指标，{}项标准，{}条规则，{}个区划，{}个单位。检查通过，每条预警都有去处。\n摘要 {}",
            bundle.about().name,
            bundle.about().version,
            bundle.dictionary().iter().count(),
            bundle.features().iter().len(),
            bundle.standards().names().count(),
            bundle.rules().len(),
            bundle.divisions().iter().count(),
            plan.offices().iter().count(),
            bundle.digest(),
        )
    });
    Ok(Done::Clean)
}

fn test(context: &Context) -> Answer {
    let bundle = context.bundle()?;
    let results = bundle.run_tests();
    let failed: Vec<_> = results.iter().filter(|result| !result.passed()).collect();
    let said = |result: &doudi_rules::bundle::TestResult| match &result.answer {
        Ok(answer) => answer.to_string(),
        Err(problem) => problem.render(context.lang),
    };
    let json = json!({
        "passed": results.len() - failed.len(),
        "failed": failed.iter().map(|result| json!({
            "rule": result.rule, "test": result.test, "expected": result.expected.to_string(), "answer": said(result),
        })).collect::<Vec<_>>(),
    });
    context.output().answer(&json, || {
        let mut text: String = failed
            .iter()
            .map(|result| {
                format!("✕ {} · {}\n  应为 {}，实为 {}\n", result.rule, result.test, result.expected, said(result))
            })
            .collect();
        text.push_str(&format!("{}个测试通过，{}个不通过", results.len() - failed.len(), failed.len()));
        text
    });
    Ok(Done::found_if(!failed.is_empty()))
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Missed => "漏保",
        Direction::Excess => "错保",
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

fn list(context: &Context) -> Answer {
    let bundle = context.bundle()?;
    let json = bundle.rules().iter().map(summary).collect();
    context.output().answer(&json, || {
        let row = |rule: &Rule| {
            format!(
                "{}  {}  {}（{}，{}分）\n",
                direction(rule.direction),
                rule.id,
                rule.title.get(context.lang),
                rule.category,
                rule.weight
            )
        };
        bundle.rules().iter().map(row).collect()
    });
    Ok(Done::Clean)
}

fn show(context: &Context, id: &str) -> Answer {
    let bundle = context.bundle()?;
    let rule = bundle.rule(id).ok_or_else(|| Failure::usage(super::no_rule(&bundle, id)))?;
    let json = json!({
        "rule": summary(rule),
        "when": rule.when.text(),
        "clear": rule.clear.as_ref().map(|clear| clear.text()),
        "supersedes": rule.supersedes,
        "basis": rule.basis.iter().map(|basis| basis.text().zh).collect::<Vec<_>>(),
    });
    context.output().answer(&json, || text_of(&bundle, rule, context));
    Ok(Done::Clean)
}

fn text_of(bundle: &Bundle, rule: &Rule, context: &Context) -> String {
    let mut text = format!(
        "{}（{}）\n方向 {}  类别 {}  权重 {}\n",
        rule.title.get(context.lang),
        rule.id,
        direction(rule.direction),
        rule.category,
        rule.weight
    );
    text.push_str(&format!("条件\n{}\n", rule.when.text().trim()));
    if let Some(clear) = &rule.clear {
        text.push_str(&format!("解除\n{}\n", clear.text().trim()));
    }
    text.push_str("用到的指标和标准\n");
    for slot in rule.when.slots() {
        let name = bundle.layout().name(slot);
        let title = bundle.title(name).map(|title| title.get(context.lang).to_owned()).unwrap_or_default();
        text.push_str(&format!("  {name}  {title}\n"));
    }
    text.push_str("依据\n");
    rule.basis.iter().for_each(|basis| text.push_str(&format!("  {}（{}起）\n", basis.text().zh, basis.from.zh())));
    text
}

fn eval(context: &Context) -> Answer {
    let mut wrong = false;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|fault| Failure::Environment(unreadable("stdin".as_ref(), &fault)))?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = doudi_rules::eval::answer(&line, context.lang);
        wrong |= serde_json::from_str::<serde_json::Value>(&answer).is_ok_and(|answer| answer.get("error").is_some());
        context.output().line(&answer);
    }
    Ok(Done::found_if(wrong))
}
