//! `doudi dead-letters list / show / retry`: what was refused, why, and again once the cause is mended.

use std::io::Write;

use clap::Subcommand;
use doudi_engine::admit::envelope;
use doudi_model::{Problem, Text};
use doudi_store::entry::DeadHead;
use doudi_store::{Body, books, clock};
use serde_json::{Value, json};

use super::ingest;
use crate::cli::Format;
use crate::context::{Answer, Context, Done, Failure};
use crate::house::Opened;

/// Dead letters.
#[derive(Debug, Subcommand)]
pub(crate) enum DeadLetters {
    /// 列出被拒收的事件 · list what was refused
    List {
        /// 连同已处理的 · those that were dealt with as well
        #[arg(long)]
        all: bool,
        /// 只看这个错误码，例如 payload/range 或 payload · only this code or this beginning of one
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
    },
    /// 一条死信：为什么拒收 · one dead letter: why it was refused
    Show {
        /// 编号，或其开头几位 · its name, or how that begins
        id: String,
        /// 连同原件（可能含个人信息）· with its bytes, which may hold personal data
        #[arg(long)]
        bytes: bool,
    },
    /// 原因消除后重新接收 · take it in again after the cause is mended
    Retry {
        /// 编号，或其开头几位 · their names, or how those begin
        #[arg(required_unless_present = "all", value_name = "ID")]
        ids: Vec<String>,
        /// 全部未处理的 · all that wait
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

pub(crate) fn run(context: &Context, command: &DeadLetters) -> Answer {
    let opened = context.house()?;
    match command {
        DeadLetters::List { all, code } => list(context, &opened, *all, code.as_deref()),
        DeadLetters::Show { id, bytes } => show(context, &opened, id, *bytes),
        DeadLetters::Retry { ids, all } => retry(context, &opened, ids, *all),
    }
}

fn list(context: &Context, opened: &Opened, all: bool, code: Option<&str>) -> Answer {
    let mut heads = books::dead_heads(&opened.house.read())?;
    heads.retain(|head| all || head.resolved.is_none());
    heads.retain(|head| code.is_none_or(|code| head.problem.code.starts_with(code)));
    let json: Value = heads.iter().map(|head| summary(context, head)).collect();
    context.output().answer(&json, || {
        let mut text: String = heads.iter().map(|head| line(context, head)).collect();
        text.push_str(&context.say(format!("共{}条", heads.len()), format!("{} dead letters", heads.len())));
        text
    });
    Ok(Done::Clean)
}

fn summary(context: &Context, head: &DeadHead) -> Value {
    json!({
        "id": head.id,
        "received": head.received,
        "position": head.position,
        "error": head.problem.json(context.lang),
        "content_type": head.content_type,
        "bytes": head.bytes,
        "attempts": head.attempts,
        "kafka": head.origin.as_ref().map(|origin| json!({
            "topic": origin.topic, "partition": origin.partition, "offset": origin.offset,
        })),
        "resolved": head.resolved,
    })
}

fn line(context: &Context, head: &DeadHead) -> String {
    let field = head.problem.field.as_deref().map(|field| format!(" {field}")).unwrap_or_default();
    let done = match head.resolved {
        Some(_) => context.say("（已处理）", " (dealt with)"),
        None => String::new(),
    };
    let said = head.problem.message.get(context.lang);
    format!("{}  {}  {}{field}  {said}{done}\n", head.id, head.received, head.problem.code)
}

fn show(context: &Context, opened: &Opened, id: &str, bytes: bool) -> Answer {
    let head = find(opened, id)?;
    let original = if bytes { Some(original(opened, &head)?) } else { None };
    let mut json = summary(context, &head);
    if let (Some(original), Some(members)) = (&original, json.as_object_mut()) {
        members.insert("original".into(), String::from_utf8_lossy(original).into_owned().into());
    }
    let lines = text(context, &head);
    context.output().answer(&json, || lines);
    match original {
        // As it came, byte for byte, so that it can be mended in a file and sent again.
        Some(original) if context.format == Format::Text => {
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(&original).and_then(|()| out.write_all(b"\n"));
        }
        Some(_) => {}
        None => context.output().note(&Text::new(
            "原件可能含个人信息，加 --bytes 才显示",
            "the bytes may hold personal data; --bytes shows them",
        )),
    }
    Ok(Done::Clean)
}

fn text(context: &Context, head: &DeadHead) -> String {
    let mut text = head.problem.render(context.lang);
    text.push_str(&context.say(
        format!("\n死信 {}，{}收到，{}字节（加密后）", head.id, head.received, head.bytes),
        format!("\ndead letter {}, received {}, {} bytes (sealed)", head.id, head.received, head.bytes),
    ));
    if head.attempts > 1 {
        let times = head.attempts;
        text.push_str(&context.say(format!("\n共拒收{times}次"), format!("\nrefused {times} times")));
    }
    if let Some(origin) = &head.origin {
        text.push_str(&format!("\nKafka {}/{}/{}", origin.topic, origin.partition, origin.offset));
    }
    if let Some(position) = head.resolved {
        text.push_str(
            &context.say(format!("\n已处理（日志第{position}条）"), format!("\ndealt with at entry {position}")),
        );
    }
    text
}

fn retry(context: &Context, opened: &Opened, ids: &[String], all: bool) -> Answer {
    let heads: Vec<DeadHead> = if all {
        books::dead_heads(&opened.house.read())?.into_iter().filter(|head| head.resolved.is_none()).collect()
    } else {
        ids.iter().map(|id| find(opened, id)).collect::<Result<_, _>>()?
    };
    let (mut accepted, mut duplicates, mut refused) = (0_u64, 0_u64, Vec::new());
    for head in &heads {
        match again(opened, head)? {
            Ok(true) => accepted += 1,
            Ok(false) => duplicates += 1,
            Err(problem) => {
                context.output().problem(&problem.clone().at(head.id.to_string()));
                refused.push(json!({"id": head.id, "error": problem.json(context.lang)}));
            }
        }
    }
    opened.house.shutdown()?;
    let json = json!({"retried": heads.len(), "accepted": accepted, "duplicates": duplicates, "refused": refused});
    context.output().answer(&json, || {
        let (tried, still) = (heads.len(), refused.len());
        context.say(
            format!("重试{tried}条：采纳{accepted}条，早已收到{duplicates}条，仍拒收{still}条"),
            format!("{tried} retried: {accepted} accepted, {duplicates} known already, {still} refused again"),
        )
    });
    Ok(Done::found_if(!refused.is_empty()))
}

/// Takes the bytes in again; true if the event is new. What is refused once more stays as it is.
fn again(opened: &Opened, head: &DeadHead) -> Result<Result<bool, Problem>, Failure> {
    // A row of a table is mended in the table, which is then taken in once more.
    if head.problem.code.starts_with("cell/") {
        return Ok(Err(head.problem.clone()));
    }
    let bytes = original(opened, head)?;
    match ingest::take(opened, envelope::structured(&bytes), &bytes, clock::from_env()?.now()) {
        Body::Refused(letter) => Ok(Err(letter.problem)),
        body => {
            // In this order: should the process end between the two, the event is in and the letter can be retried.
            let placed = opened.house.place_blocking(vec![body, Body::Resolved { dead: head.id }])?;
            let last = placed.iter().map(|placed| placed.position).max().unwrap_or_default();
            opened.house.wait_applied_blocking(last)?;
            Ok(Ok(placed.first().is_some_and(|placed| placed.fresh)))
        }
    }
}

fn original(opened: &Opened, head: &DeadHead) -> Result<Vec<u8>, Failure> {
    let letter = opened.house.dead_letter(head.id)?.ok_or_else(|| Failure::usage(none(&head.id.to_string())))?;
    Ok(opened.house.keys().vault.open(&letter.sealed_bytes)?.reveal().clone())
}

fn find(opened: &Opened, id: &str) -> Result<DeadHead, Failure> {
    let wanted = id.trim_start_matches("p-").to_ascii_lowercase();
    let fits = |head: &DeadHead| head.id.to_string().trim_start_matches("p-").starts_with(&wanted);
    let mut found = books::dead_heads(&opened.house.read())?.into_iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(head), None) if !wanted.is_empty() => Ok(head),
        (Some(_), Some(_)) => Err(Failure::usage(Problem::new(
            "use/ambiguous",
            Text::new(format!("{id} 对应不止一条死信"), format!("more than one dead letter begins with {id}")),
            Text::new("请多写几位编号", "give more signs of its name"),
        ))),
        _ => Err(Failure::usage(none(id))),
    }
}

fn none(id: &str) -> Problem {
    super::missing("use/no-dead-letter", format!("没有死信 {id}"), format!("there is no dead letter {id}"))
}
