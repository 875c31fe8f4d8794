//! What the tests share: divisions, a small world, the bundle's dictionary.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

use std::path::PathBuf;

use doudi_model::Day;
use doudi_model::division::{Division, Level, Tree};
use doudi_sim::{Options, World};
use serde_json::Value;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Two counties with two townships of three villages each, independent of the shipped table.
pub fn small_tree() -> Tree {
    let mut rows = vec![row("420000000000", "湖北省", Level::Province, None)];
    rows.push(row("421200000000", "咸宁市", Level::City, Some("420000000000")));
    for (county, name) in [("421202", "咸安区"), ("421224", "通山县")] {
        let above = format!("{county}000000");
        rows.push(row(&above, name, Level::County, Some("421200000000")));
        for township in 100..102 {
            let code = format!("{county}{township}000");
            rows.push(row(&code, &format!("第{township}镇"), Level::Township, Some(&above)));
            for village in 200..203 {
                let below = format!("{county}{township}{village}");
                rows.push(row(&below, &format!("第{village}村"), Level::Village, Some(&code)));
            }
        }
    }
    Tree::new(rows)
}

fn row(code: &str, name: &str, level: Level, parent: Option<&str>) -> Division {
    Division {
        code: code.parse().unwrap(),
        name: name.to_owned(),
        level,
        parent: parent.map(|parent| parent.parse().unwrap()),
        from: Day::MIN,
        to: Day::MAX,
        successor: None,
    }
}

pub fn bundle() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

/// The divisions of the shipped bundle.
pub fn real_tree() -> Tree {
    let text = std::fs::read_to_string(bundle().join("divisions/xianning.csv")).unwrap();
    let level = |name: &str| match name {
        "province" => Level::Province,
        "city" => Level::City,
        "county" => Level::County,
        "township" => Level::Township,
        _ => Level::Village,
    };
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        row(cells[0], cells[1], level(cells[2]), Some(cells[3]).filter(|parent| !parent.is_empty()))
    });
    Tree::new(rows)
}

pub fn options(households: u32, seed: u64) -> Options {
    Options { months: 12, ..Options::new(households, seed, day("2026-11-24")) }
}

pub fn world(households: u32, seed: u64) -> World {
    World::new(options(households, seed), &real_tree()).unwrap()
}

pub fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|fault| panic!("{fault}: {line}"))
}
