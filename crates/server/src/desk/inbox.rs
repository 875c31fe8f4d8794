//! The inbox: what is on an office, most urgent first. It never moves by itself.

mod choice;
mod list;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use doudi_model::Day;
use maud::{Markup, html};

use self::choice::Choice;
pub use self::choice::Sort;
use super::form::Fields;
use super::part;
use super::route::{denied, error_page};
use super::shell::{Here, Page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::{Account, Viewer, may_see};
use crate::service::{CaseQuery, Fault, MoveOrder};
use crate::view::{CaseRow, MoveKind};

/// Rows on one page.
const PAGE: usize = 50;

/// The open cases an account may see.
pub(super) async fn visible(app: &App, account: &Account) -> Result<Vec<CaseRow>, Fault> {
    let query = CaseQuery {
        office: account.role.is_bound_to_office().then(|| account.office.clone()),
        within: Some(account.division),
        closed: false,
    };
    let mut rows = app.service.cases(query).await?;
    rows.retain(|row| may_see(app, account, row));
    Ok(rows)
}

/// Handles `GET /inbox`.
pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    viewer: Viewer,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    if !viewer.account.role.reads_cases() {
        return denied(&ui, &viewer);
    }
    // The newest notice is read before the list, so that nothing falls between the two.
    let after = app.hub.newest();
    let choice = Choice::read(&Fields::of(pairs));
    app.drafts.keep(&viewer.account.name, "inbox", choice.fields());
    match visible(&app, &viewer.account).await {
        Ok(rows) => page(&app, &ui, &viewer, &rows, &choice, after, "").await,
        Err(fault) => error_page(&ui, Some(&viewer), fault),
    }
}

async fn page(
    app: &App,
    ui: &Ui,
    viewer: &Viewer,
    rows: &[CaseRow],
    choice: &Choice,
    after: u64,
    notice: &str,
) -> Response {
    let t = ui.words;
    let now = app.service.now();
    let today = now.day();
    let shown = choice.apply(rows, today);
    let pages = shown.len().div_ceil(PAGE).max(1);
    let at = choice.page.min(pages);
    let from = (at - 1) * PAGE;
    let count = shown.len();
    let slice: Vec<CaseRow> = shown.into_iter().skip(from).take(PAGE).cloned().collect();
    let slice = match app.service.complete(slice).await {
        Ok(slice) => slice,
        Err(fault) => return error_page(ui, Some(viewer), fault),
    };
    let works = viewer.account.role.works();
    let once = crate::auth::token().unwrap_or_default();
    let body = html! {
        div.inbox {
            div.head {
                h1 { (t.inbox) }
                (counts(app, ui, viewer, rows, today))
            }
            @if !notice.is_empty() { (part::done(notice)) }
            (part::live(ui, after, &now.clock(), &choice.href()))
            div.columns {
                section.list aria-labelledby="list-title" {
                    h2.vh #list-title { (t.list) }
                    (tools(ui, choice))
                    @if slice.is_empty() {
                        (empty(ui, rows.is_empty(), &now.clock()))
                    } @else {
                        form method="post" action="/inbox/acknowledge" {
                            (part::hidden(&viewer.csrf, &once))
                            (list::rows(ui, &viewer.account, &slice, choice, today))
                            p.range { ((t.range)(from + 1, from + slice.len(), count)) " · " ((t.sorted_by)(choice.sort)) }
                            @if works {
                                div.act {
                                    button.primary type="submit" data-count=(t.acknowledge_count) { (t.acknowledge_chosen) }
                                }
                            }
                        }
                        (pager(ui, choice, at, pages))
                    }
                }
                (choice::filter(ui, choice, rows))
            }
        }
    };
    Page::new(t.inbox, Here::Inbox, body).of(&viewer.account, &viewer.csrf).reply(ui, StatusCode::OK)
}

/// The figures on top; each leads to its list.
fn counts(app: &App, ui: &Ui, viewer: &Viewer, rows: &[CaseRow], today: Day) -> Markup {
    let t = ui.words;
    let by = |wanted: fn(Day, Day) -> bool| {
        rows.iter().filter(|row| row.due.as_ref().is_some_and(|due| wanted(due.by, today))).count()
    };
    let (over, now) = (by(|by, today| by < today), by(|by, today| by == today));
    let offices = app.service.offices();
    let visits =
        offices.iter().find(|office| office.id == viewer.account.office).and_then(|office| office.visits_per_week);
    html! {
        ul.counts {
            li { a href="/inbox" { ((t.households)(rows.len())) } }
            li.late[over > 0] { a href="/inbox?due=overdue" { ((t.count_overdue)(over)) } }
            li.soon[now > 0] { a href="/inbox?due=today" { ((t.count_today)(now)) } }
            @if let Some(visits) = visits { li { ((t.visits_this_week)(visits)) } }
        }
    }
}

