//! A case in full, and a household.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use doudi_engine::view::{Household, Member};
use doudi_model::{Day, Text, Value, division, household};
use doudi_routing::case::transition;
use doudi_routing::timeline::Happening;
use doudi_routing::{Case, Step, index, words};
use doudi_rules::explain::Explanation;
use doudi_store::books;

use super::{Inner, row, unread};
use crate::service::Fault;
use crate::view::{
    AidRow, CaseView, CorrectionRow, FindingRow, HouseholdView, MemberRow, MoveKind, Office, TimelineRow, ValueChoice,
};

impl Inner {
    /// A case by its number.
    pub(super) fn load(&self, id: &str) -> Result<Case, Fault> {
        let id = doudi_routing::number::parse(id).map_err(|_| Fault::NotFound)?;
        index::case(&self.house.read(), &id).map_err(unread)?.ok_or(Fault::NotFound)
    }

    /// A case with its reasons.
    pub(super) fn show(&self, id: &str) -> Result<CaseView, Fault> {
        let case = self.load(id)?;
        let today = self.today();
        let mut view = self.bare(&case, today)?;
        match self.household(&case.household, today) {
            // A household that is no longer there leaves the case with what it knows itself.
            Err(Fault::NotFound) => {}
            other => self.fill(&mut view, &case, &other?)?,
        }
        Ok(view)
    }

    fn bare(&self, case: &Case, today: Day) -> Result<CaseView, Fault> {
        let offices = self.book.plan.offices();
        let lead = offices.get(&case.lead).map(row::office).unwrap_or_else(|| Office {
            id: case.lead.to_string(),
            name: offices.name(&case.lead),
            division: case.division,
            visits_per_week: None,
        });
        let deadlines = Step::ALL.into_iter().filter(|step| case.is_open() && case.is_pending(*step));
        Ok(CaseView {
            row: self.row(case, today),
            lead,
            address: None,
            phone: None,
            explanations: Vec::new(),
            muted: 0,
            stale: Vec::new(),
            members: Vec::new(),
            aid: Vec::new(),
            findings: self.findings(&case.household)?,
            timeline: self.timeline(case),
            moves: moves(case),
            targets: self.targets(case),
            deadlines: deadlines.map(|step| self.due(step, case.deadlines.get(step).by, today)).collect(),
            values: Vec::new(),
            corrections: self.corrections_of(case, today)?,
        })
    }

    fn fill(&self, view: &mut CaseView, case: &Case, household: &Household) -> Result<(), Fault> {
        let (explanations, muted) = self.explanations(case, household);
        view.row.head = self.head(household);
        if let Some(sentence) = row::first_sentence(&explanations) {
            view.row.why = sentence;
        }
        view.row.members = u32::try_from(household.members.len()).ok();
        view.row.aid = self.current_aid(household);
        view.address = household.address.as_ref().and_then(|address| self.opened(address));
        view.stale = self.stale(household, &explanations);
        view.explanations = explanations;
        view.muted = muted;
        view.members = self.members(household)?;
        view.aid = aid(household);
        view.values = self.values(case, household);
        Ok(())
    }

    /// The explanations of a case's open warnings, gravest rule first, muted ones last; and how many are muted.
    pub(super) fn explanations(&self, case: &Case, household: &Household) -> (Vec<Explanation>, usize) {
        let weight = |rule: &str| self.book.bundle.rule(rule).map_or(0, |rule| rule.weight);
        let mut open: Vec<_> = case.warnings.values().filter(|warning| warning.closed.is_none()).collect();
        open.sort_by_key(|warning| (warning.muted, Reverse(weight(&warning.rule)), warning.rule.clone()));
        let of = |rule: &str, person| {
            household.explanations.iter().find(|one| one.rule == rule && one.person == person).cloned()
        };
        let (mut explanations, mut muted) = (Vec::new(), 0);
        for warning in open {
            if let Some(one) = of(&warning.rule, warning.person) {
                muted += usize::from(warning.muted);
                explanations.push(one);
            }
        }
        (explanations, muted)
    }

    /// Aid that is not ended, by its scheme.
    pub(super) fn current_aid(&self, household: &Household) -> Vec<Text> {
        let mut schemes: Vec<Text> = Vec::new();
        let mut seen = BTreeSet::new();
        for aid in &household.aid {
            // Newest first: a later end hides an earlier beginning.
            let newest = seen.insert((aid.scheme.clone(), aid.person));
            if newest && !is_ended(&aid.status) && !schemes.contains(&aid.scheme) {
                schemes.push(aid.scheme.clone());
            }
        }
        schemes
    }

