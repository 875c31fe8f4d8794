//! Lines of time lines as entries of the record: who did what, with pseudonyms only.

use doudi_model::value::Sealed;
use serde_json::{Value, json};

use crate::case::Case;
use crate::notice::effect_id;
use crate::plan::Step;
use crate::timeline::Entry;

/// One entry of the record, type `case-move`.
///
/// What a household said at its hearing and the worker's notes stay in the case; the reason goes along as it rests,
/// sealed, so that whoever holds the key can read it from the record alone.
pub(crate) fn entry(case: &Case, entry: &Entry) -> Value {
    let due = |step: Step| {
        let due = case.deadlines.get(step);
        json!({ "by": due.by, "provisional": due.is_provisional() })
    };
    let open: Vec<Value> = case
        .warnings
        .iter()
        .filter(|(_, warning)| warning.closed.is_none())
        .map(|(id, warning)| json!({ "id": id, "rule": warning.rule, "decision": warning.decision }))
        .collect();
    json!({
        "type": "case-move",
        "id": effect_id("record", &case.id, entry.version),
        "position": entry.position,
        "at": entry.at,
        "case": case.id,
        "version": entry.version,
        "household": case.household,
        "division": case.division,
        "lead": case.lead,
        "state": case.state,
        "level": case.level,
        "what": entry.what.code(),
        "detail": entry.what,
        "actor": entry.actor,
        "reason_sealed": entry.reason.sealed().map(Sealed::hex),
        "acknowledge": due(Step::Acknowledge),
        "visit": due(Step::Visit),
        "report": due(Step::Report),
        "warnings": open,
    })
}
