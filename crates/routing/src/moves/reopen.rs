//! Reopen (重新打开): a new round at the same office, with deadlines from today.

use doudi_model::Problem;

use super::{Context, refusal};
use crate::case::{Case, State};
use crate::timeline::Happening;

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    cx.needs_reason()?;
    if let Some(other) = cx.other {
        return Err(refusal::already_open(other));
    }
    case.begin_round(cx.plan, cx.today());
    case.state = State::Dispatched;
    case.assignee = None;
    cx.note(case, Happening::Reopened);
    Ok(())
}
