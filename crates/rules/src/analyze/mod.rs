//! What can be said about a bundle without any household: rules that contradict, contain or repeat each other, ladders
//! with gaps, what nothing uses, delivers or tests.
//!
//! Whatever is said of conditions is proven over all values that the features may have, for every place and every span of
//! days on which the same figures are in force; features computed from others are taken apart, while features read from
//! facts, and those that gather the members' answers, may have any value of their range. A household that is shown has
//! been evaluated by the scalar back end. Where a question cannot be settled that is said, with the reason.
//!
//! A **ladder** is: (1) a rule and its `clear`; (2) two rules in the same scope and direction that bound the same feature
//! from the same side, and are either linked by `supersedes` or of one category and look at the same features besides. Its
//! steps have a gap where some value of that feature lies between two others at which one and the other rule are true, and
//! itself makes neither true, all else equal; they overlap where both are true of a household and neither mutes the other.
//!
//! A standard for which no figure has been set anywhere may have any: its rules sleep, and what is said of them holds for
//! whatever figure wakes them.

mod coverage;
mod dates;
mod finding;
mod ladder;
mod lone;
mod pairs;
pub(crate) mod question;
pub(crate) mod setting;
mod unused;
pub(crate) mod witness;

use doudi_model::Day;
use serde::Serialize;

pub use finding::{Finding, Kind, Unproven};
pub use witness::{Shown, Witness};

use crate::bundle::{Bundle, Rule};
use crate::exact::{Wanted, Why};
use crate::row::DAY;
use crate::{Cell, Condition};
use question::{Answer, Side, ask};
use setting::{Places, Setting, standards};

pub(crate) use finding::why;

/// So many settings are looked at for one question.
const SETTINGS: usize = 400;

/// Everything the analysis found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Analysis {
    /// What a person must look at, by kind.
    pub findings: Vec<Finding>,
    /// What could not be told.
    pub unproven: Vec<Unproven>,
    /// How many questions about conditions were settled exactly.
    pub settled: usize,
}

impl Bundle {
    /// Looks for everything in the bundle that a person should look at.
    #[must_use]
    pub fn analyze(&self) -> Analysis {
        let mut work = Work { bundle: self, places: Places::new(self), analysis: Analysis::default() };
        work.lone();
        work.pairs();
        work.ladders();
        work.unused();
        work.dates();
        work.coverage();
        let mut analysis = work.analysis;
        analysis.findings.sort_by(|one, other| {
            (one.kind, &one.rules, &one.subject, &one.place).cmp(&(
                other.kind,
                &other.rules,
                &other.subject,
                &other.place,
            ))
        });
        analysis
    }
}

/// The analysis while it goes on.
struct Work<'b> {
    bundle: &'b Bundle,
    places: Places<'b>,
    analysis: Analysis,
}

/// What came of a question over all settings.
enum Told {
    /// A household that is so, with the setting.
    Shown(Setting, Vec<Cell>),
    /// Proven: none is.
    Never,
    /// It could not be told.
    Open(Why),
}

impl<'b> Work<'b> {
    /// Whether conditions can have the wanted verdicts of one household between two days.
    fn ask(&mut self, goals: &[(&Condition, Wanted)], from: Day, to: Day) -> Told {
        let settings = self.settings(goals.iter().map(|(condition, _)| *condition), from, to);
        let mut open = (settings.len() > SETTINGS).then_some(Why::TooManyCases);
        for setting in settings.into_iter().take(SETTINGS) {
            let side = Side { bundle: self.bundle, setting: &setting, own: None };
            let goals: Vec<_> = goals.iter().map(|(condition, wanted)| (0, *condition, *wanted)).collect();
            match ask(&[side], &goals, &|_| Vec::new()) {
                Answer::Rows(mut rows) => {
                    self.analysis.settled += 1;
                    return Told::Shown(setting, rows.pop().unwrap_or_default());
                }
                Answer::Nothing => {}
                Answer::Open(why) => open = open.or(Some(why)),
            }
        }
        match open {
            Some(why) => Told::Open(why),
            None => {
                self.analysis.settled += 1;
                Told::Never
            }
        }
    }

    fn settings<'c>(&self, conditions: impl Iterator<Item = &'c Condition>, from: Day, to: Day) -> Vec<Setting> {
        let direct = conditions.flat_map(|condition| condition.slots());
        let slots = question::beneath(self.bundle, direct);
        let by_day = slots.contains(&DAY);
        self.places.settings(&standards(self.bundle, slots), from, to, by_day)
    }

    fn found(&mut self, finding: Finding) {
        self.analysis.findings.push(finding);
    }

    fn open(&mut self, kind: Kind, rules: &[&Rule], because: Why) {
        let rules = rules.iter().map(|rule| rule.id.clone()).collect();
        self.analysis.unproven.push(Unproven { kind, rules, why: why(because) });
    }
}

/// The days on which two rules are both in force.
fn together(one: &Rule, other: &Rule) -> Option<(Day, Day)> {
    let (from, to) = (one.from.max(other.from), one.to.min(other.to));
    (from <= to).then_some((from, to))
}

/// `医疗费负担过重（medical-burden）`.
fn named(rule: &Rule) -> doudi_model::Text {
    let (zh, en, id) = (&rule.title.zh, &rule.title.en, &rule.id);
    doudi_model::Text::new(format!("“{zh}”（{id}）"), format!("\"{en}\" ({id})"))
}
