//! ID numbers that nobody can have. An order code is even for women and odd for men: women get 000, which is never
//! issued; men get 001 under an address code that no place ever had.
//!
//! With the order code fixed, a number is one address code and one day of birth. Living people of Xianning share
//! popular days of birth, so each day hands out address codes in turn: to women the county of today, its code before
//! 1998, and, once those are used up, codes between the real ones that no place has; to men only the last.

use doudi_model::Day;
use doudi_model::person::Sex;

/// Codes of the former 咸宁地区, abolished in 1998, and what took their place.
const RETIRED: [(u32, u32); 6] = [
    (421_202, 422_301),
    (421_221, 422_322),
    (421_222, 422_324),
    (421_223, 422_325),
    (421_224, 422_326),
    (421_281, 422_302),
];
const RETIRED_ONLY: [u32; 2] = [422_321, 422_323];
/// Code numbers below a city that no county has: between the districts (01 to 20) and the counties (21 to 80).
const INVENTED: std::ops::RangeInclusive<u32> = 30..=69;
/// The first day of the book of days; nobody in it is older.
const FIRST_YEAR: i16 = 1900;
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Hands out pairs of address code and day of birth, each once.
#[derive(Debug, Clone)]
pub struct Issuer {
    first: Day,
    areas: Vec<u32>,
    /// Where the address codes begin that no place ever had.
    invented: usize,
    used: Vec<u128>,
}

impl Issuer {
    /// An issuer for people of these counties (first six digits of their codes).
    #[must_use]
    pub fn new(counties: &[u32]) -> Issuer {
        let mut areas: Vec<u32> = counties.iter().copied().take(40).collect();
        let retired = RETIRED.iter().map(|(_, old)| *old).chain(RETIRED_ONLY);
        for area in retired {
            if !areas.contains(&area) {
                areas.push(area);
            }
        }
        let real = areas.len();
        for area in INVENTED.map(|last| 421_200 + last).chain(INVENTED.map(|last| 422_300 + last)) {
            if areas.len() < 128 && !areas.iter().take(real).any(|known| *known == area) {
                areas.push(area);
            }
        }
        let first = Day::new(FIRST_YEAR, 1, 1).unwrap_or(Day::MIN);
        Issuer { first, areas, invented: real, used: Vec::new() }
    }

    /// The address code and the day of birth of the next person of a county; the day moves on when all its numbers are given.
    pub fn issue(&mut self, county: u32, wished: Day, sex: Sex) -> (u32, Day) {
        let old = RETIRED.iter().find(|(now, _)| *now == county).map(|(_, old)| *old);
        let before = Day::new(1998, 12, 6).is_some_and(|change| wished < change);
        let preferred = if before { [old.unwrap_or(county), county] } else { [county, county] };
        let begin = if sex == Sex::Male { self.invented } else { 0 };
        let mut birth = wished.max(self.first);
        loop {
            let at = usize::try_from(birth.days_since(self.first)).unwrap_or(0);
            if self.used.len() <= at {
                self.used.resize(at + 1, 0);
            }
            let Some(mask) = self.used.get_mut(at) else { return (county, birth) };
            let wanted = preferred.iter().filter_map(|area| self.areas.iter().position(|known| known == area));
            let mut open = wanted.chain(0..self.areas.len()).filter(|index| *index >= begin);
            if let Some(index) = open.find(|index| *mask & (1 << index) == 0) {
                *mask |= 1 << index;
                return (self.areas.get(index).copied().unwrap_or(county), birth);
            }
            birth = birth.plus_days(1);
        }
    }
}

/// The form in which a source writes a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// 18 characters.
    Full,
    /// 15 digits, as before 1999.
    Legacy,
    /// 18 characters of which the last does not fit: a slip of the pen.
    Slip,
}

/// Writes a number, with order code 000 for a woman and 001 for a man.
pub fn push(out: &mut String, (area, birth, sex): (u32, Day, Sex), form: Form) {
    let (year, month, day) = (birth.year(), birth.month(), birth.day_of_month());
    let body = format!("{area:06}{year:04}{month:02}{day:02}{:03}", u8::from(sex == Sex::Male));
    match form {
        Form::Legacy => {
            out.push_str(body.get(..6).unwrap_or(""));
            out.push_str(body.get(8..).unwrap_or(""));
        }
        Form::Full => {
            out.push_str(&body);
            out.push(check(&body, 0));
        }
        Form::Slip => {
            out.push_str(&body);
            out.push(check(&body, 1));
        }
    }
}

/// The check character of seventeen digits, `off` places further in the list of checks.
fn check(body: &str, off: u32) -> char {
    let sum: u32 =
        body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit.saturating_sub(b'0')) * weight).sum();
    let at = usize::try_from((sum + off) % 11).unwrap_or(0);
    CHECKS.get(at).copied().unwrap_or('X')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use doudi_model::person::{Kind, Number, NumberProblem};

    use super::*;

    fn text(area: u32, birth: &str, form: Form) -> String {
        let mut out = String::new();
        push(&mut out, (area, birth.parse().unwrap(), Sex::Female), form);
        out
    }

    #[test]
    fn a_number_is_read_by_everyone_who_reads_numbers() {
        let number = Number::parse(&text(421_222, "2002-12-28", Form::Full)).unwrap();
        assert_eq!((number.reveal(), number.kind()), ("421222200212280003", Kind::Resident));
    }

    #[test]
    fn the_old_form_of_a_number_is_the_same_person() {
        let old = Number::parse(&text(422_302, "1996-09-21", Form::Legacy)).unwrap();
        let new = Number::parse(&text(422_302, "1996-09-21", Form::Full)).unwrap();
        assert_eq!(old.reveal(), new.reveal());
        assert_eq!(old.kind(), Kind::Legacy);
    }

    #[test]
    fn a_slip_is_refused_for_its_check_character() {
        assert_eq!(Number::parse(&text(421_202, "1960-02-29", Form::Slip)).unwrap_err(), NumberProblem::Check);
    }

    #[test]
    fn no_pair_is_issued_twice_even_on_a_crowded_day() {
        let mut issuer = Issuer::new(&[421_202, 421_221]);
        let wished: Day = "1965-10-01".parse().unwrap();
        let sex = |at: usize| if at.is_multiple_of(2) { Sex::Female } else { Sex::Male };
        let pairs: BTreeSet<(u32, Day)> = (0..300).map(|at| issuer.issue(421_202, wished, sex(at))).collect();
        assert_eq!(pairs.len(), 300);
    }

    #[test]
    fn a_man_has_an_odd_order_code_under_an_address_that_no_place_ever_had() {
        let mut issuer = Issuer::new(&[421_202, 421_221]);
        for _ in 0..200 {
            let (area, birth) = issuer.issue(421_202, "1965-10-01".parse().unwrap(), Sex::Male);
            assert!(INVENTED.contains(&(area % 100)), "{area}");
            let mut out = String::new();
            push(&mut out, (area, birth, Sex::Male), Form::Full);
            assert_eq!(Number::parse(&out).unwrap().sex(), Sex::Male);
        }
    }
}
