//! Which source may send events: one bearer token each, from a TOML file.

use std::collections::BTreeMap;

use doudi_model::{Digest, Problem, Text};
use serde::Deserialize;

/// Tokens by their SHA-256, each with the `source` values it may speak for.
///
/// Without a file nothing is configured, and only senders on this machine are heard.
#[derive(Debug, Clone, Default)]
pub struct EventSources {
    by_token: BTreeMap<Digest, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    source: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    token_sha256: Digest,
}

/// Who may speak in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voice {
    /// Any source: a sender on this machine where no tokens are configured.
    Any,
    /// These sources. A name that ends with `*` stands for all that begin so.
    Of(Vec<String>),
}

impl Voice {
    /// Whether it may speak for `source`.
    #[must_use]
    pub fn may(&self, source: &str) -> bool {
        match self {
            Voice::Any => true,
            Voice::Of(names) => names.iter().any(|name| match name.strip_suffix('*') {
                Some(head) => source.starts_with(head),
                None => name == source,
            }),
        }
    }
}

impl EventSources {
    /// Reads `[[source]]` tables: `name` (a CloudEvents source, `*` at its end for all that begin so) and
    /// `token_sha256`.
    ///
    /// # Errors
    /// If the file is not of that form; its text is not quoted.
    pub fn read(file: &str, text: &str) -> Result<EventSources, Vec<Problem>> {
        let rows: File = toml::from_str(text).map_err(|fault| {
            let line = fault.span().map_or(1, |span| text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1);
            let message = Text::new("来源令牌文件读不懂", "the file of source tokens cannot be read");
            let hint = Text::new(
                "每个来源一段 [[source]]：name、token_sha256（64 位十六进制）",
                "one [[source]] each with name and token_sha256 (64 hexadecimal signs)",
            );
            vec![Problem::new("sources/toml", message, hint).at(format!("{file}:{line}"))]
        })?;
        let mut by_token: BTreeMap<Digest, Vec<String>> = BTreeMap::new();
        for row in rows.source {
            by_token.entry(row.token_sha256).or_default().push(row.name);
        }
        Ok(EventSources { by_token })
    }

    /// Whether any token is configured.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        !self.by_token.is_empty()
    }

    /// For whom the sender of a request may speak; `None` if for nobody.
    #[must_use]
    pub fn voice(&self, bearer: Option<&str>, on_this_machine: bool) -> Option<Voice> {
        if !self.is_configured() {
            return on_this_machine.then_some(Voice::Any);
        }
        // Tokens are found by their digest, so the time of the search tells nothing about them.
        self.by_token.get(&Digest::of(bearer?.as_bytes())).cloned().map(Voice::Of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tokens_only_this_machine_is_heard() {
        let none = EventSources::default();
        assert_eq!(none.voice(None, true), Some(Voice::Any));
        assert_eq!(none.voice(Some("x"), false), None);
    }

    #[test]
    fn a_token_speaks_for_its_own_sources_only() {
        let text = format!("[[source]]\nname = \"urn:gov:xn:yb*\"\ntoken_sha256 = \"{}\"\n", Digest::of(b"s3cret"));
        let sources = EventSources::read("sources.toml", &text).unwrap();
        assert_eq!(sources.voice(None, true), None);
        let voice = sources.voice(Some("s3cret"), false).unwrap();
        assert!(voice.may("urn:gov:xn:ybj") && !voice.may("urn:gov:xn:mz"));
    }
}
