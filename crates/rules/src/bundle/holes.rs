//! Holes in the standards: places and days for which a rule needs a figure and finds none.
//!
//! In a hole the rule is unknown, never false; whoever keeps the standards should know before a household asks.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::Code;
use doudi_model::{Day, Problem, Text};

use super::{Bundle, Rule};
use crate::Slot;
use crate::feature::How;

/// One standard that lacks a figure at one place for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// The standard.
    pub standard: String,
    /// The division; all below it lack the figure too.
    pub division: Code,
    /// The first day without a figure on which a rule needs it.
    pub from: Day,
    /// The last such day; [`Day::MAX`] if no later figure is there.
    pub to: Day,
    /// The rules in force within these days that need it, by id.
    pub rules: Vec<String>,
}

/// First and last day.
type Days = (Day, Day);

impl Bundle {
    /// The holes, by standard, division and day; at the highest division below which all have the same.
    #[must_use]
    pub fn holes(&self) -> Vec<Hole> {
        let mut needed: BTreeMap<String, Vec<&Rule>> = BTreeMap::new();
        for rule in self.rules() {
            for standard in self.standards_of(rule) {
                needed.entry(standard).or_default().push(rule);
            }
        }
        let below = self.below();
        let mut holes = Vec::new();
        for (standard, rules) in &needed {
            let wanted = joined(rules.iter().map(|rule| (rule.from, rule.to)).collect());
            let mut found = BTreeMap::new();
            for root in self.divisions().iter().filter(|division| division.parent.is_none()) {
                self.lacking(standard, root.code, &wanted, &below, &mut found);
            }
            for (division, lacking) in found {
                holes.extend(lacking.into_iter().map(|(from, to)| {
                    let within = rules.iter().filter(|rule| rule.from <= to && from <= rule.to);
                    let rules = within.map(|rule| rule.id.clone()).collect();
                    Hole { standard: standard.clone(), division, from, to, rules }
                }));
            }
        }
        holes
    }

    /// The divisions directly below each.
    fn below(&self) -> BTreeMap<Code, Vec<Code>> {
        let mut below: BTreeMap<Code, Vec<Code>> = BTreeMap::new();
        for division in self.divisions().iter() {
            if let Some(parent) = division.parent {
                below.entry(parent).or_default().push(division.code);
            }
        }
        below
    }

    /// What is lacking everywhere below a division; what is not the same everywhere goes into `found`.
    fn lacking(
        &self,
        standard: &str,
        division: Code,
        wanted: &[Days],
        below: &BTreeMap<Code, Vec<Code>>,
        found: &mut BTreeMap<Code, Vec<Days>>,
    ) -> Vec<Days> {
        let lacking = without(wanted, &self.figures_of(standard, division));
        let parts = below.get(&division).map(Vec::as_slice).unwrap_or_default();
        let at_root = self.divisions().get(division).is_none_or(|division| division.parent.is_none());
        let each: Vec<(Code, Vec<Days>)> =
            parts.iter().map(|part| (*part, self.lacking(standard, *part, &lacking, below, found))).collect();
        let alike = each.windows(2).all(|pair| matches!(pair, [(_, one), (_, other)] if one == other));
        let here = match each.first() {
            None => lacking,
            Some((_, same)) if alike => same.clone(),
            Some(_) => {
                found.extend(each.into_iter().filter(|(_, lacking)| !lacking.is_empty()));
                Vec::new()
            }
        };
        if at_root && !here.is_empty() {
            found.insert(division, here);
            return Vec::new();
        }
        here
    }

    fn figures_of(&self, standard: &str, division: Code) -> Vec<Days> {
        let figures = self.standards().get(standard).map(super::Standard::figures).unwrap_or_default();
        figures.iter().filter(|figure| figure.division == division).map(|figure| (figure.from, figure.to)).collect()
    }

