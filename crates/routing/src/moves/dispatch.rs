//! Dispatch (分办): a dispatcher gives a case to an office.

use doudi_model::Problem;

use super::{Context, change_hands};
use crate::case::Case;
use crate::timeline::Happening;

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    let to = cx.to_office()?;
    let dispatcher = case.lead.clone();
    change_hands(case, cx.plan, cx.today(), &to, Some(dispatcher));
    cx.note(case, Happening::Dispatched { to });
    Ok(())
}
