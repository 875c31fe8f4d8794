//! Visit (走访): who went, when, whom they met.

use doudi_feedback::Visit;
use doudi_model::{Problem, Text};

use super::{Context, refusal};
use crate::case::{Case, State};
use crate::timeline::Happening;

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    let visit = cx.request.detail.visit.as_ref().ok_or_else(|| refusal::missing("detail.visit"))?;
    record(case, cx, visit)
}

/// Records a visit; a report that brings its visit along uses it too.
pub(super) fn record(case: &mut Case, cx: &Context<'_>, visit: &Visit) -> Result<(), Problem> {
    cx.not_in_future(visit.on, "detail.visit.on")?;
    let named = visit.investigators.iter().filter(|name| !name.is_empty()).count();
    if named == 0 || named != visit.investigators.len() || named > 8 {
        let message = Text::new("调查人员没有写全", "the investigators are not all named");
        let hint = Text::new("写1到8人，入户一般两人", "name one to eight people; a home visit usually has two");
        return Err(refusal::wrong("detail.visit.investigators", message, hint));
    }
    case.visit = Some(visit.clone());
    if case.state < State::Visited {
        case.state = State::Visited;
    }
    cx.note(case, Happening::Visited { on: visit.on, how: visit.how });
    Ok(())
}
