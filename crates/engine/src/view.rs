//! What screens and commands read of a household. Names and addresses stay sealed here.

mod missing;

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::fact::{Kind, standing};
use doudi_model::stage::{State, StateFault};
use doudi_model::value::Sealed;
use doudi_model::warning::{self, Direction, Level};
use doudi_model::{Day, Fact, Text, Value, Verdict, division, household, person};
use doudi_rules::bundle::Bundle;
use doudi_rules::evaluate::{Evaluation, Score};
use doudi_rules::explain::Explanation;
use doudi_rules::feature::{Over, Reading};

pub use missing::Missing;

use missing::Search;

use crate::replay::file_at;
use crate::resolve::{MEMBER, REGISTERED};
use crate::score::{Chunk, Head, coverage_for, file_of, read};

/// A household as it stands on a day, as far as it is known.
#[derive(Debug, Clone)]
pub struct Household {
    /// Its number.
    pub id: household::Id,
    /// Where it lives.
    pub division: Option<division::Code>,
    /// Its address, sealed.
    pub address: Option<Sealed>,
    /// Its members.
    pub members: Vec<Member>,
    /// What its features read.
    pub features: BTreeMap<String, Feature>,
    /// What its rules answer; a rule over members has the gravest of its answers.
    pub verdicts: BTreeMap<String, Verdict>,
    /// Score of the missed direction.
    pub score: Score,
    /// Score of the excess direction.
    pub excess: Score,
    /// Level of the missed direction.
    pub level: Option<Level>,
    /// Warnings open now.
    pub warnings: Vec<Warning>,
    /// The aid it is on or was on.
    pub aid: Vec<Aid>,
    /// Up to which day each kind of fact is known.
    pub sources: Vec<Source>,
    /// Why every rule answered as it did.
    pub explanations: Vec<Explanation>,
    /// The record entry of its last decision.
    pub decision: Option<u64>,
}

/// One member.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub person: person::Id,
    /// Relation to the head, in words.
    pub relation: Option<Text>,
    /// The name, sealed.
    pub name: Option<Sealed>,
    /// Age in completed years.
    pub age: Option<i64>,
    /// Sex, in words.
    pub sex: Option<Text>,
    /// Features over this member.
    pub features: BTreeMap<String, Feature>,
}

/// What a feature reads, with its name and unit.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Its name for people.
    pub title: Text,
    /// Its unit.
    pub unit: &'static str,
    /// Decimal places.
    pub scale: u8,
    /// The value, or the code of why it is not known.
    pub value: Result<Value, String>,
    /// What would make it known; empty if it is.
    pub missing: Vec<Missing>,
}

impl Feature {
    /// `{"value","unit","unknown":null|{"reason","missing":[{"fact","office"}]}}`; a ratio has its `"scale"` besides.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let value = self.value.as_ref().map(Value::json).unwrap_or_default();
        let missing = |one: &Missing| serde_json::json!({"fact": one.fact, "office": one.office});
        let missing: Vec<_> = self.missing.iter().map(missing).collect();
        let unknown = self.value.as_ref().err();
        let unknown = unknown.map(|reason| serde_json::json!({"reason": reason, "missing": missing}));
        let mut json = serde_json::json!({"value": value, "unit": self.unit, "unknown": unknown});
        if let (Some(members), true) = (json.as_object_mut(), self.scale > 0) {
            members.insert("scale".to_owned(), self.scale.into());
        }
        json
    }
}

/// An open warning.
#[derive(Debug, Clone)]
pub struct Warning {
    /// Its name.
    pub id: warning::Id,
    /// The rule's id.
    pub rule: String,
    /// The rule's name for people.
    pub title: Text,
    /// Which way it points.
    pub direction: Direction,
    /// Its level.
    pub level: Level,
    /// The member, for a rule over members.
    pub person: Option<person::Id>,
    /// Since when it is open.
    pub since: Day,
    /// Whether a graver warning mutes it.
    pub muted: bool,
}

/// One aid record.
#[derive(Debug, Clone)]
pub struct Aid {
    /// Which scheme, in words.
    pub scheme: Text,
    /// In, out, taper: in words.
    pub status: Text,
    /// Since when.
    pub from: Day,
    /// The member, if it is aid of one person.
    pub person: Option<person::Id>,
}

/// How far a kind of fact is known.
#[derive(Debug, Clone)]
pub struct Source {
    /// The kind.
    pub kind: Kind,
    /// Its name for people.
    pub title: Text,
    /// The office, with `{county}` filled in.
    pub office: String,
    /// The last day known; none if nothing was ever delivered.
    pub through: Option<Day>,
}

/// A household on `day`, as known up to a log position (`u64::MAX` for now); none if never heard of.
///
/// # Errors
/// If the state cannot be read.
pub fn household(
    state: &dyn State,
    bundle: &Bundle,
    id: &household::Id,
    day: Day,
    position: u64,
) -> Result<Option<Household>, StateFault> {
    let Some(now) = read(state, id)? else { return Ok(None) };
    let (head, kept) = file_at(state, id, position)?;
    let coverage = coverage_for(state, bundle, &bundle.path(head.division), None, position)?;
    let file = file_of(bundle, &head, &kept, coverage.clone());
    let evaluation = bundle.evaluate(&file, day, None);
    let registration = newest(&kept, REGISTERED, None);
    let search = Search { bundle, evaluation: &evaluation, division: head.division };
    Ok(Some(Household {
        id: id.clone(),
        division: head.division,
        address: registration.and_then(|fact| sealed(fact, "address")),
        members: head.members().into_iter().map(|person| member(&search, &kept, person)).collect(),
        features: features(&search, None, &evaluation.readings.household),
        verdicts: verdicts(bundle, &evaluation),
        score: evaluation.missed,
        excess: evaluation.excess,
        level: bundle.level(evaluation.missed),
        warnings: warnings(bundle, &now),
        aid: aid(bundle, &kept),
        sources: sources(bundle, &head, &kept, &coverage.by_kind),
        explanations: bundle.explain(&file, day, &evaluation),
        decision: now.decision,
    }))
}

