//! Nobody in the simulated world can be mistaken for someone, and no two people for each other.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::inconsistent_digit_grouping,
    reason = "a test may fail"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{options, real_tree, small_tree, world};
use doudi_model::household;
use doudi_model::person::{Kind, Number, Sex};
use doudi_sim::World;
use doudi_sim::generate::population::Population;

#[test]
fn every_number_is_valid_says_the_sex_and_can_be_nobodys() {
    let world = world(2_000, 1);
    for person in &world.population().people {
        let text = person.number();
        let number = Number::parse(&text).unwrap();
        assert_eq!((number.kind(), number.birth(), number.sex()), (Kind::Resident, person.birth, person.sex));
        match person.sex {
            Sex::Female => assert_eq!(&text[14..17], "000", "never issued"),
            Sex::Male => {
                let last: u32 = text[4..6].parse().unwrap();
                assert!(["4212", "4223"].contains(&&text[..4]) && (30..=69).contains(&last), "no place has the code");
            }
        }
    }
    let men = world.population().people.iter().filter(|person| person.sex == Sex::Male).count();
    let share = men * 100 / world.population().people.len();
    assert!((40..60).contains(&share), "{share} of a hundred are men");
}

#[test]
fn a_city_of_125_000_people_shares_no_number() {
    let population = Population::new(&options(60_000, 42), &real_tree()).unwrap();
    let people = population.people.len();
    assert!((115_000..140_000).contains(&people), "{people}");
    assert_eq!(population.shared_numbers(), 0);
}

#[test]
fn household_numbers_are_unique_and_none_is_an_id_number() {
    let world = world(3_000, 2);
    let ids: BTreeSet<household::Id> =
        world.population().households.iter().map(|home| home.id().parse().unwrap()).collect();
    assert_eq!(ids.len(), 3_000);
}

#[test]
fn people_live_in_every_county_and_most_townships() {
    let world = world(3_000, 3);
    let population = world.population();
    let mut townships: BTreeMap<_, u32> = BTreeMap::new();
    for home in &population.households {
        *townships.entry(population.villages[home.village as usize].code.township()).or_default() += 1;
    }
    let counties: BTreeSet<_> = townships.keys().map(|township| township.county()).collect();
    assert_eq!(counties.len(), 6);
    assert!(townships.len() > 75, "{}", townships.len());
}

#[test]
fn a_household_has_one_head_and_between_one_and_six_members() {
    for home in &world(2_000, 4).population().households {
        assert!((1..=6).contains(&home.size));
    }
}

#[test]
fn a_tree_without_villages_is_refused_with_a_reason() {
    let rows = small_tree().iter().filter(|division| division.code.number() % 1000 == 0).cloned().collect::<Vec<_>>();
    let problem = World::new(options(10, 1), &doudi_model::division::Tree::new(rows)).unwrap_err();
    assert_eq!(problem.code, "sim/divisions");
}
