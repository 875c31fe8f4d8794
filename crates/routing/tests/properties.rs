//! Whatever comes, in whatever order and however often: what must hold of cases holds.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::result_large_err,
    reason = "a helper of tests may end the test"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::*;
use doudi_feedback::Outcome;
use doudi_model::division::Code;
use doudi_model::stage::{Space, State as _};
use doudi_model::warning::{Change, Closing, Direction, Level, Step as Happened};
use doudi_routing::case::{Case, transition};
use doudi_routing::plan::Step;
use doudi_routing::{Actor, Input, MoveKind, Role, State, index};
use proptest::prelude::*;

const DIVISIONS: [&str; 5] = [VILLAGE, "421202001002", NEXT_TOWNSHIP, NEXT_COUNTY, "421221002001"];
const OFFICES: [(Role, &str); 6] = [
    (Role::Township, "t-421202001"),
    (Role::Township, "t-421221001"),
    (Role::County, "c-421202-mz"),
    (Role::County, "c-421221-mz"),
    (Role::City, "s-mz"),
    (Role::Department, "c-421202-yb"),
];

/// One thing that happens, in small numbers that `play` gives a meaning.
#[derive(Debug, Clone)]
enum Event {
    Warning { household: u8, rule: u8, step: u8, level: u8 },
    Lives { household: u8, division: u8 },
    Move { case: u8, kind: u8, actor: u8, to: u8, outcome: u8, key: u8 },
    Days(u8),
    Again,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0_u8..2, 0_u8..5, 0_u8..5, 0_u8..4)
            .prop_map(|(household, rule, step, level)| Event::Warning { household, rule, step, level }),
        1 => (0_u8..2, 0_u8..5).prop_map(|(household, division)| Event::Lives { household, division }),
        8 => (0_u8..8, 0_u8..9, 0_u8..6, 0_u8..6, 0_u8..20, any::<u8>())
            .prop_map(|(case, kind, actor, to, outcome, key)| Event::Move { case, kind, actor, to, outcome, key }),
        2 => (1_u8..12).prop_map(Event::Days),
        1 => Just(Event::Again),
    ]
}

struct World {
    office: Office,
    homes: [Code; 2],
    last: Option<Input>,
}

impl World {
    fn new() -> World {
        World { office: Office::on("2026-06-01"), homes: [code(VILLAGE), code(NEXT_COUNTY)], last: None }
    }

    fn input(&mut self, event: &Event) -> Option<Input> {
        match event {
            Event::Warning { household, rule, step, level } => {
                let category = ["medical", "income", "death", "child", "income"][usize::from(*rule)];
                let change = opened(household * 16 + rule + 1, category, Level::ALL[usize::from(*level)]);
                let step = match step {
                    0 | 1 => Happened::Opened,
                    2 => Happened::Level,
                    3 => Happened::Muted(*level < 2),
                    _ => Happened::Closed(Closing::Cleared),
                };
                Some(Input::Warning(Change {
                    household: format!("h-{household}").parse().unwrap(),
                    division: self.homes[usize::from(*household)],
                    direction: if *rule == 4 { Direction::Excess } else { Direction::Missed },
                    day: self.office.today,
                    step,
                    ..change
                }))
            }
            Event::Lives { household, division } => {
                let division = code(DIVISIONS[usize::from(*division)]);
                self.homes[usize::from(*household)] = division;
                Some(Input::HouseholdMoved { household: format!("h-{household}").parse().unwrap(), division })
            }
            Event::Move { case, kind, actor, to, outcome, key } => {
                let cases = self.office.cases();
                let case = cases.get(usize::from(*case) % cases.len().max(1))?;
                let (role, office) = OFFICES[usize::from(*actor)];
                let actor = Actor { name: "某".into(), role, office: Some(office.parse().unwrap()) };
                // Mostly a move that the state allows, so that cases get far.
                let allowed =
                    MoveKind::ALL.into_iter().filter(|kind| key % 4 == 0 || transition(case.state, *kind).is_some());
                let kinds: Vec<MoveKind> = allowed.collect();
                let kind = kinds[usize::from(*kind) % kinds.len()];
                let mut ask = request(case, kind, actor, &key.to_string(), self.office.today);
                ask.detail.to_office = Some(OFFICES[usize::from(*to)].1.parse().unwrap());
                ask.detail.report = Some(report(Outcome::ALL[usize::from(*outcome)], self.office.today));
                Some(Input::Move(Box::new(ask)))
            }
            Event::Days(days) => {
                self.office.today = self.office.today.plus_days(i32::from(*days));
                Some(Input::Tick(self.office.today))
            }
            Event::Again => self.last.clone(),
        }
    }
}

fn by_id(cases: Vec<Case>) -> BTreeMap<String, Case> {
    cases.into_iter().map(|case| (case.id.to_string(), case)).collect()
}

