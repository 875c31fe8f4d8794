//! One case: why, what it rests on, what is missing, what would change it, and the next step.

mod parts;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use doudi_model::Instant;
use doudi_model::warning::Direction;
use maud::{Markup, html};

use super::corrections;
use super::form::Fields;
use super::inbox::back;
use super::moves::permitted;
use super::part;
use super::route::error_page;
use super::shell::{Here, Page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::{Viewer, may_see, sees_name};
use crate::service::{Fault, Look};
use crate::view::{CaseView, MoveKind, State as Stand, is_taken};
use crate::words::named;

/// The case, if this viewer may see it; what lies outside reads as not found.
pub(super) async fn open(app: &App, viewer: &Viewer, id: &str) -> Result<CaseView, Fault> {
    let view = app.service.case(id).await?;
    if may_see(app, &viewer.account, &view.row) { Ok(view) } else { Err(Fault::NotFound) }
}

/// Writes the look into the access log, if names were shown in clear.
pub(super) async fn log_look(app: &App, viewer: &Viewer, view: &CaseView, purpose: &'static str) -> Result<(), Fault> {
    if !sees_name(&viewer.account, &view.row, true) {
        return Ok(());
    }
    let look =
        Look { actor: viewer.actor(), household: view.row.household.clone(), case: Some(view.row.id.clone()), purpose };
    app.service.look(look).await
}

/// Handles `GET /cases/{id}`.
pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let after = app.hub.newest();
    let view = match open(&app, &viewer, &id).await {
        Ok(view) => view,
        Err(fault) => return error_page(&ui, Some(&viewer), fault),
    };
    if let Err(fault) = log_look(&app, &viewer, &view, "case").await {
        return error_page(&ui, Some(&viewer), fault);
    }
    let query = Fields::of(pairs);
    let done = match MoveKind::parse(query.get("done")) {
        Some(kind) => Some((ui.words.move_done)(kind)),
        None => (query.get("saved") == "1").then_some(ui.words.draft_saved),
    };
    page(&app, &ui, &viewer, &view, after, done)
}

fn page(app: &App, ui: &Ui, viewer: &Viewer, view: &CaseView, after: u64, done: Option<&str>) -> Response {
    let t = ui.words;
    let (row, now) = (&view.row, app.service.now());
    let clear = sees_name(&viewer.account, row, true);
    let name = named(t, row.head.as_ref(), clear);
    let title = format!("{name} {}", row.id);
    let excess = row.directions.contains(&Direction::Excess);
    let body = html! {
        div.topline {
            p.back { a href=(back(app, &viewer.account)) { "‹ " (t.inbox) } }
            (part::live(ui, after, &now.clock(), &format!("/cases/{}", row.id)))
        }
        @if let Some(words) = done { (part::done(words)) }
        div.case data-case=(row.id) {
            (head(ui, view, &name, clear, now))
            @for words in &view.stale { (part::warn(ui.text(words))) }
            @if excess { (part::warn(t.excess_note)) }
            div.split {
                div.main {
                    (parts::why(ui, view))
                    (parts::basis(ui, view))
                    (parts::missing(ui, view))
                    (parts::change(ui, view))
                    (parts::check(ui, view))
                }
                div.side {
                    (standing(ui, viewer, view, now))
                    (parts::members(ui, view, clear))
                    (parts::aid(ui, view))
                }
                div.rest {
                    (parts::findings(ui, view))
                    section aria-labelledby="timeline" {
                        h2 #timeline { (t.timeline) }
                        (part::timeline(ui, &view.timeline))
                    }
                }
            }
        }
    };
    let clock = format!("{} {}", now.day(), now.clock());
    let mut page = Page::new(&title, Here::Inbox, body).of(&viewer.account, &viewer.csrf);
    if clear {
        page = page.about_a_person(&clock);
    }
    page.reply(ui, StatusCode::OK)
}

