//! The pages of the form.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::super::form::{Fields, amount, day};
use super::super::part::{self, Ask, Errors};
use super::super::shell::{Here, Page};
use super::super::ui::Ui;
use super::{MEASURES_MAX, Work};
use crate::view::Outcome;

/// A page of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Visit,
    Conclusion,
    /// Only where the conclusion asks for more: a hearing, or which data is wrong.
    More,
    Measures,
    Check,
    Receipt,
}

impl Step {
    pub(super) const ALL: [Step; 5] = [Step::Visit, Step::Conclusion, Step::More, Step::Measures, Step::Check];

    pub(super) fn name(self) -> &'static str {
        match self {
            Step::Visit => "visit",
            Step::Conclusion => "conclusion",
            Step::More => "more",
            Step::Measures => "measures",
            Step::Check => "check",
            Step::Receipt => "receipt",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// How many measures the form shows.
pub(super) fn measures(fields: &Fields) -> usize {
    fields.get("measures").parse().unwrap_or(1).clamp(1, MEASURES_MAX)
}

/// The page after this one.
pub(super) fn after(_work: &Work<'_>, step: Step, fields: &Fields) -> Step {
    let outcome = Outcome::parse(fields.get("outcome"));
    match step {
        Step::Visit => Step::Conclusion,
        Step::Conclusion if outcome.is_some_and(|o| o.needs_hearing() || o == Outcome::SourceWrong) => Step::More,
        Step::Conclusion | Step::More if outcome.is_some_and(has_measures) => Step::Measures,
        Step::Conclusion | Step::More | Step::Measures => Step::Check,
        Step::Check | Step::Receipt => Step::Receipt,
    }
}

/// Measures are asked for only where something is given.
pub(super) fn has_measures(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::EnteredDibao
            | Outcome::EnteredTekun
            | Outcome::EnteredEdge
            | Outcome::EnteredRigid
            | Outcome::TemporaryAid
            | Outcome::Referred
            | Outcome::Conference
            | Outcome::Raised
    )
}

/// Takes the fields of one page into the draft; a box that is not ticked is one that was cleared.
pub(super) fn take_over(step: Step, draft: &mut Fields, fields: &Fields) {
    let mut page = fields.clone();
    for name in ["csrf", "once", "step", "go", "version"] {
        page.remove(name);
    }
    if step == Step::More {
        draft.remove("heard");
    }
    draft.merge(page);
}

/// One page with what was typed.
pub(super) fn form(
    work: &Work<'_>,
    step: Step,
    draft: &Fields,
    errors: &Errors,
    notice: Option<String>,
    status: StatusCode,
) -> Response {
    let (ui, t, row) = (work.ui, work.ui.words, &work.view.row);
    let once = crate::auth::token().unwrap_or_default();
    let (heading, content) = match step {
        Step::Visit => (t.step_visit, visit(work, draft, errors)),
        Step::Conclusion => (t.step_conclusion, conclusion(work, draft, errors)),
        Step::More => (t.step_more, more(work, draft, errors)),
        Step::Measures => (t.step_measures, measure_fields(work, draft, errors)),
        Step::Check | Step::Receipt => (t.check_title, check(work, draft)),
    };
    let number = match step {
        Step::Visit => 0,
        Step::Conclusion | Step::More => 1,
        Step::Measures => 2,
        Step::Check | Step::Receipt => 3,
    };
    let body = html! {
        p.back { a href={ "/cases/" (row.id) } { "‹ " (row.id) } }
        div.narrow data-draft=(row.id) {
            (part::error_summary(ui, errors))
            @if let Some(words) = &notice { div.notice.warn role="alert" tabindex="-1" data-focus="" { p { (words) } } }
            (part::steps(ui, &[t.step_visit, t.step_conclusion, t.step_measures, t.step_check], number))
            h1 { (heading) }
            form method="post" action={ "/cases/" (row.id) "/feedback" } novalidate {
                (part::hidden(&work.viewer.csrf, &once))
                input type="hidden" name="step" value=(step.name());
                input type="hidden" name="version" value=(row.version);
                (content)
                div.act {
                    @if step == Step::Check {
                        button.primary type="submit" name="go" value="send" { (t.send_finding) }
                    } @else {
                        button.primary type="submit" name="go" value="next" { (t.go_on) }
                        button type="submit" name="go" value="save" formnovalidate { (t.save_for_later) }
                    }
                    @if let Some(back) = before(step, draft) { a href=(work.href(back)) { "‹ " (t.step_back) } }
                }
            }
        }
    };
    let title = format!("{heading} {}", row.id);
    Page::new(&title, Here::Inbox, body)
        .of(&work.viewer.account, &work.viewer.csrf)
        .with_error(!errors.is_empty())
        .reply(ui, status)
}

fn before(step: Step, draft: &Fields) -> Option<Step> {
    let outcome = Outcome::parse(draft.get("outcome"));
    let asks_more = outcome.is_some_and(|o| o.needs_hearing() || o == Outcome::SourceWrong);
    match step {
        Step::Visit | Step::Receipt => None,
        Step::Conclusion => Some(Step::Visit),
        Step::More => Some(Step::Conclusion),
        Step::Measures if asks_more => Some(Step::More),
        Step::Measures => Some(Step::Conclusion),
        Step::Check if outcome.is_some_and(has_measures) => Some(Step::Measures),
        Step::Check if asks_more => Some(Step::More),
        Step::Check => Some(Step::Conclusion),
    }
}

fn ask<'a>(id: &'a str, label: &'a str, hint: &'a str, kind: &'static str, required: bool) -> Ask<'a> {
    Ask { id, label, hint, kind, complete: "off", required }
}

fn visit(work: &Work<'_>, draft: &Fields, errors: &Errors) -> Markup {
    let (ui, t) = (work.ui, work.ui.words);
    let today = work.app.service.now().day().to_string();
    let ways = [("visit".to_owned(), t.way_visit.to_owned()), ("phone".to_owned(), t.way_phone.to_owned())];
    let me = &work.viewer.account.display;
    html! {
        (part::field(ui, &ask("on", t.visit_day, t.visit_day_hint, "date", true), part::typed(draft, "on", &today), errors))
        (part::radios("way", t.way, "", &[(String::new(), ways.to_vec())], part::typed(draft, "way", "visit"), errors))
        (part::field(ui, &ask("investigator1", t.investigator1, "", "text", true), part::typed(draft, "investigator1", me), errors))
        (part::field(ui, &ask("investigator2", t.investigator2, t.investigator2_hint, "text", false), draft.get("investigator2"), errors))
        (part::field(ui, &ask("met", t.met, t.met_hint, "text", false), draft.get("met"), errors))
    }
}

fn conclusion(work: &Work<'_>, draft: &Fields, errors: &Errors) -> Markup {
    let (ui, t) = (work.ui, work.ui.words);
    let groups = part::outcome_groups(ui, &work.view.row.directions);
    let remarks = ask("remarks", t.remarks, t.remarks_hint, "text", false);
    html! {
        @if work.is_excess() { (part::warn(t.excess_note)) }
        (part::radios("outcome", t.outcome_ask, "", &groups, draft.get("outcome"), errors))
        (part::long_field(ui, &remarks, draft.get("remarks"), errors))
    }
}

fn more(work: &Work<'_>, draft: &Fields, errors: &Errors) -> Markup {
    let (ui, t) = (work.ui, work.ui.words);
    let outcome = Outcome::parse(draft.get("outcome"));
    html! {
        @if outcome.is_some_and(Outcome::needs_hearing) {
            p.lead { (t.hearing_lead) }
            @let error = errors.of("heard");
            div.field.wrong[error.is_some()] {
                @if let Some(words) = error { p.error #heard-error { (words) } }
                div.choice {
                    input #heard type="checkbox" name="heard" value="yes" checked[draft.get("heard") == "yes"]
                        aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "heard-error")];
                    label for="heard" { (t.heard) }
                }
            }
            (part::long_field(ui, &ask("hearing", t.hearing_words, t.hearing_hint, "text", true), draft.get("hearing"), errors))
        }
        @if outcome == Some(Outcome::SourceWrong) {
            p.lead { (t.wrong_lead) }
            (values(work, draft, errors))
            (part::field(ui, &ask("wrong_right", t.wrong_right, "", "text", true), draft.get("wrong_right"), errors))
            (part::field(ui, &ask("wrong_seen", t.wrong_seen, t.wrong_seen_hint, "text", true), draft.get("wrong_seen"), errors))
        }
    }
}

