//! Which rows, in which order: all of it in the address, so that a list can be kept and sent.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use doudi_model::Day;
use doudi_model::warning::{Direction, Level};
use maud::{Markup, html};

use super::super::form::Fields;
use super::super::ui::Ui;
use crate::view::{CaseRow, State};

/// Orders of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// 先办: overdue or due today, then level, due day, age.
    First,
    /// 期限.
    Due,
    /// 新到.
    Newest,
}

impl Sort {
    /// All orders.
    pub const ALL: [Sort; 3] = [Sort::First, Sort::Due, Sort::Newest];

    fn name(self) -> &'static str {
        match self {
            Sort::First => "first",
            Sort::Due => "due",
            Sort::Newest => "new",
        }
    }
}

/// What the reader chose.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) sort: Sort,
    pub(super) by_village: bool,
    pub(super) page: usize,
    levels: Vec<Level>,
    directions: Vec<Direction>,
    states: Vec<State>,
    village: String,
    due: String,
}

const DIRECTIONS: [Direction; 2] = [Direction::Missed, Direction::Excess];
const STATES: [State; 5] = [State::Opened, State::Dispatched, State::Acknowledged, State::Visited, State::Reported];

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Missed => "missed",
        Direction::Excess => "excess",
    }
}

impl Choice {
    pub(super) fn read(fields: &Fields) -> Choice {
        let has = |name: &str, value: &str| fields.all(name).iter().any(|given| given == value);
        Choice {
            sort: Sort::ALL.into_iter().find(|sort| sort.name() == fields.get("sort")).unwrap_or(Sort::First),
            by_village: fields.get("group") == "village",
            page: fields.get("page").parse().unwrap_or(1).max(1),
            levels: Level::ALL.into_iter().filter(|level| has("level", level.name())).collect(),
            directions: DIRECTIONS.into_iter().filter(|one| has("direction", direction_name(*one))).collect(),
            states: STATES.into_iter().filter(|state| has("state", state.name())).collect(),
            village: Some(fields.get("village")).filter(|code| is_code(code)).unwrap_or("").to_owned(),
            due: Some(fields.get("due")).filter(|due| matches!(*due, "overdue" | "today")).unwrap_or("").to_owned(),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if self.sort != Sort::First {
            pairs.push(("sort", self.sort.name().to_owned()));
        }
        if self.by_village {
            pairs.push(("group", "village".to_owned()));
        }
        pairs.extend(self.levels.iter().map(|level| ("level", level.name().to_owned())));
        pairs.extend(self.directions.iter().map(|direction| ("direction", direction_name(*direction).to_owned())));
        pairs.extend(self.states.iter().map(|state| ("state", state.name().to_owned())));
        for (name, value) in [("village", &self.village), ("due", &self.due)] {
            if !value.is_empty() {
                pairs.push((name, value.clone()));
            }
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        pairs
    }

    /// To be kept and read again.
    pub(super) fn fields(&self) -> Fields {
        Fields::of(self.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The address of this list. All values are plain signs.
    pub(super) fn href(&self) -> String {
        let query: Vec<String> = self.pairs().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        if query.is_empty() { "/inbox".to_owned() } else { format!("/inbox?{}", query.join("&")) }
    }

    pub(super) fn with_sort(&self, sort: Sort) -> Choice {
        Choice { sort, page: 1, ..self.clone() }
    }

    pub(super) fn with_group(&self, by_village: bool) -> Choice {
        Choice { by_village, page: 1, ..self.clone() }
    }

    pub(super) fn with_page(&self, page: usize) -> Choice {
        Choice { page, ..self.clone() }
    }

    /// The rows chosen, in order.
    pub(super) fn apply<'r>(&self, rows: &'r [CaseRow], today: Day) -> Vec<&'r CaseRow> {
        let mut shown: Vec<&CaseRow> = rows.iter().filter(|row| self.fits(row, today)).collect();
        match self.sort {
            Sort::First => shown.sort_by_key(|row| (due_day(row) > today, Reverse(row.level), due_day(row), age(row))),
            Sort::Due => shown.sort_by_key(|row| (due_day(row), Reverse(row.level), age(row))),
            Sort::Newest => shown.sort_by_key(|row| (Reverse(row.opened), row.id.clone())),
        }
        if self.by_village {
            // Villages by their most urgent house.
            let mut order = BTreeMap::new();
            for row in &shown {
                let next = order.len();
                order.entry(row.place.code).or_insert(next);
            }
            shown.sort_by_key(|row| order.get(&row.place.code).copied().unwrap_or(usize::MAX));
        }
        shown
    }

    fn fits(&self, row: &CaseRow, today: Day) -> bool {
        (self.levels.is_empty() || self.levels.contains(&row.level))
            && (self.directions.is_empty() || self.directions.iter().any(|one| row.directions.contains(one)))
            && (self.states.is_empty() || self.states.contains(&row.state))
            && (self.village.is_empty() || row.place.code.to_string() == self.village)
            && match self.due.as_str() {
                "overdue" => due_day(row) < today,
                "today" => due_day(row) == today,
                _ => true,
            }
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn due_day(row: &CaseRow) -> Day {
    row.due.as_ref().map_or(Day::MAX, |due| due.by)
}

fn age(row: &CaseRow) -> (doudi_model::Instant, String) {
    (row.opened, row.id.clone())
}

/// The filters chosen, each a link that takes it off.
pub(super) fn tags(ui: &Ui, choice: &Choice) -> Markup {
    let t = ui.words;
    let mut tags: Vec<(String, Choice)> = Vec::new();
    let base = Choice { page: 1, ..choice.clone() };
    for level in &choice.levels {
        let levels = choice.levels.iter().copied().filter(|other| other != level).collect();
        tags.push(((t.level_name)(*level).to_owned(), Choice { levels, ..base.clone() }));
    }
    for direction in &choice.directions {
        let directions = choice.directions.iter().copied().filter(|other| other != direction).collect();
        tags.push(((t.direction_name)(*direction).to_owned(), Choice { directions, ..base.clone() }));
    }
    for state in &choice.states {
        let states = choice.states.iter().copied().filter(|other| other != state).collect();
        tags.push(((t.state_name)(*state).to_owned(), Choice { states, ..base.clone() }));
    }
    match choice.due.as_str() {
        "overdue" => tags.push((t.overdue.to_owned(), Choice { due: String::new(), ..base.clone() })),
        "today" => tags.push((t.due_today.to_owned(), Choice { due: String::new(), ..base.clone() })),
        _ => {}
    }
    if !choice.village.is_empty() {
        tags.push((t.one_village.to_owned(), Choice { village: String::new(), ..base.clone() }));
    }
    html! {
        @if !tags.is_empty() {
            ul.tags {
                @for (word, without) in &tags {
                    li { a href=(without.href()) { (word) " " span aria-hidden="true" { "×" } span.vh { (t.take_off) } } }
                }
            }
        }
    }
}

/// The form of filters.
pub(super) fn filter(ui: &Ui, choice: &Choice, rows: &[CaseRow]) -> Markup {
    let t = ui.words;
    let villages: BTreeMap<_, _> = rows.iter().map(|row| (row.place.code, &row.place)).collect();
    html! {
        form.filter #filter method="get" action="/inbox" aria-label=(t.filter) {
            h2 { (t.filter) }
            @if choice.sort != Sort::First { input type="hidden" name="sort" value=(choice.sort.name()); }
            @if choice.by_village { input type="hidden" name="group" value="village"; }
            fieldset {
                legend { (t.level) }
                @for level in Level::ALL.into_iter().rev() {
                    (tick("level", level.name(), (t.level_name)(level), choice.levels.contains(&level)))
                }
            }
            fieldset {
                legend { (t.direction) }
                @for one in DIRECTIONS {
                    (tick("direction", direction_name(one), (t.direction_name)(one), choice.directions.contains(&one)))
                }
            }
            fieldset {
                legend { (t.state) }
                @for state in STATES {
                    (tick("state", state.name(), (t.state_name)(state), choice.states.contains(&state)))
                }
            }
            div.field {
                label for="village" { (t.village) }
                select #village name="village" {
                    option value="" { (t.all) }
                    @for (code, place) in &villages {
                        option value=(code) selected[code.to_string() == choice.village] {
                            (place.township) " " (place.village)
                        }
                    }
                }
            }
            div.field {
                label for="due" { (t.deadline) }
                select #due name="due" {
                    option value="" { (t.all) }
                    option value="overdue" selected[choice.due == "overdue"] { (t.overdue) }
                    option value="today" selected[choice.due == "today"] { (t.due_today) }
                }
            }
            div.act { button type="submit" { (t.apply) } a href="/inbox" { (t.clear) } }
        }
    }
}

fn tick(name: &str, value: &str, word: &str, on: bool) -> Markup {
    let id = format!("f-{name}-{value}");
    html! {
        div.choice {
            input type="checkbox" id=(id) name=(name) value=(value) checked[on];
            label for=(id) { (word) }
        }
    }
}
