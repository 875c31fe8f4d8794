//! Verdicts, and the score and level that follow.

use std::fmt::Write as _;

use doudi_model::warning::{Direction, Level};

use crate::bundle::{Rule, Scope};

use super::{Frame, rows};

/// The verdicts of a scope.
fn verdicts(scope: Scope) -> &'static str {
    match scope {
        Scope::Household => "doudi_household_verdicts",
        Scope::Member => "doudi_member_verdicts",
    }
}

impl Frame<'_> {
    fn of(&self, scope: Scope) -> impl Iterator<Item = &Rule> {
        self.bundle.rules().iter().filter(move |rule| rule.scope == scope)
    }

    /// A column per leaf and per rule.
    pub(super) fn verdicts(&self, text: &mut String) {
        for (scope, zh, en) in [
            (
                Scope::Household,
                "每户：每个判断项一列（规则#序号），每条规则一列：TRUE 成立，FALSE 不成立，NULL 未知",
                "each household: a column per leaf (rule#number) and per rule: TRUE, FALSE, or NULL for unknown",
            ),
            (Scope::Member, "每名成员：同上", "each member: the same"),
        ] {
            self.heading(text, zh, en);
            let (source, keep) = rows(scope);
            self.view(text, verdicts(scope), &self.rules(self.of(scope)).over(source, keep));
        }
    }

    /// All verdicts of a household, its score and level in both directions.
    pub(super) fn decisions(&self, text: &mut String) {
        let members = self.of(Scope::Member).next().is_some();
        if members {
            self.gravest(text);
        }
        self.heading(
            text,
            "判定：各条规则、分数区间、级别；未生效的规则算 FALSE",
            "decisions: every rule, the score interval, the level; a rule not in force counts as FALSE",
        );
        let mut select = "WITH verdicts AS (\n  SELECT h.household AS household, h.on_day AS on_day".to_owned();
        for rule in self.bundle.rules() {
            let name = self.dialect.name(&rule.id);
            let _ = match rule.scope {
                Scope::Household => write!(select, ",\n    h.{name} AS {name}"),
                Scope::Member => {
                    let gravest = self.gravest_of(rule);
                    let flag = self.dialect.flag();
                    write!(
                        select,
                        ",\n    CAST(CASE m.{gravest} WHEN 2 THEN TRUE WHEN 1 THEN NULL ELSE FALSE END AS {flag}) AS {name}"
                    )
                }
            };
        }
        let _ = write!(select, "\n  FROM {} AS h", verdicts(Scope::Household));
        if members {
            select.push_str(
                "\n  LEFT JOIN doudi_member_gravest AS m ON m.household = h.household AND m.on_day = h.on_day",
            );
        }
        select.push_str("\n), scores AS (\n  SELECT *");
        for direction in [Direction::Missed, Direction::Excess] {
            self.score(&mut select, direction);
        }
        select.push_str("\n  FROM verdicts\n)\nSELECT *");
        for direction in [Direction::Missed, Direction::Excess] {
            self.level(&mut select, direction);
        }
        select.push_str("\nFROM scores");
        self.view(text, "doudi_decisions", &select);
    }

    /// A rule over members counts once: true if true of one, unknown if it may be true of one.
    fn gravest(&self, text: &mut String) {
        self.heading(
            text,
            "成员的规则归到一户：2 有人成立，1 可能有人成立，0 都不成立",
            "rules over members, per household: 2 true of one, 1 perhaps of one, 0 of none",
        );
        let mut select = "SELECT v.household AS household, v.on_day AS on_day".to_owned();
        for rule in self.of(Scope::Member) {
            let (name, gravest) = (self.dialect.name(&rule.id), self.gravest_of(rule));
            let _ = write!(
                select,
                ",\n  MAX(CASE WHEN v.{name} THEN 2 WHEN v.{name} IS NULL THEN 1 ELSE 0 END) AS {gravest}"
            );
        }
        let _ = write!(select, "\nFROM {} AS v\nGROUP BY v.household, v.on_day", verdicts(Scope::Member));
        self.view(text, "doudi_member_gravest", &select);
    }

    fn gravest_of(&self, rule: &Rule) -> String {
        self.dialect.name(&format!("{}#gravest", rule.id))
    }

    fn score(&self, select: &mut String, direction: Direction) {
        let sum = |each: &dyn Fn(&str, u32) -> String| {
            let rules = self.bundle.rules().iter().filter(|rule| rule.direction == direction);
            let parts: Vec<String> = rules.map(|rule| each(&self.dialect.name(&rule.id), rule.weight)).collect();
            if parts.is_empty() { "0".to_owned() } else { parts.join("\n      + ") }
        };
        let word = word(direction);
        let sure = sum(&|name, weight| format!("CASE WHEN {name} THEN {weight} ELSE 0 END"));
        let possible = sum(&|name, weight| format!("CASE WHEN NOT {name} THEN 0 ELSE {weight} END"));
        let _ = write!(select, ",\n    {sure} AS {word}_sure,\n    {possible} AS {word}_possible");
    }

    /// A true rule is at least blue.
    fn level(&self, select: &mut String, direction: Direction) {
        let word = word(direction);
        let mut cases = String::new();
        for (score, level) in self.bundle.levels().steps().iter().rev() {
            let _ = write!(cases, " WHEN {word}_sure >= {score} THEN '{}'", level.name());
        }
        let _ =
            write!(select, ",\n  CASE{cases} WHEN {word}_sure > 0 THEN '{}' END AS {word}_level", Level::Blue.name());
    }
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Missed => "missed",
        Direction::Excess => "excess",
    }
}
