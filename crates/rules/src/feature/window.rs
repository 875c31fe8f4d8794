//! Windows: which days a feature looks at, seen from the day of reading.

use doudi_model::Day;
use serde::Deserialize;
use serde::de::Error as _;

use crate::bundle::{Span, Terms};

/// A window as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// So long back from the day, the day itself the last one: `90 days`, `12 months`, `1 year`.
    Last(Span),
    /// A month, quarter or year of the calendar: `current year`, `previous quarter`.
    Calendar(Which, Period),
    /// A school term of the bundle's table: `current term`, `previous term`.
    Term(Which),
}

/// Which one of a row of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one that holds the day; of its days those up to the day count.
    Current,
    /// The one before that, whole.
    Previous,
}

/// A period of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// From the first of a month.
    Month,
    /// From the first of January, April, July or October.
    Quarter,
    /// From the first of January.
    Year,
}

/// A window on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Its first day.
    pub from: Day,
    /// Its last day; it may lie ahead.
    pub to: Day,
    /// The last day on which the bundle is sure to know this window.
    pub known_until: Day,
    moves: Moves,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moves {
    /// A day every day.
    Along(Span),
    /// Whole, on that day.
    On(Day),
}

impl Window {
    /// Reads a window as the bundle writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Window> {
        let (first, second) = text.trim().split_once(' ')?;
        let which = match first {
            "current" => Which::Current,
            "previous" => Which::Previous,
            _ => return Span::parse(text).map(Window::Last),
        };
        match second.trim() {
            "month" => Some(Window::Calendar(which, Period::Month)),
            "quarter" => Some(Window::Calendar(which, Period::Quarter)),
            "year" => Some(Window::Calendar(which, Period::Year)),
            "term" => Some(Window::Term(which)),
            _ => None,
        }
    }

    /// The window on a day.
    ///
    /// # Errors
    /// If the day lies in no known school term: the day on which one next begins, [`Day::MAX`] if none is known.
    pub fn frame(self, day: Day, terms: &Terms) -> Result<Frame, Day> {
        match self {
            Window::Last(span) => {
                let from = span.before(day).plus_days(1);
                Ok(Frame { from, to: day, known_until: Day::MAX, moves: Moves::Along(span) })
            }
            Window::Calendar(which, period) => Ok(period.frame(which, day)),
            Window::Term(which) => {
                let (current, previous) = terms.around(day).ok_or_else(|| terms.next_after(day))?;
                let next = current.to.plus_days(1);
                let term = match which {
                    Which::Current => current,
                    Which::Previous => previous.ok_or(next)?,
                };
                Ok(Frame { from: term.from, to: term.to, known_until: current.to, moves: Moves::On(next) })
            }
        }
    }
}

impl Period {
    fn months(self) -> i8 {
        match self {
            Period::Month => 1,
            Period::Quarter => 3,
            Period::Year => 12,
        }
    }

    fn frame(self, which: Which, day: Day) -> Frame {
        let months = self.months();
        let first_month = (day.month() - 1) / months * months + 1;
        let start = Day::new(day.year(), first_month, 1).unwrap_or(Day::MIN);
        let next = start.plus_months(i32::from(months));
        let from = match which {
            Which::Current => start,
            Which::Previous => start.plus_months(-i32::from(months)),
        };
        let to = match which {
            Which::Current if next == Day::MAX => Day::MAX,
            Which::Current => next.plus_days(-1),
            Which::Previous => start.plus_days(-1),
        };
        Frame { from, to, known_until: Day::MAX, moves: Moves::On(next) }
    }
}

impl Frame {
    /// The first day on which a day inside is no longer inside.
    #[must_use]
    pub fn leaves_on(&self, inside: Day) -> Day {
        match self.moves {
            Moves::Along(span) => span.leaves_on(inside),
            Moves::On(next) => next,
        }
    }

    /// A day on which something later than the window, or than the day, may come to count; not later than it does.
    #[must_use]
    pub fn enters_on(&self, later: Day, day: Day) -> Day {
        match self.moves {
            Moves::Along(_) => later,
            Moves::On(next) if later > day => later.min(next),
            Moves::On(next) => next,
        }
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Window, D::Error> {
        let text = String::deserialize(deserializer)?;
        Window::parse(&text).ok_or_else(|| {
            D::Error::custom(
                "expected a window such as \"90 days\", \"12 months\", \"current year\", \"previous quarter\" or \
                 \"previous term\"",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[track_caller]
    fn frame(window: &str, on: &str) -> (String, String) {
        let frame = Window::parse(window).unwrap().frame(day(on), &Terms::default()).unwrap();
        (frame.from.to_string(), frame.to.to_string())
    }

    #[test]
    fn calendar_windows_are_whole_months_quarters_and_years() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(frame("current year", "2026-11-24"), pair("2026-01-01", "2026-12-31"));
        assert_eq!(frame("previous year", "2026-01-01"), pair("2025-01-01", "2025-12-31"));
        assert_eq!(frame("current quarter", "2026-12-31"), pair("2026-10-01", "2026-12-31"));
        assert_eq!(frame("previous quarter", "2026-02-28"), pair("2025-10-01", "2025-12-31"));
        assert_eq!(frame("previous month", "2024-03-31"), pair("2024-02-01", "2024-02-29"));
        assert_eq!(frame("12 months", "2026-11-24"), pair("2025-11-25", "2026-11-24"));
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in ["", "year", "next year", "current week", "0 days", "-1 months", "current", "12 moons"] {
            assert_eq!(Window::parse(text), None, "{text}");
        }
    }

    #[test]
    fn without_terms_a_term_is_not_known() {
        let window = Window::parse("current term").unwrap();
        assert_eq!(window.frame(day("2026-11-24"), &Terms::default()), Err(Day::MAX));
    }

    #[test]
    fn the_first_and_last_days_there_are_have_windows_too() {
        for on in [Day::MIN, Day::MAX] {
            for text in ["current year", "previous quarter", "previous month", "12 months", "30 days"] {
                let frame = Window::parse(text).unwrap().frame(on, &Terms::default()).unwrap();
                assert!(frame.from <= frame.to || on == Day::MIN, "{text} {on}");
            }
        }
    }
}
