//! `doudi rules …`: load and prove, run the embedded tests, list, show, write as SQL, evaluate.

mod duckdb;
mod sql;

use std::io::BufRead;
use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use doudi_model::warning::Direction;
use doudi_model::{Day, Problem, Text};
use doudi_rules::bundle::{Bundle, Rule, Scope};
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure, unreadable};

/// The bundle.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// 载入并检查规则包 · load and prove the bundle
    Check {
        /// 从哪一天起看期限是否超出已公布的日历（默认今天）· the day from which deadlines are held against the calendar (default: today)
        #[arg(long, value_name = "DAY")]
        on: Option<Day>,
    },
    /// 运行规则自带的测试 · run the tests beside the rules
    Test,
    /// 列出规则 · list the rules
    List,
    /// 显示一条规则 · show one rule
    Show {
        /// 规则编号 · the rule's id
        id: String,
    },
    /// 规则写成 SQL · the rules as SQL text
    Sql(sql::Sql),
    /// 逐行求值（JSON Lines）· evaluate JSON lines from stdin
    Eval {
        /// 用哪个引擎 · which back end answers
        #[arg(long, value_enum, default_value_t = Backend::Scalar)]
        backend: Backend,
        /// 装有 duckdb 的 Python，用于 --backend sql · a Python that has duckdb, for --backend sql
        #[arg(long, value_name = "FILE", default_value = "python3")]
        python: PathBuf,
    },
}

/// Back ends of `rules eval`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    /// One row at a time.
    Scalar,
    /// SQL text, on DuckDB.
    Sql,
}

pub(crate) fn run(context: &Context, command: Rules) -> Answer {
    match command {
        Rules::Check { on } => check(context, on),
        Rules::Test => test(context),
        Rules::List => list(context),
        Rules::Show { id } => show(context, &id),
        Rules::Sql(command) => sql::run(context, &command),
        Rules::Eval { backend: Backend::Scalar, .. } => eval(context),
        Rules::Eval { backend: Backend::Sql, python } => duckdb::eval(context, &python),
    }
}

fn check(context: &Context, on: Option<Day>) -> Answer {
    let book = crate::house::proven(context.bundle_files()?)?;
    let (bundle, plan) = (&book.bundle, &book.plan);
    let day = match on {
        Some(day) => day,
        None => doudi_store::clock::from_env()?.now().day(),
    };
    let mut notes = calendar_ends(bundle, day);
    let holes = bundle.holes();
    notes.extend(holes.iter().map(|hole| bundle.note_of_hole(hole)));
    notes.iter().for_each(|note| context.output().warn(note));
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
        "as_of": day,
        "holes": holes.iter().map(|hole| json!({
            "standard": hole.standard,
            "division": hole.division,
            "from": hole.from,
            "to": (hole.to != Day::MAX).then_some(hole.to),
            "rules": hole.rules,
        })).collect::<Vec<_>>(),
        "notes": notes.iter().map(|note| note.json(context.lang)).collect::<Vec<_>>(),
    });
    context.output().answer(&json, || {
        let (name, version, digest) = (&bundle.about().name, &bundle.about().version, bundle.digest());
        let (facts, features) = (bundle.dictionary().iter().count(), bundle.features().iter().len());
        let (standards, rules) = (bundle.standards().names().count(), bundle.rules().len());
        let (divisions, offices) = (bundle.divisions().iter().count(), plan.offices().iter().count());
        context.say(
            format!(
                "规则包 {name} {version}：{facts}种事实，{features}个指标，{standards}项标准，{rules}条规则，\
                 {divisions}个区划，{offices}个单位。检查通过，每条预警都有去处。\n摘要 {digest}"
            ),
            format!(
                "bundle {name} {version}: {facts} kinds of fact, {features} features, {standards} standards, {rules} \
                 rules, {divisions} divisions, {offices} offices. Sound, and every warning has somewhere to go.\n\
                 digest {digest}"
            ),
        )
    });
    Ok(Done::Clean)
}

/// A warning for each deadline that, counted from a day, would run past the published calendar. It keeps nothing from
/// working: such days are marked provisional.
fn calendar_ends(bundle: &Bundle, day: Day) -> Vec<Problem> {
    let Err(Failure::Usage(problems)) = crate::house::plan_as_of(bundle, Some(day)) else { return Vec::new() };
    let files: Vec<&str> =
        bundle.files().keys().map(String::as_str).filter(|path| path.starts_with("calendar/")).collect();
    let file = files.last().copied().unwrap_or("calendar/cn.csv");
    let hint = Text::new(
        format!(
            "国务院办公厅的放假通知公布后，把那一年补进 {file}；此前超出的期限标为“暂定”，法定节假日已扣除，调休未知"
        ),
        format!(
            "once the State Council's notice is out, add that year to {file}; until then days beyond are marked \
             provisional: holidays by law are left out, make-up days are not known"
        ),
    );
    problems.into_iter().map(|problem| Problem { hint: hint.clone(), ..problem }).collect()
}

fn test(context: &Context) -> Answer {
    let bundle = Bundle::load_untested(context.bundle_files()?).map_err(Failure::Usage)?;
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
                let (rule, test, expected, answer) = (&result.rule, &result.test, &result.expected, said(result));
                context.say(
                    format!("✕ {rule} · {test}\n  应为 {expected}，实为 {answer}\n"),
                    format!("✕ {rule} · {test}\n  expected {expected}, got {answer}\n"),
                )
            })
            .collect();
        let (passed, failed) = (results.len() - failed.len(), failed.len());
        text.push_str(
            &context.say(
                format!("{passed}个测试通过，{failed}个不通过"),
                format!("{passed} tests passed, {failed} failed"),
            ),
        );
        text
    });
    Ok(Done::found_if(!failed.is_empty()))
}

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

fn list(context: &Context) -> Answer {
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

fn show(context: &Context, id: &str) -> Answer {
    let bundle = context.bundle()?;
    let rule = bundle.rule(id).ok_or_else(|| Failure::usage(super::no_rule(&bundle, id)))?;
    let json = json!({
        "rule": summary(rule),
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
    text.push_str(&format!("{}\n{}\n", context.say("条件", "when"), rule.when.text().trim()));
    if let Some(clear) = &rule.clear {
        text.push_str(&format!("{}\n{}\n", context.say("解除", "clear"), clear.text().trim()));
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
