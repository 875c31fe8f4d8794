//! The addresses of the desk, and the pages for what went wrong.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::{get, post};
use doudi_model::Problem;
use maud::html;

use super::shell::{Here, Page};
use super::ui::Ui;
use super::{asset, case, corrections, feedback, help, inbox, login, me, moves, print, system};
use crate::app::App;
use crate::auth::Viewer;
use crate::reply::{fault_problem, lang, problem_response};
use crate::service::Fault;
use crate::words::fault;

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
        .route("/corrections", get(corrections::show))
        .route("/corrections/{id}", post(corrections::answer))
        .route("/me", get(me::show).post(me::save))
        .route("/help", get(help::show))
        .route("/system", get(system::show))
        .route("/static/{file}", get(asset::serve))
}

/// Answers for addresses that no route has, and for methods that a route does not take.
pub fn with_answers_for_the_rest(routes: Router<App>) -> Router<App> {
    routes.fallback(nowhere).method_not_allowed_fallback(otherwise)
}

/// A page for what went wrong: what happened, what it means, what to do.
pub(super) fn error_page(ui: &Ui, viewer: Option<&Viewer>, fault: Fault) -> Response {
    let (status, problem) = fault_problem(fault);
    problem_page(ui, viewer, status, &problem)
}

/// The same for a problem that is no fault of the service.
pub(super) fn problem_page(ui: &Ui, viewer: Option<&Viewer>, status: StatusCode, problem: &Problem) -> Response {
    let t = ui.words;
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

/// Whether a program asks at this address rather than a person.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/") || matches!(path, "/metrics" | "/healthz" | "/readyz")
}

/// Any address that leads nowhere: a page for people, problem details for programs.
async fn nowhere(State(app): State<App>, ui: Ui, uri: Uri, headers: HeaderMap) -> Response {
    if is_api(uri.path()) {
        return problem_response(StatusCode::NOT_FOUND, &fault::no_such_path(), lang(&headers, &app));
    }
    problem_page(&ui, None, StatusCode::NOT_FOUND, &fault::no_such_page())
}

/// An address that is there, asked with a method that it does not take. The header `Allow` is added by the router.
async fn otherwise(State(app): State<App>, ui: Ui, uri: Uri, headers: HeaderMap) -> Response {
    if is_api(uri.path()) {
        return problem_response(StatusCode::METHOD_NOT_ALLOWED, &fault::no_such_method(), lang(&headers, &app));
    }
    problem_page(&ui, None, StatusCode::METHOD_NOT_ALLOWED, &fault::no_such_page())
}
