//! What changed between two bundles, in words: rules added, ended, reworded or changed in meaning, with a household that
//! shows it; standards, features, facts, levels, and the other tables.
//!
//! A rule is reworded where its conditions have the same IR, or where it is proven that no household answers them
//! differently. It has changed in meaning where a household does, and that household has been evaluated with both.

mod meaning;
mod other;
mod rules;
mod standards;
mod toml_tables;

use doudi_model::{Text, Verdict};
use serde::Serialize;

use crate::analyze::Witness;
use crate::bundle::Bundle;

/// Everything that differs between two bundles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Rules, by id.
    pub rules: Vec<RuleChange>,
    /// Features.
    pub features: Vec<Change>,
    /// Kinds of fact.
    pub facts: Vec<Change>,
    /// Figures of standards.
    pub standards: Vec<Change>,
    /// Scores of the levels.
    pub levels: Vec<Change>,
    /// Routing: offices, routes, deadlines, escalation.
    pub routing: Vec<Change>,
    /// Registers, calendar, divisions and whatever else a bundle holds.
    pub rest: Vec<Change>,
}

/// A rule that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// Its id.
    pub id: String,
    /// Its title, the later one.
    pub title: Text,
    /// How it differs.
    pub change: How,
    /// What of it differs, in words.
    pub parts: Vec<Text>,
    /// Households that show a change in meaning.
    pub shows: Vec<Shows>,
    /// Where a condition differs and it could not be told whether that changes its meaning: why.
    pub unproven: Option<Text>,
}

/// How a rule differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It is there only later.
    Added,
    /// It is there only before.
    Removed,
    /// It now has a last day that it had not, or an earlier one.
    Ended,
    /// It answers, weighs or works differently.
    Meaning,
    /// Only its words differ.
    Reworded,
}

/// A household on which a condition answers differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shows {
    /// `when` or `clear`.
    pub part: String,
    /// The answer before.
    pub before: Verdict,
    /// The answer after.
    pub after: Verdict,
    /// The household.
    pub witness: Witness,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is: a feature, a standard, a file.
    pub name: String,
    /// How it differs, in words.
    pub message: Text,
}

impl Difference {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let lists = [&self.features, &self.facts, &self.standards, &self.levels, &self.routing, &self.rest];
        self.rules.is_empty() && lists.iter().all(|list| list.is_empty())
    }
}

impl Bundle {
    /// What differs in a later bundle.
    #[must_use]
    pub fn differences(&self, later: &Bundle) -> Difference {
        if self.digest() == later.digest() {
            return Difference::default();
        }
        Difference {
            rules: rules::changes(self, later),
            features: toml_tables::features(self, later),
            facts: toml_tables::facts(self, later),
            standards: standards::changes(self, later),
            levels: toml_tables::levels(self, later),
            routing: other::files(self, later, |path| path.starts_with("routing/")),
            rest: other::files(self, later, |path| {
                let told = ["warnings/", "features/", "facts/", "standards/", "routing/", "levels.toml"];
                !told.iter().any(|start| path.starts_with(start))
            }),
        }
    }
}
