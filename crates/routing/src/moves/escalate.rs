//! Escalate (督办): an office above is told and may act. The case stays where it is.

use doudi_model::Problem;

use super::{Context, refusal};
use crate::case::Case;
use crate::timeline::Happening;

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    cx.needs_reason()?;
    let to = match &cx.request.detail.to_office {
        Some(_) => cx.to_office()?,
        None => cx.plan.offices().parent(&case.lead).ok_or_else(refusal::nobody_above)?.id.clone(),
    };
    if to == case.lead {
        return Err(refusal::same_office());
    }
    case.told.insert(to.clone());
    let after = case.next_due().map_or(0, |(_, due)| cx.plan.calendar().working_days_between(due.by, cx.today()));
    cx.note(case, Happening::Escalated { to, step: None, after });
    Ok(())
}
