//! Figures for metrics and the operator.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use doudi_model::Instant;
use doudi_model::stage::State;
use doudi_routing::index;
use doudi_store::books;

use super::{Inner, unread};
use crate::service::{Counts, Fault};

/// Sources counted one by one, at most: a sender can make up names.
const SOURCES_MAX: usize = 500;

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
            source_age_seconds: self.source_ages(&state)?,
            dead_letters: dead.into_iter().collect(),
        })
    }

    /// The sources heard last, each with the seconds since.
    fn source_ages(&self, state: &dyn State) -> Result<Vec<(String, u64)>, Fault> {
        let now = self.clock.now().ms();
        let mut sources = books::sources(state).map_err(unread)?;
        sources.sort_by_key(|(_, at)| Reverse(*at));
        let age = |(source, at): (String, Instant)| (source, u64::try_from((now - at.ms()) / 1000).unwrap_or(0));
        Ok(sources.into_iter().take(SOURCES_MAX).map(age).collect())
    }
}
