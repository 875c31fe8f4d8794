//! The plan: which office leads, which take part, by when, and who hears of it when nothing happens.
//!
//! Five tables that a clerk edits. A plan that exists has been proven total: every county, township and village ×
//! category × level × direction has a lead office, deadlines, and somebody above who is told.
//!
//! | table | columns | meaning |
//! |---|---|---|
//! | `routing/offices.csv` | `id,name,name_en,division,kind,parent,visits_per_week` | see [`office`](crate::office) |
//! | `routing/routes.csv` | `division,category,level,lead,co` | blank category or level (or division) means any; `co` separated by `;` |
//! | `routing/deadlines.csv` | `category,level,direction,acknowledge,visit,report` | working days, all counted from the day the case opens; blank means any |
//! | `routing/escalation.csv` | `after,step,to,act` | when the step `acknowledge`, `visit` or `report` is `after` working days overdue (negative: so long before), `remind` or `escalate` to an office |
//! | `calendar/*.csv` | `date,kind,name` | see [`calendar`](crate::calendar) |
//!
//! **Which row wins.** Routes: the row of the deepest division on the household's path; among those one that names the
//! category; among those one that names the level. Deadlines: one that names the category, then the level, then the
//! direction; where that row does not name the level, a row for the level alone shortens it, step by step, so that a red
//! case never waits longer than red may. Two rows with the same key are refused.
//!
//! **Deadlines near the end of the calendar.** Next year's holidays are published in autumn. [`Plan::load`] with a day
//! refuses a plan whose longest deadline, counted from that day, runs into a year that is not published: that is for
//! `route check`, `rules check` and for putting a bundle into force. A bundle already in force is loaded without a
//! day, so that a service can start again in December; a due day that then falls into the unpublished year is marked
//! provisional in the case (weekdays taken for working days, but for the holidays that the regulation names) and is counted anew by the first tick that knows the year.
//!
//! **A household outside the plan**, for example in a division that the table does not know, goes to the last resort:
//! the first city office, else the first county office. It never waits with nobody knowing, and its time line says so.

mod check;
mod pattern;
mod read;
mod route;

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::{self, Code};
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Problem};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::office::{Office, Offices};

use pattern::{Pattern, Place};
pub use read::calendar;
pub use route::{Alarm, Due, Route};

/// A category and the directions in which rules of it point.
pub type Category = (String, BTreeSet<Direction>);

/// A step that has a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// 签收.
    Acknowledge,
    /// 走访.
    Visit,
    /// 反馈.
    Report,
}

/// What happens when a step is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// 提醒: the office is reminded.
    Remind,
    /// 督办: the office above is told and may act.
    Escalate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct RouteRow {
    category: Option<String>,
    level: Option<Level>,
    lead: Pattern,
    co: Vec<Pattern>,
    place: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct DeadlineRow {
    category: Option<String>,
    level: Option<Level>,
    direction: Option<Direction>,
    acknowledge: u32,
    visit: u32,
    report: u32,
    place: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct EscalationRow {
    after: i32,
    step: Step,
    to: Pattern,
    act: Act,
    place: String,
}

/// A plan proven total. See the module for what it holds.
#[derive(Debug, Clone)]
pub struct Plan {
    divisions: division::Tree,
    offices: Offices,
    /// Rows by the division that they name; `None` for any division.
    routes: BTreeMap<Option<Code>, Vec<RouteRow>>,
    deadlines: Vec<DeadlineRow>,
    escalation: Vec<EscalationRow>,
    calendar: Calendar,
    last_resort: Office,
}

impl Plan {
    /// The plan of a bundle's files, by their paths in the bundle; files of other folders are ignored.
    ///
    /// `categories` are those of the bundle's rules. With `as_of` the longest deadline counted from that day must lie
    /// in published years; without it, see the module.
    ///
    /// # Errors
    /// All faults of the tables; if there are none, what keeps the plan from being total, the first gap by name.
    pub fn load(
        files: &BTreeMap<String, Vec<u8>>,
        divisions: &division::Tree,
        categories: &[Category],
        as_of: Option<Day>,
    ) -> Result<Plan, Vec<Problem>> {
        let plan = read::read(files, divisions)?;
        let mut problems = check::total(&plan, categories);
        problems.extend(as_of.and_then(|day| check::calendar_reaches(&plan, day)));
        if problems.is_empty() { Ok(plan) } else { Err(problems) }
    }

    /// Rows that nothing can ever use, for example because no rule has their category. Not faults.
    #[must_use]
    pub fn notes(&self, categories: &[Category]) -> Vec<Problem> {
        check::unused(self, categories)
    }

    /// The offices.
    #[must_use]
    pub fn offices(&self) -> &Offices {
        &self.offices
    }

    /// The calendar.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The divisions that the plan was proven over.
    #[must_use]
    pub fn divisions(&self) -> &division::Tree {
        &self.divisions
    }

    /// Whether a division lies in what an office serves.
    #[must_use]
    pub fn serves(&self, office: &Office, division: Code) -> bool {
        office.division == division
            || self.divisions.is_within(division, office.division)
            || (self.divisions.get(division).is_none()
                && (division.township() == office.division || division.county() == office.division))
    }

    fn place<'a>(&'a self, division: Code, lead: Option<&'a Office>) -> Place<'a> {
        Place { offices: &self.offices, divisions: &self.divisions, division, lead }
    }
}

impl Step {
    /// All steps in order.
    pub const ALL: [Step; 3] = [Step::Acknowledge, Step::Visit, Step::Report];

    /// `acknowledge`, `visit`, `report`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Step::Acknowledge => "acknowledge",
            Step::Visit => "visit",
            Step::Report => "report",
        }
    }
}

impl Act {
    /// `remind`, `escalate`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Act::Remind => "remind",
            Act::Escalate => "escalate",
        }
    }
}
