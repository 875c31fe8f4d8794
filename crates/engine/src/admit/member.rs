//! The member list of a household: one fact about each person on it.

use std::collections::BTreeMap;

use doudi_model::fact::{Kind, Subject};
use doudi_model::value::Sealed;
use doudi_model::{Day, Fact, Instant, Problem, Text, Value, household, person};
use doudi_rules::bundle::{Field, KindDeclaration};
use serde_json::{Map, Value as Json};

use super::Admitter;
use super::field;
use super::refusal::Refusal;
use super::subject::{Named, person as named_person, provisional};
use crate::resolve::{MEMBER, claim_name};

const MEMBERS_MAX: usize = 100;

/// Who is on the list, the facts about them, and their numbers for the vault.
#[derive(Default)]
pub(super) struct Members {
    pub(super) people: Vec<person::Id>,
    pub(super) facts: Vec<Fact>,
    pub(super) identities: Vec<(person::Id, Sealed)>,
}

/// What all facts of one event share.
pub(super) struct Common<'a> {
    pub(super) name: person::Id,
    pub(super) supersedes: Option<person::Id>,
    pub(super) valid: Day,
    pub(super) now: Instant,
    pub(super) source: &'a str,
}

pub(super) fn members(
    admitter: &Admitter<'_>,
    common: &Common<'_>,
    household: &household::Id,
    list: &Json,
) -> Result<Members, Problem> {
    let expected = || Refusal::Type { expected: Text::new("成员名单", "a list of members") };
    let list = list.as_array().ok_or_else(|| expected().problem("members"))?;
    if list.len() > MEMBERS_MAX {
        return Err(Refusal::TooManyMembers { most: MEMBERS_MAX }.problem("members"));
    }
    let kind = Kind::from(MEMBER);
    let declaration = admitter
        .bundle
        .dictionary()
        .get(MEMBER)
        .ok_or_else(|| Refusal::UnknownType { nearest: None }.problem("members"))?;
    let mut members = Members::default();
    for (at, entry) in list.iter().enumerate() {
        let place =
            |field: &str| if field.is_empty() { format!("members[{at}]") } else { format!("members[{at}].{field}") };
        let entry = entry.as_object().ok_or_else(|| expected().problem(&place("")))?;
        let named = who(admitter, common, entry).map_err(|(refusal, field)| refusal.problem(&place(field)))?;
        if members.people.contains(&named.person) {
            return Err(Refusal::MemberTwice.problem(&place("")));
        }
        let fields = fields(admitter, declaration, household, entry, &named, common.now.day())
            .map_err(|(refusal, field)| refusal.problem(&place(&field)))?;
        members.people.push(named.person);
        members.facts.push(fact(common, &kind, named.person, fields));
        members.identities.extend(named.number.map(|(_, sealed)| (named.person, sealed)));
    }
    members.people.sort();
    Ok(members)
}

fn who(
    admitter: &Admitter<'_>,
    common: &Common<'_>,
    entry: &Map<String, Json>,
) -> Result<Named, (Refusal, &'static str)> {
    match (entry.get("id"), entry.get("provisional")) {
        (Some(Json::String(id)), None) => {
            named_person(admitter, common.source, id.trim(), common.now.day()).map_err(|refusal| (refusal, "id"))
        }
        (None, Some(Json::String(mark))) => {
            provisional(admitter, common.source, mark).map_err(|refusal| (refusal, "provisional"))
        }
        _ => Err((
            Refusal::Type {
                expected: Text::new("身份证号 id 或临时标记 provisional 之一", "either `id` or `provisional`, as text"),
            },
            "id",
        )),
    }
}

fn fields(
    admitter: &Admitter<'_>,
    declaration: &KindDeclaration,
    household: &household::Id,
    entry: &Map<String, Json>,
    named: &Named,
    today: Day,
) -> Result<BTreeMap<String, Value>, (Refusal, String)> {
    let mut fields = BTreeMap::new();
    for (name, json) in entry.iter().filter(|(name, json)| !json.is_null() && *name != "id" && *name != "provisional") {
        let declared: Option<&Field> =
            declaration.field(name).filter(|field| !["household", "id_kind"].contains(&field.name.as_str()));
        let Some(declared) = declared else {
            return Err((Refusal::UnknownField { nearest: None }, name.clone()));
        };
        let value = field::value(admitter, declared, json, today).map_err(|refusal| (refusal, name.clone()))?;
        fields.insert(name.clone(), value);
    }
    fields.insert("household".to_owned(), Value::Text(household.to_string()));
    if let Some((number, _)) = &named.number {
        // The number says more surely than the list when and as what someone was born.
        fields.insert("birth".to_owned(), Value::Date(number.birth()));
        let sex = match number.sex() {
            person::Sex::Male => "male",
            person::Sex::Female => "female",
        };
        fields.insert("sex".to_owned(), Value::Text(sex.to_owned()));
    }
    let kind = match named.number.as_ref().map(|(number, _)| number.kind()) {
        Some(person::Kind::Resident) => Some("resident"),
        Some(person::Kind::Legacy) => Some("legacy"),
        Some(person::Kind::Permit) => Some("permit"),
        None if named.provisional => Some("provisional"),
        None => None,
    };
    if let Some(kind) = kind {
        fields.insert("id_kind".to_owned(), Value::Text(kind.to_owned()));
    }
    Ok(fields)
}

fn fact(common: &Common<'_>, kind: &Kind, person: person::Id, fields: BTreeMap<String, Value>) -> Fact {
    Fact {
        id: claim_name(common.name, person),
        kind: kind.clone(),
        subject: Subject::Person(person),
        valid: common.valid,
        known: common.now,
        position: 0,
        source: common.source.to_owned(),
        supersedes: common.supersedes.map(|earlier| claim_name(earlier, person)),
        withdrawn: false,
        fields,
    }
}
