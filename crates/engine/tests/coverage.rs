//! How far deliveries reach: of any source and of the one that a feature names, now and as known then.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::collections::BTreeMap;

use doudi_engine::resolve::Message;
use doudi_engine::score;
use doudi_model::division::Code;
use doudi_model::fact::Kind;
use doudi_model::stage::{At, Memory};
use doudi_model::{Day, Instant};
use doudi_rules::bundle::Bundle;

const VILLAGE: &str = "421202105233";
const COUNTY: &str = "421202000000";

/// The real bundle, but for earnings only the reports of 人社 count.
fn bundle() -> Bundle {
    let mut files = common::files();
    let income = files.get_mut("features/income.toml").unwrap();
    let text = String::from_utf8(income.clone()).unwrap();
    let (before, earned) = text.split_once("[earned_12m]").unwrap();
    let named = earned.replacen(
        "stale_after = \"75 days\"",
        "stale_after = \"75 days\"\nsource = \"urn:xianning:{county}:rs\"",
        1,
    );
    assert_ne!(named, earned);
    *income = format!("{before}[earned_12m]{named}").into_bytes();
    Bundle::load(files).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn a_feature_that_names_its_source_hears_only_that_source() {
    let bundle = bundle();
    let kind = Kind::from("income.monthly");
    let mut state = Memory::default();
    let reports = [
        ("urn:xianning:421202:rs", COUNTY, "2026-09-30"),
        ("urn:xianning:421202:sw", COUNTY, "2026-10-31"),
        ("urn:xianning:421202:sw", COUNTY, "2026-08-31"),
        ("urn:xianning:421202:rs", VILLAGE, "2026-10-15"),
        ("urn:xianning:421281:rs", COUNTY, "2026-11-20"),
    ];
    for (position, (source, division, through)) in (1..).zip(reports) {
        let message = Message::Coverage {
            kind: kind.clone(),
            source: source.to_owned(),
            division: division.parse().unwrap(),
            through: day(through),
        };
        let at = At { position, instant: Instant::start_of(day("2026-11-24")) };
        let mut entry = score::Entry::new(&bundle, at);
        entry.take(&mut state, vec![message]).unwrap();
        entry.finish(&mut state).unwrap();
    }
    let path: Vec<Code> = bundle.path(Some(VILLAGE.parse().unwrap()));
    for (position, any, of_source) in [
        (0, None, None),
        (1, Some("2026-09-30"), Some("2026-09-30")),
        (2, Some("2026-10-31"), Some("2026-09-30")),
        (3, Some("2026-10-31"), Some("2026-09-30")),
        (4, Some("2026-10-31"), Some("2026-10-15")),
        (5, Some("2026-11-20"), Some("2026-10-15")),
    ] {
        let coverage = score::coverage_for(&state, &bundle, &path, None, position).unwrap();
        assert_eq!(coverage.by_kind.get(&kind).copied(), any.map(day), "at {position}");
        let by_source = of_source.map(|through| BTreeMap::from([("urn:xianning:421202:rs".to_owned(), day(through))]));
        assert_eq!(coverage.by_source.get(&kind).cloned(), by_source, "at {position}");
    }
}
