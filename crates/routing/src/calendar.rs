//! The official calendar: which days are working days, and when a deadline in working days falls.
//!
//! Every Monday to Friday is a working day unless the State Council's yearly notice makes it a holiday; some
//! Saturdays and Sundays are working days in exchange (调休). The table lists only these exceptions.
//!
//! A year is **published** when the table has its 1 January and its 1 October. A lone row of a year, such as the
//! days around New Year that a notice for the neighbouring year names, is used but does not publish the year.
//!
//! In a year that is not published the weekdays are taken for working days, except the holidays that the regulation
//! itself names ([`statutory`]). Days counted so are provisional.

pub mod statutory;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use doudi_model::{Day, Problem, Text};

use crate::table::Table;

/// What the notice says about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exception {
    Holiday,
    Workday,
}

/// The calendar of all years that the tables hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    exceptions: BTreeMap<Day, Exception>,
    published: BTreeSet<i16>,
}

/// A day that lies a number of working days ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The day.
    pub day: Day,
    /// Calendar days from the start to it.
    pub calendar_days: i32,
    /// True if it leans on a year that is not published: its weekdays were taken for working days, but for the
    /// holidays that the regulation names.
    pub provisional: bool,
}

/// Why there is no sure answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// The count runs into a year whose calendar is not published.
    NotPublished {
        /// The first such year.
        year: i16,
    },
    /// The count runs past the last day that can be written.
    OutOfRange,
}

