//! Households over the API, for those who may see one of its cases or its whole division.

use std::str::FromStr;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use doudi_model::{Day, household, mask};
use serde::Deserialize;
use serde_json::Value;

use super::asked::{Asked, Named, Questions};
use super::case::no_store;
use crate::app::App;
use crate::auth::{Account, ApiViewer};
use crate::reply::{fault_response, lang};
use crate::service::{Fault, Look};
use crate::view::HouseholdView;

#[derive(Deserialize)]
pub(super) struct AsOf {
    as_of: Option<Day>,
}

impl Questions for AsOf {
    const NAMES: &'static [(&'static str, &'static str, &'static str)] =
        &[("as_of", "日期，写成 2026-11-20", "a day, written 2026-11-20")];
}

/// The household, if this account may see it; what lies outside reads as not found.
async fn open(app: &App, viewer: &ApiViewer, id: &str, as_of: Option<Day>) -> Result<HouseholdView, Fault> {
    let id = household::Id::from_str(id).map_err(|_| Fault::NotFound)?;
    let view = app.service.household(&id, as_of).await?;
    if !may_see(app, &viewer.account, &view) {
        return Err(Fault::NotFound);
    }
    app.service.look(Look { actor: viewer.actor(), household: id, case: None, purpose: "api" }).await?;
    Ok(view)
}

fn may_see(app: &App, account: &Account, view: &HouseholdView) -> bool {
    account.role.reads_cases()
        && app.is_within(view.place.code, account.division)
        && (!account.role.is_bound_to_office() || view.offices.contains(&account.office))
}

/// Handles `GET /v1/households/{id}?as_of=`. Names stay masked here; a case's page shows them.
pub(super) async fn show(
    State(app): State<App>,
    viewer: ApiViewer,
    headers: HeaderMap,
    Named(id): Named,
    Asked(query): Asked<AsOf>,
) -> Response {
    match open(&app, &viewer, &id, query.as_of).await {
        Ok(view) => no_store(Json(json_of(&view)).into_response()),
        Err(fault) => fault_response(fault, lang(&headers, &app)),
    }
}

fn json_of(view: &HouseholdView) -> Value {
    let mut value = serde_json::to_value(view).unwrap_or_default();
    let names = view.members.iter().map(|member| member.name.as_ref().map(|name| mask::name(name.reveal())));
    if let Some(rows) = value.get_mut("members").and_then(Value::as_array_mut) {
        for (row, name) in rows.iter_mut().zip(names) {
            if let Some(members) = row.as_object_mut() {
                members.insert("name".into(), name.into());
            }
        }
    }
    let score = serde_json::json!({ "sure": view.score.0, "possible": view.score.1 });
    if let Some(members) = value.as_object_mut() {
        members.insert("score".into(), score);
    }
    value
}

/// Handles `GET /v1/households/{id}/explanation?as_of=`.
pub(super) async fn explanation(
    State(app): State<App>,
    viewer: ApiViewer,
    headers: HeaderMap,
    Named(id): Named,
    Asked(query): Asked<AsOf>,
) -> Response {
    let lang = lang(&headers, &app);
    let view = match open(&app, &viewer, &id, query.as_of).await {
        Ok(view) => view,
        Err(fault) => return fault_response(fault, lang),
    };
    match app.service.explanation(&view.id, query.as_of).await {
        Ok(rows) => {
            let body = serde_json::json!({ "household": view.id, "as_of": view.as_of, "rules": rows });
            no_store(Json(body).into_response())
        }
        Err(fault) => fault_response(fault, lang),
    }
}
