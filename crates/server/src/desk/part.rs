//! Components. Each demands what it needs to be named and found: a label, an id.

use std::borrow::Cow;

use doudi_feedback::outcome::Group;
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Verdict};
use maud::{Markup, html};

use super::form::Fields;
use super::ui::Ui;
use crate::view::{Due, Outcome, State, TimelineRow};

/// A level: a filled square with its word.
pub(super) fn level(ui: &Ui, level: Level) -> Markup {
    html! {
        span class={ "level " (level.name()) } {
            span.vh { (ui.words.level) " " }
            ((ui.words.level_name)(level))
        }
    }
}

/// A deadline in words, shape and day.
pub(super) fn due(ui: &Ui, due: &Due, today: Day, with_day: bool) -> Markup {
    let t = ui.words;
    let over = today.days_since(due.by);
    let (class, shape, words) = if over > 0 {
        ("due late", "✕", (t.overdue_by)(over))
    } else if over == 0 {
        ("due soon", "■", t.due_today.to_owned())
    } else if over == -1 {
        ("due soon", "▲", t.due_tomorrow.to_owned())
    } else if due.working_days_left <= 1 {
        ("due soon", "▲", (t.working_days_left)(due.working_days_left))
    } else {
        ("due", "", (t.working_days_left)(due.working_days_left))
    };
    html! {
        time class=(class) datetime=(due.by) {
            @if !shape.is_empty() { span aria-hidden="true" { (shape) } }
            (words)
            @if with_day { span.day { (day_short(ui, due.by)) } }
        }
    }
}

/// `11月20日(周五)`.
pub(super) fn day_short(ui: &Ui, day: Day) -> String {
    (ui.words.day_short)(day)
}

/// A verdict as a word with its shape.
pub(super) fn verdict(ui: &Ui, verdict: Verdict) -> Markup {
    let t = ui.words;
    let (class, word) = match verdict {
        Verdict::True => ("verdict yes", t.verdict_true),
        Verdict::False => ("verdict no", t.verdict_false),
        Verdict::Unknown => ("verdict open", t.verdict_unknown),
    };
    html! { span class=(class) { (word) } }
}

/// Where a case stands.
pub(super) fn state(ui: &Ui, state: State) -> Markup {
    html! { span.state data-state=(state.name()) { ((ui.words.state_name)(state)) } }
}

/// Something that was done, or that the reader must know; takes the focus after an act.
pub(super) fn done(words: &str) -> Markup {
    html! { div.notice.done role="alert" tabindex="-1" data-focus="" { p { (words) } } }
}

/// A remark on top of a page.
pub(super) fn warn(words: &str) -> Markup {
    html! { div.notice.warn role="status" { p { (words) } } }
}

/// What is wrong with a form: the field's id and the words.
#[derive(Debug, Default)]
pub(super) struct Errors(Vec<(Cow<'static, str>, String)>);

impl Errors {
    pub(super) fn new() -> Errors {
        Errors::default()
    }

    pub(super) fn one(id: &'static str, words: impl Into<String>) -> Errors {
        Errors(vec![(id.into(), words.into())])
    }

    pub(super) fn push(&mut self, id: impl Into<Cow<'static, str>>, words: impl Into<String>) {
        self.0.push((id.into(), words.into()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn of(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == id).map(|(_, words)| words.as_str())
    }
}

/// All errors of a form, each a link to its field.
pub(super) fn error_summary(ui: &Ui, errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.errors role="alert" tabindex="-1" data-focus="" aria-labelledby="errors-title" {
                h2 #errors-title { (ui.words.please_mend) }
                ul { @for (field, words) in &errors.0 { li { a href={ "#" (field) } { (words) } } } }
            }
        }
    }
}

/// How a text field is asked for.
pub(super) struct Ask<'a> {
    pub(super) id: &'a str,
    pub(super) label: &'a str,
    pub(super) hint: &'a str,
    /// `text`, `date`, `password`, …
    pub(super) kind: &'static str,
    /// `autocomplete`, blank for none.
    pub(super) complete: &'static str,
    pub(super) required: bool,
}

/// A field of one line. What was typed stays in it.
pub(super) fn field(ui: &Ui, ask: &Ask<'_>, value: &str, errors: &Errors) -> Markup {
    let error = errors.of(ask.id);
    let described = described(ask.id, !ask.hint.is_empty(), error.is_some());
    html! {
        div.field.wrong[error.is_some()] {
            label for=(ask.id) {
                (ask.label)
                @if !ask.required { span.optional { (ui.words.optional) } }
            }
            @if !ask.hint.is_empty() { p.hint id={ (ask.id) "-hint" } { (ask.hint) } }
            @if let Some(words) = error { p.error id={ (ask.id) "-error" } { (words) } }
            input #(ask.id) name=(ask.id) type=(ask.kind) value=(value)
                autocomplete=[(!ask.complete.is_empty()).then_some(ask.complete)]
                aria-describedby=[described] aria-invalid=[error.map(|_| "true")]
                required[ask.required];
        }
    }
}

/// A field of several lines.
pub(super) fn long_field(ui: &Ui, ask: &Ask<'_>, value: &str, errors: &Errors) -> Markup {
    let error = errors.of(ask.id);
    let described = described(ask.id, !ask.hint.is_empty(), error.is_some());
    html! {
        div.field.wrong[error.is_some()] {
            label for=(ask.id) {
                (ask.label)
                @if !ask.required { span.optional { (ui.words.optional) } }
            }
            @if !ask.hint.is_empty() { p.hint id={ (ask.id) "-hint" } { (ask.hint) } }
            @if let Some(words) = error { p.error id={ (ask.id) "-error" } { (words) } }
            textarea #(ask.id) name=(ask.id) rows="3" aria-describedby=[described]
                aria-invalid=[error.map(|_| "true")] required[ask.required] { (value) }
        }
    }
}

fn described(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-error {id}-hint")),
    }
}

