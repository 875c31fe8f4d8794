//! Days in the forms that offices write, and the reasons why some are none.

use doudi_model::Day;

use super::number;
use super::text;
use super::{Assumed, count};
use crate::cell::Cell;
use crate::fault::Fault;

/// 1899-12-30, from which serials of days count (right from March 1900 on).
const EPOCH_1900: i64 = -25_569;
/// Days between the two systems of serials.
const FROM_1904: i64 = 1_462;
/// Plain numbers between these are serials of days: 1927 to 2119.
const SERIALS: std::ops::RangeInclusive<i64> = 10_000..=80_000;
/// Two-digit years below this are of this century, as spreadsheets have it.
const CENTURY_TURNS: i16 = 30;

/// The day in a cell; none if the cell is blank. `from_1904`: how the workbook counts serials.
///
/// # Errors
/// Says what is missing or impossible. A year that is not written is not supplied, and 30 February is not moved.
pub fn read(cell: &Cell, from_1904: bool) -> Result<Option<(Day, Option<Assumed>)>, Fault> {
    let shift = if from_1904 { FROM_1904 } else { 0 };
    match cell {
        Cell::Blank => Ok(None),
        Cell::Text(raw) if text::is_blank(raw) => Ok(None),
        Cell::Text(raw) => of_text(&text::compact_keeping_gaps(text::unwrapped(raw)), shift).map(Some),
        Cell::Serial(number) => {
            let written = number::of_float(*number).ok_or(Fault::NoDate)?;
            let day = whole_part(&written).filter(|serial| *serial > 60).and_then(|serial| serial_day(serial, shift));
            day.map(|day| Some((day, None))).ok_or(Fault::NoSuchDay)
        }
        Cell::Number(number) => {
            let written = number::of_float(*number).ok_or(Fault::NoDate)?;
            of_number(&written, shift).map(Some)
        }
        Cell::Bool(_) => Err(Fault::NoDate),
        Cell::Error => Err(Fault::ErrorValue),
        Cell::Unstored => Err(Fault::Unstored),
        Cell::Command => Err(Fault::Command),
    }
}

/// A number that no format calls a day: 20240305, or a serial.
fn of_number(written: &str, shift: i64) -> Result<(Day, Option<Assumed>), Fault> {
    let whole = whole_part(written).ok_or(Fault::NoDate)?;
    if !written.contains('.') && (6..=8).contains(&written.len()) {
        return digits(written);
    }
    if SERIALS.contains(&whole) {
        return serial_day(whole, shift).map(|day| (day, Some(Assumed::Serial))).ok_or(Fault::NoSuchDay);
    }
    match written.split_once('.') {
        // A year with a decimal: 2024.1 may have been typed as 2024.10.
        Some(_) if (1900..2200).contains(&whole) => Err(Fault::MonthUnsure),
        None if (1900..2200).contains(&whole) => Err(Fault::DayMissing { month: None }),
        _ => Err(Fault::NoDate),
    }
}

fn whole_part(written: &str) -> Option<i64> {
    written.split('.').next()?.parse().ok()
}

fn serial_day(serial: i64, shift: i64) -> Option<Day> {
    let days = EPOCH_1900 + serial + shift;
    let in_range = (i64::from(Day::MIN.epoch_days())..=i64::from(Day::MAX.epoch_days())).contains(&days);
    in_range.then(|| Day::from_epoch_days(days))
}

fn of_text(written: &str, shift: i64) -> Result<(Day, Option<Assumed>), Fault> {
    if let Some(nothing) = text::nothing(written) {
        return Err(match nothing {
            text::Nothing::Dash => Fault::Dash,
            text::Nothing::Word => Fault::WordForNone,
        });
    }
    if text::is_command(written) {
        return Err(Fault::Command);
    }
    if written.bytes().all(|byte| byte.is_ascii_digit()) && !written.is_empty() {
        return match written.len() {
            4 => Err(Fault::DayMissing { month: None }),
            5 => of_number(written, shift),
            _ => digits(written),
        };
    }
    let western = without_time(written);
    let parts = match western.contains(['年', '月', '日', '号']) {
        true => han_parts(&western)?,
        false => separated_parts(&western)?,
    };
    day_of(parts)
}

/// `20240305`, `202403`.
fn digits(written: &str) -> Result<(Day, Option<Assumed>), Fault> {
    let part = |range: std::ops::Range<usize>| written.get(range).and_then(|part| part.parse::<i16>().ok());
    match written.len() {
        8 => day_of(Parts { year: part(0..4), century_given: true, month: part(4..6), day: part(6..8) }),
        6 => {
            let (year, month) = (part(0..4), part(4..6));
            match month_of(year, month) {
                Some(month) => Err(Fault::DayMissing { month: Some(month) }),
                None => Err(Fault::NoDate),
            }
        }
        _ => Err(Fault::NoDate),
    }
}

