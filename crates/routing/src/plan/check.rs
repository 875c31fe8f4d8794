//! The proof that a plan is total.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::{self, Code, Division};
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Problem, Text};

use super::{Act, Category, Pattern, Plan, Step};
use crate::office::Office;

/// What keeps the plan from being total: each faulty row once, with the first division that shows it, and the first gap.
///
/// Divisions are walked whether or not they are in force: a household may still be listed under one that is gone.
pub(super) fn total(plan: &Plan, categories: &[Category]) -> Vec<Problem> {
    let mut proof = Proof { plan, faults: BTreeMap::new(), gap: None, leads: BTreeSet::new() };
    let places: Vec<&Division> =
        plan.divisions.iter().filter(|division| division.level >= division::Level::County).collect();
    for division in &places {
        for (category, _) in categories {
            for level in Level::ALL {
                proof.route(division, category, level);
            }
        }
    }
    let leads = std::mem::take(&mut proof.leads);
    for (code, lead) in leads {
        proof.escalation(code, lead);
    }
    let mut problems: Vec<Problem> = proof.gap.into_iter().collect();
    problems.extend(proof.faults.into_values());
    problems.extend(first_missing_deadline(plan, categories));
    problems
}

struct Proof<'a> {
    plan: &'a Plan,
    /// The first fault per row and column.
    faults: BTreeMap<(String, String), Problem>,
    gap: Option<Problem>,
    /// Which offices lead in which division.
    leads: BTreeSet<(Code, &'a str)>,
}

impl<'a> Proof<'a> {
    fn route(&mut self, division: &Division, category: &str, level: Level) {
        let plan = self.plan;
        let Some(row) = plan.row_for(division.code, category, level) else {
            self.gap.get_or_insert_with(|| gap(plan, division, category, level));
            return;
        };
        match row.lead.office(&plan.place(division.code, None)) {
            Some(lead) => {
                self.leads.insert((division.code, lead.id.as_str()));
            }
            None => self.unknown_office(&row.place, "lead", &row.lead, division),
        }
        for co in &row.co {
            if co.office(&plan.place(division.code, None)).is_none() {
                self.unknown_office(&row.place, "co", co, division);
            }
        }
    }

    fn escalation(&mut self, code: Code, lead: &str) {
        let plan = self.plan;
        let (Some(lead), Some(division)) = (plan.offices.find(lead), plan.divisions.get(code)) else { return };
        for row in &plan.escalation {
            let place = plan.place(code, Some(lead));
            // The lead's parent is missing only where the lead is at the top; that is told below, per step.
            let exists = row.to.office(&place).is_some() || row.to.as_str() == "{parent}";
            if !exists {
                self.unknown_office(&row.place, "to", &row.to, division);
            }
        }
        for step in Step::ALL {
            self.somebody_is_told(step, division, lead);
        }
    }

    fn somebody_is_told(&mut self, step: Step, division: &Division, lead: &Office) {
        let plan = self.plan;
        let rows: Vec<_> = plan.escalation.iter().filter(|row| row.step == step && row.act == Act::Escalate).collect();
        if rows.iter().any(|row| plan.alarm_office(row, division.code, Some(lead)).is_some()) {
            return;
        }
        let Some(row) = rows.first() else { return };
        let (place, name) = (row.place.clone(), plan.divisions.full_name(division.code));
        let (step, id) = (step.name(), &lead.id);
        self.faults.entry((place.clone(), format!("to {step}"))).or_insert_with(|| {
            let message = Text::new(
                format!("{name}由 {id} 主办的工单，{step} 超期后督办不到任何单位"),
                format!("in {name}, when {step} is overdue at {id}, nobody above is told"),
            );
            let hint = Text::new(
                format!("给 {id} 写上级单位，或把 to 改成它上面的单位"),
                format!("give {id} a parent, or let `to` name an office above it"),
            );
            Problem::new("routing/escalation-nobody", message, hint).at(place).in_field("to")
        });
    }

