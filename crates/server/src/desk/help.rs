//! What the words and signs mean, and where to turn to.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use doudi_model::warning::Level;
use maud::html;

use super::part;
use super::shell::{Here, Page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::{SESSION_COOKIE, cookie};
use crate::view::State as Stand;

const STATES: [Stand; 6] =
    [Stand::Opened, Stand::Dispatched, Stand::Acknowledged, Stand::Visited, Stand::Reported, Stand::Closed];

/// Handles `GET /help`, also for those who are not logged in.
pub(super) async fn show(State(app): State<App>, ui: Ui, headers: HeaderMap) -> Response {
    let t = ui.words;
    let session = cookie(&headers, SESSION_COOKIE).and_then(|token| app.sessions.get(token));
    let body = html! {
        div.narrow.prose {
            h1 { (t.help) }
            h2 { (t.help_levels) }
            dl.summary {
                @for level in Level::ALL.into_iter().rev() {
                    div { dt { (part::level(&ui, level)) } dd { ((t.level_says)(level)) } }
                }
            }
            h2 { (t.help_states) }
            dl.summary {
                @for state in STATES { div { dt { (part::state(&ui, state)) } dd { ((t.state_says)(state)) } } }
            }
            h2 { (t.help_unknown) }
            p { (t.help_unknown_says) }
            h2 { (t.help_privacy) }
            p { (t.help_privacy_says) }
            h2 { (t.keys) }
            dl.summary {
                @for (key, words) in [("j k", t.key_move), ("x", t.key_choose), ("Enter", t.key_open), ("a", t.key_acknowledge)] {
                    div { dt { kbd { (key) } } dd { (words) } }
                }
            }
            h2 #complaints { (t.complaints) }
            p { (t.complaints_says) }
        }
    };
    let mut page = Page::new(t.help, Here::Help, body);
    if let Some(session) = &session {
        page = page.of(&session.account, &session.csrf);
    }
    page.reply(&ui, StatusCode::OK)
}
