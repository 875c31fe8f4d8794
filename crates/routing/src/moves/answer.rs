//! Answer (答复更正): the office that holds a value says whether it was wrong. The case stays where it is.

use doudi_model::Problem;

use super::{Context, refusal};
use crate::case::Case;
use crate::timeline::Happening;

pub(super) fn apply(case: &mut Case, cx: &Context<'_>) -> Result<(), Problem> {
    let answer = cx.request.detail.answer.as_ref().ok_or_else(|| refusal::missing("detail.answer"))?;
    let correction = cx.correction.ok_or_else(refusal::no_correction)?;
    if correction.answered.is_some() {
        return Err(refusal::already_answered());
    }
    if !answer.corrected {
        cx.needs_reason()?;
    }
    let what = Happening::CorrectionAnswered { correction: correction.id.clone(), corrected: answer.corrected };
    cx.note(case, what);
    Ok(())
}