fn holds(before: &BTreeMap<String, Case>, world: &World) -> Result<(), TestCaseError> {
    let office = &world.office;
    let mut places = BTreeSet::new();
    for case in office.cases() {
        prop_assert!(office.plan.offices().get(&case.lead).is_some(), "a case has an office");
        prop_assert!(!case.co.contains(&case.lead) && !case.former.contains(&case.lead));
        prop_assert_eq!(case.timeline.len(), usize::try_from(case.version).unwrap());
        prop_assert!(case.moved_at <= case.version && case.last_move().is_some());
        let open = index::open_case(&office.state, &case.household, &case.lead).unwrap();
        if case.is_open() {
            prop_assert!(
                places.insert((case.household.clone(), case.lead.clone())),
                "one open case per household and lead"
            );
            prop_assert_eq!(open.map(|open| open.id), Some(case.id.clone()));
        } else {
            prop_assert!(open.is_none_or(|open| open.id != case.id));
        }
        if case.is_untouched() {
            prop_assert!(case.active().next().is_some() || case.round > 1 || case.timeline.iter().any(by_a_person));
        }
        let Some(old) = before.get(case.id.as_str()) else { continue };
        prop_assert!(case.version >= old.version, "versions increase");
        prop_assert!(case == *old || case.version > old.version || only_quiet(&case, old));
        prop_assert!(case.level >= old.level, "levels never fall");
        if case.round == old.round {
            for step in [Step::Visit, Step::Report] {
                prop_assert!(case.deadlines.get(step).by <= old.deadlines.get(step).by, "deadlines never later");
            }
        }
    }
    let indexed = office.state.scan(Space::CaseByHousehold, &[]).unwrap().len();
    prop_assert_eq!(indexed, office.cases().len(), "every case is found once by its household");
    Ok(())
}

fn by_a_person(entry: &doudi_routing::timeline::Entry) -> bool {
    !entry.actor.is_system()
}

/// What may change without a line of its own: a warning's level and decision, offices that take part, the index day.
fn only_quiet(case: &Case, old: &Case) -> bool {
    let mut quiet = old.clone();
    quiet.warnings = case.warnings.clone();
    quiet.co = case.co.clone();
    quiet.look = case.look;
    quiet.answered = case.answered.clone();
    quiet.deadlines = case.deadlines.clone();
    quiet == *case
}

fn warnings_of(cases: &[Case]) -> usize {
    let open: Vec<_> = cases.iter().filter(|case| case.is_open()).flat_map(|case| case.warnings.keys()).collect();
    let distinct: BTreeSet<_> = open.iter().collect();
    assert_eq!(open.len(), distinct.len(), "no warning lies in two open cases");
    open.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_what_must_hold_holds(events in prop::collection::vec(event(), 1..60)) {
        let mut world = World::new();
        let mut names = BTreeSet::new();
        for event in &events {
            let Some(input) = world.input(event) else { continue };
            let before = by_id(world.office.cases());
            let effects = world.office.take(input.clone());
            holds(&before, &world)?;
            warnings_of(&world.office.cases());
            for notice in &effects.notices {
                prop_assert!(names.insert(notice.id), "no notice has the name of another");
            }
            let records: BTreeSet<String> = effects.records.iter().map(|record| record["id"].to_string()).collect();
            prop_assert_eq!(records.len(), effects.records.len());
            world.last = Some(input);
        }
    }

    #[test]
    fn a_move_sent_twice_is_made_once(events in prop::collection::vec(event(), 1..40)) {
        let mut world = World::new();
        for event in &events {
            let Some(input) = world.input(event) else { continue };
            let first = world.office.take(input.clone());
            if !matches!(input, Input::Move(_)) {
                continue;
            }
            let state = world.office.state.clone();
            let second = world.office.take(input);
            prop_assert_eq!(first.reply, second.reply);
            prop_assert!(second.records.is_empty() && second.notices.is_empty() && second.facts.is_empty());
            prop_assert_eq!(&state, &world.office.state);
        }
    }

    #[test]
    fn equal_entries_make_equal_states_and_effects(events in prop::collection::vec(event(), 1..40)) {
        let (mut one, mut two) = (World::new(), World::new());
        for event in &events {
            let (Some(left), Some(right)) = (one.input(event), two.input(event)) else { continue };
            prop_assert_eq!(one.office.take(left), two.office.take(right));
        }
        prop_assert_eq!(one.office.state, two.office.state);
    }

    #[test]
    fn a_closed_case_with_a_report_was_visited_and_reported(events in prop::collection::vec(event(), 1..60)) {
        let mut world = World::new();
        for event in &events {
            if let Some(input) = world.input(event) {
                world.office.take(input);
            }
        }
        for case in world.office.cases().iter().filter(|case| case.state == State::Closed) {
            let closed_by_report = case.timeline.iter().any(|entry| matches!(
                entry.what,
                doudi_routing::timeline::Happening::Closed { why: doudi_routing::timeline::CloseReason::Reported(_) }
            ));
            prop_assert!(!closed_by_report || (case.report.is_some() && case.visit.is_some()));
        }
    }
}
