//! Transfer (转办): to the office whose work it is. The sender keeps the time line.

use doudi_model::Problem;

use super::{Context, change_hands, refusal};
use crate::case::Case;
use crate::timeline::Happening;

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    cx.needs_reason()?;
    let to = cx.to_office()?;
    if to == case.lead {
        return Err(refusal::same_office());
    }
    let from = case.lead.clone();
    change_hands(case, cx.plan, cx.today(), &to, Some(from.clone()));
    cx.note(case, Happening::Transferred { from, to });
    Ok(())
}
