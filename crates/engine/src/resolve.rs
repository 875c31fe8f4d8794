//! resolve, keyed by person: who lives in which household, and whose file a fact belongs to.
//!
//! A person's facts rest in one place. While no household claims the person they are parked here; once one does, all
//! of them go to its file; when the person moves, they go along from file to file.
//!
//! INVARIANT: where a person lives depends on the set of their claims alone, not on the order in
//! which these arrived, nor on the installation's key. The claim with the latest valid day wins, among equals the
//! greatest household number; who leaves that household then or later has left it. Leaving another changes nothing.

use std::collections::BTreeMap;

use doudi_model::fact::{self, Kind, Subject};
use doudi_model::stage::{Space, State, StateFault, decode, load, save};
use doudi_model::{Day, Fact, division, household, person};
use serde::{Deserialize, Serialize};

use crate::effect::id_of;

/// The kind by which a household claims a person.
pub const MEMBER: &str = "household.member";
/// The kind by which a person leaves a household.
pub const LEFT: &str = "household.left";
/// The kind that lists all members of a household.
pub const REGISTERED: &str = "household.registered";
/// The kind that says how far a source's deliveries reach.
pub const COVERAGE: &str = "source.coverage";

/// The name of the claim that a registration makes on one of the people it lists.
///
/// Both parts are pseudonyms already, so it needs no key; whoever corrects the registration finds the claim by it.
#[must_use]
pub fn claim_name(registration: fact::Id, person: person::Id) -> fact::Id {
    id_of(&[b"part", &registration.0, &person.0])
}

/// What resolve tells score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// Facts for a household's file: its own, or those of one of its people.
    Facts(household::Id, Vec<Fact>),
    /// A person belongs to a household from now on, or the circumstances of that changed.
    Join {
        /// The household.
        household: household::Id,
        /// The person.
        person: person::Id,
        /// How the person came to belong.
        claim: Membership,
        /// Facts of the person that are not in the household's file yet.
        facts: Vec<Fact>,
    },
    /// A person no longer belongs to a household; their facts go with them.
    Leave {
        /// The household.
        household: household::Id,
        /// The person.
        person: person::Id,
        /// Where the person belongs now; none if nowhere, and then the facts come back to be parked.
        to: Option<(household::Id, Membership)>,
        /// New facts of the person, which go along with those in the file.
        facts: Vec<Fact>,
    },
    /// A source has delivered everything of a kind for a division up to a day.
    Coverage {
        /// The kind of fact.
        kind: Kind,
        /// Who says so.
        source: String,
        /// The division.
        division: division::Code,
        /// The last day that is complete.
        through: Day,
    },
}

/// How a person belongs to a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The valid day of the claim.
    pub since: Day,
    /// Whether another household claims the person just as well.
    pub disputed: bool,
}

/// One claim of a household on a person, or the end of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Claim {
    valid: Day,
    fact: fact::Id,
    /// None only in a withdrawal, which need not say what it takes back.
    household: Option<household::Id>,
    left: bool,
    withdrawn: bool,
    supersedes: Option<fact::Id>,
}

/// What resolve keeps of a person beside their facts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    claims: Vec<Claim>,
    home: Option<(household::Id, Membership)>,
}

/// How long two households may claim a person in turn before that is called a dispute.
const DISPUTE_DAYS: i32 = 90;

/// Takes the facts of one entry. Facts already known change nothing.
///
/// # Errors
/// If the state cannot be read or written.
pub fn apply(state: &mut dyn State, facts: &[Fact]) -> Result<Vec<Message>, StateFault> {
    let mut messages = Vec::new();
    let mut of_households: BTreeMap<household::Id, Vec<Fact>> = BTreeMap::new();
    let mut of_people: BTreeMap<person::Id, Vec<Fact>> = BTreeMap::new();
    for fact in facts {
        match &fact.subject {
            Subject::Household(id) => of_households.entry(id.clone()).or_default().push(fact.clone()),
            Subject::Person(id) => of_people.entry(*id).or_default().push(fact.clone()),
            Subject::Division(code) => messages.extend(coverage(*code, fact)),
        }
    }
    messages.extend(of_households.into_iter().map(|(household, facts)| Message::Facts(household, facts)));
    for (person, facts) in of_people {
        take(state, person, facts, &mut messages)?;
    }
    Ok(messages)
}