/// Which value is wrong: one of those that the warnings rest on.
fn values(work: &Work<'_>, draft: &Fields, errors: &Errors) -> Markup {
    let (ui, t) = (work.ui, work.ui.words);
    let error = errors.of("wrong_what");
    html! {
        div.field.wrong[error.is_some()] {
            label for="wrong_what" { (t.wrong_what) }
            @if let Some(words) = error { p.error #wrong_what-error { (words) } }
            select #wrong_what name="wrong_what" required aria-invalid=[error.map(|_| "true")]
                aria-describedby=[error.map(|_| "wrong_what-error")] {
                option value="" { (t.please_choose) }
                @for value in &work.view.values {
                    option value=(value.id) selected[draft.get("wrong_what") == value.id] { (ui.text(&value.title)) }
                }
            }
        }
    }
}

fn measure_fields(work: &Work<'_>, draft: &Fields, errors: &Errors) -> Markup {
    let (ui, t) = (work.ui, work.ui.words);
    let shown = measures(draft);
    html! {
        p.lead { (t.measures_lead) }
        input type="hidden" name="measures" value=(shown);
        @for at in 0..shown {
            @let id = |part: &str| format!("{part}{at}");
            fieldset.measure {
                legend { ((t.measure)(at + 1)) }
                (part::field(ui, &ask(&id("kind"), t.measure_kind, t.measure_kind_hint, "text", false), draft.get(&id("kind")), errors))
                (part::field(ui, &ask(&id("department"), t.department, "", "text", false), draft.get(&id("department")), errors))
                (part::field(ui, &ask(&id("amount"), t.amount, t.amount_hint, "text", false), draft.get(&id("amount")), errors))
                @let once_or_monthly = [("once".to_owned(), t.once.to_owned()), ("monthly".to_owned(), t.each_month.to_owned())];
                (part::radios(&id("schedule"), t.schedule, "", &[(String::new(), once_or_monthly.to_vec())], part::typed(draft, &id("schedule"), "once"), errors))
                (part::field(ui, &ask(&id("from"), t.from_day, "", "date", false), draft.get(&id("from")), errors))
            }
        }
        @if shown < MEASURES_MAX { p { button type="submit" name="go" value="add" formnovalidate { (t.another_measure) } } }
    }
}

/// All answers, each with a way back to its page.
fn check(work: &Work<'_>, draft: &Fields) -> Markup {
    let (ui, t) = (work.ui, work.ui.words);
    let text = |name: &str| draft.get(name).to_owned();
    let outcome = Outcome::parse(draft.get("outcome"));
    let mut rows: Vec<(Step, &str, String)> = Vec::new();
    let on = day(draft.get("on")).map(|on| part::day_short(ui, on)).unwrap_or_default();
    rows.push((Step::Visit, t.visit_day, on));
    rows.push((Step::Visit, t.way, if draft.get("way") == "phone" { t.way_phone } else { t.way_visit }.to_owned()));
    rows.push((Step::Visit, t.investigator1, text("investigator1")));
    for (name, label) in [("investigator2", t.investigator2), ("met", t.met)] {
        if draft.has(name) {
            rows.push((Step::Visit, label, text(name)));
        }
    }
    rows.push((
        Step::Conclusion,
        t.outcome,
        outcome.map(|outcome| ui.text(&outcome.text()).to_owned()).unwrap_or_default(),
    ));
    if draft.has("remarks") {
        rows.push((Step::Conclusion, t.remarks, text("remarks")));
    }
    if outcome.is_some_and(Outcome::needs_hearing) {
        rows.push((Step::More, t.hearing_words, text("hearing")));
    }
    if outcome == Some(Outcome::SourceWrong) {
        let chosen = work.view.values.iter().find(|value| value.id == draft.get("wrong_what"));
        rows.push((Step::More, t.wrong_what, chosen.map(|value| ui.text(&value.title).to_owned()).unwrap_or_default()));
        rows.push((Step::More, t.wrong_right, text("wrong_right")));
        rows.push((Step::More, t.wrong_seen, text("wrong_seen")));
    }
    if outcome.is_some_and(has_measures) {
        for at in 0..measures(draft) {
            let part = |name: &str| draft.get(&format!("{name}{at}")).to_owned();
            if !part("kind").is_empty() {
                rows.push((Step::Measures, t.step_measures, measure_words(ui, &part)));
            }
        }
    }
    html! {
        dl.summary.check {
            @for (step, label, value) in &rows {
                div {
                    dt { (label) }
                    dd { (value) }
                    dd.mend { a href=(work.href(*step)) { (t.mend) span.vh { " " (label) } } }
                }
            }
        }
    }
}

fn measure_words(ui: &Ui, part: &dyn Fn(&str) -> String) -> String {
    let t = ui.words;
    let mut words = vec![part("kind")];
    words.push(part("department"));
    if let Some(fen) = amount(&part("amount")) {
        words.push((t.money)(fen));
        words.push(if part("schedule") == "monthly" { t.each_month } else { t.once }.to_owned());
    }
    if let Some(from) = day(&part("from")) {
        words.push((t.since)(from));
    }
    words.retain(|word| !word.is_empty());
    words.join(" · ")
}

/// What was recorded, and the next house in that village.
pub(super) fn receipt(work: &Work<'_>, next: Option<&str>) -> Response {
    let (ui, t, row) = (work.ui, work.ui.words, &work.view.row);
    let next = next.filter(|next| next.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    let body = html! {
        div.narrow {
            div.notice.done role="alert" tabindex="-1" data-focus="" {
                h1 { (t.finding_recorded) }
                p { (row.id) " " (part::state(ui, row.state)) }
            }
            p { (t.what_next) }
            div.act {
                @if let Some(next) = next { a.button.primary href={ "/cases/" (next) } { ((t.next_house)(&row.place.village)) } }
                a.button href={ "/cases/" (row.id) } { (t.back_to_case) }
                a.button href="/inbox" { (t.inbox) }
            }
        }
    };
    Page::new(t.finding_recorded, Here::Inbox, body)
        .of(&work.viewer.account, &work.viewer.csrf)
        .reply(ui, StatusCode::OK)
}
