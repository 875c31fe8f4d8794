//! The tables of the bundle in this repository make a total plan.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a helper of tests may end the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use doudi_model::Day;
use doudi_model::division::{Division, Level as Depth, Tree};
use doudi_model::warning::{Direction, Level};
use doudi_routing::Plan;

fn tables(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in ["routing", "calendar", "divisions"] {
        for file in std::fs::read_dir(root.join(folder)).into_iter().flatten() {
            let path = file.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
    files
}

fn tree(files: &BTreeMap<String, Vec<u8>>) -> Tree {
    let mut rows = Vec::new();
    for (_, bytes) in files.iter().filter(|(name, _)| name.starts_with("divisions/") && name.ends_with(".csv")) {
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        for record in reader.records() {
            let record = record.unwrap();
            let level = match &record[2] {
                "province" => Depth::Province,
                "city" => Depth::City,
                "county" => Depth::County,
                "township" => Depth::Township,
                _ => Depth::Village,
            };
            rows.push(Division {
                code: record[0].parse().unwrap(),
                name: record[1].to_owned(),
                level,
                parent: record[3].parse().ok(),
                from: Day::MIN,
                to: Day::MAX,
                successor: None,
            });
        }
    }
    Tree::new(rows)
}

#[test]
fn the_bundles_own_plan_is_total_over_the_real_divisions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let files = tables(&root);
    if !files.contains_key("routing/routes.csv") {
        eprintln!("no tables at {}: nothing proven", root.display());
        return;
    }
    let both = BTreeSet::from([Direction::Missed, Direction::Excess]);
    let categories: Vec<_> = ["medical", "income", "of-no-row"].map(|name| (name.to_owned(), both.clone())).to_vec();
    let tree = tree(&files);
    let plan = Plan::load(&files, &tree, &categories, Some("2026-11-24".parse().unwrap())).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    for division in tree.iter().filter(|division| division.level >= Depth::County) {
        let day = "2026-11-24".parse().unwrap();
        let route = plan.route(division.code, "medical", Level::Red, Direction::Missed, day);
        assert!(!route.is_last_resort(), "{}", tree.full_name(division.code));
        assert!(plan.serves(&route.lead, division.code), "{}", tree.full_name(division.code));
    }
}
