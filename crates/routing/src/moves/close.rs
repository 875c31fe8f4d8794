//! Close (结案): the finding is in, or nothing is left to find.

use doudi_model::Problem;

use super::{Context, refusal};
use crate::case::{Case, State};
use crate::timeline::{CloseReason, Happening};

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    let why = match case.outcome() {
        Some(outcome) if case.state == State::Reported => CloseReason::Reported(outcome),
        _ if case.active().next().is_none() => {
            cx.needs_reason()?;
            CloseReason::NoWarningLeft
        }
        _ => return Err(refusal::open_warnings(case)),
    };
    case.state = State::Closed;
    cx.note(case, Happening::Closed { why });
    Ok(())
}
