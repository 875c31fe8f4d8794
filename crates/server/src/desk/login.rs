//! Log-in, log-out, and the way to each role's first page.

use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::net::SocketAddr;

use maud::html;
use serde::Deserialize;

use super::form::Fields;
use super::part::{self, Ask, Errors};
use super::shell::{Here, Page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::{Role, SESSION_COOKIE, Viewer, check_password};

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
    #[serde(default)]
    out: String,
}

/// Handles `GET /login`.
pub(super) async fn show(ui: Ui, Query(query): Query<Next>) -> Response {
    let gone = if query.out.is_empty() { "" } else { ui.words.logged_out };
    page(&ui, "", local(&query.next), gone, &Errors::new()).reply(&ui, StatusCode::OK)
}

fn page<'a>(ui: &Ui, name: &str, next: &str, notice: &str, errors: &Errors) -> Page<'a> {
    let t = ui.words;
    let name_field =
        Ask { id: "name", label: t.account_name, hint: "", kind: "text", complete: "username", required: true };
    let password_field = Ask {
        id: "password",
        label: t.password,
        hint: "",
        kind: "password",
        complete: "current-password",
        required: true,
    };
    let body = html! {
        div.narrow {
            (part::error_summary(ui, errors))
            @if !notice.is_empty() { (part::done(notice)) }
            h1 { (t.log_in) }
            p.lead { (t.login_lead) }
            form method="post" action="/login" novalidate {
                input type="hidden" name="next" value=(next);
                (part::field(ui, &name_field, name, errors))
                (part::field(ui, &password_field, "", errors))
                button.primary type="submit" { (t.log_in) }
            }
            p.small { (t.login_help) }
        }
    };
    Page::new(t.log_in, Here::Nowhere, body).with_error(!errors.is_empty())
}

/// Handles `POST /login`.
pub(super) async fn enter(
    State(app): State<App>,
    ui: Ui,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let t = ui.words;
    // A form on another site must not log anyone in.
    if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let (name, next) = (fields.get("name").to_owned(), local(fields.get("next")).to_owned());
    let refuse = |errors: Errors, status| page(&ui, &name, &next, "", &errors).reply(&ui, status);
    let mut errors = Errors::new();
    if name.is_empty() {
        errors.push("name", t.name_missing);
    }
    if fields.get("password").is_empty() {
        errors.push("password", t.password_missing);
    }
    if !errors.is_empty() {
        return refuse(errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let address = peer.map(|extension| extension.0.0.ip());
    let account = match check_password(&app, address, &name, fields.get("password")).await {
        Ok(Some(account)) => account,
        Ok(None) => return refuse(Errors::one("name", t.login_wrong), StatusCode::UNPROCESSABLE_ENTITY),
        Err(wait) => {
            return refuse(Errors::one("name", (t.login_wait)(wait.as_secs().max(1))), StatusCode::TOO_MANY_REQUESTS);
        }
    };
    let Some(token) = app.sessions.open(account) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let secure = if app.config.cookie_secure { "; Secure" } else { "" };
    let cookie = format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}");
    with_cookie(Redirect::to(if next.is_empty() { "/" } else { &next }).into_response(), &cookie)
}

/// Handles `POST /logout`.
pub(super) async fn leave(State(app): State<App>, viewer: Viewer, fields: Fields) -> Response {
    if fields.get("csrf") == viewer.csrf {
        app.sessions.close(&viewer.token);
        app.drafts.discard_all(&viewer.account.name);
    }
    let gone = format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    with_cookie(Redirect::to("/login?out=1").into_response(), &gone)
}

/// Handles `GET /`: each role's first page.
pub(super) async fn home(viewer: Viewer) -> Redirect {
    Redirect::to(match viewer.account.role {
        Role::Operator => "/system",
        role if role.reads_cases() => "/inbox",
        _ => "/help",
    })
}

/// Sets a cookie on an answer.
pub(super) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The path, if it is one of this desk; nothing leads elsewhere.
pub(super) fn local(path: &str) -> &str {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.?=&%".contains(&byte));
    if inside { path } else { "" }
}
