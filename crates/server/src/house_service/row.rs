//! Rows of the inbox. What comes from the case alone is always fresh; name and reason are worked out for the
//! rows shown, and kept while neither case nor decision changes.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use doudi_model::secret::Secret;
use doudi_model::value::{Sealed, Value};
use doudi_model::{Day, Instant, Text, division};
use doudi_routing::{Case, index};
use doudi_rules::explain::Explanation;

use super::{Inner, unread};
use crate::service::{CaseQuery, Fault};
use crate::view::{CaseRow, Due, DueStep, Office, Place};

/// Rows kept, at most.
const KEPT: usize = 20_000;

/// What is worked out for a row.
#[derive(Clone)]
struct Worked {
    head: Option<Secret<String>>,
    why: Text,
    members: Option<u32>,
    aid: Vec<Text>,
}

/// Worked-out rows by case, each with what it was worked out from.
#[derive(Default)]
pub(super) struct RowCache {
    rows: Mutex<BTreeMap<String, ((u32, u64, Day), Worked)>>,
}

/// Whether a member is the head of the household.
pub(super) fn is_head(member: &doudi_engine::view::Member) -> bool {
    let relation = member.features.get("relation").map(|feature| &feature.value);
    matches!(relation, Some(Ok(Value::Text(code))) if code == "head")
}

/// An office as screens show it.
pub(super) fn office(office: &doudi_routing::Office) -> Office {
    Office {
        id: office.id.to_string(),
        name: office.name.clone(),
        division: office.division,
        visits_per_week: office.visits_per_week,
    }
}

/// The sentence of the gravest warning, if it says anything.
pub(super) fn first_sentence(explanations: &[Explanation]) -> Option<Text> {
    explanations.first().map(|one| one.sentence.clone()).filter(|sentence| !sentence.zh.is_empty())
}

impl Inner {
    /// The cases asked for, in no order.
    pub(super) fn list(&self, query: &CaseQuery) -> Result<Vec<CaseRow>, Fault> {
        let state = self.house.read();
        let office = query.office.as_ref().map(|office| office.parse::<doudi_routing::office::Id>());
        let cases = match office {
            Some(Ok(office)) if !query.closed => index::office_cases(&state, &office),
            Some(Err(_)) => return Ok(Vec::new()),
            _ => index::all_cases(&state),
        };
        let today = self.today();
        let wanted = |case: &Case| {
            let office = query.office.as_deref();
            let theirs = |id: &str| case.lead.as_str() == id || case.co.iter().any(|co| co.as_str() == id);
            (query.closed || case.is_open())
                && office.is_none_or(theirs)
                && query.within.is_none_or(|above| crate::app::is_within(&self.divisions, case.division, above))
        };
        Ok(cases.map_err(unread)?.iter().filter(|case| wanted(case)).map(|case| self.row(case, today)).collect())
    }

    /// A row as far as the case itself knows it.
    pub(super) fn row(&self, case: &Case, today: Day) -> CaseRow {
        // A case whose warnings have all closed still says what it was about.
        let all = case.warnings.values().filter(|_| case.active().next().is_none());
        let titles: Vec<Text> = case
            .active()
            .chain(all)
            .filter_map(|warning| self.book.bundle.rule(&warning.rule))
            .map(|rule| rule.title.clone())
            .collect();
        let joined = case.active().filter(|warning| warning.opened > case.opened).count();
        let ids = |all: &mut dyn Iterator<Item = &doudi_routing::office::Id>| all.map(ToString::to_string).collect();
        CaseRow {
            id: case.id.to_string(),
            household: case.household.clone(),
            head: None,
            place: self.place(case.division),
            level: case.level,
            directions: case.directions.iter().copied().collect(),
            categories: case.active().map(|warning| warning.category.clone()).collect(),
            why: Text::new(
                titles.iter().map(|title| title.zh.as_str()).collect::<Vec<_>>().join("；"),
                titles.iter().map(|title| title.en.as_str()).collect::<Vec<_>>().join("; "),
            ),
            due: case.next_due().filter(|_| case.is_open()).map(|(step, due)| self.due(step, due.by, today)),
            state: case.state,
            lead: case.lead.to_string(),
            co: ids(&mut case.co.iter()),
            readers: ids(&mut case.told.iter().chain(&case.former)),
            assignee: case.assignee.clone(),
            joined: u32::try_from(joined).unwrap_or(u32::MAX),
            members: None,
            aid: Vec::new(),
            opened: case.timeline.first().map_or_else(|| Instant::start_of(case.opened), |entry| entry.at),
            version: case.version,
        }
    }

    /// A due day with the working days left until it.
    pub(super) fn due(&self, step: DueStep, by: Day, today: Day) -> Due {
        Due { by, working_days_left: self.book.plan.calendar().working_days_between(today, by), step }
    }

    /// Where a division lies, in words.
    pub(super) fn place(&self, code: division::Code) -> Place {
        let name = |code: division::Code| self.divisions.get(code).map(|division| division.name.clone());
        let township = name(code.township()).unwrap_or_default();
        let village = name(code).unwrap_or_else(|| township.clone());
        Place { code, village, township, county: name(code.county()).unwrap_or_default() }
    }

    /// Fills in what only the household's file knows.
    pub(super) fn complete(&self, rows: Vec<CaseRow>) -> Result<Vec<CaseRow>, Fault> {
        rows.into_iter().map(|row| self.completed(row)).collect()
    }

    fn completed(&self, row: CaseRow) -> Result<CaseRow, Fault> {
        let case = self.load(&row.id)?;
        let decision = case.warnings.values().map(|warning| warning.decision).max().unwrap_or(0);
        let key = (case.version, decision, self.today());
        let kept = self.rows.rows.lock().unwrap_or_else(PoisonError::into_inner).get(&row.id).cloned();
        let worked = match kept {
            Some((known, worked)) if known == key => worked,
            _ => {
                let worked = self.work_out(&case, &row)?;
                let mut rows = self.rows.rows.lock().unwrap_or_else(PoisonError::into_inner);
                if rows.len() >= KEPT {
                    rows.clear();
                }
                rows.insert(row.id.clone(), (key, worked.clone()));
                worked
            }
        };
        let Worked { head, why, members, aid } = worked;
        Ok(CaseRow { head, why, members, aid, ..row })
    }

    fn work_out(&self, case: &Case, row: &CaseRow) -> Result<Worked, Fault> {
        let household = match self.household(&case.household, self.today()) {
            Err(Fault::NotFound) => {
                return Ok(Worked { head: None, why: row.why.clone(), members: None, aid: Vec::new() });
            }
            other => other?,
        };
        let (explanations, _) = self.explanations(case, &household);
        Ok(Worked {
            head: self.head(&household),
            why: first_sentence(&explanations).unwrap_or_else(|| row.why.clone()),
            members: u32::try_from(household.members.len()).ok(),
            aid: self.current_aid(&household),
        })
    }

    /// The name of the head of a household, or of its first member.
    pub(super) fn head(&self, household: &doudi_engine::view::Household) -> Option<Secret<String>> {
        let member = household.members.iter().find(|member| is_head(member)).or_else(|| household.members.first())?;
        member.name.as_ref().and_then(|name| self.opened(name))
    }

    /// Sealed text in clear; what cannot be opened is noted in the log and shown as missing.
    pub(super) fn opened(&self, sealed: &Sealed) -> Option<Secret<String>> {
        match self.house.keys().vault.open_text(sealed) {
            Ok(text) => Some(text),
            Err(fault) => {
                tracing::error!(code = fault.code(), "sealed text cannot be opened");
                None
            }
        }
    }
}