fn tools(ui: &Ui, choice: &Choice) -> Markup {
    let t = ui.words;
    html! {
        div.tools {
            p {
                span.name { (t.sort) }
                @for sort in choice::Sort::ALL {
                    a href=(choice.with_sort(sort).href()) aria-current=[(choice.sort == sort).then_some("true")] {
                        ((t.sort_name)(sort))
                    }
                }
            }
            p {
                span.name { (t.group) }
                a href=(choice.with_group(true).href()) aria-current=[choice.by_village.then_some("true")] { (t.by_village) }
                a href=(choice.with_group(false).href()) aria-current=[(!choice.by_village).then_some("true")] { (t.no_group) }
            }
            p.to-filter { a href="#filter" { (t.filter) } }
            (choice::tags(ui, choice))
        }
    }
}

fn empty(ui: &Ui, nothing_at_all: bool, clock: &str) -> Markup {
    let t = ui.words;
    html! {
        div.empty {
            @if nothing_at_all { p { ((t.nothing_to_do)(clock)) } } @else { p { (t.nothing_fits) } p { a href="/inbox" { (t.clear_filter) } } }
        }
    }
}

fn pager(ui: &Ui, choice: &Choice, at: usize, pages: usize) -> Markup {
    let t = ui.words;
    html! {
        @if pages > 1 {
            nav.pager aria-label=(t.pages) {
                @if at > 1 { a rel="prev" href=(choice.with_page(at - 1).href()) { (t.previous) } }
                span { (at) " / " (pages) }
                @if at < pages { a rel="next" href=(choice.with_page(at + 1).href()) { (t.next) } }
            }
        }
    }
}

/// Handles `POST /inbox/acknowledge`: up to 50 cases at once.
pub(super) async fn acknowledge(State(app): State<App>, ui: Ui, viewer: Viewer, fields: Fields) -> Response {
    let t = ui.words;
    if fields.get("csrf") != viewer.csrf || !viewer.account.role.works() {
        return denied(&ui, &viewer);
    }
    let once = fields.get("once").to_owned();
    if !app.once.take(&once) {
        return Redirect::to("/inbox").into_response();
    }
    let (mut done, mut others) = (0, Vec::new());
    for case in fields.all("case").iter().take(PAGE) {
        let seen = match app.service.case(case).await {
            Ok(view) if may_see(&app, &viewer.account, &view.row) && view.row.lead == viewer.account.office => Ok(()),
            Ok(view) if may_see(&app, &viewer.account, &view.row) => Err((t.led_by)(ui.text(&view.lead.name))),
            Ok(_) | Err(_) => Err(t.not_found.to_owned()),
        };
        let moved = match seen {
            Ok(()) => {
                let order = MoveOrder {
                    case: case.clone(),
                    kind: MoveKind::Acknowledge,
                    actor: viewer.actor(),
                    reason: None,
                    to: None,
                    code: None,
                    visit: None,
                    version: None,
                    once: format!("{once}:{case}"),
                    finding: None,
                    answer: None,
                };
                app.service.order(order).await.map(drop).map_err(|fault| fault_words(&ui, fault))
            }
            Err(words) => Err(words),
        };
        match moved {
            Ok(()) => done += 1,
            Err(words) => others.push((case.clone(), words)),
        }
    }
    let notice = if done == 0 && others.is_empty() {
        t.nothing_chosen.to_owned()
    } else {
        let mut words = (t.acknowledged)(done);
        for (case, why) in &others {
            words.push_str(&(t.not_acknowledged)(case, why));
        }
        words
    };
    let choice = Choice::read(&app.drafts.get(&viewer.account.name, "inbox"));
    let after = app.hub.newest();
    match visible(&app, &viewer.account).await {
        Ok(rows) => page(&app, &ui, &viewer, &rows, &choice, after, &notice).await,
        Err(fault) => error_page(&ui, Some(&viewer), fault),
    }
}

fn fault_words(ui: &Ui, fault: Fault) -> String {
    let (_, problem) = crate::reply::fault_problem(fault);
    problem.message.get(ui.lang).to_owned()
}

/// Handles `GET /inbox/news?after=`: what the stream would have said, for browsers that cannot hold it.
pub(super) async fn news(
    State(app): State<App>,
    viewer: Viewer,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let after = Fields::of(pairs).get("after").parse().unwrap_or(0);
    let notices = app.hub.since(after);
    let heard: Vec<_> = notices
        .iter()
        .filter(|notice| crate::api::stream::concerns(&app, &viewer.account, notice))
        .map(|notice| notice.as_ref())
        .collect();
    Json(serde_json::json!({ "last": app.hub.newest(), "notices": heard })).into_response()
}

/// The inbox as it was last looked at.
pub(super) fn back(app: &App, account: &Account) -> String {
    Choice::read(&app.drafts.get(&account.name, "inbox")).href()
}
