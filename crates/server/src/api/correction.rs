//! Correction requests over the API: a list, and the answer of the office that was asked.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::asked::{Asked, Named, Questions, Sent};
use super::case::no_store;
use super::member;
use crate::app::App;
use crate::auth::{ApiViewer, corrections_of};
use crate::reply::{fault_response, lang, problem_response};
use crate::service::{Answered, Fault, MoveOrder};
use crate::words::fault;

/// Rows in one answer, at most.
const PAGE_MAX: usize = 500;

#[derive(Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    offset: usize,
    limit: Option<usize>,
}

impl Questions for ListQuery {
    const NAMES: &'static [(&'static str, &'static str, &'static str)] = &[
        ("closed", "true 或 false", "true or false"),
        ("offset", "从第几行起，整数", "the row to begin at, a whole number"),
        ("limit", "最多几行，整数", "how many rows at most, a whole number"),
    ];
}

/// Handles `GET /v1/corrections?closed=&offset=&limit=`: those that wait, soonest due first; then the answered ones.
pub(super) async fn list(
    State(app): State<App>,
    viewer: ApiViewer,
    headers: HeaderMap,
    Asked(query): Asked<ListQuery>,
) -> Response {
    let lang = lang(&headers, &app);
    if !viewer.account.role.reads_cases() {
        return problem_response(StatusCode::FORBIDDEN, &fault::not_allowed(), lang);
    }
    let mut rows = match corrections_of(&app, &viewer.account).await {
        Ok(rows) => rows,
        Err(fault) => return fault_response(fault, lang),
    };
    rows.retain(|row| row.open || query.closed);
    let (total, limit) = (rows.len(), query.limit.unwrap_or(PAGE_MAX).min(PAGE_MAX));
    let rows: Vec<_> = rows.into_iter().skip(query.offset).take(limit).collect();
    no_store(Json(json!({ "total": total, "offset": query.offset, "corrections": rows })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    corrected: bool,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    once: Option<String>,
}

/// Handles `POST /v1/corrections/{id}/answer`.
pub(super) async fn answer(
    State(app): State<App>,
    viewer: ApiViewer,
    headers: HeaderMap,
    Named(id): Named,
    mut sent: Sent,
) -> Response {
    let lang = lang(&headers, &app);
    if !viewer.may_write(&headers) {
        return problem_response(StatusCode::FORBIDDEN, &fault::csrf(), lang);
    }
    let asked: AnswerBody = match sent.read() {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let found = match corrections_of(&app, &viewer.account).await {
        Ok(rows) => rows.into_iter().find(|row| row.id == id),
        Err(fault) => return fault_response(fault, lang),
    };
    let Some(row) = found else { return fault_response(Fault::NotFound, lang) };
    if row.office.id != viewer.account.office || !viewer.account.role.works() {
        return problem_response(StatusCode::FORBIDDEN, &fault::not_allowed(), lang);
    }
    let answered = Answered { correction: id, corrected: asked.corrected };
    let once = asked.once.or_else(crate::auth::token).unwrap_or_default();
    let order = MoveOrder::answer(row.case, viewer.actor(), asked.reason, once, answered);
    match app.service.order(order).await {
        Ok(moved) => Json(json!({ "state": moved.state, "version": moved.version })).into_response(),
        Err(Fault::Refused(problem)) => {
            let problem = member::of_api(*problem, false, &[]);
            problem_response(StatusCode::UNPROCESSABLE_ENTITY, &problem, lang)
        }
        Err(fault) => fault_response(fault, lang),
    }
}
