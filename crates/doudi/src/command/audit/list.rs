//! `doudi audit list`: the record a page at a time, one line an entry.

use clap::Args;
use doudi_model::warning::Level;
use doudi_store::books;
use serde_json::{Value, json};

use super::text;
use crate::context::{Answer, Context, Done, Failure};
use crate::house::Opened;

/// Which entries.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// 只看一户 · one household only
    #[arg(long, value_name = "ID")]
    household: Option<String>,
    /// 只看这个级别：red orange yellow blue · this level only
    #[arg(long, value_name = "L", value_parser = level)]
    level: Option<Level>,
    /// 只看这一类：decision 判定、warning 预警、case-move 工单 · this type only
    #[arg(long = "type", value_name = "TYPE")]
    ty: Option<String>,
    /// 从哪个序号看起 · from which number on
    #[arg(long, value_name = "N", default_value_t = 0)]
    from: u64,
    /// 最多几条 · so many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

fn level(text: &str) -> Result<Level, String> {
    let level = Level::parse(text).or_else(|| Level::ALL.into_iter().find(|level| level.zh() == text));
    level.ok_or_else(|| "red 红、orange 橙、yellow 黄、blue 蓝".to_owned())
}

impl List {
    fn takes(&self, entry: &Value) -> bool {
        let is = |name: &str, wanted: &str| entry.get(name).and_then(Value::as_str) == Some(wanted);
        self.household.as_ref().is_none_or(|household| is("household", household))
            && self.level.is_none_or(|level| is("level", level.name()))
            && self.ty.as_ref().is_none_or(|ty| is("type", ty))
    }
}

pub(super) fn run(context: &Context, opened: &Opened, list: &List) -> Answer {
    let (mut found, mut more) = (Vec::new(), None);
    let mut take = |sequence: u64, line: &[u8]| {
        let entry: Value = serde_json::from_slice(line).unwrap_or_default();
        if list.takes(&entry) {
            if found.len() == list.limit {
                more = Some(sequence);
                return false;
            }
            found.push((sequence, entry));
        }
        true
    };
    match &list.household {
        // The state knows which entries speak of a household.
        Some(household) => {
            for sequence in books::records_of(&opened.house.read(), household)? {
                let Some(line) = opened.house.record(sequence)?.filter(|_| sequence >= list.from) else { continue };
                if !take(sequence, &line) {
                    break;
                }
            }
        }
        None => {
            for line in opened.house.records(list.from).map_err(Failure::from)? {
                let (sequence, line) = line?;
                if !take(sequence, &line) {
                    break;
                }
            }
        }
    }
    let entries: Vec<Value> = found.iter().map(|(sequence, entry)| summary(*sequence, entry)).collect();
    context.output().answer(&json!({"entries": entries, "next": more}), || {
        let mut text: String =
            found.iter().map(|(sequence, entry)| text::line(context, opened, *sequence, entry)).collect();
        match more {
            Some(next) => text.push_str(&context.say(
                format!("共显示{}条，后面还有：加 --from {next}", found.len()),
                format!("{} entries shown, more follow: add --from {next}", found.len()),
            )),
            None => text.push_str(&context.say(format!("共{}条", found.len()), format!("{} entries", found.len()))),
        }
        text
    });
    Ok(Done::Clean)
}

fn summary(sequence: u64, entry: &Value) -> Value {
    let member = |name: &str| entry.get(name).cloned().unwrap_or_default();
    json!({
        "seq": sequence, "type": member("type"), "at": member("at"), "household": member("household"),
        "level": member("level"), "position": member("position"),
    })
}
