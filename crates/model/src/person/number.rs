//! Citizen identity numbers (公民身份号码, GB 11643) and residence permits, parsed once.

use std::fmt;

use crate::day::Day;
use crate::text::Text;

/// A number that passed its checks, in its 18-character form. Cannot be printed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    normal: String,
    kind: Kind,
    birth: Day,
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 居民身份证, 18 characters.
    Resident,
    /// 15-digit form of before 1999, widened to 18.
    Legacy,
    /// 港澳台居民居住证: address codes 810000, 820000, 830000.
    Permit,
}

/// Sex as the number's order code has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// Why text is not a citizen number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberProblem {
    /// Nothing there.
    Empty,
    /// Not 15 or 18 characters once spaces are gone.
    Length,
    /// A sign that is not a digit, or an X that is not last.
    Sign,
    /// No such day of birth, or one before 1800 or after the day it is checked on.
    Birth,
    /// The last character does not fit the others.
    Check,
    /// An address code of no province that ever was.
    Province,
    /// The order code 000, which is never issued.
    Order,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &str = "10X98765432";

impl Number {
    /// Reads a number as it arrives: full-width digits, spaces, lower-case x and 15 digits are normalised.
    ///
    /// The address code is checked for its province only: codes of abolished counties belong to living people.
    ///
    /// # Errors
    /// Says which check failed; never guesses another number.
    ///
    /// # Source
    /// GB 11643-1999; ISO 7064 MOD 11-2 for the check character.
    pub fn parse(raw: &str) -> Result<Number, NumberProblem> {
        let compact = compact(raw);
        match compact.len() {
            0 => Err(NumberProblem::Empty),
            18 => Number::parse_18(&compact, None),
            15 => Number::parse_15(&compact),
            _ => Err(NumberProblem::Length),
        }
    }

    fn parse_15(text: &str) -> Result<Number, NumberProblem> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NumberProblem::Sign);
        }
        let (address, rest) = (text.get(..6).unwrap_or(""), text.get(6..).unwrap_or(""));
        let body = format!("{address}19{rest}");
        let check = check_character(&body).ok_or(NumberProblem::Sign)?;
        Number::parse_18(&format!("{body}{check}"), Some(Kind::Legacy))
    }

    fn parse_18(text: &str, kind: Option<Kind>) -> Result<Number, NumberProblem> {
        let body = text.get(..17).ok_or(NumberProblem::Sign)?;
        let last = text.get(17..).ok_or(NumberProblem::Sign)?;
        if !body.bytes().all(|byte| byte.is_ascii_digit()) || !(last == "X" || last.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(NumberProblem::Sign);
        }
        let province: u32 = body.get(..2).and_then(|two| two.parse().ok()).ok_or(NumberProblem::Sign)?;
        if !is_province(province) {
            return Err(NumberProblem::Province);
        }
        let birth = birth_day(body).ok_or(NumberProblem::Birth)?;
        let check = check_character(body).ok_or(NumberProblem::Sign)?;
        if !last.starts_with(check) {
            return Err(NumberProblem::Check);
        }
        let permit = matches!(body.get(..6), Some("810000" | "820000" | "830000"));
        let kind = kind.unwrap_or(if permit { Kind::Permit } else { Kind::Resident });
        Ok(Number { normal: text.to_owned(), kind, birth })
    }

    /// The 18-character form, for the vault and for the one command that may print it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.normal
    }

    /// What kind of number it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The day of birth that the number states.
    #[must_use]
    pub fn birth(&self) -> Day {
        self.birth
    }

    /// The sex that the order code states: odd is male.
    #[must_use]
    pub fn sex(&self) -> Sex {
        let odd = self.normal.as_bytes().get(16).is_some_and(|byte| byte % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }

    /// Whether the number could belong to someone alive on `day`: born by then, and no more than 150 years before.
    #[must_use]
    pub fn plausible_on(&self, day: Day) -> bool {
        self.birth <= day && self.birth > day.plus_months(-150 * 12)
    }
}

/// Drops blanks and separators and turns full-width signs into plain ones; letters become capitals.
fn compact(raw: &str) -> String {
    raw.chars()
        .filter(|sign| !sign.is_whitespace() && !sign.is_control() && !matches!(sign, '\u{200b}' | '\u{feff}' | '\''))
        .map(|sign| match sign {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
            _ => sign,
        })
        .map(|sign| sign.to_ascii_uppercase())
        .collect()
}

fn check_character(body: &str) -> Option<char> {
    let mut sum = 0;
    for (digit, weight) in body.chars().zip(WEIGHTS) {
        sum += digit.to_digit(10)? * weight;
    }
    CHECKS.chars().nth(usize::try_from(sum % 11).ok()?)
}

fn birth_day(body: &str) -> Option<Day> {
    let year = body.get(6..10)?.parse().ok()?;
    let month = body.get(10..12)?.parse().ok()?;
    let day = body.get(12..14)?.parse().ok()?;
    Day::new(year, month, day)
}

/// First two digits of GB/T 2260: the provinces, 71 Taiwan, 81 Hong Kong, 82 Macao, 83 Taiwan residents' permits,
/// 91 foreigners.
fn is_province(code: u32) -> bool {
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91)
}

impl NumberProblem {
    /// A stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            NumberProblem::Empty => "empty",
            NumberProblem::Length => "length",
            NumberProblem::Sign => "sign",
            NumberProblem::Birth => "birth",
            NumberProblem::Check => "check",
            NumberProblem::Province => "province",
            NumberProblem::Order => "order",
        }
    }

    /// What is wrong, for a person.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            NumberProblem::Empty => Text::new("没有填写身份证号", "no ID number given"),
            NumberProblem::Length => {
                Text::new("身份证号应为18位（旧号15位）", "an ID number has 18 characters (15 in the old form)")
            }
            NumberProblem::Sign => Text::new("身份证号含有数字以外的字符", "the ID number has signs other than digits"),
            NumberProblem::Birth => {
                Text::new("身份证号中的出生日期不存在", "the ID number's day of birth does not exist")
            }
            NumberProblem::Check => Text::new("身份证号最后一位校验不符", "the ID number's check digit does not fit"),
            NumberProblem::Province => {
                Text::new("身份证号开头两位不是省份代码", "the ID number does not begin with a province code")
            }
            NumberProblem::Order => Text::new("身份证号顺序码不能是000", "the ID number's order code cannot be 000"),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({:?}, …)", self.kind)
    }
}
