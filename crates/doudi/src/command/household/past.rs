//! What was known at an instant: log position, warnings and cases of then, from the record.

use std::collections::BTreeMap;

use doudi_model::{Instant, household};
use doudi_store::books;
use serde_json::{Value, json};

use crate::context::Failure;
use crate::house::Opened;

/// The last log position at or before an instant; none if nothing had happened yet.
pub(super) fn position(opened: &Opened, known_at: Instant) -> Result<Option<u64>, Failure> {
    let mut last = None;
    for entry in opened.house.entries(0)? {
        let (at, _) = entry?;
        if at.instant > known_at {
            break;
        }
        last = Some(at.position);
    }
    Ok(last)
}

/// Warnings and cases that were open at a log position, each as `household show` lists them.
pub(super) fn open_then(
    opened: &Opened,
    household: &household::Id,
    position: u64,
) -> Result<(Vec<Value>, Vec<Value>), Failure> {
    let mut warnings: BTreeMap<String, Value> = BTreeMap::new();
    let mut cases: BTreeMap<String, Value> = BTreeMap::new();
    for sequence in books::records_of(&opened.house.read(), household.as_str())? {
        let Some(line) = opened.house.record(sequence)? else { continue };
        let entry: Value = serde_json::from_slice(&line).unwrap_or_default();
        if entry.get("position").and_then(Value::as_u64).is_none_or(|at| at > position) {
            continue;
        }
        match entry.get("type").and_then(Value::as_str) {
            Some("warning") => warning(&mut warnings, &entry),
            Some("case-move") => case(&mut cases, &entry),
            _ => {}
        }
    }
    Ok((warnings.into_values().collect(), cases.into_values().collect()))
}

fn warning(open: &mut BTreeMap<String, Value>, entry: &Value) {
    let member = |name: &str| entry.get(name).cloned().unwrap_or_default();
    let id = entry.get("warning").and_then(Value::as_str).unwrap_or_default();
    let step = entry.get("step");
    let muted = step.and_then(|step| step.get("muted")).and_then(Value::as_bool);
    if step.and_then(Value::as_str) == Some("opened") {
        let row = json!({"id": id, "rule": member("rule"), "level": member("level"), "since": member("day"),
            "person": member("person"), "muted": false});
        open.insert(id.to_owned(), row);
    } else if step.is_some_and(|step| step.get("closed").is_some()) {
        open.remove(id);
    } else if let Some(row) = open.get_mut(id).and_then(Value::as_object_mut) {
        row.insert("level".into(), member("level"));
        if let Some(muted) = muted {
            row.insert("muted".into(), muted.into());
        }
    }
}

fn case(open: &mut BTreeMap<String, Value>, entry: &Value) {
    let member = |name: &str| entry.get(name).cloned().unwrap_or_default();
    let id = entry.get("case").and_then(Value::as_str).unwrap_or_default().to_owned();
    if entry.get("state").and_then(Value::as_str) == Some("closed") {
        open.remove(&id);
    } else {
        let row = json!({"id": id, "lead": member("lead"), "state": member("state"), "level": member("level")});
        open.insert(id, row);
    }
}
