//! Days on which a rule is in force and something it needs is not, or no rule of a category is.

use std::collections::BTreeMap;

use doudi_model::{Day, Text};

use super::finding::{Finding, Kind};
use super::{Work, named};
use crate::bundle::Rule;

/// First and last day.
type Days = (Day, Day);

impl Work<'_> {
    pub(super) fn dates(&mut self) {
        for rule in self.bundle.rules() {
            self.basis(rule);
        }
        self.standards();
        self.categories();
    }

    /// Days on which a rule is in force and no basis of it is.
    fn basis(&mut self, rule: &Rule) {
        let covered = rule.basis.iter().map(|basis| (basis.from, basis.to.unwrap_or(Day::MAX)));
        for days in holes((rule.from, rule.to), covered) {
            let (name, said) = (named(rule), span(days));
            self.found(Finding {
                kind: Kind::BasisMissing,
                rules: vec![rule.id.clone()],
                subject: days.0.to_string(),
                place: rule.path.clone(),
                message: Text::new(
                    format!("{}{}有效，但没有一项依据有效", name.zh, said.zh),
                    format!("{} is in force {}, while nothing it rests on is", name.en, said.en),
                ),
                hint: Text::new(
                    "请补上当时有效的依据，或改规则的有效期",
                    "add the basis in force at that time, or change when the rule is in force",
                ),
                witness: None,
            });
        }
    }

    /// Places and days at which a rule is in force and a standard it needs is not.
    fn standards(&mut self) {
        for hole in self.bundle.holes() {
            let note = self.bundle.note_of_hole(&hole);
            self.found(Finding {
                kind: Kind::StandardMissing,
                rules: hole.rules,
                subject: format!("standard.{}", hole.standard),
                place: note.place,
                message: note.message,
                hint: note.hint,
                witness: None,
            });
        }
    }

    /// Days between or after the rules of a category and direction on which none of them is in force.
    fn categories(&mut self) {
        let mut by: BTreeMap<(String, &str), Vec<&Rule>> = BTreeMap::new();
        for rule in self.bundle.rules() {
            let direction = match rule.direction {
                doudi_model::warning::Direction::Missed => "missed",
                doudi_model::warning::Direction::Excess => "excess",
            };
            by.entry((rule.category.clone(), direction)).or_default().push(rule);
        }
        for ((category, _), rules) in by {
            let Some(from) = rules.iter().map(|rule| rule.from).min() else { continue };
            for days in holes((from, Day::MAX), rules.iter().map(|rule| (rule.from, rule.to))) {
                let said = span(days);
                self.found(Finding {
                    kind: Kind::NoRuleInForce,
                    rules: rules.iter().map(|rule| rule.id.clone()).collect(),
                    subject: category.clone(),
                    place: rules.first().map(|rule| rule.path.clone()).unwrap_or_default(),
                    message: Text::new(
                        format!("类别 {category} {}没有一条规则有效", said.zh),
                        format!("no rule of the category {category} is in force {}", said.en),
                    ),
                    hint: Text::new("请补上接续的规则", "add the rule that takes over"),
                    witness: None,
                });
            }
        }
    }
}

/// The days of a span that none of some others covers.
fn holes((from, to): Days, covered: impl Iterator<Item = Days>) -> Vec<Days> {
    let mut covered: Vec<Days> = covered.filter(|(first, last)| *first <= to && *last >= from).collect();
    covered.sort_unstable();
    let mut holes = Vec::new();
    let mut next = from;
    for (first, last) in covered {
        if next < first {
            holes.push((next, first.plus_days(-1)));
        }
        if last == Day::MAX {
            return holes;
        }
        next = next.max(last.plus_days(1));
    }
    if next <= to {
        holes.push((next, to));
    }
    holes
}

/// `2024年1月1日至3月31日`, and the same in English.
fn span((from, to): Days) -> Text {
    if to == Day::MAX {
        return Text::new(format!("从{}起", from.zh()), format!("from {from} on"));
    }
    Text::new(format!("{}至{}", from.zh(), to.zh()), format!("from {from} to {to}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(span: (&str, &str), covered: &[(&str, &str)], expect: &[(&str, &str)]) {
        let days = |(from, to): &(&str, &str)| -> Days {
            let day = |text: &str| if text.is_empty() { Day::MAX } else { text.parse().unwrap() };
            (day(from), day(to))
        };
        let found = holes(days(&span), covered.iter().map(days));
        assert_eq!(found, expect.iter().map(days).collect::<Vec<_>>());
    }

    #[test]
    fn holes_lie_before_between_and_after() {
        let (year, open) = (("2024-01-01", "2024-12-31"), ("2024-01-01", ""));
        check(year, &[], &[year]);
        check(year, &[("2023-05-01", "")], &[]);
        check(
            year,
            &[("2024-03-01", "2024-03-31"), ("2024-03-15", "2024-05-01")],
            &[("2024-01-01", "2024-02-29"), ("2024-05-02", "2024-12-31")],
        );
        check(open, &[("2024-01-01", "2024-06-30"), ("2024-07-01", "")], &[]);
        check(
            open,
            &[("2020-01-01", "2023-12-31"), ("2024-01-02", "2024-06-30")],
            &[("2024-01-01", "2024-01-01"), ("2024-07-01", "")],
        );
    }
}