/// What a date says.
struct Parts {
    year: Option<i16>,
    century_given: bool,
    month: Option<i16>,
    day: Option<i16>,
}

fn day_of(parts: Parts) -> Result<(Day, Option<Assumed>), Fault> {
    let (year, assumed) = match (parts.year, parts.century_given) {
        (None, _) => return Err(Fault::YearMissing),
        (Some(year), true) => (year, None),
        (Some(year), false) => (year + if year < CENTURY_TURNS { 2000 } else { 1900 }, Some(Assumed::Century)),
    };
    let Some(month) = parts.month else { return Err(Fault::DayMissing { month: None }) };
    let Some(day) = parts.day else {
        return Err(match month_of(Some(year), Some(month)) {
            Some(month) => Fault::DayMissing { month: Some(month) },
            None => Fault::NoSuchDay,
        });
    };
    let small = |number: i16| i8::try_from(number).unwrap_or(0);
    Day::new(year, small(month), small(day)).map(|day| (day, assumed)).ok_or(Fault::NoSuchDay)
}

/// The first day of a month, if there is such a month.
fn month_of(year: Option<i16>, month: Option<i16>) -> Option<Day> {
    Day::new(year?, i8::try_from(month?).ok()?, 1).filter(|day| day.year() >= 1800)
}

/// The date without the time of day behind it.
fn without_time(written: &str) -> String {
    let mut date = written;
    for sign in ['T', ' '] {
        if let Some((before, after)) = date.split_once(sign)
            && after.contains(':')
            && before.chars().any(|sign| sign.is_ascii_digit())
        {
            date = before;
        }
    }
    if let Some((before, after)) = date.split_once(['日', '号'])
        && (after.contains(':') || after.contains('时'))
    {
        return format!("{before}日");
    }
    date.chars().filter(|sign| *sign != ' ').collect()
}

/// `2024年3月5日`, `二〇二四年三月五日`, `3月5日`, `2024年3月`.
fn han_parts(written: &str) -> Result<Parts, Fault> {
    let mut rest = written;
    let mut take = |marks: &[char]| -> Option<String> {
        let (before, after) = rest.split_once(marks)?;
        rest = after;
        Some(before.to_owned())
    };
    let year = take(&['年']);
    let month = take(&['月']);
    let day = take(&['日', '号'])
        .or_else(|| (!rest.is_empty() && month.is_some()).then(|| std::mem::take(&mut rest).to_owned()));
    if !rest.is_empty() {
        return Err(Fault::NoDate);
    }
    let number = |text: &Option<String>| text.as_ref().map(|text| whole(text).ok_or(Fault::NoDate)).transpose();
    let digits = year.as_ref().map_or(0, |year| year.chars().count());
    Ok(Parts { year: year_number(&year)?, century_given: digits == 4, month: number(&month)?, day: number(&day)? })
}

fn year_number(year: &Option<String>) -> Result<Option<i16>, Fault> {
    let Some(year) = year else { return Ok(None) };
    let western: Option<String> = year
        .chars()
        .map(|sign| {
            if sign.is_ascii_digit() {
                Some(sign)
            } else {
                count::han(&sign.to_string())
                    .filter(|one| *one < 10)
                    .and_then(|one| char::from_digit(u32::try_from(one).ok()?, 10))
            }
        })
        .collect();
    let western = western.filter(|year| matches!(year.len(), 2 | 4)).ok_or(Fault::NoDate)?;
    western.parse().map(Some).map_err(|_| Fault::NoDate)
}

fn whole(text: &str) -> Option<i16> {
    let western = text.parse::<i16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    western.or_else(|| count::han(text).and_then(|number| i16::try_from(number).ok()))
}

/// `2024.3.5`, `2024-03-05`, `2024/3/5`, `24.3.5`, `2024.3`, `3.5`.
fn separated_parts(written: &str) -> Result<Parts, Fault> {
    let written = written.trim_end_matches(['.', '-', '/']);
    let parts: Vec<&str> = written.split(['.', '-', '/', '\\', '、', ',']).collect();
    if parts.iter().any(|part| part.is_empty() || part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(Fault::NoDate);
    }
    let number = |text: &str| text.parse::<i16>().ok();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && day.len() <= 2 => {
            Ok(Parts { year: number(year), century_given: true, month: number(month), day: number(day) })
        }
        // 5/3/2024: the fifth of March or the third of May.
        [_, _, year] if year.len() == 4 => Err(Fault::OrderUnsure),
        [year, month, day] if year.len() == 2 && month.len() <= 2 && day.len() <= 2 => {
            Ok(Parts { year: number(year), century_given: false, month: number(month), day: number(day) })
        }
        [year, month] if year.len() == 4 && month.len() <= 2 => {
            Ok(Parts { year: number(year), century_given: true, month: number(month), day: None })
        }
        [month, day] if month.len() <= 2 && day.len() <= 2 => {
            Ok(Parts { year: None, century_given: false, month: number(month), day: number(day) })
        }
        _ => Err(Fault::NoDate),
    }
}

