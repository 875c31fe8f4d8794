//! Errors as data: what, where, which field, how to mend it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{Lang, Text};

/// One fault, said so that the reader can mend it. Never holds a value that could identify a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code, for example `B0207`, `payload/range`, `envelope/specversion`.
    pub code: Cow<'static, str>,
    /// `file:line:column`, `sheet!cell`, `topic/partition/offset`, `event[3]`; empty if the whole input is meant.
    pub place: String,
    /// The field at fault, if one is.
    pub field: Option<String>,
    /// What is wrong.
    pub message: Text,
    /// What was expected and how to mend it.
    pub hint: Text,
}

impl Problem {
    /// A problem without place or field; see [`Problem::at`] and [`Problem::in_field`].
    pub fn new(code: impl Into<Cow<'static, str>>, message: Text, hint: Text) -> Problem {
        Problem { code: code.into(), place: String::new(), field: None, message, hint }
    }

    /// The same problem with its place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Problem {
        self.place = place.into();
        self
    }

    /// The same problem with its field.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Problem {
        self.field = Some(field.into());
        self
    }

    /// For a person, several lines.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.lines(&format!("错误 {}：{}", self.code, self.message.zh), "改法", lang),
            Lang::En => self.lines(&format!("error[{}]: {}", self.code, self.message.en), "hint", lang),
        }
    }

    /// The same for what is no error, but to be looked at.
    #[must_use]
    pub fn render_notice(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.lines(&format!("请留意 {}：{}", self.code, self.message.zh), "怎么办", lang),
            Lang::En => self.lines(&format!("notice[{}]: {}", self.code, self.message.en), "hint", lang),
        }
    }

    fn lines(&self, first: &str, hint: &str, lang: Lang) -> String {
        let mut out = first.to_owned();
        let mut place = self.place.clone();
        if let Some(field) = &self.field {
            if !place.is_empty() {
                place.push(' ');
            }
            place.push_str(field);
        }
        if !place.is_empty() {
            out.push_str("\n  ");
            out.push_str(&place);
        }
        if !self.hint.zh.is_empty() {
            let colon = if lang == Lang::Zh { "：" } else { ": " };
            out.push_str(&format!("\n{hint}{colon}{}", self.hint.get(lang)));
        }
        out
    }

    /// `{"code","message","where","field","hint"}` in one language.
    #[must_use]
    pub fn json(&self, lang: Lang) -> serde_json::Value {
        serde_json::json!({
            "code": self.code,
            "message": self.message.get(lang),
            "where": self.place,
            "field": self.field,
            "hint": self.hint.get(lang),
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Lang::En))
    }
}

impl std::error::Error for Problem {}
