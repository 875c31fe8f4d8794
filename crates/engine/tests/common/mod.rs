//! A small world for tests: the real bundle, invented events.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests; each file uses its own part"
)]

#[path = "../../../rules/tests/files/mod.rs"]
mod files;

use std::path::Path;
use std::sync::OnceLock;

use doudi_engine::admit::{Admitter, envelope};
use doudi_engine::{effect::Effects, learn, score};
use doudi_model::secret::Seal;
use doudi_model::stage::{At, Memory};
use doudi_model::value::Sealed;
use doudi_model::{Fact, Instant, person};
use doudi_rules::bundle::{Bundle, Files};
use serde_json::{Value, json};

pub(crate) struct NoSeal;

impl Seal for NoSeal {
    fn seal(&self, plain: &[u8]) -> Sealed {
        Sealed(plain.to_vec())
    }
}

pub(crate) fn bundle() -> &'static Bundle {
    static BUNDLE: OnceLock<Bundle> = OnceLock::new();
    BUNDLE.get_or_init(|| Bundle::load(files()).unwrap_or_else(|problems| panic!("{problems:?}")))
}

/// The files of the real bundle.
pub(crate) fn files() -> Files {
    files::of_bundle(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"))
}

/// An instant of the day of all tests.
pub(crate) fn now() -> Instant {
    "2026-11-24T10:00:00+08:00".parse().unwrap()
}

/// A synthetic ID number: order code 000 is never issued.
pub(crate) fn id_number(birth: &str, county: &str) -> String {
    let body = format!("{county}{birth}000");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(sign, weight)| sign.to_digit(10).unwrap() * weight).sum();
    format!("{body}{}", "10X98765432".chars().nth((sum % 11) as usize).unwrap())
}

/// One CloudEvent as JSON.
pub(crate) fn event(id: &str, kind: &str, subject: &str, data: Value) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "urn:test", "type": format!("cn.doudi.{kind}.v1"),
        "time": "2026-11-20T09:00:00+08:00", "subject": subject, "data": data,
    })
}

/// The facts of an event, or the code of its refusal.
pub(crate) fn facts(event: &Value) -> Result<Vec<Fact>, String> {
    let key = person::PseudonymKey::new([7; 32]);
    let admitter = Admitter { bundle: bundle(), key: &key, seal: &NoSeal };
    let envelope = envelope::structured(event.to_string().as_bytes()).map_err(|problem| problem.code.into_owned())?;
    admitter.admit(envelope, now()).map(|taken| taken.facts).map_err(|problem| problem.code.into_owned())
}

/// Takes facts as one entry at a position, and looks at everyone this puts on the agenda.
pub(crate) fn enter(state: &mut Memory, position: u64, at: Instant, facts: &[Fact]) -> Effects {
    let at = At { position, instant: at };
    let mut effects = hurry(state, at, facts);
    settle(state, &mut effects);
    effects
}

/// Takes facts as one entry and leaves the agenda as it is.
pub(crate) fn hurry(state: &mut Memory, at: At, facts: &[Fact]) -> Effects {
    let mut facts = facts.to_vec();
    for fact in &mut facts {
        (fact.position, fact.known) = (at.position, at.instant);
    }
    learn(state, bundle(), at, &facts).unwrap()
}

/// A day begins, and everyone who is due is looked at.
pub(crate) fn tick(state: &mut Memory, at: At) -> Effects {
    score::tick(state, at).unwrap();
    let mut effects = score::tick(state, at).unwrap();
    settle(state, &mut effects);
    effects
}

/// Sweeps until nothing is on the agenda.
pub(crate) fn settle(state: &mut Memory, effects: &mut Effects) {
    while score::pending(state).unwrap() {
        let swept = score::sweep(state, bundle(), 2).unwrap();
        effects.records.extend(swept.records);
        effects.changes.extend(swept.changes);
    }
}
