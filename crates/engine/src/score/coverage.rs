//! How far the sources' deliveries reach: noted as they report it, read for a household's place.
//!
//! Of each kind and division the newest report is kept, that of any source and that of each, and every one that reached
//! further than those before, so that a replay knows what was known then.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::Day;
use doudi_model::division::Code;
use doudi_model::fact::Kind;
use doudi_model::stage::{Space, State, StateFault, decode, load, save};
use doudi_rules::bundle::Bundle;
use doudi_rules::feature::{Aggregated, How, of_county};
use serde::{Deserialize, Serialize};

/// How far deliveries reach at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By whichever source.
    pub by_kind: BTreeMap<Kind, Day>,
    /// By source, for the kinds of which a feature names one.
    pub by_source: BTreeMap<Kind, BTreeMap<String, Day>>,
}

/// That a source has delivered everything up to a day, and when that became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Report {
    /// The log position that made it known.
    pub(super) position: u64,
    /// The last day that is complete.
    pub(super) through: Day,
}

/// What a report is of: a kind, from any source or from one.
struct Line {
    key: Vec<u8>,
}

/// How far deliveries reach at a place, for the kinds of which the silence matters, as known at a log position.
///
/// # Errors
/// If the state cannot be read.
pub fn coverage_for(
    state: &dyn State,
    bundle: &Bundle,
    path: &[Code],
    only: Option<&BTreeSet<Kind>>,
    position: u64,
) -> Result<Coverage, StateFault> {
    let mut coverage = Coverage::default();
    for aggregated in aggregates(bundle) {
        let kind = &aggregated.kind;
        if only.is_some_and(|kinds| !kinds.contains(kind)) || aggregated.fresh_for().is_none() {
            continue;
        }
        match aggregated.source.as_ref().map(|pattern| of_county(path, pattern)) {
            None if coverage.by_kind.contains_key(kind) => {}
            None => {
                let reached = Line::of(kind, None).reached(state, path, position)?;
                coverage.by_kind.extend(reached.map(|through| (kind.clone(), through)));
            }
            Some(source) => {
                let reached = Line::of(kind, Some(&source)).reached(state, path, position)?;
                if let Some(through) = reached {
                    coverage.by_source.entry(kind.clone()).or_default().insert(source, through);
                }
            }
        }
    }
    Ok(coverage)
}

fn aggregates(bundle: &Bundle) -> impl Iterator<Item = &Aggregated> {
    bundle.features().iter().filter_map(|feature| match &feature.how {
        How::Aggregated(aggregated) => Some(aggregated.as_ref()),
        How::BuiltIn(_) | How::Derived(_) | How::Lifted(..) => None,
    })
}

/// Notes a delivery; returns whether households may have been waiting for it.
pub(super) fn cover(
    state: &mut dyn State,
    bundle: &Bundle,
    kind: &Kind,
    source: &str,
    division: Code,
    report: Report,
    day: Day,
) -> Result<bool, StateFault> {
    let further = Line::of(kind, None).note(state, division, report)?;
    // Keys are parted by control bytes; no source that is named in a bundle holds any.
    let nameable = !source.bytes().any(|byte| byte < b' ');
    let further_by_source = nameable && Line::of(kind, Some(source)).note(state, division, report)?;
    Ok((further || further_by_source) && could_freshen(bundle, kind, report.through, day))
}

/// Whether a source that has delivered up to a day counts as fresh for some feature; if not, nobody need look.
fn could_freshen(bundle: &Bundle, kind: &Kind, through: Day, day: Day) -> bool {
    let mut of_kind = aggregates(bundle).filter(|aggregated| aggregated.kind == *kind);
    of_kind.any(|aggregated| aggregated.fresh_for().is_some_and(|span| day <= span.after(through)))
}

impl Line {
    /// A kind; or a kind, a one and a source.
    fn of(kind: &Kind, source: Option<&str>) -> Line {
        let mut key = kind.as_str().as_bytes().to_vec();
        if let Some(source) = source {
            key.push(1);
            key.extend(source.as_bytes());
        }
        Line { key }
    }

    /// The newest report from each division that has sent one; it reaches further than all before.
    fn newest(&self, state: &dyn State) -> Result<BTreeMap<Code, Report>, StateFault> {
        Ok(load(state, Space::Coverage, &self.key)?.unwrap_or_default())
    }

    /// A zero byte and the division: before the log positions of a division's reports.
    fn history(&self, division: Code) -> Vec<u8> {
        [self.key.as_slice(), &[0], &division.number().to_be_bytes()].concat()
    }

    /// Keeps a report that reaches further than those before; returns whether it does.
    fn note(&self, state: &mut dyn State, division: Code, report: Report) -> Result<bool, StateFault> {
        let mut newest = self.newest(state)?;
        if newest.get(&division).is_some_and(|before| before.through >= report.through) {
            return Ok(false);
        }
        newest.insert(division, report);
        save(state, Space::Coverage, &self.key, &newest)?;
        let at = [self.history(division).as_slice(), &report.position.to_be_bytes()].concat();
        save(state, Space::Coverage, &at, &report.through)?;
        Ok(true)
    }

    /// How far deliveries reach at a place by what was known at a log position.
    fn reached(&self, state: &dyn State, path: &[Code], position: u64) -> Result<Option<Day>, StateFault> {
        let reports = self.newest(state)?;
        let mut reached: Option<Day> = None;
        for code in path {
            let through = match reports.get(code) {
                Some(report) if report.position > position => self.reported_then(state, *code, position)?,
                report => report.map(|report| report.through),
            };
            reached = reached.max(through);
        }
        Ok(reached)
    }

    /// How far a division's deliveries reached by what was known at a log position, for replays.
    fn reported_then(&self, state: &dyn State, division: Code, position: u64) -> Result<Option<Day>, StateFault> {
        let history = state.scan(Space::Coverage, &self.history(division))?;
        let known = |key: &[u8]| key.last_chunk().is_some_and(|at| u64::from_be_bytes(*at) <= position);
        history.iter().rev().find(|(key, _)| known(key)).map(|(_, through)| decode(through)).transpose()
    }
}

/// How far deliveries of a kind reach, by division, from a pair that is kept of them; none for a report of the past.
///
/// # Errors
/// If the value is not of its form.
pub(crate) fn covered(key: &[u8], value: &[u8]) -> Result<Option<BTreeMap<Code, Day>>, StateFault> {
    if key.contains(&0) {
        return Ok(None);
    }
    let newest: BTreeMap<Code, Report> = decode(value)?;
    Ok(Some(newest.into_iter().map(|(code, report)| (code, report.through)).collect()))
}
