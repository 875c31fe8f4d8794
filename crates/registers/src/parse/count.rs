//! Whole numbers.

use super::number::{self, NotDecimal};
use super::text;
use crate::cell::Cell;
use crate::fault::Fault;

/// The whole number in a cell; none if the cell is blank.
///
/// # Errors
/// If it is no whole number.
pub fn read(cell: &Cell) -> Result<Option<i64>, Fault> {
    let written = match cell {
        Cell::Blank => return Ok(None),
        Cell::Text(raw) if text::is_blank(raw) => return Ok(None),
        Cell::Text(raw) => text::compact(text::unwrapped(raw)),
        Cell::Number(number) | Cell::Serial(number) => number::of_float(*number).ok_or(Fault::NotWhole)?,
        Cell::Bool(_) => return Err(Fault::NotWhole),
        Cell::Error => return Err(Fault::ErrorValue),
        Cell::Unstored => return Err(Fault::Unstored),
        Cell::Command => return Err(Fault::Command),
    };
    if text::nothing(&written).is_some() {
        return Err(Fault::NotWhole);
    }
    let bare = written.strip_suffix(['人', '口', '个', '户', '月', '年', '次', '级']).unwrap_or(&written);
    if let Some(number) = han(bare) {
        return Ok(Some(number));
    }
    match number::decimal(bare) {
        Ok(decimal) => decimal.whole(0).map(Some).ok_or(Fault::NotWhole),
        Err(NotDecimal::Separators) => Err(Fault::Separators),
        Err(NotDecimal::Scientific) => Err(Fault::DigitsLost { repeated_in: None }),
        Err(NotDecimal::NoNumber | NotDecimal::TooLong) => Err(Fault::NotWhole),
    }
}

/// 一 to 九十九.
pub(super) fn han(text: &str) -> Option<i64> {
    let digit =
        |sign: char| "零一二三四五六七八九".chars().position(|known| known == sign || sign == '〇' && known == '零');
    let signs: Vec<char> = text.chars().map(|sign| if sign == '两' { '二' } else { sign }).collect();
    let value = match signs.as_slice() {
        ['十'] => Some(10),
        ['十', ones] => digit(*ones).map(|ones| 10 + ones),
        [tens, '十'] => digit(*tens).map(|tens| tens * 10),
        [tens, '十', ones] => digit(*tens).zip(digit(*ones)).map(|(tens, ones)| tens * 10 + ones),
        [ones] => digit(*ones),
        _ => None,
    };
    value.and_then(|value| i64::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_in_every_form() {
        for (written, expect) in [
            ("5", 5),
            ("5人", 5),
            ("５", 5),
            ("5.0", 5),
            ("1,200", 1200),
            ("三", 3),
            ("十二", 12),
            ("二十人", 20),
            ("0", 0),
        ] {
            assert_eq!(read(&Cell::Text(written.to_owned())), Ok(Some(expect)), "{written}");
        }
        assert_eq!(read(&Cell::Number(4.0)), Ok(Some(4)));
        for written in ["4.5", "无", "—", "多人", "3+1"] {
            assert_eq!(read(&Cell::Text(written.to_owned())), Err(Fault::NotWhole), "{written}");
        }
        assert_eq!(read(&Cell::Blank), Ok(None));
    }
}
