//! One act, one page: a move of a case, said beforehand and done once.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::case::open;
use super::form::Fields;
use super::part::{self, Ask, Errors};
use super::route::{denied, error_page};
use super::shell::{Here, Page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::{Account, Role, Viewer};
use crate::service::{Fault, MoveOrder, ReturnCode};
use crate::view::{CaseView, MoveKind, needs_office, needs_reason};
use doudi_routing::words;

/// The moves that this account may make with this case now.
pub(crate) fn permitted(account: &Account, view: &CaseView) -> Vec<MoveKind> {
    let lead = view.row.lead == account.office;
    let co = view.row.co.contains(&account.office);
    let may = |kind: MoveKind| match account.role {
        Role::Township | Role::Department if co => matches!(kind, MoveKind::Visit | MoveKind::Report),
        Role::Township | Role::Department => lead && !matches!(kind, MoveKind::Dispatch | MoveKind::Escalate),
        Role::County => match kind {
            MoveKind::Dispatch | MoveKind::Transfer | MoveKind::Escalate | MoveKind::Close | MoveKind::Reopen => true,
            _ => lead,
        },
        _ => false,
    };
    view.moves.iter().copied().filter(|kind| may(*kind)).collect()
}

/// Handles `GET /cases/{id}/moves/{move}`.
pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    viewer: Viewer,
    Path((id, name)): Path<(String, String)>,
) -> Response {
    let view = match open(&app, &viewer, &id).await {
        Ok(view) => view,
        Err(fault) => return error_page(&ui, Some(&viewer), fault),
    };
    let Some(kind) = MoveKind::parse(&name) else { return error_page(&ui, Some(&viewer), Fault::NotFound) };
    if matches!(kind, MoveKind::Report | MoveKind::Visit) {
        return Redirect::to(&format!("/cases/{id}/feedback")).into_response();
    }
    if !permitted(&viewer.account, &view).contains(&kind) {
        return not_now(&ui, &viewer, &view, kind);
    }
    let form = Form { kind, fields: &Fields::default(), errors: &Errors::new(), notice: None };
    form.reply(&ui, &viewer, &view, StatusCode::OK)
}

struct Form<'a> {
    kind: MoveKind,
    fields: &'a Fields,
    errors: &'a Errors,
    notice: Option<String>,
}

impl Form<'_> {
    fn reply(&self, ui: &Ui, viewer: &Viewer, view: &CaseView, status: StatusCode) -> Response {
        let t = ui.words;
        let kind = self.kind;
        let row = &view.row;
        let once = crate::auth::token().unwrap_or_default();
        let reason = Ask {
            id: "reason",
            label: t.reason,
            hint: (t.reason_hint)(kind),
            kind: "text",
            complete: "",
            required: needs_reason(kind),
        };
        let body = html! {
            p.back { a href={ "/cases/" (row.id) } { "‹ " (row.id) } }
            div.narrow {
                (part::error_summary(ui, self.errors))
                @if let Some(words) = &self.notice { div.notice.warn role="alert" tabindex="-1" data-focus="" { p { (words) } } }
                h1 { ((t.move_name)(kind)) }
                p.lead { ((t.move_says)(kind)) }
                form method="post" action={ "/cases/" (row.id) "/moves/" (kind.name()) } novalidate {
                    (part::hidden(&viewer.csrf, &once))
                    input type="hidden" name="version" value=(row.version);
                    @if needs_office(kind) { (self.office(ui, view)) }
                    @if kind == MoveKind::Return {
                        @let codes = RETURN_CODES.map(|(name, code)| (name.to_owned(), ui.text(&words::return_code(code)).to_owned()));
                        (part::radios("code", t.return_why, "", &[(String::new(), codes.to_vec())], self.fields.get("code"), self.errors))
                    }
                    @if kind != MoveKind::Acknowledge {
                        (part::long_field(ui, &reason, self.fields.get("reason"), self.errors))
                    }
                    div.act {
                        button.primary type="submit" { ((t.move_name)(kind)) }
                        a href={ "/cases/" (row.id) } { (t.cancel) }
                    }
                }
            }
        };
        let title = format!("{} {}", (t.move_name)(kind), row.id);
        Page::new(&title, Here::Inbox, body)
            .of(&viewer.account, &viewer.csrf)
            .with_error(!self.errors.is_empty())
            .reply(ui, status)
    }

    fn office(&self, ui: &Ui, view: &CaseView) -> Markup {
        let t = ui.words;
        let error = self.errors.of("to");
        html! {
            div.field.wrong[error.is_some()] {
                label for="to" { (t.to_office) }
                @if let Some(words) = error { p.error #to-error { (words) } }
                select #to name="to" required aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "to-error")] {
                    option value="" { (t.please_choose) }
                    @for office in view.targets.iter().filter(|office| office.id != view.row.lead) {
                        option value=(office.id) selected[self.fields.get("to") == office.id] { (ui.text(&office.name)) }
                    }
                }
            }
        }
    }
}

const RETURN_CODES: [(&str, ReturnCode); 4] = [
    ("not-ours", ReturnCode::NotOurs),
    ("not-here", ReturnCode::NotHere),
    ("too-little", ReturnCode::TooLittle),
    ("other", ReturnCode::Other),
];

/// Why a case goes back, by its name in forms.
fn return_code(name: &str) -> Option<ReturnCode> {
    RETURN_CODES.into_iter().find(|(known, _)| *known == name).map(|(_, code)| code)
}