fn newest<'a>(kept: &'a BTreeMap<Kind, Chunk>, kind: &str, person: Option<person::Id>) -> Option<&'a Fact> {
    let facts = standing(kept.get(&Kind::from(kind))?.facts());
    let about = |fact: &&Fact| person.is_none_or(|person| fact.subject == doudi_model::fact::Subject::Person(person));
    facts.into_iter().filter(about).max_by(|one, other| one.by_time(other))
}

fn sealed(fact: &Fact, field: &str) -> Option<Sealed> {
    match fact.fields.get(field) {
        Some(Value::Sealed(sealed)) => Some(sealed.clone()),
        _ => None,
    }
}

fn code_text(bundle: &Bundle, kind: &str, field: &str, code: Option<&str>) -> Option<Text> {
    let field = bundle.dictionary().get(kind)?.field(field)?;
    field.values.iter().find(|known| Some(known.code.as_str()) == code).map(doudi_rules::bundle::Code::text)
}

fn member(search: &Search<'_>, kept: &BTreeMap<Kind, Chunk>, person: person::Id) -> Member {
    let (bundle, evaluation) = (search.bundle, search.evaluation);
    let fact = newest(kept, MEMBER, Some(person));
    let readings = evaluation.readings.members.get(&person).map(Vec::as_slice).unwrap_or_default();
    let features = features(search, Some(person), readings);
    let age = features.get("age").and_then(|age| match age.value {
        Ok(Value::Int(age)) => Some(age),
        _ => None,
    });
    Member {
        person,
        relation: fact.and_then(|fact| code_text(bundle, MEMBER, "relation", fact.text("relation"))),
        name: fact.and_then(|fact| sealed(fact, "name")),
        age,
        sex: fact.and_then(|fact| code_text(bundle, MEMBER, "sex", fact.text("sex"))),
        features,
    }
}

fn features(search: &Search<'_>, person: Option<person::Id>, readings: &[Reading]) -> BTreeMap<String, Feature> {
    let over = if person.is_some() { Over::Person } else { Over::Household };
    let named = search.bundle.features().iter().filter(|feature| feature.over == over);
    named
        .filter_map(|feature| {
            let value = readings.get(feature.ordinal)?.value.clone();
            let missing = if value.is_err() { search.missing(feature, person) } else { Vec::new() };
            let value = value.map_err(|reason| reason.code(search.bundle, feature));
            let (title, unit, scale) = (feature.title.clone(), feature.unit.name(), feature.scale);
            Some((feature.name.clone(), Feature { title, unit, scale, value, missing }))
        })
        .collect()
}

fn verdicts(bundle: &Bundle, evaluation: &Evaluation) -> BTreeMap<String, Verdict> {
    let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
    for answer in &evaluation.answers {
        if let Some(rule) = bundle.rules().get(answer.rule) {
            let gravest = verdicts.entry(rule.id.clone()).or_insert(Verdict::False);
            *gravest = (*gravest).max(answer.verdict);
        }
    }
    verdicts
}

fn warnings(bundle: &Bundle, head: &Head) -> Vec<Warning> {
    let of = |open: &crate::score::Open| {
        let rule = bundle.rule(&open.subject.rule)?;
        Some(Warning {
            id: open.id,
            rule: rule.id.clone(),
            title: rule.title.clone(),
            direction: rule.direction,
            level: open.level,
            person: open.subject.person,
            since: open.since,
            muted: open.muted,
        })
    };
    head.open.iter().filter_map(of).collect()
}

fn aid(bundle: &Bundle, kept: &BTreeMap<Kind, Chunk>) -> Vec<Aid> {
    let mut all = Vec::new();
    for kind in ["aid.status", "aid.person"] {
        let facts = kept.get(&Kind::from(kind)).map(|chunk| standing(chunk.facts())).unwrap_or_default();
        for fact in facts {
            let person = match &fact.subject {
                doudi_model::fact::Subject::Person(person) => Some(*person),
                _ => None,
            };
            let scheme = code_text(bundle, kind, "scheme", fact.text("scheme"));
            let status = code_text(bundle, kind, "status", fact.text("status"));
            if let (Some(scheme), Some(status)) = (scheme, status) {
                all.push(Aid { scheme, status, from: fact.valid, person });
            }
        }
    }
    all.sort_by(|left, right| right.from.cmp(&left.from).then_with(|| left.scheme.cmp(&right.scheme)));
    all
}

fn sources(bundle: &Bundle, head: &Head, kept: &BTreeMap<Kind, Chunk>, coverage: &BTreeMap<Kind, Day>) -> Vec<Source> {
    let county = head.division.map(|code| code.county().to_string());
    let county = county.as_deref().and_then(|code| code.get(..6)).unwrap_or("{county}");
    let kinds: BTreeSet<&Kind> = kept.keys().chain(coverage.keys()).collect();
    kinds
        .into_iter()
        .filter_map(|kind| {
            let declared = bundle.dictionary().get(kind.as_str())?;
            let facts = kept.get(kind).map(|chunk| standing(chunk.facts())).unwrap_or_default();
            let through = facts.iter().map(|fact| fact.valid).chain(coverage.get(kind).copied()).max();
            let office = declared.office.replace("{county}", county);
            Some(Source { kind: kind.clone(), title: declared.title.clone(), office, through })
        })
        .collect()
}
