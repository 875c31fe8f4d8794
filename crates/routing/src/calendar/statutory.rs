//! Holidays that are known before a year's notice is: those the State Council's regulation itself names.
//!
//! 《全国年节及纪念日放假办法》 as revised in November 2024, in force since 2025-01-01: 元旦 one day, 春节 four (New Year's
//! Eve to the third day), 清明 one, 劳动节 two, 端午 one, 中秋 one, 国庆 three. Which days are added or worked in exchange
//! (调休), and which weekday makes up for a holiday on a weekend, only the yearly notice says; here they are not guessed.
//! So a provisional day is at least not a day on which every office is closed by law.
//!
//! 清明 is the day of the solar term, by the usual formula for this century. The lunar days come from a table that
//! ends; after it only the holidays of the solar calendar are known.

use doudi_model::Day;

/// Month and day of 春节 (the first day), 端午 and 中秋, by the lunar calendar of GB/T 33661-2017.
const LUNAR: [(i16, [(i8, i8); 3]); 10] = [
    (2027, [(2, 6), (6, 9), (9, 15)]),
    (2028, [(1, 26), (5, 28), (10, 3)]),
    (2029, [(2, 13), (6, 16), (9, 22)]),
    (2030, [(2, 3), (6, 5), (9, 12)]),
    (2031, [(1, 23), (6, 24), (10, 1)]),
    (2032, [(2, 11), (6, 12), (9, 19)]),
    (2033, [(1, 31), (6, 1), (9, 8)]),
    (2034, [(2, 19), (6, 20), (9, 27)]),
    (2035, [(2, 8), (6, 10), (9, 16)]),
    (2036, [(1, 28), (5, 30), (10, 4)]),
];

/// The last year whose lunar holidays are known.
pub const LUNAR_UNTIL: i16 = 2036;

/// Whether the regulation makes a day a holiday for everybody, as far as that can be told without a notice.
#[must_use]
pub fn is_holiday(day: Day) -> bool {
    solar(day) || lunar(day)
}

fn solar(day: Day) -> bool {
    match (day.month(), day.day_of_month()) {
        (1, 1) | (5, 1 | 2) | (10, 1..=3) => true,
        (4, date) => qingming(day.year()) == Some(date),
        _ => false,
    }
}

/// The day of April on which 清明 falls, from 2000 to 2099.
fn qingming(year: i16) -> Option<i8> {
    let of_century = i32::from(year) - 2000;
    if !(0..100).contains(&of_century) {
        return None;
    }
    i8::try_from((of_century * 2422 + 48_100) / 10_000 - of_century / 4).ok()
}

fn lunar(day: Day) -> bool {
    let Some((year, [spring, dragon_boat, mid_autumn])) = LUNAR.iter().find(|(year, _)| *year == day.year()) else {
        return false;
    };
    let on = |(month, date): &(i8, i8)| Day::new(*year, *month, *date);
    let single = [dragon_boat, mid_autumn].into_iter().any(|holiday| on(holiday) == Some(day));
    single || on(spring).is_some_and(|first| (-1..=2).contains(&day.days_since(first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(year: i16) -> Vec<String> {
        let first = Day::new(year, 1, 1).unwrap();
        let days = (0..366).map(|ahead| first.plus_days(ahead)).filter(|day| day.year() == year && is_holiday(*day));
        days.map(|day| day.to_string()[5..].to_owned()).collect()
    }

    #[test]
    fn the_thirteen_days_of_2027_are_known_before_the_notice() {
        let expected = "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03";
        assert_eq!(holidays(2027).join(" "), expected);
    }

    #[test]
    fn after_the_lunar_table_ends_only_solar_holidays_are_known() {
        assert_eq!(holidays(LUNAR_UNTIL + 1).join(" "), "01-01 04-04 05-01 05-02 10-01 10-02 10-03");
    }

    #[test]
    fn qingming_falls_where_the_notices_of_past_years_put_it() {
        let known = [(2020, 4), (2021, 4), (2022, 5), (2023, 5), (2024, 4), (2025, 4), (2026, 5)];
        for (year, date) in known {
            assert_eq!(qingming(year), Some(date), "{year}");
        }
        assert_eq!((qingming(1999), qingming(2100)), (None, None));
    }
}
