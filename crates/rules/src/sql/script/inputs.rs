//! The tables that are filled from outside, and what is read from them.

use std::fmt::Write as _;

use crate::bundle::Scope;
use crate::feature::Over;
use crate::{Slot, Type};

use super::super::Dialect;
use super::super::dialect::one_line;
use super::{Frame, input_type, rows};

/// The table with the features of a scope.
pub(super) fn table(over: Over) -> &'static str {
    match over {
        Over::Household => "doudi_household_features",
        Over::Person => "doudi_member_features",
    }
}

impl Frame<'_> {
    /// The two tables, and the view of what in them lies outside its range.
    pub(super) fn inputs(&self, text: &mut String) {
        self.heading(
            text,
            "输入：每户一行，on_day 是判断的日期",
            "input: a row per household; on_day is the day asked about",
        );
        self.table(text, Over::Household, &["household", "division"]);
        self.heading(text, "输入：每名成员一行", "input: a row per member");
        self.table(text, Over::Person, &["household", "person"]);
        self.outside(text);
    }

    fn table(&self, text: &mut String, over: Over, keys: &[&str]) {
        let (words, day) = match self.dialect {
            Dialect::DuckDb => ("VARCHAR NOT NULL", "DATE NOT NULL"),
            Dialect::Spark => ("STRING NOT NULL", "DATE NOT NULL"),
            Dialect::ClickHouse => ("String", "Date32"),
        };
        let _ = write!(text, "CREATE TABLE IF NOT EXISTS {} (", table(over));
        for key in keys {
            let _ = write!(text, "\n  {key} {words},");
        }
        let _ = write!(text, "\n  on_day {day}");
        for (slot, feature) in self.features(over) {
            let Some(variable) = self.variable(slot) else { continue };
            let (title, unit) = (one_line(feature.title.get(self.lang)), feature.unit.name());
            let _ = write!(text, ",\n  -- {title} ({unit})");
            let name = self.dialect.name(self.column(slot));
            let _ = write!(text, "\n  {name} {}", input_type(self.dialect, variable.ty));
        }
        let engine = match self.dialect {
            Dialect::DuckDb => "",
            Dialect::Spark => " USING parquet",
            Dialect::ClickHouse => " ENGINE = MergeTree ORDER BY household",
        };
        let _ = write!(text, "\n){engine};\n");
    }

    /// What was proven of the rules was proven within the declared ranges.
    fn outside(&self, text: &mut String) {
        self.heading(
            text,
            "超出声明范围的输入，应为空；不为空时判断不可靠",
            "inputs outside their declared range: must be empty, otherwise no verdict is to be trusted",
        );
        let mut parts = Vec::new();
        for over in [Over::Household, Over::Person] {
            for (slot, _) in self.features(over) {
                let Some((low, high)) = self.variable(slot).and_then(|variable| self.written_range(&variable)) else {
                    continue;
                };
                let column = self.column(slot);
                let (name, literal) = (self.dialect.name(column), self.dialect.text(column));
                parts.push(format!(
                    "SELECT household, on_day, {literal} AS feature FROM {} WHERE {name} NOT BETWEEN {low} AND {high}",
                    table(over)
                ));
            }
        }
        if !parts.is_empty() {
            self.view(text, "doudi_outside_range", &parts.join("\nUNION ALL\n"));
        }
    }

    /// The range as the input column writes it.
    fn written_range(&self, variable: &crate::Variable) -> Option<(String, String)> {
        let (low, high) = variable.range?;
        let Type::Number { scale, .. } = variable.ty else { return None };
        let written = |amount| crate::Quantity { amount, unit: crate::Unit::Decimal, scale }.to_string();
        Some((written(low), written(high)))
    }

    /// Features and standards side by side, as integers, dates as days since 1970.
    pub(super) fn rows(&self, text: &mut String) {
        self.heading(
            text,
            "每户一行：指标和当地当日的标准，数都是整数，日期是1970年以来的天数",
            "a row per household: features and the standards of its place and day; whole numbers, dates as days since 1970",
        );
        let day = self.dialect.day_number("h.on_day");
        let mut select = format!(
            "SELECT h.household AS household, h.division AS division, h.on_day AS on_day,\n  {day} AS day_number"
        );
        self.cast(&mut select, "h", Over::Household);
        for (slot, _) in self.standards() {
            let name = self.dialect.name(self.column(slot));
            let _ = write!(select, ",\n  s.{name} AS {name}");
        }
        let _ = write!(select, "\nFROM {} AS h", table(Over::Household));
        if self.standards().next().is_some() {
            select
                .push_str("\nLEFT JOIN doudi_place_standards AS s ON s.division = h.division AND s.on_day = h.on_day");
        }
        self.view(text, rows(Scope::Household).0, &select);
        self.heading(
            text,
            "每名成员一行：本人指标和全家的一行",
            "a row per member: their own features beside the household's row",
        );
        let mut select =
            "SELECT m.household AS household, m.person AS person, m.on_day AS on_day,\n  h.day_number AS day_number"
                .to_owned();
        self.cast(&mut select, "m", Over::Person);
        for slot in self.features(Over::Household).map(|(slot, _)| slot).chain(self.standards().map(|(slot, _)| slot)) {
            let name = self.dialect.name(self.column(slot));
            let _ = write!(select, ",\n  h.{name} AS {name}");
        }
        let _ = write!(
            select,
            "\nFROM {} AS m\nJOIN doudi_household_row AS h ON h.household = m.household AND h.on_day = m.on_day",
            table(Over::Person)
        );
        self.view(text, rows(Scope::Member).0, &select);
    }

    fn cast(&self, select: &mut String, from: &str, over: Over) {
        for (slot, _) in self.features(over) {
            let name = self.dialect.name(self.column(slot));
            let _ = write!(select, ",\n  {} AS {name}", self.read(slot, &format!("{from}.{name}")));
        }
    }

    /// An input column as conditions take it.
    fn read(&self, slot: Slot, column: &str) -> String {
        let wide = self.dialect.wide();
        match self.variable(slot).map(|variable| variable.ty) {
            Some(Type::Number { scale: 0, .. }) => format!("CAST({column} AS {wide})"),
            Some(Type::Number { scale, .. }) => format!("CAST({column} * 1{:0<1$} AS {wide})", "", usize::from(scale)),
            Some(Type::Date) => self.dialect.day_number(column),
            Some(Type::Bool | Type::Text) | None => column.to_owned(),
        }
    }
}
