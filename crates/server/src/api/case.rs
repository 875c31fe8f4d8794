//! Cases over the API: the same rules as at the desk about who sees and does what.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use doudi_model::{Lang, Problem};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::{Asked, Named, Questions, Sent};
use super::member;
use crate::app::App;
use crate::auth::{Account, ApiViewer, may_see, sees_name};
use crate::desk::moves::permitted;
use crate::reply::{fault_response, lang, problem_response};
use crate::service::{CaseQuery, Fault, Finding, Look, MoveOrder, ReturnCode, Visit};
use crate::view::{CaseRow, CaseView, MoveKind, Outcome};
use crate::words::{fault, named, words};

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

/// Handles `GET /v1/cases?closed=&offset=&limit=`: most urgent first.
pub(super) async fn list(
    State(app): State<App>,
    viewer: ApiViewer,
    headers: HeaderMap,
    Asked(query): Asked<ListQuery>,
) -> Response {
    let lang = lang(&headers, &app);
    let account = &viewer.account;
    if !account.role.reads_cases() {
        return problem_response(StatusCode::FORBIDDEN, &fault::not_allowed(), lang);
    }
    let wanted = CaseQuery {
        office: account.role.is_bound_to_office().then(|| account.office.clone()),
        within: Some(account.division),
        closed: query.closed,
    };
    let mut rows = match app.service.cases(wanted).await {
        Ok(rows) => rows,
        Err(fault) => return fault_response(fault, lang),
    };
    rows.retain(|row| may_see(&app, account, row));
    rows.sort_by(|a, b| {
        let due = |row: &CaseRow| row.due.as_ref().map(|due| due.by);
        (due(a).is_none(), due(a), b.level, &a.id).cmp(&(due(b).is_none(), due(b), a.level, &b.id))
    });
    let limit = query.limit.unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let total = rows.len();
    let rows = match app.service.complete(rows.into_iter().skip(query.offset).take(limit).collect()).await {
        Ok(rows) => rows,
        Err(fault) => return fault_response(fault, lang),
    };
    let shown: Vec<Value> = rows.iter().map(|row| row_json(row, account, lang, false)).collect();
    Json(json!({ "total": total, "offset": query.offset, "cases": shown })).into_response()
}

/// A row with the name as this account may see it.
fn row_json(row: &CaseRow, account: &Account, lang: Lang, on_case: bool) -> Value {
    let mut value = serde_json::to_value(row).unwrap_or_default();
    if let Some(members) = value.as_object_mut() {
        let name = named(words(lang), row.head.as_ref(), sees_name(account, row, on_case));
        members.insert("name".into(), name.into());
    }
    value
}

async fn open(app: &App, account: &Account, id: &str) -> Result<CaseView, Fault> {
    let view = app.service.case(id).await?;
    if may_see(app, account, &view.row) { Ok(view) } else { Err(Fault::NotFound) }
}

/// Handles `GET /v1/cases/{id}`.
pub(super) async fn show(State(app): State<App>, viewer: ApiViewer, headers: HeaderMap, Named(id): Named) -> Response {
    let lang = lang(&headers, &app);
    match read(&app, &viewer, &id, lang).await {
        Ok(value) => no_store(Json(value).into_response()),
        Err(fault) => fault_response(fault, lang),
    }
}

async fn read(app: &App, viewer: &ApiViewer, id: &str, lang: Lang) -> Result<Value, Fault> {
    let view = open(app, &viewer.account, id).await?;
    if sees_name(&viewer.account, &view.row, true) {
        let (household, case) = (view.row.household.clone(), Some(view.row.id.clone()));
        app.service.look(Look { actor: viewer.actor(), household, case, purpose: "api" }).await?;
    }
    let mut value = serde_json::to_value(&view).unwrap_or_default();
    if let Some(members) = value.as_object_mut() {
        members.insert("row".into(), row_json(&view.row, &viewer.account, lang, true));
        let moves: Vec<&str> = permitted(&viewer.account, &view).into_iter().map(MoveKind::name).collect();
        members.insert("moves".into(), json!(moves));
    }
    Ok(value)
}

