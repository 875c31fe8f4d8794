//! Acknowledge (签收): seen, and mine. The clock runs on.

use doudi_model::Problem;

use super::Context;
use crate::case::{Case, State};
use crate::timeline::Happening;

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    case.state = State::Acknowledged;
    case.assignee = Some(cx.request.actor.name.clone());
    cx.note(case, Happening::Acknowledged);
    Ok(())
}
