//! What would make a feature known: which facts, and which office holds them.

use std::collections::BTreeSet;

use doudi_model::{division, person};
use doudi_rules::bundle::Bundle;
use doudi_rules::evaluate::Evaluation;
use doudi_rules::feature::{Feature, How, Over, Reason};

/// One kind of fact that is missing, and who is to be asked for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// The kind, `medical.expense`; `standard.…` for a standard that is not in force here.
    pub fact: String,
    /// The office, `c-421202-yb`; blank for a standard.
    pub office: String,
}

/// Follows a feature that is not known down to the facts it lacks.
pub(super) struct Search<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) evaluation: &'a Evaluation,
    pub(super) division: Option<division::Code>,
}

/// Features are computed from features at most so many times over.
const DEPTH: usize = 12;

impl Search<'_> {
    /// What a feature of the household, or of one member, lacks.
    pub(super) fn missing(&self, feature: &Feature, person: Option<person::Id>) -> Vec<Missing> {
        let mut found = BTreeSet::new();
        self.follow(feature, person, DEPTH, &mut found);
        found.into_iter().collect()
    }

    fn follow(&self, feature: &Feature, person: Option<person::Id>, depth: usize, found: &mut BTreeSet<Missing>) {
        let Some(reason) = self.reason(feature, person) else { return };
        match &feature.how {
            How::BuiltIn(_) | How::Aggregated(_) => found.extend(feature.kind().map(|kind| self.held(kind.as_str()))),
            How::Derived(formula) => self.operands(&formula.names(self.bundle), person, &reason, depth, found),
            How::Lifted(_, formula) => {
                let names = formula.names(self.bundle);
                for member in self.evaluation.readings.members.keys() {
                    self.operands(&names, Some(*member), &reason, depth, found);
                }
            }
        }
    }

    fn operands(
        &self,
        names: &[String],
        person: Option<person::Id>,
        reason: &Reason,
        depth: usize,
        found: &mut BTreeSet<Missing>,
    ) {
        for name in names {
            match self.bundle.features().get(name) {
                Some(operand) if depth > 0 => {
                    let about = person.filter(|_| operand.over == Over::Person);
                    self.follow(operand, about, depth - 1, found);
                }
                Some(_) => {}
                None if self.blames(reason, name) => {
                    found.insert(Missing { fact: name.clone(), office: String::new() });
                }
                None => {}
            }
        }
    }

    fn reason(&self, feature: &Feature, person: Option<person::Id>) -> Option<Reason> {
        self.evaluation.readings.get(feature, person.as_ref())?.value.clone().err()
    }

    fn blames(&self, reason: &Reason, name: &str) -> bool {
        match reason {
            Reason::Operand(slot) => self.bundle.layout().name(doudi_rules::Slot(usize::from(*slot))) == name,
            _ => false,
        }
    }

    fn held(&self, kind: &str) -> Missing {
        let office = self.bundle.dictionary().get(kind).map(|kind| kind.office.as_str()).unwrap_or_default();
        let county = self.division.map(|code| code.county().to_string());
        let county = county.as_deref().and_then(|code| code.get(..6)).unwrap_or("{county}");
        Missing { fact: kind.to_owned(), office: office.replace("{county}", county) }
    }
}
