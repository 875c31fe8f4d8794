//! The content of an event against the fact dictionary.

use std::collections::BTreeMap;

use doudi_model::fact::Subject;
use doudi_model::{Day, Fact, Instant, Problem, Text, Value};
use doudi_rules::bundle::{FieldType, KindDeclaration};
use serde_json::{Map, Value as Json};

use super::envelope::{Data, Envelope};
use super::member::{self, Common};
use super::refusal::Refusal;
use super::subject::{in_force, subject};
use super::{Admitter, Taken, field};
use crate::resolve::REGISTERED;

/// The first day on which an office of today could have written anything down: no register is older than the Republic.
/// What is dated earlier is a slip, or the zero of some table standing for a day that is not known.
fn registers_begin() -> Option<Day> {
    Day::new(1949, 10, 1)
}

pub(super) fn take(admitter: &Admitter<'_>, envelope: Envelope, now: Instant) -> Result<Taken, Problem> {
    let (kind, declaration) = kind_of(admitter, &envelope.ty)?;
    if envelope.time.is_some_and(|time| time.day() > now.day()) {
        return Err(Refusal::Future.problem("time"));
    }
    if envelope.time.is_some_and(|time| Some(time.day()) < registers_begin()) {
        return Err(Refusal::LongPast.problem("time"));
    }
    let today = now.day();
    let (subject, identity) =
        subject(admitter, declaration.subject, &envelope.source, envelope.subject.as_ref(), today)?;
    let mut taken = Taken {
        name: admitter.name(&envelope.source, &envelope.id),
        source: envelope.source.clone(),
        kind: kind.clone(),
        facts: Vec::new(),
        identities: identity.into_iter().collect(),
    };
    let supersedes = envelope.supersedes.as_ref().map(|id| admitter.name(&envelope.source, id));
    let mut fact = Fact {
        id: taken.name,
        kind,
        subject,
        valid: envelope.time.unwrap_or(now).day(),
        known: now,
        position: 0,
        source: envelope.source.clone(),
        supersedes,
        withdrawn: envelope.withdrawn,
        fields: BTreeMap::new(),
    };
    if envelope.withdrawn {
        if supersedes.is_none() {
            return Err(Refusal::NothingWithdrawn.problem("supersedes"));
        }
        taken.facts.push(fact);
        return Ok(taken);
    }
    let data = object(envelope.data)?;
    fact.fields = fields(admitter, declaration, &data, today)?;
    if let Some(Value::Date(valid)) = declaration.valid.as_ref().and_then(|name| fact.fields.get(name)) {
        fact.valid = *valid;
    }
    let valid = || declaration.valid.as_ref().map_or_else(|| "time".to_owned(), |name| format!("data.{name}"));
    if fact.valid > today && !declaration.future {
        return Err(Refusal::Future.problem(&valid()));
    }
    if Some(fact.valid) < registers_begin() {
        return Err(Refusal::LongPast.problem(&valid()));
    }
    if let (REGISTERED, Subject::Household(household)) = (fact.kind.as_str(), &fact.subject) {
        let household = household.clone();
        let common = Common { name: taken.name, supersedes, valid: fact.valid, now, source: &envelope.source };
        register(admitter, &common, &household, &data, &mut fact, &mut taken)?;
    }
    taken.facts.insert(0, fact);
    Ok(taken)
}

fn kind_of<'a>(admitter: &Admitter<'a>, ty: &str) -> Result<(doudi_model::fact::Kind, &'a KindDeclaration), Problem> {
    let dictionary = admitter.bundle.dictionary();
    let (name, version) = ty.strip_prefix("cn.doudi.").and_then(|rest| rest.rsplit_once(".v")).unwrap_or((ty, "1"));
    let found = dictionary.kind(name).cloned().zip(dictionary.get(name)).filter(|_| ty.starts_with("cn.doudi."));
    let (kind, declaration) = found
        .ok_or_else(|| Refusal::UnknownType { nearest: dictionary.nearest(name).map(str::to_owned) }.problem("type"))?;
    if version != "1" {
        return Err(Refusal::Version.problem("type"));
    }
    Ok((kind, declaration))
}

fn object(data: Data) -> Result<Map<String, Json>, Problem> {
    match data {
        Data::Json(Json::Object(map)) => Ok(map),
        Data::Broken(problem) => Err(problem),
        Data::None | Data::Json(_) | Data::Bytes(_) => Err(Refusal::NoData.problem("data")),
    }
}

fn fields(
    admitter: &Admitter<'_>,
    declaration: &KindDeclaration,
    data: &Map<String, Json>,
    today: Day,
) -> Result<BTreeMap<String, Value>, Problem> {
    let mut fields = BTreeMap::new();
    for (name, json) in data {
        let Some(declared) = declaration.field(name) else {
            let nearest = declaration.nearest_field(name).map(str::to_owned);
            return Err(Refusal::UnknownField { nearest }.problem(&format!("data.{name}")));
        };
        if json.is_null() || declared.ty == FieldType::MemberList {
            continue;
        }
        let value = field::value(admitter, declared, json, today)
            .map_err(|refusal| refusal.problem(&format!("data.{name}")))?;
        fields.insert(name.clone(), value);
    }
    let missing =
        declaration.fields.iter().find(|field| field.required && data.get(&field.name).is_none_or(Json::is_null));
    match missing {
        Some(field) => Err(Refusal::MissingField.problem(&format!("data.{}", field.name))),
        None => Ok(fields),
    }
}

/// The parts of a household's registration that need more than a look at one field.
fn register(
    admitter: &Admitter<'_>,
    common: &Common<'_>,
    household: &doudi_model::household::Id,
    data: &Map<String, Json>,
    fact: &mut Fact,
    taken: &mut Taken,
) -> Result<(), Problem> {
    let code = fact.text("division").and_then(|text| text.parse().ok()).ok_or_else(|| {
        Refusal::Type { expected: Text::new("12位区划代码", "a 12-digit division code") }.problem("data.division")
    })?;
    in_force(admitter.bundle.divisions(), code, common.now.day())
        .map_err(|refusal| refusal.problem("data.division"))?;
    let members = member::members(admitter, common, household, data.get("members").unwrap_or(&Json::Null))?;
    if members.people.is_empty() {
        return Err(Refusal::NoMembers.problem("data.members"));
    }
    let size = i64::try_from(members.people.len()).unwrap_or(i64::MAX);
    fact.fields.insert("size".to_owned(), Value::Int(size));
    fact.fields.insert("members".to_owned(), Value::People(members.people));
    taken.facts.extend(members.facts);
    taken.identities.extend(members.identities);
    Ok(())
}
