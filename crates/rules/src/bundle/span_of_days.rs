//! Lengths of time as the bundle writes them: `45 days`, `12 months`, `1 year`.

use doudi_model::Day;
use serde::Deserialize;
use serde::de::Error as _;

/// A length of calendar time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Days.
    Days(i32),
    /// Months; years are twelve of them.
    Months(i32),
}

impl Span {
    /// Reads `N days`, `N months` or `N years`, N from 1 to 1200.
    #[must_use]
    pub fn parse(text: &str) -> Option<Span> {
        let (count, unit) = text.trim().split_once(' ')?;
        let count: i32 = count.parse().ok().filter(|count| (1..=36_500).contains(count))?;
        match unit.trim() {
            "day" | "days" => Some(Span::Days(count)),
            "month" | "months" if count <= 1200 => Some(Span::Months(count)),
            "year" | "years" if count <= 100 => Some(Span::Months(count * 12)),
            _ => None,
        }
    }

    /// The day this long before `day`.
    #[must_use]
    pub fn before(self, day: Day) -> Day {
        match self {
            Span::Days(days) => day.plus_days(-days),
            Span::Months(months) => day.plus_months(-months),
        }
    }

    /// The day this long after `day`.
    #[must_use]
    pub fn after(self, day: Day) -> Day {
        match self {
            Span::Days(days) => day.plus_days(days),
            Span::Months(months) => day.plus_months(months),
        }
    }

    /// The first day on which something of `valid` has left a window of this length.
    ///
    /// A window holds the days after `before(day)` up to `day` itself.
    #[must_use]
    pub fn leaves_on(self, valid: Day) -> Day {
        let mut day = self.after(valid);
        // Months differ in length: step to the exact first day on which the window has moved past.
        while self.before(day) >= valid && day > Day::MIN {
            day = day.plus_days(-1);
        }
        while self.before(day) < valid && day < Day::MAX {
            day = day.plus_days(1);
        }
        day
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        let text = String::deserialize(deserializer)?;
        Span::parse(&text)
            .ok_or_else(|| D::Error::custom("expected a length such as \"45 days\", \"12 months\" or \"1 year\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_leaves_its_window_on_the_first_day_the_window_no_longer_holds_it() {
        for span in [Span::Days(30), Span::Months(1), Span::Months(6), Span::Months(12)] {
            let mut valid: Day = "2023-12-25".parse().unwrap();
            for _ in 0..800 {
                let gone = span.leaves_on(valid);
                assert!(span.before(gone) >= valid, "{span:?} {valid} {gone}");
                assert!(span.before(gone.plus_days(-1)) < valid, "{span:?} {valid} {gone}");
                valid = valid.plus_days(1);
            }
        }
    }
}
