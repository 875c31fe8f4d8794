//! Whether it runs, whether it is ready, and what is counted.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;
use crate::reply::fault_response;

/// Handles `GET /healthz`: the process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Handles `GET /readyz`: 200 once everything in the log is applied and the house takes in more.
pub(super) async fn ready(State(app): State<App>) -> Response {
    let stats = app.service.progress();
    let status = if stats.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let answer = json!({
        "ready": stats.ready, "position": stats.position, "lag": stats.lag, "pending": stats.pending,
    });
    (status, Json(answer)).into_response()
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
