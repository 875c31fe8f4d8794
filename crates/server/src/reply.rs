//! Answers of the API: JSON, problem details, the language of the asker.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use doudi_model::{Lang, Problem};
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::cookie;
use crate::service::Fault;
use crate::words::fault;

/// The language of an asker: the cookie of the desk, then `Accept-Language`, then the setting.
#[must_use]
pub fn lang(headers: &HeaderMap, app: &App) -> Lang {
    let by_cookie = cookie(headers, "doudi_lang").and_then(parse_lang);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(|line| {
        let mut tags = line.split(',').map(|tag| tag.trim().get(..2).unwrap_or(""));
        tags.find_map(parse_lang)
    });
    by_cookie.or(accepted).unwrap_or(app.config.lang)
}

/// The language of a tag, `zh` or `en`.
#[must_use]
pub fn parse_lang(tag: &str) -> Option<Lang> {
    match tag {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// Problem details (RFC 9457) with the members that every error of doudi has.
#[must_use]
pub fn problem_json(status: StatusCode, problem: &Problem, lang: Lang) -> Value {
    json!({
        "type": format!("urn:doudi:error:{}", problem.code),
        "title": problem.message.get(lang),
        "status": status.as_u16(),
        "detail": problem.hint.get(lang),
        "code": problem.code,
        "message": problem.message.get(lang),
        "where": problem.place,
        "field": problem.field,
        "hint": problem.hint.get(lang),
    })
}

/// The problem as an answer.
#[must_use]
pub fn problem_response(status: StatusCode, problem: &Problem, lang: Lang) -> Response {
    problem_with(status, problem, lang, Value::Null)
}

/// The same with more members.
#[must_use]
pub fn problem_with(status: StatusCode, problem: &Problem, lang: Lang, more: Value) -> Response {
    let mut body = problem_json(status, problem, lang);
    if let (Some(members), Value::Object(more)) = (body.as_object_mut(), more) {
        members.extend(more);
    }
    let mut response = (status, Json(body)).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// A service's fault as an answer of the API. What the screen must not show goes to the log.
#[must_use]
pub fn fault_response(service_fault: Fault, lang: Lang) -> Response {
    let (status, problem) = fault_problem(service_fault);
    let mut response = problem_response(status, &problem, lang);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// Status and problem of a service's fault.
#[must_use]
pub fn fault_problem(service_fault: Fault) -> (StatusCode, Problem) {
    match service_fault {
        Fault::NotFound => (StatusCode::NOT_FOUND, fault::not_found()),
        Fault::Conflict(problem) => (StatusCode::CONFLICT, *problem),
        Fault::Refused(problem) => (StatusCode::UNPROCESSABLE_ENTITY, *problem),
        Fault::Busy => (StatusCode::SERVICE_UNAVAILABLE, fault::busy()),
        Fault::Unavailable(why) => {
            let reference = crate::auth::token().map(|token| token.chars().take(4).collect::<String>());
            let reference = reference.unwrap_or_default().to_ascii_uppercase();
            tracing::error!(reference, why, "the house did not do what was asked");
            (StatusCode::SERVICE_UNAVAILABLE, fault::unavailable(&reference))
        }
    }
}