/// The address as it was registered, with the township before it where it does not say so itself.
pub(super) fn full_address(view: &CaseView) -> String {
    let place = &view.row.place;
    let address = view.address.as_ref().map_or(place.village.as_str(), |address| address.reveal());
    if address.contains(&place.township) { address.to_owned() } else { format!("{} {address}", place.township) }
}

fn head(ui: &Ui, view: &CaseView, name: &str, clear: bool, now: Instant) -> Markup {
    let t = ui.words;
    let row = &view.row;
    let place = if clear { full_address(view) } else { format!("{} {}", row.place.township, row.place.village) };
    html! {
        div.case-head {
            div.line {
                (part::level(ui, row.level))
                h1 { (name) }
                @if let Some(due) = &row.due { (part::due(ui, due, now.day(), true)) }
            }
            p.where-line {
                (place)
                " · " span.case-number { (row.id) }
                @if !clear && !is_taken(row.state) { " · " (t.masked_until_taken) }
            }
        }
    }
}

/// State, deadlines and the way on.
fn standing(ui: &Ui, viewer: &Viewer, view: &CaseView, now: Instant) -> Markup {
    let t = ui.words;
    let row = &view.row;
    let moves = permitted(&viewer.account, view);
    let primary = primary(row.state, &moves);
    let others: Vec<MoveKind> =
        moves.iter().copied().filter(|kind| Some(*kind) != primary && *kind != MoveKind::Visit).collect();
    let once = crate::auth::token().unwrap_or_default();
    html! {
        section.standing aria-labelledby="standing" {
            h2 #standing { (t.standing) }
            p.now {
                (part::state(ui, row.state))
                @if let Some(who) = &row.assignee { " " (who) }
                span.lead { (ui.text(&view.lead.name)) }
            }
            @if !view.deadlines.is_empty() {
                dl.summary {
                    @for due in &view.deadlines {
                        div { dt { ((t.step_due)(due.step)) } dd { (part::day_short(ui, due.by)) (part::due(ui, due, now.day(), false)) } }
                    }
                }
            }
            @for row in &view.corrections {
                p.correction { (t.correction_to) " " (ui.text(&row.office.name)) " · " (ui.text(&row.title)) " · " (corrections::due(ui, row, now.day())) }
            }
            div.act {
                @match primary {
                    Some(MoveKind::Acknowledge) => form method="post" action={ "/cases/" (row.id) "/moves/acknowledge" } {
                        (part::hidden(&viewer.csrf, &once))
                        input type="hidden" name="version" value=(row.version);
                        button.primary type="submit" data-key="a" { ((t.move_name)(MoveKind::Acknowledge)) }
                    },
                    Some(kind) => a.button.primary href=(href(row, kind)) { ((t.move_name)(kind)) },
                    None => {},
                }
                @if viewer.account.role.works() { a.button href={ "/cases/" (row.id) "/print" } { (t.print_sheet) } }
            }
            @if !others.is_empty() {
                details.more {
                    summary { (t.more_moves) }
                    ul { @for kind in others { li { a href=(href(row, kind)) { ((t.move_name)(kind)) } } } }
                }
            }
        }
    }
}

fn href(row: &crate::view::CaseRow, kind: MoveKind) -> String {
    match kind {
        MoveKind::Report => format!("/cases/{}/feedback", row.id),
        kind => format!("/cases/{}/moves/{}", row.id, kind.name()),
    }
}

/// The one move that fits best where the case stands.
fn primary(state: Stand, moves: &[MoveKind]) -> Option<MoveKind> {
    let wanted: &[MoveKind] = match state {
        Stand::Opened => &[MoveKind::Acknowledge, MoveKind::Dispatch],
        Stand::Dispatched => &[MoveKind::Acknowledge],
        Stand::Acknowledged | Stand::Visited => &[MoveKind::Report],
        Stand::Reported => &[MoveKind::Close],
        Stand::Closed => &[],
    };
    wanted.iter().copied().find(|kind| moves.contains(kind))
}
