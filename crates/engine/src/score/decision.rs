//! A decision (判定) as it goes on record.

use std::collections::BTreeMap;

use doudi_model::{Day, Digest, Verdict, division, household, person};
use doudi_rules::bundle::Bundle;
use doudi_rules::evaluate::{Evaluation, RuleAnswer};
use doudi_rules::feature::{Feature, Over, Reading};
use serde_json::{Map, Value, json};

/// What the decision rests on and what it says; equal files, days and bundles give equal bodies, bit for bit.
#[must_use]
pub fn body(
    bundle: &Bundle,
    household: &household::Id,
    division: Option<division::Code>,
    file: Digest,
    day: Day,
    evaluation: &Evaluation,
) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("bundle".into(), bundle.digest().to_string().into());
    body.insert("file".into(), file.to_string().into());
    body.insert("household".into(), household.to_string().into());
    body.insert("division".into(), division.map(|code| code.to_string()).into());
    body.insert("day".into(), day.to_string().into());
    body.insert("features".into(), features(bundle, Over::Household, &evaluation.readings.household));
    body.insert("verdicts".into(), verdicts(bundle, evaluation, None));
    body.insert("leaves".into(), leaves(bundle, evaluation, None));
    body.insert("members".into(), members(bundle, evaluation));
    body.insert("score".into(), json!({"sure": evaluation.missed.sure, "possible": evaluation.missed.possible}));
    body.insert("excess".into(), json!({"sure": evaluation.excess.sure, "possible": evaluation.excess.possible}));
    body.insert("level".into(), bundle.level(evaluation.missed).map(|level| level.name()).into());
    body
}

fn members(bundle: &Bundle, evaluation: &Evaluation) -> Value {
    let of_member = |(person, readings): (&person::Id, &Vec<Reading>)| {
        json!({
            "person": person.to_string(),
            "features": features(bundle, Over::Person, readings),
            "verdicts": verdicts(bundle, evaluation, Some(*person)),
            "leaves": leaves(bundle, evaluation, Some(*person)),
        })
    };
    evaluation.readings.members.iter().map(of_member).collect()
}

fn features(bundle: &Bundle, over: Over, readings: &[Reading]) -> Value {
    let named = bundle.features().iter().filter(|feature| feature.over == over);
    let all = named
        .filter_map(|feature| Some((feature.name.clone(), value(bundle, feature, readings.get(feature.ordinal)?))));
    Value::Object(all.collect())
}

/// A value as JSON; what is not known is an object that says why.
fn value(bundle: &Bundle, feature: &Feature, reading: &Reading) -> Value {
    match &reading.value {
        Ok(value) if feature.scale > 0 => json!({"scale": feature.scale, "value": value.json()}),
        Ok(value) => value.json(),
        Err(reason) => json!({ "unknown": reason.code(bundle, feature) }),
    }
}

fn of<'a>(
    bundle: &'a Bundle,
    evaluation: &'a Evaluation,
    person: Option<person::Id>,
) -> impl Iterator<Item = (&'a str, &'a RuleAnswer)> {
    let about = evaluation.answers.iter().filter(move |answer| answer.person == person);
    about.filter_map(|answer| Some((bundle.rules().get(answer.rule)?.id.as_str(), answer)))
}

fn verdicts(bundle: &Bundle, evaluation: &Evaluation, person: Option<person::Id>) -> Value {
    let map: BTreeMap<&str, Value> =
        of(bundle, evaluation, person).map(|(rule, answer)| (rule, answer.verdict.json())).collect();
    json!(map)
}

/// One sign per leaf: `t`, `f` or `u`.
fn leaves(bundle: &Bundle, evaluation: &Evaluation, person: Option<person::Id>) -> Value {
    let signs = |rule: &str, answer: &RuleAnswer| -> String {
        let count = bundle.rule(rule).map_or(0, |rule| rule.when.leaves().len());
        (0..count)
            .map(|leaf| match answer.leaves.get(leaf) {
                Verdict::True => 't',
                Verdict::False => 'f',
                Verdict::Unknown => 'u',
            })
            .collect()
    };
    let map: BTreeMap<&str, String> =
        of(bundle, evaluation, person).map(|(rule, answer)| (rule, signs(rule, answer))).collect();
    json!(map)
}