/// The last day of the month, or the day itself, that words such as a title, a sheet's or a file's name state.
#[must_use]
pub fn as_of_in(words: &str) -> Option<Day> {
    let compact = text::compact(words);
    let signs: Vec<char> = compact.chars().collect();
    (0..signs.len()).filter(|at| starts_a_year(&signs, *at)).find_map(|at| as_of_at(&signs, at))
}

fn starts_a_year(signs: &[char], at: usize) -> bool {
    let digit = |at: usize| signs.get(at).is_some_and(char::is_ascii_digit);
    let century = signs.get(at..at + 2).is_some_and(|two| matches!(two, ['1', '9'] | ['2', '0']));
    century && (at == 0 || !digit(at - 1)) && digit(at + 2) && digit(at + 3)
}

fn as_of_at(signs: &[char], at: usize) -> Option<Day> {
    let year: i16 = signs.get(at..at + 4)?.iter().collect::<String>().parse().ok()?;
    let rest: String = signs.get(at + 4..)?.iter().collect();
    let end_of = |month: i16| {
        let first = Day::new(year, i8::try_from(month).ok()?, 1)?;
        Some(first.plus_months(1).plus_days(-1))
    };
    let numbers: Vec<i16> = number_runs(&rest);
    let quarter = rest.trim_start_matches(['年', '-', '_', '.', '第']);
    if let Some(which) = quarter.strip_prefix(['Q', 'q']).and_then(|rest| rest.chars().next()?.to_digit(10)) {
        return (1..=4).contains(&which).then(|| end_of(i16::try_from(which * 3).ok()?)).flatten();
    }
    if let Some((which, _)) = quarter.split_once("季度") {
        let which = whole(which)?;
        return (1..=4).contains(&which).then(|| end_of(which * 3)).flatten();
    }
    // Only what follows the year closely belongs to it.
    let joined = rest.starts_with(|sign: char| sign.is_ascii_digit() || matches!(sign, '年' | '-' | '.' | '/' | '_'));
    match numbers.as_slice() {
        _ if !joined => None,
        [four, ..] if (100..=1299).contains(four) && rest.starts_with(|sign: char| sign.is_ascii_digit()) => {
            Day::new(year, i8::try_from(four / 100).ok()?, i8::try_from(four % 100).ok()?)
        }
        [month, day, ..] if (1..=12).contains(month) && (1..=31).contains(day) && !rest.contains("月份") => {
            Day::new(year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?)
        }
        [month, ..] if (1..=12).contains(month) => end_of(*month),
        _ => None,
    }
}