/// Personal data is not kept by what lies between.
pub(super) fn no_store(mut response: Response) -> Response {
    let value = axum::http::HeaderValue::from_static("no-store");
    response.headers_mut().insert(axum::http::header::CACHE_CONTROL, value);
    response
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveBody {
    kind: String,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    code: Option<ReturnCode>,
    #[serde(default)]
    visit: Option<Visit>,
    #[serde(default)]
    version: Option<u32>,
    #[serde(default)]
    once: Option<String>,
}

/// Handles `POST /v1/cases/{id}/moves`.
pub(super) async fn make_move(
    State(app): State<App>,
    viewer: ApiViewer,
    headers: HeaderMap,
    Named(id): Named,
    mut sent: Sent,
) -> Response {
    let lang = lang(&headers, &app);
    let asked: MoveBody = match sent.read() {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let kind = match MoveKind::parse(&asked.kind) {
        Some(MoveKind::Report) => Err(fault::report_elsewhere()),
        Some(MoveKind::Answer) | None => Err(fault::no_such_move(&member::moves())),
        Some(kind) => Ok(kind),
    };
    let kind = match kind {
        Ok(kind) => kind,
        Err(problem) => return problem_response(StatusCode::UNPROCESSABLE_ENTITY, &problem, lang),
    };
    let order = MoveOrder {
        case: id,
        kind,
        actor: viewer.actor(),
        reason: asked.reason,
        to: asked.to,
        code: asked.code,
        visit: asked.visit,
        version: asked.version,
        once: once(asked.once),
        finding: None,
        answer: None,
    };
    send(&app, &viewer, &headers, order, lang).await
}

/// The version seen, the once-only key, and the finding itself.
fn finding(sent: &mut Sent) -> Result<(Option<u32>, Option<String>, Finding), Box<Response>> {
    Ok((sent.take("version")?, sent.take("once")?, sent.read()?))
}

/// Handles `POST /v1/cases/{id}/feedback`.
pub(super) async fn feedback(
    State(app): State<App>,
    viewer: ApiViewer,
    headers: HeaderMap,
    Named(id): Named,
    mut sent: Sent,
) -> Response {
    let lang = lang(&headers, &app);
    let (version, key, finding) = match finding(&mut sent) {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let order = MoveOrder {
        case: id,
        kind: MoveKind::Report,
        actor: viewer.actor(),
        reason: None,
        to: None,
        code: None,
        visit: None,
        version,
        once: once(key),
        finding: Some(finding),
        answer: None,
    };
    send(&app, &viewer, &headers, order, lang).await
}

fn once(given: Option<String>) -> String {
    given.filter(|key| !key.is_empty()).or_else(crate::auth::token).unwrap_or_default()
}

async fn send(app: &App, viewer: &ApiViewer, headers: &HeaderMap, order: MoveOrder, lang: Lang) -> Response {
    if !viewer.may_write(headers) {
        return problem_response(StatusCode::FORBIDDEN, &fault::csrf(), lang);
    }
    let view = match open(app, &viewer.account, &order.case).await {
        Ok(view) => view,
        Err(fault) => return fault_response(fault, lang),
    };
    // A repeat of an order that was done may no longer be permitted, and is still to be answered as done: the house
    // knows its key. What the account may never do is refused here.
    if !viewer.account.role.works() {
        return problem_response(StatusCode::FORBIDDEN, &fault::not_allowed(), lang);
    }
    let is_finding = order.kind == MoveKind::Report;
    let fits = |outcome: &Outcome| view.row.directions.iter().any(|direction| outcome.applies_to(*direction));
    let of_api = |problem: Box<Problem>| {
        let outcomes: Vec<Outcome> = Outcome::ALL.into_iter().filter(fits).collect();
        Box::new(member::of_api(*problem, is_finding, &outcomes))
    };
    match app.service.order(order).await {
        Ok(moved) => Json(json!({ "state": moved.state, "version": moved.version })).into_response(),
        Err(Fault::Refused(problem)) => fault_response(Fault::Refused(of_api(problem)), lang),
        Err(Fault::Conflict(problem)) => fault_response(Fault::Conflict(of_api(problem)), lang),
        Err(fault) => fault_response(fault, lang),
    }
}
