//! From a file to a decision: features read, rules answered, score and level.

use std::collections::BTreeSet;

use doudi_model::fact::Kind;
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Verdict, person};

use crate::Marks;
use crate::bundle::{Bundle, Rule, Scope};
use crate::feature::{File, Readings};
use crate::row::Row;

/// Everything a bundle says about one household on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// What the features read.
    pub readings: Readings,
    /// What the rules in force answered: by rule, then by member.
    pub answers: Vec<RuleAnswer>,
    /// Score of the missed direction.
    pub missed: Score,
    /// Score of the excess direction.
    pub excess: Score,
}

/// The answer of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleAnswer {
    /// Number of the rule in the bundle.
    pub rule: usize,
    /// The member, for a rule over members.
    pub person: Option<person::Id>,
    /// The answer.
    pub verdict: Verdict,
    /// The answers of its leaves.
    pub leaves: Marks,
    /// Whether an open warning of it may close.
    pub clear: Verdict,
}

/// A score interval: what is surely so, and what could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Score {
    /// Weights of the rules that are true.
    pub sure: u32,
    /// Weights of the rules that are true or unknown.
    pub possible: u32,
}

impl Bundle {
    /// Evaluates a household on `day`.
    ///
    /// With `before`, the readings of the same members on the same day or since, before facts of the touched kinds were
    /// added, those are kept that rest on nothing that changed.
    #[must_use]
    pub fn evaluate(&self, file: &File<'_>, day: Day, before: Option<(Readings, &BTreeSet<Kind>)>) -> Evaluation {
        let (readings, mut row) = crate::feature::read(self, file, day, before);
        let mut answers = Vec::with_capacity(self.rules().len());
        let in_force = || self.rules().iter().enumerate().filter(|(_, rule)| rule.in_force(day));
        for (number, rule) in in_force().filter(|(_, rule)| rule.scope == Scope::Household) {
            answers.push(answer(number, rule, None, &row));
        }
        for person in &file.members {
            row.set_member(self, *person, &readings);
            for (number, rule) in in_force().filter(|(_, rule)| rule.scope == Scope::Member) {
                answers.push(answer(number, rule, Some(*person), &row));
            }
        }
        answers.sort_by_key(|answer| (answer.rule, answer.person));
        let missed = self.score(&answers, Direction::Missed);
        let excess = self.score(&answers, Direction::Excess);
        Evaluation { readings, answers, missed, excess }
    }

    /// A rule over members counts once, however many of them it is true of.
    fn score(&self, answers: &[RuleAnswer], direction: Direction) -> Score {
        let mut score = Score::default();
        for (number, rule) in self.rules().iter().enumerate().filter(|(_, rule)| rule.direction == direction) {
            let gravest = answers.iter().filter(|answer| answer.rule == number).map(|answer| answer.verdict).max();
            match gravest {
                Some(Verdict::True) => {
                    score.sure = score.sure.saturating_add(rule.weight);
                    score.possible = score.possible.saturating_add(rule.weight);
                }
                Some(Verdict::Unknown) => score.possible = score.possible.saturating_add(rule.weight),
                Some(Verdict::False) | None => {}
            }
        }
        score
    }

    /// The level of a household in one direction; a true rule is at least blue.
    #[must_use]
    pub fn level(&self, score: Score) -> Option<Level> {
        self.levels().of(score.sure).or((score.sure > 0).then_some(Level::Blue))
    }
}

fn answer(number: usize, rule: &Rule, person: Option<person::Id>, row: &Row) -> RuleAnswer {
    let outcome = rule.when.evaluate(row.cells());
    // Without a condition of its own, a warning may close as soon as the rule is surely false.
    let clear = match &rule.clear {
        Some(clear) => clear.evaluate(row.cells()).verdict,
        None => !outcome.verdict,
    };
    RuleAnswer { rule: number, person, verdict: outcome.verdict, leaves: outcome.leaves, clear }
}
