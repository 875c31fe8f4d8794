//! Instants.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::day::Day;

const DAY_MS: i64 = 86_400_000;
/// China keeps one zone, eight hours ahead of UTC, without summer time since 1991.
const OFFSET_MS: i64 = 8 * 3_600_000;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Written as RFC 3339 with the offset `+08:00`; any offset is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Text that is not an RFC 3339 instant with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnInstant;

impl fmt::Display for NotAnInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 time with an offset")
    }
}

impl std::error::Error for NotAnInstant {}

impl Instant {
    /// The moment `ms` milliseconds after 1970-01-01T00:00:00Z, kept within the range of [`Day`].
    #[must_use]
    pub fn from_ms(ms: i64) -> Instant {
        let first = i64::from(Day::MIN.epoch_days()) * DAY_MS - OFFSET_MS;
        let last = i64::from(Day::MAX.epoch_days()) * DAY_MS + DAY_MS - OFFSET_MS - 1;
        Instant(ms.clamp(first, last))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn ms(self) -> i64 {
        self.0
    }

    /// The civil day in Asia/Shanghai.
    #[must_use]
    pub fn day(self) -> Day {
        Day::from_epoch_days((self.0 + OFFSET_MS).div_euclid(DAY_MS))
    }

    /// The first moment of a civil day in Asia/Shanghai.
    #[must_use]
    pub fn start_of(day: Day) -> Instant {
        Instant(i64::from(day.epoch_days()) * DAY_MS - OFFSET_MS)
    }

    /// Hour and minute in Asia/Shanghai, `09:41`.
    #[must_use]
    pub fn clock(self) -> String {
        let minutes = (self.0 + OFFSET_MS).rem_euclid(DAY_MS) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = (self.0 + OFFSET_MS).rem_euclid(DAY_MS);
        let (seconds, ms) = (rest / 1000, rest % 1000);
        write!(f, "{}T{:02}:{:02}:{:02}", self.day(), seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        if ms != 0 {
            write!(f, ".{ms:03}")?;
        }
        f.write_str("+08:00")
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Instant, NotAnInstant> {
        // RFC 3339 is the strict form; jiff also reads space separators, bracketed zones and
        // week dates, which are refused here by shape.
        let shaped = text.len() >= 20
            && text.is_ascii()
            && matches!(text.as_bytes().get(10), Some(b'T' | b't'))
            && !text.contains('[')
            && text.as_bytes().get(4) == Some(&b'-')
            && text.as_bytes().get(13) == Some(&b':')
            && text.as_bytes().get(16) == Some(&b':');
        if !shaped {
            return Err(NotAnInstant);
        }
        let moment: jiff::Timestamp = text.parse().map_err(|_| NotAnInstant)?;
        Ok(Instant::from_ms(moment.as_millisecond()))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            text.parse().map_err(D::Error::custom)
        } else {
            Ok(Instant::from_ms(i64::deserialize(deserializer)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_day_in_shanghai() {
        let late: Instant = "2026-11-23T16:30:00Z".parse().unwrap();
        assert_eq!(late.day().to_string(), "2026-11-24");
        assert_eq!(late.to_string(), "2026-11-24T00:30:00+08:00");
        assert_eq!(late.clock(), "00:30");
    }

    #[test]
    fn only_rfc_3339_is_read() {
        for text in ["2026-11-24", "2026-11-24T10:00:00", "2026-11-24 10:00:00+08:00", "2026-11-24T10:00+08:00", "now"]
        {
            assert!(text.parse::<Instant>().is_err(), "{text}");
        }
        assert!("2026-11-24T10:00:00.123456+08:00".parse::<Instant>().is_ok());
    }
}
