//! What must hold between a world's truth and what came out of watching it. Pure; tests feed it.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::warning::Direction;

use crate::truth::{HouseholdTruth, Truth};

/// Open warnings by household number: rule ids with their directions.
pub type Open = BTreeMap<String, BTreeSet<(String, Direction)>>;

/// A household that should have been warned of, and was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// Its number.
    pub household: String,
    /// What happened there.
    pub plot: String,
    /// The rules of which one should have warned.
    pub expected: Vec<String>,
    /// The rules that did warn.
    pub open: Vec<String>,
}

/// Households whose story nobody noticed although everything about them was said rightly. Must be empty.
#[must_use]
pub fn missed(truth: &Truth, open: &Open) -> Vec<Miss> {
    let unseen = |household: &&HouseholdTruth| household.complete && !expected_is_open(household, open);
    truth.stories().filter(unseen).map(|household| miss(household, open)).collect()
}

/// A person whom two households claim belongs to one of them; a warning in either will do.
fn expected_is_open(household: &HouseholdTruth, open: &Open) -> bool {
    let either = [Some(&household.household), household.with.as_ref()].into_iter().flatten();
    let mut rules = either.filter_map(|id| open.get(id)).flatten();
    rules.any(|(rule, _)| household.rules.contains(rule))
}

fn miss(household: &HouseholdTruth, open: &Open) -> Miss {
    let rules = open.get(&household.household);
    Miss {
        household: household.household.clone(),
        plot: household.plot.clone().unwrap_or_default(),
        expected: household.rules.clone(),
        open: rules.map(|rules| rules.iter().map(|(rule, _)| rule.clone()).collect()).unwrap_or_default(),
    }
}

/// Warnings open for households with which nothing of that direction is amiss: household, rule.
#[must_use]
pub fn unfounded(truth: &Truth, open: &Open) -> Vec<(String, String)> {
    let judged = truth.households.iter().filter(|household| household.complete && !is_doubtful(household));
    let of = |household: &HouseholdTruth| {
        let rules = open.get(&household.household).into_iter().flatten();
        let wrong = rules.filter(|(_, direction)| household.direction.as_deref() != Some(word(*direction)));
        wrong.map(|(rule, _)| (household.household.clone(), rule.clone())).collect::<Vec<_>>()
    };
    judged.flat_map(of).collect()
}

/// Whether it is not clear of whom things are said there.
fn is_doubtful(household: &HouseholdTruth) -> bool {
    household.direction.as_deref() == Some("quality")
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Missed => "missed",
        Direction::Excess => "excess",
    }
}

/// How well one direction was judged, in households.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Warned of, and rightly.
    pub hit: u64,
    /// Warned of, and nothing was amiss.
    pub false_alarm: u64,
    /// Something was amiss, and no warning.
    pub miss: u64,
    /// Nothing amiss and no warning.
    pub quiet: u64,
    /// Set aside, since what was said of them is not what is so, or it is not clear of whom it was said.
    pub set_aside: u64,
}

impl Counts {
    /// Of a thousand warned of, how many rightly; none if nobody was warned of.
    #[must_use]
    pub fn precision_per_mille(&self) -> Option<u64> {
        (self.hit * 1000).checked_div(self.hit + self.false_alarm)
    }

    /// Of a thousand with something amiss, how many were warned of; none if nothing was amiss.
    #[must_use]
    pub fn recall_per_mille(&self) -> Option<u64> {
        (self.hit * 1000).checked_div(self.hit + self.miss)
    }
}

/// Counts one direction over all households.
#[must_use]
pub fn counts(truth: &Truth, open: &Open, direction: Direction) -> Counts {
    let mut counts = Counts::default();
    for household in &truth.households {
        let warned = open.get(&household.household).is_some_and(|rules| rules.iter().any(|(_, way)| *way == direction));
        let amiss = household.direction.as_deref() == Some(word(direction));
        let cell = match (household.complete && !is_doubtful(household), warned, amiss) {
            (false, _, _) => &mut counts.set_aside,
            (true, true, true) => &mut counts.hit,
            (true, true, false) => &mut counts.false_alarm,
            (true, false, true) => &mut counts.miss,
            (true, false, false) => &mut counts.quiet,
        };
        *cell += 1;
    }
    counts
}

/// Households that warnings are open for although the truth does not know them. Must be empty.
#[must_use]
pub fn strangers(truth: &Truth, open: &Open) -> Vec<String> {
    let known: BTreeSet<&str> = truth.households.iter().map(|household| household.household.as_str()).collect();
    open.keys().filter(|household| !known.contains(household.as_str())).cloned().collect()
}
