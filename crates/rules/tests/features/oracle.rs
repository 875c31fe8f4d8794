//! What a declaration means, read off its words fact by fact, with nothing in common with the engine but the order of
//! facts of one day. Unknown is `None`.

use std::collections::BTreeSet;

use doudi_model::fact::Subject;
use doudi_model::{Day, Fact, Fen, Value, person};

use super::declared::{Absence, Declared, FRESH, SOURCE};

/// Everything about a household on a day.
pub(crate) struct Known<'a> {
    pub(crate) facts: &'a [Fact],
    pub(crate) day: Day,
    /// How far deliveries of a kind reach, and those of the one source.
    pub(crate) covered: Option<Day>,
    pub(crate) covered_by_source: Option<Day>,
}

impl Known<'_> {
    pub(crate) fn read(&self, of: &Declared, person: person::Id) -> Option<Value> {
        let standing: Vec<&Fact> = self.facts.iter().filter(|fact| self.stands(fact, of, person)).collect();
        let fresh = self.fresh(of, &standing);
        let term_known = !of.reach.ends_with("term") || term(self.day, of.reach).is_some();
        if !term_known {
            return None;
        }
        let mut sure: Vec<&Fact> = Vec::new();
        let mut open: Vec<&Fact> = Vec::new();
        let (mut before, mut before_open) = (Vec::new(), Vec::new());
        for fact in standing {
            let filter = filter(of.filter, fact, self.day);
            match and(self.within(of.reach, fact), filter) {
                Some(true) => sure.push(fact),
                None => open.push(fact),
                Some(false) => {}
            }
            if of.aggregate == "change" && fact.valid < self.start(of.reach) {
                match filter {
                    Some(true) => before.push(fact),
                    None => before_open.push(fact),
                    Some(false) => {}
                }
            }
        }
        sure.sort_by(|one, other| one.by_time(other));
        before.sort_by(|one, other| one.by_time(other));
        let decided = match of.aggregate {
            "any" => {
                let so = |fact: &&Fact| if of.value().is_some() { over(fact, "n", 5) } else { Some(true) };
                if sure.iter().any(|fact| so(fact) == Some(true)) {
                    return Some(Value::Bool(true));
                }
                let could =
                    sure.iter().any(|fact| so(fact).is_none()) || open.iter().any(|fact| so(fact) != Some(false));
                if could { None } else { Some((!sure.is_empty()).then_some(Value::Bool(false))) }
            }
            "all" => {
                let so = |fact: &&Fact| flag(fact);
                if sure.iter().any(|fact| so(fact) == Some(false)) {
                    return Some(Value::Bool(false));
                }
                let could = sure.iter().any(|fact| so(fact).is_none())
                    || open.iter().any(|fact| sure.is_empty() || so(fact) != Some(true));
                if could { None } else { Some((!sure.is_empty()).then_some(Value::Bool(true))) }
            }
            "months_with" => {
                let months = |facts: &[&Fact]| -> BTreeSet<String> {
                    facts.iter().map(|fact| fact.valid.to_string()[..7].to_owned()).collect()
                };
                let sure_months = months(&sure);
                let settled = months(&open).is_subset(&sure_months);
                let number = i64::try_from(sure_months.len()).unwrap();
                settled.then(|| (number > 0).then_some(Value::Int(number)))
            }
            "latest" => {
                let last = sure.last();
                if open.iter().any(|fact| last.is_none_or(|last| fact.by_time(last).is_gt())) {
                    None
                } else {
                    nothing_or(last.map(|fact| amount(fact)))
                }
            }
            "earliest" => {
                let first = sure.first();
                if open.iter().any(|fact| first.is_none_or(|first| fact.by_time(first).is_lt())) {
                    None
                } else {
                    nothing_or(first.map(|fact| amount(fact)))
                }
            }
            "change" => {
                let unsure = |sure: &[&Fact], open: &[&Fact]| {
                    open.iter().any(|fact| sure.last().is_none_or(|last| fact.by_time(last).is_gt()))
                };
                if unsure(&sure, &open) || unsure(&before, &before_open) {
                    None
                } else {
                    match (before.last(), sure.last()) {
                        (None, None) => Some(None),
                        (None, Some(_)) => None,
                        (Some(start), now) => {
                            let now = now.unwrap_or(start);
                            amount(now).zip(amount(start)).map(|(now, start)| Some(fen(now - start)))
                        }
                    }
                }
            }
            _ if !open.is_empty() => None,
            "count" => Some((!sure.is_empty()).then(|| Value::Int(i64::try_from(sure.len()).unwrap()))),
            "distinct" => {
                let words: Option<BTreeSet<&str>> = sure.iter().map(|fact| fact.text("word")).collect();
                words.map(|words| (!words.is_empty()).then(|| Value::Int(i64::try_from(words.len()).unwrap())))
            }
            numbers => {
                let amounts: Option<Vec<i64>> = sure.iter().map(|fact| amount(fact)).collect();
                amounts.map(|amounts| match numbers {
                    "sum" => (!amounts.is_empty()).then(|| fen(amounts.iter().sum())),
                    "min" => amounts.into_iter().min().map(fen),
                    _ => amounts.into_iter().max().map(fen),
                })
            }
        };
        if !fresh {
            return None;
        }
        decided?.or_else(|| zero(of))
    }

    fn stands(&self, fact: &Fact, of: &Declared, person: person::Id) -> bool {
        fact.kind.as_str() == of.kind
            && !fact.withdrawn
            && !self.facts.iter().any(|other| other.kind == fact.kind && other.supersedes == Some(fact.id))
            && (!of.of_person || fact.subject == Subject::Person(person))
    }

    fn fresh(&self, of: &Declared, facts: &[&Fact]) -> bool {
        if matches!(of.absence, Absence::Unknown | Absence::Zero) {
            return true;
        }
        let counts = |fact: &&&Fact| fact.valid <= self.day && (!of.sourced || fact.source == SOURCE);
        let last = facts.iter().filter(counts).map(|fact| fact.valid).max();
        let covered = if of.sourced { self.covered_by_source } else { self.covered };
        last.max(covered).is_some_and(|last| self.day.days_since(last) <= FRESH)
    }

    /// Whether a fact lies in the window on the day.
    fn within(&self, reach: &str, fact: &Fact) -> Option<bool> {
        let (valid, day) = (fact.valid, self.day);
        if reach == "as_of" {
            let begun = fact.date("from").map(|from| from <= day && fact.date("to").is_none_or(|to| from <= to));
            return and(Some(fact.date("to").is_none_or(|to| day <= to)), begun);
        }
        let months = |day: Day| i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
        let inside = match reach {
            "ever" => true,
            "10 days" => day.days_since(valid) < 10,
            "2 months" => valid > day.plus_months(-2),
            "current month" => months(valid) == months(day),
            "previous month" => months(valid) == months(day) - 1,
            "current quarter" => months(valid) / 3 == months(day) / 3,
            "previous year" => valid.year() == day.year() - 1,
            of_term => term(day, of_term).is_some_and(|(from, to)| from <= valid && valid <= to),
        };
        Some(inside && valid <= day)
    }

    /// The first day of a window.
    fn start(&self, reach: &str) -> Day {
        let mut first = self.day;
        if let Some((from, _)) = term(self.day, reach) {
            return from;
        }
        let inside = |valid: Day| {
            let fact = super::world::fact(0, valid, &[]);
            self.within(reach, &fact) == Some(true)
        };
        // Back to the window, then back to its first day.
        while !inside(first) {
            first = first.plus_days(-1);
        }
        while inside(first.plus_days(-1)) {
            first = first.plus_days(-1);
        }
        first
    }
}

