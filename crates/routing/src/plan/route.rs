//! Where one warning goes.

use doudi_model::division::{Code, Standing};
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Lang};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Act, DeadlineRow, EscalationRow, Plan, RouteRow, Step};
use crate::calendar::NoAnswer;
use crate::office::{self, Office};

/// A due day, with what it was counted from so that it can be counted anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    /// The last day on time.
    pub by: Day,
    /// The unpublished year it leans on; `None` if the day is sure.
    pub leans_on: Option<i16>,
    /// The day it was counted from.
    pub from: Day,
    /// How many working days.
    pub working_days: u32,
}

impl Due {
    /// Whether the day may still change when the calendar is published.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        self.leans_on.is_some()
    }
}

/// Who is told, and when, if a step stays undone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// The step.
    pub step: Step,
    /// Working days after its due day; negative before it.
    pub after: i32,
    /// What happens.
    pub act: Act,
    /// Who is told.
    pub to: office::Id,
}

/// Where a warning goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The office that leads.
    pub lead: Office,
    /// The offices that take part, without the lead.
    pub co: Vec<Office>,
    /// By when it must be acknowledged.
    pub acknowledge_by: Due,
    /// By when the household must be visited.
    pub visit_by: Due,
    /// By when the finding must be in.
    pub report_by: Due,
    /// Who is told when it is late.
    pub escalation: Vec<Alarm>,
    /// The row that decided, `routes.csv:17`; empty for the last resort.
    pub row: String,
}

impl Plan {
    /// Where a warning of this kind goes for a household in `division`, if it opens on `day`.
    ///
    /// Always answers. What the plan was not proven for goes to the last resort, with the shortest deadlines there are.
    #[must_use]
    pub fn route(&self, division: Code, category: &str, level: Level, direction: Direction, day: Day) -> Route {
        let division = self.standing_division(division, day);
        let found = self.row_for(division, category, level);
        let lead = found.and_then(|row| row.lead.office(&self.place(division, None)));
        let (lead, row) = match (lead, found) {
            (Some(lead), Some(row)) => (lead.clone(), short(&row.place)),
            _ => (self.last_resort.clone(), String::new()),
        };
        let mut co: Vec<Office> = Vec::new();
        for pattern in found.iter().flat_map(|row| &row.co) {
            let Some(office) = pattern.office(&self.place(division, None)) else { continue };
            if office.id != lead.id && !co.iter().any(|other| other.id == office.id) {
                co.push(office.clone());
            }
        }
        let [acknowledge, visit, report] = self.days_for(category, level, direction);
        let escalation = self.alarms(division, &lead.id);
        Route {
            acknowledge_by: self.due(day, acknowledge),
            visit_by: self.due(day, visit),
            report_by: self.due(day, report),
            lead,
            co,
            escalation,
            row,
        }
    }

    /// The division that stands for this one on `day`: itself, or its successor.
    fn standing_division(&self, division: Code, day: Day) -> Code {
        match self.divisions.on(division, day) {
            Standing::Gone(Some(successor)) => successor.code,
            Standing::InForce(_) | Standing::Gone(None) | Standing::Unknown => division,
        }
    }

    pub(super) fn row_for(&self, division: Code, category: &str, level: Level) -> Option<&RouteRow> {
        let path = self.divisions.path(division);
        let deepest_first = path.iter().map(|division| Some(division.code)).chain([None]);
        deepest_first.filter_map(|code| self.routes.get(&code)).find_map(|rows| {
            let fits = |row: &&RouteRow| {
                row.category.as_deref().is_none_or(|named| named == category)
                    && row.level.is_none_or(|named| named == level)
            };
            rows.iter().filter(fits).max_by_key(|row| (row.category.is_some(), row.level.is_some()))
        })
    }

