//! `doudi audit list / show / replay`: decisions on record, and the same decisions anew.

mod list;
mod text;

use clap::Subcommand;
use doudi_engine::replay;
use doudi_model::value::Sealed;
use doudi_model::{Day, Digest, household};
use doudi_rules::bundle::Bundle;
use doudi_store::bundles;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::context::{Answer, Context, Done, Failure};
use crate::house::Opened;

/// The record.
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// 列出台账，可按户、级别、种类筛选 · list the record, by household, level or type
    List(list::List),
    /// 显示一条台账：谁依据什么判定了什么 · show one entry of the record: who decided what by which rules
    Show {
        /// 台账序号 · the entry's number
        sequence: u64,
    },
    /// 重算判定并逐字节比对 · take decisions again and compare bit for bit
    Replay {
        /// 只重算一条 · one entry only
        sequence: Option<u64>,
    },
}

pub(crate) fn run(context: &Context, command: &Audit) -> Answer {
    let opened = context.house()?;
    match command {
        Audit::List(wanted) => list::run(context, &opened, wanted),
        Audit::Show { sequence } => show(context, &opened, *sequence),
        Audit::Replay { sequence } => replay_all(context, &opened, *sequence),
    }
}

fn show(context: &Context, opened: &Opened, sequence: u64) -> Answer {
    let line = opened.house.record(sequence)?.ok_or_else(|| Failure::usage(super::no_entry(sequence)))?;
    let mut entry: Value = serde_json::from_slice(&line).unwrap_or_default();
    open_reason(opened, &mut entry);
    context.output().answer(&entry, || text::whole(context, opened, sequence, &entry));
    Ok(Done::Clean)
}

/// Puts the reason of a move in clear beside its sealed form, which is what stands in the record.
fn open_reason(opened: &Opened, entry: &mut Value) {
    let sealed = entry.get("reason_sealed").and_then(Value::as_str).and_then(Sealed::from_hex);
    let reason = sealed.and_then(|sealed| opened.house.keys().vault.open_text(&sealed).ok());
    if let (Some(reason), Some(members)) = (reason, entry.as_object_mut()) {
        members.insert("reason".to_owned(), reason.reveal().as_str().into());
    }
}

fn replay_all(context: &Context, opened: &Opened, only: Option<u64>) -> Answer {
    let mut books: BTreeMap<Digest, Bundle> = BTreeMap::new();
    let (mut replayed, mut different) = (0_u64, Vec::new());
    for line in opened.house.records(only.unwrap_or(0))? {
        let (sequence, bytes) = line?;
        if only.is_some_and(|only| only != sequence) {
            break;
        }
        let entry: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if entry.get("type").is_none_or(|ty| ty != "decision") {
            continue;
        }
        replayed += 1;
        if !same(context, opened, &mut books, &entry)? {
            different.push(sequence);
        }
    }
    let json = json!({"replayed": replayed, "different": different});
    context.output().answer(&json, || match different.len() {
        0 => context
            .say(format!("重算{replayed}条判定，全部一致"), format!("{replayed} decisions taken again, all the same")),
        count => context.say(
            format!("重算{replayed}条判定，{count}条不一致：{different:?}"),
            format!("{replayed} decisions taken again, {count} differ: {different:?}"),
        ),
    });
    Ok(Done::found_if(!different.is_empty()))
}

fn same(
    context: &Context,
    opened: &Opened,
    books: &mut BTreeMap<Digest, Bundle>,
    entry: &Value,
) -> Result<bool, Failure> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let parsed =
        (text("bundle").parse::<Digest>(), text("household").parse::<household::Id>(), text("day").parse::<Day>());
    let (Ok(digest), Ok(household), Ok(day)) = parsed else { return Ok(false) };
    let bundle = match books.entry(digest) {
        Entry::Occupied(kept) => kept.into_mut(),
        Entry::Vacant(place) => {
            let Some(files) = bundles::read(context.data(), digest)? else { return Ok(false) };
            place.insert(Bundle::restore(files).map_err(Failure::Usage)?)
        }
    };
    let position = entry.get("position").and_then(Value::as_u64).unwrap_or_default();
    let again = replay::decide(&opened.house.read(), bundle, &household, position, day)?;
    Ok(again.iter().all(|(name, value)| entry.get(name) == Some(value)))
}
