//! The shipped bundle, watching a world through the real stages, notices what is so and little else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{bundle, options, real_tree};
use doudi_engine::admit::{Admitter, envelope};
use doudi_engine::effect::Effects;
use doudi_engine::{learn, score};
use doudi_model::person::PseudonymKey;
use doudi_model::secret::Seal;
use doudi_model::stage::{At, Memory};
use doudi_model::value::Sealed;
use doudi_model::warning::{Direction, Step};
use doudi_model::{Day, Instant, fact, warning};
use doudi_rules::bundle::{Bundle, Files};
use doudi_sim::invariants::{self, Open};
use doudi_sim::{Live, Options, World};

struct Blank;

impl Seal for Blank {
    fn seal(&self, _: &[u8]) -> Sealed {
        Sealed(Vec::new())
    }
}

fn load() -> Bundle {
    let mut files = Files::default();
    let mut folders = vec![bundle()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(bundle()).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    Bundle::load(files).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The stages of one house, without a house.
struct House<'a> {
    bundle: &'a Bundle,
    key: PseudonymKey,
    state: Memory,
    position: u64,
    day: Day,
    seen: BTreeSet<fact::Id>,
    refused: BTreeSet<String>,
    open: BTreeMap<warning::Id, (String, String, Direction)>,
}

impl<'a> House<'a> {
    fn new(bundle: &'a Bundle) -> House<'a> {
        House {
            bundle,
            key: PseudonymKey::new([7; 32]),
            state: Memory::default(),
            position: 0,
            day: Day::MIN,
            seen: BTreeSet::new(),
            refused: BTreeSet::new(),
            open: BTreeMap::new(),
        }
    }

    /// Hands over one event at the moment of its arrival; says which rules opened.
    fn take(&mut self, event: &str, now: Instant) -> Vec<String> {
        let mut opened = Vec::new();
        if self.day < now.day() {
            self.day = now.day();
            let at = self.at(now);
            score::tick(&mut self.state, at).unwrap();
            opened.extend(self.settle());
        }
        let admitter = Admitter { bundle: self.bundle, key: &self.key, seal: &Blank };
        let read = envelope::structured(event.as_bytes()).unwrap_or_else(|problem| panic!("{problem}: {event}"));
        let id = read.id.clone();
        match admitter.admit(read, now) {
            Err(_) => {
                self.refused.insert(id);
            }
            Ok(mut taken) if self.seen.insert(taken.name) => {
                let at = self.at(now);
                taken.facts.iter_mut().for_each(|fact| fact.position = at.position);
                let effects = learn(&mut self.state, self.bundle, at, &taken.facts).unwrap();
                opened.extend(self.note(effects));
                opened.extend(self.settle());
            }
            Ok(_) => {}
        }
        opened
    }

    /// Looks at everyone who is on the agenda.
    fn settle(&mut self) -> Vec<String> {
        let mut opened = Vec::new();
        while score::pending(&self.state).unwrap() {
            let effects = score::sweep(&mut self.state, self.bundle, 1000).unwrap();
            opened.extend(self.note(effects));
        }
        opened
    }

    fn at(&mut self, instant: Instant) -> At {
        self.position += 1;
        At { position: self.position, instant }
    }

    fn note(&mut self, effects: Effects) -> Vec<String> {
        let mut opened = Vec::new();
        for (_, change) in effects.changes {
            match change.step {
                Step::Opened => {
                    opened.push(change.rule.clone());
                    self.open.insert(change.warning, (change.household.to_string(), change.rule, change.direction));
                }
                Step::Closed(_) => {
                    self.open.remove(&change.warning);
                }
                Step::Level | Step::Muted(_) => {}
            }
        }
        opened
    }

    fn open(&self) -> Open {
        let mut open = Open::new();
        for (household, rule, direction) in self.open.values() {
            open.entry(household.clone()).or_default().insert((rule.clone(), *direction));
        }
        open
    }
}

fn watch<'a>(bundle: &'a Bundle, world: &World) -> House<'a> {
    let mut house = House::new(bundle);
    for arrival in world.arrivals() {
        house.take(&arrival.event, arrival.at);
    }
    house
}

/// A few of each story, in a world small enough for a test.
fn eventful(faults_per_mille: u32, seed: u64) -> World {
    let options = Options { faults_per_mille, missed_per_mille: 200, other_per_mille: 200, ..options(160, seed) };
    World::new(options, &real_tree()).unwrap()
}

#[test]
fn without_faults_every_story_is_noticed_and_nothing_else_is() {
    let bundle = load();
    let world = eventful(0, 41);
    let house = watch(&bundle, &world);
    assert_eq!(house.refused, BTreeSet::new());
    let (truth, open) = (world.truth(), house.open());
    assert!(truth.stories().count() > 45);
    assert_eq!(invariants::missed(&truth, &open), vec![]);
    assert_eq!(invariants::unfounded(&truth, &open), vec![]);
    assert_eq!(invariants::strangers(&truth, &open), Vec::<String>::new());
}

#[test]
fn with_faults_every_complete_story_is_noticed_and_exactly_the_spoilt_events_are_refused() {
    let bundle = load();
    let world = eventful(30, 42);
    let house = watch(&bundle, &world);
    let (truth, open) = (world.truth(), house.open());
    let spoilt: BTreeSet<String> =
        truth.faults.iter().filter(|fault| fault.refused).map(|fault| fault.event.clone()).collect();
    assert_eq!(house.refused, spoilt);
    assert_eq!(invariants::missed(&truth, &open), vec![]);
    assert_eq!(invariants::unfounded(&truth, &open), vec![]);
}

#[test]
fn the_first_live_event_opens_a_warning_and_so_does_each_later_plot() {
    let bundle = load();
    let world = World::new(options(120, 43), &real_tree()).unwrap();
    let mut house = watch(&bundle, &world);
    let mut live = Live::new(&world);
    let mut now: Instant = "2026-11-25T09:00:00+08:00".parse().unwrap();
    let mut waiting: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for count in 0..220 {
        let step = live.step(now);
        let opened = house.take(&step.event, now);
        if let Some(plot) = step.plot {
            assert!(count > 0 || !opened.is_empty(), "{}", step.event);
            waiting.insert(step.household.clone(), plot.rules().to_vec());
        }
        if waiting.get(&step.household).is_some_and(|rules| opened.iter().any(|rule| rules.contains(&rule.as_str()))) {
            waiting.remove(&step.household);
        }
        now = Instant::from_ms(now.ms() + i64::try_from(step.pause_ms).unwrap());
    }
    assert_eq!(waiting, BTreeMap::new());
}
