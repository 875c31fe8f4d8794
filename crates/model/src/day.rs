//! Civil days.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A civil day in Asia/Shanghai, counted from 1970-01-01.
///
/// Written `YYYY-MM-DD` in text and JSON, as a number in binary form. Years 1800 to 2200.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Text that is not a day between 1800-01-01 and 2200-12-31, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day written YYYY-MM-DD")
    }
}

impl std::error::Error for NotADay {}

impl Day {
    /// 1800-01-01, the first day that can be written.
    pub const MIN: Day = Day(-62_091);
    /// 2200-12-31, the last day that can be written; also "never".
    pub const MAX: Day = Day(84_370);

    /// The day of a year, month and day of the month, or `None` if there is no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().and_then(Day::from_date)
    }

    /// The day that lies `count` days after 1970-01-01, kept within [`Day::MIN`] and [`Day::MAX`].
    #[must_use]
    pub fn from_epoch_days(count: i64) -> Day {
        let clamped = count.clamp(i64::from(Day::MIN.0), i64::from(Day::MAX.0));
        Day(i32::try_from(clamped).unwrap_or(0))
    }

    /// Days since 1970-01-01; negative before it.
    #[must_use]
    pub fn epoch_days(self) -> i32 {
        self.0
    }

    fn from_date(date: Date) -> Option<Day> {
        let epoch = Date::constant(1970, 1, 1);
        let days = i64::from(epoch.until(date).ok()?.get_days());
        (i64::from(Day::MIN.0)..=i64::from(Day::MAX.0)).contains(&days).then(|| Day::from_epoch_days(days))
    }

    fn date(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        epoch.saturating_add(self.0.days())
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.date().year()
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.date().month()
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day_of_month(self) -> i8 {
        self.date().day()
    }

    /// True from Monday to Friday, whatever the holidays.
    #[must_use]
    pub fn is_weekday(self) -> bool {
        // 1970-01-01 was a Thursday: day 0 is weekday 3 counted from Monday.
        (i64::from(self.0) + 3).rem_euclid(7) < 5
    }

    /// Monday 1 to Sunday 7.
    #[must_use]
    pub fn weekday(self) -> u8 {
        u8::try_from((i64::from(self.0) + 3).rem_euclid(7) + 1).unwrap_or(1)
    }

    /// This day moved by `days`, kept within the range of days.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Day {
        Day::from_epoch_days(i64::from(self.0) + i64::from(days))
    }

    /// This day moved by whole months; the 31st becomes the last day of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Day {
        let moved = self.date().saturating_add(Span::new().months(months));
        Day::from_date(moved).unwrap_or(if months < 0 { Day::MIN } else { Day::MAX })
    }

    /// Days from `earlier` to `self`; negative if `self` comes first.
    #[must_use]
    pub fn days_since(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Completed years of age on `self` of someone born on `birth`; `None` before birth.
    ///
    /// Someone born on 29 February completes a year on 1 March of common years.
    #[must_use]
    pub fn age_of(self, birth: Day) -> Option<i32> {
        if self < birth {
            return None;
        }
        let years = i32::from(self.year()) - i32::from(birth.year());
        let reached = (self.month(), self.day_of_month()) >= (birth.month(), birth.day_of_month());
        Some(if reached { years } else { years - 1 })
    }

    /// `2026年3月1日`.
    #[must_use]
    pub fn zh(self) -> String {
        format!("{}年{}月{}日", self.year(), self.month(), self.day_of_month())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Day, NotADay> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(NotADay);
        }
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or("");
        let year = part(0..4).parse().map_err(|_| NotADay)?;
        let month = part(5..7).parse().map_err(|_| NotADay)?;
        let day = part(8..10).parse().map_err(|_| NotADay)?;
        Day::new(year, month, day).ok_or(NotADay)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_i32(self.0) }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            text.parse().map_err(D::Error::custom)
        } else {
            let days = i32::deserialize(deserializer)?;
            if (Day::MIN.0..=Day::MAX.0).contains(&days) { Ok(Day(days)) } else { Err(D::Error::custom(NotADay)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_are_the_days_they_say() {
        assert_eq!(Day::MIN.to_string(), "1800-01-01");
        assert_eq!(Day::MAX.to_string(), "2200-12-31");
    }

    #[test]
    fn impossible_days_are_refused() {
        for text in ["2026-02-30", "2026-13-01", "2026-1-01", "20260101", "", "2300-01-01", "２０２６-01-01"] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
    }

    #[test]
    fn a_leap_day_birth_completes_its_year_on_the_first_of_march() {
        let birth: Day = "2004-02-29".parse().unwrap();
        assert_eq!("2023-02-28".parse::<Day>().unwrap().age_of(birth), Some(18));
        assert_eq!("2023-03-01".parse::<Day>().unwrap().age_of(birth), Some(19));
    }

    #[test]
    fn months_end_on_the_last_day_of_shorter_months() {
        let day: Day = "2026-03-31".parse().unwrap();
        assert_eq!(day.plus_months(-1).to_string(), "2026-02-28");
    }

    #[test]
    fn weekdays_are_counted_from_monday() {
        let day: Day = "2026-11-24".parse().unwrap();
        assert_eq!(day.weekday(), 2);
        assert!(day.is_weekday());
        assert!(!day.plus_days(4).is_weekday());
    }
}
