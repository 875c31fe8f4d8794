//! The operator's page: does it run, what is late. Shows no person.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::part;
use super::route::{denied, error_page};
use super::shell::{Here, Page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::{Role, Viewer};

/// Handles `GET /system`.
pub(super) async fn show(State(app): State<App>, ui: Ui, viewer: Viewer) -> Response {
    if viewer.account.role != Role::Operator {
        return denied(&ui, &viewer);
    }
    let t = ui.words;
    let stats = app.service.progress();
    let counts = match app.service.counts().await {
        Ok(counts) => counts,
        Err(fault) => return error_page(&ui, Some(&viewer), fault),
    };
    let warnings: u64 = counts.warnings_open.iter().map(|(.., count)| count).sum();
    let cases: u64 =
        counts.cases.iter().filter(|(_, state, _)| state.name() != "closed").map(|(.., count)| count).sum();
    let overdue: u64 = counts.overdue.iter().map(|(_, count)| count).sum();
    let body = html! {
        div.narrow {
            h1 { (t.system) }
            (part::summary(&[
                (t.sys_ready, html! { @if stats.ready { (t.yes) } @else { (t.no) } }),
                (t.sys_position, html! { (stats.position) }),
                (t.sys_lag, html! { (stats.lag) }),
                (t.sys_warnings, html! { (warnings) }),
                (t.sys_cases, html! { (cases) }),
                (t.overdue, html! { (overdue) }),
            ]))
            h2 { (t.sys_sources) }
            @if counts.source_age_seconds.is_empty() { p.quiet { (t.none) } } @else {
                div.scroll {
                    table {
                        caption.vh { (t.sys_sources) }
                        thead { tr { th scope="col" { (t.sys_source) } th scope="col" { (t.sys_age) } } }
                        tbody {
                            @for (source, age) in &counts.source_age_seconds {
                                tr { th scope="row" { (source) } td { ((t.sys_hours)(age / 3600)) } }
                            }
                        }
                    }
                }
            }
            h2 { (t.sys_dead) }
            @if counts.dead_letters.is_empty() { p.quiet { (t.none) } } @else {
                div.scroll {
                    table {
                        caption.vh { (t.sys_dead) }
                        thead { tr { th scope="col" { (t.reason) } th scope="col" { (t.sys_count) } } }
                        tbody { @for (reason, count) in &counts.dead_letters { tr { th scope="row" { (reason) } td { (count) } } } }
                    }
                }
            }
            p.small { (t.sys_more) " " code { "doudi dead-letters list" } ", " a href="/metrics" { "/metrics" } }
        }
    };
    Page::new(t.system, Here::System, body).of(&viewer.account, &viewer.csrf).reply(&ui, StatusCode::OK)
}
