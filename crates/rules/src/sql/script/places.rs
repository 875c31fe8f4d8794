//! Divisions, and the standards in force at a place on a day.

use std::fmt::Write as _;

use doudi_model::Day;

use super::super::Dialect;
use super::Frame;

/// Rows of divisions on one line of the script.
const PER_LINE: usize = 4;

impl Frame<'_> {
    /// Divisions, standards, and what holds where: the figure of the nearest division above that has one in force.
    pub(super) fn places(&self, text: &mut String) {
        if self.standards().next().is_none() {
            return;
        }
        self.divisions(text);
        self.path(text);
        self.figures(text);
        self.place_standards(text);
    }

    fn divisions(&self, text: &mut String) {
        self.heading(text, "区划：代码和上级", "divisions: each code and the one above it");
        let rows: Vec<String> = self
            .bundle
            .divisions()
            .iter()
            .map(|division| match division.parent {
                Some(parent) => format!("('{}', '{parent}')", division.code),
                None => format!("('{}', NULL)", division.code),
            })
            .collect();
        let lines: Vec<String> = rows.chunks(PER_LINE).map(|line| line.join(", ")).collect();
        let values = self.values(&[("code", "String"), ("parent", "Nullable(String)")], &lines.join(",\n  "));
        self.view(text, "doudi_divisions", &format!("SELECT * FROM {values}"));
    }

    /// Rows as a `FROM` item. The types are those of ClickHouse, which asks for them.
    fn values(&self, columns: &[(&str, &str)], rows: &str) -> String {
        match self.dialect {
            Dialect::DuckDb | Dialect::Spark => {
                let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
                format!("(VALUES\n  {rows}\n) AS given_({})", names.join(", "))
            }
            Dialect::ClickHouse => {
                let heads: Vec<String> = columns.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
                format!("values('{}',\n  {rows}\n)", heads.join(", "))
            }
        }
    }

    /// Each division with itself and all above it, nearest first.
    fn path(&self, text: &mut String) {
        self.heading(
            text,
            "每个区划和它的各级上级，near 越小越近",
            "each division with itself and all above it; the smaller `near`, the nearer",
        );
        let paths = self.bundle.divisions().iter().map(|division| self.bundle.path(Some(division.code)).len());
        let deepest = paths.max().unwrap_or(1).max(1);
        let mut select = "SELECT code AS division, 0 AS near, code AS above FROM doudi_divisions".to_owned();
        for near in 1..deepest {
            let _ = write!(select, "\nUNION ALL\nSELECT d0.code, {near}, d{near}.code FROM doudi_divisions AS d0");
            for step in 1..=near {
                let below = step - 1;
                let _ = write!(select, "\n  JOIN doudi_divisions AS d{step} ON d{step}.code = d{below}.parent");
            }
        }
        self.view(text, "doudi_division_path", &select);
    }

    fn figures(&self, text: &mut String) {
        self.heading(
            text,
            "标准：名称、区划、首日、末日、数值（金额为分；小数去掉小数点）",
            "standards: name, division, first and last day, figure (money in fen; decimals without their point)",
        );
        let mut rows = Vec::new();
        for (_, name) in self.standards() {
            for figure in self.bundle.standards().get(name).map(|standard| standard.figures()).unwrap_or_default() {
                let name = self.dialect.text(name);
                let [from, to] = [figure.from, figure.to].map(|day: Day| self.dialect.day(day));
                rows.push(format!("({name}, '{}', {from}, {to}, {})", figure.division, figure.value));
            }
        }
        let columns = [
            ("standard", "String"),
            ("division", "String"),
            ("from_day", "Date32"),
            ("to_day", "Date32"),
            ("figure", "Int64"),
        ];
        self.view(text, "doudi_standards", &format!("SELECT * FROM {}", self.values(&columns, &rows.join(",\n  "))));
    }

    fn place_standards(&self, text: &mut String) {
        self.heading(
            text,
            "某地某日的标准：取最近的、当日有效的一行；没有就是 NULL",
            "the standards of a place on a day: the nearest row in force; NULL if there is none",
        );
        let mut select = "SELECT division, on_day".to_owned();
        for (slot, name) in self.standards() {
            let (literal, column) = (self.dialect.text(name), self.dialect.name(self.column(slot)));
            let wide = self.dialect.wide();
            let _ =
                write!(select, ",\n  CAST(MAX(CASE WHEN standard = {literal} THEN figure END) AS {wide}) AS {column}");
        }
        select.push_str(
            "\nFROM (\n  SELECT p.division AS division, p.on_day AS on_day, s.standard AS standard, s.figure AS figure,\
             \n    ROW_NUMBER() OVER (PARTITION BY p.division, p.on_day, s.standard ORDER BY a.near) AS nearest\
             \n  FROM (SELECT DISTINCT division, on_day FROM doudi_household_features) AS p\
             \n  JOIN doudi_division_path AS a ON a.division = p.division\
             \n  JOIN doudi_standards AS s ON s.division = a.above\
             \n  WHERE p.on_day BETWEEN s.from_day AND s.to_day\
             \n) AS found\nWHERE nearest = 1\nGROUP BY division, on_day",
        );
        self.view(text, "doudi_place_standards", &select);
    }
}
