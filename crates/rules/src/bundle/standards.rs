//! Standards (标准, `standards/*.csv`): dated figures per division, inherited from the division above.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::{Code, Tree};
use doudi_model::{Day, Problem, Text};

use super::source::{Source, table};

/// Decimal places that a ratio has at least, however its figures are written: so `2` may stand where `2.00` did, and where
/// nothing stood yet.
const RATIO_SCALE: u8 = 2;

const COLUMNS: [&str; 8] = ["standard", "division", "from", "to", "value", "unit", "source", "note"];

/// All standards.
#[derive(Debug, Clone, Default)]
pub struct Standards {
    by_name: BTreeMap<String, Standard>,
    boundaries: BTreeSet<Day>,
    titles: BTreeMap<String, Text>,
}

/// One standard with its rows.
#[derive(Debug, Clone)]
pub struct Standard {
    /// What its figures count.
    pub unit: Unit,
    /// Decimal places that all its figures share; a figure is an integer of this scale.
    pub scale: u8,
    rows: Vec<Figure>,
}

/// What a standard counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Fen.
    Fen,
    /// A plain ratio or multiple.
    Ratio,
    /// A count.
    Count,
    /// Days.
    Days,
}

/// One figure in force for a division and a range of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The division it holds for, with all below it that have none of their own.
    pub division: Code,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// The figure, an integer of the standard's scale.
    pub value: i64,
    /// Where the figure comes from.
    pub source: String,
    /// A remark.
    pub note: String,
    /// `standards/xianning.csv:17`.
    pub place: String,
}

impl Standards {
    /// The figure of the nearest division on `path` (deepest first) that has one in force on `day`.
    ///
    /// # Unknown
    /// `None` if no division on the path has a figure for that day: the answer is unknown, not zero.
    #[must_use]
    pub fn at(&self, name: &str, path: &[Code], day: Day) -> Option<&Figure> {
        let standard = self.by_name.get(name)?;
        path.iter().find_map(|division| {
            standard.rows.iter().find(|row| row.division == *division && row.from <= day && day <= row.to)
        })
    }

    /// A standard by name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Standard> {
        self.by_name.get(name)
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// What people call a standard.
    #[must_use]
    pub fn title(&self, name: &str) -> Option<&Text> {
        self.titles.get(name)
    }

    /// The first day after `day` on which some figure begins or has ended.
    #[must_use]
    pub fn next_change(&self, day: Day) -> Day {
        self.boundaries.range(day.plus_days(1)..).next().copied().unwrap_or(Day::MAX)
    }

    pub(super) fn load(sources: &[Source<'_>], divisions: &Tree, problems: &mut Vec<Problem>) -> Standards {
        let mut drafts: BTreeMap<String, Vec<(Figure, Unit, Option<Decimal>)>> = BTreeMap::new();
        for source in sources {
            for row in table(*source, &COLUMNS, problems) {
                match figure(&row, divisions) {
                    Ok((name, draft)) => drafts.entry(name).or_default().push(draft),
                    Err(problem) => problems.push(problem.at(row.place.clone())),
                }
            }
        }
        let mut standards = Standards::default();
        for (name, rows) in drafts {
            standards.add(name, rows, problems);
        }
        standards
    }

    /// Takes up what people call the standards (`standards/*.toml`); every one needs a name in both languages.
    pub(super) fn entitle(&mut self, sources: &[Source<'_>], problems: &mut Vec<Problem>) {
        for source in sources {
            match source.toml::<BTreeMap<String, Text>>() {
                Ok(read) => self.titles.extend(read),
                Err(problem) => problems.push(problem),
            }
        }
        for name in self.by_name.keys().filter(|name| !self.titles.contains_key(*name)) {
            problems.push(
                Problem::new(
                    "B0304",
                    Text::new(format!("标准 {name} 没有名称"), format!("the standard {name} has no title")),
                    Text::new(
                        format!("请在 standards/titles.toml 中写 {name} = {{ zh = \"…\", en = \"…\" }}"),
                        format!("write {name} = {{ zh = \"…\", en = \"…\" }} in standards/titles.toml"),
                    ),
                )
                .at("standards/titles.toml"),
            );
        }
    }

    fn add(&mut self, name: String, drafts: Vec<(Figure, Unit, Option<Decimal>)>, problems: &mut Vec<Problem>) {
        let Some(unit) = drafts.first().map(|(_, unit, _)| *unit) else { return };
        let scales = drafts.iter().filter_map(|(_, _, decimal)| decimal.map(|decimal| decimal.scale));
        let least = if unit == Unit::Ratio { RATIO_SCALE } else { 0 };
        let scale = scales.max().unwrap_or(0).max(least);
        let mut rows: Vec<Figure> = Vec::new();
        for (mut figure, its_unit, decimal) in drafts {
            if its_unit != unit {
                problems.push(
                    Problem::new(
                        "B0302",
                        Text::new(
                            format!("标准 {name} 的单位前后不一"),
                            format!("the standard {name} has two different units"),
                        ),
                        Text::new("同一标准请用同一单位", "use one unit for one standard"),
                    )
                    .at(figure.place.clone()),
                );
            }
            let Some(decimal) = decimal else { continue };
            match decimal.at_scale(scale) {
                Some(value) => figure.value = value,
                None => problems.push(fault("value", "数字太大", "the number is too large").at(figure.place.clone())),
            }
            let clash = rows
                .iter()
                .find(|row| row.division == figure.division && row.from <= figure.to && figure.from <= row.to);
            if let Some(clash) = clash {
                problems.push(
                    Problem::new(
                        "B0303",
                        Text::new(
                            format!("标准 {name} 的日期与 {} 重叠", clash.place),
                            format!("the dates of the standard {name} overlap with {}", clash.place),
                        ),
                        Text::new("请给较早的一行填上 to（最后一天）", "give the earlier row its last day in `to`"),
                    )
                    .at(figure.place.clone()),
                );
            }
            self.boundaries.insert(figure.from);
            self.boundaries.insert(figure.to.plus_days(1));
            rows.push(figure);
        }
        rows.sort_by_key(|row| (row.division, row.from));
        self.by_name.insert(name, Standard { unit, scale, rows });
    }
}

impl Standard {
    /// All figures, by division and day; none if the standard is declared and nobody has set it.
    #[must_use]
    pub fn figures(&self) -> &[Figure] {
        &self.rows
    }

    /// The most that a figure may be in conditions: the greatest one there is. While nobody has set any, whatever could be
    /// set must be thought possible.
    #[must_use]
    pub fn most(&self) -> i64 {
        let unset = match self.unit {
            Unit::Fen => 100_000_000_00,
            Unit::Ratio => 1_000 * 10_i64.pow(u32::from(self.scale)),
            Unit::Count | Unit::Days => 36_500,
        };
        self.rows.iter().map(|row| row.value).max().unwrap_or(unset)
    }
}

/// An exact decimal as written.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: i64,
    scale: u8,
}

impl Decimal {
    fn parse(text: &str) -> Option<Decimal> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() || part.len() > 6 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = format!("{whole}{part}").parse().ok().filter(|digits| *digits >= 0)?;
        Some(Decimal { digits, scale: u8::try_from(part.len()).ok()? })
    }

