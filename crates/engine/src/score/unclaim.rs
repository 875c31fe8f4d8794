//! Taking back what a registration claimed, where its correction claims it no longer.
//!
//! A registration claims the people on its list, each by a fact of their own. Whoever is on the list of its correction
//! too has the claim corrected along with it; the claims on all others are taken back here, whichever of the two
//! registrations is heard of first.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::fact::{self, Kind, Subject};
use doudi_model::stage::At;
use doudi_model::{Fact, Value, person};

use crate::effect::id_of;
use crate::resolve::{MEMBER, claim_name};

/// Claims to be taken back because of registrations that are new among those of a household.
pub(super) fn taken_back(registrations: &[Fact], new: &BTreeSet<fact::Id>, at: At) -> Vec<Fact> {
    let mut facts = Vec::new();
    for correction in registrations {
        let earlier = registrations.iter().find(|earlier| Some(earlier.id) == correction.supersedes);
        let Some(earlier) = earlier.filter(|earlier| new.contains(&earlier.id) || new.contains(&correction.id)) else {
            continue;
        };
        let still = people(correction);
        let gone = people(earlier).iter().filter(|person| !still.contains(person));
        facts.extend(gone.map(|person| take_back(earlier.id, correction, *person, at)));
    }
    facts
}

/// Who is on the list; nobody is on that of a registration taken back.
fn people(registration: &Fact) -> &[person::Id] {
    match registration.fields.get("members") {
        Some(Value::People(people)) => people,
        _ => &[],
    }
}

fn take_back(earlier: fact::Id, correction: &Fact, person: person::Id, at: At) -> Fact {
    Fact {
        id: id_of(&[b"unclaimed", &correction.id.0, &person.0]),
        kind: Kind::from(MEMBER),
        subject: Subject::Person(person),
        valid: correction.valid,
        known: at.instant,
        position: at.position,
        source: correction.source.clone(),
        supersedes: Some(claim_name(earlier, person)),
        withdrawn: true,
        fields: BTreeMap::new(),
    }
}
