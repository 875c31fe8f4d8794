//! 入户核查表: one A4 sheet, both sides, black on white, to take along and sign.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use doudi_model::{Text, Verdict};
use maud::{Markup, html};

use super::case::{full_address, log_look, open};
use super::part;
use super::route::{denied, error_page};
use super::shell::{Here, Page};
use super::ui::Ui;
use crate::app::App;
use crate::auth::{Viewer, sees_name};
use crate::view::CaseView;
use crate::words::named;

/// Handles `GET /cases/{id}/print`. Printing is a look, and is logged as one.
pub(super) async fn show(State(app): State<App>, ui: Ui, viewer: Viewer, Path(id): Path<String>) -> Response {
    if !viewer.account.role.works() {
        return denied(&ui, &viewer);
    }
    let view = match open(&app, &viewer, &id).await {
        Ok(view) => view,
        Err(fault) => return error_page(&ui, Some(&viewer), fault),
    };
    if let Err(fault) = log_look(&app, &viewer, &view, "print").await {
        return error_page(&ui, Some(&viewer), fault);
    }
    let t = ui.words;
    let now = app.service.now();
    let clear = sees_name(&viewer.account, &view.row, true);
    let printed = format!("{} {} {}", viewer.account.display, now.day(), now.clock());
    let body = html! {
        p.back.screen { a href={ "/cases/" (id) } { "‹ " (id) } " " span.quiet { (t.print_hint) } }
        @if !clear { div.screen { (part::warn(t.masked_until_taken)) } }
        div.sheet {
            div.sheet-head {
                h1 { (t.sheet_title) }
                p { (t.case_number) " " strong { (view.row.id) } span { (printed) } }
            }
            (household(&ui, &view, clear))
            (people(&ui, &view, clear))
            (questions(&ui, &view))
            (figures(&ui))
            (outcomes(&ui, &view))
            (signatures(&ui))
        }
    };
    let title = format!("{} {id}", t.sheet_title);
    Page::new(&title, Here::Inbox, body).of(&viewer.account, &viewer.csrf).reply(&ui, StatusCode::OK)
}

fn household(ui: &Ui, view: &CaseView, clear: bool) -> Markup {
    let t = ui.words;
    let row = &view.row;
    let phone = view.phone.as_ref().map(|phone| mask_phone(phone.reveal()));
    html! {
        table.form {
            tbody {
                tr {
                    th scope="row" { (t.head) }
                    td { (named(t, row.head.as_ref(), clear)) }
                    th scope="row" { (t.phone) }
                    td { (phone.unwrap_or_default()) }
                }
                tr {
                    th scope="row" { (t.address) }
                    td colspan="3" {
                        @if clear { (full_address(view)) } @else { (row.place.township) " " (row.place.village) }
                    }
                }
                tr {
                    th scope="row" { (t.why_warned) }
                    td colspan="3" { (ui.text(&row.why)) }
                }
                tr {
                    th scope="row" { (t.aid) }
                    td colspan="3" {
                        @if view.aid.is_empty() { (t.no_aid) }
                        @for (at, aid) in view.aid.iter().enumerate() {
                            @if at > 0 { "；" } (ui.text(&aid.scheme)) " " (ui.text(&aid.status))
                        }
                    }
                }
            }
        }
    }
}

/// The first three and last four digits stay.
fn mask_phone(phone: &str) -> String {
    let signs: Vec<char> = phone.chars().collect();
    let kept = |at: usize| at < 3 || at + 4 >= signs.len();
    signs.iter().enumerate().map(|(at, sign)| if signs.len() >= 7 && kept(at) { *sign } else { '*' }).collect()
}

