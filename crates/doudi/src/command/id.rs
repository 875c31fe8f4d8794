//! `doudi id check`: reads ID numbers, one a line. The only command that prints a number it was given.

use std::io::BufRead;

use clap::Subcommand;
use doudi_model::person::{Kind, Number};
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure, unreadable};

/// ID numbers.
#[derive(Debug, Subcommand)]
pub(crate) enum Id {
    /// 从标准输入逐行核对身份证号 · check ID numbers read from stdin, one a line
    Check,
}

pub(crate) fn run(context: &Context, command: Id) -> Answer {
    match command {
        Id::Check => check(context),
    }
}

fn check(context: &Context) -> Answer {
    let mut wrong = false;
    for line in std::io::stdin().lock().lines() {
        let input = line.map_err(|fault| Failure::Environment(unreadable("stdin".as_ref(), &fault)))?;
        let answer = match Number::parse(&input) {
            Ok(number) => {
                let kind = match number.kind() {
                    Kind::Resident => "resident",
                    Kind::Legacy => "legacy",
                    Kind::Permit => "permit",
                };
                json!({"input": input, "ok": true, "normalized": number.reveal(), "kind": kind, "problem": null})
            }
            Err(problem) => {
                wrong = true;
                let said = json!({"code": problem.code(), "message": problem.text().get(context.lang)});
                json!({"input": input, "ok": false, "normalized": null, "kind": null, "problem": said})
            }
        };
        context.output().line(&answer.to_string());
    }
    Ok(Done::found_if(wrong))
}
