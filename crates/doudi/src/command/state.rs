//! `doudi state rebuild / verify / stats`: the local state from the journal, and whether it is what it should be.

use std::sync::Arc;

use clap::Subcommand;
use doudi_engine::score::Head;
use doudi_model::Problem;
use doudi_model::stage::{Space, decode};
use doudi_routing::Case;
use doudi_store::stages::{Rulebook, Stages};
use doudi_store::state::{View, Walk};
use doudi_store::{digest, house};
use serde_json::{Value, json};

use crate::context::{Answer, Context, Done, Failure, unreadable};
use crate::house::{Opened, plan};
use crate::words;

/// The local state.
#[derive(Debug, Subcommand)]
pub(crate) enum StateCommand {
    /// 由日志重建状态 · make the state anew from the journal
    Rebuild,
    /// 计算状态摘要，并与由日志重建的状态比对 · digest of what is known; compares with a state made anew from the journal
    Verify {
        /// 只算摘要，不重建 · only the digest, nothing is made anew
        #[arg(long)]
        no_replay: bool,
    },
    /// 大小和计数 · sizes and counts
    Stats,
}

pub(crate) fn run(context: &Context, command: &StateCommand) -> Answer {
    match command {
        StateCommand::Rebuild => {
            let bundle = context.bundle()?;
            let plan = plan(&bundle)?;
            let book = Arc::new(Rulebook { bundle, plan });
            let entries = house::rebuild(context.data(), Stages::new(context.shelf(&book)))?;
            context.output().answer(&json!({"entries": entries}), || {
                context.say(
                    format!("由{entries}条日志重建完成"),
                    format!("the state was made anew from {entries} entries"),
                )
            });
            Ok(Done::Clean)
        }
        StateCommand::Verify { no_replay } => verify(context, *no_replay),
        StateCommand::Stats => {
            let stats = context.house()?.house.stats()?;
            let json = json!({
                "entries": stats.books.next, "admitted": stats.books.admitted, "refused": stats.books.refused,
                "records": stats.books.records, "journal_bytes": stats.journal_bytes, "state_bytes": stats.state_bytes,
            });
            context.output().answer(&json, || table(context, &stats));
            Ok(Done::Clean)
        }
    }
}

/// Sizes and counts, one a line.
fn table(context: &Context, stats: &house::Stats) -> String {
    let books = &stats.books;
    let last = books.last.map_or_else(|| "—".to_owned(), |at| words::instant(context, at));
    let count = |count: u64, zh: &str| context.say(format!("{count}{zh}"), count.to_string());
    let rows = [
        ("日志", "journal entries", count(books.next, "条")),
        ("其中采纳的事件", "  events admitted", count(books.admitted, "条")),
        ("其中拒收的事件", "  events refused", count(books.refused, "条")),
        ("台账", "record entries", count(books.records, "条")),
        ("最后一条的时间", "last entry at", last),
        ("日志占用", "bytes of the journal", size(stats.journal_bytes)),
        ("台账占用", "bytes of the record", size(books.record_bytes)),
        ("状态占用", "bytes of the state", size(stats.state_bytes)),
    ];
    let row = |(zh, en, value): &(&str, &str, String)| {
        // A Chinese sign is two columns wide.
        let gap = " ".repeat(18_usize.saturating_sub(2 * zh.chars().count()));
        context.say(format!("{zh}{gap}{value}\n"), format!("{en:<22}{value}\n"))
    };
    rows.iter().map(row).collect()
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{} MiB", bytes.div_ceil(1_048_576)),
    }
}

fn verify(context: &Context, no_replay: bool) -> Answer {
    match verified(context, no_replay) {
        // What stands there was changed: that is what verifying is for, not a fault of the surroundings.
        Err(Failure::Environment(problem)) if ALTERED.contains(&problem.code.as_ref()) => {
            let found = where_altered(context).unwrap_or(problem);
            context.output().failure(&Failure::Environment(found));
            Ok(Done::Found)
        }
        answer => answer,
    }
}

/// Codes of a record that is not what was written.
const ALTERED: [&str; 2] = ["store/record-altered", "store/record-short"];

/// The first entry of the record that differs from what the journal leads to; none if there is none, or it cannot be told.
fn where_altered(context: &Context) -> Option<Problem> {
    let bundle = context.bundle().ok()?;
    let plan = plan(&bundle).ok()?;
    let book = Arc::new(Rulebook { bundle, plan });
    let aside = tempfile::Builder::new().prefix("verify-").tempdir_in(context.data()).ok()?;
    let stages = Stages::new(context.shelf(&book));
    house::rebuild_aside(context.data(), aside.path(), u64::MAX, stages).err().map(|fault| fault.problem())
}

fn verified(context: &Context, no_replay: bool) -> Answer {
    let opened = context.house()?;
    let view = opened.house.read();
    let mut json = counts(&view)?;
    let known = digest::known(&view, &opened.house.keys().vault)?;
    let entries = opened.house.stats()?.books.next;
    let same = if no_replay { None } else { Some(rebuilt_equal(context, &opened, &view, entries)?) };
    if let Some(members) = json.as_object_mut() {
        members.insert("digest".into(), known.to_string().into());
        members.insert("entries".into(), entries.into());
        members.insert("rebuilt_equal".into(), same.into());
    }
    context.output().answer(&json, || {
        let count = |name: &str| json.get(name).and_then(Value::as_u64).unwrap_or_default();
        let (households, persons) = (count("households"), count("persons"));
        let (warnings, cases) = (count("warnings_open"), count("cases_open"));
        let mut text = context.say(
            format!(
                "{entries}条日志，{households}户，{persons}人；未关闭预警{warnings}条，工单{cases}张\n摘要 {known}\n"
            ),
            format!(
                "{entries} entries, {households} households, {persons} people; {warnings} warnings and {cases} cases \
                 open\ndigest {known}\n"
            ),
        );
        text.push_str(&match same {
            Some(true) => {
                context.say("由日志重建的状态与之逐位相同", "made anew from the journal it is the same, bit for bit")
            }
            Some(false) => context.say(
                "由日志重建的状态与之不同：运行 doudi state rebuild，并报告此问题",
                "made anew from the journal it differs: run doudi state rebuild, and report this",
            ),
            None => String::new(),
        });
        text
    });
    Ok(Done::found_if(same == Some(false)))
}

fn counts(view: &View) -> Result<Value, Failure> {
    let (mut households, mut persons, mut warnings, mut cases) = (0_u64, 0_u64, 0_usize, 0_usize);
    view.walk(Space::Household, &mut |_, value| {
        households += 1;
        warnings += decode::<Head>(value)?.open.len();
        Ok(())
    })?;
    view.walk(Space::Person, &mut |_, _| {
        persons += 1;
        Ok(())
    })?;
    view.walk(Space::Case, &mut |_, value| {
        cases += usize::from(decode::<Case>(value)?.is_open());
        Ok(())
    })?;
    Ok(json!({"households": households, "persons": persons, "warnings_open": warnings, "cases_open": cases}))
}

/// Makes the state anew beside the one at work, from the journal alone.
fn rebuilt_equal(context: &Context, opened: &Opened, view: &View, entries: u64) -> Result<bool, Failure> {
    let aside = tempfile::Builder::new()
        .prefix("verify-")
        .tempdir_in(context.data())
        .map_err(|fault| Failure::Environment(unreadable(context.data(), &fault)))?;
    let stages = Stages::new(context.shelf(&opened.book));
    let rebuilt = house::rebuild_aside(context.data(), aside.path(), entries, stages)?;
    Ok(digest::exact(&rebuilt.view())? == digest::exact(view)?)
}