    /// With more decimal places; `None` if it does not fit.
    fn at_scale(self, scale: u8) -> Option<i64> {
        let factor = 10_i64.checked_pow(u32::from(scale.saturating_sub(self.scale)))?;
        self.digits.checked_mul(factor)
    }
}

/// A cell that is wrong.
fn fault(field: &str, zh: &str, en: &str) -> Problem {
    let message = Text::new(format!("{field}：{zh}"), format!("{field}: {en}"));
    Problem::new("B0301", message, Text::new("请改正这一格", "mend this cell")).in_field(field)
}

/// One row; without a decimal where the value is blank, which declares the standard and says that nobody has set it.
fn figure(row: &super::source::Row, divisions: &Tree) -> Result<(String, (Figure, Unit, Option<Decimal>)), Problem> {
    let name = row.cell("standard");
    if name.is_empty() {
        return Err(fault("standard", "不能为空", "must not be empty"));
    }
    let division: Code =
        row.cell("division").parse().map_err(|_| fault("division", "不是12位区划代码", "not a 12-digit code"))?;
    if divisions.get(division).is_none() {
        return Err(fault("division", "区划表中没有这个代码", "the division table has no such code"));
    }
    let from = row
        .cell("from")
        .parse()
        .map_err(|_| fault("from", "不是日期，应为 YYYY-MM-DD", "not a day, expected YYYY-MM-DD"))?;
    let to = match row.cell("to") {
        "" => Day::MAX,
        text => text.parse().map_err(|_| fault("to", "不是日期，应为 YYYY-MM-DD", "not a day, expected YYYY-MM-DD"))?,
    };
    if to < from {
        return Err(fault("to", "早于 from", "before `from`"));
    }
    let unit = match row.cell("unit") {
        "fen" => Unit::Fen,
        "ratio" => Unit::Ratio,
        "count" => Unit::Count,
        "days" => Unit::Days,
        _ => return Err(fault("unit", "应为 fen、ratio、count 或 days", "expected fen, ratio, count or days")),
    };
    let value = match row.cell("value") {
        "" => None,
        text => Some(
            Decimal::parse(text)
                .filter(|decimal| unit == Unit::Ratio || decimal.scale == 0)
                .ok_or_else(|| fault("value", "不是该单位的数", "not a number of this unit"))?,
        ),
    };
    if row.cell("source").is_empty() {
        return Err(fault("source", "标准必须写明出处", "a standard must name its source"));
    }
    let figure = Figure {
        division,
        from,
        to,
        value: 0,
        source: row.cell("source").to_owned(),
        note: row.cell("note").to_owned(),
        place: row.place.clone(),
    };
    Ok((name.to_owned(), (figure, unit, value)))
}