fn people(ui: &Ui, view: &CaseView, clear: bool) -> Markup {
    let t = ui.words;
    html! {
        h2 { (t.members) }
        table.form {
            thead {
                tr { @for word in [t.name, t.relation, t.sex, t.age, t.id_number, t.notes] { th scope="col" { (word) } } }
            }
            tbody {
                @for member in &view.members {
                    tr {
                        td { (named(t, member.name.as_ref(), clear)) }
                        td { (ui.text(&member.relation)) }
                        td { @if let Some(sex) = &member.sex { (ui.text(sex)) } }
                        td { @if let Some(age) = member.age { (age) } }
                        td { @if let Some(number) = &member.number { (doudi_model::mask::id_number(number.reveal())) } }
                        td { @for (at, note) in member.notes.iter().enumerate() { @if at > 0 { "，" } (ui.text(note)) } }
                    }
                }
            }
        }
    }
}

/// Questions from the basis of the decision and from what is missing, each with boxes.
fn questions(ui: &Ui, view: &CaseView) -> Markup {
    let t = ui.words;
    let standing = view.explanations.len().saturating_sub(view.muted);
    let shown = || view.explanations.iter().take(standing);
    html! {
        h2 { (t.to_check) }
        ol.questions {
            @for leaf in shown().flat_map(|one| &one.leaves).filter(|leaf| leaf.verdict == Verdict::True).take(6) {
                li {
                    (ui.text(&leaf.name)) " " (ui.text(&leaf.value))
                    span.boxes { "□ " (t.agrees) " □ " (t.differs) span.blank {} }
                }
            }
            @for row in shown().flat_map(|one| &one.missing).take(3) {
                li { (ui.text(&row.feature)) "（" (ui.text(&row.why)) "）" span.boxes { (t.found_out) span.blank.long {} } }
            }
            @for point in shown().flat_map(|one| &one.check).take(6) {
                li {
                    (ui.text(point))
                    @if is_yes_or_no(point) { span.boxes { "□ " (t.yes) " □ " (t.no) span.blank {} } }
                    @else { span.boxes { (t.found_out) span.blank.long {} } }
                }
            }
        }
    }
}

/// Whether a point of a visit asks one thing that is so or not so; the Chinese says it by its words.
fn is_yes_or_no(point: &Text) -> bool {
    const EITHER: [&str; 6] = ["有没有", "是否", "能否", "能不能", "是不是", "要不要"];
    const OPEN: [&str; 10] = ["谁", "什么", "多少", "哪", "怎样", "怎么", "如何", "多久", "还是", "大致"];
    let holds = |words: &[&str]| words.iter().any(|word| point.zh.contains(word));
    holds(&EITHER) && !holds(&OPEN)
}

/// Room for what registers do not know.
fn figures(ui: &Ui) -> Markup {
    let t = ui.words;
    html! {
        table.form.room {
            tbody { @for word in [t.income, t.property, t.obligors] { tr { th scope="row" { (word) } td {} } } }
        }
    }
}

fn outcomes(ui: &Ui, view: &CaseView) -> Markup {
    let t = ui.words;
    html! {
        h2 { (t.outcome) }
        @for (heading, choices) in part::outcome_groups(ui, &view.row.directions) {
            p.ticks { strong { (heading) } @for (_, words) in &choices { span { "□ " (words) } } }
        }
        table.form.room { tbody { tr { th scope="row" { (t.head_says) } td {} } } }
    }
}

fn signatures(ui: &Ui) -> Markup {
    let t = ui.words;
    html! {
        div.signatures {
            @for word in [t.investigator1, t.investigator2, t.village_cadre, t.head_or_agent] {
                p { (word) "：" span.blank {} }
            }
            p { (t.date) "：" span.blank.short {} (t.year) span.blank.short {} (t.month) span.blank.short {} (t.day) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_so_or_not_so_gets_boxes_for_yes_and_no() {
        let boxes = |zh: &str| is_yes_or_no(&Text::new(zh, ""));
        assert!(boxes("损失是否已由保险承担") && boxes("家里有没有因看病借债、卖牲口粮食或停药的情况"));
        for open in [
            "孩子现在跟谁生活，吃穿、上学、看病有没有着落",
            "需要的是工作介绍、临时救助，还是申请低保",
            "不公示、不张贴，注意保护孩子隐私",
            "本人现在的照料需要",
        ] {
            assert!(!boxes(open), "{open}");
        }
    }
}
