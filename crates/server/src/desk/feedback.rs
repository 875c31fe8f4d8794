//! The finding of a visit: three short pages, a check, a receipt. What was typed is kept from page to page.

mod finding;
mod pages;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use doudi_model::warning::Direction;

use self::pages::Step;
use super::case::open;
use super::form::Fields;
use super::moves::{not_now, permitted};
use super::part::Errors;
use super::route::{denied, error_page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::Viewer;
use crate::service::{Fault, MoveOrder};
use crate::view::{CaseView, MoveKind};

/// Measures that one finding can hold.
const MEASURES_MAX: usize = 5;

/// What the pages are about.
struct Work<'a> {
    app: &'a App,
    ui: &'a Ui,
    viewer: &'a Viewer,
    view: &'a CaseView,
}

impl Work<'_> {
    fn draft_name(&self) -> String {
        format!("feedback:{}", self.view.row.id)
    }

    fn draft(&self) -> Fields {
        self.app.drafts.get(&self.viewer.account.name, &self.draft_name())
    }

    fn keep(&self, fields: Fields) {
        self.app.drafts.keep(&self.viewer.account.name, &self.draft_name(), fields);
    }

    fn is_excess(&self) -> bool {
        self.view.row.directions == [Direction::Excess]
    }

    fn href(&self, step: Step) -> String {
        format!("/cases/{}/feedback?step={}", self.view.row.id, step.name())
    }

    fn to(&self, step: Step) -> Response {
        Redirect::to(&self.href(step)).into_response()
    }
}

/// Handles `GET /cases/{id}/feedback?step=`.
pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let view = match open(&app, &viewer, &id).await {
        Ok(view) => view,
        Err(fault) => return error_page(&ui, Some(&viewer), fault),
    };
    let work = Work { app: &app, ui: &ui, viewer: &viewer, view: &view };
    let query = Fields::of(pairs);
    if query.get("step") == "receipt" {
        return pages::receipt(&work, Some(query.get("next")).filter(|next| !next.is_empty()));
    }
    if !permitted(&viewer.account, &view).contains(&MoveKind::Report) {
        return not_now(&ui, &viewer, &view, MoveKind::Report);
    }
    let draft = work.draft();
    // Whoever jumps ahead is led back to the first page that is not complete.
    let wanted = Step::parse(query.get("step")).unwrap_or(Step::Visit);
    let step = Step::ALL
        .into_iter()
        .take_while(|step| *step != wanted)
        .find(|step| !finding::faults(&work, *step, &draft).is_empty())
        .unwrap_or(wanted);
    pages::form(&work, step, &draft, &Errors::new(), None, StatusCode::OK)
}

/// Handles `POST /cases/{id}/feedback`: one page of it, or the whole from the check page.
pub(super) async fn take(
    State(app): State<App>,
    ui: Ui,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    if fields.get("csrf") != viewer.csrf {
        return denied(&ui, &viewer);
    }
    let view = match open(&app, &viewer, &id).await {
        Ok(view) => view,
        Err(fault) => return error_page(&ui, Some(&viewer), fault),
    };
    let work = Work { app: &app, ui: &ui, viewer: &viewer, view: &view };
    let Some(step) = Step::parse(fields.get("step")) else { return work.to(Step::Visit) };
    if step == Step::Check {
        return send(&work, &fields).await;
    }
    let mut draft = work.draft();
    pages::take_over(step, &mut draft, &fields);
    work.keep(draft.clone());
    match fields.get("go") {
        "save" => return Redirect::to(&format!("/cases/{id}?saved=1")).into_response(),
        "add" => {
            draft.set("measures", (pages::measures(&draft) + 1).min(MEASURES_MAX).to_string());
            work.keep(draft);
            return work.to(Step::Measures);
        }
        _ => {}
    }
    let errors = finding::faults(&work, step, &draft);
    if errors.is_empty() {
        return work.to(pages::after(&work, step, &draft));
    }
    pages::form(&work, step, &draft, &errors, None, StatusCode::UNPROCESSABLE_ENTITY)
}

/// Sends the whole finding.
async fn send(work: &Work<'_>, fields: &Fields) -> Response {
    let draft = work.draft();
    for step in Step::ALL {
        if !finding::faults(work, step, &draft).is_empty() {
            return work.to(step);
        }
    }
    let once = fields.get("once").to_owned();
    if !work.app.once.take(&once) {
        return work.to(Step::Receipt);
    }
    let order = MoveOrder {
        case: work.view.row.id.clone(),
        kind: MoveKind::Report,
        actor: work.viewer.actor(),
        reason: None,
        to: None,
        code: None,
        visit: None,
        version: fields.get("version").parse().ok(),
        once: once.clone(),
        finding: finding::read(&draft),
        answer: None,
    };
    let (status, words) = match work.app.service.order(order).await {
        Ok(moved) => {
            work.app.drafts.discard(&work.viewer.account.name, &work.draft_name());
            let next = moved.next.map(|next| format!("&next={next}")).unwrap_or_default();
            return Redirect::to(&format!("{}{next}", work.href(Step::Receipt))).into_response();
        }
        Err(Fault::Conflict(problem)) => (StatusCode::CONFLICT, work.ui.said(&problem)),
        Err(Fault::Refused(problem)) => (StatusCode::UNPROCESSABLE_ENTITY, work.ui.said(&problem)),
        Err(fault) => {
            work.app.once.give_back(&once);
            return error_page(work.ui, Some(work.viewer), fault);
        }
    };
    work.app.once.give_back(&once);
    // The check page again carries the version as it is now: sending once more is then on purpose.
    let fresh = open(work.app, work.viewer, &work.view.row.id).await;
    let again = Work { view: fresh.as_ref().unwrap_or(work.view), ..*work };
    pages::form(&again, Step::Check, &draft, &Errors::new(), Some(words), status)
}