fn term(day: Day, reach: &str) -> Option<(Day, Day)> {
    let terms: Vec<(Day, Day)> = super::world::TERMS
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[1].parse().unwrap(), cells[2].parse().unwrap())
        })
        .collect();
    let at = terms.iter().position(|(from, to)| *from <= day && day <= *to)?;
    match reach {
        "current term" => Some(terms[at]),
        "previous term" => at.checked_sub(1).map(|at| terms[at]),
        _ => None,
    }
}

/// What absence means where no fact counts.
fn zero(of: &Declared) -> Option<Value> {
    match of.absence {
        Absence::Unknown | Absence::Stale => None,
        Absence::Zero | Absence::ZeroWhileFresh => Some(match of.unit() {
            "bool" => Value::Bool(false),
            "fen" => fen(0),
            _ => Value::Int(0),
        }),
    }
}

/// No fact, a fact without the field, or the amount.
fn nothing_or(found: Option<Option<i64>>) -> Option<Option<Value>> {
    match found {
        None => Some(None),
        Some(amount) => amount.map(|amount| Some(fen(amount))),
    }
}

fn filter(text: &str, fact: &Fact, day: Day) -> Option<bool> {
    match text {
        "flag" => flag(fact),
        "word == \"a\"" => fact.text("word").map(|word| word == "a"),
        "n > 3" => over(fact, "n", 3),
        "seen <= day" => fact.date("seen").map(|seen| seen <= day),
        _ => Some(true),
    }
}

fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn flag(fact: &Fact) -> Option<bool> {
    match fact.fields.get("flag") {
        Some(Value::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

fn over(fact: &Fact, field: &str, than: i64) -> Option<bool> {
    match fact.fields.get(field) {
        Some(Value::Int(number)) => Some(*number > than),
        _ => None,
    }
}

fn amount(fact: &Fact) -> Option<i64> {
    match fact.fields.get("amount") {
        Some(Value::Money(Fen(amount))) => Some(*amount),
        _ => None,
    }
}

fn fen(amount: i64) -> Value {
    Value::Money(Fen(amount))
}
