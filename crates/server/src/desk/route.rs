//! The addresses of the desk, and the pages for what went wrong.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use maud::html;

use super::shell::{Here, Page};
use super::ui::Ui;
use super::{asset, case, feedback, help, inbox, login, me, moves, print, system};
use crate::app::App;
use crate::auth::Viewer;
use crate::reply::fault_problem;
use crate::service::Fault;

/// All pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(login::home))
        .route("/login", get(login::show).post(login::enter))
        .route("/logout", post(login::leave))
        .route("/inbox", get(inbox::show))
        .route("/inbox/acknowledge", post(inbox::acknowledge))
        .route("/inbox/news", get(inbox::news))
        .route("/cases/{id}", get(case::show))
        .route("/cases/{id}/moves/{kind}", get(moves::show).post(moves::make))
        .route("/cases/{id}/feedback", get(feedback::show).post(feedback::take))
        .route("/cases/{id}/print", get(print::show))
        .route("/me", get(me::show).post(me::save))
        .route("/help", get(help::show))
        .route("/system", get(system::show))
        .route("/static/{file}", get(asset::serve))
        .fallback(nowhere)
}

/// A page for what went wrong: what happened, what it means, what to do.
pub(super) fn error_page(ui: &Ui, viewer: Option<&Viewer>, fault: Fault) -> Response {
    let t = ui.words;
    let (status, problem) = fault_problem(fault);
    let title = problem.message.get(ui.lang);
    let body = html! {
        div.narrow {
            h1 { (title) }
            p { (problem.hint.get(ui.lang)) }
            p { a.button href="/" { (t.to_start) } }
        }
    };
    let mut page = Page::new(title, Here::Nowhere, body).with_error(true);
    if let Some(viewer) = viewer {
        page = page.of(&viewer.account, &viewer.csrf);
    }
    let mut response = page.reply(ui, status);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

/// The page for what this account may not do, or for a form that is no longer valid.
pub(super) fn denied(ui: &Ui, viewer: &Viewer) -> Response {
    let t = ui.words;
    let body = html! {
        div.narrow {
            h1 { (t.denied) }
            p { (t.denied_says) }
            p { a.button href="/" { (t.to_start) } }
        }
    };
    Page::new(t.denied, Here::Nowhere, body)
        .of(&viewer.account, &viewer.csrf)
        .with_error(true)
        .reply(ui, StatusCode::FORBIDDEN)
}

/// Any address that leads nowhere.
async fn nowhere(ui: Ui) -> Response {
    error_page(&ui, None, Fault::NotFound)
}
