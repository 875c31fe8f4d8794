//! `doudi id check`: reads ID numbers, one a line. The only command that prints a number it was given.

use std::io::BufRead;

use clap::Subcommand;
use doudi_model::person::{Kind, Number, NumberProblem};
use doudi_model::{Day, Text};
use doudi_store::clock;
use serde_json::{Value, json};

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
    let today = clock::from_env()?.now().day();
    let mut wrong = false;
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line.map_err(|fault| Failure::Environment(unreadable("stdin".as_ref(), &fault)))?;
        // What is not UTF-8 is no number either, and the lines after it still count.
        let input = String::from_utf8_lossy(&line);
        let input = input.strip_suffix('\r').unwrap_or(&input);
        let answer = match judge(input, today) {
            Ok(number) => {
                json!({"input": input, "ok": true, "normalized": number.reveal(), "kind": kind(number.kind()), "problem": null})
            }
            Err((code, text)) => {
                wrong = true;
                let said: Value = json!({"code": code, "message": text.get(context.lang)});
                json!({"input": input, "ok": false, "normalized": null, "kind": null, "problem": said})
            }
        };
        context.output().line(&answer.to_string());
    }
    Ok(Done::found_if(wrong))
}

/// A sound number of somebody who has been born.
fn judge(input: &str, today: Day) -> Result<Number, (&'static str, Text)> {
    let number = Number::parse(input).map_err(|problem| (problem.code(), problem.text()))?;
    if number.birth() > today {
        let said = Text::new("身份证号中的出生日期在将来", "the ID number's day of birth lies in the future");
        return Err((NumberProblem::Birth.code(), said));
    }
    Ok(number)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Resident => "resident",
        Kind::Legacy => "legacy",
        Kind::Permit => "permit",
    }
}
