//! Case numbers: eight signs that survive being read aloud and written on paper.
//!
//! `K7M2-4C9L`: seven signs that count and one that checks, from 32 signs without 0 O 1 I. The check is a weighted sum
//! over the field of 32 elements with weights 1, α, α², …, α⁷: all weights differ and none is zero, so a number with
//! one wrong sign, or with any two signs swapped, never passes.
//!
//! The seven signs hold 35 bits: the county's last two digits, and 28 bits of a digest of the case's cause, so that a
//! case gets the same number whichever cases came before it; where that number is taken, the next free one. They are
//! mixed by an odd factor, so that neighbours look nothing alike, and no two counties of a city share one.

use doudi_model::digest::Hasher;
use doudi_model::division::Code;
use doudi_model::stage::{Space, State, StateFault};
use doudi_model::{Day, Problem, Text, household};

use crate::case::Id;
use crate::office;

const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const BITS: u32 = 35;
const CAUSE_BITS: u32 = 28;
/// Odd, so that multiplying by it modulo 2³⁵ loses nothing.
const MIX: u64 = 0x5_DEEC_E66D;

/// The number of a case that opens in a county for a household and a lead office on a day; one that no case has.
///
/// # Errors
/// If the state cannot be read.
pub fn for_case(
    state: &dyn State,
    county: Code,
    household: &household::Id,
    lead: &office::Id,
    day: Day,
) -> Result<Id, StateFault> {
    let mut hasher = Hasher::new();
    hasher.part(household.as_str().as_bytes()).part(lead.to_string().as_bytes());
    let digest = hasher.part(&day.epoch_days().to_be_bytes()).finish();
    let mut at = digest.0.first_chunk().map_or(0, |bytes| u64::from(u32::from_be_bytes(*bytes)));
    loop {
        let id = number(county, at);
        // Another case may have it, also one of another city's county with the same last two digits.
        if state.get(Space::Case, id.as_str().as_bytes())?.is_none() {
            return Ok(id);
        }
        at += 1;
    }
}

fn number(county: Code, at: u64) -> Id {
    let county = county.number() / 1_000_000 % 100;
    let plain = (county << CAUSE_BITS) | (at & ((1 << CAUSE_BITS) - 1));
    let mask = (1_u64 << BITS) - 1;
    let mixed = plain.wrapping_mul(MIX) & mask;
    let mut values: Vec<u8> = (0..7).rev().map(|at| five_bits(mixed >> (5 * at))).collect();
    values.push(check(&values));
    Id::from_signs(&values.iter().map(|value| sign(*value)).collect::<String>())
}

fn five_bits(value: u64) -> u8 {
    u8::try_from(value & 31).unwrap_or(0)
}

fn sign(value: u8) -> char {
    SIGNS.get(usize::from(value)).map_or('2', |byte| char::from(*byte))
}

fn value(sign: char) -> Option<u8> {
    let at = SIGNS.iter().position(|known| char::from(*known) == sign)?;
    u8::try_from(at).ok()
}

/// The sign whose weight is 1, chosen so that the weighted sum of all eight is zero.
fn check(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_alpha(sum) ^ times_alpha(*value))
}

/// Times α in the field of 32 elements, modulo x⁵ + x² + 1.
fn times_alpha(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 != 0 { (doubled ^ 0b10_0101) & 31 } else { doubled }
}

/// Why text is no case number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Not eight signs.
    Length,
    /// A sign that case numbers do not have.
    Sign,
    /// The check sign does not fit: a sign is wrong or two are swapped.
    Check,
}

impl NumberFault {
    /// The fault in words.
    #[must_use]
    pub fn problem(self) -> Problem {
        let message = match self {
            NumberFault::Length => Text::new("工单号应为8位", "a case number has eight signs"),
            NumberFault::Sign => Text::new("工单号里没有这个字符", "case numbers do not have this sign"),
            NumberFault::Check => {
                Text::new("工单号校验不符，有字符抄错或颠倒", "a sign of the case number is wrong or two are swapped")
            }
        };
        let hint = Text::new("形如 K7M2-4C9L，不含 0 O 1 I", "it looks like K7M2-4C9L and never has 0 O 1 I");
        Problem::new("case/number", message, hint).in_field("case")
    }
}