    fn members(&self, household: &Household) -> Result<Vec<MemberRow>, Fault> {
        // The head first, then by age, so that the list reads the same each time.
        let mut members: Vec<&Member> = household.members.iter().collect();
        members.sort_by_key(|member| (!row::is_head(member), Reverse(member.age), member.person));
        members.into_iter().map(|member| self.member(member)).collect()
    }

    fn member(&self, member: &Member) -> Result<MemberRow, Fault> {
        let sealed = books::identity(&self.house.read(), &member.person).map_err(unread)?;
        Ok(MemberRow {
            person: member.person,
            name: member.name.as_ref().and_then(|name| self.opened(name)),
            number: sealed.and_then(|sealed| self.opened(&sealed)),
            relation: member.relation.clone().unwrap_or_else(|| Text::new("关系不详", "relation not known")),
            age: member.age.and_then(|age| i32::try_from(age).ok()),
            sex: member.sex.clone(),
            notes: self.notes(member),
        })
    }

    /// What matters of a member on a visit: that they are disabled, and how severely.
    fn notes(&self, member: &Member) -> Vec<Text> {
        let grade = member.features.get("disability_grade").map(|feature| &feature.value);
        match grade {
            Some(Ok(Value::Int(grade))) => {
                vec![Text::new(format!("{grade}级残疾"), format!("disabled, grade {grade}"))]
            }
            _ => Vec::new(),
        }
    }

    /// Sources that have not delivered for so long that a warning of this case rests on something unknown.
    fn stale(&self, household: &Household, explanations: &[Explanation]) -> Vec<Text> {
        let today = self.today();
        let missing: BTreeSet<&str> =
            explanations.iter().flat_map(|one| &one.missing).map(|missing| missing.fact.as_str()).collect();
        let mut stale = Vec::new();
        for source in household.sources.iter().filter(|source| missing.contains(source.kind.as_str())) {
            let declared = self.book.bundle.dictionary().get(source.kind.as_str());
            let span = declared.and_then(|declared| declared.freshness);
            if let (Some(span), Some(through)) = (span, source.through)
                && span.after(through) < today
            {
                let office = self.office_name(&source.office);
                stale.push(Text::new(
                    format!("{}的{}只到{}，之后的情况未知。", office.zh, source.title.zh, through.zh()),
                    format!("{} of {} reach only to {through}; later is not known.", source.title.en, office.en),
                ));
            }
        }
        stale
    }

    fn office_name(&self, id: &str) -> Text {
        let found = self.offices.iter().find(|office| office.id == id);
        found.map_or_else(|| Text::new(id, id), |office| office.name.clone())
    }

    /// An office's id with the county filled in.
    pub(super) fn office_of(&self, pattern: &str, division: division::Code) -> String {
        let county = division.county().to_string();
        pattern.replace("{county}", county.get(..6).unwrap_or_default())
    }

    /// Fields of the kinds of fact that the household's file holds, without those that may not be shown.
    fn values(&self, case: &Case, household: &Household) -> Vec<ValueChoice> {
        let mut values = Vec::new();
        for source in &household.sources {
            let Some(declared) = self.book.bundle.dictionary().get(source.kind.as_str()) else { continue };
            let office = self.office_of(&declared.office, case.division);
            if !self.offices.iter().any(|known| known.id == office) {
                continue;
            }
            for field in declared.fields.iter().filter(|field| !field.sensitive) {
                values.push(ValueChoice {
                    id: format!("{}/{}", source.kind, field.name),
                    title: Text::new(
                        format!("{}：{}", declared.title.zh, field.title.zh),
                        format!("{}: {}", declared.title.en, field.title.en),
                    ),
                    office: office.clone(),
                });
            }
        }
        values
    }

    fn findings(&self, household: &household::Id) -> Result<Vec<FindingRow>, Fault> {
        let state = self.house.read();
        let mut cases = index::open_cases(&state, household).map_err(unread)?;
        cases.extend(index::closed_cases(&state, household).map_err(unread)?);
        let mut rows: Vec<FindingRow> = cases
            .iter()
            .filter_map(|case| {
                let recorded = case.report.as_ref()?;
                Some(FindingRow {
                    on: recorded.report.finding.on,
                    outcome: recorded.report.finding.outcome,
                    office: self.book.plan.offices().name(&recorded.office),
                    case: case.id.to_string(),
                })
            })
            .collect();
        rows.sort_by_key(|row| Reverse((row.on, row.case.clone())));
        Ok(rows)
    }

