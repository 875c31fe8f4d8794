//! Why, why not, what is missing, what would change it: composed from the decision, in both languages.
//!
//! Everything said here is read off the rule's text, the leaves' answers and the readings. The change
//! named is the smallest over single features and has been evaluated again before it is named.

mod change;
mod explanation;
mod missing;
mod sentence;
mod words;

pub use explanation::{Explanation, LeafRow, Missing};

use doudi_model::{Day, Text, Verdict};

use crate::bundle::{Bundle, Rule, Scope};
use crate::evaluate::{Evaluation, RuleAnswer};
use crate::feature::File;
use crate::ir::Test;
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
        Explanation {
            rule: self.rule.id.clone(),
            title: self.rule.title.clone(),
            direction: self.rule.direction,
            verdict: self.answer.verdict,
            person: self.answer.person,
            sentence: self.sentence(),
            leaves: self.leaves().map(|(at, leaf)| self.leaf_row(at, leaf)).collect(),
            missing: self.missing(),
            change: self.change(),
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

    fn leaf_row(&self, at: usize, leaf: &Leaf) -> LeafRow {
        let verdict = self.verdict(at);
        let cells = self.row.cells();
        let named = |text: &str| words::named(self.bundle, text);
        let value = |part: Option<crate::Part<'_>>| {
            part.and_then(|part| part.value(cells, self.marks()).map(|value| self.said(&part, &value)))
        };
        let (name, value, standard) = match &leaf.test {
            Test::Flag(_) => (named(&leaf.text), words::yes_no(verdict), Text::new("—", "—")),
            Test::Compare(sign, ..) | Test::CompareText(sign, ..) => {
                let right = value(leaf.right());
                let figure = right.unwrap_or_else(words::no_data);
                let literal = leaf.right().is_some_and(|right| right.slots().is_empty());
                let of = leaf.right().filter(|_| !literal).map(|right| named(right.text));
                let left = leaf.left();
                (
                    left.map_or_else(|| named(&leaf.text), |left| named(left.text)),
                    value(left).unwrap_or_else(words::no_data),
                    words::line(*sign, &figure, of.as_ref()),
                )
            }
            Test::Between(_) | Test::Member(..) | Test::MemberText(..) => {
                let parts = leaf.parts();
                let left = parts.first().copied();
                let name = left.map_or_else(|| named(&leaf.text), |left| named(left.text));
                let others: Vec<Text> = parts
                    .iter()
                    .skip(1)
                    .map(|part| {
                        part.value(cells, self.marks()).map_or_else(words::no_data, |value| self.of(left, &value))
                    })
                    .collect();
                let line =
                    if matches!(leaf.test, Test::Between(_)) { words::between(&others) } else { words::among(&others) };
                (name, value(left).unwrap_or_else(words::no_data), line)
            }
            Test::StartsWith(..) | Test::Known(_) => {
                let left = leaf.left();
                let name = left.map_or_else(|| named(&leaf.text), |left| named(left.text));
                (name, value(left).unwrap_or_else(words::no_data), named(&leaf.text))
            }
        };
        let distance = leaf.distance(cells, self.marks()).map_or_else(|| Text::new("—", "—"), words::distance);
        LeafRow { name, value, standard, distance, verdict, source: self.source(leaf) }
    }

    /// A value in words; the code of a category by its title.
    fn said(&self, part: &crate::Part<'_>, value: &crate::Value) -> Text {
        self.of(Some(*part), value)
    }

    /// A value in the words of what it is compared with.
    fn of(&self, part: Option<crate::Part<'_>>, value: &crate::Value) -> Text {
        let feature = part
            .and_then(|part| part.variable())
            .and_then(|slot| self.bundle.features().get(self.bundle.layout().name(slot)));
        words::value(value, feature)
    }
}