/// The runs of digits at the beginning of the text, with at most one sign of a date between two of them.
fn number_runs(text: &str) -> Vec<i16> {
    let mut runs: Vec<String> = Vec::new();
    let mut gap = 1;
    for sign in text.strip_prefix(['年', '-', '.', '/', '_']).unwrap_or(text).chars() {
        if sign.is_ascii_digit() {
            match runs.last_mut() {
                Some(run) if gap == 0 => run.push(sign),
                _ => runs.push(sign.to_string()),
            }
            gap = 0;
        } else if matches!(sign, '年' | '月' | '-' | '.' | '/' | '_') && gap == 0 {
            gap = 1;
        } else {
            break;
        }
    }
    runs.iter().filter_map(|run| run.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &Cell, expect: &str) {
        let told = match read(cell, false) {
            Ok(None) => "blank".to_owned(),
            Ok(Some((day, None))) => day.to_string(),
            Ok(Some((day, Some(assumed)))) => format!("{day} {assumed:?}"),
            Err(fault) => format!("{fault:?}"),
        };
        assert_eq!(told, expect);
    }

    #[test]
    fn every_form_that_offices_write_is_the_day_it_means() {
        for written in [
            "2024.3.5",
            "2024.03.05",
            "2024.3.5.",
            "2024-3-5",
            "2024-03-05",
            "2024/3/5",
            "2024/03/05",
            "20240305",
            "2024年3月5日",
            "2024年03月05日",
            "2024年3月5号",
            "2024年3月5",
            "２０２４．３．５",
            "２０２４年３月５日",
            " 2024 年 3 月 5 日 ",
            "2024-03-05 14:20:00",
            "2024-03-05T14:20:00",
            "2024-03-05T14:20:00+08:00",
            "2024/3/5 0:00",
            "2024年3月5日 14:20",
            "2024年3月5日14时20分",
            "二〇二四年三月五日",
            "二零二四年三月五日",
            "2024、3、5",
            "2024—03—05",
            "=\"2024-03-05\"",
            "'20240305",
        ] {
            check(&Cell::Text(written.to_owned()), "2024-03-05");
        }
        check(&Cell::Serial(45_356.0), "2024-03-05");
        check(&Cell::Serial(45_356.597_2), "2024-03-05");
        check(&Cell::Number(20_240_305.0), "2024-03-05");
        check(&Cell::Text("2024年12月31日".to_owned()), "2024-12-31");
        check(&Cell::Text("二〇二三年十二月二十一日".to_owned()), "2023-12-21");
        check(&Cell::Text("2024.02.29".to_owned()), "2024-02-29");
    }

    #[test]
    fn what_had_to_be_assumed_is_said() {
        for (written, expect) in [
            ("24.3.5", "2024-03-05 Century"),
            ("85-12-1", "1985-12-01 Century"),
            ("24年3月5日", "2024-03-05 Century"),
            ("45356", "2024-03-05 Serial"),
        ] {
            check(&Cell::Text(written.to_owned()), expect);
        }
        check(&Cell::Number(45_356.0), "2024-03-05 Serial");
    }

    #[test]
    fn what_is_missing_or_impossible_is_said_and_never_supplied() {
        let march = "DayMissing { month: Some(2024-03-01) }";
        for (written, expect) in [
            ("2024.2.30", "NoSuchDay"),
            ("2023.13.1", "NoSuchDay"),
            ("20240230", "NoSuchDay"),
            ("2023-02-29", "NoSuchDay"),
            ("2024年13月", "NoSuchDay"),
            ("0000-00-00", "NoSuchDay"),
            ("3月5日", "YearMissing"),
            ("3.5", "YearMissing"),
            ("3/5", "YearMissing"),
            ("2024年3月", march),
            ("2024.3", march),
            ("2024-03", march),
            ("202403", march),
            ("2024年", "DayMissing { month: None }"),
            ("2024", "DayMissing { month: None }"),
            ("3/5/2024", "OrderUnsure"),
            ("—", "Dash"),
            ("无", "WordForNone"),
            ("待定", "NoDate"),
            ("长期", "NoDate"),
            ("2024.3.5至2024.4.1", "NoDate"),
            ("2024.3.5-2024.4.1", "NoDate"),
            ("=cmd|x", "Command"),
            ("99999999", "NoSuchDay"),
            ("1234567890123", "NoDate"),
            ("\u{3000}", "blank"),
        ] {
            check(&Cell::Text(written.to_owned()), expect);
        }
        check(&Cell::Number(2024.1), "MonthUnsure");
        check(&Cell::Number(5.0), "NoDate");
        check(&Cell::Number(-45_356.0), "NoDate");
        check(&Cell::Serial(0.5), "NoSuchDay");
        check(&Cell::Serial(1e12), "NoSuchDay");
        check(&Cell::Error, "ErrorValue");
        check(&Cell::Unstored, "Unstored");
    }

    #[test]
    fn serials_of_a_workbook_from_1904_are_four_years_later() {
        let read = read(&Cell::Serial(43_894.0), true).map(|read| read.map(|(day, _)| day.to_string()));
        assert_eq!(read, Ok(Some("2024-03-05".to_owned())));
    }

    #[test]
    fn the_day_for_which_a_table_holds_is_found_in_words() {
        for (words, expect) in [
            ("填报日期：2024年3月31日", Some("2024-03-31")),
            ("2024年3月", Some("2024-03-31")),
            ("2024年2月份", Some("2024-02-29")),
            ("医保_202403", Some("2024-03-31")),
            ("医保_20240331", Some("2024-03-31")),
            ("医保_2026Q3", Some("2026-09-30")),
            ("2026年第三季度", Some("2026-09-30")),
            ("截至2024-03-15", Some("2024-03-15")),
            ("咸安区城乡低保对象花名册", None),
            ("2024年临时救助台账", None),
            ("通山县持证残疾人名册（截至2024年一季度）", Some("2024-03-31")),
            ("统计口径20条", None),
        ] {
            assert_eq!(as_of_in(words).map(|day| day.to_string()).as_deref(), expect, "{words}");
        }
    }
}
