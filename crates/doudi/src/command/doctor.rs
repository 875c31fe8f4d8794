//! `doudi doctor`: looks at the surroundings and says what to mend. Changes nothing.

mod check;

use clap::Args;
use serde_json::{Value, json};

use crate::context::{Answer, Context, Done};

/// Nothing to say beyond the common flags.
#[derive(Debug, Args)]
pub(crate) struct Doctor {}

/// One thing looked at.
pub(crate) struct Finding {
    /// Stable name of what was looked at.
    name: &'static str,
    /// What was found.
    found: String,
    /// How to mend it; none if nothing is to be mended.
    mend: Option<String>,
}

pub(crate) fn run(context: &Context, _: &Doctor) -> Answer {
    let findings = check::all(context);
    let ill = findings.iter().filter(|finding| finding.mend.is_some()).count();
    let rows: Vec<Value> = findings
        .iter()
        .map(|one| {
            let state = if one.mend.is_some() { "mend" } else { "ok" };
            json!({"check": one.name, "state": state, "found": one.found, "mend": one.mend})
        })
        .collect();
    context.output().answer(&json!({"checks": rows, "to_mend": ill}), || {
        let mut text = String::new();
        for one in &findings {
            match &one.mend {
                None => text.push_str(&format!("ok    {}  {}\n", one.name, one.found)),
                Some(mend) => text.push_str(&format!("mend  {}  {}\n      → {mend}\n", one.name, one.found)),
            }
        }
        text.push_str(&match ill {
            0 => context.say("一切正常", "all is well"),
            _ => context.say(format!("{ill}处需要处理"), format!("{ill} to mend")),
        });
        text
    });
    Ok(Done::found_if(ill > 0))
}
