//! `doudi config show`: each effective setting and where it came from.

use clap::Subcommand;
use doudi_server::config::SETTINGS;
use serde_json::{Value, json};

use crate::context::{Answer, Context, Done};

/// Settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// 每项设置的值和出处 · each setting's value and where it came from
    Show,
}

pub(crate) fn run(context: &Context, command: &ConfigCommand) -> Answer {
    let ConfigCommand::Show = command;
    let config = context.settings(std::collections::BTreeMap::new(), |_| true)?;
    let rows: Vec<(&str, &str, String, String)> = config
        .settings
        .iter()
        .map(|setting| {
            let spec = SETTINGS.iter().find(|spec| spec.name == setting.name);
            let purpose = spec.map(|spec| context.say(spec.zh, spec.en)).unwrap_or_default();
            (setting.name, setting.value.as_str(), setting.place(), purpose)
        })
        .collect();
    let json: Value = rows
        .iter()
        .map(|(name, value, place, _)| {
            let from = if place.is_empty() { "default" } else { place };
            ((*name).to_owned(), json!({"value": value, "from": from}))
        })
        .collect::<serde_json::Map<_, _>>()
        .into();
    context.output().answer(&json, || {
        let line = |(name, value, place, purpose): &(&str, &str, String, String)| {
            let from = if place.is_empty() { context.say("默认", "default") } else { place.clone() };
            format!("{name} = \"{value}\"  # {from}{}{purpose}\n", context.say("；", "; "))
        };
        rows.iter().map(line).collect()
    });
    Ok(Done::Clean)
}
