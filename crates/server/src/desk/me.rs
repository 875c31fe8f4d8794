//! One's own settings: language, text size, shortcuts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::form::Fields;
use super::login::with_cookie;
use super::part::{self, Errors};
use super::route::denied;
use super::shell::{Here, Page};
use super::ui::{Size, Ui};
use crate::app::App;
use crate::auth::Viewer;
use crate::reply::parse_lang;
use doudi_model::Lang;

/// Handles `GET /me`.
pub(super) async fn show(State(app): State<App>, ui: Ui, viewer: Viewer) -> Response {
    let t = ui.words;
    let offices = app.service.offices();
    let office = offices.iter().find(|office| office.id == viewer.account.office);
    let tree = app.service.divisions();
    let pair = |value: &str, words: &str| (value.to_owned(), words.to_owned());
    let langs = vec![pair("zh", "中文"), pair("en", "English")];
    let sizes: Vec<_> = Size::ALL.into_iter().map(|size| pair(size.name(), size_words(&ui, size))).collect();
    let keys = vec![pair("on", t.keys_on), pair("off", t.keys_off)];
    let lang = if ui.lang == Lang::En { "en" } else { "zh" };
    let none = Errors::new();
    let body = html! {
        div.narrow {
            h1 { (t.me) }
            (part::summary(&[
                (t.name, html! { (viewer.account.display) }),
                (t.office, html! { (office.map_or(viewer.account.office.as_str(), |office| ui.text(&office.name))) }),
                (t.area, html! { (tree.full_name(viewer.account.division)) }),
            ]))
            form method="post" action="/me" {
                (part::hidden(&viewer.csrf, ""))
                (part::radios("lang", t.language, "", &[(String::new(), langs)], lang, &none))
                (part::radios("size", t.text_size, "", &[(String::new(), sizes)], ui.size.name(), &none))
                (part::radios("keys", t.keys, t.keys_hint, &[(String::new(), keys)], if ui.keys { "on" } else { "off" }, &none))
                div.act { button.primary type="submit" { (t.save) } }
            }
        }
    };
    Page::new(t.me, Here::Me, body).of(&viewer.account, &viewer.csrf).reply(&ui, StatusCode::OK)
}

fn size_words(ui: &Ui, size: Size) -> &'static str {
    match size {
        Size::Standard => ui.words.size_standard,
        Size::Large => ui.words.size_large,
        Size::Huge => ui.words.size_huge,
    }
}

/// Handles `POST /me`.
pub(super) async fn save(ui: Ui, viewer: Viewer, fields: Fields) -> Response {
    if fields.get("csrf") != viewer.csrf {
        return denied(&ui, &viewer);
    }
    let mut response = Redirect::to("/me").into_response();
    let year = "Path=/; SameSite=Lax; Max-Age=31536000";
    if let Some(lang) = parse_lang(fields.get("lang")) {
        let tag = if lang == Lang::En { "en" } else { "zh" };
        response = with_cookie(response, &format!("doudi_lang={tag}; {year}"));
    }
    if let Some(size) = Size::parse(fields.get("size")) {
        response = with_cookie(response, &format!("doudi_size={}; {year}", size.name()));
    }
    let keys = if fields.get("keys") == "off" { "off" } else { "on" };
    with_cookie(response, &format!("doudi_keys={keys}; {year}"))
}
