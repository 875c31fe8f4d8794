//! Return (退回): back to who passed it on, else to the office above.
//!
//! At a county or city office the case is then `Opened`: it waits to be dispatched. At any other it is `Dispatched`.

use doudi_model::Problem;

use super::{Context, change_hands, refusal};
use crate::case::{Case, State};
use crate::office::Kind;
use crate::timeline::Happening;

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    let code = cx.request.detail.return_code.ok_or_else(|| refusal::missing("detail.return_code"))?;
    cx.needs_reason()?;
    let offices = cx.plan.offices();
    let sender = case.sender.as_ref().and_then(|sender| offices.get(sender));
    let to = sender.or_else(|| offices.parent(&case.lead)).ok_or_else(refusal::nobody_above)?;
    let from = case.lead.clone();
    change_hands(case, cx.plan, cx.today(), &to.id, None);
    if matches!(to.kind, Kind::County | Kind::City) {
        case.state = State::Opened;
    }
    cx.note(case, Happening::Returned { from, to: to.id.clone(), code });
    Ok(())
}
