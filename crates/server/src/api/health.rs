//! Whether it runs, whether it is ready, and what is counted.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;
use crate::reply::{fault_response, lang, problem_with};
use crate::words::fault;

/// Handles `GET /healthz`: the process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Handles `GET /readyz`: 200 while the house takes in and applies, however much is on its way; else 503 with the
/// reason. Before the journal is read to its end nothing gets here: see [`crate::door`].
pub(super) async fn ready(State(app): State<App>, headers: HeaderMap) -> Response {
    let stats = app.service.progress();
    let progress = json!({
        "ready": stats.ready, "position": stats.position, "lag": stats.lag, "pending": stats.pending,
    });
    if stats.ready {
        return Json(progress).into_response();
    }
    let problem = fault::stopped(stats.stopped.as_deref().unwrap_or("store/state"));
    problem_with(StatusCode::SERVICE_UNAVAILABLE, &problem, lang(&headers, &app), progress)
}

/// Handles `GET /metrics`: Prometheus text.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let lang = app.config.lang;
    let counts = match app.service.counts().await {
        Ok(counts) => counts,
        Err(fault) => return fault_response(fault, lang),
    };
    let text = app.metrics.render(&app.service.progress(), &counts);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
