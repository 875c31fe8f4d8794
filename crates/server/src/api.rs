//! `/v1`: cases, households, the stream of notices; health and the document that describes it all.

mod asked;
mod case;
mod correction;
mod health;
mod household;
mod member;
mod openapi;
pub(crate) mod stream;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
use crate::ingest;

/// Every route of the API with its methods, for the document and its test.
pub const ROUTES: [(&str, &[&str]); 14] = [
    ("/v1/events", &["post"]),
    ("/v1/cases", &["get"]),
    ("/v1/cases/{id}", &["get"]),
    ("/v1/cases/{id}/moves", &["post"]),
    ("/v1/cases/{id}/feedback", &["post"]),
    ("/v1/corrections", &["get"]),
    ("/v1/corrections/{id}/answer", &["post"]),
    ("/v1/households/{id}", &["get"]),
    ("/v1/households/{id}/explanation", &["get"]),
    ("/v1/stream", &["get"]),
    ("/v1/openapi.json", &["get"]),
    ("/metrics", &["get"]),
    ("/healthz", &["get"]),
    ("/readyz", &["get"]),
];

/// All routes of the API.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v1/events", post(ingest::events))
        .route("/v1/cases", get(case::list))
        .route("/v1/cases/{id}", get(case::show))
        .route("/v1/cases/{id}/moves", post(case::make_move))
        .route("/v1/cases/{id}/feedback", post(case::feedback))
        .route("/v1/corrections", get(correction::list))
        .route("/v1/corrections/{id}/answer", post(correction::answer))
        .route("/v1/households/{id}", get(household::show))
        .route("/v1/households/{id}/explanation", get(household::explanation))
        .route("/v1/stream", get(stream::stream))
        .route("/v1/openapi.json", get(openapi::show))
        .route("/metrics", get(health::metrics))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
}