    pub(super) fn deadline_for<'a>(
        &'a self,
        category: &'a str,
        level: Level,
        direction: Direction,
    ) -> Option<&'a DeadlineRow> {
        let rank = |row: &&DeadlineRow| (row.category.is_some(), row.level.is_some(), row.direction.is_some());
        self.deadlines_that_fit(category, level, direction).max_by_key(rank)
    }

    fn deadlines_that_fit<'a>(
        &'a self,
        category: &'a str,
        level: Level,
        direction: Direction,
    ) -> impl Iterator<Item = &'a DeadlineRow> {
        let fits = move |row: &&DeadlineRow| {
            row.category.as_deref().is_none_or(|named| named == category)
                && row.level.is_none_or(|named| named == level)
                && row.direction.is_none_or(|named| named == direction)
        };
        self.deadlines.iter().filter(fits)
    }

    /// Acknowledge, visit, report. A row for a level without a category is a promise about that level, so a row for the
    /// category that does not speak of the level cannot loosen it: step by step the shorter of the two holds.
    fn days_for(&self, category: &str, level: Level, direction: Direction) -> [u32; 3] {
        let row = self.deadline_for(category, level, direction);
        let shortest = || self.deadlines.iter().min_by_key(|row| (row.report, row.visit, row.acknowledge));
        let Some(row) = row.or_else(shortest) else { return [1, 1, 1] };
        let of_level = self
            .deadlines_that_fit(category, level, direction)
            .filter(|other| row.level.is_none() && other.level.is_some() && other.category.is_none());
        let days = |row: &DeadlineRow| [row.acknowledge, row.visit, row.report];
        let mut shorter = days(row);
        // Of two rows for the level, the one that names the direction speaks.
        for (day, other) in shorter.iter_mut().zip(of_level.max_by_key(|row| row.direction).map(days).iter().flatten())
        {
            *day = (*day).min(*other);
        }
        shorter
    }

    /// The day `working_days` after `from`, marked if the calendar does not reach so far.
    #[must_use]
    pub fn due(&self, from: Day, working_days: u32) -> Due {
        let sure = self.calendar.due(from, working_days);
        let leans_on = match sure {
            Err(NoAnswer::NotPublished { year }) => Some(year),
            Ok(_) | Err(NoAnswer::OutOfRange) => None,
        };
        let by = self.calendar.due_or_provisional(from, working_days).map_or(Day::MAX, |answer| answer.day);
        Due { by, leans_on, from, working_days }
    }

    /// Who is told when a case of this division and lead is late, earliest first.
    ///
    /// A case cannot be escalated to the office that leads it: the office above is told instead.
    #[must_use]
    pub fn alarms(&self, division: Code, lead: &office::Id) -> Vec<Alarm> {
        let lead = self.offices.get(lead);
        let alarm = |row: &EscalationRow| {
            let to = self.alarm_office(row, division, lead)?;
            Some(Alarm { step: row.step, after: row.after, act: row.act, to: to.id.clone() })
        };
        let mut alarms: Vec<Alarm> = self.escalation.iter().filter_map(alarm).collect();
        alarms
            .sort_by(|one, two| (one.step, one.after, one.act, &one.to).cmp(&(two.step, two.after, two.act, &two.to)));
        alarms.dedup();
        alarms
    }

    pub(super) fn alarm_office<'a>(
        &'a self,
        row: &EscalationRow,
        division: Code,
        lead: Option<&'a Office>,
    ) -> Option<&'a Office> {
        let to = row.to.office(&self.place(division, lead))?;
        let leads = row.act == Act::Escalate && lead.is_some_and(|lead| lead.id == to.id);
        if leads { self.offices.parent(&to.id) } else { Some(to) }
    }
}

impl Route {
    /// Whether the plan knew no better than the last resort.
    #[must_use]
    pub fn is_last_resort(&self) -> bool {
        self.row.is_empty()
    }

    /// The answer of `route test`.
    #[must_use]
    pub fn json(&self, lang: Lang, offices: &office::Offices) -> serde_json::Value {
        let named = |office: &Office| json!({ "id": office.id.as_str(), "name": office.name.get(lang) });
        let alarm = |alarm: &Alarm| {
            json!({
                "step": alarm.step.name(),
                "after": alarm.after,
                "act": alarm.act.name(),
                "to": { "id": alarm.to.as_str(), "name": offices.name(&alarm.to).get(lang) },
            })
        };
        let days = [self.acknowledge_by, self.visit_by, self.report_by];
        let provisional = days.iter().any(Due::is_provisional);
        json!({
            "lead": named(&self.lead),
            "co": self.co.iter().map(named).collect::<Vec<_>>(),
            "acknowledge_by": self.acknowledge_by.by,
            "visit_by": self.visit_by.by,
            "report_by": self.report_by.by,
            "provisional": provisional,
            "escalation": self.escalation.iter().map(alarm).collect::<Vec<_>>(),
            "row": self.row,
        })
    }
}

/// `routes.csv:17` of `routing/routes.csv:17`.
fn short(place: &str) -> String {
    place.rsplit('/').next().unwrap_or(place).to_owned()
}
