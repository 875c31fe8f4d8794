//! The bundle in `rules/` loads whole, and every rule passes its own tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod files;

use std::path::Path;

use doudi_rules::bundle::{Bundle, Files};

fn files() -> Files {
    files::below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"))
}

#[track_caller]
fn bundle() -> Bundle {
    Bundle::load(files()).unwrap_or_else(|problems| {
        let all: Vec<String> = problems.iter().map(|problem| problem.render(doudi_model::Lang::Zh)).collect();
        panic!("{} problems\n{}", all.len(), all.join("\n\n"));
    })
}

#[test]
fn the_bundle_loads() {
    let bundle = bundle();
    assert!(bundle.rules().len() >= 12);
}

#[test]
fn every_rule_passes_its_own_tests() {
    let failed: Vec<String> = bundle()
        .run_tests()
        .into_iter()
        .filter(|result| !result.passed())
        .map(|result| {
            format!("{}: {} — expected {}, got {:?}", result.rule, result.test, result.expected, result.answer)
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