fn coverage(division: division::Code, fact: &Fact) -> Option<Message> {
    let kind = fact.text("kind").filter(|_| fact.kind.as_str() == COVERAGE)?;
    let (kind, source) = (Kind::from(kind), fact.source.clone());
    Some(Message::Coverage { kind, source, division, through: fact.date("through")? })
}

fn take(state: &mut dyn State, person: person::Id, facts: Vec<Fact>, out: &mut Vec<Message>) -> Result<(), StateFault> {
    let known: Option<Record> = load(state, Space::Person, &person.0)?;
    let mut record = known.clone().unwrap_or_default();
    let mut changed = false;
    for claim in facts.iter().filter_map(claim_of) {
        if record.claims.iter().all(|known| known.fact != claim.fact) {
            record.claims.push(claim);
            changed = true;
        }
    }
    let home = if changed { home_of(&record.claims) } else { record.home.clone() };
    route(state, person, record.home.take(), &home, facts, out)?;
    record.home = home;
    if known.as_ref() != Some(&record) {
        save(state, Space::Person, &person.0, &record)?;
    }
    Ok(())
}

/// Sends new facts to where the person lives; those that rest elsewhere follow.
fn route(
    state: &mut dyn State,
    person: person::Id,
    before: Option<(household::Id, Membership)>,
    after: &Option<(household::Id, Membership)>,
    new: Vec<Fact>,
    out: &mut Vec<Message>,
) -> Result<(), StateFault> {
    match (before, after) {
        (None, None) => park(state, new)?,
        (None, Some((household, claim))) => {
            park(state, new)?;
            let facts = unpark(state, person)?;
            out.push(Message::Join { household: household.clone(), person, claim: *claim, facts });
        }
        (Some(before), Some(after)) if before == *after => out.push(Message::Facts(before.0, new)),
        (Some((before, _)), Some((household, claim))) if before == *household => {
            out.push(Message::Join { household: before, person, claim: *claim, facts: new });
        }
        (Some((household, _)), to) => out.push(Message::Leave { household, person, to: to.clone(), facts: new }),
    }
    Ok(())
}

/// Keeps facts of people whom no household claims; those kept already stay as they are.
///
/// # Errors
/// If the state cannot be read or written.
pub fn park(state: &mut dyn State, facts: Vec<Fact>) -> Result<(), StateFault> {
    for fact in facts {
        let Subject::Person(person) = fact.subject else { continue };
        let key = fact_key(person, fact.id);
        if state.get(Space::PersonFact, &key)?.is_none() {
            save(state, Space::PersonFact, &key, &fact)?;
        }
    }
    Ok(())
}

/// Takes out a person's parked facts.
fn unpark(state: &mut dyn State, person: person::Id) -> Result<Vec<Fact>, StateFault> {
    let kept = state.scan(Space::PersonFact, &person.0)?;
    kept.iter().for_each(|(key, _)| state.remove(Space::PersonFact, key));
    kept.iter().map(|(_, bytes)| decode(bytes)).collect()
}

fn claim_of(fact: &Fact) -> Option<Claim> {
    let left = match fact.kind.as_str() {
        MEMBER => false,
        LEFT => true,
        _ => return None,
    };
    let household = fact.text("household").and_then(|text| text.parse().ok());
    if household.is_none() && !fact.withdrawn {
        return None;
    }
    Some(Claim {
        valid: fact.valid,
        fact: fact.id,
        household,
        left,
        withdrawn: fact.withdrawn,
        supersedes: fact.supersedes,
    })
}

