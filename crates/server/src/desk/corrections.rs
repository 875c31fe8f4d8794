//! Correction requests: what a visit found wrong in a source's data, and what the source says to it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use doudi_model::Day;
use maud::{Markup, html};

use super::form::Fields;
use super::part;
use super::route::{denied, error_page};
use super::shell::{Here, Page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::{Account, Viewer, corrections_of};
use crate::service::{Answered, Fault, MoveOrder};
use crate::view::CorrectionRow;

/// Answered ones on the page, at most; the API has all.
const ANSWERED: usize = 50;

/// Handles `GET /corrections`.
pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    viewer: Viewer,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    if !viewer.account.role.reads_cases() {
        return denied(&ui, &viewer);
    }
    let done = (Fields::of(pairs).get("done") == "1").then_some(ui.words.correction_answered);
    page(&app, &ui, &viewer, StatusCode::OK, done, None).await
}

/// Handles `POST /corrections/{id}`: the answer of the office that was asked.
pub(super) async fn answer(
    State(app): State<App>,
    ui: Ui,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    if fields.get("csrf") != viewer.csrf {
        return denied(&ui, &viewer);
    }
    let found = match corrections_of(&app, &viewer.account).await {
        Ok(rows) => rows.into_iter().find(|row| row.id == id),
        Err(fault) => return error_page(&ui, Some(&viewer), fault),
    };
    let Some(row) = found else { return error_page(&ui, Some(&viewer), Fault::NotFound) };
    if !may_answer(&viewer.account, &row) {
        return denied(&ui, &viewer);
    }
    let corrected = fields.get("corrected") == "yes";
    let reason = Some(fields.get("reason").to_owned()).filter(|reason| !reason.is_empty());
    let answered = Answered { correction: id, corrected };
    let order = MoveOrder::answer(row.case, viewer.actor(), reason, fields.get("once").to_owned(), answered);
    match app.service.order(order).await {
        Ok(_) => Redirect::to("/corrections?done=1").into_response(),
        Err(Fault::Refused(problem)) => {
            let words = ui.said(&problem);
            page(&app, &ui, &viewer, StatusCode::UNPROCESSABLE_ENTITY, None, Some(&words)).await
        }
        Err(fault) => error_page(&ui, Some(&viewer), fault),
    }
}

fn may_answer(account: &Account, row: &CorrectionRow) -> bool {
    account.role.works() && row.office.id == account.office
}

async fn page(
    app: &App,
    ui: &Ui,
    viewer: &Viewer,
    status: StatusCode,
    done: Option<&str>,
    refused: Option<&str>,
) -> Response {
    let t = ui.words;
    let rows = match corrections_of(app, &viewer.account).await {
        Ok(rows) => rows,
        Err(fault) => return error_page(ui, Some(viewer), fault),
    };
    let today = app.service.now().day();
    let (open, answered): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.open);
    let body = html! {
        div.narrow {
            h1 { (t.corrections) }
            @if let Some(words) = done { (part::done(words)) }
            @if let Some(words) = refused { div.notice.warn role="alert" tabindex="-1" data-focus="" { p { (words) } } }
            p.lead { (t.corrections_say) }
            h2 { (t.corrections_open) span.count { (open.len()) } }
            @if open.is_empty() { p.quiet { (t.none) } }
            @for row in open { (one(ui, viewer, row, today)) }
            h2 { (t.corrections_closed) span.count { (answered.len()) } }
            @if answered.is_empty() { p.quiet { (t.none) } }
            @for row in answered.into_iter().take(ANSWERED) { (one(ui, viewer, row, today)) }
        }
    };
    Page::new(t.corrections, Here::Corrections, body)
        .of(&viewer.account, &viewer.csrf)
        .with_error(refused.is_some())
        .reply(ui, status)
}

fn one(ui: &Ui, viewer: &Viewer, row: &CorrectionRow, today: Day) -> Markup {
    let t = ui.words;
    html! {
        section.correction aria-label=(row.id) {
            h3 { (ui.text(&row.title)) }
            (part::summary(&[
                (t.case_number, html! { (row.case) " · " (row.household) }),
                (t.village, html! { (row.place.township) " " (row.place.village) }),
                (t.wrong_right, html! { (row.right) }),
                (t.correction_seen, html! { (row.seen_on) }),
                (t.correction_asked_by, html! { (ui.text(&row.asked_by.name)) " · " (part::day_short(ui, row.asked)) }),
                (t.correction_office, html! { (ui.text(&row.office.name)) }),
                (t.correction_due, due(ui, row, today)),
            ]))
            @if row.open && may_answer(&viewer.account, row) { (answer_form(ui, viewer, row)) }
        }
    }
}

/// The day by which an answer is due; or what was answered.
pub(super) fn due(ui: &Ui, row: &CorrectionRow, today: Day) -> Markup {
    let t = ui.words;
    let late = today.days_since(row.due);
    html! {
        @match &row.answer {
            Some(answer) => {
                @if answer.corrected { (t.correction_yes) } @else { (t.correction_no) }
                " · " (answer.by) " · " (part::day_short(ui, answer.at.day()))
                @if !answer.reason.is_empty() { p.quiet { (answer.reason) } }
            }
            None => {
                (part::day_short(ui, row.due)) " "
                span.due.late[late > 0] {
                    @if late > 0 { ((t.overdue_by)(late)) }
                    @else if late == 0 { (t.due_today) }
                    @else if let Some(days) = row.working_days_left { ((t.working_days_left)(days)) }
                }
            }
        }
    }
}

fn answer_form(ui: &Ui, viewer: &Viewer, row: &CorrectionRow) -> Markup {
    let t = ui.words;
    let once = crate::auth::token().unwrap_or_default();
    let field = format!("reason-{}", row.id);
    html! {
        form method="post" action={ "/corrections/" (row.id) } novalidate {
            (part::hidden(&viewer.csrf, &once))
            div.field {
                label for=(field) { (t.correction_reason) }
                input #(field) name="reason" type="text" maxlength="500";
            }
            div.act {
                button.primary type="submit" name="corrected" value="yes" { (t.correction_yes) }
                button type="submit" name="corrected" value="no" { (t.correction_no) }
            }
        }
    }
}
