//! How one person reads the desk: language, text size, shortcuts. Kept in cookies, for any visitor.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use doudi_model::{Lang, Problem, Text};

use crate::app::App;
use crate::auth::cookie;
use crate::reply::parse_lang;
use crate::words::{Words, words};

/// Text size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Standard,
    Large,
    Huge,
}

impl Size {
    pub(super) const ALL: [Size; 3] = [Size::Standard, Size::Large, Size::Huge];

    pub(super) fn name(self) -> &'static str {
        match self {
            Size::Standard => "standard",
            Size::Large => "large",
            Size::Huge => "huge",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Size> {
        Size::ALL.into_iter().find(|size| size.name() == name)
    }
}

/// What a page needs to be written for its reader.
#[derive(Clone)]
pub(super) struct Ui {
    pub(super) lang: Lang,
    pub(super) size: Size,
    pub(super) keys: bool,
    pub(super) words: &'static Words,
    pub(super) complaints: Option<String>,
}

impl Ui {
    pub(super) fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang)
    }

    /// A problem as two sentences.
    pub(super) fn said(&self, problem: &Problem) -> String {
        let stop = if self.lang == Lang::Zh { "。" } else { ". " };
        format!("{}{stop}{}{stop}", problem.message.get(self.lang), problem.hint.get(self.lang))
    }

    /// The value of the `lang` attribute.
    pub(super) fn tag(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
}

impl FromRequestParts<App> for Ui {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Ui, Infallible> {
        let chosen = |name: &str| cookie(&parts.headers, name);
        let lang = chosen("doudi_lang").and_then(parse_lang).unwrap_or(app.config.lang);
        let size = chosen("doudi_size").and_then(Size::parse).unwrap_or(Size::Standard);
        let keys = chosen("doudi_keys") != Some("off");
        Ok(Ui { lang, size, keys, words: words(lang), complaints: app.config.complaints.clone() })
    }
}
