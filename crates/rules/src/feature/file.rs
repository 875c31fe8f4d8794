//! A household's file as features see it.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::Code;
use doudi_model::fact::{Kind, Subject, standing};
use doudi_model::{Day, Fact, person};

use super::aggregate::Delivered;

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
    /// The same by the source that reported it, for the kinds of which a feature names its source.
    pub coverage_by: BTreeMap<Kind, BTreeMap<String, Day>>,
}

impl<'a> File<'a> {
    /// The facts of a kind that count: standing, of the household or of a present member.
    #[must_use]
    pub fn standing(&self, kind: &Kind) -> Vec<&'a Fact> {
        let all = self.facts.get(kind).copied().unwrap_or_default();
        let of_household = |fact: &&Fact| match &fact.subject {
            Subject::Person(person) => self.members.binary_search(person).is_ok(),
            Subject::Household(_) | Subject::Division(_) => true,
        };
        // Few kinds hold a correction; without one no set of corrected facts is needed.
        if all.iter().all(|fact| fact.supersedes.is_none()) {
            return all.iter().filter(|fact| !fact.withdrawn).filter(of_household).collect();
        }
        let mut facts = standing(all);
        facts.retain(of_household);
        facts
    }

    /// How far the source of a kind is known to have delivered by `day`: from its reports, or from a fact itself. A fact
    /// of a later day says nothing yet.
    ///
    /// With `source`, `{county}` standing for the six digits of the household's county, only that source counts.
    #[must_use]
    pub fn delivered(&self, kind: &Kind, facts: &[&Fact], source: Option<&str>, day: Day) -> Delivered {
        let of_source = source.map(|pattern| self.of_county(pattern));
        let reported = match &of_source {
            None => self.coverage.get(kind).copied(),
            Some(name) => self.coverage_by.get(kind).and_then(|by| by.get(name)).copied(),
        };
        let mut delivered = Delivered { through: reported, next: None };
        for fact in facts.iter().filter(|fact| of_source.as_ref().is_none_or(|name| fact.source == *name)) {
            if fact.valid <= day {
                delivered.through = delivered.through.max(Some(fact.valid));
            } else {
                delivered.next = Some(delivered.next.map_or(fact.valid, |next| next.min(fact.valid)));
            }
        }
        delivered
    }

    /// A name with `{county}` for the six digits of a county, for this household.
    #[must_use]
    pub fn of_county(&self, pattern: &str) -> String {
        of_county(&self.path, pattern)
    }
}

/// A name with `{county}` for the six digits of a county, for a place, deepest division first.
#[must_use]
pub fn of_county(path: &[Code], pattern: &str) -> String {
    let county = path.first().map(|code| code.county().to_string());
    pattern.replace("{county}", county.as_deref().and_then(|code| code.get(..6)).unwrap_or("{county}"))
}
