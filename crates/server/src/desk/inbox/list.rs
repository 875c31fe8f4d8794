//! The rows: a list on a phone, aligned like a table on a desk.

use doudi_model::Day;
use maud::{Markup, html};

use super::super::part;
use super::super::ui::Ui;
use super::choice::Choice;
use crate::auth::{Account, sees_name};
use crate::view::{CaseRow, is_taken};
use crate::words::named;

/// All rows of a page.
pub(super) fn rows(ui: &Ui, account: &Account, rows: &[CaseRow], choice: &Choice, today: Day) -> Markup {
    let t = ui.words;
    html! {
        div.rows-head aria-hidden="true" {
            span {}
            @for word in [t.level, t.household, t.village, t.why, t.deadline, t.state] { span { (word) } }
        }
        @if choice.by_village {
            @for group in grouped(rows) {
                @if let Some(first) = group.first() {
                    h3.village-head {
                        (first.place.township) " " (first.place.village)
                        span { ((t.households)(group.len())) }
                    }
                }
                (list(ui, account, &group, today))
            }
        } @else {
            (list(ui, account, &rows.iter().collect::<Vec<_>>(), today))
        }
    }
}

fn grouped(rows: &[CaseRow]) -> Vec<Vec<&CaseRow>> {
    let mut groups: Vec<Vec<&CaseRow>> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some(group) if group.first().is_some_and(|first| first.place.code == row.place.code) => group.push(row),
            _ => groups.push(vec![row]),
        }
    }
    groups
}

fn list(ui: &Ui, account: &Account, rows: &[&CaseRow], today: Day) -> Markup {
    html! { ol.rows { @for row in rows { (line(ui, account, row, today)) } } }
}

fn line(ui: &Ui, account: &Account, row: &CaseRow, today: Day) -> Markup {
    let t = ui.words;
    let name = named(ui.words, row.head.as_ref(), sees_name(account, row, false));
    let can_take = account.role.works() && row.lead == account.office && !is_taken(row.state);
    html! {
        li.row data-case=(row.id) {
            span.pick {
                @if can_take {
                    input type="checkbox" name="case" value=(row.id) id={ "c-" (row.id) };
                    label for={ "c-" (row.id) } { span.vh { (t.choose) " " (name) } }
                }
            }
            (part::level(ui, row.level))
            a.who href={ "/cases/" (row.id) } { (name) }
            span.village { (row.place.village) }
            div.why {
                span.reason { (ui.text(&row.why)) }
                @if row.joined > 0 { " " span.joined { ((t.joined)(row.joined)) } }
                span.meta {
                    // On a phone, where the village has no column.
                    span.near { (row.place.village) " · " }
                    @if let Some(members) = row.members { ((t.members_count)(members)) " · " }
                    @for aid in &row.aid { (ui.text(aid)) " · " }
                    (row.id)
                }
            }
            span.till { @if let Some(due) = &row.due { (part::due(ui, due, today, false)) } }
            span.stand {
                (part::state(ui, row.state))
                @if let Some(who) = &row.assignee { span.by { (who) } }
            }
        }
    }
}
