//! `doudi error CODE`: what a code means, an example, how to mend it. One file of pages per family of codes.

mod bundle;
mod casework;
mod condition;
mod envelope;
mod payload;
mod register;
mod routing;
mod setting;
mod store;

use clap::Args;
use doudi_model::{Lang, Problem, Text};
use serde_json::{Value, json};

use crate::context::{Answer, Context, Done, Failure};

/// Which code.
#[derive(Debug, Args)]
pub(crate) struct ErrorCode {
    /// 错误码，例如 B0207、payload/range；写开头则列出一类 · a code; its beginning lists the family
    #[arg(default_value = "")]
    code: String,
}

/// The page of one code.
struct Page {
    code: &'static str,
    zh: Words,
    en: Words,
    /// What leads to it, as it would be typed or sent.
    example: &'static str,
}

/// A page's words in one language.
struct Words {
    meaning: &'static str,
    mend: &'static str,
}

/// `page(code, (meaning, mend) in Chinese, in English, example)`.
const fn page(
    code: &'static str,
    zh: (&'static str, &'static str),
    en: (&'static str, &'static str),
    example: &'static str,
) -> Page {
    Page { code, zh: Words { meaning: zh.0, mend: zh.1 }, en: Words { meaning: en.0, mend: en.1 }, example }
}

fn pages() -> impl Iterator<Item = &'static Page> {
    [
        bundle::PAGES,
        condition::PAGES,
        envelope::PAGES,
        payload::PAGES,
        register::PAGES,
        routing::PAGES,
        casework::PAGES,
        store::PAGES,
        setting::PAGES,
    ]
    .into_iter()
    .flatten()
}

pub(crate) fn run(context: &Context, command: &ErrorCode) -> Answer {
    let wanted = command.code.trim();
    if let Some(page) = pages().find(|page| page.code.eq_ignore_ascii_case(wanted)) {
        context.output().answer(&page.json(context.lang), || page.text(context.lang));
        return Ok(Done::Clean);
    }
    let family: Vec<&Page> = pages().filter(|page| begins(page.code, wanted)).collect();
    if family.is_empty() {
        return Err(Failure::usage(unknown(wanted)));
    }
    let json: Value = family.iter().map(|page| page.json(context.lang)).collect();
    context.output().answer(&json, || {
        family.iter().map(|page| format!("{}  {}\n", page.code, page.words(context.lang).meaning)).collect()
    });
    Ok(Done::Clean)
}

fn begins(code: &str, wanted: &str) -> bool {
    code.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
}

/// No such code: the nearest one, if one is near.
fn unknown(wanted: &str) -> Problem {
    let cased = if wanted.contains('/') { wanted.to_lowercase() } else { wanted.to_uppercase() };
    let near = doudi_rules::nearest(&cased, pages().map(|page| page.code));
    let hint = match near {
        Some(near) => Text::new(format!("是否想查 {near}？"), format!("did you mean {near}?")),
        None => Text::new("doudi error 列出全部错误码", "`doudi error` lists all codes"),
    };
    let message = Text::new(format!("没有错误码 {wanted}"), format!("there is no code {wanted}"));
    Problem::new("use/no-code", message, hint)
}

impl Page {
    fn words(&self, lang: Lang) -> &Words {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    fn json(&self, lang: Lang) -> Value {
        let Words { meaning, mend } = self.words(lang);
        json!({"code": self.code, "meaning": meaning, "example": self.example, "mend": mend})
    }

    fn text(&self, lang: Lang) -> String {
        let Words { meaning, mend } = self.words(lang);
        match lang {
            Lang::Zh => format!("{}\n含义：{meaning}\n例子：{}\n改法：{mend}\n", self.code, self.example),
            Lang::En => format!("{}\nmeaning: {meaning}\nexample: {}\nmend: {mend}\n", self.code, self.example),
        }
    }
}
