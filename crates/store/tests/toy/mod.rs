//! A small machine and small events, for tests of the house alone.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "only tests and an example use it")]

use std::path::Path;
use std::sync::Arc;

use doudi_model::secret::Seal;
use doudi_model::stage::{At, Space, State, StateFault, load, save};
use doudi_model::value::Sealed;
use doudi_model::warning::Level;
use doudi_model::{Digest, Fact, Instant, Problem, Text, Value, division, fact, person};
use doudi_store::books::Books;
use doudi_store::clock::Fixed;
use doudi_store::{
    Admitted, Body, DeadLetter, House, Machine, Notice, NoticeKind, Options, Reply, Step, digest, history,
};
use serde_json::json;

/// Counts the events of each person; every third one is put on record and noticed.
pub(crate) struct Toy;

impl Machine for Toy {
    fn apply(&mut self, state: &mut dyn State, at: At, body: &Body) -> Result<Step, StateFault> {
        let mut step = Step::default();
        match body {
            Body::Admitted(admitted) => {
                for fact in &admitted.facts {
                    count(state, at, admitted, fact, &mut step)?;
                }
            }
            Body::Tick { day } => save(state, Space::HouseholdDue, day.to_string().as_bytes(), &at.position)?,
            Body::Move(request) => step.reply = Some(answer(&request.once)),
            _ => {}
        }
        Ok(step)
    }
}

fn answer(once: &str) -> Reply {
    if once == "refuse" {
        let problem = Problem::new("desk/refused", Text::new("不可", "refused"), Text::new("", ""));
        return Err(problem);
    }
    Ok(json!({ "moved": true }))
}

fn count(state: &mut dyn State, at: At, admitted: &Admitted, fact: &Fact, step: &mut Step) -> Result<(), StateFault> {
    assert_eq!((fact.known, fact.position), (at.instant, at.position));
    let fact::Subject::Person(person) = &fact.subject else { return Ok(()) };
    match admitted.kind.as_str() {
        "toy.fault" => return Err(StateFault("the toy was told to fail".into())),
        "toy.panic" => panic!("the toy was told to panic"),
        _ => {}
    }
    let seen = load::<u64>(state, Space::PersonFact, &person.0)?.unwrap_or(0) + 1;
    save(state, Space::PersonFact, &person.0, &seen)?;
    if seen % 3 != 0 {
        return Ok(());
    }
    let household = format!("H-{}", person.0[0]);
    let sequence = Books::of(state)?.records + step.records.len() as u64;
    step.records.push(json!({
        "type": "decision", "household": household, "person": person, "seen": seen,
        "at": at.instant, "expects": sequence,
    }));
    step.notices.push(Notice {
        id: admitted.name,
        kind: NoticeKind::WarningOpened,
        county: "421202000000".parse().unwrap(),
        division: "421202001001".parse::<division::Code>().unwrap(),
        office: Some("t-421202001".into()),
        case: None,
        level: Some(Level::Red),
        at: at.instant,
    });
    Ok(())
}

pub(crate) fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn noon() -> Fixed {
    Fixed::new(instant("2026-11-24T12:00:00+08:00"))
}

pub(crate) fn options(dir: &Path, clock: &Fixed) -> Options {
    Options::new(dir, Digest::of(b"bundle"), Arc::new(clock.clone()))
}

pub(crate) fn open(dir: &Path) -> House {
    House::open(&options(dir, &noon()), Toy).unwrap()
}

/// The name of the event with a number.
pub(crate) fn name(number: u64) -> fact::Id {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    person::Id(bytes)
}

/// An event about one of a hundred people.
pub(crate) fn event(number: u64) -> Body {
    event_of("toy.event", number)
}

pub(crate) fn event_of(kind: &str, number: u64) -> Body {
    let who = person::Id([u8::try_from(number % 100).unwrap(); 16]);
    let fact = Fact {
        id: name(number),
        kind: kind.into(),
        subject: fact::Subject::Person(who),
        valid: "2026-11-01".parse().unwrap(),
        known: Instant::from_ms(0),
        position: 0,
        source: "toy".into(),
        supersedes: None,
        withdrawn: false,
        fields: [("amount".to_owned(), Value::Int(i64::try_from(number).unwrap()))].into(),
    };
    let sealed = Sealed(vec![1; 46]);
    Body::Admitted(Admitted {
        name: name(number),
        source: "toy".into(),
        kind: kind.into(),
        facts: vec![fact],
        identities: vec![(who, sealed)],
        origin: None,
    })
}

pub(crate) fn refusal(number: u64, seal: &dyn Seal) -> Body {
    Body::Refused(DeadLetter {
        id: name(number),
        received: instant("2026-11-24T12:00:00+08:00"),
        origin: None,
        problem: Problem::new("payload/range", Text::new("超出范围", "out of range"), Text::new("", "")),
        content_type: "application/json".into(),
        sealed_bytes: seal.seal(format!("event {number}").as_bytes()),
    })
}

/// Submits and waits until all is applied.
pub(crate) fn feed(house: &House, bodies: Vec<Body>) -> Vec<u64> {
    let placed = house.place_blocking(bodies).unwrap();
    let positions: Vec<u64> = placed.iter().map(|placed| placed.position).collect();
    house.wait_applied_blocking(positions.iter().copied().max().unwrap()).unwrap();
    positions
}

pub(crate) fn exact(house: &House) -> Digest {
    digest::exact(&house.read()).unwrap()
}

/// All entries of the journal but those that only the house writes.
pub(crate) fn journaled(dir: &Path) -> Vec<Body> {
    let all = history::entries(dir, 0).unwrap().map(|entry| entry.unwrap().1);
    all.filter(|body| !matches!(body, Body::Started { .. } | Body::Tick { .. })).collect()
}

pub(crate) fn record_file(dir: &Path) -> String {
    std::fs::read_to_string(dir.join("record/record.jsonl")).unwrap()
}

pub(crate) fn a_move(reason: &str) -> Body {
    let request = json!({
        "case": "2222-2222", "kind": "acknowledge", "once": reason, "reason": reason,
        "actor": { "name": "staff", "role": "township", "office": "t-421202001" },
    });
    Body::Move(serde_json::from_value(request).unwrap())
}