/// Reads a number as people write it: lower case, full width, with or without the hyphen, with blanks.
///
/// # Errors
/// Says which check failed; never guesses another number.
pub fn parse(text: &str) -> Result<Id, NumberFault> {
    let plain: String = text
        .chars()
        .map(|sign| match sign {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
            _ => sign,
        })
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '–' | '—' | '－'))
        .map(|sign| sign.to_ascii_uppercase())
        .collect();
    if plain.chars().count() != 8 {
        return Err(NumberFault::Length);
    }
    let values = plain.chars().map(value).collect::<Option<Vec<u8>>>().ok_or(NumberFault::Sign)?;
    let (last, body) = values.split_last().ok_or(NumberFault::Length)?;
    if check(body) == *last { Ok(Id::from_signs(&plain)) } else { Err(NumberFault::Check) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doudi_model::stage::Memory;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const HERE: &str = "421202000000";

    fn given(state: &Memory, county: &str, household: &str) -> Id {
        let (household, lead) = (household.parse().unwrap(), "t-1".parse().unwrap());
        for_case(state, county.parse().unwrap(), &household, &lead, "2026-11-24".parse().unwrap()).unwrap()
    }

    #[test]
    fn numbers_of_all_counties_of_a_city_differ() {
        let mut seen = BTreeSet::new();
        let mut state = Memory::default();
        for county in ["421202000000", "421221000000", "421222000000", "421281000000"] {
            for household in 0..500 {
                let id = given(&state, county, &format!("h-{household}"));
                state.put(Space::Case, id.as_str().as_bytes(), vec![]);
                assert!(seen.insert(id));
            }
        }
    }

    #[test]
    fn a_case_gets_its_number_whatever_came_before_unless_it_is_taken() {
        let mut state = Memory::default();
        let alone = given(&state, HERE, "h-1");
        let other = given(&state, HERE, "h-2");
        state.put(Space::Case, other.as_str().as_bytes(), vec![]);
        assert_eq!(given(&state, HERE, "h-1"), alone);
        state.put(Space::Case, alone.as_str().as_bytes(), vec![]);
        assert_ne!(given(&state, HERE, "h-1"), alone);
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let id = number(HERE.parse().unwrap(), 412);
        let spaced = format!(" {} ", id.as_str().to_lowercase().replace('-', " "));
        assert_eq!(parse(&spaced), Ok(id.clone()));
        assert_eq!(parse(&id.as_str().replace('-', "")), Ok(id));
        assert!(parse("K7M2-4C9L").is_ok(), "the number in the hint is a good one");
        assert_eq!(parse("K7M2"), Err(NumberFault::Length));
        assert_eq!(parse("K7M2-O412"), Err(NumberFault::Sign));
    }

    proptest! {
        #[test]
        fn one_wrong_sign_is_caught(counter in 1_u64..1 << 28, at in 0_usize..8, other in 0_u8..32) {
            let id = number(HERE.parse().unwrap(), counter);
            let mut signs: Vec<char> = id.as_str().replace('-', "").chars().collect();
            prop_assume!(signs[at] != sign(other));
            signs[at] = sign(other);
            prop_assert_eq!(parse(&signs.iter().collect::<String>()), Err(NumberFault::Check));
        }

        #[test]
        fn swapped_signs_are_caught(counter in 1_u64..1 << 28, one in 0_usize..8, two in 0_usize..8) {
            let id = number(HERE.parse().unwrap(), counter);
            let mut signs: Vec<char> = id.as_str().replace('-', "").chars().collect();
            prop_assume!(signs[one] != signs[two]);
            signs.swap(one, two);
            prop_assert_eq!(parse(&signs.iter().collect::<String>()), Err(NumberFault::Check));
        }
    }
}