/// Where a person lives by these claims.
fn home_of(claims: &[Claim]) -> Option<(household::Id, Membership)> {
    let mut standing: Vec<&Claim> = claims
        .iter()
        .filter(|claim| !claim.withdrawn && !claims.iter().any(|other| other.supersedes == Some(claim.fact)))
        .collect();
    standing.sort_by(|one, other| {
        (one.valid, &one.household, one.left, one.fact).cmp(&(other.valid, &other.household, other.left, other.fact))
    });
    let last = standing.iter().rev().find(|claim| !claim.left)?;
    let of_last = |claim: &&&Claim| claim.household == last.household && claim.valid >= last.valid;
    if standing.iter().any(|claim| claim.left && of_last(&claim)) {
        return None;
    }
    // Two households dispute a person if both claim them for the same day, or if the one that has
    // them now had already been followed by the other a short while before.
    let rival = standing.iter().rev().find(|claim| !claim.left && claim.household != last.household);
    let disputed = rival.is_some_and(|rival| {
        let same_day = rival.valid == last.valid;
        let back_again = last.valid.days_since(rival.valid) <= DISPUTE_DAYS
            && standing
                .iter()
                .any(|claim| claim.household == last.household && !claim.left && claim.valid < rival.valid);
        same_day || back_again
    });
    Some((last.household.clone()?, Membership { since: last.valid, disputed }))
}

/// Where a person lives, from the value that is kept of them.
///
/// # Errors
/// If the value is not of its form.
pub(crate) fn home_in(value: &[u8]) -> Result<Option<(household::Id, Membership)>, StateFault> {
    Ok(decode::<Record>(value)?.home)
}

/// The household a person lives in, if one is known.
///
/// # Errors
/// If the state cannot be read.
pub fn home(state: &dyn State, person: person::Id) -> Result<Option<household::Id>, StateFault> {
    let record: Option<Record> = load(state, Space::Person, &person.0)?;
    Ok(record.and_then(|record| record.home).map(|(household, _)| household))
}

/// Where a person lived by the facts known up to a log position.
#[must_use]
pub fn home_by(facts: &[Fact]) -> Option<(household::Id, Membership)> {
    let claims: Vec<Claim> = facts.iter().filter_map(claim_of).collect();
    home_of(&claims)
}

/// The parked facts of a person, by fact id.
///
/// # Errors
/// If the state cannot be read.
pub fn parked(state: &dyn State, person: person::Id) -> Result<Vec<Fact>, StateFault> {
    state.scan(Space::PersonFact, &person.0)?.iter().map(|(_, bytes)| decode(bytes)).collect()
}

fn fact_key(person: person::Id, fact: fact::Id) -> Vec<u8> {
    [person.0, fact.0].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn claim(household: &str, day: &str, left: bool, number: u8) -> Claim {
        let household = Some(household.parse().unwrap());
        let fact = person::Id([number; 16]);
        Claim { valid: day.parse().unwrap(), fact, household, left, withdrawn: false, supersedes: None }
    }

    fn home(claims: &[Claim]) -> Option<String> {
        home_of(claims).map(|(household, _)| household.to_string())
    }

    #[test]
    fn leaving_one_household_takes_nobody_out_of_another() {
        for (from, to) in [("h-1", "h-2"), ("h-2", "h-1")] {
            let first = claim(from, "2026-01-01", false, 1);
            for leaves in ["2026-10-01", "2026-11-01", "2026-11-05"] {
                let moved = [first.clone(), claim(to, "2026-11-01", false, 2), claim(from, leaves, true, 3)];
                assert_eq!(home(&moved), Some(to.to_owned()), "left {from} on {leaves}");
            }
        }
    }

    #[test]
    fn who_leaves_the_last_household_belongs_to_none() {
        let claims = [claim("h-1", "2026-01-01", false, 1), claim("h-2", "2026-03-01", false, 2)];
        for leaves in ["2026-03-01", "2026-04-01"] {
            assert_eq!(home(&[claims.as_slice(), &[claim("h-2", leaves, true, 3)]].concat()), None);
        }
        let back = [claim("h-1", "2026-05-01", false, 4), claim("h-1", "2026-04-01", true, 5)];
        assert_eq!(home(&back), Some("h-1".into()));
    }
}
