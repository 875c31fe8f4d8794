//! Figures for metrics and the operator.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use doudi_routing::index;
use doudi_store::books;

use super::{Inner, unread};
use crate::service::{Counts, Fault};

impl Inner {
    /// Figures as they stand; reads all cases and dead letters.
    pub(super) fn counts(&self) -> Result<Counts, Fault> {
        let state = self.house.read();
        let today = self.today();
        let (mut warnings, mut cases, mut overdue) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for case in index::all_cases(&state).map_err(unread)? {
            let county = case.division.county();
            *cases.entry((county, case.state)).or_insert(0_u64) += 1;
            if case.is_open() && case.next_due().is_some_and(|(_, due)| due.by < today) {
                *overdue.entry(county).or_insert(0_u64) += 1;
            }
            for warning in case.warnings.values().filter(|warning| warning.closed.is_none()) {
                *warnings.entry((warning.category.clone(), warning.level)).or_insert(0_u64) += 1;
            }
        }
        let mut dead = BTreeMap::new();
        for head in books::dead_heads(&state).map_err(unread)? {
            if head.resolved.is_none() {
                *dead.entry(head.problem.code.to_string()).or_insert(0_u64) += 1;
            }
        }
        Ok(Counts {
            record_bytes: books::Books::of(&state).map_err(unread)?.record_bytes,
            warnings_open: warnings.into_iter().map(|((category, level), count)| (category, level, count)).collect(),
            cases: cases.into_iter().map(|((county, state), count)| (county, state, count)).collect(),
            overdue: overdue.into_iter().collect(),
            source_age_seconds: self.source_ages(),
            unknown_permille: Vec::new(),
            dead_letters: dead.into_iter().collect(),
        })
    }

    fn source_ages(&self) -> Vec<(String, u64)> {
        let now = self.clock.now().ms();
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |(source, at): (&String, &doudi_model::Instant)| {
            (source.clone(), u64::try_from((now - at.ms()) / 1000).unwrap_or(0))
        };
        heard.iter().map(age).collect()
    }
}