    fn unknown_office(&mut self, place: &str, column: &str, pattern: &Pattern, division: &Division) {
        let plan = self.plan;
        self.faults.entry((place.to_owned(), format!("{column} {}", pattern.as_str()))).or_insert_with(|| {
            let id = pattern.id(&plan.place(division.code, None)).unwrap_or_else(|| pattern.as_str().to_owned());
            let name = plan.divisions.full_name(division.code);
            let message =
                Text::new(format!("{name}没有单位 {id}"), format!("there is no office {id}, which {name} needs"));
            let hint = Text::new(
                "在 offices.csv 加上它，或给这个区划另写一行",
                "add it to offices.csv, or give that division a row of its own",
            );
            Problem::new("routing/office-unknown", message, hint).at(place).in_field(column)
        });
    }
}

fn gap(plan: &Plan, division: &Division, category: &str, level: Level) -> Problem {
    let name = plan.divisions.full_name(division.code);
    let (code, zh, en) = (division.code, level.zh(), level.name());
    let message = Text::new(
        format!("{name}（{code}）的 {category} 类{zh}色预警没有主办单位"),
        format!("no office leads {category} warnings of level {en} in {name} ({code})"),
    );
    let hint = Text::new(
        "加一行 category、level 留空的，让它兜底",
        "add a row with category and level left blank to catch the rest",
    );
    Problem::new("routing/gap", message, hint).at("routing/routes.csv")
}

fn first_missing_deadline(plan: &Plan, categories: &[Category]) -> Option<Problem> {
    let pairs = categories.iter().flat_map(|(category, directions)| directions.iter().map(move |way| (category, *way)));
    let mut all = pairs.flat_map(|(category, way)| Level::ALL.into_iter().map(move |level| (category, way, level)));
    let (category, way, level) =
        all.find(|(category, way, level)| plan.deadline_for(category, *level, *way).is_none())?;
    let (zh, en) = (level.zh(), level.name());
    let way = match way {
        Direction::Missed => "missed",
        Direction::Excess => "excess",
    };
    let message = Text::new(
        format!("{category} 类（{way}）{zh}色预警没有期限"),
        format!("{category} warnings ({way}) of level {en} have no deadlines"),
    );
    let hint = Text::new(
        "加一行 category、level、direction 留空的",
        "add a row with category, level and direction left blank",
    );
    Some(Problem::new("routing/deadline-missing", message, hint).at("routing/deadlines.csv"))
}

/// The longest deadline, counted from `day`, must lie in published years.
pub(super) fn calendar_reaches(plan: &Plan, day: Day) -> Option<Problem> {
    let longest = plan.deadlines.iter().max_by_key(|row| row.report)?;
    let fault = plan.calendar.due(day, longest.report).err()?;
    let days = longest.report;
    let mut problem = fault.problem().at(longest.place.clone()).in_field("report");
    problem.message.zh = format!("从{}起{days}个工作日：{}", day.zh(), problem.message.zh);
    problem.message.en = format!("{days} working days from {day}: {}", problem.message.en);
    Some(problem)
}

/// Rows whose category no rule has.
pub(super) fn unused(plan: &Plan, categories: &[Category]) -> Vec<Problem> {
    let known: BTreeSet<&str> = categories.iter().map(|(name, _)| name.as_str()).collect();
    let routes = plan.routes.values().flatten().map(|row| (&row.category, &row.place));
    let deadlines = plan.deadlines.iter().map(|row| (&row.category, &row.place));
    let unused = routes.chain(deadlines).filter_map(|(category, place)| {
        let category = category.as_deref().filter(|category| !known.contains(category))?;
        let message = Text::new(
            format!("没有一条规则属于 {category} 类，这一行用不上"),
            format!("no rule has the category {category}; this row is never used"),
        );
        let names = known.iter().copied().collect::<Vec<_>>().join(" ");
        let hint = Text::new(format!("规则现有的类别：{names}"), format!("the rules have: {names}"));
        Some(Problem::new("routing/category-unused", message, hint).at(place.clone()).in_field("category"))
    });
    unused.collect()
}
