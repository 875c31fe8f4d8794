//! `doudi state rebuild / stats`: the local state from the journal.

use clap::Subcommand;
use serde_json::json;

use crate::context::{Answer, Context, Done};
use crate::house::plan;
use doudi_store::stages::{Rulebook, Stages};
use std::sync::Arc;

/// The local state.
#[derive(Debug, Subcommand)]
pub(crate) enum StateCommand {
    /// 由日志重建状态 · make the state anew from the journal
    Rebuild,
    /// 大小和计数 · sizes and counts
    Stats,
}

pub(crate) fn run(context: &Context, command: &StateCommand) -> Answer {
    match command {
        StateCommand::Rebuild => {
            let bundle = context.bundle()?;
            let plan = plan(&bundle)?;
            let book = Arc::new(Rulebook { bundle, plan });
            let entries = doudi_store::house::rebuild(context.data(), Stages::new(context.shelf(&book)))?;
            context.output().answer(&json!({"entries": entries}), || format!("由{entries}条日志重建完成"));
        }
        StateCommand::Stats => {
            let stats = context.house()?.house.stats()?;
            let json = json!({
                "entries": stats.books.next, "admitted": stats.books.admitted, "refused": stats.books.refused,
                "records": stats.books.records, "journal_bytes": stats.journal_bytes, "state_bytes": stats.state_bytes,
            });
            context.output().answer(&json, || serde_json::to_string_pretty(&json).unwrap_or_default());
        }
    }
    Ok(Done::Clean)
}