/// A move that does not fit: said with who could, and where the case stands.
pub(super) fn not_now(ui: &Ui, viewer: &Viewer, view: &CaseView, kind: MoveKind) -> Response {
    let t = ui.words;
    let lead = ui.text(&view.lead.name);
    let body = html! {
        p.back { a href={ "/cases/" (view.row.id) } { "‹ " (view.row.id) } }
        div.narrow {
            h1 { ((t.cannot_now)((t.move_name)(kind))) }
            p { ((t.led_by)(lead)) " " (t.stands_at) (part::state(ui, view.row.state)) }
            p { a.button href={ "/cases/" (view.row.id) } { (t.back_to_case) } }
        }
    };
    Page::new(t.not_now_title, Here::Inbox, body)
        .of(&viewer.account, &viewer.csrf)
        .with_error(true)
        .reply(ui, StatusCode::FORBIDDEN)
}

/// Handles `POST /cases/{id}/moves/{move}`.
pub(super) async fn make(
    State(app): State<App>,
    ui: Ui,
    viewer: Viewer,
    Path((id, name)): Path<(String, String)>,
    fields: Fields,
) -> Response {
    if fields.get("csrf") != viewer.csrf {
        return denied(&ui, &viewer);
    }
    let view = match open(&app, &viewer, &id).await {
        Ok(view) => view,
        Err(fault) => return error_page(&ui, Some(&viewer), fault),
    };
    let Some(kind) = MoveKind::parse(&name).filter(|kind| !matches!(kind, MoveKind::Report | MoveKind::Visit)) else {
        return error_page(&ui, Some(&viewer), Fault::NotFound);
    };
    let once = fields.get("once").to_owned();
    let here = format!("/cases/{id}?done={}", kind.name());
    if !app.once.take(&once) {
        return Redirect::to(&here).into_response();
    }
    if !permitted(&viewer.account, &view).contains(&kind) {
        return conflict_or_not_now(&app, &ui, &viewer, &view, kind, &fields);
    }
    let errors = check(&ui, kind, &fields, &view);
    if !errors.is_empty() {
        app.once.give_back(&once);
        let form = Form { kind, fields: &fields, errors: &errors, notice: None };
        return form.reply(&ui, &viewer, &view, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let some = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    let order = MoveOrder {
        case: id,
        kind,
        actor: viewer.actor(),
        reason: some("reason"),
        to: some("to"),
        code: return_code(fields.get("code")),
        visit: None,
        version: fields.get("version").parse().ok(),
        once: once.clone(),
        finding: None,
        answer: None,
    };
    match app.service.order(order).await {
        // Whoever hands a case on may not see it any more.
        Ok(_) if matches!(kind, MoveKind::Transfer | MoveKind::Return) => {
            match open(&app, &viewer, &view.row.id).await {
                Ok(_) => Redirect::to(&here).into_response(),
                Err(_) => Redirect::to("/inbox").into_response(),
            }
        }
        Ok(_) => Redirect::to(&here).into_response(),
        Err(fault) => {
            app.once.give_back(&once);
            refused(&app, &ui, &viewer, &view, kind, &fields, fault).await
        }
    }
}

fn check(ui: &Ui, kind: MoveKind, fields: &Fields, view: &CaseView) -> Errors {
    let t = ui.words;
    let mut errors = Errors::new();
    if needs_office(kind) && !view.targets.iter().any(|office| office.id == fields.get("to")) {
        errors.push("to", t.office_missing);
    }
    if kind == MoveKind::Return && return_code(fields.get("code")).is_none() {
        errors.push("code", t.return_missing);
    }
    if needs_reason(kind) && !fields.has("reason") {
        errors.push("reason", t.reason_missing);
    }
    if fields.get("reason").chars().count() > 500 {
        errors.push("reason", t.reason_too_long);
    }
    errors
}

/// The form again, with what happened meanwhile or what was refused, and the text kept.
async fn refused(
    app: &App,
    ui: &Ui,
    viewer: &Viewer,
    view: &CaseView,
    kind: MoveKind,
    fields: &Fields,
    fault: Fault,
) -> Response {
    let (status, words) = match &fault {
        Fault::Conflict(problem) => (StatusCode::CONFLICT, ui.said(problem)),
        Fault::Refused(problem) => (StatusCode::UNPROCESSABLE_ENTITY, ui.said(problem)),
        _ => return error_page(ui, Some(viewer), fault),
    };
    let fresh = open(app, viewer, &view.row.id).await;
    let view = fresh.as_ref().unwrap_or(view);
    let form = Form { kind, fields, errors: &Errors::new(), notice: Some(words) };
    form.reply(ui, viewer, view, status)
}

/// The page was opened when the move still fitted: someone was faster.
fn conflict_or_not_now(
    app: &App,
    ui: &Ui,
    viewer: &Viewer,
    view: &CaseView,
    kind: MoveKind,
    fields: &Fields,
) -> Response {
    app.once.give_back(fields.get("once"));
    let stale = fields.get("version").parse::<u32>().is_ok_and(|version| version != view.row.version);
    match (stale, view.timeline.first()) {
        (true, Some(last)) => {
            let t = ui.words;
            let words = format!("{} {} {}", last.at.clock(), ui.text(&last.who), ui.text(&last.what));
            let body = html! {
                p.back { a href={ "/cases/" (view.row.id) } { "‹ " (view.row.id) } }
                div.narrow {
                    h1 { ((t.cannot_now)((t.move_name)(kind))) }
                    div.notice.warn role="alert" tabindex="-1" data-focus="" { p { (words) } }
                    @if fields.has("reason") { p { (t.your_text) } blockquote { (fields.get("reason")) } }
                    p { a.button href={ "/cases/" (view.row.id) } { (t.back_to_case) } }
                }
            };
            Page::new(t.not_now_title, Here::Inbox, body)
                .of(&viewer.account, &viewer.csrf)
                .with_error(true)
                .reply(ui, StatusCode::CONFLICT)
        }
        _ => not_now(ui, viewer, view, kind),
    }
}