    /// The standards that a rule needs, itself or through its features.
    fn standards_of(&self, rule: &Rule) -> BTreeSet<String> {
        let mut waiting: Vec<Slot> = rule.when.slots();
        waiting.extend(rule.clear.iter().flat_map(crate::Condition::slots));
        let (mut seen, mut standards) = (BTreeSet::new(), BTreeSet::new());
        while let Some(slot) = waiting.pop() {
            if !seen.insert(slot) {
                continue;
            }
            let name = self.layout().name(slot);
            if let Some(standard) = name.strip_prefix("standard.") {
                standards.insert(standard.to_owned());
            } else if let Some(feature) = self.features().get(name) {
                match &feature.how {
                    How::Derived(formula) | How::Lifted(_, formula) => waiting.extend(formula.slots()),
                    How::BuiltIn(_) | How::Aggregated(_) => {}
                }
            }
        }
        standards
    }

    /// A hole in words: a note, not a fault.
    #[must_use]
    pub fn note_of_hole(&self, hole: &Hole) -> Problem {
        let name = self.divisions().get(hole.division).map_or("", |division| division.name.as_str());
        let title = self.title(&format!("standard.{}", hole.standard)).unwrap_or_else(|| Text::new("", ""));
        let (standard, division, rules) = (&hole.standard, hole.division, &hole.rules);
        let days = match (hole.from == Day::MIN, hole.to == Day::MAX) {
            (false, true) => Text::new(format!("{}起", hole.from.zh()), format!("from {} on", hole.from)),
            (true, true) => Text::new("任何时候都", "at any time"),
            (_, false) => {
                Text::new(format!("{}至{}", hole.from.zh(), hole.to.zh()), format!("from {} to {}", hole.from, hole.to))
            }
        };
        Problem::new(
            "B0307",
            Text::new(
                format!("标准“{}”（{standard}）在{name}（{division}）{}没有数，规则在此期间判为未知：{}", title.zh, days.zh, rules.join("、")),
                format!("the standard {} ({standard}) has no figure for {name} ({division}) {}; these rules are unknown there: {}", title.en, days.en, rules.join(", ")),
            ),
            Text::new(
                "在 standards/ 补上这些日期的一行并写明出处；确实没有公布的，可以不补",
                "add a row with its source in standards/ for these days; where nothing was published it may stay",
            ),
        )
        .at("standards/")
        .in_field(hole.standard.clone())
    }
}

/// Spans of days in order, those that touch made one.
fn joined(mut spans: Vec<Days>) -> Vec<Days> {
    spans.sort();
    let mut joined: Vec<Days> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some((_, last)) if from <= last.plus_days(1) => *last = (*last).max(to),
            Some(_) | None => joined.push((from, to)),
        }
    }
    joined
}

/// What is left of some spans without others.
fn without(spans: &[Days], others: &[Days]) -> Vec<Days> {
    let others = joined(others.to_vec());
    let mut left = Vec::new();
    for (from, to) in spans.iter().copied() {
        let mut next = Some(from);
        for (first, last) in others.iter().copied() {
            let Some(at) = next.filter(|at| *at <= to) else { break };
            if last < at || first > to {
                continue;
            }
            if at < first {
                left.push((at, first.plus_days(-1)));
            }
            next = (last < Day::MAX).then(|| last.plus_days(1));
        }
        left.extend(next.filter(|at| *at <= to).map(|at| (at, to)));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(spans: &str, others: &str, expect: &str) {
        let read = |text: &str| -> Vec<Days> {
            let day = |text: &str| if text.is_empty() { Day::MAX } else { format!("2026-01-{text}").parse().unwrap() };
            text.split_whitespace().map(|span| span.split_once('-').unwrap()).map(|(a, b)| (day(a), day(b))).collect()
        };
        assert_eq!(without(&read(spans), &read(others)), read(expect), "{spans} without {others}");
    }

    #[test]
    fn what_is_left_without_some_days_is_exact() {
        check("01-31", "", "01-31");
        check("01-31", "01-31", "");
        check("01-31", "05-10", "01-04 11-31");
        check("01-31", "05-10 11-20", "01-04 21-31");
        check("01-31", "20-25 05-10", "01-04 11-19 26-31");
        check("01-", "05-", "01-04");
        check("01-", "05-10", "01-04 11-");
        check("01-", "01-", "");
        check("05-10 20-25", "01-06 22-", "07-10 20-21");
        check("05-05", "05-05", "");
        check("05-06", "06-06", "05-05");
    }
}
