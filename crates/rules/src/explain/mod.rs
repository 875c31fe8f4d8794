//! Why, why not, what is missing, what would change it: composed from the decision, in both languages.
//!
//! Every text is a [`Text`](doudi_model::Text), which cannot be made without both languages:
//!
//! ```compile_fail
//! let untranslated = doudi_model::Text { zh: "不提醒".to_owned() };
//! ```
//!
//! Everything said here is read off the rule's text, the leaves' answers and the readings. The change
//! named is the smallest over single features and has been evaluated again before it is named.

mod bound;
mod change;
mod explanation;
mod ground;
mod missing;
mod render;
mod row;
mod sentence;
mod share;
pub(crate) mod words;

pub(crate) use bound::bounds;
pub use render::Said;

pub use explanation::{Amount, Effect, Explanation, LeafRow, Missing, Turn};

use doudi_model::{Day, Verdict};

use crate::bundle::{Bundle, Rule, Scope};
use crate::evaluate::{Evaluation, RuleAnswer};
use crate::feature::File;
use crate::row::Row;
use crate::{Leaf, Marks};

/// One rule's answer with everything needed to explain it.
struct Case<'a> {
    bundle: &'a Bundle,
    rule: &'a Rule,
    answer: &'a RuleAnswer,
    row: &'a Row,
    file: &'a File<'a>,
    evaluation: &'a Evaluation,
}

impl Bundle {
    /// The explanation of every rule's answer, in the order of the answers.
    #[must_use]
    pub fn explain(&self, file: &File<'_>, day: Day, evaluation: &Evaluation) -> Vec<Explanation> {
        let mut row = Row::filled(self, file, day, &evaluation.readings);
        let mut all = Vec::new();
        for answer in &evaluation.answers {
            let Some(rule) = self.rules().get(answer.rule) else { continue };
            if let (Scope::Member, Some(person)) = (rule.scope, answer.person) {
                row.set_member(self, person, &evaluation.readings);
            }
            let case = Case { bundle: self, rule, answer, row: &row, file, evaluation };
            all.push(case.explanation(day));
        }
        all
    }
}

impl Case<'_> {
    fn explanation(&self, day: Day) -> Explanation {
        let missing = self.missing();
        let (change, turns) = self.change();
        Explanation {
            rule: self.rule.id.clone(),
            title: self.rule.title.clone(),
            direction: self.rule.direction,
            verdict: self.answer.verdict,
            person: self.answer.person,
            sentence: self.sentence(&missing),
            leaves: self.leaves().map(|(at, leaf)| self.leaf_row(at, leaf)).collect(),
            missing,
            change,
            turns,
            basis: self.rule.basis.iter().filter(|basis| basis.in_force(day)).map(crate::bundle::Basis::text).collect(),
            check: self.rule.check.clone(),
        }
    }

    /// The leaves that a reader is shown, with their numbers.
    fn leaves(&self) -> impl Iterator<Item = (usize, &Leaf)> {
        self.rule.when.leaves().iter().enumerate().filter(|(_, leaf)| !leaf.is_inner())
    }

    fn marks(&self) -> Marks {
        self.answer.leaves
    }

    fn verdict(&self, leaf: usize) -> Verdict {
        self.marks().get(leaf)
    }
}
