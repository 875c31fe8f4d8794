//! A household's file as features see it.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::Code;
use doudi_model::fact::{Kind, standing};
use doudi_model::{Day, Fact, person};

/// The facts of one household and its members, and how far the sources' deliveries reach.
#[derive(Debug, Clone, Default)]
pub struct File<'a> {
    /// Who belongs to it, sorted.
    pub members: Vec<person::Id>,
    /// Those whom another household claims as well.
    pub disputed: BTreeSet<person::Id>,
    /// Where it lives, deepest division first; empty if it has not been registered.
    pub path: Vec<Code>,
    /// Facts by kind, sorted by id. In an incremental reading only the kinds that are to be read again.
    pub facts: BTreeMap<Kind, &'a [Fact]>,
    /// Per kind, the last day up to which everything is known to have been delivered.
    pub coverage: BTreeMap<Kind, Day>,
}

impl<'a> File<'a> {
    /// The facts of a kind that count: standing, of the household or of a present member.
    #[must_use]
    pub fn standing(&self, kind: &Kind) -> Vec<&'a Fact> {
        let all = self.facts.get(kind).copied().unwrap_or_default();
        let mut facts = standing(all);
        facts.retain(|fact| match &fact.subject {
            doudi_model::fact::Subject::Person(person) => self.members.binary_search(person).is_ok(),
            doudi_model::fact::Subject::Household(_) | doudi_model::fact::Subject::Division(_) => true,
        });
        facts
    }

    /// The last day for which the source of a kind is known to have delivered, from its reports or from a fact itself.
    #[must_use]
    pub fn newest(&self, kind: &Kind, facts: &[&Fact]) -> Option<Day> {
        facts.iter().map(|fact| fact.valid).chain(self.coverage.get(kind).copied()).max()
    }
}
