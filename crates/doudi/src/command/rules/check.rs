//! `doudi rules check`: the bundle loads, is proven, and every warning has somewhere to go.

use doudi_model::{Day, Problem, Text};
use doudi_rules::bundle::Bundle;
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure};

pub(super) fn check(context: &Context, on: Option<Day>) -> Answer {
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
    // School terms stand beside the holidays and say nothing of working days.
    let of_days = |path: &&str| path.starts_with("calendar/") && *path != "calendar/terms.csv";
    let files: Vec<&str> = bundle.files().keys().map(String::as_str).filter(of_days).collect();
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