    fn corrections_of(&self, case: &Case, today: Day) -> Result<Vec<CorrectionRow>, Fault> {
        let found = doudi_routing::correction::of_case(&self.house.read(), &case.id).map_err(unread)?;
        Ok(found.iter().map(|one| self.correction(one, today)).collect())
    }

    fn timeline(&self, case: &Case) -> Vec<TimelineRow> {
        let offices = self.book.plan.offices();
        let row = |entry: &doudi_routing::timeline::Entry| {
            let (zh, en) = words::actor(&entry.actor, offices);
            TimelineRow {
                at: entry.at,
                who: Text::new(zh, en),
                what: self.happening(&entry.what),
                why: entry.reason.sealed().and_then(|reason| self.opened(reason)).map(|reason| reason.reveal().clone()),
            }
        };
        case.timeline.iter().rev().map(row).collect()
    }

    /// What happened, with the titles of rules in place of their ids.
    fn happening(&self, what: &Happening) -> Text {
        let said = words::happening(what, self.book.plan.offices());
        let rule = match what {
            Happening::Joined { rule, .. }
            | Happening::Muted { rule, .. }
            | Happening::WarningClosed { rule, .. }
            | Happening::WarningLeft { rule, .. } => self.book.bundle.rule(rule),
            _ => None,
        };
        match rule {
            Some(rule) => {
                let zh = said.zh.replace(&format!(" {}", rule.id), &format!("“{}”", rule.title.zh));
                let en = said.en.replace(&rule.id, &rule.title.en);
                Text::new(zh.replace(&rule.id, &rule.title.zh), en)
            }
            None => said,
        }
    }

    /// Offices a case could be handed to: those of its county, and those above.
    fn targets(&self, case: &Case) -> Vec<Office> {
        let plan = &self.book.plan;
        let county = case.division.county();
        let near = |office: &&doudi_routing::Office| {
            plan.serves(office, case.division) || crate::app::is_within(&self.divisions, office.division, county)
        };
        plan.offices().iter().filter(near).map(row::office).collect()
    }

    /// A household for the API.
    pub(super) fn household_view(&self, id: &household::Id, as_of: Option<Day>) -> Result<HouseholdView, Fault> {
        let as_of = as_of.unwrap_or_else(|| self.today());
        let household = self.household(id, as_of)?;
        let state = self.house.read();
        let mut cases = index::open_cases(&state, id).map_err(unread)?;
        cases.extend(index::closed_cases(&state, id).map_err(unread)?);
        let offices = cases.iter().flat_map(|case| std::iter::once(&case.lead).chain(&case.co));
        let place = household.division.or_else(|| cases.first().map(|case| case.division));
        let features = household.features.iter().map(|(name, feature)| (name.clone(), feature.json()));
        Ok(HouseholdView {
            place: self.place(place.ok_or(Fault::NotFound)?),
            as_of,
            members: self.members(&household)?,
            features: serde_json::Value::Object(features.collect()),
            score: (household.score.sure, household.score.possible),
            level: household.level,
            offices: offices.map(ToString::to_string).collect(),
            cases: cases.iter().map(|case| case.id.to_string()).collect(),
            verdicts: household.verdicts,
            id: household.id,
        })
    }
}

/// The moves that fit where a case stands.
fn moves(case: &Case) -> Vec<MoveKind> {
    let closable = case.report.is_some() || case.active().next().is_none();
    MoveKind::ALL
        .into_iter()
        .filter(|kind| *kind != MoveKind::Answer && transition(case.state, *kind).is_some())
        .filter(|kind| *kind != MoveKind::Close || closable)
        .collect()
}

/// Whether aid has ended, by the word of its status.
fn is_ended(status: &Text) -> bool {
    status.en == "out" || status.zh.contains("停") || status.zh.contains("退出")
}

fn aid(household: &Household) -> Vec<AidRow> {
    let row = |aid: &doudi_engine::view::Aid| AidRow {
        scheme: aid.scheme.clone(),
        status: aid.status.clone(),
        from: aid.from,
        monthly: None,
    };
    household.aid.iter().map(row).collect()
}