/// A choice in words. `groups` are (heading, choices); a blank heading stands over nothing.
pub(super) fn radios(
    name: &str,
    legend: &str,
    hint: &str,
    groups: &[(String, Vec<(String, String)>)],
    chosen: &str,
    errors: &Errors,
) -> Markup {
    let error = errors.of(name);
    let mut first = true;
    html! {
        fieldset.field.wrong[error.is_some()] aria-describedby=[described(name, !hint.is_empty(), error.is_some())] {
            legend { (legend) }
            @if !hint.is_empty() { p.hint id={ (name) "-hint" } { (hint) } }
            @if let Some(words) = error { p.error id={ (name) "-error" } { (words) } }
            @for (heading, choices) in groups {
                @if !heading.is_empty() { p.group { (heading) } }
                div.choices {
                    @for (value, words) in choices {
                        @let id = if std::mem::take(&mut first) { name.to_owned() } else { format!("{name}-{value}") };
                        div.choice {
                            input #(id) type="radio" name=(name) value=(value) checked[value == chosen];
                            label for=(id) { (words) }
                        }
                    }
                }
            }
        }
    }
}

/// Pairs of a name and what stands for it.
pub(super) fn summary(rows: &[(&str, Markup)]) -> Markup {
    html! { dl.summary { @for (name, value) in rows { div { dt { (name) } dd { (value) } } } } }
}

/// Everything that happened, newest first.
pub(super) fn timeline(ui: &Ui, rows: &[TimelineRow]) -> Markup {
    html! {
        ol.timeline {
            @for row in rows {
                li {
                    time datetime=(row.at) { (day_short(ui, row.at.day())) " " (row.at.clock()) }
                    div {
                        span.what { (ui.text(&row.what)) }
                        span.actor { (ui.text(&row.who)) }
                        @if let Some(why) = &row.why { p.why { (why) } }
                    }
                }
            }
        }
    }
}

/// Where one is in a form of several pages.
pub(super) fn steps(ui: &Ui, names: &[&str], now: usize) -> Markup {
    html! {
        ol.steps aria-label=(ui.words.steps) {
            @for (at, name) in names.iter().enumerate() {
                li.past[at < now] aria-current=[(at == now).then_some("step")] {
                    span.number aria-hidden="true" { (at + 1) } (name)
                }
            }
        }
    }
}

/// The hidden fields of every form that writes.
pub(super) fn hidden(csrf: &str, once: &str) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(csrf);
        input type="hidden" name="once" value=(once);
    }
}

const STATES: [State; 6] =
    [State::Opened, State::Dispatched, State::Acknowledged, State::Visited, State::Reported, State::Closed];

/// The reserved line that news is written into.
pub(super) fn live(ui: &Ui, after: u64, clock: &str, here: &str) -> Markup {
    let t = ui.words;
    html! {
        div.live #live data-after=(after) data-one=(t.news_one) data-many=(t.news_many) data-now=(t.live_now)
            data-moved=(t.live_moved) data-off=(t.live_off) data-again=(t.live_again) {
            span hidden { @for state in STATES { span data-state-word=(state.name()) { ((t.state_name)(state)) } } }
            span.vh role="status" {}
            a.news hidden href=(here) {}
            span.when { span.clock { (clock) } " " span.mode { (t.updated) } " · " a href=(here) { (t.refresh) } }
        }
    }
}

/// Outcomes by heading: those that a case of these directions can come to.
pub(super) fn outcome_groups(ui: &Ui, directions: &[Direction]) -> Vec<(String, Vec<(String, String)>)> {
    let fits = |outcome: &Outcome| directions.iter().any(|direction| outcome.applies_to(*direction));
    let row = |outcome: Outcome| (outcome.code().to_owned(), ui.text(&outcome.text()).to_owned());
    Group::ALL
        .into_iter()
        .map(|group| {
            let of = Outcome::ALL.into_iter().filter(|outcome| outcome.group() == group && fits(outcome));
            (ui.text(&group.text()).to_owned(), of.map(row).collect::<Vec<_>>())
        })
        .filter(|(_, choices)| !choices.is_empty())
        .collect()
}

/// The first value typed, or the prefilled one.
pub(super) fn typed<'f>(fields: &'f Fields, name: &str, prefilled: &'f str) -> &'f str {
    if fields.is_empty() || !fields.has(name) { prefilled } else { fields.get(name) }
}
