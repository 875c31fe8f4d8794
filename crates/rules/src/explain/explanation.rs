//! Why a rule answered as it did: what screens and `doudi explain` print, in both languages.

use doudi_model::warning::Direction;
use doudi_model::{Text, Verdict, person};
use serde::Serialize;

/// The whole answer of one rule about one household or member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: Text,
    /// Which way it points.
    pub direction: Direction,
    /// Its answer.
    pub verdict: Verdict,
    /// The member, for a rule over members.
    pub person: Option<person::Id>,
    /// The answer in one sentence.
    pub sentence: Text,
    /// One row per leaf of the condition.
    pub leaves: Vec<LeafRow>,
    /// What would settle an unknown.
    pub missing: Vec<Missing>,
    /// The nearest change of one value that would turn the answer.
    pub change: Option<Text>,
    /// The same for programs: the nearest number, or each yes-or-no feature that would do it alone.
    pub turns: Vec<Turn>,
    /// Legal basis in force on the day.
    pub basis: Vec<Text>,
    /// What to check on the visit.
    pub check: Vec<Text>,
}

/// One leaf: a comparison or a yes-or-no feature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeafRow {
    /// What is compared.
    pub name: Text,
    /// What this household has.
    pub value: Text,
    /// What it is compared with.
    pub standard: Text,
    /// How far it lies from the line.
    pub distance: Text,
    /// The leaf's answer.
    pub verdict: Verdict,
    /// Which office's data it rests on, and of which day.
    pub source: Option<Text>,
}

/// One value that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The feature or standard.
    pub feature: Text,
    /// Why it is not known.
    pub why: Text,
    /// The fact kind that would settle it; empty for a standard.
    pub fact: String,
    /// The office that holds it; empty for a standard.
    pub office: String,
}

/// A change of one feature that turns the answer; it has been evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// The feature's name in conditions.
    pub feature: String,
    /// What it is.
    pub now: Amount,
    /// What it would have to be: nothing nearer turns the answer.
    pub to: Amount,
    /// Whether everything from there to the end of its range turns the answer as well.
    pub beyond: bool,
    /// What it would bring about.
    pub effect: Effect,
}

/// A value that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Amount {
    /// A number as its feature declares it; money in fen.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

/// What a change would bring about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The rule would be true.
    Fires,
    /// Its warning could close.
    Clears,
}
