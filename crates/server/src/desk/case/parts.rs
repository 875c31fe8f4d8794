//! The parts of a case page. Their words come from the decision; nothing is composed here.

use doudi_rules::explain::Explanation;
use maud::{Markup, html};

use super::super::part;
use super::super::ui::Ui;
use crate::view::CaseView;
use crate::words::named;

fn standing(view: &CaseView) -> impl Iterator<Item = &Explanation> {
    view.explanations.iter().take(view.explanations.len().saturating_sub(view.muted))
}

fn muted(view: &CaseView) -> impl Iterator<Item = &Explanation> {
    view.explanations.iter().skip(view.explanations.len().saturating_sub(view.muted))
}

/// One sentence for each warning, with its legal basis.
pub(super) fn why(ui: &Ui, view: &CaseView) -> Markup {
    let t = ui.words;
    html! {
        section aria-labelledby="why" {
            h2 #why { (t.why_warned) }
            @for one in standing(view) { (reason(ui, one)) }
            @if view.explanations.is_empty() { p { (ui.text(&view.row.why)) } p.quiet { (t.warnings_closed) } }
            @if view.muted > 0 {
                details {
                    summary { ((t.muted)(view.muted)) }
                    @for one in muted(view) { (reason(ui, one)) }
                }
            }
        }
    }
}

fn reason(ui: &Ui, one: &Explanation) -> Markup {
    html! {
        div.reason-block {
            h3 { (ui.text(&one.title)) }
            p { (ui.text(&one.sentence)) }
            @if !one.basis.is_empty() {
                details {
                    summary { (ui.words.legal_basis) }
                    ul { @for law in &one.basis { li { (ui.text(law)) } } }
                }
            }
        }
    }
}

/// One row per leaf of each rule.
pub(super) fn basis(ui: &Ui, view: &CaseView) -> Markup {
    let t = ui.words;
    if view.explanations.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="basis" {
            h2 #basis { (t.basis) }
            @for one in standing(view).filter(|one| !one.leaves.is_empty()) {
                div.scroll tabindex="0" role="region" aria-label=(ui.text(&one.title)) {
                    table.leaves {
                        caption { (ui.text(&one.title)) }
                        thead {
                            tr {
                                th scope="col" { (t.leaf) }
                                th scope="col" { (t.this_household) }
                                th scope="col" { (t.standard) }
                                th scope="col" { (t.distance) }
                                th scope="col" { (t.verdict) }
                            }
                        }
                        tbody {
                            @for leaf in &one.leaves {
                                tr {
                                    th scope="row" {
                                        (ui.text(&leaf.name))
                                        @if let Some(source) = &leaf.source { span.source { (ui.text(source)) } }
                                    }
                                    td data-label=(t.this_household) { (ui.text(&leaf.value)) }
                                    td data-label=(t.standard) { (ui.text(&leaf.standard)) }
                                    td data-label=(t.distance) { (ui.text(&leaf.distance)) }
                                    td data-label=(t.verdict) { (part::verdict(ui, leaf.verdict)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What would settle what is unknown, and whom to ask.
pub(super) fn missing(ui: &Ui, view: &CaseView) -> Markup {
    let t = ui.words;
    let rows: Vec<_> = standing(view).flat_map(|one| one.missing.iter()).collect();
    if view.explanations.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="missing" {
            h2 #missing { (t.missing) }
            @if rows.is_empty() { p.quiet { (t.nothing_missing) } } @else {
                ul.plain { @for row in rows { li { strong { (ui.text(&row.feature)) } " " (ui.text(&row.why)) } } }
            }
        }
    }
}

/// The smallest change that would turn the answer.
pub(super) fn change(ui: &Ui, view: &CaseView) -> Markup {
    let rows: Vec<_> = standing(view).filter_map(|one| one.change.as_ref()).collect();
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="change" {
                h2 #change { (ui.words.change) }
                ul.plain { @for row in rows { li { (ui.text(row)) } } }
            }
        }
    }
}

/// What to look at on the visit.
pub(super) fn check(ui: &Ui, view: &CaseView) -> Markup {
    let rows: Vec<_> = standing(view).flat_map(|one| one.check.iter()).collect();
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="check" {
                h2 #check { (ui.words.to_check) }
                ul { @for row in rows { li { (ui.text(row)) } } }
            }
        }
    }
}

/// The members: who, how old, what matters.
pub(super) fn members(ui: &Ui, view: &CaseView, clear: bool) -> Markup {
    let t = ui.words;
    html! {
        section aria-labelledby="members" {
            h2 #members { (t.members) span.count { (view.members.len()) } }
            ul.people {
                @for member in &view.members {
                    li {
                        span.name { (named(t, member.name.as_ref(), clear)) }
                        span.about {
                            (ui.text(&member.relation))
                            @if let Some(sex) = &member.sex { " · " (ui.text(sex)) }
                            " · "
                            @match member.age { Some(age) => ((t.years)(age)), None => (t.age_unknown) }
                        }
                        @if let Some(number) = &member.number {
                            span.number { (doudi_model::mask::id_number(number.reveal())) }
                        }
                        @for note in &member.notes { span.note { (ui.text(note)) } }
                    }
                }
            }
        }
    }
}

/// Aid now and before.
pub(super) fn aid(ui: &Ui, view: &CaseView) -> Markup {
    let t = ui.words;
    html! {
        section aria-labelledby="aid" {
            h2 #aid { (t.aid) }
            @if view.aid.is_empty() { p.quiet { (t.no_aid) } } @else {
                ul.plain {
                    @for row in &view.aid {
                        li {
                            (ui.text(&row.scheme)) " " (ui.text(&row.status))
                            span.source {
                                ((t.since)(row.from))
                                @if let Some(amount) = row.monthly { " · " ((t.monthly)(amount)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Earlier findings about this household.
pub(super) fn findings(ui: &Ui, view: &CaseView) -> Markup {
    let t = ui.words;
    html! {
        section aria-labelledby="findings" {
            h2 #findings { (t.findings) }
            @if view.findings.is_empty() { p.quiet { (t.no_findings) } } @else {
                ul.plain {
                    @for row in &view.findings {
                        li {
                            (ui.text(&row.outcome.text()))
                            span.source { (part::day_short(ui, row.on)) " · " (ui.text(&row.office)) " · " (row.case) }
                        }
                    }
                }
            }
        }
    }
}
