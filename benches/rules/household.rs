//! One fact into a household of 200 facts: what rests on its kind read again and all rules answered, beside the same
//! household read anew.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::fact::{Kind, Subject};
use doudi_model::{Day, Fact, Fen, Instant, Value, household, person};
use doudi_rules::bundle::{Bundle, Field, FieldType, SubjectKind};
use doudi_rules::feature::File;

use super::watch::{best, each};

const FACTS: usize = 200;
const TIMES: usize = 200;

type Facts = BTreeMap<Kind, Vec<Fact>>;

pub(crate) fn compare(bundle: &Bundle) {
    let day = Day::new(2026, 11, 24).unwrap();
    let members: Vec<person::Id> = (1..=4).map(|number| person::Id([number; 16])).collect();
    let place = bundle.path(bundle.divisions().iter().map(|known| known.code).max());
    let all = facts(bundle, &members, day);
    let kind = Kind::from("medical.expense");
    let mut before = all.clone();
    before.get_mut(&kind).unwrap().pop().unwrap();
    let touched = Facts::from([(kind.clone(), all[&kind].clone())]);
    let file = |facts| file_of(facts, &members, &place, all.keys(), day);
    let readings = bundle.evaluate(&file(&before), day, None).readings;
    let (whole, part, kinds) = (file(&all), file(&touched), BTreeSet::from([kind]));
    let anew = bundle.evaluate(&whole, day, None);
    assert_eq!(anew, bundle.evaluate(&part, day, Some((readings.clone(), &kinds))), "the two ways disagree");

    let slow = best(20, || (0..TIMES).map(|_| bundle.evaluate(&whole, day, None).answers.len()).sum::<usize>());
    let fast = (0..20).map(|_| {
        let before: Vec<_> = (0..TIMES).map(|_| readings.clone()).collect();
        let mut before = before.into_iter();
        best(1, || {
            before
                .by_ref()
                .map(|before| bundle.evaluate(&part, day, Some((before, &kinds))).answers.len())
                .sum::<usize>()
        })
    });
    let (slow, fast) = (each(slow, TIMES), each(fast.min().unwrap(), TIMES));
    let (count, of_kind) = (all.values().map(Vec::len).sum::<usize>(), touched.values().map(Vec::len).sum::<usize>());
    println!("one fact into a household of {count} facts, {of_kind} of its kind, 4 members:");
    println!("  what rests on it        {fast:6.0} ns");
    println!("  the household anew      {slow:6.0} ns, {:.1} times", slow / fast);
}

fn file_of<'a>(
    facts: &'a Facts,
    members: &[person::Id],
    path: &[doudi_model::division::Code],
    covered: impl Iterator<Item = &'a Kind>,
    day: Day,
) -> File<'a> {
    File {
        members: members.to_vec(),
        disputed: BTreeSet::new(),
        path: path.to_vec(),
        facts: facts.iter().map(|(kind, facts)| (kind.clone(), facts.as_slice())).collect(),
        coverage: covered.map(|kind| (kind.clone(), day)).collect(),
        coverage_by: BTreeMap::new(),
    }
}

/// Facts of all kinds that features read, 200 of them, over the last two years.
fn facts(bundle: &Bundle, members: &[person::Id], day: Day) -> BTreeMap<Kind, Vec<Fact>> {
    let kinds: BTreeSet<Kind> = bundle.features().iter().filter_map(doudi_rules::feature::Feature::kind).collect();
    let mut facts: BTreeMap<Kind, Vec<Fact>> = BTreeMap::new();
    let mut number = 0_usize;
    for kind in kinds.iter().cycle().take(FACTS * 2) {
        let declared = bundle.dictionary().get(kind.as_str()).unwrap();
        let subject = match declared.subject {
            SubjectKind::Person => Subject::Person(members[number % members.len()]),
            SubjectKind::Household => Subject::Household("h-1".parse::<household::Id>().unwrap()),
            SubjectKind::Division => continue,
        };
        number += 1;
        if number > FACTS {
            break;
        }
        let age = i32::try_from(number * 37 % 700).unwrap();
        let fields = declared
            .fields
            .iter()
            .filter_map(|field| Some((field.name.clone(), value(field, number, day.plus_days(-age))?)));
        facts.entry(kind.clone()).or_default().push(Fact {
            id: person::Id(u128::try_from(number).unwrap().to_be_bytes()),
            kind: kind.clone(),
            subject,
            valid: day.plus_days(-age),
            known: Instant::start_of(day),
            position: u64::try_from(number).unwrap(),
            source: "urn:bench".to_owned(),
            supersedes: None,
            withdrawn: false,
            fields: fields.collect(),
        });
    }
    facts
}

fn value(field: &Field, number: usize, day: Day) -> Option<Value> {
    let (least, most) = field.range.unwrap_or((0, 100_000));
    let within = least + (most - least) / 1000 * i64::try_from(number % 7).unwrap();
    match field.ty {
        FieldType::Bool => Some(Value::Bool(number.is_multiple_of(2))),
        FieldType::Int => Some(Value::Int(within)),
        FieldType::Money => Some(Value::Money(Fen(within))),
        FieldType::Date => Some(Value::Date(day)),
        FieldType::Category => field.values.get(number % field.values.len()).map(|code| Value::Text(code.code.clone())),
        FieldType::Text => Some(Value::Text("x".to_owned())),
        FieldType::Sealed | FieldType::MemberList => None,
    }
}