impl Calendar {
    /// The calendar of tables with the columns `date,kind,name`, kind `holiday` or `workday`.
    ///
    /// # Errors
    /// All unreadable rows, and days that two rows make both.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Calendar, Vec<Problem>> {
        let mut calendar = Calendar::default();
        let mut problems = Vec::new();
        for (name, bytes) in files {
            match Table::read(name, bytes, &["date", "kind"], &["name"]) {
                Ok(table) => calendar.add(&table, &mut problems),
                Err(found) => problems.extend(found),
            }
        }
        let years: BTreeSet<i16> = calendar.exceptions.keys().map(|day| day.year()).collect();
        let whole = |year: &i16| {
            let has =
                |month, day| Day::new(*year, month, day).is_some_and(|day| calendar.exceptions.contains_key(&day));
            has(1, 1) && has(10, 1)
        };
        calendar.published = years.into_iter().filter(whole).collect();
        if problems.is_empty() { Ok(calendar) } else { Err(problems) }
    }

    fn add(&mut self, table: &Table, problems: &mut Vec<Problem>) {
        for row in table.rows() {
            let Ok(day) = row.get("date").parse::<Day>() else {
                problems.push(row.problem(
                    "date",
                    "calendar/date",
                    Text::new("不是日期", "not a day"),
                    Text::new("写成 2026-10-01", "write it like 2026-10-01"),
                ));
                continue;
            };
            let exception = match row.get("kind") {
                "holiday" => Exception::Holiday,
                "workday" => Exception::Workday,
                _ => {
                    let hint = Text::new(
                        "放假写 holiday，调休上班写 workday",
                        "a day off is holiday, a make-up day is workday",
                    );
                    problems.push(row.problem(
                        "kind",
                        "calendar/kind",
                        Text::new("没有这种日子", "no such kind of day"),
                        hint,
                    ));
                    continue;
                }
            };
            let earlier = self.exceptions.insert(day, exception);
            if earlier.is_some_and(|earlier| earlier != exception) {
                problems.push(row.problem(
                    "date",
                    "calendar/contradiction",
                    Text::new(format!("{day} 既是放假又是上班"), format!("{day} is both a holiday and a working day")),
                    Text::new("按国务院办公厅通知只留一行", "keep the one row that the yearly notice has"),
                ));
            }
        }
    }

    /// Whether the calendar of a year is published.
    #[must_use]
    pub fn is_published(&self, year: i16) -> bool {
        self.published.contains(&year)
    }

    /// The published years, earliest first.
    pub fn published(&self) -> impl Iterator<Item = i16> {
        self.published.iter().copied()
    }

    /// Whether a day is a working day; `None` if its year is not published and no row names it.
    #[must_use]
    pub fn working_day(&self, day: Day) -> Option<bool> {
        match self.exceptions.get(&day) {
            Some(exception) => Some(*exception == Exception::Workday),
            None if self.is_published(day.year()) => Some(day.is_weekday()),
            None => None,
        }
    }

    /// The `n`-th working day after `from`, which is not counted itself; for 0 that day if it is a working day, else
    /// the next.
    ///
    /// # Errors
    /// If a day that must be counted lies in a year that is not published.
    pub fn due(&self, from: Day, n: u32) -> Result<Answer, NoAnswer> {
        let answer = self.count(from, n, 1)?;
        match answer.missing {
            Some(year) => Err(NoAnswer::NotPublished { year }),
            None => Ok(answer.answer),
        }
    }

    /// Like [`Calendar::due`], but where a year is not published its weekdays are taken for working days, except the
    /// holidays that the regulation names, and the answer says that it is provisional.
    ///
    /// # Errors
    /// Only if the count runs past the last day that can be written.
    pub fn due_or_provisional(&self, from: Day, n: u32) -> Result<Answer, NoAnswer> {
        self.count(from, n, 1).map(|counted| counted.answer)
    }

    /// The day `n` working days after (or, for a negative `n`, before) `from`; for 0 `from` itself.
    ///
    /// For reminders, which may be provisional without harm. Never fails: it stays within the range of days.
    #[must_use]
    pub fn shift(&self, from: Day, n: i32) -> Day {
        if n == 0 {
            return from;
        }
        let counted = self.count(from, n.unsigned_abs(), n.signum());
        counted.map_or(if n < 0 { Day::MIN } else { Day::MAX }, |counted| counted.answer.day)
    }

    /// How many working days lie after `from` up to and including `to`; negative if `to` comes first.
    ///
    /// Where a year is not published, weekdays that the regulation does not make a holiday count.
    #[must_use]
    pub fn working_days_between(&self, from: Day, to: Day) -> i32 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let mut count = 0;
        let mut day = from;
        while day < to {
            day = day.plus_days(1);
            count += i32::from(self.working_day(day).unwrap_or_else(|| presumed(day)));
        }
        count
    }

    fn count(&self, from: Day, n: u32, step: i32) -> Result<Counted, NoAnswer> {
        let mut missing = None;
        let mut day = from;
        let mut left = n.max(1);
        let mut first = n == 0;
        while left > 0 {
            if !std::mem::take(&mut first) {
                let next = day.plus_days(step);
                if next == day {
                    return Err(NoAnswer::OutOfRange);
                }
                day = next;
            }
            let working = self.working_day(day);
            if working.is_none() {
                missing = missing.or(Some(day.year()));
            }
            left -= u32::from(working.unwrap_or_else(|| presumed(day)));
        }
        let answer = Answer { day, calendar_days: day.days_since(from), provisional: missing.is_some() };
        Ok(Counted { answer, missing })
    }
}

/// Whether a day of a year that is not published is held to be a working day.
fn presumed(day: Day) -> bool {
    day.is_weekday() && !statutory::is_holiday(day)
}

/// An answer, and the first year it lacked.
struct Counted {
    answer: Answer,
    missing: Option<i16>,
}

impl NoAnswer {
    /// The fault in words.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            NoAnswer::NotPublished { year } => Problem::new(
                "calendar/not-published",
                Text::new(
                    format!("{year}年的放假安排没有公布，算不出确定的工作日"),
                    format!("the calendar of {year} is not published, so no sure working day can be told"),
                ),
                Text::new(
                    format!("国务院办公厅通知公布后，把 {year} 年补进规则包的 calendar/；或者先要一个暂定的日子"),
                    format!(
                        "once the yearly notice is out, add {year} to calendar/ in the bundle; or ask for a provisional day"
                    ),
                ),
            ),
            NoAnswer::OutOfRange => Problem::new(
                "calendar/range",
                Text::new("工作日数超出2200年", "the count of working days runs past the year 2200"),
                Text::new("请改小天数", "ask for fewer days"),
            ),
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem().message.en)
    }
}

