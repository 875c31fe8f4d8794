//! From a request to who is asking.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::accounts::{Account, Role};
use crate::app::App;
use crate::reply::problem_response;
use crate::service::{Actor, Fault};
use crate::view::{CaseRow, CorrectionRow, is_taken};
use crate::words::fault;

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "doudi_session";

/// Someone who is logged in at the desk.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Their account.
    pub account: Account,
    /// The token their forms must carry.
    pub csrf: String,
    /// The session's own token, to end it.
    pub token: String,
}

/// Someone who asks through the API: a session cookie, or name and password with each request.
#[derive(Debug, Clone)]
pub struct ApiViewer {
    /// Their account.
    pub account: Account,
    /// The session's form token, if they came with a cookie: writes must then carry it.
    pub csrf: Option<String>,
}

impl Viewer {
    /// As the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        actor(&self.account)
    }
}

impl ApiViewer {
    /// As the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        actor(&self.account)
    }

    /// Whether a write is theirs and not that of another site using their cookie.
    #[must_use]
    pub fn may_write(&self, headers: &HeaderMap) -> bool {
        match &self.csrf {
            None => true,
            Some(csrf) => headers.get("x-csrf-token").and_then(|value| value.to_str().ok()) == Some(csrf),
        }
    }
}

fn actor(account: &Account) -> Actor {
    let Account { name, display, role, office, .. } = account.clone();
    Actor { account: name, display, role, office }
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Viewer, Response> {
        let token = cookie(&parts.headers, SESSION_COOKIE).unwrap_or_default();
        match app.sessions.get(token) {
            Some(session) => Ok(Viewer { account: session.account, csrf: session.csrf, token: token.to_owned() }),
            None => {
                // Only a page is worth coming back to; a form that was sent is not sent again by itself.
                let next = if parts.method == axum::http::Method::GET { parts.uri.path() } else { "/" };
                Err(Redirect::to(&format!("/login?next={next}")).into_response())
            }
        }
    }
}

impl FromRequestParts<App> for ApiViewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<ApiViewer, Response> {
        if let Some(session) = cookie(&parts.headers, SESSION_COOKIE).and_then(|token| app.sessions.get(token)) {
            return Ok(ApiViewer { account: session.account, csrf: Some(session.csrf) });
        }
        let refused =
            |status| problem_response(status, &fault::login_needed(), crate::reply::lang(&parts.headers, app));
        let credentials = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some((name, password)) = credentials.and_then(basic) else {
            let mut response = refused(StatusCode::UNAUTHORIZED);
            let ask = axum::http::HeaderValue::from_static("Basic realm=\"doudi\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
            return Err(response);
        };
        match check_password(app, address(parts), &name, &password).await {
            Ok(Some(account)) => Ok(ApiViewer { account, csrf: None }),
            Ok(None) => Err(refused(StatusCode::UNAUTHORIZED)),
            Err(wait) => {
                let problem = fault::login_wait(wait.as_secs() + 1);
                let lang = crate::reply::lang(&parts.headers, app);
                let mut response = problem_response(StatusCode::TOO_MANY_REQUESTS, &problem, lang);
                response.headers_mut().insert(header::RETRY_AFTER, (wait.as_secs() + 1).into());
                Err(response)
            }
        }
    }
}

/// The sender's address, where the server knows it.
#[must_use]
pub fn address(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())
}

/// Checks name and password, off the async threads, at most two at a time.
///
/// # Errors
/// How long to wait, if there were too many failures from this name or address.
pub async fn check_password(
    app: &App,
    address: Option<IpAddr>,
    name: &str,
    password: &str,
) -> Result<Option<Account>, std::time::Duration> {
    let keys = [format!("name:{name}"), format!("address:{address:?}")];
    if let Some(wait) = keys.iter().filter_map(|key| app.limit.wait(key)).max() {
        return Err(wait);
    }
    let _permit = app.hashing.acquire().await;
    let (accounts, owned) = (Arc::clone(&app.accounts), (name.to_owned(), password.to_owned()));
    let checked = tokio::task::spawn_blocking(move || accounts.check(&owned.0, &owned.1)).await.ok().flatten();
    for key in &keys {
        if checked.is_some() {
            app.limit.succeeded(key);
        } else {
            app.limit.failed(key);
        }
    }
    Ok(checked)
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(doudi_engine::admit::envelope::decode_base64(rest.trim())?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

/// Whether an account may see a case at all: its own office's, or those of its division's subtree.
#[must_use]
pub fn may_see(app: &App, account: &Account, row: &CaseRow) -> bool {
    let reads = takes_part(account, row) || row.readers.contains(&account.office);
    account.role.reads_cases()
        && app.is_within(row.place.code, account.division)
        && (reads || !account.role.is_bound_to_office())
}

/// The correction requests an account may see: those its office asked for or is asked by, or all of its division's
/// subtree where it is not bound to an office. Those that wait come first, soonest due; then the answered, newest first.
///
/// # Errors
/// If the house does not give them.
pub async fn corrections_of(app: &App, account: &Account) -> Result<Vec<CorrectionRow>, Fault> {
    let mut rows = app.service.corrections().await?;
    rows.retain(|row| {
        let theirs = row.office.id == account.office || row.asked_by.id == account.office;
        account.role.reads_cases()
            && app.is_within(row.place.code, account.division)
            && (theirs || !account.role.is_bound_to_office())
    });
    rows.sort_by(|a, b| match (a.open, b.open) {
        (true, true) => (a.due, &a.id).cmp(&(b.due, &b.id)),
        (false, false) => (b.asked, &b.id).cmp(&(a.asked, &a.id)),
        (a, b) => b.cmp(&a),
    });
    Ok(rows)
}

/// Whether the account's office leads the case or takes part in it.
#[must_use]
pub fn takes_part(account: &Account, row: &CaseRow) -> bool {
    row.lead == account.office || row.co.contains(&account.office)
}

/// Whether an account sees the household's name in clear: after its office took the case, or, for the
/// county, on the case's own page.
#[must_use]
pub fn sees_name(account: &Account, row: &CaseRow, on_case_page: bool) -> bool {
    match account.role {
        Role::Township | Role::Department => is_taken(row.state) && takes_part(account, row),
        Role::County => on_case_page,
        _ => false,
    }
}
