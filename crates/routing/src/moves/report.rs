//! Report (反馈): what was found and what is done.
//!
//! A report that settles nothing leaves the case at `Visited`: a case conference is still to decide, or nobody was met
//! and it was not the third time. A report on a reported case replaces the earlier one, whose facts are withdrawn.

use doudi_feedback::{Finding, Intervention, Outcome, Report};
use doudi_model::{Fen, Problem, Text};

use super::{Context, refusal, visit};
use crate::case::{Case, Recorded, State};
use crate::timeline::Happening;

/// After so many visits at which nobody was met, the case may be closed.
const NOT_REACHED_TRIES: u32 = 3;

/// Ten million yuan: more than any single measure of help.
const AMOUNT_MAX: Fen = Fen(1_000_000_000);

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    let report = cx.request.detail.report.as_ref().ok_or_else(|| refusal::missing("detail.report"))?;
    check(case, cx, report)?;
    let was = case.state;
    match &cx.request.detail.visit {
        Some(visited) => visit::record(case, cx, visited)?,
        None if was == State::Acknowledged => return Err(refusal::visit_first()),
        None => {}
    }
    if let (State::Reported, Some(version)) = (was, case.report.as_ref().map(|earlier| earlier.version)) {
        cx.note(case, Happening::ReportReplaced { version });
    }
    let outcome = report.finding.outcome;
    case.not_reached = if outcome == Outcome::NotReached { case.not_reached.saturating_add(1) } else { 0 };
    let settled = match outcome {
        Outcome::NotReached => case.not_reached >= NOT_REACHED_TRIES,
        Outcome::Conference => false,
        _ => true,
    };
    case.state = if settled { State::Reported } else { State::Visited };
    let interventions = u32::try_from(report.interventions.len()).unwrap_or(u32::MAX);
    let version = cx.note(case, Happening::Reported { outcome, interventions, not_reached: case.not_reached });
    let rules = if report.finding.rules.is_empty() { case.rules() } else { report.finding.rules.clone() };
    case.report = Some(Recorded { report: report.clone(), version, office: cx.office.clone(), rules });
    Ok(())
}

fn check(case: &Case, cx: &Context<'_>, report: &Report) -> Result<(), Problem> {
    check_finding(case, cx, &report.finding)?;
    let outcome = report.finding.outcome;
    if outcome.needs_hearing() {
        let heard = report.hearing.as_ref().filter(|hearing| hearing.heard && !hearing.said.is_empty());
        let hearing = heard.ok_or_else(refusal::hearing)?;
        cx.not_in_future(hearing.on, "detail.report.hearing.on")?;
    }
    if report.interventions.len() > 20 {
        let message = Text::new("帮扶措施太多", "too many measures");
        let hint = Text::new("一次最多20项", "at most 20 at a time");
        return Err(refusal::wrong("detail.report.interventions", message, hint));
    }
    report.interventions.iter().try_for_each(check_intervention)
}

fn check_finding(case: &Case, cx: &Context<'_>, finding: &Finding) -> Result<(), Problem> {
    if !case.directions.iter().any(|direction| finding.outcome.applies_to(*direction)) {
        return Err(refusal::outcome());
    }
    cx.not_in_future(finding.on, "detail.report.finding.on")?;
    let known = |rule: &String| case.warnings.values().any(|warning| warning.rule == *rule);
    if !finding.rules.iter().all(known) {
        let message = Text::new("工单里没有这条规则的提醒", "the case has no warning of that rule");
        let hint =
            Text::new("从工单的提醒里选，或留空表示全部", "choose from the case's warnings, or leave it empty for all");
        return Err(refusal::wrong("detail.report.finding.rules", message, hint));
    }
    match finding.outcome {
        Outcome::SourceWrong => check_wrong(cx, finding),
        Outcome::Deceased => check_death(cx, finding),
        _ => Ok(()),
    }
}

fn check_wrong(cx: &Context<'_>, finding: &Finding) -> Result<(), Problem> {
    let wrong = finding.wrong.as_ref().ok_or_else(|| refusal::missing("detail.report.finding.wrong"))?;
    let lacks = |text: &str| text.trim().is_empty();
    for (field, lacks) in
        [("kind", lacks(&wrong.kind)), ("field", lacks(&wrong.field)), ("right", wrong.right.is_empty())]
    {
        if lacks {
            return Err(refusal::missing(&format!("detail.report.finding.wrong.{field}")));
        }
    }
    match cx.plan.offices().find(&wrong.office) {
        Some(_) => Ok(()),
        None => Err(refusal::unknown_office("detail.report.finding.wrong.office")),
    }
}

/// Who names the person who died names the day too; the day of the visit is not the day of death.
fn check_death(cx: &Context<'_>, finding: &Finding) -> Result<(), Problem> {
    match (finding.person, finding.since) {
        (_, Some(died_on)) => cx.not_in_future(died_on, "detail.report.finding.since"),
        (Some(_), None) => Err(refusal::missing("detail.report.finding.since")),
        (None, None) => Ok(()),
    }
}

fn check_intervention(intervention: &Intervention) -> Result<(), Problem> {
    if intervention.kind.trim().is_empty() {
        return Err(refusal::missing("detail.report.interventions.kind"));
    }
    if intervention.department.trim().is_empty() {
        return Err(refusal::missing("detail.report.interventions.department"));
    }
    match intervention.amount {
        Some(amount) if amount <= Fen(0) || amount > AMOUNT_MAX => {
            let message = Text::new("金额不在范围内", "the amount is out of range");
            let most = AMOUNT_MAX.yuan();
            let hint = Text::new(
                format!("大于0，不超过{most}元；没有金额就留空"),
                format!("more than 0 and at most {most} yuan; leave it out if there is none"),
            );
            Err(refusal::wrong("detail.report.interventions.amount", message, hint))
        }
        _ => Ok(()),
    }
}