impl std::error::Error for NoAnswer {}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        let table = "\u{feff}date,kind,name\r\n2026-01-01,holiday,元旦\r\n2026-02-16,holiday,春节\r\n2026-02-14,workday,春节\r\n\
                     2026-10-01,holiday,国庆节\r\n2026-10-02,holiday,国庆节\r\n2027-01-01,holiday,元旦\r\n";
        Calendar::read([("calendar/2026.csv", table.as_bytes())]).unwrap()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_saturday_made_up_for_counts_and_a_holiday_does_not() {
        // Friday 13 February; Saturday 14 is worked, Monday 16 is free.
        let answer = calendar().due(day("2026-02-13"), 2).unwrap();
        assert_eq!((answer.day, answer.calendar_days, answer.provisional), (day("2026-02-17"), 4, false));
    }

    #[test]
    fn no_days_means_today_or_the_next_working_day() {
        assert_eq!(calendar().due(day("2026-10-01"), 0).unwrap().day, day("2026-10-05"));
        assert_eq!(calendar().due(day("2026-10-05"), 0).unwrap().day, day("2026-10-05"));
    }

    #[test]
    fn a_year_that_is_not_published_is_refused_or_marked() {
        let late = day("2026-12-30");
        assert_eq!(calendar().due(late, 1).unwrap().day, day("2026-12-31"));
        assert_eq!(calendar().due(late, 2), Err(NoAnswer::NotPublished { year: 2027 }));
        let provisional = calendar().due_or_provisional(late, 2).unwrap();
        // The row for 1 January 2027 is used though the year is not published.
        assert_eq!((provisional.day, provisional.provisional), (day("2027-01-04"), true));
    }

    #[test]
    fn a_provisional_count_skips_the_holidays_that_the_regulation_names() {
        // 2028 is not published. Friday 28 April; 1 and 2 May are free by law, Wednesday 3 May is not.
        let answer = calendar().due_or_provisional(day("2028-04-28"), 1).unwrap();
        assert_eq!((answer.day, answer.provisional), (day("2028-05-03"), true));
        // New Year's Eve 25 January 2028 to the third day, 28 January, a Friday.
        assert_eq!(calendar().due_or_provisional(day("2028-01-24"), 1).unwrap().day, day("2028-01-31"));
        assert_eq!(calendar().shift(day("2028-05-03"), -1), day("2028-04-28"));
        assert_eq!(calendar().working_days_between(day("2028-04-28"), day("2028-05-03")), 1);
    }

    #[test]
    fn a_count_past_the_last_day_ends() {
        assert_eq!(calendar().due_or_provisional(day("2200-12-30"), 30), Err(NoAnswer::OutOfRange));
        assert_eq!(calendar().shift(day("2200-12-30"), 30), Day::MAX);
    }

    #[test]
    fn counting_back_skips_what_counting_forth_skips() {
        assert_eq!(calendar().shift(day("2026-02-17"), -2), day("2026-02-13"));
        assert_eq!(calendar().working_days_between(day("2026-02-13"), day("2026-02-17")), 2);
        assert_eq!(calendar().working_days_between(day("2026-02-17"), day("2026-02-13")), -2);
    }

    #[test]
    fn bad_rows_are_named_by_line() {
        let table =
            "date,kind,name\n2026-13-01,holiday,x\n2026-05-01,feast,x\n2026-05-02,holiday,x\n2026-05-02,workday,x\n";
        let problems = Calendar::read([("calendar/2026.csv", table.as_bytes())]).unwrap_err();
        let places: Vec<_> = problems.iter().map(|problem| (problem.place.as_str(), problem.code.as_ref())).collect();
        assert_eq!(
            places,
            [
                ("calendar/2026.csv:2", "calendar/date"),
                ("calendar/2026.csv:3", "calendar/kind"),
                ("calendar/2026.csv:5", "calendar/contradiction"),
            ]
        );
    }
}
