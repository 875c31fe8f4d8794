//! Forms as they arrive: fields by name, and how people write days and amounts.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;
use axum::{Form, http::StatusCode};
use doudi_model::{Day, Fen};

use super::route::problem_page;
use super::ui::Ui;
use crate::app::App;
use crate::words::fault;

/// The fields of a form; a name can have several values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    pub(super) fn of(pairs: Vec<(String, String)>) -> Fields {
        let mut fields = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value.trim().to_owned());
        }
        Fields(fields)
    }

    /// The first value of a name, blank if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// All values of a name.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), vec![value.into()]);
    }

    /// Takes over the fields of another form, name by name.
    pub(super) fn merge(&mut self, other: Fields) {
        self.0.extend(other.0);
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|(name, values)| name.len() + values.iter().map(String::len).sum::<usize>()).sum()
    }
}

impl FromRequest<App> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Fields, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(ui) = Ui::from_request_parts(&mut parts, app).await;
        let request = Request::from_parts(parts, body);
        match Form::<Vec<(String, String)>>::from_request(request, app).await {
            Ok(Form(pairs)) => Ok(Fields::of(pairs)),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(problem_page(&ui, None, StatusCode::PAYLOAD_TOO_LARGE, &fault::request_too_large()))
            }
            Err(_) => Err(problem_page(&ui, None, StatusCode::BAD_REQUEST, &fault::bad_form())),
        }
    }
}

/// Full-width digits and signs as half-width ones.
fn narrow(text: &str) -> String {
    text.chars()
        .map(|sign| match sign {
            '！'..='～' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
            '　' => ' ',
            '。' => '.',
            sign => sign,
        })
        .collect()
}

/// A day as people write it: `2026-11-20`, `2026/11/20`, `20261120`, `2026年11月20日`.
pub(super) fn day(text: &str) -> Option<Day> {
    let text = narrow(text.trim());
    let parts: Vec<&str> = text.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [one] if one.len() == 8 => (one.get(..4)?, one.get(4..6)?, one.get(6..)?),
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// An amount in yuan as people write it: `1,200.50`, `１２００`, `1200元`, `￥1200`.
///
/// At most two decimals, never negative, at most 100 million yuan.
pub(super) fn amount(text: &str) -> Option<Fen> {
    let text: String = narrow(text).chars().filter(|sign| !matches!(sign, ',' | '，' | ' ' | '¥' | '￥')).collect();
    let text = text.trim_end_matches('元').trim_end_matches("RMB");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || decimals.len() > 2 || !digits(whole) || !digits(decimals) {
        return None;
    }
    let fen: i64 = format!("{decimals:0<2}").parse().ok()?;
    let amount = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen)?;
    (amount <= 100_000_000_00).then_some(Fen(amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, fen) in [
            ("1,200.50", 120_050),
            ("１２００", 120_000),
            ("1200元", 120_000),
            ("￥1 200.5", 120_050),
            ("0", 0),
            ("3.07", 307),
        ] {
            assert_eq!(amount(text), Some(Fen(fen)), "{text}");
        }
        for text in ["", "-5", "1.234", "约1200", "1e3", "9999999999", "1.2.3", "."] {
            assert_eq!(amount(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let wanted = Day::new(2026, 11, 20);
        for text in ["2026-11-20", "2026/11/20", "20261120", "2026年11月20日", "２０２６．１１．２０", " 2026-11-20 "]
        {
            assert_eq!(day(text), wanted, "{text}");
        }
        for text in ["", "11-20", "2026-11-31", "昨天", "26-11-20", "2026-11"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
